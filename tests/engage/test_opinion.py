"""Groups of opinion: planted groups found again, statistics by their formulas, and small numbers said."""

from __future__ import annotations

import csv
import json
from collections import Counter
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.engage import opinion
from evenhand.engage.opinion_groups import entered, grouped, laid, silhouette
from evenhand.engage.opinion_statements import share, test_of_share, test_of_two
from evenhand.terms import Refused

# Imported under names that the test runner would collect.
for each in (test_of_share, test_of_two):
    each.__test__ = False


def planted(number=24, statements=8):
    """Two of three participants vote one way on every statement but the last, the others the other way; all agree on
    the last.
    """
    votes = {"participant": [f"p{n}" for n in range(number)]}
    for each in range(statements - 1):
        votes[f"s{each}"] = [1 if n % 3 else -1 for n in range(number)]
        votes[f"s{each}"][each] = 0
    votes["last"] = [1] * number
    return votes


def refusal(votes, **options):
    with pytest.raises(Refused) as refused:
        opinion(votes, **options)
    return str(refused.value)


def rand_index(first, second):
    """Hubert & Arabie (1985): agreement of two groupings, 1 the same, 0 what chance would give."""
    def pairs(counts):
        return sum(comb(each, 2) for each in counts.values())

    both, one, two = pairs(Counter(zip(first, second, strict=True))), pairs(Counter(first)), pairs(Counter(second))
    by_chance = one * two / comb(len(first), 2)
    return (both - by_chance) / ((one + two) / 2 - by_chance)


def test_planted_groups_are_found_with_what_sets_them_apart_and_what_all_agree_on():
    answer = opinion(planted())
    groups = answer.fields["groups"]
    assert [group["size"] for group in groups] == [16, 8]
    assert groups[1]["members"] == [f"p{n}" for n in range(0, 24, 3)]
    assert all(group["stability"] > 0.9 for group in groups)
    # All 16 and all 8 agree with the last: 17/18 · 9/10.
    best = answer.fields["consensus"]["group_informed"][0]
    assert (best["statement"], best["value"]) == ("last", pytest.approx(17 / 18 * 9 / 10))
    assert best["by_group"] == [1, 1]
    assert {row["direction"] for row in answer.fields["representative"]["1"]} == {"disagree"}
    assert "last" not in {row["statement"] for row in answer.fields["representative"]["0"]}
    assert "24 participants form 2 groups (16 and 8); most agreed on across them is last, with at least 100%" in (
        answer.sentence)


def test_shares_and_tests_are_as_their_formulas():
    assert share(3, 6) == 0.5
    assert test_of_share(8, 8) == pytest.approx(2 * sqrt(9) * (9 / 9 - 0.5)) == 3
    # The test asserted by the source of the method: -1.518, to a hundredth.
    assert test_of_two(15, 24, 56, 71) == pytest.approx(-1.518, abs=0.01)
    assert test_of_two(15, 24, 56, 71) == pytest.approx(
        (16 / 25 - 57 / 72) / sqrt(73 / 97 * 24 / 97 * (1 / 25 + 1 / 72)))
    assert test_of_two(5, 5, 5, 5) == 0


def test_the_silhouette_is_as_its_formula():
    # On a line: 0 and 1 together, 4 and 5 together. For 0: within 1, next (4 + 5) / 2; for 1: 1 and 3.5; and so back.
    points = np.array([[0.0, 0], [1, 0], [4, 0], [5, 0]])
    expected = (2 * (1 - 1 / 4.5) + 2 * (1 - 1 / 3.5)) / 4
    assert silhouette(points, np.array([0, 0, 1, 1])) == pytest.approx(expected)
    assert silhouette(points, np.array([0, 0, 0, 0])) == 0


def test_those_who_voted_little_have_no_group_and_fifteen_are_taken_in_where_fewer_would_be_left():
    votes = np.full((40, 10), np.nan)
    votes[:20] = 1
    votes[20:, :3] = 1
    assert entered(votes, 7).sum() == 20
    votes[5:20, 6:] = np.nan
    assert entered(votes, 7).sum() == 15


def test_a_projection_is_stretched_for_votes_not_seen():
    votes = np.array([[1.0, 1], [-1, -1], [1, np.nan], [-1, np.nan]])
    found = laid(votes).places
    # Sums of squares [[4, 2], [2, 2]] have the first axis along (2, √5 - 1). The first voter lies at 2 + (√5 - 1) along
    # it, the third, who saw one statement of two, at 2, stretched by √(2 / 1).
    assert found[2, 0] / found[0, 0] == pytest.approx(2 * sqrt(2) / (1 + sqrt(5)))


@given(st.lists(st.lists(st.sampled_from([1, -1, 0, None]), min_size=5, max_size=5), min_size=6, max_size=20))
def test_any_votes_are_counted_whole_and_answered_the_same_twice(rows):
    if all(cell is None for row in rows for cell in row):
        rows[0][0] = 1
    votes = {"participant": list(range(len(rows))),
             **{f"s{each}": [None if row[each] is None else str(row[each]) for row in rows] for each in range(5)}}
    answer = opinion(votes, repeats=2)
    for number, total in enumerate(answer.fields["totals"]):
        cells = [row[number] for row in rows]
        assert [total["agree"], total["disagree"], total["pass"]] == [cells.count(1), cells.count(-1), cells.count(0)]
    placed = [who for group in answer.fields["groups"] for who in group["members"]]
    assert sorted(placed + answer.fields["participants_without_group"]) == sorted(map(str, votes["participant"]))
    assert answer.to_json() == opinion(votes, repeats=2).to_json()


def test_a_further_group_must_show():
    generator = np.random.default_rng(1)
    two = np.vstack([generator.normal(0, 1, (60, 2)), generator.normal(12, 1, (60, 2))])
    member, told = grouped(two, None, 1)
    assert np.bincount(member).tolist() == [60, 60]
    assert told[2] == max(told.values())


def test_few_participants_and_small_groups_are_said():
    answer = opinion(planted(number=9))
    said = " ".join(answer.remarks)
    assert "With 9 participants groups are a sketch at most" in said
    assert "Group 1 has fewer than 5 participants" in said


def test_statements_taken_out_are_in_the_totals_only():
    statements = {"statement": ["s0", "s1", "last"], "text": ["A", "B", "Buses come first."],
                  "moderated": ["1", "-1", "1"]}
    answer = opinion(planted(), statements=statements)
    assert "s1" not in {row["statement"] for row in answer.fields["consensus"]["group_informed"]}
    assert "s1" in {row["statement"] for row in answer.fields["totals"]}
    assert "“Buses come first”" in answer.sentence
    assert "1 statement that moderators took out is in the totals only." in answer.remarks


def test_groups_made_elsewhere_are_described_and_not_looked_for():
    votes = planted()
    members = {"participant": votes["participant"][:12], "group": ["east", "west"] * 6}
    answer = opinion(votes, members=members)
    assert [(group["group"], group["size"]) for group in answer.fields["groups"]] == [("east", 6), ("west", 6)]
    assert len(answer.fields["participants_without_group"]) == 12
    assert answer.fields["groups"][0]["stability"] is None


def test_bad_input_is_refused_with_its_place():
    votes = planted()
    assert "there is no column “participant”" in refusal({"who": [1], "s0": [1]})
    assert "1:s0: a vote is 1 (agree), -1 (disagree), 0 (pass) or empty (not seen) (2 found)" in refusal(
        votes | {"s0": [2] + [1] * 23})
    assert "(yes found)" in refusal(votes | {"s0": ["yes"] + ["1"] * 23})
    assert "(0.5 found)" in refusal(votes | {"s0": [0.5] + [1] * 23})
    assert "row 1 is for the same participant" in refusal(votes | {"participant": ["p"] * 24})
    assert "there is too little to group" in refusal({"participant": [1, 2], "a": [1, 1], "b": [1, 0]})
    assert "nobody voted" in refusal({"participant": [1, 2, 3, 4], "a": [None] * 4, "b": [""] * 4})
    assert "none of these statements was voted on" in refusal(votes, statements={"statement": ["z"], "text": ["Z"]})
    assert "fewer than two groups" in refusal(votes, members={"participant": ["p1"], "group": ["east"]})
    assert "--groups: this must lie between 2 and 20 (1 found)" in refusal(votes, groups=1)


def test_the_example_runs_and_draws_its_figures(capsys):
    assert main(["engage", "opinion", "sample:opinion-votes", "--statements", "sample:opinion-statements"]) == 0
    assert "form 2 groups" in capsys.readouterr().out
    answer = opinion("sample:opinion-votes", statements="sample:opinion-statements")
    assert [figure.name for figure in answer.figures] == ["opinion", "agreed across groups"]
    assert all('role="img"' in figure.svg() for figure in answer.figures)


# --- published conversations ------------------------------------------------------------------------------------------

CASES = ["brexit-consensus-2017", "electoral-reform-canada-2016", "farmland-san-juan-2021",
         "youth-policing-london-2022"]


def near(found, wanted):
    assert [row["statement"] for row in found] == [row["statement"] for row in wanted]
    for ours, theirs in zip(found, wanted, strict=True):
        for name, value in theirs.items():
            assert ours[name] == (pytest.approx(value, abs=1e-6) if isinstance(value, float) else value)


@pytest.mark.reference
@pytest.mark.parametrize("case", CASES)
def test_statistics_given_the_published_groups_and_totals_agree(case, reference, tmp_path, capsys):
    folder = reference / "opinion-groups"
    expected = json.loads((folder / f"{case}.expected.json").read_text())
    published, told = expected["published"], expected["recomputed"]["using_published_groups"]
    with (tmp_path / "members.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["participant", "group"])
        writer.writerows([who, "" if group is None else group]
                         for who, group in published["group_of_participant"].items())
    assert main(["engage", "opinion", str(folder / f"{case}.votes.csv"), "--members", str(tmp_path / "members.csv"),
                 "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    totals = {row["statement"]: [row["agree"], row["disagree"], row["pass"]] for row in found["totals"]}
    assert totals == expected["recomputed"]["statement_agree_disagree_pass"]
    for direction in ("agree", "disagree"):
        near(found["consensus"][direction], told["consensus"][direction])
    informed = {row["statement"]: row["value"] for row in found["consensus"]["group_informed"]}
    for statement, value in told["group_aware_consensus"].items():
        assert informed[statement] == pytest.approx(value, abs=1e-6)
    for group, wanted in told["representative_statements"].items():
        near(found["representative"][group], wanted)


@pytest.mark.reference
@pytest.mark.parametrize("case", CASES[:3])
def test_published_groups_are_recovered(case, reference):
    folder = reference / "opinion-groups"
    expected = json.loads((folder / f"{case}.expected.json").read_text())
    published = expected["published"]["group_of_participant"]
    answer = opinion(folder / f"{case}.votes.csv", groups=expected["published"]["groups"], repeats=0)
    ours = {who: group["group"] for group in answer.fields["groups"] for who in group["members"]}
    both = [who for who, group in published.items() if group is not None and who in ours]
    index = rand_index([ours[who] for who in both], [published[who] for who in both])
    assert index >= expected["recomputed"]["plain_pca_kmeans_with_published_k"]["adjusted_rand_index"] - 0.1
    found = opinion(folder / f"{case}.votes.csv", repeats=0)
    assert len(found.fields["groups"]) == expected["published"]["groups"]


# --- conversations as they are published ------------------------------------------------------------------------------


def published(cells):
    """A published file of participants: what is said of each, then a numbered column a statement."""
    rows = [{"participant": who, "xid": "", "group-id": who % 2, "n-comments": 31, "n-votes": len(row),
             "n-agree": row.count(1), "n-disagree": row.count(-1), **{str(at + 4): vote for at, vote in enumerate(row)}}
            for who, row in enumerate(cells)]
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_a_published_file_of_participants_is_read_as_it_stands_with_its_statements():
    cells = [[1, 1, -1, 1], [1, 1, -1, 0], [-1, -1, 1, 1], [-1, -1, 1, 1], [1, 1, -1, 1], [-1, -1, 1, 1]]
    plain = {"participant": list(range(6)), **{str(at + 4): [row[at] for row in cells] for at in range(4)}}
    words = {"comment-id": [4, 5, 6, 7], "comment-body": ["A", "B", "C", "D"], "moderated": [1, 1, 1, -1]}
    whole = opinion(published(cells), statements=words)
    assert whole.fields["groups"] == opinion(plain, statements=words).fields["groups"]
    assert [each["text"] for each in whole.fields["totals"]] == ["A", "B", "C", "D"]
    assert [each["agree"] for each in whole.fields["totals"]] == [3, 3, 3, 5]


def test_a_column_that_only_looks_like_one_of_those_is_a_statement():
    votes = {"participant": [1, 2, 3, 4], "n-votes": [1, -1, 1, -1], "ward 3": [1, -1, 1, -1]}
    assert len(opinion(votes, repeats=0).fields["totals"]) == 2


@pytest.mark.real
@pytest.mark.parametrize(("name", "groups"), [("opinion-brexit-consensus", 2), ("opinion-london.youth.policing", 3)])
def test_published_conversations_are_read_and_their_own_counts_agree(real, name, groups):
    import csv

    place = real / "voices" / name
    answer = opinion(str(place / "participants-votes.csv"), statements=str(place / "comments.csv"))
    with (place / "participants-votes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert answer.fields["participants"] == len(rows)
    assert sum(each["agree"] for each in answer.fields["totals"]) == sum(int(row["n-agree"]) for row in rows)
    assert sum(each["disagree"] for each in answer.fields["totals"]) == sum(int(row["n-disagree"]) for row in rows)
    assert len(answer.fields["groups"]) == groups
