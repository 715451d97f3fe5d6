"""What schemes use and what limits there are on it, turned into rules over the columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evenhand.choose.programme import Key, Row, Rule, Start, Year
from evenhand.data.models import Model
from evenhand.terms import Problem, Refused, closest, refuse
from evenhand.terms.words import listed

VALUE_NAMES = ("value", "benefit_points", "net_present_value", "benefit", "profit", "points", "npv")
OWN_RULES = {"limits", "floors", "at_most", "at_most_schemes", "at_least", "at_least_schemes", "requires", "excludes",
             "must", "must_include"}
LARGEST = 1e100
SHARE = re.compile(r"^at_least_share_of_(?:benefit|value)_to_(.+)$")
BY_YEAR = re.compile(r"^(.+)_limit_by_year$")
PLAIN = re.compile(r"^(.+)_limit$")


@dataclass(frozen=True)
class Sheet:
    """A model's schemes beside its columns, for making rules.

    ``starts`` holds, by place, the first possible year of each scheme that has a choice of starts.
    """

    model: Model
    years: Sequence[Year]
    keys: Sequence[Key]
    entries: Sequence[Mapping[str, Any]]
    columns: Sequence[Start]
    listing: str
    starts: Mapping[int, int] = field(default_factory=dict)

    def place(self, key: Any, *, rule: str) -> int:
        """Where a scheme stands; refuses one that is not there, naming the closest."""
        by_text = {str(each): place for place, each in enumerate(self.keys)}
        if str(key) not in by_text:
            near = closest(str(key), by_text, count=1)
            raise refuse(f"“{rule}” names a scheme that is not in the model",
                         f"did you mean {near[0]}?" if near else f"there are {listed(list(by_text)[:12])}",
                         file=self.model.name, column=rule, value=key)
        return by_text[str(key)]

    def picks(self, place: int, *, until: int | None = None) -> list[float]:
        """The columns that choose a scheme, by a year at the latest where one is named, as 0 and 1."""
        order: list[Year | None] = list(self.years)
        return [float(column.scheme == place and (until is None or order.index(column.year) <= until))
                for column in self.columns]


def is_number(value: Any) -> bool:
    """Whether JSON gave a number that arithmetic can bear."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST


def said(value: Any) -> str | None:
    """A value as a message shows it."""
    return None if value is None else str(value)


def amount(value: float) -> str:
    """An amount as a reader writes it: 2,942 or 0.33."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def in_year(year: Year) -> str:
    """``in year 1`` for a number, ``in 2027/28`` for a name."""
    return f"in year {year}" if isinstance(year, int) and year < 1000 else f"in {year}"


def words_of(name: str) -> str:
    """A field's name as a reader says it."""
    return name.replace("_", " ")


# --- limits on what schemes use ---------------------------------------------------------------------------------------


def resource_rules(sheet: Sheet, content: Mapping[str, Any], constraints: Mapping[str, Any]
                   ) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Limits, floors and shares of the model, and what to say of amounts that fall after its last year."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    late: set[Key] = set()
    wanted: list[tuple[str, str, Any]] = []
    for key, bound in constraints.items():
        if (found := BY_YEAR.match(key)) or (found := PLAIN.match(key)):
            wanted.append((key, found[1], bound))
        elif found := SHARE.match(key):
            rules.append(_share(sheet, key, found[1], bound))
        elif key not in OWN_RULES:
            near = closest(key, [*OWN_RULES, "cost_limit_by_year", "net_cost_limit_by_year", "staff_limit_by_year"],
                           count=1)
            problems.append(Problem("there is no rule of this name",
                                    f"did you mean {near[0]}?" if near else "write THING_limit, THING_limit_by_year, "
                                    f"or one of {listed(sorted(OWN_RULES), joint='or')}", sheet.model.name, None,
                                    "constraints", key))
    for source in (constraints, content):
        limits = source.get("limits", {})
        if not isinstance(limits, Mapping):
            raise refuse("“limits” is not an object", "write {\"cost\": {\"2027/28\": 400}}", file=sheet.model.name,
                         column="limits")
        wanted += [(f"limits.{key}", key, bound) for key, bound in limits.items()]
        if source is constraints and constraints is content:
            break
    wanted += _budget(sheet, content)
    for key, resource, bound in wanted:
        try:
            rules += _limits(sheet, key, resource, bound, late)
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    rules += [rule for source in (constraints, content) for rule in _floors(sheet, source.get("floors", {}))]
    if not late:
        return tuple(rules), ()
    first = sorted(map(str, late))
    names = listed(first if len(first) <= 5 else [*first[:4], f"{len(first) - 4} more"])
    return tuple(rules), (f"What a later start moves beyond {sheet.years[-1]} is not counted ({names}).",)


def _budget(sheet: Sheet, content: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """``budget`` as one amount, or as one for each of the schemes' fields that end in its name (outlay_year_1)."""
    budget = content.get("budget")
    if budget is None:
        return []
    fields = sorted({key for entry in sheet.entries for key in entry})
    if is_number(budget):
        resource = next((each for each in ("cost", "outlay", "weight") if each in fields), "cost")
        return [("budget", resource, budget)]
    if not isinstance(budget, Mapping):
        raise refuse("the budget is neither a number nor amounts by name", "write {\"year_1\": 50}",
                     file=sheet.model.name, column="budget")
    found = []
    for key, bound in budget.items():
        matching = [each for each in fields if each == key or each.endswith(f"_{key}")]
        if len(matching) != 1:
            raise refuse(f"the budget of “{key}” matches {'no' if not matching else 'more than one'} field of the "
                         f"{sheet.listing}", f"end the name of one field in _{key} (fields here: {listed(fields)})",
                         file=sheet.model.name, column="budget", value=key)
        found.append((f"budget.{key}", matching[0], bound))
    return found


def _limits(sheet: Sheet, key: str, resource: str, bound: Any, late: set[Key]) -> list[Rule]:
    """One rule for a single amount, one a year for amounts by year."""
    profiles = _profiles(sheet, key, resource)
    title = words_of(resource)
    if is_number(bound):
        uses = [sum(_shifted(sheet, column, profiles, late)) for column in sheet.columns]
        return [Rule(title, f"{title} at most {amount(bound)}", "limit", (Row(tuple(uses), None, float(bound)),))]
    bounds = _by_year(sheet, key, bound)
    flat = [sheet.keys[place] for place, profile in enumerate(profiles) if not isinstance(profile, list)]
    if flat:
        raise refuse(f"{key} goes by year, and the {title} of {flat[0]} is one amount for all years",
                     "give it by year, or one limit for all years", file=sheet.model.name, column=key)
    found = []
    amounts = [_shifted(sheet, column, profiles, late) for column in sheet.columns]
    for place, most in bounds.items():
        name = f"{title} {in_year(sheet.years[place])}"
        found.append(Rule(name, f"{name} at most {amount(most)}", "limit",
                          (Row(tuple(each[place] for each in amounts), None, most),)))
    return found


def _by_year(sheet: Sheet, key: str, bound: Any) -> dict[int, float]:
    years = list(sheet.years)
    if isinstance(bound, list):
        if len(bound) != len(years):
            raise refuse(f"{key} has {len(bound)} amounts and there are {len(years)} years", "give one a year",
                         file=sheet.model.name, column=key)
        bound = dict(zip(years, bound, strict=True))
    if not isinstance(bound, Mapping):
        raise refuse(f"{key} is neither an amount nor amounts by year", "write {\"2027/28\": 400} or [400, 300]",
                     file=sheet.model.name, column=key, value=said(bound))
    by_text = {str(year): place for place, year in enumerate(years)}
    found = {}
    for year, most in bound.items():
        if str(year) not in by_text:
            near = closest(str(year), by_text, count=1)
            raise refuse(f"{key} speaks of a year that the model does not have",
                         f"did you mean {near[0]}?" if near else f"there are {listed(list(by_text))}",
                         file=sheet.model.name, column=key, value=year)
        if not is_number(most):
            raise refuse(f"{key} {in_year(year)} is not a number", "give the most that may be used",
                         file=sheet.model.name, column=key, value=said(most))
        found[by_text[str(year)]] = float(most)
    return found


def _profiles(sheet: Sheet, key: str, resource: str) -> list[float | list[float]]:
    """What each scheme uses: one amount, or one a year from its first possible start."""
    if resource == "net_cost" and not any("net_cost" in entry or "net_cost_by_year" in entry
                                          for entry in sheet.entries):
        costs, savings = _profiles(sheet, key, "cost"), _profiles(sheet, key, "saving")
        return [_less(cost, saving) for cost, saving in zip(costs, savings, strict=True)]
    fields = {name for entry in sheet.entries for name in entry}
    if resource not in fields and f"{resource}_by_year" not in fields:
        near = closest(resource, [name.removesuffix("_by_year") for name in fields], count=1)
        raise refuse(f"{key} limits something that no scheme has",
                     f"did you mean {near[0]}?" if near else f"give the schemes a field “{resource}”",
                     file=sheet.model.name, column=key, value=resource)
    problems: list[Problem] = []
    found: list[float | list[float]] = []
    for place, entry in enumerate(sheet.entries):
        given = entry.get(f"{resource}_by_year", entry.get(resource))
        name = f"the {words_of(resource)} of {sheet.keys[place]}"
        try:
            found.append(_profile(sheet, place, name, resource, given))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return found


def _less(cost: float | list[float], saving: float | list[float]) -> float | list[float]:
    if isinstance(cost, list) and isinstance(saving, list):
        return [one - other for one, other in zip(cost, saving, strict=True)]
    return (sum(cost) if isinstance(cost, list) else cost) - (sum(saving) if isinstance(saving, list) else saving)


def _profile(sheet: Sheet, place: int, name: str, resource: str, given: Any) -> float | list[float]:
    where: dict[str, Any] = {"file": sheet.model.name, "row": place + 1, "column": resource}
    if given is None:
        raise refuse(f"{name} is missing", "give it; 0 where there is none", **where)
    cells: list[Any]
    if isinstance(given, Mapping):
        by_text = {str(year): at for at, year in enumerate(sheet.years)}
        unknown = next((each for each in given if str(each) not in by_text), None)
        if unknown is not None:
            near = closest(str(unknown), by_text, count=1)
            raise refuse(f"{name} speaks of a year that the model does not have",
                         f"did you mean {near[0]}?" if near else f"there are {listed(list(by_text))}",
                         value=unknown, **where)
        cells = [0.0] * len(sheet.years)
        for year, cell in given.items():
            cells[by_text[str(year)]] = cell
        cells = cells[sheet.starts.get(place, 0):] + [0.0] * sheet.starts.get(place, 0)
    elif isinstance(given, list):
        if len(given) != len(sheet.years):
            raise refuse(f"{name} has {len(given)} amounts and there are {len(sheet.years)} years", "give one a year",
                         **where)
        cells = given
    else:
        cells = [given]
    for cell in cells:
        if not is_number(cell):
            raise refuse(f"{name} is not a number", "write digits", value=said(cell), **where)
        if cell < 0 and resource != "net_cost":
            raise refuse(f"{name} is negative", "give what it uses as 0 or more; what it brings in goes under saving",
                         value=said(cell), **where)
    return [float(cell) for cell in cells] if isinstance(given, list | Mapping) else float(given)


def _shifted(sheet: Sheet, column: Start, profiles: Sequence[float | list[float]], late: set[Key]) -> list[float]:
    """A column's use in each year: the scheme's profile moved to the year it starts in, cut off at the last year."""
    profile = profiles[column.scheme]
    if not isinstance(profile, list):
        return [profile]
    order: list[Year | None] = list(sheet.years)
    by = order.index(column.year) if column.scheme in sheet.starts else 0
    if by and any(profile[len(profile) - by:]):
        late.add(sheet.keys[column.scheme])
    return [0.0] * by + profile[:len(profile) - by]


# --- floors, shares and rules about the schemes themselves ------------------------------------------------------------


def _floors(sheet: Sheet, floors: Any) -> list[Rule]:
    """What each organisation must gain at least, from the schemes' ``gain`` by organisation."""
    gains = [entry.get("gain", {}) for entry in sheet.entries]
    wrong = next((key for key, gain in zip(sheet.keys, gains, strict=True) if not isinstance(gain, Mapping)), None)
    if not isinstance(floors, Mapping) or (wrong is not None and floors):
        raise refuse("“floors” is not an object" if wrong is None else f"the gain of {wrong} is not an object",
                     "write {\"organisation\": amount}", file=sheet.model.name,
                     column="floors" if wrong is None else "gain")
    organisations = {each for gain in gains if isinstance(gain, Mapping) for each in gain}
    found = []
    for name, least in floors.items():
        if name not in organisations:
            near = closest(str(name), organisations, count=1)
            raise refuse("a floor is for an organisation that no scheme gives a gain",
                         f"did you mean {near[0]}?" if near else "give schemes \"gain\": {\"organisation\": amount}",
                         file=sheet.model.name, column="floors", value=name)
        uses = [gains[column.scheme].get(name, 0.0) for column in sheet.columns]
        odd = [each for each in [*uses, least] if not is_number(each)]
        if odd:
            raise refuse(f"a gain or the floor of {name} is not a number", "write digits", file=sheet.model.name,
                         column="floors", value=said(odd[0]))
        found.append(Rule(f"gain of {name}", f"{name} gains at least {amount(least)}", "floor",
                          (Row(tuple(map(float, uses)), float(least), None),)))
    return found


def _share(sheet: Sheet, key: str, whom: str, least: Any) -> Rule:
    """So large a share of the value to some people: sum of value times (share - least), not below nought."""
    name = next((each for each in (f"benefit_to_{whom}", f"value_to_{whom}", whom)
                 if any(each in entry for entry in sheet.entries)), None)
    if name is None:
        raise refuse(f"no scheme says what share of it goes to {words_of(whom)}",
                     f"give each \"benefit_to_{whom}\": a share between 0 and 1", file=sheet.model.name, column=key)
    if not is_number(least) or not 0 <= least <= 1:
        raise refuse("a share lies between 0 and 1", "write for example 0.33", file=sheet.model.name, column=key,
                     value=said(least))
    problems = [Problem(f"{sheet.keys[place]} has no share between 0 and 1", "give it one", sheet.model.name,
                        place + 1, name, said(entry.get(name)))
                for place, entry in enumerate(sheet.entries)
                if not is_number(entry.get(name)) or not 0 <= entry[name] <= 1]
    if problems:
        raise Refused(problems)
    uses = tuple(column.value * (sheet.entries[column.scheme][name] - least) for column in sheet.columns)
    title = f"share of the value to {words_of(whom)}"
    return Rule(title, f"at least {least * 100:g}% of the value to {words_of(whom)}", "share", (Row(uses, 0.0, None),))


def own_rules(sheet: Sheet, given: Mapping[str, Any]) -> tuple[Rule, ...]:
    """How many schemes, which only together, which not together, which in any case."""
    rules: list[Rule] = []
    every = tuple(1.0 for _ in sheet.columns)
    for keys, end, word in ((("at_most", "at_most_schemes"), "high", "most"),
                            (("at_least", "at_least_schemes"), "low", "least")):
        for key in keys:
            if key in given:
                number = given[key]
                if not isinstance(number, int) or isinstance(number, bool) or number < 0:
                    raise refuse("how many schemes is a whole number, 0 or more", "write for example 5",
                                 file=sheet.model.name, column=key, value=said(number))
                row = Row(every, None, float(number)) if end == "high" else Row(every, float(number), None)
                rules.append(Rule(f"number of schemes, at {word}", f"at {word} {number} schemes", "count", (row,)))
    for one, other in _sets(sheet, given, "requires", pairs=True):
        names = f"{sheet.keys[one]} only with {sheet.keys[other]}"
        years = range(len(sheet.years)) if {one, other} & set(sheet.starts) else [None]
        rows = tuple(Row(tuple(a - b for a, b in zip(sheet.picks(one, until=year), sheet.picks(other, until=year),
                                                     strict=True)), None, 0.0) for year in years)
        rules.append(Rule(names, names, "requires", rows))
    for places in _sets(sheet, given, "excludes"):
        listing = listed([str(sheet.keys[place]) for place in places])
        names = f"not both {listing}" if len(places) == 2 else f"at most one of {listing}"
        any_of = tuple(sum(each) for each in zip(*(sheet.picks(place) for place in places), strict=True))
        rules.append(Rule(names, names, "excludes", (Row(any_of, None, 1.0),)))
    for rule in ("must", "must_include"):
        for key in _list(sheet, given, rule):
            place = sheet.place(key, rule=rule)
            rules.append(Rule(f"{sheet.keys[place]} in any case", f"{sheet.keys[place]} in any case", "must",
                              (Row(tuple(sheet.picks(place)), 1.0, None),)))
    return tuple(rules)


def _list(sheet: Sheet, given: Mapping[str, Any], rule: str) -> list[Any]:
    found = given.get(rule, [])
    if not isinstance(found, list):
        raise refuse(f"“{rule}” is not a list", "write it in square brackets", file=sheet.model.name, column=rule,
                     value=said(found))
    return found


def _sets(sheet: Sheet, given: Mapping[str, Any], rule: str, *, pairs: bool = False) -> list[list[int]]:
    """The places of the schemes that a rule names together, two of them or more."""
    found = []
    for named in _list(sheet, given, rule):
        if not isinstance(named, list) or len(named) < 2 or (pairs and len(named) > 2):
            raise refuse(f"“{rule}” holds something that is not a pair", "write [\"first\", \"second\"]",
                         file=sheet.model.name, column=rule, value=said(named))
        places = [sheet.place(each, rule=rule) for each in named]
        if len(set(places)) < len(places):
            raise refuse(f"“{rule}” pairs a scheme with itself", "name different schemes", file=sheet.model.name,
                         column=rule, value=said(named))
        found.append(places)
    return found
