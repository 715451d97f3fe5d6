"""Who must be heard, and were they: replies beside the population they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data.suppression import REGIMES, Regime
from evenhand.data.tables import Source
from evenhand.engage import protection, show
from evenhand.engage.raking import Raked, effective_number, rake
from evenhand.engage.replies import Margins, Replies, read_margins, read_replies
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import Suppressed, refuse
from evenhand.terms.words import counted, listed, per_cent

HEAVY = 5.0
FEWEST_EXPECTED = 5.0


@dataclass(frozen=True)
class Settings:
    """How replies are held beside the population."""

    regime: Literal["none", "hes-2018", "midpoint-6"] = setting(
        "none", "Protection of small numbers", "hes-2018 hides counts of 1 to 7 and rounds the others to 5, midpoint-6 "
        "rounds all to the middle of bands of six; one of them for anything that leaves the organisation", common=True)
    far_under: float = setting(
        0.5, "Called hardly heard below", "ratio of a group's share of the replies to its share of the people",
        common=True)
    confidence: tuple[float, ...] = setting((0.95,), "Confidence of the ranges", "several with commas between")
    rounds: int = setting(1000, "Rounds of raking", "how often to go round before giving up")

    def __post_init__(self) -> None:
        if not 0 < self.far_under <= 1:
            raise refuse("this ratio must lie above 0 and not above 1", "write for example 0.5", column="--far-under",
                         value=self.far_under)
        wrong = [each for each in self.confidence if not 0 < each < 1]
        if wrong or not self.confidence:
            raise refuse("a confidence lies between 0 and 1", "write for example 0.95", column="--confidence",
                         value=", ".join(map(str, wrong)) or "none")
        if self.rounds < 1:
            raise refuse("at least one round is needed", "write for example 1000", column="--rounds",
                         value=self.rounds)


@dataclass(frozen=True)
class Heard:
    """One group: its replies beside its people. Shares lie between 0 and 1; weights have mean 1 over the replies.

    ``status`` is ``no_reply``, ``far_under``, ``under``, ``in_proportion`` or ``over``; ``None`` where it cannot be
    said. A figure that may not be shown is ``Suppressed``.
    """

    dimension: str
    group: str
    replies: int | Suppressed
    population: float
    share_of_replies: float | Suppressed
    share_of_population: float
    ratio: float | Suppressed | None
    intervals: Mapping[str, tuple[float, float]] | Suppressed | None
    status: str | Suppressed | None
    weight: float | Suppressed | None
    weighted_share: float | Suppressed | None
    remark: str | None = None


def reach(table: Source, settings: Settings | None = None, /, *, margins: Source, **options: Any) -> Answer:
    """Which groups replied in proportion to their numbers, which did not, and what weights would make up for it.

    Args:
        table: replies, in one of three forms: one row per group (``dimension``, ``group``, ``replies``); one row per
            combination of groups (a column per dimension, and ``replies``); or one row per reply (a column per
            dimension). Cells that say nothing, or "prefer not to say", are counted and left out of the shares.
        settings: see ``Settings``; single ones may be given by keyword.
        margins: people by group (``dimension``, ``group``, ``population``), in any unit.
        options: single settings by name.

    Returns:
        An answer with, per group, shares, the ratio of the two with its range (Wilson's for the share of replies, over
        the share of the people, which is taken as known), and weights. Weights are raked to all margins at once where
        replies are known by combination; where dimensions were counted one by one, each has weights of its own.

    Raises:
        Refused: a group that the margins do not have, negative or fractional counts, replies from a group with no
            people, a table without replies.

    Source:
        Raking: Deming & Stephan (1940), Annals of Mathematical Statistics 11, 427-444. Effective number: Kish (1965),
        Survey Sampling, section 11.7. Range: Wilson (1927), Journal of the American Statistical Association 22,
        209-212.
    """
    chosen = with_options(Settings, settings, options)
    people = read_margins(margins)
    replies = read_replies(table, people)
    weighing = _weighed(replies, people, chosen)
    rows = [_heard(replies, people, dimension, group, weighing, chosen)
            for dimension in replies.dimensions for group in people.people[dimension]]
    regime, hide = REGIMES[chosen.regime], chosen.regime != "none"
    shown = [protection.as_shown(row, replies, regime, chosen.far_under, chosen.confidence) for row in rows
             ] if hide else rows
    number = weighing.effective
    fields = {
        "replies": regime.released(replies.total),
        "rows": [_document(row) for row in shown],
        "dimensions": [_dimension(replies, people, each, weighing, regime) for each in replies.dimensions],
        "weights": None if hide else weighing.cells,
        "effective_number": number if number is None or not hide else regime.rounded(round(number)),
        "design_effect": (weighing.design_effect if weighing.design_effect is None or not hide
                          else round(weighing.design_effect, 2)),
        "raking": weighing.raking,
        "not_heard": [{"dimension": row.dimension, "group": row.group, "why": row.status} for row in shown
                      if row.status in ("no_reply", "far_under")],
    }
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen),
        made_from=(MadeFrom(replies.name, replies.digest), MadeFrom(people.name, people.digest)),
        sentence=_sentence(shown, fields), fields=fields,
        table=Table.of([_table_row(row, chosen) for row in shown], columns=_columns(chosen),
                       title="Replies beside the population"),
        remarks=(*people.remarks, *replies.remarks, *_not_stated(replies, hide=hide), *weighing.remarks,
                 *_protected(rows, regime)),
        draw=show.reach)


# --- weights ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Weighing:
    """Weights by combination and by group, and what they cost in effective number."""

    by_group: Mapping[tuple[str, str], float]
    cells: list[dict[str, Any]] | None
    effective: float | None
    design_effect: float | None
    raking: dict[str, Any] | None
    by_dimension: Mapping[str, tuple[float, float]]
    remarks: tuple[str, ...] = ()


def _weighed(replies: Replies, people: Margins, chosen: Settings) -> Weighing:
    single = _one_by_one(replies, people)
    if replies.cells is None:
        return replace(single, remarks=(
            *single.remarks,
            "Replies are counted for each characteristic apart, so weights for all of them together cannot be worked "
            "out: each has weights of its own. Give replies by combination for weights that fit all.",))
    return _raked(replies, people, chosen, single)


def _one_by_one(replies: Replies, people: Margins) -> Weighing:
    """Weights of each dimension by itself: share of the people over share of the replies."""
    by_group: dict[tuple[str, str], float] = {}
    worth: dict[str, tuple[float, float]] = {}
    for dimension in replies.dimensions:
        counts = {group: count for group, count in replies.by_group[dimension].items() if group is not None and count}
        total, reached = sum(counts.values()), sum(people.share(dimension, group) for group in counts)
        for group, count in counts.items():
            by_group[dimension, group] = people.share(dimension, group) / reached / (count / total)
        number = effective_number(list(counts.values()), [by_group[dimension, group] for group in counts])
        worth[dimension] = (number, total / number)
    return Weighing(by_group, None, None, None, None, worth, _unreached(replies, people))


def _raked(replies: Replies, people: Margins, chosen: Settings, single: Weighing) -> Weighing:
    """Weights of all dimensions at once, over the replies that state every one of them."""
    assert replies.cells is not None
    full = {tuple(str(each) for each in cell): count for cell, count in replies.cells.items()
            if count and None not in cell}
    remarks = list(single.remarks)
    if not full:
        return replace(single, remarks=(*remarks, "No reply states every characteristic: each has weights of its own."))
    reached = {dimension: [group for group in people.people[dimension] if any(cell[place] == group for cell in full)]
               for place, dimension in enumerate(replies.dimensions)}
    shares = {dimension: [people.share(dimension, group) / sum(people.share(dimension, each) for each in groups)
                          for group in groups] for dimension, groups in reached.items()}
    places = [[reached[dimension].index(cell[place]) for cell in full]
              for place, dimension in enumerate(replies.dimensions)]
    found = rake(list(full.values()), places, list(shares.values()), rounds=chosen.rounds)
    about = {"converged": found.settled, "rounds": found.rounds, "off_by": found.off_by}
    left_out = replies.total - sum(full.values())
    if left_out and chosen.regime == "none":
        remarks.append(f"{counted(left_out, 'reply', 'replies')} did not state every characteristic and "
                       f"{'has' if left_out == 1 else 'have'} no weight.")
    if not found.settled:
        remarks.append(
            f"The weights did not settle after {counted(found.rounds, 'round')}: some share is still off by "
            f"{per_cent(found.off_by, digits=2)}. Combinations that nobody replied from may make the margins "
            "impossible to meet together; join small groups, or drop a characteristic. No weights are given.")
        return Weighing({}, None, None, None, about, single.by_dimension, tuple(remarks))
    number = effective_number(list(full.values()), found.weights.tolist())
    if max(found.weights) > HEAVY and chosen.regime == "none":
        heaviest = max(zip(found.weights, full, strict=True))
        remarks.append(f"One reply of {listed(heaviest[1])} counts as {heaviest[0]:.1f}: weighted results lean on very "
                       "few people there.")
    cells = [{**dict(zip(replies.dimensions, cell, strict=True)), "replies": count, "weight": float(weight),
              "weighted_replies": float(weight) * count}
             for (cell, count), weight in zip(full.items(), found.weights, strict=True)]
    return Weighing(_group_weights(replies, full, found), cells, number, sum(full.values()) / number, about,
                    single.by_dimension, tuple(remarks))


def _group_weights(replies: Replies, full: Mapping[tuple[str, ...], int], found: Raked) -> dict[tuple[str, str], float]:
    """The mean weight of each group's replies."""
    sums: dict[tuple[str, str], tuple[float, int]] = {}
    for (cell, count), weight in zip(full.items(), found.weights, strict=True):
        for dimension, group in zip(replies.dimensions, cell, strict=True):
            weighted, raw = sums.get((dimension, group), (0.0, 0))
            sums[dimension, group] = weighted + float(weight) * count, raw + count
    return {key: weighted / raw for key, (weighted, raw) in sums.items()}


def _unreached(replies: Replies, people: Margins) -> tuple[str, ...]:
    silent = [f"{group} ({dimension})" for dimension in replies.dimensions
              for group, number in people.people[dimension].items()
              if number and not replies.by_group[dimension].get(group)]
    if not silent:
        return ()
    return (f"No weight can speak for people who sent no reply ({listed(silent)}): the weights spread "
            f"{'its' if len(silent) == 1 else 'their'} share over the others.",)


# --- groups -----------------------------------------------------------------------------------------------------------


def _heard(replies: Replies, people: Margins, dimension: str, group: str, weighing: Weighing,
           chosen: Settings) -> Heard:
    counts = replies.by_group[dimension]
    stated = sum(count for name, count in counts.items() if name is not None)
    count, share = counts.get(group, 0), people.share(dimension, group)
    if not share:
        return Heard(dimension, group, count, 0.0, 0.0, 0.0, None, None, None, None, None,
                     "Nobody is in this group to reply.")
    intervals = {f"{each:g}": protection.ratio_interval(count, stated, share, each) for each in chosen.confidence}
    weight = weighing.by_group.get((dimension, group))
    weighted = _weighted_share(replies, dimension, group, weighing)
    remark = ("So few people that fewer than five replies were to be expected: chance alone could explain much."
              if share * stated < FEWEST_EXPECTED else None)
    return Heard(dimension, group, count, people.people[dimension][group], count / stated, share,
                 count / stated / share, intervals, protection.status(count, stated, share, chosen.far_under),
                 weight, weighted, remark)


def _weighted_share(replies: Replies, dimension: str, group: str, weighing: Weighing) -> float | None:
    if weighing.cells is not None:
        total = sum(cell["weighted_replies"] for cell in weighing.cells)
        return float(sum(cell["weighted_replies"] for cell in weighing.cells if cell[dimension] == group) / total)
    weight = weighing.by_group.get((dimension, group))
    if weight is None:
        return None
    stated = sum(count for name, count in replies.by_group[dimension].items() if name is not None)
    return weight * replies.by_group[dimension][group] / stated


def _dimension(replies: Replies, people: Margins, dimension: str, weighing: Weighing, regime: Regime) -> dict[str, Any]:
    counts = replies.by_group[dimension]
    not_stated = counts.get(None, 0)
    number, effect = weighing.by_dimension[dimension]
    stated = sum(counts.values()) - not_stated
    hide = regime.name != "none"
    return {"dimension": dimension, "replies": regime.released(stated), "not_stated": regime.released(not_stated),
            "population": sum(people.people[dimension].values()),
            "effective_number": regime.rounded(round(number)) if hide else number,
            "design_effect": round(effect, 2) if hide else effect}


def _not_stated(replies: Replies, *, hide: bool) -> tuple[str, ...]:
    silent = {dimension: counts.get(None, 0) for dimension, counts in replies.by_group.items() if counts.get(None, 0)}
    if hide:
        return ()
    return tuple(f"{counted(count, 'reply', 'replies')} did not state {dimension}: left out of its shares."
                 for dimension, count in silent.items())


def _protected(rows: list[Heard], regime: Regime) -> tuple[str, ...]:
    if regime.name != "none":
        return (f"{regime.title} ({regime.source}). Shares, ratios and weights are worked out from the counts shown, "
                "so totals may not add up. Weights by combination are not given.",)
    if any(isinstance(row.replies, int) and REGIMES["hes-2018"].is_small(row.replies) for row in rows):
        return ("Some counts are below 8 and shown as they are, for use inside the organisation: say --regime hes-2018 "
                "before this is passed on.",)
    return ()


# --- words and cells --------------------------------------------------------------------------------------------------


def _sentence(rows: list[Heard], fields: Mapping[str, Any]) -> str:
    total = fields["replies"]
    number_said = "a few replies" if isinstance(total, Suppressed) else counted(total, "reply", "replies")
    said = f"{number_said.capitalize()} came in."
    told = [row for row in rows if isinstance(row.status, str)]
    even = sum(row.status in ("in_proportion", "over") for row in told)
    parts = [said]
    if told:
        parts.append(f"Of {counted(len(told), 'group')} compared, {even or 'none'} {'was' if even == 1 else 'were'} "
                     "heard at least about as much as their numbers would suggest.")
    too_few = sum(isinstance(row.status, Suppressed) for row in rows)
    if too_few:
        parts.append(f"For {counted(too_few, 'group')} the numbers are too few to say.")
    silent = [f"{row.group} ({row.dimension})" for row in told if row.status == "no_reply"]
    if silent:
        parts.append(f"Nobody replied from {listed(silent)}.")
    hardly = [row for row in told if row.status == "far_under"]
    if hardly:
        parts.append(f"Hardly heard: {listed([_hardly(row) for row in hardly])}.")
    number, effect = fields["effective_number"], fields["design_effect"]
    if number is not None and effect is not None and effect >= 1.05:
        parts.append(f"Weighted to the population, the replies are worth about {number:,.0f} evenly spread ones.")
    parts.append("What people who did not reply think, the replies cannot tell.")
    return " ".join(parts)


def _hardly(row: Heard) -> str:
    if isinstance(row.ratio, Suppressed) or row.ratio is None or not isinstance(row.intervals, Mapping):
        return f"{row.group} ({row.dimension})"
    confidence, (low, high) = next(iter(row.intervals.items()))
    return (f"{row.group} ({row.dimension}; {row.ratio:.2f} times their share of the people, "
            f"{per_cent(float(confidence), digits=0 if len(confidence) < 5 else 1)} range {low:.2f} to {high:.2f})")


def _document(row: Heard) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Heard.__dataclass_fields__}


def _table_row(row: Heard, chosen: Settings) -> dict[str, Any]:
    interval = row.intervals[f"{chosen.confidence[0]:g}"] if isinstance(row.intervals, Mapping) else row.intervals
    status = protection.WORDS[row.status] if isinstance(row.status, str) else row.status
    return {**_document(row), "interval": interval, "status": status}


def _columns(chosen: Settings) -> list[Column]:
    return [Column("dimension"), Column("group"), Column("replies", kind="count"),
            Column("share_of_replies", "Share of replies", "share"),
            Column("share_of_population", "Share of people", "share"), Column("ratio", "Ratio", "number"),
            Column("interval", f"{per_cent(chosen.confidence[0])} range", "interval"), Column("status", "Heard"),
            Column("weight", "Weight", "number")]


METHOD_NAME = MethodName(
    "engage reach", "1", "Deming & Stephan (1940), raking; Kish (1965), effective number; Wilson (1927), ranges")

METHOD = Method(
    room="engage", name="reach", title="Who was heard",
    question="Which groups replied in proportion to their numbers, and which did not?",
    function=reach, settings=Settings,
    inputs=(
        Input("table", "replies by group, by combination of groups, or one row a reply", (
            InputColumn("dimension", "what the group is a group of: age, sex, area", optional=True),
            InputColumn("group", "the group, where there is one row a group", optional=True),
            InputColumn("replies", "how many replied; one a row where this is missing", optional=True),
            InputColumn("(age, sex, …)", "or one column per dimension of the margins, holding the group",
                        optional=True))),
        Input("margins", "the people these replies stand for, by group", (
            InputColumn("dimension", "age, sex, area; may be left out where there is one", optional=True),
            InputColumn("group", "the group, spelt as in the replies"),
            InputColumn("population", "people in it, in any unit")))),
    outputs=(
        Output("replies", "how many replied"),
        Output("rows", "per group: replies, population, share_of_replies, share_of_population, ratio, intervals, "
                       "status (by the 95% range), weight, weighted_share, remark"),
        Output("dimensions", "per dimension: replies, not_stated, population, effective_number, design_effect"),
        Output("weights", "per combination of groups: replies, weight (mean 1), weighted_replies"),
        Output("effective_number", "what the weighted replies are worth in evenly spread ones"),
        Output("design_effect", "replies over effective number"),
        Output("raking", "converged, rounds, off_by"),
        Output("not_heard", "groups without a reply (no_reply) or far under their share (far_under)")),
    source="Raking: Deming & Stephan (1940), Annals of Mathematical Statistics 11, 427-444. Effective number: Kish "
           "(1965), Survey Sampling, 11.7. Range of a share: Wilson (1927), Journal of the American Statistical "
           "Association 22, 209-212. Protection: see the regimes of evenhand data suppress.",
    version="1",
    cannot_tell=(
        "What people who did not reply think. Weights make the replies look like the population; they do not bring in "
        "a voice that was not raised.",
        "Whether those who replied are like the others of their group. People who reply choose to; the ranges show "
        "what chance alone would do.",
        "Whether the right groups were compared. Those most affected are often few, and may not be a group here.",
        "What should be done. A consultation is no referendum: reasons come before numbers."),
    example="engage reach sample:reach-replies --margins sample:reach-population")
