"""How long a person waits for the first word of a command: to be under 0.3 seconds, so nothing heavy is imported."""

from __future__ import annotations

import subprocess
import sys

from bench.measurement import Measurement, seconds

OTHERWISE = "a script that opens with import pandas"


def run(*arguments: str) -> None:
    """Start Python anew, as a command does."""
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def measured(work: str, *arguments: str) -> Measurement:
    """Our command beside the same Python importing pandas."""
    ours = seconds(lambda: run("-m", "evenhand", *arguments))
    return Measurement(work, ours, seconds(lambda: run("-c", "import pandas")), OTHERWISE)


def help_page() -> Measurement:
    """The first page of help."""
    return measured("first use: evenhand --help", "--help")


def rooms_list() -> Measurement:
    """The methods of one room, with a line on each."""
    return measured("first use: evenhand find", "find")
