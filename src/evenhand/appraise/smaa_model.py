"""A model whose scores and weights are not certain: each score with its spread, and what is known of the weights."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, isfinite
from typing import Any, Literal

from evenhand.appraise.options import LARGEST, Options, read_options
from evenhand.appraise.smaa_weights import Knowledge, as_exact, as_intervals, as_order, nothing_known
from evenhand.data.models import Model
from evenhand.terms import Problem, Refused, closest, refuse
from evenhand.terms.words import listed

Kind = Literal["exact", "interval", "normal", "lognormal"]

METHODS = ("smaa2", "smaa_2", "smaa")
KINDS: dict[str, Kind] = {"exact": "exact", "interval": "interval", "uniform": "interval", "range": "interval",
                          "normal": "normal", "gaussian": "normal", "lognormal": "lognormal", "log_normal": "lognormal"}
SPREAD_OF_95 = 1.959963984540054
FORM = ("write a number, {\"low\": 2, \"high\": 5}, or {\"distribution\": \"normal\" or \"lognormal\", \"mean\": 4, "
        "\"sd\": 1}")


@dataclass(frozen=True)
class Measured:
    """One score: ``exact`` at ``first``; ``interval`` from ``first`` to ``second``, all alike likely; ``normal`` with
    mean ``first`` and standard deviation ``second``; ``lognormal`` with these on the scale of the natural logarithm.
    """

    kind: Kind
    first: float
    second: float = 0.0

    @property
    def central(self) -> float:
        """The middle: half of what may be lies below it."""
        if self.kind == "interval":
            return (self.first + self.second) / 2
        return exp(self.first) if self.kind == "lognormal" else self.first

    @property
    def range_of_95(self) -> tuple[float, float]:
        """Where 95 % of it lies; for an interval, the whole of it."""
        if self.kind == "interval":
            return self.first, self.second
        low, high = self.first - SPREAD_OF_95 * self.second, self.first + SPREAD_OF_95 * self.second
        return (exp(low), exp(high)) if self.kind == "lognormal" else (low, high)

    @property
    def is_certain(self) -> bool:
        """Whether every draw of it is the same."""
        return self.kind == "exact" or self.second == (self.first if self.kind == "interval" else 0.0)


@dataclass(frozen=True)
class Uncertain:
    """The model: ``options`` with the middle of every score, the scores as measured, and what is known of the weights.

    ``measured`` has shape (alternatives, criteria); ``None`` is "not applicable".
    """

    options: Options
    measured: tuple[tuple[Measured | None, ...], ...]
    weights: Knowledge
    weights_given: bool


def read_uncertain(model: Model) -> Uncertain:
    """The model checked. Raises ``Refused`` with everything that is wrong with it, named as a reader would."""
    content = dict(model.content)
    method = str(content.pop("method", "")).strip().casefold().replace(" ", "_").replace("-", "_")
    if method and method not in METHODS:
        content["method"] = model.content["method"]
    alternatives = _entries(content, "alternatives" if "alternatives" in content else "options")
    criteria = _entries(content, "criteria")
    matrix, measured = _measured(model, content, [name for name, _ in alternatives], [name for name, _ in criteria],
                                 [about for _, about in alternatives])
    for key in ("measurements", "values", "matrix"):
        content.pop(key, None)
    was_values = isinstance(model.content.get("values"), list) and "matrix" not in model.content
    content["values" if was_values else "matrix"] = matrix
    said = _weights_said(model, content, [about for _, about in criteria])
    # The rest of the model is read as it is where everything is certain; weights are put in later.
    content["criteria"] = [{**about, "name": name, "weight": 1} if name is not None else about
                           for name, about in criteria] or content.get("criteria")
    options = read_options(replace(model, content=content))
    names = [each.name for each in options.criteria]
    given = [name for name, _ in alternatives]
    found = tuple(tuple(measured.get((str(name), str(criterion))) if cell is not None else None
                        for criterion, cell in zip([name for name, _ in criteria], row, strict=True))
                  for name, row in zip(given, options.scores, strict=True))
    certain = tuple(tuple(Measured("exact", cell) if each is None and cell is not None else each
                          for each, cell in zip(row, cells, strict=True))
                    for row, cells in zip(found, options.scores, strict=True))
    return Uncertain(options, certain, _knowledge(model, said, names), bool(said))


def _entries(content: Mapping[str, Any], key: str) -> list[tuple[Any, dict[str, Any]]]:
    """Names with what stands beside them; what is no list is left for the reading of options to refuse."""
    entries = content.get(key)
    found = []
    for each in entries if isinstance(entries, list) else []:
        about = dict(each) if isinstance(each, Mapping) else {}
        name = about.get("name", about.get("id")) if isinstance(each, Mapping) else each
        found.append((str(name).strip() if isinstance(name, str | int) else name, about))
    return found


# --- scores -----------------------------------------------------------------------------------------------------------


def _measured(model: Model, content: Mapping[str, Any], names: Sequence[Any], criteria: Sequence[Any],
              objects: Sequence[Mapping[str, Any]]) -> tuple[Any, dict[tuple[str, str], Measured]]:
    """The matrix with the middle of each score, and the scores that are more than a number, by option and criterion."""
    found: dict[tuple[str, str], Measured] = {}
    problems: list[Problem] = []
    matrix: Any
    if "measurements" in content:
        matrix = _from_list(model, content["measurements"], names, criteria, found, problems)
    else:
        matrix = content.get("matrix", content.get("values"))
        if matrix is None and objects and all(isinstance(each.get("scores"), Mapping) for each in objects):
            matrix = {str(name): each["scores"] for name, each in zip(names, objects, strict=True)}
        if isinstance(matrix, Mapping):
            matrix = {key: {one: _central(model, cell, str(key), str(one), found, problems)
                            for one, cell in row.items()} if isinstance(row, Mapping) else row
                      for key, row in matrix.items()}
        elif isinstance(matrix, list):
            matrix = [[_central(model, cell, str(names[at]) if at < len(names) else "",
                                str(criteria[place]) if place < len(criteria) else "", found, problems)
                       for place, cell in enumerate(row)] if isinstance(row, list) else row
                      for at, row in enumerate(matrix)]
    if problems:
        raise Refused(problems)
    return matrix, found


def _central(model: Model, cell: Any, name: str, criterion: str, found: dict[tuple[str, str], Measured],
             problems: list[Problem]) -> Any:
    if isinstance(cell, list):
        cell = dict(zip(("low", "high"), cell, strict=False)) if len(cell) == 2 else {"low": None}
    if not isinstance(cell, Mapping):
        return cell
    try:
        measured = _one(model, cell, name, criterion)
    except Refused as refused:
        problems += refused.problems
        return None
    found[name, criterion] = measured
    return measured.central


def _from_list(model: Model, entries: Any, names: Sequence[Any], criteria: Sequence[Any],
               found: dict[tuple[str, str], Measured], problems: list[Problem]) -> list[list[float | None]]:
    if not isinstance(entries, list) or not all(isinstance(each, Mapping) for each in entries):
        raise refuse("“measurements” is not a list of scores", "write {\"alternative\": …, \"criterion\": …, "
                     "\"distribution\": …}, one for each option and criterion", file=model.name, column="measurements")
    rows: list[list[float | None]] = [[None] * len(criteria) for _ in names]
    seen = set()
    for place, each in enumerate(entries, start=1):
        name, criterion = str(each.get("alternative", "")).strip(), str(each.get("criterion", "")).strip()
        unknown = [(what, value, known) for what, value, known in (
            ("alternative", name, names), ("criterion", criterion, criteria)) if value not in known]
        for what, value, known in unknown:
            near = closest(value, map(str, known), count=1)
            remedy = f"did you mean {near[0]}?" if near else f"there are {listed([str(one) for one in known])}"
            problems.append(Problem(f"this measurement is for no {what} of the model", remedy, model.name, place,
                                    "measurements", value))
        if unknown:
            continue
        if (name, criterion) in seen:
            problems.append(Problem(f"{name} has two {criterion} scores", "keep one of the two", model.name, place,
                                    "measurements"))
        seen.add((name, criterion))
        middle = _central(model, each, name, criterion, found, problems)
        rows[names.index(name)][criteria.index(criterion)] = middle
    return rows


def _one(model: Model, about: Mapping[str, Any], name: str, criterion: str) -> Measured:
    said = str(about.get("distribution", about.get("kind", ""))).strip().casefold().replace("-", "_").replace(" ", "_")
    if not said:
        said = "exact" if "value" in about else "interval" if "low" in about or "high" in about else "normal"
    if said not in KINDS:
        raise refuse(f"the {criterion} score of {name} has a distribution that is not known",
                     "choose exact, interval, normal or lognormal", file=model.name, column="matrix", value=said)
    kind = KINDS[said]
    keys = {"exact": ("value",), "interval": ("low", "high"), "normal": ("mean", "sd"), "lognormal": ("mean", "sd")}
    numbers = [about.get(key) for key in keys[kind]]
    if not all(isinstance(each, int | float) and not isinstance(each, bool) and abs(each) < LARGEST
               for each in numbers):
        raise refuse(f"the {criterion} score of {name} needs {listed(keys[kind])} as numbers", FORM, file=model.name,
                     column="matrix", value=", ".join(str(each) for each in numbers))
    first, second = float(numbers[0] or 0), float(numbers[1] or 0) if len(numbers) > 1 else 0.0
    if kind == "interval" and second < first:
        raise refuse(f"the {criterion} score of {name} has its low end above its high end", "swap the two",
                     file=model.name, column="matrix", value=f"{first:g} to {second:g}")
    if kind in ("normal", "lognormal") and second < 0:
        raise refuse(f"the {criterion} score of {name} has a standard deviation below 0", "give 0 or more",
                     file=model.name, column="matrix", value=second)
    if kind == "lognormal" and not (abs(first) + 8 * second < 200 and isfinite(exp(first))):
        raise refuse(f"the {criterion} score of {name} is too wide to draw from",
                     "give mean and standard deviation of the natural logarithm", file=model.name, column="matrix",
                     value=f"{first:g}, {second:g}")
    return Measured(kind, first, second)


# --- weights ----------------------------------------------------------------------------------------------------------


def _weights_said(model: Model, content: dict[str, Any], criteria: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the model says of weights, taken out of it: ``order``, ``all`` (one a criterion), or nothing."""
    said: dict[str, Any] = {}
    constraint, weights = content.pop("constraint", None), content.pop("weights", None)
    beside = [each.pop("weight", None) for each in criteria]
    if constraint is not None:
        said["constraint"] = constraint
    if isinstance(weights, Mapping) and set(weights) == {"order"}:
        said["order"] = weights["order"]
    elif isinstance(weights, Mapping | list):
        said["all"] = weights
    elif weights is not None and not str(weights).strip().casefold().startswith(("unknown", "none", "not known")):
        raise refuse("the model's words for its weights are not understood", "leave “weights” out where nothing is "
                     "known, or write {\"order\": [\"most\", \"next\"]}, or for each criterion a number or [low, high]",
                     file=model.name, column="weights", value=weights)
    if any(each is not None for each in beside) and "all" not in said:
        said["all"] = beside
    if len(said) > 1 and not (set(said) == {"constraint", "all"} and not any(each is not None for each in beside)):
        raise refuse("the model says two things of its weights", "give an order, or a number or a range for each",
                     file=model.name, column="weights", value=", ".join(said))
    return said


def _knowledge(model: Model, said: Mapping[str, Any], names: Sequence[str]) -> Knowledge:
    if "order" in said or "constraint" in said:
        order = said["order"] if "order" in said else _parsed_order(model, said["constraint"], names)
        return as_order(_order(model, order, names), count=len(names))
    if "all" not in said:
        return nothing_known(len(names))
    cells = said["all"]
    if isinstance(cells, Mapping):
        unknown = [each for each in cells if each not in names]
        if unknown:
            near = closest(str(unknown[0]), names, count=1)
            raise refuse("a weight is for what is no criterion", f"did you mean {near[0]}?" if near else
                         f"there are {listed(list(names))}", file=model.name, column="weights", value=unknown[0])
        cells = [cells.get(name) for name in names]
    if len(cells) != len(names):
        raise refuse(f"there are {len(cells)} weights and {len(names)} criteria", "give one weight a criterion",
                     file=model.name, column="weights")
    ranges = [_range(model, name, cell) for name, cell in zip(names, cells, strict=True)]
    if all(low == high for low, high in ranges):
        return as_exact([low for low, _ in ranges], file=model.name)
    return as_intervals(ranges, file=model.name, names=names)


def _range(model: Model, name: str, cell: Any) -> tuple[float, float | None]:
    """The least and the most a weight may be; ``None`` for no most."""
    if cell is None:
        return 0.0, None
    ends: Any = [cell.get("low", 0), cell.get("high")] if isinstance(cell, Mapping) else cell
    if isinstance(ends, int | float) and not isinstance(ends, bool):
        ends = [ends, ends]
    fine = (isinstance(ends, list) and len(ends) == 2 and all(
        isinstance(each, int | float) and not isinstance(each, bool) and 0 <= each < LARGEST
        for each in ends if each is not None) and ends[0] is not None)
    if not fine:
        raise refuse(f"the weight of {name} is neither a number nor a range", "write 0.3 or [0.2, 0.4], not below 0",
                     file=model.name, column="weights", value=cell)
    low, high = float(ends[0]), None if ends[1] is None else float(ends[1])
    if high is not None and high < low:
        raise refuse(f"the weight of {name} has its low end above its high end", "swap the two", file=model.name,
                     column="weights", value=cell)
    return low, high


def _parsed_order(model: Model, text: Any, names: Sequence[str]) -> list[Any]:
    """``w1>=w2>=w3``, by number or by name, as an order."""
    parts = [each.strip() for each in re.split(r">=|>|≥", str(text))]
    numbered = {f"w{place}": name for place, name in enumerate(names, start=1)}
    if len(parts) < 2:
        raise refuse("this constraint on the weights is not understood", "write w1>=w2>=w3, the heaviest first",
                     file=model.name, column="constraint", value=text)
    return [numbered.get(each, each) for each in parts]


def _order(model: Model, order: Any, names: Sequence[str]) -> list[list[int]]:
    if not isinstance(order, list) or not order:
        raise refuse("the order of the weights is not a list", "name the criteria, the heaviest first",
                     file=model.name, column="weights")
    levels = [each if isinstance(each, list) else [each] for each in order]
    flat = [str(each) for level in levels for each in level]
    wrong = [each for each in flat if each not in names] or [each for each in flat if flat.count(each) > 1]
    if wrong:
        near = closest(wrong[0], names, count=1)
        raise refuse("the order of the weights names what is no criterion, or names one twice",
                     f"did you mean {near[0]}?" if near and near[0] != wrong[0] else "name each criterion once",
                     file=model.name, column="weights", value=wrong[0])
    return [[list(names).index(str(each)) for each in level] for level in levels]
