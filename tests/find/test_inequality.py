"""Slope and relative index of inequality: the line, its intervals, and every case of the reference."""

from __future__ import annotations

import csv
import io
import json
import re
from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.find import inequality
from evenhand.terms import Refused

# PHEindicatormethods 2.1 (UK Health Security Agency), test data of phe_sii: life expectancy by tenth of deprivation.
TENTHS = {
    "group": list(range(1, 11)),
    "population": [7291, 7997, 6105, 7666, 5790, 6934, 5918, 5974, 7147, 7534],
    "value": [75.9334590103081, 78.3442382727843, 83.8360631041654, 83.6375399664931, 80.4655031529559,
              81.1156759857022, 81.6930835718562, 84.1900062060987, 80.5955641081472, 86.2894349578624],
    "standard_error": [1.638472426358545, 1.578192884542907, 1.5134355059640296, 1.7754906175801293,
                       1.7013390591981388, 1.56412107376755, 1.3681148366878566, 1.4001418005940802,
                       2.4328463975781616, 1.5665181695934678]}
# Thirds of one size, whose middles stand at 1/6, 1/2 and 5/6, make sums that can be seen.
THIRDS = {"group": ["most", "middle", "least"], "population": [100, 100, 100], "value": [10.0, 14.0, 24.0],
          "standard_error": [1.0, 1.0, 1.0]}


def refused(*arguments, **options) -> str:
    with pytest.raises(Refused) as refusal:
        inequality(*arguments, **options)
    return "\n".join(refusal.value.lines())


# --- published figures ------------------------------------------------------------------------------------------------


def test_the_indices_are_those_public_health_publishes():
    fields = inequality(TENTHS).fields
    assert fields["intercept"] == pytest.approx(78.07663078231671, rel=1e-12)
    assert fields["slope_index"] == pytest.approx(6.934616473668819, rel=1e-12)
    assert fields["relative_index"] == pytest.approx(1.0888180804446217, rel=1e-12)
    # Published from 100,000 draws; ours are exact.
    width = 10.7586873680794 - 3.127594617650817
    assert fields["intervals"]["slope_index"]["0.95"] == pytest.approx(
        [3.127594617650817, 10.7586873680794], abs=0.01 * width)
    assert fields["intervals"]["relative_index"]["0.95"] == pytest.approx(
        [1.0383690591642838, 1.1412993360251238], abs=0.001)
    assert fields["interval_method"] == {"slope_index": "exact", "relative_index": "exact"}


# --- sums in sight ----------------------------------------------------------------------------------------------------


def test_the_line_is_the_least_squares_through_the_relative_ranks():
    fields = inequality(THIRDS).fields
    # slope = sum (rank - 1/2)(value - 16) / sum (rank - 1/2)^2 = (6/3 + 8/3) / (2/9) = 21
    ranks, values = [1 / 6, 3 / 6, 5 / 6], [10, 14, 24]
    slope = sum((rank - 0.5) * (value - 16) for rank, value in zip(ranks, values, strict=True)) / (2 * (1 / 3) ** 2)
    assert [each["rank"] for each in fields["rows"][0]["groups"]] == pytest.approx(ranks)
    assert fields["slope_index"] == pytest.approx(slope) == pytest.approx(21)
    assert fields["intercept"] == pytest.approx(16 - slope / 2)
    assert fields["relative_index"] == pytest.approx((16 + slope / 2) / (16 - slope / 2))
    # The slope is 1.5 times (last - first), so its standard error is 1.5 times the root of two.
    half = 1.959963984540054 * 1.5 * sqrt(2)
    assert fields["intervals"]["slope_index"]["0.95"] == pytest.approx([slope - half, slope + half])


def test_on_the_logarithmic_scale_the_ratio_has_an_exact_interval():
    table = {**THIRDS, "value": [exp(1), exp(2), exp(3)], "standard_error": [0.1, 0.1, 0.1]}
    fields = inequality(table, value_type="rate", transform="log", error_scale="log").fields
    # log values 1, 2, 3 at ranks 1/6, 1/2, 5/6: from 0.5 to 3.5.
    assert fields["intercept"] == pytest.approx(exp(0.5))
    assert fields["slope_index"] == pytest.approx(exp(3.5) - exp(0.5))
    assert fields["relative_index"] == pytest.approx(exp(3))
    half = 1.959963984540054 * 1.5 * sqrt(2) * 0.1
    assert fields["intervals"]["relative_index"]["0.95"] == pytest.approx([exp(3 - half), exp(3 + half)])
    assert fields["interval_method"] == {"slope_index": "simulated", "relative_index": "exact"}
    low, high = fields["intervals"]["slope_index"]["0.95"]
    assert low < fields["slope_index"] < high


def test_a_negative_multiplier_turns_both_indices_round():
    plain, turned = (inequality(TENTHS, multiplier=each).fields for each in (1.0, -100.0))
    assert turned["slope_index"] == pytest.approx(-100 * plain["slope_index"])
    assert turned["relative_index"] == pytest.approx(1 / plain["relative_index"])
    low, high = plain["intervals"]["slope_index"]["0.95"]
    assert turned["intervals"]["slope_index"]["0.95"] == pytest.approx([-100 * high, -100 * low])
    low, high = plain["intervals"]["relative_index"]["0.95"]
    assert turned["intervals"]["relative_index"]["0.95"] == pytest.approx([1 / high, 1 / low])


def test_limits_say_as_much_as_the_standard_error_made_from_them():
    z = 1.959963984540054
    limits = {name: column for name, column in TENTHS.items() if name != "standard_error"} | {
        "lower": [value - z * error for value, error in zip(TENTHS["value"], TENTHS["standard_error"], strict=True)],
        "upper": [value + z * error for value, error in zip(TENTHS["value"], TENTHS["standard_error"], strict=True)]}
    assert inequality(limits).fields["intervals"]["slope_index"]["0.95"] == pytest.approx(
        inequality(TENTHS).fields["intervals"]["slope_index"]["0.95"])


def test_counts_make_their_own_rates_and_errors():
    table = {"group": [1, 2, 3], "numerator": [200, 150, 100], "denominator": [1000, 1000, 1000]}
    rates = inequality(table, value_type="rate", per=1000).fields
    assert rates["slope_index"] == pytest.approx(1.5 * (100 - 200))
    shares = inequality(table, value_type="proportion", multiplier=100).fields
    assert shares["slope_index"] == pytest.approx(1.5 * (10 - 20))
    low, high = shares["intervals"]["slope_index"]["0.95"]
    error = 100 * 1.5 * sqrt(0.2 * 0.8 / 1000 + 0.1 * 0.9 / 1000)
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.02)


def test_a_natural_error_is_carried_onto_the_scale_of_the_type():
    table = {**THIRDS, "standard_error": [0.1, 0.14, 0.24]}
    natural = inequality(table, value_type="rate").fields["intervals"]
    on_logs = inequality({**table, "standard_error": [0.01, 0.01, 0.01]}, value_type="rate",
                         error_scale="log").fields["intervals"]
    assert natural == on_logs


def test_a_sure_slope_has_no_range():
    fields = inequality({**THIRDS, "standard_error": [0.0, 0.0, 0.0]}).fields
    assert fields["intervals"]["slope_index"]["0.95"] == pytest.approx([fields["slope_index"]] * 2)


def test_numbered_groups_are_put_in_order_and_named_ones_stay():
    turned = {name: column[::-1] for name, column in TENTHS.items()}
    assert inequality(turned).fields["slope_index"] == pytest.approx(6.934616473668819)
    assert "Groups were put in order of their numbers." in inequality(turned).remarks
    named = inequality({name: column[::-1] for name, column in THIRDS.items()})
    assert named.fields["slope_index"] == pytest.approx(-21)
    assert "Group least is taken as the most deprived and group most as the least." in named.remarks


def test_an_end_at_nought_has_no_ratio_and_says_so():
    answer = inequality({**THIRDS, "value": [-5.0, 2.0, 9.0]})
    assert answer.fields["relative_index"] is None
    assert any("no ratio can be given" in each for each in answer.remarks)
    unsure = inequality({**THIRDS, "value": [8.0, 9.0, 10.0], "standard_error": [9.0, 9.0, 9.0]})
    assert unsure.fields["relative_index"] == pytest.approx(10.5 / 7.5)
    assert unsure.fields["intervals"]["relative_index"]["0.95"] is None
    assert "this could be chance" in unsure.sentence


@given(st.lists(st.tuples(st.integers(1, 10_000), st.floats(1, 100), st.floats(0.01, 5)), min_size=3, max_size=10),
       st.floats(0.1, 50), st.floats(-40, 40))
def test_the_slope_follows_the_units_of_the_values(groups, times, plus):
    table = {"group": list(range(len(groups))), "population": [each[0] for each in groups],
             "value": [each[1] for each in groups], "standard_error": [each[2] for each in groups]}
    other = {**table, "value": [each[1] * times + plus for each in groups],
             "standard_error": [each[2] * times for each in groups]}
    plain, scaled = inequality(table).fields, inequality(other).fields
    assert scaled["slope_index"] == pytest.approx(plain["slope_index"] * times, abs=1e-6 * times)
    low, high = plain["intervals"]["slope_index"]["0.95"]
    assert scaled["intervals"]["slope_index"]["0.95"] == pytest.approx([low * times, high * times], abs=1e-6 * times)


def test_the_exact_ratio_is_where_draws_of_it_lie():
    rng = np.random.default_rng(3)
    population, value, error = (np.array(TENTHS[name], dtype=float) for name in
                                ("population", "value", "standard_error"))
    share = population / population.sum()
    rank = np.cumsum(share) - share / 2
    design = np.column_stack([np.ones(10), rank])
    solve = np.linalg.inv(design.T @ (share[:, None] * design)) @ (design.T * share)
    fitted = (value + error * rng.standard_normal((200_000, 10))) @ solve.T
    ratios = fitted.sum(axis=1) / fitted[:, 0]
    low, high = inequality(TENTHS).fields["intervals"]["relative_index"]["0.95"]
    assert np.mean(ratios < low) == pytest.approx(0.025, abs=0.0015)
    assert np.mean(ratios > high) == pytest.approx(0.025, abs=0.0015)


def test_the_same_seed_gives_the_same_answer_and_another_nearly():
    table = {**THIRDS, "value": [0.2, 0.3, 0.4], "standard_error": [0.1, 0.1, 0.1]}
    options = {"value_type": "proportion", "transform": "logit", "error_scale": "logit"}
    first, again, other = (inequality(table, seed=seed, **options).fields["intervals"] for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert first["slope_index"]["0.95"] == pytest.approx(other["slope_index"]["0.95"], rel=0.02)


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "options", "said"), [
    ({"population": [1], "value": [2]}, {}, "there is no column “group”"),
    ({"group": [1, 2, 3], "population": [1, 1, 1], "value": [2, 2, 2]}, {}, "nothing says how sure the values are"),
    ({**THIRDS, "value": ["ten", "14", "24"]}, {}, "1:value: this is not a number (ten found)"),
    ({**THIRDS, "population": [-1, 2, 3]}, {}, "a count cannot be negative"),
    ({**THIRDS, "population": [0, 0, 3]}, {}, "the populations are nought"),
    ({name: column[:2] for name, column in THIRDS.items()}, {}, "there are only 2 groups"),
    ({**THIRDS, "group": ["a", "a", "b"]}, {}, "row 1 is for the same group"),
    ({**THIRDS, "value": [0, 1, 2]}, {"value_type": "rate"}, "a rate must be above nought"),
    ({**THIRDS, "value": [0.5, 1, 0.2]}, {"value_type": "proportion"}, "a proportion must lie between 0 and 1"),
    ({"group": [1, 2, 3], "numerator": [5, 1, 1], "denominator": [4, 4, 4]}, {"value_type": "proportion"},
     "the numerator is above the denominator"),
    ({"group": [1, 2, 3], "numerator": [5, 1, 1], "denominator": [4, 4, 4]}, {}, "counts make a rate or a proportion"),
    ({**{k: v for k, v in THIRDS.items() if k != "standard_error"}, "lower": [11, 12, 20], "upper": [12, 15, 25]}, {},
     "the value does not lie between its limits"),
    (THIRDS, {"transform": "log"}, "--transform: the log scale is for rates"),
    (THIRDS, {"error_scale": "log"}, "--error-scale: the error of a normal value is natural"),
    (THIRDS, {"multiplier": 0.0}, "--multiplier: a multiplier of nought"),
    (THIRDS, {"draws": 10}, "--draws: draws lie between 1,000"),
    (THIRDS, {"confidence": (95.0,)}, "--confidence: a confidence lies between 0 and 1")])
def test_what_cannot_be_is_refused_in_words(table, options, said):
    assert said in refused(table, **options)


# --- the command, the picture, the reference --------------------------------------------------------------------------


def test_the_command_answers_as_the_function_does(capsys, monkeypatch):
    text = "tenth,people,years,se\n" + "\n".join(",".join(map(str, row)) for row in zip(*TENTHS.values(), strict=True))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["find", "inequality", "-", "--value-type", "normal", "--columns",
                 "group=tenth,population=people,value=years,standard_error=se", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == inequality(TENTHS).document()["rows"]


def test_the_figure_draws_the_line_from_end_to_end():
    answer = inequality("sample:inequality")
    (line,) = [each for each in answer.figure.chart["layer"] if each["mark"]["type"] == "line"]
    heights = [row["value"] for row in line["data"]["values"]]
    assert heights[0] == answer.fields["intercept"]
    assert heights[-1] - heights[0] == pytest.approx(answer.fields["slope_index"])
    assert "</svg>" in answer.figure.svg()


@pytest.mark.reference
@pytest.mark.parametrize("source_of_error", ["limits", "standard error"])
def test_every_reference_case_by_command(reference: Path, capsys, source_of_error: str):
    folder = reference / "slope_index_of_inequality"
    cases = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["cases"]
    assert len(cases) == 38
    scales = {"normal": "natural", "rate": "log", "proportion": "logit"}
    for case in cases:
        # The file's list of confidences forgets the 98% of some cases; their descriptions have it.
        levels = sorted({float(each) / 100 for each in re.findall(r"\b(9\d)\b", case["description"])}
                        or set(case["confidence"]))
        more = ([] if source_of_error == "limits" else
                ["--error-scale", scales[case["value_type"]]])
        assert main(["find", "inequality", str(folder / "quantiles.csv"), "--by", "set", "--where",
                     f"set={case['set']}", "--columns", "group=Quantile,population=Population,value=Value",
                     "--value-type", case["value_type"], "--transform", case["transform"], "--multiplier",
                     str(case["multiplier"]), "--confidence", ",".join(map(str, levels)), *more, "--json"]) == 0
        found, expected = json.loads(capsys.readouterr().out), case["expected"]
        assert found["rows"][0]["set"] == case["set"]
        assert found["slope_index"] == pytest.approx(expected["sii"], rel=1e-8), case["id"]
        assert found["relative_index"] == pytest.approx(expected["rii"], rel=1e-8), case["id"]
        if "Intercept" in expected:
            assert found["intercept"] == pytest.approx(expected["Intercept"], rel=1e-8), case["id"]
        if "sii_lowercl_1" not in expected:
            continue
        for name, short in (("slope_index", "sii"), ("relative_index", "rii")):
            for place, level in enumerate(levels, start=1):
                published = [expected[f"{short}_{end}cl_{place}"] for end in ("lower", "upper")]
                width = published[1] - published[0]
                assert found["intervals"][name][f"{level:g}"] == pytest.approx(
                    published, abs=0.05 * width), (case["id"], name, level)


@pytest.mark.reference
def test_all_sets_of_a_file_at_once(reference: Path):
    path = reference / "slope_index_of_inequality" / "quantiles.csv"
    with path.open(newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["set"] in ("set1", "set2")]
    table = {"set": [row["set"] for row in rows], **{
        own: [float(row[name]) for row in rows] for own, name in
        (("group", "Quantile"), ("population", "Population"), ("value", "Value"),
         ("standard_error", "StandardError"))}}
    answer = inequality(table, by=["set"])
    assert [row["set"] for row in answer.fields["rows"]] == ["set1", "set2"]
    assert answer.fields["rows"][1]["slope_index"] == pytest.approx(12.547846636351798, rel=1e-10)
    assert "slope_index" not in answer.fields
    assert len(answer.figures) == 2
    assert "In 2 of 2 sets" in answer.sentence
    assert log(answer.fields["rows"][1]["relative_index"]) > 0
