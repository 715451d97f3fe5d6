"""Appending: one entry, its papers and words, wholly or not at all, however many write at once."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from evenhand.papers import INSTALLATION, seal
from evenhand.record import reading, writing
from evenhand.record.chain import verify
from evenhand.record.database import Postgresql, make_tables
from evenhand.record.entry import Draft
from evenhand.record.workspace import Workspace
from evenhand.terms import Refused
from record.conftest import schema_of_its_own
from record.made import CLINIC, NOON, WARD, evidence, proposal

EACH = 40


def test_an_entry_covers_the_one_before_it(database, clock):
    first = writing.append(database, Draft.leaving(proposal(), by="person/1"), at=clock())
    second = writing.append(database, Draft.leaving(evidence(), by="person/1"), at=clock())
    elsewhere = writing.append(database, Draft.leaving(proposal(1, CLINIC), by="person/1"), at=clock())
    assert (first.number, first.previous) == (1, "")
    assert (second.number, second.previous) == (2, first.hash)
    assert (elsewhere.number, elsewhere.previous) == (1, "")
    assert [each.paper() for each in reading.papers(database, WARD)] == [proposal(), evidence()]


def test_the_same_work_done_twice_is_entered_once(database, clock):
    draft = Draft.leaving(proposal(), by="person/1")
    assert writing.leave(database, draft, at=clock()) is not None
    assert writing.leave(database, draft, at=clock()) is None
    assert len(reading.entries(database, WARD)) == 1


def test_an_entry_that_fails_takes_its_papers_and_words_with_it(database):
    def no_salt():
        raise RuntimeError("the salt ran out")

    with pytest.raises(RuntimeError, match="salt ran out"):
        writing.append(database, Draft.leaving(proposal(), by="person/1", why="because"), at=NOON, salts=no_salt)
    assert (reading.subjects(database), list(reading.every_paper(database)), reading.words(database)) == ([], [], {})


def test_the_commitment_tells_nothing_without_its_salt(database):
    yes = Draft(subject=WARD, by="person/1", what="vote cast", words={"why": "yes"})
    first, second = (writing.append(database, yes, at=NOON) for _ in range(2))
    assert first.commitments["why"] != second.commitments["why"]


@pytest.mark.parametrize(("wrong", "why"), [
    ({"by": "Dr Lee"}, "by an identifier"), ({"by": ""}, "by an identifier"), ({"organisation": "The Trust"}, "a code"),
    ({"what": ""}, "in a few words"), ({"what": "x" * 200}, "in a few words"),
    ({"words": {"Why?": "x"}}, "plain label"),
    ({"subject": "ward 3"}, "does not name a case")])
def test_an_entry_holds_identifiers_and_never_names(wrong, why):
    with pytest.raises(Refused, match=why):
        Draft(**{"subject": WARD, "by": "person/1", "what": "vote cast", **wrong})


def test_a_case_moves_only_by_the_table_of_states(database, clock):
    assert writing.state_of(reading.entries(database, WARD)) == "raised"
    writing.append(database, Draft.leaving(proposal(), by="person/1"), at=clock())
    with pytest.raises(Refused, match="opportunity"):
        writing.move(database, WARD, "explored", by="person/1", role="analyst", at=clock())
    with pytest.raises(Refused, match="cannot become approved"):
        writing.move(database, WARD, "approved", by="person/1", role="chair", at=clock())
    writing.move(database, WARD, "closed", by="person/1", role="programme office", at=clock(), why="withdrawn")
    assert writing.state_of(reading.entries(database, WARD)) == "closed"


def test_the_days_heads_are_entered_once_and_hold_every_chain(database, clock):
    for subject in (WARD, CLINIC):
        writing.append(database, Draft.leaving(proposal(1, subject), by="person/1"), at=clock())
    heads = writing.close_day(database, date(2026, 11, 21), by="clock", at=clock())
    assert [(head.subject, head.number) for head in heads.heads] == [(CLINIC, 1), (WARD, 1)]
    assert writing.close_day(database, date(2026, 11, 21), by="clock", at=clock()) == heads
    assert [entry.kind for entry in reading.entries(database, INSTALLATION)] == ["heads"]
    assert verify(reading.entries(database), reading.every_paper(database), reading.words(database)) == ()


# --- several at once --------------------------------------------------------------------------------------------------

APPENDING = f"""
import sys
from datetime import UTC, datetime
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
from evenhand.record.entry import Draft
from evenhand.record.workspace import Workspace
from record.made import WARD, evidence
who, where = sys.argv[1:]
if where.startswith("postgresql:"):
    import psycopg
    from evenhand.record import writing
    from evenhand.record.database import Postgresql
    connection = psycopg.connect(where, autocommit=True, options="-c search_path=record_tests")
    append = lambda draft, at: writing.append(Postgresql(connection), draft, at=at)
else:
    append = lambda draft, at: Workspace.open(where).enter(draft, at=at)
for turn in range({EACH}):
    paper = evidence(f"{{who}} {{turn}}")
    append(Draft.leaving(paper, by=f"process/{{who}}", why=f"turn {{turn}}"), at=datetime.now(UTC))
    print(paper.says, flush=True)
"""


def appended_by_two_processes(where: str) -> list[str]:
    """Let two processes append at once; what each was told had been kept."""
    running = [subprocess.Popen([sys.executable, "-c", APPENDING, who, where], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True) for who in ("one", "two")]
    told = []
    for process in running:
        out, wrong = process.communicate(timeout=120)
        assert process.returncode == 0, wrong
        told += out.splitlines()
    return told


def no_fork_and_none_lost(database, told: list[str]) -> None:
    chain = reading.entries(database, WARD)
    assert [entry.number for entry in chain] == list(range(1, 2 * EACH + 1))
    assert {entry.by for entry in chain} == {"process/one", "process/two"}
    assert sorted(each.paper().says for each in reading.papers(database, WARD)) == sorted(told)
    assert len(told) == 2 * EACH
    assert verify(chain, reading.every_paper(database), reading.words(database)) == ()


def test_two_processes_appending_to_one_file_neither_fork_nor_lose(tmp_path):
    told = appended_by_two_processes(str(tmp_path / "workspace"))
    with Workspace.open(tmp_path / "workspace").reading() as database:
        no_fork_and_none_lost(database, told)


def test_two_processes_appending_to_one_server_neither_fork_nor_lose(postgres_url):
    with schema_of_its_own(postgres_url) as connection:
        database = Postgresql(connection)
        make_tables(database)
        no_fork_and_none_lost(database, appended_by_two_processes(postgres_url))


def test_a_process_killed_while_appending_leaves_all_it_acknowledged(tmp_path):
    folder = tmp_path / "workspace"
    process = subprocess.Popen([sys.executable, "-c", APPENDING.replace(f"range({EACH})", "range(100000)"), "one",
                                str(folder)], stdout=subprocess.PIPE, text=True)
    with closing(process.stdout) as out:
        told = [out.readline().strip() for _ in range(10)]
        process.kill()
        told += out.read().splitlines()
    process.wait()
    workspace = Workspace.open(folder)
    assert workspace.verify() == ()
    held = {each.digest for each in workspace.papers(WARD)}
    # The last line may have been cut in the pipe; every whole one was acknowledged.
    assert {seal(evidence(says)).digest for says in told[:10]} <= held


def test_a_writer_at_work_does_not_stop_a_reader_or_show_half_of_it(workspace):
    before = workspace.entries(WARD)
    with workspace.writing() as database, database.whole():
        writing.append(database, Draft.leaving(evidence("new"), by="person/1"), at=NOON)
        assert workspace.entries(WARD) == before
        assert workspace.verify() == ()
    assert len(workspace.entries(WARD)) == len(before) + 1
