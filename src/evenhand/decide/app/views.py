"""Pages of meetings: ask, act, redirect or show."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evenhand.decide.app import actions, minutes_queries, queries
from evenhand.decide.app.agenda_pack import kept_from
from evenhand.decide.app.forms import ClosingForm, InterestForm, VoteForm
from evenhand.decide.app.interest_actions import declare_at_item
from evenhand.decide.app.interest_queries import late_for_item, to_settle
from evenhand.decide.app.queries import OpenItem
from evenhand.decide.grounds import ground
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.rights import may
from evenhand.terms import Refused


@asks("read an item")
@never_cache
@require_safe
def item(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One item: what is asked, who stands aside, who may vote, and what this person may do now."""
    return _page(request, _item(request, name, number, "read an item", "read"))


@asks("declare an interest")
@require_POST
def declare(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Declare an interest of one's own."""
    found = _item(request, name, number, "declare an interest")
    form = InterestForm(request.POST, bodies=found.bodies)
    if not form.is_valid():
        return _page(request, found, wrong=_wrong(form), interest=form)
    try:
        late = declare_at_item(found, by=member(request).id, on=localdate(), **form.cleaned_data)
    except Refused as refused:
        return _page(request, found, wrong=refused.lines(), interest=form)
    messages.success(request, "Your interest is declared, and on the register. " + (
        f"It is marked as late: declared {late}." if late else "What it means for your vote stands below."))
    return redirect("item", name, number)


@asks("open a vote")
@require_POST
def open_vote(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Open the vote."""
    found = _item(request, name, number, "open a vote")
    try:
        actions.open_vote(found, by=member(request).id)
    except Refused as refused:
        return _page(request, found, wrong=refused.lines())
    messages.success(request, "The vote is open.")
    return redirect("item", name, number)


@asks("vote")
@require_POST
def vote(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Cast one's vote, with a reason. Who might have voted is told in words why not now, and that they tried stays."""
    found = queries.item(name, number)
    if found is None:
        raise Http404
    require(request, "vote", found.meeting.organisation, moment="open")
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, wrong=_wrong(form), ballot=form)
    try:
        actions.cast_vote(found, by=member(request).id, **form.cleaned_data)
    except Refused as refused:
        return _page(request, found, wrong=refused.lines(), ballot=form)
    messages.success(request, "Your vote is cast. How others voted can be read when the item is closed.")
    return redirect("item", name, number)


@asks("close a vote")
@require_POST
def close_vote(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Close the vote; the decision is left as a paper and stands in the register."""
    found = _item(request, name, number, "close a vote")
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return _page(request, found, wrong=_wrong(form), closing=form)
    try:
        person = member(request)
        role = "chair" if "chair" in person.roles_towards(found.meeting.organisation) else "secretary"
        outcome = actions.close_vote(found, by=person.id, role=role, on=localdate(), **form.cleaned_data)
    except Refused as refused:
        return _page(request, found, wrong=refused.lines(), closing=form)
    messages.success(request, "The votes are equal: whoever is in the chair may give the casting vote."
                     if outcome == "tied" else "The item is closed, and its decision is recorded.")
    return redirect("item", name, number)


def _item(request: HttpRequest, name: str, number: int, action: str, moment: str = "") -> OpenItem:
    found = queries.item(name, number)
    if found is None:
        raise Http404
    require(request, action, found.meeting.organisation, moment=found.moment)
    return found


def _wrong(form: Any) -> list[str]:
    return [str(line) for lines in form.errors.values() for line in lines]


def _page(request: HttpRequest, found: OpenItem, *, wrong: list[str] | None = None,
          interest: InterestForm | None = None, ballot: VoteForm | None = None,
          closing: ClosingForm | None = None) -> HttpResponse:
    person, name, number = member(request), found.meeting.name, found.number

    def now(action: str) -> bool:
        return may(person, action, found.meeting.organisation, moment=found.moment)

    return render(request, "decide/item.jinja", {
        "item": found, "wrong": wrong or [], "invented": found.meeting.invented,
        "interest": interest or InterestForm(bodies=found.bodies), "ballot": ballot or VoteForm(),
        "closing": closing or ClosingForm(),
        "may_declare": now("declare an interest") and person.id in found.names,
        "may_prepare": bool(found.case) and found.purpose == "decision" and now("prepare a decision"),
        "may_open": now("open a vote") and found.purpose == "decision", "may_close": now("close a vote"),
        "may_vote": now("vote") and found.may_vote(person.id) and person.id not in found.voted,
        "is_aside": next((each for each in found.asides if each.member == person.id), None),
        "late": late_for_item(name, number),
        "unsettled": [each.sentence for each in to_settle(name) if each.number == number],
        "own_interests": queries.interests_of(person.id, name), "own_vote": queries.own_vote(name, number, person.id),
        "tally": queries.tally_of(found) if now("read an outcome") else None,
        "casting": queries.casting_vote(name, number), "ground": ground(found.ground) if found.ground else None,
        "may_put_off": now("put an item off") and found.purpose == "decision",
        "may_cast": now("give a casting vote") and person.id == found.quorum.chair,
        "may_keep": may(person, "keep the minutes", found.meeting.organisation), "may_bring": now("bring a paper"),
        "may_accept": now("accept a paper") and bool(found.superseded), "kept_from": kept_from(found, person.id),
        **_kept_for(found),
        "votes": queries.votes(name, number) if now("read votes") else [],
    }, status=400 if wrong else 200)


def _kept_for(found: OpenItem) -> dict[str, Any]:
    """What the standing items show: the minutes before, what arises from them, the public's questions."""
    name = found.meeting.name
    last = minutes_queries.last_before(name) if found.kind == "minutes" else None
    return {"last": last, "last_minutes": minutes_queries.minutes(last.name) if last else None,
            "arising": minutes_queries.actions_arising(name) if found.kind == "matters" else [],
            "questions": minutes_queries.questions(name) if found.kind == "questions" else [],
            "notes": minutes_queries.notes_of(name, found.number), "today": localdate(),
            "agreed": [each for each in minutes_queries.actions_of(name) if each.number == found.number]}
