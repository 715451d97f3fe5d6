"""Registered patients by practice, sex and age."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from evenhand.data import engine
from evenhand.data.load import load
from evenhand.terms import Refused

SAMPLES = Path(__file__).parent / "published"
LISTS = "PCO Code,Practice Code,Male 0-4,Female 0-4,Male 75+,Female 75+\n"
FIVES = "EXTRACT_DATE,ORG_TYPE,ORG_CODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS\n"
NETWORKS = "EXTRACT_DATE,ODS_Code,Sex,Age_group,Patients,PCN_Code\n"


def people(folder, text, name="Patient_List_Size_2031_04-06.csv"):
    path = folder / name
    path.write_text(text)
    report = load([path], folder / "workspace")
    return {(row["unit"], row["group"]): row["persons"] for row in engine.rows_of(folder / "workspace", "population")
            }, report.loaded[0].held


def test_commissioners_are_added_up_from_their_practices(tmp_path):
    found, file = people(tmp_path, LISTS + "04J00,Z90001,10,20,30,40\n04J00,Z90002,1,2,3,4\n15M00,Z90003,5,5,5,5\n"
                                           "5P200,Z90004,0,0,0,0\n")
    assert (found["Z90001", "all"], found["Z90002", "female 75+"]) == (100, 4)
    assert [found["04J", group] for group in ("all", "female", "male", "male 0-4", "female 75+")] == [
        110, 66, 44, 11, 44]
    assert ("5P2", "all") not in found
    assert [each["count"] for each in file.refusals] == [1]


def test_columns_in_another_order_and_other_separators_change_nothing(tmp_path):
    plain, _ = people(tmp_path, LISTS + "04J00,Z90001,10,20,30,40\n")
    other = tmp_path / "other"
    other.mkdir()
    turned, _ = people(other, "\ufeffFemale 75+;Practice Code;Male 75+;PCO Code;Female 0-4;Male 0-4\r\n"
                              "40;Z90001;30;04J00;20;10\r\n")
    assert turned == plain


@pytest.mark.parametrize(("text", "name", "message"), [
    (LISTS + "04J00,Z90001,10,20,30,40\n", "lists.csv", "does not say of which quarter"),
    (LISTS + "04J00,Z90001,10,many,30,40\n", "L_2031_04-06.csv", "1:Female 0-4: this is not a number"),
    (LISTS + "04J00,Z90001,10,-1,30,40\n", "L_2031_04-06.csv", "a count cannot be negative"),
    (LISTS + "04J00,Z90001,10,1,30,40\n04J00,Z90001,10,1,30,40\n", "L_2031_04-06.csv", "row 1 is for the same"),
    (FIVES + "soon,GP,Z90001,ALL,ALL,10\n", "l.csv", "1:EXTRACT_DATE: this is not a day"),
    (FIVES + "01SEP2031,GP,Z90001,ALL,ALL,10\n01SEP2031,GP,Z90001,ALL,ALL,11\n", "l.csv",
     "2:NUMBER_OF_PATIENTS: an earlier row is for the same body"),
])
def test_lists_that_cannot_be_are_refused_with_their_place(tmp_path, text, name, message):
    with pytest.raises(Refused, match=message):
        people(tmp_path, text, name)


def test_a_practice_under_two_networks_is_counted_once(tmp_path):
    rows = "".join(f"1st Apr 2031,Z90001,{sex},{ages} years,{count},{network}\n" for network in ("U1", "U2")
                   for sex, ages, count in (("Female", "0-4", 10), ("Male", "95+", 5)))
    found, file = people(tmp_path, NETWORKS + rows, "networks.csv")
    assert found == {("Z90001", "female 0-4"): 10, ("Z90001", "male 95+"): 5, ("Z90001", "all"): 15,
                     ("Z90001", "female"): 10, ("Z90001", "male"): 5}
    assert [each["count"] for each in file.refusals] == [2]


def test_a_total_that_its_ages_do_not_add_up_to_is_said(tmp_path):
    rows = "01SEP2031,GP,Z90001,ALL,ALL,99\n" + "".join(
        f"01SEP2031,GP,Z90001,{sex},0_4,10\n" for sex in ("FEMALE", "MALE"))
    _, file = people(tmp_path, FIVES + rows, "l.csv")
    assert file.remarks == ("1 total not equal to the sum of its ages, the first all at Z90001 in 2031-09",)


def test_two_lists_of_one_month_do_not_double_a_measure(tmp_path):
    text = (SAMPLES / "list-sizes.csv").read_text()
    months = [line for line in text.splitlines()[1:] if "04J" in line]
    (other := tmp_path / "again.csv").write_text("\n".join([text.splitlines()[0], *months]) + "\n")
    load([SAMPLES / "amino-acid-formula.csv", SAMPLES / "list-sizes.csv", other], tmp_path / "w")
    found = engine.observations(tmp_path / "w", measure=["aminoacidformula"], unit=["04J"]).to_pylist()
    assert len(found) == len({row["month"] for row in found})


@pytest.mark.real
def test_the_published_lists_add_up_as_they_do_elsewhere(real, tmp_path):
    load([real / "populations/Patient_List_Size_2016_01-03.csv.gz",
          real / "populations/sussex_registered_five_year_age_sex_apr_2022.csv.gz",
          real / "prescribing-practice-level/gp-reg-pat-prac-quin-age_201709.csv"], tmp_path)
    with engine.engine(tmp_path) as connection:
        def total(where):
            return connection.execute(f"SELECT sum(persons) FROM population WHERE {where}").fetchone()[0]

        # The sum of all 18 columns of the file, over practices, whose codes have six letters.
        assert total("source = 'patient-list-sizes' AND \"group\" = 'all' AND length(unit) = 6") == 57_543_937
        assert total("source = 'patient-list-sizes' AND \"group\" LIKE 'female %' AND length(unit) = 6") == total(
            "source = 'patient-list-sizes' AND \"group\" = 'female' AND length(unit) = 6")
        assert total("source = 'practice-list-sizes' AND unit = 'B85010' AND \"group\" = 'all'") == 6_939
        assert connection.execute("SELECT DISTINCT month FROM population WHERE source = 'network-list-sizes'"
                                  ).fetchall() == [(date(2022, 4, 1),)]
