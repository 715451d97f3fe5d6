"""A long panel as gaps read it, where two releases of the same months lie in one table."""

import pytest

from evenhand.cli import main
from evenhand.find import gaps
from evenhand.terms import Refused

HEAD = "measure,month,unit,numerator,denominator,vintage"


def rows(vintage, months):
    return [f"m,2025-{month:02d},B{unit},{unit + month},100,{vintage}" for unit in range(1, 6) for month in months]


def test_two_releases_of_one_month_are_named_with_the_option_that_keeps_one(tmp_path, capsys):
    path = tmp_path / "all.csv"
    path.write_text("\n".join([HEAD, *rows("2018 to 2025", range(1, 7)), *rows("2020 to 2025", range(4, 13))]))
    with pytest.raises(Refused) as caught:
        gaps(str(path), of="B1")
    # Three months of five bodies stand in both.
    assert str(caught.value) == (
        f"{path}:vintage: 15 figures stand in more than one release, and what a measure counts may differ between them "
        '(2018 to 2025 and 2020 to 2025 found); keep one release: --where "vintage=2020 to 2025"')
    assert main(["find", "gaps", str(path), "--of", "B1", "--where", "vintage=2020 to 2025"]) == 0
    assert "B1" in capsys.readouterr().out
