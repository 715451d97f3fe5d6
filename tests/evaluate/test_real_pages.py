"""The pages that judge real changes run on the published figures, and print what they say they print."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

PAGES = Path(__file__).resolve().parents[2] / "docs" / "how-to"


def told_and_printed(page: str) -> list[tuple[str, str]]:
    """What each piece of a page prints, beside what the page says it prints; later pieces know the earlier ones."""
    text = (PAGES / page).read_text()
    pieces = re.findall(r"^```python\n(.*?)^```\n\s*```text\n(.*?)^```", text, re.M | re.S)
    assert pieces, "a page without a sum proves nothing"
    assert len(pieces) == text.count("```python")
    known: dict[str, Any] = {}
    found = []
    for code, told in pieces:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, page, "exec"), known)
        found.append((told.strip(), out.getvalue().strip()))
    return found


@pytest.mark.real
def test_the_small_trial_of_visits_prints_what_its_page_says(real: Path) -> None:
    assert (real / "visit-trial-2018").is_dir()
    for told, printed in told_and_printed("judge-a-small-trial.md"):
        assert printed == told


@pytest.mark.real
@pytest.mark.long
def test_the_page_across_2020_prints_what_it_says(real: Path) -> None:
    assert (real / "activity").is_dir()
    for told, printed in told_and_printed("look-across-2020.md"):
        assert printed == told


@pytest.mark.real
def test_the_pages_of_stops_and_rewards_print_what_they_say(real: Path) -> None:
    assert (real / "sub-icb-measures").is_dir()
    for page in ("judge-a-stop.md", "judge-a-national-reward.md"):
        for told, printed in told_and_printed(page):
            assert printed == told
