"""What a decision begins from, on the invented county: the list, the peers, the concerns, and who must be heard."""

import csv
import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from evenhand.data.suppression import REGIMES
from evenhand.engage import opinion
from evenhand.papers import EngagementPlan, Evidence, Opportunity, SchemeList, opened
from evenhand.region import engaging, hearing, listing, looking, peering, reporting, voting
from evenhand.region.folder import open_folder
from evenhand.region.job import Job
from evenhand.region.loading import loaded
from evenhand.region.own import INVENTED, bodies_of, measures_of
from evenhand.region.steps import IN_ORDER
from evenhand.terms import Refused, Suppressed

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MILLBROOK, DERBYSHIRE = EXAMPLES / "millbrook", EXAMPLES / "derbyshire"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
TRUTH = json.loads((MILLBROOK / "truth.json").read_text())


def job_on(folder, workspace):
    found = open_folder(folder)
    return Job(found, None, workspace, AT, lambda said: None, bodies_of(found), measures_of(found))


@pytest.fixture
def job(tmp_path):
    return job_on(MILLBROOK, tmp_path / "workspace")


@pytest.fixture
def county(tmp_path):
    """A copy of the county that a test may change, without its large tables."""
    copied = tmp_path / "county"
    shutil.copytree(MILLBROOK, copied, ignore=shutil.ignore_patterns("activity", "observations.csv.gz", "contracts"))
    return copied


def rows_of(name):
    with (MILLBROOK / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def papers(done):
    return [opened(each.bytes) for each in done.papers]


def test_the_run_begins_from_the_list_and_hears_who_must_be_heard_before_it_listens():
    names = [step.__name__ for _, step in IN_ORDER]
    assert names.index("read_list") < names.index("looked") < names.index("reported")
    assert names.index("to_be_heard") < names.index("cases") < names.index("heard")
    assert names.index("read_list") < names.index("chosen")


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_comes_to_what_is_needed_and_says_which_rows_became_cases(job):
    paper, = papers(listing.read_list(job))
    assert isinstance(paper, SchemeList)
    true = TRUTH["tracker"]
    # 60 rows, of which those struck through are no longer schemes
    assert len(paper.schemes) == sum(not row["struck"] for row in true["schemes"])
    assert paper.needed_pence == 100 * true["needed"]
    assert paper.firm_pence + paper.at_risk_pence + paper.not_found_pence == pytest.approx(paper.needed_pence, abs=2)
    assert len(paper.cases) + len(paper.struck_out) + len(paper.not_on_it) == len(list(
        (MILLBROOK / "proposals").glob("*.toml"))) == 12
    assert {row.case for row in paper.schemes if row.case} == set(paper.cases)
    assert paper.without_case == len(paper.schemes) - len(paper.cases)
    assert paper.remarks[-1] == INVENTED


def test_a_case_whose_row_is_struck_out_is_named(job):
    struck = {row["name"] for row in TRUTH["tracker"]["schemes"] if row["struck"]}
    done = listing.read_list(job)
    paper, = papers(done)
    assert paper.struck_out
    for title in struck & {"Come when you need to", "Steady on your feet"}:
        assert f"“{title}”" in done.sentences[-1]


def test_no_owner_of_a_scheme_is_sealed(job):
    sealed = listing.read_list(job).papers[0].bytes.decode()
    for row in TRUTH["tracker"]["schemes"]:
        assert not row["owner"] or row["owner"] not in sealed


def test_a_list_without_proposals_says_that_none_was_worked_up(county, tmp_path):
    shutil.rmtree(county / "proposals")
    done = listing.read_list(job_on(county, tmp_path / "workspace"))
    assert "None of them has been worked up into a proposal" in done.sentences[-1]
    assert papers(done)[0].cases == ()


# --- peers ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    job = job_on(MILLBROOK, tmp_path_factory.mktemp("looked"))
    first, _, last = job.folder.region.find
    region = replace(job.folder.region, find=(replace(first, of=("ZM01",)), last))
    job = replace(job, folder=replace(job.folder, region=region))
    loaded(job)
    return looking.looked(job)


def test_each_gap_is_set_beside_ten_peers_as_well(found):
    left = [each for each in papers(found) if isinstance(each, Opportunity)]
    assert left
    for paper in left:
        theirs = paper.figures["peers"]
        assert len(theirs["units"]) == 10
        assert paper.body.code not in theirs["units"]
        assert "Against its 10 peers, about" in paper.sentence
        low, high = theirs["interval"]
        assert low <= theirs["gap"] <= high


def test_peers_are_among_those_that_stood_then(found):
    left = [each for each in papers(found) if isinstance(each, Opportunity)]
    five = {f"ZM0{at}" for at in range(1, 6)}
    for paper in left:
        units = set(paper.figures["peers"]["units"])
        assert not units & five if paper.body.code == "ZM10" else "ZM10" not in units


def test_why_these_are_the_peers_is_left_for_every_body(found):
    left = [each for each in papers(found) if isinstance(each, Evidence)]
    assert {each.subject for each in left} == {"body/ZM01", "body/ZM10"}
    assert all("Most like" in each.says and INVENTED in each.limits for each in left)
    assert any("of more than chance" in said and "against its 10 peers too" in said for said in found.sentences)


def test_the_nearest_peer_is_the_nearest_by_the_table(job):
    every = {row["unit"]: [float(row[name]) for name in ("population", "share_over_65", "deprivation", "rurality")]
             for row in rows_of("figures/bodies.csv")}
    there = [unit for unit in every if unit != "ZM10"]
    spread = []
    for at in range(4):
        values = [every[unit][at] for unit in there]
        mean = sum(values) / len(values)
        spread.append((sum((each - mean) ** 2 for each in values) / len(values)) ** 0.5)

    def distance(unit):
        return sum(((every[unit][at] - every["ZM01"][at]) / spread[at]) ** 2 for at in range(4))

    near = sorted((unit for unit in there if unit != "ZM01"), key=distance)[:10]
    assert list(peering.peers_of(job, "ZM01", there).codes) == near


def test_a_region_that_does_not_say_what_bodies_are_like_is_told_which_file_would(county, tmp_path):
    (county / "figures" / "bodies.csv").unlink()
    job = job_on(county, tmp_path / "w")
    assert peering.lacking(job).startswith("Peers: the folder has no figures/bodies.csv (unit,")
    assert peering.peers_or_why(job, "ZM01", None) == (None, "")


# --- concerns ---------------------------------------------------------------------------------------------------------


def test_the_subject_that_was_made_to_swell_is_the_one_that_is_said_to_rise(job):
    done = reporting.reported(job)
    true = TRUTH["concerns"]
    rising = [each for each in papers(done) if each.header.settings["counts"]["rising"]]
    assert [each.header.settings["about"] for each in rising] == [true["rising"]]
    assert rising[0].header.settings["counts"]["lately"] >= true["rising_reports"]
    assert rising[0].subject == "case/millbrook-night-line", "the proposal names the measure"
    assert "Rising: Admissions in a mental health crisis." in done.sentences[0]


def test_words_that_point_to_a_patient_are_nowhere_in_the_record_and_no_single_practice_can_be_told(job):
    done = reporting.reported(job)
    sealed = "".join(each.bytes.decode() for each in done.papers) + "".join(done.sentences)
    texts = {row["id"]: row["text"] for row in rows_of("engagement/concerns.csv")}
    for known in TRUTH["concerns"]["point_to_a_patient"]:
        assert texts[known] not in sealed
    assert not any(row["practice"] in sealed for row in rows_of("engagement/concerns.csv"))
    assert TRUTH["concerns"]["of_one_practice"] not in sealed
    assert any("2 texts may point to a patient (a date of birth and a postcode)" in each for each in done.sentences)


def test_every_subject_that_may_be_told_is_evidence_for_a_case_or_for_the_body_of_today(job):
    left = papers(reporting.reported(job))
    assert all(isinstance(each, Evidence) and INVENTED in each.limits for each in left)
    assert {each.subject.split("/")[0] for each in left} <= {"case", "body"}
    counts = [each.header.settings["counts"] for each in left]
    assert all(each["practices"] >= 3 and sum(each["became"].values()) == each["concerns"] for each in counts)


# --- who must be heard ------------------------------------------------------------------------------------------------


def test_one_plan_says_who_must_be_heard_and_who_has_not_been(job):
    paper, = papers(hearing.to_be_heard(job))
    assert isinstance(paper, EngagementPlan)
    rows = rows_of("engagement/stakeholders.csv")
    assert (paper.subject, paper.as_at) == ("case/millbrook-care-closer-to-home", date(2027, 12, 8))
    assert len(paper.stakeholders) == len(rows)
    assert paper.heard == sum(bool(row["done"]) for row in rows)
    late = [row["who"] for row in rows if row["due"] and not row["done"] and row["due"] < "2027-12-08"]
    assert sorted(paper.not_heard) == sorted(late)
    assert "People from 16 to 34" in paper.not_heard, "the same who hardly replied"
    assert paper.begins == min(date.fromisoformat(row["done"]) for row in rows if row["done"])


def test_a_plan_that_is_not_one_is_refused_with_its_place(county, tmp_path):
    (county / "engagement" / "plan.toml").write_text('title = "Whom to ask"\n')
    with pytest.raises(Refused, match="this member is missing"):
        hearing.to_be_heard(job_on(county, tmp_path / "workspace"))


# --- votes ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    return engaging.heard(job_on(MILLBROOK, tmp_path_factory.mktemp("heard")))


def test_votes_join_who_was_heard_and_nobody_who_voted_can_be_found(heard):
    done = heard
    paper, = papers(done)
    kept = paper.figures["opinion"]
    # 420 took part; sizes are to the nearest 5
    assert kept["participants"] == 420
    assert sum(each["size"] for each in kept["groups"]) == pytest.approx(420, abs=10)
    assert kept["agreed"][0]["text"] in {row["text"] for row in rows_of("engagement/statements.csv")}
    assert "people who voted on 16 statements form" in paper.sentence
    assert '"p001"' not in done.papers[0].bytes.decode()
    assert not any(figure.name.endswith("engage-opinion-opinion") for figure in done.figures)


def test_the_statements_that_all_agree_on_are_those_that_were_made_so(heard):
    kept = papers(heard)[0].figures["opinion"]
    assert {each["statement"] for each in kept["agreed"][:4]} == set(TRUTH["engagement"]["agreed_by_all"])


def test_a_group_too_small_to_be_shown_has_neither_size_nor_shares():
    votes = {"participant": [f"p{at}" for at in range(45)],
             **{f"s{at}": [1] * 40 + [-1] * 5 if at % 2 else [-1] * 40 + [1] * 5 for at in range(8)}}
    members = {"participant": votes["participant"], "group": ["large"] * 40 + ["small"] * 5}
    answer = opinion(votes, members=members)
    kept = voting.protected(answer, REGIMES["hes-2018"])
    small = next(each for each in kept["groups"] if each["group"] == "small")
    assert isinstance(small["size"], Suppressed)
    assert isinstance(kept["participants"], Suppressed)
    assert "small" not in kept["sets_apart"]
    assert all(any(isinstance(each, Suppressed) for each in row["by_group"]) for row in kept["agreed"])
    assert list(voting.figures_of(answer, kept, REGIMES["hes-2018"])) == []
    assert "about 40 and a few" in voting.sentence_of(kept)


# --- regions without --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "file"), [
    (listing.read_list, "schemes.xlsx"), (reporting.reported, "engagement/concerns.csv"),
    (hearing.to_be_heard, "engagement/stakeholders.csv")])
def test_a_region_without_the_file_is_told_which_would_allow_it(step, file, tmp_path):
    done = step(job_on(DERBYSHIRE, tmp_path / "workspace"))
    assert done.papers == ()
    assert f"the folder has no {file}" in done.left_out[0]
