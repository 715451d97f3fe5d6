"""Standard output kept for the answer alone."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress


@contextmanager
def output_kept_for_the_answer() -> Iterator[None]:
    """While a method works, send what libraries print of themselves to standard error.

    The solver of whole-number programmes writes a line of its own at times, past Python, and cannot be told not to.
    """
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:
        # There is no standard output to keep.
        yield
        return
    try:
        os.dup2(2, 1)
        with redirect_stdout(sys.stderr):
            yield
    finally:
        # What those libraries still hold back must go before standard output is itself again.
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
