"""The explorer: a measure on the map, every picture as a file, peers that a method chooses, the same by command."""

import csv
import io
import json
import re
import shlex
import shutil
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from evenhand.cli import main
from evenhand.data import engine
from evenhand.data.load import load

PROJECT = Path(__file__).resolve().parents[2]
FIGURES = PROJECT / "examples" / "derbyshire" / "figures" / "observations.csv.gz"
PAGE = "/measures/lpdronedarone/"
pytestmark = pytest.mark.django_db


def field(at, code):
    west, south = -30 + at % 11 * 0.2, 47 + at // 11 * 0.1
    ring = [[west, south], [west + 0.2, south], [west + 0.2, south + 0.1], [west, south + 0.1], [west, south]]
    return {"type": "Feature", "properties": {"code": code, "name": f"Area of {code}", "vintage": "2022"},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    load([FIGURES], folder)
    with engine.engine(folder) as connection:
        rows = connection.execute("SELECT DISTINCT unit FROM observed WHERE measure = 'lpdronedarone' AND "
                                  "month >= '2025-01-01' AND unit <> 'England' ORDER BY unit").fetchall()
    return folder, [row[0] for row in rows]


@pytest.fixture(scope="module")
def mapped(units, tmp_path_factory):
    """The small table of the real region with made-up ground under its codes, and a table of what they are like."""
    bare, codes = units
    folder = tmp_path_factory.mktemp("mapped")
    shutil.copytree(bare, folder, dirs_exist_ok=True)
    path = tmp_path_factory.mktemp("ground") / "ground.geojson"
    features = [field(at, code) for at, code in enumerate([*codes, "ZZ9"])]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    load([path], folder)
    lines = ["unit,over_65,rurality"]
    # 36L is told nearest to the codes beside it in the alphabet: both characteristics grow along it.
    lines += [f"{code},{at / 100:.2f},{at % 7 + at / 3:.3f}" for at, code in enumerate(codes)]
    kept = folder / "region" / "figures" / "bodies.csv"
    kept.parent.mkdir(parents=True)
    kept.write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture
def signed_in():
    """A browser of the public: no invented county is needed to look at measures."""
    return Client


@pytest.fixture
def held(mapped, settings):
    settings.HOME = mapped


def said(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def commands_in(response):
    return [unescape(each) for each in re.findall(r"<code>(evenhand [^<]*)</code>", response.content.decode())]


def test_a_measure_is_drawn_on_the_map_of_its_codes_with_a_sentence_first_and_a_table_third(signed_in, held):
    response = signed_in().get(PAGE, {"of": "36L"})
    page, words = response.content.decode(), said(response)
    where = page[page.index('id="map"'):]
    assert re.search(r"Dronedarone \(heart rhythm\), [^:]*, 2025, in \d+ places: from ", words)
    assert where.index("places: from") < where.index("<svg") < where.index("<table")
    assert "highest fifth" in where
    assert "no figure held (1 place)" in where
    assert "Boundaries of 2022" in where
    # Pounds come in lumps that no funnel knows, so nobody is said to lie outside limits.
    assert "No limits are given" in words
    assert "thick edge" not in page


def test_the_page_weighs_less_than_100_kilobytes(signed_in, held):
    assert len(signed_in().get(PAGE, {"of": "36L"}).content) < 100_000


def test_without_boundaries_the_page_says_which_file_would_allow_a_map(signed_in, units, settings):
    settings.HOME = units[0]
    page = said(signed_in().get(PAGE, {"of": "36L"}))
    assert "No map is drawn: the boundaries of these" in page
    assert "Open Geography Portal" in page
    assert "evenhand data load FILE.geojson" in page
    assert signed_in().get(f"{PAGE}map.svg", {"of": "36L"}).status_code == 404


def test_every_picture_of_the_page_is_had_as_a_file(signed_in, held):
    client = signed_in()
    page = client.get(PAGE, {"of": "36L"}).content.decode()
    links = {unescape(each) for each in re.findall(r'href="(/measures/lpdronedarone/[a-z-]+\.[a-z]+\?[^"]*)"', page)}
    assert {each.split("/")[3].split("?")[0] for each in links} >= {
        "figures.csv", "figures.xlsx", "figures.svg", "figures.json", "ranked.csv", "ranked.svg", "by-month.csv",
        "map.csv", "map.xlsx", "map.svg", "map.json"}
    for link in links:
        assert client.get(link).status_code == 200, link
    whole = rows_of(client.get(f"{PAGE}ranked.csv", {"of": "36L"}))
    assert len(whole) == len(rows_of(client.get(f"{PAGE}map.csv", {"of": "36L"}))) > 90
    for name in ("nothing.csv", "map.exe", "alike.svg", "peers.csv", "ranked.json"):
        assert client.get(f"{PAGE}{name}", {"of": "36L"}).status_code == 404, name


def test_the_map_is_drawn_again_by_its_command_from_its_csv(signed_in, held, tmp_path, monkeypatch, capsys):
    client = signed_in()
    command = next(each for each in commands_in(client.get(PAGE, {"of": "36L"})) if "find map" in each)
    words = shlex.split(command)[1:]
    monkeypatch.chdir(tmp_path)
    (tmp_path / words[2]).write_bytes(client.get(f"{PAGE}map.csv", {"of": "36L"}).content)
    codes = [row["unit"] for row in rows_of(client.get(f"{PAGE}map.csv", {"of": "36L"}))]
    (tmp_path / "ground.geojson").write_text(json.dumps({
        "type": "FeatureCollection", "features": [field(at, code) for at, code in enumerate(codes)]}))
    assert main([*words, "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["rows"] == json.loads(client.get(f"{PAGE}map.json", {"of": "36L"}).content)["rows"]


def test_the_command_of_the_page_asks_the_file_for_the_release_of_the_page(signed_in, held, monkeypatch, capsys):
    client = signed_in()
    command = next(each for each in commands_in(client.get(PAGE, {"of": "36L"})) if "find gaps" in each)
    assert "--where 'vintage=2020-12 to 2025-12'" in command
    monkeypatch.chdir(FIGURES.parent)
    assert main([*shlex.split(command)[1:], "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    page = json.loads(client.get(f"{PAGE}figures.json", {"of": "36L"}).content)
    assert answer["rows"][0]["gap"] == pytest.approx(page["rows"][0]["gap"])


@pytest.mark.parametrize(("against", "words"), [
    ("similar", "with every characteristic counting the same (over 65 and rurality)"),
    ("ours", "by what tells most of this measure (over 65 and rurality)")])
def test_a_method_chooses_peers_and_says_what_sets_each_apart(signed_in, held, against, words):
    client = signed_in()
    response = client.get(PAGE, {"of": "36L", "against": against})
    page = said(response)
    assert f"Most like South West London {words}" in page
    assert "of the distance)" in page
    assert "Why these peers, and how far off each is" in page
    assert f"against={against}" in response.content.decode()
    chosen = json.loads(client.get(f"{PAGE}peers.json", {"of": "36L", "against": against}).content)
    assert len(chosen["peers"]) == 10
    # What the page compares with is the middle of exactly these ten.
    rows = json.loads(client.get(f"{PAGE}figures.json", {"of": "36L", "against": against}).content)["rows"]
    named = {"of": "36L", "against": "peers", "peers": ",".join(chosen["peers"])}
    assert rows == json.loads(client.get(f"{PAGE}figures.json", named).content)["rows"]
    assert f"--against peers --peers {','.join(chosen['peers'])}" in page


@pytest.mark.parametrize("against", ["similar", "ours"])
def test_the_command_for_peers_gives_the_peers_of_the_page(signed_in, held, against, tmp_path, monkeypatch, capsys):
    client = signed_in()
    asked = {"of": "36L", "against": against}
    command = next(each for each in commands_in(client.get(PAGE, asked)) if "find peers" in each)
    words = shlex.split(command)[1:]
    (tmp_path / words[2]).write_bytes(client.get(f"{PAGE}alike.csv", asked).content)
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["peers"] == json.loads(
        client.get(f"{PAGE}peers.json", asked).content)["peers"]


def test_all_measures_of_a_place_are_set_against_its_similar_ten_too(signed_in, held):
    response = signed_in().get("/measures/of/", {"of": "36L", "against": "similar"})
    assert "Most like South West London" in said(response)
    assert '<option value="similar" selected>' in response.content.decode()
    assert "our method" not in said(response)
    # A case remembers who the peers were, not only how they were chosen.
    assert "against=peers&amp;peers=" in signed_in().get(PAGE, {"of": "36L", "against": "similar"}).content.decode()


def test_where_nothing_tells_what_places_are_like_the_page_says_what_would(signed_in, units, settings):
    settings.HOME = units[0]
    response = signed_in().get(PAGE, {"of": "36L", "against": "similar"})
    assert response.status_code == 200
    assert "Too little is held here of what these places are like" in said(response)
    assert "the middle of all" in said(response)
