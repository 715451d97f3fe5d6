"""What people put before what: strengths of preference from comparisons two by two, or from rankings."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data.tables import Source
from evenhand.engage import pairwise_show
from evenhand.engage.pairwise_input import Judged, read_judged
from evenhand.engage.pairwise_strengths import Strengths, choices_of, fitted, linked, tiers
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import closest, refuse
from evenhand.terms.words import counted, figure, listed, per_cent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_WITH_PROBABILITIES = 60
MOST_NAMED = 5


@dataclass(frozen=True)
class Settings:
    """How strengths are worked out."""

    reference: str | None = setting(None, "Item set to nought", "without one, strengths have mean nought", common=True)
    confidence: tuple[float, ...] = setting((0.95,), "Confidence of the ranges", "several with commas between")
    prior: float = setting(
        0.0, "Comparisons added", "as many won as lost by each item against an imagined middling one; 1 gives an "
        "answer where an item has won or lost every time", common=True)

    def __post_init__(self) -> None:
        wrong = [each for each in self.confidence if not 0 < each < 1]
        if wrong or not self.confidence:
            raise refuse("a confidence lies between 0 and 1", "write for example 0.95", column="--confidence",
                         value=", ".join(map(str, wrong)) or "none")
        if self.prior < 0:
            raise refuse("this cannot be negative", "write 0, or for example 1", column="--prior", value=self.prior)


def pairwise(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """How strongly each item is preferred, from comparisons two by two or from rankings, and how sure that is.

    Args:
        table: comparisons (``winner``, ``loser``, optional ``times``), rankings (``ranking``, ``item``, ``place``), or
            a model in JSON with ``items`` and ``wins_row_over_column``, ``comparisons_winner_loser`` or ``rankings``.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings by name.

    Returns:
        An answer with a row per item, the strongest first: the logarithm of its strength, which is such that the first
        of two is preferred with probability p₁ / (p₁ + p₂). Where wins go one way only between some items, no finite
        strength exists: values are then missing, and the answer says between whom and what would help.

    Raises:
        Refused: an item against itself or twice in a ranking, counts below nought, an unknown reference.

    Source:
        Bradley & Terry (1952), Biometrika 39, 324-345; Plackett (1975), Applied Statistics 24, 193-202, equation 1;
        Hunter (2004), Annals of Statistics 32, 384-406, equation 3 and assumption 1; Ford (1957), American
        Mathematical Monthly 64, 28-33.
    """
    chosen = with_options(Settings, settings, options)
    judged = read_judged(table)
    reference = _reference(judged, chosen)
    choices = choices_of(judged.rankings)
    sets = tiers(choices, len(judged.items))
    exists = len(sets) == 1 or chosen.prior > 0
    found = fitted(choices, len(judged.items), prior=chosen.prior) if exists else None
    rows = _rows(judged, found, reference, chosen)
    fields: dict[str, Any] = {"rows": rows, "items": list(judged.items), "reference": reference,
                              "comparisons": _comparisons(judged)}
    if not exists:
        fields["tiers"] = [[judged.items[item] for item in each] for each in sets]
    elif found is not None and len(judged.items) <= MOST_WITH_PROBABILITIES:
        fields["probabilities"] = _probabilities(found)
    together = linked(choices, len(judged.items))
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(judged.name, judged.digest),),
        sentence=_sentence(rows, fields, together=together), fields=fields, table=_table(rows, chosen),
        remarks=_remarks(judged, chosen, reference, exists=exists, together=together), draw=pairwise_show.pairwise)


def _reference(judged: Judged, chosen: Settings) -> str | None:
    wanted = chosen.reference or judged.reference
    if not wanted:
        return None
    if wanted not in judged.items:
        near = closest(wanted, judged.items) or list(judged.items)[:MOST_NAMED]
        raise refuse("there is no such item", f"choose from {', '.join(near)}", file=judged.name, column="--reference",
                     value=wanted)
    return wanted


def _comparisons(judged: Judged) -> float:
    """Pairs that were put in order, each as often as it was."""
    return sum(times * len(ranking) * (len(ranking) - 1) / 2 for ranking, times in judged.rankings)


def _won_and_lost(judged: Judged) -> list[tuple[float, float]]:
    won, lost = [0.0] * len(judged.items), [0.0] * len(judged.items)
    for ranking, times in judged.rankings:
        for place, item in enumerate(ranking):
            won[item] += times * (len(ranking) - 1 - place)
            lost[item] += times * place
    return list(zip(won, lost, strict=True))


def _rows(judged: Judged, found: Strengths | None, reference: str | None, chosen: Settings) -> list[dict[str, Any]]:
    counts = _won_and_lost(judged)
    at = None if reference is None else judged.items.index(reference)
    rows = []
    for item, name in enumerate(judged.items):
        won, lost = counts[item]
        row: dict[str, Any] = {"item": name, "log_strength": None, "standard_error": None, "interval": None,
                               "intervals": None, "won": won, "lost": lost, "remark": None}
        if found is None:
            row["remark"] = ("Won every time: how much stronger it is cannot be told." if won and not lost else
                             "Lost every time: how much weaker it is cannot be told." if lost and not won else
                             "Never compared." if not won and not lost else
                             "Its strength hangs on items that won or lost every time, or were never compared with it.")
        else:
            value, error = _value(found, item, at)
            ranges = {f"{each:g}": _range(value, error, each) for each in chosen.confidence}
            row |= {"log_strength": value, "standard_error": error, "intervals": ranges,
                    "interval": next(iter(ranges.values()))}
        rows.append(row)
    share = {row["item"]: row["won"] / max(row["won"] + row["lost"], 1) for row in rows}
    return sorted(rows, key=lambda row: (-(share[row["item"]] if row["log_strength"] is None else row["log_strength"]),
                                         row["item"]))


def _value(found: Strengths, item: int, at: int | None) -> tuple[float, float | None]:
    """The strength with its standard error, from the mean or from the reference, whose own is nought without error."""
    if at is None:
        return float(found.log_strength[item]), sqrt(max(0.0, float(found.covariance[item, item])))
    if item == at:
        return 0.0, None
    spread = found.covariance[item, item] + found.covariance[at, at] - 2 * found.covariance[item, at]
    return float(found.log_strength[item] - found.log_strength[at]), sqrt(max(0.0, float(spread)))


def _range(value: float, error: float | None, confidence: float) -> tuple[float, float] | None:
    if error is None:
        return None
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * error
    return value - reach, value + reach


def _probabilities(found: Strengths) -> NDArray[np.float64]:
    """The probability that the item of a row is put before that of a column; missing from corner to corner."""
    import numpy as np

    shares = 1 / (1 + np.exp(found.log_strength[None, :] - found.log_strength[:, None]))
    np.fill_diagonal(shares, np.nan)
    return np.asarray(shares)


def _sentence(rows: list[dict[str, Any]], fields: dict[str, Any], *, together: bool) -> str:
    if rows[0]["log_strength"] is None:
        if not together:
            return ("No finite strength can be given: some items were never compared with others, not even by way of a "
                    "third.")
        top, rest = fields["tiers"][0], fields["tiers"][1:]
        many = sum(map(len, rest))
        return (f"No finite strength can be given: {_named(top)} {'was' if len(top) == 1 else 'were'} never put after "
                f"the other {counted(many, 'item')}, so how far above they stand cannot be told.".replace(
                    "they stand", "it stands" if len(top) == 1 else "they stand"))
    first, last = rows[0], rows[-1]
    share = 1 / (1 + exp(last["log_strength"] - first["log_strength"]))
    return (f"{first['item']} is preferred most and {last['item']} least: set side by side, {first['item']} would be "
            f"put first {per_cent(share)} of the time.")


def _named(items: list[str]) -> str:
    shown = items[:MOST_NAMED]
    left = len(items) - len(shown)
    return listed([*shown, f"{left} more"] if left else shown)


def _remarks(judged: Judged, chosen: Settings, reference: str | None, *, exists: bool,
             together: bool) -> tuple[str, ...]:
    remarks = []
    if not exists:
        remarks.append("Ask for more comparisons between the items that are apart"
                       + ("" if together else ", so that all are linked")
                       + ", or add imagined ones with --prior 1 and say so where the result is shown.")
    elif chosen.prior:
        remarks.append(f"Each item was given {figure(chosen.prior)} imagined wins and as many losses against a "
                       "middling item: strengths lie nearer to each other than the comparisons alone would put them.")
    if reference is not None and exists:
        remarks.append(f"Strengths are told from {reference}, which is set to nought.")
    if exists and len(judged.items) > MOST_WITH_PROBABILITIES:
        remarks.append(f"With more than {MOST_WITH_PROBABILITIES} items the probabilities of each pair are left out.")
    return tuple(remarks)


def _table(rows: list[dict[str, Any]], chosen: Settings) -> Table:
    level = f"{chosen.confidence[0]:g}"
    return Table.of(rows, title="Strength of preference", columns=[
        Column("item", "Item"), Column("log_strength", "Strength (logarithm)", "number"),
        Column("interval", f"Range at {per_cent(float(level), digits=0 if float(level) * 100 % 1 == 0 else 1)}",
               "interval"), Column("won", "Put before another", "count"), Column("lost", "Put after another", "count"),
        Column("remark", "Remark")])


METHOD_NAME = MethodName("engage pairwise", "1", "Bradley & Terry (1952); Plackett (1975); Hunter (2004)")

METHOD = Method(
    room="engage", name="pairwise", title="Strength of preference from comparisons",
    question="What do people put before what, and how strongly?", function=pairwise, settings=Settings,
    inputs=(Input("table", "comparisons, a row each; or rankings (columns ranking, item, place); or a model in JSON", (
        InputColumn("winner", "the item that was preferred"), InputColumn("loser", "the item it was preferred to"),
        InputColumn("times", "how often (1 without it)", optional=True))),),
    outputs=(
        Output("rows", "item, log_strength (mean nought, or from the reference), standard_error, interval, intervals, "
               "won, lost, remark"),
        Output("items", "the items, in the order of the probabilities"), Output("reference", "the item set to nought"),
        Output("comparisons", "how many pairs were put in order"),
        Output("probabilities", "that the item of the row is put before that of the column", sometimes=True),
        Output("tiers", "where no finite strength exists: sets of items, the strongest first", sometimes=True)),
    source="Bradley & Terry (1952), Biometrika 39, 324-345; Plackett (1975), Applied Statistics 24, 193-202; Hunter "
           "(2004), Annals of Statistics 32, 384-406",
    version="1",
    cannot_tell=(
        "Whether anything is good enough: strengths say only what is put before what.",
        "How sure the ranges are where one person made many comparisons: they take every comparison as a new one.",
        "Whether there is one order at all: people who disagree are averaged into one line."),
    example="engage pairwise sample:pairwise")
