"""Rates agree with every reference case, by function and by command."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from evenhand.cli import main
from evenhand.find import rates

pytestmark = pytest.mark.reference
LIMITS = {("0.95", 0): "lower95_0cl", ("0.95", 1): "upper95_0cl", ("0.998", 0): "lower99_8cl",
          ("0.998", 1): "upper99_8cl"}
DIRECT = {"areas_esp2013.csv": "numerator=count", "area_esp1976.csv": "numerator=count",
          "areas_non_independent_events.csv": "numerator=persons"}
COLUMNS = "denominator=pop,age_band=ageband"
TOLERANCE = 1e-9


def by_command(capsys, *words: str) -> dict:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def agrees(found, expected) -> bool:
    if expected in (None, ""):
        return found is None
    return found == pytest.approx(float(expected), rel=TOLERANCE, abs=1e-12)


def test_directly_standardised_rates(reference: Path, capsys):
    folder = reference / "direct_standardised_rate"
    cases = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["cases"]
    assert cases
    for case in cases:
        expected = case["expected"]
        document = by_command(
            capsys, "find", "rates", str(folder / case["input"]), "--method", "direct", "--by", "area", "--per",
            str(case["multiplier"]), "--columns", f"{DIRECT[case['input']]},{COLUMNS},standard_population=stdpop",
            "--standard", "column", *(f"--where={name}={value}" for name, value in case["filter"].items()))
        (row,) = document["rows"]
        assert row["numerator"] == expected["total_count"]
        assert row["denominator"] == expected["total_pop"]
        assert agrees(row["value"], expected["value"]), case["id"]
        assert (row["value"] is None) == case["suppressed_because_total_under_10"]
        for (level, side), name in LIMITS.items():
            if expected[name] is not None or row["value"] is None:
                assert agrees(row["intervals"][level][side], expected[name]), (case["id"], name)
        if row["value"] is not None:
            assert row["interval_method"] == expected["method"]
        else:
            assert "fewer than 10 events" in row["remark"]


def test_the_standards_held_here_give_the_same_as_the_files_own_column(reference: Path):
    folder = reference / "direct_standardised_rate"
    for file, standard in (("areas_esp2013.csv", "esp2013"), ("area_esp1976.csv", "esp1976")):
        own, held = (rates(folder / file, method="direct", by=["area"], standard=each).fields["rows"]
                     for each in ("column", standard))
        assert [row["value"] for row in held] == [row["value"] for row in own]


@pytest.mark.parametrize("beside", [False, True])
def test_indirectly_standardised_rates_and_ratios(reference: Path, capsys, beside: bool):
    folder = reference / "indirect_standardisation"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["cases"]
    own = ",reference_numerator=refcount,reference_denominator=refpop"
    names = f"numerator=count,{COLUMNS}" + (own if beside else ",reference.age_band=ageband" +
                                            own.replace(",", ",reference."))
    table = [str(folder / "areas_own_reference.csv")] if beside else [
        str(folder / "areas.csv"), "--reference", str(folder / "reference_population.csv")]
    for per in (1_000, 100_000):
        document = by_command(capsys, "find", "rates", *table, "--method", "indirect", "--by", "area", "--per",
                              str(per), "--columns", names)
        rows = {row["area"]: row for row in document["rows"]}
        for case in expected:
            row, kind = rows[case["area"]], case["statistic"]
            assert row["numerator"] == case["observed"]
            assert agrees(row["expected"], case["expected"])
            if kind == f"indirectly standardised rate per {per}":
                assert agrees(row["value"], case["value"])
                assert agrees(row["reference_rate"], case["ref_rate"])
                assert row["interval_method"] == case["method"]
                for (level, side), name in LIMITS.items():
                    assert agrees(row["intervals"][level][side], case[name])
            if "ratio" in kind:
                times = int(kind.rpartition(" ")[2])
                assert agrees(row["ratio"] * times, case["value"])
                for (level, side), name in LIMITS.items():
                    assert agrees(row["ratio_intervals"][level][side] * times, case[name])


@pytest.mark.parametrize(("file", "method"), [("rates.csv", "crude"), ("proportions.csv", "proportion")])
def test_rates_and_shares(reference: Path, capsys, file: str, method: str):
    path = reference / "confidence_intervals" / file
    with path.open(newline="") as opened:
        published = list(csv.DictReader(opened))
    assert published
    for per in sorted({case["multiplier"] for case in published}):
        document = by_command(capsys, "find", "rates", str(path), "--method", method, "--by", "Area", "--per", per,
                              "--where", f"multiplier={per}")
        cases = [case for case in published if case["multiplier"] == per]
        assert [row["Area"] for row in document["rows"]] == [case["Area"] for case in cases]
        for row, case in zip(document["rows"], cases, strict=True):
            assert agrees(row["value"], case["value"]), case
            for (level, side), name in LIMITS.items():
                assert agrees(row["intervals"][level][side], case[name]), case
            if row["value"] is not None:
                assert row["interval_method"] == case["method"]
            else:
                assert "missing" in row["remark"]
