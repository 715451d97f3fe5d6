"""Deprivation, indices and mortality by place and year, read as published."""

from __future__ import annotations

import pytest

from evenhand.data import engine
from evenhand.data.load import load
from evenhand.terms import Refused

INDEX = "lsoa21_code,IMD_decile,IMD_rank,Crime_score\n"
HEALTH = "icb22_code,year,overall_score,healthy_people_domain,healthy_lives_domain,healthy_places_domain\n"
LONG = "year,org,metric,value,domain\n"


def figures(folder, text, name="file.csv"):
    path = folder / name
    path.write_text(text)
    report = load([path], folder / "workspace")
    rows = engine.rows_of(folder / "workspace", "indicators")
    return {(row["unit"], row["year"], row["measure"]): row["value"] for row in rows}, report.loaded[0].held


def test_deprivation_has_the_year_of_its_index_and_scores_below_nought(tmp_path):
    found, file = figures(tmp_path, INDEX + "E01999001,1,5,-1.7\n")
    assert found == {("E01999001", "2025", "IMD: decile"): 1, ("E01999001", "2025", "IMD: rank"): 5,
                     ("E01999001", "2025", "Crime: score"): -1.7}
    assert "small areas of 2021" in file.remarks[0]


def test_a_figure_that_is_missing_is_no_nought(tmp_path):
    found, _ = figures(tmp_path, HEALTH + "E54999001,2031,96.5,NA,,104\n")
    assert sorted(measure for _, _, measure in found) == ["Health Index: healthy places", "Health Index: overall"]


def test_columns_in_another_order_and_other_separators_change_nothing(tmp_path):
    plain, _ = figures(tmp_path, LONG + "2031,Q91,Beds,1.5,Capacity\n")
    (other := tmp_path / "other").mkdir()
    turned, _ = figures(other, "\ufeffdomain;value;metric;org;year\r\nCapacity;1.5;Beds;Q91;2031\r\n")
    assert turned == plain == {("Q91", "2031", "Beds"): 1.5}


@pytest.mark.parametrize(("text", "message"), [
    (INDEX + "E01999001,11,5,1\n", "1:IMD_decile: this is above 10"),
    (INDEX + "E01999001,1,first,1\n", "1:IMD_rank: this is not a number"),
    (INDEX + "E01999001,1,5,1\nE01999001,2,6,1\n", "2:lsoa21_code: an earlier row is for the same place and year"),
    (HEALTH + "E54999001,soon,1,1,1,1\n", "1:year: this is not a year"),
    (LONG + "2031,Q91,Beds,1,Capacity\n2031,Q91,Beds,2,Capacity\n", "2:year: row 1 is for the same"),
    ("practice,pct,items,rate,Value_imd\nZ90001,15M,3,4,5\n", "does not say of which year"),
])
def test_figures_that_cannot_be_are_refused_with_their_place(tmp_path, text, message):
    with pytest.raises(Refused, match=message):
        figures(tmp_path, text)


@pytest.mark.real
def test_the_published_indicators_are_read_whole(real, tmp_path):
    folder = real / "icb-indicators"
    load([folder / "health_index_icb_2015_2021.csv", folder / "icb_demand_capacity_performance_2012_2023.csv.gz",
          folder / "ccg_treatable_mortality_and_context_2005_2020.csv.gz",
          real / "practice-panel/antibiotics_by_practice_with_context_2017.csv.gz"], tmp_path)
    with engine.engine(tmp_path) as connection:
        def asked(what, where):
            return connection.execute(f"SELECT {what} FROM indicators WHERE {where}").fetchone()[0]

        # 42 boards, 7 years, 4 scores; 19,992 rows of which 18 are empty; 2,014 rates; 31,483,480 items.
        assert asked("count(*)", "source = 'health-index'") == 42 * 7 * 4
        assert asked("count(*)", "source = 'board-indicators'") == 19_992 - 18
        assert asked("count(*)", "measure = 'mortality from treatable causes'") == 2_014
        assert asked("sum(value)", "measure = 'antibiotic items'") == 31_483_480
