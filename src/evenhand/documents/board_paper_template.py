"""A body's own Word template: what it may hold, which names it must, and how a paper is put in its places.

A template names places in double braces, ``{{ title }}``. Nothing in it is ever run: it takes names, not instructions.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from evenhand.documents.board_paper import ABOUT_THE_MARK, BoardPaper, changed, legible
from evenhand.documents.board_paper_word import put_section, put_sections, saved
from evenhand.documents.board_paper_written import SECTIONS
from evenhand.terms import Problem, Refused, closest

IN_A_LINE = ("title", "kind", "status", "version", "body", "meeting", "item", "author", "sent", "mark")
"""Names that stand within a line of the template."""
WHOLE = "paper"
PARTS = tuple(name for name, _, _ in SECTIONS)
"""Names that stand alone in a paragraph; ``paper`` is all of them in order, with their headings."""
NEEDED = ("title", "status", "mark")

MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 10 * 2**20, 60 * 2**20, 600
_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_INSTRUCTION = re.compile(r"\{%|%\}|\{#|#\}")
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DANGEROUS_FIELD = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|MACROBUTTON|DATABASE|EMBED)\b")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def checked(content: bytes, name: str = "the template") -> tuple[str, ...]:
    """The names of the places a template holds. Raises ``Refused``, with every fault, where it cannot be used.

    Refused are: what is no Word file; macros, embedded objects and controls; links to files elsewhere; fields that
    fetch or run something; instructions; places without a known name; and templates that lack a place they must have.
    """
    parts = _parts(content, name)
    problems = [Problem(what, remedy, file=name, value=value) for what, remedy, value in _dangers(parts)]
    if problems:
        raise Refused(dict.fromkeys(problems))
    document = _opened(content, name)
    texts = [_text(paragraph) for paragraph in _paragraphs(document)]
    found = tuple(dict.fromkeys(place for text in texts for place in _PLACE.findall(text)))
    problems = [Problem("a template takes names in double braces, not instructions", "take this out", file=name,
                        value=text) for text in texts if _INSTRUCTION.search(text)]
    known = (*IN_A_LINE, WHOLE, *PARTS)
    problems += [Problem("the template names a place that no paper has",
                         f"did you mean {' or '.join(closest(each, known) or known[:3])}?", file=name, value=each)
                 for each in found if each not in known]
    problems += [Problem("this place stands in a line with other words", "give it a paragraph of its own", file=name,
                         value=text) for text in texts for place in _PLACE.findall(text)
                 if place in (WHOLE, *PARTS) and _PLACE.sub("", text).strip()]
    problems += [Problem("this place stands in a table, a header or a box", "put it in the body of the text", file=name,
                         value=place)
                 for paragraph in _paragraphs(document) if paragraph.getparent() is not document.element.body
                 for place in _PLACE.findall(_text(paragraph)) if place in (WHOLE, *PARTS)]
    missing = [each for each in NEEDED if each not in found]
    if WHOLE not in found:
        missing += [each for each in PARTS if each not in found]
    if missing:
        places = ", ".join("{{ " + each + " }}" for each in missing)
        problems.append(Problem(f"the template lacks {places}", "write each where it is to stand; {{ paper }} alone "
                                "stands for all sections", file=name))
    if problems:
        raise Refused(dict.fromkeys(problems))
    return found


def filled(content: bytes, paper: BoardPaper, name: str = "the template") -> bytes:
    """The paper in a body's own template, as a Word file. Raises ``Refused`` where the template cannot be used."""
    checked(content, name)
    document = _opened(content, name)
    paper = changed(paper, legible)
    said = _in_a_line(paper)
    # Listed first: what is put in is not searched for places again, so that no paper's words are taken for one.
    for paragraph in list(_paragraphs(document)):
        places = _PLACE.findall(_text(paragraph))
        if any(place in (WHOLE, *PARTS) for place in places):
            _put_blocks(document, paragraph, places[0], paper)
        elif places:
            _put_words(paragraph, said)
    document.core_properties.title = paper.title
    document.core_properties.language = document.core_properties.language or "en-GB"
    return saved(document)


def _in_a_line(paper: BoardPaper) -> dict[str, str]:
    facts = {name.casefold(): value for name, value in paper.facts}
    meeting = facts.get("meeting", "")
    return {"title": paper.title, "kind": paper.kind, "status": paper.status,
            "mark": ABOUT_THE_MARK if paper.is_marked else "", "meeting": meeting,
            "body": meeting.split(", ")[0] if meeting else facts.get("for", ""), "item": facts.get("item", ""),
            "author": facts.get("paper by", ""), "sent": facts.get("sent", ""),
            "version": facts.get("version of the proposal", "")}


# --- filling ----------------------------------------------------------------------------------------------------------


def _put_words(paragraph: Any, said: dict[str, str]) -> None:
    """Put words in their places. A place may be cut into several runs: its words go where it begins."""
    texts = list(_own_texts(paragraph))
    whole = "".join(each.text or "" for each in texts)
    for place in reversed(list(_PLACE.finditer(whole))):
        at, pending = 0, said.get(place[1], "")
        for each in texts:
            text = each.text or ""
            first, last = max(place.start() - at, 0), min(place.end() - at, len(text))
            at += len(text)
            if first < last:
                each.text = text[:first] + pending + text[last:]
                each.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                pending = ""


def _put_blocks(document: Any, paragraph: Any, place: str, paper: BoardPaper) -> None:
    """Put a section, or all, where a paragraph stands, in the template's own styles."""
    body = document.element.body
    before = list(body)
    if place == WHOLE:
        put_sections(document, paper)
    elif (section := paper.section(place)) is not None:
        put_section(document, section)
    for each in [each for each in body if each not in before]:
        paragraph.addprevious(each)
    body.remove(paragraph)


# --- reading ----------------------------------------------------------------------------------------------------------


def _opened(content: bytes, name: str) -> Any:
    from docx import Document

    try:
        return Document(io.BytesIO(content))
    except (KeyError, ValueError, SyntaxError) as wrong:
        raise Refused([Problem(f"this Word file cannot be read ({type(wrong).__name__})", "save it again in Word as "
                               ".docx", file=name)]) from None


def _paragraphs(document: Any) -> Iterator[Any]:
    """Every paragraph of the body, of tables and boxes in it, and of headers and footers."""
    roots = [document.element.body]
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer,
                     section.even_page_header, section.even_page_footer):
            if not part.is_linked_to_previous:
                roots.append(part._element)
    for root in roots:
        yield from root.iter(f"{_W}p")


def _own_texts(paragraph: Any) -> Iterator[Any]:
    """The pieces of text of a paragraph, without those of paragraphs inside it."""
    for each in paragraph.iter(f"{_W}t"):
        if next(each.iterancestors(f"{_W}p")) is paragraph:
            yield each


def _text(paragraph: Any) -> str:
    return "".join(each.text or "" for each in _own_texts(paragraph))


def _parts(content: bytes, name: str) -> dict[str, bytes]:
    wrong = Problem("this is not a Word file", "save it in Word as .docx", file=name)
    if len(content) > MOST_BYTES:
        raise Refused([Problem("the template is larger than one may be", "take pictures out: 10 MB at most",
                               file=name)])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            places = archive.infolist()
            if sum(each.file_size for each in places) > MOST_UNPACKED or len(places) > MOST_PARTS:
                raise Refused([Problem("unpacked, the template is larger than one may be", "take pictures out",
                                       file=name)])
            return {each.filename: archive.read(each) for each in places}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError):
        raise Refused([wrong]) from None


def _dangers(parts: dict[str, bytes]) -> Iterator[tuple[str, str, str]]:
    types = parts.get("[Content_Types].xml", b"").decode(errors="replace")
    if "macroenabled" in types.casefold() or any("vba" in each.casefold() for each in parts):
        yield "the template holds macros", "save it as .docx, without macros", ""
    elif _MAIN not in types or "word/document.xml" not in parts:
        yield "this is not a Word document", "save it in Word as .docx", ""
    for part, content in parts.items():
        low = part.casefold()
        if "/embeddings/" in low or "/activex/" in low or low.endswith((".bin", ".exe", ".ole")):
            yield "the template holds an embedded object or control", "take it out", part
        if not low.endswith((".xml", ".rels")):
            continue
        text = content.decode("utf-8", errors="replace") if b"\x00" not in content else ""
        if not text or re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
            yield "a part of the template is not plain XML", "save it again in Word as .docx", part
        elif low.endswith(".rels"):
            for relation in re.findall(r"<Relationship\b[^>]*>", text):
                if re.search(r"TargetMode\s*=\s*[\"']External", relation) and "/hyperlink" not in relation:
                    yield "the template takes something from another place when it is opened", \
                        "put the picture or template in itself, or take the link out", part
        else:
            yield from _fields(part, text)


def _fields(part: str, text: str) -> Iterator[tuple[str, str, str]]:
    # Word joins an instruction from its pieces, so they are joined here before they are looked at.
    pieces = "".join(re.findall(r"<w:instrText\b[^>]*>([^<]*)<", text)) + " " + " ".join(
        re.findall(r"w:instr\s*=\s*[\"']([^\"']*)", text))
    found = _DANGEROUS_FIELD.search(pieces.upper())
    if found:
        yield "the template holds a field that fetches or runs something", "take the field out", found[1]
    if "<w:altChunk" in text or "<w:control " in text or "<o:OLEObject" in text:
        yield "the template holds an embedded object or control", "take it out", part
