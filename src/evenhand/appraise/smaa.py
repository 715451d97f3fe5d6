"""Options when neither weights nor scores are certain: how often each comes first, and for whom it would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from evenhand.appraise import smaa_figures
from evenhand.appraise.smaa_draws import Counted, counted, laid
from evenhand.appraise.smaa_groups import Group, ranked, read_groups
from evenhand.appraise.smaa_model import Uncertain, read_uncertain
from evenhand.appraise.smaa_weights import Knowledge, nothing_known
from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data.models import read_model
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.stats.intervals import normal_quantile
from evenhand.terms import refuse
from evenhand.terms.words import listed, per_cent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_DRAWS = 1_000_000
MOST_WORK = 1_000_000_000
FEW_FIRSTS = 100


@dataclass(frozen=True)
class Settings:
    """How often to draw, and how much of the weights to believe."""

    weights: Literal["as-given", "order", "none"] = setting(
        "as-given", "What to believe of the weights", "as-given: what the model says; order: only which is heavier; "
        "none: nothing, so that every set of weights is as likely as any other", common=True)
    draws: int = setting(100_000, "Draws", "100,000 give each share to within a third of a point in a hundred")
    seed: int = setting(1, "Seed", "the same seed gives the same answer")

    def __post_init__(self) -> None:
        if not 1 <= self.draws <= MOST_DRAWS:
            raise refuse(f"the number of draws lies between 1 and {MOST_DRAWS:,}", "write for example 100000",
                         column="--draws", value=self.draws)
        if self.seed < 0:
            raise refuse("a seed is not negative", "write for example 1", column="--seed", value=self.seed)


def smaa(model: Source, settings: Settings | None = None, /, *, groups: Source | None = None,
         **options: Any) -> Answer:
    """How often each option comes first, second and so on when weights and scores are drawn from all they may be.

    Args:
        model: a JSON model as for ``score``, in which a score may also be ``{"low": 2, "high": 5}`` (all between alike
            likely), ``{"distribution": "normal" or "lognormal", "mean": 4, "sd": 1}`` (of the logarithm for the
            second), or stand in a list ``measurements``; and a weight may be left out, be ``[0.2, 0.4]`` or
            ``{"order": [...]}``, the heaviest first. Without a scale, a criterion's runs over the 95 % ranges of its
            scores.
        settings: see ``Settings``; single ones may be given by keyword.
        groups: a table of weights by group (``group``, ``criterion``, and ``weight``, or ``low`` and ``high``, or
            ``rank``; ``person`` by identifier where there are several): the same answer for each, every person of a
            group being drawn as often as another.
        options: single settings by name.

    Returns:
        An answer with ``rank_acceptability`` (option: share of the draws in which it has rank 1, 2, ...), each sum over
        ranks and over options being 1; ``central_weights`` (option: mean weights, in the criteria's order, of the draws
        in which it is first; ``None`` where it never is); ``confidence_factor`` (option: share of the draws of scores
        in which it is first with these weights).

    Raises:
        Refused: a score or a weight that is missing or cannot be; weights that contradict each other; too many draws.

    Source:
        Lahdelma & Salminen (2001), SMAA-2, Operations Research 49(3), 444-454, equations 5 to 9; drawing weights and
        the number of draws: Tervonen & Lahdelma (2007), European Journal of Operational Research 178, 500-513.
    """
    import numpy as np

    chosen = with_options(Settings, settings, options)
    read = read_uncertain(read_model(model))
    size = chosen.draws * len(read.options.alternatives) * len(read.options.criteria)
    if size > MOST_WORK:
        raise refuse("so many draws of so many scores would take very long", "draw less often", column="--draws",
                     value=chosen.draws)
    known = _believed(read, chosen.weights)
    ends, remarks = _ends(read)
    scores = laid(read, ends)
    rng = np.random.default_rng(chosen.seed)
    found = counted(scores, [known], chosen.draws, rng)
    by_group: list[tuple[Group, Counted]] = []
    made_from = [MadeFrom(read.options.name, read.options.digest)]
    if groups is not None:
        named, table = read_groups(groups, [each.name for each in read.options.criteria])
        made_from.append(MadeFrom(table.name, table.digest))
        by_group = [(each, counted(scores, each.weights, chosen.draws, rng)) for each in named]
    rows = _rows(read, found)
    fields: dict[str, Any] = {
        "rows": rows, **_measures(read, found), "draws": chosen.draws,
        "criteria": [{"criterion": each.name, "direction": "max" if each.better == "high" else "min",
                      "worst": end[0] if read.options.scaling != "given" else None,
                      "best": end[1] if read.options.scaling != "given" else None, "units": each.units}
                     for each, end in zip(read.options.criteria, ends, strict=True)],
        "weights_known": known.kind, "tied_draws": found.tied,
        **({} if not by_group else {"groups": [
            {"group": group.name, "people": group.people, **_measures(read, each)} for group, each in by_group]}),
    }
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=tuple(made_from),
        sentence=_sentence(read, found, known, by_group), fields=fields, table=_table(rows, read),
        remarks=(*remarks, *_doubts(read, found, known)), draw=smaa_figures.smaa,
        more_tables=(_weights_table(read, found), *_group_tables(read, by_group)))


def _believed(read: Uncertain, how: str) -> Knowledge:
    if how == "none":
        return nothing_known(read.weights.count)
    if how == "order" and read.weights.kind in ("none", "intervals"):
        raise refuse("the model's weights are in no order", "give each criterion a weight, or leave --weights out",
                     column="--weights", value=how)
    if how == "order" and read.weights.kind == "exact":
        return ranked([-each for each in read.weights.low])
    return read.weights


def _ends(read: Uncertain) -> tuple[list[tuple[float, float]], list[str]]:
    """The worst and best end of each scale, and what to say of them."""
    options = read.options
    if options.scaling in ("sum", "maximum"):
        raise refuse("scores divided by their column would change scale with every draw", "give each criterion a scale",
                     file=options.name, column="scaling", value=options.scaling)
    ends: list[tuple[float, float]] = []
    hulls = []
    for place, criterion in enumerate(options.criteria):
        if options.scaling == "given":
            if criterion.better == "low":
                raise refuse(f"the values of {criterion.name} are given as they are, and less is said to be better",
                             "turn the values round, or leave “scaling” out", file=options.name, column="criteria")
            ends.append((0.0, 1.0))
            continue
        if criterion.worst is not None and criterion.best is not None:
            ends.append((criterion.worst, criterion.best))
            continue
        ranges = [cell.range_of_95 for row in read.measured if (cell := row[place]) is not None]
        if not ranges:
            raise refuse(f"no option has a {criterion.name} score", "score one, or take the criterion out",
                         file=options.name, column="matrix")
        low, high = min(each for each, _ in ranges), max(each for _, each in ranges)
        ends.append((low, high) if criterion.better == "high" else (high, low))
        hulls.append(criterion.name)
    if not hulls:
        return ends, []
    which = "No criterion has a scale" if len(hulls) == len(ends) else f"No scale is given for {listed(hulls)}"
    return ends, [f"{which}: it runs over the ranges that hold 95% of each score. A weight means a step from one end "
                  "of a scale to the other, so give the scale that the weights were agreed for."]


# --- fields -----------------------------------------------------------------------------------------------------------


def _measures(read: Uncertain, found: Counted) -> dict[str, Any]:
    names = read.options.alternatives
    central = [None if row[0] != row[0] else row for row in found.central.tolist()]
    widths = [None if row[0] != row[0] else row for row in found.central_half_width.tolist()]
    confidence = [None if each != each else each for each in found.confidence.tolist()]
    fields: dict[str, Any] = {
        "rank_acceptability": dict(zip(names, found.ranks.tolist(), strict=True)),
        "central_weights": dict(zip(names, central, strict=True)),
        "confidence_factor": dict(zip(names, confidence, strict=True)),
        "mean_weights": found.mean_weights.tolist(),
        "half_widths": {
            "rank_acceptability": dict(zip(names, _half_width(found.ranks, found.draws).tolist(), strict=True)),
            "central_weights": dict(zip(names, widths, strict=True)),
            "confidence_factor": {name: None if each is None else 0.0 if found.confidence_draws == 1 else
                                  float(_half_width(_array(each), found.confidence_draws))
                                  for name, each in zip(names, confidence, strict=True)},
            "mean_weights": found.mean_half_width.tolist()},
        "confidence_draws": found.confidence_draws}
    if found.better is not None:
        fields["pairwise_better"] = {
            name: {other: None if name == other else share for other, share in zip(names, row, strict=True)}
            for name, row in zip(names, found.better.tolist(), strict=True)}
    return fields


def _array(value: float) -> NDArray[np.float64]:
    """One number as an array."""
    import numpy as np

    return np.asarray(value)


def _half_width(share: NDArray[np.float64], draws: int) -> NDArray[np.float64]:
    """Half of Wilson's 95 % range: not nought where a rank was never or always had."""
    import numpy as np

    z = normal_quantile(0.95)
    return np.asarray(z / (1 + z * z / draws) * np.sqrt(share * (1 - share) / draws + (z / (2 * draws)) ** 2))


def _rows(read: Uncertain, found: Counted) -> list[dict[str, Any]]:
    places = range(1, len(found.ranks) + 1)
    return [{"alternative": name, "first": row[0], "last": row[-1],
             "mean_rank": sum(place * share for place, share in zip(places, row, strict=True)),
             "confidence_factor": None if sure != sure else sure,
             "half_width": float(_half_width(_array(row[0]), found.draws))}
            for name, row, sure in zip(read.options.alternatives, found.ranks.tolist(), found.confidence.tolist(),
                                       strict=True)]


# --- words and tables -------------------------------------------------------------------------------------------------


KNOWN = {"none": "With nothing known of the weights", "order": "With only the order of the weights known",
         "intervals": "With weights anywhere in their ranges", "exact": "With the weights given"}


def _sentence(read: Uncertain, found: Counted, known: Knowledge, by_group: Sequence[tuple[Group, Counted]]) -> str:
    names = read.options.alternatives
    firsts = found.ranks[:, 0].tolist()
    ordered = sorted(range(len(names)), key=lambda place: -firsts[place])
    best = ordered[0]
    if len(names) == 1:
        return f"{names[0]} is the only option: there is nothing to compare it with."
    said = [f"{KNOWN[known.kind]}, {names[best]} comes first in {_share(firsts[best])} of {found.draws:,} draws and "
            f"last in {_share(float(found.ranks[best, -1]))}; next is {names[ordered[1]]}, first in "
            f"{_share(firsts[ordered[1]])}."]
    never = [names[place] for place in range(len(names)) if firsts[place] == 0]
    if never:
        said.append(f"{listed(never)} never {'comes' if len(never) == 1 else 'come'} first.")
    if by_group:
        leaders = [(group.name, names[int(each.ranks[:, 0].argmax())], float(each.ranks[:, 0].max()))
                   for group, each in by_group]
        if len({leader for _, leader, _ in leaders}) == 1:
            said.append(f"{leaders[0][1]} comes first most often for every group.")
        else:
            said.append("Groups differ: " + "; ".join(
                f"for {group}, {leader} ({_share(share)})" for group, leader, share in leaders[:6])
                + ("; and more." if len(leaders) > 6 else "."))
    return " ".join(said)


def _share(share: float) -> str:
    return "none" if share == 0 else "all" if share == 1 else per_cent(share, digits=0 if 0.01 <= share <= 0.99 else 1)


def _doubts(read: Uncertain, found: Counted, known: Knowledge) -> list[str]:
    said = []
    if any(cell is None for row in read.measured for cell in row):
        said.append("Where a criterion does not apply to an option, its weight is shared among the option's others, in "
                    "proportion.")
    if found.tied:
        said.append(f"In {per_cent(found.tied, digits=1)} of the draws options tied; lot decided between them.")
    if known.kind == "exact" and all(cell is None or cell.is_certain for row in read.measured for cell in row):
        said.append("Weights and scores are all given as certain, so every draw is the same. Say --weights none or "
                    "--weights order to see what depends on the weights.")
    few = [name for name, share in zip(read.options.alternatives, found.ranks[:, 0].tolist(), strict=True)
           if 0 < share * found.draws < FEW_FIRSTS]
    if few:
        said.append(f"{listed(few)} came first in fewer than {FEW_FIRSTS} draws: the weights that favour "
                    f"{'it' if len(few) == 1 else 'them'} are known roughly.")
    if found.confidence_draws not in (1, found.draws):
        said.append(f"How sure first place is was worked out with {found.confidence_draws:,} draws.")
    return said


def _table(rows: Sequence[Mapping[str, Any]], read: Uncertain) -> Table:
    return Table.of(sorted(rows, key=lambda row: -row["first"]), columns=[
        Column("alternative", "Option"), Column("first", "Comes first", "share"), Column("last", "Comes last", "share"),
        Column("mean_rank", "Mean place", "number"),
        Column("confidence_factor", "First with the weights that suit it", "share")],
        title=read.options.title or "How often each option comes first")


def _weights_table(read: Uncertain, found: Counted) -> Table:
    criteria = [each.name for each in read.options.criteria]
    rows = [{"alternative": name, **({} if row[0] != row[0] else dict(zip(map(_key, criteria), row, strict=True)))}
            for name, row in zip(read.options.alternatives, found.central.tolist(), strict=True)]
    return Table.of(rows, columns=[Column("alternative", "Option"), *(
        Column(_key(each), each[:1].upper() + each[1:], "share") for each in criteria)],
        title="Whose option it is: the mean weights with which each comes first",
        notes=("An option that never comes first has none.",))


def _key(criterion: str) -> str:
    return f"weight_{criterion}"


def _group_tables(read: Uncertain, by_group: Sequence[tuple[Group, Counted]]) -> tuple[Table, ...]:
    if not by_group:
        return ()
    rows = [{"group": group.name, "people": group.people, "alternative": name, "first": row[0], "last": row[-1]}
            for group, each in by_group
            for name, row in zip(read.options.alternatives, each.ranks.tolist(), strict=True)]
    return (Table.of(rows, columns=[
        Column("group"), Column("people", "People", "count"), Column("alternative", "Option"),
        Column("first", "Comes first", "share"), Column("last", "Comes last", "share")],
        title="How often each option comes first, by group"),)


METHOD_NAME = MethodName("appraise smaa", "1", "Lahdelma & Salminen (2001), Operations Research 49(3), 444-454")

METHOD = Method(
    room="appraise", name="smaa", title="How often each option comes first when the weights are not certain",
    question="Which option comes first for most weights that people could hold, and whose weights favour the others?",
    function=smaa, settings=Settings,
    inputs=(Input("model", "a JSON model: alternatives, criteria (name, direction, scale), scores as numbers, ranges "
                  "or distributions, and what is known of the weights", kind="model"),
            Input("groups", "weights by group of people", (
                InputColumn("group", "whose weights"), InputColumn("criterion", "as in the model"),
                InputColumn("weight", "how much it counts, on any sum", optional=True),
                InputColumn("low", "in place of weight: the least share it may have", optional=True),
                InputColumn("high", "and the most", optional=True),
                InputColumn("rank", "in place of weight: 1 for the heaviest", optional=True),
                InputColumn("person", "by identifier, where a group has several", optional=True)), optional=True)),
    outputs=(
        Output("rows", "per alternative: first, last (shares of the draws), mean_rank, confidence_factor, half_width"),
        Output("rank_acceptability", "per alternative: the share of the draws in which it has rank 1, 2, ..."),
        Output("central_weights", "per alternative: the mean weights of the draws in which it is first"),
        Output("confidence_factor", "per alternative: how often it is first with these weights"),
        Output("mean_weights", "the mean of the weights drawn, in the criteria's order"),
        Output("half_widths", "half of the 95 % range of each of these, from the number of draws"),
        Output("pairwise_better", "how often each is ahead of each other, up to 30 alternatives", sometimes=True),
        Output("criteria", "direction, and the ends of each scale as used"),
        Output("weights_known", "none, order, intervals or exact"),
        Output("groups", "the same for each group of people", sometimes=True)),
    source="Lahdelma & Salminen (2001), SMAA-2: stochastic multicriteria acceptability analysis for group decision "
           "making, Operations Research 49(3), 444-454; Tervonen & Lahdelma (2007), European Journal of Operational "
           "Research 178, 500-513.",
    version="1",
    cannot_tell=(
        "Which option is right. A share of draws is not a share of people, nor the chance that an option is best.",
        "What people's weights are. Where nothing is said of them, every set of weights is taken to be as likely as "
        "any other, which nobody believes exactly; ask people, and give their answers by group.",
        "Whether scores of different options move together: each is drawn by itself.",
        "A compromise from a loser by first places alone: an option that is seldom first may never be last."),
    example="appraise smaa sample:uncertain-options --groups sample:weights-by-group", uses_chance=True)
