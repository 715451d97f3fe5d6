from pathlib import Path

import pytest

from evenhand.cli import main
from evenhand.data.new_region import files_in, write_region
from evenhand.data.region_files import OWN_FILES, table_of_files
from evenhand.region.folder import open_folder
from evenhand.terms import Refused

SAMPLES = Path(__file__).parent / "published"


def test_a_region_names_every_file_that_can_be_read_and_asks_where_to_look(tmp_path):
    said = write_region("15M", data=SAMPLES, out=tmp_path / "region")
    folder = open_folder(tmp_path / "region")
    assert folder.region.bodies == ("03X", "03Y", "04J", "04R", "15M")
    assert folder.region.today == "15M"
    assert not folder.region.invented
    assert {each.path for each in folder.region.data} == {path.name for path, _ in files_in(SAMPLES)}
    assert "list-sizes.csv" in {each.path for each in folder.region.data}
    assert said[-1] == f"Run it with: evenhand run {tmp_path / 'region'} --data {SAMPLES}"


def test_a_body_that_closed_is_carried_to_the_one_that_stands(tmp_path):
    write_region("07V", data=SAMPLES, out=tmp_path / "region")
    region = open_folder(tmp_path / "region").region
    assert (region.name, region.today) == ("South West London", "36L")
    assert "07V" in region.bodies


def test_a_board_of_one_location_stands_for_it_and_one_of_many_must_be_told_apart(tmp_path):
    write_region("QJ2", data=SAMPLES, out=tmp_path / "region")
    assert open_folder(tmp_path / "region").region.today == "15M"
    with pytest.raises(Refused, match=r"several locations.*give one of .*Tees Valley, North East and North Cumbria"):
        write_region("QHM", data=SAMPLES, out=tmp_path / "other")


def test_the_same_files_give_the_same_folder(tmp_path):
    for name in ("one", "two"):
        write_region("15M", data=SAMPLES, out=tmp_path / name)
    for file in ("region.toml", "SOURCES.md"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_the_folder_and_the_guide_say_which_files_allow_more(tmp_path):
    said = write_region("15M", data=SAMPLES, out=tmp_path / "region")
    assert "README.md in it lists what else may be put there, and what each file allows." in said
    guide = (Path(__file__).parents[2] / "docs" / "how-to" / "bring-your-region.md").read_text()
    folder = (tmp_path / "region" / "README.md").read_text()
    for line in table_of_files():
        assert line in folder
        assert line in guide


def test_every_file_that_is_named_lies_in_the_invented_county():
    county = Path(__file__).parents[2] / "examples" / "millbrook"
    for each in OWN_FILES:
        assert list(county.glob(each.path.replace("NAME", "*").replace("DAY", "*"))), each.path


def test_every_file_has_its_publisher_and_licence(tmp_path):
    write_region("15M", data=SAMPLES, out=tmp_path / "region")
    said = (tmp_path / "region" / "SOURCES.md").read_text()
    for path, importer in files_in(SAMPLES):
        assert f"| `{path.name}` | {importer.title} | {importer.publisher} | {importer.licence} |" in said


@pytest.mark.parametrize(("code", "message"), [
    ("15X", "no organisation in the published lists has this code"),
    ("", "no organisation in the published lists has this code"),
])
def test_an_unknown_code_is_refused_and_nothing_written(code, message, tmp_path, capsys):
    assert main(["data", "new-region", "--of", code, "--data", str(SAMPLES), "--out", str(tmp_path / "region")]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""
    assert not (tmp_path / "region").exists()


def test_a_folder_that_is_there_is_never_written_over(tmp_path):
    (tmp_path / "region").mkdir()
    (tmp_path / "region" / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="there is something here already"):
        write_region("15M", data=SAMPLES, out=tmp_path / "region")
    assert [path.name for path in (tmp_path / "region").iterdir()] == ["mine.txt"]


def test_a_folder_without_a_publication_is_refused(tmp_path):
    (tmp_path / "notes.csv").write_text("colour,size\nred,3\n")
    with pytest.raises(Refused, match="no file here is one that we can read"):
        write_region("15M", data=tmp_path, out=tmp_path / "region")
    with pytest.raises(Refused, match="there is no such folder of published files"):
        write_region("15M", data=tmp_path / "none", out=tmp_path / "region")


def test_a_file_that_does_not_load_is_left_out_and_said(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "list-sizes.csv").write_bytes((SAMPLES / "list-sizes.csv").read_bytes())
    (data / "sip-feeds.csv").write_text("month,pct,items,actual_cost\n2031-04-01,03X,5,-7\n")
    said = write_region("15M", data=data, out=tmp_path / "region")
    assert "Left out: sip-feeds.csv, because a count cannot be negative" in said
    assert {each.path for each in open_folder(tmp_path / "region").region.data} == {"list-sizes.csv"}


@pytest.mark.real
def test_a_new_region_runs_as_it_stands(real, tmp_path, capsys):
    region = tmp_path / "south-west-london"
    assert main(["data", "new-region", "--of", "07V", "--data", str(real), "--out", str(region)]) == 0
    assert [(look.id, look.of) for look in open_folder(region).region.find] == [
        ("2016-17", ("07V", "08J", "08P", "08R", "08T", "08X")), ("2025", ("36L",))]
    assert main(["run", str(region), "--data", str(real), "--workspace", str(tmp_path / "workspace")]) == 0
    said = capsys.readouterr().out
    assert "Croydon CCG (07V) closed on 31 March 2020" in said
    assert "Over 2025, South West London (36L)" in said
