"""Small numbers hidden or rounded by a named rule, and nothing to be worked out from totals."""

from __future__ import annotations

import csv
import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.data.protection import Counts, Sum, attack, protect
from evenhand.data.suppress import suppress
from evenhand.data.suppression import HIDDEN, REGIMES, released_rows, suppressed
from evenhand.figures import Column, Table
from evenhand.terms import Refused, Suppressed

HES, UNDER_10, MIDPOINT_6, NONE = (REGIMES[name] for name in ("hes-2018", "under-10", "midpoint-6", "none"))


def crossed(cells: list[list[int]]) -> dict[str, list[Any]]:
    """A table of areas by sex with all its totals."""
    rows = [(f"area {row}", f"sex {column}", count) for row, counts in enumerate(cells)
            for column, count in enumerate(counts)]
    rows += [(f"area {row}", "total", sum(counts)) for row, counts in enumerate(cells)]
    rows += [("total", f"sex {column}", sum(counts)) for column, counts in enumerate(zip(*cells, strict=True))]
    rows.append(("total", "total", sum(map(sum, cells))))
    return {"area": [row[0] for row in rows], "sex": [row[1] for row in rows], "count": [row[2] for row in rows]}


def as_counts(cells: list[list[int]], regime: Any = UNDER_10) -> Counts:
    """The same table as counts and sums: cells by row, then row totals, column totals, the whole."""
    rows, columns = len(cells), len(cells[0])
    flat = [count for each in cells for count in each]
    row_totals, column_totals = [sum(each) for each in cells], [sum(each) for each in zip(*cells, strict=True)]
    first = rows * columns
    sums = [Sum(tuple(range(row * columns, (row + 1) * columns)), first + row) for row in range(rows)]
    sums += [Sum(tuple(range(column, first, columns)), first + rows + column) for column in range(columns)]
    whole = first + rows + columns
    sums += [Sum(tuple(range(first, first + rows)), whole), Sum(tuple(range(first + rows, whole)), whole)]
    return Counts((*flat, *row_totals, *column_totals, sum(flat)), tuple(sums), regime)


# --- the rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "shown"), [
    (0, 0), (1, HIDDEN), (7, HIDDEN), (8, 10), (12, 10), (13, 15), (22, 20), (1002, 1000), (1003, 1005)])
def test_hospital_episodes_hide_one_to_seven_and_round_the_rest_to_five(count: int, shown: Any) -> None:
    """NHS Digital (2018): nought stays, 1 to 7 are hidden, all others go to the nearest 5."""
    assert HES.released(count) == shown


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 3), (6, 3), (7, 9), (12, 9), (13, 15), (601, 603)])
def test_midpoint_six_shows_the_middle_of_each_band_of_six(count: int, shown: int) -> None:
    """OpenSAFELY: ceiling(x/6) x 6 - 3, and nought stays nought."""
    assert MIDPOINT_6.released(count) == shown


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, HIDDEN), (9, HIDDEN), (10, 10), (11, 11)])
def test_under_ten_hides_and_does_not_round(count: int, shown: Any) -> None:
    assert UNDER_10.released(count) == shown


def test_missing_stays_missing_under_every_regime() -> None:
    for regime in REGIMES:
        assert regime.released(None) is None
        assert regime.released(math.nan) is None


@pytest.mark.parametrize("count", [-1, 2.5])
def test_what_is_no_count_is_not_let_out(count: float) -> None:
    with pytest.raises(ValueError, match="not a count"):
        HES.released(count)
    with pytest.raises(ValueError, match="not counts"):
        HES.released_many(np.array([10.0, count]))


@given(st.integers(0, 100_000), st.sampled_from(list(REGIMES)))
def test_what_a_reader_knows_of_a_shown_count_is_all_that_reads_like_it(count: int, regime: Any) -> None:
    if not regime.is_small(count):
        low, high = regime.known(count)
        assert low <= count <= high
        assert {regime.released(each) for each in range(low, high + 1)} == {regime.released(count)}
        assert all(regime.released(each) != regime.released(count) for each in (low - 1, high + 1) if each >= 0)


@given(st.lists(st.one_of(st.none(), st.integers(0, 200)), min_size=1, max_size=30), st.sampled_from(list(REGIMES)))
def test_many_counts_at_once_are_treated_as_each_alone(counts: list[int | None], regime: Any) -> None:
    shown, hidden = regime.released_many(np.array([math.nan if each is None else each for each in counts], float))
    for count, value, is_hidden in zip(counts, shown, hidden, strict=True):
        alone = regime.released(count)
        assert is_hidden == isinstance(alone, Suppressed)
        assert math.isnan(value) if alone is None or is_hidden else value == alone


@pytest.mark.parametrize(("above", "below", "share"), [
    (8, 12, 1.0), (52, 203, 50 / 205), (0, 100, 0.0), (7, 103, HIDDEN), (3, 6, HIDDEN), (0, 0, None), (None, 9, None)])
def test_a_share_is_taken_after_both_counts_are_treated(above: Any, below: Any, share: Any) -> None:
    """8 of 12 becomes 10 of 10; 52 of 203 becomes 50 of 205."""
    assert HES.share(above, below) == share


@pytest.mark.reference
def test_counts_and_shares_agree_with_the_reference_cases_but_for_the_mark_of_what_is_hidden(reference: Path) -> None:
    folder = reference / "disclosure_control"
    with (folder / "counts_expected.csv").open() as file:
        for row in csv.DictReader(file):
            count, expected = int(row["count"]), int(row["released"])
            # The reference writes nought for what is hidden; a true nought must not look the same.
            assert HES.released(count) == (HIDDEN if expected == 0 < count else expected)
    for each in json.loads((folder / "expected.json").read_text())["examples"]:
        if not any(HES.is_small(each[part]) for part in ("numerator", "denominator")):
            assert HES.share(each["numerator"], each["denominator"]) == pytest.approx(each["ratio"], abs=0)


# --- ways out ---------------------------------------------------------------------------------------------------------


def test_a_table_goes_out_with_counts_treated_shares_anew_and_rates_hidden_with_their_counts() -> None:
    rows = [{"area": "A", "seen": 52, "of": 203, "share": 0.256, "rate": 3.1},
            {"area": "B", "seen": 3, "of": 40, "share": 0.075, "rate": 1.2},
            {"area": "C", "seen": None, "of": 40, "share": None, "rate": None}]
    out = suppressed(Table.of(rows, [Column(each) for each in rows[0]]), HES, ["seen", "of"],
                     shares={"share": ("seen", "of")}, follows={"rate": "seen"})
    assert out.rows == ({"area": "A", "seen": 50, "of": 205, "share": 50 / 205, "rate": 3.1},
                        {"area": "B", "seen": HIDDEN, "of": 40, "share": HIDDEN, "rate": HIDDEN},
                        {"area": "C", "seen": None, "of": 40, "share": None, "rate": None})
    assert out.notes == (f"{HES.title} (hes-2018, version 1).",)


def test_what_was_hidden_before_stays_hidden() -> None:
    before = [{"seen": Suppressed("at the source"), "of": 40, "share": None}]
    (after,) = released_rows(before, HES, ["seen", "of"], shares={"share": ("seen", "of")})
    assert after == {"seen": Suppressed("at the source"), "of": 40, "share": HIDDEN}


# --- the attack -------------------------------------------------------------------------------------------------------


def test_one_hidden_cell_in_a_row_is_found_from_its_total() -> None:
    table = as_counts([[5, 20, 30], [40, 50, 60]])
    assert attack(table, table.small) == {0: (5, 5)}


def test_two_hidden_ones_and_their_total_of_two_are_found_out() -> None:
    # One and one are hidden in one row, their sum is 2, and each is at least 1.
    table = Counts((1, 1, 20, 22), (Sum((0, 1, 2), 3),), UNDER_10, 1)
    assert attack(table, table.small) == {0: (1, 1), 1: (1, 1)}


def test_rounding_alone_can_give_four_ones_away() -> None:
    # 8 and four ones make 12. Shown: 10, four hidden, 10. At most 12, less at least 8: each hidden one is 1.
    table = Counts((8, 1, 1, 1, 1, 12), (Sum((0, 1, 2, 3, 4), 5),), HES, 1)
    assert set(attack(table, table.small).values()) == {(1, 1)}
    found = protect(table)
    assert found.added == {5}  # with the total hidden each may be anything from 1 to 7
    assert found.narrowest == 6


def every_table(table: Counts, hidden: frozenset[int]) -> dict[int, tuple[int, int]]:
    """The attack by trying every whole table of two by two cells that fits what is shown."""
    regime = table.regime
    ranges = []
    for place, count in enumerate(table.counts):
        if place not in hidden:
            ranges.append(regime.known(count))
        else:
            ranges.append((regime.least, regime.most) if regime.is_small(count) else (regime.most + 1, 60))
    seen: dict[int, list[int]] = {place: [] for place in table.small}
    for a, b, c, d in itertools.product(*(range(low, high + 1) for low, high in ranges[:4])):
        full = (a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d)
        if all(low <= count <= high for count, (low, high) in zip(full, ranges, strict=True)):
            for place, counts in seen.items():
                counts.append(full[place])
    return {place: (min(counts), max(counts)) for place, counts in seen.items()}


@settings(max_examples=25)
@given(st.lists(st.integers(0, 14), min_size=4, max_size=4), st.sets(st.integers(0, 3)),
       st.sampled_from([UNDER_10, HES]))
def test_the_attack_finds_what_trying_every_table_finds(cells: list[int], more: set[int], regime: Any) -> None:
    table = as_counts([cells[:2], cells[2:]], regime)
    hidden = table.small | {place for place in more if table.counts[place] > 0}
    assert attack(table, hidden) == every_table(table, hidden)


# --- protection -------------------------------------------------------------------------------------------------------

small_tables = st.lists(st.lists(st.sampled_from([0, 1, 2, 5, 8, 9, 11, 14, 30, 75]), min_size=3, max_size=3),
                        min_size=2, max_size=4)


@settings(max_examples=20)
@given(small_tables, st.sampled_from([UNDER_10, HES]), st.integers(1, 5))
def test_no_hidden_count_can_be_worked_out_from_what_is_shown(
        cells: list[list[int]], regime: Any, width: int) -> None:
    table = as_counts(cells, regime)
    found = protect(table, width=width)
    assert table.small <= found.hidden
    assert all(table.counts[place] > 0 for place in found.hidden)
    for place, (low, high) in attack(table, found.hidden).items():
        assert low <= table.counts[place] <= high
        assert high - low >= min(width, regime.most - regime.least) or place in found.unprotected


def test_no_less_hiding_would_do() -> None:
    table = as_counts([[5, 20], [16, 11]])
    found = protect(table, width=3)
    open_to_choice = [place for place in range(9) if place not in table.small]
    enough = [sum(table.counts[place] for place in more)
              for size in range(len(open_to_choice) + 1) for more in itertools.combinations(open_to_choice, size)
              if all(high - low >= 3 for low, high in attack(table, table.small | set(more)).values())]
    assert found.proven_least
    assert sum(table.counts[place] for place in found.added) == min(enough) == 20 + 16 + 11


def test_a_table_with_nothing_small_is_left_as_it_is() -> None:
    assert protect(as_counts([[10, 20], [30, 40]])).hidden == frozenset()


def test_where_the_rule_itself_gives_a_count_away_that_is_said() -> None:
    # Six ones make a total of 6: all hidden, each at least 1, the total at most 9; none can be above 4.
    table = Counts((1,) * 6 + (6,), (Sum(tuple(range(6)), 6),), UNDER_10, 1)
    found = protect(table, width=8)
    assert found.unprotected == (0, 1, 2, 3, 4, 5, 6)
    assert attack(table, found.hidden)[0] == (1, 4)


def test_three_crossings_are_protected_in_whole_numbers() -> None:
    rows = [(a, b, c, 3 if (a, b, c) == (0, 0, 0) else 12 + a + 2 * b + 4 * c)
            for a, b, c in itertools.product(range(2), repeat=3)]
    full: dict[tuple[Any, ...], int] = {}
    for *key, count in rows:
        for mask in itertools.product([False, True], repeat=3):
            where = tuple("total" if hide else f"k{part}" for part, hide in zip(key, mask, strict=True))
            full[where] = full.get(where, 0) + count
    answer = suppress({**{name: [key[place] for key in full] for place, name in enumerate("abc")},
                       "count": list(full.values())}, regime="under-10")
    assert answer.fields["hidden"]["count"]["small"] == 1
    assert answer.fields["hidden"]["count"]["to_protect"] >= 7  # a cube needs its eight corners
    assert answer.fields["proof"]["count"]["narrowest"] >= 3


def test_a_table_too_large_for_one_programme_is_protected_cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.data.protection.MOST_AT_ONCE", 1)
    monkeypatch.setattr("evenhand.data.protection.MOST_BY_CUTS", 1)
    table = as_counts([[5, 20, 40], [16, 11, 3], [60, 8, 90]])
    found = protect(table)
    assert not found.proven_least
    assert all(high - low >= 3 for low, high in attack(table, found.hidden).values())


@pytest.mark.parametrize(("cells", "regime"), [
    ([[5, 20, 40], [16, 11, 3], [60, 8, 90]], UNDER_10),
    ([[4, 22, 19, 31], [17, 12, 28, 6], [33, 41, 15, 24]], UNDER_10)])
def test_a_larger_table_loses_no_more_than_if_it_were_solved_as_a_whole(
        cells: list[list[int]], regime: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    table = as_counts(cells, regime)
    as_a_whole = protect(table)
    monkeypatch.setattr("evenhand.data.protection.MOST_AT_ONCE", 0)
    by_cuts = protect(table)
    assert by_cuts.proven_least
    assert as_a_whole.proven_least
    assert sum(table.counts[each] for each in by_cuts.added) == sum(table.counts[each] for each in as_a_whole.added) > 0
    assert all(high - low >= 3 for low, high in attack(table, by_cuts.hidden).values())


def test_a_table_that_takes_too_many_rounds_is_protected_count_by_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.data.protection.MOST_AT_ONCE", 0)
    monkeypatch.setattr("evenhand.data.protection_cuts.MOST_ROUNDS", 1)
    table = as_counts([[5, 20, 40], [16, 11, 3], [60, 8, 90]])
    found = protect(table)
    assert not found.proven_least
    assert all(high - low >= 3 for low, high in attack(table, found.hidden).values())


def test_a_solver_that_is_stopped_early_leaves_the_table_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.data.protection.MOST_NODES", 0)
    table = as_counts([[5, 20, 40], [16, 11, 3], [60, 8, 90]])
    found = protect(table)
    assert all(high - low >= 3 for low, high in attack(table, found.hidden).values())


# --- a whole table ----------------------------------------------------------------------------------------------------


def test_a_table_is_made_fit_to_be_shown_and_says_what_was_done() -> None:
    # With x for the five: 25 - x, 21 - x and 6 + x must be 10 or more, so x is 4 to 9: six values.
    answer = suppress(crossed([[5, 20], [16, 11]]), regime="under-10")
    hidden = {(row["area"], row["sex"]) for row in answer.fields["rows"] if row["count"] == HIDDEN}
    assert hidden == {("area 0", "sex 0"), ("area 0", "sex 1"), ("area 1", "sex 0"), ("area 1", "sex 1")}
    assert answer.sentence == (
        "1 small count of 9 is hidden, and 3 more so that totals do not give them away, by the rule “under-10”. Nobody "
        "can narrow a hidden count below a range of 6 values.")
    shown = answer.document()["rows"][0]["count"]
    assert shown == {"suppressed": HIDDEN.reason}
    assert answer.table.to_csv().splitlines()[1] == "area 0,sex 0,hidden"


def test_why_a_cell_is_hidden_cannot_be_told_from_the_table() -> None:
    rows = suppress(crossed([[5, 20], [16, 11]]), regime="under-10").fields["rows"]
    assert {row["count"] for row in rows if isinstance(row["count"], Suppressed)} == {HIDDEN}


def test_only_small_counts_are_hidden_when_that_is_asked_and_it_is_said() -> None:
    answer = suppress(crossed([[5, 20], [16, 11]]), regime="under-10", secondary=False)
    assert answer.fields["hidden"]["count"] == {"small": 1, "to_protect": 0}
    assert any("totals were not kept from giving them away" in remark for remark in answer.remarks)


def test_rounded_counts_may_not_add_up_and_are_not_mended() -> None:
    answer = suppress(crossed([[12, 22], [32, 42]]))
    rows = {(row["area"], row["sex"]): row["count"] for row in answer.fields["rows"]}
    assert rows["area 0", "sex 0"] + rows["area 0", "sex 1"] == 10 + 20
    assert rows["area 0", "total"] == 35
    assert any("may not add up" in remark for remark in answer.remarks)


def test_a_total_larger_than_its_parts_is_taken_to_hold_one_that_is_not_listed() -> None:
    answer = suppress({"area": ["A", "B", "Total"], "count": [5, 20, 40]}, regime="under-10")
    assert any("as if a part were not listed" in remark for remark in answer.remarks)
    assert answer.fields["proof"]["count"]["narrowest"] >= 3


def test_a_missing_count_stays_missing_and_is_not_taken_for_nought() -> None:
    answer = suppress({"area": ["A", "B", "total"], "count": ["5", "", "40"]}, regime="under-10")
    assert [row["count"] for row in answer.fields["rows"]] == [HIDDEN, None, 40]


def test_a_table_without_totals_is_told_of_totals_elsewhere() -> None:
    answer = suppress({"area": ["A", "B"], "count": [5, 20]})
    assert any("totals shown elsewhere" in remark for remark in answer.remarks)


def test_regimes_that_hide_nothing_say_what_they_do() -> None:
    assert suppress({"area": ["A"], "count": [5]}, regime="midpoint-6").fields["rows"][0]["count"] == 3
    assert suppress({"area": ["A"], "count": [5]}, regime="none").sentence == (
        "1 count: nothing hidden, nothing rounded.")


def test_several_columns_of_counts_are_each_treated() -> None:
    answer = suppress({"area": ["A", "B"], "numerator": [5, 20], "denominator": [100, 201]},
                      count=("numerator", "denominator"))
    assert [row["denominator"] for row in answer.fields["rows"]] == [100, 200]
    assert answer.fields["rows"][0]["numerator"] == HIDDEN


def test_a_second_column_of_counts_is_not_left_as_it_stands() -> None:
    answer = suppress({"area": ["A", "B"], "count": [5, 20], "numerator": [3, 8]})
    assert answer.fields["rows"][0] == {"area": "A", "count": HIDDEN, "numerator": HIDDEN}
    with_value = suppress({"area": ["A", "B"], "n": [5, 20], "value": [2.5, 8.0]})
    assert with_value.fields["rows"][0] == {"area": "A", "n": HIDDEN, "value": "2.5"}


def test_numbers_that_are_shown_as_they_stand_are_named() -> None:
    answer = suppress({"area": ["A", "B"], "count": [5, 20], "people": [3, 8]})
    assert any("counting people: people. Name with --count" in each for each in answer.remarks)
    assert not any("--count" in each for each in suppress({"area": ["A", "B"], "count": [5, 20]}).remarks)


@pytest.mark.parametrize(("rows", "options", "message"), [
    ({"area": ["A"], "people": [5]}, {}, "no column of counts was named; say --count COLUMN"),
    ({"area": ["A"], "count": ["few"]}, {}, "the table:1:count: this is not a number (few found)"),
    ({"area": ["A"], "count": [-5]}, {}, "the table:1:count: a count cannot be negative (-5 found)"),
    ({"area": ["A"], "count": [2.5]}, {}, "the table:1:count: a count has no decimals (2.5 found)"),
    ({"area": ["A", "A"], "count": [5, 6]}, {}, "the table:2:area: row 1 is for the same area (A found)"),
    ({"area": ["A", "B", "total"], "count": [5, 6, 9]}, {},
     "the table:3:count: the parts add up to 11, more than this total over area (9 found)"),
    ({"area": ["A"], "count": [5]}, {"width": 0}, "--width: a hidden count must be able to differ by one at least"),
    ({"area": ["A"], "count": [5]}, {"by": ("sex",)}, "there is no column “sex”")])
def test_what_cannot_be_treated_is_refused(rows: dict[str, Any], options: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        suppress(rows, **options)
    assert message in str(refused.value)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_shows_the_table_and_hides_more_than_the_small_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "suppress", "sample:counts", "--regime", "under-10", "--csv"]) == 0
    rows = dict(line.rsplit(",", 1) for line in capsys.readouterr().out.splitlines())
    assert rows["Northfield,men"] == "hidden"
    assert rows["Westbrook,men"] == "0"
    assert list(rows.values()).count("hidden") == 4


def test_the_command_gives_the_document_and_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "counts.xlsx"
    assert main(["data", "suppress", "sample:counts", "--json", "--xlsx", str(book)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["regime"]["name"] == document["settings"]["regime"] == "hes-2018"
    assert {"suppressed": HIDDEN.reason} in [row["count"] for row in document["rows"]]
    assert book.exists()


def test_the_command_refuses_an_unknown_regime(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "suppress", "sample:counts", "--regime", "hes-2019"]) == 2
    assert "choose from hes-2018, under-10, strictest, midpoint-6, none" in capsys.readouterr().err
