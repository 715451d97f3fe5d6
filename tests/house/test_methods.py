"""Every method is declared whole: words, limits, source, an example, and figures that say what they show."""

import inspect
import json
import shlex

import pytest

from evenhand.cli import main
from evenhand.house import every_method

METHODS = list(every_method())
pytestmark = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)


def test_a_method_says_what_it_asks_where_it_comes_from_and_what_it_cannot_tell(method):
    assert method.question.endswith("?")
    assert len(method.source) > 20
    assert method.cannot_tell
    assert all(each.endswith(".") for each in method.cannot_tell)
    assert all(each.what for each in (*method.inputs, *method.outputs))


def test_every_setting_has_a_label_a_reader_understands(method):
    for one in method.settings_list():
        assert one.label[0].isupper(), one.name
        assert "_" not in one.label, one.name


def test_a_public_function_says_what_it_gives_what_it_raises_and_after_whom(method):
    said = inspect.getdoc(method.function) or ""
    for part in ("Args:", "Raises:", "Source:"):
        assert part in said, part


def answer_of(method):
    return shlex.split(method.example)


def test_the_answer_is_one_json_document_with_what_is_needed_to_redo_it(method, capsys):
    assert main([*answer_of(method), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["method"]["name"] == method.full_name
    assert document["settings"].keys() == {one.option.replace("-", "_") for one in method.settings_list()}
    assert all(each["digest"].startswith("sha256:") for each in document["made_from"])
    assert isinstance(document["remarks"], list)
    always = {each.name.split(".")[0] for each in method.outputs if not each.sometimes}
    assert always <= document.keys()


def test_the_answer_can_be_had_as_csv_workbook_picture_and_folder(method, capsys, tmp_path):
    words = answer_of(method)
    assert main([*words, "--csv", "--xlsx", str(tmp_path / "a.xlsx"), "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.count("\n") > 1
    assert (tmp_path / "a.xlsx").stat().st_size > 3000
    assert (tmp_path / "out" / "answer.json").exists()
    pictures = list((tmp_path / "out").glob("*.svg"))
    assert pictures, "a method draws at least one figure"
    for picture in pictures:
        drawn = picture.read_text()
        assert 'role="img"' in drawn
        assert "<title" in drawn
        assert "style=" not in drawn


def test_an_empty_file_and_rubbish_are_refused_and_nothing_is_written(method, capsys, tmp_path):
    words = answer_of(method)
    if method.inputs[0].kind == "code":
        assert main([words[0], words[1], "no such body", "--json"]) == 2
        assert capsys.readouterr().out == ""
        return
    for name, content in (("empty.csv", b""), ("rubbish.csv", b"\x00\xff\x01" * 50)):
        path = tmp_path / name
        path.write_bytes(content)
        assert main([words[0], words[1], str(path), *words[3:], "--json", "--out", str(tmp_path / "out")]) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert str(path) in shown.err
        assert "Traceback" not in shown.err
    assert not (tmp_path / "out").exists()
