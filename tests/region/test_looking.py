"""How one gap is told in a sentence."""

from __future__ import annotations

from evenhand.region.looking import sentence_of

ROW = {"title": "Lidocaine plasters", "numerator_unit": "pounds", "gap": 48_000.0, "rank": 49, "of": 106}


def test_a_range_on_both_sides_of_the_middle_says_so() -> None:
    told = sentence_of({**ROW, "interval": [-22_000.0, 205_000.0]})
    assert "£48,000 a year above the middle (range £22,000 below to £205,000 above)" in told


def test_a_range_on_one_side_of_the_middle_is_told_by_its_size() -> None:
    assert "above the middle (range £22,000 to £205,000)" in sentence_of({**ROW, "interval": [22_000.0, 205_000.0]})
    below = sentence_of({**ROW, "gap": -48_000.0, "interval": [-205_000.0, -22_000.0]})
    assert "below the middle (range £22,000 to £205,000)" in below
