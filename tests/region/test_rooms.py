"""The rooms of the main job that read people's replies, scores, meetings and promises, on the invented county."""

import csv
import json
import shutil
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path

import pytest

from evenhand.papers import Appraisal, Body, EvaluationPlan, Plan, Programme, Ruling, StoodAside, Voices, Votes, opened
from evenhand.record import Workspace
from evenhand.region import appraising, choosing, deciding, delivering, engaging, planning
from evenhand.region.folder import open_folder
from evenhand.region.job import Job
from evenhand.region.loading import loaded
from evenhand.region.own import INVENTED, bodies_of, measures_of
from evenhand.terms import Month, Refused, Span, Suppressed

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MILLBROOK, DERBYSHIRE = EXAMPLES / "millbrook", EXAMPLES / "derbyshire"
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def job_on(folder, workspace):
    found = open_folder(folder)
    return Job(found, None, workspace, AT, lambda said: None, bodies_of(found), measures_of(found))


@pytest.fixture
def job(tmp_path):
    return job_on(MILLBROOK, tmp_path / "workspace")


def rows_of(name):
    with (MILLBROOK / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def first(done):
    return opened(done.papers[0].bytes)


def without(tmp_path, *names):
    """The county without some of its files."""
    copied = tmp_path / "county"
    shutil.copytree(MILLBROOK, copied, ignore=shutil.ignore_patterns("activity", "figures"))
    for name in names:
        (copied / name).unlink()
    return copied


# --- engage -----------------------------------------------------------------------------------------------------------


def test_replies_stand_beside_the_people_they_stand_for(job):
    paper = first(engaging.heard(job))
    assert isinstance(paper, Voices)
    assert paper.subject == "case/millbrook-care-closer-to-home"
    assert (paper.opened, paper.closed, paper.replies) == (date(2027, 9, 6), date(2027, 11, 28), 320)
    young = next(each for each in paper.groups if each.name == "16 to 34")
    # 25 of 320 (24, to the nearest 5) beside 133,688 of 462,338 people
    assert young.replies == 25
    assert young.share_of_replies == pytest.approx(25 / 320)
    assert young.share_of_people == pytest.approx(133_688 / 462_338)
    assert paper.not_heard == ("16 to 34", "Avocetworth")
    assert paper.remarks[-1] == INVENTED


def test_the_codebook_finds_the_themes_that_were_written_in(job):
    truth = json.loads((MILLBROOK / "truth.json").read_text())["engagement"]
    found = {each.title: each.replies for each in first(engaging.heard(job)).themes}
    names = {"travel": "Getting there", "staff": "Who will do it", "beds": "Fear for the ward",
             "carers": "What falls on families", "welcome": "Welcome"}
    for name, title in names.items():
        assert found[title] == pytest.approx(truth["themes"][name], abs=2.5), "rounded to the nearest 5"
    campaign = first(engaging.heard(job)).figures["themes"]["campaigns"][0]
    assert campaign["replies"] == pytest.approx(len(truth["copied_letters"]), abs=2.5)


def test_no_word_of_a_reply_and_no_count_below_eight_is_sealed(job):
    sealed = engaging.heard(job).papers[0].bytes.decode()
    for row in rows_of("engagement/replies.csv"):
        assert row["text"][:24] not in sealed
    themes = json.loads(sealed)["content"]["figures"]["themes"]["themes"]
    counts = [each["respondents"] for theme in themes for each in theme["by_group"]]
    assert any(isinstance(each, dict) and "suppressed" in each for each in counts)
    assert all(each == 0 or each >= 10 for each in counts if isinstance(each, int))


def test_a_hidden_count_stays_hidden_and_is_not_nought():
    assert engaging._shown({"suppressed": "too few"}) == Suppressed("too few")
    assert engaging._shown(None) is None
    assert engaging._shown(0) == 0


def test_a_folder_without_replies_says_which_file_would_allow_it(tmp_path):
    folder = without(tmp_path, "engagement/residents.csv")
    done = engaging.heard(job_on(folder, tmp_path / "workspace"))
    assert done.sentences == ("Not asked: the folder has no engagement/residents.csv.",)
    assert done.papers == ()
    assert engaging.heard(job_on(DERBYSHIRE, tmp_path / "other")).papers == ()


def test_replies_without_a_codebook_are_counted_and_not_sorted(tmp_path):
    folder = without(tmp_path, "engagement/codebook.toml")
    done = engaging.heard(job_on(folder, tmp_path / "workspace"))
    assert first(done).themes is None
    assert done.sentences[-1] == "What they said was not sorted: the folder has no engagement/codebook.toml."


# --- appraise ---------------------------------------------------------------------------------------------------------


def test_the_order_is_that_of_mean_scores_on_agreed_weights(job):
    paper = first(appraising.appraised(job))
    assert isinstance(paper, Appraisal)
    assert paper.subject == "plan/millbrook"
    weight = {each.id: each.weight for each in paper.criteria}
    assert weight == {"health": 30, "equity": 20, "experience": 15, "staff": 15, "sure": 10, "money": 10}
    given = {}
    for row in rows_of("scores.csv"):
        given.setdefault((row["option"], row["criterion"]), []).append(float(row["score"]))
    worth = {option: sum(weight[each] * sum(given[option, each]) / len(given[option, each]) for each in weight) / 100
             for option in paper.options}
    assert list(paper.ranking) == sorted(worth, key=lambda option: -worth[option])
    assert len(paper.options) == 12
    one = next(each for each in paper.scores if (each.option, each.criterion) == (paper.ranking[0], "health"))
    assert one.value.central == pytest.approx(sum(given[one.option, "health"]) / len(given[one.option, "health"]))
    assert paper.remarks[-1] == INVENTED


def test_the_agreed_order_is_close_to_the_true_one_and_says_how_sure_it_is(job):
    done = appraising.appraised(job)
    paper = first(done)
    true = json.loads((MILLBROOK / "truth.json").read_text())["scores"]
    weight = {each.id: each.weight for each in paper.criteria}
    worth = {option: sum(weight[each] * true[option][each] for each in weight) / 100 for option in true}
    assert worth[paper.ranking[0]] >= max(worth.values()) - 5
    shares = [row["first"] for row in paper.figures["smaa"]["rows"]]
    assert sum(shares) == pytest.approx(1)
    assert "of the draws" in paper.sentence
    assert paper.turns_on.startswith("The weight of “")


def test_nobody_who_is_alone_in_a_role_can_be_told_by_the_weights(job):
    sealed = appraising.appraised(job).papers[0].bytes.decode()
    groups = json.loads(sealed)["content"]["figures"]["smaa"]["groups"]
    assert {each["group"]: each["people"] for each in groups} == {
        "others, one of each role": 6, "lay member": 2, "clinical lead": 5}
    for row in rows_of("people.csv"):
        assert f'"{row["id"]}"' not in sealed


def test_an_option_that_nobody_scored_on_a_criterion_is_refused(tmp_path):
    folder = without(tmp_path)
    path = folder / "scores.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "food-first,money" not in line))
    with pytest.raises(Refused, match="nobody scored millbrook-food-first on What it costs"):
        appraising.appraised(job_on(folder, tmp_path / "workspace"))


def test_a_folder_without_scores_says_so(tmp_path):
    folder = without(tmp_path, "scores.csv", "weights.csv")
    done = appraising.appraised(job_on(folder, tmp_path / "workspace"))
    assert done.sentences == ("Not appraised: the folder has no scores.csv or weights.csv.",)


# --- choose -----------------------------------------------------------------------------------------------------------


def test_the_plan_keeps_every_limit_and_no_plan_is_worth_more(job):
    paper = first(choosing.chosen(job))
    model = json.loads((MILLBROOK / "plan.json").read_text())
    assert isinstance(paper, Plan)
    assert paper.subject == "plan/millbrook"
    taken = {each.id for each in paper.schemes}

    def within(some):
        some = [each for each in model["schemes"] if each["id"] in some]
        return (len(some) <= model["at_most"]
                and all(sum(each[what][year] for each in some) <= limit for what, limits in model["limits"].items()
                        for year, limit in limits.items())
                and all(sum(each["gain"].get(who, 0) for each in some) >= least
                        for who, least in model["floors"].items()))

    every = [each["id"] for each in model["schemes"]]
    worth = {each["id"]: each["value"] for each in model["schemes"]}
    best = max(sum(worth[each] for each in some) for count in range(model["at_most"] + 1)
               for some in combinations(every, count) if within(some))
    assert within(taken)
    assert sum(worth[each] for each in taken) == pytest.approx(best)
    assert len(paper.schemes) + len(paper.left_out) == 12
    assert "millbrook-care-closer-to-home" in taken
    assert paper.schemes[0].cost_pence["2028/29"] == 100 * next(
        each["cost"]["2028/29"] for each in model["schemes"] if each["id"] == paper.schemes[0].id)
    assert paper.remarks[-1] == INVENTED


def test_those_who_lose_by_the_plan_are_named_and_the_payments_make_them_whole(job):
    paper = first(choosing.chosen(job))
    model = json.loads((MILLBROOK / "plan.json").read_text())
    net = {}
    for scheme in model["schemes"]:
        if scheme["id"] in {each.id for each in paper.schemes}:
            for who, pounds in scheme["gain"].items():
                net[who] = net.get(who, 0) + pounds
    assert net["ZH01"] < 0
    assert "Millbrook County Hospitals" in paper.compromises[0]
    for payment in paper.transfers:
        net[payment.payer] -= payment.pence / 100
        net[payment.receiver] += payment.pence / 100
    assert all(pounds >= -0.01 for pounds in net.values())
    assert len(paper.transfers) >= 1


def test_no_plan_is_left_where_none_is_possible(tmp_path):
    folder = without(tmp_path)
    model = json.loads((folder / "plan.json").read_text())
    model["floors"]["ZH01"] = 10_000_000
    (folder / "plan.json").write_text(json.dumps(model))
    done = choosing.chosen(job_on(folder, tmp_path / "workspace"))
    assert done.papers == ()
    assert "Millbrook County Hospitals" in done.sentences[0]


# --- decide -----------------------------------------------------------------------------------------------------------


def test_each_meeting_says_whether_it_may_decide_and_who_stands_aside(job):
    done = deciding.met(job)
    said = "\n".join(done.sentences)
    assert "2027-12-09: All 5 items for decision can be decided." in said
    assert "2028-02-10: No item for decision can be decided." in said
    assert "2028-03-09: All 4 items for decision can be decided." in said
    assert ("Dr Merrowdown leaves: actual financial interest in Millbrook Community and Mental Health Care, "
            "declared 2027-09-13") in said
    assert "Minutes and matters arising" not in said, "nothing is decided there"
    assert len(done.figures) == 6
    assert done.papers == ()


def test_a_decision_is_held_against_the_rules_of_its_own_meeting_and_only_the_planted_one_breaks_them(job):
    planted = json.loads((MILLBROOK / "truth.json").read_text())["cases"]["ruling_against_the_rule"]
    assert planted == "millbrook-one-list-of-dressings"
    wrong = [each for each in deciding.met(job).sentences if "the decision of" in each]
    assert [each.split(": ", 1)[1] for each in wrong] == [
        "the decision of Tansyhythe Commissioning Group does not say that Dr Wintersedge stood aside, as the rule "
        "asks.",
        "the decision of Tansyhythe Commissioning Group counts 11 votes where 10 may vote.",
        "the decision of Tansyhythe Commissioning Group counts the vote of Dr Wintersedge, who may not vote on it."]
    assert all(each.startswith("2028-03-09, item 4") for each in wrong)


def test_what_was_decided_is_told_with_its_votes_and_the_case_against(job):
    said = "\n".join(deciding.met(job).sentences)
    assert "2027-12-09, item 2: approved, 8 for, 1 against, 1 abstained. The case against: The staff will not" in said
    assert "2028-02-10, item 3: Put off on 10 February 2028: 4 might vote, and 7 were needed." in said
    assert "12 agree with the meeting's own rules" in said


@pytest.mark.parametrize(("votes", "named", "found"), [
    ((2, 1, 0), "a:for b:for c:against", []),
    ((2, 0, 0), "", []),
    ((3, 1, 0), "", ["counts 4 votes where 3 may vote"]),
    ((2, 1, 0), "a:for b:for d:against", ["counts the vote of d, who may not vote on it"]),
    ((2, 1, 0), "a:for a:for c:against", ["counts a twice"]),
    ((2, 0, 1), "a:for b:for c:against", ["gives totals that are not those of its votes by name"])])
def test_votes_add_up_with_who_may_vote(votes, named, found):
    item = {"quorate": True, "stands_aside": [], "may_vote": ["a", "b", "c"]}
    ruling = Ruling(body=Body("Quillworth", "ZM01"), outcome="approved", votes=Votes(
        for_it=votes[0], against=votes[1], abstained=votes[2]))
    by_name = [dict(zip(("member", "vote"), each.split(":"), strict=True)) for each in named.split()]
    assert deciding.miscounted(ruling, by_name, item) == found


@pytest.mark.parametrize(("quorate", "aside", "found"), [
    (True, ("vexley",), []),
    (None, ("vexley",), []),
    (False, ("vexley",), ["says that it was not quorate, and by the rule it was"]),
    (True, (), ["does not say that vexley stood aside, as the rule asks"]),
    (True, ("vexley", "eskmuir"), ["says that eskmuir stood aside, which the rule does not ask"])])
def test_what_a_ruling_says_beside_the_rule(quorate, aside, found):
    item = {"quorate": True, "stands_aside": [{"member": "vexley", "action": "leave", "because": "shares"}]}
    ruling = Ruling(body=Body("Quillworth", "ZM01"), outcome="approved", quorate=quorate,
                    stood_aside=tuple(StoodAside(member=each, action="leave", because="-") for each in aside))
    assert deciding.differences(ruling, item) == found


def test_a_ruling_that_does_not_hold_who_stood_aside_is_not_blamed_for_it():
    item = {"quorate": False, "stands_aside": [{"member": "vexley", "action": "leave", "because": "shares"}]}
    ruling = Ruling(body=Body("Quillworth", "ZM01"), outcome="approved", quorate=True)
    assert deciding.differences(ruling, item) == ["says that it was quorate, and by the rule it was not"]


# --- plan how to know -------------------------------------------------------------------------------------------------


def test_every_question_about_a_case_is_planned_with_its_baseline(job):
    loaded(job)
    done = planning.planned(job)
    plans = [opened(each.bytes) for each in done.papers]
    assert len(plans) == 9
    assert all(isinstance(each, EvaluationPlan) for each in plans)
    assert len({each.subject for each in plans}) == 9
    flagship = plans[0]
    # held from April 2026; the figures of 2027/28 prompted it and belong to no baseline
    assert flagship.baseline == Span(Month(2026, 4), Month(2027, 3))
    assert flagship.starts == Month(2028, 4)
    assert flagship.promised.central == 0.12
    assert flagship.worked_if.startswith("the whole range of the change lies below nought")
    assert "less than the 6% that would matter" in flagship.worked_if
    assert flagship.remarks[-1] == INVENTED


def test_a_plan_stands_in_the_record_before_its_decision_and_its_finding():
    from evenhand.region.steps import IN_ORDER

    names = [step.__name__ for _, step in IN_ORDER]
    assert names.index("planned") < names.index("cases") < names.index("watched")


# --- deliver ----------------------------------------------------------------------------------------------------------


def test_each_case_has_what_was_promised_and_seen(job):
    done = delivering.delivered(job)
    papers = [opened(each.bytes) for each in done.papers]
    assert len(papers) == 9
    assert all(isinstance(each, Programme) for each in papers)
    flagship = next(each for each in papers if each.subject == "case/millbrook-care-closer-to-home")
    one, = flagship.benefits
    rows = [row for row in rows_of("programmes/benefits.csv") if row["benefit"] == one.what and row["seen"]]
    assert one.seen.central == pytest.approx(sum(float(row["seen"]) for row in rows))
    assert one.promised.central == pytest.approx(sum(float(row["promised"]) for row in rows))
    assert (one.status, one.due, one.owner, flagship.as_at) == (
        "kept", Month(2030, 3), "larkenshaw", date(2030, 3, 31))
    assert one.measure == "emergency_admissions"
    assert {each.benefits[0].status for each in papers} == {"kept", "late", "broken", "waning"}
    assert flagship.remarks[-1] == INVENTED


def test_owners_stand_in_papers_by_identifier_and_never_by_name(job):
    sealed = "".join(each.bytes.decode() for each in delivering.delivered(job).papers)
    owners = {row["owner"] for row in rows_of("programmes/benefits.csv")} - {""}
    assert owners
    assert not any(name in sealed for name in owners)
    assert '"owner":"ospringle"' in sealed


@pytest.mark.parametrize(("status", "over", "said"), [
    ("kept", True, "kept"), ("kept", False, "on course"), ("partly", True, "late"), ("partly", False, "at risk"),
    ("broken", True, "broken"), ("broken", False, "at risk"), ("waning", True, "waning"), ("waning", False, "waning"),
    ("too early", True, None), ("too early", False, None)])
def test_a_promise_is_broken_only_when_nothing_more_is_due(status, over, said):
    assert delivering.standing(status, over=over) == said


def test_a_benefit_of_no_case_is_said_and_leaves_no_paper(tmp_path):
    folder = without(tmp_path)
    path = folder / "programmes" / "benefits.csv"
    path.write_text(path.read_text().replace("Food first:", "Food last:"))
    done = delivering.delivered(job_on(folder, tmp_path / "workspace"))
    assert len(done.papers) == 8
    assert done.left_out == (
        "“Food last: sip feeds spared” begins with the title of no case, so no paper was left about it",)


@pytest.mark.parametrize("step", [engaging.heard, appraising.appraised, choosing.chosen, deciding.met,
                                  delivering.delivered])
def test_a_real_folder_without_these_files_says_one_short_line(tmp_path, step):
    done = step(job_on(DERBYSHIRE, tmp_path))
    assert len(done.sentences) == 1
    assert done.sentences[0].startswith("Not ")
    assert (done.papers, done.figures, done.left_out) == ((), (), ())


@pytest.mark.parametrize("step", [engaging.heard, appraising.appraised, choosing.chosen, delivering.delivered])
def test_a_second_run_leaves_the_same_papers_wherever_the_folder_lies(tmp_path, step):
    one = step(job_on(MILLBROOK, tmp_path / "one"))
    elsewhere = without(tmp_path)
    two = step(job_on(elsewhere, tmp_path / "two"))
    assert [each.digest for each in one.papers] == [each.digest for each in two.papers]
    assert one.papers
    assert Workspace.open(tmp_path / "one").verify() == ()
