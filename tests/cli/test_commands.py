"""The command line before any method: what a person meets first."""

import subprocess
import sys

import pytest

from evenhand.cli import main


def test_the_front_page_names_every_room_and_its_question(capsys):
    assert main([]) == 0
    shown = capsys.readouterr().out
    for room in ("find", "engage", "appraise", "choose", "decide", "deliver", "evaluate", "remember"):
        assert room in shown
    assert "Where is outcome or value being lost?" in shown


def test_help_imports_nothing_heavy():
    code = ("import sys; from evenhand.cli import main; main(['--help']); "
            "print([m for m in ('numpy','pandas','pyarrow','scipy','duckdb','django','vl_convert','statsmodels')"
            " if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_mistyped_command_names_the_nearest(capsys):
    assert main(["fnd"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "choose from find" in shown.err


def test_a_mistyped_method_names_the_nearest(capsys):
    assert main(["find", "rate"]) == 2
    assert "choose from rates" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["find", "rates"], ["find", "rates", "sample:rates", "--perr", "5"],
                                   ["find", "rates", "sample:rates", "--confidence", "high"]])
def test_a_wrong_option_is_said_in_one_line_without_a_traceback(capsys, words):
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.strip().splitlines()) == 1
    assert "Traceback" not in shown.err


def test_a_fault_of_ours_says_so_and_what_to_send(monkeypatch, capsys):
    import evenhand.cli as cli

    def broken(words):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(cli, "_command", broken)
    assert main(["find"]) == 1
    shown = capsys.readouterr().err
    assert "not your fault" in shown
    assert "ZeroDivisionError" in shown
