"""Value for money: what one more unit of effect costs, what is beaten, and what knowing for certain would be worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.appraise import value_figures
from evenhand.appraise.value_sums import AtThreshold, Step, at_threshold, people_affected, steps
from evenhand.appraise.value_thresholds import QALY, Threshold, given, in_force
from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import Month, Problem, Refused, closest, refuse
from evenhand.terms.words import counted, listed, per_cent, pounds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ON_THE_CURVE = 41
MOST_OPTIONS = 200
FEW_DRAWS = 1_000


@dataclass(frozen=True)
class Settings:
    """What is paid for a unit of effect, and whom the decision is for."""

    threshold: tuple[float, ...] = setting(
        (), "Pounds for one unit of effect", "several with commas between; left out, the range that the National "
        "Institute for Health and Care Excellence uses for a quality-adjusted life year", common=True)
    on: str | None = setting(None, "Month of the decision", "for example 2026-03: the range then in force; left out, "
                             "the latest held")
    unit: str = setting(QALY, "Unit of the effect", "in the singular, such as “admission avoided”", common=True)
    against: str | None = setting(None, "Option to compare with", "left out, the first in the table")
    people: float | None = setting(None, "People a year", "for whom the decision is taken, to say what knowing for "
                                   "certain would be worth for all of them")
    years: int = setting(10, "Years the decision stands")
    discount: float = setting(0.035, "Discount rate", "a year, from the second year on")

    def __post_init__(self) -> None:
        wrong = [each for each in self.threshold if not 0 < each <= 1e9]
        if wrong:
            raise refuse("a threshold lies above 0 and is at most a thousand million", "write for example 25000,35000",
                         column="--threshold", value=wrong[0])
        if self.on is not None:
            try:
                Month.parsed(self.on)
            except ValueError:
                raise refuse("this is not a month", "write it as 2026-03", column="--on", value=self.on) from None
        if not self.unit.strip():
            raise refuse("the unit of the effect has no name", "write for example “admission avoided”", column="--unit")
        if self.people is not None and not 0 < self.people <= 1e10:
            raise refuse("the number of people must lie above 0", "write for example 1200", column="--people",
                         value=self.people)
        if not 1 <= self.years <= 100:
            raise refuse("the years lie between 1 and 100", "write for example 10", column="--years", value=self.years)
        if not 0 <= self.discount < 1:
            raise refuse("a discount rate lies from 0 to below 1", "write 0.035 for 3.5% a year", column="--discount",
                         value=self.discount)


@dataclass(frozen=True)
class Compared:
    """Costs and effects of shape (draws, options), in pounds and units of effect; one draw where there are none."""

    name: str
    digest: str
    options: tuple[str, ...]
    costs: NDArray[np.float64]
    effects: NDArray[np.float64]

    @property
    def draws(self) -> int:
        """How many draws; 1 where the figures are given as certain."""
        return len(self.costs)


def value(table: tables.Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """What each option costs for one more unit of effect, which are beaten, and what is worth most at each threshold.

    Args:
        table: one row per option: ``option``, ``cost`` in pounds, ``effect`` in units; or one row per option and
            ``draw``, every option having the same draws.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings by name.

    Returns:
        An answer with ``rows`` in the table's order: means, whether and by what each is beaten, its ratio against the
        next cheaper that is not, and net benefit at each threshold. With draws also ``curve`` (how often each is worth
        most, by threshold) and the expected value of perfect information.

    Raises:
        Refused: missing columns or cells, an option twice without draws, draws that do not match; a unit other than a
            quality-adjusted life year without a threshold of its own.

    Source:
        Dominance and ratios: Johannesson & Weinstein (1993), Journal of Health Economics 12, 459-467. Net benefit:
        Stinnett & Mullahy (1998), Medical Decision Making 18, S68-S80, equation 1. Acceptability: Fenwick, Claxton &
        Sculpher (2001), Health Economics 10, 779-787. Perfect information: Claxton (1999), Journal of Health Economics
        18, 341-364.
    """
    chosen = with_options(Settings, settings, options)
    read = _read(table)
    thresholds = _thresholds(chosen)
    against = _against(read, chosen.against)
    means = read.costs.mean(axis=0).tolist(), read.effects.mean(axis=0).tolist()
    order = steps(*means)
    at = [at_threshold(read.costs, read.effects, each.pounds) for each in thresholds]
    rows = [_row(read, step, means, at, against) for step in order]
    fields: dict[str, Any] = {
        "rows": rows, "frontier": [read.options[each.place] for each in sorted(
            (each for each in order if each.is_on_frontier), key=lambda each: means[0][each.place])],
        "dominated": [read.options[each.place] for each in order if each.dominated_by is not None],
        "extendedly_dominated": [read.options[each.place] for each in order if each.mixed is not None],
        "thresholds": [_threshold_row(read, each, found, chosen) for each, found in zip(thresholds, at, strict=True)],
        "against": read.options[against], "unit": chosen.unit, "draws": read.draws if read.draws > 1 else None}
    if read.draws > 1:
        fields |= {"curve": _curve(read, thresholds), **_information(at, chosen)}
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(read.name, read.digest),),
        sentence=_sentence(read, order, at, chosen), fields=fields, table=_table(rows, thresholds, chosen),
        remarks=tuple(_remarks(read, order, thresholds, chosen, means)), draw=value_figures.value,
        more_tables=(_threshold_table(fields["thresholds"]),))


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(source: tables.Source) -> Compared:
    import numpy as np

    table = tables.read(source)
    table.require("option", "cost", "effect")
    names = table.texts("option", may_be_empty=False)
    costs, effects = table.numbers("cost", least=-1e15, most=1e15), table.numbers("effect", least=-1e15, most=1e15)
    options = tuple(dict.fromkeys(names))
    if len(options) > MOST_OPTIONS:
        raise refuse(f"there are more than {MOST_OPTIONS} options", "leave out those that cannot be chosen",
                     file=table.name, column="option", value=len(options))
    if "draw" not in table:
        if len(options) < len(names):
            raise refuse("an option has several rows and the table no column draw",
                         "number the draws in a column draw, or keep one row an option", file=table.name,
                         column="option", value=next(each for each in names if names.count(each) > 1))
        return Compared(table.name, table.digest, options, costs[None, :], effects[None, :])
    draws = table.texts("draw", may_be_empty=False)
    table.refuse_duplicates("option", "draw")
    numbers = {draw: place for place, draw in enumerate(dict.fromkeys(draws))}
    columns = {option: place for place, option in enumerate(options)}
    held = np.full((2, len(numbers), len(options)), np.nan)
    at = np.array([numbers[each] for each in draws]), np.array([columns[each] for each in names])
    held[0][at], held[1][at] = costs, effects
    missing = np.argwhere(np.isnan(held[0]))
    if len(missing):
        by_number = list(numbers)
        raise Refused(Problem(f"{options[option]} has no draw {by_number[draw]}", "give every option the same draws: "
                              "what is uncertain for all must move together", table.name, None, "draw")
                      for draw, option in missing[:100])
    return Compared(table.name, table.digest, options, held[0], held[1])


def _thresholds(chosen: Settings) -> tuple[Threshold, ...]:
    if chosen.threshold:
        return tuple(given(each) for each in dict.fromkeys(chosen.threshold))
    if chosen.unit != QALY:
        raise refuse(f"no threshold is held for one {chosen.unit}", "say what one is worth with --threshold",
                     column="--threshold")
    return in_force(None if chosen.on is None else Month.parsed(chosen.on))


def _against(read: Compared, name: str | None) -> int:
    if name is None:
        return 0
    if name not in read.options:
        near = closest(name, read.options, count=1)
        raise refuse("this is none of the options", f"did you mean {near[0]}?" if near else
                     f"choose from {listed(list(read.options))}", file=read.name, column="--against", value=name)
    return read.options.index(name)


# --- fields -----------------------------------------------------------------------------------------------------------


def _row(read: Compared, step: Step, means: tuple[list[float], list[float]], at: Sequence[AtThreshold],
         against: int) -> dict[str, Any]:
    import numpy as np

    names, place = read.options, step.place
    row: dict[str, Any] = {
        "option": names[place], "cost": means[0][place], "effect": means[1][place],
        "status": "on_frontier" if step.is_on_frontier else
                  "dominated" if step.dominated_by is not None else "extendedly_dominated",
        "dominated_by": [names[step.dominated_by]] if step.dominated_by is not None else
                        [names[each] for each in step.mixed or ()],
        "compared_with": None if step.previous is None else names[step.previous],
        "incremental_cost": step.extra_cost, "incremental_effect": step.extra_effect, "incremental_ratio": step.ratio,
        "net_benefit": {f"{each.threshold:g}": float(each.net_benefit[place]) for each in at},
        "net_effect": {f"{each.threshold:g}": float(each.net_benefit[place]) / each.threshold for each in at},
        "incremental_net_benefit": {
            f"{each.threshold:g}": float(each.net_benefit[place] - each.net_benefit[against]) for each in at},
        "extra_cost": means[0][place] - means[0][against], "extra_effect": means[1][place] - means[1][against]}
    if read.draws > 1:
        spans = [np.quantile(each[:, place] - each[:, against], [0.025, 0.975]).tolist()
                 for each in (read.costs, read.effects)]
        row |= {"extra_cost_interval": spans[0], "extra_effect_interval": spans[1]}
    return row


def _threshold_row(read: Compared, threshold: Threshold, found: AtThreshold, chosen: Settings) -> dict[str, Any]:
    sure = found.probability
    return {"threshold": threshold.pounds, "whose": threshold.whose,
            "in_force_from": None if threshold.since is None else str(threshold.since),
            "in_force_until": None if threshold.until is None else str(threshold.until), "source": threshold.source,
            "best": read.options[found.best],
            "probability": None if sure is None else dict(zip(read.options, sure.tolist(), strict=True)),
            "probability_best": None if sure is None else float(sure[found.best]),
            "error_probability": None if sure is None else 1 - float(sure[found.best]),
            "perfect_information": found.perfect_information, "standard_error": found.standard_error,
            "perfect_information_for_all": _for_all(found, chosen)}


def _for_all(found: AtThreshold, chosen: Settings) -> float | None:
    if chosen.people is None or found.perfect_information is None:
        return None
    return found.perfect_information * people_affected(chosen.people, chosen.years, chosen.discount)


def _curve(read: Compared, thresholds: Sequence[Threshold]) -> list[dict[str, Any]]:
    top = 2 * max(each.pounds for each in thresholds)
    grid = sorted({top * place / (ON_THE_CURVE - 1) for place in range(ON_THE_CURVE)}
                  | {each.pounds for each in thresholds})
    rows = []
    for each in grid:
        found = at_threshold(read.costs, read.effects, each)
        assert found.probability is not None
        rows.append({"threshold": each, "best": read.options[found.best],
                     "probability": dict(zip(read.options, found.probability.tolist(), strict=True)),
                     "perfect_information": found.perfect_information})
    return rows


def _information(at: Sequence[AtThreshold], chosen: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {
        "perfect_information": {f"{each.threshold:g}": each.perfect_information for each in at}}
    if chosen.people is not None:
        found["perfect_information_for_all"] = {f"{each.threshold:g}": _for_all(each, chosen) for each in at}
    return found


# --- words and tables -------------------------------------------------------------------------------------------------


def _sentence(read: Compared, order: Sequence[Step], at: Sequence[AtThreshold], chosen: Settings) -> str:
    if len(read.options) == 1:
        return f"{read.options[0]} is the only option: there is nothing to compare it with."
    said = []
    bests = [read.options[each.best] for each in at]
    if len(set(bests)) == 1:
        said.append(f"{bests[0]} is worth most at {listed([pounds(each.threshold) for each in at])} for each "
                    f"{chosen.unit}.")
    else:
        said.append("What is worth most depends on what is paid for each " + chosen.unit + ": " + "; ".join(
            f"at {pounds(each.threshold)}, {name}" for each, name in zip(at, bests, strict=True)) + ".")
    step = order[at[-1].best]
    if step.ratio is not None and step.previous is not None:
        said.append(f"Beyond {read.options[step.previous]}, {read.options[step.place]} costs {pounds(step.ratio)} for "
                    f"each {chosen.unit}.")
    last = at[-1]
    if last.probability is not None and last.perfect_information is not None:
        said.append(f"At {pounds(last.threshold)} it is worth most in {per_cent(float(last.probability[last.best]))} "
                    f"of the draws; knowing for certain would be worth {pounds(last.perfect_information)} for each "
                    "time it is decided.")
    return " ".join(said)


def _remarks(read: Compared, order: Sequence[Step], thresholds: Sequence[Threshold], chosen: Settings,
             means: tuple[list[float], list[float]]) -> list[str]:
    said = []
    for step in order:
        name = read.options[step.place]
        if step.dominated_by is not None:
            other = step.dominated_by
            same = means[0][other] == means[0][step.place] and means[1][other] == means[1][step.place]
            said.append(f"{name} has the same cost and effect as {read.options[other]}." if same else
                        f"{name} costs no less than {read.options[other]} and gives no more.")
        elif step.mixed is not None:
            low, high = (read.options[each] for each in step.mixed)
            said.append(f"{name} is beaten by a mixture of {low} and {high}: for its cost, some of each would give "
                        "more.")
    if any(each.since or each.until for each in thresholds) and chosen.unit == QALY:
        said.append(f"{listed([pounds(each.pounds) for each in thresholds if each.since or each.until])} are the "
                    "thresholds of the National Institute for Health and Care Excellence for appraising technologies "
                    "(£20,000 to £30,000 before April 2026, £25,000 to £35,000 since). They are not what other "
                    "services displace: give a second threshold with --threshold.")
    if len(thresholds) == 1:
        said.append("One threshold is one opinion of what a unit is worth: give a second to see whether it matters.")
    if read.draws == 1:
        said.append("Costs and effects are given as certain. With a row for each draw, this would also say how often "
                    "each option is worth most and what knowing for certain would be worth.")
    elif read.draws < FEW_DRAWS:
        said.append(f"With {counted(read.draws, 'draw')}, shares and the worth of knowing for certain are rough.")
    return said


def _table(rows: Sequence[Mapping[str, Any]], thresholds: Sequence[Threshold], chosen: Settings) -> Table:
    words = {"on_frontier": "not beaten", "dominated": "beaten", "extendedly_dominated": "beaten by a mixture"}
    flat = [{**row, "standing": words[row["status"]],
             **{f"net_{each.pounds:g}": row["net_benefit"][f"{each.pounds:g}"] for each in thresholds}}
            for row in sorted(rows, key=lambda row: row["cost"])]
    return Table.of(flat, columns=[
        Column("option"), Column("cost", "Cost", "pounds"), Column("effect", "Effect", "number", 4),
        Column("incremental_ratio", "One more costs", "pounds"),
        *(Column(f"net_{each.pounds:g}", f"Net at {pounds(each.pounds)}", "pounds") for each in thresholds),
        Column("standing", "Standing"), Column("compared_with", "Beside")], title="Value for money",
        notes=(f"One more: one more {chosen.unit} than the option named under Beside. Net: the effect at that price, "
               "less the cost.",))


def _threshold_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    return Table.of(rows, columns=[
        Column("threshold", "For one unit", "pounds"), Column("best", "Worth most"),
        Column("probability_best", "In so many draws", "share"),
        Column("perfect_information", "Worth of knowing for certain", "pounds"),
        Column("perfect_information_for_all", "For everybody", "pounds"), Column("whose", "Whose threshold"),
        Column("in_force_from", "From"), Column("in_force_until", "Until")], title="At each threshold")


METHOD_NAME = MethodName("appraise value", "1", "Stinnett & Mullahy (1998); Johannesson & Weinstein (1993); "
                         "Claxton (1999)")

METHOD = Method(
    room="appraise", name="value", title="Value for money",
    question="What does one more unit of good cost with each option, and which is worth most?",
    function=value, settings=Settings,
    inputs=(Input("table", "costs and effects of each option, or draws of them", (
        InputColumn("option", "what could be done"), InputColumn("cost", "in pounds, on the same terms for all"),
        InputColumn("effect", "in units, more being better"),
        InputColumn("draw", "which draw of what is uncertain; the same for every option", optional=True))),),
    outputs=(
        Output("rows", "per option: cost, effect, status, dominated_by, incremental_ratio, net_benefit by threshold"),
        Output("frontier", "options that nothing beats, cheapest first"),
        Output("dominated", "options that cost no less and give no more than another"),
        Output("extendedly_dominated", "options that a mixture of two others beats"),
        Output("thresholds", "per threshold: whose, from when until when, best, probability, perfect_information"),
        Output("curve", "with draws: how often each option is worth most, by threshold", sometimes=True),
        Output("perfect_information", "with draws, by threshold: its expected value for one decision", sometimes=True),
        Output("perfect_information_for_all", "and for all the people of all the years", sometimes=True)),
    source="Johannesson & Weinstein (1993), Journal of Health Economics 12, 459-467; Stinnett & Mullahy (1998), "
           "Medical Decision Making 18, S68-S80; Fenwick, Claxton & Sculpher (2001), Health Economics 10, 779-787; "
           "Claxton (1999), Journal of Health Economics 18, 341-364.",
    version="1",
    cannot_tell=(
        "What a unit of effect should be worth. A threshold is a body's decision, with a date, for some uses only.",
        "Who gains and who loses: a unit counts the same whoever has it.",
        "Whether the money can be had. Value for money is not the same as being affordable.",
        "Anything beyond the draws: what they leave out is not uncertain here."),
    example="appraise value sample:value-draws --people 1200")
