"""``evenhand decide paper`` and ``brief``: from a case to a file, and what is refused."""

import io
import json

import pytest
from docx import Document

from documents.boarded import SUBJECT, awkward
from evenhand.cli import main
from evenhand.papers import digest


@pytest.fixture
def folder(tmp_path):
    papers = tmp_path / "case"
    papers.mkdir()
    for number, each in enumerate(awkward().papers):
        (papers / f"{number:02}.json").write_bytes(each.bytes)
    return papers


def test_a_paper_is_written_as_word_and_as_pdf_and_its_digest_said(folder, tmp_path, capsys):
    assert main(["decide", "paper", str(folder), "--out", str(tmp_path / "a.pdf")]) == 0
    said = capsys.readouterr().out
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert digest((tmp_path / "a.pdf").read_bytes()) in said
    assert "DRAFT" in said
    assert main(["decide", "paper", str(folder), "--out", str(tmp_path / "a.docx"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["file"] == digest((tmp_path / "a.docx").read_bytes())
    assert document["sections"][0]["id"] == "asked"
    assert document["sections"][0]["drafted"] == 1
    assert len(document["made_from"]) == len(awkward().papers)


def test_people_are_named_or_said_to_be_unnamed_and_never_shown_by_an_identifier(capsys):
    assert main(["decide", "paper", "sample:case", "--json"]) == 0
    said = [line for each in json.loads(capsys.readouterr().out)["sections"] for line in each["lines"]]
    assert not [line for line in said if "person/" in line]
    assert "Signed by: Somebody whose name is not held here." in said
    assert "Signed by: 2 people whose names are not held here." in said
    assert any("Judged by somebody whose name is not held here: " in line for line in said)


def test_a_bodys_own_template_is_filled(folder, tmp_path, capsys):
    template = Document()
    for text in ("Ours", "{{ title }} {{ status }} {{ mark }}", "{{ paper }}"):
        template.add_paragraph(text)
    template.save(str(tmp_path / "ours.docx"))
    assert main(["decide", "paper", str(folder), "--template", str(tmp_path / "ours.docx"), "--out",
                 str(tmp_path / "b.docx")]) == 0
    assert Document(io.BytesIO((tmp_path / "b.docx").read_bytes())).paragraphs[0].text == "Ours"


def test_a_brief_is_read_on_the_screen_or_printed(tmp_path, capsys):
    assert main(["decide", "brief", "sample:case"]) == 0
    said = capsys.readouterr().out
    assert "Three questions to ask" in said
    assert "Last time we tried this\n  Not in the sources we hold." in said
    assert main(["decide", "brief", "sample:case", "--out", str(tmp_path / "brief.docx")]) == 0
    assert Document(str(tmp_path / "brief.docx")).paragraphs[0].style.name == "Title"


@pytest.mark.parametrize(("options", "says"), [
    (["--out", "a.odt"], "end its name in .docx or .pdf"),
    (["--template", "ours.docx"], "a template is filled into a file"),
    (["--template", "ours.docx", "--out", "a.pdf"], "is a Word file"),
    (["--template", "none.docx", "--out", "a.docx"], "there is no such file"),
    (["--out", "no-such-folder/a.docx"], "there is no such folder"),
    (["--version", "9"], "no proposal of this version"),
    (["--regime", "under10"], "no such rule"),
])
def test_what_cannot_be_is_refused_in_words(folder, options, says, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["decide", "paper", str(folder), *options]) == 2
    assert says in capsys.readouterr().err


def test_the_room_lists_its_commands_of_cases(capsys):
    assert main(["decide"]) == 0
    said = capsys.readouterr().out
    assert "paper" in said
    assert "brief" in said
    assert awkward().subject == SUBJECT


@pytest.mark.long
def test_every_case_of_the_real_county_goes_out_as_word_and_as_pdf(tmp_path, capsys):
    here = tmp_path / "here"
    assert main(["run", "examples/derbyshire", "--workspace", str(here)]) == 0
    for case in ("derbyshire-gluten-free", "derbyshire-over-the-counter", "derbyshire-voluntary-sector"):
        for ending in ("docx", "pdf"):
            out = tmp_path / f"{case}.{ending}"
            assert main(["decide", "paper", case, "--workspace", str(here), "--out", str(out)]) == 0
    capsys.readouterr()
    assert main(["decide", "brief", "derbyshire-gluten-free", "--workspace", str(here)]) == 0
    said = capsys.readouterr().out
    # What the sources do not say is not said: votes, interests and the reasons are not held.
    assert "The best case for\n  Not in the sources we hold." in said
    texts = [each.text for each in Document(str(tmp_path / "derbyshire-gluten-free.docx")).paragraphs]
    assert any("no longer routinely to commission gluten-free foods" in each for each in texts)
    assert "The reasons in the bodies’ own words: Not in the sources we hold." in texts
