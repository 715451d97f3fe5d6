"""What must be shown of a case, test by test; the page to sign a judgement of it; and one to sign a lesson."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.decide.app import judgement_actions
from evenhand.decide.judging import Judging, may_apply, papers_to_rest_on, ways
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.pages.show import shown_table
from evenhand.terms import Problem, Refused, refuse
from evenhand.web import cases, lessons_signed, must_be_shown
from evenhand.web.case_page import PAPER_NAMES, CasePage

YES_OR_NO = {"yes": True, "no": False}


@asks("read public pages")
@require_safe
def listing(request: HttpRequest, name: str) -> HttpResponse:
    """The verdict first, the weakest links, then test by test with what is missing and who owes it."""
    page = _page(name)
    shown = must_be_shown.shown_of(page, today=localdate())
    return render(request, "web/must-be-shown.jinja", {
        "page": page, "shown": shown, "invented": page.invented,
        "table": shown_table(shown.answer.table) if shown and shown.answer.table else None,
        "may_sign": bool(must_be_shown.body_for(member(request), page))})


@asks(must_be_shown.ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, name: str, pack: str, test: str) -> HttpResponse:
    """Sign a judgement of one test: whether it applies, whether it is met, or who owes what is missing."""
    page = _page(name)
    found = must_be_shown.rule_of(page, pack, test, today=localdate())
    if found is None or not (ways(found[1]) or may_apply(found[1])):
        raise Http404
    person = member(request)
    body = must_be_shown.body_for(person, page) or next(iter(page.codes), "")
    require(request, must_be_shown.ACTION, body)
    rules, rule = found
    if request.method != "POST":
        return _form(request, page, rules, rule, {}, ())
    typed = {key: str(request.POST.get(key, "")) for key in ("applies", "met", "limb", "because", "owed_by", "due")}
    chosen = tuple(request.POST.getlist("relies_on"))
    try:
        judgement_actions.sign(must_be_shown.view_of(page), rules, rule, _judging(typed, chosen), by=person.id,
                               on=localdate(), organisation=body)
    except Refused as refused:
        return _form(request, page, rules, rule, typed, chosen, refused)
    messages.success(request, "Your judgement is signed, and stands in the record with its reasons.")
    return redirect("must-be-shown", name)


@asks(lessons_signed.ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_lesson(request: HttpRequest, name: str) -> HttpResponse:
    """Read, mend and sign the lesson that was drafted from what was found."""
    page = _page(name)
    draft = lessons_signed.drafted(page)
    person = member(request)
    body = lessons_signed.body_for(person, page) or next(iter(page.codes), "")
    require(request, lessons_signed.ACTION, body)
    if draft is None:
        raise Http404
    typed, errors = draft.typed, dict[str, str]()
    if request.method == "POST":
        typed = {key: str(request.POST.get(key, "")) for key in lessons_signed.QUESTIONS}
        try:
            lessons_signed.sign(page, draft, typed, by=person.id, organisation=body)
        except Refused as refused:
            errors = _errors(refused, "title")
        else:
            messages.success(request, "The lesson is signed: from now on it counts as one.")
            return redirect("case", name)
    return render(request, "web/sign-lesson.jinja", {
        "page": page, "draft": draft, "questions": lessons_signed.QUESTIONS, "typed": typed, "errors": errors,
        "invented": page.invented}, status=400 if errors else 200)


def _page(name: str) -> CasePage:
    page = cases.named(name)
    if page is None:
        raise Http404
    return page


def _judging(typed: dict[str, str], chosen: tuple[str, ...]) -> Judging:
    """What was typed, cleaned. Raises ``Refused`` for a day that is none."""
    try:
        due = date.fromisoformat(typed["due"].strip()) if typed["due"].strip() else None
    except ValueError:
        raise refuse("this is not a day", "write it as 2026-06-30", column="due", value=typed["due"]) from None
    met, _, limb = typed["met"].partition(":")
    return Judging(YES_OR_NO.get(typed["applies"]), YES_OR_NO.get(met), limb, typed["because"],
                   tuple(f"sha256:{each}" for each in chosen), typed["owed_by"], due)


def _form(request: HttpRequest, page: CasePage, rules: Any, rule: Any, typed: dict[str, str], chosen: tuple[str, ...],
          refused: Refused | None = None) -> HttpResponse:
    spoken = must_be_shown.said_of(rule, rules, page, today=localdate())
    view = must_be_shown.view_of(page)
    rests = [(each.digest.removeprefix("sha256:"), PAPER_NAMES[each.paper.paper], _about(each.paper), each.version)
             for each in papers_to_rest_on(view)]
    limbs = {limb.id: limb.what for limb in rule.limbs}
    shown = must_be_shown.shown_of(page, today=localdate())
    tests = [each for own in shown.rules for each in own.tests] if shown else []
    return render(request, "web/sign-judgement.jinja", {
        "page": page, "rules": rules, "rule": rule, "question": spoken.said(rule.question),
        "does_it_apply": (f"Is it so that {spoken.said(rule.applies_what)}?" if rule.applies_what else
                          "Does this apply to the case?"),
        "may_apply": may_apply(rule),
        "judged_ways": [(each.limb, spoken.said(limbs.get(each.limb, ""))) for each in ways(rule)],
        "by_another": any(each.not_by_sponsor for each in ways(rule)), "rests": rests, "version": view.version,
        "standing": next((each for each in tests if (each.pack, each.id) == (rules.id, rule.id)), None),
        "typed": typed, "chosen": chosen, "errors": _errors(refused, "met") if refused else {},
        "invented": page.invented}, status=400 if refused else 200)


def _about(paper: Any) -> str:
    """What tells one paper from another of its kind."""
    source = getattr(paper, "source", None)
    return source.title if source else str(getattr(paper, "title", "") or getattr(paper, "kind", "") or "")


def _errors(refused: Refused, usual: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in refused.problems:
        found.setdefault(each.column or usual, _words(each))
    return found


def _words(problem: Problem) -> str:
    value = f" (“{problem.value}”)" if problem.value else ""
    return f"{problem.what[:1].upper()}{problem.what[1:]}{value}: {problem.remedy}."
