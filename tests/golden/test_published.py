"""Our figures beside published ones, through the command, on a bare clone."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AGREEMENT = runpy.run_path(str(ROOT / "tools" / "agreement.py"))


@pytest.mark.parametrize("case", AGREEMENT["cases"](), ids=lambda case: f"{case['method']}: {case['what']}")
def test_our_figures_agree_with_the_published_ones(case):
    for line in AGREEMENT["lines_of"](case):
        assert line.agrees, f"{line.path}: published {line.published}, ours {line.ours}"


def test_the_page_of_agreement_is_as_the_figures_are():
    page = (ROOT / "docs" / "agreement.md").read_text()
    assert page == AGREEMENT["page"](AGREEMENT["lines"]()), "run: python tools/agreement.py"
