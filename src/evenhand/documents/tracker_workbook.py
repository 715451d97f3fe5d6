"""A list of schemes as a workbook that goes on calculating: change a status or a share and the bridge follows.

Every sum is a formula over the sheet of schemes, with the result it has now beside it for readers that do not
calculate. Texts of the tracker are written as texts and are never run.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evenhand.figures import Answer

MADE = datetime(1980, 1, 1)
STATUSES = {"firm": "firm", "at_risk": "at risk", "not_found": "not found"}
NOT_SAID = "not said"
POUNDS, SHARE = "£#,##0;[Red]-£#,##0", "0.0%"


@dataclass(frozen=True)
class _Head:
    """A column of the sheet of schemes: its heading, where its cells come from, how they are shown, how wide."""

    heading: str
    field: str
    shown: str = ""
    width: int = 14


_HEADS = (
    _Head("Scheme", "name", width=44), _Head("Owner", "owner", width=18), _Head("Body", "body", width=16),
    _Head("Kind", "kind", width=13), _Head("Programme", "programme", width=18), _Head("Start", "start", width=11),
    _Head("Claimed", "value_pounds", POUNDS), _Head("Counted twice", "counted_twice_pounds", POUNDS),
    _Head("Found so far", "found_pounds", POUNDS), _Head("Status", "status", width=11),
    _Head("Still open", "", POUNDS), _Head("To count on", "", POUNDS), _Head("Full year", "full_year_pounds", POUNDS),
    _Head("Recurrent", "recurrent", width=11), _Head("Cash-releasing", "cash_releasing"),
    _Head("Measure", "measure", width=24), _Head("Because", "because", width=40),
    _Head("Problems", "problems", width=50), _Head("Sheet", "sheet"), _Head("Row", "row", width=7),
    _Head("Read as", "read_as", width=44))
_LETTERS = {head.heading: chr(65 + place) for place, head in enumerate(_HEADS)}
_TOP = 3
_MOVED = {"claimed": "Claimed", "counted_twice": "Counted twice", "claimed_not_found": "Nothing identified",
          "usual_shortfall": "Usual shortfall", "firm": "Firm", "at_risk": "At risk", "to_count_on": "To count on"}


class _Book:
    """The workbook while it is written, with its formats made once."""

    def __init__(self, book: Any, rows: int) -> None:
        self.book = book
        self.first, self.last = _TOP + 1, _TOP + max(1, rows)
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def look(self, **what: Any) -> Any:
        """A cell format."""
        key = tuple(sorted(what.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(what)
        return self.formats[key]

    def column(self, heading: str) -> str:
        """The cells of a column of the sheet of schemes, for a formula."""
        letter = _LETTERS[heading]
        return f"Schemes!${letter}${self.first}:${letter}${self.last}"


def tracker_workbook_bytes(answer: Answer) -> bytes:
    """The workbook of an answer to ``choose list``.

    Sheets: "Bridge" (what is needed and the usual shortfall, to be changed by hand, and the sums), "Schemes", "By
    body", "By kind" and "By programme", "Rows left out", "Every change", "Questions", with another month "Since last
    month" and "What moved", with a memory "Stories", "To ask", and "How we know". The same answer gives the same bytes.
    """
    import xlsxwriter

    fields = answer.fields
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False})
    book.set_properties({"title": "Our list of savings", "subject": answer.sentence[:250], "created": MADE})
    made = _Book(book, len(fields["schemes"]))
    bridge = book.add_worksheet("Bridge")
    _schemes(made, fields["schemes"], answer)
    _bridge(made, bridge, answer)
    for title, heading, rows in (("By body", "Body", fields["by_body"]), ("By kind", "Kind", fields["by_kind"]),
                                 ("By programme", "Programme", fields["by_programme"])):
        _groups(made, title, heading, rows, heading.casefold())
    _plain(made, "Rows left out", "Every row that is no scheme, and why.", fields["ignored_rows"], (
        ("Sheet", "sheet", 16), ("Row", "row", 7), ("Because", "because", 12), ("In words", "detail", 48),
        ("It says", "label", 44), ("Amount", "value_pounds", 14)))
    _plain(made, "Every change", "Every cell that was read otherwise than it stands, and every row left out.",
           fields["changes"], (("Sheet", "sheet", 16), ("Row", "row", 7), ("What", "what", 12), ("It says", "said", 44),
                               ("Read as", "read_as", 70)))
    _plain(made, "Questions", "What only a person can rule on, and what is taken until then.", fields["questions"], (
        ("Question", "key", 40), ("In words", "text", 90), ("Taken until you say", "taken", 20)))
    if fields["moved"] is not None:
        _since_last(made, fields["since_last"])
        moved = [{**each, "was": ", ".join(one["name"] for one in each["before"]),
                  "is": ", ".join(one["name"] for one in each["now"])} for each in fields["moved"]]
        _plain(made, "What moved", "What became of last month's schemes.", moved, (
            ("What", "what", 12), ("Last month", "was", 44), ("This month", "is", 44), ("Change", "change_pounds", 14),
            ("In which ways", "changes", 60), ("Why", "why", 50), ("Asked", "asked", 60)))
    if fields["story"]:
        _plain(made, "Stories", "Each scheme from month to month.", [
            {name: month.get(name) for name in ("as_of", "tracker", "name", "value_pounds", "found_pounds", "status",
                                                "owner", "start", "what", "changes", "why")}
            for months in fields["story"].values() for month in months], (
            ("Scheme", "name", 44), ("As of", "as_of", 12), ("Tracker", "tracker", 20), ("Claimed", "value_pounds", 14),
            ("Found so far", "found_pounds", 14), ("Stands", "status", 11), ("Owner", "owner", 18),
            ("Start", "start", 11), ("What", "what", 11), ("In which ways", "changes", 60), ("Why", "why", 50)))
    _plain(made, "To ask", "What is asked of whom.", [
        {"to": letter["to"], **one, "asked": " ".join(one["asked"])} for letter in fields["letters"]
        for one in letter["schemes"]], (
        ("Of whom", "to", 24), ("Scheme", "name", 44), ("Claimed", "value_pounds", 14), ("What is asked", "asked", 90),
        ("Sheet", "sheet", 16), ("Row", "row", 7)))
    _how_we_know(made, answer)
    bridge.activate()
    book.close()
    return out.getvalue()


def _since_last(made: _Book, since: Mapping[str, Any]) -> None:
    """From last month's sums to this month's: the lines between are figures, the last line adds them up."""
    sheet = made.book.add_worksheet("Since last month")
    sheet.write_string(0, 0, f"From {since['last']} to this month, in pounds. The last line is the sum of those above.",
                       made.look(bold=True, font_size=13))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(_MOVED) + 1, 17)
    for place, head in enumerate(("", "Schemes", *_MOVED.values())):
        sheet.write_string(2, place, head, made.look(bold=True, text_wrap=True, bottom=1))
    rows = since["rows"]
    for number, row in enumerate(rows, start=3):
        last = number == len(rows) + 2
        look = made.look(num_format=POUNDS, bold=True, top=1) if last else made.look(num_format=POUNDS)
        sheet.write_string(number, 0, row["words"], made.look(bold=True, top=1) if last else None)
        sheet.write_number(number, 1, row["schemes"])
        for place, name in enumerate(_MOVED, start=2):
            letter = chr(65 + place)
            if name == "to_count_on":
                firm, at_risk = (f"{chr(65 + place - back)}{number + 1}" for back in (2, 1))
                sheet.write_formula(number, place, f"={firm}+{at_risk}", look, row[name])
            elif last:
                sheet.write_formula(number, place, f"=SUM({letter}4:{letter}{number})", look, row[name])
            else:
                sheet.write_number(number, place, row[name], look)
    under = len(rows) + 4
    for place, (what, last_value, now_value) in enumerate((
            ("Needed", since["needed_last"], since["needed_now"]),
            ("Not found", since["not_found_last"], since["not_found_now"]))):
        sheet.write_string(under + place, 0, what)
        sheet.write_string(under + place, 1, "last month")
        sheet.write_number(under + place, 2, last_value, made.look(num_format=POUNDS))
        sheet.write_string(under + place, 3, "this month")
        sheet.write_number(under + place, 4, now_value, made.look(num_format=POUNDS))
    sheet.freeze_panes(3, 1)


def _put(made: _Book, sheet: Any, row: int, column: int, value: Any, shown: str = "") -> None:
    """One cell by its type, never by its looks."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no")
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, made.look(num_format=shown) if shown else None)
    else:
        text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        sheet.write_string(row, column, text[:32_000])


def _schemes(made: _Book, schemes: Sequence[Mapping[str, Any]], answer: Answer) -> None:
    """The schemes in the tracker's order, with what is still open and what to count on worked out in the sheet."""
    share = answer.fields["totals"]["usual_shortfall_share"]
    sheet = made.book.add_worksheet("Schemes")
    sheet.write_string(0, 0, "Schemes, in the order of the tracker. Change a status or an amount: the bridge follows.",
                       made.look(bold=True, font_size=13))
    sheet.write_string(1, 0, "An empty cell is a figure that is not known; it is not nought. All in pounds.")
    for place, head in enumerate(_HEADS):
        sheet.write_string(_TOP - 1, place, head.heading, made.look(bold=True, text_wrap=True, bottom=1, valign="top"))
        sheet.set_column(place, place, head.width)
    claimed, twice, found, status = (_LETTERS[each] for each in ("Claimed", "Counted twice", "Found so far", "Status"))
    still, count_on = _LETTERS["Still open"], _LETTERS["To count on"]
    for step, scheme in enumerate(schemes):
        row, number = _TOP + step, _TOP + step + 1
        for place, head in enumerate(_HEADS):
            if head.field == "status":
                sheet.write_string(row, place, STATUSES[scheme["status"]])
            elif head.field in ("body", "kind", "programme"):
                field = answer.fields["body_is"] if head.field == "body" else head.field
                sheet.write_string(row, place, str(scheme[field] or NOT_SAID))
            elif head.field:
                _put(made, sheet, row, place, scheme[head.field], head.shown)
        once = (scheme["value_pounds"] or 0.0) - scheme["counted_twice_pounds"]
        unfound = scheme["status"] == "not_found"
        left = 0.0 if unfound else max(0.0, once - max(0.0, scheme["found_pounds"] or 0.0))
        money = made.look(num_format=POUNDS)
        sheet.write_formula(f"{still}{number}",
                            f'=IF({status}{number}="not found",0,MAX(0,{claimed}{number}-{twice}{number}'
                            f"-MAX(0,{found}{number})))", money, left)
        sheet.write_formula(f"{count_on}{number}",
                            f'=IF({status}{number}="not found",0,{claimed}{number}-{twice}{number}'
                            f"-Bridge!$B$5*{still}{number})", money, 0.0 if unfound else once - share * left)
    place = ord(status) - 65
    sheet.data_validation(_TOP, place, made.last - 1, place, {"validate": "list", "source": list(STATUSES.values())})
    sheet.autofilter(_TOP - 1, 0, made.last - 1, len(_HEADS) - 1)
    sheet.freeze_panes(_TOP, 1)


def _bridge(made: _Book, sheet: Any, answer: Answer) -> None:
    """The sums, each a formula; two cells are for people to change."""
    totals = answer.fields["totals"]
    copies = totals["counted_twice"] - sum(each["counted_twice_pounds"] for each in answer.fields["schemes"])
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 90)
    sheet.write_string(0, 0, answer.sentence[:32_000], made.look(bold=True, font_size=13))
    sheet.write_string(1, 0, "The two shaded cells may be changed; everything else is worked out.")
    shaded_money = made.look(num_format=POUNDS, bg_color="#fff9c4", border=1)
    shaded_share = made.look(num_format=SHARE, bg_color="#fff9c4", border=1)
    money, strong = made.look(num_format=POUNDS), made.look(num_format=POUNDS, bold=True, top=1)
    status, claimed = made.column("Status"), made.column("Claimed")
    twice, still, count_on = made.column("Counted twice"), made.column("Still open"), made.column("To count on")
    sheet.write_string("A4", "Needed")
    sheet.write_number("B4", totals["needed"], shaded_money)
    sheet.write_string("C4", totals["needed_from"])
    sheet.write_string("A5", "Usual shortfall, share of what is still open")
    sheet.write_number("B5", totals["usual_shortfall_share"], shaded_share)
    sheet.write_string("C5", totals["usual_shortfall_from"][:32_000])
    lines: list[tuple[str, str, float, str, Any]] = [
        ("Claimed", f"=SUM({claimed})+B14", totals["claimed"], "every scheme, and rows that stand twice", strong),
        ("less counted twice", f"=-(SUM({twice})+B14)", -totals["counted_twice"], "", money),
        ("less nothing identified", f'=-(SUMIFS({claimed},{status},"not found")-SUMIFS({twice},{status},"not found"))',
         -totals["claimed_not_found"], "named in the list, with nothing behind it", money),
        ("less usual shortfall", f"=-B5*SUM({still})", -totals["usual_shortfall"],
         f"range £{totals['usual_shortfall_low']:,.0f} to £{totals['usual_shortfall_high']:,.0f} when this was made",
         money),
        ("To count on", "=SUM(B7:B10)", totals["firm"] + totals["at_risk"], "", strong)]
    for place, (what, formula, value, note, look) in enumerate(lines, start=7):
        sheet.write_string(f"A{place}", what)
        sheet.write_formula(f"B{place}", formula, look, value)
        sheet.write_string(f"C{place}", note)
    sheet.write_string("A14", "Rows that stand twice")
    sheet.write_number("B14", copies, money)
    sheet.write_string("C14", "from the sheet “Rows left out”: duplicates in the same list")
    parts: list[tuple[str, str, float, Any]] = [
        ("Firm", f'=SUMIFS({count_on},{status},"firm")', totals["firm"], money),
        ("At risk", f'=SUMIFS({count_on},{status},"at risk")', totals["at_risk"], money),
        ("Not found", "=MAX(0,B4-B16-B17)", totals["not_found"], money),
        ("More than needed", "=MAX(0,B16+B17-B4)", totals["more_than_needed"], money),
        ("Needed = firm + at risk + not found, less what is more", "=B16+B17+B18-B19", totals["needed"], strong)]
    for place, (what, formula, value, look) in enumerate(parts, start=16):
        sheet.write_string(f"A{place}", what)
        sheet.write_formula(f"B{place}", formula, look, value)
    missing = answer.fields["missing"]
    for place, (what, heading, count) in enumerate((
            ("Schemes without an owner", "Owner", missing["owner"]),
            ("Schemes without a measure", "Measure", missing["measure"]),
            ("Schemes without figures", "Claimed", missing["figures"])), start=22):
        names, cells = made.column("Scheme"), made.column(heading)
        sheet.write_string(f"A{place}", what)
        sheet.write_formula(f"B{place}", f'=COUNTIFS({names},"<>",{cells},"")', None, count)
    sheet.freeze_panes(3, 0)


def _groups(made: _Book, title: str, heading: str, rows: Sequence[Mapping[str, Any]], field: str) -> None:
    """Sums by a label of the sheet of schemes. A group that is not one of its columns is left to the answer."""
    sheet = made.book.add_worksheet(title)
    sheet.write_string(0, 0, f"Schemes {title.casefold()}, in pounds.", made.look(bold=True, font_size=13))
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 4, 16)
    for place, head in enumerate((heading, "Schemes", "Claimed", "Firm", "At risk")):
        sheet.write_string(2, place, head, made.look(bold=True, bottom=1))
    labels, claimed = made.column(heading), made.column("Claimed")
    status, count_on = made.column("Status"), made.column("To count on")
    money = made.look(num_format=POUNDS)
    for number, row in enumerate(rows, start=4):
        sheet.write_string(f"A{number}", str(row[field]))
        for letter, formula, value, look in (
                # Not SUMIFS, which would take a label such as ">65s" for a comparison.
                ("B", f"=SUMPRODUCT(--({labels}=A{number}))", row["schemes"], None),
                ("C", f"=SUMPRODUCT(({labels}=A{number})*{claimed})", row["claimed"], money),
                ("D", f'=SUMPRODUCT(({labels}=A{number})*({status}="firm")*{count_on})', row["firm"], money),
                ("E", f'=SUMPRODUCT(({labels}=A{number})*({status}="at risk")*{count_on})', row["at_risk"], money)):
            sheet.write_formula(f"{letter}{number}", formula, look, value)


def _plain(made: _Book, title: str, sentence: str, rows: Sequence[Mapping[str, Any]],
           columns: Sequence[tuple[str, str, int]]) -> None:
    sheet = made.book.add_worksheet(title)
    sheet.write_string(0, 0, sentence, made.look(bold=True, font_size=13))
    for place, (heading, _, width) in enumerate(columns):
        sheet.write_string(2, place, heading, made.look(bold=True, bottom=1))
        sheet.set_column(place, place, width)
    for number, row in enumerate(rows, start=3):
        for place, (_, name, _) in enumerate(columns):
            _put(made, sheet, number, place, row[name], POUNDS if name.endswith("pounds") else "")
    sheet.freeze_panes(3, 0)


def _how_we_know(made: _Book, answer: Answer) -> None:
    sheet = made.book.add_worksheet("How we know")
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, "How we know", made.look(bold=True, font_size=13))
    lines = [("Method", f"evenhand {answer.method.name} {answer.method.version}"), ("Source", answer.method.source)]
    lines += [(f"Made from {each.what}", each.digest) for each in answer.made_from]
    lines += [(f"Setting: {name.replace('_', ' ')}", str(value)) for name, value in answer.settings.items()
              if value not in (None, ())]
    lines += [(f"Column {each['letter']} of {each['sheet']}",
               f"“{each['heading']}” taken for {each['name']} ({each['how_sure']}: {each['because']})")
              for each in answer.fields["columns"]]
    lines += [("Remark", remark) for remark in answer.remarks]
    for number, (what, said) in enumerate(lines, start=2):
        sheet.write_string(number, 0, what[:32_000], made.look(bold=True, valign="top"))
        sheet.write_string(number, 1, said[:32_000], made.look(text_wrap=True, valign="top"))
