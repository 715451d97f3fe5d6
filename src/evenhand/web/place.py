"""Where the site keeps what it holds, and what the machine's environment tells it.

Every setting of an installation is an environment variable; each has a default that is safe on one machine.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]", "testserver")
YES = ("1", "yes", "true", "on")
# Written by the demonstration, so that serving the same folder again knows what it is.
DEMONSTRATION_MARK = "demonstration"


def home() -> Path:
    """The folder that holds database, papers, secret and copied assets: EVENHAND_HOME, else ./workspace."""
    return Path(os.environ.get("EVENHAND_HOME") or "workspace").expanduser().resolve()


def told(name: str, default: str = "") -> str:
    """One variable of the environment."""
    return os.environ.get(f"EVENHAND_{name}", default).strip()


def told_yes(name: str) -> bool:
    """Whether a variable of the environment says yes."""
    return told(name).casefold() in YES


def hosts() -> list[str]:
    """The names under which the site may be asked for: those of this machine, and EVENHAND_HOSTS."""
    return [*LOCAL_HOSTS, *(each.strip() for each in told("HOSTS").split(",") if each.strip())]


def is_demonstration(folder: Path) -> bool:
    """Whether demonstration accounts may sign in: only in the demonstration's folder, and only on this machine."""
    return (told_yes("DEMONSTRATION") or (folder / DEMONSTRATION_MARK).exists()) and not told("HOSTS")


def secret_key(folder: Path) -> str:
    """The key that signs sessions: EVENHAND_SECRET_KEY, else one made on first use and readable by its owner alone."""
    if given := told("SECRET_KEY"):
        return given
    path = folder / "secret-key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".secret-key.{os.getpid()}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            # Only the first of several processes starting at once leaves its key; the others read it.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text("utf-8").strip()


@dataclass(frozen=True)
class BadAddress(Exception):
    """EVENHAND_DATABASE_URL does not name a database."""

    address: str

    def __str__(self) -> str:
        return ("EVENHAND_DATABASE_URL is no address of a database; write postgresql://user:password@host/name, "
                "or sqlite:///path, or leave it out")


def database(folder: Path) -> dict[str, Any]:
    """The database: SQLite in the folder, or what EVENHAND_DATABASE_URL names."""
    address = told("DATABASE_URL")
    parts = urlsplit(address)
    if not address:
        return sqlite(folder / "evenhand.sqlite3")
    if parts.scheme == "sqlite" and parts.path:
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadAddress(address)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or (parts.hostname or "")
    # One or the other: a pool of its own, or connections that live long.
    return {"ENGINE": "django.db.backends.postgresql", "NAME": unquote(parts.path.strip("/")), "HOST": host,
            "PORT": str(parts.port or ""), "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""), "CONN_MAX_AGE": 0,
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 4}, **options}}


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite such that nothing acknowledged is lost, and that writers wait for each other instead of failing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": {
        "transaction_mode": "IMMEDIATE", "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                        "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-20000;"}}
