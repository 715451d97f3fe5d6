"""The only writer of the register of interests: who declared, ended, agreed, ruled or settled what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from evenhand.data.personal import signs_of_a_person
from evenhand.decide.app import actions as meetings
from evenhand.decide.app.interest_models import (
    AgreedStep,
    Declaration,
    InterestEnding,
    InterestReturn,
    InterestRuling,
    LateInterest,
    SameBody,
)
from evenhand.decide.app.interest_touching import bodies_known, items_touched_by
from evenhand.decide.app.models import Item, Vote
from evenhand.decide.app.queries import OpenItem
from evenhand.decide.interest_dates import in_words
from evenhand.decide.meeting import KINDS, STANDINGS, STEPS
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app.actions import writing
from evenhand.terms import Problem, Refused, closest, refuse

WHOSE = ("self", "partner", "family", "friend")
"""One's own, or the relation of whoever has the interest; who they are is never asked."""


@dataclass(frozen=True)
class Stated:
    """An interest as its owner states it. ``body`` is a code or a name; ``ended`` is the last day, if there is one."""

    kind: str
    standing: str
    whose: str
    part: str
    body: str
    what: str = ""
    began: date | None = None
    ended: date | None = None


def declare(organisation: str, stated: Stated, *, by: str, on: date, corrects: int | None = None) -> int:
    """Declare an interest of one's own to a body's register; gives its number.

    With ``corrects`` it takes the place of an earlier entry of one's own, which is kept. Where the vote on an item that
    it touches is open or over, that is entered too, and said on the item.

    Raises:
        Refused: for a kind, standing or relation that there is not, days that cannot be, a name of somebody close, or
            an entry that is not one's own or was corrected before.
    """
    known = bodies_known()
    code = known.code_of(stated.body)
    _check(stated, on)
    with writing(f"body/{organisation}", by=by, organisation=organisation,
                 what="interest declared" if corrects is None else f"interest {corrects} corrected") as block:
        earlier = None if corrects is None else _own(corrects, by, organisation)
        if earlier is not None and Declaration.objects.filter(corrects=earlier).exists():
            raise refuse("this entry has been corrected already", "correct the entry that took its place")
        row = Declaration.objects.create(
            organisation=Organisation.objects.get(code=organisation), account=Account.objects.get(identifier=by),
            kind=stated.kind, standing=stated.standing, whose=stated.whose, part=stated.part.strip(),
            body_code=code, body_name=known.name_of(code) if code else stated.body.strip(), what=stated.what.strip(),
            began=stated.began, ended=stated.ended, declared=on, corrects=earlier)
        late = _mark_late(row)
        block.say(f"interest {row.pk}", f"{row.kind}, {row.standing}: {row.part}, {row.body_name}. {row.what}".strip())
    for item in late:
        with writing(f"meeting/{item.meeting.name}", by=by, organisation=item.meeting.organisation.code,
                     what=f"interest declared {late_in_words(item.moment)}, item {item.number}"):
            pass
    return row.pk


@transaction.atomic
def declare_at_item(item: OpenItem, *, by: str, kind: str, standing: str, whose: str, body: str, on: date,
                    part: str = "") -> str:
    """Declare an interest of one's own in a body that an item touches; it goes on the register as well.

    Gives what must be said of it where it comes late: once the vote is open or over it is entered and flagged, never
    lost.

    Raises:
        Refused: for somebody who does not sit at the meeting, or a body that the item does not name.
    """
    if by not in item.names:
        raise refuse("only a member of the meeting declares an interest in it", "tell the secretary")
    if body not in item.bodies:
        raise refuse("this item does not touch that body", "choose a body named on the item", value=body)
    if item.moment == "declaring":
        meetings.declare_interest(item, by=by, kind=kind, standing=standing, whose=whose, body=body, on=on)
    words = f"Declared at {item.meeting.title}, item {item.number}."
    stated = Stated(kind, standing, whose, part.strip() or "part not said", body, words)
    key = declare(item.meeting.organisation, stated, by=by, on=on)
    late = LateInterest.objects.filter(declaration=key, item__number=item.number,
                                       item__meeting__name=item.meeting.name).first()
    return "" if late is None else late_in_words(late.moment, voted=late.voted)


def late_in_words(moment: str, *, voted: bool = False) -> str:
    """When a late interest came, as it stands in the record and on the page."""
    when = "after the vote" if moment == "closed" else "after the vote opened"
    return f"{when}, by somebody who had voted" if voted else when


def end(key: int, *, by: str, last_day: date, on: date) -> None:
    """Say that an interest of one's own is over, with its last day. It stays in public for six months more."""
    row = Declaration.objects.select_related("organisation").get(pk=key)
    code = row.organisation.code
    _own(key, by, code)
    if row.began and last_day < row.began:
        raise refuse(f"the interest began on {in_words(row.began)}", "give a last day that is not before it",
                     value=in_words(last_day))
    if last_day > on:
        raise refuse("its last day is still to come", "say so when it is over", value=in_words(last_day))
    with writing(f"body/{code}", by=by, what=f"interest {key} ended", organisation=code):
        if row.ended or InterestEnding.objects.filter(declaration=row).exists():
            raise refuse("this interest is over already", "correct the entry if the day is wrong")
        InterestEnding.objects.create(declaration=row, last_day=last_day, said=on)


def give_return(organisation: str, *, by: str, nil: bool, on: date) -> None:
    """Give one's yearly word: that one has no interest, or that what stands on the register is all.

    Raises:
        Refused: for a nil return while something stands, or a confirmation of nothing.
    """
    stands = [row for row in Declaration.objects.filter(organisation__code=organisation, account__identifier=by,
                                                        corrected_by__isnull=True).select_related("ending")
              if not _is_over(row, on)]
    if nil and stands:
        number = len(stands)
        raise refuse(f"{number} of your interests {'stands' if number == 1 else 'stand'} on the register",
                     "say that they are over, or confirm that they are all")
    if not nil and not stands:
        raise refuse("nothing of yours stands on the register", "declare what you have, or say that you have none")
    what = "nil return of interests" if nil else "interests confirmed"
    with writing(f"body/{organisation}", by=by, what=what, organisation=organisation):
        InterestReturn.objects.create(organisation=Organisation.objects.get(code=organisation), nil=nil, on=on,
                                      account=Account.objects.get(identifier=by))


def agree_step(key: int, *, step: str, agreed_by: str, words: str, by: str, on: date) -> None:
    """Enter what was agreed to be done about an interest, and by whom. Nobody enters it about their own."""
    row = Declaration.objects.select_related("organisation", "account").get(pk=key)
    if row.account.identifier == by:
        raise refuse("nobody agrees what is done about their own interest", "ask the chair, or another secretary")
    if step not in STEPS:
        raise refuse("this is no step of the ladder", f"choose from {', '.join(STEPS)}", value=step)
    if not agreed_by.strip():
        raise refuse("it is not said who agreed it", "name the person or the part they play")
    with writing(f"body/{row.organisation.code}", by=by, what=f"step agreed for interest {key}: {step}", why=words,
                 organisation=row.organisation.code):
        AgreedStep.objects.create(declaration=row, step=step, words=words.strip(), agreed_by=agreed_by.strip(),
                                  entered_by=Account.objects.get(identifier=by), on=on)


def rule(item: OpenItem, *, member: str, step: str, reason: str, by: str, on: date, keeps_minutes: bool) -> None:
    """Enter what the person in the chair ruled for one member on one item, with the reason; it goes before the ladder.

    By whoever is in the chair for the item, or by the secretary who ``keeps_minutes`` of it. Where neither chair nor
    deputy may take the chair, the secretary enters what the members' choice ruled.
    """
    if step not in STEPS:
        raise refuse("this is no step of the ladder", f"choose from {', '.join(STEPS)}", value=step)
    if member not in item.names:
        raise refuse("no member of this meeting has this id", f"choose from {', '.join(item.names)}", value=member)
    if not reason.strip():
        raise refuse("a ruling needs its reason", "write the sentence that will stand in the minutes")
    if member == by:
        raise refuse("nobody rules on their own interest", "whoever takes the chair in your place does")
    if by != item.quorum.chair and not keeps_minutes:
        raise refuse("only whoever is in the chair for this item rules on interests", "ask the secretary who that is")
    if item.moment not in ("declaring", "open"):
        raise refuse("the item is closed", "a later ruling belongs to the next meeting")
    with writing(item.subject, by=by, what=f"ruling on an interest, item {item.number}: {step}", why=reason,
                 organisation=item.meeting.organisation):
        row = Item.objects.select_for_update().get(meeting__name=item.meeting.name, number=item.number)
        # Of somebody who declared after voting, the chair says in the minutes what the vote is worth.
        late = LateInterest.objects.filter(item=row, declaration__account__identifier=member, voted=True)
        if row.votes.filter(account__identifier=member).exists() and not late.exists():
            raise refuse("this member has voted on the item", "minute what the chair says of it beside the vote")
        InterestRuling.objects.create(item=row, account=Account.objects.get(identifier=member), step=step,
                                      reason=reason.strip(), entered_by=Account.objects.get(identifier=by), on=on)


def settle(key: int, *, name: str, same: bool, why: str, by: str, on: date) -> None:
    """Say whether a body that somebody declared and one that an item names are the same. Never of one's own."""
    row = Declaration.objects.select_related("organisation", "account").get(pk=key)
    if row.account.identifier == by:
        raise refuse("nobody settles this of their own interest", "ask the chair, or the secretary")
    if not why.strip():
        raise refuse("it is not said how you know", "write a sentence")
    code = row.organisation.code
    with writing(f"body/{code}", by=by, why=why, organisation=code,
                 what=f"interest {key}: {'the same body' if same else 'not the same body'} as an item names"):
        SameBody.objects.create(declaration=row, name=name, same=same, why=why.strip(), on=on,
                                by=Account.objects.get(identifier=by))


def _own(key: int, by: str, organisation: str) -> Declaration:
    row = Declaration.objects.filter(pk=key, account__identifier=by, organisation__code=organisation).first()
    if row is None:
        raise refuse("this is no entry of yours", "a person declares, ends and corrects only their own interests")
    return row


def _is_over(row: Declaration, on: date) -> bool:
    last = row.ending.last_day if hasattr(row, "ending") else row.ended
    return last is not None and last <= on


def _mark_late(row: Declaration) -> list[Item]:
    """Enter on which items the vote was open, or over, when this was declared; what it touches is matched as ever."""
    late = []
    for item in items_touched_by(row, moments=("open", "tied", "closed")):
        day = item.meeting.on.date()
        held = (row.began is None or row.began <= day) and (row.ended is None or row.ended >= day)
        LateInterest.objects.create(declaration=row, item=item, moment=item.moment, held=held,
                                    voted=Vote.objects.filter(item=item, account=row.account).exists())
        if held:
            late.append(item)
    return late


def _check(stated: Stated, on: date) -> None:
    problems = []
    for value, known, column, what in ((stated.kind, KINDS, "kind", "this is no kind of interest"),
                                       (stated.standing, STANDINGS, "standing",
                                        "an interest is actual, potential or perceived"),
                                       (stated.whose, WHOSE, "whose", "this is nobody’s relation here")):
        if value not in known:
            near = closest(value, known, count=1)
            problems.append(Problem(what, f"did you mean {near[0]}?" if near else f"choose from {', '.join(known)}",
                                    column=column, value=value))
    if not stated.body.strip():
        problems.append(Problem("it is not said in which body", "give its name or its code", column="body"))
    if not stated.part.strip():
        problems.append(Problem("it is not said what part is played there", "write, for example, partner in the "
                                "practice", column="part"))
    if stated.began and stated.ended and stated.ended < stated.began:
        problems.append(Problem("the interest ends before it begins", "correct one of the days", column="ended",
                                value=in_words(stated.ended)))
    if stated.began and stated.began > on and stated.standing == "actual":
        problems.append(Problem("an interest that has not begun is not actual", "declare it as potential",
                                column="began", value=in_words(stated.began)))
    for column, words in (("part", stated.part), ("what", stated.what)):
        problems += [Problem(f"this may point to a person: {sign.what}", "say the relation, and no name",
                             column=column, value=sign.found) for sign in signs_of_a_person(words)]
    if problems:
        raise Refused(problems)
