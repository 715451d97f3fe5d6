"""Answers written into files and onto terminals: wholly or not at all, and never one over another."""

import json
import os
import subprocess
import sys

import pytest

from evenhand.cli import main
from evenhand.cli.apart import output_kept_for_the_answer
from evenhand.cli.output import file_names
from evenhand.figures import Column, Table

RATES = ["find", "rates", "sample:rates", "--by", "area"]


def test_figures_of_names_that_look_alike_get_files_of_their_own(tmp_path, capsys):
    series = tmp_path / "s.csv"
    series.write_text("series,date,value\n" + "".join(
        f"{name},2020-0{month},{month}\n" for name in ("a/b", "a b", "a-b") for month in range(1, 4)))
    assert main(["evaluate", "spc", str(series), "--out", str(tmp_path / "out")]) == 0
    assert len(list((tmp_path / "out").glob("control-chart-*.svg"))) == 3


def test_names_of_files_stay_apart_from_the_answer_and_short_enough_for_a_disk():
    first, second, third = file_names(["table", "x" * 5000, "x" * 5000], taken=("answer", "table"))
    assert first == "table-2"
    assert second != third
    assert max(len(second), len(third)) < 200


@pytest.mark.parametrize("option", ["--out", "--xlsx", "--svg"])
def test_a_place_that_cannot_be_written_to_is_the_askers_to_mend(tmp_path, capsys, option):
    (tmp_path / "file").write_text("in the way")
    place = tmp_path / "file" if option == "--out" else tmp_path / "file" / "answer.xlsx"
    assert main([*RATES, option, str(place)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "not your fault" not in shown.err
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_one_answer_is_printed_in_one_form(capsys):
    assert main([*RATES, "--json", "--csv"]) == 2
    assert capsys.readouterr().out == ""


def test_json_is_one_document_and_remarks_go_beside_it(capsys):
    assert main([*RATES, "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["method"]["name"] == "find rates"
    assert "Crude rates are not adjusted for age" in shown.err


@pytest.mark.parametrize("command", ["data", "record"])
def test_a_command_alone_lists_what_it_does(capsys, command):
    with pytest.raises(SystemExit) as left:
        main([command])
    assert left.value.code == 0
    assert "examples:" in capsys.readouterr().out


def test_a_figure_that_is_no_number_reads_as_missing():
    table = Table.of([{"x": float("nan"), "y": (1.0, float("nan"))}], [Column("x", "X", "number"),
                                                                    Column("y", "Y", "interval")])
    assert table.written() == [["–", "1.00 to –"]]
    assert table.to_csv() == "x,y_low,y_high\n,1.0,\n"


def test_a_series_of_one_point_is_shown_as_every_other(tmp_path, capsys):
    one = tmp_path / "one.csv"
    one.write_text("date,value\n2023-01,72.7\n")
    assert main(["evaluate", "spc", str(one)]) == 0
    assert "One point (72.7 in January 2023) says nothing about variation." in capsys.readouterr().out


# A table for which the solver of whole-number programmes (HiGHS 1.12) prints a line of its own, past Python.
SOLVER_SPEAKS = """area,sex,count
a0,s0,25\na0,s1,5\na0,total,30\na1,s0,9\na1,s1,130\na1,total,139\na2,s0,130\na2,s1,6\na2,total,136
a3,s0,3\na3,s1,3\na3,total,6\ntotal,s0,167\ntotal,s1,144\ntotal,total,311
"""


def test_what_a_library_prints_of_itself_is_not_mixed_into_the_answer(tmp_path):
    (tmp_path / "counts.csv").write_text(SOLVER_SPEAKS)
    done = subprocess.run([sys.executable, "-m", "evenhand", "data", "suppress", "counts.csv", "--regime", "under-10",
                           "--json"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["method"]["name"] == "data suppress"


def test_whatever_is_printed_while_a_method_works_goes_beside_the_answer(capfd):
    with output_kept_for_the_answer():
        os.write(1, b"from a library\n")
        print("from Python")
    print("the answer")
    shown = capfd.readouterr()
    assert shown.out == "the answer\n"
    assert "from a library" in shown.err
    assert "from Python" in shown.err
