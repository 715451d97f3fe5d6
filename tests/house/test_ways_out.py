"""Small numbers of people do not leave by any door: what goes out is the same whatever the small count was.

A count is planted in each method's own sample, once as 3 and once as 6. If one byte of what goes out differs, the count
could be told from it: as a figure, in a sentence, a picture, a total or a rank.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import zipfile
from pathlib import Path
from typing import Any

import pytest

import evenhand
from evenhand.cli import main
from evenhand.data import holdings, tables
from evenhand.data.engine import observations, rows_of
from evenhand.data.load import load
from evenhand.data.suppression import REGIMES
from evenhand.data.ways_out import PEOPLE, keep_rule, rule_of, withheld
from evenhand.house import every_method
from evenhand.terms import Refused

REGIME = "hes-2018"


def planted_in(method: Any) -> tuple[list[str], list[list[str]], int, int] | None:
    """The sample's headings and rows, and where a count of people stands; none where it holds no such count."""
    name = next((word for word in shlex.split(method.example) if word.startswith("sample:")), "")
    if not name or method.inputs[0].kind != "table" or not str(tables.sample(name)).endswith(".csv"):
        return None
    heads, *rows = list(csv.reader(tables.sample(name).read_text(encoding="utf-8").splitlines()))
    for column in PEOPLE:
        if column in heads and column != "denominator":
            at = heads.index(column)
            whole = [row for row, cells in enumerate(rows) if cells[at].isdigit() and int(cells[at]) > 7]
            if whole and all(cells[at].isdigit() or not cells[at] for cells in rows):
                return heads, rows, whole[len(whole) // 2], at
    return None


METHODS = [each for each in every_method() if planted_in(each) is not None]


def test_there_are_methods_to_try() -> None:
    assert {"find rates", "find funnel"} <= {each.full_name for each in METHODS}


def all_that_goes_out(method: Any, count: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found = planted_in(method)
    assert found is not None
    heads, rows, row, at = found
    rows = [list(each) for each in rows]
    rows[row][at] = str(count)
    folder.mkdir()
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heads, *rows])
    (folder / "planted.csv").write_text(text.getvalue(), encoding="utf-8")
    sample = next(word for word in shlex.split(method.example) if word.startswith("sample:"))
    words = [str(folder / "planted.csv") if word == sample else word for word in shlex.split(method.example)]
    words += ["--small-numbers", REGIME]
    status = main([*words, "--json", "--xlsx", str(folder / "a.xlsx"), "--out", str(folder / "out")])
    printed = capsys.readouterr()
    out: dict[str, Any] = {"status": status, "said": printed.err.replace(str(folder), "")}
    if status:
        return out
    document = json.loads(printed.out)
    document["made_from"] = []  # the digest of the file itself, which its owner has
    out["json"] = document
    with zipfile.ZipFile(folder / "a.xlsx") as book:
        out |= {name: book.read(name).replace(str(folder).encode(), b"") for name in book.namelist()
                if "sheet1" in name}
    for path in sorted((folder / "out").iterdir()):
        if path.name != "answer.json":
            # The drawing program numbers its own clips on and on from picture to picture.
            out[path.name] = re.sub(rb"(clip|gradient)_?\d+", b"", path.read_bytes())
    return out


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)
def test_nothing_a_method_gives_out_depends_on_a_small_count(
        method: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    three, six = (all_that_goes_out(method, count, tmp_path / str(count), capsys) for count in (3, 6))
    assert three.keys() == six.keys()
    for way in three:
        assert three[way] == six[way], way
    if three["status"] == 0:
        assert any("too few people" in remark for remark in three["json"]["remarks"])


def test_the_form_on_the_site_goes_by_the_rule_of_the_place(tmp_path: Path, settings: Any) -> None:
    from evenhand.pages.asking import asked

    settings.HOME = str(tmp_path)
    method = next(each for each in every_method() if each.full_name == "find rates")
    lines = ["area,numerator,denominator", "N,{},400", "S,41,800", "E,62,900"]
    out = []
    for count in (3, 6):
        question = asked(method, {"by": "area"}, {
            method.inputs[0].name: ("mine.csv", "\n".join(lines).format(count).encode())})
        assert "--small-numbers" not in question.command
        keep_rule(tmp_path, REGIME)
        assert question.command.endswith(f"--small-numbers {REGIME}")
        document = {**question.answer().document(), "made_from": []}
        out.append(json.dumps(document))
        (tmp_path / "data" / "small-numbers.json").unlink()
    assert out[0] == out[1]
    assert "1 row with too few people left out" in out[0]


def test_replies_by_group_hide_few_in_every_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three replies, then six, from one group of some, the same number in all: what is shown of it is the same."""
    out = []
    for count in (3, 6):
        folder = tmp_path / str(count)
        folder.mkdir()
        groups = ["under 30"] * count + ["30 to 60"] * (60 - count) + ["over 60"] * 40
        (folder / "replies.csv").write_text("age\n" + "\n".join(groups) + "\n", encoding="utf-8")
        (folder / "people.csv").write_text("dimension,group,people\nage,under 30,400\nage,30 to 60,300\n"
                                           "age,over 60,300\n", encoding="utf-8")
        assert main(["engage", "reach", str(folder / "replies.csv"), "--margins", str(folder / "people.csv"),
                     "--regime", REGIME, "--json", "--out", str(folder / "out")]) == 0
        rows = json.loads(capsys.readouterr().out)["rows"]
        out.append(next(row for row in rows if row["group"] == "under 30"))
        pictures = [path.read_text(encoding="utf-8") for path in (folder / "out").iterdir() if path.suffix == ".csv"]
        assert all(not re.search(rf"under 30,.*\b{count}\b", text) for text in pictures)
    assert out[0] == out[1]
    assert "suppressed" in out[0]["replies"]


# --- the workspace ----------------------------------------------------------------------------------------------------


def workspace_with(folder: Path, count: int, *, regime: str = REGIME) -> Path:
    """A workspace that holds a panel of one measure, one month of it with a planted count."""
    lines = ["measure,unit,month,numerator,denominator,vintage,source"]
    lines += [f"falls,{unit},2029-{month:02d},{count if (unit, month) == ('36L', 4) else 40 + month},200,v,s"
              for unit in ("36L", "15M") for month in range(1, 7)]
    folder.mkdir()
    (folder / "panel.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    load([folder / "panel.csv"], folder / "w")
    keep_rule(folder / "w", regime)
    return folder / "w"


def test_what_a_workspace_holds_of_few_people_is_opened_by_nobody(tmp_path: Path) -> None:
    three, six = (workspace_with(tmp_path / str(count), count) for count in (3, 6))
    found = observations(three)
    assert found.to_pylist() == observations(six).to_pylist()
    assert rows_of(three, "observations") == rows_of(six, "observations")
    assert found.num_rows == 11
    # 41 goes to 40, 43 and 44 to 45: the rule's own steps of five.
    assert sorted(set(found.column("numerator").to_pylist())) == [40, 45]


def test_the_command_that_writes_out_what_is_held_leaves_it_out(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = []
    for count in (3, 6):
        workspace = workspace_with(tmp_path / str(count), count)
        assert main(["data", "observations", "--workspace", str(workspace)]) == 0
        written.append(capsys.readouterr().out)
    assert written[0] == written[1]
    assert "2029-04" in written[0]


def test_a_measure_that_counts_no_people_goes_out_as_it_is(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path / "a", 3)
    keep_rule(workspace, REGIME, ["falls"])
    assert 3 in observations(workspace).column("numerator").to_pylist()


def test_a_rule_that_cannot_be_read_opens_nothing(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path / "a", 3)
    (workspace / "data" / "small-numbers.json").write_text("{")
    with pytest.raises(Refused, match="the rule for small numbers is broken"):
        observations(workspace)
    with pytest.raises(Refused, match="no suppression regime called"):
        keep_rule(workspace, "hes-2019")
    assert not rule_of(tmp_path).stated


def test_only_one_module_opens_the_files_of_a_workspace() -> None:
    """Pages, papers, packs and commands read figures through it; another opener would be another way out."""
    root = Path(evenhand.__file__).parent
    openers = set()
    for path in root.rglob("*.py"):
        if "static" in path.parts:
            continue
        if re.search(rf"\b{holdings.files_of.__name__}\(", path.read_text(encoding="utf-8")):
            openers.add(path.relative_to(root).as_posix())
    assert openers == {"data/engine.py", "data/holdings.py"}  # who asks, and where it is defined


def test_a_table_that_is_all_too_small_is_refused_and_columns_can_be_named() -> None:
    table = tables.read({"area": ["A", "B"], "seen": [3, 12], "count": [20, 41]})
    kept, left = withheld(table, REGIMES[REGIME], ("seen",))
    assert (left, kept.texts("area"), kept.numbers("seen").tolist()) == (1, ["B"], [10])
    with pytest.raises(Refused, match="every count is too small"):
        withheld(tables.read({"count": [3]}), REGIMES[REGIME])
    with pytest.raises(Refused, match="these are not counts"):
        withheld(table, REGIMES[REGIME], ("area",))
    assert withheld(tables.read({"value": [2.5]}), REGIMES[REGIME])[1] == 0
