"""Messy trackers with a known truth, in a score of shapes, made for the tests. Every name in them is invented."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from evenhand.data.tables import Opened

Rows = Sequence[Sequence[Any]]
HEADS = ("Ref", "Scheme", "Lead", "Start", "Saving £000", "RAG", "Measure")


@dataclass(frozen=True)
class Tracker:
    """A tracker's bytes and what is true of it: schemes by name with their pounds, and every row that is no scheme."""

    name: str
    content: bytes
    schemes: Mapping[str, float | None]
    ignored: Mapping[tuple[str, int], str]
    claimed: float
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def opened(self) -> Opened:
        """As an upload would come."""
        return Opened(self.name, content=self.content)


def workbook(sheets: Mapping[str, Rows], *, strike: Sequence[tuple[str, int]] = (),
             fill: Mapping[tuple[str, int], str] | None = None, bold: Sequence[tuple[str, int]] = (),
             merged: Mapping[str, Sequence[str]] | None = None, hidden: Sequence[str] = (),
             dates: str = "dd/mm/yyyy", cell_fill: Mapping[tuple[str, str], str] | None = None) -> bytes:
    """A workbook of rows of cells; ``None`` is left empty. Rows are struck, filled or bold whole, counted from 1."""
    import openpyxl
    from openpyxl.styles import Font, PatternFill

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row, start=1):
                if value is None:
                    continue
                cell = sheet.cell(number, place, value)
                if isinstance(value, date):
                    cell.number_format = dates
                if (title, number) in strike:
                    cell.font = Font(strike=True)
                if (title, number) in bold:
                    cell.font = Font(bold=True)
                if fill and (title, number) in fill:
                    cell.fill = PatternFill("solid", fgColor=fill[title, number])
        for span in (merged or {}).get(title, ()):
            sheet.merge_cells(span)
        for (own, place), colour in (cell_fill or {}).items():
            if own == title:
                sheet[place].fill = PatternFill("solid", fgColor=colour)
        if title in hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def scheme(number: int, value: Any, *, name: str = "", owner: Any = "A. Field", start: Any = date(2026, 4, 1),
           rag: Any = "Green", measure: Any = "per 1,000") -> list[Any]:
    """A row under ``HEADS``."""
    return [f"S{number}", name or f"Invented scheme {number}", owner, start, value, rag, measure]


# --- shapes -----------------------------------------------------------------------------------------------------------


def plain() -> Tracker:
    rows = [HEADS, *(scheme(number, number * 100) for number in range(1, 6))]
    return Tracker("plain.xlsx", workbook({"Plan": rows}), {f"Invented scheme {n}": n * 1e5 for n in range(1, 6)},
                   {("Plan", 1): "heading"}, 1.5e6)


def titles_parts_and_totals() -> Tracker:
    rows: list[list[Any]] = [
        ["Savings plan 2026/27", None, None, None, None, None, None],
        ["All figures £000"],
        [],
        ["Ref", "Scheme", "Lead", "Start", "Net saving", "RAG", "Measure"],
        ["PLANNED CARE"],
        scheme(1, 450), scheme(2, "£1.2m"), scheme(3, "TBC"),
        [None, "Sub-total planned care", None, None, 1650],
        [],
        ["MEDICINES"],
        scheme(4, "450k"), scheme(5, 200, name="Total hip replacement policy"),
        [None, "Total medicines", None, None, 650],
        [None, "Grand Total", None, None, 2300],
        [],
        ["Note: not yet checked by finance, and still to be agreed with all of the providers in the county."]]
    truth = {"Invented scheme 1": 450e3, "Invented scheme 2": 1.2e6, "Invented scheme 3": None,
             "Invented scheme 4": 450e3, "Total hip replacement policy": 200e3}
    ignored = {1: "title", 2: "title", 3: "blank", 4: "heading", 5: "heading", 9: "total", 10: "blank", 11: "heading",
               14: "total", 15: "total", 16: "blank", 17: "note"}
    return Tracker("parts.xlsx", workbook({"Tracker": rows}, bold=[("Tracker", 5), ("Tracker", 11)],
                                          merged={"Tracker": ["A1:G1"]}),
                   truth, {("Tracker", row): because for row, because in ignored.items()}, 2.3e6)


def two_rows_of_headings() -> Tracker:
    rows: list[list[Any]] = [
        ["Scheme", "Owner", "2026/27 savings £000", None, None, "Go live"],
        [None, None, "Plan", "Forecast", "Actual YTD", None],
        ["Shorter stays", "A. Field", 300, 250, 100, "Sept 26"],
        ["Fewer follow-ups", "B. Marsh", 700, 700, 0, "Q1 2026/27"],
        ["Rebates", None, "(50)", None, None, "TBC"]]
    return Tracker("two.xlsx", workbook({"Plan": rows}, merged={"Plan": ["C1:E1", "A1:A2", "B1:B2", "F1:F2"]}),
                   {"Shorter stays": 300e3, "Fewer follow-ups": 700e3, "Rebates": -50e3},
                   {("Plan", 1): "heading", ("Plan", 2): "heading"}, 950e3)


def group_headings_without_merging() -> Tracker:
    rows: list[list[Any]] = [
        [None, None, None, "2026/27", None, "Delivery", None],
        ["Ref", "Scheme name", "Project manager", "Plan £k", "FYE £k", "RAG", "Start date"],
        ["1", "Shorter stays", "A. Field", 300, 600, "G", date(2026, 10, 1)],
        ["2", "Fewer follow-ups", "B. Marsh", 700, 700, "A", date(2026, 4, 1)]]
    return Tracker("groups.xlsx", workbook({"Plan": rows}), {"Shorter stays": 300e3, "Fewer follow-ups": 700e3},
                   {("Plan", 1): "heading", ("Plan", 2): "heading"}, 1e6)


def sheets_and_a_summary() -> Tracker:
    heads = ["Scheme", "Lead", "Start", "Saving (£)"]
    north = [heads, ["Shorter stays", "A. Field", "Apr 26", 300_000],
             ["Fewer follow-ups", "B. Marsh", "May 26", "£0.7m"]]
    south = [heads, ["Repeat prescribing", "C. Hill", "Jun 26", 250_000], ["Total", None, None, 250_000]]
    summary = [["Body", "Saving (£)"], ["North", 1_000_000], ["South", 250_000], ["Total", 1_250_000]]
    notes = [["How to fill this in"], ["Write one row for each scheme."]]
    return Tracker(
        "sheets.xlsx", workbook({"Summary": summary, "North": north, "South": south, "Guidance": notes}),
        {"Shorter stays": 300e3, "Fewer follow-ups": 700e3, "Repeat prescribing": 250e3},
        {("Summary", 1): "heading", ("Summary", 2): "total", ("Summary", 3): "total", ("Summary", 4): "total",
         ("North", 1): "heading", ("South", 1): "heading", ("South", 3): "total", ("Guidance", 1): "note",
         ("Guidance", 2): "note"}, 1.25e6)


def thirty_sheets() -> Tracker:
    sheets, truth, ignored = {}, {}, {}
    for place in range(1, 31):
        title = f"Practice group {place}"
        rows: list[list[Any]] = [[f"Plan of group {place}"], [], ["Scheme", "Lead", "Start", "Saving £"]]
        for number in (1, 2):
            name = f"Invented scheme {place}-{number}"
            rows.append([name, "A. Field", date(2026, 4, 1), place * 1_000 + number])
            truth[name] = float(place * 1_000 + number)
        rows.append(["Total", None, None, place * 2_000 + 3])
        ignored |= {(title, 1): "title", (title, 2): "blank", (title, 3): "heading", (title, 6): "total"}
        sheets[title] = rows
    return Tracker("thirty.xlsx", workbook(sheets), truth, ignored, sum(truth.values()))


def amounts_in_words() -> Tracker:
    said: dict[str, tuple[Any, float | None]] = {
        "millions": ("£1.2m", 1.2e6), "thousands": ("450k", 450e3), "commas": ("1,200", 1_200.0),
        "to be confirmed": ("TBC", None), "not known": ("n/k", None), "a share": ("5%", None),
        "a range": ("£100k - £200k", 150e3), "about": ("c. £80,000", 80e3), "up to": ("up to £60k", 60e3),
        "below nought": ("(£30k)", -30e3), "minus": ("-£20,000", -20e3), "nothing": (None, None), "nil": ("nil", 0.0),
        "broken": ("#REF!", None), "in words": ("£0.5 million", 500e3), "with a doubt": ("£90k TBC", 90e3)}
    rows: list[list[Any]] = [["Project", "Lead", "Net saving (£)"],
                             *([f"Scheme {name}", "A. Field", cell] for name, (cell, _) in said.items())]
    truth = {f"Scheme {name}": value for name, (_, value) in said.items()}
    return Tracker("words.xlsx", workbook({"Plan": rows}), truth, {("Plan", 1): "heading"},
                   sum(value or 0.0 for value in truth.values()))


def struck_and_coloured() -> Tracker:
    rows = [HEADS, *(scheme(number, number * 100) for number in range(1, 9))]
    return Tracker(
        "struck.xlsx", workbook({"Plan": rows}, strike=[("Plan", 4)], fill={("Plan", 6): "FFC000"}),
        {f"Invented scheme {n}": n * 1e5 for n in range(1, 9) if n != 3},
        {("Plan", 1): "heading", ("Plan", 4): "note"}, 3.3e6)


def coloured_status() -> Tracker:
    rows: list[list[Any]] = [HEADS, *(scheme(number, 100, rag=None) for number in range(1, 4))]
    return Tracker("colours.xlsx", workbook({"Plan": rows}, cell_fill={
        ("Plan", "F2"): "00B050", ("Plan", "F3"): "FFC000", ("Plan", "F4"): "FF0000"}),
        {f"Invented scheme {n}": 1e5 for n in (1, 2, 3)}, {("Plan", 1): "heading"}, 3e5)


def months_only() -> Tracker:
    names = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    rows: list[list[Any]] = [
        ["Saving by month, £000"], ["Scheme", "Owner", *names],
        ["Shorter stays", "A. Field", *[10] * 12], ["Fewer follow-ups", "B. Marsh", *[None] * 6, *[20] * 6],
        ["Total", None, *[10] * 6, *[30] * 6]]
    return Tracker("months.xlsx", workbook({"Plan": rows}), {"Shorter stays": 120e3, "Fewer follow-ups": 120e3},
                   {("Plan", 1): "title", ("Plan", 2): "heading", ("Plan", 5): "total"}, 240e3)


def gross_and_cost() -> Tracker:
    rows: list[list[Any]] = [
        ["Scheme", "Lead", "Gross saving £k", "Investment £k"], ["Shorter stays", "A. Field", 500, 120],
        ["Fewer follow-ups", "B. Marsh", 300, None], ["Digital letters", "C. Hill", "TBC", 50]]
    return Tracker("gross.xlsx", workbook({"Plan": rows}),
                   {"Shorter stays": 380e3, "Fewer follow-ups": 300e3, "Digital letters": None},
                   {("Plan", 1): "heading"}, 680e3)


def recurrent_and_once() -> Tracker:
    rows: list[list[Any]] = [
        ["Scheme", "Lead", "Recurrent saving £", "Non-recurrent saving £"],
        ["Shorter stays", "A. Field", 100_000, None],
        ["Land sale", "B. Marsh", None, 250_000], ["Rebates", "C. Hill", 10_000, 5_000]]
    return Tracker("parts.xlsx", workbook({"Plan": rows}),
                   {"Shorter stays": 100e3, "Land sale": 250e3, "Rebates": 15e3}, {("Plan", 1): "heading"}, 365e3)


def savings_below_nought() -> Tracker:
    rows = [HEADS, *(scheme(number, -number * 100) for number in range(1, 6))]
    return Tracker("negative.xlsx", workbook({"Plan": rows}), {f"Invented scheme {n}": n * 1e5 for n in range(1, 6)},
                   {("Plan", 1): "heading"}, 1.5e6)


def sums_without_the_word() -> Tracker:
    rows: list[list[Any]] = [
        HEADS, [None, "Planned care", None, None, 600], scheme(1, 100), scheme(2, 200), scheme(3, 300),
        [None, "Medicines", None, None, 900], scheme(4, 400), scheme(5, 500)]
    return Tracker("parents.xlsx", workbook({"Plan": rows}), {f"Invented scheme {n}": n * 1e5 for n in range(1, 6)},
                   {("Plan", 1): "heading", ("Plan", 2): "total", ("Plan", 6): "total"}, 1.5e6)


def copied_rows() -> Tracker:
    rows = [HEADS, scheme(1, 100), scheme(2, 200), scheme(1, 100), scheme(2, 200, owner=None, start=None)]
    return Tracker("copies.xlsx", workbook({"Plan": rows}), {"Invented scheme 1": 1e5, "Invented scheme 2": 2e5},
                   {("Plan", 1): "heading", ("Plan", 4): "duplicate", ("Plan", 5): "duplicate"}, 6e5)


def a_sheet_a_month() -> Tracker:
    may = [HEADS, *(scheme(number, number * 100) for number in range(1, 6))]
    june = [HEADS, *(scheme(number, number * 90) for number in range(1, 6)), scheme(6, 50)]
    return Tracker("monthly.xlsx", workbook({"May 2026": may, "June 2026": june}),
                   {**{f"Invented scheme {n}": n * 9e4 for n in range(1, 6)}, "Invented scheme 6": 5e4},
                   {("May 2026", 1): "heading", ("June 2026", 1): "heading",
                    **{("May 2026", row): "duplicate" for row in range(2, 7)}}, 1.4e6)


def dates_of_1900() -> Tracker:
    rows = [HEADS, scheme(1, 100, start=date(1900, 1, 1)), scheme(2, 200, start=datetime(2026, 9, 1)),
            scheme(3, datetime(1901, 3, 25), start="Sept 26")]
    return Tracker("1900.xlsx", workbook({"Plan": rows}), {"Invented scheme 1": 1e5, "Invented scheme 2": 2e5,
                                                          "Invented scheme 3": 450e3},
                   {("Plan", 1): "heading"}, 750e3)


def years_side_by_side() -> Tracker:
    rows: list[list[Any]] = [
        ["Scheme", "Lead", "2026/27 £000", "2027/28 £000", "2028/29 £000"],
        ["Shorter stays", "A. Field", 100, 200, 300], ["Fewer follow-ups", "B. Marsh", 50, None, 60]]
    return Tracker("years.xlsx", workbook({"Plan": rows}), {"Shorter stays": 100e3, "Fewer follow-ups": 50e3},
                   {("Plan", 1): "heading"}, 150e3)


def a_hidden_sheet() -> Tracker:
    rows = [HEADS, scheme(1, 100), scheme(2, 200)]
    return Tracker("hidden.xlsx", workbook({"Plan": rows, "Last year": rows}, hidden=["Last year"]),
                   {"Invented scheme 1": 1e5, "Invented scheme 2": 2e5},
                   {("Plan", 1): "heading", **{("Last year", row): "note" for row in (1, 2, 3)}}, 3e5)


def semicolons() -> Tracker:
    text = ("Plan 2026/27;;;\n;;;\nProjekt ref;Scheme;Owner;Value £\nA1;Shorter stays;A. Field;1.234,50\n"
            "A2;\"Fewer; follow-ups\";B. Marsh;10,25\nA3;Rebates;;TBC\n;Total;;1.244,75\n")
    return Tracker("semicolons.csv", text.encode("cp1252"),
                   {"Shorter stays": 1_234.5, "Fewer; follow-ups": 10.25, "Rebates": None},
                   {("semicolons", 1): "title", ("semicolons", 2): "blank", ("semicolons", 3): "heading",
                    ("semicolons", 7): "total"}, 1_244.75)


def without_headings() -> Tracker:
    text = "Shorter stays,A. Field,300000\nFewer follow-ups,B. Marsh,700000\nRebates,A. Field,50000\n"
    return Tracker("bare.csv", text.encode(), {"Shorter stays": 300e3, "Fewer follow-ups": 700e3, "Rebates": 50e3}, {},
                   1.05e6)


def old_workbook() -> Tracker:
    rows = [["Savings plan"], ["Scheme", "Lead", "Saving £k"], ["Shorter stays", "A. Field", 300.0],
            ["Fewer follow-ups", "B. Marsh", "£0.7m"], ["Total", None, 1000.0]]
    return Tracker("old.xls", xls(rows), {"Shorter stays": 300e3, "Fewer follow-ups": 700e3},
                   {("Plan", 1): "title", ("Plan", 2): "heading", ("Plan", 5): "total"}, 1e6)


def open_document() -> Tracker:
    rows = [["Scheme", "Lead", "Saving £k"], ["Shorter stays", "A. Field", 300.0], ["Given up", "B. Marsh", 700.0],
            ["Fewer follow-ups", "B. Marsh", "£0.7m"]]
    return Tracker("open.ods", ods(rows, strike=[3]), {"Shorter stays": 300e3, "Fewer follow-ups": 700e3},
                   {("Plan", 1): "heading", ("Plan", 3): "note"}, 1e6)


SHAPES: tuple[Callable[[], Tracker], ...] = (
    plain, titles_parts_and_totals, two_rows_of_headings, group_headings_without_merging, sheets_and_a_summary,
    thirty_sheets, amounts_in_words, struck_and_coloured, coloured_status, months_only, gross_and_cost,
    recurrent_and_once, savings_below_nought, sums_without_the_word, copied_rows, a_sheet_a_month, dates_of_1900,
    years_side_by_side, a_hidden_sheet, semicolons, without_headings, old_workbook, open_document)


def sixty(seed: int = 1) -> Tracker:
    """Sixty rows as they come: titles, parts, sub-totals, copies, words for figures, holes everywhere."""
    rng = random.Random(seed)
    rows: list[list[Any]] = [["Working tracker 2026/27 (£000)"], ["QIPP target", 12_000], [],
                             ["Ref", "Scheme", "Programme", "Lead", "Start date", "Net saving £000", "FYE £000",
                              "Recurrent?", "RAG", "KPI", "Comments"]]
    truth: dict[str, float | None] = {}
    ignored: dict[int, str] = {1: "title", 2: "title", 3: "blank", 4: "heading"}
    copies = 0.0
    subjects = ["Referral advice", "Follow-ups", "Care homes", "Falls", "Diabetes", "Wound care", "Pathology",
                "Diagnostics", "Continence", "Stroke", "Respiratory", "Frailty", "Blood thinners", "Dressings"]
    number = 0
    for part in ("Planned care", "Medicines", "Community"):
        rows.append([part.upper()])
        ignored[len(rows)] = "heading"
        total = 0.0
        for subject in rng.sample(subjects, 12):
            number += 1
            name = f"{subject}: {part.casefold()}"
            pounds = float(rng.randrange(20, 900) * 1_000)
            said: Any = rng.choice([pounds / 1_000, f"£{pounds / 1e6:.3f}m", f"{pounds / 1_000:.0f}k",
                                    f"£{pounds:,.0f}", pounds / 1_000, pounds / 1_000])
            if rng.random() < 0.15:
                said, value = rng.choice(["TBC", "n/k", None, "tbc"]), None
            elif isinstance(said, str) and said.startswith("£") and said.endswith("0"):
                said, value = pounds / 1_000, pounds
            else:
                value = pounds
            row = [f"R{number:02d}", name, part, rng.choice(["A. Field", "B. Marsh", "C. Hill", None, "TBC"]),
                   rng.choice(["Apr-26", "Q2 2026/27", "01/09/2026", "TBC", None, date(2026, 10, 1)]), said, None,
                   rng.choice(["R", "NR", None]), rng.choice(["Green", "Amber", "Red", "G", None]),
                   rng.choice(["per 1,000", None]), None]
            rows.append(row)
            truth[name] = value
            total += value or 0.0
            if rng.random() < 0.06 and value:
                rows.append(list(row))
                ignored[len(rows)] = "duplicate"
                copies += value
                total += value
        rows.append([None, f"Sub-total {part.casefold()}", None, None, None, total / 1_000])
        ignored[len(rows)] = "total"
        rows.append([])
        ignored[len(rows)] = "blank"
    claimed = sum(value or 0.0 for value in truth.values()) + copies
    rows.append([None, "TOTAL", None, None, None, claimed / 1_000])
    ignored[len(rows)] = "total"
    rows.append(["Notes: figures are draft."])
    ignored[len(rows)] = "note"
    return Tracker(f"sixty-{seed}.xlsx", workbook({"Tracker": rows}), truth,
                   {("Tracker", row): because for row, because in ignored.items()}, claimed)


# --- files that other programs wrote ----------------------------------------------------------------------------------


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file, the wrapping of .xls and of workbooks with a password. Streams hold 4,096 bytes or more."""
    sector = 512
    padded = {name: content + b"\0" * max(0, 4096 - len(content)) for name, content in streams.items()}
    chains, fat, body = {}, [], b""
    for name, content in padded.items():
        content += b"\0" * (-len(content) % sector)
        first, count = len(fat), len(content) // sector
        chains[name] = first
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        body += content
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    names = list(padded)
    for place, name in enumerate(names):
        right = place + 2 if place + 1 < len(names) else 0xFFFFFFFF
        entries.append(_entry(name, 2, chains[name], len(padded[name]), right=right))
    directory = b"".join(entries)
    directory += b"\0" * (-len(directory) % sector)
    directory_at = len(fat)
    fat += [*range(directory_at + 1, directory_at + len(directory) // sector), 0xFFFFFFFE]
    fat_at = len(fat)
    fat.append(0xFFFFFFFD)
    assert len(fat) <= 128
    fat += [0xFFFFFFFF] * (128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory_at, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", fat_at) + b"\xff" * 4 * 108
    return header + body + directory + struct.pack("<128I", *fat)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child)
            + b"\0" * 36 + struct.pack("<IQ", start, size))


def xls(rows: Rows, title: str = "Plan") -> bytes:
    """A workbook as Excel of 2003 saved it (BIFF8), with texts and numbers."""
    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    width = max(map(len, rows))
    sheet += record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                text = cell.encode("utf-16-le")
                sheet += record(0x204, struct.pack("<HHHHB", number, place, 0, len(cell), 1) + text)
            elif cell is not None:
                sheet += record(0x203, struct.pack("<HHHd", number, place, 0, float(cell)))
    sheet += record(0x0A, b"")
    opening = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)) + record(0x42, struct.pack("<H", 1200))
    name = title.encode("ascii")
    at = len(opening) + 4 + 8 + len(name) + 4
    opening += record(0x85, struct.pack("<IHBB", at, 0, len(name), 0) + name) + record(0x0A, b"")
    return compound({"Workbook": opening + sheet})


def with_a_password() -> bytes:
    """A workbook with a password, as far as anyone without it can see."""
    return compound({"EncryptionInfo": b"\x04\0\x04\0" + b"\0" * 300, "EncryptedPackage": bytes(range(256)) * 20})


def ods(rows: Rows, strike: Sequence[int] = (), title: str = "Plan") -> bytes:
    """An OpenDocument sheet; rows counted from 1 may be struck through."""
    def cell(value: Any, style: str) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, str):
            return (f'<table:table-cell{style} office:value-type="string"><text:p>{escape(value)}</text:p>'
                    "</table:table-cell>")
        return (f'<table:table-cell{style} office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
                "</table:table-cell>")

    lines = "".join("<table:table-row>" + "".join(
        cell(value, ' table:style-name="struck"' if number in strike else "") for value in row) + "</table:table-row>"
        for number, row in enumerate(rows, start=1))
    spaces = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"' for short, long in (
        ("office", "office"), ("table", "table"), ("style", "style"), ("text", "text"), ("fo", "xsl-fo-compatible")))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:automatic-styles>'
        '<style:style style:name="struck" style:family="table-cell"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style></office:automatic-styles><office:body>'
        f'<office:spreadsheet><table:table table:name="{title}">{lines}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", (
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'))
    return out.getvalue()
