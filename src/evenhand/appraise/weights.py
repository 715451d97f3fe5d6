"""Weights of criteria from what people answer: by person, by group, and all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, log
from typing import Any, Literal

from evenhand.appraise import weights_figures
from evenhand.appraise.weights_read import Answers, Person, as_model, of_model, of_table
from evenhand.appraise.weights_rules import ACCEPTABLE, RANKED, shares
from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data.models import Model
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import refuse
from evenhand.terms.words import counted, figure, listed, per_cent

MOST_CRITERIA = 1_000
TELLING = 0.05


@dataclass(frozen=True)
class Settings:
    """How answers become weights, and how people are put together."""

    method: Literal["swing", "points", "rank-order-centroid", "rank-sum", "rank-reciprocal", "pairwise"] = setting(
        "points", "How people were asked", "swing: 100 for the step from worst to best that matters most, the others "
        "beside it; points: shared out; the three of ranks: 1 for the heaviest; pairwise: how many times as much one "
        "counts as another", common=True)
    together: Literal["people", "groups"] = setting(
        "people", "Who counts alike overall", "people: each person; groups: each group, however many it has",
        common=True)
    mean: Literal["arithmetic", "geometric"] = setting(
        "arithmetic", "Mean", "geometric is usual for comparisons in pairs; one nought then makes the mean nought")


def weights(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """Weights of criteria from what people answer: each person's, each group's, and those of all together.

    Args:
        table: one row per person and criterion: ``criterion`` and ``points`` (or ``weight``) or ``rank``; ``person``
            by identifier and ``group`` where there are several; ``worst`` and ``best``, the ends that a weight was
            given for. For ``pairwise``: ``first``, ``second``, ``times``. A JSON model with ``criteria`` and
            ``criteria_comparisons`` does for one person's comparisons; with ``n_criteria``, weights by rank alone.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings by name.

    Returns:
        An answer with ``rows`` (per criterion: weight, and the least and most of anybody), ``overall``, ``groups`` and
        ``people``; all weights are shares of 1. Comparisons have a ``consistency``: a ratio above 0.1 says that they
        contradict each other too much.

    Raises:
        Refused: a person who answered for some criteria only, or twice; a name where an identifier belongs.

    Source:
        Swing: von Winterfeldt & Edwards (1986), Decision Analysis and Behavioral Research, section 8.3. Ranks: Barron &
        Barrett (1996), Management Science 42(11), 1515-1523. Pairs: Saaty (1977), Journal of Mathematical Psychology
        15, 234-281, section 3.
    """
    chosen = with_options(Settings, settings, options)
    model = as_model(table)
    if model is not None and "n_criteria" in model.content:
        return _by_number(model, chosen)
    if model is not None:
        if chosen.method != "pairwise":
            raise refuse("a model holds comparisons in pairs", "say --method pairwise", file=model.name,
                         column="--method", value=chosen.method)
        read = of_model(model)
    else:
        read = of_table(table, chosen.method)
    groups = _groups(read, chosen)
    if chosen.together == "groups" and not read.has_groups:
        raise refuse("the table names no groups", "add a column group, or leave --together out", file=read.name,
                     column="--together", value=chosen.together)
    overall = _mean([each["weights"] for each in groups] if chosen.together == "groups"
                    else [_named(read, each.weights) for each in read.people], read.criteria, chosen.mean)
    rows = _rows(read, overall, groups)
    people = [_person(read, each) for each in read.people]
    fields: dict[str, Any] = {
        "rows": rows, "overall": overall, "groups": groups, "people": people,
        **({} if chosen.method != "pairwise" else {
            "consistency": [{"person": each["person"], **each["consistency"]} for each in people]})}
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(read.name, read.digest),),
        sentence=_sentence(read, rows, groups), fields=fields, table=_table(rows, groups),
        remarks=(*read.remarks, *_remarks(read, chosen)), draw=weights_figures.weights,
        more_tables=(_people_table(read, people),))


def _named(read: Answers, given: Sequence[float]) -> dict[str, float]:
    return dict(zip(read.criteria, given, strict=True))


def _mean(each: Sequence[Mapping[str, float]], criteria: Sequence[str], kind: str) -> dict[str, float]:
    """The mean of several sets of weights, made to sum to 1 again."""
    if kind == "arithmetic":
        return {name: fsum(one[name] for one in each) / len(each) for name in criteria}
    means = [exp(fsum(log(one[name]) for one in each) / len(each)) if all(one[name] > 0 for one in each) else 0.0
             for name in criteria]
    if not fsum(means):
        raise refuse("every criterion has a nought from somebody, so no geometric mean is left",
                     "say --mean arithmetic", column="--mean")
    return dict(zip(criteria, shares(means), strict=True))


def _groups(read: Answers, chosen: Settings) -> list[dict[str, Any]]:
    if not read.has_groups:
        return []
    found = []
    for group in dict.fromkeys(each.group for each in read.people):
        members = [_named(read, each.weights) for each in read.people if each.group == group]
        found.append({"group": group, "people": len(members), "weights": _mean(members, read.criteria, chosen.mean)})
    return found


def _rows(read: Answers, overall: Mapping[str, float], groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for place, name in enumerate(read.criteria):
        given = [each.weights[place] for each in read.people]
        ends = read.ends.get(name)
        rows.append({"criterion": name, "weight": overall[name], "least": min(given), "most": max(given),
                     "by_group": {each["group"]: each["weights"][name] for each in groups},
                     "worst": ends and ends[0], "best": ends and ends[1]})
    return rows


def _person(read: Answers, person: Person) -> dict[str, Any]:
    row: dict[str, Any] = {"person": person.person, "group": person.group or None,
                           "weights": _named(read, person.weights)}
    if person.consistency is not None:
        found = person.consistency
        again = found.look_again
        row["consistency"] = {
            "ratio": found.ratio, "index": found.index, "lambda_max": found.lambda_max,
            "random_index": found.random_index, "acceptable": found.is_acceptable,
            "look_again": None if again is None else {
                "first": read.criteria[again[0]], "second": read.criteria[again[1]], "said": again[2],
                "implied": again[3]}}
    return row


# --- weights by rank alone --------------------------------------------------------------------------------------------


def _by_number(model: Model, chosen: Settings) -> Answer:
    """Weights by rank for so many criteria, by each of the three rules."""
    given = model.content["n_criteria"]
    numbers = given if isinstance(given, list) else [given]
    wrong = [each for each in numbers if not isinstance(each, int) or isinstance(each, bool)
             or not 1 <= each <= MOST_CRITERIA]
    if wrong or not numbers:
        raise refuse(f"“n_criteria” is not a whole number from 1 to {MOST_CRITERIA:,}", "write [3, 4]", file=model.name,
                     column="n_criteria", value=wrong[0] if wrong else "none")
    found = {str(number): {name.replace("-", "_"): rule(number) for name, rule in RANKED.items()} for number in numbers}
    rows = [{"criteria": number, "rank": rank + 1, **{name: each[rank] for name, each in found[str(number)].items()}}
            for number in numbers for rank in range(number)]
    largest = max(numbers)
    first = found[str(largest)]
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(model.name, model.digest),),
        sentence=f"With {counted(largest, 'criterion', 'criteria')} in order, the heaviest has "
                 f"{per_cent(first['rank_order_centroid'][0])} of the weight by rank-order centroid, "
                 f"{per_cent(first['rank_sum'][0])} by rank sum and {per_cent(first['rank_reciprocal'][0])} by rank "
                 "reciprocal.",
        fields={"rows": rows, "overall": None, "groups": [], "people": [], "by_number": found},
        table=Table.of(rows, columns=[Column("criteria", "Criteria", "count"), Column("rank", "Rank", "rank"), *(
            Column(name, name.replace("_", " ").capitalize(), "share") for name in first)], title="Weights by rank"))


# --- words and tables -------------------------------------------------------------------------------------------------


def _sentence(read: Answers, rows: Sequence[Mapping[str, Any]], groups: Sequence[Mapping[str, Any]]) -> str:
    ordered = sorted(rows, key=lambda row: -row["weight"])
    if len(rows) == 1:
        return f"{ordered[0]['criterion']} is the only criterion and has all the weight."
    most, least = ordered[0], ordered[-1]
    several = len(read.people) > 1
    said = [(f"Across {counted(len(read.people), 'person', 'people')}, " if several else "")
            + f"{most['criterion']} counts most, with {per_cent(most['weight'])} of the weight"
            + (f" (from {per_cent(most['least'])} to {per_cent(most['most'])})" if several else "")
            + f"; {least['criterion']} counts least, with {per_cent(least['weight'])}."]
    said[0] = said[0][:1].upper() + said[0][1:]
    if len(groups) > 1:
        apart = max(rows, key=lambda row: max(row["by_group"].values()) - min(row["by_group"].values()))
        by_group = apart["by_group"]
        high, low = max(by_group, key=by_group.__getitem__), min(by_group, key=by_group.__getitem__)
        if by_group[high] - by_group[low] >= TELLING:
            said.append(f"Groups differ most on {apart['criterion']}: {per_cent(by_group[high])} for {high}, "
                        f"{per_cent(by_group[low])} for {low}.")
        else:
            said.append("The groups hardly differ.")
    loose = [each for each in read.people if each.consistency and each.consistency.is_acceptable is False]
    if loose:
        said.append("The comparisons contradict each other too much to rely on." if not several else
                    f"The comparisons of {len(loose)} of {len(read.people)} contradict each other too much to rely on.")
    return " ".join(said)


def _remarks(read: Answers, chosen: Settings) -> list[str]:
    said = []
    if chosen.method in ("swing", "points") and not read.ends:
        said.append("The table does not say the worst and best of each criterion (columns worst and best): a weight is "
                    "for a step from one to the other, and means little without them.")
    if chosen.method == "swing":
        off = [each.person for each in read.people if each.most is not None and abs(each.most - 100) > 1e-9]
        if off:
            said.append(f"{_few(off)} gave nothing 100: the answers are taken in proportion.")
    if chosen.method == "points":
        sums = sorted({round(each.given, 6) for each in read.people if each.given is not None})
        if len(sums) > 1:
            said.append(f"People shared out from {sums[0]:g} to {sums[-1]:g} points: each is divided by their own sum.")
    for each in read.people:
        found = each.consistency
        if found is None or found.is_acceptable is not False or found.look_again is None or found.ratio is None:
            continue
        one, other, said_times, implied = found.look_again
        said.append(f"{each.person[:1].upper() + each.person[1:]}: the ratio of consistency is {figure(found.ratio)}, "
                    f"above {ACCEPTABLE}. Look again at {read.criteria[one]} beside {read.criteria[other]}: "
                    f"{figure(said_times)} times was said, and the other answers point to {figure(implied)}.")
    if any(each.consistency and each.consistency.ratio is None for each in read.people):
        said.append("No ratio of consistency is published for more than 15 criteria.")
    if chosen.together == "people" and read.has_groups:
        sizes = {group: sum(each.group == group for each in read.people)
                 for group in dict.fromkeys(each.group for each in read.people)}
        if len(set(sizes.values())) > 1:
            told = listed([f"{count} of {group}" for group, count in sizes.items()])
            said.append(f"Each person counts alike overall, so larger groups count for more ({told}); --together "
                        "groups makes groups count alike.")
    return said


def _few(names: Sequence[str]) -> str:
    return listed(list(names)) if len(names) <= 5 else f"{listed(list(names[:4]))} and {len(names) - 4} more"


def _table(rows: Sequence[Mapping[str, Any]], groups: Sequence[Mapping[str, Any]]) -> Table:
    flat = [{**row, **{f"group_{name}": weight for name, weight in row["by_group"].items()},
             "range": (row["least"], row["most"])} for row in sorted(rows, key=lambda row: -row["weight"])]
    ends = [Column("worst"), Column("best")] if any(row["worst"] for row in rows) else []
    return Table.of(flat, columns=[
        Column("criterion"), Column("weight", "Weight", "share"), *(
            Column(f"group_{each['group']}", str(each["group"])[:1].upper() + str(each["group"])[1:], "share")
            for each in groups), Column("least", "Least of anybody", "share"), Column("most", "Most", "share"), *ends],
        title="Weights")


def _people_table(read: Answers, people: Sequence[Mapping[str, Any]]) -> Table:
    rows = [{"person": each["person"], "group": each["group"],
             **{f"weight_{name}": weight for name, weight in each["weights"].items()},
             "ratio": each.get("consistency", {}).get("ratio")} for each in people]
    more = [Column("ratio", "Ratio of consistency", "number")] if people and "consistency" in people[0] else []
    return Table.of(rows, columns=[
        Column("person"), *([Column("group")] if read.has_groups else []),
        *(Column(f"weight_{name}", name[:1].upper() + name[1:], "share") for name in read.criteria), *more],
        title="Weights by person")


METHOD_NAME = MethodName("appraise weights", "1", "von Winterfeldt & Edwards (1986); Barron & Barrett (1996); "
                         "Saaty (1977)")

METHOD = Method(
    room="appraise", name="weights", title="Weights from what people say",
    question="How much does each criterion count, for whom, and where do people differ?",
    function=weights, settings=Settings,
    inputs=(Input("table", "answers by person and criterion, or a JSON model of comparisons in pairs", (
        InputColumn("criterion", "what is weighed (not for pairwise)", optional=True),
        InputColumn("points", "for swing and points; weight does as well", optional=True),
        InputColumn("rank", "for the three of ranks: 1 for the heaviest; equals share", optional=True),
        InputColumn("first", "for pairwise: one criterion", optional=True),
        InputColumn("second", "and another", optional=True),
        InputColumn("times", "how many times as much the first counts", optional=True),
        InputColumn("person", "by identifier, never by name", optional=True),
        InputColumn("group", "whom the person speaks for", optional=True),
        InputColumn("worst", "the worst end the weight was given for, in words", optional=True),
        InputColumn("best", "and the best", optional=True))),),
    outputs=(
        Output("rows", "per criterion: weight, least and most of anybody, by_group, worst, best"),
        Output("overall", "criterion: weight, all together"),
        Output("groups", "per group: people, weights"),
        Output("people", "per person: group, weights, and for pairwise the consistency"),
        Output("consistency", "for pairwise, by person: ratio, index, lambda_max, acceptable (at most 0.1), look_again",
               sometimes=True),
        Output("by_number", "for a model with n_criteria: weights by rank alone", sometimes=True)),
    source="von Winterfeldt & Edwards (1986), Decision Analysis and Behavioral Research; Barron & Barrett (1996), "
           "Management Science 42(11), 1515-1523; Stillwell, Seaver & Edwards (1981), Organizational Behavior and "
           "Human Performance 28, 62-77; Saaty (1977), Journal of Mathematical Psychology 15, 234-281.",
    version="1",
    cannot_tell=(
        "Whose weights should count. A mean is nobody's view, and hides those who differ: look at the groups.",
        "Whether people understood the ends of the scales. A weight is for the step from worst to best, not for how "
        "important something sounds.",
        "What people would have said to another question. The way of asking changes what single people say more than "
        "what groups do.",
        "How far apart ranked criteria are: the rules of ranks put figures where people gave an order only."),
    example="appraise weights sample:weights-by-group")
