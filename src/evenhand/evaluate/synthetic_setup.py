"""The set-up of a synthetic control, as the package Synth writes it: predictors, their periods, donors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from evenhand.evaluate.synthetic_panel import Panel, Predictors
from evenhand.terms import refuse
from evenhand.terms.words import listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from evenhand.evaluate.synthetic_panel import Grid

# Each of our words, and the names under which packages hold the same.
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "unit": ("unit", "unit_variable", "unit_names_variable"), "time": ("time", "time_variable"),
    "outcome": ("dependent", "outcome"), "treated": ("treated", "treatment_identifier"),
    "donors": ("controls", "controls_identifier", "donors"), "start": ("start", "treatment_time"),
    "fitted": ("time_optimize_ssr", "time_optimise", "time_optimize", "time_optimise_ssr"),
    "predictors": ("predictors",), "op": ("predictors_op",), "prior": ("time_predictors_prior",),
    "special": ("special_predictors",), "importance": ("custom_V", "V", "predictor_weights"),
    "training": ("training",)}
OPERATIONS = ("mean", "median", "min", "max", "sum", "std", "var")


def told(setup: Mapping[str, Any], word: str) -> Any:
    """What a set-up says under any of a word's names; none where it is silent."""
    return next((setup[name] for name in SPELLINGS[word] if setup.get(name) is not None), None)


def read(content: Mapping[str, Any], file: str) -> Mapping[str, Any]:
    """The set-up itself, where it stands alone or as the part ``setup`` of a larger document; refuses unknown words."""
    inner = content.get("setup", content)
    if not isinstance(inner, Mapping):
        raise refuse("the set-up is no JSON object", "begin it with { and name its parts", file=file)
    known = {name for names in SPELLINGS.values() for name in names} | {"id", "note"}
    strange = [name for name in inner if name not in known]
    if strange:
        raise refuse("the set-up has a part that is not known", f"choose from {', '.join(sorted(known))}", file=file,
                     value=", ".join(strange[:5]))
    return inner


def names(value: Any, what: str, file: str) -> tuple[str, ...]:
    """A list of names, or one by itself."""
    if isinstance(value, str | int | float):
        return (_written(value),)
    if not isinstance(value, Sequence):
        raise refuse(f"{what} is no list", "write it in square brackets", file=file, value=value)
    return tuple(_written(each) for each in value)


def applied(setup: Mapping[str, Any], panel: Panel, grid: Grid, file: str) -> Panel:
    """The panel with the predictors, the periods of the fit and the weights that a set-up asks for.

    Predictors are taken over their periods for each unit, empty cells passed over; donors without a value of one are
    left out and said. Raises ``Refused`` for columns, periods, operations or weights that cannot be.
    """
    import numpy as np

    remarks: list[str] = []
    fitted = told(setup, "fitted")
    if fitted is not None:
        inside = _periods(fitted, panel.labels, grid, "the periods of the fit", file)
        late = [label for label, there, early in zip(panel.labels, inside, panel.before, strict=True)
                if there and not early]
        if late:
            raise refuse("the fit is judged by periods from the start on", "end them before the start", file=file,
                         value=", ".join(late[:5]))
        panel = replace(panel, fitted=inside)
    found = _predictors(setup, panel, grid, file)
    if found is None:
        return panel
    training = None
    part = told(setup, "training")
    if part is not None:
        if not isinstance(part, Mapping):
            raise refuse("the training part is no JSON object", "give it predictors and periods", file=file)
        trained = _predictors(part, panel, grid, file)
        inside = _periods(told(part, "fitted"), panel.labels, grid, "the periods of the training fit", file)
        if trained is None or len(trained.names) != len(found.names):
            raise refuse("the training part has other predictors than the set-up", "give as many, in the same order",
                         file=file)
        training = (trained, inside)
    lacking = np.asarray(np.isnan(found.values).any(axis=0))
    if training is not None:
        lacking = lacking | np.isnan(training[0].values).any(axis=0)
    if lacking[0]:
        without = [name for name, value in zip(found.names, found.values[:, 0], strict=True) if np.isnan(value)]
        raise refuse("the treated unit has no value of a predictor", "choose other periods, or leave it out", file=file,
                     value=listed(without[:3]) or "in the training part")
    if lacking.any():
        lost = [panel.units[at] for at in np.flatnonzero(lacking)]
        remarks.append(f"{listed(lost[:5])}{' and others' if len(lost) > 5 else ''} "
                       f"{'has' if len(lost) == 1 else 'have'} no value of a predictor: left out as "
                       f"{'a donor' if len(lost) == 1 else 'donors'}.")
        if lacking[1:].all():
            raise refuse("no donor has a value of every predictor", "choose other periods, or leave one out", file=file)
        kept = ~lacking
        panel = replace(panel, units=tuple(np.array(panel.units, dtype=object)[kept]),
                        outcomes=panel.outcomes[:, kept])
        found = replace(found, values=found.values[:, kept])
        training = None if training is None else (
            replace(training[0], values=training[0].values[:, kept]), training[1])
    if not (found.values.std(axis=1) > 0).any():
        raise refuse("no predictor differs between the units", "give others, or leave the set-up out", file=file)
    importance = _importance(told(setup, "importance"), len(found.names), file)
    return replace(panel, predictors=found, importance=importance, training=training,
                   remarks=(*panel.remarks, *remarks))


def _predictors(setup: Mapping[str, Any], panel: Panel, grid: Grid, file: str) -> Predictors | None:
    import numpy as np

    wanted: list[tuple[str, Any, str]] = []
    plain = names(told(setup, "predictors") or (), "the list of predictors", file)
    if plain:
        wanted += [(name, told(setup, "prior"), str(told(setup, "op") or "mean")) for name in plain]
    for each in told(setup, "special") or ():
        if not isinstance(each, Sequence) or isinstance(each, str) or len(each) not in (2, 3):
            raise refuse("a special predictor is a name, its periods and an operation", 'such as ["beds", [2012], '
                         '"mean"]', file=file, value=each)
        wanted.append((str(each[0]), each[1], str(each[2]) if len(each) == 3 else "mean"))
    if not wanted:
        return None
    grid.table.require(*dict.fromkeys(name for name, _, _ in wanted))
    order = [grid.units.index(unit) for unit in panel.units]
    columns: dict[str, NDArray[np.float64]] = {}
    rows, titles = [], []
    labels = [grid.label_of[place] for place in grid.places]
    for name, periods, operation in wanted:
        if operation not in OPERATIONS:
            raise refuse("this operation is not known", f"choose from {', '.join(OPERATIONS)}", file=file,
                         value=operation)
        if name not in columns:
            columns[name] = grid.of(grid.table.numbers(name, empty=float("nan")))[:, order]
        inside = _periods(periods, labels, grid, f"the periods of {name}", file)
        rows.append(_taken(columns[name][inside], operation))
        shown = [label for label, there in zip(labels, inside, strict=True) if there]
        titles.append(f"{name}, {shown[0]}" if len(shown) == 1 else f"{name}, {operation} of {shown[0]} to {shown[-1]}")
    return Predictors(tuple(titles), np.array(rows))


def _taken(values: NDArray[np.float64], operation: str) -> NDArray[np.float64]:
    """One value a unit (shape units) over periods (shape periods, units), empty cells passed over."""
    import warnings

    import numpy as np

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # units without any value become missing, which is said
        if operation in ("std", "var"):
            found = getattr(np, f"nan{operation}")(values, axis=0, ddof=1)
        else:
            found = getattr(np, f"nan{operation}")(values, axis=0)
    return np.where(np.isnan(values).all(axis=0), np.nan, found)


def _periods(wanted: Any, labels: Sequence[str], grid: Grid, what: str, file: str) -> NDArray[np.bool_]:
    """Which of the periods a list names."""
    import numpy as np

    if wanted is None:
        raise refuse(f"{what} are not said", "add time_predictors_prior or time_optimize_ssr to the set-up", file=file)
    listed_ones = names(wanted, what, file)
    asked = {grid.label_of.get(grid.dates.moment(each, what).place, each) for each in listed_ones}
    inside = np.array([label in asked for label in labels])
    if not inside.any():
        raise refuse(f"{what} lie outside the panel", f"it runs from {labels[0]} to {labels[-1]}", file=file,
                     value=", ".join(listed_ones[:5]))
    return inside


def _importance(given: Any, many: int, file: str) -> NDArray[np.float64] | None:
    import numpy as np

    if given is None:
        return None
    try:
        weights = np.array([float(each) for each in given])
    except (TypeError, ValueError):
        raise refuse("weights of predictors are no list of numbers", "give one for each predictor", file=file,
                     value=given) from None
    if len(weights) != many or not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise refuse(f"there are {many} predictors, and each has a weight of nought or more",
                     "plain predictors come first, special ones after", file=file, value=given)
    return np.asarray(weights / weights.sum())


def _written(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value).strip()


def unit_in(setup: Mapping[str, Any], word: str, given: str | None) -> str | None:
    """What the command says, or failing that the set-up."""
    said = told(setup, word)
    return given if given is not None or said is None else _written(said)
