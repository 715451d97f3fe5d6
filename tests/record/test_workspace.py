"""A workspace is a folder with a record in it, and nothing else is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from evenhand.data import store
from evenhand.papers import canonical_bytes, digest, seal
from evenhand.record import Workspace, case_file
from evenhand.record.entry import Draft
from evenhand.record.reading import Kept
from evenhand.terms import Refused
from record.made import CLINIC, NOON, WARD, evidence, proposal


def test_what_is_kept_is_found_again(workspace):
    assert workspace.subjects() == [CLINIC, WARD]
    assert workspace.subjects(organisation="OTH") == [CLINIC]
    assert [each.kind for each in workspace.papers(WARD)] == ["proposal", "evidence", "proposal"]
    assert workspace.paper(seal(proposal(2)).digest) == proposal(2)
    assert {each.words for each in workspace.words(WARD).values()} == {
        "Beds stand empty", "Dr Lee asked for a third option"}
    assert workspace.state(WARD) == "raised"


def test_a_second_run_keeps_the_same_digests_and_enters_nothing(workspace):
    before = workspace.entries()
    assert workspace.keep(proposal(), by="person/1", at=NOON) == seal(proposal())
    assert workspace.entries() == before


def test_no_name_stands_in_a_chain(workspace):
    chain = canonical_bytes([entry.to_json() for entry in workspace.entries()])
    assert b"Lee" not in chain


def test_erased_words_leave_a_sound_chain_that_says_so(workspace):
    commitment = next(name for name, said in workspace.words(WARD).items() if "Lee" in (said.words or ""))
    workspace.erase(commitment, by="person/9", at=NOON, why="at her request")
    assert workspace.verify() == ()
    assert workspace.words(WARD)[commitment].is_erased
    assert workspace.entries(WARD)[-1].kind == "erasure"
    # A page freed inside the file may still hold bytes of the past, so the file is asked, not only the table.
    assert b"Dr Lee asked" not in (workspace.folder / store.FILE).read_bytes()
    with pytest.raises(Refused, match="already erased"):
        workspace.erase(commitment, by="person/9", at=NOON)
    with pytest.raises(Refused, match="no words under this"):
        workspace.erase(digest(b"none"), by="person/9", at=NOON)


def test_a_paper_of_an_old_schema_keeps_its_digest_through_the_record(workspace):
    old = canonical_bytes({
        "header": {"paper": "decision", "schema": 1, "subject": WARD, "proposal_version": 2, "made_from": [],
                   "method": None, "settings": {}, "seed": None},
        "content": {"title": "Ward 3", "outcome": "declined", "option": None, "body": {"name": "Millbrook",
                    "code": "MIL"}, "decided": "2026-03"}})
    from evenhand.papers import Sealed

    workspace.enter(Draft(subject=WARD, by="person/1", what="decision left", kind="paper",
                          papers=(Sealed(digest(old), old),)), at=NOON)
    (kept,) = workspace.papers(WARD, "decision")
    assert kept == Kept(digest(old), "decision", WARD, old)
    assert kept.paper().rulings[0].outcome == "declined"
    assert workspace.verify() == ()


def test_asking_a_folder_that_holds_no_record_is_refused_and_makes_nothing(tmp_path):
    for ask in (lambda held: held.subjects(), lambda held: held.verify()):
        with pytest.raises(Refused, match="no workspace here"):
            ask(Workspace.open(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path):
    (tmp_path / store.FILE).write_bytes(b"rubbish" * 1000)
    with pytest.raises(Refused, match="cannot be opened as a record"):
        Workspace.open(tmp_path).subjects()


def test_a_file_without_the_records_tables_is_refused_in_words(tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / store.FILE) as other:
        other.execute("CREATE TABLE something (else_ TEXT)")
    other.close()
    with pytest.raises(Refused, match="the record cannot be used: no such table"):
        Workspace.open(tmp_path).subjects()


def test_a_folder_that_may_only_be_read_is_read_as_it_lies(workspace):
    before = workspace.entries()
    (workspace.folder / store.FILE).chmod(0o444)
    workspace.folder.chmod(0o555)
    try:
        assert workspace.entries() == before
        assert workspace.verify() == ()
    finally:
        workspace.folder.chmod(0o755)


def test_the_file_is_kept_as_safely_as_it_can_be(workspace):
    with store.opened(workspace.folder) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_name_that_is_not_quite_right_is_met_with_the_nearest(workspace):
    assert workspace.subject_called("ward-3") == WARD
    with pytest.raises(Refused, match="did you mean case/ward-3"):
        workspace.subject_called("ward3")
    workspace.keep(evidence(subject="body/clinic"), by="person/1", at=NOON)
    with pytest.raises(Refused, match="more than one thing"):
        workspace.subject_called("clinic")


def test_a_case_is_opened_from_a_workspace_a_folder_a_pack_or_by_its_id(workspace, tmp_path):
    by_id = case_file("ward-3", workspace=workspace.folder)
    assert by_id.latest("proposal") == proposal(2)
    assert by_id.latest("lesson") is None
    pack = tmp_path / "ward.zip"
    pack.write_bytes(workspace.pack([WARD]))
    assert case_file(str(pack), workspace=tmp_path / "none") == by_id
    folder = tmp_path / "papers-only" / "papers"
    folder.mkdir(parents=True)
    for each in by_id.papers:
        (folder / f"{each.digest[7:]}.json").write_bytes(each.bytes)
    from_folder = case_file(str(folder.parent), workspace=tmp_path / "none")
    assert {each.digest for each in from_folder.papers} == {each.digest for each in by_id.papers}
    assert case_file(str(workspace.folder), workspace=tmp_path, subject=WARD) == by_id
    with pytest.raises(Refused, match="more than one case"):
        case_file(str(workspace.folder), workspace=tmp_path)


@pytest.mark.parametrize(("name", "why"), [
    ("nothing-like-it", "no workspace to look it up in"), ("no/such/folder", "no such folder"), (".", "no papers")])
def test_a_case_that_is_not_there_is_refused_in_words(name, why, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match=why):
        case_file(name, workspace=tmp_path / "workspace")


def test_the_record_needs_neither_the_site_nor_heavy_libraries():
    loaded = subprocess.run(
        [sys.executable, "-c", "import evenhand.record, evenhand.record.classified, sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True).stdout.split()
    assert not {"django", "numpy", "pandas", "scipy"} & set(loaded)
