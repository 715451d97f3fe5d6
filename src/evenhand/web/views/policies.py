"""The register of policies, what is done against each, and requests for prior approval or an exception."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.find.app import request_actions, request_queries
from evenhand.find.policies import KIND_WORDS, Policy
from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.app import queries as people
from evenhand.people.rights import bodies_for, may
from evenhand.terms import Month, Refused, Span
from evenhand.terms.words import NOT_HELD
from evenhand.web import loaded, policies_here, policy_figures
from evenhand.web.loaded import Release
from evenhand.web.policies_here import Known

if TYPE_CHECKING:
    from evenhand.figures import Answer

MOST_LETTERS, MOST_POUNDS = 2_000, 100_000_000
FIELDS = ("cohort", "why", "benefit")


@asks("read public pages")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every policy by kind, who holds it, and what was done against it where figures are held."""
    known = policies_here.known()
    figures = policy_figures.done(known, _typed(request))
    answer = figures.answer
    rows = {row["policy"]: row for row in answer.fields["rows"]} if answer else {}
    kinds = [*reversed(tuple(KIND_WORDS.items())), ("", "Which of these: not in the sources we hold")]
    groups = [(words, [(each, rows.get(each.id), known.holders(each.id)) for each in _by_spend(known, rows)
                       if each.kind == kind]) for kind, words in kinds]
    person = member(request)
    return render(request, "web/policies.jinja", {
        "groups": [group for group in groups if group[1]], "number": len(known.policies), "answer": answer,
        "is_counting": figures.is_counting, "of": figures.of, "places": _places(figures.release),
        "may_read": bodies_for(person, "read requests"), "may_keep": bodies_for(person, "keep policies"),
        "never": {each.policy for each in request_queries.that_never_allow()}})


@asks("read public pages")
@require_safe
def listing_file(request: HttpRequest, form: str) -> HttpResponse:
    """The register, with what was done against each where figures are held."""
    if form not in ("csv", "json"):
        raise Http404
    known = policies_here.known()
    answer = policy_figures.done(known, _typed(request), patience=None).answer
    if form == "json" and answer is not None:
        return as_file(answer.to_json(), "policies.json", FORMS["json"])
    if form == "csv":
        text = answer.table.to_csv() if answer is not None else _as_table(known)
        return as_file("\ufeff" + text, "policies.csv", FORMS["csv"])
    raise Http404


@asks("read public pages")
@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One policy: what it says, since when, from where, and what was done against it."""
    known = policies_here.known()
    policy, figures = _policy(known, name), policy_figures.done(known, _typed(request))
    answer, person = figures.answer, member(request)
    row = next((row for row in answer.fields["rows"] if row["policy"] == policy.id), None) if answer else None
    return render(request, "web/policy.jinja", {
        "policy": policy, "row": row, "of": figures.of, "span": _span(answer), "is_counting": figures.is_counting,
        "holders": known.holders(name), "is_published": name in known.published, "kinds": KIND_WORDS,
        "never": [each for each in request_queries.that_never_allow() if each.policy == name],
        "may_keep": [each for each in bodies_for(person, "keep policies") if not known.held_by(each, name)],
        "invented": bool(known.holders(name)) and name not in known.published
        and all(each.invented for each in known.holders(name)),
        "measures": [each for each in policy.measures if loaded.about(each)],
        "route": request_actions.ROUTES.get(policy.kind),
        "may_ask": bool(_who_may_be_asked(known, name, bodies_for(person, "ask against a policy")))})


@asks("ask against a policy")
@sensitive_post_parameters(*FIELDS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, name: str) -> HttpResponse:
    """Ask for prior approval or an exception, without a word about one patient."""
    known = policies_here.known()
    policy = _policy(known, name)
    bodies = _who_may_be_asked(known, name, bodies_for(member(request), "ask against a policy"))
    if len(bodies) == 1:
        # A body decides by its own words where it has some.
        policy = known.held_by(bodies[0], name) or policy
    if policy.kind not in request_actions.ROUTES or not bodies:
        raise Http404
    typed = {field: request.POST.get(field, "").strip()[:MOST_LETTERS] for field in FIELDS}
    pounds, body = request.POST.get("pounds", "").strip().replace(",", "").removeprefix("£"), ""
    wrong: list[tuple[str, str]] = []
    if request.method == "POST":
        body = request.POST.get("body", "") or (bodies[0] if len(bodies) == 1 else "")
        if body not in bodies:
            wrong.append(("body", "Choose which body decides it."))
        if pounds and not (pounds.isascii() and pounds.isdigit() and int(pounds) <= MOST_POUNDS):
            wrong.append(("pounds", "Write the cost in whole pounds, as 1200, or leave it empty."))
        if not wrong:
            require(request, "ask against a policy", body)
            try:
                key = request_actions.ask(body, policy, pounds=int(pounds) if pounds else None, by=member(request).id,
                                          on=localdate(), **typed)
            except Refused as refused:
                wrong = _said(refused)
            else:
                messages.success(request, "Your request is kept. Somebody else decides it, with reasons.")
                return redirect("policy-request", key)
    named = people.organisations(frozenset(bodies))
    return render(request, "web/policy-ask.jinja", {
        "policy": policy, "bodies": named, "wrong": wrong, "errors": dict(wrong), "typed": typed, "pounds": pounds,
        "route": request_actions.ROUTES[policy.kind], "invented": any(each.invented for each in named)},
        status=400 if wrong else 200)


@asks("read requests")
@never_cache
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The requests of my bodies: those that wait, what was decided, and how often one was allowed."""
    found = request_queries.requests(frozenset(bodies_for(member(request), "read requests")))
    return render(request, "web/policy-requests.jinja", {
        "requests": found, "tallies": request_queries.tallies(found), "invented": any(each.invented for each in found)})


@asks("read requests")
@never_cache
@require_safe
def requests_file(request: HttpRequest) -> HttpResponse:
    """How many requests each body allowed and refused, by policy: what the command reads beside its figures."""
    from evenhand.figures import Table

    found = request_queries.requests(frozenset(bodies_for(member(request), "read requests")))
    rows = [{"policy": each.policy, "unit": each.organisation, "allowed": each.allowed, "refused": each.refused,
             "waiting": each.waiting} for each in request_queries.tallies(found)]
    return as_file("\ufeff" + Table.of(rows, columns=["policy", "unit", "allowed", "refused", "waiting"]).to_csv(),
                   "requests-decided.csv", FORMS["csv"])


@asks("read requests")
@sensitive_post_parameters("reasons")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one_request(request: HttpRequest, key: int) -> HttpResponse:
    """One request; whoever has the right decides it here, with reasons."""
    found = request_queries.request(key) if key < 2**62 else None
    if found is None:
        raise Http404
    require(request, "read requests", found.organisation)
    person, wrong = member(request), list[tuple[str, str]]()
    reasons = request.POST.get("reasons", "").strip()[:MOST_LETTERS]
    if request.method == "POST":
        require(request, "decide a request", found.organisation, moment=found.moment)
        try:
            request_actions.decide(key, request.POST.get("outcome", ""), reasons=reasons, by=person.id, on=localdate())
        except Refused as refused:
            wrong = _said(refused)
        else:
            messages.success(request, "The decision is kept with its reasons.")
            return redirect("policy-request", key)
    may_decide = (may(person, "decide a request", found.organisation, moment=found.moment)
                  and person.id != found.asked_by_id)
    return render(request, "web/policy-request.jinja", {
        "found": found, "may_decide": may_decide, "wrong": wrong, "errors": dict(wrong), "reasons": reasons,
        "invented": found.invented}, status=400 if wrong else 200)


def _said(refused: Refused) -> list[tuple[str, str]]:
    """Each problem as the field it is about and a sentence."""
    found = []
    for each in refused.problems:
        value = f": “{each.value}”" if each.value else ""
        what, remedy = each.what[:1].upper() + each.what[1:], each.remedy[:1].upper() + each.remedy[1:]
        found.append((each.column or "why", f"{what}{value}. {remedy}."))
    return found


def _policy(known: Known, name: str) -> Policy:
    found = known.named(name)
    if found is None:
        raise Http404
    return found


def _who_may_be_asked(known: Known, name: str, bodies: Sequence[str]) -> list[str]:
    """Of these bodies those that go by a policy: a published one is anybody's, another only its holders'."""
    return [each for each in bodies if name in known.published or known.held_by(each, name)]


def _by_spend(known: Known, rows: Mapping[str, Mapping[str, Any]]) -> list[Policy]:
    def order(policy: Policy) -> tuple[float, str]:
        return (-(rows.get(policy.id, {}).get("spend") or 0.0), policy.title)

    return sorted(known.policies, key=order)


def _places(release: Release | None) -> list[tuple[str, str]]:
    lists = loaded.bodies()
    return sorted((lists.name(code), code) for code in release.units if code in lists) if release else []


def _typed(request: HttpRequest) -> str:
    """The place asked about; where no figures of it are held, all are shown together."""
    return request.GET.get("of", "").strip()[:20].upper()


def _span(answer: Answer | None) -> Span | None:
    if answer is None:
        return None
    period = answer.fields["period"]
    return Span(Month.parsed(period["first"]), Month.parsed(period["last"]))


def _as_table(known: Known) -> str:
    from evenhand.figures import Column, Table

    return Table.of([{"id": each.id, "title": each.title, "kind": each.kind or NOT_HELD, "dates": each.dates,
                      "exceptions": each.exceptions or NOT_HELD, "source": each.source}
                     for each in known.policies],
                    columns=[Column("id"), Column("title"), Column("kind"), Column("dates"), Column("exceptions"),
                             Column("source")]).to_csv()
