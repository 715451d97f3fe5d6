"""What must be shown first: every case of a folder held against the rules of its day."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evenhand.decide import gate
from evenhand.record import case_file
from evenhand.region import gating
from evenhand.region.folder import open_folder
from evenhand.region.job import Job
from evenhand.region.loading import loaded
from evenhand.region.own import bodies_of, measures_of
from evenhand.region.planning import planned
from evenhand.region.steps import cases
from evenhand.terms import Refused

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MILLBROOK, DERBYSHIRE = EXAMPLES / "millbrook", EXAMPLES / "derbyshire"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
TRUTH = json.loads((MILLBROOK / "truth.json").read_text())["cases"]


def job_with_cases(folder, workspace):
    found = open_folder(folder)
    job = Job(found, None, workspace, AT, lambda said: None, bodies_of(found), measures_of(found))
    loaded(job)
    planned(job)
    cases(job)
    return job


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    return job_with_cases(MILLBROOK, tmp_path_factory.mktemp("gating"))


def test_every_verdict_is_the_one_that_the_truth_tells(job):
    irreproachable = set()
    for subject in job.record.subjects():
        name = subject.removeprefix("case/")
        fields = gate(case_file(name, workspace=job.workspace)).fields
        if fields["verdict"] == "irreproachable":
            irreproachable.add(name)
        elif name in TRUTH["not_yet"]:
            open_tests = [each["id"] for each in fields["tests"] if each["answer"] in ("not met", "no evidence held")]
            assert TRUTH["not_yet"][name]["test"] in open_tests
            if TRUTH["not_yet"][name]["lacking"] != "engaged on version 1":
                # An assessment made late was weighed by nobody, and stood before nobody, when it was decided.
                most = 3 if TRUTH["not_yet"][name]["lacking"] == "equality late" else 2
                assert len(open_tests) <= most, "one thing is lacking, and no more"
    assert irreproachable == set(TRUTH["irreproachable"])
    assert "millbrook-care-closer-to-home" in irreproachable


def test_one_sentence_counts_the_verdicts_and_each_case_has_one_of_its_own(job):
    done = gating.shown(job)
    assert done.sentences[0].startswith("Of 12 cases, 4 are irreproachable and 8 not yet.")
    assert len(done.sentences) == 13
    said = "\n".join(done.sentences)
    assert "Care closer to home: Irreproachable: all 51 tests that apply are met" in said
    assert "(14 January 2028 comes after 9 December 2027)" in said
    assert "is about version 1, so it does not count for version 2" in said
    assert done.papers == ()


def test_the_full_list_of_the_flagship_has_every_test_with_why_and_who_owes_it(job):
    figure, = gating.shown(job).figures
    assert figure.name == "gate-millbrook-care-closer-to-home"
    rows = list(csv.DictReader(figure.table.to_csv().splitlines()))
    fields = gate(case_file("millbrook-care-closer-to-home", workspace=job.workspace)).fields
    assert len(rows) == len(fields["tests"])
    assert {"answer", "question", "because", "missing", "owed_by", "due", "pack", "evidence"} <= set(rows[0])


def test_a_case_on_its_way_is_asked_by_the_rules_of_the_day_of_the_run(job):
    answer = gating._asked(job, case_file("millbrook-night-line", workspace=job.workspace))
    assert answer.fields["on"] == "2026-11-21"
    decided = gating._asked(job, case_file("millbrook-food-first", workspace=job.workspace))
    assert decided.fields["on"] == "2028-03-09"


def test_a_real_region_has_the_full_list_of_each_of_its_cases(tmp_path):
    done = gating.shown(job_with_cases(DERBYSHIRE, tmp_path))
    assert done.sentences[0].startswith("Of 3 cases, 3 are not yet.")
    assert len(done.figures) == 3


def test_a_record_without_cases_says_so(tmp_path):
    found = open_folder(MILLBROOK)
    job = Job(found, None, tmp_path, AT, lambda said: None, bodies_of(found), measures_of(found))
    with pytest.raises(Refused):
        job.record.subjects()
    assert gating.shown(job).left_out == ("no case is held, so nothing was asked",)
