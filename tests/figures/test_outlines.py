"""Outlines that are light enough to draw: neighbours share their border, and small things go before large ones."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.figures.outlines import middle_of, on_a_sheet, path_of


def square(west, south, side=1.0, *, steps=1, wobble=lambda x, y: (0.0, 0.0)):
    """A square in degrees with corners along its sides, each moved by what stands there."""
    along = [step / steps * side for step in range(steps)]
    points = ([(west + each, south) for each in along] + [(west + side, south + each) for each in along]
              + [(west + side - each, south + side) for each in along] + [(west, south + side - each)
                                                                          for each in along])
    moved = [(x + wobble(x, y)[0], y + wobble(x, y)[1]) for x, y in points]
    return [[[*moved, moved[0]]]]


def edges(rings):
    return [frozenset(pair) for ring in rings for pair in pairwise(ring)]


def test_a_square_keeps_its_corners_and_loses_those_along_its_sides():
    sheet = on_a_sheet({"A": square(0, 0, steps=10)}, width=1000, tallest=1000, least=4)
    (ring,) = sheet.rings["A"]
    assert set(ring) == {(0, 0), (1000, 0), (1000, 1000), (0, 1000)}
    assert (sheet.corners_before, sheet.corners) == (41, 5)


def test_longitude_is_shortened_by_the_cosine_of_the_latitude():
    # At 60 degrees a degree of longitude is half as long as one of latitude: cos 60 = 0.5.
    sheet = on_a_sheet({"A": square(0, 59.5)}, width=1000, tallest=1000, least=1)
    assert (sheet.width, sheet.height) == (500, 1000)


def test_north_is_up():
    sheet = on_a_sheet({"north": square(0, 1), "south": square(0, 0)}, width=1000, tallest=1000, least=1)
    assert middle_of(sheet.rings["north"])[1] < middle_of(sheet.rings["south"])[1]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1.0, 20.0, 200.0, 2_000.0]))
def test_neighbours_share_their_border_however_light_it_becomes(seed, least):
    from random import Random

    moved = {}

    def wobble(x, y):
        key = (round(x, 9), round(y, 9))
        return moved.setdefault(key, tuple(Random(f"{seed}{key}").uniform(-0.03, 0.03) for _ in range(2)))

    areas = {f"{x}{y}": square(x, y, steps=12, wobble=wobble) for x in range(3) for y in range(3)}
    sheet = on_a_sheet(areas, width=900, tallest=900, least=least)
    # Every border of the area in the middle is a border of one of its four neighbours too.
    others = {edge for code in ("01", "21", "10", "12") for edge in edges(sheet.rings[code])}
    assert set(edges(sheet.rings["11"])) <= others
    # And no border is used by more than two.
    used = [edge for rings in sheet.rings.values() for edge in edges(rings)]
    assert all(used.count(edge) <= 2 for edge in set(used))


def test_an_area_inside_another_keeps_one_border_with_it():
    inner = square(0.4, 0.4, 0.2, steps=6)
    hole = [[*square(0, 0, steps=6)[0], inner[0][0][::-1]]]
    sheet = on_a_sheet({"outer": hole, "inner": inner}, width=1000, tallest=1000, least=8)
    assert set(edges(sheet.rings["inner"])) <= set(edges(sheet.rings["outer"]))


def test_a_tiny_island_goes_and_an_area_that_is_nothing_else_stays():
    mainland_and_rock = [*square(0, 0), *square(2, 2, 0.001)]
    sheet = on_a_sheet({"A": mainland_and_rock, "B": square(3, 3, 0.003)}, width=1000, tallest=1000, least=50)
    assert len(sheet.rings["A"]) == 1
    assert sheet.rings["B"] == () or len(sheet.rings["B"]) == 1


def test_nothing_to_draw_is_an_empty_sheet():
    assert on_a_sheet({}, width=100, tallest=100, least=1).rings == {}


def test_a_path_is_written_in_steps_from_the_corner_before():
    assert path_of([((0, 0), (10, 0), (10, 5), (0, 0))]) == "M0 0l10 0 0 5z"
    assert path_of([((5, 5), (2, 5), (2, 1), (5, 5))]) == "M5 5l-3 0 0-4z"
