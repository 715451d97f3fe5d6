"""Where to look first: whose gaps, in what order, what is said with them, and what is refused."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.find import gap_words, gaps
from evenhand.terms import Refused

MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]
NAMES = {"code": ["OLD", "NEW", "B01"], "name": ["Oldmarsh", "Newmarsh", "Briarley"],
         "closed": ["2024-03-31", "", ""], "successor": ["NEW", "", ""]}
SAMPLE = {"measures": "sample:gaps-measures", "organisations": "sample:gaps-organisations"}


def panel(levels, *, measure="patches", people=1000.0, months=MONTHS, seed=1):
    """Counts by month for bodies of equal size at these yearly rates for each person."""
    generator = np.random.default_rng(seed)
    return pd.DataFrame([(measure, month, unit, int(generator.poisson(rate * people / 12)), people)
                         for unit, rate in levels.items() for month in months],
                        columns=["measure", "month", "unit", "numerator", "denominator"])


LEVELS = {f"B{place:02d}": rate for place, rate in enumerate([0.9, 1, 1.1, 0.95, 1.05, 1, 0.98, 1.02, 1, 1.6, 0.5],
                                                             start=1)}


def row_of(answer, measure=None, unit=None):
    return next(row for row in answer.fields["rows"]
                if measure in (None, row["measure"]) and unit in (None, row["unit"]))


def refused(*arguments, **options) -> str:
    with pytest.raises(Refused) as refusal:
        gaps(*arguments, **options)
    return "\n".join(refusal.value.lines())


# --- what is answered -------------------------------------------------------------------------------------------------


def test_a_gap_is_the_difference_to_the_middle_times_the_people():
    table = panel(LEVELS)
    row = row_of(gaps(table, of="B10"))
    yearly = table.groupby("unit")["numerator"].sum() / 1000
    assert row["value"] == pytest.approx(yearly["B10"])
    assert row["benchmark"] == pytest.approx(yearly.median())
    assert row["gap"] == pytest.approx((yearly["B10"] - yearly.median()) * 1000)
    assert (row["rank"], row["of"]) == (1, 11)
    assert row["interval"][0] < row["gap"] < row["interval"][1]


def test_a_clear_gap_is_a_signal_and_the_shrunk_one_is_smaller():
    row = row_of(gaps(panel(LEVELS), of="B10"))
    assert row["signal"]
    assert row["sure"] == "high"
    assert row["because"] == "more than chance, on the worse side of the middle in 12 of 12 months"
    assert 0 < row["shrunk_gap"] < row["gap"]


def test_a_body_in_the_middle_is_no_signal():
    answer = gaps(panel(LEVELS), of="B06")
    row = row_of(answer)
    assert not row["signal"]
    assert row["sure"] == "low"
    assert "chance alone could show as much" in answer.sentence


def test_where_high_is_good_the_gap_counts_downwards():
    table = panel(LEVELS)
    low, high = gaps(table, of="B11"), gaps(table, of="B11", direction="high")
    assert row_of(high)["gap"] == pytest.approx(-row_of(low)["gap"])
    assert row_of(high)["gap"] > 0
    assert " below it" in high.sentence
    assert row_of(high)["rank"] == row_of(low)["rank"] == 11


def test_the_largest_gap_comes_first_and_pounds_before_other_units():
    answer = gaps("sample:gaps", of="HART", **SAMPLE)
    rows = answer.fields["rows"]
    pounds = [row["gap"] for row in rows if row["numerator_unit"] == "pounds"]
    assert [row["numerator_unit"] for row in rows][:3] == ["pounds"] * 3
    assert pounds == sorted(pounds, reverse=True)
    assert rows[0]["measure"] == "pain-patches"
    assert "pain patches: £19,000 a year above the middle" in answer.sentence


def test_measures_that_hold_others_are_not_to_be_added():
    answer = gaps("sample:gaps", of="HART", **SAMPLE)
    assert answer.fields["do_not_add"] == [{"measure": "low-priority", "holds": ["gluten-free", "pain-patches"]}]
    assert row_of(answer, "low-priority")["overlaps_with"] == ["gluten-free", "pain-patches"]
    assert row_of(answer, "pain-patches")["overlaps_with"] == ["low-priority"]
    assert row_of(answer, "pain-patches")["remark"] == "Part of all low-priority items: do not add the two."
    assert any(remark.startswith("Do not add all low-priority items") for remark in answer.remarks)


def test_a_known_publications_total_is_recognised_without_a_table_of_measures():
    parts = [panel(LEVELS, measure=name, seed=seed) for name, seed in (("lplidocaine", 1), ("lpherbal", 2))]
    whole = parts[0].assign(measure="lpzomnibus", numerator=parts[0]["numerator"] + parts[1]["numerator"].to_numpy())
    answer = gaps(pd.concat([*parts, whole]), of="B10")
    assert row_of(answer, "lpherbal")["overlaps_with"] == ["lpzomnibus"]


def test_measures_with_the_same_counts_over_other_denominators_are_told():
    one = panel(LEVELS, measure="per patient")
    two = one.assign(measure="per item", denominator=one["numerator"] * 3 + 7)
    answer = gaps(pd.concat([one, two]), of="B10")
    assert row_of(answer, "per item")["overlaps_with"] == ["per patient"]
    assert "Do not add per item and per patient: they count the same things." in answer.remarks


def test_headroom_and_luck_are_said_aloud():
    remarks = " ".join(gaps("sample:gaps", of="HART", **SAMPLE).remarks)
    assert "Headroom, not money" in remarks
    assert "The largest gaps of a ranked list are partly luck." in remarks
    assert "no more than chance, allowing for 5 looks" in remarks


def test_the_best_tenth_comes_with_a_warning():
    assert any("best tenth" in remark for remark in gaps(panel(LEVELS), of="B10", against="best-decile").remarks)


def test_low_is_taken_as_good_for_want_of_a_word_and_that_is_said():
    assert any(remark.startswith("Low was taken as good") for remark in gaps(panel(LEVELS), of="B10").remarks)
    assert not any(remark.startswith("Low was taken as good")
                   for remark in gaps(panel(LEVELS), of="B10", direction="low").remarks)


def test_populations_are_told_from_items_by_whether_they_move():
    stock = panel(LEVELS)
    flow = stock.assign(measure="items", numerator=10, denominator=np.where(stock["month"] < "2025-07", 90, 120))
    answer = gaps(pd.concat([stock, flow]), of="B10")
    assert row_of(answer, "patches")["denominator_kind"] == "stock"
    assert row_of(answer, "items")["denominator_kind"] == "stock"  # one step in a year is still a stock
    moving = stock.assign(measure="items", numerator=10, denominator=np.where(
        stock["month"].str[-1].isin(list("13579")), 90, 120))
    assert row_of(gaps(moving, of="B10"))["denominator_kind"] == "flow"
    assert row_of(gaps(moving, of="B10", denominator="stock"))["denominator_kind"] == "stock"


def test_named_peers_are_the_benchmark_and_the_body_itself_is_not_among_them():
    table = panel(LEVELS)
    yearly = table.groupby("unit")["numerator"].sum() / 1000
    row = row_of(gaps(table, of="B10", against="peers", peers=["B01", "B02", "B10", "B11"]))
    assert row["benchmark"] == pytest.approx(yearly[["B01", "B02", "B11"]].median())
    assert "Too few bodies for a sure range" in row["remark"]


def test_every_body_can_be_asked_for_at_once():
    rows = gaps(panel(LEVELS), of="all").fields["rows"]
    assert len(rows) == 11
    assert rows[0]["unit"] == "B10"
    assert [row["gap"] for row in rows] == sorted((row["gap"] for row in rows), reverse=True)


def test_a_single_measure_comes_with_every_body_and_every_month():
    fields = gaps(panel(LEVELS), of="B10").fields
    assert fields["ranked"][0]["rank"] == 1
    assert len(fields["ranked"]) == 11
    assert [each["month"] for each in fields["by_month"]] == MONTHS
    assert fields["by_month"][0]["tenth"] <= fields["by_month"][0]["benchmark"] <= fields["by_month"][0]["nine_tenths"]


@given(st.floats(0.5, 2000))
def test_the_unit_of_the_value_changes_neither_gap_nor_rank(per):
    once, other = (row_of(gaps(panel(LEVELS), of="B10", per=each)) for each in (1, per))
    assert other["value"] == pytest.approx(once["value"] * per)
    assert other["gap"] == pytest.approx(once["gap"])
    assert other["interval"] == pytest.approx(once["interval"])
    assert other["rank"] == once["rank"]


@given(st.permutations(range(132)))
def test_the_order_of_the_rows_does_not_matter(order):
    table = panel(LEVELS)
    assert gaps(table.iloc[order], of="B10").fields == gaps(table, of="B10").fields


# --- missing is not nought --------------------------------------------------------------------------------------------


def test_a_body_with_denominators_of_nought_is_missing_not_nought_and_not_infinite():
    gone = panel({"OLD": 0}).assign(numerator=0, denominator=0)
    table = pd.concat([panel(LEVELS), gone])
    answer = gaps(table, of="all")
    assert "OLD" not in {row["unit"] for row in answer.fields["rows"]}
    assert row_of(answer)["of"] == 11
    assert row_of(answer, unit="B10")["benchmark"] == row_of(gaps(panel(LEVELS), of="B10"))["benchmark"]
    assert any("missing, not nought" in remark for remark in answer.remarks)


def test_a_closed_body_is_recognised_and_its_successor_named():
    gone = panel({"OLD": 0}).assign(numerator=0, denominator=0)
    answer = gaps(pd.concat([panel(LEVELS | {"NEW": 1}), gone]), of="OLD", organisations=NAMES)
    assert answer.sentence == ("Oldmarsh (OLD) closed on 31 March 2024; newer figures are held only for Newmarsh "
                               "(NEW).")
    assert answer.fields["rows"] == []
    assert answer.fields["closed"] == {"code": "OLD", "name": "Oldmarsh", "closed": "2024-03-31",
                                       "successors": ["NEW"], "held_for": ["NEW"], "last_month": None}


def test_a_body_that_is_only_in_the_list_of_organisations_is_recognised_too():
    assert "closed on 31 March 2024" in gaps(panel(LEVELS | {"NEW": 1}), of="old", organisations=NAMES).sentence


def test_a_body_that_stopped_before_these_months_says_up_to_when_it_has_figures():
    early = panel({"OLD": 1}, months=MONTHS[:2])
    answer = gaps(pd.concat([panel(LEVELS), early]), of="OLD", from_month="2025-06")
    assert answer.sentence == "OLD has no figures for June 2025 to December 2025 here."
    assert "Figures for OLD itself are held up to February 2025: ask with --to 2025-02." in answer.remarks


def test_missing_months_are_scaled_to_a_year_and_said():
    table = panel(LEVELS)
    short = table[(table["unit"] != "B10") | (table["month"] < "2025-10")]
    answer = gaps(short, of="B10")
    row = row_of(answer)
    months = short[short["unit"] == "B10"]["numerator"]
    assert row["value"] == pytest.approx(months.sum() / 9 * 12 / 1000)
    assert row["remark"] == "Figures for 9 of 12 months; scaled to a year."
    assert row["sure"] == "fair"


def test_a_blank_numerator_is_a_missing_month():
    table = panel(LEVELS)
    table["numerator"] = table["numerator"].astype(float)
    table.loc[table["unit"].eq("B10") & table["month"].eq("2025-05"), "numerator"] = np.nan
    assert row_of(gaps(table, of="B10"))["months"] == 11


def test_bodies_with_few_months_do_not_make_the_middle():
    table = pd.concat([panel(LEVELS), panel({"B12": 9.0, "B13": 9.0}, months=MONTHS[:5])])
    answer = gaps(table, of="B10")
    assert row_of(answer)["of"] == 11
    assert {each["unit"]: each["because"] for each in answer.fields["left_out"]} == {
        "B12": "too few months", "B13": "too few months"}


def test_small_bodies_are_left_out_of_the_comparison_and_said():
    table = pd.concat([panel(LEVELS), panel({"S01": 5.0}, people=60)])
    answer = gaps(table, of="B10", smallest=500)
    assert row_of(answer)["of"] == 11
    assert answer.fields["left_out"] == [{"unit": "S01", "name": None, "because": "too small"}]
    assert "Left out of the comparison: 1 body smaller than 500 (S01)." in answer.remarks
    own = row_of(gaps(table, of="S01", smallest=500))
    assert own["rank"] is None
    assert "Not ranked: too small to be compared." in own["remark"]


def test_a_measure_without_figures_for_the_body_is_named():
    elsewhere = panel(LEVELS, measure="other", seed=3)
    answer = gaps(pd.concat([panel(LEVELS), elsewhere[elsewhere["unit"] != "B10"]]), of="B10")
    assert answer.fields["not_held"] == ["other"]
    assert "No figures for B10 in these months: other." in answer.remarks


def test_no_name_of_a_real_body_is_lent_to_codes_that_are_not_theirs():
    table = panel(LEVELS | {"15M": 1.0})
    assert row_of(gaps(table, of="15M"))["name"] is None


# --- months -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "last", "meant"), [
    ("2025-03", "2025-06", ("2025-03", "2025-06")), ("2025", None, ("2025-01", "2025-12")),
    ("2024/25", None, ("2024-04", "2025-03")), ("Mar 2025", "June 2025", ("2025-03", "2025-06")),
    ("2025-11", None, ("2025-11", "2025-12")), (None, "2025-12", ("2025-01", "2025-12")),
    (None, None, ("2025-01", "2025-12"))])
def test_months_are_understood_as_people_write_them(first, last, meant):
    settings = gaps(panel(LEVELS), of="B10", from_month=first, to_month=last).settings
    assert (settings["from"], settings["to"]) == meant


def test_without_months_the_last_twelve_held_are_taken():
    months = [f"2024-{month:02d}" for month in range(1, 13)] + MONTHS
    assert gaps(panel(LEVELS, months=months), of="B10").settings["from"] == "2025-01"


def test_the_year_before_is_given_where_it_is_held():
    months = [f"2024-{month:02d}" for month in range(1, 13)] + MONTHS
    table = panel(LEVELS, months=months)
    before = table[(table["unit"] == "B10") & (table["month"] < "2025")]["numerator"].sum() / 1000
    assert row_of(gaps(table, of="B10"))["trend"]["year_before"] == pytest.approx(before)
    assert row_of(gaps(panel(LEVELS), of="B10"))["trend"]["year_before"] is None


def test_dates_are_months_too():
    table = panel(LEVELS)
    table["period"] = [date.fromisoformat(f"{month}-01") for month in table["month"]]
    renamed = table.drop(columns="month").rename(columns={"unit": "code"})
    assert row_of(gaps(renamed, of="B10"))["gap"] == row_of(gaps(table, of="B10"))["gap"]


# --- bad input --------------------------------------------------------------------------------------------------------


def test_an_unknown_body_is_refused_and_the_closest_named():
    assert refused(panel(LEVELS), of="B1O") == (
        "the table:--of: no body here has this code (B1O found); did you mean B11, B10 or B01?")
    assert "did you mean Briarley (B01)?" in refused(panel(LEVELS), of="briarl", organisations=NAMES)


def test_an_unknown_measure_is_refused_and_the_closest_named():
    assert "did you mean patches?" in refused(panel(LEVELS), of="B10", measure="patchs")


def test_a_month_given_twice_is_refused():
    table = pd.concat([panel(LEVELS), panel(LEVELS).head(1)])
    assert refused(table, of="B10") == ("the table:133:unit: row 1 is for the same measure, body and month (B01 "
                                        "2025-01 found); keep one of the two")


@pytest.mark.parametrize(("column", "cell", "said"), [
    ("numerator", "-3", "1:numerator: a count cannot be negative (-3 found)"),
    ("denominator", "-3", "1:denominator: a count cannot be negative (-3 found)"),
    ("numerator", "many", "1:numerator: this is not a number (many found)"),
    ("month", "spring", "1:month: this is not a month (spring found)")])
def test_a_cell_that_cannot_be_used_is_named(column, cell, said):
    table = panel(LEVELS).astype(str)
    table.loc[0, column] = cell
    assert said in refused(table, of="B10")


def test_a_missing_column_is_named():
    assert "there is no column “numerator”" in refused(panel(LEVELS).drop(columns="numerator"), of="B10")


@pytest.mark.parametrize(("options", "said"), [
    ({"from_month": "2031-01"}, "no figure is held for January 2031 (2031-01 found); figures here run from 2025-01"),
    ({"from_month": "2025-06", "to_month": "2025-02"}, "the last month comes before the first"),
    ({"from_month": "soon"}, "--from: this is not a month (soon found)"),
    ({"confidence": 95}, "a confidence lies between 0 and 1"),
    ({"per": 0}, "a value is for a positive number"),
    ({"smallest": 1e9}, "every body is smaller than this"),
    ({"against": "peers"}, "no peers are named")])
def test_settings_that_cannot_be_are_refused(options, said):
    assert said in refused(panel(LEVELS), **{"of": "B10", **options})


def test_words_that_a_table_of_measures_may_not_hold_are_named():
    said = refused(panel(LEVELS), of="B10", measures={"measure": ["patches"], "direction": ["down"]})
    assert "direction: this word is not known here (down found); write low or high" in said


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_example_runs_and_gives_one_json_document(capsys):
    assert main(["find", "gaps", "sample:gaps", "--of", "HART", "--measures", "sample:gaps-measures", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["settings"]["from"] == "2025-01"
    assert document["settings"]["against"] == "median"
    assert len(document["made_from"]) == 2
    wanted = {"measure", "unit", "value", "benchmark", "gap", "interval", "shrunk_value", "rank", "of", "trend", "sure",
              "because", "signal", "overlaps_with", "remark"}
    assert wanted <= set(document["rows"][0])


def test_an_unknown_code_leaves_standard_output_empty(capsys):
    assert main(["find", "gaps", "sample:gaps", "--of", "HRT"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "sample:gaps:--of: no body here has this code (HRT found); did you mean HART?" in err


def test_a_closed_body_is_an_answer(capsys):
    assert main(["find", "gaps", "sample:gaps", "--of", "OLDM", "--organisations", "sample:gaps-organisations"]) == 0
    assert "Oldmarsh (OLDM) closed on 31 March 2024" in capsys.readouterr().out


def test_the_figures_are_written(tmp_path):
    words = ["find", "gaps", "sample:gaps", "--of", "HART", "--measures", "sample:gaps-measures"]
    assert main([*words, "--out", str(tmp_path)]) == 0
    assert {each.name for each in tmp_path.glob("*.svg")} == {
        "largest-gaps.svg", "largest-gaps-in-checks.svg", "ranked.svg", "by-month.svg"}
    drawn = (tmp_path / "largest-gaps.svg").read_text(encoding="utf-8")
    assert "pain patches" in drawn.partition("</desc>")[2]
    assert "all low-priority items" not in drawn.partition("</desc>")[2]


def test_a_table_without_any_figure_is_refused():
    nothing = panel(LEVELS).assign(denominator=0)
    assert "no figure is held: every denominator is 0 or empty" in refused(nothing, of="B10")
    assert "no row names a body" in refused(panel(LEVELS).assign(unit=""), of="B10")


def test_one_body_alone_has_nothing_to_be_set_against():
    answer = gaps(panel({"B01": 1.0}), of="B01")
    assert "there is nothing to set it against" in answer.sentence
    assert not row_of(answer)["signal"]


def test_figures_of_a_closed_bodys_own_time_are_not_called_newer():
    months = [f"2023-{month:02d}" for month in range(1, 13)]
    answer = gaps(panel(LEVELS | {"NEW": 1}, months=months), of="OLD", organisations=NAMES)
    assert answer.sentence == ("Oldmarsh (OLD) closed on 31 March 2024; figures for 2023 are held here only for "
                               "Newmarsh (NEW).")


def money(months):
    """Sums of money for a person and month, in pounds and pence."""
    table = panel(LEVELS, months=months)
    return table.assign(numerator=table["numerator"] * 13.37)


def test_a_single_month_learns_from_the_year_before_it_how_far_figures_move():
    row = row_of(gaps(money(MONTHS), of="B10", from_month="2025-12"))
    year = row_of(gaps(money(MONTHS), of="B10"))
    assert row["months"] == 1
    assert row["sure"] == "low"
    wide, narrow = (each["value_interval"][1] - each["value_interval"][0] for each in (row, year))
    assert wide > 2 * narrow


def test_money_without_months_to_learn_from_has_no_range_and_is_no_signal():
    answer = gaps(money(MONTHS[:2]), of="B10")
    row = row_of(answer)
    assert row["interval"] == [None, None]
    assert row["shrunk_value"] is None
    assert not row["signal"]
    assert row["sure"] == "low"
    assert "range not known: too few months" in answer.sentence
    assert json.loads(answer.to_json())["rows"][0]["interval"] == [None, None]
    assert answer.figures
    assert answer.figure.svg()


def test_counts_without_months_to_learn_from_have_the_range_of_plain_counts():
    row = row_of(gaps(panel(LEVELS, months=MONTHS[:1]), of="B10"))
    assert row["interval"][0] < row["gap"] < row["interval"][1]


@pytest.mark.parametrize(("against", "said"), [
    ("median", "the middle of 11 bodies"), ("best-decile", "the best tenth of 11 bodies"),
    ("national", "11 bodies taken together"), ("peers", "the middle of 2 named peers")])
def test_the_sentence_says_what_the_body_was_set_against(against, said):
    table = pd.concat([panel(LEVELS), panel(LEVELS, measure="other", seed=9)])
    assert said in gaps(table, of="B10", against=against, peers=["B01", "B02"]).sentence


def test_two_confidences_give_two_ranges_and_the_first_decides():
    def first(**more):
        return gaps("sample:gaps", of="HART", measures="sample:gaps-measures", **more).document()["rows"][0]

    one, two = first(), first(confidence=(0.95, 0.998))
    assert list(two["intervals"]) == ["0.95", "0.998"]
    assert two["intervals"]["0.95"] == two["interval"] == one["interval"]
    assert two["intervals"]["0.998"][0] < two["interval"][0] < two["interval"][1] < two["intervals"]["0.998"][1]
    assert two["signal"] == one["signal"]


def test_a_wrong_peer_is_blamed_on_the_peers():
    with pytest.raises(Refused, match="--peers"):
        gaps("sample:gaps", of="HART", against="peers", peers=("ALDE", "ZZZ"))


@pytest.mark.parametrize(("number", "unit", "said"), [
    (0.0568, "amputations", "0.1 amputations"), (87.9, "admissions", "88 admissions"),
    (12_345.6, "items", "12,346 items"), (72_400, "pounds", "£72,000"), (0.0568, "", "0.0568")])
def test_a_count_is_told_without_more_digits_than_people_have(number, unit, said):
    assert gap_words.amount(number, unit) == said
