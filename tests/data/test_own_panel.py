"""Our own long table of observations takes bodies of every kind, and one place under one code."""

import pytest

from evenhand.data import engine
from evenhand.data.area_codes import in_use
from evenhand.data.load import load
from evenhand.terms import Refused


def panel(*units, measure="waits"):
    rows = "".join(f"{measure},{unit},2025-04-01,{1000 + 10 * place},9000,v1,ours\n"
                   for place, unit in enumerate(units))
    return "measure,unit,month,numerator,denominator,vintage,source\n" + rows


def loaded(tmp_path, text):
    path = tmp_path / "panel.csv"
    path.write_text(text)
    found = load([path], tmp_path / "workspace")
    return found, {row["unit"]: row["numerator"] for row in engine.observations(tmp_path / "workspace").to_pylist()}


def test_practices_trusts_boards_and_areas_are_kept_beside_commissioners(tmp_path):
    _, held = loaded(tmp_path, panel("15M", "C81001", "RTG", "RTGFA", "QF7", "E07000035", "England"))
    assert set(held) == {"15M", "C81001", "RTG", "RTGFA", "QF7", "E07000035", "England"}


def test_a_board_by_the_statistics_offices_code_is_held_under_its_own(tmp_path):
    # ONS lookup of small areas, 2022: E54000058 is QJ2, Derby and Derbyshire; E38000068 is 01F, Halton.
    _, held = loaded(tmp_path, panel("E54000058", "E38000068"))
    assert held == {"QJ2": 1000.0, "01F": 1010.0}


def test_a_board_whose_boundary_changed_has_two_codes_and_is_one_place(tmp_path):
    assert in_use("E54000052") == in_use("E54000063") == "QXU"
    with pytest.raises(Refused, match="this place has a figure under another of its codes"):
        loaded(tmp_path, panel("E54000058", "QJ2"))


def test_an_unknown_code_stays_as_it_is():
    assert in_use("E07000035") == "E07000035"
    assert in_use("15M") == "15M"


def test_what_is_no_body_is_left_out_with_its_reason(tmp_path):
    found, held = loaded(tmp_path, panel("15M", "5N6", "Prison hospital", ""))
    assert set(held) == {"15M"}
    said = str(found)
    assert "a primary care trust, abolished in March 2013" in said
    assert "this is no organisation code" in said
