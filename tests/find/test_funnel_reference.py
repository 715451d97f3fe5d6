"""Funnels agree with every reference case, by function and by command."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from evenhand.cli import main
from evenhand.find import funnel

pytestmark = pytest.mark.reference
SIGNIFICANCE = {"high_998": "High (0.001)", "high_95": "High (0.025)", "none": "Not significant",
                "low_95": "Low (0.025)", "low_998": "Low (0.001)"}
KINDS = {"PR": "proportion", "SR": "ratio", "RC": "count-ratio"}


def by_command(capsys, *words: str) -> dict:
    assert main(["find", "funnel", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


@pytest.mark.parametrize(("file", "columns"), [
    ("proportion", "unit=Area"), ("ratio", "numerator=obs,denominator=expected")])
def test_the_significance_of_every_unit(reference: Path, capsys, file: str, columns: str):
    path = reference / "funnel_limits" / f"{file}_units.csv"
    answer = by_command(capsys, str(path), "--kind", file, "--columns", columns)
    expected = [row["significance"] for row in rows_of(path)]
    assert [SIGNIFICANCE[row["signal"]] for row in answer["rows"]] == expected
    assert len(Counter(expected)) > 3


def test_limits_of_a_proportion_at_any_size(reference: Path, capsys):
    folder = reference / "funnel_limits"
    expected = rows_of(folder / "proportion_limits_expected.csv")
    answer = by_command(capsys, str(folder / "proportion_units.csv"), "--kind", "proportion", "--per", "100", "--at",
                        ",".join(row["Population"] for row in expected))
    assert answer["target"] == pytest.approx(80.642448, abs=1e-6)
    for found, row in zip(answer["grid"], expected, strict=True):
        for level, name in (("0.95", "2s0025"), ("0.998", "3s0001")):
            assert found["limits"][level] == pytest.approx(
                [float(row[f"Lower{name}limit"]), float(row[f"Upper{name}limit"])], abs=1e-6)


def test_limits_of_a_ratio_by_observed_events(reference: Path, capsys):
    folder = reference / "funnel_limits"
    expected = rows_of(folder / "ratio_limits_expected.csv")
    answer = by_command(capsys, str(folder / "ratio_units.csv"), "--kind", "ratio", "--per", "100", "--at",
                        ",".join(row["Observed_events"] for row in expected))
    for found, row in zip(answer["grid"], expected, strict=True):
        for level, name in (("0.95", "2s"), ("0.998", "3s")):
            for side, end in enumerate(("lower", "upper")):
                assert found["limits"][level][side] == pytest.approx(float(row[f"{end}_{name}_isr"]), rel=1e-4)
                assert found["denominators"][level][side] == pytest.approx(
                    float(row[f"{end}_{name}_exp_events"]), rel=1e-4)


def test_limits_of_a_rate_by_events(reference: Path, capsys):
    folder = reference / "funnel_limits"
    expected = rows_of(folder / "rate_limits_expected.csv")
    answer = by_command(capsys, str(folder / "rate_units.csv"), "--kind", "rate", "--years", "3", "--at",
                        ",".join(row["Events"] for row in expected))
    assert answer["target"] == pytest.approx(float(expected[0]["baseline"]), rel=1e-8)
    for found, row in zip(answer["grid"], expected, strict=True):
        for level, name in (("0.95", "2s"), ("0.998", "3s")):
            for side, end in enumerate(("lower", "upper")):
                assert found["limits"][level][side] == pytest.approx(float(row[f"{end}_{name}_limit"]), rel=1e-4)
                assert found["denominators"][level][side] == pytest.approx(
                    float(row[f"{end}_{name}_population_1_year"]), rel=1e-4)


def test_allowances_for_overdispersion(reference: Path, capsys):
    folder = reference / "funnel_overdispersion"
    cases = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["cases"]
    assert len(cases) == 7
    for name, case in cases.items():
        params, expected = case["params"], case["units"]
        kind, per = KINDS[params["data_type"]], params["multiplier"]
        transform = params["sr_method"].lower()
        found = by_command(capsys, str(folder / "units.csv"), "--where", f"dataset={case['input_dataset']}", "--kind",
                           kind, "--overdispersion", "additive", "--transform", transform, "--trim",
                           str(params["trim_by"]), "--per", str(per))
        table = {column: expected[column] for column in ("unit", "numerator", "denominator")}
        options = {"kind": kind, "transform": transform, "trim": params["trim_by"], "per": per}
        plain = funnel(table, overdispersion="none", **options)
        assert found["target"] == pytest.approx(case["target"] * per, rel=1e-6), name
        assert found["dispersion"] == pytest.approx(case["phi"], rel=1e-6), name
        assert found["tau_squared"] == pytest.approx(case["tau2"], rel=1e-6, abs=1e-12), name
        assert found["units_used"] == case["n_used"]
        level = {95: ("95",), 99: ("998",)}[params["outlier_limit"]]
        # The source calls its own limit lines for ratios of counts weak; ours use the errors of its z-scores.
        close = 2e-3 if kind == "count-ratio" else 1e-6
        for place, row in enumerate(found["rows"]):
            assert row["unit"] == expected["unit"][place]
            assert row["value"] == pytest.approx(expected["ratio"][place] * per, rel=1e-6)
            assert row["z"] == pytest.approx(expected["z"][place], rel=1e-6)
            for confidence, mark in (("0.95", "95"), ("0.998", "998")):
                ends = [expected[f"od_{end}{mark}"][place] for end in ("lcl", "ucl")]
                assert row["limits"][confidence] == pytest.approx(ends, rel=close), (name, row["unit"])
                ends = [expected[f"{end}{mark}"][place] for end in ("lcl", "ucl")]
                if kind != "count-ratio":
                    assert row["unadjusted_limits"][confidence] == pytest.approx(ends, rel=close), (name, row["unit"])
                    assert plain.fields["rows"][place]["limits"][confidence] == pytest.approx(ends, rel=close)
            outside = row["signal"].endswith(level) or (level == ("95",) and row["signal"] != "none")
            assert outside == bool(expected["outlier_adjusted"][place]), (name, row["unit"])
            if kind != "count-ratio":
                signal = plain.fields["rows"][place]["signal"]
                assert (signal.endswith(level) or (level == ("95",) and signal != "none")) == bool(
                    expected["outlier_unadjusted"][place]), (name, row["unit"])
