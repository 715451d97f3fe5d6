"""What the explorer of measures is asked for, and what it says where there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from evenhand.terms import Refused, Span, closest
from evenhand.terms.words import counted, figure, pounds
from evenhand.web import loaded, set_against
from evenhand.web.alike import Alike, alike
from evenhand.web.loaded import Release
from evenhand.web.set_against import BY_METHOD, OURS, PEERS, SIMILAR, SetAgainst, in_words

NEAR = 5
LONGEST_CODE = 80


@dataclass(frozen=True)
class Found:
    """What a page of the explorer shows: which figures, of which place, over which months, set against what."""

    release: Release
    of: str
    span: Span
    compared: SetAgainst
    alike: Alike | None = None


class Missing(Exception):
    """There is nothing to show: why, in words, and what comes near, as titles with addresses."""

    def __init__(self, title: str, why: str, near: Sequence[tuple[str, str]]) -> None:
        super().__init__(why)
        self.title, self.why, self.near = title, why, tuple(near)


def releases_of(measure: str) -> list[Release]:
    """The releases that hold a measure, the newest first."""
    return [each for each in loaded.releases() if measure in each.measures]


def places_of(release: Release) -> list[tuple[str, str]]:
    """The places of a release, name and code, by name."""
    lists = loaded.bodies()
    return sorted((lists.name(code) if code in lists else code, code) for code in release.units)


def asked_of(request: HttpRequest, found: Sequence[Release], measure: str = "") -> Found:
    """What an address asks for: without a release the newest, without a place the first of it.

    Raises ``Missing`` for a measure or a place of which nothing is held, naming what comes near.
    """
    if not found:
        raise _no_measure(measure)
    wanted, typed = request.GET.get("release", ""), request.GET.get("of", "").strip()[:LONGEST_CODE]
    methods = (SIMILAR, OURS) if measure else (SIMILAR,)
    compared = set_against.asked(request.GET, methods)
    release = next((each for each in found if each.name == wanted), found[0])
    if not typed:
        of = "15M" if "15M" in release.units else min(release.units)
    else:
        of = _place(typed, found, measure)
        if of not in release.units:
            release = next(each for each in found if of in each.units)
    span = loaded.best_year(of, release, measure)
    if span is None:
        raise Missing(capital(loaded.title_of(measure)) if measure else "Measures", f"Nothing is held of {of}.", ())
    if not_held := [each for each in compared.peers if each not in release.units]:
        compared = replace(compared, against="median", wrong=(
            *compared.wrong, *(f"No figures of {each} are held in this release." for each in not_held)))
    if not compared.by:
        return Found(release, of, span, compared)
    try:
        chosen = alike(compared.by, release, of, span, measure)
    except Refused as refused:
        return Found(release, of, span, SetAgainst(wrong=(in_words(refused),)))
    return Found(release, of, span, replace(compared, against=PEERS, peers=chosen.codes), chosen)


def choices(measure: str = "") -> dict[str, str]:
    """What a place may be set against on a page of the explorer: all, peers by a method, peers by name."""
    return {**loaded.AGAINST, **{each: words for each, words in BY_METHOD.items() if measure or each != OURS}}


def _place(typed: str, found: Sequence[Release], measure: str) -> str:
    units = {code for release in found for code in release.units}
    lists = loaded.bodies()
    try:
        code = loaded.code_meant(typed)
    except Refused as refused:
        code, why = typed, in_words(refused)
    else:
        if code in units:
            return code
        said = f"{lists.sentence(code)}. " if code in lists else ""
        why = f"{said}No figures of {code} are held here{' on this measure' if measure else ''}."
    near = [each for each in (*(lists.current(code) if code in lists else ()), *lists.served(code),
                              *lists.closest(typed, count=3 * NEAR), *closest(typed, sorted(units), count=NEAR))
            if each in units]
    address = reverse("measure", args=(measure,)) if measure else reverse("measures-of")
    raise Missing(capital(loaded.title_of(measure)) if measure else "Measures", why, [
        (lists.title(each) if each in lists else each, f"{address}?of={each}") for each in dict.fromkeys(near)][:NEAR])


def _no_measure(typed: str) -> Missing:
    names = {name for release in loaded.releases() for name in release.measures}
    near = [(capital(loaded.title_of(each)), reverse("measure", args=(each,)))
            for each in closest(typed, sorted(names), count=NEAR)]
    why = (f"No figures are held of a measure called “{typed[:LONGEST_CODE]}”." if names else
           "No figures are loaded here yet: evenhand data load FILE brings a published file in.")
    return Missing("Measures", why, near)


def shown_missing(request: HttpRequest, missing: Missing) -> HttpResponse:
    """The page that says why there is nothing, and what comes near."""
    return render(request, "web/measure-missing.jinja",
                  {"title": missing.title, "why": missing.why, "near": missing.near}, status=404)


def take_away_links(name: str, query: str, *arguments: str) -> list[tuple[str, str]]:
    """The addresses of a page's figures as files."""
    return [(text, f"{reverse(name, args=(*arguments, form))}?{query}")
            for text, form in (("CSV", "csv"), ("Excel", "xlsx"), ("Picture (SVG)", "svg"), ("JSON", "json"))]


def worked_words(name: str) -> str:
    """A measure's worked case as a sentence with its sum in sight; empty where it has none."""
    about = loaded.about(name)
    if about is None or about.worked is None:
        return ""
    worked, lists = about.worked, loaded.bodies()
    who = lists.title(worked.of) if worked.of in lists else worked.of
    top = pounds(worked.numerator) if about.numerator_unit == "pounds" else (
        f"{worked.numerator:,.10g} ({about.numerator})")
    under = "the mean over the months" if about.denominator_kind == "stock" else "the sum over the months"
    value = f"£{worked.value:,.2f}" if about.numerator_unit == "pounds" and not about.is_share else (
        figure(worked.value, digits=4))
    return (f"{who}, {worked.span.words} ({counted(worked.span.months, 'month')}): {top}, divided by "
            f"{worked.denominator:,.10g} ({about.denominator}, {under}), is {value} ({about.unit}). "
            f"From {worked.file}.")


def capital(text: str) -> str:
    """With a capital letter at its beginning."""
    return text[:1].upper() + text[1:]
