"""Sharing a gain or a cost: Shapley's shares, the nucleolus, and groups that would do better by themselves."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from evenhand.choose import share
from evenhand.choose.share_sums import membership, nucleolus, shapley, stability
from evenhand.cli import main
from evenhand.terms import Refused


def game(kind: str, players: str, **coalitions: float) -> dict[str, Any]:
    """A game of players named by single letters: ``AB=5`` is what A and B have together."""
    return {"kind": kind, "players": list(players), "coalitions": {"+".join(key): value
                                                                   for key, value in coalitions.items()}}


def refusal(content: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        share(content, **options)
    return str(refused.value)


def test_two_towns_share_what_they_save():
    # Young (1994), Handbook of Game Theory 2, chapter 34: alone 11 and 7, together 15; each saves 1.5.
    fields = share(game("cost", "AB", A=11, B=7, AB=15)).fields
    assert fields["shapley"] == pytest.approx({"A": 9.5, "B": 5.5})
    assert fields["nucleolus"] == pytest.approx({"A": 9.5, "B": 5.5})
    assert fields["gain_from_working_together"] == 3
    assert fields["shapley_is_in_core"] is True
    # In equal parts B pays 7.5 and would pay 7 alone.
    assert fields["equal_is_in_core"] is False
    assert fields["objections"]["equal"] == [{"coalition": ["B"], "alone": 7, "share": 7.5, "better_by": 0.5}]


AIRPORT = game("cost", "ABC", A=6, B=12, C=42, AB=12, AC=42, BC=42, ABC=42)


def test_three_users_of_one_runway_pay_for_the_stretches_they_use():
    # Littlechild & Owen (1973): 6 shared by three, the next 6 by two, the last 30 by one: 2, 2 + 3, 2 + 3 + 30.
    fields = share(AIRPORT).fields
    assert fields["shapley"] == pytest.approx({"A": 2, "B": 5, "C": 35})
    assert fields["nucleolus"] == pytest.approx({"A": 3, "B": 4.5, "C": 34.5})
    assert fields["core_is_empty"] is False
    assert fields["equal_is_in_core"] is False


def test_the_claims_of_the_mishnah_are_shared_as_written():
    # Ketubot 93a; Aumann & Maschler (1985), Journal of Economic Theory 36, 195-213: claims of 100, 200 and 300.
    for estate, expected in ((100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])):
        left = {key: max(0, estate - sum({"A": 100, "B": 200, "C": 300}[each] for each in "ABC" if each not in key))
                for key in ("A", "B", "C", "AB", "AC", "BC", "ABC")}
        assert list(share(game("gain", "ABC", **left)).fields["nucleolus"].values()) == pytest.approx(expected)


def test_one_left_glove_and_two_right_ones_leave_the_right_ones_nothing_to_ask():
    answer = share(game("gain", "LRS", L=0, R=0, S=0, LR=1, LS=1, RS=0, LRS=1))
    assert answer.fields["shapley"] == pytest.approx({"L": 2 / 3, "R": 1 / 6, "S": 1 / 6})
    assert answer.fields["nucleolus"] == pytest.approx({"L": 1, "R": 0, "S": 0}, abs=1e-9)
    assert answer.fields["shapley_is_in_core"] is False
    # L and R together have 5/6 by Shapley's shares and 1 by themselves.
    first = answer.fields["objecting_coalitions"][0]
    assert first["coalition"] == ["L", "R"]
    assert first["better_by"] == pytest.approx(1 / 6)
    assert "But 2 groups would do better alone" in answer.sentence
    assert share(game("gain", "LRS", L=0, R=0, S=0, LR=1, LS=1, RS=0, LRS=1),
                 split="nucleolus").fields["objecting_coalitions"] == []


def test_where_any_two_of_three_can_take_all_no_split_is_stable():
    answer = share(game("gain", "ABC", A=0, B=0, C=0, AB=1, AC=1, BC=1, ABC=1))
    assert answer.fields["core_is_empty"] is True
    assert answer.fields["least_excess"] == pytest.approx(-1 / 3)
    # Each pair for half of its time makes 3/2, and each player is then in full time.
    assert [(row["coalition"], row["share"]) for row in answer.fields["empty_because"]] == [
        (["A", "B"], pytest.approx(0.5)), (["A", "C"], pytest.approx(0.5)), (["B", "C"], pytest.approx(0.5))]
    assert "No split is stable" in answer.sentence
    assert len(answer.fields["objecting_coalitions"]) == 3


def test_a_proposed_split_is_judged_like_the_others():
    content = {**AIRPORT, "proposed": {"A": 7, "B": 5, "C": 30}}
    answer = share(content, split="proposed")
    assert answer.fields["objecting_coalitions"] == [{"coalition": ["A"], "alone": 6, "share": 7, "better_by": 1}]
    assert answer.fields["proposed_is_in_core"] is False


def test_where_working_together_does_not_pay_that_is_said():
    answer = share(game("gain", "AB", A=5, B=5, AB=8))
    assert answer.remarks[0] == "Working together does not pay: each alone would have 2 more in all."
    assert any("too little for everybody" in remark for remark in answer.remarks)
    assert answer.fields["nucleolus"] == pytest.approx({"A": 4, "B": 4})
    assert share(game("gain", "A", A=5)).fields["nucleolus"] == {"A": 5}


# --- properties -------------------------------------------------------------------------------------------------------


@st.composite
def values(draw: Any) -> tuple[int, np.ndarray]:
    players = draw(st.integers(2, 4))
    return players, np.array([0.0, *(draw(st.integers(-5, 20)) for _ in range(2**players - 1))])


def excesses(worth: np.ndarray, players: int, split: np.ndarray) -> np.ndarray:
    return np.sort((membership(players) @ split - worth)[1:-1])


@given(values())
@how(max_examples=60)
def test_shapleys_shares_are_the_mean_over_every_order_of_joining(given_values):
    players, worth = given_values
    found = np.zeros(players)
    orders = list(permutations(range(players)))
    for order in orders:
        there = 0
        for player in order:
            found[player] += (worth[there | 1 << player] - worth[there]) / len(orders)
            there |= 1 << player
    assert shapley(worth, players) == pytest.approx(found)
    assert found.sum() == pytest.approx(worth[-1])


@given(values(), st.integers(0, 10**6))
@how(max_examples=60)
def test_no_other_split_treats_the_worst_treated_groups_better(given_values, seed):
    players, worth = given_values
    split, rational = nucleolus(worth, players)
    assert split.sum() == pytest.approx(worth[-1], abs=1e-6)
    alone = worth[[1 << place for place in range(players)]]
    mine = excesses(worth, players, split)
    rng = np.random.default_rng(seed)
    for size in (0.01, 0.3, 3.0):
        for _ in range(20):
            moved = split + size * (step := rng.normal(size=players)) - size * step.mean()
            if rational and (moved < alone - 1e-9).any():
                continue
            other = excesses(worth, players, moved)
            differs = np.flatnonzero(np.abs(other - mine) > 1e-6)
            assert not len(differs) or other[differs[0]] < mine[differs[0]]


@given(values())
@how(max_examples=60)
def test_where_some_split_is_stable_the_nucleolus_is(given_values):
    players, worth = given_values
    found = stability(worth, players)
    least = excesses(worth, players, nucleolus(worth, players)[0])[0]
    if not found.is_empty:
        assert least >= -1e-6
    else:
        # The balanced groups show why: every player is in full time, and together they make more than all.
        time = sum(part * membership(players)[coalition] for coalition, part in found.balanced)
        assert time == pytest.approx(np.ones(players), abs=1e-6)
        assert sum(part * worth[coalition] for coalition, part in found.balanced) > worth[-1]


@given(values(), st.integers(1, 50), st.integers(-10, 10))
@how(max_examples=30)
def test_another_unit_and_money_in_hand_change_the_nucleolus_with_them(given_values, stretch, hand):
    players, worth = given_values
    inside = membership(players).sum(axis=1)
    moved = worth * stretch + hand * inside
    assert nucleolus(moved, players)[0] == pytest.approx(nucleolus(worth, players)[0] * stretch + hand, abs=1e-5)


def test_ten_players_are_shared_among_in_seconds():
    rng = np.random.default_rng(3)
    worth = np.round(membership(10).sum(axis=1) ** 1.5 + rng.random(1024), 3)
    worth[0] = 0
    split, rational = nucleolus(worth, 10)
    assert rational
    assert split.sum() == pytest.approx(worth[-1])


# --- what is refused --------------------------------------------------------------------------------------------------


def test_what_is_missing_or_cannot_be_is_named():
    assert "A+B has no value" in refusal(game("gain", "AB", A=1, B=2))
    assert "does not say whether it shares a gain or a cost" in refusal(game("profit", "AB", A=1, B=2, AB=3))
    assert "who is no player" in refusal(game("gain", "AB", A=1, B=2, AB=3, AX=1))
    assert "A+A has two values" in refusal(game("gain", "AB", A=1, B=2, AB=3, BA=1)).replace("B+A", "A+A")
    assert "the value of A is not a number" in refusal(game("gain", "AB", A="much", B=2, AB=3))
    assert "the value of the empty group is 0" in refusal(
        {**AIRPORT, "coalitions": {**AIRPORT["coalitions"], "": 3}})
    assert "has no list “players”" in refusal({"kind": "gain", "coalitions": {"A": 1}})
    assert "has no “coalitions”" in refusal({"kind": "gain", "players": ["A"]})
    assert "two of the players have one name" in refusal({"kind": "gain", "players": ["A", "A"]})
    assert "there are more than 12 players" in refusal({"kind": "gain", "players": list("ABCDEFGHIJKLM")})
    assert "the model proposes no split" in refusal(AIRPORT, split="proposed")
    assert "do not sum to what there is to share (41 found)" in refusal(
        {**AIRPORT, "proposed": {"A": 6, "B": 5, "C": 30}})
    assert "does not give each player an amount" in refusal({**AIRPORT, "proposed": {"A": 42}})


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_example_runs_and_draws_its_figure(capsys, tmp_path):
    assert main(["choose", "share", "sample:shared-cost", "--out", str(tmp_path)]) == 0
    assert "No group would do better by itself." in " ".join(capsys.readouterr().out.split())
    assert (tmp_path / "shares.svg").exists()


CASES = ["airport-3", "four-player-gain", "glove-1-2", "talmud-estate-100", "talmud-estate-200", "talmud-estate-300",
         "tennessee-valley"]


@pytest.mark.parametrize("case", CASES)
def test_a_reference_case_is_read_as_it_stands(case: str, reference: Path, capsys):
    expected = json.loads((reference / "cooperative-games" / f"{case}.expected.json").read_text())
    path = str(reference / "cooperative-games" / f"{case}.input.json")
    assert main(["choose", "share", path, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["nucleolus"] == share(path).fields["nucleolus"]
    for figures in (expected["recomputed"], expected.get("published", {})):
        for name, each in figures.items():
            if isinstance(each, bool):
                assert document[name] is each, name
            else:
                assert document[name] == pytest.approx(each, abs=expected["tolerance"][name]), name
