"""The database itself refuses to change or take away anything, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from evenhand.record import ddl, reading, writing
from evenhand.record.chain import verify
from evenhand.record.entry import Draft
from record.made import NOON, WARD, evidence

CHANGES = [
    'UPDATE "record" SET kind = \'lesson\'',
    'DELETE FROM "record"',
    "UPDATE entry SET what = 'something else'",
    "UPDATE entry SET at = at",
    "DELETE FROM entry",
    "DELETE FROM entry WHERE number = 1",
    "UPDATE words SET words = 'other words'",
    "UPDATE words SET subject = 'case/other', salt = NULL, words = NULL",
    "DELETE FROM words",
]
ONLY_SQLITE = [
    "INSERT OR REPLACE INTO entry SELECT hash, subject, number, previous, at, by, organisation, kind, 'other', papers, "
    "commitments FROM entry",
    "REPLACE INTO record SELECT digest, 'lesson', subject, bytes FROM record",
    "REPLACE INTO words SELECT commitment, subject, salt, 'other' FROM words",
    "INSERT INTO record SELECT digest, kind, subject, bytes FROM record WHERE true "
    "ON CONFLICT DO UPDATE SET kind = 'lesson'",
]
ONLY_POSTGRESQL = ['TRUNCATE "record"', "TRUNCATE entry", "TRUNCATE words", 'TRUNCATE "record", entry, words CASCADE']


def everything(database):
    return (reading.entries(database), list(reading.every_paper(database)), reading.words(database))


def test_every_change_is_refused_and_nothing_is_changed(database):
    writing.append(database, Draft.leaving(evidence(), by="person/1", why="because"), at=NOON)
    before = everything(database)
    for change in CHANGES + (ONLY_SQLITE if database.vendor == "sqlite" else ONLY_POSTGRESQL):
        with pytest.raises(Exception, match="append only|can be erased"), database.whole():
            database.run(change)
        assert everything(database) == before, change


def test_words_can_be_emptied_and_in_no_other_way_changed(database):
    entry = writing.append(database, Draft.leaving(evidence(), by="person/1", why="Dr Lee said so"), at=NOON)
    writing.erase(database, entry.commitments["why"], by="person/2", at=NOON, why="asked to")
    (erased, kept) = sorted(reading.words(database, WARD).values(), key=lambda each: not each.is_erased)
    assert (erased.words, erased.salt, kept.words) == (None, None, "asked to")
    assert verify(*everything(database)) == ()
    assert "Dr Lee" not in str(everything(database))


def test_words_emptied_behind_the_records_back_are_missed(database):
    writing.append(database, Draft.leaving(evidence(), by="person/1", why="because"), at=NOON)
    database.run("UPDATE words SET salt = NULL, words = NULL")
    (found,) = verify(*everything(database))
    assert str(found) == f"{WARD}, entry 1: the words it speaks of were taken away without an entry"


def test_one_definition_makes_both_databases():
    for vendor in ("sqlite", "postgresql"):
        made = " ".join(ddl.statements(vendor))
        assert all(f"CREATE TABLE {table}" in made.replace('"', "") for table in ddl.TABLES)
