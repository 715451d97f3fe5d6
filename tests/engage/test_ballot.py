"""Votes on a budget: equal shares to the fraction, most votes first, ties said, and nobody forgotten."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.engage import ballot
from evenhand.engage.ballot_rules import Vote, equal_shares, raised
from evenhand.terms import Refused


def written(tmp_path, votes, costs, budget, *, vote_type="approval", name="vote.pb"):
    points = vote_type in ("cumulative", "scoring")
    lines = ["META", "key;value", f"budget;{budget}", f"vote_type;{vote_type}", f"num_votes;{len(votes)}", "PROJECTS",
             "project_id;cost;name", *(f"{number};{cost};project {number}" for number, cost in costs.items()), "VOTES",
             "voter_id;vote" + (";points" if points else ""), *(f"{place};{vote}" for place, vote in enumerate(votes))]
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def refusal(path, **options):
    with pytest.raises(Refused) as refused:
        ballot(path, **options)
    return str(refused.value)


RED = {f"r{n}": 1 for n in range(10)}
BLUE = {f"s{n}": 1 for n in range(10)}


def reds_and_blues(tmp_path):
    votes = [",".join(RED)] * 51 + [",".join(BLUE)] * 49
    return written(tmp_path, votes, RED | BLUE, 10)


def colours(chosen):
    return sorted(each[0] for each in chosen)


def test_half_the_voters_get_half_the_projects_and_not_all_or_none(tmp_path):
    # The example of electowiki, "Method of Equal Shares". 51 voters hold 5.1 and 49 hold 4.9 of 10: money for five
    # reds and four blues, and for a tenth after raising the parts.
    path = reds_and_blues(tmp_path)
    plain = ballot(path)
    assert colours(plain.fields["chosen"]) == ["r"] * 5 + ["s"] * 4
    assert "--completion raise-budget" in " ".join(plain.remarks)
    assert colours(ballot(path, completion="raise-budget", step=0.001).fields["chosen"]) == ["r"] * 5 + ["s"] * 5
    most = ballot(path, rule="greedy")
    assert colours(most.fields["chosen"]) == ["r"] * 10
    assert most.fields["voters_left_with_nothing"] == 49
    assert plain.fields["voters_left_with_nothing"] == 0


def test_rho_is_what_is_paid_for_a_unit_of_utility(tmp_path):
    # Ten voters hold 1 each. Six want a (cost 3): each pays 1/2, rho 1/2 ÷ 3 = 1/6. Then b (cost 4), wanted by two of
    # them, with 1/2 left, and four others with 1: 1/2 + 1/2 + 4x = 4, x = 3/4 > 1/2, so rho = 3/4 ÷ 4 = 3/16.
    votes = ["a,b", "a,b", "a", "a", "a", "a", "b", "b", "b", "b"]
    answer = ballot(written(tmp_path, votes, {"a": 3, "b": 4}, 10))
    assert answer.fields["chosen"] == ["a", "b"]
    assert answer.fields["rho"] == [pytest.approx(1 / 6), pytest.approx(3 / 16)]
    assert answer.fields["share_of_each_voter"] == 1
    # With one as the worth, a costs 1/2 for one unit and b 3/4.
    assert ballot(written(tmp_path, votes, {"a": 3, "b": 4}, 10), utility="one").fields["rho"] == [0.5, 0.75]


def test_points_are_the_worth_where_ballots_give_points(tmp_path):
    # Voter 0 gives a 3 points and voter 1 gives it 1: of 4 they pay 3 and 1, rho 1. Each holds 5.
    answer = ballot(written(tmp_path, ["a;3", "a,b;1,2"], {"a": 4, "b": 9}, 10, vote_type="cumulative"))
    assert answer.settings["utility"] == "points"
    assert answer.fields["rho"] == [1.0]
    assert {row["project"]: row["votes"] for row in answer.fields["rows"]} == {"a": 4, "b": 2}
    assert answer.fields["voters_left_with_nothing"] == 0


def test_a_tie_is_said_and_decided_by_the_number_as_text(tmp_path):
    votes = ["10,9"] * 2
    answer = ballot(written(tmp_path, votes, {"9": 6, "10": 6}, 10))
    assert answer.fields["chosen"] == ["10"]
    assert answer.fields["ties"] == [["10", "9"]]
    assert "10 and 9 tie, and not all are funded" in " ".join(answer.remarks)
    assert ballot(written(tmp_path, votes, {"9": 6, "10": 6}, 10), rule="greedy").fields["ties"] == [["10", "9"]]


def test_most_votes_first_passes_over_what_no_longer_fits(tmp_path):
    answer = ballot(written(tmp_path, ["a", "a", "a", "b,c", "b", "d"], {"a": 6, "b": 5, "c": 4, "d": 1}, 10),
                    rule="greedy")
    assert answer.fields["chosen"] == ["a", "c"]
    assert answer.fields["cost"] == 10
    assert answer.fields["voters_left_with_nothing"] == 2


def test_empty_ballots_projects_without_a_vote_and_what_the_file_says_are_told(tmp_path):
    path = written(tmp_path, ["a", "a", ""], {"a": 3, "b": 3}, 10)
    text = Path(path).read_text(encoding="utf-8")
    for before, after in (("cost;name", "cost;name;selected"), ("project a", "project a;0"),
                          ("project b", "project b;1"), ("num_votes;3", "num_votes;4")):
        text = text.replace(before, after)
    (tmp_path / "more.pb").write_text(text, encoding="utf-8")
    answer = ballot(str(tmp_path / "more.pb"))
    said = " ".join(answer.remarks)
    assert "1 ballot names no project" in said
    assert "Nobody voted for b." in said
    assert "The file says it has 4 ballots, and has 3." in said
    assert "other projects were funded in the end (b)" in said
    assert answer.fields["official"] == {"chosen": ["b"], "cost": 3, "voters_left_with_nothing": 3}


ELECTIONS = st.integers(2, 5).flatmap(lambda count: st.tuples(
    st.lists(st.integers(1, 30), min_size=count, max_size=count), st.integers(5, 60),
    st.lists(st.lists(st.integers(0, count - 1), unique=True, min_size=1), min_size=1, max_size=8)))


def vote_of(costs, budget, ballots):
    backers = tuple(tuple(voter for voter, given in enumerate(ballots) if place in given)
                    for place in range(len(costs)))
    return Vote(Fraction(budget), len(ballots), tuple(map(Fraction, costs)), backers,
                tuple(tuple(Fraction(costs[place]) for _ in each) for place, each in enumerate(backers)),
                tuple(range(len(costs))))


@given(ELECTIONS)
def test_equal_shares_never_overspends_and_leaves_nothing_that_its_voters_could_pay(election):
    vote = vote_of(*election)
    share = vote.budget / vote.voters
    found = equal_shares(vote, share)
    assert vote.cost_of(found.chosen) <= vote.budget
    assert list(found.rho) == sorted(found.rho)
    purse = [share] * vote.voters
    for place, rho in zip(found.chosen, found.rho, strict=True):
        paid = [min(purse[voter], rho * vote.costs[place]) for voter in vote.backers[place]]
        assert sum(paid) == vote.costs[place]
        for voter, amount in zip(vote.backers[place], paid, strict=True):
            purse[voter] -= amount
    assert min(purse) >= 0
    for place in set(range(len(vote.costs))) - set(found.chosen):
        assert sum(purse[voter] for voter in vote.backers[place]) < vote.costs[place]


@given(ELECTIONS)
def test_raising_the_parts_gives_what_trying_every_step_exactly_gives(election):
    vote = vote_of(*election)
    share, backed = vote.budget / vote.voters, sum(1 for each in vote.backers if each)
    best, step = equal_shares(vote, share), 0
    while len(best.chosen) < backed:
        further = equal_shares(vote, share + step + 1)
        if vote.cost_of(further.chosen) > vote.budget:
            break
        best, step = further, step + 1
    found = raised(vote, Fraction(1), most_steps=1000)
    assert found == (best, step)


def test_a_file_that_is_not_in_the_form_is_refused_with_its_line(tmp_path):
    def saved(text):
        path = tmp_path / "wrong.pb"
        path.write_text(text, encoding="utf-8")
        return str(path)

    good = "META\nkey;value\nbudget;10\nvote_type;approval\nPROJECTS\nproject_id;cost\na;5\nVOTES\nvoter_id;vote\n1;a\n"
    assert ballot(saved(good)).fields["chosen"] == ["a"]
    assert ":1: the file does not begin with META" in refusal(saved("a,b\n1,2\n"))
    assert "the part VOTES is missing or empty" in refusal(saved(good.split("VOTES")[0]))
    assert "budget: this is not an amount (plenty found)" in refusal(saved(good.replace("budget;10", "budget;plenty")))
    assert ":7:cost: this must be above nought (-5 found)" in refusal(saved(good.replace("a;5", "a;-5")))
    assert "this type of vote is not known" in refusal(saved(good.replace("approval", "shouting")))
    assert ":10:vote: there is no such project (b found)" in refusal(saved(good.replace("1;a", "1;b")))
    assert "this project stands twice on the ballot" in refusal(saved(good.replace("1;a", "1;a,a")))
    assert ":8:project_id: two projects have one number (a found)" in refusal(saved(good.replace("a;5", "a;5\na;6")))
    assert "PROJECTS has no column cost" in refusal(saved(good.replace("id;cost", "id;price")))
    assert "nobody voted" in refusal(saved(good.replace("1;a\n", "")))
    assert "names 2 projects and gives 1 number of points" in refusal(
        written(tmp_path, ["a,b;1"], {"a": 1, "b": 1}, 2, vote_type="cumulative"))
    assert "these are no points (-1 found)" in refusal(
        written(tmp_path, ["a;-1"], {"a": 1}, 2, vote_type="scoring"))


def test_settings_that_cannot_be_are_refused(tmp_path):
    path = reds_and_blues(tmp_path)
    assert "--completion: there are no parts to raise" in refusal(path, rule="greedy", completion="raise-budget")
    assert "--utility: these ballots give no points" in refusal(path, utility="points")
    assert "--step: a step must be above nought" in refusal(path, step=0.0)


def test_the_example_runs_and_draws_its_figure(capsys):
    assert main(["engage", "ballot", "sample:ballot"]) == 0
    assert "By equal shares, 3 of 6 projects are funded for 4,400 of 6,000" in capsys.readouterr().out
    answer = ballot("sample:ballot")
    assert [row["order"] for row in answer.fields["rows"]] == [1, 2, 3, None, None, None]
    assert 'role="img"' in answer.figure.svg()


# --- city votes as published ------------------------------------------------------------------------------------------

OPTIONS = {"mes_cost_utility": ["--utility", "cost"], "mes_one_point_per_project": ["--utility", "one"],
           "mes_points_as_utility": [], "mes_cost_utility_add1": ["--completion", "raise-budget"],
           "greedy_by_votes": ["--rule", "greedy"]}
CITIES = ["lodz-2020-nr-33", "toulouse-2019", "warszawa-2018-falenica", "warszawa-2019-nadwisle",
          "warszawa-2020-rembertow"]


@pytest.mark.reference
@pytest.mark.parametrize("city", CITIES)
def test_city_votes_come_out_as_two_other_programmes_have_them(city, reference, capsys):
    folder = reference / "participatory-budgeting"
    expected = json.loads((folder / f"{city}.expected.json").read_text())
    ours = {}
    for name, options in OPTIONS.items():
        if name not in expected["recomputed"]:
            continue
        wanted = expected["recomputed"][name]
        assert main(["engage", "ballot", str(folder / f"{city}.pb"), *options, "--json"]) == 0
        found = ours[name] = json.loads(capsys.readouterr().out)
        assert found["chosen"] == wanted["chosen"]
        assert found["cost"] == wanted["cost"]
        assert found["rho"][:len(wanted.get("rho", []))] == pytest.approx(wanted.get("rho", []), abs=1e-9)
        if "ties" in wanted:
            assert found["ties"] == wanted["ties"]
        if "tied_scores" in wanted:
            assert bool(found["ties"]) == wanted["tied_scores"]
        if "last_increase_per_voter" in wanted:
            assert found["last_increase_per_voter"] == wanted["last_increase_per_voter"]
        assert (found["voters"], found["budget"], len(found["rows"])) == (
            expected["voters"], expected["budget"], expected["projects"])
        if "official_winners" in expected["published"]:
            assert sorted(found["official"]["chosen"]) == sorted(expected["published"]["official_winners"])
            assert found["official"]["cost"] == expected["published"]["official_cost"]
    first = ours.get("mes_cost_utility") or ours["mes_points_as_utility"]
    assert first["voters_left_with_nothing"] == expected["recomputed"]["voters_with_no_approved_project_left"]
    assert ours["greedy_by_votes"]["voters_left_with_nothing"] == expected["recomputed"]["voters_left_out_by_greedy"]
