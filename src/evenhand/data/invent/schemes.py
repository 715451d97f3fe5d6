"""A working tracker of sixty schemes, as messy as they are: the spreadsheet by which every commissioner comes in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.county import COUNTY
from evenhand.data.invent.people import Person
from evenhand.data.invent.programmes import Idea, Programme

if TYPE_CHECKING:
    import numpy as np

MADE = datetime(1980, 1, 1)
SCHEMES = 60
NEEDED = 14_500_000
SHEETS = ("Schemes 28-29", "Pipeline", "Closed - do not use")
_WHAT = ("Review of", "New pathway for", "Fewer", "Consolidate", "Better use of", "Advice line for",
         "Clinic nearer home:", "Decommission", "Renegotiate", "Self-care for", "Rightsizing",
         "Single point of access,")
_ON = ("podiatry", "hearing aids", "wheelchairs", "patient transport", "pain clinics", "dermatology", "stoma supplies",
       "continence products", "blood tests", "minor injuries", "physiotherapy", "eye screening", "care homes",
       "out-of-hours", "interpreters", "oxygen at home", "ultrasound", "orthotics", "sleep clinics", "estates")
_PROVIDERS = ("County Hospitals", "Infirmary", "Community & MH", "various")
_KINDS = ("Quality", "Innovation", "Productivity", "Prevention")


@dataclass(frozen=True)
class Scheme:
    """One scheme with what the tracker says of it, and the truth: pounds meant, and which other it counts again."""

    name: str
    owner: str
    provider: str
    kind: str
    start: str
    value: str
    pounds: int | None
    recurrent: str
    full_year: str
    rating: str
    measure: str
    counts_again: str = ""
    struck: bool = False


def invent_schemes(programmes: Sequence[Programme], ideas: Sequence[Idea], people: Sequence[Person],
                   rng: np.random.Generator) -> tuple[Scheme, ...]:
    """Sixty schemes: the programmes and ideas of the proposals, many more, and six counted twice under other names."""
    titles = [each.idea.title for each in programmes] + [each.title for each in ideas]
    seen = set(titles)
    while len(titles) < SCHEMES - 6:
        title = f"{_WHAT[int(rng.integers(0, len(_WHAT)))]} {_ON[int(rng.integers(0, len(_ON)))]}"
        if title not in seen:
            titles.append(title)
            seen.add(title)
    owners = [each.name for each in people if each.role in ("programme office", "clinical lead", "finance", "nurse")]
    found = [_scheme(title, owners, rng) for title in titles]
    for at in rng.permutation(len(found))[:6].tolist():
        twin = found[at]
        again = twin.name.replace("Review of", "Reviewing").replace("Fewer", "Reducing")
        again = f"{again} (phase 2)" if again == twin.name else again
        found.append(Scheme(again, twin.owner, twin.provider, twin.kind, twin.start, twin.value, twin.pounds,
                            twin.recurrent, twin.full_year, twin.rating, twin.measure, counts_again=twin.name))
    return tuple(found[at] for at in rng.permutation(len(found)).tolist())


def _scheme(title: str, owners: Sequence[str], rng: np.random.Generator) -> Scheme:
    pounds = round(float(rng.lognormal(12.1, 0.9)), -4) or 10_000.0
    value, meant = _written(int(pounds), rng)
    month = int(rng.integers(0, 18))
    day = date(2028 + (month + 3) // 12, (month + 3) % 12 + 1, 1)
    start = (day.strftime("%d/%m/%Y"), day.strftime("%b-%y"), f"{day:%B %Y}", f"Q{((day.month - 4) % 12) // 3 + 1} "
             f"{day:%Y}", "TBC", "")[int(rng.choice(6, p=[0.35, 0.2, 0.15, 0.1, 0.1, 0.1]))]
    return Scheme(
        title, owners[int(rng.integers(0, len(owners)))] if rng.random() > 0.22 else "",
        _PROVIDERS[int(rng.integers(0, 4))], _KINDS[int(rng.integers(0, 4))], start,
        value, meant, ("R", "NR", "Recurrent", "non-rec", "")[int(rng.choice(5, p=[0.4, 0.2, 0.2, 0.1, 0.1]))],
        f"{int((meant or 0) * 1.5 / 1000):d}k" if meant and rng.random() < 0.3 else "",
        ("G", "A", "R", "Green", "Amber", "Red", "")[int(rng.choice(7, p=[0.2, 0.2, 0.15, 0.15, 0.15, 0.1, 0.05]))],
        ("admissions", "cost per head", "wait in weeks", "")[int(rng.choice(4, p=[0.25, 0.2, 0.15, 0.4]))],
        struck=rng.random() < 0.06)


def _written(pounds: int, rng: np.random.Generator) -> tuple[str, int | None]:
    """An amount as people write it, and what they mean; nobody knows what TBC means."""
    way = int(rng.choice(7, p=[0.3, 0.2, 0.15, 0.12, 0.08, 0.08, 0.07]))
    if way == 6:
        return "TBC", None
    if way == 5:
        return "", None
    if way == 1:
        return f"£{pounds / 1e6:.1f}m" if pounds >= 500_000 else f"£{pounds:,}", (
            round(pounds, -5) if pounds >= 500_000 else pounds)
    if way == 2:
        return f"{pounds // 1000}k", pounds
    if way == 3:
        return f"£{pounds:,}", pounds
    if way == 4:
        return f"c. £{pounds // 1000}k", pounds
    return str(pounds), pounds


HEADINGS = ("Ref", "Scheme", "Lead", "Provider", "QIPP type", "Start", "Saving 28/29", "R / NR", "FYE", "RAG",
            "KPI", "Comments")


def tracker(schemes: Sequence[Scheme]) -> tuple[bytes, dict[str, Any]]:
    """The workbook, and the truth about its rows: what is a scheme, what is a total, what counts again."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False,
                                     "strings_to_urls": False})
    book.set_properties({"title": f"{COUNTY}: invented county", "created": MADE})
    bold, grey = book.add_format({"bold": True}), book.add_format({"bg_color": "#D9D9D9", "bold": True})
    struck = book.add_format({"font_strikeout": True})
    middle = book.add_format({"bold": True, "align": "center", "font_size": 14})
    rows: list[dict[str, Any]] = []
    totals: list[dict[str, Any]] = []
    parts = (schemes[:42], schemes[42:54], schemes[54:])
    for sheet_name, part in zip(SHEETS, parts, strict=True):
        sheet = book.add_worksheet(sheet_name)
        sheet.set_column(1, 1, 44)
        sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, f"{COUNTY} (invented county): {sheet_name}", middle)
        sheet.write(1, 0, "DRAFT v7 FINAL (2)")
        sheet.write(1, 6, "Savings needed") if sheet_name == SHEETS[0] else None
        sheet.write(1, 7, NEEDED) if sheet_name == SHEETS[0] else None
        for column, heading in enumerate(HEADINGS):
            sheet.write(3, column, heading, grey)
        row = 4
        summed = 0
        for at, each in enumerate(part):
            if at and at % 14 == 0:
                sheet.write(row, 1, "Sub-total", bold)
                sheet.write(row, 6, summed, bold)
                totals.append({"sheet": sheet_name, "row": row + 1, "pounds": summed})
                summed, row = 0, row + 2
            _row(sheet, row, each, f"{sheet_name[0]}{at + 1:02d}", struck if each.struck else None)
            summed += each.pounds or 0
            rows.append({"sheet": sheet_name, "row": row + 1, "name": each.name, "pounds": each.pounds,
                         "owner": each.owner or None, "counts_again": each.counts_again or None,
                         "struck": each.struck})
            row += 1
        whole = sum(each.pounds or 0 for each in part)
        sheet.write(row + 1, 1, "TOTAL", bold)
        sheet.write(row + 1, 6, whole, bold)
        totals.append({"sheet": sheet_name, "row": row + 2, "pounds": whole})
        sheet.write(row + 3, 0, "Note: figures subject to change. Nobody here is real.")
    book.close()
    return out.getvalue(), {"needed": NEEDED, "schemes": rows, "totals": totals}


def _row(sheet: Any, row: int, each: Scheme, reference: str, style: Any) -> None:
    cells = (reference, each.name, each.owner, each.provider, each.kind, each.start, each.value, each.recurrent,
             each.full_year, each.rating, each.measure, "")
    for column, cell in enumerate(cells):
        if column == 6 and cell.isdigit():
            sheet.write_number(row, column, int(cell), style)
        elif cell:
            sheet.write_string(row, column, cell, style)
