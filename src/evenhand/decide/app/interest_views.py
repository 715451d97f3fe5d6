"""Pages of the register of interests: in public, one's own entries, what the secretary keeps, and at meetings."""

from __future__ import annotations

import json

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evenhand.decide.app import interest_actions as actions
from evenhand.decide.app import interest_open_data as open_data
from evenhand.decide.app import interest_queries as queries
from evenhand.decide.app import queries as meetings
from evenhand.decide.app.interest_forms import (
    KIND_HINTS,
    AgreeForm,
    DeclareForm,
    EndForm,
    ReturnForm,
    RulingForm,
    SettleForm,
)
from evenhand.decide.app.queries import OpenItem
from evenhand.decide.interest_dates import DAYS_TO_DECLARE, MONTHS_SHOWN, SOURCE
from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.rights import may
from evenhand.terms import Refused

# --- the public register ----------------------------------------------------------------------------------------------


@asks("read public pages")
@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """Every body's register in a sentence, and the files."""
    found = queries.registers(localdate())
    return render(request, "decide/interests.jinja", {"registers": found, "source": SOURCE,
                                                      "invented": bool(found) and all(each.invented for each in found)})


@asks("read public pages")
@require_safe
def register(request: HttpRequest, code: str) -> HttpResponse:
    """One body's register, by person."""
    found = queries.register(code, localdate())
    if found is None:
        raise Http404
    person = member(request)
    return render(request, "decide/interests-of.jinja", {
        "register": found, "columns": open_data.COLUMNS, "source": SOURCE, "days": DAYS_TO_DECLARE,
        "months": MONTHS_SHOWN, "invented": found.invented, "keeps": may(person, "keep the register", code),
        "declares": may(person, "declare to the register", code)})


@asks("read public pages")
@require_safe
def registers_file(request: HttpRequest, form: str) -> HttpResponse:
    """Every register as open data."""
    return _file(request, queries.registers(localdate()), form, "interests")


@asks("read public pages")
@require_safe
def register_file(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """One register as open data."""
    found = queries.register(code, localdate())
    if found is None:
        raise Http404
    return _file(request, [found], form, f"interests-{code}")


@asks("read public pages")
@require_safe
def schema_file(request: HttpRequest) -> HttpResponse:
    """What the columns of the files mean, as a Table Schema."""
    return as_file(json.dumps(open_data.schema(), ensure_ascii=False, indent=1), "interests.schema.json", FORMS["json"])


def _file(request: HttpRequest, found: list[queries.Register], form: str, name: str) -> HttpResponse:
    rows = open_data.rows_of(found)
    if form == "csv":
        return as_file(open_data.as_csv(rows), f"{name}.csv", FORMS["csv"])
    if form != "json":
        raise Http404
    schema = request.build_absolute_uri(reverse("interests-schema"))
    return as_file(open_data.as_json(found, rows, today=localdate(), schema=schema), f"{name}.json", FORMS["json"])


# --- one's own --------------------------------------------------------------------------------------------------------


@asks("declare to the register")
@never_cache
@require_safe
def mine(request: HttpRequest, code: str) -> HttpResponse:
    """One's own entries at a body, what one owes, and the forms to declare, end, correct and confirm."""
    require(request, "declare to the register", code)
    corrects = request.GET.get("correct", "")
    found = queries.own(member(request).id, code, localdate())
    earlier = next((each for each in found.declared if str(each.key) == corrects), None)
    first = None if earlier is None else DeclareForm(initial={
        "body": earlier.body_code or earlier.body_name, "part": earlier.part, "kind": earlier.kind,
        "standing": earlier.standing, "whose": earlier.whose, "began": earlier.began or "", "what": earlier.what,
        "ended": earlier.ended or "", "corrects": earlier.key})
    return _mine(request, code, form=first)


@asks("declare to the register")
@require_POST
def declare(request: HttpRequest, code: str) -> HttpResponse:
    """Declare an interest of one's own, or correct an entry of one's own by a further one."""
    require(request, "declare to the register", code)
    form = DeclareForm(request.POST)
    if not form.is_valid():
        return _mine(request, code, form=form, wrong=_wrong(form))
    corrects = form.cleaned_data["corrects"]
    try:
        key = actions.declare(code, form.stated(), by=member(request).id, on=localdate(), corrects=corrects)
    except Refused as refused:
        return _mine(request, code, form=form, wrong=refused.lines())
    found = queries.declared(key, localdate())
    assert found is not None
    late = "; ".join(filter(None, (found.late, *found.declared_late_at)))
    messages.success(request, ("The earlier entry is corrected." if corrects else "Your interest is on the register.")
                     + (f" It is marked as late: {late}." if late else ""))
    return redirect("my-interests", code)


@asks("declare to the register")
@require_POST
def end(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Say that an interest of one's own is over."""
    _theirs(request, code, key)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _mine(request, code, wrong=_wrong(form))
    try:
        actions.end(key, by=member(request).id, last_day=form.cleaned_data["last_day"], on=localdate())
    except Refused as refused:
        return _mine(request, code, wrong=refused.lines())
    messages.success(request, f"The interest is over. It stays on the public register for {MONTHS_SHOWN} months more.")
    return redirect("my-interests", code)


@asks("declare to the register")
@require_POST
def give_return(request: HttpRequest, code: str) -> HttpResponse:
    """Give one's yearly word."""
    require(request, "declare to the register", code)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _mine(request, code, wrong=_wrong(form))
    try:
        actions.give_return(code, by=member(request).id, nil=form.cleaned_data["nil"], on=localdate())
    except Refused as refused:
        return _mine(request, code, wrong=refused.lines())
    messages.success(request, "Your return is entered.")
    return redirect("my-interests", code)


def _theirs(request: HttpRequest, code: str, key: int) -> queries.Declared:
    """An entry of the person who asks; anybody else's is not theirs to change."""
    require(request, "declare to the register", code)
    found = queries.declared(key, localdate())
    if found is None or found.organisation != code:
        raise Http404
    if found.member != member(request).id:
        raise PermissionDenied
    return found


def _mine(request: HttpRequest, code: str, *, form: DeclareForm | None = None,
          wrong: list[str] | None = None) -> HttpResponse:
    today, found = localdate(), queries.register(code, localdate())
    assert found is not None
    return render(request, "decide/my-interests.jinja", {
        "register": found, "own": queries.own(member(request).id, code, today), "today": today,
        "form": form or DeclareForm(), "wrong": wrong or [], "hints": KIND_HINTS, "bodies": queries.known_bodies(),
        "days": DAYS_TO_DECLARE, "invented": found.invented}, status=400 if wrong else 200)


# --- what the secretary keeps -----------------------------------------------------------------------------------------


@asks("keep the register")
@never_cache
@require_safe
def keep(request: HttpRequest, code: str) -> HttpResponse:
    """Who is overdue, what came late, and what still has no step agreed."""
    require(request, "keep the register", code)
    return _keep(request, code)


@asks("keep the register")
@require_POST
def agree(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Enter what was agreed about an interest, and by whom."""
    require(request, "keep the register", code)
    found = queries.declared(key, localdate())
    if found is None or found.organisation != code:
        raise Http404
    form = AgreeForm(request.POST)
    if not form.is_valid():
        return _keep(request, code, wrong=_wrong(form))
    try:
        actions.agree_step(key, by=member(request).id, on=localdate(), **form.cleaned_data)
    except Refused as refused:
        return _keep(request, code, wrong=refused.lines())
    messages.success(request, f"Entered for {found.name}, {found.body_name}.")
    return redirect("keep-interests", code)


def _keep(request: HttpRequest, code: str, *, wrong: list[str] | None = None) -> HttpResponse:
    found = queries.register(code, localdate())
    assert found is not None
    entries = [each for person in found.people for each in person.declared]
    return render(request, "decide/keep-interests.jinja", {
        "register": found, "wrong": wrong or [], "me": member(request).id, "form": AgreeForm(),
        "open_ones": [each for each in entries if not each.step and not each.is_over(found.today)],
        "late": [each for each in entries if each.late or each.declared_late_at], "invented": found.invented,
    }, status=400 if wrong else 200)


# --- at a meeting -----------------------------------------------------------------------------------------------------


@asks("read a meeting")
@never_cache
@require_safe
def at_meeting(request: HttpRequest, name: str) -> HttpResponse:
    """Interests and quorum of every item, what is to be settled, and what an absence would do."""
    return _at_meeting(request, name)


@asks("rule on an interest")
@require_POST
def rule(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Enter the chair's ruling for one member on one item, with its reason."""
    found = _item(request, name, number, "rule on an interest")
    form = RulingForm(request.POST, names=found.names)
    if not form.is_valid():
        return _at_meeting(request, name, wrong=_wrong(form), ruling=(number, form))
    person = member(request)
    keeps = may(person, "keep the register", found.meeting.organisation)
    try:
        actions.rule(found, by=person.id, on=localdate(), keeps_minutes=keeps, **form.cleaned_data)
    except Refused as refused:
        return _at_meeting(request, name, wrong=refused.lines(), ruling=(number, form))
    messages.success(request, f"The ruling is entered for item {number}, and stands in the record with its reason.")
    return redirect("meeting-interests", name)


@asks("settle an interest")
@require_POST
def settle(request: HttpRequest, name: str) -> HttpResponse:
    """Say whether two names mean one body."""
    found = meetings.meeting(name)
    if found is None:
        raise Http404
    require(request, "settle an interest", found.organisation)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _at_meeting(request, name, wrong=_wrong(form))
    given = form.cleaned_data
    if not any((each.key, each.touched) == (given["key"], given["name"]) for each in queries.to_settle(name)):
        return _at_meeting(request, name, wrong=["This was settled already, or is no question of this meeting."])
    try:
        actions.settle(given["key"], name=given["name"], same=given["same"], why=given["why"], by=member(request).id,
                       on=localdate())
    except Refused as refused:
        return _at_meeting(request, name, wrong=refused.lines())
    messages.success(request, "Settled. It is in the record with your reason.")
    return redirect("meeting-interests", name)


def _at_meeting(request: HttpRequest, name: str, *, wrong: list[str] | None = None,
                ruling: tuple[int, RulingForm] | None = None) -> HttpResponse:
    found = meetings.meeting(name)
    if found is None:
        raise Http404
    require(request, "read a meeting", found.organisation)
    person = member(request)
    # Minutes, matters arising and the like touch nobody.
    items = [each for each in meetings.items(name) if each.kind == "item"]
    names = items[0].names if items else {}
    without = tuple(each for each in request.GET.getlist("without") if each in names)
    tried = {each.number: each.quorum for each in meetings.items(name, without=without)} if without else {}
    return render(request, "decide/meeting-interests.jinja", {
        "meeting": found, "items": items, "invented": found.invented, "wrong": wrong or [], "tried": tried,
        "without": without, "without_names": [names[each] for each in without], "names": names,
        "ask": queries.to_settle(name), "me": person.id,
        "late": {each.number: queries.late_for_item(name, each.number) for each in items},
        "ruling": ruling, "form": RulingForm(names=names),
        "may_settle": may(person, "settle an interest", found.organisation),
        "rules_on": {each.number for each in items
                     if may(person, "rule on an interest", found.organisation, moment=each.moment)
                     and (each.quorum.chair == person.id or may(person, "keep the register", found.organisation))},
    }, status=400 if wrong else 200)


def _item(request: HttpRequest, name: str, number: int, action: str) -> OpenItem:
    found = meetings.item(name, number)
    if found is None:
        raise Http404
    require(request, action, found.meeting.organisation, moment=found.moment)
    return found


def _wrong(form: forms.Form) -> list[str]:
    return [str(line) for lines in form.errors.values() for line in lines]
