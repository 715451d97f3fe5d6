"""What is paid under each kind of terms, and who bears which risk."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.deliver import payment
from evenhand.deliver.terms_of_payment import KINDS, PAID, Outcome, Terms, borne_by_commissioner, who_bears
from evenhand.terms import Refused

# 100 admissions planned at £2,000 and 40 clinics at £150: £206,000. Done were 110 and 40: £226,000.
LINES = [{"point_of_delivery": "admission", "planned": 100, "price": 2000},
         {"point_of_delivery": "clinic", "planned": 40, "price": 150}]
ACTIVITY = {"point_of_delivery": ["admission", "clinic"], "count": [110, 40]}


def contract(terms="per case", **more):
    return {"terms": terms, "lines": LINES, **more}


def paid(terms, **more):
    return payment(contract(terms, **more), activity=ACTIVITY).fields["payment"]


def test_a_block_pays_what_was_planned():
    assert paid("block") == 100 * 2000 + 40 * 150 == 206_000


def test_per_case_pays_each_at_its_price():
    assert paid("per case") == 110 * 2000 + 40 * 150 == 226_000


def test_blended_pays_the_plan_and_the_marginal_rate_of_what_differs():
    assert paid("blended", marginal_rate=0.2) == pytest.approx(206_000 + 0.2 * 20_000)


def test_a_fixed_share_is_another_way_to_write_the_marginal_rate():
    assert paid("blended", fixed_share=0.8) == pytest.approx(0.8 * 206_000 + 0.2 * 226_000)


def test_cap_and_collar_pay_each_case_within_bounds():
    assert paid("cap and collar", cap=1.02, collar=0.98) == pytest.approx(1.02 * 206_000)
    assert paid("cap and collar", cap=1.2, collar=0.98) == 226_000
    few = {"point_of_delivery": ["admission", "clinic"], "count": [50, 40]}
    low = payment(contract("cap and collar", cap=1.02, collar=0.98), activity=few)
    assert low.fields["payment"] == pytest.approx(0.98 * 206_000)


def test_what_hangs_on_outcomes_is_paid_as_far_as_they_are_reached():
    outcomes = [{"name": "in time", "weight": 2, "baseline": 0.6, "target": 0.8, "seen": 0.75},
                {"name": "home", "weight": 1, "baseline": 0.5, "target": 0.6, "seen": 0.4}]
    # three quarters of the way on a weight of 2, none on a weight of 1: half is reached, so half of 4% is kept back
    assert paid("outcome-linked", at_risk=0.04, outcomes=outcomes) == pytest.approx(206_000 * (1 - 0.04 * 0.5))


def test_a_target_that_lies_below_where_it_began_is_reached_by_falling():
    assert Outcome("falls", 1, baseline=10, target=6, seen=7).reached == pytest.approx(0.75)
    assert Outcome("falls", 1, baseline=10, target=6, seen=12).reached == 0


def test_a_gain_share_takes_a_part_of_a_loss_and_gives_a_part_of_a_saving():
    # £20,000 above the plan, half of it the provider's
    assert paid("gain share", provider_share=0.5, provider_share_of_loss=0.5) == 226_000 - 10_000
    # £14,000 below a baseline of £240,000: paid at price, and 30% of the saving
    assert paid("gain share", provider_share=0.3, baseline=240_000) == pytest.approx(226_000 + 0.3 * 14_000)


def test_no_saving_is_shared_where_quality_was_not_met():
    assert paid("gain share", baseline=240_000, quality_met=False) == 226_000


def test_no_more_is_shared_than_was_agreed():
    assert paid("gain share", provider_share=0.5, baseline=240_000, at_most=0.01) == pytest.approx(226_000 + 1200)


# --- published sums ---------------------------------------------------------------------------------------------------


def test_a_saving_under_the_least_earns_nothing_as_published():
    """Axene Health Partners, Minimum Savings Rates in Shared Savings Arrangements: $500.00 planned and $495.50 spent a
    month on 125,000 member months earn half of the saving, $281,250; with a least saving of 1% they earn nothing.
    """
    planned, done = 500.00 * 125_000, 495.50 * 125_000
    half = PAID["gain share"](planned, done, Terms(provider_share=0.5))
    assert half - done == pytest.approx(281_250)
    least = PAID["gain share"](planned, done, Terms(provider_share=0.5, least=0.01))
    assert least - done == 0


def test_a_saving_above_the_least_is_shared_from_the_first_pound_as_published():
    """Kaufman and Canoles (2011), Shared Savings Program for ACOs, part II: a benchmark of $100 million, 2% at least,
    80% shared, $94 million spent: $4,800,000.
    """
    done = 94_000_000.0
    assert PAID["gain share"](100e6, done, Terms(provider_share=0.8, least=0.02)) - done == pytest.approx(4_800_000)


def test_the_marginal_rate_for_emergency_admissions_pays_seventy_per_cent_above_the_baseline_as_published():
    """Healthcare Financial Management Association (31 October 2018), Tariff: the right blend: 100% of tariff for the
    baseline, 70% for what lies above it.
    """
    rate = Terms(marginal_rate=0.7)
    assert PAID["blended"](1_000_000, 1_100_000, rate) == pytest.approx(1_000_000 + 70_000)
    assert borne_by_commissioner("blended", 1_000_000, rate, 0.1) == pytest.approx(0.7)


# --- who bears which risk ---------------------------------------------------------------------------------------------


def test_who_bears_more_and_less_activity_under_each_kind_of_terms():
    outcome = [{"name": "in time", "baseline": 0.6, "target": 0.8, "seen": 0.8}]
    answer = payment(contract("block", marginal_rate=0.2, cap=1.02, collar=0.98, outcomes=outcome), activity=ACTIVITY)
    found = {row["terms"]: (row["bears_more"], row["bears_less"]) for row in answer.fields["rows"]}
    # a tenth more activity: a cap at 2% leaves four fifths of it to the provider
    assert found == {"block": ("provider", "provider"), "per case": ("commissioner", "commissioner"),
                     "blended": ("shared", "shared"), "cap and collar": ("shared", "shared"),
                     "outcome-linked": ("provider", "provider"), "gain share": ("shared", "shared")}
    cap = next(row for row in answer.fields["rows"] if row["terms"] == "cap and collar")
    assert cap["commissioner_share_of_more"] == pytest.approx(0.2)


@given(st.floats(1e3, 1e9), st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 1))
def test_every_kind_of_terms_pays_the_plan_where_what_was_done_is_the_plan(planned, rate, band, share):
    terms = Terms(marginal_rate=rate, cap=1 + band, collar=1 - band, provider_share=share,
                  provider_share_of_loss=share)
    for kind in KINDS:
        assert PAID[kind](planned, planned, terms) == pytest.approx(planned)


@given(st.floats(1e3, 1e9), st.floats(0.01, 3), st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 1))
def test_no_terms_pay_more_for_less_and_none_go_beyond_block_and_per_case(planned, part, rate, band, share):
    terms = Terms(marginal_rate=rate, cap=1 + band, collar=1 - band, provider_share=share,
                  provider_share_of_loss=share)
    done = planned * part
    low, high = sorted((planned, done))
    for kind in ("blended", "cap and collar", "gain share"):
        assert low * (1 - 1e-9) <= PAID[kind](planned, done, terms) <= high * (1 + 1e-9)
        assert PAID[kind](planned, done, terms) <= PAID[kind](planned, done * 1.1, terms) * (1 + 1e-9)
        assert -1e-9 <= borne_by_commissioner(kind, planned, terms, 0.1) <= 1 + 1e-9


def test_the_word_for_who_bears_it_follows_the_share():
    assert [who_bears(share) for share in (1, 0.9, 0.89, 0.5, 0.11, 0.1, 0)] == [
        "commissioner", "commissioner", "shared", "shared", "shared", "provider", "provider"]


# --- the year's activity ----------------------------------------------------------------------------------------------


def test_only_the_contracts_own_provider_and_months_are_taken_and_the_plan_shrinks_with_the_months_held():
    table = {"provider": ["Z1", "Z1", "Z1", "Z2"], "month": ["2026-04", "2026-05", "2027-04", "2026-04"],
             "point_of_delivery": ["clinic"] * 4, "count": [10, 12, 99, 99]}
    one = {"terms": "per case", "provider": "Z1", "from": "2026-04", "to": "2026-07",
           "lines": [{"point_of_delivery": "clinic", "planned": 40, "price": 150}]}
    answer = payment(one, activity=table)
    assert answer.fields["payment"] == 22 * 150
    assert answer.fields["planned_value"] == 40 * 150 / 2
    assert any("2 of the contract's 4 months" in each for each in answer.remarks)


def test_what_the_contract_does_not_name_is_left_out_and_said():
    table = {"point_of_delivery": ["admission", "clinic", "scan"], "count": [110, 40, 7]}
    assert any("left out: scan" in each for each in payment(contract(), activity=table).remarks)


def test_numbers_that_are_not_the_contracts_are_said_to_be_supposed():
    remark = next(each for each in payment(contract(cap=1.02, collar=0.98), activity=ACTIVITY).remarks
                  if "supposed" in each)
    assert "a marginal rate of 50%" in remark
    assert "a cap" not in remark


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "said"), [
    ({"terms": "blok"}, "there are no such terms (blok found); did you mean block?"),
    ({"terms": None}, "the contract does not say its terms"),
    ({"lines": []}, "the contract has no lines"),
    ({"lines": [{"point_of_delivery": "admission", "planned": -1, "price": 2}]}, "this number is negative (-1 found)"),
    ({"lines": [{"point_of_delivery": "admission", "planned": "ten", "price": 2}]}, "this is not a number (ten found)"),
    ({"lines": [*LINES, LINES[0]]}, "two lines have this point of delivery (admission found)"),
    ({"lines": [{**LINES[0], "planned": 0}, {**LINES[1], "planned": 0}]}, "the contract plans nothing"),
    ({"cap": 0.9, "collar": 1.1}, "the collar lies above the cap"),
    ({"marginal_rate": 3}, "this is no share between 0 and 1"),
    ({"marginal_rate": 0.5, "fixed_share": 0.8}, "the fixed share and the marginal rate do not go together"),
    ({"from": "2026-05", "to": "2026-04"}, "it ends before it begins"),
    ({"from": "May"}, "this is not a month (May found)"),
    ({"margnal_rate": 0.5}, "this name is not known; did you mean marginal_rate?"),
    ({"outcomes": [{"name": "a", "baseline": 1, "target": 1, "seen": 1}]}, "the target is where it began"),
    ({"terms": "outcome-linked"}, "the terms hang on outcomes, and the contract names none")])
def test_a_contract_that_cannot_be_is_refused_in_words(change, said):
    with pytest.raises(Refused) as refused:
        payment(contract() | change, activity=ACTIVITY)
    assert said in "\n".join(refused.value.lines())


@pytest.mark.parametrize(("table", "said"), [
    ({"point_of_delivery": ["admission"], "count": [1]}, "the activity has no row for “clinic”"),
    ({"point_of_delivery": ["admission", "clinic"], "count": [1, -2]}, "-2"),
    ({"point_of_delivery": ["admission", "clinic"], "count": ["many", 2]}, "many"),
    ({"point_of_delivery": ["admission", "clinic"]}, "count")])
def test_activity_that_cannot_be_used_is_refused_in_words(table, said):
    with pytest.raises(Refused) as refused:
        payment(contract(), activity=table)
    assert said in "\n".join(refused.value.lines())


@pytest.mark.parametrize("wrong", [{"swing": 0}, {"marginal_rate": 2}, {"cap": 0.9, "collar": 1}])
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(Refused):
        payment(contract(), activity=ACTIVITY, **wrong)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_says_what_is_paid_and_gives_it_as_json(capsys):
    words = ["deliver", "payment", "sample:contract", "--activity", "sample:activity"]
    assert main(words) == 0
    assert "is paid under blended terms" in " ".join(capsys.readouterr().out.split())
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    # 1,280 admissions at £2,000 and 2,970 appointments at £150, against 1,200 and 3,000; a fifth of what differs
    assert found["value_done"] == 1280 * 2000 + 2970 * 150
    assert found["payment"] == pytest.approx(2_850_000 + 0.2 * (3_005_500 - 2_850_000))
    assert {row["terms"] for row in found["rows"]} == set(KINDS)
