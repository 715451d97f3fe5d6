"""Values on a map: classes of as many places each, what is not held, and what lies outside its limits."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.find import map_of
from evenhand.terms import Refused


def areas(codes, size=0.1):
    """Squares in a row, one for each code."""
    def ring(at):
        west, east = -30 + at * size, -30 + (at + 1) * size
        return [[west, 50], [east, 50], [east, 50.1], [west, 50.1], [west, 50]]
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"code": code, "name": f"Place {code}", "vintage": "2031"},
         "geometry": {"type": "Polygon", "coordinates": [ring(at)]}} for at, code in enumerate(codes)]}


TEN = [f"Z{each}" for each in range(10)]
VALUES = {"unit": TEN, "value": [float(each) for each in range(10)]}


def refused(message, table=VALUES, boundaries=None, **options):
    with pytest.raises(Refused) as trouble:
        map_of(table, boundaries=boundaries or areas(TEN), **options)
    assert message in " ".join(trouble.value.lines())


def test_ten_places_stand_in_five_classes_of_two():
    # 0 to 9: fifths end at 1.8, 3.6, 5.4 and 7.2.
    answer = map_of(VALUES, boundaries=areas(TEN), of="Z4")
    assert [(row["unit"], row["class"]) for row in answer.fields["rows"]] == [
        (f"Z{each}", each // 2 + 1) for each in reversed(range(10))]
    assert answer.fields["classes"][2] == {"class": 3, "words": "middle fifth", "low": 4, "high": 5, "places": 2}
    assert answer.sentence == ("Value, in 10 places: from 0 (Place Z0) to 9.00 (Place Z9); Place Z4, at 4.00, is in "
                               "the middle fifth.")
    assert answer.fields["vintage"] == "2031"


def test_equal_values_never_stand_in_two_classes():
    answer = map_of({"unit": TEN, "value": [1.0] * 7 + [2.0, 3.0, 4.0]}, boundaries=areas(TEN))
    assert {row["class"] for row in answer.fields["rows"] if row["value"] == 1} == {1}
    assert sum(each["places"] for each in answer.fields["classes"]) == 10


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=10, max_size=10), st.sampled_from([3, 4, 5]))
def test_a_higher_value_is_never_in_a_lower_class(values, classes):
    rows = map_of({"unit": TEN, "value": values}, boundaries=areas(TEN), classes=classes).fields["rows"]
    found = [row["class"] for row in sorted(rows, key=lambda row: row["value"])]
    assert found == sorted(found)
    assert all(1 <= each <= classes for each in found)


def test_a_place_without_a_figure_is_hatched_and_one_without_an_area_is_named():
    answer = map_of({"unit": [*TEN[:9], "ZZ"], "value": [float(each) for each in range(10)]}, boundaries=areas(TEN))
    assert answer.fields["no_figure"] == ["Z9"]
    assert answer.fields["not_on_map"] == ["ZZ"]
    said = " ".join(answer.remarks)
    assert "No figure is held of Place Z9: hatched on the map, not nought." in said
    assert "Not on this map, though a figure is held: ZZ." in said
    drawn = answer.figure.svg()
    assert "no figure held (1 place)" in drawn
    assert 'url(#map-none)' in drawn
    assert "<title>Place Z9: no figure held</title>" in drawn


@pytest.mark.parametrize("column", [{"outside": ["no"] * 9 + ["yes"]}, {"signal": ["high_95"] * 9 + ["high_998"]}])
def test_what_lies_outside_its_limits_has_a_thick_edge_and_is_counted(column):
    answer = map_of({**VALUES, **column}, boundaries=areas(TEN))
    assert [row["unit"] for row in answer.fields["rows"] if row["outside"]] == ["Z9"]
    assert answer.sentence.endswith("; 1 place lies outside the limits.")
    assert "thick edge: outside the limits (1 place)" in answer.figure.svg()


def test_the_picture_says_everything_without_colour_or_style():
    drawn = map_of({**VALUES, "low": [0.0] * 10, "high": [9.0] * 10}, boundaries=areas(TEN), of="Z4").figure.svg()
    for words in ("lowest fifth: 0 to 1.00 (2)", "highest fifth: 8.00 to 9.00 (2)"):
        assert words in drawn
    # Every class has a shade and, the palest and the darkest apart, a texture of its own.
    patterns = re.findall(r'<pattern id="map-\d"[^>]*>(.*?)</pattern>', drawn)
    assert len({re.sub(r"<rect[^>]*>", "", each) for each in patterns}) == 4
    assert len({re.search(r'fill="(#\w+)"', each)[1] for each in patterns}) == 5
    assert "style" not in drawn
    assert 'role="img"' in drawn
    assert ">Place Z4</text>" in drawn


def test_the_table_of_a_map_can_be_drawn_again(tmp_path):
    first = map_of({**VALUES, "low": [0.0] * 10, "high": [9.0] * 10, "outside": ["yes"] + ["no"] * 9},
                   boundaries=areas(TEN))
    (tmp_path / "map.csv").write_text(first.table.to_csv())
    again = map_of(tmp_path / "map.csv", boundaries=areas(TEN))
    assert again.fields["rows"] == first.fields["rows"]


def test_ranges_are_read_as_find_gaps_leaves_them():
    answer = map_of({**VALUES, "value_interval_low": [0.0] * 10, "value_interval_high": [9.0] * 10},
                    boundaries=areas(TEN))
    assert answer.fields["rows"][0]["interval"] == [0, 9]
    assert "0 to 9.000" in answer.table.written()[0]


@pytest.mark.parametrize(("table", "message"), [
    ({"unit": TEN}, "value"), ({"unit": TEN, "value": ["much"] * 10}, "not a number"),
    ({"unit": ["Z1"] * 10, "value": [1.0] * 10}, "Z1"),
    ({"unit": ["A", "B", "C"], "value": [1.0, 2.0, 3.0]}, "of 3 units with a value none are on this map"),
    ({**VALUES, "outside": ["perhaps"] * 10}, "neither yes nor no")])
def test_tables_that_cannot_be_drawn_are_refused_in_words(table, message):
    refused(message, table)


def test_settings_and_boundaries_that_cannot_be_are_refused_in_words():
    refused("three, four or five classes", classes=9)
    refused("there is no such unit in the table", of="Q")
    refused("metres on a grid", boundaries=areas(TEN, size=40_000))
    points = areas(TEN)
    for each in points["features"]:
        each["geometry"] = {"type": "Point", "coordinates": [-30, 50]}
    refused("give polygons, not points", boundaries=points)


def test_the_command_gives_the_same_as_the_function(tmp_path, capsys):
    table, map_file = tmp_path / "values.csv", tmp_path / "map.geojson"
    table.write_text("unit,value\n" + "".join(f"{code},{value}\n" for code, value in zip(*VALUES.values(),
                                                                                        strict=True)))
    map_file.write_text(json.dumps(areas(TEN)))
    assert main(["find", "map", str(table), "--boundaries", str(map_file), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["rows"] == map_of(VALUES, boundaries=areas(TEN)).document()["rows"]


@pytest.mark.real
def test_england_is_drawn_on_the_published_boundaries_in_less_than_40_kilobytes(real):
    path = real / "organisations" / "boundaries" / "sub_icb_locations_2022.geojson"
    codes = sorted(re.findall(r'"sicbl22nm":"[^"]* - (\w+)"', path.read_text()))
    answer = map_of({"unit": codes, "value": [float(each) for each in range(len(codes))]}, boundaries=path)
    assert len(answer.fields["rows"]) == 106
    assert answer.fields["no_figure"] == []
    assert len(answer.figure.svg()) < 40_000
