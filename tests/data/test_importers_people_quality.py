"""Registers of disease by practice and district."""

from __future__ import annotations

from datetime import date

import pytest

from evenhand.data import engine
from evenhand.data.load import load
from evenhand.terms import Refused

HEAD = "PRACTICE_CODE,GROUP_CODE,REGISTER,PATIENT_LIST_TYPE,PRACTICE_LIST_SIZE\n"


def read(folder, text, name):
    path = folder / name
    path.write_text(text)
    report = load([path], folder / "workspace")
    return engine.observations(folder / "workspace").to_pylist(), report.loaded[0].held


@pytest.mark.parametrize("name", ["qof_2031_32_PREVALENCE.csv", "PREVALENCE_3132.csv", "qof-2031-2032.csv"])
def test_a_register_is_a_share_of_its_own_ages_at_the_end_of_the_year(tmp_path, name):
    rows, _ = read(tmp_path, HEAD + "Z90001,AST,333,06OV,3852\nZ90001,AF,95,TOTAL,4098\n", name)
    assert [(row["measure"], row["month"], row["numerator"], row["denominator"]) for row in rows] == [
        ("prevalence-af", date(2032, 3, 1), 95, 4_098), ("prevalence-ast", date(2032, 3, 1), 333, 3_852)]


def test_a_register_larger_than_its_list_is_left_out_and_counted(tmp_path):
    rows, file = read(tmp_path, HEAD + "Z90001,AST,9,06OV,5\nZ90001,AF,1,TOTAL,5\n", "qof_2031_32.csv")
    assert len(rows) == 1
    assert [(each["reason"], each["count"]) for each in file.refusals] == [
        ("more people are on the register than on the list of the practice", 1)]


@pytest.mark.parametrize(("text", "name", "message"), [
    (HEAD + "Z90001,AF,1,TOTAL,5\n", "prevalence.csv", "does not say of which year"),
    (HEAD + "Z90001,AF,few,TOTAL,5\n", "qof_2031_32.csv", "1:REGISTER: this is not a number"),
    (HEAD + "Z90001,AF,1,TOTAL,5\nZ90001,AF,2,TOTAL,5\n", "qof_2031_32.csv", "row 1 is for the same"),
])
def test_registers_that_cannot_be_are_refused_with_their_place(tmp_path, text, name, message):
    with pytest.raises(Refused, match=message):
        read(tmp_path, text, name)


@pytest.mark.real
def test_the_published_registers_are_read_whole(real, tmp_path):
    folder = real / "practice-panel"
    files = [folder / f"qof_2020_21_{each}" for each in (
        "PREVALENCE.csv.gz", "MAPPING_INDICATORS.csv", "MAPPING_NHS_GEOGRAPHIES.csv.gz",
        "ORGANISATION_REFERENCE.csv.gz", "MAPPING_PCAS_EXCL_TO_INDICATOR.csv.gz")]
    report = load([*files, folder / "qof_2019_20_prevalence_by_district.csv.gz"], tmp_path)
    # One register is above its list among 137,991 rows.
    assert report.loaded[0].held.rows_kept == 137_991 - 1
    assert [each.held.rows_kept for each in report.loaded[1:]] == [68, 6_571, 6_571, 362, 6_741]
