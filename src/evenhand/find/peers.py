"""Peers: which bodies are most like one, in what they are like it, and in what not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.find import peers_sums as sums
from evenhand.find import show_peers
from evenhand.find.peers_sums import Learnt
from evenhand.find.peers_units import Characteristics, read_characteristics
from evenhand.terms import refuse
from evenhand.terms.words import counted, figure, listed, per_cent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

SOURCE = ("The similar-ten method of NHS RightCare's Commissioning for Value packs (equal weights, standardised squared"
          " differences), with the criticism of Dropkin (2017), Journal of Public Health, doi 10.1093/pubmed/fdx136; "
          "weights for a measure: Johnson (2000), Multivariate Behavioral Research 35:1-19, tried by leaving one "
          "out: Stone (1974), Journal of the Royal Statistical Society B 36:111-147")
NAME = MethodName("find peers", "1", SOURCE)
LONELY = 0.9
"""A body whose peers are further off than those of nine in ten has no close ones."""

MOST_LOOKED_AT = 1_000
MOST_TRIED = 300


@dataclass(frozen=True)
class Settings:
    """Whose peers, and what makes bodies alike."""

    of: str | None = setting(None, "Whose peers", "code or name as in the column unit", common=True)
    count: int = setting(10, "How many peers", common=True)
    measure: str | None = setting(None, "Measure that the peers are for", "a column; characteristics then count by how "
                                  "well they predict it. Without it all count the same", common=True)
    using: tuple[str, ...] = setting((), "Characteristics to compare by", "every column of numbers unless told")
    without: tuple[str, ...] = setting((), "Units to leave out", "for example bodies that have merged")
    peers: tuple[str, ...] = setting((), "What if these were the peers", "in place of the nearest")

    def __post_init__(self) -> None:
        if self.count < 1:
            raise refuse("at least one peer is needed", "write --count 10", column="--count", value=f"{self.count}")


def peers(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """Which bodies are most like one, how far off each is, and how much each characteristic adds to the distance.

    Args:
        table: one row a unit: ``unit`` and its characteristics, one column each, in any units.
        settings: all settings; single ones may be given by keyword (``of="Millgate"``).
        **options: settings by name.

    Returns:
        ``rows``, the nearest first: ``unit``, ``distance`` (sum of weighted squared differences of standardised
        characteristics; no unit), ``shares`` (by column, summing to 1) and ``rank``. ``weights`` sum to the number of
        columns. With a ``measure``, weights are learnt from the other bodies, never from the one whose peers are
        sought; ``rank_equal`` is the rank by equal weights, and ``comparison`` sets the body beside both sets of peers.

    Raises:
        Refused: missing columns, words for numbers in a named column, doubled units, an unknown body, fewer than three
            units with every figure, and fewer units than a measure's weights can be learnt from.

    Source: equal weights as in NHS RightCare's similar ten, whose weighting Dropkin (2017) finds without support;
    weights by measure, relative weights of Johnson (2000), drawn towards equal ones where few bodies teach little, and
    kept only so far as they bring peers nearer when each other body is left out in turn (Stone 1974).
    """
    import numpy as np

    chosen = with_options(Settings, settings, options)
    if chosen.of is None:
        raise refuse("whose peers is not said", "write --of CODE", column="--of")
    data = tables.read(table)
    read = read_characteristics(data, chosen.of, chosen.using, chosen.measure, chosen.without)
    others = np.arange(len(read.units)) != read.own
    standard = sums.standardised(read.values)
    equal = np.ones(len(read.columns))
    learnt, misses = _learnt(read, standard, others, chosen.count, data.name) if chosen.measure else (None, [])
    weights = learnt.weights if learnt is not None else equal
    split = sums.parts(standard, standard[read.own], weights)
    order = _ranked(split.sum(axis=1), read.own)
    by_equal = _ranked(sums.parts(standard, standard[read.own], equal).sum(axis=1), read.own)
    taken = [read.place(each, "--peers") for each in chosen.peers] or order[:chosen.count]
    if read.own in taken:
        raise refuse("a body is not its own peer", "take it off the list", column="--peers", value=chosen.of)
    ranks = {place: rank for rank, place in enumerate(order, start=1)}
    equal_ranks = {place: rank for rank, place in enumerate(by_equal, start=1)}
    rows = [_row(read, place, split[place], ranks[place], equal_ranks[place] if learnt is not None else None)
            for place in sorted(taken, key=lambda place: ranks[place])]
    lonelier = _lonelier(standard, weights, min(chosen.count, len(order)), read.own)
    profile = _profile(read, standard, taken)
    fields: dict[str, Any] = {
        "of": read.units[read.own], "peers": [row["unit"] for row in rows], "rows": rows,
        "weights": dict(zip(read.columns, map(float, weights), strict=True)),
        "weighting": "equal" if learnt is None else "by measure", "profile": profile,
        "mean_distance": float(np.mean([row["distance"] for row in rows])), "share_with_nearer_peers": lonelier}
    if learnt is not None and read.measure is not None:
        fields |= {"r_squared": learnt.r_squared, "adjusted_r_squared": learnt.adjusted, "trusted": learnt.trusted,
                   "misses": dict(zip(("equal_weights", "these_weights", "mean_of_all"), misses, strict=True)),
                   "comparison": _comparison(read, taken, by_equal[:len(taken)])}
    return Answer(NAME, settings_document(chosen), (MadeFrom(data.name, data.digest),), _sentence(fields, chosen),
                  fields, _table(rows, read.columns, learnt is not None),
                  (*read.remarks, *_remarks(fields, chosen, len(read.units))), draw=show_peers.peers,
                  more_tables=(profile_table(profile),))


def _learnt(read: Characteristics, standard: Floats, others: NDArray[np.bool_], count: int,
            file: str) -> tuple[Learnt, list[float]]:
    """Weights learnt from the other units, and how far peers miss: by equal weights, by these, by the mean of all."""
    import numpy as np

    assert read.measure is not None
    known = others & np.isfinite(read.measure)
    if known.sum() < len(read.columns) + 5:
        raise refuse(f"{counted(int(known.sum()), 'other unit')} with the measure cannot teach the weights of "
                     f"{counted(len(read.columns), 'characteristic')}",
                     "give more units, or fewer characteristics with --using", file=file, column="--measure")
    if read.measure[known].std() == 0:
        raise refuse("the measure is the same everywhere", "name a measure in which units differ", file=file,
                     column="--measure")
    varying = standard[known].std(axis=0) > 0
    total = int(known.sum())
    looked_at = range(0, total, max(1, total // MOST_TRIED))
    found, misses = sums.tried_weights(standard[known][:, varying], read.measure[known], min(count, total - 1),
                                       looked_at)
    weights = np.zeros(len(varying))
    weights[varying] = found.weights * len(varying) / varying.sum()
    return replace(found, weights=weights), misses


def _lonelier(standard: Floats, weights: Floats, count: int, own: int) -> float:
    """Share of the other units whose nearest units are nearer than these; of many thousands, of a thousand of them."""
    others = [place for place in range(len(standard)) if place != own]
    looked_at = others[::max(1, len(others) // MOST_LOOKED_AT)]
    typical = sums.nearest_distances(standard, weights, count, [own, *looked_at])
    return float((typical[1:] < typical[0]).mean())


def _ranked(distance: Floats, own: int) -> list[int]:
    """Places of the other units, the nearest first, ties in the table's order."""
    import numpy as np

    return [int(place) for place in np.argsort(distance, kind="stable") if place != own]


def _row(read: Characteristics, place: int, split: Floats, rank: int, equal: int | None) -> dict[str, Any]:
    distance = float(split.sum())
    shares = split / distance if distance > 0 else split
    row = {"unit": read.units[place], "distance": distance,
           "shares": dict(zip(read.columns, map(float, shares), strict=True)), "rank": rank}
    if equal is not None and read.measure is not None:
        row |= {"rank_equal": equal, "measure": float(read.measure[place])}
    return row


def _profile(read: Characteristics, standard: Floats, taken: list[int]) -> list[dict[str, Any]]:
    """For each column the body, the middle of its peers, of all, and whether it lies outside what its peers span."""
    import numpy as np

    rows = []
    for place, name in enumerate(read.columns):
        own, theirs, every = read.values[read.own, place], read.values[taken, place], read.values[:, place]
        rows.append({
            "column": name, "value": float(own), "peers": float(theirs.mean()), "all": float(every.mean()),
            "standardised": float(standard[read.own, place]),
            "peers_standardised": [float(each) for each in standard[taken, place]],
            "peers_below": int((theirs < own).sum()), "peers_above": int((theirs > own).sum()),
            "outside_peers": bool(own < np.min(theirs) or own > np.max(theirs))})
    return rows


def _comparison(read: Characteristics, taken: list[int], by_equal: list[int]) -> dict[str, float | None]:
    """The measure of the body, of these peers, of those by equal weights, and of all others: plain means."""
    import numpy as np

    assert read.measure is not None

    def mean(places: list[int]) -> float | None:
        assert read.measure is not None
        known = read.measure[places][np.isfinite(read.measure[places])]
        return float(known.mean()) if len(known) else None

    every = [place for place in range(len(read.units)) if place != read.own]
    own = float(read.measure[read.own])
    return {"own": own if own == own else None, "peers": mean(taken), "peers_by_equal_weights": mean(by_equal),
            "all_others": mean(every)}


def _sentence(fields: dict[str, Any], chosen: Settings) -> str:
    names = fields["peers"]
    shown = listed(names) if len(names) <= 4 else f"{listed(names[:3])}, then {len(names) - 3} more"
    how = ("with every characteristic counting the same" if fields["weighting"] == "equal" else
           f"by what predicts {chosen.measure}")
    apart: dict[str, float] = {}
    for row in fields["rows"]:
        for name, share in row["shares"].items():
            apart[name] = apart.get(name, 0.0) + share * row["distance"]
    total = sum(apart.values())
    tail = ""
    if total > 0:
        most = max(apart, key=lambda name: apart[name])
        tail = f" What sets them apart is most of all {most} ({per_cent(apart[most] / total)} of the distance)."
    verb = "The peers named for" if chosen.peers else "Most like"
    is_are = "are" if len(names) > 1 else "is"
    return f"{verb} {fields['of']} {is_are} {shown}, {how}.{tail}"


def _remarks(fields: dict[str, Any], chosen: Settings, units: int) -> list[str]:
    said = []
    if fields["weighting"] == "equal":
        said.append("Every characteristic counts the same whatever the peers are for, as in the published similar-ten "
                    "method. Equal weights have no support (Dropkin 2017); --measure COLUMN gives peers for a measure.")
    else:
        said.append(f"Together the characteristics explain {per_cent(fields['r_squared'])} of how {chosen.measure} "
                    f"differs among the others ({per_cent(max(fields['adjusted_r_squared'], 0))} once chance is "
                    f"allowed for); the weights rest on that by {per_cent(fields['trusted'])}, the rest is equal.")
        if fields["trusted"] == 0:
            said.append(f"Learnt weights bring peers no nearer in {chosen.measure} than equal ones do, so all "
                        "characteristics count the same.")
        miss = fields["misses"]
        said.append(f"Tried on the other units, {chosen.count} peers chosen so miss a unit's own {chosen.measure} by "
                    f"{figure(miss['these_weights'])} on average, by equal weights {figure(miss['equal_weights'])}, "
                    f"and the mean of all misses by {figure(miss['mean_of_all'])}.")
    if not chosen.peers and len(fields["rows"]) < chosen.count:
        said.append(f"There are only {counted(len(fields['rows']), 'other unit')}.")
    elif not chosen.peers and chosen.count > (units - 1) / 2:
        said.append("More than half of all units are taken as peers, so likeness chooses little.")
    if fields["share_with_nearer_peers"] >= LONELY:
        said.append(f"{fields['of']} has no close peers: for {per_cent(fields['share_with_nearer_peers'])} of the "
                    "others the nearest units are nearer.")
    outside = [row["column"] for row in fields["profile"] if row["outside_peers"]]
    if outside:
        said.append(f"{fields['of']} lies outside all its peers on {listed(outside)}.")
    return said


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...], with_measure: bool) -> Table:
    headings = [Column("unit", "Unit"), Column("rank", "Rank", "rank"), Column("distance", "Distance", "number")]
    if with_measure:
        headings += [Column("rank_equal", "Rank with equal weights", "rank"), Column("measure", "Measure", "number")]
    headings.append(Column("most", "Furthest apart in"))
    # The names of the reader's columns stand apart from ours, lest one be called distance.
    headings += [Column(f"share_{name}", f"{name}, share of distance", "share") for name in columns]
    flat = [{**row, "most": _furthest(row["shares"]),
             **{f"share_{name}": share for name, share in row["shares"].items()}} for row in rows]
    return Table.of(flat, headings, title="Peers, the most alike first")


def _furthest(shares: dict[str, float]) -> str:
    """The characteristic that adds most to a distance, with its share."""
    name = max(shares, key=lambda each: shares[each])
    return f"{name} ({per_cent(shares[name])})" if shares[name] > 0 else "nothing"


def profile_table(profile: list[dict[str, Any]]) -> Table:
    """What the body is like beside its peers, one row a characteristic."""
    return Table.of(profile, [
        Column("column", "Characteristic"), Column("value", "This body", "number"),
        Column("peers", "Mean of the peers", "number"), Column("all", "Mean of all", "number"),
        Column("peers_below", "Peers below", "count"), Column("peers_above", "Peers above", "count")],
        title="This body beside its peers")


METHOD = Method(
    room="find", name="peers", title="Peers",
    question="Which bodies are enough like this one to be set beside it?",
    function=peers, settings=Settings,
    inputs=(Input("table", "one row a unit with what it is like", (
        InputColumn("unit", "code or name of the unit"),
        InputColumn("(any)", "characteristics as numbers, one column each: size, ages, deprivation, density",
                    optional=True))),),
    outputs=(
        Output("rows", "the peers, nearest first: unit, distance, shares (by column, of the distance), rank; with a "
               "measure also rank_equal and measure"),
        Output("of", "whose peers"), Output("peers", "their codes in order, as --peers of other commands takes them"),
        Output("weights", "by column, summing to the number of columns"),
        Output("weighting", "equal, or by measure"),
        Output("profile", "by characteristic: this body, mean of peers, mean of all, peers below and above"),
        Output("mean_distance", "mean distance of the peers"),
        Output("share_with_nearer_peers", "share of the other units whose nearest units are nearer than these"),
        Output("r_squared", "how much of the measure the characteristics explain together", sometimes=True),
        Output("adjusted_r_squared", "the same, less what chance would explain", sometimes=True),
        Output("trusted", "how far learnt weights count against equal ones, 0 to 1", sometimes=True),
        Output("misses", "mean distance of peers' mean measure from a unit's own, over the others: equal_weights, "
               "these_weights, mean_of_all", sometimes=True),
        Output("comparison", "the measure: own, peers, peers_by_equal_weights, all_others", sometimes=True)),
    source=SOURCE, version="1",
    cannot_tell=(
        "Whether what peers do is right: all may do badly, or have chosen differently for good reason.",
        "About anything that is not in the table: bodies alike on paper may have different hospitals.",
        "What causes the measure: weights say what goes with it.",
        "Where the line lies between a peer and the rest: the tenth and the eleventh are often as near."),
    example="find peers sample:peers --of Millgate --count 5 --measure emergency_admissions")
