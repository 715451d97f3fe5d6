"""Answers written into files and onto terminals: wholly or not at all, and never one over another."""

import json

import pytest

from evenhand.cli import main
from evenhand.cli.output import file_names
from evenhand.figures import Column, Table

RATES = ["find", "rates", "sample:rates", "--by", "area"]


def test_figures_of_names_that_look_alike_get_files_of_their_own(tmp_path, capsys):
    series = tmp_path / "s.csv"
    series.write_text("series,date,value\n" + "".join(
        f"{name},2020-0{month},{month}\n" for name in ("a/b", "a b", "a-b") for month in range(1, 4)))
    assert main(["evaluate", "spc", str(series), "--out", str(tmp_path / "out")]) == 0
    assert len(list((tmp_path / "out").glob("*.svg"))) == 3


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
