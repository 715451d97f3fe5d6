"""A secretary's desk: arranging a meeting, its agenda and notice, and sending its papers. Needs no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone, localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.decide.app import actions, agenda_actions, agenda_queries, desk_queries, forward_queries, queries
from evenhand.decide.app.actions import Seated
from evenhand.decide.app.desk_queries import PARTS, Habit
from evenhand.decide.app.queries import OpenItem
from evenhand.decide.grounds import GROUNDS
from evenhand.decide.meeting import PURPOSES
from evenhand.decide.notice import Rules
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.pages.uploads import content_of, name_of, too_large
from evenhand.people.rights import bodies_for
from evenhand.terms import Refused, refuse

MOST_LETTERS = 2_000


def words(sent: QueryDict, name: str, most: int = MOST_LETTERS) -> str:
    """What somebody typed into a field, without spaces at its ends."""
    return sent.get(name, "").strip()[:most]


def day(sent: QueryDict, name: str, what: str) -> date:
    """A day somebody chose. Raises ``Refused``."""
    try:
        return date.fromisoformat(words(sent, name, 10))
    except ValueError:
        raise refuse(f"{what} is not a day", "write it as 2027-01-28, or choose it", value=sent.get(name)) from None


def whole(sent: QueryDict, name: str, what: str) -> int:
    """A whole number above nought that somebody typed. Raises ``Refused``."""
    typed = words(sent, name, 6)
    if not typed.isascii() or not typed.isdigit() or not 0 < int(typed) < 1_000:
        raise refuse(f"{what} is not a whole number above nought", "mend it", value=typed)
    return int(typed)


@asks("arrange a meeting")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest) -> HttpResponse:
    """Arrange a meeting of one's body, from how it last met."""
    person = member(request)
    codes = bodies_for(person, "arrange a meeting")
    code = request.POST.get("body") or request.GET.get("of") or (codes[0] if codes else "")
    if code not in codes:
        raise Http404
    require(request, "arrange a meeting", code)
    habit, wrong = desk_queries.habit_of(code, localdate()), list[str]()
    if request.method == "POST":
        try:
            name = _arranged(request.POST, code, habit, person.id)
        except Refused as refused:
            wrong = refused.lines()
        else:
            messages.success(request, "The meeting is arranged, and stands on the forward plan.")
            return redirect("meeting-desk", name)
    body = next(each for each in person.memberships if each.organisation == code)
    return render(request, "decide/arrange.jinja", {
        "habit": habit, "parts": PARTS, "body": body, "typed": request.POST, "wrong": wrong,
        "invented": body.invented}, status=400 if wrong else 200)


def _arranged(sent: QueryDict, code: str, habit: Habit, by: str) -> str:
    title = words(sent, "title", 200)
    if not title:
        raise refuse("the meeting has no title", "write one, as Commissioning committee")
    on = day(sent, "on", "the day of the meeting")
    try:
        at = time.fromisoformat(words(sent, "at", 5))
    except ValueError:
        raise refuse("the hour is not a time of day", "write it as 09:30", value=sent.get("at")) from None
    begins = datetime.combine(on, at, tzinfo=get_current_timezone())
    if begins <= now():
        raise refuse("this day is over", "choose one to come", value=str(on))
    chosen = {each: sent.get(f"seat-{each.id}", "") for each in habit.sitters}
    seats = [Seated(each.id, each.roles, chair=part == "chair", deputy_chair=part == "deputy",
                    voting=part != "attends") for each, part in chosen.items() if part in dict(PARTS) and part]
    voting, quorum = sum(each.voting for each in seats), whole(sent, "quorum", "the quorum")
    if sum(each.chair for each in seats) != 1:
        raise refuse("a meeting has one chair", "choose who is in the chair")
    if voting < quorum:
        raise refuse(f"{voting} would sit with a vote and {quorum} are needed", "seat more members, or mend the quorum")
    slug = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:50] or "meeting"
    body = re.sub(r"[^a-z0-9]+", "-", code.casefold()).strip("-")
    name = f"{body}-{slug}-{on}"
    actions.arrange(name, title, organisation=code, on=begins, quorum=quorum, ladder=habit.ladder, items=[],
                    roles_needed=habit.roles_needed, seats=seats, by=by, at=now(), place=words(sent, "place", 200))
    agenda_actions.add_standing_items(name, by=by, at=now())
    return name


@asks("arrange a meeting")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, name: str) -> HttpResponse:
    """A meeting on its secretary's desk: items, papers, notice, and what is still owed."""
    found = forward_queries.planned(name)
    if found is None:
        raise Http404
    code = found.sitting.organisation
    require(request, "arrange a meeting", code)
    wrong = list[str]()
    if request.method == "POST":
        work = _WORK.get(request.POST.get("do", ""))
        if work is None:
            raise Http404
        try:
            said = work(name, request.POST, member(request).id)
        except Refused as refused:
            wrong = refused.lines()
        else:
            messages.success(request, said)
            return redirect("meeting-desk", name)
    return render(request, "decide/desk.jinja", {
        "plan": found, "meeting": found.sitting, "items": queries.items(name), "today": localdate(), "wrong": wrong,
        "typed": request.POST if wrong else {}, "did": request.POST.get("do", ""), "purposes": PURPOSES,
        "grounds": GROUNDS, "staff": desk_queries.staff_of(code, localdate()), "cases": desk_queries.cases_of(code),
        "planned": {each.number: each for each in found.items}, "invented": found.sitting.invented},
        status=400 if wrong else 200)


def _notice(name: str, sent: QueryDict, by: str) -> str:
    flag = agenda_actions.give_notice(name, by=by, at=now(), because=words(sent, "because"))
    return f"Notice is given, and flagged. {flag}." if flag else "Notice is given."


def _add(name: str, sent: QueryDict, by: str) -> str:
    title, asked_to = words(sent, "title", 200), words(sent, "asked_to")
    if not title or not asked_to:
        raise refuse("an item has a title and says what is asked", "write both")
    bodies = tuple(filter(None, (each.strip() for each in words(sent, "bodies").split(";"))))
    number = agenda_actions.add_item(
        name, title=title, asked_to=asked_to, purpose=words(sent, "purpose"), by=by, at=now(), bodies=bodies,
        case=words(sent, "case"), paper_owed_by=words(sent, "paper_owed_by"), ground=words(sent, "ground"),
        ground_because=words(sent, "ground_because"), key=bool(sent.get("key")),
        urgent_because=words(sent, "urgent_because"))
    return f"It stands on the agenda as item {number}."


def _send(name: str, sent: QueryDict, by: str) -> str:
    flag = agenda_actions.dispatch(name, by=by, at=now(), because=words(sent, "because"))
    return f"{flag}. The moment and the fingerprints stand in the record."


def _moved(name: str, sent: QueryDict, by: str) -> str:
    agenda_actions.move_item(_item(name, sent), up=sent.get("do") == "up", by=by)
    return "The two items changed places."


def _purpose(name: str, sent: QueryDict, by: str) -> str:
    agenda_actions.set_purpose(_item(name, sent), words(sent, "purpose"), by=by)
    return "What the item is for is changed."


def _privacy(name: str, sent: QueryDict, by: str) -> str:
    agenda_actions.set_privacy(_item(name, sent), words(sent, "ground"), words(sent, "ground_because"), by=by)
    return "It is recorded whether the public may hear it, and why not."


_WORK: dict[str, Callable[[str, QueryDict, str], str]] = {
    "notice": _notice, "add": _add, "send": _send, "up": _moved, "down": _moved, "purpose": _purpose,
    "privacy": _privacy}


def _item(name: str, sent: QueryDict) -> OpenItem:
    found = queries.item(name, whole(sent, "number", "the item"))
    if found is None:
        raise refuse("there is no such item", "load the page again")
    return found


@asks("arrange a meeting")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """What one's body asks of its meetings: days of notice, and whether the chair has a casting vote."""
    person = member(request)
    codes = bodies_for(person, "arrange a meeting")
    code = request.POST.get("body") or (codes[0] if codes else "")
    if code not in codes:
        raise Http404
    require(request, "arrange a meeting", code)
    wrong, held = list[str](), agenda_queries.rules_of(code)
    if request.method == "POST":
        try:
            agenda_actions.set_rules(code, _rules(request.POST), by=person.id)
        except Refused as refused:
            wrong = refused.lines()
        else:
            messages.success(request, "The rules are set, with their source, and hold for every meeting to come.")
            return redirect("meeting-rules")
    body = next(each for each in person.memberships if each.organisation == code)
    return render(request, "decide/rules.jinja", {
        "body": body, "rules": held, "typed": request.POST if wrong else {}, "wrong": wrong,
        "invented": body.invented}, status=400 if wrong else 200)


def _rules(sent: QueryDict) -> Rules:
    key = words(sent, "key_days", 3)
    return Rules(whole(sent, "notice_days", "the days of notice"), whole(sent, "papers_days", "the days for papers"),
                 0 if key in ("", "0") else whole(sent, "key_days", "the days for a key decision"),
                 whole(sent, "question_days", "the days for questions"), bool(sent.get("casting_vote")),
                 words(sent, "source", 300))


@asks("bring a paper")
@require_POST
def bring(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Bring a paper for an item, or a newer version of one."""
    found = queries.item(name, number)
    if found is None:
        raise Http404
    require(request, "bring a paper", found.meeting.organisation, moment=found.moment)
    if too_large(request):
        raise refuse("this file is too large", "save it smaller: 10 MB are taken")
    sent: Any = request.FILES.get("file")
    if sent is None:
        raise refuse("no file was chosen", "go back and choose the paper")
    version = agenda_actions.attach(
        found, title=words(request.POST, "title", 200), file_name=name_of(sent), content=content_of(sent),
        by=member(request).id, at=now(), because=words(request.POST, "because"))
    messages.success(request, f"It is held as version {version}. Members have it once it is sent.")
    return redirect("meeting-desk", name) if request.POST.get("back") == "desk" else redirect("item", name, number)


@asks("accept a paper")
@require_POST
def accept(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Record that the body goes by the newest papers, with the reason."""
    found = queries.item(name, number)
    if found is None:
        raise Http404
    require(request, "accept a paper", found.meeting.organisation, moment=found.moment)
    agenda_actions.accept_newest(found, by=member(request).id, at=now(), because=words(request.POST, "because"))
    messages.success(request, "It is recorded that the body goes by the newest papers.")
    return redirect("item", name, number)
