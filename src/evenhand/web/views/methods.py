"""The methods: listed by room, each with its reference and its form, and the answers they give."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.catalogue import Method
from evenhand.data.tables import sample
from evenhand.house import ROOMS, method
from evenhand.pages import answers, uploads
from evenhand.pages.asking import Asked, as_on_the_form, asked, example_of
from evenhand.pages.guard import asks
from evenhand.terms import Refused


@asks("read public pages")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every method, by room."""
    return render(request, "web/methods.jinja", {"rooms": [room for room in ROOMS if len(room.methods)]})


@asks("use a method")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, room: str, name: str) -> HttpResponse:
    """A method's reference and form; asked something, its answer."""
    chosen = _method(room, name)
    if request.method == "POST":
        return _sent(request, chosen)
    if not any(each.name in request.GET for each in chosen.inputs):
        return _page(request, chosen)
    form = request.GET.get("as", "")
    try:
        question = asked(chosen, request.GET.dict(), {})
        kept = answers.made(question.answer(), method=chosen.full_name, command=question.command)
    except Refused as refused:
        return _page(request, chosen, typed=request.GET.dict(), wrong=refused.lines(), status=400)
    if form:
        return kept.in_form(form, f"{room}-{name}")
    here = f"{request.path}?{urlencode(question.query)}"
    links = [(text, f"{here}&as={form}") for text, form in _forms(kept)]
    return render(request, "web/answer.jinja", {
        "method": chosen, "answer": kept.shown, "links": [*links, ("Link to this page", here)], "kept_until": "",
        "again": f"{reverse('method', args=(room, name))}#ask"})


@asks("use a method")
@require_safe
def kept_answer(request: HttpRequest, token: str, form: str = "") -> HttpResponse:
    """An answer to somebody's own table, for the hour that it is kept."""
    kept = answers.found(token)
    room, _, name = kept.method.partition(" ")
    chosen = _method(room, name)
    if form:
        return kept.in_form(form, f"{room}-{name}")
    links = [(text, reverse("answer-file", args=(token, form))) for text, form in _forms(kept)]
    response = render(request, "web/answer.jinja", {
        "method": chosen, "answer": kept.shown, "links": [*links, ("Link to this page", request.path)],
        "kept_until": "hour", "again": f"{reverse('method', args=(room, name))}#ask"})
    response["Cache-Control"] = "private, no-store"
    return response


@asks("read public pages")
@require_safe
def sample_file(request: HttpRequest, name: str) -> HttpResponse:
    """A sample as a file, to see how one's own should look."""
    try:
        path = sample(f"sample:{name}")
    except Refused:
        raise Http404 from None
    return answers.as_file(path.read_bytes(), path.name, "text/plain; charset=utf-8")


def _method(room: str, name: str) -> Method:
    try:
        return method(room, name)
    except Refused:
        raise Http404 from None


def _sent(request: HttpRequest, chosen: Method) -> HttpResponse:
    typed = {name: str(value) for name, value in request.POST.items()}
    try:
        if uploads.too_large(request):
            return _page(request, chosen, typed=typed, status=400, wrong=[
                f"The file is larger than {uploads.megabytes()} megabytes; the command line has no such bound."])
        contents = {each.name: (uploads.name_of(sent), uploads.content_of(sent)) for each in chosen.inputs
                    if (sent := request.FILES.get(f"file-{each.name}")) is not None}
        question = asked(chosen, typed, contents)
        kept = answers.made(question.answer(), method=chosen.full_name, command=question.command)
    except Refused as refused:
        return _page(request, chosen, typed=typed, wrong=refused.lines(), status=400)
    if not contents and question.inputs:
        return redirect(f"{request.path}?{urlencode(question.query)}")
    return redirect("answer", answers.keep(kept))


def _page(request: HttpRequest, chosen: Method, *, typed: dict[str, str] | None = None,
          wrong: list[str] | None = None, status: int = 200) -> HttpResponse:
    example = example_of(chosen)
    settings = chosen.settings_list()
    common = [one for one in settings if one.common] or settings[:3]
    return render(request, "web/method.jinja", {
        "method": chosen, "room": ROOMS[chosen.room], "typed": typed or {},
        "wrong": [as_on_the_form(chosen, line) for line in wrong or ()],
        "common": common, "others": [one for one in settings if one not in common],
        "example": example, "try_it": f"{request.path}?{urlencode(example.query)}",
        "samples": _samples(example), "most": uploads.megabytes()}, status=status)


def _samples(example: Asked) -> dict[str, str]:
    return {name: opened.path.removeprefix("sample:") for name, opened in example.inputs.items()
            if opened.path.startswith("sample:")}


def _forms(kept: answers.Kept) -> list[tuple[str, str]]:
    forms: list[tuple[str, Any]] = [("CSV", "csv"), ("Excel", "xlsx"), ("JSON", "json")]
    return [*forms[:2], ("Picture (SVG)", "svg"), forms[2]] if kept.shown["figures"] else forms
