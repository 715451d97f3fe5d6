"""Concerns: sent without an account, followed by a code, answered by those who may."""

from __future__ import annotations

import time
from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenhand.find import concern_words
from evenhand.find.app import actions, queries
from evenhand.find.app.forms import ConcernForm, EndForm
from evenhand.find.app.queries import Raised, Taker
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.pages.often import too_often
from evenhand.pages.show import shown_answer
from evenhand.people.app import queries as people
from evenhand.people.rights import bodies_for, may
from evenhand.terms import Refused
from evenhand.web import cases, concerns, loaded
from evenhand.web.region_here import here

# A whole practice may share one address; a machine that fills in forms sends more.
MOST_SENT, WITHIN = 20, 60 * 60
MOST_CODES_TRIED, CODES_WITHIN = 20, 15 * 60
LEAST_SECONDS = 2.0
FORM = "evenhand.concern"


@asks("send a concern")
@sensitive_post_parameters("words", "practice")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Say what keeps going wrong: five answers, no account; a code comes back."""
    today = localdate()
    takers = queries.takers(today)
    if request.method != "POST" or not takers:
        return _form(request, takers)
    typed = request.POST.copy()
    if len(takers) == 1:
        typed["body"] = takers[0].code
    form = ConcernForm(typed, takers=takers)
    if not form.is_valid():
        return _form(request, takers, form=form)
    begun = _begun(request.POST.get("form", ""))
    if begun is None or request.POST.get("website") or time.time() - begun < LEAST_SECONDS:
        return _form(request, takers, form=form, wrong=["This came faster than people write, or with more in it than "
                                                        "people see. If you are one, please press Send once more."])
    if too_often(request, "concern", most=MOST_SENT, seconds=WITHIN):
        return _form(request, takers, form=form, status=429, wrong=[
            "Many concerns came from where you are within the hour. Nothing is lost: leave this page open, and press "
            "Send again in an hour."])
    given = form.cleaned_data
    try:
        code = actions.receive(
            given["body"], said_by=given["who"], service=given["service"], practice=given["practice"],
            words=given["words"], form=_print(request.POST["form"], given["words"], given["service"]), on=today,
            by=member(request).id or "public")
    except Refused as refused:
        return _form(request, takers, form=form, refused=refused)
    messages.success(request, "Thank you. It has arrived.")
    return redirect("followed-concern", code.replace(" ", "-"))


@asks("send a concern")
@never_cache
@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    """Type a code to see what became of a concern."""
    typed = request.GET.get("code", "").strip()[:40]
    code = concern_words.code_meant(typed)
    if code:
        return redirect("followed-concern", code.replace(" ", "-"))
    wrong = ["A code is four letters and seven digits, such as MILL 4827 931. Look at it again."] if typed else []
    return _ask_code(request, typed, wrong, status=400 if wrong else 200)


@asks("send a concern")
@never_cache
@require_safe
def followed(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a concern. Its own words are not shown: a code can be read over a shoulder."""
    found = queries.followed(concern_words.code_meant(code))
    if found is None:
        if too_often(request, "code", most=MOST_CODES_TRIED, seconds=CODES_WITHIN):
            return _ask_code(request, "", ["Too many codes were tried from where you are. Wait a quarter of an hour."],
                             status=429)
        return _ask_code(request, code[:40].replace("-", " "), ["No concern has this code. Look at it again: four "
                                                                "letters and seven digits."], status=404)
    today = localdate()
    joined = queries.followed(found.joined_to) if found.joined_to else None
    case = cases.named(found.case) if found.case else None
    taker = next((each for each in queries.takers(today) if each.code == found.organisation), None)
    return render(request, "web/concern-followed.jinja", {
        "concern": found, "who": taker.who if taker else found.organisation_name, "today": today, "case": case,
        "stands": concern_words.stands(found.moment, found.due, today), "joined": joined,
        "others": concern_words.others_said(queries.others_who_said_so(found)), "invented": found.invented,
        "measure": found.measure and loaded.title_of(found.measure)})


@asks("read concerns")
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """A body's concerns together: who waits, what rises, and every one of them."""
    today, bodies = localdate(), bodies_for(member(request), "read concerns")
    code = request.GET.get("of", "") or (bodies[0] if bodies else "")
    if code not in bodies:
        raise Http404
    require(request, "read concerns", code)
    body = people.organisation(code)
    assert body is not None, "a membership is of a body that there is"
    every = queries.concerns(frozenset({code}))
    answer = concerns.answer_of(code, today)
    return render(request, "web/concern-board.jinja", {
        "body": body, "bodies": people.organisations(frozenset(bodies)), "every": every, "today": today,
        "waiting": sorted((each for each in every if each.waits), key=lambda each: each.due),
        "groups": concerns.groups(every), "rising": concerns.rising(code, today), "ends": concern_words.ENDS,
        "shown": loaded.remembered(("shown concerns", answer.to_json()), lambda: shown_answer(answer))
        if answer else None, "invented": body.invented})


@asks("read concerns")
@never_cache
@require_safe
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One concern with its words, for those who answer it or look into it."""
    return _page(request, _concern(request, key, "read concerns"))


@asks("answer a concern")
@require_POST
def read(request: HttpRequest, key: int) -> HttpResponse:
    """Say that it has been read."""
    found = _concern(request, key, "answer a concern")
    actions.read(key, by=member(request).id, on=localdate())
    messages.success(request, "Whoever sent it can see that it has been read.")
    return redirect("concern", found.key)


@asks("answer a concern")
@require_POST
def settle(request: HttpRequest, key: int) -> HttpResponse:
    """Say what becomes of it, to whoever sent it."""
    found = _concern(request, key, "answer a concern")
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, found, end=form, wrong=[str(line) for some in form.errors.values() for line in some])
    given = form.cleaned_data
    try:
        actions.settle(key, given["end"], words=given["words"], by=member(request).id, on=localdate(),
                       joined_to=concern_words.code_meant(given["joined_to"]), case=given["case"])
    except Refused as refused:
        return _page(request, found, end=form, wrong=_lines(refused))
    messages.success(request, "Your answer stands where whoever sent it will look.")
    return redirect("concern", key)


@asks("link a concern")
@require_POST
def link(request: HttpRequest, key: int) -> HttpResponse:
    """Tie it to a measure or a case, or put it with others."""
    found = _concern(request, key, "link a concern")
    measure, case = request.POST.get("measure", ""), request.POST.get("case", "")
    if measure and measure not in here().measures:
        return _page(request, found, wrong=["Choose a measure from the list."])
    try:
        actions.link(key, by=member(request).id, measure=measure, about=request.POST.get("about", "").strip(),
                     case=found.case if found.moment == "case" else case)
    except Refused as refused:
        return _page(request, found, wrong=_lines(refused))
    messages.success(request, "It is linked.")
    return redirect("concern", key)


@asks("erase a concern")
@require_POST
def erase(request: HttpRequest, key: int) -> HttpResponse:
    """Take its words away."""
    found = _concern(request, key, "erase a concern")
    actions.erase_words(found.key, by=member(request).id, why="they should not have been sent")
    messages.success(request, "The words are gone, here and beside the record.")
    return redirect("concern", key)


# --- parts ------------------------------------------------------------------------------------------------------------


def _form(request: HttpRequest, takers: list[Taker], *, form: ConcernForm | None = None, status: int = 0,
          wrong: list[str] | None = None, refused: Refused | None = None) -> HttpResponse:
    today = localdate()
    wanted = request.GET.get("for", "") or request.POST.get("body", "")
    chosen = next((each for each in takers if each.code == wanted), takers[0] if len(takers) == 1 else None)
    lines = [(line, f"#{name}") for name, some in (form.errors if form else {}).items() for line in some]
    signs = list(refused.problems) if refused else []
    bad = bool(lines or wrong or signs)
    said = [] if chosen is None else concerns.shown_rows(concerns.answer_of(chosen.code, today))
    mark = request.POST.get("form", "")
    services = sorted({*concern_words.SERVICES, *(row["subject"].casefold() for row in said)})
    return render(request, "web/concerns.jinja", {
        "takers": takers, "chosen": chosen, "asked_for": request.GET.get("for", ""),
        "form": form or ConcernForm(takers=takers), "who": concern_words.WHO, "services": services, "lines": lines,
        "signs": signs, "wrong": wrong or [],
        "mark": mark if mark and _begun(mark) else _mark(), "said": said, "days": concern_words.DAYS_TO_ANSWER,
        "may_read": any(each.code in bodies_for(member(request), "read concerns") for each in takers),
        "invented": any(each.invented for each in takers) and settings.DEMONSTRATION},
        status=status or (400 if bad else 200))


def _mark() -> str:
    """A mark that our form carries: when it was opened, and that it is one form. It never runs out."""
    return signing.dumps([time.time(), get_random_string(16)], salt=FORM)


def _begun(mark: str) -> float | None:
    try:
        begun, _ = signing.loads(mark, salt=FORM)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return float(begun)


def _print(*texts: str) -> str:
    """What makes pressing Send twice one concern, and other words in the same form another."""
    return sha256("\n".join(texts).encode()).hexdigest()


def _ask_code(request: HttpRequest, typed: str, wrong: list[str], *, status: int) -> HttpResponse:
    return render(request, "web/concern-follow.jinja", {"typed": typed, "wrong": wrong}, status=status)


def _lines(refused: Refused) -> list[str]:
    return [f"{each.what[:1].upper()}{each.what[1:]}{f': “{each.value}”' if each.value else ''}. "
            f"{each.remedy[:1].upper()}{each.remedy[1:]}." for each in refused.problems]


def _concern(request: HttpRequest, key: int, action: str) -> Raised:
    found = queries.concern(key) if key < 2**62 else None
    if found is None:
        raise Http404
    require(request, action, found.organisation, moment=found.moment if action == "answer a concern" else "")
    return found


def _page(request: HttpRequest, found: Raised, *, end: EndForm | None = None,
          wrong: list[str] | None = None) -> HttpResponse:
    person, today = member(request), localdate()

    def now(action: str) -> bool:
        return may(person, action, found.organisation, moment=found.moment)

    alike = [each for each in queries.concerns(frozenset({found.organisation}))
             if concerns.subject_of(each) == concerns.subject_of(found) and each.key != found.key]
    return render(request, "web/concern.jinja", {
        "concern": found, "wrong": wrong or [], "end": end or EndForm(), "ends": concern_words.ENDS, "today": today,
        "stands": concern_words.stands(found.moment, found.due, today), "alike": alike,
        "who": concern_words.WHO.get(found.said_by, found.said_by), "may_answer": now("answer a concern"),
        "may_link": now("link a concern"), "may_erase": now("erase a concern") and bool(found.words),
        "cases": cases.every_case(),
        "measures": sorted((loaded.title_of(name), name) for name in here().measures.names),
        "measure_title": found.measure and loaded.title_of(found.measure), "invented": found.invented},
        status=400 if wrong else 200)
