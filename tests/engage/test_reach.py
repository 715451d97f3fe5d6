"""Who was heard: shares beside shares, weights that make up the difference, and small numbers kept from view."""

from __future__ import annotations

import json
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.data.suppression import HIDDEN
from evenhand.engage import reach
from evenhand.engage.raking import effective_number, rake, share_interval
from evenhand.terms import Refused

TWO_BY_TWO = {"row": ["a", "a", "b", "b"], "column": ["x", "y", "x", "y"], "replies": [40, 60, 80, 20]}
EVEN = {"dimension": ["row", "row", "column", "column"], "group": ["a", "b", "x", "y"],
        "population": [100, 100, 100, 100]}


def refusal(table: object, margins: object, **options: object) -> str:
    with pytest.raises(Refused) as refused:
        reach(table, margins=margins, **options)
    return str(refused.value)


def test_two_by_two_replies_are_raked_to_even_margins():
    answer = reach(TWO_BY_TWO, margins=EVEN)
    # The odds ratio 40 * 20 / (60 * 80) = 1/6 is kept and every margin is 100, so x / (100 - x) = sqrt(1/6).
    x = 100 * sqrt(1 / 6) / (1 + sqrt(1 / 6))
    weighted = [cell["weighted_replies"] for cell in answer.fields["weights"]]
    assert weighted == pytest.approx([x, 100 - x, 100 - x, x], abs=1e-6)
    assert weighted == pytest.approx([28.9898, 71.0102, 71.0102, 28.9898], abs=5e-5)
    assert answer.fields["raking"]["converged"]


def test_the_effective_number_is_the_square_of_the_sum_over_the_sum_of_squares():
    # Two replies of weight 1 and one of weight 2: (1 + 1 + 2)^2 / (1 + 1 + 4) = 16 / 6.
    assert effective_number([2, 1], [1, 2]) == pytest.approx(16 / 6)
    answer = reach(TWO_BY_TWO, margins=EVEN)
    weights = [cell["weight"] for cell in answer.fields["weights"]]
    squares = sum(n * w**2 for n, w in zip([40, 60, 80, 20], weights, strict=True))
    assert answer.fields["effective_number"] == pytest.approx(200**2 / squares)
    assert answer.fields["design_effect"] == pytest.approx(squares / 200)


def test_the_range_of_a_share_is_wilsons():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3: 81/263, 15/148, 0/20, 1/29.
    assert share_interval(81, 263, 0.95) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert share_interval(15, 148, 0.95) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert share_interval(0, 20, 0.95) == pytest.approx((0, 0.1611), abs=5e-5)
    assert share_interval(1, 29, 0.95) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_a_group_with_half_the_replies_of_a_quarter_of_the_people_has_the_ratio_two():
    answer = reach({"group": ["young", "old"], "replies": [50, 50]},
                   margins={"group": ["young", "old"], "population": [3000, 1000]})
    young, old = answer.fields["rows"]
    assert (young["ratio"], old["ratio"]) == pytest.approx((0.5 / 0.75, 0.5 / 0.25))
    low, high = share_interval(50, 100, 0.95)
    assert old["intervals"]["0.95"] == pytest.approx((low / 0.25, high / 0.25))
    assert (young["weight"], old["weight"]) == pytest.approx((1.5, 0.5))
    assert (young["status"], old["status"]) == ("under", "over")


def test_the_three_forms_of_a_table_give_one_answer():
    by_combination = reach(TWO_BY_TWO, margins=EVEN)
    one_a_row = reach({"row": ["a"] * 100 + ["b"] * 100, "column": ["x"] * 40 + ["y"] * 60 + ["x"] * 80 + ["y"] * 20},
                      margins=EVEN)
    apart = reach({"dimension": ["row", "row", "column", "column"], "group": ["a", "b", "x", "y"],
                   "replies": [100, 100, 120, 80]}, margins=EVEN)
    assert one_a_row.fields["weights"] == by_combination.fields["weights"]
    for one, two, three in zip(by_combination.fields["rows"], one_a_row.fields["rows"], apart.fields["rows"],
                               strict=True):
        assert one["ratio"] == two["ratio"] == three["ratio"]
    assert apart.fields["weights"] is None
    assert any("by combination" in remark for remark in apart.remarks)


def test_groups_without_a_reply_are_named_and_nobody_speaks_for_them():
    answer = reach({"group": ["north", "south", "moor"], "replies": [90, 10, 0]},
                   margins={"group": ["north", "south", "moor"], "population": [500, 400, 100]})
    assert answer.fields["not_heard"] == [{"dimension": "group", "group": "south", "why": "far_under"},
                                          {"dimension": "group", "group": "moor", "why": "no_reply"}]
    assert "Nobody replied from moor" in answer.sentence
    assert "Hardly heard: south" in answer.sentence
    assert "the replies cannot tell" in answer.sentence
    # Of those who replied, north is 5/9 of the people and 0.9 of the replies.
    assert answer.fields["rows"][0]["weight"] == pytest.approx(5 / 9 / 0.9)
    assert answer.fields["rows"][2]["weight"] is None


def test_a_group_that_is_merely_small_is_not_called_unheard_without_saying_so():
    answer = reach({"group": ["many", "few"], "replies": [100, 0]},
                   margins={"group": ["many", "few"], "population": [9990, 10]})
    assert "fewer than five" in answer.fields["rows"][1]["remark"]


def test_who_would_rather_not_say_is_counted_and_left_out_of_the_shares():
    answer = reach({"sex": ["female", "female", "male", "Prefer not to say", ""]},
                   margins={"dimension": ["sex", "sex"], "group": ["female", "male"], "population": [1, 1]})
    assert [row["share_of_replies"] for row in answer.fields["rows"]] == pytest.approx([2 / 3, 1 / 3])
    assert answer.fields["dimensions"][0]["not_stated"] == 2
    assert any("2 replies did not state sex" in remark for remark in answer.remarks)


def test_margins_that_cannot_be_met_together_are_said():
    # Women replied only from the north and men only from the south: the sexes cannot be 3 to 1 and the areas 1 to 1.
    answer = reach({"sex": ["female", "male"], "area": ["north", "south"], "replies": [50, 50]},
                   margins={"dimension": ["sex", "sex", "area", "area"], "group": ["female", "male", "north", "south"],
                            "population": [75, 25, 50, 50]})
    assert answer.fields["raking"]["converged"] is False
    assert answer.fields["weights"] is None
    assert answer.fields["effective_number"] is None
    assert any("did not settle after 1,000 rounds" in remark for remark in answer.remarks)


def test_small_numbers_are_hidden_under_the_regime_and_zero_is_not():
    # Hospital Episode Statistics (NHS Digital 2018): 0 stays, 1 to 7 are hidden, the others go to the nearest 5.
    margins = {"group": ["a", "b", "c"], "population": [500, 300, 200]}
    table = {"group": ["a", "b", "c"], "replies": [93, 5, 0]}
    shown = json.loads(reach(table, margins=margins, regime="hes-2018").to_json())
    first, second, third = shown["rows"]
    assert first["replies"] == 95
    assert first["share_of_replies"] == 95 / 100
    assert second["replies"] == second["ratio"] == second["weight"] == HIDDEN.to_json()
    # Even 7 of 98 would be hardly heard for three tenths of the people, so that much may be said.
    assert second["status"] == "far_under"
    assert third["replies"] == 0
    assert shown["weights"] is None


def test_rounding_to_the_middle_of_bands_of_six_hides_nothing_and_blurs_all():
    answer = reach({"group": ["a", "b"], "replies": [92, 2]}, margins={"group": ["a", "b"], "population": [50, 50]},
                   regime="midpoint-6")
    # 92 lies in 91 to 96 and shows as 93; 2 in 1 to 6 and shows as 3; of 94, shown as 93.
    assert [row["replies"] for row in answer.fields["rows"]] == [93, 3]
    assert [row["share_of_replies"] for row in answer.fields["rows"]] == [1, 3 / 93]


def test_where_every_count_is_hidden_nothing_is_said_of_groups():
    answer = reach({"group": ["a", "b"], "replies": [3, 2]}, margins={"group": ["a", "b"], "population": [5, 5]},
                   regime="hes-2018")
    assert answer.sentence.startswith("A few replies came in. For 2 groups the numbers are too few to say.")
    assert answer.figures == ()


def test_without_the_regime_small_numbers_are_shown_and_a_remark_warns():
    answer = reach({"group": ["a", "b"], "replies": [93, 5]}, margins={"group": ["a", "b"], "population": [50, 50]})
    assert answer.fields["rows"][1]["replies"] == 5
    assert any("--regime hes-2018" in remark for remark in answer.remarks)


@given(st.lists(st.integers(1, 500), min_size=4, max_size=12))
def test_a_hidden_count_leaves_the_same_page_whatever_it_was(counts):
    groups = [f"g{place}" for place in range(len(counts))]
    margins = {"group": groups, "population": [100] * len(groups)}
    pages = set()
    for hidden in (1, 2, 3):
        table = {"group": groups, "replies": [hidden, *(each + 8 for each in counts[1:])]}
        # The total stays the same multiple of five, so nothing but the hidden count differs.
        table["replies"][1] += (3 - hidden) + (-sum(counts[1:])) % 5
        document = reach(table, margins=margins, regime="hes-2018").document()
        pages.add(json.dumps([document["rows"][0]]))
    assert len(pages) == 1


@given(st.lists(st.integers(1, 200), min_size=6, max_size=6), st.lists(st.integers(1, 1000), min_size=5, max_size=5))
def test_raked_replies_have_the_shares_of_the_people(counts, people):
    places = [[0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2]]
    shares = [[each / sum(people[:2]) for each in people[:2]], [each / sum(people[2:]) for each in people[2:]]]
    found = rake(counts, places, shares)
    assert found.settled
    weighted = [count * weight for count, weight in zip(counts, found.weights, strict=True)]
    assert sum(weighted) == pytest.approx(sum(counts))
    assert sum(weighted[:3]) / sum(weighted) == pytest.approx(shares[0][0], abs=1e-7)
    assert (weighted[0] + weighted[3]) / sum(weighted) == pytest.approx(shares[1][0], abs=1e-7)
    # Raking keeps what the replies say of the two together: the odds ratio.
    assert weighted[0] * weighted[4] / (weighted[1] * weighted[3]) == pytest.approx(
        counts[0] * counts[4] / (counts[1] * counts[3]), rel=1e-6)


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 9000)), min_size=2, max_size=8))
def test_shares_sum_to_one_and_weights_average_one(groups):
    names = [f"group {place}" for place in range(len(groups))]
    answer = reach({"group": names, "replies": [replies for replies, _ in groups]},
                   margins={"group": names, "population": [people for _, people in groups]})
    rows = answer.fields["rows"]
    assert sum(row["share_of_replies"] for row in rows) == pytest.approx(1)
    assert sum(row["weighted_share"] for row in rows) == pytest.approx(1)
    assert sum(row["weight"] * row["replies"] for row in rows) == pytest.approx(sum(row["replies"] for row in rows))
    total = answer.fields["replies"]
    assert 0 < answer.fields["effective_number"] <= total * (1 + 1e-9)
    for row in rows:
        low, high = row["intervals"]["0.95"]
        assert low <= row["ratio"] <= high


MARGINS = {"dimension": ["age", "age", "sex", "sex"], "group": ["young", "old", "female", "male"],
           "population": [10, 20, 15, 15]}


def test_a_group_the_margins_do_not_have_is_refused_with_the_closest():
    message = refusal({"age": ["young", "odl"], "replies": [1, 2]}, MARGINS)
    assert "the replies:2:age: the margins have no such group of age; the nearest is old (odl found)" in message
    assert "write it as in the margins" in message


def test_a_dimension_the_margins_do_not_have_is_refused():
    message = refusal({"dimension": ["agee"], "group": ["young"], "replies": [1]}, MARGINS)
    assert "the margins have no dimension of this name; the nearest is age (agee found)" in message


def test_negative_and_broken_counts_are_refused_with_their_cells():
    assert "1:replies: a count cannot be negative (-4 found)" in refusal(
        {"age": ["young", "old"], "replies": [-4, 2]}, MARGINS)
    assert "2:replies: a count has no decimals (2.5 found)" in refusal(
        {"age": ["young", "old"], "replies": [4, 2.5]}, MARGINS)
    assert "2:replies: this is not a number (many found)" in refusal(
        {"age": ["young", "old"], "replies": ["4", "many"]}, MARGINS)


def test_replies_from_a_group_without_people_are_refused():
    message = refusal({"age": ["young", "old"], "replies": [4, 2]},
                      {"dimension": ["age", "age"], "group": ["young", "old"], "population": [0, 20]})
    assert "young (age) has 4 replies and no people" in message


def test_the_same_group_twice_is_refused_in_both_tables():
    assert "row 1 is for the same age, sex" in refusal(
        {"age": ["young", "young"], "sex": ["male", "male"], "replies": [4, 2]}, MARGINS)
    assert "row 1 is for the same group" in refusal({"group": ["a"], "replies": [4]},
                                                    {"group": ["a", "a"], "population": [1, 2]})


def test_a_table_that_speaks_of_nothing_in_the_margins_is_refused():
    assert "no column is a dimension of the margins; name a column age or sex" in refusal(
        {"ethnicity": ["x"], "replies": [4]}, MARGINS)
    assert "there is not a single reply" in refusal({"age": ["old"], "replies": [0]}, MARGINS)
    assert "there is no column “population”" in refusal({"age": ["old"]}, {"dimension": ["age"], "group": ["old"]})


def test_a_count_under_another_name_is_taken_and_said():
    answer = reach({"age": ["young", "old"], "count": [30, 30]}, margins=MARGINS)
    assert answer.fields["replies"] == 60
    assert "The column “count” was taken for replies." in answer.remarks
    assert "The replies do not say sex: not compared." in answer.remarks


def test_settings_that_cannot_be_are_refused():
    assert "--far-under: this ratio must lie above 0" in refusal(TWO_BY_TWO, EVEN, far_under=0.0)
    assert "--confidence: a confidence lies between 0 and 1 (95.0 found)" in refusal(
        TWO_BY_TWO, EVEN, confidence=(95.0,))


def test_the_example_runs_and_draws_its_figure(capsys):
    assert main(["engage", "reach", "sample:reach-replies", "--margins", "sample:reach-population"]) == 0
    assert "Nobody replied from Moor Edge (area)" in capsys.readouterr().out
    answer = reach("sample:reach-replies", margins="sample:reach-population")
    assert 'role="img"' in answer.figure.svg()
    assert answer.to_json() == reach("sample:reach-replies", margins="sample:reach-population").to_json()


def test_the_command_answers_json_and_takes_other_column_names(tmp_path, capsys):
    (tmp_path / "replies.csv").write_text("sex,heads\nfemale,60\nmale,40\n")
    (tmp_path / "people.csv").write_text("dimension,group,souls\nsex,female,500\nsex,male,500\n")
    assert main(["engage", "reach", str(tmp_path / "replies.csv"), "--margins", str(tmp_path / "people.csv"),
                 "--columns", "replies=heads,margins.population=souls", "--confidence", "0.95,0.998", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["ratio"] for row in document["rows"]] == [1.2, 0.8]
    assert list(document["rows"][0]["intervals"]) == ["0.95", "0.998"]
    assert document["settings"]["regime"] == "none"


def test_a_wrong_input_leaves_standard_output_empty(tmp_path, capsys):
    (tmp_path / "replies.csv").write_text("sex,replies\nfemale,60\nmael,40\n")
    (tmp_path / "people.csv").write_text("dimension,group,population\nsex,female,500\nsex,male,500\n")
    assert main(["engage", "reach", str(tmp_path / "replies.csv"), "--margins", str(tmp_path / "people.csv")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "replies.csv:2:sex: the margins have no such group of sex; the nearest is male" in printed.err
