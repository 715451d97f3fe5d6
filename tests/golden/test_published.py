"""Our figures beside published ones, through the command, on a bare clone."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AGREEMENT = runpy.run_path(str(ROOT / "tools" / "agreement.py"))
LINES = AGREEMENT["lines"]()


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.method}: {line.path}")
def test_our_figure_agrees_with_the_published_one(line):
    assert line.agrees, f"{line.what}: published {line.published}, ours {line.ours}"


def test_the_page_of_agreement_is_as_the_figures_are():
    page = (ROOT / "docs" / "agreement.md").read_text()
    assert page == AGREEMENT["page"](LINES), "run: python tools/agreement.py"
