"""What waits for the person who is signed in, and for those who work for several bodies, body by body."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.decide.app import assurance_queries, challenge_queries, forward_queries, minutes_queries
from evenhand.decide.app import queries as meetings
from evenhand.decide.app.interest_queries import due_from
from evenhand.find.app import actions as finding
from evenhand.find.app import queries as questions
from evenhand.find.app import request_queries as requests
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.app import queries as people
from evenhand.people.rights import ACTIONS, RIGHTS, Person, bodies_for, may
from evenhand.people.roles import ROLES
from evenhand.terms import Refused
from evenhand.web import cases, concerns, loaded

MOST_LETTERS = 2_000


@asks("read my work")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I am asked to do, what my body has raised, and where to begin."""
    person = member(request)
    own, today, every = person.organisations, localdate(), cases.every_case()
    return render(request, "web/my-work.jinja", {
        **concerns.waiting_for(person, today), "today": today,
        "person": person, "invented": any(each.invented for each in person.memberships),
        "waiting": [each for each in meetings.waiting_on(person.id, own)
                    if may(person, "read an item", each.meeting.organisation)],
        "to_answer": [each for each in questions.questions(own)
                      if may(person, "answer a question", each.organisation, moment=each.moment)],
        # Nobody decides what they asked for themselves.
        "to_decide": [each for each in requests.requests(own) if each.asked_by_id != person.id
                      and may(person, "decide a request", each.organisation, moment=each.moment)],
        "asked": [each for each in questions.questions(own) if may(person, "read a question", each.organisation)],
        "titles": {page.name: page.title for page in every},
        "cases": [page for page in every if any(entry.organisation in own for entry in page.entries)],
        "meetings": meetings.meetings(frozenset(bodies_for(person, "read a meeting")) & own),
        "agreed": minutes_queries.actions_for(person.id), "papers_owed": forward_queries.papers_owed(person.id, now()),
        "backing_asked": [each for each in assurance_queries.requests(today=today)
                          if may(person, "issue a statement", each.assurer, moment=each.moment)],
        "challenged": [each for each in challenge_queries.challenges(today=today)
                       if may(person, "answer a challenge", each.organisation, moment=each.moment)],
        "put_by_public": minutes_queries.questions_waiting(frozenset(bodies_for(person, "answer a public question"))),
        "may_raise": bool(bodies_for(person, "raise a case")),
        "interests_due": due_from(person, today),
        "registers": people.organisations(frozenset(bodies_for(person, "declare to the register"))),
        "sees_people": bodies_for(person, "read who may do what")})


@asks("read my customers")
@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """Each body one works for, apart from the others."""
    person = member(request)
    rows = [_customer(person, each.code) for each in people.organisations(person.customers)]
    return render(request, "web/my-customers.jinja", {"customers": rows,
                                                      "invented": any(row["body"].invented for row in rows)})


@asks("read my customers")
@require_safe
def customer(request: HttpRequest, code: str) -> HttpResponse:
    """One body one works for."""
    person = member(request)
    if code not in person.customers:
        raise Http404
    require(request, "read my customers", code)
    row = _customer(person, code)
    return render(request, "web/my-customer.jinja", {**row, "invented": row["body"].invented})


def _customer(person: Person, code: str) -> dict[str, Any]:
    body = people.organisation(code)
    if body is None:
        raise Http404
    only = frozenset({code})
    sittings = meetings.meetings(only) if may(person, "read a meeting", code) else []
    asked = questions.questions(only) if may(person, "read a question", code) else []
    open_items = [item for each in sittings for item in meetings.items(each.name) if item.moment != "closed"]
    return {"body": body, "meetings": sittings, "items": open_items, "questions": asked,
            "waiting_on_them": [each for each in asked if each.moment == "asked"],
            "cases": [page for page in cases.every_case()
                      if any(entry.organisation == code for entry in page.entries)]}


@asks("read a question")
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: int) -> HttpResponse:
    """A question put to clinicians; the clinical lead answers it here."""
    found = questions.question(key) if key < 2**62 else None
    if found is None:
        raise Http404
    require(request, "read a question", found.organisation)
    wrong: list[str] = []
    words = request.POST.get("answer", "").strip()[:MOST_LETTERS]
    if request.method == "POST":
        require(request, "answer a question", found.organisation, moment=found.moment)
        if not words:
            wrong = ["Write an answer: a sentence will do."]
        else:
            try:
                finding.answer(key, words=words, by=member(request).id, on=localdate())
            except Refused as refused:
                wrong = refused.lines()
            else:
                messages.success(request, "Your answer is kept, and stands with the question.")
                return redirect("question", key)
    may_answer = may(member(request), "answer a question", found.organisation, moment=found.moment)
    return render(request, "web/question.jinja", {"question": found, "may_answer": may_answer, "wrong": wrong,
                                                  "words": words, "invented": found.invented,
                                                  "about_a_real_place": not loaded.is_invented(found.of)},
                  status=400 if wrong else 200)


@asks("read who may do what")
@require_safe
def who_may(request: HttpRequest, code: str) -> HttpResponse:
    """The table of rights, and who belongs to a body."""
    body = people.organisation(code)
    if body is None:
        raise Http404
    require(request, "read who may do what", code)
    return render(request, "web/who-may.jinja", {
        "body": body, "people": people.people_of(code, localdate()), "rights": RIGHTS, "actions": ACTIONS,
        "roles": ROLES, "invented": body.invented})
