"""Pages of questions from the public, of minutes, and of decisions between meetings."""

from __future__ import annotations

import time
from hashlib import sha256

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenhand.decide.app import (
    agenda_actions,
    agenda_queries,
    desk_queries,
    forward_queries,
    minutes_queries,
    question_actions,
)
from evenhand.decide.app.desk_views import day, words
from evenhand.decide.grounds import GROUNDS
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.pages.often import too_often
from evenhand.people.rights import bodies_for, may
from evenhand.terms import Problem, Refused, refuse

FORM = "a question to a meeting"
QUICKEST_SECONDS, WITHIN = 2.0, 3600
MOST_FROM_ONE_PLACE, MOST_CODES_TRIED = 10, 20


@asks("put a question to a meeting")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, name: str) -> HttpResponse:
    """Put a question to a meeting: no account, and a name only if one wishes."""
    plan = forward_queries.planned(name)
    if plan is None or not plan.takes_questions:
        raise Http404
    problems: list[Problem] = []
    asked, asker = words(request.POST, "words"), words(request.POST, "asker", 80)
    if request.method == "POST":
        try:
            code = _asked(request, name, asked, asker)
        except Refused as refused:
            problems = list(refused.problems)
        else:
            messages.success(request, "Thank you. Your question has arrived.")
            return redirect("followed-question", code.replace(" ", "-"))
    return render(request, "decide/ask.jinja", {
        "plan": plan, "meeting": plan.sitting, "problems": problems, "words": asked, "asker": asker,
        "closed": localdate() > plan.questions_until, "invented": plan.sitting.invented,
        "mark": signing.dumps([time.time(), get_random_string(16)], salt=FORM)}, status=400 if problems else 200)


def _asked(request: HttpRequest, name: str, asked: str, asker: str) -> str:
    if not asked:
        raise refuse("the question has no words", "write what you would like to know", column="words")
    mark = request.POST.get("form", "")
    try:
        begun, _ = signing.loads(mark, salt=FORM)
    except (signing.BadSignature, ValueError, TypeError):
        raise refuse("this form is not ours, or was cut off on its way", "load the page again and send it from "
                     "there", column="words") from None
    # A person needs longer than a machine, and never fills in the field that nobody sees.
    if request.POST.get("website") or time.time() - float(begun) < QUICKEST_SECONDS:
        raise refuse("that was very quick", "read it over once, and press Send again", column="words")
    if too_often(request, "question", most=MOST_FROM_ONE_PLACE, seconds=WITHIN):
        raise refuse("many questions came from where you are", "send it again in an hour", column="words")
    form = sha256(f"{mark}\n{asked}".encode()).hexdigest()
    return question_actions.receive(name, words=asked, asker=asker, form=form, at=now(),
                                    by=member(request).id or "public")


@asks("put a question to a meeting")
@never_cache
@require_safe
def followed(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a question, by its code."""
    found = minutes_queries.question_of(code)
    if found is None:
        if too_often(request, "question code", most=MOST_CODES_TRIED, seconds=WITHIN):
            raise refuse("too many codes were tried from where you are", "wait an hour")
        raise Http404
    plan = forward_queries.planned(found.meeting)
    return render(request, "decide/question-followed.jinja", {"put": found, "plan": plan, "invented": found.invented})


@asks("answer a public question")
@require_POST
def settle(request: HttpRequest, key: int) -> HttpResponse:
    """Take a question from the public, turn it away with a reason, or answer it."""
    found = minutes_queries.question(key) if key < 2**62 else None
    if found is None:
        raise Http404
    require(request, "answer a public question", found.organisation)
    by, said = member(request).id, words(request.POST, "words")
    match request.POST.get("do"):
        case "take":
            question_actions.take(key, by=by)
            messages.success(request, "Everybody can read the question now.")
        case "turn away":
            question_actions.turn_away(key, because=said, by=by)
            messages.success(request, "Whoever sent it can read why it is not put to the meeting.")
        case "answer":
            question_actions.answer(key, words=said, by=by, on=localdate())
            messages.success(request, "The answer stands with the question, for everybody.")
        case _:
            raise Http404
    return redirect("meeting", found.meeting)


@asks("read public pages")
@never_cache
@require_safe
def minutes(request: HttpRequest, name: str) -> HttpResponse:
    """Minutes, marked as a draft until a later meeting confirms them; for the public without what was private."""
    plan, found = forward_queries.planned(name), minutes_queries.minutes(name)
    if plan is None or found is None:
        raise Http404
    code = plan.sitting.organisation
    belongs = may(member(request), "read votes", code, moment="closed")
    return render(request, "decide/minutes.jinja", {
        "plan": plan, "meeting": plan.sitting, "minutes": found if belongs else found.in_public(), "belongs": belongs,
        "invented": plan.sitting.invented})


@asks("decide between meetings")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def between(request: HttpRequest) -> HttpResponse:
    """Enter a decision that could not wait; it is reported at the next meeting by itself."""
    person = member(request)
    codes = bodies_for(person, "decide between meetings")
    code = request.POST.get("body") or (codes[0] if codes else "")
    if code not in codes:
        raise Http404
    require(request, "decide between meetings", code)
    staff, wrong = desk_queries.staff_of(code, localdate()), list[str]()
    if request.method == "POST":
        try:
            decided_by = words(request.POST, "decided_by")
            if decided_by not in dict(staff):
                raise refuse("it is not said who decided it", "choose somebody of the body", value=decided_by)
            agenda_actions.decide_between(
                code, title=words(request.POST, "title", 200), what=words(request.POST, "what"), by=person.id,
                decided_by=decided_by, power=words(request.POST, "power", 300), at=now(),
                because=words(request.POST, "because"), on=day(request.POST, "on", "when it was decided"),
                ground=words(request.POST, "ground", 20))
        except Refused as refused:
            wrong = refused.lines()
        else:
            messages.success(request, "It is entered, and is reported at the next meeting by itself.")
            return redirect("between-meetings")
    body = next(each for each in person.memberships if each.organisation == code)
    return render(request, "decide/between.jinja", {
        "body": body, "staff": staff, "typed": request.POST if wrong else {}, "wrong": wrong, "grounds": GROUNDS,
        "entered": agenda_queries.between(code), "invented": body.invented}, status=400 if wrong else 200)
