"""What bodies are like, from what a workspace holds: the table that find peers reads."""

import json

import pytest

from evenhand.data.likeness import characteristics
from evenhand.data.load import load

LOOKUP = "lsoa11_code,sicbl22_code_h,sicbl22_name,icb22_code_h,icb22_name\n"
DEPRIVATION = "lsoa11_code,IMD_decile,Housing_and_Access_decile,IMD_rank,Housing_and_Access_rank\n"


def file_of(folder, name, text):
    path = folder / name
    path.write_text(text)
    return path


@pytest.fixture
def workspace(tmp_path):
    areas = [("E01000001", "15M", 1, 4), ("E01000002", "15M", 4, 8), ("E01000003", "52R", 10, 2)]
    load([file_of(tmp_path, "lookup.csv", LOOKUP + "".join(
              f"{area},{code},NHS Place {code},QJ2,NHS Board\n" for area, code, _, _ in areas)),
          file_of(tmp_path, "imd2019_lsoa11.csv", DEPRIVATION + "".join(
              f"{area},{poor},{access},1,1\n" for area, _, poor, access in areas))], tmp_path)
    return tmp_path


def test_deprivation_of_small_areas_is_averaged_over_each_place(workspace):
    table = characteristics(workspace, {"15M", "52R"}, 2025)
    assert table.columns == ["unit", "access to services of small areas", "deprivation of small areas"]
    # 15M: tenths 1 and 4 give 2.5, and 4 and 8 give 6; ranks say the same again and are left out.
    assert table.arrow.to_pylist() == [
        {"unit": "15M", "access to services of small areas": 6.0, "deprivation of small areas": 2.5},
        {"unit": "52R", "access to services of small areas": 2.0, "deprivation of small areas": 10.0}]


def test_indicators_of_another_time_say_nothing_of_this_one(workspace):
    assert characteristics(workspace, {"15M", "52R"}, 2035) is None
    assert characteristics(workspace, {"15M", "52R"}, 2018) is None


def test_what_is_held_of_few_of_the_places_is_left_out(workspace):
    # Two of three places are fewer than four in five.
    assert characteristics(workspace, {"15M", "52R", "36L"}, 2025) is None


def test_nothing_is_told_where_nothing_is_held(tmp_path):
    assert characteristics(tmp_path, {"15M"}, 2025) is None


def test_indicators_by_the_office_s_code_are_joined_by_the_boundaries(workspace):
    ring = [[-1, 53], [-1, 53.1], [-0.9, 53.1], [-1, 53]]
    load([file_of(workspace, "map.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"sicbl22cd": published, "sicbl22nm": f"NHS Place - {code}"},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for published, code in (("E38000229", "15M"), ("E38000243", "52R"))]}))], workspace)
    head = "ccg19cd,year,Treatable_Mortality_Rate,over75,CCGpop\n"
    load([file_of(workspace, "ccg_treatable_mortality.csv", head + "E38000229,2018,80,9.5,1000\n"
                  "E38000229,2019,81,9.6,1010\nE38000243,2019,90,8.1,900\n")], workspace)
    rows = characteristics(workspace, {"15M", "52R"}, 2025).arrow.to_pylist()
    # The latest year counts.
    assert [(row["unit"], row["aged over 75"]) for row in rows] == [("15M", 9.6), ("52R", 8.1)]
