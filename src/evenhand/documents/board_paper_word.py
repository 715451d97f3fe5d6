"""A board paper as a Word file: headings, tables whose headings repeat, alternative texts, page numbers, en-GB."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import lru_cache
from typing import Any

from evenhand.documents.board_paper import (
    ABOUT_THE_MARK,
    INVENTED,
    Block,
    BoardPaper,
    Grid,
    Lines,
    Picture,
    Said,
    Section,
    Under,
    changed,
    legible,
    marked,
    right_to_left,
)

MADE = datetime(1980, 1, 1)
SIGN_HERE = "Signed by: ______________________________     On: ________________"
INK, QUIET = "212B32", "4C6272"


def word_bytes(paper: BoardPaper) -> bytes:
    """The paper as a Word file in our own plain form. The same paper gives the same bytes."""
    from docx import Document

    document = Document()
    _plain_form(document, paper)
    paper = changed(paper, legible)
    document.add_paragraph(paper.title, style="Title")
    if paper.kind:
        document.add_paragraph(paper.kind, style="Subtitle")
    for name, value in paper.facts:
        paragraph = _directed(document.add_paragraph(style="Paper fact"), value)
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(value)
    if paper.is_marked:
        document.add_paragraph(ABOUT_THE_MARK, style="Paper note")
    put_sections(document, paper)
    if paper.signature or paper.is_draft:
        document.add_paragraph(paper.status if paper.signature else SIGN_HERE)
    return saved(document)


def saved(document: Any) -> bytes:
    """A Word document as bytes that are the same for the same content: its parts carry no moment of saving."""
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts.infolist():
            place = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            place.compress_type, place.create_system, place.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(place, parts.read(part))
    return out.getvalue()


def put_sections(document: Any, paper: BoardPaper) -> None:
    """Add every section at the end of a document."""
    for section in paper.sections:
        _put_heading(document, section.title, 1)
        put_section(document, section)


def put_section(document: Any, section: Section) -> None:
    """Add what a section says, without its heading, at the end of a document."""
    for block in section.blocks:
        _put(document, block, section)
    if section.adopted_by:
        put_paragraph(document, f"Adopted by {section.adopted_by}.", "Paper note")


def put_paragraph(document: Any, text: str, *styles: str) -> Any:
    """A paragraph at the end of a document, in the first of these styles that it has; else as it writes usually."""
    known = _styles(document.styles.element)
    paragraph = document.add_paragraph(text)
    name = next((known[each] for each in styles if each in known), None)
    if name is not None:
        paragraph._p.style = name
    return paragraph


@lru_cache(maxsize=4)
def _styles(element: Any) -> dict[str, str]:
    """The identifiers of a document's styles by their names. Asked for each paragraph, so worked out once."""
    from docx.oxml.ns import qn
    from docx.styles import BabelFish

    return {BabelFish.internal2ui(name.get(qn("w:val"))): style.get(qn("w:styleId"))
            for style in element.iter(qn("w:style")) if (name := style.find(qn("w:name"))) is not None}


def _put(document: Any, block: Block, section: Section) -> None:
    if isinstance(block, Lines):
        styles = ("List Bullet", "List Paragraph") if block.bulleted else ("Paper lead",) if block.lead else ()
        for each in block.said:
            _put_said(put_paragraph(document, "", *styles), each, section)
    elif isinstance(block, Under):
        _put_heading(document, block.title, 2)
    elif isinstance(block, Grid):
        _put_grid(document, block)
    elif isinstance(block, Picture):
        _put_picture(document, block)


def _put_heading(document: Any, title: str, level: int) -> None:
    _directed(put_paragraph(document, title, f"Heading {level}"), title)


def _put_said(paragraph: Any, each: Said, section: Section) -> None:
    _directed(paragraph, each.label or each.text)
    if each.label:
        paragraph.add_run(f"{each.label} ").bold = True
    paragraph.add_run(marked(each, section))


def _directed(paragraph: Any, text: str) -> Any:
    """The paragraph, told to run from the right where its text does."""
    from docx.oxml import OxmlElement

    if right_to_left(text):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    return paragraph


# --- tables and pictures ----------------------------------------------------------------------------------------------


def _put_grid(document: Any, block: Grid) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Emu, Pt

    caption = put_paragraph(document, block.title, "Caption")
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.headings))
    if (grid := _styles(document.styles.element).get("Table Grid")) is not None:
        table._tbl.tblStyle_val = grid
    table.autofit = False
    page = document.sections[-1]
    width = page.page_width - page.left_margin - page.right_margin
    about = OxmlElement("w:tblDescription")
    about.set(qn("w:val"), f"{block.title}. Columns: {', '.join(block.headings)}.")
    table._tbl.tblPr.append(about)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    # Every cell is asked for once: to ask the table for each by its place takes a second on a long one.
    for line, (row, texts) in enumerate(zip(table.rows, (block.headings, *block.rows), strict=True)):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Emu(round(width * block.shares[place]))
            paragraph = _directed(cell.paragraphs[0], text)
            paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(9), line == 0 or place == 0
            if place in block.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if line == 0:
                _shade(cell)
    document.add_paragraph().paragraph_format.space_after = Pt(4)


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "E8EDEE")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _put_picture(document: Any, block: Picture) -> None:
    from docx.shared import Cm

    from evenhand.figures.chart import png

    figure = block.figure
    caption = put_paragraph(document, figure.title, "Caption")
    caption.paragraph_format.keep_with_next = True
    shape = document.add_paragraph().add_run().add_picture(io.BytesIO(png(figure, scale=2)), width=Cm(13))
    about = shape._inline.docPr
    about.set("title", figure.title)
    about.set("descr", f"{figure.sentence} {figure.note}".strip())


# --- our own plain form -----------------------------------------------------------------------------------------------


def _plain_form(document: Any, paper: BoardPaper) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    about = document.core_properties
    about.title, about.subject, about.author, about.comments = legible(paper.title), paper.kind, "", ""
    about.language, about.created, about.modified = "en-GB", MADE, MADE
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.1)
    page.top_margin = page.bottom_margin = Cm(2.0)
    for name in ("Paper lead", "Paper fact", "Paper note"):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    body = 10 if paper.short else 11
    for name, size, before, after, bold in (
            ("Normal", body, 0, 6, None), ("Title", 18 if paper.short else 22, 0, 4, True),
            ("Subtitle", 12, 0, 6, False), ("Heading 1", 12 if paper.short else 15, 8 if paper.short else 16, 4, True),
            ("Heading 2", 12, 10, 4, True), ("List Bullet", body, 0, 3, None), ("Caption", 10, 8, 3, True),
            ("Paper lead", body + 1, 0, 6, None), ("Paper fact", body, 0, 2, None), ("Paper note", 9, 4, 6, None)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.italic = "Arial", Pt(size), False
        style.font.color.rgb = RGBColor.from_string(QUIET if name in ("Subtitle", "Paper note") else INK)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        if bold is not None:
            style.font.bold = bold
        _no_theme_font(style)
    _british(document)
    header = page.header.paragraphs[0]
    header.add_run(paper.status).bold = True
    if paper.invented:
        header.add_run(f" · {INVENTED}")
    footer = page.footer.paragraphs[0]
    footer.add_run(f"{paper.kind}: {legible(paper.title)}"[:90] + "  ·  Page ")
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")


def _no_theme_font(style: Any) -> None:
    """Take the theme's fonts from a style: they would win over the one named."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("w:pBdr",):
        for each in style.element.findall(f".//{qn(name)}"):
            each.getparent().remove(each)


def _british(document: Any) -> None:
    """Say in which language everything is written, so that it is read aloud in it."""
    from docx.oxml.ns import qn

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _field(paragraph: Any, name: str) -> None:
    """A field that Word works out: the number of the page, or of all pages."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "separate", "end"):
        run = paragraph.add_run()
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
        if kind == "begin":
            words = OxmlElement("w:instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = f" {name} "
            paragraph.add_run()._r.append(words)
        elif kind == "separate":
            paragraph.add_run("1")
