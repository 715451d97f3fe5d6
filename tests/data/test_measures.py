import re

import pytest

from evenhand.data.measures import as_table, measures, title_of


def test_every_measure_says_what_it_counts_and_why_it_matters():
    for measure in measures():
        for said in (measure.title, measure.unit, measure.numerator, measure.denominator, measure.why, measure.source):
            assert said.strip(), measure.name
        assert measure.numerator_unit.strip(), measure.name
        assert measure.numerator_unit != "quantity", f"{measure.name}: say of what, or “quantity dispensed”"
        assert measure.denominator_kind in ("stock", "flow"), measure.name
        assert measure.direction in ("low", "high", "neutral"), measure.name
        assert len(measure.why.split(". ")) <= 2, f"{measure.name}: one line on why, two sentences at most"


def test_no_measure_claims_a_checker_that_nobody_has_been():
    assert {measure.checker for measure in measures()} == {"not yet checked"}


def test_overlaps_are_said_on_both_sides_where_a_measure_counts_the_same_again():
    known = measures()
    for measure in known:
        for other in measure.overlaps:
            assert other in known, f"{measure.name} overlaps with {other}, which is not described"
        if measure.part_of:
            assert measure.part_of in known


def test_the_low_priority_items_are_all_part_of_their_total():
    parts = {measure.name for measure in measures() if measure.part_of == "lpzomnibus"}
    assert parts == {measure.name for measure in measures() if re.match("lp(?!zomnibus)", measure.name)}
    assert len(parts) == 22


def test_the_changed_definition_of_gluten_free_food_is_a_trap_that_is_told():
    assert any("Definition changed between the vintages" in trap for trap in measures()["glutenfree"].traps)


def test_a_measure_whose_definition_is_not_held_says_so():
    assert not measures()["tramadol"].definition_held
    assert measures()["tramadol"].direction == "neutral"


def test_the_table_has_one_row_a_measure_and_the_columns_that_gaps_are_found_by():
    table = as_table()
    assert table.column_names == ["measure", "title", "unit", "numerator_unit", "direction", "denominator", "part_of",
                                  "overlaps"]
    assert table.num_rows == len(measures())
    row = table.to_pylist()[table.column("measure").to_pylist().index("lpcoprox")]
    assert (row["part_of"], row["denominator"], row["numerator_unit"]) == ("lpzomnibus", "stock", "pounds")


def test_an_unknown_measure_is_its_own_title():
    assert title_of("nosuch") == "nosuch"
    assert title_of("glutenfree") == "Gluten-free food on prescription"


@pytest.mark.real
def test_every_series_of_both_vintages_is_described(real):
    import duckdb

    files = str(real / "sub-icb-measures" / "*.parquet")
    held = {row[0] for row in duckdb.execute("SELECT DISTINCT measure FROM read_parquet(?)", [files]).fetchall()}
    assert len(held) == 56
    assert held <= set(measures().names)


@pytest.mark.real
def test_the_parts_of_the_low_priority_total_never_exceed_it(real):
    import duckdb

    for file in sorted((real / "sub-icb-measures").glob("*.parquet")):
        parts = [measure.name for measure in measures() if measure.part_of == "lpzomnibus"]
        over = duckdb.execute(
            """SELECT count(*) FROM (
                 SELECT sum(numerator) FILTER (measure IN (SELECT unnest($parts))) AS parts,
                        sum(numerator) FILTER (measure = 'lpzomnibus') AS whole
                 FROM read_parquet($file) WHERE denominator > 0 GROUP BY code, month) WHERE parts > whole + 0.01""",
            {"parts": parts, "file": str(file)}).fetchone()
        assert over == (0,)
