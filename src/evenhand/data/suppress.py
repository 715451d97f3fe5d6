"""A table of counts made fit to be shown: small counts hidden, totals kept from giving them away, the rest rounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data.linked_tables import Together
from evenhand.data.protection import DoNotFit, Protected, protect
from evenhand.data.suppress_reading import Reading, as_read, bodies_after, earlier_release, put_together
from evenhand.data.suppression import HIDDEN, REGIMES, Regime
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import refuse
from evenhand.terms.words import counted, listed

SOURCE = "Fischetti and Salazar-González (2001), Management Science 47:1008-1027, for the cells hidden besides"


@dataclass(frozen=True)
class Settings:
    """By which rule, and how far a hidden count must be blurred."""

    regime: Literal["hes-2018", "under-10", "strictest", "midpoint-6", "none"] = setting(
        "hes-2018", "Suppression regime", common=True)
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


def suppress(table: Source, settings: Settings | None = None, /, *, linked: Source | Sequence[Source] | None = None,
             before: Source | None = None, lineage: Source | None = None, **options: Any) -> Answer:
    """A table of counts as it may be shown, with the proof that no hidden count can be worked out from its totals.

    Args:
        table: one row a cell, with the columns that name it (a total carries the word ``total`` in the column it runs
            over) and one or more columns of counts: whole numbers, not negative; empty stays missing.
        linked: a table, or several, of the same people to be released together with it, with the same columns of
            counts; cells and totals that stand in more than one are the same.
        before: what was released earlier of the same facts, as it was published, hidden counts marked.
        lineage: ``from`` and ``to``: the bodies of the earlier release that have since become others.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings.

    Returns:
        An answer whose ``rows`` are the table's, with what may be shown; ``hidden`` says how many counts were hidden
        for being small and how many to protect those; ``proof`` what an attack by linear programming found on all
        tables together; ``linked`` the rows of the others.

    Raises:
        Refused: no column of counts, words or negatives in it, a cell given twice, parts that exceed their total, one
            cell with two counts, an earlier release that cannot be of the same facts.

    Source: the regime's own; Fischetti and Salazar-González (2001), Management Science 47:1008-1027.
    """
    chosen = with_options(Settings, settings, options)
    regime = REGIMES[chosen.regime]
    several = list(linked) if isinstance(linked, list | tuple) else [linked] if linked is not None else []
    first = as_read(table, chosen.count, chosen.by, chosen.total)
    columns = first.counted
    read = [first, *(as_read(each, columns, (), chosen.total) for each in several)]
    past = earlier_release(before, columns, chosen.total) if before is not None else None
    became = bodies_after(lineage) if lineage is not None else None
    rows: list[list[dict[str, Any]]] = [each.named_rows() for each in read]
    remarks: list[str] = []
    if left := [] if chosen.by else first.numbers_left():
        remarks.append(f"Shown as {'it stands' if len(left) == 1 else 'they stand'}, as naming the cells and not "
                       f"counting people: {listed(left)}. Name with --count what counts people.")
    found: dict[str, Protected] = {}
    placed: dict[str, tuple[int, ...]] = {}
    for column in columns:
        whole = put_together(read, column, regime, past, became)
        try:
            found[column] = (protect(whole.counts, width=chosen.width) if chosen.secondary and regime.hides
                             else Protected(whole.counts.small, frozenset(), None))
        except DoNotFit:
            if past is None:
                raise refuse("no counts fit these tables together", "give only tables about the same people",
                             file=first.data.name, column=column) from None
            raise refuse("no counts fit this table and the earlier release together",
                         "give the release of the same facts, and with --lineage the bodies that changed",
                         file=past.data.name, column=column) from None
        placed[column] = whole.places[0]
        _remark_on(column, _rows_at(found[column].unprotected, placed[column], first), whole, found[column], chosen,
                   remarks)
        for each, places, written in zip(read, whole.places, rows, strict=True):
            for place, count, row in zip(places, each.counts(column), written, strict=True):
                shown = None if count < 0 else regime.rounded(count)
                row[column] = HIDDEN if place in found[column].hidden else shown
    if regime.rounding != "none":
        remarks.append("Each count is rounded by itself, so parts may not add up to their total; that is meant.")
    sources = [each.data for each in read] + ([past.data] if past is not None else [])
    return Answer(
        method=MethodName("data suppress", "2", f"{regime.source}; {SOURCE}"),
        settings=settings_document(chosen), made_from=tuple(MadeFrom(each.name, each.digest) for each in sources),
        sentence=_sentence(regime, found, sum(map(len, rows))), fields={
            "rows": rows[0], "regime": {"name": regime.name, "version": regime.version, "title": regime.title},
            "hidden": {column: {"small": len(each.hidden) - len(each.added), "to_protect": len(each.added)}
                       for column, each in found.items()},
            "proof": {column: {"attacked": len(each.ranges), "narrowest": each.narrowest,
                               "unprotected_rows": _rows_at(each.unprotected, placed[column], first),
                               "proven_least": each.proven_least} for column, each in found.items()},
            **({"linked": [{"name": each.data.name, "rows": written}
                           for each, written in zip(read[1:], rows[1:], strict=True)]} if several else {})},
        table=_table(read, rows, columns, regime), remarks=tuple(remarks))


def _table(read: Sequence[Reading], rows: Sequence[Sequence[Mapping[str, Any]]], columns: Sequence[str],
           regime: Regime) -> Table:
    """The table; where others were released with it, one below the other, each row saying whose it is."""
    notes = (f"{regime.title} ({regime.name}, version {regime.version}).",)
    kinds = [Column(each, kind="count" if each in columns else "text") for each in read[0].data.columns]
    if len(read) == 1:
        return Table.of(rows[0], kinds, notes=notes)
    there = {each.name for each in kinds}
    for one in read[1:]:
        kinds += [Column(each, kind="text") for each in one.data.columns if each not in there]
        there |= set(one.data.columns)
    return Table.of([{**{each.name: None for each in kinds}, "table": one.data.name, **row}
                     for one, written in zip(read, rows, strict=True) for row in written],
                    [Column("table", kind="text"), *kinds], notes=notes)


def _rows_at(unprotected: Sequence[int], places: Sequence[int], first: Reading) -> list[int]:
    """The rows of the first table whose counts are among these."""
    return [int(first.data.row_numbers[row]) for row, place in enumerate(places) if place in unprotected]


def _remark_on(column: str, rows: Sequence[int], whole: Together, found: Protected, chosen: Settings,
               remarks: list[str]) -> None:
    if any(each.rest and whole.counts.counts[each.total] >= 0 for each in whole.counts.sums):
        remarks.append(f"{column}: some totals are larger than their parts, as if a part were not listed; they are "
                       "taken so.")
    if found.unprotected:
        where = f" (row {listed([str(each) for each in rows[:10]])})" if rows else ""
        what = ("the rule itself, or what was released before, leaves" if whole.counts.earlier else
                "the rule itself leaves")
        remarks.append(f"{column}: {what} little doubt of {counted(len(found.unprotected), 'hidden count')}{where}, "
                       "whatever else is hidden: join groups before showing this table.")
    if not found.proven_least:
        remarks.append(f"{column}: enough is hidden, but it was not proven that less would not do.")
    if whole.counts.small and not chosen.secondary:
        remarks.append(f"{column}: only small counts are hidden; totals were not kept from giving them away.")
    if whole.counts.small and chosen.secondary and not whole.has_totals:
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
    proof = f" Nobody can narrow a hidden count below a range of {min(ranges) + 1:g} values." if ranges else ""
    return f"{words}{more}, by the rule “{regime.name}”.{proof}"


METHOD = Method(
    room="data", name="suppress", title="Small numbers hidden, totals kept from giving them away",
    question="What of this table may be shown?", function=suppress, settings=Settings,
    inputs=(Input("table", "one row a cell, with its count", (
        InputColumn("count", "how many people: a whole number, empty where missing"),
        InputColumn("area, sex ...", "columns that name the cell; a total carries the word total", True))),
            Input("linked", "further tables of the same people, to be released together with it", optional=True,
                  several=True),
            Input("before", "what was released earlier of the same facts, hidden counts marked as hidden or *",
                  optional=True),
            Input("lineage", "which bodies of the earlier release have become which", (
                InputColumn("from", "a body of the earlier release"),
                InputColumn("to", "a body that holds its people now; more rows where there are several")),
                optional=True)),
    outputs=(Output("rows", "the table's rows with what may be shown; hidden is {\"suppressed\": reason}"),
             Output("regime", "name, version and title of the rule"),
             Output("hidden", "by column: how many were small, how many were hidden to protect those"),
             Output("proof", "by column: cells attacked, the narrowest range found, rows that no hiding protects, "
                             "whether less hiding was proven not to do"),
             Output("linked", "name and rows of each table released with it", sometimes=True)),
    source=f"The regime's own, named in the answer; {SOURCE}", version="2",
    cannot_tell=("What tables give away that were not named with it: say --linked and --before.",
                 "Whether a count is about people at all: name those that are with --count.",
                 "Which figures are national, and may be shown as they are under the rule for hospital episodes."),
    example="data suppress sample:counts")
