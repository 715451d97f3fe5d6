"""Prices, payments, prescribing and lists of codes, read as their publishers write them."""

from __future__ import annotations

import csv
import gzip
import json

import pytest

from evenhand.cli import main
from evenhand.data import engine
from evenhand.data.load import load
from evenhand.terms import Refused

PAYMENTS = "Department Family,Entity,Date,Expense Type,Expense Area,Supplier,Transaction Number,Amount\n"
COLLECTED = "date,expensetype,supplier,transactionnumber,amount,file,negative,expensearea\n"
TARIFF = "drug_tariff_category,medicine,pack_size,unit_of_measure,basic_price_in_p,vmp_snomed_code,vmpp_snomed_code\n"
COSTS = "department_code,currency_code,currency_desc,activity,unit_cost,cost\n"
PRESCRIBED = ("YEAR_MONTH,REGIONAL_OFFICE_NAME,PCO_CODE,PRACTICE_NAME,PRACTICE_CODE,POSTCODE,BNF_CODE,BNF_DESCRIPTION,"
              "QUANTITY,ITEMS,TOTAL_QUANTITY,ADQUSAGE,NIC,ACTUAL_COST\n")


def held(folder, text, table, name="file.csv"):
    path = folder / name
    path.write_text(text)
    report = load([path], folder / "workspace")
    return engine.rows_of(folder / "workspace", table), report.loaded[0].held


def test_payments_are_summed_by_kind_and_year_and_suppliers_are_not_kept(tmp_path):
    rows, file = held(tmp_path, PAYMENTS + "\n".join((
        'DoH,NHS South West London CCG,31/01/2021,Hospital,AREA,SOME TRUST,1,"28,104.50"',
        "DoH,NHS South West London CCG,31/01/2021,Hospital,AREA,J SMITH,2,-104.50",
        "DoH,NHS South West London CCG,30/04/2021,Hospital,AREA,J SMITH,3,1000",
        "DoH,NHS South West London CCG,31/01/2021,Hospital,AREA,J SMITH,4,###########",
        "DoH,NHS Nowhere CCG,31/01/2021,Hospital,AREA,J SMITH,5,10")) + "\n", "money")
    assert {(row["unit"], row["year"], row["line"]): row["amount"] for row in rows} == {
        ("36L", "2020/21", "payments over £25,000: Hospital"): 28_000.0,
        ("36L", "2021/22", "payments over £25,000: Hospital"): 1_000.0}
    assert [each["count"] for each in file.refusals] == [1, 1]
    assert "SMITH" not in json.dumps([row | {} for row in rows], default=str)


def test_a_collection_of_parts_reads_each_part_of_days_in_one_way(tmp_path):
    rows, _ = held(tmp_path, COLLECTED + "\n".join((
        "30/09/2020,Hospital,X,1,100,Sep.pdf,1,", "2/28/2021,Hospital,X,2,10,Feb.pdf,1,",
        "3/2/2021,Hospital,X,3,1,Feb.pdf,1,")) + "\n", "money", "spend_over_25k_NCL_2020_21.csv")
    assert [(row["unit"], row["year"], row["amount"]) for row in rows] == [("93C", "2020/21", 111.0)]


def test_days_of_one_part_that_can_be_read_neither_way_are_refused_with_their_rows(tmp_path):
    with pytest.raises(Refused, match="not written as the others are"):
        held(tmp_path, COLLECTED + "2/28/2021,Hospital,X,1,100,Feb.pdf,1,\n28/2/2021,Hospital,X,2,10,Feb.pdf,1,\n",
             "money", "spend_over_25k_NCL_2020_21.csv")


def test_a_collection_must_say_whose_payments_it_holds(tmp_path):
    with pytest.raises(Refused, match="whose payments"):
        held(tmp_path, COLLECTED + "30/09/2020,Hospital,X,1,100,Sep.pdf,1,\n", "money", "spend.csv")


def test_pence_a_pack_become_pounds_and_a_row_without_a_price_is_left_out(tmp_path):
    rows, file = held(tmp_path, TARIFF + "Part VIIIA Category M,Acamprosate 333mg tablets,168,tablet,2206,1,2\n"
                                         "Part VIIIA Category M,Nameless,28,tablet,,3,4\n", "prices")
    assert [(row["name"], row["price"], row["pack"]) for row in rows] == [
        ("Acamprosate 333mg tablets", 22.06, "168 tablet")]
    assert file.refusals[0]["reason"] == "no price is given"


def test_a_unit_cost_that_does_not_give_the_cost_beside_it_is_left_out(tmp_path):
    text = COSTS + "Ambulance,01,Hear & Treat,10,62.5,625\nAmbulance,02,See & Treat,10,62.5,9999\n"
    rows, file = held(tmp_path, text, "prices", "national_cost_collection_2024_25.csv")
    assert [(row["code"], row["price"], row["counted"], row["as_at"]) for row in rows] == [("01", 62.5, 10, "2024/25")]
    assert file.rows_kept == 1


def test_prescribing_of_one_presentation_is_added_up_over_quantities(tmp_path):
    line = "2017_09,SOUTH,11M00,ACORN,L84073,,0105010B0BIAAAS,Octasa,{q},{i},{t},0,{c},{c}\n"
    rows, _ = held(tmp_path, PRESCRIBED + line.format(q=168, i=1, t=168, c="69.5") +
                   line.format(q=90, i=2, t=180, c="0.5"), "prescribing")
    assert [(row["unit"], str(row["month"]), row["items"], row["quantity"], row["cost"]) for row in rows] == [
        ("L84073", "2017-09-01", 3, 348, 70.0)]


@pytest.mark.parametrize("change", [
    lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace(",", ";"), lambda text: text.replace("YEAR_MONTH", "year_month ")])
def test_prescribing_is_known_with_a_mark_other_line_ends_semicolons_and_another_spelling(tmp_path, change):
    text = PRESCRIBED + "201709,SOUTH,11M00,ACORN,L84073,,0105010B0BIAAAS,Octasa,168,1,168,0,69,69\n"
    assert len(held(tmp_path, change(text), "prescribing")[0]) == 1


def test_a_list_of_codes_keeps_its_patterns_and_its_dash_is_no_number(tmp_path):
    rows, _ = held(tmp_path, "sushrg,elective,emergency\nAA22C,90,257\nAA22D,51,-\n", "codes")
    assert [(row["code"], row["value"]) for row in rows] == [("AA22C", 257.0), ("AA22D", None)]


def test_a_list_in_json_is_known_by_what_it_holds(tmp_path):
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({"pain_cost": {"0-4": [0.25, 0.5], "5-14": [1.0, 2.0]}}))
    load([path], tmp_path / "workspace")
    rows = engine.rows_of(tmp_path / "workspace", "codes")
    assert {(row["code"], row["applies_to"]): row["value"] for row in rows} == {
        ("pain_cost", "male, 0-4"): 0.25, ("pain_cost", "female, 0-4"): 0.5,
        ("pain_cost", "male, 5-14"): 1.0, ("pain_cost", "female, 5-14"): 2.0}


@pytest.mark.parametrize(("source", "content", "row"), [
    ("alcohol-fractions", {"published": "June 2020", "data-date": "2018", "ages": [16, 25], "data": {"chronic": {
        "Infections": {"Tuberculosis": {"mortality": {"regex": "A1[5-9]", "male": [0.1, 0.2], "female": 0.3},
                                        "morbidity": {"regex": "A1[5-9]", "male": [0.4, 0.5], "female": 0.3}}}}}},
     ("Tuberculosis, mortality", "A1[5-9]", "male, from 25", 0.2)),
    ("same-day-care", {"Medicine": {"Thrombosis": {"group": "high", "icd10_codes": ["I80[123]"], "hrg_codes": []}}},
     ("Thrombosis", "I80[123]", "icd10", None)),
    ("measure-definitions", {"pens": {"name": "Pens", "numerator_short": "Pens", "why_it_matters": ["Because ", "so"]}},
     ("Pens", "pens", "Because so", None)),
    ("measure-tags", {"safety": {"name": "Safety", "description": "What harms"}},
     ("Safety", "safety", "What harms", None)),
    ("episode-fields-json", [{"Field": "AGE", "Field name": "Age", "Format": "Number", "Availability": "always"}],
     ("Age", "AGE", "Number", None))])
def test_each_list_in_json_keeps_title_code_and_what_it_applies_to(tmp_path, source, content, row):
    path = tmp_path / "list.json"
    path.write_text(json.dumps(content))
    assert load([path], tmp_path / "workspace").loaded[0].held.source == source
    assert row in [(each["title"], each["code"], each["applies_to"], each["value"]) for each in
                   engine.rows_of(tmp_path / "workspace", "codes")]


@pytest.mark.parametrize("content", ['{"a": 1}', "[]", "{", '{"a": {"b": []}}', "null"])
def test_other_json_is_no_publication(tmp_path, content):
    path = tmp_path / "some.json"
    path.write_text(content)
    with pytest.raises(Refused):
        load([path], tmp_path / "workspace")


def test_records_of_single_patients_are_not_let_in(tmp_path, capsys):
    path = tmp_path / "episodes.csv"
    path.write_text("FYEAR,EPIKEY,PSEUDO_HESID,ADMIDATE,ADMIMETH,DIAG_4_01\n0102,1,TESTabc,2001-09-27,28,F321\n")
    assert main(["data", "load", str(path), "--workspace", str(tmp_path / "workspace")]) == 2
    assert "no patient's record is let in here" in capsys.readouterr().err


@pytest.mark.real
def test_what_is_kept_of_the_published_payments_adds_up_to_them(real, tmp_path):
    path = real / "money/spend_over_25k_NCL_2020_21.csv.gz"
    load([path], tmp_path)
    with gzip.open(path, "rt") as lines:
        total = sum(float(row["amount"]) for row in csv.DictReader(lines))
    assert sum(row["amount"] for row in engine.rows_of(tmp_path, "money")) == pytest.approx(total)


@pytest.mark.real
@pytest.mark.parametrize(("path", "table", "rows"), [
    ("money/drug_tariff_part_viii_a.csv.gz", "prices", 3535),
    ("money/ccg_private_supplier_spend_2013_2020.csv", "money", 2 * 173),
    ("prescribing-practice-level/west_sussex_bnf_section_by_month_2018_19.csv.gz", "prescribing", 8064),
    ("code-lists/acsc_and_ebi_patterns.csv", "codes", 44), ("code-lists/hrg_trimpoints.csv", "codes", 2312),
    ("code-lists/alcohol_fractions.json", "codes", 696),
    ("prescribing-practice-level/star_pu_weights.json", "codes", 450)])
def test_published_files_are_read_whole(real, tmp_path, path, table, rows):
    load([real / path], tmp_path)
    assert len(engine.rows_of(tmp_path, table)) == rows


@pytest.mark.real
def test_items_of_the_prescribing_dataset_add_up(real, tmp_path):
    path = real / "prescribing-practice-level/epd_201709.csv.gz"
    load([path], tmp_path)
    with gzip.open(path, "rt") as lines:
        items = sum(int(row["ITEMS"]) for row in csv.DictReader(lines))
    assert sum(row["items"] for row in engine.rows_of(tmp_path, "prescribing")) == items
