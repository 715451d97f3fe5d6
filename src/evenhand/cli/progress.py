"""A sign of life for work that takes longer than two seconds, on a terminal only."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

BEFORE_SAYING = 2.0


@contextmanager
def progress(what: str) -> Iterator[None]:
    """While the work goes on, say after two seconds that it does, and how long it has been."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()

    def tell() -> None:
        seconds = BEFORE_SAYING
        while not done.wait(BEFORE_SAYING if seconds == BEFORE_SAYING else 1):
            print(f"\r{what}: working, {seconds:.0f} seconds so far …", end="", file=sys.stderr, flush=True)
            seconds += 1

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
        print("\r" + " " * 78 + "\r", end="", file=sys.stderr, flush=True)
