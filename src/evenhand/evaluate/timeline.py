"""One series around the start of a change: read, checked, in order, and laid out as the columns of a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evenhand.data.tables import Table
from evenhand.evaluate import times
from evenhand.evaluate.regression import Family
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Timeline:
    """One series in order of time (arrays have shape points).

    ``step`` counts time in the rhythm of the series (plain numbers as given; others from 1 at the first point, so that
    a gap shows); ``season`` is what waves are counted in (the month of the year for months); ``after`` is true from the
    start on; ``offset`` is the denominator or ones; ``controls`` (points x comparators).
    """

    label: NDArray[np.object_]
    step: NDArray[np.float64]
    season: NDArray[np.float64]
    after: NDArray[np.bool_]
    outcome: NDArray[np.float64]
    offset: NDArray[np.float64]
    controls: NDArray[np.float64]
    control_names: tuple[str, ...]
    rhythm: str
    start: str
    remarks: tuple[str, ...]
    outcome_name: str = ""

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def before_count(self) -> int:
        """Points before the start."""
        return int((~self.after).sum())

    @property
    def after_count(self) -> int:
        """Points from the start on."""
        return int(self.after.sum())

    def only(self, rows: NDArray[np.bool_]) -> Timeline:
        """The points where ``rows`` is true."""
        return replace(self, label=self.label[rows], step=self.step[rows], season=self.season[rows],
                       after=self.after[rows], outcome=self.outcome[rows], offset=self.offset[rows],
                       controls=self.controls[rows])


@dataclass(frozen=True)
class Terms:
    """Which terms a model has."""

    step: bool = True
    trend: bool = True
    slope: bool = False
    harmonics: int = 0
    period: float = 12
    bend: bool = False


def read(table: Table, *, outcome: str, time: str, start: str, offset: str | None, controls: Sequence[str],
         family: Family, first: str | None = None, last: str | None = None) -> Timeline:
    """Read one series; ``start``, ``first`` and ``last`` are dates as a person types them.

    Points without an outcome, denominator or comparator are left out and said. Raises ``Refused`` for columns that are
    missing, dates that cannot be read or stand twice, counts that are negative, and a start with nothing before it or
    nothing from it on.
    """
    import numpy as np

    wanted = [outcome, time, *([offset] if offset else []), *controls]
    table.require(*wanted)
    missing = float("nan")
    values = table.numbers(outcome, empty=missing)
    if family != "gaussian":
        table.refuse_rows(values < 0, "a count cannot be negative",
                          "correct it, or use --family gaussian for values that may be", column=outcome)
    if family in ("poisson", "negative-binomial"):
        table.refuse_rows(~np.isnan(values) & (values != np.round(values)), "a count has no decimals",
                          "use --family quasipoisson, or gaussian for rates and shares", column=outcome)
    size = np.ones(len(table)) if offset is None else table.numbers(offset, least=0, empty=missing)
    compared = np.column_stack([table.numbers(each, least=None if family == "gaussian" else 0, empty=missing)
                                for each in controls]) if controls else np.zeros((len(table), 0))
    dates = times.read(table, time)
    kept = ~np.isnan(values) & (size > 0) & ~np.isnan(compared).any(axis=1)
    if family != "gaussian":
        kept &= (compared > 0).all(axis=1)
    remarks = []
    if not kept.all():
        lost = int((~kept).sum())
        of = "outcome" + (", denominator" if offset else "") + (" or comparator" if controls else "")
        remarks.append(f"{counted(lost, 'point')} without {of} {'was' if lost == 1 else 'were'} left out.")
    if first:
        kept &= dates.places >= dates.moment(first, "--from").place
    if last:
        kept &= dates.places <= dates.moment(last, "--to").place
    begins = dates.moment(start, "--start")
    order = np.flatnonzero(kept)
    order = order[np.argsort(dates.places[order], kind="stable")]
    _refuse_doubles(table, time, dates, order)
    _refuse_outside(table, dates, order, begins)
    used = times.Times(dates.kind, dates.places[order], dates.labels[order])
    rhythm = used.rhythm()
    step = used.steps()
    season = step if rhythm == "number" else step + 1 if rhythm in ("month", "quarter") else step - step[0] + 1
    if rhythm != "number":
        step = step - step[0] + 1
    after = used.places >= begins.place
    found = Timeline(used.labels, step, season, after, values[order], size[order], compared[order], tuple(controls),
                     rhythm, str(used.labels[after][0]), (), outcome)
    return replace(found, remarks=(*remarks, *_gaps(found)))


def _refuse_doubles(table: Table, time: str, dates: times.Times, order: NDArray[np.int64]) -> None:
    import numpy as np

    places = dates.places[order]
    same = np.flatnonzero(places[1:] == places[:-1]) + 1
    if len(same):
        raise Refused(
            Problem(f"row {int(table.row_numbers[order[at - 1]])} gives this date already",
                    "keep one of the two, or choose one series with --where COLUMN=VALUE", table.name,
                    int(table.row_numbers[order[at]]), time, str(dates.labels[order[at]])) for at in same[:1000])


def _refuse_outside(table: Table, dates: times.Times, order: NDArray[np.int64], begins: times.Moment) -> None:
    if not len(order):
        raise refuse("no point is left", "give points with an outcome, or widen --from and --to", file=table.name)
    first, last = order[0], order[-1]
    if begins.place <= dates.places[first]:
        raise refuse("nothing lies before the start, so there is no past to compare with",
                     f"the series begins with {dates.labels[first]}: give a later start", file=table.name,
                     column="--start", value=begins.label)
    if begins.place > dates.places[last]:
        raise refuse("nothing lies after the start yet", f"the series ends with {dates.labels[last]}: give an earlier "
                     "start", file=table.name, column="--start", value=begins.label)


def _gaps(found: Timeline) -> list[str]:
    import numpy as np

    if found.rhythm in ("day", "number"):
        return []
    jumps = np.diff(found.step)
    gaps = int((jumps[jumps > 1] - 1).sum())
    if not gaps:
        return []
    one = times.ONE_OF[found.rhythm]
    return [f"{counted(gaps, one)} between the first and the last {'has' if gaps == 1 else 'have'} no point; time runs "
            "on through the gap."]


def design(line: Timeline, terms: Terms, *, logged: bool, after: NDArray[np.bool_] | None = None,
           last_before: float | None = None) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The columns of the model (points x terms) under their names.

    Terms: intercept; step (1 from the start on); trend (time); waves sin1, cos1, ... of the period; slope_change (time
    since the last point before the start); comparators (logged for counts). ``after`` and ``last_before`` override
    where the change lies, for the counterfactual and for other dates.
    """
    import numpy as np

    changed = line.after if after is None else after
    names = ["intercept"]
    columns = [np.ones(len(line))]
    if terms.step:
        names.append("step")
        columns.append(changed.astype(float))
    if terms.trend:
        names.append("trend")
        columns.append(line.step)
    for wave in range(1, terms.harmonics + 1):
        angle = 2 * np.pi * wave * line.season / terms.period
        names += [f"sin{wave}", f"cos{wave}"]
        columns += [np.sin(angle), np.cos(angle)]
    if terms.slope:
        origin = float(line.step[~line.after].max()) if last_before is None else last_before
        names.append("slope_change")
        columns.append(np.where(changed, line.step - origin, 0.0))
    if terms.bend:
        names.append("bend")
        columns.append((line.step - line.step.mean()) ** 2)
    for place, name in enumerate(line.control_names):
        names.append("control" if len(line.control_names) == 1 else f"control_{name}")
        columns.append(np.log(line.controls[:, place]) if logged else line.controls[:, place])
    return tuple(names), np.column_stack(columns)
