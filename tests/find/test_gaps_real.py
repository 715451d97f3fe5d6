"""Gaps on the published figures of English commissioners: facts that anyone with the files can check."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evenhand.cli import main
from evenhand.find import gaps
from evenhand.terms import Refused

pytestmark = pytest.mark.real
FORMULA = {"measure": ["amino acid formula"], "unit": ["£ per 1,000 patients"], "direction": ["low"],
           "numerator_unit": ["pounds"]}


@pytest.fixture(scope="module")
def formula(real: Path) -> pd.DataFrame:
    """Spending on amino acid formula by month and commissioner, over registered patients."""
    folder = real / "commissioner-monthly-2010-2019"
    cost = pd.read_csv(folder / "amino_acid_formula_items_cost.csv.gz")
    patients = pd.read_csv(folder / "list_size_total_and_over_55.csv.gz")
    for table in (cost, patients):
        table["month"] = table["month"].str[:7]
    joined = cost.merge(patients, on=["month", "pct"])
    return pd.DataFrame({"measure": "amino acid formula", "month": joined["month"], "unit": joined["pct"],
                         "numerator": joined["aaf_cost"], "denominator": joined["total_list_size"]})


@pytest.fixture(scope="module")
def measures(real: Path) -> Path:
    return real / "sub-icb-measures" / "measures_2020-12_to_2025-12.parquet"


def test_amino_acid_formula_in_north_derbyshire(formula: pd.DataFrame):
    answer = gaps(formula, of="04J", from_month="2016/17", per=1000, smallest=30_000, measures=FORMULA)
    (row,) = answer.fields["rows"]
    assert round(row["value"], 2) == 1024.65
    assert round(row["benchmark"], 2) == 778.80
    assert (row["rank"], row["of"]) == (33, 188)
    assert round(row["gap"]) == 71_740
    assert row["interval"][0] > 0
    assert row["signal"]
    assert answer.sentence.startswith("Amino acid formula in North Derbyshire CCG (04J), 2016/17: £1,024.65 per 1,000 "
                                      "patients, 33rd highest of 188, with the middle at £778.80. The gap is £71,740 a "
                                      "year above it")


def test_the_same_by_command(formula: pd.DataFrame, tmp_path: Path, capsys):
    formula.to_csv(tmp_path / "formula.csv", index=False)
    assert main(["find", "gaps", str(tmp_path / "formula.csv"), "--of", "04J", "--from", "2016-04", "--to", "2017-03",
                 "--per", "1000", "--smallest", "30000", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert (round(row["value"], 2), row["rank"], round(row["gap"])) == (1024.65, 33, 71_740)


@pytest.mark.parametrize("code", ["15M", "36L", "16C", "91Q", "W2U3Z"])
def test_a_body_of_today_gets_a_list_that_agrees_with_the_plain_sums(measures: Path, code: str):
    answer = gaps(measures, of=code, from_month="2025-01", to_month="2025-12")
    rows = answer.fields["rows"]
    assert len(rows) == 41
    assert {row["of"] for row in rows} == {106}
    assert all(np.isfinite([row["value"], row["gap"], *row["interval"], row["shrunk_value"]]).all() for row in rows)
    assert all(row["interval"][0] <= row["gap"] <= row["interval"][1] for row in rows)
    table = pd.read_parquet(measures)
    table = table[table["month"].astype(str).str.startswith("2025") & (table["denominator"] > 0)]
    sums = table.groupby(["measure", "code"])[["numerator", "denominator"]].sum()
    for row in rows:
        plain = sums.loc[row["measure"]]
        value = plain["numerator"] / plain["denominator"] * (12 if row["denominator_kind"] == "stock" else 1)
        assert row["value"] == pytest.approx(value[code])
        assert row["benchmark"] == pytest.approx(value.median())
        assert row["rank"] == (value > value[code] * (1 + 1e-12)).sum() + 1


def test_populations_and_items_are_told_apart_as_the_publisher_defines_them(measures: Path, real: Path):
    defined = json.loads((real / "sub-icb-measures" / "measure_definitions.json").read_text(encoding="utf-8"))
    rows = gaps(measures, of="15M", from_month="2025").fields["rows"]
    told = {row["measure"]: row["denominator_kind"] for row in rows if row["measure"] in defined}
    assert told == {name: "flow" if defined[name]["is_percentage"] else "stock" for name in told}
    assert len(told) > 35


def test_low_priority_items_are_parts_of_their_total(measures: Path):
    answer = gaps(measures, of="15M", from_month="2025")
    (whole,) = answer.fields["do_not_add"]
    assert whole["measure"] == "lpzomnibus"
    assert "lplidocaine" in whole["holds"]
    (same,) = [each for each in answer.remarks if each.endswith("they count the same things.")]
    assert same.startswith("Do not add Broad-spectrum antibiotics")


def test_measures_of_a_publication_we_read_are_described_without_being_told(measures: Path):
    first = gaps(measures, of="36L", from_month="2025", smallest=30).fields["rows"][0]
    assert (first["title"], first["numerator_unit"], first["direction"]) == ("Lidocaine plasters", "pounds", "low")


def test_by_2025_derby_and_derbyshire_has_little_left_in_low_priority_items(measures: Path):
    rows = {row["measure"]: row for row in gaps(measures, of="15M", from_month="2025").fields["rows"]}
    assert rows["lpzomnibus"]["rank"] == 95
    assert rows["lpzomnibus"]["gap"] < 0


def test_croydon_is_recognised_as_closed(measures: Path):
    answer = gaps(measures, of="07V", from_month="2025")
    assert answer.sentence == ("Croydon CCG (07V) closed on 31 March 2020; newer figures are held only for South West "
                               "London (36L).")
    assert answer.fields["rows"] == []


def test_croydon_then_is_found_in_the_figures_of_its_time(formula: pd.DataFrame):
    answer = gaps(formula, of="07V", from_month="2016/17", per=1000, smallest=30_000, measures=FORMULA)
    assert answer.fields["rows"][0]["name"] == "Croydon CCG"
    later = gaps(formula, of="03Y", from_month="2018/19", per=1000, smallest=30_000, measures=FORMULA)
    assert later.fields["rows"]


def test_a_wrong_code_names_the_closest(measures: Path):
    with pytest.raises(Refused, match=r"no body here has this code \(07Z found\); did you mean .*\(07K\)"):
        gaps(measures, of="07Z")


def test_every_body_at_once_leaves_out_the_abolished_ones(measures: Path):
    answer = gaps(measures, from_month="2025", measure="lplidocaine")
    assert len(answer.fields["rows"]) == 106
    assert any(remark.startswith("108 bodies have no figure in these months") for remark in answer.remarks)
