"""Assurance both ways: a case put to the regional office, its answer, and how the office itself does."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenhand.decide import gate
from evenhand.decide.app import assurance_actions as actions
from evenhand.decide.app import assurance_queries as queries
from evenhand.decide.app.assurance_queries import Asked
from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.rights import bodies_for, may
from evenhand.record.app import queries as record
from evenhand.terms import Refused
from evenhand.web import cases
from evenhand.web.case_page import CasePage

COLUMNS = ("assurer", "organisation", "case", "version", "asked", "due", "answered", "outcome", "working_days",
           "days_late", "questions", "offers_of_help", "invented")
MOST_LETTERS = 4_000
READ, ASK, SAY, REPLY = "read backing", "ask for backing", "question a case", "answer the assurer"
STATE, TIME = "issue a statement", "publish a time"


@asks("read public pages")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """How each regional office does: how long its answers take, whether in its own time, and what it backed."""
    found = queries.assurers(today=localdate())
    person = member(request)
    return render(request, "web/assurance.jinja", {
        "assurers": found, "titles": _titles(), "errors": {}, "typed": {},
        "times": {each.code for each in found if may(person, TIME, each.code)},
        "readable": {each.key for one in found for each in one.asked if _may_read(request, each)},
        "invented": bool(found) and all(each.invented for each in found)})


@asks("read public pages")
@require_safe
def listing_file(request: HttpRequest, form: str) -> HttpResponse:
    """Every request as open data, without the words that were exchanged."""
    rows = [_row(each) for each in queries.requests(today=localdate())]
    if form == "json":
        return as_file(json.dumps({"requests": rows}, ensure_ascii=False, indent=1), "assurance.json", FORMS["json"])
    if form != "csv":
        raise Http404
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return as_file("\ufeff" + out.getvalue(), "assurance.csv", FORMS["csv"])


@asks(ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, name: str) -> HttpResponse:
    """Put the newest version of a case to a regional office."""
    page = cases.named(name)
    if page is None or page.proposal is None:
        raise Http404
    person = member(request)
    owners = {*(entry.organisation for entry in page.entries if entry.organisation), *page.codes}
    body = next((each for each in bodies_for(person, ASK) if each in owners), next(iter(sorted(owners)), ""))
    require(request, ASK, body)
    version, words, error = _newest(page), request.POST.get("words", "")[:MOST_LETTERS], ""
    if request.method == "POST":
        try:
            key = actions.ask(name, version=version, organisation=body, assurer=request.POST.get("assurer", ""),
                              words=words, by=person.id, on=localdate())
        except Refused as refused:
            error = _said(refused)
        else:
            messages.success(request, f"Version {version} is put to the regional office.")
            return redirect("backing", key)
    return render(request, "web/assurance-ask.jinja", {
        "page": page, "version": version, "assurers": queries.assurers(today=localdate()), "words": words,
        "chosen": request.POST.get("assurer", ""), "error": error, "invented": page.invented},
        status=400 if error else 200)


@asks(READ)
@never_cache
@require_safe
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One request: the case, what was asked, offered and answered, and what may be done now."""
    found = _request(key)
    if not _may_read(request, found):
        require(request, READ, found.organisation)
    return _page(request, found)


@asks(SAY)
@require_POST
def say(request: HttpRequest, key: int) -> HttpResponse:
    """Put a question, or offer help."""
    found = _request(key)
    require(request, SAY, found.assurer, moment=found.moment)
    try:
        actions.say(key, kind=request.POST.get("kind", ""), words=request.POST.get("words", "")[:MOST_LETTERS],
                    by=member(request).id, on=localdate())
    except Refused as refused:
        return _page(request, found, _problems(refused))
    messages.success(request, "The commissioner sees it now.")
    return redirect("backing", key)


@asks(REPLY)
@require_POST
def reply(request: HttpRequest, key: int) -> HttpResponse:
    """Answer what the regional office asked or offered."""
    number = queries.request_of(key)
    if number is None:
        raise Http404
    found = _request(number)
    require(request, REPLY, found.organisation)
    try:
        actions.reply(key, words=request.POST.get("answer", "")[:MOST_LETTERS], by=member(request).id, on=localdate())
    except Refused as refused:
        return _page(request, found, _problems(refused))
    messages.success(request, "The regional office sees the answer now.")
    return redirect("backing", number)


@asks(STATE)
@require_POST
def state(request: HttpRequest, key: int) -> HttpResponse:
    """Say whether the version is backed, and why; the statement is left as a paper of the case."""
    found = _request(key)
    require(request, STATE, found.assurer, moment=found.moment)
    page = cases.named(found.case)
    if page is None:
        raise Http404
    conditions = tuple(line.strip() for line in request.POST.get("conditions", "").splitlines() if line.strip())
    try:
        actions.state(key, outcome=request.POST.get("outcome", ""), reasons=request.POST.get("reasons", ""),
                      conditions=conditions, newest=_newest(page), by=member(request).id, on=localdate(),
                      rests_on=[(each.digest, each.name) for each in page.held], figures=_stands(found))
    except Refused as refused:
        return _page(request, found, _problems(refused))
    messages.success(request, "The statement is issued, and stands on the page of the case.")
    return redirect("backing", key)


@asks(TIME)
@require_POST
def time(request: HttpRequest, code: str) -> HttpResponse:
    """Publish within how many working days the regional office answers."""
    require(request, TIME, code)
    typed = request.POST.get("working_days", "")
    try:
        actions.say_time(code, working_days=int(typed) if typed.strip().isdigit() else 0, since=localdate(),
                         by=member(request).id)
    except Refused as refused:
        messages.error(request, _said(refused))
    else:
        messages.success(request, "The time is published. What was asked before keeps its day.")
    return redirect("assurance")


def _request(key: int) -> Asked:
    found = queries.request(key, today=localdate())
    if found is None:
        raise Http404
    return found


def _may_read(request: HttpRequest, found: Asked) -> bool:
    person = member(request)
    return may(person, READ, found.organisation) or may(person, READ, found.assurer)


def _newest(page: CasePage) -> int:
    versions = [each.paper.header.proposal_version for each in page.held if each.paper.paper == "proposal"]
    return max((each for each in versions if each is not None), default=1)


def _stands(found: Asked) -> dict[str, Any]:
    """How the version stood to the tests on the day: the verdict and how many of each answer."""
    try:
        fields = gate(record.held(f"case/{found.case}"), proposal_version=found.version).fields
    except Refused:
        return {}
    return {name: fields[name] for name in ("verdict", "counts", "on", "packs")}


def _page(request: HttpRequest, found: Asked, problems: dict[str, str] | None = None) -> HttpResponse:
    person, page = member(request), cases.named(found.case)
    if not _may_read(request, found):
        raise PermissionDenied
    return render(request, "web/backing.jinja", {
        "asked": found, "page": page, "title": _titles().get(found.case, found.case), "errors": problems or {},
        "typed": request.POST, "still_to_show": cases.owed(page) if page else None, "outcomes": actions.OUTCOMES,
        "replaced": page is not None and _newest(page) != found.version, "newest": _newest(page) if page else 0,
        "may_say": may(person, SAY, found.assurer, moment=found.moment),
        "may_state": may(person, STATE, found.assurer, moment=found.moment),
        "may_reply": may(person, REPLY, found.organisation), "invented": found.invented},
        status=400 if problems else 200)


def _problems(refused: Refused) -> dict[str, str]:
    return {each.column or "words": f"{each.what[:1].upper()}{each.what[1:]}: {each.remedy}."
            for each in refused.problems}


def _said(refused: Refused) -> str:
    return " ".join(_problems(refused).values())


def _titles() -> dict[str, str]:
    return {page.name: page.title for page in cases.every_case()}


def _row(found: Asked) -> dict[str, Any]:
    days = {name: getattr(found, name) for name in ("asked", "due", "answered")}
    return {"assurer": found.assurer_name, "organisation": found.organisation_name, "case": found.case,
            "version": found.version, **{name: day.isoformat() if day else "" for name, day in days.items()},
            "outcome": found.outcome, "working_days": found.took, "days_late": found.days_late,
            "questions": sum(each.kind == "question" for each in found.said),
            "offers_of_help": sum(each.kind == "support" for each in found.said),
            "invented": "yes" if found.invented else "no"}
