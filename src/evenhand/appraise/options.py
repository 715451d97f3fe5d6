"""Alternatives, criteria and scores as a model gives them, checked so that the arithmetic can trust them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evenhand.data.models import Model
from evenhand.terms import Problem, Refused, closest, refuse
from evenhand.terms.words import listed

Scaling = Literal["range", "given", "sum", "maximum"]

BETTER: dict[str, Literal["high", "low"]] = {
    "max": "high", "maximise": "high", "maximize": "high", "high": "high", "higher": "high", "benefit": "high",
    "more": "high", "min": "low", "minimise": "low", "minimize": "low", "low": "low", "lower": "low", "cost": "low",
    "less": "low"}
METHODS = ("weighted_sum", "additive_value", "additive", "smart", "score", "linear")
LARGEST = 1e100
NOT_APPLICABLE = ("not applicable", "n/a", "na")


@dataclass(frozen=True)
class Criterion:
    """What options are compared on. ``worst`` and ``best`` are the ends of its scale, in its units, where given.

    ``weight`` is as the model gives it: on which of the sums 1, 100 or any other, the model decides.
    """

    name: str
    better: Literal["high", "low"]
    weight: float
    worst: float | None = None
    best: float | None = None
    units: str = ""


@dataclass(frozen=True)
class Options:
    """The model: scores has shape (alternatives, criteria), in the criteria's units; ``None`` is "not applicable"."""

    name: str
    digest: str
    title: str
    alternatives: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    scores: tuple[tuple[float | None, ...], ...]
    costs: tuple[float, ...] | None
    scaling: Scaling | None
    reciprocal: bool
    divide_weights: bool


def read_options(model: Model) -> Options:
    """The model checked. Raises ``Refused`` with everything that is wrong with it, named as a reader would."""
    content = model.content
    method = str(content.get("method", "score")).strip().casefold().replace(" ", "_").replace("-", "_")
    if method not in METHODS:
        raise refuse("this command adds up weighted values, and the model asks for another method",
                     "leave “method” out to have it scored so", file=model.name, column="method",
                     value=content["method"])
    names, objects = _alternatives(model)
    criteria = _criteria(model)
    scores = _scores(model, names, objects, criteria)
    parameters = _mapping(model, "parameters")
    scaling = _scaling(model, parameters)
    return Options(model.name, model.digest, str(content.get("title", "")), names, criteria, scores,
                   _costs(model, names, objects, parameters), scaling,
                   str(parameters.get("cost_criteria", "")).casefold().startswith(("reciprocal", "invert", "1/")),
                   str(parameters.get("weights", "")).casefold().startswith("divide"))


def _mapping(model: Model, key: str) -> Mapping[str, Any]:
    found = model.content.get(key, {})
    if not isinstance(found, Mapping):
        raise refuse(f"“{key}” is not an object", "write it as {\"name\": value}", file=model.name, column=key)
    return found


def _list(model: Model, key: str) -> list[Any]:
    found = model.content.get(key)
    if not isinstance(found, list) or not found:
        raise refuse(f"the model has no list “{key}”", f"name the {key} in a list", file=model.name, column=key)
    return found


def _named(model: Model, key: str, entries: list[Any]) -> tuple[str, ...]:
    names, problems = [], []
    for place, each in enumerate(entries, start=1):
        name = each.get("name", each.get("id")) if isinstance(each, Mapping) else each
        if not isinstance(name, str | int) or isinstance(name, bool) or not str(name).strip():
            problems.append(Problem(f"number {place} of the {key} has no name", "give it one", model.name, place, key))
        names.append(str(name).strip())
    twice = [name for name, count in Counter(names).items() if count > 1]
    problems += [Problem(f"two of the {key} have one name", "tell them apart", model.name, None, key, name)
                 for name in twice if name != "None"]
    if problems:
        raise Refused(problems)
    return tuple(names)


def _alternatives(model: Model) -> tuple[tuple[str, ...], list[Mapping[str, Any]]]:
    key = "alternatives" if "alternatives" in model.content else "options"
    if key not in model.content:
        key = "alternatives"
    entries = _list(model, key)
    return _named(model, key, entries), [each if isinstance(each, Mapping) else {} for each in entries]


def _criteria(model: Model) -> tuple[Criterion, ...]:
    entries = _list(model, "criteria")
    names = _named(model, "criteria", entries)
    weights = model.content.get("weights")
    given: Mapping[str, Any] = {}
    if isinstance(weights, Mapping):
        given = weights
    elif isinstance(weights, list):
        if len(weights) != len(names):
            raise refuse(f"there are {len(weights)} weights and {len(names)} criteria", "give one weight a criterion",
                         file=model.name, column="weights")
        given = dict(zip(names, weights, strict=True))
    directions = model.content.get("directions", {})
    if isinstance(directions, list):
        directions = dict(zip(names, directions, strict=False))
    if not isinstance(directions, Mapping):
        raise refuse("“directions” is neither a list nor an object", "write \"max\" or \"min\" for each criterion",
                     file=model.name, column="directions")
    problems = [Problem(f"a weight is for “{each}”, which is no criterion",
                        f"the nearest is {listed(closest(each, names, count=1))}" if closest(each, names)
                        else f"there are {listed(names)}", model.name, None, "weights", each)
                for each in given if each not in names]
    found = []
    for name, entry in zip(names, entries, strict=True):
        about = {**({"direction": directions[name]} if name in directions else {}),
                 **(entry if isinstance(entry, Mapping) else {})}
        try:
            found.append(_criterion(model, name, about, about.get("weight", given.get(name))))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    if not sum(each.weight for each in found):
        raise refuse("every weight is nought", "give at least one criterion a weight", file=model.name,
                     column="weights")
    return tuple(found)


def _criterion(model: Model, name: str, about: Mapping[str, Any], weight: Any) -> Criterion:
    direction = str(about.get("direction", about.get("better", ""))).strip().casefold()
    if direction not in BETTER:
        raise refuse(f"{name} does not say which way is better", "write \"direction\": \"max\" where more is better, "
                     "\"min\" where less is", file=model.name, column="criteria",
                     value=about.get("direction", about.get("better")))
    if weight is None:
        raise refuse(f"{name} has no weight", "give each criterion one; for equal weights, the same number",
                     file=model.name, column="criteria")
    if not _is_number(weight):
        raise refuse(f"the weight of {name} is not a number", "write digits", file=model.name, column="criteria",
                     value=weight)
    if weight < 0:
        raise refuse(f"the weight of {name} is negative", "turn the direction instead", file=model.name,
                     column="criteria", value=weight)
    worst, best = _ends(model, name, about, BETTER[direction])
    return Criterion(name, BETTER[direction], float(weight), worst, best,
                     str(about.get("units", about.get("unit", ""))))


def _ends(model: Model, name: str, about: Mapping[str, Any],
          better: Literal["high", "low"]) -> tuple[float | None, float | None]:
    """The worst and the best end of a criterion's scale, from [end, end] or {"worst": …, "best": …}."""
    scale = about.get("scale", about.get("range"))
    if scale is None:
        return None, None
    remedy = "write \"scale\": [0, 40], the two ends that the weight was given for"
    ends = ([scale.get("worst"), scale.get("best")] if isinstance(scale, Mapping) else scale)
    if not (isinstance(ends, list) and len(ends) == 2 and all(map(_is_number, ends))):
        raise refuse(f"the scale of {name} is not two numbers", remedy, file=model.name, column="criteria", value=scale)
    if ends[0] == ends[1]:
        raise refuse(f"the scale of {name} begins where it ends", remedy, file=model.name, column="criteria",
                     value=scale)
    low, high = sorted(map(float, ends))
    worst, best = (low, high) if better == "high" else (high, low)
    if isinstance(scale, Mapping) and float(ends[0]) != worst:
        raise refuse(f"the scale of {name} runs against its direction", "turn the direction, or swap worst and best",
                     file=model.name, column="criteria", value=scale)
    return worst, best


def _is_number(value: Any) -> bool:
    """Whether JSON gave a number that arithmetic can bear."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST


def _scores(model: Model, names: Sequence[str], objects: Sequence[Mapping[str, Any]],
            criteria: Sequence[Criterion]) -> tuple[tuple[float | None, ...], ...]:
    key = "values" if isinstance(model.content.get("values"), list) and "matrix" not in model.content else "matrix"
    matrix = model.content.get(key)
    if matrix is None and all(isinstance(each.get("scores"), Mapping) for each in objects):
        matrix = {name: each["scores"] for name, each in zip(names, objects, strict=True)}
    if isinstance(matrix, Mapping):
        matrix = _rows_by_name(model, matrix, names, [each.name for each in criteria])
    if not isinstance(matrix, list) or not matrix:
        raise refuse("the model has no scores", "give \"matrix\": a row for each alternative, a number for each "
                     "criterion", file=model.name, column="matrix")
    if len(matrix) != len(names):
        raise refuse(f"the matrix has {len(matrix)} rows and there are {len(names)} alternatives",
                     "give one row an alternative", file=model.name, column=key)
    problems: list[Problem] = []
    rows = []
    for place, (name, row) in enumerate(zip(names, matrix, strict=True), start=1):
        if not isinstance(row, list) or len(row) != len(criteria):
            long = f"{len(row)} scores" if isinstance(row, list) else "no list of scores"
            problems.append(Problem(f"{name} has {long} and there are {len(criteria)} criteria",
                                    "give one score a criterion", model.name, place, key))
            continue
        rows.append(tuple(_score(model, name, criterion, cell, place, key, problems)
                          for criterion, cell in zip(criteria, row, strict=True)))
    if problems:
        raise Refused(problems)
    return tuple(rows)


def _rows_by_name(model: Model, matrix: Mapping[str, Any], names: Sequence[str],
                  criteria: Sequence[str]) -> list[list[Any]]:
    problems = []
    for unknown in (each for each in matrix if each not in names):
        near = closest(unknown, names, count=1)
        problems.append(Problem("scores are given for what is no alternative",
                                f"did you mean {near[0]}?" if near else f"there are {listed(list(names))}", model.name,
                                None, "matrix", unknown))
    for name in names:
        row = matrix.get(name, {})
        for unknown in (each for each in (row if isinstance(row, Mapping) else {}) if each not in criteria):
            near = closest(unknown, criteria, count=1)
            problems.append(Problem(f"{name} has a score for what is no criterion",
                                    f"did you mean {near[0]}?" if near else f"there are {listed(list(criteria))}",
                                    model.name, None, "matrix", unknown))
    if problems:
        raise Refused(problems)
    rows = [matrix.get(name, {}) for name in names]
    return [[row.get(each) for each in criteria] if isinstance(row, Mapping) else row for row in rows]


def _score(model: Model, name: str, criterion: Criterion, cell: Any, row: int, key: str,
           problems: list[Problem]) -> float | None:
    if isinstance(cell, str) and cell.strip().casefold() in NOT_APPLICABLE:
        return None
    if cell is None or cell == "":
        problems.append(Problem(f"{name} has no {criterion.name} score", "score it or mark it not applicable",
                                model.name, row, key))
        return None
    if not _is_number(cell):
        problems.append(Problem(f"the {criterion.name} score of {name} is not a number",
                                "write digits, or \"not applicable\"", model.name, row, key, str(cell)))
        return None
    return float(cell)


def _scaling(model: Model, parameters: Mapping[str, Any]) -> Scaling | None:
    """How the model says its scores become values; ``None`` where it says nothing."""
    said = str(parameters.get("scaling", model.content.get("scaling", ""))).casefold()
    values = str(parameters.get("values", "")).casefold()
    if said.startswith(("none", "given")) or "already" in values or "already" in said:
        return "given"
    if not said:
        return "given" if isinstance(model.content.get("values"), list) and "matrix" not in model.content else None
    if "sum" in said:
        return "sum"
    if any(word in said for word in ("range", "min-max", "minmax", "linear", "hull", "local", "global")):
        return "range"
    if "max" in said:
        return "maximum"
    raise refuse("the model asks for a scaling that is not known", "choose range, sum, maximum or given",
                 file=model.name, column="scaling", value=said)


def _costs(model: Model, names: Sequence[str], objects: Sequence[Mapping[str, Any]],
           parameters: Mapping[str, Any]) -> tuple[float, ...] | None:
    given = next((model.content[key] for key in ("cost", "costs") if key in model.content), None)
    if given is None:
        given = next((parameters[key] for key in parameters if key in ("cost", "costs") or key.endswith("_cost")), None)
    if given is None and any("cost" in each for each in objects):
        given = [each.get("cost") for each in objects]
    if given is None:
        return None
    if isinstance(given, Mapping):
        given = [given.get(each) for each in names]
    if not isinstance(given, list) or len(given) != len(names):
        raise refuse("the costs do not match the alternatives", "give one cost an alternative, in their order",
                     file=model.name, column="cost")
    problems = [Problem(f"{name} has no cost that is a number", "give each alternative a cost, or none at all",
                        model.name, place, "cost", None if cost is None else str(cost))
                for place, (name, cost) in enumerate(zip(names, given, strict=True), start=1) if not _is_number(cost)]
    if problems:
        raise Refused(problems)
    return tuple(map(float, given))
