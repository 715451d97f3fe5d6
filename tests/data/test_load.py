import json
from pathlib import Path

import pytest

from evenhand.cli import main
from evenhand.data import holdings
from evenhand.data.engine import engine, observations
from evenhand.data.load import load
from evenhand.data.vintages import compare_vintages
from evenhand.terms import Month, Refused

SAMPLES = Path(__file__).parent / "published"
HEAD = "measure,month,code,numerator,denominator\n"


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != ".lock"}


def test_a_workspace_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Refused, match="the workspace cannot be written"):
        load([SAMPLES / "vitamin-b.csv"], tmp_path / "file")


def test_a_broken_list_of_what_is_held_is_said(tmp_path):
    load([SAMPLES / "vitamin-b.csv"], tmp_path)
    (tmp_path / "data" / "held.json").write_text("{")
    with pytest.raises(Refused, match="the list of what is held is broken"):
        observations(tmp_path)


def release(folder: Path, name: str, rows: str) -> Path:
    path = folder / name
    path.write_text(HEAD + rows)
    return path


def test_a_file_loaded_twice_counts_once(tmp_path):
    first = load([SAMPLES / "vitamin-b.csv"], tmp_path)
    before = everything_in(tmp_path)
    second = load([SAMPLES / "vitamin-b.csv"], tmp_path)
    assert [each.already for each in (*first.loaded, *second.loaded)] == [False, True]
    assert everything_in(tmp_path) == before
    assert observations(tmp_path, measure=["vitaminb"]).num_rows == 9


def test_the_same_files_in_another_order_leave_the_same_bytes(tmp_path):
    paths = sorted(SAMPLES.iterdir())
    load(paths, tmp_path / "one")
    for path in reversed(paths):
        load([path], tmp_path / "two")
    assert everything_in(tmp_path / "one") == everything_in(tmp_path / "two")


def test_one_bad_file_keeps_all_the_others_out(tmp_path):
    bad = release(tmp_path, "bad.csv", "glutenfree,2031-04-01,15M,-3,100\n")
    load([SAMPLES / "vitamin-b.csv"], tmp_path / "workspace")
    before = everything_in(tmp_path / "workspace")
    with pytest.raises(Refused, match="cannot be negative"):
        load([SAMPLES / "sip-feeds.csv", bad], tmp_path / "workspace")
    assert everything_in(tmp_path / "workspace") == before


def test_problems_of_all_files_are_said_at_once(tmp_path):
    bad = [release(tmp_path, f"{name}.csv", "glutenfree,2031-04-01,15M,-3,100\n" + "#" * place + "\n")
           for place, name in enumerate(("one", "two"))]
    with pytest.raises(Refused) as refused:
        load([*bad, tmp_path / "three.csv"], tmp_path / "workspace")
    assert {Path(problem.file).name for problem in refused.value.problems} == {"one.csv", "two.csv", "three.csv"}


def test_a_load_that_was_cut_off_is_read_by_nobody(tmp_path):
    load([SAMPLES / "vitamin-b.csv"], tmp_path)
    stale = tmp_path / "data" / "sip-feeds-0123456789abcdef-1"
    stale.mkdir()
    (stale / "observations.parquet").write_bytes(b"half a file")
    (tmp_path / "data" / ".part").mkdir()
    assert observations(tmp_path).num_rows == 9
    load([SAMPLES / "sip-feeds.csv"], tmp_path)
    assert observations(tmp_path).num_rows == 18
    assert not (tmp_path / "data" / ".part").exists()


def test_the_workspace_keeps_no_path_of_the_machine(tmp_path):
    load([SAMPLES / "vitamin-b.csv"], tmp_path)
    said = (tmp_path / "data" / "held.json").read_text()
    assert str(SAMPLES) not in said
    assert json.loads(said)["held"][0]["file"] == "vitamin-b.csv"
    assert holdings.held_in(tmp_path)[0].digest.startswith("sha256:")


def test_a_measure_cut_from_a_release_that_is_held_too_counts_once(tmp_path):
    rows = "".join(f"glutenfree,2031-0{month}-01,15M,{month},100\n" for month in (1, 2, 3))
    whole = release(tmp_path, "all.csv", rows)
    cut = tmp_path / "glutenfree_2031.csv"
    cut.write_text("month,code,numerator,denominator\n" + rows.replace("glutenfree,", ""))
    load([whole, cut], tmp_path / "workspace")
    assert observations(tmp_path / "workspace", measure=["glutenfree"]).column("numerator").to_pylist() == [1, 2, 3]


def two_releases(folder: Path, *, later: str) -> Path:
    earlier = release(folder, "earlier.csv", "".join(
        f"glutenfree,2031-0{month}-01,15M,{100 * month},10\n" for month in (1, 2, 3)))
    after = release(folder, "later.csv", later)
    load([earlier, after], folder / "workspace")
    return folder / "workspace"


def test_two_releases_that_count_the_same_agree(tmp_path):
    held = two_releases(tmp_path, later="glutenfree,2031-02-01,15M,200.01,10\nglutenfree,2031-03-01,15M,300,10\n"
                                        "glutenfree,2031-04-01,15M,999,10\n")
    (overlap,) = compare_vintages(held)
    # February and March are in both: 500 before, 500.01 after, two in a hundred thousand apart.
    assert (overlap.earlier_total, overlap.later_total) == (500, 500.01)
    assert overlap.agrees
    assert (overlap.first, overlap.last) == (Month(2031, 2), Month(2031, 3))
    assert "both releases agree to four digits" in overlap.sentence


def test_two_releases_with_another_definition_are_reported_and_kept_apart(tmp_path):
    held = two_releases(tmp_path, later="glutenfree,2031-02-01,15M,260,10\nglutenfree,2031-03-01,15M,300,10\n")
    (overlap,) = compare_vintages(held)
    assert overlap.difference == pytest.approx(560 / 500 - 1)
    assert not overlap.agrees
    assert "counts 12.0% more than that of 2031-01 to 2031-03. The definition changed: never join the two." \
        in overlap.sentence
    assert observations(held, measure=["glutenfree"]).num_rows == 3 + 2
    assert observations(held, measure=["glutenfree"], vintage="2031-02 to 2031-03").num_rows == 2


def test_what_is_not_held_is_refused_and_what_is_held_named(tmp_path):
    load([SAMPLES / "vitamin-b.csv"], tmp_path)
    with pytest.raises(Refused, match=r"no measure of this name .*glutenfree found.*held are vitaminb"):
        observations(tmp_path, measure=["glutenfree"])
    with pytest.raises(Refused, match="load a file with evenhand data load FILE"):
        observations(tmp_path / "empty", measure=["glutenfree"])


def test_words_from_outside_are_never_part_of_a_question(tmp_path):
    load([SAMPLES / "vitamin-b.csv"], tmp_path)
    assert observations(tmp_path, unit=["04J' OR '1'='1"]).num_rows == 0


def test_the_engine_may_not_fetch_extensions(tmp_path):
    with engine(tmp_path) as connection:
        settings = connection.execute("SELECT current_setting('autoinstall_known_extensions'), "
                                      "current_setting('threads')").fetchone()
    assert settings is not None
    assert settings[0] is False
    assert settings[1] <= 2


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_says_what_was_kept_and_refused(tmp_path, capsys):
    assert main(["data", "load", str(SAMPLES / "amino-acid-formula.csv"), "--workspace", str(tmp_path)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "9 rows kept, 1 row refused" in said
    assert "1 row refused: the code is a primary care trust, abolished in March 2013 (row 5: 5M6)" in said


def test_the_command_gives_one_json_document(tmp_path, capsys):
    assert main(["data", "load", str(SAMPLES / "sip-feeds.csv"), "--json", "--workspace", str(tmp_path)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["files"][0]["source"] == "sip-feeds"
    assert said["files"][0]["refusals"][0]["count"] == 1
    assert said["made_from"] == [said["files"][0]["digest"]]


def test_a_refusal_leaves_standard_output_empty_and_exits_with_two(tmp_path, capsys):
    assert main(["data", "load", str(tmp_path / "none.csv"), "--workspace", str(tmp_path / "workspace")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "none.csv: there is no such file" in told.err
    assert not (tmp_path / "workspace").exists()


def test_what_a_file_is_can_be_said_and_a_wrong_word_is_answered(tmp_path, capsys):
    path = str(SAMPLES / "sip-feeds.csv")
    assert main(["data", "load", path, "--as", "sip-feed", "--workspace", str(tmp_path)]) == 2
    assert "choose from sip-feeds" in capsys.readouterr().err
    assert main(["data", "load", path, "--as", "dementia", "--workspace", str(tmp_path)]) == 2
    assert "a column is missing for dementia: dementia_register and cost" in capsys.readouterr().err
    assert main(["data", "load", path, "--as", "sip-feeds", "--workspace", str(tmp_path)]) == 0


def test_sources_and_held_are_listed(tmp_path, capsys):
    main(["data", "load", str(SAMPLES / "sip-feeds.csv"), "--workspace", str(tmp_path)])
    capsys.readouterr()
    assert main(["data", "held", "--workspace", str(tmp_path)]) == 0
    assert "sip-feeds.csv" in capsys.readouterr().out
    assert main(["data", "sources"]) == 0
    said = capsys.readouterr().out
    assert "successions: Successions of organisations" in said
    assert "Open Government Licence v3.0" in said


def test_observations_written_out_can_be_loaded_again(tmp_path, capsys):
    load([SAMPLES / "amino-acid-formula.csv", SAMPLES / "list-sizes.csv"], tmp_path / "one")
    out = tmp_path / "kept.csv.gz"
    words = ["data", "observations", "--measure", "aminoacidformula", "--workspace"]
    assert main([*words, str(tmp_path / "one"), "--out", str(out)]) == 0
    first = out.read_bytes()
    assert main([*words, str(tmp_path / "one"), "--out", str(out)]) == 0
    assert out.read_bytes() == first
    load([out], tmp_path / "two")
    asked = {"measure": ["aminoacidformula"]}
    assert observations(tmp_path / "two", **asked).equals(observations(tmp_path / "one", **asked))


def test_measures_are_written_for_find_gaps(capsys):
    assert main(["data", "measures"]) == 0
    assert capsys.readouterr().out.splitlines()[0].replace('"', "") == (
        "measure,title,unit,numerator_unit,direction,denominator,part_of,overlaps")


# --- the published files ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(real, tmp_path_factory):
    workspace = tmp_path_factory.mktemp("published")
    panels = real / "commissioner-monthly-2010-2019"
    load([*sorted((real / "sub-icb-measures").glob("*.parquet")), *sorted(panels.glob("*.csv*")),
          real / "money" / "ccg_allocations_2018_19.csv",
          real / "organisations" / "ods_successions_1992_2022.csv.gz"], workspace)
    return workspace


def year_of(table, unit, first, last):
    """Sum of numerators and mean denominator of one unit from one month to another."""
    rows = [row for row in table.to_pylist() if row["unit"] == unit and first <= Month.of(row["month"]) <= last]
    return sum(row["numerator"] for row in rows), sum(row["denominator"] for row in rows) / len(rows), len(rows)


@pytest.mark.real
def test_north_derbyshire_spent_1024_pounds_65_on_amino_acid_formula_per_1000_patients_in_2016_17(published):
    table = observations(published, measure=["aminoacidformula"], first=Month(2016, 4), last=Month(2017, 3))
    # Codes without a list that year (14L, to which the publisher moved older figures) have no denominator.
    with_list = {row["unit"] for row in table.to_pylist() if row["denominator"] is not None}
    rates = {}
    for unit in sorted(with_list):
        cost, thousands, months = year_of(table, unit, Month(2016, 4), Month(2017, 3))
        assert months == 12
        if thousands > 30:
            rates[unit] = cost / thousands
    ordered = sorted(rates.values(), reverse=True)
    median = (ordered[93] + ordered[94]) / 2
    assert len(rates) == 188
    assert rates["04J"] == pytest.approx(1_024.65, abs=0.005)
    assert median == pytest.approx(778.80, abs=0.005)
    assert ordered.index(rates["04J"]) + 1 == 33
    _, thousands, _ = year_of(table, "04J", Month(2016, 4), Month(2017, 3))
    assert (rates["04J"] - median) * thousands == pytest.approx(71_740, abs=1)


@pytest.mark.real
def test_gluten_free_spending_fell_from_1366_pounds_in_january_2018_to_44_in_may(published):
    rows = observations(published, measure=["glutenfree"], unit=["15M"], vintage="2018-01 to 2023-01").to_pylist()
    spent = {Month.of(row["month"]): row["numerator"] for row in rows}
    assert round(spent[Month(2018, 1)]) == 1_366
    assert round(spent[Month(2018, 5)]) == 44


@pytest.mark.real
@pytest.mark.parametrize(("month", "share"), [(Month(2016, 4), 0.58), (Month(2017, 4), 0.50), (Month(2017, 11), 0.38)])
def test_the_share_of_trimethoprim_in_england_is_as_published(published, month, share):
    rows = observations(published, measure=["trimethoprim"], source="commissioner-panels", first=month,
                        last=month).to_pylist()
    items = sum(row["numerator"] for row in rows), sum(row["denominator"] for row in rows)
    assert items[0] / items[1] == pytest.approx(share, abs=0.005)


@pytest.mark.real
def test_the_two_releases_differ_on_gluten_free_food_and_the_total_and_agree_on_two_others(published):
    found = {overlap.measure: overlap for overlap in compare_vintages(published)
             if overlap.source == "sub-icb-measures"}
    assert not found["glutenfree"].agrees
    assert not found["lpzomnibus"].agrees
    assert found["lpzomnibus"].difference == pytest.approx(-0.055, abs=0.0005)
    assert found["lpliothyronine"].agrees
    assert found["lptrimipramine"].agrees
    assert (found["glutenfree"].first, found["glutenfree"].last) == (Month(2020, 12), Month(2023, 1))


@pytest.mark.real
def test_abolished_bodies_with_denominators_of_nought_are_missing(published):
    table = observations(published, vintage="2020-12 to 2025-12")
    assert len(set(table.column("unit").to_pylist())) == 106
    assert min(table.column("denominator").to_pylist()) > 0
    held = {each.file: each for each in holdings.held_in(published)}["measures_2020-12_to_2025-12.parquet"]
    assert {refusal["reason"].split(":")[0]: refusal["count"] for refusal in held.refusals} == {
        "the body has been abolished and its denominator is nought": 270_108,
        "nothing was counted that month (denominator nought)": 23}


@pytest.mark.real
def test_a_row_of_the_allocations_that_repeats_its_neighbour_under_another_name_is_refused(published):
    held = {each.source: each for each in holdings.held_in(published)}["allocations"]
    assert [(refusal["count"], refusal["examples"][0]["row"], refusal["examples"][0]["value"])
            for refusal in held.refusals] == [(1, 101, "NHS Leicester City CCG")]
    assert held.rows_kept == 208


@pytest.mark.real
def test_rows_without_a_code_or_of_other_bodies_are_counted_by_reason(published):
    held = {each.source: each for each in holdings.held_in(published)}["list-sizes"]
    assert (held.rows_read, held.rows_kept) == (30_598, 20_844)
    assert [refusal["count"] for refusal in held.refusals] == [35, 4_188, 5_531]


@pytest.mark.real
def test_the_packaged_commissioners_are_what_the_published_lists_give(real):
    from evenhand.data.commissioners import as_csv, commissioners_in
    from evenhand.data.organisations import PUBLISHED

    assert as_csv(commissioners_in(real)) == (PUBLISHED / "commissioners.csv").read_text(encoding="utf-8")
