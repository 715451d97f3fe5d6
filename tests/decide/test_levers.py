"""The levers of change: what studies found, and how each went here."""

from evenhand.decide import levers
from evenhand.papers import ChangePlan, Finding, Header, PlannedChange
from record.made import proposal

NAMES = ["contract", "payment", "peer comparison", "clinical leadership", "information", "workforce", "pathway",
         "engagement"]


def planned(*used, case="case/one"):
    return PlannedChange(header=Header(subject=case, proposal_version=1), change=ChangePlan(levers=used))


def found(verdict, case="case/one"):
    return Finding(header=Header(subject=case), question="Did it work?", verdict=verdict, because="the figures say so")


def gone(*cases):
    return {each.lever.name: each for each in levers.here(cases)}


def test_the_catalogue_names_the_eight_levers_and_every_study_names_its_source():
    assert levers.levers().names == NAMES
    assert all(study.source and study.found for each in levers.levers() for study in each.evidence)
    shown = {study.direction for each in levers.levers() for study in each.evidence}
    assert {"helped", "no difference seen"} <= shown, "studies that saw nothing stand beside those that saw something"


def test_a_lever_used_here_says_how_those_changes_went():
    here = gone(("one", (proposal(), planned("payment", "pathway"), found("worked"))),
                ("two", (proposal(), planned("Payment"), found("worked"), found("faded"))),
                ("three", (proposal(), planned("payment"))))
    assert here["payment"].sentence.startswith(
        "Used in 3 changes here: 1 worked, 1 worked and faded and 1 not judged yet.")
    assert [each.subject for each in here["pathway"].tried] == ["one"]


def test_a_lever_never_tried_here_says_so_and_stands_last():
    here = levers.here([("one", (planned("workforce"),))])
    assert here[0].lever.name == "workforce"
    assert here[-1].sentence == "Never tried here, as far as the papers we hold say."


def test_the_newest_plan_of_a_case_counts():
    here = gone(("one", (planned("payment"), planned("contract"))))
    assert not here["payment"].tried
    assert here["contract"].tried


def test_a_lever_of_ones_own_is_kept_and_a_slip_of_the_pen_is_asked_about():
    assert levers.lever_meant("a pooled budget") is None
    assert levers.near("a pooled budget with the council") is None
    assert levers.near("peer comparisons") == "peer comparison"
    assert levers.lever_meant("  Peer  Comparison ").name == "peer comparison"
