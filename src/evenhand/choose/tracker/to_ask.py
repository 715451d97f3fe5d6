"""What a person is asked about a list before it is believed: rows, colours, hidden sheets, months and units."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from evenhand.choose.tracker.doubles import Question
from evenhand.choose.tracker.formatting import colour_word
from evenhand.choose.tracker.row_reader import LARGEST_PLAIN, THOUSANDS, TWELVE, BlockReader
from evenhand.choose.tracker.rows import Ignored, key_of
from evenhand.choose.tracker.schemes import Scheme
from evenhand.choose.tracker.sheets import Sheet, is_blank
from evenhand.choose.tracker.standing import SHUT, UNIDENTIFIED
from evenhand.terms.words import counted

RARE = 0.4
SPELT = 0.4
"""The share of amounts that name their own units, from which on a small plain one stands out."""


def about_rows(schemes: Sequence[Scheme], ignored: Sequence[Ignored], sheets: Sequence[Sheet],
                ruled: Mapping[str, str]) -> list[Question]:
    """Rows struck through, coloured, or on hidden sheets, and names that stand alone."""
    asked = []
    for each in ignored:
        if each.struck and key_of("struck", each.label) not in ruled:
            amount = f" (£{each.value_pounds:,.0f})" if each.value_pounds else ""
            asked.append(Question(
                key_of("struck", each.label), f"Row {each.row} of “{each.sheet}”, “{each.label}”{amount}, is struck "
                "through and left out. Is it given up?", "given up", ("given up", "scheme"), ((each.sheet, each.row),)))
    fills = Counter(scheme.fill for scheme in schemes if scheme.fill)
    for fill in sorted(fills):
        rows = tuple(scheme.at for scheme in schemes if scheme.fill == fill)
        if fills[fill] <= max(1, RARE * len(schemes)) and key_of("colour", fill) not in ruled:
            numbers = ", ".join(str(row) for _, row in rows[:6]) + (" …" if len(rows) > 6 else "")
            asked.append(Question(
                key_of("colour", fill), f"{counted(len(rows), 'row').capitalize()} (row {numbers}) "
                f"{'is' if len(rows) == 1 else 'are'} filled {colour_word(fill)}. They are read like the others: does "
                "the colour mean something?", "scheme", ("scheme", "leave out"), rows))
    for sheet in sheets:
        rows = tuple(scheme.at for scheme in schemes if scheme.sheet == sheet.name)
        if rows and SHUT.search(sheet.name):
            asked.append(Question(key_of("closed", sheet.name), f"The sheet “{sheet.name}” holds "
                                  f"{counted(len(rows), 'scheme')}, taken for closed and not found. Is any of it still "
                                  "claimed?", "closed", ("closed", "still claimed"), rows))
        if sheet.hidden and any(not is_blank(cell) for row in sheet.rows for cell in row):
            asked.append(Question(key_of("hidden", sheet.name), f"The sheet “{sheet.name}” is hidden and was not read. "
                                  "To read it, name it with --sheet.", "leave out", ("leave out",)))
    for scheme in schemes:
        if scheme.value_pounds is None and not UNIDENTIFIED.match(scheme.name) and not (
                scheme.owner or scheme.start or scheme.in_place or scheme.said or scheme.state or scheme.id):
            asked.append(Question(
                key_of("total", scheme.name), f"Row {scheme.row} of “{scheme.sheet}” holds the name “{scheme.name}” "
                "and little else. It is read as a scheme without figures: or is it a heading?", "scheme",
                ("scheme", "total"), (scheme.at,)))
    return [question for question in asked if question.key not in ruled]


def about_months(readers: Sequence[BlockReader], ruled: Mapping[str, str]) -> list[Question]:
    """Savings under a heading that speaks of one month: read as they stand until a person says what they are."""
    found = []
    for heading in dict.fromkeys(reader.monthly_heading for reader in readers if reader.monthly_heading):
        key = key_of("monthly", heading)
        if key not in ruled:
            found.append(Question(key, f"The heading “{heading}” speaks of a month. Its figures are read as they "
                                  "stand: are they the saving of one month, to be taken twelve times?", "as it stands",
                                  ("as it stands", TWELVE)))
    return found


def about_units(schemes: Sequence[Scheme], ruled: Mapping[str, str]) -> list[Question]:
    """Small plain figures among "450k" and "£1.2m": read as pounds until a person says that they are thousands."""
    found = []
    by_sheet: dict[str, list[Scheme]] = defaultdict(list)
    for scheme in schemes:
        if scheme.value_pounds:
            by_sheet[scheme.sheet].append(scheme)
    for sheet, own in by_sheet.items():
        spelt = [scheme for scheme in own if re.search(r"\d\s*[km]\b", scheme.said, re.I)]
        if len(spelt) < max(2, SPELT * len(own)):
            continue
        for scheme in own:
            key, pounds = key_of("units", scheme.name), scheme.value_pounds or 0.0
            if 0 < pounds < LARGEST_PLAIN and re.fullmatch(r"[\d,. ]+", scheme.said) and key not in ruled:
                found.append(Question(
                    key, f"Row {scheme.row} of “{sheet}”, “{scheme.name}”, says “{scheme.said}” where others say "
                    f"“{spelt[0].said}”. It is read as £{pounds:,.0f}: or is it £{1000 * pounds:,.0f}?", "pounds",
                    ("pounds", THOUSANDS), (scheme.at,)))
    return found
