"""The smallest site with a record: a table that counts, one that does not, and one that nobody classified."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

SECRET_KEY = "for tests"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions",
                  "evenhand.record.app"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _database() -> dict[str, object]:
    where = os.environ["RECORD_TEST_DATABASE"]
    if where.startswith("postgresql:"):
        parts = urlsplit(where)
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "record_site", "HOST": parts.hostname,
                "PORT": parts.port, "USER": parts.username, "PASSWORD": unquote(parts.password or "")}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(where)), "OPTIONS": {
        "transaction_mode": "IMMEDIATE", "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"}}


DATABASES = {"default": _database()}
