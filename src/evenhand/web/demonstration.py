"""The demonstration's invented county: its bodies, its people, one meeting, and one case on the way.

Everything here is made by the same actions that people use, so the record tells of it as of anything else. Nothing in
it is about a real body or a real person, and every page about it says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.urls import reverse
from django.utils.timezone import get_current_timezone

from evenhand.decide.app import actions as meetings
from evenhand.decide.app import queries as sittings
from evenhand.decide.app.actions import Agreed, Seated
from evenhand.find.app import actions as finding
from evenhand.find.app import queries as questions
from evenhand.papers import Body as Called
from evenhand.people.app import actions as people
from evenhand.people.app import queries as known
from evenhand.record.app import actions as record
from evenhand.record.app import queries as held
from evenhand.region.folder import open_folder
from evenhand.region.own import bodies_of
from evenhand.web import (
    demonstration_assurance,
    demonstration_concerns,
    demonstration_draft,
    demonstration_interests,
    demonstration_meetings,
    demonstration_papers,
)
from evenhand.web.demonstration_meetings import LADDER, MEETING
from evenhand.web.demonstration_papers import County

BY = "demonstration"
MILLBROOK, ASHDALE, BORDERS = "INV-MILL", "INV-ASH", "INV-BSU"
OTHER_MEETING = "ashdale-committee"


@dataclass(frozen=True)
class Body:
    """An invented body."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class Somebody:
    """An invented person."""

    id: str
    name: str
    roles: tuple[str, ...]
    body: str


BODIES = (
    Body(MILLBROOK, "Millbrook commissioner", "commissioner"),
    Body("INV-OLD", "Old Millbrook commissioner", "commissioner"),
    Body(ASHDALE, "Ashdale commissioner", "commissioner"),
    Body(BORDERS, "Borders support unit", "support unit"),
    Body("INV-HOSP", "Millbrook hospitals", "provider"),
    Body("INV-COUN", "Millbrook county council", "council"),
    Body("INV-VOL", "Millbrook carers together", "voluntary"),
    Body("INV-REG", "Invented regional office", "regional office"),
    Body("INV-NET", "Foot care clinicians’ network", "clinical network"),
)
PEOPLE = (
    Somebody("ana-lewis", "Ana Lewis", ("analyst",), MILLBROOK),
    Somebody("owen-price", "Owen Price", ("programme office",), MILLBROOK),
    Somebody("grace-hart", "Grace Hart", ("chair",), MILLBROOK),
    Somebody("tom-doyle", "Tom Doyle", ("secretary",), MILLBROOK),
    Somebody("mina-lee", "Dr Mina Lee", ("clinical lead",), MILLBROOK),
    Somebody("femi-okoro", "Dr Femi Okoro", ("clinical lead",), MILLBROOK),
    Somebody("rosa-khan", "Rosa Khan", ("committee member",), MILLBROOK),
    Somebody("pat-byrne", "Pat Byrne", ("committee member",), MILLBROOK),
    Somebody("isla-hughes", "Dr Isla Hughes", ("practice member",), MILLBROOK),
    Somebody("dev-singh", "Dev Singh", ("finance",), MILLBROOK),
    Somebody("wren-cole", "Wren Cole", ("communications",), MILLBROOK),
    Somebody("jo-marsh", "Jo Marsh", ("support unit",), BORDERS),
    Somebody("lee-novak", "Lee Novak", ("analyst", "secretary"), ASHDALE),
    Somebody("kit-adams", "Kit Adams", ("chair",), ASHDALE),
    Somebody("una-grey", "Dr Una Grey", ("clinical lead",), ASHDALE),
    Somebody("sam-reid", "Sam Reid", ("provider lead",), "INV-HOSP"),
    Somebody("eve-stone", "Eve Stone", ("council partner",), "INV-COUN"),
    Somebody("max-wood", "Councillor Max Wood", ("councillor",), "INV-COUN"),
    Somebody("ida-fox", "Ida Fox", ("voluntary partner",), "INV-VOL"),
    Somebody("ray-burn", "Ray Burn", ("assurer",), "INV-REG"),
    Somebody("amy-pool", "Dr Amy Pool", ("clinical network",), "INV-NET"),
    Somebody("cas-ward", "Cas Ward", ("administrator",), MILLBROOK),
)


def first_page_for(identifier: str) -> dict[str, str]:
    """Where somebody of the demonstration begins, and what there is to see."""
    one = next((each for each in PEOPLE if each.id == identifier), None)
    if one is not None and one.body == ASHDALE:
        return {"href": reverse("meeting", args=(OTHER_MEETING,)), "what": "Another body: sees nothing of Millbrook."}
    roles = one.roles if one else ()
    key = known.demonstration_key(identifier)
    memberships = known.person(key, on=date.today()).memberships if key else ()
    of = next((each.organisation for each in memberships), MILLBROOK)
    pages = {
        "analyst": ("where-to-look", (), "Where to look first; raise a case from it."),
        "chair": ("item", (MEETING, 5), "Who may vote on an item, and who may not."),
        "secretary": ("item", (MEETING, 5), "Open the vote when interests are declared."),
        "committee member": ("item", (MEETING, 5), "Declare an interest; vote with a reason."),
        "clinical lead": ("my-work", (), "Questions from analysts; items to decide."),
        "practice member": ("item", (MEETING, 5), "Declare an interest; vote with a reason."),
        "support unit": ("my-customers", (), "Two customers that cannot see each other."),
        "administrator": ("who-may", (of,), "Who may do what; no votes, no papers before their time."),
        "councillor": ("register", (), "What was decided, why, and how to challenge it."),
    }
    for role in roles:
        if role in pages:
            name, parts, what = pages[role]
            return {"href": reverse(name, args=parts or None), "what": what}
    return {"href": reverse("my-work"), "what": "What waits for this role."}


OWN = {MILLBROOK: "commissioner", "INV-HOSP": "hospitals", "INV-COUN": "council", "INV-VOL": "voluntary"}
"""Which of the demonstration's bodies an invented region's own take the place of."""


def county_of(region: Path) -> County:
    """The bodies of an invented region that its demonstration's people belong to; for any other, the demonstration's.

    Two counties of nearly one name would stand side by side otherwise, and nobody would know them apart.
    """
    opened = open_folder(region)
    if not opened.region.invented or known.organisation(MILLBROOK) is not None:
        return County()
    bodies = bodies_of(opened)

    def first(kind: str, otherwise: Called) -> Called:
        found = next((each for each in bodies if each.kind.startswith(kind)), None)
        return Called(found.name, found.code) if found else otherwise

    code, own = opened.region.today, County()
    if code not in bodies:
        return own
    return County(Called(bodies.name(code), code), first("hospital", own.hospitals), first("council", own.council),
                  first("voluntary", own.voluntary), has_a_plan=True)


def make(today: date, *, region: Path | None = None, say: Callable[[str], None] = lambda _: None) -> bool:
    """Make what is not there yet; says whether anything was. A second run finds everything and changes nothing.

    Where the region is an invented county, its own present body is the one that the people belong to.
    """
    if sittings.meeting(OTHER_MEETING) is not None:
        return False
    county = county_of(region) if region else County()
    bodies = _bodies(county)
    before = {each.code for each in known.organisations()}
    since = today - timedelta(days=365)
    say(f"Bodies and people of the invented county: {len(bodies)} bodies, {len(PEOPLE)} people")
    for body in bodies:
        if body.code not in before:
            # When the county's own bodies opened is the county's to say.
            people.add_organisation(body.code, body.name, kind=body.kind, by=BY, invented=True,
                                    opened=since if body.code.startswith("INV-") else None,
                                    closed=today if body.code == "INV-OLD" else None)
    commissioner = _code(MILLBROOK, county)
    if BORDERS not in before:
        if not county.has_a_plan:
            people.add_succession("INV-OLD", commissioner, on=since, by=BY, basis="invented")
        for customer in (commissioner, ASHDALE):
            people.add_support(BORDERS, customer, since=since, by=BY)
    entered = {each.identifier for each in known.demonstration_accounts(today)}
    for one in PEOPLE:
        if one.id not in entered:
            of = _code(one.body, county)
            people.add_account(one.id, one.name, one.id, by=BY, organisation=of, demonstration=True)
            for role in one.roles:
                people.give_role(one.id, role, of, since=since, by=BY)
    say("A case on its way, with the papers it needs before it may be decided")
    _case(county)
    say("What those who decide have declared, with one who has not")
    demonstration_interests.bring(commissioner, ASHDALE, county, today=today)
    demonstration_assurance.bring(commissioner, today=today)
    say("Meetings that were, that come and that are planned, with papers, votes and minutes; another body's too")
    _meetings(today, county)
    demonstration_draft.bring(MEETING, today=today)
    _question(today, commissioner)
    say("What practices say keeps going wrong, with what became of it")
    own = region if county.has_a_plan else None
    demonstration_concerns.bring(commissioner, by="owen-price", today=today, region=own)
    return True


def _code(code: str, county: County) -> str:
    """A body's code, or that of the county's own in its place."""
    return getattr(county, OWN[code]).code if code in OWN else code


def _bodies(county: County) -> tuple[Body, ...]:
    """The demonstration's bodies, those of an invented county in their places; it has its own that came before."""
    left = [each for each in BODIES if each.code != "INV-OLD" or not county.has_a_plan]
    called = [getattr(county, OWN[each.code]) if each.code in OWN else Called(each.name, each.code) for each in left]
    return tuple(Body(one.code or "", one.name, each.kind) for one, each in zip(called, left, strict=True))


def _case(county: County) -> None:
    if held.entries(demonstration_papers.WARD_3):
        return
    commissioner = _code(MILLBROOK, county)
    for paper, by, moves_to, role in demonstration_papers.ward_3(county):
        record.leave(paper, by=by, organisation=commissioner)
        if moves_to:
            record.move(demonstration_papers.WARD_3, moves_to, by=by, role=role, organisation=commissioner)


def _at_nine(on: date) -> datetime:
    return datetime.combine(on, time(9), tzinfo=get_current_timezone())


def _meetings(today: date, county: County) -> None:
    demonstration_meetings.bring(today, _code(MILLBROOK, county), county.hospitals.name)
    if sittings.meeting(OTHER_MEETING) is None:
        on = today + timedelta(days=21)
        meetings.arrange(
            OTHER_MEETING, "Governing body", organisation=ASHDALE, on=_at_nine(on), quorum=2,
            ladder=LADDER, roles_needed=[], by="lee-novak", seats=[
                Seated("kit-adams", ("chair",), chair=True), Seated("una-grey", ("clinical lead",)),
                Seated("lee-novak", ("analyst",), voting=False)],
            items=[Agreed(1, "Hearing aids by post", "Agree that batteries and tubes are sent by post.", (),
                          author="Lee Novak", paper_sent=today)])


def _question(today: date, of: str) -> None:
    if not questions.questions(frozenset({of})):
        finding.ask(of, measure="invented", of=of, by="ana-lewis", on=today,
                    sentence="Invented figure: twice as many days in ward 3 after the age of 80 as in the middle of "
                             "comparable places.",
                    words="Is there a reason in who our patients are, before we call this a gap?")
