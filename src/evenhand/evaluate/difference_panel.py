"""A panel for difference-in-differences: units through time, each with the time at which it was first treated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evenhand.data.reading import cell_text
from evenhand.data.tables import Table
from evenhand.evaluate import times
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted, per_cent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEVER = 1_000_000_000
"""The first treated period of a unit that is not treated within the series: later than any."""
WORDS_FOR_NEVER = frozenset({"", "0", "never", "inf", "infinity", "+inf", "none", "nan", "na", "n/a", "null",
                             "untreated", "not treated", "-", "–"})
NOUGHT = re.compile(r"[+-]?0+(?:\.0*)?")
CALENDAR_YEAR = re.compile(r"(?:1[89]|20)\d\d")
SIGNS = {"1": True, "true": True, "yes": True, "y": True, "0": False, "false": False, "no": False, "n": False}


@dataclass(frozen=True)
class Columns:
    """Which columns of the table hold what."""

    unit: str
    time: str
    outcome: str
    first_treated: str
    treated: str | None = None
    covariates: tuple[str, ...] = ()
    weights: str | None = None


@dataclass(frozen=True)
class Panel:
    """Units through time.

    ``outcome`` (units x periods, not a number where missing); ``covariates`` (covariates x units x periods); ``start``
    (units): the place in ``labels`` of the first treated period, ``NEVER`` where there is none; ``weights`` (units),
    one on average; ``steps`` (periods): time counted in its rhythm, so that a gap in the calendar shows.
    """

    units: tuple[str, ...]
    labels: tuple[str, ...]
    steps: NDArray[np.float64]
    outcome: NDArray[np.float64]
    start: NDArray[np.int64]
    covariates: NDArray[np.float64]
    covariate_names: tuple[str, ...]
    weights: NDArray[np.float64]
    rhythm: str
    remarks: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.units)

    @property
    def groups(self) -> NDArray[np.int64]:
        """The first treated periods that occur, in order."""
        import numpy as np

        return np.unique(self.start[self.start < NEVER])

    @property
    def treated_count(self) -> int:
        """Units treated within the series."""
        return int((self.start < NEVER).sum())

    def only(self, kept: NDArray[np.bool_]) -> Panel:
        """The units where ``kept`` is true, their weights one on average again."""
        weights = self.weights[kept]
        return replace(self, units=tuple(unit for unit, stays in zip(self.units, kept, strict=True) if stays),
                       outcome=self.outcome[kept], start=self.start[kept], covariates=self.covariates[:, kept],
                       weights=weights / weights.mean())

    def event(self, group: int, time: int) -> float:
        """Steps from a group's start to a period: nought at the start, negative before."""
        return float(self.steps[time] - self.steps[group])


def read(table: Table, columns: Columns, *, anticipation: int = 0, gaps: str = "drop", first: str | None = None,
         last: str | None = None) -> Panel:
    """Read a panel; ``first`` and ``last`` are dates as a person types them.

    Units treated from the first period on have no past to be compared with, and are left out and said; so are units
    with gaps, unless ``gaps`` is "keep". Raises ``Refused`` for missing columns, cells that cannot be read, a unit that
    stands twice at one time, a unit with two starts, treatment that is switched off, and a panel in which nobody is
    treated.
    """
    import numpy as np

    wanted = [columns.unit, columns.time, columns.outcome, columns.treated or columns.first_treated,
              *columns.covariates, *([columns.weights] if columns.weights else [])]
    table.require(*wanted)
    missing = float("nan")
    values = table.numbers(columns.outcome, empty=missing)
    beside = [table.numbers(each, empty=missing) for each in columns.covariates]
    size = np.ones(len(table)) if columns.weights is None else table.numbers(columns.weights, least=0)
    dates = times.read(table, columns.time)
    units, names = _coded(table, columns.unit)
    _refuse_unnamed(table, columns.unit, units, names)
    kept = np.ones(len(table), bool)
    if first:
        kept &= dates.places >= dates.moment(first, "--from").place
    if last:
        kept &= dates.places <= dates.moment(last, "--to").place
    periods, at = np.unique(dates.places[kept], return_inverse=True)
    if len(periods) < 2:
        raise refuse("a difference needs two periods at the least, one before and one after",
                     "give the periods before the start too", file=table.name, column=columns.time)
    rows = np.flatnonzero(kept)
    _refuse_doubles(table, columns, rows, units[rows], at, len(periods))
    shape = (len(names), len(periods))
    outcome = _spread(values[rows], units[rows], at, shape)
    laid = [_spread(each[rows], units[rows], at, shape) for each in beside]
    extra = np.stack(laid) if laid else np.zeros((0, *shape))
    place = np.unique(at, return_index=True)[1]
    used = times.Times(dates.kind, periods, dates.labels[rows][place])
    remarks: list[str] = []
    if columns.treated is None:
        start = _starts(table, columns, dates, units, len(names), periods, remarks)
    else:
        start = _switched_on(table, columns, rows, units[rows], at, shape)
    weights, varied = _weights(size[rows], units[rows], len(names))
    if varied:
        remarks.append(f"{columns.weights} changes through time: each unit's mean weighs it throughout.")
    if not (weights > 0).any():
        raise refuse("every weight is nought", "give weights above nought", file=table.name,
                     column=columns.weights or "")
    seen = np.bincount(units[rows], minlength=len(names)) > 0
    panel = Panel(names, tuple(str(label) for label in used.labels), used.steps(), outcome, start, extra,
                  columns.covariates, weights, _rhythm(used), tuple(remarks)).only(seen & (weights > 0))
    panel = _without_gaps(_without_past(panel, anticipation, columns), gaps, columns)
    _refuse_doubled_covariates(panel)
    return panel


def _refuse_doubled_covariates(panel: Panel) -> None:
    """Refuse covariates that are the same everywhere, or that say the same thing as others."""
    import numpy as np

    if not panel.covariate_names:
        return
    every = panel.covariates.reshape(len(panel.covariate_names), -1)
    every = every[:, np.isfinite(every).all(axis=0)]
    spread = every.std(axis=1)
    for name, wide, most in zip(panel.covariate_names, spread, np.abs(every).max(axis=1, initial=0), strict=True):
        if not wide > 1e-12 * most:
            raise refuse("this covariate is the same everywhere, so there is nothing to be alike in", "leave it out",
                         column="--covariates", value=name)
    scaled = (every - every.mean(axis=1, keepdims=True)) / spread[:, None]
    if np.linalg.matrix_rank(scaled @ scaled.T / scaled.shape[1], tol=1e-9) < len(scaled):
        raise refuse("some of these covariates say the same thing as others", "leave one of them out",
                     column="--covariates", value=", ".join(panel.covariate_names))


def _rhythm(used: times.Times) -> str:
    """The step in time; plain numbers that are calendar years are years."""
    years = used.kind == "number" and all(CALENDAR_YEAR.fullmatch(str(label)) for label in used.labels)
    return "year" if years else used.rhythm()


def _coded(table: Table, column: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """A column as places in a list of its distinct words, in order of first appearance."""
    import numpy as np
    import pyarrow as pa

    cells = table.column(column)
    encoded = cells.combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = pa.concat_arrays(encoded.chunks)
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode(null_encoding="encode")
    words = [_word(cell) for cell in encoded.dictionary.to_pylist()]
    codes = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    if (codes < 0).any():
        words.append("")
        codes = np.where(codes < 0, len(words) - 1, codes)
    distinct = list(dict.fromkeys(words))
    place = {word: number for number, word in enumerate(distinct)}
    return np.array([place[word] for word in words], dtype=np.int64)[codes], tuple(distinct)


def _word(cell: Any) -> str:
    if isinstance(cell, float) and cell != cell:
        return ""
    if isinstance(cell, float) and cell in (float("inf"), float("-inf")):
        return str(cell)
    return cell_text(cell).strip()


def _means_never(word: str) -> bool:
    return word.casefold() in WORDS_FOR_NEVER or NOUGHT.fullmatch(word) is not None


def _refuse_unnamed(table: Table, column: str, codes: NDArray[np.int64], names: Sequence[str]) -> None:
    if "" in names:
        table.refuse_rows(codes == names.index(""), "this cell is empty", "name the unit", column=column)


def _refuse_doubles(table: Table, columns: Columns, rows: NDArray[np.int64], units: NDArray[np.int64],
                    at: NDArray[np.int64], periods: int) -> None:
    import numpy as np

    code = units * periods + at
    order = np.argsort(code, kind="stable")
    same = np.flatnonzero(np.diff(code[order]) == 0)
    same = same[np.argsort(order[same + 1])]
    if len(same):
        names = table.texts(columns.unit)
        raise Refused(
            Problem(f"row {int(table.row_numbers[rows[order[each]]])} is for the same {columns.unit} and "
                    f"{columns.time}", "keep one of the two", table.name,
                    int(table.row_numbers[rows[order[each + 1]]]), columns.unit, names[rows[order[each + 1]]])
            for each in same[:1000])


def _spread(values: NDArray[np.float64], units: NDArray[np.int64], at: NDArray[np.int64],
            shape: tuple[int, int]) -> NDArray[np.float64]:
    import numpy as np

    laid = np.full(shape, np.nan)
    laid[units, at] = values
    return laid


def _weights(size: NDArray[np.float64], units: NDArray[np.int64], count: int) -> tuple[NDArray[np.float64], bool]:
    import numpy as np

    times_seen = np.maximum(np.bincount(units, minlength=count), 1)
    mean = np.bincount(units, weights=size, minlength=count) / times_seen
    varied = bool(np.any(np.abs(size - mean[units]) > 1e-9 * np.maximum(np.abs(mean[units]), 1)))
    return mean, varied


def _starts(table: Table, columns: Columns, dates: times.Times, units: NDArray[np.int64], count: int,
            periods: NDArray[np.float64], remarks: list[str]) -> NDArray[np.int64]:
    """Each unit's first treated period, from the column that names it (shape units)."""
    import numpy as np

    codes, words = _coded(table, columns.first_treated)
    _refuse_two_starts(table, columns, units, codes, words, count)
    is_never = [_means_never(word) for word in words]
    zero = next((place for place, word in enumerate(words) if NOUGHT.fullmatch(word)), None)
    if dates.kind == "number" and 0 in periods and zero is not None:
        is_never[zero] = not any(flag for place, flag in enumerate(is_never) if place != zero)
        if is_never[zero]:
            remarks.append(f"0 in {columns.first_treated} is read as never treated, though {columns.time} has a 0 too.")
    places, problems = [float("inf")] * len(words), []
    for place, word in enumerate(words):
        if not is_never[place]:
            try:
                places[place] = dates.moment(word, columns.first_treated).place
            except Refused:
                row = int(table.row_numbers[int(np.flatnonzero(codes == place)[0])])
                problems.append(Problem(f"this is no time like those of {columns.time}",
                                        f"write it like {dates.labels[0]}; leave it empty where never treated",
                                        table.name, row, columns.first_treated, word))
            if dates.kind == "number" and places[place] < 0 <= periods[0]:
                row = int(table.row_numbers[int(np.flatnonzero(codes == place)[0])])
                problems.append(Problem("this start lies below nought, and the times do not",
                                        "leave it empty, or write never, where never treated", table.name, row,
                                        columns.first_treated, word))
    if problems:
        raise Refused(problems[:1000])
    of_unit = np.full(count, np.inf)
    of_unit[units] = np.array(places)[codes]
    finite = np.isfinite(of_unit)
    start = np.where(finite, np.searchsorted(periods, of_unit, side="left"), NEVER)
    late = finite & (start == len(periods))
    if late.any():
        remarks.append(f"{counted(int(late.sum()), 'unit')} first treated after the series ends "
                       f"{'counts' if late.sum() == 1 else 'count'} as not treated.")
        start[late] = NEVER
    inside = finite & (start > 0) & (start < NEVER)
    between = inside & (periods[np.where(inside, start, 0)] != of_unit)
    if between.any():
        remarks.append(f"{counted(int(between.sum()), 'unit')} first treated between two periods "
                       f"{'counts' if between.sum() == 1 else 'count'} as treated from the next one on.")
    return np.asarray(start, dtype=np.int64)


def _refuse_two_starts(table: Table, columns: Columns, units: NDArray[np.int64], codes: NDArray[np.int64],
                       words: Sequence[str], count: int) -> None:
    import numpy as np

    first_row = np.full(count, -1, dtype=np.int64)
    first_row[units[::-1]] = np.arange(len(units))[::-1]
    same_start = {word: "" if _means_never(word) else word for word in words}
    alike = {word: place for place, word in enumerate(dict.fromkeys(same_start.values()))}
    meant = np.array([alike[same_start[word]] for word in words], dtype=np.int64)[codes]
    wrong = np.flatnonzero(meant != meant[first_row[units]])
    if len(wrong):
        raise Refused(
            Problem(f"row {int(table.row_numbers[first_row[units[row]]])} gives this unit another start: "
                    f"“{words[codes[first_row[units[row]]]]}”",
                    "give each unit one start in all its rows; where treatment was switched off or on again, this "
                    "method has no answer", table.name, int(table.row_numbers[row]), columns.first_treated,
                    words[codes[row]]) for row in wrong[:1000])


def _switched_on(table: Table, columns: Columns, rows: NDArray[np.int64], units: NDArray[np.int64],
                 at: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.int64]:
    """Each unit's first treated period, from a column that says yes or no period by period."""
    import numpy as np

    assert columns.treated is not None
    codes, words = _coded(table, columns.treated)
    known = [SIGNS.get(word.casefold()) for word in words]
    unread = np.array([sign is None for sign in known])[codes]
    table.refuse_rows(unread, "this says neither yes nor no", "write 1 where treated in the period, 0 where not",
                      column=columns.treated)
    on = np.array([bool(sign) for sign in known])[codes][rows]
    start = np.full(shape[0], NEVER, dtype=np.int64)
    np.minimum.at(start, units[on], at[on])
    off = np.flatnonzero(~on & (at > start[units]))
    if len(off):
        names = table.texts(columns.unit)
        raise Refused(
            Problem(f"treatment of {names[rows[each]]} was switched off again",
                    "this method follows a treatment that stays: end the unit's series here, or leave the unit out",
                    table.name, int(table.row_numbers[rows[each]]), columns.treated, words[codes[rows[each]]])
            for each in off[:1000])
    return start


def _without_past(panel: Panel, anticipation: int, columns: Columns) -> Panel:
    """The panel without units that have no period before their start (and before it was expected)."""
    begins = panel.steps[panel.start.clip(max=len(panel.labels) - 1)]
    no_past = (panel.start < NEVER) & (begins <= panel.steps[0] + anticipation)
    remarks = list(panel.remarks)
    if no_past.any():
        kept = panel.only(~no_past) if not no_past.all() else panel
        they = "it" if no_past.sum() == 1 else "they"
        remarks.append(f"{counted(int(no_past.sum()), 'unit')} treated from the first period on "
                       f"{'was' if no_past.sum() == 1 else 'were'} left out: {they} had no past to be compared with.")
        panel = replace(kept, remarks=tuple(remarks))
        if no_past.all():
            raise refuse("every unit is treated from the first period on, so there is no past to compare with",
                         "give periods before the start", column=columns.treated or columns.first_treated)
    return panel


def _without_gaps(panel: Panel, gaps: str, columns: Columns) -> Panel:
    """The panel without units that are not seen in every period, or with them and a word about it."""
    import numpy as np

    there: NDArray[np.bool_] = np.isfinite(panel.outcome)
    if len(panel.covariate_names):
        there = there & np.isfinite(panel.covariates).all(axis=0)
    whole = np.asarray(there.all(axis=1), dtype=bool)
    if whole.all():
        return panel
    last = there.shape[1] - 1 - np.argmax(there[:, ::-1], axis=1)
    gone = ~whole & (last < there.shape[1] - 1)
    treated = panel.start < NEVER
    count = int((~whole).sum())
    said = f"{counted(count, 'unit')} of {len(panel):,} {'is' if count == 1 else 'are'} not seen in every period"
    if gone.any():
        said += f" ({gone.sum():,} of them {'vanishes' if gone.sum() == 1 else 'vanish'} before the end)"
    doubts = list(panel.doubts)
    shares = [float((~whole)[part].mean()) if part.any() else 0.0 for part in (treated, ~treated)]
    if gaps == "drop":
        if not (whole & treated).any() or not whole.any():
            raise refuse(f"{said}, and without them nobody treated is left",
                         "add --gaps keep, or shorten the series with --from and --to", column=columns.outcome)
        said += f" and {'was' if count == 1 else 'were'} left out"
        panel = replace(panel.only(whole), remarks=panel.remarks, doubts=panel.doubts)
    else:
        said += "; each comparison uses those seen at both of its times"
    remarks = [*panel.remarks, f"{said}."]
    if count > 0.1 * len(whole) or abs(shares[0] - shares[1]) > 0.1:
        remarks.append(f"Gaps touch {per_cent(shares[0])} of the treated units and {per_cent(shares[1])} of the "
                       "others: if those that are missing fared otherwise, the answer is about who stayed.")
        doubts.append("who_stayed")
    return replace(panel, remarks=tuple(remarks), doubts=tuple(doubts))

