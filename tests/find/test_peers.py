"""Peers: who is most like a body, why, and for which measure."""

from __future__ import annotations

import io
import json
from itertools import combinations
from math import factorial
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.find import peers
from evenhand.find.peers_sums import learnt_weights, standardised
from evenhand.terms import Refused

FIVE = {"unit": ["a", "b", "c", "d", "e"], "size": [100, 110, 180, 300, 95], "age": [8.0, 8.5, 8.1, 12.0, 14.0]}


def refused(*arguments, **options) -> str:
    with pytest.raises(Refused) as refusal:
        peers(*arguments, **options)
    return "\n".join(refusal.value.lines())


def invented(units: int = 60, *, seed: int = 4) -> dict[str, list]:
    """Units whose measure follows need alone, beside two columns that have nothing to do with it."""
    rng = np.random.default_rng(seed)
    need, noise, other = rng.standard_normal((3, units))
    return {"unit": [f"u{place}" for place in range(units)], "need": list(need), "noise": list(noise),
            "other": list(other), "measure": list(10 + 3 * need + 0.5 * rng.standard_normal(units))}


# --- sums in sight ----------------------------------------------------------------------------------------------------


def test_distance_is_the_sum_of_squared_standardised_differences():
    answer = peers(FIVE, of="a", count=4)
    rows = {row["unit"]: row for row in answer.fields["rows"]}
    for place, unit in enumerate(FIVE["unit"][1:], start=1):
        parts = [((FIVE[name][place] - FIVE[name][0]) / stdev(FIVE[name])) ** 2 for name in ("size", "age")]
        assert rows[unit]["distance"] == pytest.approx(sum(parts))
        assert rows[unit]["shares"] == pytest.approx(
            {"size": parts[0] / sum(parts), "age": parts[1] / sum(parts)})
    assert answer.fields["peers"] == ["b", "c", "e", "d"]
    assert answer.fields["weights"] == {"size": 1, "age": 1}


def test_the_published_method_is_named_and_so_is_its_weakness():
    answer = peers(FIVE, of="a", count=2)
    assert answer.fields["weighting"] == "equal"
    assert any("similar-ten" in each and "Dropkin 2017" in each for each in answer.remarks)


def test_the_profile_says_in_what_a_body_is_unlike_its_peers():
    answer = peers(FIVE, of="a", count=2)
    size, age = answer.fields["profile"]
    assert (size["value"], size["peers"], size["all"]) == (100, mean([110, 180]), mean(FIVE["size"]))
    assert (size["peers_below"], size["peers_above"], size["outside_peers"]) == (0, 2, True)
    assert (age["peers_below"], age["peers_above"]) == (0, 2)
    assert any("lies outside all its peers on size and age" in each for each in answer.remarks)


def test_two_uncorrelated_columns_have_their_squared_correlations_as_weights():
    # Columns at right angles: R squared is the sum of the squared correlations, and so are the weights.
    first = np.array([1.0, 1, 1, 1, -1, -1, -1, -1] * 4)
    second = np.array([1.0, 1, -1, -1, 1, 1, -1, -1] * 4)
    measure = 3 * first + 1 * second + np.array([1.0, -1] * 16)
    found = learnt_weights(standardised(np.column_stack([first, second])), measure)
    assert found.r_squared == pytest.approx((9 + 1) / (9 + 1 + 1))
    adjusted = 1 - (1 / 11) * 31 / 29
    trusted = adjusted / (10 / 11)
    assert found.weights == pytest.approx([2 * (trusted * 0.9 + (1 - trusted) / 2),
                                           2 * (trusted * 0.1 + (1 - trusted) / 2)])


def test_relative_weights_come_near_the_average_gain_over_all_orders():
    # Lindeman, Merenda and Gold (1980): the mean gain in R squared over all orders of entry; Johnson (2000) found his
    # weights within a few hundredths of it.
    rng = np.random.default_rng(8)
    columns = rng.standard_normal((400, 3)) @ np.array([[1, 0.6, 0], [0, 0.8, 0.3], [0, 0, 0.9]])
    measure = columns @ [1.0, 0.5, -0.3] + rng.standard_normal(400)
    standard = standardised(columns)

    def r_squared(chosen: tuple[int, ...]) -> float:
        if not chosen:
            return 0.0
        kept = standard[:, chosen]
        fitted = kept @ np.linalg.lstsq(kept, measure - measure.mean(), rcond=None)[0]
        return float((fitted**2).sum() / ((measure - measure.mean()) ** 2).sum())

    found = learnt_weights(standard, measure)
    assert found.r_squared == pytest.approx(r_squared((0, 1, 2)))
    relative = (found.weights / 3 - (1 - found.trusted) / 3) / found.trusted * found.r_squared
    for column in range(3):
        others = [each for each in range(3) if each != column]
        gain = sum(factorial(size) * factorial(2 - size) / 6 *
                   (r_squared((*before, column)) - r_squared(before))
                   for size in range(3) for before in combinations(others, size))
        assert relative[column] == pytest.approx(gain, abs=0.02)


def test_what_predicts_the_measure_chooses_its_peers():
    table = invented()
    answer = peers(table, of="u0", count=5, measure="measure")
    weights = answer.fields["weights"]
    assert weights["need"] > 2.5 > 0.3 > max(weights["noise"], weights["other"])
    assert sum(weights.values()) == pytest.approx(3)
    own = table["measure"][0]
    off = [abs(table["measure"][table["unit"].index(unit)] - own) for unit in answer.fields["peers"]]
    plain = [abs(table["measure"][table["unit"].index(unit)] - own)
             for unit in peers(table, of="u0", count=5, using=["need", "noise", "other"]).fields["peers"]]
    assert mean(off) < mean(plain)
    assert [row["rank"] for row in answer.fields["rows"]] == [1, 2, 3, 4, 5]


def test_a_measure_that_nothing_predicts_leaves_the_weights_all_but_equal():
    table = invented(30)
    table["measure"] = list(np.random.default_rng(0).standard_normal(30))
    answer = peers(table, of="u0", count=5, measure="measure")
    assert answer.fields["trusted"] == 0
    assert list(answer.fields["weights"].values()) == pytest.approx([1, 1, 1])
    assert [row["rank_equal"] for row in answer.fields["rows"]] == [1, 2, 3, 4, 5]
    assert any("no nearer in measure than equal ones" in each for each in answer.remarks)
    assert answer.fields["misses"]["these_weights"] == answer.fields["misses"]["equal_weights"]


def test_weights_are_kept_only_so_far_as_they_bring_peers_nearer():
    table = invented()
    answer = peers(table, of="u0", count=5, measure="measure")
    miss = answer.fields["misses"]
    assert miss["these_weights"] < 0.6 * miss["equal_weights"] < miss["mean_of_all"]
    # The misses by hand: each other unit's five nearest by these weights, itself and u0 left out.
    names = ["need", "noise", "other"]
    standard = {name: (np.array(table[name]) - mean(table[name])) / stdev(table[name]) for name in names}
    value, missed = np.array(table["measure"]), []
    for one in range(1, 60):
        distance = sum(answer.fields["weights"][name] * (standard[name] - standard[name][one]) ** 2 for name in names)
        nearest = [place for place in np.argsort(distance) if place not in (0, one)][:5]
        missed.append(abs(value[one] - value[nearest].mean()))
    assert miss["these_weights"] == pytest.approx(mean(missed))


def test_a_body_never_chooses_its_own_peers_by_its_own_figure():
    table = invented()
    before = peers(table, of="u0", measure="measure").fields
    table["measure"][0] = 1e6
    after = peers(table, of="u0", measure="measure").fields
    assert after["peers"] == before["peers"]
    assert after["weights"] == before["weights"]
    assert after["comparison"]["own"] == 1e6
    del table["measure"][0]
    table["measure"].insert(0, None)
    assert peers(table, of="u0", measure="measure").fields["comparison"]["own"] is None


def test_the_comparison_is_of_plain_means():
    table = invented()
    fields = peers(table, of="u0", count=3, measure="measure").fields
    value = dict(zip(table["unit"], table["measure"], strict=True))
    assert fields["comparison"]["peers"] == pytest.approx(mean(value[unit] for unit in fields["peers"]))
    assert fields["comparison"]["all_others"] == pytest.approx(mean(table["measure"][1:]))


def test_other_peers_may_be_tried_and_some_left_out():
    fields = peers(FIVE, of="a", peers=["d", "b"]).fields
    assert fields["peers"] == ["b", "d"]
    assert [row["rank"] for row in fields["rows"]] == [1, 4]
    assert "b" not in peers(FIVE, of="a", without=["b"], count=2).fields["peers"]


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=4, max_size=12, unique=True),
       st.floats(0.01, 1000), st.floats(-1000, 1000))
def test_peers_do_not_hang_on_the_units_of_a_column(places, times, plus):
    first, second = ([round(each[column], 3) for each in places] for column in (0, 1))
    if len(set(first)) < 3 or len(set(second)) < 3:
        return
    units = [f"u{place}" for place in range(len(places))]
    plain = peers({"unit": units, "x": first, "y": second}, of="u0", count=3).fields
    scaled = peers({"unit": units, "x": [each * times + plus for each in first], "y": second}, of="u0", count=3).fields
    assert [row["distance"] for row in scaled["rows"]] == pytest.approx(
        [row["distance"] for row in plain["rows"]], rel=1e-4, abs=1e-6)
    for row in plain["rows"]:
        assert row["distance"] == 0 or sum(row["shares"].values()) == pytest.approx(1)
    assert [row["distance"] for row in plain["rows"]] == sorted(row["distance"] for row in plain["rows"])


def test_columns_of_words_and_columns_all_alike_are_left_out_and_said():
    answer = peers({**FIVE, "region": ["north"] * 5, "country": [1] * 5}, of="a", count=2)
    assert list(answer.fields["weights"]) == ["size", "age"]
    assert "Not numbers, so not compared: region." in answer.remarks
    assert "The same everywhere, so not compared: country." in answer.remarks


def test_a_unit_with_a_missing_figure_is_left_out_and_said():
    answer = peers({**FIVE, "age": [8.0, None, 8.1, 12.0, 14.0]}, of="A", count=10)
    assert "b" not in answer.fields["peers"]
    assert answer.fields["of"] == "a"
    assert "Left out for a missing figure: b." in answer.remarks
    assert "There are only 3 other units." in answer.remarks


@pytest.mark.real
def test_peers_of_a_real_body_are_those_the_formula_gives(real: Path):
    path = real / "icb-indicators" / "health_index_icb_2015_2021.csv"
    columns = ["healthy_people_domain", "healthy_lives_domain", "healthy_places_domain"]
    frame = pd.read_csv(path)
    frame = frame[frame["year"] == 2021].rename(columns={"icb22_code": "unit"})
    standard = (frame[columns] - frame[columns].mean()) / frame[columns].std()
    standard.index = frame["unit"]
    distance = ((standard - standard.loc["E54000008"]) ** 2).sum(axis=1).drop("E54000008").sort_values()
    found = peers(frame, of="E54000008", using=columns).fields
    assert found["peers"] == list(distance.index[:10])
    assert [row["distance"] for row in found["rows"]] == pytest.approx(list(distance[:10]))


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "options", "said"), [
    (FIVE, {}, "--of: whose peers is not said"),
    (FIVE, {"of": "f"}, "--of: there is no such unit"),
    ({"code": ["a"], "size": [1]}, {"of": "a"}, "there is no column “unit”"),
    ({**FIVE, "size": [100, 110, "many", 300, 95]}, {"of": "a"}, "3:size: this is not a number (many found)"),
    ({**FIVE, "unit": ["a", "a", "c", "d", "e"]}, {"of": "a"}, "row 1 is for the same unit"),
    ({"unit": ["a", "b", "c"], "region": ["n", "s", "w"]}, {"of": "a"}, "no column of numbers"),
    ({"unit": ["a", "b", "c"], "size": [1, 1, 1]}, {"of": "a"}, "the same everywhere"),
    ({"unit": ["a", "b"], "size": [1, 2]}, {"of": "a"}, "only 2 units have every figure"),
    (FIVE, {"of": "a", "count": 0}, "--count: at least one peer is needed"),
    (FIVE, {"of": "a", "using": ("weight",)}, "there is no column “weight”"),
    (FIVE, {"of": "a", "measure": "age", "using": ("age",)}, "--using: the measure cannot be among"),
    (FIVE, {"of": "a", "measure": "age"}, "4 other units with the measure cannot teach"),
    (FIVE, {"of": "a", "peers": ("z",)}, "--peers: there is no such unit"),
    (FIVE, {"of": "a", "peers": ("a",)}, "--peers: a body is not its own peer"),
    (FIVE, {"of": "a", "without": ("a",)}, "--without: the body whose peers are sought is left out"),
    (FIVE, {"of": "a", "without": ("z",)}, "--without: there is no such unit to leave out")])
def test_what_cannot_be_is_refused_in_words(table, options, said):
    assert said in refused(table, **options)


# --- the command and the pictures -------------------------------------------------------------------------------------


def test_the_command_answers_as_the_function_does(capsys, monkeypatch):
    text = "code,size,age\n" + "\n".join(",".join(map(str, row)) for row in zip(*FIVE.values(), strict=True))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["find", "peers", "-", "--of", "a", "--count", "3", "--columns", "unit=code", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == peers(FIVE, of="a", count=3).document()["rows"]


def test_the_figures_tell_the_body_from_its_peers_by_shape_and_write_every_share():
    answer = peers("sample:peers", of="Millgate", count=5, measure="emergency_admissions")
    profile, shares = answer.figures
    scale = profile.chart["layer"][1]["encoding"]["shape"]["scale"]
    assert scale == {"domain": ["Millgate", "its peers"], "range": ["diamond", "circle"]}
    drawn = shares.svg()
    for row in answer.fields["rows"]:
        for share in row["shares"].values():
            assert f">{share * 100:.0f}%<" in drawn
    assert "Millgate is the diamond" in profile.note
