"""A body's own template: what is put in it, and what is refused, with every fault named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from docx import Document

from documents.boarded import LONG, QUOTES, awkward, body_of, word_parts
from evenhand.decide.board_paper import paper_of
from evenhand.documents.board_paper import DRAFT, BoardPaper
from evenhand.documents.board_paper_template import PARTS, checked, filled
from evenhand.terms import Refused


def template(*texts: str, header: str = "{{ status }} {{mark}}") -> bytes:
    document = Document()
    document.sections[0].header.paragraphs[0].text = header
    for text in texts:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def altered(content: bytes, alter: Callable[[dict[str, bytes]], object]) -> bytes:
    parts = word_parts(content)
    alter(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, each in parts.items():
            archive.writestr(name, each)
    return out.getvalue()


@pytest.fixture(scope="module")
def paper() -> BoardPaper:
    """The whole paper without its longest sections and its picture, which take long and say nothing here."""
    whole = paper_of(awkward())
    return replace(whole, sections=tuple(each for each in whole.sections if each.id not in ("scores", "tests")))


GOOD = template("Our own heading", "Subject: {{ title }} ({{ body }})", "{{ paper }}", "The end")


def test_a_paper_stands_where_the_template_says_between_the_bodys_own_words(paper):
    document = Document(io.BytesIO(filled(GOOD, paper)))
    texts = [each.text for each in document.paragraphs]
    assert texts[0] == "Our own heading"
    assert texts[1] == f"Subject: {QUOTES} ({LONG})"
    assert texts[2] == "What you are asked to do"
    assert texts[-1] == "The end"
    assert document.sections[0].header.paragraphs[0].text.startswith(DRAFT)
    assert len(document.tables) > 6


def test_the_words_of_a_paper_are_never_taken_for_places(paper):
    # The title itself holds {{ paper }}: it stays as it was written.
    text = "".join(body_of(filled(GOOD, paper)).itertext())
    assert text.count("What you are asked to do") == 1
    assert "not {{ paper }}" in text


def test_sections_may_be_placed_one_by_one_under_the_bodys_own_headings(paper):
    content = template("{{title}}", *(f"{{{{ {each} }}}}" for each in PARTS))
    document = Document(io.BytesIO(filled(content, paper)))
    texts = [each.text for each in document.paragraphs]
    assert "What you are asked to do" not in texts, "the headings are the template's own"
    assert not any("{{" in each and "not {{ paper }}" not in each for each in texts)


def test_a_place_cut_into_several_runs_is_still_found(paper):
    document = Document()
    document.add_paragraph("{{ status }} {{ mark }}")
    paragraph = document.add_paragraph("About ")
    for piece in ("{", "{ ti", "tle }", "} and more"):
        paragraph.add_run(piece)
    document.add_paragraph("{{ paper }}")
    out = io.BytesIO()
    document.save(out)
    assert f"About {QUOTES} and more" in [each.text for each in Document(io.BytesIO(
        filled(out.getvalue(), paper))).paragraphs]


def test_the_same_template_and_papers_give_the_same_bytes(paper):
    assert filled(GOOD, paper) == filled(GOOD, paper)


def test_missing_places_are_all_named():
    with pytest.raises(Refused) as refused:
        checked(template("{{ title }}", "{{ why }}", header=""), "ours.docx")
    said = "\n".join(refused.value.lines())
    assert "{{ status }}" in said
    assert "{{ mark }}" in said
    assert "{{ gate }}" in said
    assert "{{ why }}" not in said.replace("{{ paper }} alone", "")


@pytest.mark.parametrize(("content", "says"), [
    (template("{{ titel }}", "{{ title }}", "{{ paper }}"), "did you mean title"),
    (template("{{ title }}", "{{ paper }} and more"), "a paragraph of its own"),
    (template("{{ title }}", "{{ paper }}", "{% for x in y %}"), "not instructions"),
    (template("{{ title.__class__ }}", "{{ title }}", "{{ paper }}"), "a place that no paper has"),
    (b"not a zip", "this is not a Word file"),
    (altered(GOOD, lambda parts: parts.update({"word/vbaProject.bin": b"x"})), "holds macros"),
    (altered(GOOD, lambda parts: parts.update({"word/embeddings/oleObject1.bin": b"x"})), "embedded object"),
    (altered(GOOD, lambda parts: parts.update({"[Content_Types].xml": parts["[Content_Types].xml"].replace(
        b"wordprocessingml.document.main", b"wordprocessingml.sheet.main")})), "not a Word document"),
    (altered(GOOD, lambda parts: parts.update({"word/_rels/document.xml.rels": parts[
        "word/_rels/document.xml.rels"].replace(b"</Relationships>", b'<Relationship Id="r99" Type="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="https://example.org/a.dotm" '
        b'TargetMode="External"/></Relationships>')})), "from another place"),
    (altered(GOOD, lambda parts: parts.update({"word/document.xml": parts["word/document.xml"].replace(
        b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)})), "not plain XML"),
    (altered(GOOD, lambda parts: parts.update({"word/document.xml": parts["word/document.xml"].replace(
        b"<w:sectPr", b'<w:p><w:r><w:instrText> INCLUDE</w:instrText></w:r><w:r><w:instrText>TEXT "x"</w:instrText>'
        b"</w:r></w:p><w:sectPr", 1)})), "fetches or runs"),
])
def test_what_could_harm_or_mislead_is_refused_in_words(content, says):
    with pytest.raises(Refused) as refused:
        checked(content, "ours.docx")
    assert says in "\n".join(refused.value.lines())


def test_a_whole_section_does_not_stand_in_a_table():
    document = Document()
    document.add_paragraph("{{ title }} {{ status }} {{ mark }}")
    document.add_table(1, 1).cell(0, 0).text = "{{ paper }}"
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(Refused, match="in a table"):
        checked(out.getvalue())
