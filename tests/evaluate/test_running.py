"""A sealed plan held against figures: looks in time, the point, safety, groups, doubts, and every design shown."""

from dataclasses import replace

import numpy as np
import pytest
from tests.evaluate.plans_for_tests import panel, plan

from evenhand.evaluate.beside_series import Series
from evenhand.evaluate.running_found import Context, finding_of
from evenhand.evaluate.running_looks import due, looks_of, next_look, plan_in, up_to
from evenhand.evaluate.running_parts import question_of
from evenhand.evaluate.running_ratios import Outcome, by_kind, outcomes
from evenhand.evaluate.running_weighted import weighted
from evenhand.papers import PlannedOutcome, Safety, opened, seal
from evenhand.record.casefile import kept_of
from evenhand.terms import Estimate, Month, Suppressed

LOOKED = (Month(2029, 4), Month(2030, 4))


@pytest.fixture(scope="module")
def figures():
    return panel()


def found(paper, figures, look=LOOKED[1], **context):
    return finding_of(question_of(paper), up_to(figures, look.plus(-1)), Context(seal(paper).digest, looked=look,
                                                                                 **context))


def test_a_look_uses_no_figure_later_than_its_month_and_is_due_when_those_before_it_have_come(figures):
    assert looks_of(plan()) == LOOKED
    assert due(plan(), figures) == LOOKED
    assert due(plan(), up_to(figures, Month(2029, 2))) == ()
    assert due(plan(), up_to(figures, Month(2029, 3))) == LOOKED[:1]
    assert due(plan(), figures, Month(2029, 12)) == LOOKED[:1], "as on a day in December 2029"
    first = found(plan("B"), figures, LOOKED[0])
    assert first.period.last == Month(2029, 3)
    assert next_look(LOOKED, LOOKED[0]) == LOOKED[1]


def test_what_faded_is_praised_at_its_first_look_and_not_at_its_second(figures):
    assert [found(plan("B"), figures, look).verdict for look in LOOKED] == ["worked", "faded"]
    assert [found(plan(one), figures).verdict for one in "AC"] == ["worked", "did not work"]


def test_a_finding_is_a_paper_and_the_same_figures_leave_the_same_one(figures):
    one, again = found(plan(), figures), found(plan(), panel())
    assert seal(one).digest == seal(again).digest
    assert opened(seal(one).bytes) == opened(seal(again).bytes)


def test_promised_stands_beside_found_in_shares_and_in_people(figures):
    one = found(plan(), figures)
    assert one.promised_effect.central == -0.2
    seen = sum(value for month, value in zip(figures["admissions"]["A"].months, figures["admissions"]["A"].numerators,
                                             strict=True) if Month(2028, 4) <= month)
    # expected = seen + averted; a fifth of it was promised
    assert one.promised.central == pytest.approx(0.2 * (seen + one.found.central))
    assert one.effect.central == pytest.approx(seen / (seen + one.found.central) - 1)
    assert "Promised was 20% less." in one.sentence


@pytest.mark.parametrize("rule", ["nearest in size", "own past", "own past with control"])
def test_the_sealed_design_gives_the_verdict_and_every_other_is_a_check(figures, rule):
    one = found(plan(comparator=rule), figures)
    shown = {one.design, *(each.name for each in one.checks)}
    assert shown >= {"beside others", "interrupted, by its own past", "interrupted, with others as control"}
    assert one.design not in {each.name for each in one.checks}
    assert one.verdict == "worked"


def test_a_design_that_is_not_run_by_itself_gives_no_verdict(figures):
    one = found(plan(comparator="not yet treated"), figures)
    assert (one.verdict, one.effect) == ("cannot tell", None)
    assert "evaluate difference" in one.because


def test_a_plan_by_weighted_donors_is_judged_by_a_mix_of_them_and_the_nearest_in_size_are_a_check(figures):
    kinds = {one: found(plan(one, comparator="weighted donors"), figures) for one in "ABC"}
    assert [each.verdict for each in kinds.values()] == ["worked", "faded", "did not work"]
    one = kinds["A"]
    assert one.design == "weighted donors"
    assert "beside others" in {each.name for each in one.checks}
    assert "as a mix of " in one.sentence
    seen = panel()["admissions"]["A"].between(Month(2028, 4), Month(2030, 3))
    assert one.effect.central == pytest.approx(sum(seen.numerators) / (sum(seen.numerators) + one.found.central) - 1)


def test_among_bodies_left_alone_a_mix_of_donors_calls_few(figures):
    # 24 bodies about their own level, nothing done: at 95% one or two are to be expected.
    rng = np.random.default_rng(4)
    months = tuple(Month(2026, 4).plus(at) for at in range(48))
    alone = {f"Z{at:02d}": Series(f"Z{at:02d}", "", months, tuple(
        float(each) for each in rng.poisson(300 * np.exp(0.1 * rng.normal() + 0.05 * rng.normal(size=48)))),
        (10_000.0,) * 48) for at in range(24)}
    asked = replace(question_of(plan()).asked, prompted=None)
    called = 0
    for code, one in alone.items():
        found_ = weighted(one, {name: each for name, each in alone.items() if name != code}, asked)
        called += not found_.whole.low < 0 < found_.whole.high
    assert called <= 4


def test_weighted_donors_say_why_they_cannot_tell(figures):
    few = {**figures, "admissions": {code: one for code, one in figures["admissions"].items()
                                     if code in sorted(figures["admissions"])[:8]}}
    one = found(plan(comparator="weighted donors"), few)
    assert one.verdict == "cannot tell"
    assert "fewer than 10 bodies" in one.because


def test_meeting_the_target_while_the_point_is_not_served_is_said_first(figures):
    worse = {**figures, "falls": {code: (one if code != "A" else replace(one, numerators=tuple(
        value * (1.5 if Month(2028, 4) <= month else 1) for month, value in zip(one.months, one.numerators,
                                                                               strict=True))))
                                  for code, one in figures["readmissions"].items()}}
    paper = plan(primary=PlannedOutcome(measure="falls", direction="decrease", kind="patient outcome"))
    one = found(paper, worse)
    assert (one.verdict, one.point_served) == ("worked", "no")
    assert one.sentence.startswith("Hit the target, missed the point.")
    assert found(plan(), figures).point_served == "yes"
    assert found(plan("B"), figures).point_served == "no", "what faded is not served"


@pytest.mark.parametrize(("margin", "served"), [(0.5, "yes"), (0.01, "cannot tell")])
def test_no_worse_is_served_where_the_whole_range_keeps_within_the_margin(figures, margin, served):
    paper = plan(primary=PlannedOutcome(measure="readmissions", direction="decrease", kind="patient outcome",
                                        wanted="no worse", margin=margin))
    assert found(paper, figures).point_served == served


def test_no_worse_is_no_point_served_by_what_changed_nothing(figures):
    def asked(of):
        return found(plan(of, primary=PlannedOutcome(measure="readmissions", direction="decrease", wanted="no worse",
                                                     kind="patient outcome", margin=0.5)), figures)

    nothing = asked("C")
    assert (nothing.verdict, nothing.point_served) == ("did not work", "no")
    assert nothing.point_sentence.startswith("Nothing shows harm: readmissions ran ")
    assert "But it did not do what it set out to, so what it is for was not served (" in nothing.point_sentence
    assert asked("A").point_served == "yes"


def test_a_safety_measure_that_got_worse_by_its_threshold_stops_it(figures):
    worse = {**figures, "readmissions": {**figures["readmissions"], "A": replace(
        figures["readmissions"]["A"], numerators=tuple(
            value * (2 if Month(2028, 4) <= month else 1) for month, value in zip(
                figures["readmissions"]["A"].months, figures["readmissions"]["A"].numerators, strict=True)))}}
    assert found(plan(), figures).safety[0].passed_stop is False
    passed = found(plan(), worse)
    assert passed.safety[0].passed_stop is True
    assert "passed the 30% at which this stops" in passed.sentence
    close = replace(plan(), safety=(Safety(measure="readmissions", direction="decrease", stop_at=0.05, because="x"),))
    assert found(close, figures).safety[0].passed_stop is None


def test_groups_gain_or_lose_and_few_are_hidden(figures):
    few = Series("few", "t", figures["admissions"]["A"].months, (0.2,) * 48, (1.0,) * 48)
    more = {**figures, "admissions": {**figures["admissions"], "few": few}}
    settings = {**plan().design_settings, "leave_out": ["A", "B", "few"],
                "groups": {"People of A": ["A"], "People of C": ["C"], "Travellers": ["few"]}}
    one = found(plan(design_settings=settings), more)
    assert [each.result for each in one.groups] == ["gained", "no change seen", "cannot tell"]
    assert one.groups[2].effect == Suppressed("fewer than 10")
    assert "0.2" not in one.groups[2].sentence


def test_money_saved_is_told_and_is_no_success_by_itself(figures):
    one = found(plan(design_settings={**plan().design_settings, "unit": "pounds"}), figures)
    assert one.cost_sentence.startswith("It was planned to cost £100,000.")
    assert "that is no success by itself" in one.cost_sentence
    assert "not in the sources we hold" in found(plan(cost_pence=None), figures).cost_sentence


def test_what_it_cannot_tell_is_said(figures):
    one = found(plan(), figures)
    said = " ".join(one.doubts)
    assert "The year that prompted it (2027/28) stood out" in said
    assert "by group, cannot be told" in said
    assert "The months before are 12 only" in said
    assert "2 looks were planned" in said


def test_bodies_that_vanish_are_noticed_and_a_gap_gives_no_verdict(figures):
    ended = {**figures, "admissions": {**figures["admissions"],
                                       "A": figures["admissions"]["A"].between(None, Month(2029, 9))}}
    one = found(plan(), ended)
    assert any("Its figures end in September 2029, before this look" in each for each in one.doubts)
    whole = figures["admissions"]["A"]
    kept = [at for at, month in enumerate(whole.months) if month != Month(2028, 9)]
    gap = Series("A", "t", *(tuple(each[at] for at in kept) for each in (whole.months, whole.numerators,
                                                                        whole.denominators)))
    told = found(plan(), {**figures, "admissions": {**figures["admissions"], "A": gap}})
    assert (told.verdict, told.effect) == ("cannot tell", None)
    assert "September 2028" in told.because


@pytest.mark.parametrize("missing", [{"design_settings": {}}, {"starts": None}, {"measure": None}])
def test_a_plan_that_names_no_bodies_start_or_measure_cannot_be_run(missing):
    assert "the plan does not say" in question_of(plan(**missing))


def test_more_looks_widen_the_ranges_so_that_luck_has_no_more_chances():
    assert question_of(plan()).asked.confidence == pytest.approx(0.95)
    four = plan(looks=tuple(Month(2028 + at, 10) for at in range(4)))
    assert question_of(four).asked.confidence == pytest.approx(0.975)


def test_a_later_plan_counts_only_as_an_amendment_and_is_shown(figures):
    first = plan()
    silent = replace(first, smallest_effect=0.01)
    amended = replace(first, smallest_effect=0.05, amends=seal(first).digest, amendment_reason="half would do")
    kept = [kept_of(seal(each).bytes) for each in (first, silent, amended)]
    assert plan_in(kept[:2]).plan == first
    counts = plan_in(kept)
    assert counts.plan == amended
    assert [each.reason for each in counts.amendments] == ["half would do"]
    one = found(amended, figures, amendments=counts.amendments)
    assert "The plan was changed after it was sealed: half would do" in one.doubts
    assert plan_in([]) is None


# --- what came of promises --------------------------------------------------------------------------------------------


def outcome(kind, found_share, reach=0.02):
    return Outcome("case/x", kind, 0.2, Estimate(found_share, found_share - reach, found_share + reach))


def test_one_kind_with_one_scheme_is_its_own_ratio():
    (kind, every) = by_kind([outcome("prescribing", 0.1)])
    assert kind.ratio == every.ratio == pytest.approx(0.5)
    # half of the range, over 1.96, over the promise: 0.02 / 1.96 / 0.2; the centre is the scheme itself
    assert kind.high - kind.ratio == pytest.approx(0.1, abs=1e-3)


def test_few_schemes_are_drawn_towards_all_kinds_and_many_less_so():
    rng = np.random.default_rng(3)
    many = [outcome("many", 0.2 + float(rng.normal(0, 0.03))) for _ in range(20)]
    lone = [outcome("one", 0.02, reach=0.15)]
    other = [outcome("other", 0.1 + float(rng.normal(0, 0.03))) for _ in range(20)]
    told = {each.kind: each for each in by_kind([*many, *lone, *other])}
    assert told["many"].ratio == pytest.approx(1.0, abs=0.08)
    assert 0.1 < told["one"].ratio < told["all kinds"].ratio
    assert told["one"].next_low <= told["one"].low <= told["one"].high <= told["one"].next_high
    assert by_kind([]) == ()


def test_ratios_are_taken_on_the_side_that_was_wanted(figures):
    one = found(plan(), figures)
    (known,) = outcomes([("case/ward-3", plan(), one)])
    assert known.ratio == pytest.approx(-one.effect.central / 0.2)
    assert outcomes([("case/ward-3", plan(scheme_kind=None), one)]) == ()
