"""What each row of a sheet is: a scheme, or a title, heading, total, blank, duplicate or note, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from evenhand.choose.tracker.amounts import read_amount
from evenhand.choose.tracker.formatting import column_letters
from evenhand.choose.tracker.sheets import Cell, Sheet, is_blank, text_of
from evenhand.choose.tracker.tables import Block
from evenhand.choose.tracker.vocabulary import MONEY_ROLES

Because = Literal["title", "heading", "total", "blank", "duplicate", "note"]
SAME_SHARE = 0.005

# Words that may stand beside "total" or "target" without making a scheme's name of it.
_NEUTRAL = frozenset({
    "all", "amount", "and", "cip", "cumulative", "efficiencies", "efficiency", "find", "for", "grand", "gross", "in",
    "k", "m", "net", "of", "overall", "page", "plan", "plans", "programme", "programmes", "qipp", "s", "saving",
    "savings", "scheme", "schemes", "sheet", "sub", "the", "to", "value", "year"})
_TOTALS = frozenset({"total", "totals", "subtotal", "subtotals", "sum"})
_ASKS = frozenset({"target", "requirement", "required", "needed", "ask", "challenge"})
_HINT = re.compile(r"total|sum|target|require|needed|ask|challenge|find", re.I)
_SUB_OR_GRAND = re.compile(r"^\W*(sub[\s-]?totals?|grand totals?)\b", re.I)
_TOTAL_WORD = re.compile(r"^\W*(sub[\s-]?)?totals?\b|\b(sub[\s-]?)?totals?\W*$", re.I)
_DERIVED = re.compile(
    r"^\W*((residual|remaining|outstanding|savings?|qipp)? ?gap|gap to (target|plan)|variance( (to|from|against) .*)?|"
    r"balance( to find)?|shortfall|over\s?/?\s?\(?under\)?|surplus\s?/?\s?\(?deficit\)?|difference|check|contingency|"
    r"control total|% (of|delivered|achieved).*|still to find|rounding|average|count|(number|no\.?) of schemes)\W*$",
    re.I)
_NOTE = re.compile(r"^\W*(notes?\b|n\.?b\.?\b|\*|source\b|key\b|legend\b|prepared by|updated?\b|last updated|version\b|"
                   r"page \d+\b|\d+ of \d+$|[†‡§]|"
                   r"please\b|definitions?\b|assumptions?\b|as at\b|date\b|author\b|rag key|see\b|caveat)", re.I)
_NOTE_ABOVE = re.compile(r"^\W*(notes?\b|n\.?b\.?\b|\*|source\b|key\b|rag key|legend\b|please\b)", re.I)
_BARE_SUM = re.compile(r"^\W*(overall|sum|(all|overall|whole) (schemes|savings|programmes?|plan))\W*$", re.I)
_RANGE = re.compile(r"([A-Z]{1,3})\$?(\d+)\s*[:;]\s*\[?\.?\$?([A-Z]{1,3})\$?(\d+)")
LONG = 80
# What a scheme has and a sum has not.
_DESCRIBING = ("owner", "sponsor", "start", "measure", "status", "recurrent", "kind", "confidence", "end")


@dataclass(frozen=True)
class Ignored:
    """A row that is no scheme. ``detail`` says why in words.

    ``value_pounds`` is what stands in it where that is money; for a duplicate ``of`` names the row that is kept, and
    for one that only a person can rule on, ``asked`` is the question.
    """

    sheet: str
    row: int
    because: Because
    detail: str
    value_pounds: float | None = None
    of: tuple[str, int] | None = None
    label: str = ""
    struck: bool = False
    copy: bool = False


@dataclass(frozen=True)
class Line:
    """A row taken for a scheme, before its cells are read. ``part`` is the heading of the part it stands under."""

    block: Block
    place: int
    part: str = ""

    @property
    def sheet(self) -> Sheet:
        """The sheet it stands on."""
        return self.block.sheet

    @property
    def number(self) -> int:
        """The number a person sees beside it."""
        return self.sheet.number(self.place)

    def cell(self, role: str) -> Cell:
        """Its cell under the first column taken for this."""
        return self.block.cell(self.place, role)

    def text(self, role: str) -> str:
        """The same as text."""
        return text_of(self.cell(role))


def sorted_rows(sheet: Sheet, blocks: Sequence[Block],
                ruled: Mapping[str, str]) -> tuple[list[Line], list[Ignored]]:
    """Every row of a sheet as a line or as ignored, with the reason. ``ruled`` holds what a person has decided."""
    lines: list[Line] = []
    ignored: list[Ignored] = []
    top = min((block.headings[0] if block.headings else block.first for block in blocks), default=len(sheet.rows))
    for place in range(top):
        ignored.append(_outside(sheet, place, has_list=bool(blocks)))
    for block in blocks:
        for place in block.headings:
            ignored.append(Ignored(sheet.name, sheet.number(place), "heading", "the headings of the columns"))
        habits = _Habits(block)
        # Right above a further list stand its own words; above the first stands the title of the whole.
        part = "" if block is blocks[0] else _title_of(sheet, block)
        for place in range(block.first, block.last):
            found = _sorted(block, place, habits, ruled)
            if isinstance(found, Line):
                lines.append(replace(found, part=part) if part else found)
                continue
            ignored.append(found)
            if found.because == "total":
                part = ""
            elif found.because == "heading" and found.label and found.detail.startswith(PART):
                part = found.label
    return lines, ignored


PART = "the heading of a part of the list"


def _title_of(sheet: Sheet, block: Block) -> str:
    """The words right above the headings of a further list on the same sheet."""
    above = block.headings[0] - 1 if block.headings else -1
    if above < 0:
        return ""
    filled = [text_of(cell) for cell in sheet.rows[above] if not is_blank(cell)]
    return filled[0] if len(filled) == 1 and len(filled[0]) <= LONG else ""


@lru_cache(maxsize=65_536)
def key_of(about: str, *words: str) -> str:
    """The name of a question, the same next month: what it is about and the words of the row."""
    return ":".join([about, *(re.sub(r"[^a-z0-9]+", "-", word.casefold()).strip("-")[:60] for word in words)])


def _outside(sheet: Sheet, place: int, *, has_list: bool) -> Ignored:
    filled = [cell for cell in sheet.rows[place] if not is_blank(cell)]
    number = sheet.number(place)
    if not filled:
        return Ignored(sheet.name, number, "blank", "the row is empty")
    text = text_of(next(cell for cell in filled))
    if not has_list:
        return Ignored(sheet.name, number, "note", "the sheet holds no list of schemes", label=text)
    if _NOTE_ABOVE.match(text):
        return Ignored(sheet.name, number, "note", "a note above the list", label=text)
    return Ignored(sheet.name, number, "title", "it stands above the headings", label=text)


class _Habits:
    """What the rows of a block usually have, worked out once."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.money = [guess.column for guess in block.guesses if guess.role in MONEY_ROLES]
        self.describing = [guess.column for guess in block.guesses if guess.role in _DESCRIBING]
        self.naming = [column for role in ("name", "id", "programme", "detail", "body", "provider")
                       if (column := block.column(role)) is not None]
        self.notes = [guess.column for guess in block.guesses if guess.role == "note"]
        rows = block.sheet.rows[block.first:block.last]
        reference = block.column("id")
        named = [row for row in rows if not is_blank(row[block.column("name") or 0])]
        self.have_ids = reference is not None and bool(named) and (
            sum(not is_blank(row[reference]) for row in named) >= 0.7 * len(named))
        self.heading_texts = {place: text_of(block.sheet.rows[block.headings[-1]][place]).casefold()
                              for place in range(block.sheet.width)} if block.headings else {}


def _sorted(block: Block, place: int, habits: _Habits, ruled: Mapping[str, str]) -> Line | Ignored:
    sheet, cells = block.sheet, block.sheet.rows[place]
    number = sheet.number(place)

    def ignored(because: Because, detail: str, **more: object) -> Ignored:
        return Ignored(sheet.name, number, because, detail, label=label, **more)  # type: ignore[arg-type]

    filled = [column for column, cell in enumerate(cells) if not is_blank(cell)]
    label = next((text_of(cells[column]) for column in [*habits.naming, *filled]
                  if not is_blank(cells[column]) and re.search(r"[^\W\d]", text_of(cells[column]))), "")
    if not filled:
        return ignored("blank", "the row is empty")
    if _repeats_heading(cells, filled, habits):
        return ignored("heading", "the headings again")
    figures = [column for column in habits.money if read_amount(cells[column]).kind == "amount"]
    describing = [column for column in habits.describing if not is_blank(cells[column])]
    total = _total(block, place, label, figures, describing, filled, habits)
    said = ruled.get(key_of("total", label)) if ruled else None
    if said == "scheme":
        return Line(block, place)
    if total or said == "total":
        return ignored("total", total or "a person said that it is a total")
    is_struck = bool(sheet.marks.struck) and _is_struck(sheet, place, filled, habits)
    if is_struck and ruled.get(key_of("struck", label)) != "scheme":
        return ignored("note", "the row is struck through", struck=True)
    if len(filled) == 1 or not (figures or describing):
        about = _words_only(block, place, label, filled, habits)
        if about is not None:
            return ignored(*about)
    return Line(block, place)


def _repeats_heading(cells: Sequence[Cell], filled: Sequence[int], habits: _Habits) -> bool:
    same = sum(text_of(cells[column]).casefold() == habits.heading_texts.get(column, "") for column in filled)
    return len(filled) > 1 and same >= 0.6 * len(filled)


def _is_struck(sheet: Sheet, place: int, filled: Sequence[int], habits: _Habits) -> bool:
    struck = [column for column in filled if (place, column) in sheet.marks.struck]
    if not struck:
        return False
    name = habits.block.column("name")
    return len(struck) > len(filled) / 2 or (name in struck and any(column in habits.money for column in struck))


def _total(block: Block, place: int, label: str, figures: Sequence[int], describing: Sequence[int],
           filled: Sequence[int], habits: _Habits) -> str:
    """Why a row is a sum and no scheme; empty where it is none."""
    cells = block.sheet.rows[place]
    # A sum may be labelled in any column, but beside a scheme's name "sum" in its measure means nothing.
    named = not is_blank(block.cell(place, "name"))
    passed_over = {*habits.money, *habits.notes, *(describing if named else ())}
    labels = [text_of(cells[column]) for column in filled
              if column not in passed_over and isinstance(cells[column], str)]
    said = next((text for text in labels if says_total(text)), "")
    if said:
        return f"it says “{said}”"
    if not named and figures and not _has_own_id(block, place, habits):
        # A sum's label may stand in any column; a scheme has a name in its own.
        summed_up = next((text for text in labels if _TOTAL_WORD.search(text) or _BARE_SUM.match(text)
                          or _DERIVED.match(text) or says_what_is_asked(text)), "")
        if summed_up:
            return f"it says “{summed_up}” and names no scheme"
    if not describing:
        for text in labels:
            if says_what_is_asked(text):
                return f"it says “{text}”: what is asked for, not a scheme"
            if _DERIVED.match(text):
                return f"it says “{text}”: worked out from other rows"
            if _TOTAL_WORD.search(text) and figures and not _has_own_id(block, place, habits):
                return f"it says “{text}” and has no owner, start or status"
    summed = _sums_down(block, place, figures)
    if summed and len(describing) <= 1:
        return f"its figure is the sum of rows {summed}"
    if figures and not labels:
        return "it holds figures and no words"
    return ""


def _plain_words(text: str) -> list[str]:
    """The words of a label without years, units and marks; the first few, for a name is no total."""
    return [word for word in re.findall(r"[a-z]+|\d+", text.casefold()[:120])
            if not (word.isdigit() and (len(word) <= 2 or word == "000" or word.startswith("20")))]


def says_total(text: str) -> bool:
    """Whether a label is that of a sum and of nothing else: "Total", "TOTAL (£000)", "Sub-total planned care"."""
    if _SUB_OR_GRAND.match(text):
        return True
    if not _HINT.search(text):
        return False
    words = _plain_words(text)
    return bool(_TOTALS & set(words)) and all(word in _TOTALS | _NEUTRAL for word in words)


def says_what_is_asked(text: str) -> bool:
    """Whether a label is that of the amount to be found: "QIPP target 2024/25", "Savings required"."""
    if not _HINT.search(text):
        return False
    words = _plain_words(text)
    asks = bool(_ASKS & set(words)) or words[-2:] == ["to", "find"]
    return asks and all(word in _ASKS | _NEUTRAL | _TOTALS for word in words)


def _has_own_id(block: Block, place: int, habits: _Habits) -> bool:
    return habits.have_ids and not is_blank(block.cell(place, "id"))


def _sums_down(block: Block, place: int, figures: Sequence[int]) -> str:
    """The rows that a formula of this row adds up, where it adds up its own column."""
    for column in [*figures, *(column for guess in block.guesses if (column := guess.column) not in figures
                               and guess.role in MONEY_ROLES)]:
        formula = block.sheet.marks.formulas.get((place, column), "")
        if not re.search(r"\b(SUM|SUBTOTAL|AGGREGATE)\s*\(", formula, re.I):
            continue
        for left, first, right, last in _RANGE.findall(formula):
            if left == right == column_letters(column + block.sheet.first_column) and int(last) > int(first):
                return f"{first} to {last}"
    return ""


def _words_only(block: Block, place: int, label: str, filled: Sequence[int],
                habits: _Habits) -> tuple[Because, str] | None:
    """What a row without figures, owner or start is: a note, the heading of a part, or a scheme with nothing else."""
    sheet, cells = block.sheet, block.sheet.rows[place]
    name = block.column("name")
    texts = [text_of(cells[column]) for column in filled]
    if any(read_amount(cells[column]).kind in ("unknown", "percentage", "error") for column in filled
           if column in habits.money):
        return None
    if _NOTE.match(label) or (max(map(len, texts)) > LONG and len(filled) == 1) or all(
            column in habits.notes for column in filled):
        return "note", "words beside or below the list"
    if name not in filled:
        first = filled[0]
        return (("heading", PART) if first in habits.naming and len(filled) == 1
                else ("note", "it names no scheme"))
    if len(filled) > 1:
        return None
    if not is_blank(block.cell(place, "id")):
        return None
    bold, filling = (place, filled[0]) in sheet.marks.bold, (place, filled[0]) in sheet.marks.fills
    across = any(top == place and right > left for top, left, _, right in sheet.merged)
    if bold or filling or across or habits.have_ids or label.endswith(":") or (label.isupper() and len(label) > 3):
        return "heading", PART
    if _begins_a_part(block, place):
        return "heading", f"{PART}: a name alone, after a gap, with schemes below"
    rest = sheet.rows[place + 1:block.last]
    if block.last < len(sheet.rows) and all(is_blank(each) for row in rest for each in row):
        return "heading", f"{PART}: a name alone, right above other headings"
    return None


def _begins_a_part(block: Block, place: int) -> bool:
    """A name alone after a gap, a sum or the headings, with a fuller row below."""
    rows = block.sheet.rows
    before = place == block.first or all(is_blank(cell) for cell in rows[place - 1]) or bool(
        _TOTAL_WORD.search(" ".join(text_of(cell) for cell in rows[place - 1] if isinstance(cell, str))))
    below = place + 1 < block.last and sum(not is_blank(cell) for cell in rows[place + 1]) > 1
    return before and below
