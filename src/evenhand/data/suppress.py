"""A table of counts made fit to be shown: small counts hidden, totals kept from giving them away, the rest rounded."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.protection import Counts, Protected, Sum, protect
from evenhand.data.suppression import HIDDEN, REGIMES, Regime
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted, listed

SOURCE = "Fischetti and Salazar-González (2001), Management Science 47:1008-1027, for the cells hidden besides"
USUAL_COUNTS = ("count", "numerator", "n", "value")


@dataclass(frozen=True)
class Settings:
    """By which rule, and how far a hidden count must be blurred."""

    regime: Literal["hes-2018", "under-10", "midpoint-6", "none"] = setting("hes-2018", "Suppression regime",
                                                                            common=True)
    count: tuple[str, ...] = setting((), "Columns that count people", "unless told: count, numerator and n; else value",
                                     common=True)
    by: tuple[str, ...] = setting((), "Columns that say which cell it is", "unless told: all others")
    total: str = setting("total", "Word that marks a total in those columns")
    secondary: bool = setting(True, "Hide further cells where totals would give small counts away")
    width: int = setting(3, "Least distance between the smallest and largest a hidden count could be", unit="people")

    def __post_init__(self) -> None:
        if self.width < 1:
            raise refuse("a hidden count must be able to differ by one at least", "for example 3", column="--width",
                         value=self.width)


def suppress(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """A table of counts as it may be shown, with the proof that no hidden count can be worked out from its totals.

    Args:
        table: one row a cell, with the columns that name it (a total carries the word ``total`` in the column it runs
            over) and one or more columns of counts: whole numbers, not negative; empty stays missing.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings.

    Returns:
        An answer whose ``rows`` are the table's, with what may be shown; ``hidden`` says how many counts were hidden
        for being small and how many to protect those; ``proof`` what an attack by linear programming found.

    Raises:
        Refused: no column of counts, words or negatives in it, a cell given twice, parts that exceed their total.

    Source: the regime's own; Fischetti and Salazar-González (2001), Management Science 47:1008-1027.
    """
    chosen = with_options(Settings, settings, options)
    regime = REGIMES[chosen.regime]
    data = tables.read(table)
    columns = _count_columns(data, chosen)
    by = [data._actual(each) or each for each in chosen.by] or [each for each in data.columns if each not in columns]
    data.require(*by)
    data.refuse_duplicates(*by)
    keys = list(zip(*(data.texts(each) for each in by), strict=True)) if by else [()] * len(data)
    rows: list[dict[str, Any]] = [{each: cells[place] for each, cells in
                                   ((each, data.texts(each)) for each in data.columns if each not in columns)}
                                  for place in range(len(data))]
    remarks: list[str] = []
    if left := [] if chosen.by else _numbers_left(data, by):
        remarks.append(f"Shown as {'it stands' if len(left) == 1 else 'they stand'}, as naming the cells and not "
                       f"counting people: {listed(left)}. Name with --count what counts people.")
    found: dict[str, Protected] = {}
    for column in columns:
        raw = data.numbers(column, least=0, whole=True, empty=math.nan)
        counts = tuple(-1 if math.isnan(each) else int(each) for each in raw.tolist())
        sums = _sums(data, column, keys, counts, by, chosen.total)
        crossings = sum(any(key[place].casefold() == chosen.total.casefold() for key in keys)
                        for place in range(len(by)))
        whole = Counts(counts, sums, regime, crossings)
        found[column] = (protect(whole, width=chosen.width) if chosen.secondary and regime.hides
                         else Protected(whole.small, frozenset(), None))
        _remark_on(column, data, whole, found[column], chosen, remarks)
        for place, row in enumerate(rows):
            shown = None if counts[place] < 0 else regime.rounded(counts[place])
            row[column] = HIDDEN if place in found[column].hidden else shown
    if regime.rounding != "none":
        remarks.append("Each count is rounded by itself, so parts may not add up to their total; that is meant.")
    return Answer(
        method=MethodName("data suppress", "1", f"{regime.source}; {SOURCE}"),
        settings=settings_document(chosen), made_from=(MadeFrom(data.name, data.digest),),
        sentence=_sentence(regime, found, len(rows)), fields={
            "rows": rows, "regime": {"name": regime.name, "version": regime.version, "title": regime.title},
            "hidden": {column: {"small": len(each.hidden) - len(each.added), "to_protect": len(each.added)}
                       for column, each in found.items()},
            "proof": {column: {"attacked": len(each.ranges), "narrowest": each.narrowest,
                               "unprotected_rows": [int(data.row_numbers[place]) for place in each.unprotected],
                               "proven_least": each.proven_least} for column, each in found.items()}},
        table=Table.of(rows, [Column(each, kind="count" if each in columns else "text") for each in data.columns],
                       notes=(f"{regime.title} ({regime.name}, version {regime.version}).",)),
        remarks=tuple(remarks))


def _count_columns(data: tables.Table, chosen: Settings) -> list[str]:
    if chosen.count:
        data.require(*chosen.count)
        return [data._actual(each) or each for each in chosen.count]
    found = [actual for each in USUAL_COUNTS if (actual := data._actual(each))]
    if not found:
        raise refuse("no column of counts was named", f"say --count COLUMN (columns here: {', '.join(data.columns)})",
                     file=data.name)
    # A second column of counts left as it stands would give away what the first one hides.
    return [each for each in found if each.casefold() != "value"] or found


def _numbers_left(data: tables.Table, by: Sequence[str]) -> list[str]:
    """Columns taken for names of cells though every cell of them is a number."""
    filled = {each: [cell for cell in data.texts(each) if cell] for each in by}
    return [each for each, cells in filled.items()
            if cells and all(re.fullmatch(r"[\d,]+(\.\d+)?", cell) for cell in cells)]


def _sums(data: tables.Table, column: str, keys: Sequence[tuple[str, ...]], counts: Sequence[int], by: Sequence[str],
          total: str) -> tuple[Sum, ...]:
    """The sums that the totals of a table make, refusing parts that exceed them."""
    word = total.casefold()
    found, problems = [], []
    for over in range(len(by)):
        groups: dict[tuple[str, ...], tuple[list[int], list[int]]] = {}
        for place, key in enumerate(keys):
            rest = tuple(each.casefold() for each in (*key[:over], *key[over + 1:]))
            groups.setdefault(rest, ([], []))[key[over].casefold() == word].append(place)
        for parts, totals in groups.values():
            if not parts or not totals:
                continue
            known = [counts[place] for place in parts if counts[place] >= 0]
            whole = counts[totals[0]]
            added = sum(known)
            if whole >= 0 and added > whole:
                problems.append(Problem(f"the parts add up to {added}, more than this total over {by[over]}",
                                        "correct the total or its parts", data.name,
                                        int(data.row_numbers[totals[0]]), column, str(whole)))
            found.append(Sum(tuple(parts), totals[0], rest=len(known) == len(parts) and whole > added))
    if problems:
        raise Refused(problems)
    return tuple(found)


def _remark_on(column: str, data: tables.Table, whole: Counts, found: Protected, chosen: Settings,
               remarks: list[str]) -> None:
    if any(each.rest for each in whole.sums):
        remarks.append(f"{column}: some totals are larger than their parts, as if a part were not listed; they are "
                       "taken so.")
    if found.unprotected:
        rows = [str(int(data.row_numbers[place])) for place in found.unprotected]
        remarks.append(f"{column}: the rule itself leaves little doubt of {counted(len(rows), 'hidden count')} (row "
                       f"{listed(rows[:10])}), whatever else is hidden: join groups before showing this table.")
    if not found.proven_least:
        remarks.append(f"{column}: enough is hidden, but it was not proven that less would not do.")
    if whole.small and not chosen.secondary:
        remarks.append(f"{column}: only small counts are hidden; totals were not kept from giving them away.")
    if whole.small and chosen.secondary and not whole.sums:
        remarks.append(f"{column}: no totals stand in this table (the word looked for is “{chosen.total}”); totals "
                       "shown elsewhere may still give hidden counts away.")


def _sentence(regime: Regime, found: Mapping[str, Protected], rows: int) -> str:
    small = sum(len(each.hidden) - len(each.added) for each in found.values())
    added = sum(len(each.added) for each in found.values())
    if not regime.hides:
        return f"{counted(rows * len(found), 'count')}: {regime.title.lower()}."
    words = f"{counted(small, 'small count')} of {rows * len(found):,} {'is' if small == 1 else 'are'} hidden"
    if not small:
        return f"{words[0].upper()}{words[1:]}, by the rule “{regime.name}”."
    ranges = [each.narrowest for each in found.values() if each.narrowest is not None]
    more = f", and {added:,} more so that totals do not give them away" if added else ""
    proof = f" Nobody can narrow a hidden count below a range of {min(ranges) + 1} values." if ranges else ""
    return f"{words}{more}, by the rule “{regime.name}”.{proof}"


METHOD = Method(
    room="data", name="suppress", title="Small numbers hidden, totals kept from giving them away",
    question="What of this table may be shown?", function=suppress, settings=Settings,
    inputs=(Input("table", "one row a cell, with its count", (
        InputColumn("count", "how many people: a whole number, empty where missing"),
        InputColumn("area, sex ...", "columns that name the cell; a total carries the word total", True))),),
    outputs=(Output("rows", "the table's rows with what may be shown; hidden is {\"suppressed\": reason}"),
             Output("regime", "name, version and title of the rule"),
             Output("hidden", "by column: how many were small, how many were hidden to protect those"),
             Output("proof", "by column: cells attacked, the narrowest range found, rows that no hiding protects, "
                             "whether less hiding was proven not to do")),
    source=f"The regime's own, named in the answer; {SOURCE}", version="1",
    cannot_tell=("What other tables give away: two areas that overlap, or the same figures before and after a merger.",
                 "Whether a count is about people at all: name those that are with --count.",
                 "Which figures are national, and may be shown as they are under the rule for hospital episodes."),
    example="data suppress sample:counts")
