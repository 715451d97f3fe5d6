"""Finds a browser for the tests to drive."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

REMEDY = "No browser: install Chromium (Debian: apt install chromium), or set EVENHAND_BROWSER to one"
ON_THE_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find(own: str | None = None) -> Path | None:
    """The browser named by EVENHAND_BROWSER, else one of the system's, else the driver's own, else none."""
    named = os.environ.get("EVENHAND_BROWSER")
    if named:
        return Path(named)
    on_the_path = (shutil.which(name) for name in ON_THE_PATH)
    for candidate in (*on_the_path, *ON_A_MAC, own):
        if candidate and Path(candidate).exists():
            return Path(candidate)
    return None


def arguments() -> list[str]:
    """How to start it: quiet, and with no word to any machine but this one."""
    quiet = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    # Chromium will not sandbox itself for the administrator.
    return [*quiet, "--no-sandbox"] if os.geteuid() == 0 else quiet
