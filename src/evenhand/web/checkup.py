"""What ``evenhand doctor`` looks at. Nothing is changed by looking."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evenhand.web import place

LEAST_FREE = 2 * 1024**3


@dataclass(frozen=True)
class Line:
    """One thing looked at."""

    what: str
    ok: bool
    value: str
    remedy: str = ""


def look() -> list[Line]:
    """Every line, in an order in which mending makes sense."""
    home = place.home()
    lines = [_python(), _folder(home), _disk(home), _key(home)]
    if not (home / "evenhand.sqlite3").exists() and not place.told("DATABASE_URL"):
        return [*lines, Line("Database", False, "none yet", "run evenhand demo, or evenhand serve")]
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.web.settings")
        import django

        django.setup()
    except Exception as trouble:
        return [*lines, Line("Settings", False, f"{type(trouble).__name__}: {trouble}", "mend what it names")]
    lines.append(_asked("Database", _database))
    if lines[-1].ok:
        lines += [_asked("Record", _record), _asked("Worker", _worker),
                  _asked("Demonstration accounts", _demonstration)]
    return [*lines, _assets(home), _hosts(), _https(), _figures()]


def _asked(what: str, ask: Callable[[], Line]) -> Line:
    try:
        return ask()
    except Exception as trouble:
        return Line(what, False, f"{type(trouble).__name__}: {trouble}", "mend what it names, and look again")


def _python() -> Line:
    found = ".".join(map(str, sys.version_info[:3]))
    return Line("Python", sys.version_info >= (3, 11), found, "use Python 3.11 or newer")


def _folder(home: Path) -> Line:
    if not home.is_dir():
        return Line("Folder", False, f"{home} is not there",
                    "run evenhand demo or evenhand serve, or set EVENHAND_HOME")
    mode = stat.S_IMODE(home.stat().st_mode)
    private = not mode & 0o077
    return Line("Folder", private and os.access(home, os.W_OK), f"{home}, {'private' if private else oct(mode)[2:]}",
                f"chmod 700 {home}")


def _disk(home: Path) -> Line:
    free = shutil.disk_usage(home if home.is_dir() else home.anchor).free
    return Line("Free on disk", free >= LEAST_FREE, f"{free / 1024**3:.1f} GiB", "make room: at least 2 GiB")


def _key(home: Path) -> Line:
    if given := place.told("SECRET_KEY"):
        return Line("Secret key", len(given) >= 50, f"from the environment, {len(given)} letters",
                    "give at least 50 random letters")
    path = home / "secret-key"
    if not path.exists():
        return Line("Secret key", False, "none yet", "it is made when the site first starts")
    mode = stat.S_IMODE(path.stat().st_mode)
    return Line("Secret key", mode == 0o600, f"of this folder, mode {oct(mode)[2:]}", f"chmod 600 {path}")


def _database() -> Line:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Line("Database", not waiting, f"{connection.vendor}, {waiting or 'no'} changes of tables waiting",
                "run evenhand serve, which makes them")


def _record() -> Line:
    from evenhand.record.app import queries

    breaks = queries.verify()
    if breaks:
        return Line("Record", False, f"{len(breaks)} broken, first: {breaks[0]}",
                    "restore from a backup or a hand-over pack; see evenhand record verify")
    return Line("Record", True, f"sound, {len(queries.subjects())} subjects")


def _worker() -> Line:
    from datetime import timedelta

    from django.utils.timezone import now
    from django_tasks_db.models import DBTaskResult

    waiting = DBTaskResult.objects.filter(status="READY", enqueued_at__lt=now() - timedelta(minutes=30)).count()
    return Line("Worker", not waiting, f"{waiting or 'no'} tasks waiting longer than half an hour",
                "start it: evenhand serve runs site and worker")


def _demonstration() -> Line:
    from django.conf import settings

    from evenhand.people.app import queries

    count = queries.how_many_demonstration_accounts()
    words = f"{count}, {'which anybody may be' if settings.DEMONSTRATION else 'none of which may sign in'}"
    return Line("Demonstration accounts", not count, words if count else "none",
                "for the public, use a folder of your own: EVENHAND_HOME=…")


def _assets(home: Path) -> Line:
    there = (home / "static" / "staticfiles.json").exists()
    return Line("Assets", there, "collected" if there else "not collected", "run evenhand serve, which collects them")


def _hosts() -> Line:
    given = place.told("HOSTS")
    return Line("Names it answers to", bool(given), given or "this machine only",
                "EVENHAND_HOSTS=decisions.example.org")


def _https() -> Line:
    on = place.told_yes("HTTPS")
    return Line("Encrypted", on, "yes" if on else "no",
                "put a server that ends https in front, and set EVENHAND_HTTPS=yes")


def _figures() -> Line:
    from evenhand.web import loaded

    if trouble := loaded.trouble():
        return Line("Published figures", False, trouble, "load them again with evenhand data load")
    found = loaded.releases()
    none = "none held; pages say which file would allow what"
    return Line("Published figures", True, f"{len(found)} releases held" if found else none)
