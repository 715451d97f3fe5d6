"""Who wins, who loses, and the fewest payments after which nobody is worse off."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from evenhand.choose import transfers
from evenhand.choose.transfers_payments import fewest_payments
from evenhand.cli import main
from evenhand.terms import Refused


def gains(**amounts: float) -> dict[str, Any]:
    return {"organisation": list(amounts), "net_gain": list(amounts.values())}


def refusal(table: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        transfers(table, **options)
    return str(refused.value)


def test_gains_are_summed_over_schemes_and_years():
    answer = transfers({"organisation": ["A", "A", "B"], "scheme": ["s", "t", "s"], "year": ["2027/28"] * 3,
                        "net_gain": [100, -30, -20]})
    assert [(row["organisation"], row["net_gain"], row["standing"]) for row in answer.fields["rows"]] == [
        ("A", 70, "wins"), ("B", -20, "loses")]
    assert answer.fields["transfers"] == [{"from": "A", "to": "B", "amount": 20, "year": None}]
    assert answer.fields["rows"][0]["after"] == 50
    assert [(row["scheme"], row["net_gain"], row["loses"]) for row in answer.fields["by_scheme"]] == [
        ("s", 80, ["B"]), ("t", -30, ["A"])]


def test_one_payment_each_is_found_where_the_largest_first_would_split():
    # 7 and 6 can give; 5, 4, 2 and 2 are needed: 5 and 2 from one, 4 and 2 from the other.
    answer = transfers(gains(A=7, B=6, C=-5, D=-4, E=-2, F=-2))
    assert answer.fields["number_of_payments"] == 4
    assert answer.fields["fewest_proved"] is True
    assert {row["after"] for row in answer.fields["rows"]} == {0}


def test_a_loss_that_nobody_can_make_good_alone_takes_two():
    answer = transfers(gains(A=3, B=3, C=-5))
    assert answer.fields["number_of_payments"] == 2
    assert answer.fields["fewest_proved"] is True
    assert sum(each["amount"] for each in answer.fields["transfers"]) == pytest.approx(5)


def test_where_all_together_lose_no_payments_can_mend_it_and_what_lacks_is_said():
    answer = transfers({"organisation": ["A", "B", "B"], "scheme": ["one", "one", "two"], "net_gain": [10, 5, -40]})
    assert answer.fields["possible"] is False
    assert answer.fields["transfers"] == []
    assert answer.fields["short_by"] == pytest.approx(25)
    # The losses of B come to 35, and A can give 10.
    assert "The losses come to £35 and those who gain can give £10: £25 would have to come from outside." in (
        answer.fields["none_because"])
    assert "Without two the others together would leave enough" in answer.fields["none_because"]
    assert "No payments among them can leave nobody worse off." in answer.sentence


def test_nobody_may_lose_in_any_year_is_harder_than_over_the_period():
    table = {"organisation": ["A", "A", "B", "B"], "year": ["1", "2", "1", "2"], "net_gain": [-10, 30, 4, -2]}
    assert transfers(table).fields["transfers"] == []
    assert "All together are down in 1" in transfers(table).remarks[0]
    answer = transfers(table, each="year")
    assert answer.fields["short_years"] == [{"year": "1", "short_by": 6}]
    assert "a loan from outside, paid back from later years, would do it" in answer.sentence


def test_payments_by_year_say_the_year():
    table = {"organisation": ["A", "A", "B", "B"], "year": ["2", "1", "1", "2"], "net_gain": [-10, 30, -4, 20]}
    answer = transfers(table, each="year")
    assert answer.fields["transfers"] == [{"from": "A", "to": "B", "amount": 4, "year": "1"},
                                          {"from": "B", "to": "A", "amount": 10, "year": "2"}]
    assert answer.sentence == "Nobody loses over the period; 2 payments would leave nobody worse off in any year."


def test_those_who_gain_may_keep_a_share():
    # A keeps half of 10, so B has to give the other 3.
    answer = transfers(gains(A=10, B=8, C=-8), keep=0.5)
    assert answer.fields["number_of_payments"] == 2
    assert {row["organisation"]: row["after"] >= row["net_gain"] / 2 for row in answer.fields["rows"]} == {
        "A": True, "B": True, "C": True}
    answer = transfers(gains(A=10, C=-8), keep=0.5)
    assert "keeping 50%" in answer.fields["none_because"]
    assert "It could be done if those who gain kept less." in answer.fields["none_because"]


def test_where_nobody_loses_nothing_is_paid():
    answer = transfers(gains(A=1, B=0))
    assert answer.fields["transfers"] == []
    assert answer.sentence == "Nobody loses: no payments are needed."


def test_sums_that_come_to_nought_but_for_rounding_count_as_even():
    answer = transfers({"organisation": ["A"] * 3 + ["B"], "scheme": list("abcd"), "net_gain": [0.1, 0.2, -0.3, 0.0]})
    assert [row["standing"] for row in answer.fields["rows"]] == ["even", "even"]


def test_with_many_organisations_it_is_said_when_fewer_might_do():
    # Nine who can give 4 each, nine who need 3.9 and 4.05 in turn: 18 in all, and the last must be split.
    can_pay = {f"w{place}": 4.0 for place in range(9)}
    needs = {f"l{place}": 3.9 if place % 2 else 4.05 for place in range(9)}
    plan = fewest_payments({**can_pay, "w0": 4.3}, needs)
    received = {name: sum(each.amount for each in plan.payments if each.payee == name) for name in needs}
    assert received == pytest.approx(needs)
    assert len(plan.payments) > 9
    assert plan.fewest is False
    amounts = {**can_pay, "w0": 4.3, **{name: -each for name, each in needs.items()}}
    assert "perhaps not the fewest there can be" in transfers(gains(**amounts)).sentence


# --- properties -------------------------------------------------------------------------------------------------------


def fewest_by_trying(can_pay: list[int], needs: list[int]) -> int:
    """The fewest payments by trying every set of pairs: enough where each group of payees can be met by its payers."""
    pairs = [(payer, payee) for payer in range(len(can_pay)) for payee in range(len(needs))]
    for count in range(len(needs), len(pairs) + 1):
        for chosen in combinations(pairs, count):
            if all(sum(needs[each] for each in group) <= sum(
                    can_pay[payer] for payer in {payer for payer, payee in chosen if payee in group})
                   for size in range(1, len(needs) + 1) for group in combinations(range(len(needs)), size)):
                return count
    raise AssertionError("no payments at all")


@given(st.lists(st.integers(1, 9), min_size=1, max_size=3), st.lists(st.integers(1, 9), min_size=1, max_size=3))
@how(max_examples=60)
def test_no_fewer_payments_would_do(can_pay, needs):
    if sum(can_pay) < sum(needs):
        return
    plan = fewest_payments({f"w{place}": float(each) for place, each in enumerate(can_pay)},
                           {f"l{place}": float(each) for place, each in enumerate(needs)})
    assert plan.fewest
    assert len(plan.payments) == fewest_by_trying(can_pay, needs)


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=14))
@how(max_examples=40)
def test_payments_sum_to_nought_and_leave_nobody_worse_off(amounts):
    answer = transfers({"organisation": [f"o{place}" for place in range(len(amounts))], "net_gain": amounts})
    rows = answer.fields["rows"]
    assert sum(row["receives"] - row["pays"] for row in rows) == pytest.approx(0, abs=1e-6)
    assert answer.fields["possible"] == (sum(amounts) >= 0 or not any(each < 0 for each in amounts))
    if answer.fields["possible"]:
        assert all(row["after"] >= -1e-6 for row in rows)
        assert all(row["pays"] == 0 or row["net_gain"] > 0 for row in rows)
    else:
        assert answer.fields["short_by"] == pytest.approx(-sum(amounts))


# --- what is refused, and the command ---------------------------------------------------------------------------------


def test_what_is_missing_or_cannot_be_is_named():
    assert "there is no column “net_gain”" in refusal({"organisation": ["A"]})
    assert "this is not a number" in refusal({"organisation": ["A"], "net_gain": ["TBC"]})
    assert "this cell is empty" in refusal({"organisation": ["A", "B"], "net_gain": [1, None]})
    assert "is for the same organisation" in refusal({"organisation": ["A", "A"], "net_gain": [1, 2]})
    assert "the share kept lies from 0 to below 1" in refusal(gains(A=1), keep=1)


def test_the_example_runs_and_draws_its_figures(capsys, tmp_path):
    assert main(["choose", "transfers", "sample:net-gains", "--out", str(tmp_path)]) == 0
    assert "3 payments, the fewest there can be" in " ".join(capsys.readouterr().out.split())
    assert {"who-wins.svg", "payments.svg"} <= {each.name for each in tmp_path.iterdir()}


def test_the_command_and_the_function_say_the_same(capsys, tmp_path):
    path = tmp_path / "gains.csv"
    path.write_text("organisation,scheme,year,net_gain\nA,s,2027/28,70\nB,s,2027/28,-20\n")
    assert main(["choose", "transfers", str(path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["transfers"] == transfers(str(path)).fields["transfers"]
    assert document["transfers"] == [{"from": "A", "to": "B", "amount": 20, "year": None}]
