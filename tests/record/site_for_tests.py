"""What is tried on a small site of its own, run as a program: ``site_for_tests.py CHECK``.

Each check runs in a process of its own, because Django is set up once in a process and the suite's own site has
other settings.
"""

# ruff: noqa: E402 - Django is set up before anything of the site is imported.
from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ["DJANGO_SETTINGS_MODULE"] = "record.settings_for_tests"

import django

django.setup()

from django.core.management import call_command
from django.db import connection, models, transaction

from evenhand.papers import seal
from evenhand.record import writing
from evenhand.record.app import actions, queries
from evenhand.record.app.guard import Unrecorded, lifted
from evenhand.record.app.site import Site, SiteDatabase
from evenhand.record.entry import Draft
from evenhand.terms import Refused
from record.made import CLINIC, NOON, WARD, evidence, proposal


class Vote(models.Model):
    """A working table that counts."""

    choice = models.TextField()

    class Meta:
        app_label = "record"
        db_table = "decide_vote"


class Stray(models.Model):
    """A table that stands in no list."""

    what = models.TextField()

    class Meta:
        app_label = "record"
        db_table = "stray"


def refused(kind: type[Exception], act) -> str:
    """What was said when it was refused; anything else is a failure."""
    try:
        with transaction.atomic():
            act()
    except kind as wrong:
        return str(wrong)
    raise AssertionError(f"not refused: {act}")


def check_a_block_writes_rows_and_one_entry():
    with actions.writing(WARD, by="person/1", what="vote cast", why="Beds stand empty", organisation="MIL") as block:
        Vote.objects.create(choice="for")
        sealed = block.leave(proposal())
        block.say("dissent", "Dr Lee would wait")
    (entry,) = queries.entries(WARD)
    assert entry == block.entry
    assert (entry.what, entry.by, entry.organisation) == ("vote cast", "person/1", "MIL")
    assert entry.papers == (sealed.digest,)
    assert {label: queries.words(WARD)[each].words for label, each in entry.commitments.items()} == {
        "why": "Beds stand empty", "dissent": "Dr Lee would wait"}
    assert queries.paper(sealed.digest) == proposal()
    assert Vote.objects.count() == 1
    assert queries.verify() == ()


def check_nothing_that_counts_is_written_outside_a_block():
    for act in (lambda: Vote.objects.create(choice="for"), lambda: Vote.objects.all().delete(),
                lambda: Vote.objects.update(choice="against"), lambda: Stray.objects.create(what="x"),
                lambda: Vote.objects.bulk_create([Vote(choice="for"), Vote(choice="against")]),
                lambda: connection.cursor().execute("DELETE FROM decide_vote"),
                lambda: connection.cursor().executemany("INSERT INTO decide_vote (choice) VALUES (%s)", [("for",)])):
        assert "record.writing" in refused(Unrecorded, act)
    assert Vote.objects.count() == 0
    from django.contrib.sessions.models import Session

    Session.objects.create(session_key="s", session_data="", expire_date=NOON)


def check_the_record_is_written_by_the_record_alone():
    from django.apps import apps

    Entry = apps.get_model("record", "Entry")

    def by_hand():
        with actions.writing(WARD, by="person/1", what="vote cast"):
            Entry.objects.create(hash="h", subject=WARD, number=1, previous="", at="", by="", organisation="", kind="",
                                 what="", papers="[]", commitments="{}")

    refused(Unrecorded, by_hand)
    assert queries.entries(WARD) == []
    actions.leave(proposal(), by="person/1")
    with lifted(because="to see what the database itself says"):
        assert "append only" in refused(Exception, lambda: Entry.objects.update(what="other"))
        assert "append only" in refused(Exception, lambda: Entry.objects.all().delete())
    assert queries.verify() == ()


def check_the_work_is_undone_when_its_entry_fails():
    def what_cannot_be_entered():
        with actions.writing(WARD, by="person/1", what="vote cast") as block:
            Vote.objects.create(choice="for")
            block.leave(proposal())
            block.say("Not a label!", "words")

    refused(Refused, what_cannot_be_entered)

    def when_the_database_refuses():
        with actions.writing(WARD, by="person/1", what="vote cast"):
            Vote.objects.create(choice="for")
            # Two entries of one number: the database takes the first and refuses the second.
            entry = Draft(subject=WARD, by="person/1", what="forged").entered(None, at=NOON, words={})
            writing.keep_entry(SiteDatabase(), entry)
            writing.keep_entry(SiteDatabase(), replace(entry, hash="sha256:other"))

    refused(Exception, when_the_database_refuses)
    assert (Vote.objects.count(), queries.entries(WARD), list(queries.words(WARD))) == (0, [], [])


def check_no_entry_stands_when_the_work_fails():
    def work_that_fails():
        with actions.writing(WARD, by="person/1", what="vote cast", why="because"):
            Vote.objects.create(choice="for")
            raise RuntimeError("half way")

    assert refused(RuntimeError, work_that_fails) == "half way"
    assert (Vote.objects.count(), queries.subjects()) == (0, [])
    refused(Unrecorded, lambda: Vote.objects.create(choice="the block is closed again"))


def check_blocks_inside_each_other_leave_their_own_entries():
    with actions.writing("meeting/november", by="person/1", what="item closed"):
        with actions.writing(WARD, by="person/1", what="decision left") as block:
            block.leave(evidence())
        Vote.objects.create(choice="for")
    assert [len(queries.entries(each)) for each in ("meeting/november", WARD)] == [1, 1]
    assert queries.verify() == ()


def check_a_pack_goes_from_a_workspace_to_the_site_and_back():
    from evenhand.record import Workspace

    there = Workspace.open(Path(os.environ["RECORD_TEST_FOLDER"]) / "there")
    there.keep(proposal(), by="person/1", at=NOON, why="because")
    there.keep(proposal(1, CLINIC), by="person/1", at=NOON)
    for _ in range(2):
        Site().unpack(there.pack([WARD, CLINIC]), by="person/2", at=NOON)
    assert queries.cases() == [CLINIC, WARD]
    assert queries.entries(WARD) == there.entries(WARD)
    assert len(queries.entries("installation")) == 1
    actions.leave(proposal(2), by="person/2", why="since then")
    there.unpack(Site().pack([WARD]), by="person/1", at=NOON)
    assert [each.digest for each in there.papers(WARD)] == [seal(proposal()).digest, seal(proposal(2)).digest]
    assert there.verify() == queries.verify() == ()


def check_tampering_with_the_sites_database_is_named():
    actions.leave(proposal(), by="person/1", why="because")
    actions.leave(evidence(), by="person/1")
    with connection.cursor() as cursor, lifted(because="somebody with the database in hand"):
        if connection.vendor == "sqlite":
            for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("ALTER TABLE entry DISABLE TRIGGER ALL")
        cursor.execute("UPDATE entry SET at = %s WHERE number = 1", ["2020-01-01T00:00:00.000000Z"])
    first, *rest = map(str, queries.verify())
    assert first == f"{WARD}, entry 1: has been changed since it was entered"
    assert rest
    assert all("it no longer refuses changes as it was made to" in each for each in rest)


def check_a_database_that_takes_any_change_is_named_though_nothing_was_changed():
    actions.leave(proposal(), by="person/1", why="because")
    assert queries.verify() == ()
    with connection.cursor() as cursor, lifted(because="somebody with the database in hand"):
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER entry_kept_from_update")
        else:
            cursor.execute("ALTER TABLE entry DISABLE TRIGGER entry_kept")
    (only,) = map(str, queries.verify())
    assert "it no longer refuses changes as it was made to: entry_kept" in only


def check_words_are_erased_and_cases_move_and_days_close():
    actions.leave(proposal(), by="person/1", why="Dr Lee asked")
    (commitment,) = queries.words(WARD)
    actions.erase(commitment, by="person/2", why="at her request")
    assert "Lee" not in str(queries.held(WARD))
    actions.move(WARD, "closed", by="person/1", role="programme office")
    assert queries.state(WARD) == "closed"
    heads = Site().close_day(NOON.date(), by="clock", at=NOON)
    assert queries.latest_heads() == heads
    assert queries.verify() == ()


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for table in (Vote, Stray):
            editor.create_model(table)
    globals()[f"check_{sys.argv[1]}"]()
    assert not [name for name in sys.modules if name in ("scipy", "pandas")]
    print("sound")
