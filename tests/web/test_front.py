"""The front page: the Plan, the Cases by how far they have come, the Promises with how they stand."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from evenhand.papers import (
    Assessment,
    Benefit,
    Body,
    Decision,
    Finding,
    Header,
    Impact,
    Limit,
    Plan,
    Programme,
    Promise,
    Ruling,
    Scheme,
    Transfer,
)
from evenhand.record import Entry
from evenhand.terms import Estimate, Month, Span
from evenhand.web.case_page import CasePage, Held
from evenhand.web.plans import limit_in_words, plan_page
from evenhand.web.promises import in_order, last_day, owner_in_words, promised, totals

SUBJECT = "case/invented-feet"
TODAY = date(2026, 11, 22)
SIP_FEEDS = "Sip feeds 20% below what they would be"


def header():
    return Header(subject=SUBJECT, proposal_version=1)


def decision(*promises, outcome="approved"):
    return Decision(header=header(), title="Feet seen early", outcome=outcome, option="do", promises=promises,
                    rulings=(Ruling(body=Body("Invented commissioner", "INV-1"), outcome=outcome),))


def programme(*benefits, as_at=date(2026, 9, 30)):
    return Programme(header=header(), as_at=as_at, benefits=benefits)


def benefit(status, *, seen=50.0, due=None):
    return Benefit(what="Feet: sip feeds spared", measure="sip_feeds", units="items", owner="INV-1", due=due,
                   promised=Estimate(100, 100, 100), seen=Estimate(seen, seen, seen), status=status)


def finding(verdict):
    return Finding(header=header(), question="Did it work?", verdict=verdict, measure="sip_feeds",
                   because="even the best end of the range is less than half of what was promised")


def page(*papers, invented=True, by="owen"):
    entry = Entry(subject=SUBJECT, number=1, previous="", at="2026-11-01T09:00:00+00:00", by=by, organisation="",
                  kind="paper", what="decision left", papers=(), commitments=(), hash="0")
    held = tuple(Held(f"sha256:{number:064d}", paper) for number, paper in enumerate(papers))
    return CasePage("invented-feet", "delivering", held, (entry,), invented)


def rows(found, today=TODAY):
    return promised(found, today=today, named=lambda owner: f"<{owner}>",
                    measured={"sip_feeds": "Sip feeds"}.get)


@pytest.mark.parametrize(("promise", "standing"), [
    (Promise(what="A", kept=True), "kept"),
    (Promise(what="A", kept=False), "broken"),
    (Promise(what="A", due=Month(2026, 11)), "due"),
    (Promise(what="A", due=Month(2026, 10)), "overdue"),
    (Promise(what="A", due=TODAY), "overdue"),
    (Promise(what="A", due=Span(Month(2026, 1), Month(2026, 12))), "due"),
    (Promise(what="A"), "not known"),
])
def test_a_promise_stands_as_it_was_kept_or_as_its_day_has_come(promise, standing):
    (only,) = rows(page(decision(promise)))
    assert only.standing == standing


def test_of_a_real_body_whose_papers_were_gathered_afterwards_silence_is_not_overdue():
    promise = Promise(what="A review", due=date(2018, 6, 30))
    (gathered,) = rows(page(decision(promise), invented=False, by="command"))
    assert (gathered.standing, gathered.because) == ("not known", "")
    (entered_here,) = rows(page(decision(promise), invented=False))
    assert entered_here.standing == "overdue"


@pytest.mark.parametrize(("status", "standing"), [
    ("kept", "kept"), ("broken", "broken"), ("late", "overdue"), ("waning", "wearing off"), ("not due", "due"),
    ("on course", "due"), ("at risk", "due")])
def test_a_benefit_that_counts_a_promise_is_one_promise_with_it(status, standing):
    (only,) = rows(page(decision(Promise(what=SIP_FEEDS, due=Month(2026, 3))), programme(benefit(status))))
    assert only.standing == standing
    assert only.owner == "<INV-1>"
    assert only.because == "50.0 of 100 items seen so far."


def test_what_was_found_beside_others_outweighs_what_the_programme_counted_for_itself():
    (only,) = rows(page(decision(Promise(what=SIP_FEEDS)), programme(benefit("kept", seen=117)),
                        finding("did not work")))
    assert only.standing == "broken"
    assert only.because == ("Against its own past 117 of 100 items seen so far. Set beside what was to be expected: "
                            "even the best end of the range is less than half of what was promised.")
    (worn,) = rows(page(decision(Promise(what=SIP_FEEDS)), finding("faded")))
    assert worn.standing == "wearing off"


def test_a_county_of_another_time_has_its_own_today():
    promise = Promise(what="A", due=date(2030, 1, 31))
    assert rows(page(decision(promise)))[0].standing == "due"
    assert rows(page(decision(promise), programme(as_at=date(2030, 3, 31))))[0].standing == "overdue"


def test_what_is_done_for_those_who_may_lose_is_a_promise_once_it_is_approved():
    assessed = Assessment(header=header(), kind="equality", made=True, impacts=(
        Impact(option="do", on="carers", effect="worse", because="More falls to them", mitigation="respite",
               mitigation_owner="eve", mitigation_due=date(2027, 4, 1)),
        Impact(option="other", on="nobody", effect="worse", mitigation="never promised")))
    (only,) = rows(page(assessed, decision()))
    assert (only.what, only.owner, only.standing) == ("respite: for carers (More falls to them)", "<eve>", "due")
    assert rows(page(assessed, decision(outcome="declined"))) == ()


def test_broken_and_overdue_come_first_and_the_totals_add_up():
    found = in_order(rows(page(decision(
        Promise(what="Kept", kept=True), Promise(what="Due", due=Month(2027, 1)), Promise(what="Broken", kept=False),
        Promise(what="Long overdue", due=Month(2024, 1)), Promise(what="Overdue", due=Month(2025, 1))))))
    assert [each.what for each in found] == ["Broken", "Long overdue", "Overdue", "Due", "Kept"]
    assert totals(found) == "5 promises: 1 broken, 2 overdue, 1 due and 1 kept."
    assert totals(()) == ""


def test_a_month_ends_on_its_last_day_and_owners_are_named_where_they_are_known():
    assert last_day(Month(2028, 2)) == date(2028, 2, 29)
    known = {"ZM10": "Millbrook"}.get
    assert owner_in_words("ZM10", known=known, roles=["secretary"]) == "Millbrook"
    assert owner_in_words("secretary", known=known, roles=["secretary"]) == "The secretary"
    assert owner_in_words("ospringle", known=known, roles=["secretary"]) == "ospringle"


def plan():
    standings = [("Hospital", -6_000_000, 0, 6_000_000, 0), ("Commissioner", 8_000_000, 6_000_000, 0, 2_000_000)]
    return Plan(
        header=Header(subject="plan/feet"), title="Two of three", bodies=(Body("Commissioner", "C"),),
        years=("2027/28", "2028/29"), left_out=("Feet seen late",),
        schemes=(Scheme(id="feet", title="Feet", case="invented-feet", owner="owen", starts="2027/28",
                        value=Estimate(340_000, 50_000, 600_000), value_units="pounds a year",
                        cost_pence={"2027/28": 10_000_000, "2028/29": 5_000_000}), Scheme(id="x", title="Ears")),
        transfers=(Transfer(payer="C", receiver="H", year="2028/29", pence=600_000_000, because="to be whole"),),
        figures={"transfers": {"rows": [dict(zip(("organisation", "net_gain", "pays", "receives", "after"), each,
                                                 strict=True)) for each in standings]}})


def test_a_plan_says_how_few_who_wins_and_who_loses():
    shown = plan_page("feet", "sha256:0", plan(), invented=True, cases=[page(decision())], names={"C": "Commissioner"},
                      named=str.title)
    assert shown.in_short == "2 changes, 2027/28 to 2028/29, chosen from 3, for Commissioner."
    assert shown.who_wins == ("1 body gains and 1 body loses by these changes: Hospital loses most, £6.0 million; "
                              "after 1 payment between them nobody would be worse off.")
    assert [each.body for each in shown.standings] == ["Hospital", "Commissioner"]
    feet, ears = shown.changes
    assert (feet.owner, feet.cost, feet.case.name) == ("Owen", "£150,000", "invented-feet")
    assert feet.worth == "£340,000 a year (range £50,000 to £600,000)"
    assert (ears.case, ears.cost, ears.worth, ears.meaning) == (None, "", "", "")
    assert shown.payments == (("Commissioner", "H", "2028/29", 6_000_000, "to be whole"),)


def test_a_plan_without_such_sums_says_nothing_of_winners():
    shown = plan_page("feet", "sha256:0", replace(plan(), figures={}, transfers=None), invented=True, cases=[],
                      names={}, named=str)
    assert (shown.standings, shown.who_wins, shown.payments) == ((), "", ())


@pytest.mark.parametrize(("limit", "words"), [
    (Limit(name="staff in 2027/28", units="whole-time staff", limit=76, used=58),
     "Staff in 2027/28: 58 of 76 whole-time staff used."),
    (Limit(name="cost", units="pounds", limit=5_600_000, used=5_290_000), "Cost: £5.3 million of £5.6 million used."),
    (Limit(name="gain of Hospital", units="pounds", limit=-6_500_000, used=-6_062_000),
     "Hospital may lose £6.5 million at most; by this plan it loses £6.1 million, before any payment."),
    (Limit(name="gain of Council", units="pounds", limit=0, used=40_000),
     "Council must not lose; by this plan it gains £40,000, before any payment.")])
def test_a_limit_is_said_in_words(limit, words):
    assert limit_in_words(limit) == words


@pytest.mark.django_db
def test_the_front_page_opens_on_the_plan_the_cases_and_the_promises(signed_in):
    said = signed_in().get(reverse("home")).content.decode()
    plan_at, cases_at, promises_at = (said.index(f'id="{part}"') for part in ("plan", "cases", "promises"))
    assert plan_at < cases_at < promises_at
    assert reverse("plan", args=("invented-ward-3",)) in said[plan_at:cases_at]
    # The case on its way says what is missing, who owes it and by when.
    assert "things shown. Weakest:" in said[cases_at:promises_at]
    assert "Owed by the" in said[cases_at:promises_at]


@pytest.mark.django_db
def test_what_is_remembered_of_the_record_goes_when_anything_is_entered(signed_in):
    from evenhand.record.app import actions as record

    client = signed_in()
    assert "Feet seen early" not in client.get(reverse("home")).content.decode()
    record.leave(decision(Promise(what="Every foot seen", kept=False)), by="owen-price", organisation="INV-MILL")
    said = client.get(reverse("home")).content.decode()
    assert "Feet seen early" in said
    assert "1 promise: 1 broken." in said
    table = client.get(reverse("promises-file", args=("csv",))).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(table))
    assert (row["what"], row["standing"], row["invented"]) == ("Every foot seen", "broken", "yes")
    assert client.get(reverse("promises-file", args=("json",))).json()["promises"] == [row]
    assert client.get(reverse("promises-file", args=("pdf",))).status_code == 404
    assert "Every foot seen" in client.get(reverse("promises")).content.decode()
    assert "Every foot seen" in client.get(reverse("case", args=("invented-feet",))).content.decode()


@pytest.mark.django_db
def test_a_plan_that_is_not_there_is_not_found(signed_in):
    client = signed_in()
    assert client.get(reverse("plan", args=("none",))).status_code == 404
    shown = client.get(reverse("plan", args=("invented-ward-3",))).content.decode()
    assert "Compromises on the record" in shown
    assert "Invented county." in shown
