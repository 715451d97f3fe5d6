"""The three tables of the record, and the refusals that stand in the database itself.

One definition serves the file workspace and the site's first migration. ``record`` holds sealed papers, ``entry`` the
chains, ``words`` what people wrote. The first two take rows and never change them. A row of words can be emptied, and
in no other way changed, so that a person's words can go without breaking a chain.
"""

from __future__ import annotations

from typing import Literal

Vendor = Literal["sqlite", "postgresql"]
TABLES = ("record", "entry", "words")

_APPEND_ONLY = "the record is append only: add an entry that corrects, nothing is changed or taken away"
_ONLY_ERASED = "words in the record can be erased, and in no other way changed"

_SQLITE_TABLES = """
CREATE TABLE record (
    digest TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX record_by_subject ON record (subject, kind);
CREATE TABLE entry (
    hash TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    number INTEGER NOT NULL,
    previous TEXT NOT NULL,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    organisation TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    papers TEXT NOT NULL,
    commitments TEXT NOT NULL,
    UNIQUE (subject, number)
) STRICT;
CREATE INDEX entry_by_organisation ON entry (organisation, subject);
CREATE TABLE words (
    commitment TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    salt TEXT,
    words TEXT
) STRICT;
CREATE INDEX words_by_subject ON words (subject);
"""

# INSERT OR REPLACE removes the old row without firing its DELETE trigger, so a second row of one key is refused
# before it can replace the first.
_SQLITE_REFUSALS = f"""
CREATE TRIGGER record_kept_from_update BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END;
CREATE TRIGGER record_kept_from_delete BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END;
CREATE TRIGGER record_kept_from_replace BEFORE INSERT ON record
WHEN EXISTS (SELECT 1 FROM record WHERE digest = NEW.digest OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END;
CREATE TRIGGER entry_kept_from_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END;
CREATE TRIGGER entry_kept_from_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END;
CREATE TRIGGER entry_kept_from_replace BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM entry WHERE hash = NEW.hash OR rowid = NEW.rowid
             OR (subject = NEW.subject AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END;
CREATE TRIGGER words_kept_from_update BEFORE UPDATE ON words
WHEN NEW.salt IS NOT NULL OR NEW.words IS NOT NULL
     OR NEW.commitment IS NOT OLD.commitment OR NEW.subject IS NOT OLD.subject OR NEW.rowid IS NOT OLD.rowid
BEGIN SELECT RAISE(ABORT, '{_ONLY_ERASED}'); END;
CREATE TRIGGER words_kept_from_delete BEFORE DELETE ON words
BEGIN SELECT RAISE(ABORT, '{_ONLY_ERASED}'); END;
CREATE TRIGGER words_kept_from_replace BEFORE INSERT ON words
WHEN EXISTS (SELECT 1 FROM words WHERE commitment = NEW.commitment OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, '{_ONLY_ERASED}'); END;
"""  # noqa: S608 - fixed words only

_POSTGRESQL_TABLES = (_SQLITE_TABLES.replace(") STRICT;", ");").replace("bytes BLOB", "bytes BYTEA")
                      .replace("CREATE TABLE record", 'CREATE TABLE "record"').replace("ON record (", 'ON "record" ('))

_POSTGRESQL_REFUSALS = f"""
CREATE FUNCTION evenhand_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_APPEND_ONLY}'; END $$;
CREATE FUNCTION evenhand_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.salt IS NULL AND NEW.words IS NULL
           AND NEW.commitment = OLD.commitment AND NEW.subject = OLD.subject THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION '{_ONLY_ERASED}';
END $$;
CREATE TRIGGER record_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON "record"
FOR EACH STATEMENT EXECUTE FUNCTION evenhand_append_only();
CREATE TRIGGER entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
FOR EACH STATEMENT EXECUTE FUNCTION evenhand_append_only();
CREATE TRIGGER words_kept BEFORE DELETE OR TRUNCATE ON words
FOR EACH STATEMENT EXECUTE FUNCTION evenhand_only_erased();
CREATE TRIGGER words_only_erased BEFORE UPDATE ON words
FOR EACH ROW EXECUTE FUNCTION evenhand_only_erased();
"""


def statements(vendor: Vendor) -> list[str]:
    """What makes the record in an empty database, one statement at a time."""
    text = _SQLITE_TABLES + _SQLITE_REFUSALS if vendor == "sqlite" else _POSTGRESQL_TABLES + _POSTGRESQL_REFUSALS
    made: list[str] = []
    unfinished = ""
    for line in text.strip().splitlines():
        unfinished += f"{line}\n"
        if _ends(unfinished):
            made.append(unfinished.strip())
            unfinished = ""
    assert not unfinished.strip()
    return made


def refusals() -> dict[str, str]:
    """The refusals of an SQLite file by name, each as the file itself keeps it."""
    return {each.split()[2]: each.removesuffix(";") for each in statements("sqlite")
            if each.startswith("CREATE TRIGGER")}


def postgresql_refusals() -> tuple[str, ...]:
    """The names of the refusals in PostgreSQL."""
    return tuple(each.split()[2] for each in statements("postgresql") if each.startswith("CREATE TRIGGER"))


def _ends(statement: str) -> bool:
    if not statement.rstrip().endswith(";"):
        return False
    if statement.startswith("CREATE TRIGGER") and "BEGIN" in statement:
        return statement.rstrip().endswith("END;")
    return statement.count("$$") != 1
