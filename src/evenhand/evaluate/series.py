"""A table of dated values as flat arrays: series end to end, each in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.data.tables import Table
from evenhand.evaluate import times
from evenhand.stats.control_limits import Chart
from evenhand.terms import Problem, Refused
from evenhand.terms.words import counted, listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Series:
    """Values of any number of series, end to end, each in order of time.

    ``names`` has one place a series; the arrays one a point: ``code`` (which series), ``place`` (when), ``label``
    (when, written), ``value`` (what is plotted) and ``size`` (its denominator, where there is one).
    """

    names: tuple[str, ...]
    code: NDArray[np.int64]
    place: NDArray[np.float64]
    label: NDArray[np.object_]
    value: NDArray[np.float64]
    size: NDArray[np.float64] | None
    dates: times.Times
    rhythm: str
    remarks: tuple[str, ...]


def read(table: Table, chart: Chart, *, per: float = 1) -> Series:
    """Read ``date``, ``value``, and where they are there ``series`` and ``denominator``.

    With a denominator the plotted value is value / denominator x ``per``. Points without a value, or whose denominator
    is empty or nought, are left out and said. Raises ``Refused`` for dates that cannot be read, two points of one
    series at one date, negative counts, and more events than chances in a p chart.
    """
    import numpy as np

    table.require("date", "value", *(("denominator",) if chart in ("p", "u") else ()))
    value = table.numbers("value", least=0 if chart in ("p", "u", "c", "t", "g") else None,
                          whole=chart in ("p", "c", "g"), empty=float("nan"))
    size = None
    if "denominator" in table and chart in ("xmr", "run", "p", "u"):
        size = table.numbers("denominator", least=0, whole=chart == "p", empty=float("nan"))
    _check(table, chart, value, size)
    dates = times.read(table, "date")
    names, code = _series(table)
    remarks: list[str] = []
    kept = ~np.isnan(value)
    if not kept.all():
        remarks.append(f"{counted(int((~kept).sum()), 'point')} without a value {_was(~kept)} left out.")
    if size is not None:
        none = kept & ~(size > 0)
        if none.any():
            remarks.append(f"{counted(int(none.sum()), 'point')} with an empty denominator or one of nought "
                           f"{_was(none)} left out: there is no value then, neither nought nor infinity.")
        kept &= ~none
        if chart in ("xmr", "run"):
            remarks.append("Each point is the value divided by its denominator"
                           + (f", times {per:,.10g}." if per != 1 else "."))
    if not kept.any():
        raise Refused(Problem("no row has a value", "give at least one", table.name, column="value"))
    order = np.flatnonzero(kept)
    order = order[np.lexsort((dates.places[order], code[order]))]
    _refuse_doubles(table, names, code, dates, order)
    plotted = value if size is None else value / np.where(kept, size, 1.0) * per
    used = times.Times(dates.kind, dates.places[order], dates.labels[order])
    lost = [name for place, name in enumerate(names) if not np.any(code[order] == place)] if not kept.all() else []
    if lost:
        remarks.append(f"No value is left of {listed(lost[:5])}{' and others' if len(lost) > 5 else ''}.")
        names, code = _renumbered(names, code, order)
    return Series(names, code[order], used.places, used.labels, plotted[order],
                  None if size is None else size[order] / per, used, used.rhythm(), tuple(remarks))


def _was(rows: NDArray[np.bool_]) -> str:
    return "was" if int(rows.sum()) == 1 else "were"


def _check(table: Table, chart: Chart, value: NDArray[np.float64], size: NDArray[np.float64] | None) -> None:
    if chart == "p" and size is not None:
        table.refuse_rows(value > size, "there are more events than chances", "the value cannot exceed the denominator",
                          column="value")
    if chart == "t":
        table.refuse_rows(value == 0, "the time between two events cannot be nought",
                          "give it in a finer unit, or use --chart g", column="value")


def _series(table: Table) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names in order of first appearance, and the place of each row's name among them."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if "series" not in table:
        return ("",), np.zeros(len(table), np.int64)
    column = table.column("series")
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    text = column if pa.types.is_string(column.type) or pa.types.is_large_string(column.type) else None
    if text is None:
        encoded = pa.array(table.texts("series")).dictionary_encode()
    else:
        encoded = pc.utf8_trim_whitespace(pc.fill_null(text, "")).combine_chunks().dictionary_encode()
    return tuple(encoded.dictionary.to_pylist()), np.asarray(encoded.indices.to_numpy(), dtype=np.int64)


def _renumbered(names: tuple[str, ...], code: NDArray[np.int64], rows: NDArray[np.int64]
                ) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    import numpy as np

    there = np.unique(code[rows])
    place = np.zeros(len(names), np.int64)
    place[there] = np.arange(len(there))
    return tuple(names[each] for each in there), place[code]


def _refuse_doubles(table: Table, names: tuple[str, ...], code: NDArray[np.int64], dates: times.Times,
                    order: NDArray[np.int64]) -> None:
    import numpy as np

    place = dates.places[order]
    same = np.flatnonzero((place[1:] == place[:-1]) & (code[order][1:] == code[order][:-1])) + 1
    if not len(same):
        return
    problems = []
    for at in same[:1000]:
        first, again = sorted((int(order[at - 1]), int(order[at])))
        of = f" of {names[code[again]]}" if names[code[again]] else ""
        problems.append(Problem(f"row {int(table.row_numbers[first])} gives this date{of} already",
                                "keep one of the two, or add a series column", table.name,
                                int(table.row_numbers[again]), "date", str(dates.labels[again])))
    raise Refused(problems)
