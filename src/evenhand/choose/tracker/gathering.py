"""A whole tracker read: every row of every sheet as a scheme or as ignored, and what a person is asked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from evenhand.choose.tracker.amounts import read_amount, units_said
from evenhand.choose.tracker.doubles import (
    Question,
    earlier_copies,
    ruled_same,
    sums_on_other_sheets,
    without_copies,
    without_sums,
)
from evenhand.choose.tracker.formatting import colour_word
from evenhand.choose.tracker.headings import Guess, folded, guess_of_heading, year_in
from evenhand.choose.tracker.row_reader import BlockReader
from evenhand.choose.tracker.rows import Ignored, Line, says_what_is_asked, sorted_rows
from evenhand.choose.tracker.schemes import Reading, Scheme
from evenhand.choose.tracker.sheets import Sheet, is_blank, text_of
from evenhand.choose.tracker.tables import NOT_HERE, Block, blocks_of, place_of, side_by_side, untitled
from evenhand.choose.tracker.to_ask import about_months, about_rows, about_units
from evenhand.choose.tracker.vocabulary import MONEY_ROLES
from evenhand.terms import Month, Problem, Refused, refuse
from evenhand.terms.words import counted

SURE = 0.75
MOST_SHEETS_NAMED = 8


@dataclass(frozen=True)
class Column:
    """What one column was taken for on one sheet. ``units`` are those of its plain figures, where it holds money."""

    sheet: str
    letters: str
    guess: Guess
    units: str = ""


@dataclass(frozen=True)
class Gathered:
    """Everything read from a tracker. ``asked`` is the amount to be found that the tracker itself names, and where."""

    schemes: tuple[Scheme, ...]
    ignored: tuple[Ignored, ...]
    columns: tuple[Column, ...]
    questions: tuple[Question, ...]
    remarks: tuple[str, ...]
    year: str = ""
    asked: tuple[float, str] | None = None
    blocks: tuple[Block, ...] = field(default=(), repr=False)


def gathered(sheets: Sequence[Sheet], name: str, reading: Reading, confirmed: Mapping[str, str],
             kept: Mapping[str, str], where: Sequence[tuple[str, str]] = ()) -> Gathered:
    """Read every sheet.

    Args:
        sheets: the sheets with their cells and marks.
        name: the tracker's name, for what is refused.
        reading: units, financial year, day, and what a person has ruled.
        confirmed: heading or letters by role, said by a person now; refused where no sheet has it.
        kept: the same, remembered from another month; passed over where it is not there.
        where: only rows with these values under these headings; the others are ignored.

    Raises ``Refused`` where there is no list of schemes, where a person's column is not there, or where amounts are
    formulas that were never worked out.
    """
    sheets = [part for sheet in sheets for part in ([sheet] if sheet.hidden else side_by_side(sheet))]
    shown = [sheet for sheet in sheets if not sheet.hidden and sheet.rows]
    by_sheet = {sheet.name: _blocks(sheet, {**kept, **confirmed}) for sheet in shown}
    if not any(by_sheet.values()):
        for sheet in shown:
            found = untitled(sheet, {**kept, **confirmed})
            if found is not None:
                by_sheet[sheet.name] = [found]
    blocks = [block for each in by_sheet.values() for block in each]
    _refuse_without(blocks, sheets, name, confirmed)
    year = reading.year or _year_of(blocks, shown, reading)
    reading = replace(reading, year=year)
    lines, ignored = _rows(sheets, by_sheet, reading.ruled)
    lines, left_out = _kept_where(lines, where, name)
    ignored += left_out
    of_block: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        of_block[id(line.block)].append(line)
    schemes: list[Scheme] = []
    readers = []
    for block in blocks:
        own = of_block[id(block)]
        reader = BlockReader(block, own, reading)
        readers.append(reader)
        _refuse_unworked(reader, own, name)
        schemes += [reader.scheme(line) for line in own]
    ignored = [_with_amount(each, blocks, readers) for each in ignored]
    if not schemes:
        raise refuse("there are headings and no schemes below them", "give a tracker with a row for each scheme",
                     file=name)
    schemes, further, questions = _once_each(schemes, blocks, shown, reading.ruled)
    ignored += further
    order = {sheet.name: place for place, sheet in enumerate(sheets)}
    questions += about_rows(schemes, ignored, sheets, reading.ruled)
    questions += about_months(readers, reading.ruled)
    questions += about_units(schemes, reading.ruled)
    return Gathered(
        tuple(sorted(schemes, key=lambda each: (order[each.sheet], each.row))),
        tuple(sorted(ignored, key=lambda each: (order[each.sheet], each.row))),
        tuple(_columns(blocks, readers)), tuple(questions), tuple(_remarks(sheets, blocks, readers, schemes)), year,
        _asked(sheets, blocks, readers), tuple(blocks))


def _blocks(sheet: Sheet, confirmed: Mapping[str, str]) -> list[Block]:
    return blocks_of(sheet, confirmed) if sheet.width else []


_SIDEWAYS = ("its headings stand down the first column, as on a form for each scheme: copy them into one table, a row "
             "for each scheme and a heading above each column, and give that")


def _is_sideways(sheet: Sheet) -> bool:
    """Whether what would be headings stands down the first column."""
    first = [text_of(row[0]) for row in sheet.rows[:40] if row and isinstance(row[0], str)]
    roles = {guess.role for text in first for guess in guess_of_heading(text, 0) if guess.sure >= SURE}
    return bool(roles & {"owner", "sponsor", "start", "measure"}) and bool(roles & MONEY_ROLES)


def _refuse_without(blocks: Sequence[Block], sheets: Sequence[Sheet], name: str, confirmed: Mapping[str, str]) -> None:
    if not blocks:
        filled = [sheet.name for sheet in sheets if any(not is_blank(cell) for row in sheet.rows for cell in row)]
        if not filled:
            raise refuse("every sheet is empty", "give a tracker with a heading line and rows", file=name)
        more = f" and {len(filled) - MOST_SHEETS_NAMED} more" if len(filled) > MOST_SHEETS_NAMED else ""
        raise refuse(
            f"no sheet has a list of schemes with names and amounts (looked at {', '.join(filled[:MOST_SHEETS_NAMED])}"
            f"{more})", _SIDEWAYS if any(_is_sideways(sheet) for sheet in sheets) else
            "say which columns they are, by heading or letter: --columns name=B,value=F", file=name)
    problems = []
    for role, said in confirmed.items():
        there = any(place_of(said, block.texts, block.sheet) is not None for block in blocks)
        if not there and folded(said) != NOT_HERE:
            heads = list(dict.fromkeys(text for block in blocks for text in block.texts if text))
            problems.append(Problem("no list has such a column", f"choose from {', '.join(heads[:20])}", name, None,
                                    f"--columns {role}", said))
    if problems:
        raise Refused(problems)


def _year_of(blocks: Sequence[Block], sheets: Sequence[Sheet], reading: Reading) -> str:
    """The plan's year: said by the headings of amounts, else by a title, else the one the day lies in."""
    said = Counter(guess.year for block in blocks for guess in block.guesses
                   if guess.year and guess.role in ("value", "gross", "forecast", "actual"))
    if said:
        return min(said, key=lambda year: (-said[year], year))
    now = Month.of(reading.today).financial_year if reading.today else ""
    columns = sorted({guess.year for block in blocks for guess in block.guesses if guess.role == "year_value"})
    if columns:
        return now if now in columns else columns[0]
    for sheet in sheets:
        top = next((block.headings[0] for block in blocks if block.sheet is sheet and block.headings), 0)
        for row in sheet.rows[:top]:
            for cell in row:
                if isinstance(cell, str) and (year := year_in(cell)):
                    return year
    return now


def _rows(sheets: Sequence[Sheet], by_sheet: Mapping[str, Sequence[Block]],
          ruled: Mapping[str, str]) -> tuple[list[Line], list[Ignored]]:
    lines: list[Line] = []
    ignored: list[Ignored] = []
    for sheet in sheets:
        if sheet.hidden:
            ignored += [Ignored(sheet.name, sheet.number(place), "note" if any(not is_blank(cell) for cell in row)
                                else "blank", "the sheet is hidden") for place, row in enumerate(sheet.rows)]
            continue
        own_lines, own_ignored = sorted_rows(sheet, by_sheet.get(sheet.name, []), ruled)
        lines += own_lines
        ignored += own_ignored
    return lines, ignored


def _kept_where(lines: list[Line], where: Sequence[tuple[str, str]], name: str) -> tuple[list[Line], list[Ignored]]:
    left_out: list[Ignored] = []
    for heading, value in where:
        places = {id(line.block): place_of(heading, line.block.texts, line.sheet) for line in lines}
        if all(place is None for place in places.values()):
            raise refuse("no list has such a column", "name a heading of the tracker", file=name, column="--where",
                         value=heading)
        kept = []
        for line in lines:
            place = places[id(line.block)]
            if place is not None and text_of(line.sheet.rows[line.place][place]).casefold() == value.casefold():
                kept.append(line)
            else:
                left_out.append(Ignored(line.sheet.name, line.number, "note", f"left out by --where {heading}={value}",
                                        label=line.text("name")))
        if not kept:
            raise refuse(f"no row has {heading} equal to this", "check the spelling", file=name, column="--where",
                         value=value)
        lines = kept
    return lines, left_out


def _refuse_unworked(reader: BlockReader, lines: Sequence[Line], name: str) -> None:
    """Amounts that are formulas without results cannot be read: a calculator must have worked them out once."""
    guess = reader.main_column()
    if guess is None:
        return
    unworked = [line for line in lines if (line.place, guess.column) in line.sheet.marks.without_value]
    if unworked:
        first = unworked[0]
        cell = f"{first.sheet.letters(guess.column)}{first.number}"
        rest = f" and {counted(len(unworked) - 1, 'more cell')} like it" if len(unworked) > 1 else ""
        raise refuse(
            f"the amount in {cell} of “{first.sheet.name}”{rest} is a formula that was never worked out",
            "open the workbook in Excel or LibreOffice, let it calculate, save it, and give it again", file=name,
            column=guess.heading)


def _with_amount(each: Ignored, blocks: Sequence[Block], readers: Sequence[BlockReader]) -> Ignored:
    """A total or a struck row with the amount that stands in it."""
    if each.because not in ("total",) and not each.struck:
        return each
    for block, reader in zip(blocks, readers, strict=True):
        place = each.row - block.sheet.first_row
        if block.sheet.name == each.sheet and block.first <= place < block.last:
            line, main = Line(block, place), reader.main_column()
            if each.struck and main is not None:
                return replace(each, value_pounds=reader.amount(line, main, struck_too=True).value)
            return replace(each, value_pounds=reader.value(line)[0].value)
    return each


def _once_each(schemes: list[Scheme], blocks: Sequence[Block], sheets: Sequence[Sheet],
               ruled: Mapping[str, str]) -> tuple[list[Scheme], list[Ignored], list[Question]]:
    """The schemes without sums and copies, what was taken out, and what is asked."""
    coloured = {key.partition(":")[2].upper() for key, said in ruled.items()
                if key.startswith("colour:") and said == "leave out"}
    ignored = [Ignored(scheme.sheet, scheme.row, "note",
                       f"a person said that rows filled {colour_word(scheme.fill)} are left out",
                       scheme.value_pounds, None, scheme.name) for scheme in schemes if scheme.fill in coloured]
    schemes = [scheme for scheme in schemes if scheme.fill not in coloured]
    schemes, more = without_sums(schemes, {sheet.name: sheet.marks for sheet in sheets}, ruled)
    ignored += more
    telling = {"owner", "sponsor", "start", "status", "measure"}
    rich = {block.sheet.name for block in blocks if len(telling & {guess.role for guess in block.guesses}) >= 2}
    bare = [block.sheet.name for block in blocks if block.sheet.name not in rich
            and not telling & {guess.role for guess in block.guesses}]
    if rich and bare:
        schemes, more = sums_on_other_sheets(schemes, bare)
        ignored += more
    schemes, more, questions = earlier_copies(schemes)
    ignored += more
    schemes, more, asked = without_copies(schemes, ruled)
    ignored += more
    schemes, more = ruled_same(schemes, ruled)
    return schemes, [*ignored, *more], [*questions, *asked]


def _columns(blocks: Sequence[Block], readers: Sequence[BlockReader]) -> list[Column]:
    found: dict[tuple[str, str, str], Column] = {}
    for block, reader in zip(blocks, readers, strict=True):
        for guess in block.guesses:
            money = guess.column in block.units
            column = Column(block.sheet.name, block.sheet.letters(guess.column), guess,
                            reader.units[guess.column] if money else "")
            found.setdefault((column.sheet, column.letters, guess.role), column)
    return list(found.values())


def _remarks(sheets: Sequence[Sheet], blocks: Sequence[Block], readers: Sequence[BlockReader],
             schemes: Sequence[Scheme]) -> list[str]:
    remarks = []
    if any(reader.turned for reader in readers):
        remarks.append("Nearly all figures are below nought: they are read as savings written as negative spend.")
    if not any(sheet.marks.known for sheet in sheets) and blocks:
        remarks.append("This kind of file shows no colours and no struck-through text: save it as .xlsx if rows were "
                       "struck through.")
    hidden = sum(len(sheet.marks.hidden_rows) for sheet in sheets if not sheet.hidden)
    if hidden:
        remarks.append(f"{counted(hidden, 'hidden row').capitalize()}, as by a filter: read like the others.")
    # A sheet whose rows all stand elsewhere, such as a chart of months with crosses in it, says nothing of money.
    telling = {scheme.sheet for scheme in schemes}
    routes = {reader.route for block, reader in zip(blocks, readers, strict=True) if block.sheet.name in telling}
    said = {"net": "The list has no net saving: each is its gross saving less its cost.",
            "parts": "Each saving is its recurrent and its non-recurrent part added up.",
            "bodies": "Each saving is the parts of several bodies or providers added up.",
            "months": "The list has no column of yearly savings: the months are added up.",
            "gross": "The list has gross savings only: what they cost is not taken off.",
            "forecast": "The list has forecasts and no plan: these are taken for what is claimed.",
            "full_year": "The list has full-year savings only: what falls into this year is not known.",
            "risk_adjusted": "The list has risk-adjusted savings only: these are taken for what is claimed."}
    remarks += [text for route, text in said.items() if route in routes]
    plain = [scheme for scheme in schemes if scheme.value_pounds and not re.search(r"[km]\b", scheme.said, re.I)]
    unsaid = [reader for reader in readers if reader.reading.units == "auto" and (main := reader.main_column())
              is not None and not reader.block.units.get(main.column)]
    if unsaid and plain:
        largest = max(abs(scheme.value_pounds or 0) for scheme in plain)
        if largest < 20_000:
            remarks.append(f"No heading says in which units the amounts are: plain figures are read as pounds, the "
                           f"largest as £{largest:,.0f}. If they are thousands, say --units thousands.")
    names = Counter(block.sheet.name for block in blocks)
    if len(names) > 1:
        remarks.append(f"Read from {len(names)} sheets: {', '.join(list(names)[:MOST_SHEETS_NAMED])}"
                       + (" …" if len(names) > MOST_SHEETS_NAMED else "") + ".")
    return remarks


def _asked(sheets: Sequence[Sheet], blocks: Sequence[Block],
           readers: Sequence[BlockReader]) -> tuple[float, str] | None:
    """The amount to be found, where the tracker names it: a cell beside "QIPP target", or "Savings required: £12m"."""
    found: list[tuple[float, str]] = []
    for sheet in sheets:
        if sheet.hidden:
            continue
        own = [(block, reader) for block, reader in zip(blocks, readers, strict=True) if block.sheet is sheet]
        title = units_said(" ".join(cell for row in sheet.rows[:12] for cell in row if isinstance(cell, str)))
        for place, row in enumerate(sheet.rows):
            if len(sheet.rows) > 5_000 and 50 < place < len(sheet.rows) - 50:
                continue
            for column, cell in enumerate(row):
                if not isinstance(cell, str) or len(cell) > 80 or not re.search(r"[a-z]", cell, re.I):
                    continue
                label, _, behind = cell.partition(":")
                if not says_what_is_asked(label) or any(place in block.headings for block, _ in own):
                    continue
                inside = next(((block, reader) for block, reader in own if block.first <= place < block.last), None)
                main = inside[1].main_column() if inside else None
                if inside and main is not None:
                    amount = inside[1].amount(Line(inside[0], place), main)
                else:
                    beside = [behind] if behind.strip() else [each for each in row[column + 1:] if not is_blank(each)]
                    unit = {"thousands": 1e3, "millions": 1e6}.get(units_said(label) or title, 1.0)
                    amount = read_amount(beside[0]).in_pounds(unit) if beside else read_amount("")
                if amount.value and amount.kind == "amount":
                    where = f"row {sheet.number(place)} of “{sheet.name}”, “{label.strip()}”"
                    found.append((abs(amount.value), where))
    return found[0] if found else None
