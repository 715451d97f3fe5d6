"""Each sample has ten rows, one of them bad. Its values are invented; only the codes and headings are real."""

from datetime import date
from pathlib import Path

import pytest

from evenhand.data.engine import observations, rows_of
from evenhand.data.importers import IMPORTERS
from evenhand.data.load import load, opened, recognised
from evenhand.terms import Refused

SAMPLES = Path(__file__).parent / "published"
NAMED_OTHERWISE = {"glutenfree_2031": "one-measure", "allocations_2031_32": "allocations",
                   "national_cost_collection_2031_32": "national-cost-collection",
                   "Patient_List_Size_2031_04-06": "patient-list-sizes",
                   "qof_2031_32_PREVALENCE": "quality-prevalence",
                   "qof_2031_32_prevalence_by_district": "quality-prevalence-by-district",
                   "qof_2031_32_MAPPING_INDICATORS": "quality-indicators",
                   "qof_2031_32_MAPPING_PCAS_EXCL_TO_INDICATOR": "quality-exclusions",
                   "qof_2031_32_ORGANISATION_REFERENCE": "quality-points",
                   "practice_age_groups_2031": "practice-age-groups", "antibiotics_2031": "antibiotics-with-context",
                   "spend_over_25k_NCL_2031": "payments-over-25000-collected",
                   "weighted_populations_2031_32": "weighted-populations"}
# Files that are no tables, and records of patients, which are refused whole.
NO_ROWS = {"alcohol-fractions", "same-day-care", "prescribing-units", "measure-definitions", "measure-tags",
           "episode-fields-json", "hospital-episodes", "boundaries", "opinion-participants", "opinion-votes",
           "opinion-statements", "opinion-summary", "patient-feedback"}
REASONS = {
    "sub-icb-measures": "abolished and its denominator is nought",
    "one-measure": "abolished and its denominator is nought",
    "amino-acid-formula": "a primary care trust, abolished in March 2013", "co-proxamol": "not a commissioning group",
    "dementia": "the commissioner code is empty", "list-sizes": "the commissioner code is empty",
    "sip-feeds": "not a commissioning group", "trimethoprim": "neither medicine was prescribed",
    "vitamin-b": "the list size is nought", "anticoagulants": "the commissioner code is empty",
    "allocations": "no commissioning group in the lists has this name", "names": "the code is empty",
    "commissioners": "neither a commissioning group", "successions": "said to succeed itself",
    "ons-lookup-2022": "the code of the sub-ICB location is empty",
    "ons-lookup-2024": "the code of the sub-ICB location is empty", "decisions": "no source is given",
    "savings-plans": "not a commissioning group", "visit-trial": "not in the trial",
    "visit-trial-visits": "the commissioner code is empty", "observations": "a primary care trust",
    "money-kept": "a primary care trust",
    "ae-monthly": "a total over the rows beside it", "ae-by-organisation": "the code of the body is empty",
    "ae-by-trust": "no code of an organisation", "ae-by-board": "no code of an integrated care board",
    "ae-one-hospital": "the month is empty", "rtt-as-published": "a total over the treatment functions",
    "rtt-workbook": "a total over the treatment functions", "rtt-flow": "the code of the body is empty",
    "rtt-by-region": "a total over the treatments", "cancer-62-days": "a total over the rows beside it",
    "trust-beds": "the code of the body is empty", "criteria-to-reside": "missing, not nought",
    "overnight-beds": "the code of the body is empty", "talking-therapies": "neither a percentage nor a count",
    "gp-appointments": "missing or held back", "scotland-beds": "a sum over specialties beside it",
    "scotland-delayed": "a total over the ages", "scotland-waits": "a national hospital",
    "prescribing-dataset": "no practice wrote these items",
    "prescribing-sections": "no commissioning group in the lists has this name", "drug-tariff": "no price is given",
    "national-cost-collection": "does not give the cost in the same row",
    "price-per-dose": "flagged by the publisher as no real saving", "payments-over-25000": "a spreadsheet wrote ####",
    "payments-over-25000-collected": "no amount is given",
    "private-suppliers": "no commissioning group in the lists has this name",
    "pregabalin-savings": "a primary care trust", "weighted-populations": "the practice has no code",
    **dict.fromkeys(("care-patterns", "trim-points", "obesity-fractions", "smoking-fractions", "episode-fields",
                     "formulary-products", "formulary-changes", "formulation-swaps"), "the row has no code"),
    "patient-list-sizes": "nobody is registered there", "practice-list-sizes": "the code of the body is empty",
    "network-list-sizes": "there twice with one count", "practice-age-groups": "do not add up to all",
    "european-standard-population": "the count is missing, not nought",
    **dict.fromkeys(("deprivation", "deprivation-by-board", "antibiotics-with-context"),
                    "the code of the place is empty"),
    "health-index": "no figure is given", "treatable-mortality": "no figure is given",
    "board-indicators": "the value is missing, not nought", "board-metrics": "the metric has no name",
    "quality-prevalence": "nobody of these ages is on the list",
    "quality-prevalence-by-district": "a figure is missing, not nought", "quality-points": "the practice has no code",
    "quality-geography": "the practice has no code", "quality-indicators": "the indicator has no code",
    "quality-exclusions": "the indicator has no code",
    "visit-trial-invited": "not a commissioning group", "visit-trial-teams": "what it belongs to is empty",
    "visit-trial-practices": "the code of the body is empty", "visit-trial-populations": "a figure is missing",
    "visit-trial-lists": "a figure is missing",
    "practices": "the first day is no date", "trusts": "no code of a trust or of its site",
    "trusts-to-boards": "the share is missing, not nought", "trusts-to-districts": "the share is missing, not nought",
    "wales-beds": "the code of the body is empty", "wales-waits": "no code of a Welsh health board",
}


def source_of(path: Path) -> str:
    return NAMED_OTHERWISE.get(path.stem, path.stem)


def test_every_importer_has_a_sample_and_a_reason_it_refuses_for():
    assert {source_of(path) for path in SAMPLES.iterdir()} == set(IMPORTERS.names) - NO_ROWS == set(REASONS)


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.stem)
def test_a_publication_is_recognised_and_its_one_bad_row_is_refused_with_its_reason(path, tmp_path):
    assert recognised(opened(path)).name == source_of(path)
    (loaded,) = load([path], tmp_path).loaded
    assert (loaded.held.rows_read, loaded.held.rows_kept) == (10, 9)
    (refusal,) = loaded.held.refusals
    assert REASONS[loaded.held.source] in refusal["reason"]
    assert [(one["row"]) for one in refusal["examples"]] == [5]
    assert set(loaded.held.tables) == set(IMPORTERS[loaded.held.source].gives)


@pytest.mark.parametrize("importer", list(IMPORTERS), ids=lambda importer: importer.name)
def test_every_importer_says_whose_the_data_are_and_where_the_next_comes_from(importer):
    for said in (importer.title, importer.publisher, importer.licence, importer.next_release):
        assert said.strip()


def test_amino_acid_formula_is_cost_over_the_registered_list_in_thousands(tmp_path):
    load([SAMPLES / "amino-acid-formula.csv", SAMPLES / "list-sizes.csv"], tmp_path)
    row = observations(tmp_path, measure=["aminoacidformula"], unit=["04J"]).to_pylist()[0]
    people = next(each["persons"] for each in rows_of(tmp_path, "population")
                  if (each["unit"], each["group"]) == ("04J", "all"))
    assert row["denominator"] == people / 1_000
    assert row["month"] == date(2031, 4, 1)


def test_without_a_list_the_denominator_is_missing_and_not_nought(tmp_path):
    load([SAMPLES / "amino-acid-formula.csv"], tmp_path)
    held = observations(tmp_path, measure=["aminoacidformula"]).column("denominator")
    assert held.null_count == len(held) == 9


def test_products_of_one_commissioner_and_month_are_added_up(tmp_path):
    load([SAMPLES / "co-proxamol.csv"], tmp_path)
    rows = observations(tmp_path, measure=["coproxamolcost"], unit=["03X"]).to_pylist()
    tablets = [line.split(",") for line in (SAMPLES / "co-proxamol.csv").read_text().splitlines() if "03X" in line]
    assert [row["numerator"] for row in rows] == [sum(float(cells[-1]) for cells in tablets)]


def test_the_two_wrong_headings_of_the_allocations_are_read_by_what_their_columns_hold(tmp_path):
    (loaded,) = load([SAMPLES / "allocations_2031_32.csv"], tmp_path).loaded
    lines = {row["line"]: row for row in rows_of(tmp_path, "money") if row["unit"] == "04J"}
    # The third row: 102,000 patients at 1,250 pounds a head, 2.25 per cent from target at the close.
    assert lines["registered population"]["amount"] == 102_000
    assert lines["allocation"]["amount"] == 127_500_000 == 102_000 * 1_250
    assert lines["closing distance from target"]["amount"] == 2.25
    assert {row["year"] for row in lines.values()} == {"2031/32"}
    assert any("two headings are wrong" in remark for remark in loaded.held.remarks)


def test_a_name_spelt_differently_is_matched_and_said(tmp_path):
    (loaded,) = load([SAMPLES / "allocations_2031_32.csv"], tmp_path).loaded
    assert any(row["unit"] == "99P" for row in rows_of(tmp_path, "money"))
    assert any("NHS North, East, West Devon CCG for Northern, Eastern and Western Devon CCG (99P)" in remark
               for remark in loaded.held.remarks)


def test_a_share_is_given_only_where_all_five_anticoagulants_are_there(tmp_path):
    load([SAMPLES / "anticoagulants.csv"], tmp_path)
    shares = observations(tmp_path, measure=["warfarinshare", "edoxabanshare"]).to_pylist()
    # 04J has 100, 200, 300, 400 and 500 items; 15M lacks warfarin.
    assert [(row["measure"], row["unit"], row["numerator"] / row["denominator"]) for row in shares] == [
        ("edoxabanshare", "04J", 300 / 1_500), ("warfarinshare", "04J", 500 / 1_500)]


def test_a_lookup_of_small_areas_gives_arrangements_and_no_succession(tmp_path):
    load([SAMPLES / "ons-lookup-2022.csv"], tmp_path)
    assert [(row["code"], row["board"], row["board_name"]) for row in rows_of(tmp_path, "served")] == [
        ("9Z1", "Q91", "Alder Integrated Care Board"), ("9Z2", "Q92", "Ash Integrated Care Board")]
    assert rows_of(tmp_path, "lineage") == []


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


HEAD = "measure,month,code,numerator,denominator\n"


@pytest.mark.parametrize(("name", "text", "message"), [
    ("m.csv", HEAD + "glutenfree,2031-04-01,15M,-3,100\n", "m.csv:1:numerator: a count cannot be negative (-3 found)"),
    ("m.csv", HEAD + "glutenfree,2031-04-01,15M,many,100\n", "m.csv:1:numerator: this is not a number (many found)"),
    ("m.csv", HEAD + "trimethoprim,2031-04-01,15M,120,100\n",
     "m.csv:1:numerator: the numerator is above the denominator"),
    ("m.csv", HEAD + "glutenfree,2031-04-01,15M,3,100\nglutenfree,2031-04-01,15M,3,100\n",
     "m.csv:2:measure: row 1 is for the same measure, code, month"),
    ("m.csv", HEAD + "glutenfree,soon,15M,3,100\n", "m.csv:1:month: this is not a month (soon found)"),
    ("m.csv", HEAD + "glutenfree,2031-04-01,15M,3,100\nglutenfree,01/05/2031,15M,3,100\n",
     "m.csv:2:month: months are written in two ways in this column (2031-04-01 above) (01/05/2031 found)"),
    ("m.csv", HEAD + "glutenfree,2031-04-01,15M,,100\n", "m.csv:1:numerator: this cell is empty"),
    ("m.csv", HEAD + "glutenfree,2031-04-01,ZZZ,3,100\n", "no row of this file can be used"),
    ("m.csv", HEAD, "m.csv: there are headings and no rows"),
    ("m.csv", "", "m.csv: the file is empty"),
    ("m.csv", "measure,month,code,numerator\nglutenfree,2031-04-01,15M,3\n",
     "the nearest is sub-icb-measures (Prescribing measures by sub-ICB location and month), which also needs denomin"),
    ("m.csv", "colour,size\nred,3\n", "its heading line is not one we know (colour, size found)"),
    ("m.csv", "colour\nred,3\n", "its heading line is not one we know (colour found)"),
    ("nosuchmeasure.csv", "month,code,numerator,denominator\n2031-04-01,15M,3,100\n",
     "the file does not say which measure it holds (nosuchmeasure.csv found)"),
    ("m.parquet", "PAR1 but not really", "the Parquet file is broken"),
    ("m.csv", "code,name,NHS number\n15M,x,9434765919\n", "this column holds NHS numbers"),
    ("m.csv", "code,name,who\n15M,x,Mrs A 943 476 5919\n15M,y,Mr B 401 023 2137\n15M,z,C 943 476 5870\n",
     "this column looks like NHS numbers"),
])
def test_what_cannot_be_is_refused_with_its_place_and_nothing_is_changed(name, text, message, tmp_path):
    path = written(tmp_path, name, text)
    with pytest.raises(Refused) as refused:
        load([path], tmp_path / "workspace")
    assert message in "\n".join(refused.value.lines())
    assert not (tmp_path / "workspace").exists()


def test_rubbish_bytes_are_refused(tmp_path):
    path = tmp_path / "m.csv"
    path.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(Refused, match="bytes that are not text"):
        load([path], tmp_path / "workspace")


def test_a_row_of_the_right_place_is_named_in_a_torn_file(tmp_path):
    path = written(tmp_path, "m.csv", HEAD + "glutenfree,2031-04-01,15M,3,100\nglutenfree,2031-05-01,15M,3\n")
    with pytest.raises(Refused, match="m.csv:2: this row has 4 cells and the heading 5"):
        load([path], tmp_path / "workspace")


def test_a_measure_nobody_has_described_is_kept_and_said(tmp_path):
    path = written(tmp_path, "m.csv", HEAD + "brandnew,2031-04-01,15M,3,100\n")
    (loaded,) = load([path], tmp_path / "workspace").loaded
    assert any("not described by us yet" in remark and "brandnew" in remark for remark in loaded.held.remarks)
