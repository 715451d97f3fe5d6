"""The page of what is answered has every demand, and names only what is there."""

import re
from pathlib import Path

import pytest

from evenhand.cli import OF_CASES
from evenhand.house import every_method

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "explanation" / "what-it-answers.md").read_text()
ROWS = {int(found[1]): found[0] for found in re.finditer(r"^\| (\d+) \|.*$", PAGE, re.M)}
DEMANDS = 49


def test_no_demand_is_missing():
    assert sorted(ROWS) == list(range(1, DEMANDS + 1))


@pytest.mark.parametrize("number", range(1, DEMANDS + 1))
def test_a_demand_is_answered_with_a_test_or_says_not_yet(number):
    row = ROWS[number]
    tests = re.findall(r"\(\.\./\.\./(tests/[^)]+)\)", row)
    assert tests or "*not yet*" in row
    assert all((ROOT / each).is_file() for each in tests), tests


def test_every_command_named_is_one_that_there_is():
    of_cases = {f"{room} {each}" for room, names in OF_CASES.items() for each in names}
    known = {method.full_name for method in every_method()} | of_cases
    by_hand = {"run", "record"}
    for named in re.findall(r"`evenhand ([^`]+)`", PAGE):
        words = named.split()
        assert " ".join(words[:2]) in known or words[0] in by_hand, named
