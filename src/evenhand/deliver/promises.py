"""A register of promises: what each month should bring, and what it brought where it was measured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.data import tables
from evenhand.terms import Month, Problem, Refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Promise:
    """One promised benefit's months, in order; what was not seen is not a number."""

    name: str
    owner: str
    unit: str
    months: NDArray[np.int64]
    promised: NDArray[np.float64]
    seen: NDArray[np.float64]
    low: NDArray[np.float64] | None
    high: NDArray[np.float64] | None


def read_promises(data: tables.Table) -> list[Promise]:
    """The promises of a table; raises ``Refused`` for what is wrong in it."""
    import numpy as np

    data.require("benefit", "month", "promised", "seen")
    months = np.array([month.index for month in data.months("month")])
    promised = data.numbers("promised", least=0)
    seen = data.numbers("seen", empty=math.nan)
    ends = {name: data.numbers(name, empty=math.nan) for name in ("seen_low", "seen_high") if name in data}
    if len(ends) == 1:
        (there,) = ends
        data.require("seen_high" if there == "seen_low" else "seen_low")
    if ends:
        outside = (ends["seen_low"] > seen) | (ends["seen_high"] < seen)
        data.refuse_rows(outside, "what was seen lies outside its own range", "correct the range", column="seen")
    _refuse_months_twice(data, months)
    owners, units = (data.texts(name) if name in data else [""] * len(data) for name in ("owner", "unit"))
    data.texts("benefit", may_be_empty=False)
    found, problems = [], []
    for (name,), places in data.groups(["benefit"]).items():
        order = places[np.argsort(months[places], kind="stable")]
        own_units = list(dict.fromkeys(units[place] for place in order if units[place]))
        if len(own_units) > 1:
            row = next(place for place in order if units[place] == own_units[1])
            problems.append(Problem(f"the unit of “{name}” changes from {own_units[0]}", "give one benefit one unit",
                                    data.name, int(data.row_numbers[row]), "unit", own_units[1]))
        own_owners = [owners[place] for place in order if owners[place]]
        found.append(Promise(name, own_owners[-1] if own_owners else "", own_units[0] if own_units else "",
                              months[order], promised[order], seen[order],
                              ends["seen_low"][order] if ends else None, ends["seen_high"][order] if ends else None))
    if problems:
        raise Refused(problems)
    return found


def _refuse_months_twice(data: tables.Table, months: Any) -> None:
    """A month may be spelt in two ways, so it is compared as a month."""
    first: dict[tuple[str, int], int] = {}
    problems = []
    for row, name, index in zip(data.row_numbers, data.texts("benefit"), months.tolist(), strict=True):
        if (name, index) in first:
            problems.append(Problem(f"row {first[name, index]} is for the same benefit and month",
                                    "keep one of the two", data.name, int(row), "month",
                                    f"{name} {Month.at(index)}"))
        first.setdefault((name, index), int(row))
    if problems:
        raise Refused(problems)


def last_seen(found: list[Promise]) -> Month | None:
    """The last month in which anything was measured."""
    import numpy as np

    last = [int(each.months[np.isfinite(each.seen)].max()) for each in found if np.isfinite(each.seen).any()]
    return Month.at(max(last)) if last else None
