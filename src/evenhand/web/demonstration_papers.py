"""The papers of the invented county's case: from where it was seen to how it will be judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.choose import transfers
from evenhand.papers import (
    Appraisal,
    Assessment,
    Body,
    ChangePlan,
    Criterion,
    Doing,
    EvaluationPlan,
    Group,
    Header,
    Impact,
    Limit,
    Loser,
    Opportunity,
    Option,
    Paper,
    Plan,
    PlannedChange,
    PlannedOutcome,
    Power,
    Proposal,
    Resistance,
    Safety,
    Scheme,
    Score,
    Stated,
    Theme,
    Transfer,
    Voices,
)
from evenhand.terms import Estimate, Month, Span

WARD_3 = "case/invented-ward-3"
_YEAR = Span(Month(2025, 4), Month(2026, 3))

Step = tuple[Paper, str, str, str]
"""A paper, who leaves it, the state the case then moves to (or none), and in which role."""


@dataclass(frozen=True)
class County:
    """Whose case it is: the demonstration's own bodies, or those of an invented county that has a plan already."""

    commissioner: Body = Body("Millbrook commissioner", "INV-MILL")
    hospitals: Body = Body("Millbrook hospitals", "INV-HOSP")
    council: Body = Body("Millbrook county council", "INV-COUN")
    voluntary: Body = Body("Millbrook carers together", "INV-VOL")
    has_a_plan: bool = False


def ward_3(county: County) -> list[Step]:
    """The papers in order, with the moves between them."""
    return [
        (_opportunity(county), "ana-lewis", "explored", "analyst"),
        (_proposal(county), "owen-price", "proposed", "programme office"),
        (_voices(county), "wren-cole", "engaged", "communications"),
        (_assessment("equality"), "owen-price", "", ""),
        (_appraisal(county), "ana-lewis", "appraised", "analyst"),
        (_change_plan(county), "owen-price", "", ""),
        (_evaluation_plan(), "ana-lewis", "", ""),
        (_one_change(county) if county.has_a_plan else _plan(county), "dev-singh", "planned", "finance"),
    ]


def _header(version: int | None = 1) -> Header:
    return Header(subject=WARD_3, proposal_version=version)


def _opportunity(county: County) -> Opportunity:
    return Opportunity(
        header=_header(None), body=county.commissioner, measure="days-in-hospital-after-80", period=_YEAR,
        title="Days in hospital after the age of 80", against="the middle of 24 comparable invented places",
        gap=Estimate(5_400, 3_900, 6_900), gap_units="days a year", rank=2, rank_of=25, sure="fair",
        sure_because="two years of figures agree; coding changed in the first",
        sentence="People over 80 spend about 5,400 more days a year in hospital here than in the middle of comparable "
                 "places (range 3,900 to 6,900).")


def _proposal(county: County) -> Proposal:
    return Proposal(
        header=_header(), title="Ward 3: care at home instead of beds", service="Hospital care after 80",
        bodies=(county.commissioner, county.hospitals), raised=date(2026, 3, 2),
        why="A third of those on ward 3 are well enough to leave and wait for help at home. Teams who see people at "
            "home would be built first; beds would be closed only when the teams are full.",
        options=(
            Option(id="go-ahead", title="Build two home teams, then close 24 beds",
                   what_it_means="over eighteen months"),
            Option(id="one-team", title="Build one team and close 12 beds"),
            Option(id="more-beds", title="Open twelve more beds", closed=date(2026, 5, 4),
                   closed_because="no nurses to staff them"),
            Option(id="nothing", title="Leave things as they are", does_nothing=True)),
        spend=(Stated("Ward 3", 310_000_000, "pence", "about", _YEAR),),
        people_affected=(Stated("People over 80 on ward 3", 640, "people", "about", _YEAR),))


def _change_plan(county: County) -> PlannedChange:
    return PlannedChange(
        header=_header(), written_by="owen-price",
        change=ChangePlan(
            purpose="People over 80 who are well enough to leave hospital are at home the same week, with help.",
            led_by="Dr Femi Okoro", needed_first=("Twelve nurses hired for the home teams",),
            steps=("Team one starts", "Twelve beds close", "Team two starts", "Twelve more close"),
            differently=(Doing(who="Ward doctors", what="name the day of leaving within two days of coming in"),
                         Doing(who="Practices", what="take over within a day, with a nurse to ring")),
            levers=("workforce", "contract", "clinical leadership", "a pooled budget with the council"),
            technique="One team first; both look at its figures each month before the second begins",
            resistance=(Resistance(by=county.hospitals.name, because="income falls before cost does",
                                   answer="Stranded cost is paid for two years"),
                        Resistance(by="Carers", because="they are tired already",
                                   answer="Two weeks’ respite a year")),
            held_by="Beds stay closed only while visits at home stay above the promised number", hours_a_week=22))


def _voices(county: County) -> Voices:
    return Voices(
        header=_header(), kind="Public consultation", opened=date(2026, 6, 1), closed=date(2026, 8, 24),
        led_by=county.commissioner, ways=("survey", "eight public events", "letters", "visits to the ward"),
        invited=9_000, replies=1_312,
        groups=(Group(name="Over 80", replies=201, share_of_replies=0.153, share_of_people=0.22),
                Group(name="Carers", replies=418, share_of_replies=0.319, share_of_people=0.18)),
        not_heard=("people who live alone", "people whose first language is not English"),
        themes=(Theme(title="Who comes at night?", replies=502, answer="A night nurse was added to each team."),
                Theme(title="Carers are tired already", replies=388, answer="Two weeks’ respite a year is planned."),
                Theme(title="Fewer beds in winter", replies=351, answer="No bed closes between November and March.")),
        what_changed="A night nurse, respite, and no closing in winter.",
        sentence="1,312 people replied between 1 June and 24 August 2026; most feared nights and winters.")


def _assessment(kind: str) -> Assessment:
    return Assessment(
        header=_header(), kind="equality" if kind == "equality" else "quality", made=True, made_when=date(2026, 9, 7),
        impacts=(Impact(option="go-ahead", on="People who live alone", effect="worse",
                        because="there is nobody with them between visits", mitigation="a call each evening",
                        mitigation_owner="Dr Femi Okoro", mitigation_due=date(2027, 4, 1)),
                 Impact(option="go-ahead", on="Carers", effect="worse", because="more falls to them",
                        mitigation="two weeks’ respite a year", mitigation_owner="Eve Stone",
                        mitigation_due=date(2027, 4, 1)),
                 Impact(option="go-ahead", on="People over 80", effect="better", because="fewer falls and infections")),
        sentence="People who live alone, and carers, may be worse off; what is done about it has an owner and a date.")


def _appraisal(county: County) -> Appraisal:
    criteria = (Criterion(id="days", title="Days at home a year", better="high", weight=0.5, units="days a patient"),
                Criterion(id="cost", title="Cost", better="low", weight=0.3, units="pounds a year"),
                Criterion(id="burden", title="Burden on carers", better="low", weight=0.2, units="hours a week"))
    given = {"go-ahead": (Estimate(8.4, 5.9, 10.8), Estimate(2_760_000, 2_500_000, 3_050_000), Estimate(11, 8, 14)),
             "one-team": (Estimate(4.1, 2.7, 5.6), Estimate(2_940_000, 2_800_000, 3_080_000), Estimate(9, 7, 11)),
             "nothing": (Estimate(0, 0, 0), Estimate(3_100_000, 3_050_000, 3_150_000), Estimate(7, 6, 8))}
    scores = tuple(Score(option=option, criterion=criterion.id, value=value)
                   for option, values in given.items() for criterion, value in zip(criteria, values, strict=True))
    return Appraisal(
        header=_header(), options=tuple(given), criteria=criteria, scores=scores,
        weights_from="nine members of the public and eight clinicians, apart, then set side by side",
        ranking=("go-ahead", "one-team", "nothing"),
        may_lose=(Loser(option="go-ahead", who="Carers", how="four hours a week more"),
                  Loser(option="go-ahead", who=county.hospitals.name, how="cost of an empty ward for about a year")),
        turns_on="If carers’ hours counted for more than four tenths of the whole, one team would come first.",
        sentence="Two teams come first under both groups’ weights; one team is close behind.")


def _evaluation_plan() -> EvaluationPlan:
    return EvaluationPlan(
        header=_header(), question="Do people over 80 spend fewer days in hospital, and no worse?",
        measure="days-in-hospital-after-80", design="interrupted series beside four comparable invented places",
        point="People over 80 are looked after at home, and are at least as well there.",
        primary=PlannedOutcome(measure="days-in-hospital-after-80", title="Days in hospital after 80",
                               direction="decrease", kind="patient outcome"),
        safety=(Safety(measure="back-within-a-month", title="Back in hospital within a month", direction="decrease",
                       stop_at=0.1, because="somebody sent home too soon comes back"),),
        comparator="own past with control", ramp_months=3, smallest_effect=0.05,
        smallest_effect_units="share of what it would have been",
        power=Power(chance=0.86, smallest_seen=0.046, sentence="If days fall by 5% or more, this will show it 86 times "
                    "in a hundred by October 2028."),
        looks=(Month(2028, 4), Month(2028, 10)), scheme_kind="care at home",
        compared_with="four comparable invented places", baseline=Span(Month(2023, 4), Month(2027, 3)),
        starts=Month(2027, 4), promised=Estimate(3_600, 2_500, 4_700), promised_units="days a year fewer",
        worked_if="at least 2,500 days a year fewer after eighteen months", review_due=Month(2028, 10),
        stop_if="people come back to hospital within a month more often than before", owner="Ana Lewis")


_YEARS = ("2027/28", "2028/29", "2029/30", "2030/31", "2031/32")
_WARD_3 = Scheme(
    id="ward-3", title="Care at home instead of ward 3", case="invented-ward-3", owner="Dr Femi Okoro",
    starts="2027/28", value=Estimate(340_000, 50_000, 600_000), value_units="pounds a year")


def _one_change(county: County) -> Plan:
    """Where the county has its plan: what this one change would take, beside it."""
    return Plan(
        header=_header(), title="Ward 3: one change more, beside the county’s plan", bodies=(county.commissioner,),
        years=_YEARS, schemes=(_WARD_3,),
        limits=(Limit(name="Clinical leaders’ time", units="hours a week", limit=60, used=22),
                Limit(name="changes begun in one year", units="changes", limit=2, used=1)),
        compromises=("No bed closes between November and March, though it would have saved more.",),
        sentence="One change, with an owner; it is no part of the county’s plan yet.")


def _plan(county: County) -> Plan:
    # Pounds over five years, before any payment.
    gains = {county.commissioner.name: 2_150_000, county.hospitals.name: -1_240_000, county.council.name: -180_000,
             county.voluntary.name: 60_000}
    worked_out = transfers({"organisation": list(gains), "net_gain": list(gains.values())})
    return Plan(
        header=_header(), title="Millbrook: five changes in five years", bodies=(county.commissioner,), years=_YEARS,
        schemes=(
            _WARD_3,
            Scheme(id="feet", title="Foot clinics on two evenings a week", owner="Owen Price", starts="2027/28",
                   value=Estimate(40_000, 10_000, 70_000), value_units="pounds a year"),
            Scheme(id="falls", title="Steady on the stairs: exercise classes after a fall", owner="Eve Stone",
                   starts="2028/29", value=Estimate(90_000, -10_000, 180_000), value_units="pounds a year"),
            Scheme(id="carers", title="Two weeks’ respite a year for carers", owner="Ida Fox", starts="2028/29",
                   value=Estimate(20_000, -30_000, 60_000), value_units="pounds a year"),
            Scheme(id="letters", title="One letter after a stay, on the day", owner="Sam Reid", starts="2029/30",
                   value=Estimate(60_000, 20_000, 110_000), value_units="pounds a year")),
        left_out=("A second scanner", "Hearing aids by post", "A call centre of our own"),
        limits=(Limit(name="Clinical leaders’ time", units="hours a week", limit=60, used=52),
                Limit(name="changes begun in one year", units="changes", limit=2, used=2)),
        transfers=tuple(Transfer(payer=each["from"], receiver=each["to"], year=_YEARS[-1],
                                 pence=round(each["amount"] * 100), because="by the end of the plan, so that nobody is "
                                 "worse off by its changes taken together")
                        for each in worked_out.fields["transfers"]),
        compromises=("The hospital carries the empty ward for a year; the commissioner pays half of it.",
                     "No bed closes between November and March, though it would have saved more."),
        figures={"transfers": worked_out.document()},
        sentence="Five changes, each with an owner; ward 3 is the first.")
