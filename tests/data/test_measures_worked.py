"""Every measure is a reviewed document with a worked case, and every worked case comes out of the published figures."""

import csv
import gzip
from collections import defaultdict
from pathlib import Path

import pytest

from evenhand.data.measures import measures, measures_in
from evenhand.terms import Refused

KEPT = Path(__file__).resolve().parents[2] / "examples" / "derbyshire" / "figures" / "observations.csv.gz"
WORKED = [measure for measure in measures() if measure.worked is not None]


def release_of(file):
    """The release a file of the sub-ICB measures carries in its name; nothing for other files."""
    return file.removeprefix("measures_").removesuffix(".parquet").replace("_to_", " to ") if "_to_20" in file and \
        file.endswith(".parquet") else ""


@pytest.fixture(scope="module")
def kept():
    """The small table of figures of the real region: by measure and unit, its rows."""
    rows = defaultdict(list)
    with gzip.open(KEPT, "rt", encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            rows[row["measure"], row["unit"]].append(row)
    return rows


def added_up(measure, pairs):
    """The worked sum once more: numerators summed, denominators averaged over a stock and summed over a flow."""
    top = sum(numerator for numerator, _ in pairs)
    under = sum(denominator for _, denominator in pairs)
    under = under / len(pairs) if measure.denominator_kind == "stock" else under
    return top, under, top / under


def agrees(measure, pairs, *, rounded_to=0.0):
    """Within what twelve figures rounded so can be off."""
    off = 12 * rounded_to / 2 + 0.001
    worked = measure.worked
    assert len(pairs) == worked.span.months, measure.name
    top, under, value = added_up(measure, pairs)
    assert top == pytest.approx(worked.numerator, abs=off), measure.name
    assert under == pytest.approx(worked.denominator, abs=off), measure.name
    assert value == pytest.approx(worked.value, rel=1e-6, abs=1.01 * off / under), measure.name


def test_every_measure_has_every_field_of_a_reviewed_document():
    """Sixty-eight measures of prescribing, twenty-seven of activity, twenty-one of registers; thirty are asked for."""
    for measure in measures():
        for field in ("title", "why", "numerator", "numerator_unit", "denominator", "direction", "unit", "source",
                      "author", "checker", "next_review", "change_log", "traps", "worked"):
            assert getattr(measure, field), f"{measure.name} has no {field}"
    assert len(WORKED) >= 116


def test_a_worked_case_divides_as_its_own_figures_say():
    for measure in WORKED:
        assert measure.worked.value == pytest.approx(measure.worked.numerator / measure.worked.denominator, rel=1e-3)
        assert not measure.is_share or measure.worked.numerator <= measure.worked.denominator, measure.name


def test_the_worked_cases_come_out_of_the_figures_kept_with_the_real_region(kept):
    """Derby and Derbyshire, 2025, gluten-free food: £5,747.21 over a mean list of 1,143.679 thousand is £5.03."""
    tried = []
    for measure in WORKED:
        worked, release = measure.worked, release_of(measure.worked.file)
        pairs = [(float(row["numerator"]), float(row["denominator"])) for row in kept[measure.name, worked.of]
                 if str(worked.span.first) <= row["month"][:7] <= str(worked.span.last)
                 and release in ("", row["vintage"])]
        if pairs:
            agrees(measure, pairs, rounded_to=0.01)
            tried.append(measure.name)
    assert len(tried) >= 45
    assert "glutenfree" in tried


@pytest.mark.real
def test_every_worked_case_of_the_sub_icb_files_comes_out_of_them(real):
    import duckdb

    tried = 0
    for measure in WORKED:
        worked = measure.worked
        if not release_of(worked.file):
            continue
        pairs = duckdb.execute(
            "SELECT numerator, denominator FROM read_parquet($file) WHERE measure = $measure AND code = $of AND "
            "strftime(CAST(month AS DATE), '%Y-%m') BETWEEN $first AND $last AND denominator > 0",
            {"file": str(real / "sub-icb-measures" / worked.file), "measure": measure.name, "of": worked.of,
             "first": str(worked.span.first), "last": str(worked.span.last)}).fetchall()
        agrees(measure, pairs)
        tried += 1
    assert tried >= 56


@pytest.mark.real
def test_every_worked_case_of_the_other_panels_comes_out_of_their_files(real, tmp_path):
    from evenhand.data import engine
    from evenhand.data.load import load

    others = [measure for measure in WORKED if not release_of(measure.worked.file)]
    names = {measure.worked.file for measure in others} | {"list_size_total_and_over_55.csv.gz"}
    files = [path for path in real.rglob("*") if path.name in names]
    assert {path.name for path in files} == names
    load(files, tmp_path)
    for measure in others:
        worked = measure.worked
        held = engine.observations(tmp_path, measure=[measure.name], unit=[worked.of], first=worked.span.first,
                                   last=worked.span.last).to_pydict()
        agrees(measure, list(zip(held["numerator"], held["denominator"], strict=True)))


@pytest.mark.parametrize(("text", "said"), [
    ("measure = [", "this is not TOML"),
    ('checker = "x"\nnext_review = ""\n[measure.m]\ntitle = "M"', "not described as it should be"),
    ('checker = "x"\nnext_review = ""\n[sources]\ns = "S"\n[measure.m]\ntitle = "M"\nsource = "s"\n'
     'worked = { of = "15M", from = "soon" }', "not described as it should be")])
def test_a_document_that_cannot_be_read_is_refused_in_words(tmp_path, text, said):
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(Refused, match=said):
        measures_in(path)


@pytest.mark.real
def test_the_worked_cases_of_registers_of_disease_come_out_of_the_published_file(real):
    """One practice at March 2021: 300 people with atrial fibrillation of 10,833 on its list are 2.8%."""
    with gzip.open(real / "practice-panel" / "qof_2020_21_PREVALENCE.csv.gz", "rt", encoding="utf-8-sig") as file:
        held = {(row["PRACTICE_CODE"], f"prevalence-{row['GROUP_CODE'].casefold()}"):
                [(float(row["REGISTER"]), float(row["PRACTICE_LIST_SIZE"]))] for row in csv.DictReader(file)}
    tried = [measure for measure in WORKED if measure.worked.file == "qof_2020_21_PREVALENCE.csv.gz"]
    for measure in tried:
        agrees(measure, held[measure.worked.of, measure.name])
    assert len(tried) == 21
