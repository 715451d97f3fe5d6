"""The invented county: the same seed gives the same bytes, its totals add up, and its truth stands in its figures."""

import csv
import gzip
import io
import json
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.data.invent import invent, write_region
from evenhand.data.invent.county import COUNTY, FIRST, MERGED, MERGED_AT, MONTHS, OURS
from evenhand.data.invent.measures import KINDS, PLACE_OF, expected, weighted
from evenhand.data.invent.programmes import ASSIGNED, START, WATCHED_TO
from evenhand.data.invent.toml import as_toml
from evenhand.data.invent.truth import gaps_truth
from evenhand.data.organisations import organisations
from evenhand.terms import Refused

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "millbrook"


@pytest.fixture(scope="module")
def county():
    return invent("county", 1)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    write_region(folder / "county", size="small", seed=5)
    return folder / "county"


def files_in(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def rows_of(path):
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(content.decode())))


# --- the same seed, the same bytes ------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes(small, tmp_path):
    write_region(tmp_path, size="small", seed=5)
    assert files_in(tmp_path) == files_in(small)


def test_written_over_itself_it_is_the_same(small):
    before = files_in(small)
    write_region(small, size="small", seed=5)
    assert files_in(small) == before


def test_another_seed_gives_other_people_other_figures_and_another_truth(small, tmp_path):
    write_region(tmp_path, size="small", seed=6)
    other, first = files_in(tmp_path), files_in(small)
    for name in ("figures/observations.csv.gz", "activity/activity.csv.gz", "organisations.csv", "people.csv",
                 "schemes.xlsx", "truth.json", "engagement/votes.csv"):
        assert other[name] != first[name], name


def test_the_example_is_what_the_generator_writes(tmp_path):
    write_region(tmp_path)

    def plain(folder):
        return {name: gzip.decompress(content) if name.endswith(".gz") else content
                for name, content in files_in(folder).items()}

    assert plain(tmp_path) == plain(EXAMPLE)


def test_the_example_stays_small():
    assert sum(len(content) for content in files_in(EXAMPLE).values()) < 2_200_000


# --- totals -----------------------------------------------------------------------------------------------------------


def test_activity_by_practice_adds_up_to_what_each_commissioner_counted_in_every_month():
    counted = defaultdict(int)
    for row in rows_of(EXAMPLE / "activity" / "activity.csv.gz"):
        counted[row["point_of_delivery"], row["commissioner"], row["month"]] += int(row["count"])
    pods = {kind.name: kind.pod for kind in KINDS if kind.pod}
    held = {(pods[row["measure"]], row["unit"], row["month"]): int(row["numerator"])
            for row in rows_of(EXAMPLE / "figures" / "observations.csv.gz")
            if row["measure"] in pods and row["unit"] in (*OURS, MERGED)}
    assert len(held) == len(pods) * (5 * MERGED_AT + (MONTHS - MERGED_AT))
    assert dict(counted) == {key: number for key, number in held.items() if number}


def test_people_on_practices_lists_add_up_to_the_denominator_in_thousands():
    commissioner = {row["code"]: row["commissioner"] for row in rows_of(EXAMPLE / "activity" / "practices.csv")}
    people = defaultdict(int)
    for row in rows_of(EXAMPLE / "activity" / "people_on_lists.csv.gz"):
        closed = row["month"] >= str(FIRST.plus(MERGED_AT))
        people[MERGED if closed else commissioner[row["practice"]], row["month"]] += int(row["people"])
    held = {(row["unit"], row["month"]): round(float(row["denominator"]) * 1000)
            for row in rows_of(EXAMPLE / "figures" / "observations.csv.gz")
            if row["measure"] == "ae_attendances" and row["unit"] in (*OURS, MERGED)}
    assert dict(people) == held


def test_the_five_have_figures_until_they_close_and_their_successor_from_then_on():
    months = defaultdict(set)
    for row in rows_of(EXAMPLE / "figures" / "observations.csv.gz"):
        if row["measure"] == "dressings":
            months[row["unit"]].add(row["month"])
    assert {len(months[code]) for code in OURS} == {48}
    assert (min(months[MERGED]), max(months[MERGED]), len(months[MERGED])) == ("2030-04", "2031-03", 12)
    assert len(months) == 5 + 1 + 95
    assert not months["ZM01"] & months[MERGED]


def test_no_share_counts_more_than_there_were(county):
    for at, kind in enumerate(KINDS):
        if kind.is_share:
            assert (county.figures.numerator[at] <= county.figures.denominator[at]).all(), kind.name


# --- the truth stands in the figures ----------------------------------------------------------------------------------


def test_a_programmes_true_effect_can_be_found_again_where_the_truth_is_known(county):
    """Over its two years: what was seen over what would have been is one plus the true change, but for chance."""
    undone, _ = weighted(county.county, expected(county.county, county.truth, with_programmes=False))
    done, _ = weighted(county.county, expected(county.county, county.truth))
    off = []
    for each in county.programmes:
        k, places = PLACE_OF[each.measure], [OURS.index(code) for code in each.of]
        if county.figures.numerator[k, places].sum() < 5_000:
            continue
        months = slice(START + 4, WATCHED_TO + 1)  # after the bad years have passed
        seen = county.figures.numerator[k, places][:, months].sum() / undone[k, places][:, months].sum()
        true = done[k, places][:, months].sum() / undone[k, places][:, months].sum()
        off.append(seen / true - 1)
    assert len(off) >= 6
    assert max(map(abs, off)) < 0.05


def test_a_real_gap_is_there_in_every_year_and_a_bad_year_in_one(county):
    """Seen over expected without the bad year: about 1 where the gap is real, well above it in a bad year alone."""
    plain, _ = weighted(county.county, expected(county.county, county.truth))
    gaps = [each for each in gaps_truth(county.county, county.truth) if each["unit"] in OURS]

    def seen(each, first):
        k, u, months = PLACE_OF[each["measure"]], OURS.index(each["unit"]), slice(first, first + 12)
        return float(county.figures.numerator[k, u, months].sum() / plain[k, u, months].sum())

    bad = [each for each in gaps if each["kind"] == "one bad year"
           and KINDS[PLACE_OF[each["measure"]]].good == "low" and not KINDS[PLACE_OF[each["measure"]]].level < 0.05]
    assert len(bad) >= 3
    assert np.mean([seen(each, 12) for each in bad]) > 1.12
    assert np.mean([seen(each, 36) for each in bad]) == pytest.approx(1, abs=0.04)
    real = [each for each in gaps if each["kind"] == "real" and KINDS[PLACE_OF[each["measure"]]].level > 0.2]
    assert np.mean([seen(each, 36) for each in real]) == pytest.approx(1, abs=0.03)
    assert {each["look"] for each in gaps if each["kind"] == "one bad year"} == {"2027-28"}


def test_every_kind_of_programme_is_there_and_only_what_worked_changed_anything():
    truth = json.loads((EXAMPLE / "truth.json").read_text())
    kinds = [each["kind"] for each in truth["programmes"]]
    assert sorted(kinds) == sorted(["worked", *ASSIGNED])
    for each in truth["programmes"]:
        if each["kind"] in ("did nothing", "a bad year that passed"):
            assert each["change"] == 0 == each["averted"]
        if each["kind"] == "wore off":
            assert each["change_first_year"] < -0.15
            assert abs(each["change_second_year"]) < 0.02
        if each["kind"] == "worked":
            assert each["change_second_year"] < -0.1


def test_the_flagship_builds_capacity_first_moves_patients_later_and_leaves_cost_behind():
    rows = rows_of(EXAMPLE / "programmes" / "flagship.csv")
    by_month = {row["month"]: row for row in rows}
    assert float(by_month["2028-03"]["staff_in_post"]) == 40
    assert float(by_month["2028-03"]["patients_moved"]) == 0
    assert float(by_month["2028-04"]["patients_moved"]) < float(by_month["2028-09"]["patients_moved"])
    for row in rows:
        assert int(row["income_lost"]) - int(row["cost_released"]) == pytest.approx(int(row["stranded_cost"]), abs=1)
    truth = json.loads((EXAMPLE / "truth.json").read_text())
    flagship = next(each for each in truth["programmes"] if each["flagship"])
    assert sum(float(row["patients_moved"]) for row in rows) == pytest.approx(flagship["averted"], rel=1e-4)


# --- the tracker ------------------------------------------------------------------------------------------------------


def test_the_tracker_says_what_its_truth_says():
    from python_calamine import CalamineWorkbook

    told = json.loads((EXAMPLE / "truth.json").read_text())["tracker"]
    book = CalamineWorkbook.from_path(EXAMPLE / "schemes.xlsx")
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    assert len(told["schemes"]) == 60
    assert sum(each["counts_again"] is not None for each in told["schemes"]) == 6
    for each in told["schemes"]:
        assert sheets[each["sheet"]][each["row"] - 1][1] == each["name"]
    for each in told["totals"]:
        assert sheets[each["sheet"]][each["row"] - 1][6] == each["pounds"]
    assert all("invented county" in cells[0][0] for cells in sheets.values())


def test_the_list_reads_the_tracker_as_its_truth_says():
    from evenhand.choose import METHODS

    told = json.loads((EXAMPLE / "truth.json").read_text())["tracker"]
    answer = METHODS["list"].function(EXAMPLE / "schemes.xlsx")
    counting = [each for each in told["schemes"] if not each["struck"]]
    assert len(answer.fields["schemes"]) == len(counting)
    assert answer.fields["totals"]["claimed"] == sum(each["pounds"] or 0 for each in counting)
    assert answer.fields["totals"]["needed"] == told["needed"]


# --- nobody real, and it says so --------------------------------------------------------------------------------------

ODS = re.compile(r"[0-9A-Z]{3}|[0-9A-Z]{5}|[A-Z]\d{5}|[EWSN]\d{8}")


def test_no_code_is_one_that_a_real_body_has_or_could_have():
    real = organisations()
    codes = [row["code"] for row in rows_of(EXAMPLE / "organisations.csv")]
    assert len(codes) == len(set(codes)) > 150
    assert not [code for code in codes if code in real or ODS.fullmatch(code)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_name_is_that_of_a_real_commissioner_or_of_its_town(seed):
    drawn = invent("england", seed).county
    real = " ".join(f"{each.name} {each.former_name} {' '.join(each.other_names)}" for each in organisations())
    words = set(re.findall(r"[a-z]+", real.casefold()))
    for each in (*drawn.commissioners, drawn.merged):
        place = each.name.removesuffix(" Commissioning Group").casefold()
        assert place not in words
        assert each.name not in real
    assert COUNTY.casefold() not in words


def test_every_file_that_people_open_says_that_the_county_is_invented():
    assert tomllib.loads((EXAMPLE / "region.toml").read_text())["invented"] is True
    assert json.loads((EXAMPLE / "truth.json").read_text())["invented"] is True
    for path in [*EXAMPLE.rglob("*.toml"), *EXAMPLE.rglob("*.md")]:
        assert "Invented county" in path.read_text(), path.name
    for path in [*EXAMPLE.glob("meetings/*.json"), *EXAMPLE.glob("contracts/*.json")]:
        assert json.loads(path.read_text())["title"].startswith("Invented county"), path.name
    assert all("invented" in row["kind"] for row in rows_of(EXAMPLE / "organisations.csv"))


# --- what people gave -------------------------------------------------------------------------------------------------


def test_everybodys_points_add_up_to_a_hundred():
    points = defaultdict(int)
    for row in rows_of(EXAMPLE / "weights.csv"):
        points[row["person"]] += int(row["points"])
    assert len(points) == 13
    assert set(points.values()) == {100}


def test_replies_by_group_count_the_replies():
    replies = rows_of(EXAMPLE / "engagement" / "replies.csv")
    groups = rows_of(EXAMPLE / "engagement" / "replies_by_group.csv")
    assert sum(int(row["replies"]) for row in groups) == len(replies) == 320
    copied = json.loads((EXAMPLE / "truth.json").read_text())["engagement"]["copied_letters"]
    assert [row["reply_id"] for row in replies if row["text"].startswith("Save our ward. I object")] == copied


def test_those_of_one_opinion_vote_alike():
    told = json.loads((EXAMPLE / "truth.json").read_text())["engagement"]
    votes = rows_of(EXAMPLE / "engagement" / "votes.csv")
    share = {group: np.mean([int(row["s04"]) == 1 for row in votes
                             if row["s04"] and told["group_of"][row["participant"]] == group]) for group in (0, 1)}
    assert share[1] > 0.7 > 0.3 > share[0]
    for code in told["agreed_by_all"]:
        assert np.mean([int(row[code]) == 1 for row in votes if row[code]]) > 0.7


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_writes_a_county_and_says_how_to_go_on(tmp_path, capsys):
    assert main(["data", "invent", "--seed", "2", "--size", "small", "--out", str(tmp_path / "new")]) == 0
    said = capsys.readouterr().out
    assert "an invented county of 20 practices under five commissioners that became one, among 45 neighbours" in said
    assert "--score" in said


@pytest.mark.parametrize(("words", "wrong"), [
    (["--size", "huge"], "there is no such size (huge found); choose from small, county or england"),
    (["--seed", "-1"], "a seed is a whole number from 0 on (-1 found)")])
def test_a_wrong_size_or_seed_is_refused_in_words(words, wrong, tmp_path, capsys):
    assert main(["data", "invent", *words, "--out", str(tmp_path / "new")]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert wrong in told.err
    assert not (tmp_path / "new").exists()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "my work.txt").write_text("precious")
    with pytest.raises(Refused, match="something else lies there already"):
        write_region(tmp_path, size="small")
    assert [path.name for path in tmp_path.iterdir()] == ["my work.txt"]


@pytest.mark.long
def test_england_is_streamed_and_adds_up(tmp_path):
    import pyarrow.parquet as pq

    write_region(tmp_path, size="england", seed=1)
    drawn = invent("england", 1)
    table = pq.read_table(tmp_path / "activity" / "activity.parquet")
    assert table.num_rows > 3_000_000
    pods = [at for at, kind in enumerate(KINDS) if kind.pod]
    assert sum(table["count"].to_numpy()) == int(drawn.figures.numerator[pods].sum())


# --- TOML -------------------------------------------------------------------------------------------------------------

plain = st.one_of(st.booleans(), st.integers(-10**9, 10**9), st.dates(), st.floats(-1e6, 1e6),
                  st.text(st.characters(exclude_categories=("Cs", "Cc"))))
keys = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)


@given(st.dictionaries(keys, st.one_of(plain, st.lists(plain, max_size=3), st.lists(st.dictionaries(
    keys, plain, min_size=1, max_size=6), min_size=1, max_size=3), st.dictionaries(keys, plain, min_size=1))))
def test_what_is_written_as_toml_is_read_back(document):
    assert tomllib.loads(as_toml(document, opening="said first")) == document
