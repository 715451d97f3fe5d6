"""Boundaries as published: known by what they say of themselves, refused where they are nonsense."""

import json
from dataclasses import replace

import pytest

from evenhand.data import engine
from evenhand.data.areas import Area, Boundaries, areas_in, boundaries_for, held_boundaries
from evenhand.data.importers import IMPORTERS
from evenhand.data.load import load, opened, recognised
from evenhand.terms import Refused

SQUARE = [[[-1.0, 53.0], [-1.0, 53.1], [-0.9, 53.1], [-0.9, 53.0], [-1.0, 53.0]]]


def feature(published="E38999001", title="NHS Alder ICB - 9Z1", coordinates=None, kind="Polygon", **properties):
    said = properties or {"sicbl31cd": published, "sicbl31nm": title}
    return {"type": "Feature", "properties": said,
            "geometry": {"type": kind, "coordinates": SQUARE if coordinates is None else coordinates}}


def document(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def file_of(tmp_path, content, name="map.geojson"):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def refused(content, message):
    with pytest.raises(Refused) as trouble:
        areas_in(content, "map.geojson")
    assert message in " ".join(trouble.value.lines())


@pytest.mark.parametrize(("properties", "code", "kind", "vintage"), [
    ({"ccg21_code": "E38000006", "ccg21_name": "NHS Barnsley CCG"}, "02P", "clinical commissioning group", "2021"),
    ({"sicbl22cd": "E38000006", "sicbl22nm": "NHS South Yorkshire ICB - 02P"}, "02P", "sub-ICB location", "2022"),
    ({"SICBL22CD": "E38000006", "SICBL22NM": "NHS South Yorkshire ICB - 02P"}, "02P", "sub-ICB location", "2022"),
    ({"icb22_code": "E54000058", "icb22_name": "NHS Derby and Derbyshire Integrated Care Board"}, "QJ2",
     "integrated care board", "2022"),
    ({"lhb22_code": "W11000023", "lhb22_name": "Betsi Cadwaladr University Health Board"}, "W11000023",
     "Welsh health board", "2022"),
    ({"code": "ZM01", "name": "Millbrook North", "vintage": "2026"}, "ZM01", "area", "2026")])
def test_a_map_is_known_by_its_properties_and_coded_as_figures_are(properties, code, kind, vintage):
    (found,) = areas_in(document(feature(**properties)), "map.geojson")
    assert (found.area.code, found.area.kind, found.area.vintage) == (code, kind, vintage)


def test_a_map_is_loaded_into_a_table_of_its_own_and_read_back(tmp_path):
    path = file_of(tmp_path, document(feature(), feature("E38999002", "NHS Birch ICB - 9Z2")))
    assert recognised(opened(path)).name == "boundaries"
    load([path], tmp_path)
    rows = engine.rows_of(tmp_path, "boundaries")
    assert [(row["code"], row["published_code"], row["vintage"]) for row in rows] == [
        ("9Z1", "E38999001", "2031"), ("9Z2", "E38999002", "2031")]
    assert {row["source"] for row in rows} == {"boundaries"}
    assert "Open Government Licence" in rows[0]["licence"]
    (held,) = held_boundaries(tmp_path)
    assert held.codes == {"9Z1", "9Z2"}
    assert held.areas[0].polygons[0][0] == tuple(map(tuple, SQUARE[0]))
    (again,) = areas_in(held.geojson(), "kept")[:1]
    assert (again.area.code, again.area.polygons) == (held.areas[0].code, held.areas[0].polygons)
    bodies = engine.rows_of(tmp_path, "organisations")
    assert [row["code"] for row in bodies] == ["E38999001", "E38999002"]


def test_a_feature_without_code_or_shape_is_left_out_and_said(tmp_path):
    path = file_of(tmp_path, document(
        feature(), feature("", "Nowhere"), feature("E38999003", coordinates=[]),
        feature("E38999004", coordinates=[[[-1, 53], [-1, 53], [-1, 53]]])))
    (loaded,) = load([path], tmp_path).loaded
    assert (loaded.held.rows_read, loaded.held.rows_kept) == (4, 1)
    reasons = {each["reason"]: [one["value"] for one in each["examples"]] for each in loaded.held.refusals}
    assert reasons == {"the feature has no code": ["Nowhere"],
                       "the feature has no shape: it cannot be drawn": ["E38999003", "E38999004"]}


def test_places_given_as_points_are_kept_and_shaded_nowhere(tmp_path):
    path = file_of(tmp_path, document(feature(kind="Point", coordinates=[-1, 53], nhs_trust31_code="R9A",
                                              nhs_trust31_name="Alder Hospitals")))
    (loaded,) = load([path], tmp_path).loaded
    assert any("1 place given as points" in each for each in loaded.held.remarks)
    assert held_boundaries(tmp_path) == ()


def test_a_map_without_a_code_is_refused_naming_what_it_has(tmp_path):
    path = file_of(tmp_path, document(feature(**{"FID": 1, "Shape__Area": 2.5})))
    with pytest.raises(Refused, match=r"no property of the areas is a code that we know.*FID, Shape__Area"):
        load([path], tmp_path)
    assert held_boundaries(tmp_path) == ()


def test_metres_on_a_grid_are_refused_with_what_to_do():
    refused(document(feature(coordinates=[[[431000.0, 387000.0], [431000, 388000], [432000, 388000],
                                           [431000, 387000]]])), "metres on a grid, not degrees")


def test_latitude_before_longitude_is_refused():
    refused(document(feature(coordinates=[[[53.0, -1.0], [53.1, -1.0], [53.1, -0.9], [53.0, -1.0]]])),
            "latitude stands before longitude")


@pytest.mark.parametrize(("content", "message"), [
    ({"type": "FeatureCollection", "features": []}, "there is no area in this file"),
    (document(feature(), feature()), "feature 1 has this code too"),
    (document(feature(coordinates=[[["a", "b"]] * 4])), "cannot be read"),
    (document(feature(coordinates=[[[None, 1]] * 4])), "cannot be read"),
    (document(feature(coordinates=5)), "cannot be read"),
    (document(feature(kind="LineString", coordinates=[[1, 2], [3, 4]])), "this shape is no area"),
    (document(feature(coordinates=[[[200, 10], [200, 20], [210, 20], [200, 10]]])), "no place on the globe"),
    (document("not a feature"), "no property of the areas is a code")])
def test_nonsense_is_refused_in_words(content, message):
    refused(content, message)


@pytest.mark.parametrize("content", ['{"type":"FeatureCollection","features":[{"type":"Fea',
                                     '{"type":"FeatureCollection","features":[{"geometry":{"coordinates":[NaN]}}]}'])
def test_a_map_that_is_cut_off_or_has_no_numbers_is_refused_whole(tmp_path, content):
    with pytest.raises(Refused, match=r"this map is not whole|a coordinate is no number"):
        load([file_of(tmp_path, content)], tmp_path)


def test_an_open_ring_is_closed():
    (found,) = areas_in(document(feature(coordinates=[SQUARE[0][:-1]])), "map.geojson")
    ring = found.area.polygons[0][0]
    assert ring[0] == ring[-1]


def area_set(vintage, codes):
    areas = tuple(Area(each, each, each, "area", vintage) for each in codes)
    return Boundaries("area", vintage, areas, "map.geojson", "sha256:0", "")


def test_figures_find_the_boundaries_that_hold_them_and_then_those_of_their_time():
    old, now = area_set("2021", "ABCDE"), area_set("2022", "ABCDF")
    assert boundaries_for([old, now], frozenset("ABCDE"), 2025) is old
    same = replace(now, areas=old.areas)
    assert boundaries_for([old, same], frozenset("ABCDE"), 2025) is same
    assert boundaries_for([old, same], frozenset("ABCDE"), 2021) is old
    # Three of five are no map.
    assert boundaries_for([now], frozenset("ABCXY"), 2025) is None
    assert boundaries_for([], frozenset("A"), 2025) is None


@pytest.mark.real
def test_the_published_boundaries_are_read_whole_and_coded_as_the_figures_are(real, tmp_path):
    folder = real / "organisations" / "boundaries"
    load(sorted(folder.glob("*.geojson")), tmp_path)
    held = {(each.kind, each.vintage): each for each in held_boundaries(tmp_path)}
    assert {key: len(each.areas) for key, each in held.items()} == {
        ("clinical commissioning group", "2021"): 106, ("sub-ICB location", "2022"): 106,
        ("integrated care board", "2022"): 42, ("Welsh health board", "2022"): 7}
    assert {"15M", "36L", "02P"} <= held["clinical commissioning group", "2021"].codes
    assert held["clinical commissioning group", "2021"].codes == held["sub-ICB location", "2022"].codes
    assert "QJ2" in held["integrated care board", "2022"].codes
    assert IMPORTERS["boundaries"].gives == ("organisations", "boundaries")


def test_an_invented_county_has_maps_of_both_its_times_and_lies_where_no_county_does():
    from itertools import pairwise

    from evenhand.data.invent.ground import boundaries
    from evenhand.data.invent.write import chance, invent

    county = invent("small", 1).county
    maps = boundaries(county, chance(1, "ground"))
    assert list(maps) == ["2026", "2030"]
    then, now = ({each.area.code: each.area for each in areas_in(content, year)} for year, content in maps.items())
    # Forty-five neighbours and five bodies of the county, which became one.
    assert (len(then), len(now)) == (50, 46)
    assert set(then) - set(now) == {"ZM01", "ZM02", "ZM03", "ZM04", "ZM05"}
    assert set(now) - set(then) == {"ZM10"}
    assert all(-33.5 < x < -30 for area in then.values() for x, _ in area.polygons[0][0])

    def edges(areas, codes):
        return [frozenset(pair) for code in codes for pair in pairwise(areas[code].polygons[0][0])]

    # What the five border on together is what the one does: their common borders are gone.
    five = edges(then, sorted(set(then) - set(now)))
    assert {each for each in five if five.count(each) == 1} == set(edges(now, ["ZM10"]))
    assert maps == boundaries(county, chance(1, "ground"))
