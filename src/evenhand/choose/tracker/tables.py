"""Where on a sheet a list of schemes begins and ends, and what its columns are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from evenhand.choose.tracker.amounts import Amount, read_amount, units_said, writes_decimal_commas
from evenhand.choose.tracker.formatting import column_number
from evenhand.choose.tracker.headings import OVER, Guess, folded, guess_of_heading, settled, year_in
from evenhand.choose.tracker.sheets import Cell, Sheet, columns_of, is_blank, text_of
from evenhand.choose.tracker.vocabulary import BY_NAME, MONEY_ROLES
from evenhand.terms import Month

LOOKED_AT, SAMPLED = 400, 2_000
LONGEST_HEADING = 90
NOT_HERE = "none"
"""What a person says of a column that the list does not have, though one looks like it."""
# Two of these, one of them a name or an amount, make a row of headings.
_NAMING = frozenset({"name", "programme", "detail"})


@dataclass(frozen=True)
class Block:
    """One list on a sheet: the rows of its headings, its columns, and the rows between it and the next.

    ``headings`` are row places; ``first`` and ``last`` bound its rows (last not included). ``multipliers`` say how many
    pounds a plain figure of a column is, ``commas`` which columns write 1.234,50.
    """

    sheet: Sheet
    headings: tuple[int, ...]
    texts: tuple[str, ...]
    guesses: tuple[Guess, ...]
    first: int
    last: int
    units: Mapping[int, str] = field(default_factory=dict)
    commas: frozenset[int] = frozenset()

    def column(self, role: str) -> int | None:
        """The place of the column taken for this, if there is one."""
        guesses = self.by_role.get(role)
        return guesses[0].column if guesses else None

    @cached_property
    def by_role(self) -> Mapping[str, Sequence[Guess]]:
        """The columns by what they were taken for."""
        found: dict[str, list[Guess]] = {}
        for guess in self.guesses:
            found.setdefault(guess.role, []).append(guess)
        return found

    def columns(self, role: str) -> Sequence[Guess]:
        """Every column taken for this."""
        return self.by_role.get(role, ())

    def cell(self, row: int, role: str) -> Cell:
        """The cell of a row under the first column taken for this; an empty text where there is none."""
        guesses = self.by_role.get(role)
        return self.sheet.rows[row][guesses[0].column] if guesses else ""

    def amount(self, row: int, column: int) -> Amount:
        """The amount in a cell, in the units of its column."""
        return read_amount(self.sheet.rows[row][column], decimal_comma=column in self.commas)


def blocks_of(sheet: Sheet, confirmed: Mapping[str, str]) -> list[Block]:
    """Every list of schemes on a sheet, in order. ``confirmed`` says which heading or letter a person gave for what."""
    found: list[tuple[tuple[int, ...], tuple[str, ...]]] = []
    row = 0
    while row < len(sheet.rows):
        at = _heading_at(sheet, row, confirmed, again=bool(found)) if row < LOOKED_AT or found else None
        if at is not None and not found:
            # A title may speak of schemes and savings too: the row that names most columns is the heading.
            nearby = [other for below in range(row + 1, min(row + 7, len(sheet.rows)))
                      if (other := _heading_at(sheet, below, confirmed, again=False)) is not None]
            best = max([at, *nearby], key=lambda each: (_weight(each[1], sheet, confirmed), -each[0][0]))
            # Of two rows of headings the lower one alone would do, and would lose what the upper one says.
            at = next((each for each in (at, *nearby) if len(each[0]) == 2 and each[0][1] == best[0][0]), best)
        if at is not None and (not found or at[1] != found[-1][1]):
            found.append(at)
            row = at[0][-1]
        elif not found and row >= LOOKED_AT:
            break
        row += 1
    blocks = []
    for place, (rows, texts) in enumerate(found):
        last = found[place + 1][0][0] if place + 1 < len(found) else len(sheet.rows)
        blocks.append(_block(sheet, rows, texts, rows[-1] + 1, last, confirmed))
    lists = [each for each in blocks if _is_list(each)]
    # What looked like headings and heads no list belongs to the list above it.
    ends = [each.headings[0] for each in lists[1:]] + [len(sheet.rows)]
    return [replace(each, last=end) for each, end in zip(lists, ends, strict=False)]


def _is_list(block: Block) -> bool:
    roles = {guess.role for guess in block.guesses}
    return bool(roles & (_NAMING | {"id"})) and (bool(roles & MONEY_ROLES) or {"owner", "start"} <= roles)


def _block(sheet: Sheet, rows: tuple[int, ...], texts: tuple[str, ...], first: int, last: int,
           confirmed: Mapping[str, str]) -> Block:
    sample = range(first, min(last, first + SAMPLED))
    below = [[sheet.rows[row][column] for row in sample] for column in range(sheet.width)]
    options = [guess_of_heading(text, column) if text else () for column, text in enumerate(texts)]
    for role, said in confirmed.items():
        place = place_of(said, texts, sheet)
        if folded(said) == NOT_HERE:
            options = [tuple(guess for guess in choices if guess.role != role) for choices in options]
        elif place is not None:
            options[place] = (Guess(role, place, texts[place] or f"column {sheet.letters(place)}", 1.0,
                                    "a person said so", confirmed=True, year=year_in(texts[place])),)
            options = [tuple(guess for guess in choices if guess.confirmed or guess.role != role)
                       for choices in options]
    guesses = settled(options, below)
    guesses = _by_what_stands_below(sheet, guesses, texts, below)
    title = " ".join(text_of(cell) for row in sheet.rows[:rows[0]] for cell in row if isinstance(cell, str))
    return Block(sheet, rows, texts, tuple(guesses), first, last, _units(guesses, texts, title, sheet.name),
                 frozenset(guess.column for guess in guesses
                           if guess.role in MONEY_ROLES and writes_decimal_commas(below[guess.column])))


def place_of(said: str, texts: Sequence[str], sheet: Sheet) -> int | None:
    """The column a person means by a heading, by the end of one in two rows, or by letters."""
    wanted = folded(said)
    names = [folded(text) for text in texts]
    if wanted in names:
        return names.index(wanted)
    ends = [place for place, name in enumerate(names) if name.endswith(f" {wanted}")]
    if len(ends) == 1:
        return ends[0]
    if re.fullmatch(r"[A-Za-z]{1,3}", said.strip()):
        place = column_number(said.strip().upper()) - sheet.first_column
        return place if 0 <= place < sheet.width else None
    return None


def _by_what_stands_below(sheet: Sheet, guesses: list[Guess], texts: Sequence[str],
                          below: Sequence[Sequence[Cell]]) -> list[Guess]:
    """A list needs a name: where no heading gives one, the programme's or the column with the most different words."""
    roles = {guess.role for guess in guesses}
    if "name" in roles:
        return guesses
    for role in ("detail", "programme", "body", "provider"):
        if role in roles:
            first = next(guess for guess in guesses if guess.role == role)
            taken = replace(first, role="name", sure=0.6, because=f"no other column names schemes; {first.because}")
            return [taken if guess is first else guess for guess in guesses]
    free = [column for column in range(sheet.width) if column not in {guess.column for guess in guesses}]
    worded = {column: len({text_of(cell) for cell in below[column] if isinstance(cell, str) and not is_blank(cell)})
              for column in free}
    best = max(free, key=lambda column: (worded[column], -column), default=None)
    if best is None or not worded[best]:
        return guesses
    return [*guesses, Guess("name", best, texts[best] or f"column {sheet.letters(best)}", 0.4,
                            "no heading names schemes; this column has the most different words")]


def _units(guesses: Sequence[Guess], texts: Sequence[str], title: str, sheet_name: str) -> dict[int, str]:
    """What each column of money says of its units; the heading before the title, the title before a mere pound sign.

    Where no title says anything, the sheet's own name may ("£000").
    """
    of_title = units_said(title) or units_said(sheet_name)
    found: dict[int, str] = {}
    for guess in guesses:
        if guess.role in MONEY_ROLES:
            own = units_said(texts[guess.column])
            found[guess.column] = own if own in ("thousands", "millions") else of_title or own
    # A column that says nothing is in the units of the savings beside it.
    main = next((found[guess.column] for role in ("value", "year_value", "gross") for guess in guesses
                 if guess.role == role and found[guess.column]), "")
    return {column: units or main for column, units in found.items()}


# --- finding headings -------------------------------------------------------------------------------------------------


def _heading_at(sheet: Sheet, row: int, confirmed: Mapping[str, str], *,
                again: bool) -> tuple[tuple[int, ...], tuple[str, ...]] | None:
    """Whether headings begin at this row, in one row or two; further down only after a gap."""
    if again and not (row and all(is_blank(cell) or _is_single(sheet.rows[row - 1]) for cell in sheet.rows[row - 1])):
        return None
    one = _texts(sheet, row)
    if one is None or sum(map(bool, one)) < 2:
        return None
    choices: list[tuple[float, tuple[int, ...], tuple[str, ...]]] = [(_weight(one, sheet, confirmed), (row,), one)]
    if row + 1 < len(sheet.rows):
        two = _joined(sheet, row)
        if two is not None:
            choices.append((_weight(two, sheet, confirmed) + 0.01, (row, row + 1), two))
    weight, rows, texts = max(choices, key=lambda each: each[0])
    return (rows, texts) if weight > 0 else None


def _is_single(cells: Sequence[Cell]) -> bool:
    return sum(not is_blank(cell) for cell in cells) <= 1


def _texts(sheet: Sheet, row: int) -> tuple[str, ...] | None:
    """The row as headings, months written as dates included; ``None`` where it holds figures or long texts."""
    found = []
    for cell in sheet.rows[row]:
        if isinstance(cell, datetime | date):
            found.append(Month(cell.year, cell.month).words if cell.year > 1990 else "")
        elif isinstance(cell, int | float) and not isinstance(cell, bool):
            if not 2010 <= cell <= 2075:
                return None
            found.append(str(int(cell)))
        else:
            text = text_of(cell)
            figures = read_amount(cell).kind in ("amount", "percentage") and not year_in(text)
            if len(text) > LONGEST_HEADING or figures:
                return None
            found.append(text)
    return tuple(found)


def _joined(sheet: Sheet, row: int) -> tuple[str, ...] | None:
    """Two rows of headings as one, the upper spread over the columns that it spans."""
    upper, lower = _texts(sheet, row), _texts(sheet, row + 1)
    if upper is None or lower is None or not any(lower):
        return None
    spread = list(upper)
    for top, left, _, right in sheet.merged:
        if top == row and left < len(spread):
            for column in range(left, min(right, len(spread) - 1) + 1):
                spread[column] = upper[left]
    held = ""
    for column, text in enumerate(spread):
        # Unmerged group headings reach to the next one, but only over columns that have a heading below.
        held = text or (held if lower[column] and not upper[column] and column and (lower[column - 1]) else "")
        spread[column] = held
    known_below = [bool(text) and bool(guess_of_heading(text, 0)) for text in lower]
    if sum(known_below) < max(1, sum(map(bool, lower)) * 0.5):
        return None
    both = sum(bool(a) and bool(b) for a, b in zip(spread, lower, strict=True))
    if not both:
        return None
    return tuple(a or b if a == b or not (a and b) else f"{a} {OVER} {b}" for a, b in zip(spread, lower, strict=True))


def _weight(texts: Sequence[str], sheet: Sheet, confirmed: Mapping[str, str]) -> float:
    """How much a row looks like headings; 0 where it does not."""
    best: dict[str, float] = {}
    meanings = [guess_of_heading(text, column) for column, text in enumerate(texts) if text]
    unknown = sum(not guesses for guesses in meanings)
    # Those that can mean one thing only choose first.
    for guesses in sorted(meanings, key=len):
        for guess in guesses:
            name = f"{guess.role}{guess.month or ''}{guess.year}" if guess.role in MONEY_ROLES else guess.role
            if name not in best:
                best[name] = guess.sure
                break
    said = {role for role, words in confirmed.items() if place_of(words, texts, sheet) is not None
            and folded(words) != NOT_HERE
            and not re.fullmatch(r"[A-Za-z]{1,2}", words.strip())}
    for role in said:
        best[role] = 1.0
    roles = {re.sub(r"[\d/]+$", "", name) for name in best}
    enough = len(best) >= 2 and bool(roles & (_NAMING | MONEY_ROLES | {"owner"}))
    if not enough or (unknown > 2 * len(best) and not said):
        return 0.0
    return sum(best.values()) - 0.2 * unknown


def untitled(sheet: Sheet, confirmed: Mapping[str, str]) -> Block | None:
    """A list without headings, told by what stands in its columns: the most words, and the largest figures."""
    rows = [place for place, row in enumerate(sheet.rows[:SAMPLED]) if sum(not is_blank(cell) for cell in row) > 1]
    if len(rows) < 3 or not sheet.width:
        return None
    below = [[sheet.rows[row][column] for row in rows] for column in range(sheet.width)]
    texts = tuple("" for _ in range(sheet.width))
    lettered = {role: said for role, said in confirmed.items() if place_of(said, texts, sheet) is not None}
    guesses: list[Guess] = []
    for role, said in lettered.items():
        place = place_of(said, texts, sheet)
        assert place is not None
        guesses.append(Guess(role, place, f"column {sheet.letters(place)}", 1.0, "a person said so", confirmed=True))
    free = [column for column in range(sheet.width) if column not in {guess.column for guess in guesses}]
    if "value" not in lettered:
        sums = {column: sum(abs(amount.value) for cell in below[column]
                            if (amount := read_amount(cell)).value is not None and amount.kind == "amount")
                for column in free
                if sum(read_amount(cell).is_known for cell in below[column]) >= 0.6 * len(rows)}
        if not sums:
            return None
        largest = max(sums, key=lambda column: (sums[column], -column))
        guesses.append(Guess("value", largest, f"column {sheet.letters(largest)}", 0.4,
                             "there are no headings; this column holds the largest figures"))
        free.remove(largest)
    if "name" not in lettered:
        worded = {column: len({text_of(cell) for cell in below[column] if re.search(r"[^\W\d]{3}", text_of(cell))})
                  for column in free}
        most = max(worded, key=lambda column: (worded[column], -column), default=None)
        if most is None or worded[most] < 0.5 * len(rows):
            return None
        guesses.append(Guess("name", most, f"column {sheet.letters(most)}", 0.4,
                             "there are no headings; this column has the most different words"))
    title = " ".join(text_of(cell) for row in sheet.rows[:rows[0]] for cell in row)
    if (above := _words_above(sheet, rows, guesses)) is not None:
        guesses = [replace(guess, heading=above[guess.column] or guess.heading) for guess in guesses]
        return Block(sheet, (rows[0],), above, tuple(guesses), rows[0] + 1, len(sheet.rows),
                     _units(guesses, above, title, sheet.name))
    return Block(sheet, (), texts, tuple(guesses), rows[0], len(sheet.rows), _units(guesses, texts, title, sheet.name),
                 frozenset(guess.column for guess in guesses
                           if guess.role in MONEY_ROLES and writes_decimal_commas(below[guess.column])))


def _words_above(sheet: Sheet, rows: Sequence[int], guesses: Sequence[Guess]) -> tuple[str, ...] | None:
    """The first row as headings, where it holds words alone and the rows below hold figures in the same column."""
    value = next(guess.column for guess in guesses if guess.role == "value")
    first = sheet.rows[rows[0]]
    words = [text_of(cell) for cell in first]
    if any(read_amount(cell).kind in ("amount", "percentage", "unknown") and not year_in(text_of(cell))
           for cell in first if not is_blank(cell)) or not words[value]:
        return None
    figures = sum(read_amount(sheet.rows[row][value]).is_known for row in rows[1:])
    return tuple(words) if figures >= 0.6 * (len(rows) - 1) else None


def side_by_side(sheet: Sheet) -> list[Sheet]:
    """The sheet itself; or, where two lists or more stand beside each other on it, each as a sheet of its own.

    Told by a row of headings that begins again, the same two or more in the same order, behind a column that is empty
    in every row. Each part is called by the sheet's name and its columns.
    """
    if sheet.width < 5:
        return [sheet]
    for cells in sheet.rows[:LOOKED_AT]:
        texts = [folded(text_of(cell)) if isinstance(cell, str) else "" for cell in cells]
        first = next((place for place, text in enumerate(texts) if text), None)
        if first is None or first + 1 >= len(texts) or not texts[first + 1]:
            continue
        starts = [place for place in range(first, len(texts) - 1) if texts[place:place + 2] == texts[first:first + 2]]
        empty = [place for place in range(sheet.width) if all(is_blank(row[place]) for row in sheet.rows)]
        if len(starts) < 2 or any(start - 1 not in empty for start in starts[1:]):
            continue
        if not any(guess.role in _NAMING for guess in guess_of_heading(text_of(cells[first]), 0)) and not any(
                guess.role in _NAMING for guess in guess_of_heading(text_of(cells[first + 1]), 0)):
            continue
        ends = [*starts[1:], sheet.width]
        return [columns_of(sheet, left, right) for left, right in zip([0, *starts[1:]], ends, strict=True)]
    return [sheet]


def known_role(name: str) -> str | None:
    """The role a person means by a name of the answer ("value_pounds") or by its own ("value")."""
    plain = name.strip().casefold().replace("-", "_").replace(" ", "_")
    plain = ALIASES.get(plain, plain)
    return plain if plain in BY_NAME else None


ALIASES = {
    "value_pounds": "value", "saving": "value", "savings": "value", "net": "value", "full_year_pounds": "full_year",
    "fye": "full_year", "lead": "owner", "scheme": "name", "reference": "id", "rag": "status", "cash": "cash_releasing",
    "kpi": "measure", "delivered": "actual", "found": "actual", "notes": "note", "comments": "note",
    "double_count": "overlap", "investment": "cost", "commissioner": "body", "organisation": "body"}
