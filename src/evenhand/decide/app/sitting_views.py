"""Pages of the meeting while it sits: who is there, what is moved, what is noted, what is put off."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.decide.app import actions, minutes_actions, minutes_queries, queries, sitting_actions
from evenhand.decide.app.desk_views import MOST_LETTERS, day, whole, words
from evenhand.decide.app.queries import OpenItem
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.rights import may
from evenhand.terms import Refused, refuse


@asks("keep the minutes")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sit(request: HttpRequest, name: str) -> HttpResponse:
    """The meeting as it sits: begin it with who is there, mark who comes and goes, end it."""
    found = queries.meeting(name)
    if found is None:
        raise Http404
    require(request, "keep the minutes", found.organisation)
    wrong = list[str]()
    if request.method == "POST":
        work = _MEETING.get(request.POST.get("do", ""))
        if work is None:
            raise Http404
        try:
            said = work(name, request.POST, member(request).id)
        except Refused as refused:
            wrong = refused.lines()
        else:
            messages.success(request, said)
            return redirect("sit", name)
    return render(request, "decide/sit.jinja", {
        "meeting": found, "items": queries.items(name), "sitters": queries.sitters(name), "wrong": wrong,
        "minutes": minutes_queries.minutes(name), "invented": found.invented}, status=400 if wrong else 200)


def _begin(name: str, sent: QueryDict, by: str) -> str:
    sitting_actions.begin(name, present=frozenset(sent.getlist("present")), by=by, at=now())
    return "The meeting has begun. Mark who comes and goes as items are reached."


def _mark(name: str, sent: QueryDict, by: str) -> str:
    sitting_actions.mark(name, words(sent, "member"), what=words(sent, "what"), by=by, at=now(),
                         number=whole(sent, "number", "the item"))
    return "It is marked, and who may vote is reckoned with it."


def _end(name: str, sent: QueryDict, by: str) -> str:
    sitting_actions.end(name, by=by, at=now())
    return "The meeting is over. Its minutes can be drafted from the record."


def _draft(name: str, sent: QueryDict, by: str) -> str:
    return f"Draft minutes, version {minutes_actions.draft(name, by=by, at=now())}, stand on the meeting’s page."


_MEETING: dict[str, Callable[[str, QueryDict, str], str]] = {
    "begin": _begin, "mark": _mark, "end": _end, "draft": _draft}


@asks("keep the minutes")
@require_POST
def keep(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """What the secretary enters on one item: motions, amendments, notes, actions, and the minutes before."""
    found = _item(name, number)
    require(request, "keep the minutes", found.meeting.organisation)
    work = _ITEM.get(request.POST.get("do", ""))
    if work is None:
        raise Http404
    messages.success(request, work(found, request.POST, member(request).id))
    return redirect("item", name, number)


def _motion(item: OpenItem, sent: QueryDict, by: str) -> str:
    amends = words(sent, "amends", 3)
    number = sitting_actions.move_motion(
        item, words=words(sent, "words"), mover=words(sent, "mover"), seconder=words(sent, "seconder"), by=by,
        amends=int(amends) if amends.isascii() and amends.isdigit() else None, at=now())
    return f"It stands as {'amendment' if amends else 'motion'} {number}."


def _settle(item: OpenItem, sent: QueryDict, by: str) -> str:
    sitting_actions.settle_motion(item, whole(sent, "motion", "the motion"), moment=words(sent, "moment"),
                                  how=words(sent, "how", 200), by=by)
    return "It is entered how it was settled."


def _note(item: OpenItem, sent: QueryDict, by: str) -> str:
    minutes_actions.note(item, words(sent, "words"), by=by, at=now())
    return "It is noted for the minutes."


def _action(item: OpenItem, sent: QueryDict, by: str) -> str:
    owner = words(sent, "owner")
    if owner not in item.names:
        raise refuse("nobody is named to do it", "choose a member of the meeting", value=owner)
    minutes_actions.agree_action(item, what=words(sent, "what"), owner=owner, by=by, on=localdate(),
                                 due=day(sent, "due", "when it is due"))
    return "The action stands on the owner’s page of work until it is done."


def _correct(item: OpenItem, sent: QueryDict, by: str) -> str:
    last = _last(item)
    typed = words(sent, "of_item", 3)
    minutes_actions.correct(last, at_meeting=item.meeting.name, words=words(sent, "words"), by=by, at=now(),
                            number=int(typed) if typed.isascii() and typed.isdigit() else None)
    return "The correction stands beside the minutes."


def _confirm(item: OpenItem, sent: QueryDict, by: str) -> str:
    minutes_actions.confirm(_last(item), at_meeting=item.meeting.name, by=by, at=now())
    return "The minutes are confirmed, with the corrections beside them."


def _last(item: OpenItem) -> str:
    last = minutes_queries.last_before(item.meeting.name)
    if item.kind != "minutes" or last is None:
        raise refuse("there are no minutes to look at on this item", "nothing was changed")
    return last.name


_ITEM: dict[str, Callable[[OpenItem, QueryDict, str], str]] = {
    "motion": _motion, "settle": _settle, "note": _note, "action": _action, "correct": _correct, "confirm": _confirm}


@asks("put an item off")
@require_POST
def put_off(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Put an item off undecided, with the reason."""
    found = _item(name, number)
    require(request, "put an item off", found.meeting.organisation, moment=found.moment)
    reasons = words(request.POST, "reasons")
    if not reasons:
        raise refuse("it is not said why the item is put off", "write a sentence: it stands in the minutes")
    actions.put_off(found, by=member(request).id, role=_role(request, found), reasons=reasons, on=localdate())
    messages.success(request, "The item is put off, with its reason.")
    return redirect("item", name, number)


@asks("give a casting vote")
@require_POST
def casting(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Decide a tie from the chair, or decline to."""
    found = _item(name, number)
    require(request, "give a casting vote", found.meeting.organisation, moment=found.moment)
    reason = words(request.POST, "reason")
    if not reason:
        raise refuse("a casting vote has its reason", "write a sentence: it stands in the minutes")
    actions.give_casting_vote(found, by=member(request).id, role=_role(request, found), reason=reason,
                              choice=words(request.POST, "choice"), on=localdate())
    messages.success(request, "The item is closed, with the casting vote recorded as such.")
    return redirect("item", name, number)


@asks("finish an action")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def action(request: HttpRequest, key: int) -> HttpResponse:
    """An action agreed at a meeting; whoever owes it says that it is done."""
    found = minutes_queries.action(key) if key < 2**62 else None
    if found is None:
        raise Http404
    require(request, "finish an action", found.organisation)
    person, wrong = member(request), list[str]()
    mine = person.id == found.owner_id or may(person, "keep the minutes", found.organisation)
    if request.method == "POST":
        try:
            if not mine:
                raise refuse("somebody else is to do this", "ask them, or the secretary")
            minutes_actions.finish_action(key, how=words(request.POST, "how", MOST_LETTERS), by=person.id,
                                          on=localdate())
        except Refused as refused:
            wrong = refused.lines()
        else:
            messages.success(request, "It is done, and stands with the minutes.")
            return redirect("my-work")
    sitting = queries.meeting(found.meeting)
    return render(request, "decide/action.jinja", {
        "action": found, "today": localdate(), "mine": mine, "wrong": wrong, "typed": request.POST,
        "invented": bool(sitting and sitting.invented)}, status=400 if wrong else 200)


def _role(request: HttpRequest, item: OpenItem) -> str:
    return "secretary" if "secretary" in member(request).roles_towards(item.meeting.organisation) else "chair"


def _item(name: str, number: int) -> OpenItem:
    found = queries.item(name, number)
    if found is None:
        raise Http404
    return found
