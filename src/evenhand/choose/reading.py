"""Programmes as models give them: rows of usage, one budget, schemes by year, or several of these at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from evenhand.choose.programme import Key, Programme, Row, Rule, Start
from evenhand.choose.resources import (
    OWN_RULES,
    VALUE_NAMES,
    Sheet,
    amount,
    is_number,
    own_rules,
    resource_rules,
    said,
)
from evenhand.data.models import Model
from evenhand.terms import Problem, Refused, closest, refuse
from evenhand.terms.words import listed

# A key so near a rule is that rule misspelt; one further off is something else.
NEAR_ENOUGH = 0.75
LISTS = ("schemes", "proposals", "projects")
DESCRIPTIVE = {"case", "title", "kind", "rules", "source", "notes", "n_projects", "n_limits", "id", "name", "units",
               "value_units", "years", "constraints", "instances", "budget", "limit_names", "names", "about"}


def read_programmes(model: Model) -> tuple[tuple[Programme, ...], bool]:
    """Every programme of a model, and whether it is a file of several. Raises ``Refused`` with what is wrong."""
    instances = model.content.get("instances")
    if instances is None:
        return (_programme(model, model.content, str(model.content.get("case", ""))),), False
    if not isinstance(instances, list) or not instances:
        raise refuse("“instances” is not a list of programmes", "give at least one", file=model.name,
                     column="instances")
    problems: list[Problem] = []
    found = []
    for place, each in enumerate(instances, start=1):
        if not isinstance(each, Mapping):
            raise refuse("an instance is not an object", "give value, usage and limit", file=model.name, row=place,
                         column="instances")
        try:
            found.append(_programme(model, each, str(each.get("id", place))))
        except Refused as refused:
            problems += [Problem(f"instance {each.get('id', place)}: {one.what}", one.remedy, one.file, one.row,
                                 one.column, one.value) for one in refused.problems]
    if problems:
        raise Refused(problems)
    return tuple(found), True


def _programme(model: Model, content: Mapping[str, Any], name: str) -> Programme:
    listing = next((each for each in LISTS if isinstance(content.get(each), list)
                    and any(isinstance(one, Mapping) for one in content[each])), None)
    if listing is not None:
        return _listed_schemes(model, content, listing, name)
    if "usage" in content or "weight" in content or "weights" in content:
        return _usage(model, content, name)
    raise refuse("the model names no schemes", "give \"schemes\": [{\"id\": …, \"value\": …}], or value, usage and "
                 "limit", file=model.name)


# --- rows of usage ----------------------------------------------------------------------------------------------------


def _usage(model: Model, content: Mapping[str, Any], name: str) -> Programme:
    """``value @ x`` as large as can be with ``usage @ x <= limit``; one budget where usage is one row."""
    value_key = next((each for each in ("value", "values", "profit", "profits", "benefit") if each in content), "value")
    values = content.get(value_key)
    if not isinstance(values, list) or not values:
        raise refuse("the model has no values", "give \"value\": one number a project", file=model.name, column="value")
    problems = [Problem(f"the value of project {place} is {'missing' if value is None else 'not a number'}",
                        "give each project a value", model.name, place, value_key, said(value))
                for place, value in enumerate(values, start=1) if not is_number(value)]
    usage_key = next(each for each in ("usage", "weight", "weights") if each in content)
    limit_key = next((each for each in ("limit", "limits", "capacity", "budget") if each in content), "limit")
    usage, limits = content[usage_key], content.get(limit_key)
    if isinstance(usage, list) and usage and not isinstance(usage[0], list):
        usage = [usage]
    if is_number(limits):
        limits = [limits]
    if not isinstance(usage, list) or not usage or not isinstance(limits, list) or len(limits) != len(usage):
        there = f"{len(limits)} limits" if isinstance(limits, list) else "no list of limits"
        rows = f"{len(usage)} rows of usage" if isinstance(usage, list) else "no usage"
        raise refuse(f"there are {rows} and {there}", "give one limit a row", file=model.name, column=limit_key)
    names = content.get("limit_names", [])
    titles = [str(names[place]) if place < len(names) else "the budget" if len(usage) == 1 else f"limit {place + 1}"
              for place in range(len(usage))]
    rules = []
    for place, (title, row, bound) in enumerate(zip(titles, usage, limits, strict=True), start=1):
        if not isinstance(row, list) or len(row) != len(values):
            long = f"{len(row)} numbers" if isinstance(row, list) else "no list of numbers"
            problems.append(Problem(f"the usage of {title} has {long} and there are {len(values)} projects",
                                    "give one number a project", model.name, place, usage_key))
            continue
        if not is_number(bound):
            problems.append(Problem(f"{title} is not a number", "give the most that may be used", model.name, place,
                                    limit_key, said(bound)))
            continue
        problems += [Problem(f"the usage of {title} by project {at} is "
                             f"{'negative' if is_number(cell) else 'missing or not a number'}",
                             "give what the project uses, 0 or more", model.name, place, usage_key, said(cell))
                     for at, cell in enumerate(row, start=1) if not is_number(cell) or cell < 0]
        rules.append(Rule(title, f"{title} at most {amount(bound)}", "limit",
                          (Row(tuple(float(cell) if is_number(cell) else 0.0 for cell in row), None, float(bound)),)))
    if problems:
        raise Refused(problems)
    keys = _given_names(model, content, len(values))
    columns = tuple(Start(place, None, float(value)) for place, value in enumerate(values))
    sheet = Sheet(model, (), keys, [{} for _ in keys], columns, "projects")
    more = own_rules(sheet, {**_mapping(model, content, "constraints"), **content})
    return Programme(name, keys, tuple(map(str, keys)), columns, (*rules, *more),
                     _unused(model, content, {value_key, usage_key, limit_key}, OWN_RULES - {"limits", "floors"}))


def _given_names(model: Model, content: Mapping[str, Any], count: int) -> tuple[Key, ...]:
    given = next((content[each] for each in ("names", *LISTS) if isinstance(content.get(each), list)), None)
    if given is None:
        return tuple(range(1, count + 1))
    if len(given) != count or not all(isinstance(each, str | int) for each in given):
        raise refuse(f"there are {len(given)} names and {count} values", "give one name a project", file=model.name,
                     column="names")
    return tuple(given)


def _mapping(model: Model, content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = content.get(key, {})
    if not isinstance(found, Mapping):
        raise refuse(f"“{key}” is not an object", "write it as {\"name\": value}", file=model.name, column=key)
    return found


# --- schemes one by one -----------------------------------------------------------------------------------------------


def _listed_schemes(model: Model, content: Mapping[str, Any], listing: str, name: str) -> Programme:
    entries: list[Any] = content[listing]
    problems: list[Problem] = []
    keys: list[Key] = []
    for place, each in enumerate(entries, start=1):
        if not isinstance(each, Mapping):
            problems.append(Problem(f"number {place} of the {listing} is not an object",
                                    "write {\"id\": …, \"value\": …}", model.name, place, listing))
            continue
        key = each.get("id", each.get("name", place))
        keys.append(key if isinstance(key, str | int) else str(key))
    problems += [Problem(f"two of the {listing} have one name", "tell them apart", model.name, None, listing, str(key))
                 for key, count in Counter(map(str, keys)).items() if count > 1]
    if problems:
        raise Refused(problems)
    years = _years(model, content, entries)
    columns, starts = _columns(model, entries, keys, years)
    sheet = Sheet(model, years, tuple(keys), entries, columns, listing, starts)
    constraints = _mapping(model, content, "constraints")
    of_resources, late = resource_rules(sheet, content, constraints)
    own = own_rules(sheet, {**constraints, **content})
    names = tuple(str(each.get("name", key)) for each, key in zip(entries, keys, strict=True))
    return Programme(name, tuple(keys), names, columns, (*of_resources, *own),
                     (*late, *_unused(model, content, {listing}, OWN_RULES)))


def _years(model: Model, content: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> tuple[str | int, ...]:
    given = content.get("years")
    if given is not None:
        if not isinstance(given, list) or not given or not all(isinstance(each, str | int) for each in given):
            raise refuse("“years” is not a list of years", "write [\"2027/28\", \"2028/29\"]", file=model.name,
                         column="years")
        return tuple(given)
    longest = max((len(cell) for each in entries for cell in each.values() if isinstance(cell, list)
                   and all(map(is_number, cell))), default=0)
    if longest:
        return tuple(range(1, longest + 1))
    return tuple(sorted({year for each in entries for key in ("cost", "saving", "staff")
                         if isinstance(each.get(key), Mapping) for year in each[key]}))


def _columns(model: Model, entries: Sequence[Mapping[str, Any]], keys: Sequence[Key], years: Sequence[str | int]
             ) -> tuple[tuple[Start, ...], dict[int, int]]:
    """One column a scheme and start; and the year, by place, in which a scheme that has a choice could begin first."""
    problems: list[Problem] = []
    columns: list[Start] = []
    earliest: dict[int, int] = {}
    value_key = next((each for each in VALUE_NAMES if any(each in entry for entry in entries)), "value")
    for place, (entry, key) in enumerate(zip(entries, keys, strict=True)):
        value, starts = entry.get(value_key), entry.get("start_years")
        if value is None:
            problems.append(Problem(f"{key} has no value", f"give it \"{value_key}\": what it is worth", model.name,
                                    place + 1, value_key))
            continue
        if starts is None:
            if not is_number(value):
                problems.append(Problem(f"the value of {key} is not a number", "write digits", model.name, place + 1,
                                        value_key, said(value)))
                continue
            columns.append(Start(place, years[0] if years else None, float(value)))
            continue
        unknown = [year for year in starts if year not in years] if isinstance(starts, list) else [starts]
        if unknown or not starts:
            problems.append(Problem(f"{key} would start in a year that the model does not have",
                                    f"choose from {listed([str(year) for year in years])}", model.name, place + 1,
                                    "start_years", said(unknown[0] if unknown else starts)))
            continue
        order = sorted(starts, key=list(years).index)
        earliest[place] = list(years).index(order[0])
        for year in order:
            worth = value.get(str(year)) if isinstance(value, Mapping) else value
            if worth is None or not is_number(worth):
                problems.append(Problem(f"{key} has no value for a start in {year}", "give one for each of its "
                                        "start_years, or one for all", model.name, place + 1, value_key, said(worth)))
                continue
            columns.append(Start(place, year, float(worth)))
    if problems:
        raise Refused(problems)
    return tuple(columns), earliest


def _unused(model: Model, content: Mapping[str, Any], read: set[str], rules: set[str]) -> tuple[str, ...]:
    """What the model says and nothing read: said, so that a misspelt rule is not lost; refused where it is near one."""
    left = [key for key in content if key not in read | DESCRIPTIVE | rules and key not in LISTS]
    for key in left:
        near = closest(key, rules, count=1)
        if near and SequenceMatcher(None, key, near[0]).ratio() > NEAR_ENOUGH:
            raise refuse("there is no rule of this name", f"did you mean {near[0]}?", file=model.name, column=key)
    return (f"Not used, because nothing here reads it: {listed(left)}.",) if left else ()
