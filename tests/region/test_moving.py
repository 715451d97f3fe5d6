"""Milestones, the flagship that moves care, and what is paid under each contract: from the folder to papers."""

import csv
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evenhand.papers import Evidence, Milestone, Programme, opened
from evenhand.region import delivering, paying
from evenhand.region.folder import open_folder
from evenhand.region.job import Job
from evenhand.region.moving import Moved, drawn, moved
from evenhand.region.own import bodies_of, measures_of
from evenhand.terms import Month, Refused

MILLBROOK = Path(__file__).resolve().parents[2] / "examples" / "millbrook"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
FLAGSHIP = "case/millbrook-care-closer-to-home"


def job_on(folder, workspace):
    found = open_folder(folder)
    return Job(found, None, workspace, AT, lambda said: None, bodies_of(found), measures_of(found))


@pytest.fixture(scope="module")
def happening(tmp_path_factory):
    return delivering.delivered(job_on(MILLBROOK, tmp_path_factory.mktemp("delivered")))


@pytest.fixture(scope="module")
def paid(tmp_path_factory):
    return paying.paid(job_on(MILLBROOK, tmp_path_factory.mktemp("paid")))


@pytest.fixture
def copied(tmp_path):
    shutil.copytree(MILLBROOK, tmp_path / "county", ignore=shutil.ignore_patterns("activity", "figures"))
    return tmp_path / "county"


# Four months: two staff of two after two months, patients from the third; half of the income is not followed by cost.
FEW = Moved(tuple(map(Month.parsed, ("2028-01", "2028-02", "2028-03", "2028-04"))), staff=(1, 2, 2, 2),
            planned=(2, 2, 2, 2), patients=(0, 0, 5, 10), lost=(0, 0, 1000, 2000), released=(0, 0, 500, 1000),
            stranded=(0, 0, 500, 1000))


def test_the_lag_runs_from_half_of_the_staff_to_half_of_the_patients():
    # half of 2 staff in January; half of 10 patients in March
    assert FEW.lag == 2


def test_staff_patients_and_stranded_cost_stand_in_one_sentence():
    assert FEW.sentence == (
        "2 of 2 staff planned were in post in February 2028, 1 month before the first patient was moved. From March "
        "2028 to April 2028 15 patients were moved, 2 months behind the staff. The hospital lost £3,000 of income and "
        "stopped spending £1,500: £1,500 is stranded.")
    assert FEW.share_stranded(0, 4) == 1500 / 3000


def test_nobody_moved_yet_is_said_so():
    none = Moved(FEW.months, FEW.staff, FEW.planned, (0,) * 4, (0,) * 4, (0,) * 4, (0,) * 4)
    assert none.sentence == "To April 2028 no patient has been moved."
    assert none.lag is None


def test_months_out_of_order_are_refused(copied, tmp_path):
    path = copied / "programmes" / "flagship.csv"
    head, first, second, *rest = path.read_text().splitlines()
    path.write_text("\n".join([head, second, first, *rest]) + "\n")
    with pytest.raises(Refused, match="the months are not in order"):
        moved(job_on(copied, tmp_path / "workspace"))


def test_the_flagships_paper_holds_its_months_and_what_the_truth_says(happening):
    truth = json.loads((MILLBROOK / "truth.json").read_text())["flagship"]
    done = happening
    paper = next(each for each in map(opened, (one.bytes for one in done.papers)) if each.subject == FLAGSHIP)
    held = paper.figures["moving_care"]
    assert held["totals"]["stranded_cost"] == truth["stranded_cost"]
    assert held["totals"]["patients_moved"] == pytest.approx(truth["patients_moved"])
    assert max(held["staff_in_post"]) == truth["staff"]
    assert held["lag_months"] > 3
    assert "is stranded: 70% of the income lost in the first year, 45% since." in paper.sentence
    others = [each for each in map(opened, (one.bytes for one in done.papers)) if each.subject != FLAGSHIP]
    assert not any("moving_care" in each.figures for each in others)
    figure = next(each for each in done.figures if each.name == "moving-care")
    assert 'role="img"' in figure.svg()
    assert drawn(FEW, "A few").table.to_csv().count("\n") == 5


# --- milestones -------------------------------------------------------------------------------------------------------


def test_milestones_are_counted_in_time_late_overdue_and_to_come():
    at = Month(2028, 6)
    given = [Milestone(what="a", due=Month(2028, 3), done=Month(2028, 3)),
             Milestone(what="b", due=Month(2028, 3), done=Month(2028, 4)),
             Milestone(what="c", due=Month(2028, 5)), Milestone(what="d", due=Month(2028, 9))]
    assert delivering.milestones_said(given, at) == (
        "Of 4 milestones, 1 in time and 1 late; overdue: “c”; 1 still to come.")


def test_every_programme_has_its_milestones_capacity_before_patients_before_beds(happening):
    papers = [opened(each.bytes) for each in happening.papers]
    assert all(isinstance(each, Programme) and len(each.milestones) >= 5 for each in papers)
    flagship = next(each for each in papers if each.subject == FLAGSHIP)
    names = [each.what for each in flagship.milestones]
    assert names[1].startswith("All forty nurses") and names[2].startswith("The first patients")  # noqa: PT018
    assert names.index("The first ward closed, twenty beds") > names.index("As many patients a month as meant")
    people = {row["id"] for row in csv.DictReader((MILLBROOK / "people.csv").read_text().splitlines())}
    assert {each.owner for one in papers for each in one.milestones} <= people, "identifiers, never names"
    assert "overdue: “The second ward closed, eighteen beds”" in flagship.sentence


def test_milestones_of_no_case_and_months_that_are_none_are_said(copied, tmp_path):
    path = copied / "programmes" / "milestones.csv"
    path.write_text(path.read_text().replace("Food first,", "Food last,"))
    done = delivering.delivered(job_on(copied, tmp_path / "workspace"))
    assert done.left_out == ("milestones of “Food last”, which is the title of no case",)
    path.write_text(path.read_text().replace("2028-03", "March", 1))
    with pytest.raises(Refused, match="this is not a month"):
        delivering.delivered(job_on(copied, tmp_path / "again"))


def test_without_milestones_the_papers_hold_none(copied, tmp_path):
    (copied / "programmes" / "milestones.csv").unlink()
    (copied / "programmes" / "flagship.csv").unlink()
    done = delivering.delivered(job_on(copied, tmp_path / "workspace"))
    assert all(opened(each.bytes).milestones is None for each in done.papers)


# --- contracts --------------------------------------------------------------------------------------------------------


def test_each_contract_says_what_is_paid_what_others_would_pay_and_who_bears_it(paid):
    done = paid
    papers = [opened(each.bytes) for each in done.papers]
    assert [each.subject for each in papers] == ["body/ZH01", "body/ZH02", "body/ZH03"]
    assert all(isinstance(each, Evidence) for each in papers)
    block = papers[1]
    lines = json.loads((MILLBROOK / "contracts" / "zh02.json").read_text())["lines"]
    # a block pays what was planned, whatever was done
    assert block.effect.central == sum(line["planned"] * line["price"] for line in lines)
    assert "under block terms" in block.says
    assert "the provider bears it under block and outcome-linked terms" in block.says
    assert len(done.figures) == 6
    assert done.sentences[0] == "3 contracts on the activity of a year."


def test_what_was_done_is_the_years_activity_of_that_provider(paid):
    import gzip

    contract = json.loads((MILLBROOK / "contracts" / "zh03.json").read_text())
    prices = {line["point_of_delivery"]: line["price"] for line in contract["lines"]}
    rows = csv.DictReader(gzip.decompress((MILLBROOK / "activity" / "activity.csv.gz").read_bytes()).decode()
                          .splitlines())
    value = sum(int(row["count"]) * prices[row["point_of_delivery"]] for row in rows
                if row["provider"] == "ZH03" and "2029-04" <= row["month"] <= "2030-03")
    planned = sum(line["planned"] * line["price"] for line in contract["lines"])
    paper = next(each for each in map(opened, (one.bytes for one in paid.papers))
                 if each.subject == "body/ZH03")
    assert paper.effect.central == pytest.approx(planned + 0.5 * (value - planned))


def test_a_folder_without_contracts_or_activity_says_so(copied, tmp_path):
    assert paying.paid(job_on(copied, tmp_path)).sentences == (
        "Not asked: the folder has no activity/activity.csv.",)
    shutil.rmtree(copied / "contracts")
    assert paying.paid(job_on(copied, tmp_path)).sentences == ("Not asked: the folder has no contracts/*.json.",)
