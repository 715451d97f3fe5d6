"""What was promised and what was seen: the share, how sure it is, the rule for the status, and wearing off."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.deliver import benefits
from evenhand.deliver.shares import change, share
from evenhand.terms import Month, Refused

FIRST = Month(2031, 4)


def table(seen: list[Any], promised: Any = 10, **more: Any) -> dict[str, list[Any]]:
    """One benefit from April 2031 on, ten promised a month; None was not measured."""
    count = len(seen)
    due = promised if isinstance(promised, list) else [promised] * count
    return {"benefit": ["Visits"] * count, "month": [str(FIRST.plus(step)) for step in range(count)],
            "promised": [str(each) for each in due], "seen": ["" if each is None else str(each) for each in seen],
            **{name: [str(cell) for cell in cells] for name, cells in more.items()}}


def row(seen: list[Any], promised: Any = 10, *, columns: dict[str, Any] | None = None,
        **options: Any) -> dict[str, Any]:
    (found,) = benefits(table(seen, promised, **(columns or {})), **options).document()["rows"]
    return found  # type: ignore[no-any-return]


# --- the share --------------------------------------------------------------------------------------------------------


def test_the_share_is_the_sum_seen_over_the_sum_promised() -> None:
    found = row([8, 9, 10, 6, 7, 8])
    assert found["share"] == pytest.approx((8 + 9 + 10 + 6 + 7 + 8) / 60)
    assert (found["promised_to_date"], found["seen_to_date"]) == (60, 48)


def test_the_range_comes_from_how_far_each_month_lies_from_the_share() -> None:
    # Residuals from 0.8 x 10: 0, 1, 2, -2, -1, 0; squares 10. Variance 10 x 6/5 / 60^2; t of 5 degrees is 2.5706.
    half = 2.570582 * math.sqrt(10 * 6 / 5) / 60
    assert row([8, 9, 10, 6, 7, 8])["interval"] == pytest.approx([0.8 - half, 0.8 + half], rel=1e-5)


FAMILY_SIZE = [2, 3, 3, 5, 4, 7, 2, 4, 2, 5, 3, 6, 4, 4, 2, 5, 3, 4, 2, 4, 2, 5, 3, 4, 7, 3, 3, 6, 2, 2, 6, 4, 2]
INCOME = [62, 62, 87, 65, 58, 92, 88, 79, 83, 62, 63, 62, 60, 75, 90, 75, 69, 83, 85, 73, 66, 58, 77, 69, 65, 77, 69,
          95, 77, 69, 69, 67, 63]
FOOD = [14.3, 20.8, 22.7, 30.5, 41.2, 28.2, 24.2, 30.0, 24.2, 44.4, 13.4, 19.8, 29.4, 27.1, 22.2, 37.7, 22.6, 36.0,
        20.6, 27.7, 25.9, 23.5, 39.8, 16.8, 37.8, 34.8, 28.7, 63.0, 19.5, 21.6, 18.2, 20.1, 20.7]


@pytest.mark.parametrize(("over", "ratio", "standard_error"), [(INCOME, 0.379, 0.0238), (FAMILY_SIZE, 7.38, 0.534)])
def test_ratio_and_standard_error_agree_with_cochrans_33_families(
        over: list[int], ratio: float, standard_error: float) -> None:
    """Cochran (1977), Sampling Techniques, 3rd edition, section 2.11: food is 37.9% of income, standard error 2.38%."""
    found = share(np.array(over, float), np.array(FOOD), np.arange(33))
    assert found is not None
    assert found.variance is not None
    assert found.value == pytest.approx(ratio, abs=0.5 * 10 ** -(3 if ratio < 1 else 2))
    assert math.sqrt(found.variance) == pytest.approx(standard_error, rel=2e-3)


def test_a_month_that_was_not_measured_is_left_out_on_both_sides() -> None:
    found = row([8, None, 10, 6, None, 8, 9, 7])
    assert found["share"] == pytest.approx((8 + 10 + 6 + 8 + 9 + 7) / 60)
    assert (found["months_measured"], found["months_not_measured"]) == (6, 2)
    assert (found["promised_to_date"], found["promised_in_measured_months"]) == (80, 60)


def test_nought_seen_is_seen_and_counts() -> None:
    assert row([8, 0, 10, 6, 0, 8])["share"] == pytest.approx(32 / 60)


def test_a_harm_counts_against_the_promise() -> None:
    assert row([10, 10, 10, -20, 10, 10])["share"] == pytest.approx(30 / 60)


def test_below_three_months_there_is_a_share_and_no_range() -> None:
    found = row([8, 9])
    assert found["share"] == pytest.approx(17 / 20)
    assert (found["interval"], found["status"]) == (None, "too early")


def test_where_nothing_was_promised_in_the_months_measured_there_is_no_share() -> None:
    found = row([3, 4, 5, None], [0, 0, 0, 10], as_at="2031-07")
    assert (found["share"], found["interval"], found["status"]) == (None, None, "too early")
    assert found["remark"] == "nothing was promised in the months measured"


def test_a_measured_range_is_carried_into_the_share() -> None:
    found = row([8] * 6, columns={"seen_low": [5] * 6, "seen_high": [11] * 6})
    assert found["measurement_range"] == pytest.approx([30 / 60, 66 / 60])


# --- months alike -----------------------------------------------------------------------------------------------------


def test_newey_west_adds_what_neighbouring_months_share() -> None:
    # Residuals 2, 2, -2, -2 from a share of 1; floor(4 (4/100)^(2/9)) = 1 lag, weight 1/2;
    # sum of neighbours 4 - 4 + 4 = 4. 16 + 2 x 1/2 x 4 = 20, times 4/3, over 40 squared.
    ten = np.full(4, 10.0)
    found = share(ten, ten + np.array([2, 2, -2, -2]), np.arange(4), errors="newey-west")
    assert found is not None
    assert found.variance == pytest.approx(20 * 4 / 3 / 40**2)


def test_a_gap_in_the_series_joins_nobody() -> None:
    ten, off = np.full(4, 10.0), np.array([2.0, 2, -2, -2])
    found = share(ten, ten + off, np.array([0, 5, 10, 15]), errors="newey-west")
    assert found == share(ten, ten + off, np.array([0, 5, 10, 15]))


def test_months_that_resemble_their_neighbours_are_pointed_out() -> None:
    answer = benefits(table([5, 5, 5, 5, 6, 6, 8, 9, 9, 9, 9, 9]))
    assert any("each month resembles the one before, so its range is too narrow" in each for each in answer.remarks)
    assert not any("resembles" in each for each in benefits(table([8, 9, 8, 9, 8, 9, 8, 9])).remarks)


# --- the rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seen", "status"), [
    ([9] * 8, "kept"), ([8.9] * 8, "partly"), ([5] * 8, "partly"), ([4.9] * 8, "broken"), ([9] * 5, "too early"),
    ([10] * 6 + [3, 4, 3, 4, 3, 4], "waning"), ([4] * 6 + [1, 2, 1, 2, 1, 2], "broken")])
def test_the_status_follows_the_rule(seen: list[Any], status: str) -> None:
    assert row(seen)["status"] == status


def test_the_rule_is_written_out_with_its_shares() -> None:
    rule = benefits(table([9] * 8), kept=0.8, broken=0.4, least=3).document()["rule"]
    assert rule[0] == "Too early to say: fewer than 3 months with a promise have been measured."
    assert rule[2] == "Broken: less than 40% of what was promised has been seen."
    assert rule[3] == "Kept: 80% or more has been seen."


def test_a_status_is_clear_only_where_the_whole_range_gives_it() -> None:
    assert row([9.5, 9.6, 9.5, 9.6, 9.5, 9.6])["status_is_clear"] is True
    assert row([5, 14, 9, 12, 4, 13])["status_is_clear"] is False


def test_months_to_come_are_not_counted_as_missed() -> None:
    found = row([10, 10, 10, 10, 10, 10, None, None, None])
    assert (found["status"], found["promised_to_date"], found["months_not_measured"]) == ("kept", 60, 0)


def test_a_measure_that_stopped_is_pointed_out() -> None:
    answer = benefits(table([10] * 6 + [None] * 4), as_at="2032-01")
    assert ("“Visits”: 4 months up to January 2032 were not measured and are left out on both sides, not counted as "
            "nought. The last 4 months are among them.") in answer.remarks


def test_what_was_seen_later_than_the_month_asked_about_is_left_out() -> None:
    found = benefits(table([10] * 6 + [0] * 6), as_at="September 2031")
    assert found.document()["rows"][0]["share"] == 1
    assert any("6 months after September 2031 left out" in remark for remark in found.remarks)


def test_a_benefit_without_owner_is_pointed_out() -> None:
    assert "“Visits” has no owner in the table." in benefits(table([9] * 6)).remarks
    assert not any("no owner" in each for each in benefits(table([9] * 6, owner=["Ms Lee"] * 6)).remarks)


def test_rows_that_are_not_there_are_pointed_out() -> None:
    rows = table([9] * 6)
    rows["month"][5] = "2031-12"
    assert any("the table has no row for 3 months" in remark for remark in benefits(rows).remarks)


# --- wearing off ------------------------------------------------------------------------------------------------------


def test_wearing_off_is_the_recent_share_less_the_early_one_with_its_range() -> None:
    found = row([10, 11, 9, 10, 11, 9, 5, 6, 4, 5, 6, 4])
    assert (found["early"]["share"], found["recent"]["share"]) == (1.0, 0.5)
    assert found["change"]["central"] == pytest.approx(-0.5)
    # Each half: squares 4, variance 4 x 6/5 / 60^2; together 10 degrees of freedom by Welch; t is 2.2281.
    half = 2.228139 * math.sqrt(2 * 4 * 6 / 5) / 60
    assert found["change"]["high"] == pytest.approx(-0.5 + half, rel=1e-5)
    assert found["waning"] is True


def test_a_fall_to_what_was_promised_is_not_wearing_off() -> None:
    assert row([15, 16, 14, 15, 16, 14, 10, 11, 9, 10, 11, 9])["waning"] is False


def test_a_fall_within_chance_is_not_wearing_off() -> None:
    assert row([10, 4, 12, 3, 11, 8, 9, 3, 10, 2, 11, 7])["waning"] is False


def test_with_too_few_months_nothing_is_said_of_wearing_off() -> None:
    found = row([10] * 8)
    assert (found["waning"], found["change"], found["early"]) == (None, None, None)


# --- properties -------------------------------------------------------------------------------------------------------

months = st.lists(st.tuples(st.integers(1, 50), st.one_of(st.none(), st.integers(-20, 80))), min_size=1, max_size=30)


@given(months)
def test_sums_so_far_end_at_the_sums_and_never_count_what_was_not_measured(found: list[tuple[int, int | None]]) -> None:
    assume(any(seen is not None for _, seen in found))
    document = benefits(table([seen for _, seen in found], [due for due, _ in found])).document()
    one, last = document["rows"][0], [point for point in document["series"] if point["seen_so_far"] is not None][-1]
    assert last["seen_so_far"] == pytest.approx(one["seen_to_date"])
    assert last["promised_so_far"] == pytest.approx(one["promised_to_date"])
    assert last["promised_where_measured_so_far"] == pytest.approx(one["promised_in_measured_months"])


@given(months, st.integers(2, 1000))
def test_other_units_change_no_share_and_no_range(found: list[tuple[int, int | None]], factor: int) -> None:
    assume(any(seen is not None for _, seen in found))
    one = row([seen for _, seen in found], [due for due, _ in found])
    other = row([None if seen is None else seen * factor for _, seen in found], [due * factor for due, _ in found])
    assert other["share"] == pytest.approx(one["share"])
    assert (one["interval"] is None) == (other["interval"] is None)
    if one["interval"]:
        assert other["interval"] == pytest.approx(one["interval"], abs=1e-6)


@given(st.permutations(list(range(12))))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    rows = table([10, 11, 9, 10, None, 9, 5, 6, 4, 5, 6, 4])
    mixed = {name: [cells[place] for place in order] for name, cells in rows.items()}
    assert benefits(mixed).document()["rows"] == benefits(rows).document()["rows"]


@given(st.lists(st.integers(0, 40), min_size=3, max_size=20), st.lists(st.integers(0, 40), min_size=3, max_size=20))
def test_a_change_and_its_opposite_mirror_each_other(before: list[int], after: list[int]) -> None:
    one, other = (share(np.full(len(each), 10.0), np.array(each, float), np.arange(len(each)))
                  for each in (before, after))
    assert one is not None
    assert other is not None
    there, back = change(one, other, 0.95), change(other, one, 0.95)
    assert there is not None
    assert back is not None
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


# --- what is wrong is said --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "cell", "message"), [
    ("promised", "-1", "the table:2:promised: a count cannot be negative (-1 found)"),
    ("promised", "", "the table:2:promised: this cell is empty"),
    ("seen", "lots", "the table:2:seen: this is not a number (lots found)"),
    ("month", "soon", "the table:2:month: this is not a month (soon found)"),
    ("month", "April 2031", "the table:2:month: row 1 is for the same benefit and month (Visits 2031-04 found)"),
    ("benefit", "", "the table:2:benefit: this cell is empty")])
def test_what_is_wrong_in_the_table_is_said_with_its_place(column: str, cell: str, message: str) -> None:
    rows = table([9, 9, 9])
    rows[column][1] = cell
    with pytest.raises(Refused) as refused:
        benefits(rows)
    assert message in str(refused.value)


@pytest.mark.parametrize(("rows", "message"), [
    ({"benefit": ["a"], "month": ["2031-04"], "promised": ["1"]}, "there is no column “seen”"),
    (table([9, 9], unit=["£", "people"]), "2:unit: the unit of “Visits” changes from £ (people found)"),
    (table([9], seen_low=[8]), "there is no column “seen_high”"),
    (table([9], seen_low=[10], seen_high=[11]), "1:seen: what was seen lies outside its own range (9 found)"),
    (table([None, None]), "seen: nothing has been seen in any month")])
def test_what_cannot_be_used_is_refused(rows: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        benefits(rows)
    assert message in str(refused.value)


@pytest.mark.parametrize(("options", "message"), [
    ({"confidence": 95.0}, "--confidence: confidence lies between 0 and 1"),
    ({"broken": 0.95}, "--broken: the share for broken lies above the one for kept"),
    ({"recent": 2}, "--recent: at least 3 months are needed"), ({"as_at": "then"}, "--as-at: this is not a month")])
def test_settings_that_cannot_be_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        benefits(table([9]), **options)
    assert message in str(refused.value)


# --- the command and the pictures -------------------------------------------------------------------------------------


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deliver", "benefits", "sample:benefits"]) == 0
    assert "Of 4 benefits promised, as at January 2031, 1 is kept, 1 is waning, 1 is broken" in capsys.readouterr().out


def test_the_command_gives_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "benefits.csv"
    path.write_text("what,when,promised,seen,unit\n" + "".join(f"Visits,2031-{month:02d},10,{seen},£\n"
                    for month, seen in enumerate([8, 9, 10, 6, 7, 8], start=1)))
    words = ["deliver", "benefits", str(path), "--columns", "benefit=what,month=when", "--json"]
    assert main(words) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["rows"][0]["share"] == pytest.approx(48 / 60)
    assert document["as_at"] == "2031-06"
    assert document["sentence"].endswith(
        "of what was promised has been seen in the 6 months measured (£48 of £60): partly kept, though the range "
        "leaves room for another answer.")


def test_the_pictures_show_shares_and_sums() -> None:
    shares, first, *rest = benefits("sample:benefits").figures
    assert len(rest) == 3
    assert "kept from 90%" in shares.svg()
    assert first.sentence.startswith("“Bed days saved on ward 3”: 96%")
    assert "Promised in the months measured" in first.svg()
    assert "dotted line" in first.note
