"""The record on a site, on SQLite and on PostgreSQL: one way to write, and a guard on every connection."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from evenhand.record import classified

HERE = Path(__file__).parent
PROGRAM = HERE / "site_for_tests.py"
CHECKS = re.findall(r"^def check_(\w+)", PROGRAM.read_text(), re.MULTILINE)


def tried(check: str, database: str, folder: Path) -> None:
    done = subprocess.run([sys.executable, str(PROGRAM), check], capture_output=True, text=True, timeout=120, env={
        **os.environ, "RECORD_TEST_DATABASE": database, "RECORD_TEST_FOLDER": str(folder)})
    assert done.stdout.strip() == "sound", done.stderr


@pytest.mark.parametrize("check", CHECKS)
def test_on_sqlite(check, tmp_path):
    tried(check, str(tmp_path / "site.sqlite3"), tmp_path)


@pytest.mark.parametrize("check", CHECKS)
def test_on_postgresql(check, postgres_url, tmp_path):
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS record_site")
        connection.execute("CREATE DATABASE record_site")
    tried(check, postgres_url, tmp_path)


@pytest.mark.parametrize(("sql", "tables"), [
    ('INSERT INTO "people_member" ("name") VALUES (%s)', ["people_member"]),
    ('UPDATE "a" SET "x" = 1 WHERE "y" IN (SELECT "z" FROM "b")', ["a"]),
    ("delete from only decide_vote where 1 = 1", ["decide_vote"]),
    ("INSERT OR REPLACE INTO a VALUES (1)", ["a"]), ("REPLACE INTO a VALUES (1)", ["a"]),
    ("TRUNCATE TABLE public.a", ["a"]), ("TRUNCATE a", ["a"]), ('COPY "a" FROM STDIN', ["a"]),
    ("WITH x AS (DELETE FROM a RETURNING id) INSERT INTO b SELECT id FROM x", ["a", "b"]),
    ("/* a note */ UPDATE a SET x = 1", ["a"]), ("-- a note\nUPDATE a SET x = 1", ["a"]),
    ("INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET x = 2", ["a"]),
    ("EXPLAIN ANALYZE DELETE FROM a", ["a"]), ("MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE", ["a"]),
    ('SELECT * FROM "a" FOR UPDATE OF "a"', []), ("SELECT * FROM a FOR NO KEY UPDATE", []),
    ("SELECT 'DELETE FROM a'", []), ("SELECT \"update\" FROM a", []),
    ("CREATE TRIGGER t BEFORE UPDATE ON a BEGIN SELECT 1; END", []), ("ALTER TABLE a ADD b text", []),
    ('INSERT INTO "new__a" SELECT * FROM "a"', []), ("PRAGMA foreign_keys = ON", []), ("SAVEPOINT s", [])])
def test_the_guard_sees_what_a_statement_writes(sql, tables):
    pytest.importorskip("django")
    from evenhand.record.app.guard import tables_written

    assert tables_written(sql) == tables


def test_every_exemption_has_its_reason_and_no_table_is_both():
    assert all(len(reason) > 10 for reason in classified.EXEMPT.values())
    recorded = [table for tables in classified.RECORDED.values() for table in tables]
    assert len(set(recorded)) == len(recorded)
    assert not set(recorded) & set(classified.EXEMPT)
    assert not set(classified.THE_RECORD_ITSELF) & {*recorded, *classified.EXEMPT}
    assert classified.is_recorded("people_account")
    assert classified.is_exempt("django_session")
