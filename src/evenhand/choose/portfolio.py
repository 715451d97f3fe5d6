"""Which few schemes: the plan worth most within the limits, how sure, what binds, and what fewer would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.catalogue import Input, Method, Output, setting, settings_document, with_options
from evenhand.choose import show
from evenhand.choose.clashes import Relaxation, clashing_sets, relaxations
from evenhand.choose.neighbours import by_number, fewest, next_best
from evenhand.choose.programme import Plan, Programme, Rule
from evenhand.choose.reading import read_programmes
from evenhand.choose.resources import amount
from evenhand.choose.search import Effort, Found, best_plan, relaxed
from evenhand.data.models import read_model
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import refuse
from evenhand.terms.words import counted, listed, per_cent

MOST_NAMED = 12
NEARLY_USED_UP = 0.95
NO_PLAN: dict[str, Any] = {
    "chosen": None, "start_year": None, "number_of_schemes": None, "objective": None, "bound": None, "gap": None,
    "value_in_parts": None, "limits": [], "slack": {}, "price": {}, "next_best": [], "value_by_number": []}


@dataclass(frozen=True)
class Settings:
    """How hard to look, and how much to say."""

    gap: float = setting(0.005, "Gap that is good enough", "how far the best possible plan may lie above the one "
                         "given; 0 asks for proof", common=True)
    next_best: int = setting(5, "Next best plans", "how many further plans to give", common=True)
    time_limit: float | None = setting(None, "Seconds for each search", "stopping by the clock may give another plan "
                                       "on another run", unit="seconds")
    nodes: int = setting(1_000_000, "Nodes for each search", "stopping by nodes gives the same plan on every run")

    def __post_init__(self) -> None:
        if not 0 <= self.gap < 1:
            raise refuse("a gap lies between 0 and 1", "write 0.005 for half a per cent, 0 for proof", column="--gap",
                         value=self.gap)
        if not 0 <= self.next_best <= 50:
            raise refuse("between 0 and 50 further plans can be given", "write for example 5", column="--next-best",
                         value=self.next_best)
        if self.time_limit is not None and self.time_limit <= 0:
            raise refuse("a time limit is more than 0 seconds", "write for example 60", column="--time-limit",
                         value=self.time_limit)
        if self.nodes < 1:
            raise refuse("at least one node is needed", "write for example 100000", column="--nodes", value=self.nodes)


def portfolio(model: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """The schemes that are worth most together within every limit, how near proof that is, and what fewer would give.

    Args:
        model: a JSON model. Either ``value`` (a number a project), ``usage`` (limits x projects) and ``limit``; or
            ``schemes``, each with ``id``, ``value``, amounts by year (``cost``, ``saving``, ``staff`` or any other:
            a list, or an object by year), ``gain`` by organisation, ``start_years`` where it may begin in several; with
            ``years``, ``limits`` (by the schemes' fields; a number, or by year), ``floors`` by organisation,
            ``at_most`` and ``at_least`` schemes, ``requires`` ([a, b]: a only with b, begun no later), ``excludes`` and
            ``must``; or ``instances``, a list of such models. A scheme's amounts move with its start.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings by name.

    Returns:
        An answer with the plan, its value (``objective``), what no plan can exceed (``bound``), the slack of each
        limit, and its price: what a little more of it would add if schemes could be taken in part. Where no plan keeps
        the rules: the smallest sets of rules that clash, and the least changes that would let one through.

    Raises:
        Refused: a dependency on an unknown scheme, a missing value, a negative cost, a row of usage of the wrong
            length.

    Source:
        Lorie & Savage (1955), Journal of Business 28, 229-239; Weingartner (1963), Mathematical Programming and the
        Analysis of Capital Budgeting Problems; solved with HiGHS (Huangfu & Hall 2018, Mathematical Programming
        Computation 10, 119-142).
    """
    chosen = with_options(Settings, settings, options)
    read = read_model(model)
    programmes, several = read_programmes(read)
    results = [_result(each, chosen) for each in programmes]
    made_from = (MadeFrom(read.name, read.digest),)
    document = settings_document(chosen)
    if several:
        rows = [{"id": programme.id, **result.fields} for programme, result in zip(programmes, results, strict=True)]
        remarks = dict.fromkeys(remark for result in results for remark in result.remarks)
        return Answer(METHOD_NAME, document, made_from, _sentence_of_several(programmes, results), {"rows": rows},
                      _table_of_several(programmes, results), tuple(remarks), show.portfolio)
    (programme,), (result,) = programmes, results
    tables = _tables_of_clashes(result.fields) if result.fields["feasible"] is False else (
        _table(programme, result), *_more_tables(result.fields))
    return Answer(METHOD_NAME, document, made_from, result.sentence, result.fields, tables[0], result.remarks,
                  show.portfolio, more_tables=tables[1:])


@dataclass(frozen=True)
class Result:
    """What is found for one programme: its fields of the answer, its sentence and its remarks."""

    fields: Mapping[str, Any]
    sentence: str
    remarks: tuple[str, ...]
    plans: tuple[Plan, ...] = ()


def _result(programme: Programme, chosen: Settings) -> Result:
    effort = Effort(chosen.gap, chosen.nodes, chosen.time_limit)
    found = best_plan(programme, effort)
    if found.plan is None:
        return _nothing_feasible(programme, found)
    found = fewest(programme, found, effort)
    others = next_best(programme, found, chosen.next_best, effort)
    if others and others[0].plan is not None and found.plan is not None and others[0].plan.value > found.plan.value:
        # A search that stopped early can be overtaken by one that was kept away from its plan.
        found, others = Found(others[0].plan, found.bound, found.stop), [found, *others[1:]]
    curve = by_number(programme, found, effort)
    return _feasible(programme, found, others, curve)


# --- answers ----------------------------------------------------------------------------------------------------------


def _feasible(programme: Programme, found: Found, others: Sequence[Found], curve: list[dict[str, Any]]) -> Result:
    plan, gap = found.plan, found.gap
    assert plan is not None
    limits, worth = _limits(programme, plan)
    further = [_other(programme, each, plan, gap) for each in others]
    starts = {str(programme.schemes[programme.columns[place].scheme]): programme.columns[place].year
              for place in plan.columns if programme.columns[place].year is not None}
    fields = {
        "feasible": True, "chosen": plan.keys(programme), "start_year": starts or None,
        "number_of_schemes": len(plan.schemes(programme)), "objective": plan.value, "bound": found.bound, "gap": gap,
        "proved": gap == 0.0, "stopped_by": found.stop, "value_in_parts": worth, "limits": limits,
        "slack": {each["limit"]: each["slack"] for each in limits},
        "price": {each["limit"]: each["price"] for each in limits},
        "next_best": further, "value_by_number": curve, "clashes": [], "relaxations": []}
    remarks = [*programme.remarks, *_search_said(found), *_told_apart(further, gap, plan)]
    if worth is not None:
        remarks.append("The price of a limit is what a little more of it would add if schemes could be taken in part; "
                       "schemes are whole, so a small amount more may add nothing, and a large one more or less than "
                       "the price says.")
    plans = (plan, *(each.plan for each in others if each.plan is not None))
    return Result(fields, _sentence(programme, fields), tuple(remarks), plans)


def _limits(programme: Programme, plan: Plan) -> tuple[list[dict[str, Any]], float | None]:
    """Each limit, floor and count with what the plan uses of it, and its price where schemes could be taken in part."""
    parts = relaxed(programme)
    prices: dict[int, float] = {}
    if parts is not None:
        place = 0
        for at, rule in enumerate(programme.rules):
            prices[at] = parts[1][place]
            place += len(rule.rows)
    found = []
    for at, rule in enumerate(programme.rules):
        if not rule.is_amount:
            continue
        (row,) = rule.rows
        used = sum(row.uses[place] for place in plan.columns)
        slack = rule.bound - used if row.high is not None else used - rule.bound
        found.append({"limit": rule.name, "kind": rule.kind, "bound": rule.bound, "used": used, "slack": slack,
                      "price": prices.get(at)})
    return found, None if parts is None else parts[0]


def _other(programme: Programme, other: Found, plan: Plan, gap: float | None) -> dict[str, Any]:
    assert other.plan is not None
    worse_by = plan.value - other.plan.value
    within = (gap or 0.0) * abs(plan.value)
    return {"value": other.plan.value, "chosen": other.plan.keys(programme), "worse_by": worse_by,
            "told_apart": worse_by > max(within, 1e-9 * max(1.0, abs(plan.value)))}


def _search_said(found: Found) -> list[str]:
    if found.gap == 0.0:
        return []
    by = {"time": "the seconds allowed; on another run or machine the plan may differ", "nodes": "the nodes allowed",
          "gap": "the gap asked", "proved": "its own tolerance", "infeasible": "having nothing left"}[found.stop]
    above = "" if found.gap is None else f" A better plan could be worth up to {per_cent(found.gap, digits=2)} more."
    return [f"The search stopped at {by}.{above} Say --gap 0 for proof."]


def _told_apart(further: Sequence[Mapping[str, Any]], gap: float | None, plan: Plan) -> list[str]:
    level = [each for each in further if not each["told_apart"]]
    if not level:
        return []
    if gap:
        return [f"{counted(len(level), 'further plan')} {'lies' if len(level) == 1 else 'lie'} within the gap: the "
                "search cannot rank them below the one given."]
    return [f"{counted(len(level), 'further plan')} {'is' if len(level) == 1 else 'are'} worth just as much: between "
            "them value does not decide."]


def _nothing_feasible(programme: Programme, found: Found) -> Result:
    if found.stop != "infeasible":
        empty: dict[str, Any] = {"feasible": None, **NO_PLAN, "bound": found.bound, "proved": False,
                                 "stopped_by": found.stop, "clashes": [], "relaxations": []}
        return Result(empty, "No plan was found before the search stopped; whether there is one is not known.",
                      ("Allow more time or more nodes.",))
    sets = clashing_sets(programme)
    ways = relaxations(programme, sets) if sets else []
    fields: dict[str, Any] = {
        "feasible": False, **NO_PLAN, "proved": True, "stopped_by": "infeasible",
        "clashes": [{"limits": [rule.name for rule in each], "words": _clash(each)} for each in sets],
        "relaxations": [_relaxation(programme, each) for each in ways]}
    least = f" The least change: {fields['relaxations'][0]['words']}." if ways else ""
    sentence = f"No plan keeps all the rules. {_clash(sets[0])}.{least}" if sets else "No plan keeps all the rules."
    remarks = [*programme.remarks]
    if len(sets) > 1:
        remarks.append(f"{len(sets)} sets of rules clash; each must be broken by changing one of its rules.")
    return Result(fields, sentence, tuple(remarks))


def _clash(rules: Sequence[Rule]) -> str:
    if len(rules) == 1:
        return f"This cannot be kept by any plan: {rules[0].words}"
    return f"These cannot be kept together: {'; '.join(rule.words for rule in rules)}"


def _relaxation(programme: Programme, way: Relaxation) -> dict[str, Any]:
    said = [f"{change.rule.name} from {amount(change.rule.bound)} to {amount(change.to)}" if change.to is not None
            else f"drop “{change.rule.words}”" for change in way.changes]
    return {"words": listed(said),
            "changes": [{"limit": change.rule.name, "from": change.rule.bound if change.to is not None else None,
                         "to": change.to, "by": change.by} for change in way.changes],
            "chosen": way.plan.keys(programme), "value": way.plan.value}


# --- words and tables -------------------------------------------------------------------------------------------------


def _sentence(programme: Programme, fields: Mapping[str, Any]) -> str:
    chosen, value = fields["chosen"], fields["objective"]
    named = dict(zip(programme.schemes, programme.names, strict=True))
    if not chosen:
        return "The best plan within the limits is to do none of the schemes: nothing that is worth doing fits."
    what = (f"Take {listed([named[key] for key in chosen])}" if len(chosen) <= MOST_NAMED and isinstance(chosen[0], str)
            else f"Take numbers {listed([str(key) for key in chosen])}" if len(chosen) <= MOST_NAMED
            else f"Take {len(chosen)} of {len(programme.schemes)}")
    sure = ("no plan within the limits is worth more" if fields["proved"]
            else f"no plan can be worth more than {amount(round(fields['bound'], 6))}")
    parts = [f"{what}: worth {amount(value)}{' together' if len(chosen) > 1 else ''}, and {sure}."]
    apart = [each for each in fields["next_best"] if each["told_apart"]]
    level = len(fields["next_best"]) - len(apart)
    if level:
        parts.append(f"{counted(level, 'other plan').capitalize()} cannot be ranked below it.")
    elif apart:
        parts.append(f"The next best plan gives {amount(apart[0]['value'])}.")
    parts += _fewer_said(fields)
    tight = [each["limit"] for each in fields["limits"] if each["kind"] == "limit" and each["bound"] > 0
             and each["used"] >= NEARLY_USED_UP * each["bound"]]
    if tight:
        most = tight if len(tight) <= 3 else [*tight[:3], f"{len(tight) - 3} more"]
        parts.append(f"Used up, or nearly: {listed(most)}.")
    return " ".join(parts)


def _fewer_said(fields: Mapping[str, Any]) -> list[str]:
    """How far fewer schemes would go: the smallest number that gives four fifths of the value."""
    value, own = fields["objective"], fields["number_of_schemes"]
    enough = [row for row in fields["value_by_number"] if row["value"] is not None and row["schemes"] < own
              and row["value"] >= 0.8 * value > 0]
    if not enough:
        return []
    row = min(enough, key=lambda each: each["schemes"])
    return [f"With {row['schemes']} at most, {per_cent(row['value'] / value)} of that value could be had."]


def _table(programme: Programme, result: Result) -> Table:
    plans = result.plans
    rows = []
    for place, (key, name) in enumerate(zip(programme.schemes, programme.names, strict=True)):
        worth = max(programme.columns[column].value for column in programme.columns_of(place))
        taken = bool(plans) and place in plans[0].schemes(programme)
        start = (result.fields["start_year"] or {}).get(str(key))
        among = sum(place in plan.schemes(programme) for plan in plans)
        rows.append({"scheme": str(key), "name": name, "chosen": taken, "start": None if start is None else str(start),
                     "value": worth,
                     "in_best_plans": f"{among} of {len(plans)}" if plans else None})
    rows.sort(key=lambda row: not row["chosen"])
    columns = [Column("scheme"), *([Column("name")] if programme.names != tuple(map(str, programme.schemes)) else []),
               Column("chosen"), *([Column("start", "Starts")] if result.fields["start_year"] else []),
               show.amounts("value", "Value", rows), Column("in_best_plans", "In the best plans")]
    return Table.of(rows, columns, title="Schemes")


def _tables_of_clashes(fields: Mapping[str, Any]) -> tuple[Table, ...]:
    ways = Table.of([{**each, "chosen": listed([str(key) for key in each["chosen"]])}
                     for each in fields["relaxations"]],
                    [Column("words", "Change"), Column("chosen", "Lets through"),
                     show.amounts("value", "Value", fields["relaxations"])], title="What would let a plan through")
    clashes = Table.of([{"words": each["words"]} for each in fields["clashes"]],
                       [Column("words", "What cannot be kept")], title="Rules that clash")
    return (ways, clashes) if fields["relaxations"] else (clashes,)


def _more_tables(fields: Mapping[str, Any]) -> tuple[Table, ...]:
    limits = Table.of(fields["limits"], [
        Column("limit"), *(show.amounts(name, title, fields["limits"]) for name, title in (
            ("bound", "Most or least"), ("used", "Used"), ("slack", "Left"))),
        Column("price", "Price", "number", 4)], title="Limits")
    further = Table.of([{**each, "chosen": listed([str(key) for key in each["chosen"]])}
                        for each in fields["next_best"]],
                       [show.amounts("value", "Value", fields["next_best"]), Column("chosen", "Schemes"),
                        Column("told_apart", "Told apart from the plan")], title="Next best plans")
    return (limits, show.curve_table(fields), further)


def _sentence_of_several(programmes: Sequence[Programme], results: Sequence[Result]) -> str:
    done = [(programme.id, result.fields) for programme, result in zip(programmes, results, strict=True)]
    said = [f"{name} {amount(fields['objective'])}" if fields["feasible"] else f"{name}: no plan"
            for name, fields in done]
    proved = sum(bool(fields["proved"] and fields["feasible"]) for _, fields in done)
    return (f"{counted(len(done), 'programme')}: {listed(said[:MOST_NAMED])}"
            f"{' and more' if len(said) > MOST_NAMED else ''}; {proved} of {len(done)} proved best.")


def _table_of_several(programmes: Sequence[Programme], results: Sequence[Result]) -> Table:
    rows = [{"id": programme.id, **result.fields,
             "chosen": listed([str(key) for key in result.fields["chosen"]]) if result.fields["feasible"] else None}
            for programme, result in zip(programmes, results, strict=True)]
    return Table.of(rows, [Column("id", "Programme"), show.amounts("objective", "Value", rows),
                           show.amounts("bound", "Bound", rows), Column("gap", "Gap", "share"),
                           Column("chosen", "Schemes")], title="Programmes")


METHOD_NAME = MethodName("choose portfolio", "1", "Lorie & Savage (1955); Weingartner (1963); HiGHS")

METHOD = Method(
    room="choose", name="portfolio", title="Few schemes within the limits",
    question="Which few schemes are worth most together, and what would more or fewer give?",
    function=portfolio, settings=Settings,
    inputs=(Input("model", "a JSON model: schemes with values and what they use, limits, floors, dependencies",
                  kind="model"),),
    outputs=(
        Output("chosen", "the schemes of the plan, as the model names them; numbers from 1 where it does not"),
        Output("start_year", "when each begins, in a model with years"),
        Output("objective", "what the plan is worth; bound: what no plan can exceed; gap: how far apart, relative"),
        Output("proved", "whether no better plan exists; stopped_by: what ended the search"),
        Output("slack", "what each limit leaves over; limits: bound, used, slack and price of each"),
        Output("price", "what a little more of each limit would add if schemes could be taken in part"),
        Output("value_in_parts", "what the best would be worth if they could"),
        Output("next_best", "further plans: value, chosen, worse_by, told_apart (false: do not rank them)"),
        Output("value_by_number", "the best value with at most so many schemes"),
        Output("clashes", "where nothing is feasible: the smallest sets of rules that clash, in words"),
        Output("relaxations", "and the least changes that would let a plan through"),
        Output("rows", "for a file of several instances: all of this for each", sometimes=True)),
    source="Lorie & Savage (1955), Journal of Business 28, 229-239; Weingartner (1963), Mathematical Programming and "
           "the Analysis of Capital Budgeting Problems; clashes: Chinneck (2008), Feasibility and Infeasibility in "
           "Optimization; solver: HiGHS (Huangfu & Hall 2018).",
    version="1",
    cannot_tell=(
        "Whether the values are right. They are taken as certain; a plan that leads by less than they could be wrong "
        "does not lead.",
        "What schemes do to each other, beyond what the model says of which need and which exclude each other. Savings "
        "that two schemes both claim are counted twice unless it says so.",
        "Whether the people who must do the work can. A limit on staff or effort says it only as far as it is given.",
        "What a limit is worth for a whole step more: its price holds for a little, with schemes taken in part."),
    example="choose portfolio sample:portfolio-schemes")
