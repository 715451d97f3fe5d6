"""Altering anything in the record, anywhere, breaks it; and the break is named with its place."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.papers import Head, Header, Heads, Sealed, digest, seal
from evenhand.record.chain import Break, verify
from evenhand.record.entry import COLUMNS, Draft, Entry, Words
from evenhand.record.reading import Kept
from evenhand.terms import Refused
from record.made import CLINIC, NOON, WARD, evidence, proposal


def chain_of(subject: str, papers: list[Sealed], words: list[str]) -> tuple[list[Entry], dict[str, Words]]:
    """A chain with one paper and one reason an entry, made in memory."""
    entries: list[Entry] = []
    kept: dict[str, Words] = {}
    for place, (sealed, why) in enumerate(zip(papers, words, strict=True)):
        said = Words.committed(why, subject=subject, salt=f"{place:032x}")
        kept[said.commitment] = said
        draft = Draft(subject=subject, by="person/1", what="left", papers=(sealed,))
        entries.append(draft.entered(entries[-1] if entries else None, at=NOON, words={"why": said}))
    return entries, kept


PAPERS = [seal(evidence(says)) for says in ("one", "two", "three", "four")]
ENTRIES, WORDS = chain_of(WARD, PAPERS, ["because", "of", "these", "reasons"])
KEPT = [Kept(each.digest, "evidence", WARD, each.bytes) for each in PAPERS]


def test_an_untouched_chain_is_sound():
    assert verify(ENTRIES, KEPT, WORDS) == ()


@given(st.sampled_from(range(4)), st.sampled_from([each.name for each in fields(Entry)]), st.data())
def test_altering_any_field_of_any_entry_breaks_the_chain_there(place, field, data):
    was = getattr(ENTRIES[place], field)
    if isinstance(was, int):
        now = data.draw(st.integers(1, 99).filter(lambda number: number != was))
    elif isinstance(was, str):
        now = data.draw(st.text(max_size=80).filter(lambda text: text != was))
    elif isinstance(was, tuple):
        now = data.draw(st.sampled_from([(), (*was, PAPERS[0].digest), (digest(b"other"),)]))
    else:
        now = data.draw(st.sampled_from([{}, {"who": next(iter(was.values()))}, {"why": digest(b"other")}]))
    altered = [replace(entry, **{field: now}) if entry is ENTRIES[place] else entry for entry in ENTRIES]
    breaks = verify(altered, KEPT, WORDS)
    number, subject = altered[place].number, altered[place].subject
    assert any(each.place == f"{subject}, entry {number}" for each in breaks)


@given(st.sampled_from(range(4)), st.data())
def test_altering_any_byte_of_any_paper_is_found(place, data):
    content = bytearray(KEPT[place].bytes)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    altered = [replace(each, bytes=bytes(content)) if each is KEPT[place] else each for each in KEPT]
    assert Break(f"paper {KEPT[place].digest}", "its bytes have been changed since it was sealed") in verify(
        ENTRIES, altered, WORDS)


def test_altered_words_a_missing_row_and_a_stray_row_are_told_apart():
    commitment, words = next(iter(WORDS.items()))
    first = f"{WARD}, entry 1"
    assert verify(ENTRIES, KEPT, WORDS | {commitment: replace(words, words="other")}) == (
        Break(first, "the words it speaks of have been changed"),)
    assert verify(ENTRIES, KEPT, WORDS | {commitment: replace(words, salt="0")}) == (
        Break(first, "the words it speaks of have been changed"),)
    assert verify(ENTRIES, KEPT, WORDS | {commitment: replace(words, subject=CLINIC)}) == (
        Break(first, "the words it speaks of stand under another subject"),)
    assert verify(ENTRIES, KEPT, WORDS | {commitment: replace(words, salt=None, words=None)}) == (
        Break(first, "the words it speaks of were taken away without an entry"),)
    assert verify(ENTRIES, KEPT, {name: each for name, each in WORDS.items() if name != commitment}) == (
        Break(first, "the words it speaks of are missing"),)
    stray = Words.committed("nobody said this", subject=WARD, salt="1")
    assert verify(ENTRIES, KEPT, WORDS | {stray.commitment: stray}) == (
        Break(f"words {stray.commitment}", "no entry speaks of them"),)


def test_an_entry_taken_out_is_missed():
    assert verify([ENTRIES[0], *ENTRIES[2:]], KEPT, WORDS)[0] == Break(f"{WARD}, entry 2", "is missing")
    assert verify([ENTRIES[0], ENTRIES[3]], KEPT, WORDS)[0] == Break(
        f"{WARD}, entry 2", "and all to entry 3 are missing")


def test_an_entry_put_in_twice_is_seen():
    assert Break(f"{WARD}, entry 2", "stands twice or out of order") in verify([*ENTRIES, ENTRIES[1]], KEPT, WORDS)


def test_an_entry_rewritten_with_a_fresh_hash_does_not_follow():
    forged = replace(ENTRIES[1], what="something else")
    forged = replace(forged, hash=forged.reckoned_hash())
    assert verify([ENTRIES[0], forged, *ENTRIES[2:]], KEPT, WORDS) == (
        Break(f"{WARD}, entry 3", "does not follow from the entry before it: one of the two has been changed"),)


def test_a_missing_paper_and_a_paper_nobody_entered_are_named():
    assert verify(ENTRIES, KEPT[1:], WORDS) == (
        Break(f"{WARD}, entry 1", f"the paper {PAPERS[0].digest} is missing"),)
    stray = seal(evidence("never entered"))
    assert verify(ENTRIES, [*KEPT, Kept(stray.digest, "evidence", WARD, stray.bytes)], WORDS) == (
        Break(f"paper {stray.digest}", "no entry tells of it"),)


def test_a_paper_under_another_label_is_named():
    for wrong in (replace(KEPT[0], kind="lesson"), replace(KEPT[0], subject=CLINIC)):
        assert verify(ENTRIES, [wrong, *KEPT[1:]], WORDS) == (
            Break(f"paper {wrong.digest}", "stands under another kind or subject than it was sealed with"),)


def test_what_an_entered_paper_was_made_from_may_be_held_without_an_entry():
    source = seal(evidence("elsewhere", CLINIC))
    paper = seal(proposal(made_from=(source.as_input("a study"),)))
    entries, words = chain_of(WARD, [paper], ["why"])
    kept = [Kept(source.digest, "evidence", CLINIC, source.bytes), Kept(paper.digest, "proposal", WARD, paper.bytes)]
    assert verify(entries, kept, words) == ()


def heads_of(*entries: Entry) -> Heads:
    return Heads(header=Header(subject="installation"), day=date(2026, 11, 21), heads=tuple(
        Head(subject=entry.subject, number=entry.number, hash=entry.hash) for entry in entries))


def test_a_chain_rewritten_from_the_start_is_found_by_a_published_head():
    rewritten, words = chain_of(WARD, PAPERS, ["because", "of", "other", "reasons"])
    assert verify(rewritten, KEPT, words) == ()
    assert verify(rewritten, KEPT, words, [heads_of(ENTRIES[-1])]) == (
        Break(f"{WARD}, entry 4", "is not the entry that was published on 2026-11-21"),)


def test_a_chain_cut_short_is_found_by_a_published_head():
    words = {name: each for name, each in WORDS.items() if name not in ENTRIES[3].commitments.values()}
    assert verify(ENTRIES[:3], KEPT[:3], words) == ()
    assert verify(ENTRIES[:3], KEPT[:3], words, [heads_of(ENTRIES[3])]) == (
        Break(WARD, "had 4 entries on 2026-11-21 and has 3"),)


# --- the same in the file itself, past the triggers, byte by byte ----------------------------------------------------


def without_refusals(workspace) -> sqlite3.Connection:
    """The workspace's file with its triggers taken away, as one with the file in hand could do."""
    connection = sqlite3.connect(workspace.folder / "record.sqlite3", isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def stored_cells(connection) -> list[tuple[str, str, str, object]]:
    """Every cell of every row: table, key of the row, column, value."""
    cells = []
    for table, key in (("entry", "hash"), ("record", "digest"), ("words", "commitment")):
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for row in connection.execute(f"SELECT {', '.join(columns)} FROM {table}"):
            given = dict(zip(columns, row, strict=True))
            cells += [(table, key, given[key], column, value) for column, value in given.items()]
    return cells


def test_flipping_any_byte_of_any_stored_cell_is_found_and_named(workspace):
    assert workspace.verify() == ()
    connection = without_refusals(workspace)
    tried = 0
    for table, key, name, column, value in stored_cells(connection):
        content = str(value).encode() if isinstance(value, int) else value.encode() if isinstance(value, str) else value
        # Every byte of a short cell; of a long one the ends and every seventeenth.
        for place in sorted({*range(0, len(content), 1 if len(content) < 40 else 17), len(content) - 1} - {-1}):
            flipped = bytearray(content)
            flipped[place] ^= 8
            if isinstance(value, int):
                altered = int(flipped) if flipped.isdigit() else -value
            else:
                altered = bytes(flipped) if isinstance(value, bytes) else flipped.decode("utf-8", "replace")
            now_named = altered if column == key else name
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (altered, name))
            breaks = workspace.verify()
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, now_named))
            named = "paper " if table == "record" else ", entry "
            assert any(named in each.place for each in breaks), f"{table}.{column}, byte {place}: {breaks}"
            tried += 1
    # All is as it was, but for the refusals that were taken away.
    assert {each.place for each in workspace.verify()} == {"record.sqlite3"}
    assert tried > 200


def test_a_refusal_taken_away_or_altered_is_named_though_no_entry_was_changed(workspace):
    connection = sqlite3.connect(workspace.folder / "record.sqlite3", isolation_level=None)
    connection.execute("DROP TRIGGER entry_kept_from_delete")
    (found,) = workspace.verify()
    assert str(found).startswith("record.sqlite3: the file no longer refuses changes as it was made to: entry_kept")
    connection.execute("CREATE TRIGGER entry_kept_from_delete BEFORE DELETE ON entry BEGIN SELECT 1; END")
    assert workspace.verify() == (found,)


def test_a_definition_that_is_no_text_any_more_is_refused_in_words(workspace):
    path = workspace.folder / "record.sqlite3"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CREATE TABLE words", b"CREATE TABL\xac words", 1))
    with pytest.raises(Refused, match="cannot be opened as a record"):
        workspace.verify()


def test_a_column_that_is_no_text_any_more_is_shown_and_named(workspace):
    connection = without_refusals(workspace)
    connection.execute("UPDATE entry SET papers = CAST(x'ff00fe' AS TEXT) WHERE subject = ? AND number = 1", (CLINIC,))
    assert any(each.place == f"{CLINIC}, entry 1" for each in workspace.verify())
    assert [entry.number for entry in workspace.entries(CLINIC)] == [1]


def test_a_file_damaged_on_the_disk_is_named(workspace):
    path = workspace.folder / "record.sqlite3"
    content = bytearray(path.read_bytes())
    for place in range(4096, len(content), 512):
        content[place] ^= 0xFF
    path.write_bytes(bytes(content))
    assert any("record.sqlite3" in each.place for each in workspace.verify())


def test_an_entry_goes_to_its_row_and_to_json_and_comes_back():
    for entry in ENTRIES:
        assert Entry.of_row(entry.row()) == entry
        assert len(entry.row()) == len(COLUMNS)
        assert json.loads(json.dumps(entry.to_json()))["hash"] == entry.reckoned_hash()
