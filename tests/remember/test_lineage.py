"""Who came before and after a body: over mergers, splits, codes used again, and lists of one's own."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.data.organisations import Succession
from evenhand.data.tables import Opened
from evenhand.remember import lineage
from evenhand.remember.chains import Chains
from evenhand.terms import Refused

Rows = list[tuple[str, str, str]]


def table(rows: Rows) -> dict[str, list[str]]:
    return {"old_code": [each[0] for each in rows], "new_code": [each[1] for each in rows],
            "date": [each[2] for each in rows]}


def codes(relatives: Any) -> list[str]:
    return [each["code"] for each in relatives]


def document(code: str, rows: Rows | None = None, **options: Any) -> dict[str, Any]:
    given_rows = None if rows is None else table(rows)
    return lineage(code, successions=given_rows, **options).document()


# --- the English commissioners, as published --------------------------------------------------------------------------


def test_the_four_derbyshire_groups_became_15m_which_qj2_serves() -> None:
    """ODS list of successions: 03X, 03Y, 04J and 04R to 15M on 2019-04-01; ONS lookup: QJ2 serves 15M."""
    found = document("15M")
    assert codes(found["predecessors"]) == ["03X", "03Y", "04J", "04R"]
    assert {each["date"] for each in found["predecessors"]} == {"2019-04-01"}
    assert found["successors"] == []
    assert codes(found["as_now"]) == ["15M"]
    (served,) = found["served_by"]
    assert (served["area"], served["board"]) == ("15M", "QJ2")
    assert "ONS lookup" in served["basis"]
    assert any("is not in the list of successions; it is from: ONS lookup" in remark for remark in found["remarks"])
    assert found["sentence"] == (
        "Derby and Derbyshire (15M) was formed on 1 April 2019 from Erewash CCG (03X), Hardwick CCG (03Y), North "
        "Derbyshire CCG (04J) and Southern Derbyshire CCG (04R). Its area is served by Derby and Derbyshire Integrated "
        "Care Board (QJ2): an arrangement, not a succession.")


@pytest.mark.parametrize("code", ["03X", "03Y", "04J", "04R"])
def test_each_of_the_four_leads_to_15m_and_on_to_its_board(code: str) -> None:
    found = document(code)
    assert codes(found["successors"]) == codes(found["as_now"]) == ["15M"]
    assert found["closed"] == "2019-03-31"
    assert [each["board"] for each in found["served_by"]] == ["QJ2"]


def test_croydon_closed_on_31_march_2020_and_became_part_of_south_west_london() -> None:
    found = document("07V")
    assert found["sentence"].startswith(
        "Croydon CCG (07V) closed on 31 March 2020 and became part of South West London (36L).")
    assert codes(found["successors"]) == ["36L"]


def test_a_chain_of_two_mergers_is_walked_to_its_end() -> None:
    found = document("10T")
    assert [(each["code"], each["steps"], each["by"]) for each in found["successors"]] == [
        ("15D", 1, "10T"), ("D4U1Y", 2, "15D")]
    assert "it is now Frimley (D4U1Y)" in found["sentence"]


def test_a_board_serves_an_area_and_succeeds_nobody() -> None:
    found = document("QJ2")
    assert (found["predecessors"], found["successors"], codes(found["serves"])) == ([], [], ["15M"])
    assert "an arrangement, not a succession" in found["sentence"]
    assert "The list names nobody before or after" in found["sentence"]


def test_a_code_may_be_typed_in_small_letters_or_handed_over_by_a_form() -> None:
    assert document("15m")["code"] == "15M"
    assert lineage(Opened("15M")).document()["code"] == "15M"


def test_an_unknown_code_is_refused_with_the_closest_that_are_known() -> None:
    with pytest.raises(Refused, match=r"has this code \(15X found\); did you mean .*15M \(Derby and Derbyshire\)"):
        lineage("15X")


# --- on a day ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "held_by"), [
    ("2018-06-30", ["03X", "03Y", "04J", "04R"]), ("2019-03-31", ["03X", "03Y", "04J", "04R"]),
    ("2019-04-01", ["15M"]), ("2024-01", ["15M"]), ("2012-04-01", [])])
def test_who_held_the_area_on_a_day(day: str, held_by: list[str]) -> None:
    assert codes(document("15M", to=day)["on_date"]["codes"]) == held_by


def test_a_body_that_is_gone_is_found_under_its_successor() -> None:
    assert codes(document("03X", to="2018-06-30")["on_date"]["codes"]) == ["03X"]
    assert codes(document("03X", to="2020-06-30")["on_date"]["codes"]) == ["15M"]


def test_where_a_body_took_in_others_one_after_another_only_those_to_come_stood_beside_it() -> None:
    rows = [("A", "C", "2001-04-01"), ("B", "C", "2005-04-01")]
    assert codes(document("C", rows, to="2003-01-01")["on_date"]["codes"]) == ["C", "B"]
    assert codes(document("C", rows, to="2000-01-01")["on_date"]["codes"]) == ["A", "B"]
    assert document("C", rows)["sentence"] == "C took in on 1 April 2001 A; on 1 April 2005 B."


def test_a_body_that_goes_in_two_parts_stands_until_the_last_has_gone() -> None:
    rows = [("A", "B", "2001-04-01"), ("A", "C", "2005-04-01")]
    assert codes(document("A", rows, to="2003-01-01")["on_date"]["codes"]) == ["A", "B"]
    assert codes(document("A", rows, to="2006-01-01")["on_date"]["codes"]) == ["B", "C"]


@pytest.mark.parametrize("text", ["soon", "2019", "2019-13-01", "31/02/2019"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"--to: this is not a day"):
        lineage("15M", to=text)


# --- splits, cycles, codes used again ---------------------------------------------------------------------------------


def test_a_split_is_called_one_and_no_share_is_made_up() -> None:
    found = document("A", [("A", "B", "2001-04-01"), ("A", "C", "2001-04-01")])
    assert [(each["code"], each["part"], each["share"]) for each in found["successors"]] == [
        ("B", True, None), ("C", True, None)]
    assert found["sentence"] == "A was divided on 1 April 2001 among B and C."
    assert any("A went to more than one body and the list gives no shares" in remark for remark in found["remarks"])


def test_shares_that_are_given_are_kept() -> None:
    rows = {"from": ["A", "A"], "to": ["B", "C"], "date": ["2001-04-01"] * 2, "share": ["0.25", "0.75"],
            "basis": ["residents"] * 2}
    found = lineage("A", successions=rows).document()
    assert [(each["share"], each["basis"]) for each in found["successors"]] == [
        (0.25, "residents"), (0.75, "residents")]
    assert not any("no shares" in remark for remark in found["remarks"])


def test_a_split_that_is_joined_again_is_shown_once() -> None:
    rows = [("A", "B", "2001-04-01"), ("A", "C", "2001-04-01"), ("B", "D", "2003-04-01"), ("C", "D", "2003-04-01")]
    found = document("A", rows)
    assert codes(found["successors"]) == ["B", "C", "D"]
    assert codes(found["as_now"]) == ["D"]
    assert [(each["old"], each["new"]) for each in found["successions"]] == [("A", "B"), ("A", "C"), ("B", "D"),
                                                                            ("C", "D")]
    chart = lineage("A", successions=table(rows)).figure.chart
    assert chart is not None
    assert len(chart["layer"][0]["data"]["values"]) == 4 * 3  # a line is drawn in three strokes


def test_a_code_used_again_does_not_join_strangers() -> None:
    # B of 1995 ended in C; a new B began in 2010. Walking on from A, which became B in 2010, must not reach C.
    rows = [("B", "C", "1995-04-01"), ("A", "B", "2010-04-01")]
    assert codes(document("A", rows)["successors"]) == ["B"]
    assert codes(document("C", rows)["predecessors"]) == ["B"]


def test_a_circle_is_walked_once_and_said() -> None:
    rows = [("A", "B", "2001-04-01"), ("B", "A", "2003-04-01")]
    found = document("A", rows)
    assert codes(found["successors"]) == ["B"]
    assert any("leads from A back to A" in remark for remark in found["remarks"])


def test_rows_in_which_a_code_follows_itself_are_passed_over_and_counted() -> None:
    found = document("A", [("A", "A", "2001-04-01"), ("A", "B", "2003-04-01")])
    assert codes(found["successors"]) == ["B"]
    assert "1 row in which a code follows itself was passed over." in found["remarks"]


steps = st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF"), st.integers(1995, 2000)), max_size=14)


@given(steps, st.sampled_from("ABCDEF"))
def test_any_list_is_walked_to_an_end_with_dates_in_order(rows: list[tuple[str, str, int]], code: str) -> None:
    chains = Chains(tuple(Succession(old, new, date(year, 4, 1), "a list") for old, new, year in rows))
    for relatives, forward in ((chains.successors(code), True), (chains.predecessors(code), False)):
        found = {each.code: each for each in relatives}
        assert len(found) == len(relatives)
        assert code not in found
        for each in relatives:
            if each.by != code:
                before = found[each.by]
                assert each.steps == before.steps + 1
                assert each.date >= before.date if forward else each.date <= before.date
    assert set(chains.ends(code)) <= {code, *(each.code for each in chains.successors(code))}
    assert chains.ends(code)
    for year in range(1993, 2003):
        assert len(set(chains.on(code, date(year, 6, 1)))) == len(chains.on(code, date(year, 6, 1)))


@given(st.permutations([("A", "C", 1996), ("B", "C", 1996), ("C", "D", 1998), ("E", "D", 1998)]))
def test_the_order_of_the_list_does_not_matter(rows: list[tuple[str, str, int]]) -> None:
    chains = Chains(tuple(Succession(old, new, date(year, 4, 1), "a list") for old, new, year in rows))
    assert [each.code for each in chains.predecessors("D")] == ["C", "E", "A", "B"]
    assert chains.on("D", date(1997, 1, 1)) == ("C", "E")
    assert set(chains.beginnings("D")) == {"A", "B", "E"}


# --- lists of one's own, and what is wrong with them ------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "message"), [
    ({"old_code": ["A"], "date": ["2001-04-01"]}, "there is no column “new_code”"),
    ({"old_code": ["A"], "new_code": ["B"], "date": ["April"]}, "successions:1:date: this is not a date (April found)"),
    ({"old_code": [""], "new_code": ["B"], "date": ["2001-04-01"]}, "successions:1:old_code: this cell is empty"),
    ({"old_code": ["A"], "new_code": ["B"], "date": ["2001-04-01"], "share": ["1.5"]}, "this is above 1"),
    ({"old_code": ["A", "A"], "new_code": ["B", "C"], "date": ["2001-04-01"] * 2, "share": ["0.6", "0.6"]},
     "the shares of A add up to more than the whole on 1 April 2001"),
    ({"old_code": [], "new_code": [], "date": []}, "there are headings and no rows")])
def test_what_is_wrong_in_a_list_is_said(rows: dict[str, list[str]], message: str) -> None:
    with pytest.raises(Refused) as refused:
        lineage("A", successions=rows)
    assert message in str(refused.value)


def test_a_code_in_neither_list_is_refused_with_the_closest_of_both() -> None:
    with pytest.raises(Refused, match=r"neither the table given nor the published lists.*did you mean .*XYZ9"):
        document("XYZ8", [("XYZ9", "B", "2001-04-01")])


def test_a_known_body_that_the_list_does_not_hold_has_no_lineage_in_it() -> None:
    assert document("15M", [("A", "B", "2001-04-01")])["sentence"].endswith(
        "The list names nobody before or after Derby and Derbyshire (15M).")


@pytest.mark.real
def test_the_published_list_agrees_with_what_comes_with_the_program(real: Path) -> None:
    path = real / "organisations" / "ods_successions_1992_2022.csv.gz"
    for code in ("15M", "36L", "16C", "91Q", "W2U3Z", "07V", "10T"):
        own, packaged = lineage(code, successions=path).document(), document(code)
        for side in ("predecessors", "successors"):
            assert [(each["code"], each["date"], each["by"]) for each in own[side]] == [
                (each["code"], each["date"], each["by"]) for each in packaged[side]], (code, side)


@pytest.mark.real
def test_every_code_of_the_published_list_has_a_lineage(real: Path) -> None:
    path = real / "organisations" / "ods_successions_1992_2022.csv.gz"
    with gzip.open(path, "rt") as file:
        chains = Chains(tuple(Succession(row["old_code"], row["new_code"], date.fromisoformat(row["date"]), "ODS")
                              for row in csv.DictReader(file)))
    assert len(chains.codes) > 20_000
    for code in chains.codes:
        assert chains.ends(code)
        assert chains.beginnings(code)


# --- the command and the picture --------------------------------------------------------------------------------------


def test_the_command_takes_a_code_and_gives_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remember", "lineage", "15M", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert codes(found["predecessors"]) == ["03X", "03Y", "04J", "04R"]
    assert found["settings"] == {"to": None}
    assert found["made_from"][0]["digest"].startswith("sha256:")


def test_the_command_reads_a_list_of_ones_own_with_columns_of_other_names(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.csv"
    path.write_text("gone,come,when\nA,B,2001-04-01\n")
    words = ["remember", "lineage", "A", "--successions", str(path), "--columns",
             "old_code=gone,new_code=come,successions.date=when", "--to", "2000-01-01"]
    assert main(words) == 0
    assert "On 1 January 2000 A stood under its own code." in capsys.readouterr().out


def test_the_command_refuses_an_unknown_code_with_nothing_on_standard_output(
        capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remember", "lineage", "15X", "--json"]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert "did you mean" in error


def test_the_picture_places_time_from_left_to_right_and_signs_by_shape() -> None:
    figure = lineage("D4U1Y").figure
    assert figure.chart is not None
    points = {each["label"].split("(")[-1][:-1]: each for each in figure.chart["layer"][1]["data"]["values"]}
    assert [points[code]["column"] for code in ("10T", "15D", "D4U1Y", "QNQ")] == [-2, -1, 0, 1]
    assert points["10T"]["when"] == "until 31 March 2018"
    assert [points[code]["sign"] for code in ("10T", "D4U1Y", "QNQ")] == ["closed", "asked about", "serves the area"]
    assert "<svg" in figure.svg()


def test_too_many_bodies_for_a_picture_are_given_as_a_table() -> None:
    figure = lineage("Z", successions=table([(f"A{place}", "Z", "2001-04-01") for place in range(80)])).figure
    assert figure.chart is None
    assert len(figure.table) == 81
