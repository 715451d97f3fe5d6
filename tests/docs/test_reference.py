"""The reference pages are what the code declares, and every example on them runs."""

import runpy
import shlex
from pathlib import Path

import pytest

from evenhand.cli import main
from evenhand.house import every_method

ROOT = Path(__file__).resolve().parents[2]
METHODS = list(every_method())


def test_the_reference_pages_are_as_the_code_has_them(capsys):
    reference = runpy.run_path(str(ROOT / "tools" / "reference.py"))
    assert reference["main"](["--check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)
def test_the_example_of_a_method_runs_as_it_stands(method, capsys):
    words = shlex.split(method.example)
    assert words[:2] == [method.room, method.name]
    assert main(words) == 0
    shown = capsys.readouterr()
    assert shown.out.strip()
    assert "Traceback" not in shown.err
