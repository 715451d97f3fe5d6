"""``evenhand record``, as a person types it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from evenhand.cli import main
from evenhand.papers import seal
from record.made import NOON, WARD, evidence, proposal

TESTS = Path(__file__).parents[1]


@pytest.fixture
def typed(workspace, monkeypatch, capsys, tmp_path):
    """Type a command with the workspace as home; give back status, output and complaints."""
    monkeypatch.setenv("EVENHAND_HOME", str(workspace.folder))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        status = main(["record", *words])
        out, wrong = capsys.readouterr()
        return status, out, wrong

    return run


def test_show_lists_what_is_held(typed):
    assert typed("show") == (0, "case/clinic: 1 entry, last on 21 November 2026, 12:03, raised\n"
                                "case/ward-3: 3 entries, last on 21 November 2026, 12:02, raised\n", "")


def test_show_tells_a_case_entry_by_entry(typed, workspace):
    status, out, _ = typed("show", "ward-3")
    assert status == 0
    assert "1  21 November 2026, 12:00  proposal left, by person/1 for MIL" in out
    assert f"proposal, version 2: {seal(proposal(2)).digest}" in out
    assert "why: Beds stand empty" in out
    commitment = workspace.entries(WARD)[0].commitments["why"]
    workspace.erase(commitment, by="person/9", at=NOON)
    _, out, _ = typed("show", "ward-3")
    assert "why: (erased)" in out


def test_show_gives_one_document_of_json(typed):
    held = json.loads(typed("show", "case/ward-3", "--json")[1])
    assert (held["subject"], held["state"], len(held["entries"])) == (WARD, "raised", 3)
    assert held["papers"][0]["content"]["title"] == "Close ward 3"
    assert json.loads(typed("show", "--json")[1])["subjects"][1]["subject"] == WARD


def test_show_gives_a_paper_by_its_digest(typed):
    assert json.loads(typed("show", seal(evidence()).digest)[1])["content"]["says"] == "Shorter stays"


def test_verify_says_sound_or_names_every_break_and_nothing_else(typed, workspace):
    assert typed("verify") == (0, "Sound: 4 entries in 2 chains, nothing changed.\n", "")
    said = json.loads(typed("verify", "--json")[1])
    assert said["method"]["name"] == "record verify"
    assert said["settings"] == {"file": None, "published": []}
    assert {name: said[name] for name in ("sound", "entries", "chains", "breaks", "remarks")} == {
        "sound": True, "entries": 4, "chains": 2, "breaks": [], "remarks": []}
    connection = sqlite3.connect(workspace.folder / "record.sqlite3", isolation_level=None)
    connection.execute("DROP TRIGGER entry_kept_from_update")
    connection.execute("UPDATE entry SET by = 'person/2' WHERE subject = ? AND number = 1", (WARD,))
    connection.close()
    status, out, wrong = typed("verify")
    assert (status, out) == (2, "")
    assert wrong.startswith("case/ward-3, entry 1: has been changed since it was entered; ")


def test_a_pack_is_made_checked_sent_and_taken_in(typed, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear successor")
    status, out, _ = typed("pack", "ward-3", "ward.zip", "--with", "letter.txt")
    assert status == 0
    named = out.split("digest is ")[1].strip()
    assert typed("verify", "ward.zip")[:2] == (0, "Sound: 3 entries in 1 chain, nothing changed.\n")
    status, out, _ = typed("unpack", "ward.zip", "--workspace", "elsewhere")
    assert (status, named in out) == (0, True)
    assert typed("verify", "elsewhere")[0] == 0
    assert json.loads(typed("unpack", "ward.zip", "--workspace", "elsewhere", "--json")[1])["content"]["pack"] == named
    assert typed("show", "ward.zip")[1] == typed("show", "ward-3")[1]


def test_an_organisations_pack_holds_what_it_entered(typed):
    _, out, _ = typed("pack", "OTH", "oth.zip")
    assert out.startswith("oth.zip: case/clinic;")


def test_published_heads_find_what_was_rewritten_afterwards(typed, workspace):
    assert typed("heads", "heads.json", "--day", "2026-11-21")[0] == 0
    assert typed("verify", "--published", "heads.json")[0] == 0
    assert typed("pack", "ward-3", "ward.zip")[0] == 0
    assert typed("verify", "ward.zip", "--published", "heads.json")[0] == 0
    from evenhand.record import Workspace

    rewritten = Workspace.open("rewritten")
    rewritten.keep(proposal(), by="person/1", at=NOON, why="Other reasons")
    status, out, wrong = typed("verify", "rewritten", "--published", "heads.json")
    assert (status, out) == (2, "")
    assert "case/ward-3: had 3 entries on 2026-11-21 and has 1" in wrong


@pytest.mark.parametrize(("words", "said"), [
    (["show", "ward3"], "did you mean case/ward-3?"),
    (["show", "sha256:" + "0" * 64], "holds no such paper"),
    (["verify", "none.zip"], "none.zip: there is no such file"),
    (["verify", "--workspace", "none"], "there is no workspace here"),
    (["heads", "--workspace", "none"], "there is no workspace here"),
    (["pack", "nothing", "x.zip"], "holds nothing of this name"),
    (["pack", "ward-3", "workspace/record.sqlite3/x.zip"], "the folder cannot be made"),
    (["unpack", "none.zip"], "there is no such file"),
    (["verify", "--published", "none.json"], "there is no such file"),
    (["show", "--colour", "red"], "there is no such option"),
    (["frobnicate"], "")])
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_printed(words, said, typed):
    status, out, wrong = typed(*words)
    assert (status, out) == (2, "")
    assert said in wrong
    assert "Traceback" not in wrong


def test_the_command_loads_nothing_heavy():
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "evenhand", "record", "--help"], capture_output=True, text=True,
        check=True, env={**os.environ}).stderr
    assert not [name for name in ("django", "numpy", "pandas", "sqlite3") if f" {name}\n" in loaded]


def test_the_sites_database_is_asked_for_and_its_absence_said(tmp_path):
    pytest.importorskip("django")
    done = subprocess.run(
        [sys.executable, "-m", "evenhand", "record", "show", "--database", "site"], capture_output=True, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "record.settings_for_tests", "PYTHONPATH": str(TESTS),
             "RECORD_TEST_DATABASE": str(tmp_path / "site.sqlite3")})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "the site's database has not been made yet; start the site once: evenhand serve\n"


def test_the_example_in_the_documentation_is_the_one_tried_here():
    page = (TESTS.parent / "docs" / "explanation" / "the-record.md").read_text()
    for paper in (proposal(), evidence(), proposal(2)):
        assert seal(paper).digest in page
