"""A body's own register of policies: entered, uploaded, dropped with a reason, and taken over from a predecessor."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.data.tables import Opened
from evenhand.find.app import policy_actions, policy_queries
from evenhand.find.app.policy_actions import Fate
from evenhand.find.app.policy_queries import Handover, Inherited
from evenhand.find.policies import KIND_WORDS, Register, fields_of, policy_of, read_policies
from evenhand.pages import uploads
from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.app import queries as people
from evenhand.people.app.queries import Organised
from evenhand.people.rights import bodies_for
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted
from evenhand.web import policies_here

MOST_LETTERS = 4_000
AT_ONCE = 20
FIELDS = ("title", "kind", "from", "to", "source", "exceptions", "codes", "measures")


@asks("read public pages")
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """Who holds which policy since when, and what became of each policy of a predecessor."""
    holdings: dict[str, list[policy_queries.Held]] = {}
    for each in policy_queries.held():
        holdings.setdefault(each.organisation, []).append(each)
    handed: dict[str, list[Handover]] = {}
    for found in policy_queries.handovers():
        handed.setdefault(found.organisation, []).append(found)
    bodies = people.organisations(frozenset(holdings) | frozenset(handed))
    return render(request, "web/policies-held.jinja", {
        "bodies": [(each, holdings.get(each.code, []), policy_queries.ended_of(each.code), handed.get(each.code, []))
                   for each in bodies],
        "kinds": KIND_WORDS, "invented": bool(bodies) and all(each.invented for each in bodies),
        "may_keep": bool(bodies_for(member(request), "keep policies"))})


@asks("read public pages")
@require_safe
def held_file(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """A body's register as a table: what is uploaded here reads it back."""
    rows = policy_queries.held(frozenset({code}))
    if form != "csv" or not rows:
        raise Http404
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(fields_of(rows[0].policy)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(fields_of(each.policy) for each in rows)
    return as_file("\ufeff" + out.getvalue(), f"policies-{code}.csv", FORMS["csv"])


@asks("keep policies")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ours(request: HttpRequest) -> HttpResponse:
    """The register of one's body, and a file to put in its place."""
    body, wrong = _body(request), list[Problem]()
    if request.method == "POST":
        try:
            register = _sent(request, "register")
            became = policy_actions.replace_register(body.code, register, by=member(request).id, on=localdate())
        except Refused as refused:
            wrong = list(refused.problems)
        else:
            messages.success(request, f"The register is kept: {counted(len(register.policies), 'policy', 'policies')}. "
                             f"{len(became.new)} new, {len(became.changed)} changed, {len(became.dropped)} dropped "
                             "with a reason.")
            return redirect(_address("policies-ours", body))
    return render(request, "web/policies-ours.jinja", {
        "body": body, "bodies": _bodies(request), "held": policy_queries.held(frozenset({body.code})),
        "ended": policy_queries.ended_of(body.code), "handovers": policy_queries.handovers(frozenset({body.code})),
        "wrong": _lines(wrong), "megabytes": uploads.megabytes(), "invented": body.invented},
        status=400 if wrong else 200)


@asks("keep policies")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter one policy, or change one: from nothing, from one's own, or like a published one."""
    body, wrong = _body(request), dict[str, str]()
    key = request.GET.get("policy", "")[:120]
    known = policies_here.known()
    own = known.held_by(body.code, key)
    like = own or known.named(key)
    if key and like is None:
        raise Http404
    typed = fields_of(like) if like else dict.fromkeys(FIELDS, "")
    if request.method == "POST":
        typed = {**typed, **{name: request.POST.get(name, "").strip()[:MOST_LETTERS] for name in FIELDS}}
        try:
            policy = policy_of({**typed, "id": like.id if like else ""})
            if like is None and known.held_by(body.code, policy.id):
                raise refuse("your register holds a policy of this title", "change that one, or write another title",
                             column="title", value=policy.title)
            policy_actions.enter(body.code, replace(policy, updated=like.updated if like else ""),
                                 by=member(request).id, on=localdate())
        except Refused as refused:
            wrong = {each.column or "title": _sentence(each) for each in refused.problems}
        else:
            messages.success(request, f"Kept: {policy.title}.")
            return redirect(_address("policies-ours", body))
    return render(request, "web/policy-enter.jinja", {
        "body": body, "own": own, "like": like, "typed": typed, "kinds": KIND_WORDS, "wrong": list(wrong.items()),
        "errors": wrong, "invented": body.invented}, status=400 if wrong else 200)


@asks("keep policies")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, name: str) -> HttpResponse:
    """Drop a policy of one's register, with the reason."""
    body = _body(request)
    policy = policies_here.known().held_by(body.code, name)
    if policy is None:
        raise Http404
    wrong = ""
    if request.method == "POST":
        try:
            policy_actions.end(body.code, name, why=request.POST.get("why", "")[:MOST_LETTERS], by=member(request).id,
                               on=localdate())
        except Refused as refused:
            wrong = _sentence(refused.problems[0])
        else:
            messages.success(request, f"Dropped, with its reason: {policy.title}.")
            return redirect(_address("policies-ours", body))
    return render(request, "web/policy-end.jinja", {"body": body, "policy": policy, "wrong": wrong,
                                                    "invented": body.invented}, status=400 if wrong else 200)


@asks("keep policies")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def before(request: HttpRequest) -> HttpResponse:
    """A predecessor's policies: brought in, then kept, changed or dropped one by one."""
    body, wrong = _body(request), list[Problem]()
    predecessor = (request.POST if request.method == "POST" else request.GET).get("predecessor", "").strip()[:200]
    if request.method == "POST":
        try:
            said, onward = _acted(request, body, predecessor)
        except Refused as refused:
            wrong = list(refused.problems)
        else:
            messages.success(request, said)
            return redirect(onward)
    found = policy_queries.handover(body.code, predecessor) if predecessor else None
    if predecessor and found is None and not wrong:
        raise Http404
    shown = _to_say(request, found) if found else ()
    return render(request, "web/policies-before.jinja", {
        "body": body, "found": found, "predecessor": predecessor, "to_say": shown, "kinds": KIND_WORDS,
        "names": policy_queries.predecessors(body.code), "wrong": _linked(wrong, shown),
        "errors": {each.column: _sentence(each) for each in wrong}, "typed": request.POST,
        "others": policy_queries.handovers(frozenset({body.code})), "megabytes": uploads.megabytes(),
        "invented": body.invented}, status=400 if wrong else 200)


def _acted(request: HttpRequest, body: Organised, predecessor: str) -> tuple[str, str]:
    """Do what the button says; gives what to tell and where to go on."""
    by, today, do = member(request).id, localdate(), request.POST.get("do", "")
    here = f"{_address('policies-before', body)}&{urlencode({'predecessor': predecessor})}"
    if do == "bring":
        number = policy_actions.bring(body.code, predecessor, _sent(request, "register"), by=by, on=today)
        return f"{counted(number, 'policy', 'policies')} of {predecessor} are here. Say what becomes of each.", here
    if do == "take back":
        policy_actions.take_back(body.code, predecessor, by=by)
        return f"The policies of {predecessor} are taken back.", _address("policies-before", body)
    policy_actions.say(body.code, predecessor, _fates(request), by=by)
    if do != "settle":
        return "What you said is kept.", here
    became = policy_actions.settle(body.code, predecessor, by=by, on=today)
    return (f"Taken over: {len(became.kept)} kept, {len(became.changed)} changed, {len(became.dropped)} dropped with a "
            "reason.", reverse("policies-held"))


def _fates(request: HttpRequest) -> dict[int, Fate]:
    sent = request.POST
    numbers = [int(name.removeprefix("became-")) for name in sent
               if name.startswith("became-") and name.removeprefix("became-").isascii()
               and name.removeprefix("became-").isdigit() and len(name) < 25]

    def typed(name: str, number: int) -> str:
        return sent.get(f"{name}-{number}", "").strip()[:MOST_LETTERS]

    return {each: Fate(typed("became", each), typed("reason", each), typed("kind", each), typed("exceptions", each))
            for each in numbers}


def _to_say(request: HttpRequest, found: Handover) -> tuple[Inherited, ...]:
    """The policies to be asked about on this page: one that somebody wants to change, or the next undecided ones."""
    if found.is_settled:
        return ()
    again = request.GET.get("again", "")
    chosen = tuple(each for each in found.policies if str(each.number) == again)
    return chosen or found.undecided[:AT_ONCE]


def _sent(request: HttpRequest, name: str) -> Register:
    """The register somebody sent. Raises ``Refused`` for none, and for one that is too large."""
    if uploads.too_large(request):
        raise refuse(f"the file is larger than {uploads.megabytes()} megabytes", "send the register alone, as CSV",
                     column=name)
    sent = request.FILES.get(name)
    if sent is None:
        raise refuse("there is no file", "choose one", column=name)
    return read_policies(Opened(uploads.name_of(sent), content=uploads.content_of(sent)))


def _body(request: HttpRequest) -> Organised:
    """The body whose register it is: the one named, or the first that this person may act for."""
    bodies = _bodies(request)
    named = request.GET.get("body", "")
    chosen = next((each for each in bodies if each.code == named), None) if named else bodies[0]
    if chosen is None:
        raise Http404
    require(request, "keep policies", chosen.code)
    return chosen


def _bodies(request: HttpRequest) -> list[Organised]:
    codes = bodies_for(member(request), "keep policies")
    there = {each.code: each for each in people.organisations(frozenset(codes))}
    return [there[each] for each in codes if each in there]


def _address(name: str, body: Organised) -> str:
    return f"{reverse(name)}?{urlencode({'body': body.code})}"


def _lines(problems: list[Problem]) -> list[str]:
    """Each problem with its place: what row, what column, what was found, what to do."""
    return Refused(problems).lines() if problems else []


def _linked(problems: list[Problem], shown: tuple[Inherited, ...]) -> list[tuple[str, str]]:
    """Each problem as a sentence with the field it leads to, where the page shows that field."""
    numbers = {str(each.number) for each in shown}
    return [(each.column if each.column.rpartition("-")[2] in numbers or each.column in ("register", "predecessor")
             else "", _sentence(each) if not each.file else str(each)) for each in problems]


def _sentence(problem: Problem) -> str:
    value = f": “{problem.value}”" if problem.value else ""
    what, remedy = problem.what[:1].upper() + problem.what[1:], problem.remedy[:1].upper() + problem.remedy[1:]
    return f"{what}{value}. {remedy}."
