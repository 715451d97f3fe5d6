"""Friday's report: where a list of savings stands, on one page in Word, a draft until somebody signs it."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from evenhand.terms.words import counted, listed, per_cent, pounds, pounds_roughly

if TYPE_CHECKING:
    from evenhand.figures import Answer, Figure

DRAFT = "DRAFT: not signed by anybody yet"
MOST_SCHEMES, MOST_MOVES, MOST_LINES, MOST_GROUPS = 4, 3, 6, 4
MOVED_SUMS = {"claimed": "Claimed", "firm": "Firm", "at_risk": "At risk", "to_count_on": "To count on"}
LONGEST_NAME = 56
MADE = datetime(1980, 1, 1)


def friday_bytes(answer: Answer) -> bytes:
    """The report of an answer to ``choose list`` as a Word document of one page.

    The sentence, the bridge from what is claimed to what is needed, what must be mended first, the schemes with most
    money at risk, what moved since last month where that is known, and where the usual shortfall comes from. It carries
    DRAFT at its head and a line for a name and a day at its foot.
    """
    from docx import Document
    from docx.shared import Cm, Pt, RGBColor

    fields = answer.fields
    document = Document()
    document.core_properties.title = "Where our savings stand"
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = MADE
    document.core_properties.language = "en-GB"
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(1.9)
    page.top_margin = page.bottom_margin = Cm(1.4)
    page.header_distance = page.footer_distance = Cm(0.7)
    for name, size, before in (("Normal", 9.5, 0), ("Title", 17, 0), ("Heading 1", 11, 5), ("List Bullet", 9.5, 0)):
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = RGBColor(0x21, 0x2B, 0x32)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(2)
        plain_font(style)
    heading = page.header.paragraphs[0]
    heading.text = DRAFT
    heading.runs[0].bold = True
    document.add_paragraph("Where our savings stand", style="Title")
    document.add_paragraph(_of_what(answer))
    document.add_paragraph().add_run(answer.sentence).bold = True
    _bridge_table(document, fields["totals"])
    document.add_paragraph(claimed_in_words(fields["totals"]))
    _picture(document, answer.figures[0], width=Cm(7.2 if fields["moved"] is not None else 9.2))
    for line in of_which(fields):
        document.add_paragraph(line, style="List Bullet")
    document.add_paragraph("Before it goes further", style="Heading 1")
    for line in before_it_goes_further(fields)[:MOST_LINES]:
        document.add_paragraph(line, style="List Bullet")
    if fields["moved"] is not None:
        document.add_paragraph("What moved since last month, and why", style="Heading 1")
        put_table(document, ("", *MOVED_SUMS.values()), moved_sums_rows(fields["since_last"]),
                  (6.0, 2.8, 2.8, 2.8, 2.8), numeric=(1, 2, 3, 4), last_bold=True)
        for line in what_moved(fields["moved"]):
            document.add_paragraph(line, style="List Bullet")
    at_risk = most_at_risk(fields["schemes"])
    if at_risk:
        document.add_paragraph("Most money at risk", style="Heading 1")
        put_table(document, ("Scheme", "Owner", "Claimed", "Because"), [
            (_short(each["name"]), each["owner"] or "nobody", pounds(each["value_pounds"]), _short(each["because"]))
            for each in at_risk], (6.2, 3.0, 2.2, 5.8), numeric=(2,))
    document.add_paragraph("How we know", style="Heading 1")
    small = document.add_paragraph(how_we_know(answer))
    small.runs[0].font.size = Pt(8)
    document.add_paragraph("Signed by: ______________________________     On: ________________")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def rounded_to_add_up(parts: Sequence[float], total: float) -> list[int]:
    """Whole pounds that add up to the whole pounds of their sum: what rounding leaves over goes where it cut most."""
    down = [math.floor(part) for part in parts]
    left = round(total) - sum(down)
    if not 0 <= left <= len(parts):
        return [round(part) for part in parts]
    most_cut = sorted(range(len(parts)), key=lambda place: (down[place] - parts[place], place))[:left]
    return [whole + (place in most_cut) for place, whole in enumerate(down)]


def claimed_in_words(totals: Mapping[str, Any]) -> str:
    """The way from what is claimed to what can be counted on, in whole pounds that add up."""
    gives = totals["firm"] + totals["at_risk"]
    less = ("counted_twice", "claimed_not_found", "usual_shortfall")
    *off, left = rounded_to_add_up([*(totals[name] for name in less), gives], totals["claimed"])
    names = ("counted twice", "with nothing identified behind it", "usual shortfall")
    told = [f"less {pounds(amount)} {name}" for amount, name in zip(off, names, strict=True) if amount]
    span = (f" (range of the shortfall {pounds(round(totals['usual_shortfall_low']))} to "
            f"{pounds(round(totals['usual_shortfall_high']))})" if totals["usual_shortfall"] else "")
    return (f"Claimed {pounds(round(totals['claimed']))}{', ' if told else ''}{', '.join(told)}, leaves {pounds(left)} "
            f"to count on, firm and at risk together{span}.")


def of_which(fields: Mapping[str, Any]) -> list[str]:
    """What a finance director asks next: recurrent, cash, full year, the ledger, and by year, body and kind."""
    again, cash, full, totals = (fields[name] for name in ("recurrent", "cash_releasing", "full_year", "totals"))
    lines = [f"Recurrent {pounds_roughly(again['recurrent'])}, non-recurrent {pounds_roughly(again['non_recurrent'])}, "
             f"not said {pounds_roughly(again['not_said'])}. "
             + (f"Cash-releasing {pounds_roughly(cash['cash_releasing'])}, not cash-releasing "
                f"{pounds_roughly(cash['not_cash_releasing'])}, not said {pounds_roughly(cash['not_said'])}."
                if cash["cash_releasing"] or cash["not_cash_releasing"] else "The list does not say what frees cash.")]
    if full["schemes_that_say"]:
        many = counted(full["schemes_that_say"], "scheme")
        lines.append(f"Full year {pounds_roughly(full['full_year'])} for the {many} that say, against "
                     f"{pounds_roughly(full['part_year_of_the_same'])} this year; "
                     f"{pounds_roughly(full['carried_into_next_year'])} is carried into next year.")
    if totals["found_so_far"] is not None:
        against = "" if totals["differs_from_ledger"] is None else (
            f", {pounds_roughly(abs(totals['differs_from_ledger']))} "
            f"{'more' if totals['differs_from_ledger'] > 0 else 'less'} than the ledger")
        lines.append(f"Found so far, by the list: {pounds_roughly(totals['found_so_far'])}{against}.")
    for what, name in (("year", "by_year"), (fields["body_is"], "by_body"), ("kind", "by_kind")):
        rows = fields[name]
        if len(rows) > 1:
            field = next(key for key in ("year", "body", "kind") if key in rows[0])
            told = [f"{_short(str(row[field]), 28)} {pounds_roughly(row['firm'] + row['at_risk'])} of "
                    f"{pounds_roughly(row['claimed'])}" for row in rows[:MOST_GROUPS]]
            rest = f"; and {len(rows) - MOST_GROUPS} more" if len(rows) > MOST_GROUPS else ""
            lines.append(f"To count on of what is claimed, by {what}: {'; '.join(told)}{rest}.")
    return lines


def _of_what(answer: Answer) -> str:
    as_of = answer.settings.get("today")
    year = answer.fields["year"]
    rows = answer.fields["rows"]
    name = answer.made_from[0].what.replace("\\", "/").rsplit("/", 1)[-1]
    return (f"From {name}" + (f", as of {as_of}" if as_of else "") + (f", for {year}" if year else "")
            + f": {counted(rows['read'], 'row')} on {counted(rows['sheets'], 'sheet')}, "
              f"{counted(rows['schemes'], 'scheme')}.")


_COLUMNS = {"owner": {"owner", "sponsor"}, "measure": {"measure"}, "start": {"start"}}
_NO_COLUMN = {"owner": "The list has no column of owners.",
              "measure": "The list has no column of measures: nobody will know if its schemes worked.",
              "start": "The list has no column of starts: nobody can say what is late."}
_STANDING = {"status", "confidence", "forecast", "actual", "month_actual"}


def before_it_goes_further(fields: Mapping[str, Any]) -> list[str]:
    """What must be mended, the weightiest first, one line each."""
    missing, totals = fields["missing"], fields["totals"]
    lines = []
    if totals["not_found"]:
        lines.append(f"{pounds_roughly(totals['not_found'])} is still to be found.")
    for name, one, many in (
            ("owner", "scheme has no owner", "schemes have no owner"),
            ("measure", "scheme has no measure: nobody will know if it worked",
             "schemes have no measure: nobody will know if they worked"),
            ("figures", "scheme has no figure: treated as not found", "schemes have no figures: treated as not found"),
            ("start", "scheme has no start", "schemes have no start"),
            ("should_have_started", "scheme should have started and has no figures",
             "schemes should have started and have no figures")):
        if missing[name] and name in _COLUMNS and not _COLUMNS[name] & {each["name"] for each in fields["columns"]}:
            lines.append(_NO_COLUMN[name])
        elif missing[name]:
            lines.append(f"{missing[name]:,} {one if missing[name] == 1 else many}.")
    if totals["firm"] and not _STANDING & {each["name"] for each in fields["columns"]}:
        lines.append("No column says how schemes stand: firm means only that a figure, an owner and a start are "
                     "written down.")
    if totals["differs_from_ledger"]:
        lines.append(f"What the list says was found differs from the ledger by "
                     f"{pounds_roughly(totals['differs_from_ledger'])}.")
    if fields["questions"]:
        lines.append(f"{counted(len(fields['questions']), 'question')} about rows and names "
                     f"{'waits' if len(fields['questions']) == 1 else 'wait'} for a person.")
    return lines or ["Nothing is missing: every scheme has a figure, an owner, a start and a measure."]


def what_moved(moved: Sequence[Mapping[str, Any]]) -> list[str]:
    """What became of last month's schemes, the largest moves first, and why, or that nobody has said."""
    ordered = sorted(moved, key=lambda each: -abs(each["change_pounds"] or 0.0))
    lines = []
    for each in ordered[:MOST_MOVES]:
        before, now = (listed([f"“{_short(one['name'], 40)}”" for one in each[side]]) for side in ("before", "now"))
        said = {"vanished": f"{before} is gone", "new": f"{now} is new", "renamed": f"{before} is {now} now",
                "split": f"{before} is split into {now}", "merged": f"{before} are merged into {now}",
                "changed": f"{now} changed"}[each["what"]]
        change = each["change_pounds"]
        by = f" ({'+' if change > 0 else ''}{pounds(change)})" if change else ""
        lines.append(f"{said}{by}: {_short(each['why'], 90) if each['why'] else 'why is not said'}.")
    rest = len(ordered) - MOST_MOVES
    return [*lines, f"and {counted(rest, 'more move')}, in the workbook."] if rest > 0 else lines


def moved_sums_rows(since: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """From last month's sums to this month's, each line with what it added or took."""
    rows = []
    for each in since["rows"]:
        ends = each["what"] in ("last", "now")
        many = f" ({each['schemes']:,})"
        rows.append((each["words"] + many, *(
            pounds(round(each[name])) if ends or not round(each[name]) else f"{each[name]:+,.0f}".replace("+", "+£")
            .replace("-", "−£") for name in MOVED_SUMS)))
    return rows


def most_at_risk(schemes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The schemes with most money at risk."""
    there = [each for each in schemes if each["status"] == "at_risk" and (each["value_pounds"] or 0) > 0]
    return sorted(there, key=lambda each: (-each["value_pounds"], each["name"]))[:MOST_SCHEMES]


def how_we_know(answer: Answer) -> str:
    """The small print: where the shortfall comes from, which file it was, which program made it."""
    usual = answer.fields["usual_shortfall"]
    return (f"Usual shortfall {per_cent(usual['share'], digits=1)} of what is still open (range "
            f"{per_cent(usual['low'], digits=1)} to {per_cent(usual['high'], digits=1)}): {usual['comes_from']}. "
            f"Needed: {answer.fields['totals']['needed_from']}. Every change made to what was read stands in the "
            f"workbook. Made by evenhand {answer.method.name} {answer.method.version} from a file of digest "
            f"{answer.made_from[0].digest[:19]}…")


def _short(text: str, longest: int = LONGEST_NAME) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def plain_font(style: Any) -> None:
    """Take the theme's fonts from a style: they would win over the one named."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


def _bridge_table(document: Any, totals: Mapping[str, Any]) -> None:
    names = {"needed": "Needed", "firm": "= Firm", "at_risk": "+ At risk", "not_found": "+ Not found"}
    if totals["more_than_needed"]:
        names["more_than_needed"] = "− More than needed"
    more = totals["more_than_needed"]
    parts = rounded_to_add_up([totals[name] for name in ("firm", "at_risk", "not_found")], totals["needed"] + more)
    whole = dict(zip(("firm", "at_risk", "not_found"), parts, strict=True))
    whole |= {"needed": round(totals["needed"]), "more_than_needed": sum(parts) - round(totals["needed"])}
    heads, figures = list(names.values()), [pounds(whole[name]) for name in names]
    put_table(document, heads, [figures], (17.2 / len(heads),) * len(heads), numeric=tuple(range(len(heads))))


def put_table(document: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], *,
              numeric: Sequence[int] = (), size: float = 8.5, last_bold: bool = False) -> None:
    """A table with its headings repeated on every page; widths in centimetres, ``numeric`` columns to the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    table = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    table.autofit = False
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for _ in rows:
        table.add_row()
    for line, cells in enumerate([heads, *rows]):
        for place, text in enumerate(cells):
            cell = table.cell(line, place)
            cell.width = Cm(widths[place])
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(size), line == 0 or (last_bold and line == len(rows))
            if place in numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _picture(document: Any, figure: Figure, *, width: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    from evenhand.figures.chart import png

    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    shape = run.add_picture(io.BytesIO(png(figure, scale=2)), width=width)
    about = shape._inline.docPr
    about.set("title", figure.title)
    about.set("descr", figure.sentence)
