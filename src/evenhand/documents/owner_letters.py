"""Letters to the owners of schemes: what is asked of each, a page to a person, drafts until somebody signs."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from evenhand.documents.friday import DRAFT, MADE, plain_font, put_table
from evenhand.terms.words import counted, pounds

if TYPE_CHECKING:
    from evenhand.figures import Answer

OFFICE_OPENING = ("No owner is named for {schemes} in our list of savings. Please name one for each, and see that the "
                  "questions beside it are answered.")
OPENING = "You are named as owner of {owned} in our list of savings. The list leaves open what is asked below."


def letters_bytes(answer: Answer) -> bytes:
    """One Word document with a letter for each owner, each beginning a page; the last is to the programme office.

    A letter names the schemes, what the list claims for them, and the questions; it ends with room for the day by which
    an answer is wanted and for a name. Where nothing is asked of anybody the document says so.
    """
    from docx import Document
    from docx.shared import Cm, Pt, RGBColor

    document = Document()
    about = document.core_properties
    about.title, about.author, about.comments, about.language = "Letters to owners of schemes", "", "", "en-GB"
    about.created = about.modified = MADE
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(1.9)
    for name, size in (("Normal", 11), ("Heading 1", 15), ("List Bullet", 11)):
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = RGBColor(0x21, 0x2B, 0x32)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(6)
        plain_font(style)
    heading = page.header.paragraphs[0]
    heading.text = DRAFT
    heading.runs[0].bold = True
    letters = answer.fields["letters"]
    for place, letter in enumerate(letters):
        _letter(document, letter, answer, begins_a_page=bool(place))
    if not letters:
        document.add_heading("Nothing is asked of anybody", level=1)
        document.add_paragraph("Every scheme has a figure, an owner, a start and a measure.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def opening_of(letter: Mapping[str, Any], office: str) -> str:
    """The first sentence of a letter."""
    if letter["to"] == office:
        return OFFICE_OPENING.format(schemes=counted(len(letter["schemes"]), "line"))
    return OPENING.format(owned=counted(letter["owns"], "scheme") if letter["owns"] else "what was on it last month")


def _letter(document: Any, letter: Mapping[str, Any], answer: Answer, *, begins_a_page: bool) -> None:
    as_of = answer.settings.get("today")
    name = answer.made_from[0].what.replace("\\", "/").rsplit("/", 1)[-1]
    heading = document.add_heading(f"To: {letter['to']}", level=1)
    heading.paragraph_format.page_break_before = begins_a_page
    document.add_paragraph(f"About: {name}" + (f", as of {as_of}" if as_of else ""))
    document.add_paragraph(opening_of(letter, "The programme office"))
    put_table(document, ("Scheme", "Claimed", "What we ask"), [
        (each["name"] + (f"\n(row {each['row']} of “{each['sheet']}”)" if each["row"] else ""),
         "no figure" if each["value_pounds"] is None else pounds(each["value_pounds"]), "\n".join(each["asked"]))
        for each in letter["schemes"]], (5.4, 2.4, 8.8), numeric=(1,), size=9.5)
    document.add_paragraph("")
    document.add_paragraph("Until it is answered, what has no figure counts as not found, and what has no owner or "
                           "start as at risk at best.")
    document.add_paragraph("Please answer by: ____________________")
    document.add_paragraph("From: ______________________________     On: ________________")
