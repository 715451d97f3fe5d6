"""The record in the site's own database, asked and added to like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from django.db import DatabaseError, connection, transaction

from evenhand.data import store
from evenhand.record import ddl
from evenhand.record.app.guard import the_record_writes
from evenhand.record.chain import Break
from evenhand.record.database import Database, has_tables
from evenhand.record.ddl import Vendor
from evenhand.record.workspace import Record
from evenhand.terms import refuse

if TYPE_CHECKING:
    from evenhand.papers import Heads
    from evenhand.record.pack import Pack


class SiteDatabase:
    """Django's connection as the record sees one."""

    @property
    def vendor(self) -> Vendor:
        """Which database it is."""
        assert connection.vendor in ("sqlite", "postgresql"), "the record stands on SQLite or PostgreSQL"
        return cast(Vendor, connection.vendor)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a question answers."""
        with connection.cursor() as cursor:
            cursor.execute(sql, list[Any](values))
            return list(cursor.fetchall())

    def run(self, sql: str, values: Sequence[object] = ()) -> None:
        """Do something that answers nothing."""
        with the_record_writes(), connection.cursor() as cursor:
            cursor.execute(sql, list[Any](values))

    @contextmanager
    def whole(self) -> Iterator[None]:
        """A transaction, or part of the one that is running."""
        with transaction.atomic():
            yield

    @contextmanager
    def still(self) -> Iterator[None]:
        """A transaction that sees one moment; inside another it sees what that one sees."""
        if connection.in_atomic_block:
            yield
        elif self.vendor == "postgresql":
            with transaction.atomic():
                self.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield
        else:
            # Not Django's own transaction: that would take the one writer's place, and this only reads.
            self.run("BEGIN")
            try:
                yield
            finally:
                self.run("ROLLBACK")


class Site(Record):
    """The record of the site."""

    @classmethod
    def alone(cls, settings: str) -> Site:
        """The same for a command, which must first say by which settings the site runs."""
        import os

        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
        django.setup()
        try:
            made = has_tables(SiteDatabase())
        except DatabaseError as wrong:
            raise refuse(f"the site's database does not answer: {wrong}", "see evenhand doctor") from None
        if not made:
            raise refuse("the site's database has not been made yet", "start the site once: evenhand serve")
        return cls()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """The site's database, standing still while it is asked."""
        database = SiteDatabase()
        with database.still():
            yield database

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """The site's database; its tables were made by the migration."""
        yield SiteDatabase()

    def verify(self, published: Iterable[Heads] = ()) -> tuple[Break, ...]:
        """Every break in the site's database and record with its place; none when both are sound."""
        place = "the site's database"
        damage: tuple[Break, ...] = ()
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            damage = tuple(Break(place, f"the file is damaged: {each}") for each in store.damage(connection.connection))
        try:
            open_to_change = () if damage else tuple(
                Break(place, f"it no longer refuses changes as it was made to: {name} is missing or altered")
                for name in _refusals_missing())
            return (*damage, *super().verify(published), *open_to_change)
        except DatabaseError as wrong:
            return (*damage, Break(place, f"it cannot be read through: {wrong}"))

    def put_aside(self, opened: Pack) -> None:
        """Documents that came beside the record are not part of it; the site does not keep them."""


def _refusals_missing() -> list[str]:
    """The names of the database's own refusals that are not there, are altered or were switched off."""
    if connection.vendor == "sqlite":
        there = store.triggers(connection.connection)
        return [name for name, text in ddl.refusals().items() if there.get(name) != text]
    awake = {name for (name,) in SiteDatabase().rows("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")}
    return [name for name in ddl.postgresql_refusals() if name not in awake]
