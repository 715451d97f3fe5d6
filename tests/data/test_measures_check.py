"""A document of measures is looked over, and tried on all bodies, before anybody adopts it."""

import json

import pytest

from evenhand.cli import main
from evenhand.data.measures import measures_in
from evenhand.data.measures_check import faults, preview

DOCUMENT = """
author = "A. Writer"
checker = "not yet checked"
next_review = "2027-11"
change_log = ["first written"]
[sources]
own = "Our own count"
[measure.visits]
title = "Home visits"
why = "A visit spares a journey."
unit = "visits per 1,000 people"
numerator = "visits"
numerator_unit = "visits"
denominator = "people, in thousands"
denominator_kind = "stock"
direction = "neutral"
source = "own"
traps = ["Small numbers."]
worked = { of = "15M", from = "2024-01", to = "2024-12", numerator = 120, denominator = 2, value = 60, file = "o.csv" }
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(DOCUMENT)
    return path


@pytest.fixture
def workspace(tmp_path):
    """Three bodies of a thousand, two and four thousand people, ten visits a month each."""
    from evenhand.data.load import load
    from evenhand.data.ways_out import keep_rule

    rows = [f"visits,{unit},2024-{month:02d},10,{people}"
            for unit, people in (("15M", 2), ("36L", 1), ("91Q", 4)) for month in range(1, 13)]
    panel = tmp_path / "panel.csv"
    panel.write_text("measure,unit,month,numerator,denominator,vintage,source\n"
                     + "".join(f"{row},first,own\n" for row in rows))
    load([panel], tmp_path / "w")
    keep_rule(tmp_path / "w", "none")  # denominators here are thousands of people, not single ones
    return tmp_path / "w"


def test_a_full_document_has_no_faults_and_says_that_nothing_is_adopted(own, capsys):
    assert main(["data", "measures", "--check", str(own)]) == 0
    assert "1 measure described in full; nothing is adopted by looking." in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(("was", "now", "said"), [
    ('why = "A visit spares a journey."', 'why = ""', "visits.why: this is not said; write why it matters"),
    ('traps = ["Small numbers."]', "", "visits.traps: this is not said"),
    ('direction = "neutral"', 'direction = "down"', "write low, high or neutral"),
    ("value = 60", "value = 61", "numerator over denominator is not the value"),
    ('unit = "visits per 1,000 people"', 'unit = "share of visits"', "a share cannot be above one")])
def test_what_is_missing_or_wrong_is_named_with_what_to_write(own, capsys, was, now, said):
    own.write_text(DOCUMENT.replace(was, now))
    assert main(["data", "measures", "--check", str(own)]) != 0
    assert said in capsys.readouterr().err


def test_the_preview_gives_every_body_its_value(own, workspace, capsys):
    """120 visits a year over 2, 1 and 4 thousand people: 60, 120 and 30 per thousand."""
    found = preview(measures_in(own)["visits"], workspace)
    assert found.values == (("91Q", 30.0), ("15M", 60.0), ("36L", 120.0))
    assert main(["data", "measures", "--check", str(own), "--on", str(workspace)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "visits, 2024: 3 bodies, the middle 60, from 30 (91Q) to 120 (36L)." in said
    assert main(["data", "measures", "--check", str(own), "--on", str(workspace), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["measures"][0]["values"][0] == {"unit": "91Q", "value": 30.0}


def test_the_packaged_measures_pass_their_own_check():
    from evenhand.data.measures import measures

    assert [problem for measure in measures() for problem in faults(measure)] == []


def test_a_preview_needs_a_document(capsys):
    assert main(["data", "measures", "--on", "here"]) != 0
    assert "--check FILE.toml" in capsys.readouterr().err


@pytest.mark.parametrize(("numerator", "value", "agrees"), [(120, 60, True), (130, 65, False)])
def test_a_worked_case_is_worked_through_again_on_the_figures_held(own, workspace, capsys, numerator, value, agrees):
    # 12 months of 10 visits over a mean of 2 thousand people is 60.
    own.write_text(DOCUMENT.replace("numerator = 120", f"numerator = {numerator}").replace("value = 60",
                                                                                          f"value = {value}"))
    assert main(["data", "measures", "--check", str(own), "--on", str(workspace), "--json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)["measures"]
    assert said["worked_again"] == {"agrees": agrees, "value": 60.0, "said": float(value)}
    assert main(["data", "measures", "--check", str(own), "--on", str(workspace)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert ("Its worked case says 65, and the figures held give 60" in told) is not agrees


def test_a_body_that_lacks_a_month_is_left_out_and_named(own, tmp_path):
    from evenhand.data.load import load

    rows = [f"visits,{unit},2024-{month:02d},1000,200,first,own" for unit in ("15M", "36L") for month in range(1, 13)
            if (unit, month) != ("36L", 3)]
    panel = tmp_path / "panel.csv"
    panel.write_text("measure,unit,month,numerator,denominator,vintage,source\n" + "\n".join(rows) + "\n")
    load([panel], tmp_path / "w")
    found = preview(measures_in(own)["visits"], tmp_path / "w")
    assert (found.values, found.short, found.held.months) == ((("15M", 60.0),), ("36L",), 12)
