"""The worked region, from its folder to papers: on the small table kept with it, and on the published files."""

import csv
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evenhand.cli import main
from evenhand.papers import EvaluationPlan, Finding, Opportunity, opened
from evenhand.record import Workspace, case_file
from evenhand.region.keeping import keep_figures, observed
from evenhand.region.running import run

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "derbyshire"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def kept_run(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("kept")
    return run(FOLDER, data=None, workspace=workspace, at=AT), workspace


@pytest.fixture(scope="module")
def full_run(real, tmp_path_factory):
    workspace = tmp_path_factory.mktemp("full")
    return run(FOLDER, data=real, workspace=workspace, at=AT), workspace


def said(report):
    return "\n".join(report.lines())


def papers(report, kind):
    return [paper for each in report.papers if isinstance(paper := opened(each.bytes), kind)]


def test_it_runs_without_the_published_files_on_the_small_table_kept_beside_it(kept_run):
    report, workspace = kept_run
    assert "the small table of figures kept in the folder serves" in said(report)
    assert Workspace.open(workspace).verify() == ()
    assert (workspace / "out" / "summary.html").read_text().startswith("<!doctype html>")


def test_a_second_run_on_the_same_data_gives_the_same_papers_and_enters_nothing_again(kept_run, tmp_path):
    report, workspace = kept_run
    before = len(Workspace.open(workspace).entries())
    again = run(FOLDER, data=None, workspace=workspace, at=AT.replace(year=2027))
    elsewhere = run(FOLDER, data=None, workspace=tmp_path, at=AT)
    assert report.digest == again.digest == elsewhere.digest
    assert len(Workspace.open(workspace).entries()) == before


def test_the_gluten_free_decision_is_told_as_far_as_the_sources_go(kept_run):
    _, workspace = kept_run
    record = Workspace.open(workspace)
    case = {kept.kind: kept.paper() for kept in record.papers("case/derbyshire-gluten-free")}
    proposal, voices, decision = case["proposal"], case["voices"], case["decision"]
    assert [option.id for option in proposal.options] == ["stop", "eight-units", "third", "nothing"]
    assert proposal.option("third").title is None
    assert (voices.opened.isoformat(), voices.closed.isoformat()) == ("2017-02-27", "2017-08-15")
    assert voices.replies is None, "how many replied is not held: that is not nought"
    assert [ruling.body.code for ruling in decision.rulings] == ["03X", "03Y", "04J", "04R"]
    assert all(ruling.votes is None and ruling.stood_aside is None for ruling in decision.rulings)
    assert decision.promises[0].kept_when.isoformat() == "2018-12-13"
    assert record.state("case/derbyshire-gluten-free") == "approved"


def test_what_happened_afterwards_is_what_a_careful_reader_would_conclude(kept_run):
    report, _ = kept_run
    stopped, size, turned = papers(report, Finding)
    assert stopped.verdict == "worked"
    assert "from £1,366 in January 2018 to £43.73 in May 2018" in stopped.sentence
    assert any("Drug Tariff" in remark for remark in stopped.remarks)
    assert size.verdict == "cannot tell"
    assert "only 1 month before" in size.sentence
    assert turned.verdict == "cannot tell"
    assert "no place was left untouched" in turned.sentence


def test_no_plan_for_finding_out_is_made_up_for_those_who_decided_long_ago(kept_run):
    report, workspace = kept_run
    assert not papers(report, EvaluationPlan)
    assert "meant to find out whether it worked is not in the sources we hold" in said(report)
    from evenhand.decide import gate

    for case in ("derbyshire-gluten-free", "derbyshire-over-the-counter", "derbyshire-voluntary-sector"):
        answers = gate(case_file(case, workspace=workspace)).fields["tests"]
        assert not [test["id"] for test in answers if test["answer"] == "not met"], "silence is never a no"


def test_the_two_versions_of_the_figures_are_never_joined(kept_run):
    report, _ = kept_run
    stopped = papers(report, Finding)[0]
    here = [one for one in stopped.figures["series"] if one["unit"] == "15M"]
    assert len(here) == 2
    assert here[0]["months"][-1] > here[1]["months"][0], "they overlap, and stay two"


def test_where_the_board_comes_from_is_said_because_the_successions_do_not_hold_it(kept_run):
    report, _ = kept_run
    served = "served by Derby and Derbyshire Integrated Care Board (QJ2): an arrangement, not a succession"
    assert served in said(report)


def test_a_gap_left_as_a_paper_carries_its_range_and_is_called_headroom(kept_run):
    report, _ = kept_run
    found = papers(report, Opportunity)
    assert found
    assert all(paper.gap.low <= paper.gap.central <= paper.gap.high for paper in found)
    assert "headroom, not money" in said(report)


def test_the_command_prints_a_summary_and_the_digests(tmp_path, capsys):
    assert main(["run", str(FOLDER), "--workspace", str(tmp_path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["digest"].startswith("sha256:")
    assert len(document["papers"]) > 10


@pytest.mark.parametrize(("wrong", "what"), [
    ("name = ", "this is not TOML"),
    ("colour = 3\n", "there is no such member"),
    ('bodies = ["15N9"]\nname="x"\nslug="x"\ninvented=false\ntoday="15M"\nprice_base="x"\n', "no commissioner has"),
])
def test_a_mistake_in_the_folder_is_said_with_its_place(tmp_path, capsys, wrong, what):
    (tmp_path / "region.toml").write_text(wrong)
    assert main(["run", str(tmp_path), "--workspace", str(tmp_path / "w")]) == 2
    shown = capsys.readouterr()
    assert what in shown.err
    assert "region.toml" in shown.err
    assert "Traceback" not in shown.err


def test_a_folder_that_is_not_there_is_said(tmp_path, capsys):
    assert main(["run", str(tmp_path / "nowhere")]) == 2
    assert "there is no such folder" in capsys.readouterr().err


# --- on the published files -------------------------------------------------------------------------------------------


def test_on_the_published_files_it_says_what_it_refused_and_why(full_run):
    report, _ = full_run
    words = said(report)
    assert "the body has been abolished and its denominator is nought: the measure is missing, not nought" in words
    assert "never join the two" in words
    left_out = [line for line in words.splitlines() if "Left out" in line]
    assert all("the folder has no " in line for line in left_out), "figures that are there are left out of nothing"
    assert any("schemes.xlsx" in line for line in left_out)


def test_north_derbyshires_amino_acid_formula_is_as_published_figures_make_it(full_run):
    report, _ = full_run
    found = next(paper for paper in papers(report, Opportunity)
                 if paper.body.code == "04J" and paper.measure == "aminoacidformula")
    row = found.figures["row"]
    assert row["value"] == pytest.approx(1024.65, abs=0.01)
    assert row["benchmark"] == pytest.approx(778.80, abs=0.01)
    assert (found.rank, found.rank_of) == (33, 188)
    assert found.gap.central == pytest.approx(71_740, abs=50)


def test_the_small_table_is_what_the_published_files_give(full_run):
    _, workspace = full_run
    from evenhand.region.folder import open_folder

    fresh = {tuple(str(row[name]) for name in ("source", "vintage", "measure", "unit", "month")): row["numerator"]
             for row in observed(open_folder(FOLDER), workspace)}
    with gzip.open(FOLDER / "figures" / "observations.csv.gz", "rt") as file:
        kept = {tuple(row[name] for name in ("source", "vintage", "measure", "unit", "month")): float(row["numerator"])
                for row in csv.DictReader(file)}
    assert kept.keys() == fresh.keys()
    assert all(kept[key] == pytest.approx(fresh[key], abs=0.005) for key in kept)


def test_keeping_the_figures_twice_gives_the_same_bytes(full_run, tmp_path):
    import shutil

    _, workspace = full_run
    copy = tmp_path / "derbyshire"
    shutil.copytree(FOLDER, copy)
    first = [path.read_bytes() for path in keep_figures(copy, workspace)]
    assert first == [path.read_bytes() for path in keep_figures(copy, workspace)]


def test_the_facts_of_the_decisions_are_those_of_the_published_table(real, kept_run):
    _, workspace = kept_run
    record = Workspace.open(workspace)
    with (real / "cases" / "service_decisions.csv").open(encoding="utf-8") as file:
        rows = {row["case_id"]: row for row in csv.DictReader(file)}
    for name in ("derbyshire-gluten-free", "derbyshire-over-the-counter", "derbyshire-voluntary-sector"):
        case = {kept.kind: kept.paper() for kept in record.papers(f"case/{name}")}
        assert [body.code for body in case["proposal"].bodies] == rows[name]["commissioner_code"].split(";")
        assert {source.address for source in case["proposal"].sources} <= {
            each.strip() for each in rows[name]["source_url"].split(";")}
