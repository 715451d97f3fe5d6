"""Rates, shares and standardised rates: the sums, the limits, and every reason not to give a value."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.find import rates
from evenhand.stats import intervals
from evenhand.terms import Refused

# PHEindicatormethods 2.1.0 (UK Health Security Agency, test data "testdata_big"): events and people in the nineteen
# bands of the European Standard Population 2013, and a reference of the same bands.
BANDS = [f"{start}-{start + 4}" for start in range(0, 90, 5)] + ["90+"]
EVENTS = [127, 25, 18, 21, 12, 27, 48, 27, 29, 32, 32, 34, 45, 65, 38, 68, 74, 82, 91]
PEOPLE = [636, 558, 609, 543, 384, 594, 669, 843, 660, 576, 606, 522, 426, 273, 300, 288, 153, 123, 207]
REFERENCE_EVENTS = [10303, 2824, 0, 3615, 3641, 3490, 3789, 3213, 3031, 2771, 3089, 3490, 3595, 4745, 5514, 7125, 5694,
                    6210, 5757]
REFERENCE_PEOPLE = [50520, 57173, 60213, 54659, 44345, 50128, 62163, 67423, 62899, 55463, 60479, 49974, 44140, 40888,
                    37239, 30819, 18136, 15325, 13918]
AREA = {"area": ["Hartsmere"] * 19, "age_band": BANDS, "numerator": EVENTS, "denominator": PEOPLE}
REFERENCE = {"age_band": BANDS, "reference_numerator": REFERENCE_EVENTS, "reference_denominator": REFERENCE_PEOPLE}


def only(answer):
    (row,) = answer.fields["rows"]
    return row


def refused(*arguments, **options) -> str:
    with pytest.raises(Refused) as refusal:
        rates(*arguments, **options)
    return "\n".join(refusal.value.lines())


# --- published figures ------------------------------------------------------------------------------------------------


def test_a_directly_standardised_rate_is_the_one_public_health_publishes():
    row = only(rates(AREA, method="direct", by=["area"]))
    assert row["numerator"] == 895
    assert row["denominator"] == 8970
    assert row["value"] == pytest.approx(10430.247991469423, rel=1e-9)
    assert row["intervals"]["0.95"] == pytest.approx([9717.709067985681, 11178.94091547925], rel=1e-9)
    assert row["intervals"]["0.998"] == pytest.approx([9323.287880219903, 11620.595999522058], rel=1e-9)
    assert row["interval_method"] == "Dobson"


def test_an_indirectly_standardised_ratio_is_the_one_public_health_publishes():
    row = only(rates(AREA, method="indirect", by=["area"], reference=REFERENCE))
    assert row["expected"] == pytest.approx(835.8835612311743, rel=1e-9)
    assert row["ratio"] == pytest.approx(1.0707232939020275, rel=1e-9)
    assert row["ratio_intervals"]["0.95"] == pytest.approx([1.0017147712553987, 1.143233287249895], rel=1e-9)
    assert row["value"] == pytest.approx(10011.137622091057, rel=1e-9)
    assert row["intervals"]["0.95"] == pytest.approx([9365.91600297888, 10689.097582910616], rel=1e-9)
    assert row["interval_method"] == "Byars"


def test_crude_rates_and_shares_are_those_public_health_publishes():
    table = {"area": ["a", "b"], "numerator": [5, 65], "denominator": [100, 100]}
    few, many = rates(table, by=["area"]).fields["rows"]
    assert few["intervals"]["0.95"] == pytest.approx([1623.4863901184199, 11668.332079322669], rel=1e-9)
    assert (few["interval_method"], many["interval_method"]) == ("Exact", "Byars")
    assert many["intervals"]["0.998"] == pytest.approx([42880.261471480204, 94000.290844318], rel=1e-9)
    share = rates(table, method="proportion", by=["area"], per=100).fields["rows"][1]
    assert share["value"] == 65
    assert share["intervals"]["0.95"] == pytest.approx([55.25444329688797, 73.63575175690247], rel=1e-9)


# --- sums in sight ----------------------------------------------------------------------------------------------------


def test_a_standardised_rate_is_the_weighted_mean_of_the_bands_rates():
    table = {"age_band": ["young", "old"], "numerator": [10, 30], "denominator": [1000, 500],
             "standard_population": [60, 40]}
    row = only(rates(table, method="direct", per=1000))
    assert row["value"] == pytest.approx((60 * 10 / 1000 + 40 * 30 / 500) / 100 * 1000)


def test_expected_events_are_the_references_rates_on_our_people():
    table = {"age_band": ["young", "old"], "numerator": [10, 30], "denominator": [1000, 500]}
    reference = {"age_band": ["old", "young"], "numerator": [400, 100], "denominator": [10_000, 20_000]}
    row = only(rates(table, method="indirect", reference=reference))
    assert row["expected"] == pytest.approx(1000 * 100 / 20_000 + 500 * 400 / 10_000)
    assert row["ratio"] == pytest.approx(40 / 25)
    assert row["value"] == pytest.approx(40 / 25 * 500 / 30_000 * 100_000)


def test_repeat_events_of_one_person_widen_the_range_and_people_are_counted_once():
    # 20 people with one stay and 5 with three: 35 stays, variance 20 + 9 x 5 = 65, of 1,000 people.
    table = {"numerator": [20, 5], "events_per_person": [1, 3], "denominator": [1000, 1000]}
    row = only(rates(table, per=1000))
    low, high = intervals.byar(35)
    stretch = np.sqrt(65 / 35)
    assert row["value"] == 35
    assert row["intervals"]["0.95"] == pytest.approx([35 + stretch * (low - 35), 35 + stretch * (high - 35)])
    assert row["interval_method"] == "Byars, with confidence adjusted for non-independent events"


def test_rows_in_more_detail_than_the_question_are_added_up():
    table = {"area": ["a", "a", "b", "b"], "sex": ["F", "M", "F", "M"], "numerator": [1, 2, 3, 4],
             "denominator": [10, 20, 30, 40]}
    answer = rates(table, by=["area"], per=10)
    assert [row["value"] for row in answer.fields["rows"]] == [pytest.approx(1.0), pytest.approx(1.0)]
    assert "4 rows were added up to 2 groups." in answer.remarks


@given(st.integers(2, 50))
def test_a_rate_does_not_change_when_every_count_is_multiplied_but_its_range_narrows(times):
    once = only(rates(AREA, method="direct", by=["area"]))
    more = only(rates({**AREA, "numerator": [times * each for each in EVENTS],
                       "denominator": [times * each for each in PEOPLE]}, method="direct", by=["area"]))
    assert more["value"] == pytest.approx(once["value"])
    assert once["intervals"]["0.95"][0] < more["intervals"]["0.95"][0] < more["value"]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 5000)), min_size=2, max_size=12))
def test_a_standardised_rate_lies_between_its_bands_rates(pairs):
    events, people = zip(*pairs, strict=True)
    row = only(rates({"age_band": [f"s{place}" for place in range(len(pairs))], "numerator": list(events),
                      "denominator": list(people), "standard_population": [100 + each for each in range(len(pairs))]},
                     method="direct", per=1))
    each = [top / bottom for top, bottom in pairs]
    if sum(events) < 10:
        assert row["value"] is None
    else:
        assert min(each) - 1e-9 <= row["value"] <= max(each) + 1e-9


# --- values that would mislead are not given --------------------------------------------------------------------------


def test_no_standardised_rate_is_given_below_ten_events():
    nine = {**AREA, "numerator": [0] * 18 + [9]}
    row = only(rates(nine, method="direct", by=["area"]))
    assert row["value"] is None
    assert row["intervals"]["0.95"] == [None, None]
    assert row["remark"] == "fewer than 10 events (9)"
    assert only(rates({**AREA, "numerator": [0] * 18 + [10]}, method="direct"))["value"] is not None


def test_without_anyone_there_is_no_rate_and_it_is_neither_nought_nor_infinite():
    table = {"area": ["gone", "here"], "numerator": [0, 5], "denominator": [0, 50]}
    for method in ("crude", "proportion"):
        gone, here = rates(table, method=method, by=["area"]).fields["rows"]
        assert (gone["value"], gone["remark"]) == (None, "the denominator is 0")
        assert here["value"] is not None


def test_a_missing_numerator_is_not_nought():
    table = {"area": ["a", "b", "c"], "numerator": [None, 10, None], "denominator": [100, None, None]}
    rows = rates(table, by=["area"]).fields["rows"]
    assert [row["value"] for row in rows] == [None, None, None]
    assert [row["remark"] for row in rows] == ["the numerator is missing", "the denominator is missing",
                                               "numerator and denominator are missing"]
    assert rows[0]["numerator"] is None


def test_an_area_without_one_of_the_bands_has_no_standardised_rate():
    table = {"area": ["a", "a", "b"], "age_band": ["0-64", "65+", "65+"], "numerator": [50, 60, 70],
             "denominator": [1000, 900, 800]}
    a, b = rates(table, method="direct", by=["area"]).fields["rows"]
    assert a["value"] is not None
    assert (b["value"], b["remark"]) == (None, "no row for 0-64")


def test_a_band_without_people_has_no_standardised_rate():
    empty = {**AREA, "denominator": [0, *PEOPLE[1:]], "numerator": [0, *EVENTS[1:]]}
    assert only(rates(empty, method="direct"))["remark"] == "the denominator is 0 in 0-4"


def test_a_blank_count_in_a_band_is_taken_as_none_and_said():
    blank = {**AREA, "numerator": [None, *EVENTS[1:]]}
    answer = rates(blank, method="direct", by=["area"])
    assert only(answer)["value"] == pytest.approx(
        only(rates({**AREA, "numerator": [0, *EVENTS[1:]]}, method="direct"))["value"])
    assert only(answer)["remark"] == "no count in 0-4: taken as no events"
    assert "Hartsmere needs care: no count in 0-4: taken as no events." in answer.remarks


def test_nothing_to_be_expected_gives_no_ratio():
    reference = {"age_band": BANDS, "numerator": [0] * 19, "denominator": REFERENCE_PEOPLE}
    row = only(rates(AREA, method="indirect", reference=reference))
    assert row["ratio"] is None
    assert "nothing to compare with" in row["remark"]


# --- ways of joining --------------------------------------------------------------------------------------------------


def test_a_reference_is_joined_whatever_dash_its_bands_have():
    other = {**REFERENCE, "age_band": [band.replace("-", "–") for band in BANDS]}
    assert only(rates(AREA, method="indirect", reference=other))["expected"] == pytest.approx(835.8835612311743)


def test_a_reference_in_another_order_is_joined_by_its_labels():
    turned = {name: list(reversed(column)) for name, column in REFERENCE.items()}
    assert only(rates(AREA, method="indirect", reference=turned))["expected"] == pytest.approx(835.8835612311743)


def test_without_age_bands_a_reference_is_joined_in_order_and_that_is_said():
    plain = {"numerator": EVENTS, "denominator": PEOPLE}
    answer = rates(plain, method="indirect", reference=REFERENCE)
    assert only(answer)["expected"] == pytest.approx(835.8835612311743)
    assert any("joined by the order of its rows" in remark for remark in answer.remarks)


def test_the_reference_may_stand_beside_the_counts():
    row = only(rates({**AREA, **REFERENCE}, method="indirect"))
    assert row["ratio"] == pytest.approx(1.0707232939020275)


def test_a_column_under_a_name_publications_use_is_taken_and_said():
    answer = rates({"area": ["a"], "count": [20], "pop": [100]}, by=["area"])
    assert only(answer)["value"] == 20_000
    assert "The column “count” was taken for numerator." in answer.remarks


@pytest.mark.parametrize("made", [dict, pd.DataFrame, pl.DataFrame, lambda table: pl.DataFrame(table).to_arrow()])
def test_any_kind_of_table_gives_the_same_answer(made):
    assert only(rates(made(AREA), method="direct", by=["area"]))["value"] == pytest.approx(10430.247991469423)


def test_every_row_can_be_its_own_group():
    rows = rates({"numerator": [1, 2], "denominator": [10, 10]}, by=["row"], per=10).fields["rows"]
    assert [(row["row"], row["value"]) for row in rows] == [(1, 1.0), (2, 2.0)]


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "options", "said"), [
    ({"numerator": ["many", *map(str, EVENTS[1:])]}, {}, "the table:1:numerator: this is not a number (many found)"),
    ({"numerator": [-1, *EVENTS[1:]]}, {}, "the table:1:numerator: a count cannot be negative (-1 found)"),
    ({"numerator": [700, *EVENTS[1:]]}, {"method": "proportion"},
     "the table:1:numerator: the numerator is above the denominator (700 found)"),
    ({"age_band": ["0-4", "0-4", *BANDS[2:]]}, {}, "row 1 is for the same area and age_band"),
    ({"age_band": ["0-4", "3-9", "8-14", *BANDS[3:]]}, {}, "this band overlaps with “0-4” (3-9 found)")])
def test_a_cell_that_cannot_be_used_is_named(change, options, said):
    assert said in refused({**AREA, **change}, **{"method": "direct", "by": ["area"], **options})


def test_a_row_given_twice_is_refused():
    table = {name: [*column, column[3]] for name, column in AREA.items()}
    assert "the table:20: this row repeats row 4 in every column" in refused(table, method="direct", by=["area"])
    assert "repeats row 1" in refused({"area": ["a", "a"], "year": [1, 1], "numerator": [5, 5],
                                       "denominator": [50, 50]}, by=["area"])


def test_a_missing_column_is_named_with_what_stands_nearest():
    assert "there is no column “denominator”" in refused({"numerator": [1], "denominater": [2]})
    assert "there is no column “place”" in refused(AREA, by=["place"])


def test_a_table_without_rows_is_refused():
    assert "no rows" in refused({"numerator": [], "denominator": []})


def test_denominators_of_one_band_must_agree_where_people_have_several_events():
    said = refused({"age_band": ["0-4", "0-4"], "numerator": [5, 1], "events_per_person": [1, 2],
                    "denominator": [100, 90]})
    assert "the rows of one band have different denominators" in said


def test_a_band_the_reference_lacks_is_named():
    short = {name: column[:-1] for name, column in REFERENCE.items()}
    assert "the reference has no row for 90+" in refused(AREA, method="indirect", reference=short)


def test_an_indirect_rate_without_a_reference_and_a_direct_one_with_it_are_refused():
    assert "needs a reference" in refused(AREA, method="indirect")
    assert "only for indirect rates" in refused(AREA, method="direct", reference=REFERENCE)


@pytest.mark.parametrize(("options", "said"), [
    ({"confidence": [95]}, "--confidence: a confidence lies between 0 and 1 (95 found)"),
    ({"per": 0}, "--per: a rate is for a positive number of people"),
    ({"methd": "direct"}, "there is no setting called “methd”; choose from method")])
def test_settings_that_cannot_be_are_refused(options, said):
    assert said in refused(AREA, **options)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_example_runs_and_gives_one_json_document(capsys):
    assert main(["find", "rates", "sample:rates", "--method", "direct", "--by", "area", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["method"]["name"] == "find rates"
    assert document["settings"]["standard"] == "esp2013"
    assert document["settings"]["per"] == 100_000
    assert [row["area"] for row in document["rows"]] == ["Ashford Vale", "Coldwater", "Hartsmere", "Inchley"]
    assert document["rows"][3]["value"] is None
    assert document["made_from"][0]["digest"].startswith("sha256:")


def test_a_wrong_file_leaves_standard_output_empty(tmp_path, capsys):
    table = tmp_path / "areas.csv"
    table.write_text("area,numerator,denominator\na,12,10\n", encoding="utf-8")
    assert main(["find", "rates", str(table), "--method", "proportion", "--by", "area"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{table}:1:numerator: the numerator is above the denominator (12 found)" in err


def test_the_figure_draws_every_group_with_both_ranges(tmp_path):
    assert main(["find", "rates", "sample:rates", "--by", "area", "--out", str(tmp_path)]) == 0
    drawn = (tmp_path / "rates.svg").read_text(encoding="utf-8")
    for part in ("Hartsmere", "Inchley", 'role="img"', "Rate per 100,000"):
        assert part in drawn


def test_a_million_rows_are_added_up_as_one_would_by_hand():
    generator = np.random.default_rng(1)
    count = 1_000_000
    area = generator.integers(0, 50, count)
    events, people = generator.poisson(2, count), generator.integers(500, 900, count)
    table = pd.DataFrame({"area": area, "age_band": np.array(BANDS)[generator.integers(0, 19, count)],
                          "numerator": events, "denominator": people})
    rows = {row["area"]: row for row in rates(table, by=["area"]).fields["rows"]}
    assert len(rows) == 50
    for each in (0, 49):
        expected = events[area == each].sum() / people[area == each].sum() * 100_000
        assert rows[each]["value"] == pytest.approx(expected)
