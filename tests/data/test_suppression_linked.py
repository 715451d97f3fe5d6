"""Tables released together and one after the other: a reader with linear programming finds no hidden count."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.data.attacker import Impossible, Said, adds_up, bounds, given_away, hidden, ranked, share, shown
from evenhand.data.suppress import suppress
from evenhand.data.suppression import HIDDEN, REGIMES
from evenhand.terms import Refused, Suppressed

HES, UNDER_10 = REGIMES["hes-2018"], REGIMES["under-10"]
Rows = Sequence[Mapping[str, Any]]


def columns(rows: Rows) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def with_totals(cells: Mapping[tuple[str, ...], int], names: Sequence[str]) -> dict[str, list[Any]]:
    """A table with every total."""
    full: dict[tuple[str, ...], int] = {}
    for key, count in cells.items():
        for mask in itertools.product([False, True], repeat=len(names)):
            where = tuple("total" if hide else part for part, hide in zip(key, mask, strict=True))
            full[where] = full.get(where, 0) + count
    return {**{name: [key[place] for key in full] for place, name in enumerate(names)}, "count": list(full.values())}


def cell(row: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset((name, each) for name, each in row.items() if name != "count" and each != "total")


def said_by(tables: Sequence[Rows], regime: Any, small: Mapping[Any, bool]) -> list[Said]:
    """All that released tables tell: each count, and that the parts of each table add up to what any table shows."""
    every, known = [], set()
    for rows in tables:
        for row in rows:
            known.add(cell(row))
            every.append(hidden(cell(row), regime, small=small.get(cell(row))) if isinstance(row["count"], Suppressed)
                         else shown(cell(row), row["count"], regime))
    for rows in tables:
        groups: dict[Any, list[Any]] = {}
        for row in rows:
            for pair in cell(row):
                groups.setdefault((pair[0], cell(row) - {pair}), []).append(cell(row))
        every += [adds_up(parts, total) for (_, total), parts in groups.items() if total in known]
    return every


def truth_of(*tables: Mapping[str, list[Any]]) -> dict[Any, int]:
    found = {}
    for table in tables:
        for values in zip(*table.values(), strict=True):
            row = dict(zip(table, values, strict=True))
            found[cell(row)] = row["count"]
    return found


# --- the attacker by himself ------------------------------------------------------------------------------------------


def test_a_share_to_the_whole_per_cent_gives_a_hidden_numerator_away() -> None:
    # 7% of 50 lies between 6.5% and 7.5%: 3.25 to 3.75 people would be none; 6% is 2.75 to 3.25, so 3.
    said = [shown("list", 50, UNDER_10), hidden("seen", UNDER_10), *share("seen", "list", 0.06, decimals=2)]
    assert bounds(said, ["seen"]) == {"seen": (3, 3)}
    with pytest.raises(Impossible):
        bounds([*said, *share("seen", "list", 0.07, decimals=2)], ["seen"])


def test_a_ranking_narrows_what_is_hidden_between_two_counts() -> None:
    said = [hidden(each, UNDER_10, small=True) for each in "abc"] + [*ranked("abc"), adds_up("abc", "all"),
                                                                     shown("all", 26, UNDER_10)]
    # The largest of three that make 26 with none above 9: a and b are 9 and c 8, or c at least 8.
    assert bounds(said, "abc") == {"a": (9, 9), "b": (8, 9), "c": (8, 8)} or bounds(said, "c")["c"] == (8, 8)


def test_what_nothing_bounds_has_no_most_and_a_table_that_leaves_one_out_still_tells_the_most() -> None:
    assert bounds([hidden("a", UNDER_10)], ["a", "never said"]) == {"a": (1, math.inf), "never said": (0, math.inf)}
    said = [hidden("a", UNDER_10), adds_up(["a"], "all", all_listed=False), shown("all", 12, UNDER_10)]
    assert bounds(said, ["a"])["a"] == (1, 12)
    assert given_away(said, ["a"], width=3) == {}
    assert given_away([*said, Said({"a": 1.0}, 11, 12)], ["a"], width=3) == {"a": (11, 12)}


def test_two_statements_of_one_count_that_cannot_both_be_are_impossible() -> None:
    with pytest.raises(Impossible, match="two different things"):
        bounds([shown("a", 20, UNDER_10), shown("a", 21, UNDER_10)], ["a"])


# --- tables released together -----------------------------------------------------------------------------------------

counts = st.sampled_from([0, 1, 3, 6, 8, 11, 14, 40])


@settings(max_examples=8, deadline=None)
@given(st.lists(counts, min_size=8, max_size=8), st.sampled_from([UNDER_10, HES]))
def test_no_hidden_count_is_found_from_two_tables_of_the_same_people(cells: list[int], regime: Any) -> None:
    people = dict(zip(itertools.product(("A", "B"), ("f", "m"), ("young", "old")), cells, strict=True))
    by_sex: dict[tuple[str, ...], int] = {}
    by_age: dict[tuple[str, ...], int] = {}
    for (area, sex, age), count in people.items():
        by_sex[area, sex] = by_sex.get((area, sex), 0) + count
        by_age[area, age] = by_age.get((area, age), 0) + count
    tables = with_totals(by_sex, ("area", "sex")), with_totals(by_age, ("area", "age"))
    answer = suppress(tables[0], linked=tables[1], regime=regime.name)
    out = [answer.fields["rows"], answer.fields["linked"][0]["rows"]]
    truth = truth_of(*tables)
    small = {each: regime.is_small(count) for each, count in truth.items()}
    found = bounds(said_by(out, regime, small), [each for each, is_small in small.items() if is_small])
    for each, (low, high) in found.items():
        assert low <= truth[each] <= high
        # Where the rule itself leaves little doubt, nothing can be done, and it is said.
        assert high - low >= 3 or any("little doubt" in remark for remark in answer.remarks)


def test_a_total_hidden_in_one_table_is_not_shown_by_another() -> None:
    # Northfield has 4 people: shown by neither. The 4 in the second table is the same cell.
    first = {"area": ["N", "N", "S", "S", "N", "S"], "sex": ["f", "m", "f", "m", "total", "total"],
             "count": [1, 3, 30, 40, 4, 70]}
    answer = suppress(first, linked=[{"area": ["N", "S", "total"], "count": [4, 70, 74]}], regime="under-10")
    (other,) = answer.fields["linked"]
    assert next(row["count"] for row in other["rows"]) == HIDDEN
    assert sum(isinstance(row["count"], Suppressed) for row in other["rows"]) >= 2  # else 74 - 70 = 4
    # One cell has one fate in both tables.
    assert {row["area"]: row["count"] for row in other["rows"]}["S"] == answer.fields["rows"][5]["count"]
    assert [column.name for column in answer.table.columns] == ["table", "area", "sex", "count"]
    assert len(answer.table.rows) == 9


def test_a_whole_without_subtotals_gives_nothing_away() -> None:
    # Practices within networks, and only the whole: 5 = 60 - 25 - 30.
    table = {"network": ["1", "1", "2", "total"], "practice": ["a", "b", "c", "total"], "count": [5, 25, 30, 60]}
    answer = suppress(table, regime="under-10")
    truth = truth_of(table)
    shown_rows = answer.fields["rows"]
    parts = [cell(row) for row in shown_rows[:3]]
    said = [hidden(cell(row), UNDER_10, small=UNDER_10.is_small(truth[cell(row)]))
            if isinstance(row["count"], Suppressed) else shown(cell(row), row["count"], UNDER_10)
            for row in shown_rows]
    low, high = bounds([*said, adds_up(parts, frozenset())], [parts[0]])[parts[0]]
    assert high - low >= 3


def test_a_name_beside_a_code_does_not_keep_totals_from_being_seen() -> None:
    table = {"code": ["X1", "X2", "total"], "name": ["Northfield", "Southfield", "total"], "count": [5, 20, 25]}
    assert sum(isinstance(row["count"], Suppressed) for row in suppress(table, regime="under-10").fields["rows"]) == 2


def test_tables_that_list_different_parts_of_one_whole_may_go_out_together() -> None:
    # The second knows of an area more, and of an age that is missing: no total stands in either.
    first = {"area": ["N", "N", "S"], "sex": ["f", "m", "f"], "count": ["12", "5", "40"]}
    second = {"area": ["N", "N", "E"], "age": ["young", "old", "old"], "count": ["30", "", "21"]}
    answer = suppress(first, linked=second, regime="under-10")
    assert isinstance(answer.fields["rows"][1]["count"], Suppressed)
    assert answer.fields["linked"][0]["rows"][1]["count"] is None


# --- one release after another ----------------------------------------------------------------------------------------

BEFORE = {"practice": ["a", "b", "c", "total"], "count": ["hidden", "hidden", "30", "61"]}
MERGED = {"practice": ["ab", "c", "d", "total"], "count": [31, 30, 0, 61]}


def test_after_a_merger_the_same_facts_do_not_give_the_merged_bodies_away() -> None:
    # Before: a and b hidden, c 30, the whole 61: a + b = 31. After: ab is 31, which is known already; nothing is lost.
    lineage = {"from": ["a", "b"], "to": ["ab", "ab"]}
    answer = suppress(MERGED, before=BEFORE, lineage=lineage, regime="under-10")
    assert [row["count"] for row in answer.fields["rows"]] == [31, 30, 0, 61]
    assert answer.fields["proof"]["count"]["narrowest"] >= 3


def test_a_merger_with_a_body_that_was_shown_hides_the_sum() -> None:
    # Before: a hidden, b 20, the whole hidden. After: ab 25 would be a = 25 - 20 = 5.
    before = {"practice": ["a", "b", "c", "total"], "count": ["*", "20", "*", "*"]}
    after = {"practice": ["ab", "c", "total"], "count": [25, 40, 65]}
    lineage = {"from": ["a", "b"], "to": ["ab", "ab"]}
    plain = suppress(after, regime="under-10")
    assert [row["count"] for row in plain.fields["rows"]] == [25, 40, 65]
    answer = suppress(after, before=before, lineage=lineage, regime="under-10")
    out = {row["practice"]: row["count"] for row in answer.fields["rows"]}
    said = [hidden("a", UNDER_10), shown("b", 20, UNDER_10), hidden("c", UNDER_10), hidden("whole", UNDER_10),
            adds_up(["a", "b"], "ab"), adds_up(["a", "b", "c"], "whole"), adds_up(["ab", "c"], "whole"),
            *(hidden(name, UNDER_10) if isinstance(out[key], Suppressed) else shown(name, out[key], UNDER_10)
              for name, key in (("ab", "ab"), ("c", "c"), ("whole", "total")))]
    assert isinstance(out["ab"], Suppressed)
    low, high = bounds(said, ["a"])["a"]
    assert high - low >= 3


def test_a_body_that_takes_in_another_and_keeps_its_name_is_not_taken_for_the_same() -> None:
    before = {"practice": ["a", "b"], "count": ["*", "20"]}
    after = {"practice": ["b", "c"], "count": [25, 40]}
    answer = suppress(after, before=before, lineage={"from": ["a"], "to": ["b"]}, regime="under-10")
    assert isinstance(answer.fields["rows"][0]["count"], Suppressed)


def test_what_was_hidden_to_protect_stays_hidden_in_the_next_release() -> None:
    # A second list leaves the 5 out, so by itself it hides nothing; the first hid 5 and 20 of 25 + 40.
    before = {"area": ["N", "S", "E", "total"], "count": ["hidden", "hidden", "40", "65"]}
    answer = suppress({"area": ["S", "E"], "count": [20, 40]}, before=before, regime="under-10")
    assert isinstance(answer.fields["rows"][0]["count"], Suppressed)
    assert answer.fields["rows"][1]["count"] == 40


def test_what_an_earlier_release_gave_away_is_said() -> None:
    before = {"area": ["N", "S", "total"], "count": ["hidden", "20", "25"]}
    answer = suppress({"area": ["N", "S", "total"], "count": [5, 20, 25]}, before=before, regime="under-10")
    assert any("what was released before, leaves little doubt of 1 hidden count (row 1)" in each
               for each in answer.remarks)


@settings(max_examples=8, deadline=None)
@given(st.lists(counts, min_size=4, max_size=4), st.sampled_from([UNDER_10, HES]))
def test_a_table_and_the_same_after_a_merger_give_no_hidden_count_away(cells: list[int], regime: Any) -> None:
    names = ("a", "b", "c", "d")
    old = {"practice": [*names, "total"], "count": [*cells, sum(cells)]}
    first = suppress(old, regime=regime.name)
    released = {"practice": old["practice"], "count": [str(row["count"]) for row in first.fields["rows"]]}
    new = {"practice": ["ab", "c", "d", "total"], "count": [cells[0] + cells[1], *cells[2:], sum(cells)]}
    answer = suppress(new, before=released, lineage={"from": ["a", "b"], "to": ["ab", "ab"]}, regime=regime.name)
    said = [adds_up(["a", "b"], "ab"), adds_up(names, "total"), adds_up(["ab", "c", "d"], "total")]
    for rows in (first.fields["rows"], answer.fields["rows"]):
        said += [hidden(row["practice"], regime) if isinstance(row["count"], Suppressed)
                 else shown(row["practice"], row["count"], regime) for row in rows]
    small = [name for name, count in zip(names, cells, strict=True) if regime.is_small(count)]
    for low, high in bounds(said, small).values():
        assert high - low >= 3 or any("little doubt" in each for each in (*first.remarks, *answer.remarks))


# --- what cannot be used ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("more", "message"), [
    ({"linked": {"area": ["N"], "count": [6]}}, "says 5 of the same cell (6 found)"),
    ({"linked": {"area": ["N"], "people": [5]}}, "there is no column “count”"),
    ({"linked": {"area": ["N", "N", "total"], "sex": ["f", "m", "total"], "count": ["2", "", "9"]}},
     "the parts add up to 25, more than this total over area"),
    ({"before": {"area": ["S"], "count": ["21"]}}, "no counts fit this table and the earlier release together"),
    ({"before": {"area": ["S"], "count": ["few"]}}, "neither a count nor a mark of a hidden one (few found)"),
    ({"before": {"area": ["S"], "count": ["20"]}, "lineage": {"from": ["S"]}}, "there is no column “to”")])
def test_tables_that_do_not_belong_together_are_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        suppress({"area": ["N", "S"], "count": [5, 20]}, regime="under-10", **more)
    assert message in str(refused.value)


def test_the_command_takes_tables_released_together_and_an_earlier_one(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in {"all.csv": "area,count\nN,5\nS,20\nE,40\n", "sex.csv": "sex,count\nf,30\nm,35\ntotal,65\n",
                       "old.csv": "area,count\nN,*\nS,20\n"}.items():
        (tmp_path / name).write_text(text)
    words = ["data", "suppress", str(tmp_path / "all.csv"), "--regime", "under-10", "--linked",
             str(tmp_path / "sex.csv"), "--before", str(tmp_path / "old.csv"), "--csv"]
    assert main(words) == 0
    out = capsys.readouterr().out
    # The whole of 65 in the second table less 20 and 40 would be the 5.
    assert out.count("hidden") >= 2
    assert "sex.csv" in out
