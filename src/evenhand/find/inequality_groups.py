"""Groups in order of deprivation as the slope index needs them: values, populations and errors on a known scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from evenhand.data import tables
from evenhand.find.inequality_sums import SCALES, ValueType, backward, forward
from evenhand.stats import intervals
from evenhand.terms import refuse
from evenhand.terms.words import listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "group": ("quantile", "decile", "quintile"),
    "population": ("pop", "denominator"),
    "lower": ("lowercl", "lower_cl", "lower_limit"),
    "upper": ("uppercl", "upper_cl", "upper_limit"),
    "standard_error": ("standarderror", "se"),
}
"""Names that publications give these columns: taken where the plain name is not there."""

FEWEST_GROUPS = 3
Z95 = 1.959963984540054
"""How many standard errors a 95% limit lies away."""


@dataclass(frozen=True)
class Ordered:
    """One set of groups, the most deprived first; ``errors`` on the scale of the value type.

    ``low`` and ``high`` bound each group's value at 95%, for the picture.
    """

    key: tuple[str, ...]
    groups: tuple[str, ...]
    population: Floats
    values: Floats
    errors: Floats
    low: Floats
    high: Floats


def read_sets(table: tables.Table, by: Sequence[str], value_type: ValueType,
              error_scale: Literal["natural", "log", "logit"] | None, per: float) -> tuple[list[Ordered], list[str]]:
    """Read one set of groups for each combination of the ``by`` columns, with remarks.

    Limits give the errors where the table has them and no ``error_scale`` was named; else the standard error; else the
    numerator and denominator. Raises ``Refused`` for what no slope can be drawn through.
    """
    import numpy as np

    remarks: list[str] = []
    group = _required(table, "group", remarks)
    table.require(*by)
    population = table.numbers(_required(table, "population", remarks), least=0)
    values, errors, low, high = _values(table, value_type, error_scale, per, remarks)
    labels = table.texts(group, may_be_empty=False)
    table.refuse_duplicates(*by, group)
    found = []
    sorted_by_number = False
    for key, places in table.groups(by).items():
        name = f" in {', '.join(key)}" if key else ""
        if len(places) < FEWEST_GROUPS:
            raise refuse(f"there are only {len(places)} groups{name}", "a slope needs at least three, such as fifths",
                         file=table.name, column=group)
        numbers = _numbers([labels[place] for place in places])
        if numbers is not None and list(numbers) != sorted(numbers):
            places = places[np.argsort(numbers, kind="stable")]
            sorted_by_number = True
        if population[places].sum() <= 0 or (population[places] > 0).sum() < 2:
            raise refuse(f"the populations{name} are nought", "give the people of each group", file=table.name,
                         column="population")
        found.append(Ordered(key, tuple(labels[place] for place in places), population[places], values[places],
                             errors[places], low[places], high[places]))
    if sorted_by_number:
        remarks.append("Groups were put in order of their numbers.")
    ends = {(one.groups[0], one.groups[-1]) for one in found}
    if len(ends) == 1:
        first, last = ends.pop()
        remarks.append(f"Group {first} is taken as the most deprived and group {last} as the least.")
    return found, remarks


def _values(table: tables.Table, value_type: ValueType, error_scale: str | None, per: float,
            remarks: list[str]) -> tuple[Floats, Floats, Floats, Floats]:
    """Values, errors on the scale of the type, and the ends of each group's 95% interval."""
    if "value" not in table:
        return _from_counts(table, value_type, per)
    values = table.numbers("value")
    _refuse_out_of_range(table, values, "value", value_type)
    lower, upper, error = (_named(table, name, remarks) for name in ("lower", "upper", "standard_error"))
    if error_scale is None and lower and upper:
        low, high = table.numbers(lower), table.numbers(upper)
        table.refuse_rows((low > values) | (high < values), "the value does not lie between its limits",
                          "correct one of the three", column="value")
        _refuse_out_of_range(table, low, lower, value_type)
        _refuse_out_of_range(table, high, upper, value_type)
        if error is not None:
            remarks.append("Errors are taken from the 95% limits; name --error-scale to take the standard error.")
        return values, (_scaled(high, value_type) - _scaled(low, value_type)) / 2 / Z95, low, high
    if error is None:
        if error_scale is not None:
            table.require("standard_error")
        raise refuse("nothing says how sure the values are", "add standard_error, or lower and upper (95% limits), or "
                     "give numerator and denominator in place of value", file=table.name, column="value")
    errors = table.numbers(error, least=0)
    natural = {"normal": "natural", "rate": "log", "proportion": "logit"}[value_type]
    scale = error_scale or "natural"
    if scale not in ("natural", natural):
        raise refuse(f"the error of a {value_type} value is natural or {natural}", f"write --error-scale {natural}",
                     column="--error-scale", value=scale)
    if scale == "natural" and value_type != "normal":
        # By the rule for small errors: d log v = dv / v, d logit p = dp / (p (1 - p)).
        errors = errors / values if value_type == "rate" else errors / (values * (1 - values))
        remarks.append(f"Standard errors were taken as natural and carried onto the {natural} scale.")
    return (values, errors, _natural(_scaled(values, value_type) - Z95 * errors, value_type),
            _natural(_scaled(values, value_type) + Z95 * errors, value_type))


def _from_counts(table: tables.Table, value_type: ValueType, per: float) -> tuple[Floats, Floats, Floats, Floats]:
    if "numerator" not in table and "denominator" not in table:
        table.require("value")
    table.require("numerator", "denominator")
    top, bottom = table.numbers("numerator", least=0), table.numbers("denominator", least=0)
    table.refuse_rows(bottom == 0, "this group has nobody in it", "leave it out or join it with its neighbour",
                      column="denominator")
    if value_type == "normal":
        raise refuse("counts make a rate or a proportion", "say --value-type rate or --value-type proportion",
                     column="--value-type", value=value_type)
    if value_type == "proportion":
        table.refuse_rows(top > bottom, "the numerator is above the denominator",
                          "a proportion counts part of a whole: correct one of the two", column="numerator")
        values, (low, high) = top / bottom, intervals.wilson(top, bottom)
    else:
        limits = intervals.poisson(top)
        values, low, high = top / bottom * per, limits[0] / bottom * per, limits[1] / bottom * per
    _refuse_out_of_range(table, values, "numerator", value_type)
    return values, (_scaled(high, value_type) - _scaled(low, value_type)) / 2 / Z95, low, high


def _refuse_out_of_range(table: tables.Table, values: Floats, column: str, value_type: ValueType) -> None:
    if value_type == "rate":
        table.refuse_rows(values <= 0, "a rate must be above nought, for errors are on the logarithmic scale",
                          "join the group with its neighbour, or say --value-type normal", column=column)
    if value_type == "proportion":
        table.refuse_rows((values <= 0) | (values >= 1), "a proportion must lie between 0 and 1, neither included",
                          "write 0.25 for 25%; join a group of none or all with its neighbour", column=column)


def _scaled(values: Floats, value_type: ValueType) -> Floats:
    return forward(values, SCALES[value_type])


def _natural(values: Floats, value_type: ValueType) -> Floats:
    return backward(values, SCALES[value_type])


def _numbers(labels: Sequence[str]) -> list[float] | None:
    try:
        return [float(each) for each in labels]
    except ValueError:
        return None


def _named(table: tables.Table, name: str, remarks: list[str]) -> str | None:
    taken: Any = next((each for each in (name, *ALSO_CALLED[name]) if each in table), None)
    if taken not in (None, name):
        remarks.append(f"The column “{taken}” was taken for {name.replace('_', ' ')}.")
    return taken if taken is None else str(taken)


def _required(table: tables.Table, name: str, remarks: list[str]) -> str:
    found = _named(table, name, remarks)
    if found is None:
        raise refuse(f"there is no column “{name}”", f"say --columns {name}=NAME (columns here: "
                     f"{listed(table.columns[:30])})", file=table.name)
    return found
