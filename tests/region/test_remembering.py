"""Lessons drafted from what was found, and the hand-over to the body of today."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from evenhand.papers import INSTALLATION, Finding, Header, Lesson, opened, seal
from evenhand.record import Workspace
from evenhand.region import remembering
from evenhand.region.folder import open_folder
from evenhand.region.job import Job
from evenhand.region.own import INVENTED, bodies_of, measures_of
from evenhand.region.writing import PACK, RECEIPT, rehearse_hand_over
from evenhand.terms import Month

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MILLBROOK = EXAMPLES / "millbrook"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
STOPPED, SUSTAINED, GOING = "millbrook-steady-on-your-feet", "millbrook-inhaler-reviews", "millbrook-food-first"


def job_on(folder, workspace):
    found = open_folder(folder)
    return Job(found, None, workspace, AT, lambda said: None, bodies_of(found), measures_of(found))


def found(case, verdict, **more):
    return Finding(header=Header(subject=f"case/{case}", proposal_version=1), question="Did it work?",
                   verdict=verdict, because="the range", sentence=f"What was found of {case}.",
                   looked=Month(2030, 4), **more)


@pytest.fixture
def job(tmp_path):
    return job_on(MILLBROOK, tmp_path)


def lessons(done):
    return {each.subject.removeprefix("case/"): each for each in (opened(one.bytes) for one in done.papers)}


def test_every_case_that_is_over_leaves_a_draft_from_its_newest_finding_and_none_that_goes_on(job):
    first, newest = found(SUSTAINED, "cannot tell"), found(SUSTAINED, "worked")
    for each in (first, newest, found(STOPPED, "did not work"), found(GOING, "worked")):
        job.keep(each)
    done = remembering.remembered(job)
    held = lessons(done)
    assert set(held) == {SUSTAINED, STOPPED}
    one = held[SUSTAINED]
    assert one.title == "DRAFT: Inhaler reviews in every practice: it worked"
    assert one.what_happened == f"What was found of {SUSTAINED}. It goes on as usual work."
    assert "needed first: Two pharmacists" in one.circumstances
    assert one.circumstances.startswith("In Fescuecombe Commissioning Group, from April 2028; it was prompted by the "
                                        "figures of April 2027 to March 2028, which were high")
    # two years after April 2030
    assert one.next_review == date(2032, 4, 1)
    assert one.bodies[0].code == "ZM02"
    kept = job.record.papers(f"case/{SUSTAINED}", "finding")
    assert one.header.made_from[0].digest == kept[-1].digest != seal(first).digest


def test_a_draft_says_so_and_names_nobody(job):
    job.keep(found(STOPPED, "did not work"))
    lesson = lessons(remembering.remembered(job))[STOPPED]
    assert isinstance(lesson, Lesson)
    assert lesson.remarks == (remembering.DRAFT, INVENTED)
    assert lesson.figures["draft"] is True
    assert "until a named person has read it, mended it and signed it" in remembering.DRAFT


@pytest.mark.parametrize(("case", "verdict", "said"), [
    (STOPPED, "did not work", "high figures come down by themselves"),
    (SUSTAINED, "did not work", "It goes on all the same: somebody has to decide whether it should."),
    (SUSTAINED, "faded", "Do not count on it after the first year."),
    (STOPPED, "worked", "It was stopped although it worked: say why"),
    (STOPPED, "cannot tell", "make sure that its effect could be seen")])
def test_the_advice_follows_from_what_was_found_and_what_became_of_it(job, case, verdict, said):
    job.keep(found(case, verdict))
    assert said in lessons(remembering.remembered(job))[case].advice


def test_a_case_that_is_over_without_a_finding_is_named(job):
    job.keep(found(STOPPED, "worked"))
    left_out = remembering.remembered(job).left_out
    assert "Inhaler reviews in every practice: it is sustained, and holds no finding to learn from" in left_out


def test_drafting_again_leaves_the_same_paper(job):
    job.keep(found(STOPPED, "worked"))
    once, again = remembering.remembered(job), remembering.remembered(job)
    assert [each.digest for each in once.papers] == [each.digest for each in again.papers]


def test_nothing_is_drafted_about_a_real_case_that_is_not_over(tmp_path):
    assert remembering.remembered(job_on(EXAMPLES / "derbyshire", tmp_path)).sentences == (
        "No programme is over that brings no lesson of its own, so none was drafted.",)


# --- the hand-over ----------------------------------------------------------------------------------------------------


def test_the_merged_body_receives_what_the_five_held_and_the_receipt_names_it(job):
    job.keep(found(STOPPED, "worked"))
    said = rehearse_hand_over(job)
    assert said[0].startswith(f"Packed 1 subject into out/{PACK}")
    assert said[1].startswith("Millbrook Commissioning Group (ZM10) received what Quillworth Commissioning Group")
    receipt = json.loads((job.workspace / "out" / RECEIPT).read_text())
    assert receipt["received_by"] == {"code": "ZM10", "name": "Millbrook Commissioning Group"}
    assert [each["code"] for each in receipt["from"]] == ["ZM01", "ZM02", "ZM03", "ZM04", "ZM05"]
    assert receipt["papers"] == 1
    assert receipt["subjects"] == [f"case/{STOPPED}"]


def test_the_entry_of_a_receipt_names_who_received_it(job, tmp_path):
    job.keep(found(STOPPED, "worked"))
    there = Workspace.open(tmp_path / "there")
    receipt = there.unpack(job.record.pack([f"case/{STOPPED}"]), by="command", at=AT, organisation="ZM10")
    entry, = there.entries(INSTALLATION)
    assert (entry.kind, entry.organisation) == ("receipt", "ZM10")
    # the same pack gives the same receipt, whoever receives it
    other = Workspace.open(tmp_path / "other")
    assert other.unpack(job.record.pack([f"case/{STOPPED}"]), by="command", at=AT) == receipt
