"""Every command and every line of Python in the documentation runs, and prints what the page says."""

import contextlib
import doctest
import io
import os
import re
import shlex
from pathlib import Path

import pytest

from evenhand.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/tutorial/*.md")), *sorted(ROOT.glob("docs/how-to/*.md"))]
BLOCK = re.compile(r"^```(console|pycon)\n(.*?)^```", re.M | re.S)


def blocks(page, kind):
    return [found[2] for found in BLOCK.finditer(page.read_text()) if found[1] == kind]


def commands(page):
    """Each command of a page with what the page says it prints."""
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, printed = part.partition("\n")
            while command.endswith("\\"):
                more, _, printed = printed.partition("\n")
                command = command[:-1] + more.strip()
            yield command, printed


def run(command, folder):
    """Run one line as a shell would: evenhand itself, or one of the few others a page may use."""
    if command.startswith("cat > "):
        raise AssertionError("give the reader a file to save, not a shell's document")
    words = shlex.split(command)
    assert words[0] == "evenhand", f"a page shows evenhand commands only: {command}"
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        main([each.replace("examples/", f"{ROOT}/examples/") for each in words[1:]])
    return (out.getvalue() + err.getvalue()).replace(f"{ROOT}/", "")


def matches(printed, expected):
    """The same text; a line of three points stands for any lines, three points in a line for any words."""
    lines = []
    for line in expected.rstrip().split("\n"):
        lines.append("(?:.*\n)*?" if line == "…" else ".*?".join(map(re.escape, line.split("…"))) + "\n")
    return re.fullmatch("".join(lines), printed.rstrip() + "\n") is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_print_what_it_says(page, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("EVENHAND_HOME", str(tmp_path / "workspace"))
    for source in re.finditer(r"^```(?:csv|toml) (\S+)\n(.*?)^```", page.read_text(), re.M | re.S):
        (tmp_path / source[1]).write_text(source[2])
    monkeypatch.chdir(tmp_path)
    for command, expected in commands(page):
        printed = run(command, tmp_path)
        if expected.strip():
            assert matches(printed, expected), f"$ {command}\n{printed}\n--- the page says\n{expected}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_python_of_a_page_prints_what_it_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    globals_ = {}
    for block in blocks(page, "pycon"):
        test = doctest.DocTestParser().get_doctest(block, globals_, page.name, str(page), 0)
        told = io.StringIO()
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        runner.run(test, out=told.write, clear_globs=False)
        globals_ = test.globs
        assert runner.failures == 0, told.getvalue()


def test_every_link_between_pages_leads_somewhere():
    broken = []
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if not re.match(r"[a-z]+:", target) and not os.path.exists(page.parent / target):  # noqa: PTH110
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken, broken
