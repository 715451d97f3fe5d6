"""Making the site ready and keeping it going: tables, assets, server, worker. What the commands call."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from evenhand.terms import refuse
from evenhand.web import place

SETTINGS = "evenhand.web.settings"
PATIENCE_SECONDS = 60
HOUSEKEEPING_SECONDS = 600
Say = Callable[[str], None]


def prepare(home: Path, *, demonstration: bool = False) -> None:
    """Point Django at a folder, before anything of Django is read."""
    os.environ["EVENHAND_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    home.mkdir(parents=True, exist_ok=True)
    # Nobody else on the machine has business in it.
    home.chmod(0o700)
    if demonstration:
        (home / place.DEMONSTRATION_MARK).touch()
    import django

    django.setup()


def make_tables() -> None:
    """Bring the database to today's tables."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def collect_assets(home: Path) -> bool:
    """Copy and compress the assets where the server gives them out; says whether anything was copied."""
    from django.conf import settings

    listing = home / "static" / "staticfiles.json"
    sources = [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*") if path.is_file()]
    if not any(path.name == "nhsuk-frontend.min.css" for path in sources):
        raise refuse("the assets of the pages are not built", "run make demo, which builds them, or install the wheel")
    if listing.exists() and listing.stat().st_mtime > max(path.stat().st_mtime for path in sources):
        return False
    # In a process of its own, which alone writes hashed names before there are any to read.
    subprocess.run([sys.executable, "-m", "django", "collectstatic", "--noinput", "--clear", "--verbosity", "0"],
                   check=True, env={**os.environ, "EVENHAND_COLLECT": "yes"})
    return True


def free_port(port: int) -> None:
    """Refuse a port that something else listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise refuse("something else listens on this port", "choose another with --port", column="--port",
                         value=port) from None


def serve(host: str, port: int, *, workers: int, say: Say) -> int:
    """Run server and worker until told to stop, or until one of them stops by itself."""
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers",
              str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "--workers-kill-timeout",
              "5", "evenhand.web.wsgi:application"]
    worker = [sys.executable, "-m", "django", "db_worker", "--interval", "1"]
    # Sessions of their own, so that Ctrl+C reaches this process and these are ended in order.
    running = [subprocess.Popen(each, start_new_session=True) for each in (server, worker)]
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/"  # noqa: S104 - compared, not bound
    try:
        if _answers(address, running, stop):
            say(f"Ready: {address}   (stop with Ctrl+C)")
            threading.Thread(target=_housekeeping, args=(stop,), daemon=True).start()
        while not stop.wait(0.5):
            if any(each.poll() is not None for each in running):
                say("The server or the worker stopped by itself; stopping the other.")
                return 1
        return 0
    finally:
        stop.set()
        for each in running:
            if each.poll() is None:
                each.terminate()
        for each in running:
            try:
                each.wait(10)
            except subprocess.TimeoutExpired:
                each.kill()


def _answers(address: str, running: list[subprocess.Popen[bytes]], stop: threading.Event) -> bool:
    """Wait until the server answers; false where it will not."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and not stop.wait(0.2):
        if running[0].poll() is not None:
            return False
        try:
            with urlopen(f"{address}about/", timeout=5):  # noqa: S310 - our own address
                return True
        except (URLError, OSError):
            continue
    return False


def _housekeeping(stop: threading.Event) -> None:
    """Ask the worker, now and then, for what has to happen though nobody asks for a page."""
    from django.db import close_old_connections

    from evenhand.pages.tasks import forget_old_answers
    from evenhand.web.tasks import close_day

    closed: date | None = None
    while True:
        try:
            forget_old_answers.enqueue()
            if closed != date.today():
                close_day.enqueue()
                closed = date.today()
        finally:
            close_old_connections()
        if stop.wait(HOUSEKEEPING_SECONDS):
            return
