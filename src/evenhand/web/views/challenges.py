"""The register of challenges, and what is entered of each."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenhand.decide.app import challenge_actions as actions
from evenhand.decide.app import challenge_queries as queries
from evenhand.decide.app.challenge_forms import AnswerForm, ChallengeForm, EndingForm
from evenhand.decide.app.challenge_queries import ChallengeHeld
from evenhand.decide.challenge_routes import GROUNDS, routes, routes_for
from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.rights import may
from evenhand.terms import Refused
from evenhand.web import cases, challenges

COLUMNS = ("case", "organisation", "route", "grounds", "by_whom", "received", "answer_due", "answered", "standing",
           "ended", "consequence", "invented")
ANSWER, END = "answer a challenge", "end a challenge"


@asks("read public pages")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every challenge, what became of it, and whether an answer is late."""
    found = queries.challenges(today=localdate())
    return render(request, "web/challenges.jinja", {
        "challenges": found, "late": sum(each.is_overdue for each in found), "titles": _titles(),
        "invented": bool(found) and all(each.invented for each in found), "routes": routes(), "real_page": not found})


@asks("read public pages")
@require_safe
def listing_file(request: HttpRequest, form: str) -> HttpResponse:
    """The register as open data, without the words people wrote."""
    rows = [_row(each) for each in queries.challenges(today=localdate())]
    if form == "json":
        return as_file(json.dumps({"challenges": rows}, ensure_ascii=False, indent=1), "challenges.json",
                       FORMS["json"])
    if form != "csv":
        raise Http404
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "grounds": "; ".join(row["grounds"])} for row in rows)
    return as_file("\ufeff" + out.getvalue(), "challenges.csv", FORMS["csv"])


@asks("read public pages")
@never_cache
@require_safe
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One challenge, with what may be done about it."""
    return _page(request, _challenge(key))


@asks(challenges.ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, name: str) -> HttpResponse:
    """Enter a challenge to a decision."""
    page = cases.named(name)
    if page is None or page.decision is None:
        raise Http404
    person = member(request)
    body = challenges.body_for(person, page) or next(iter(sorted(page.codes)), "")
    require(request, challenges.ACTION, body)
    decided = challenges.decided_on(page)
    # A way that had ended by the day of the decision is not offered.
    open_then = routes_for(decided, today=localdate(), choosing_a_provider=True) if decided else ()
    form = ChallengeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            key = actions.receive(name, organisation=body, by=person.id, today=localdate(),
                                  decided=decided, **form.cleaned_data)
        except Refused as refused:
            _take(form, refused)
        else:
            messages.success(request, "The challenge stands in the public register.")
            return redirect("challenge", key)
    return render(request, "web/challenge-enter.jinja", {
        "page": page, "form": form, "grounds": GROUNDS,
        "routes": tuple(each.route for each in open_then) or routes(), "errors": _errors(form),
        "chosen": request.POST.getlist("grounds"), "invented": page.invented}, status=400 if form.errors else 200)


@asks(ANSWER)
@require_POST
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """Answer a challenge."""
    found = _challenge(key)
    require(request, ANSWER, found.organisation, moment=found.moment)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer(key, by=member(request).id, on=localdate(), words=form.cleaned_data["words"])
        except Refused as refused:
            _take(form, refused, otherwise="words")
        else:
            messages.success(request, "The answer stands beside the challenge.")
            return redirect("challenge", key)
    return _page(request, found, answering=form)


@asks(END)
@require_POST
def end(request: HttpRequest, key: int) -> HttpResponse:
    """Say how a challenge ended, and what it led to."""
    found = _challenge(key)
    require(request, END, found.organisation, moment=found.moment)
    form = EndingForm(request.POST)
    if form.is_valid():
        try:
            actions.end(key, by=member(request).id, on=localdate(), **form.cleaned_data)
        except Refused as refused:
            _take(form, refused)
        else:
            messages.success(request, "How it ended is entered.")
            return redirect("challenge", key)
    return _page(request, found, ending=form)


def _challenge(key: int) -> ChallengeHeld:
    found = queries.challenge(key, today=localdate())
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, found: ChallengeHeld, *, answering: AnswerForm | None = None,
          ending: EndingForm | None = None) -> HttpResponse:
    person = member(request)
    errors = {**(_errors(answering) if answering else {}), **(_errors(ending) if ending else {})}
    return render(request, "web/challenge.jinja", {
        "challenge": found, "title": _titles().get(found.case, found.case), "errors": errors,
        "answering": answering or AnswerForm(), "ending": ending or EndingForm(), "outcomes": actions.OUTCOMES,
        "may_answer": may(person, ANSWER, found.organisation, moment=found.moment),
        "may_end": may(person, END, found.organisation, moment=found.moment), "invented": found.invented},
        status=400 if errors else 200)


def _take(form: forms.Form, refused: Refused, otherwise: str = "") -> None:
    for each in refused.problems:
        column = each.column if each.column in form.fields else otherwise or next(iter(form.fields))
        form.add_error(column, f"{each.what[:1].upper()}{each.what[1:]}{f' (“{each.value}”)' if each.value else ''}: "
                               f"{each.remedy}.")


def _errors(form: forms.Form) -> dict[str, str]:
    return {name: str(lines[0]) for name, lines in form.errors.items()}


def _titles() -> dict[str, str]:
    return {page.name: page.title for page in cases.every_case()}


def _row(found: ChallengeHeld) -> dict[str, Any]:
    days = {name: getattr(found, name) for name in ("received", "answer_due", "answered", "ended")}
    return {"case": found.case, "organisation": found.organisation_name, "route": found.route,
            "grounds": list(found.grounds), "by_whom": found.by_whom,
            **{name: day.isoformat() if day else "" for name, day in days.items()}, "standing": found.standing,
            "consequence": found.consequence, "invented": "yes" if found.invented else "no"}
