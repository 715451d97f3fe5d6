"""The page on places that took a medicine up at different speeds runs on the published figures, as it says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "judge-an-uneven-uptake.md"


@pytest.mark.real
def test_the_analysis_of_an_uneven_uptake_prints_what_its_page_says(real: Path) -> None:
    assert (real / "anticoagulants-sub-icb").is_dir()
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.M | re.S)
    (printed,) = re.findall(r"^```text\n(.*?)^```", PAGE.read_text(), re.M | re.S)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, PAGE.name, "exec"), {})
    assert out.getvalue().strip() == printed.strip()
