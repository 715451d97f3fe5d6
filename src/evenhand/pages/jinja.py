"""The environment that templates are written for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils.timezone import localtime
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from evenhand.papers import Body, Source, Stated
from evenhand.terms import Estimate, Month, Span, Suppressed
from evenhand.terms.period import NAMES
from evenhand.terms.words import NOT_HELD, counted, figure, listed, ordinal, per_cent, pounds, pounds_roughly


def environment(**options: Any) -> Environment:
    """The environment, with the design system's components and our own words for figures and times."""
    options["undefined"] = ChainableUndefined
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - Django's engine sets autoescape
    env.globals.update(static=static, url=address, NOT_HELD=NOT_HELD, get_messages=get_messages)
    env.filters.update(
        when=when, held=held, pounds=pounds, pounds_roughly=pounds_roughly, ordinal=ordinal, counted=counted,
        listed=listed, per_cent=per_cent, figure=figure, stated=stated, short_print=short_print, host=host,
        capitalize_first=lambda text: text[:1].upper() + text[1:], clock=clock)
    return env


def address(name: str, *parts: Any, **named: Any) -> str:
    """The address of a page by its name."""
    return reverse(name, args=parts or None, kwargs=named or None)


def day(on: date) -> str:
    """13 December 2018."""
    return f"{on.day} {NAMES[on.month - 1].capitalize()} {on.year}"


def when(moment: object) -> str:
    """A day, a month, a span or an instant, as a reader says it."""
    if moment is None:
        return NOT_HELD
    if isinstance(moment, datetime):
        local = localtime(moment)
        return f"{day(local.date())}, {local:%H:%M}"
    if isinstance(moment, date):
        return day(moment)
    if isinstance(moment, Month | Span):
        return moment.words
    return str(moment)


def clock(moment: datetime) -> str:
    """The time of day of an instant, where this site is."""
    return f"{localtime(moment):%H:%M}"


def held(value: object) -> object:
    """The value, or the words for what is not known."""
    if value is None or value == "":
        return Markup('<span class="eh-not-held">{}</span>').format(NOT_HELD)
    if isinstance(value, Suppressed):
        return f"Hidden: {value.reason}"
    if isinstance(value, Estimate):
        return f"{figure(value.central)} (range {figure(value.low)} to {figure(value.high)})"
    if isinstance(value, Body):
        return f"{value.name} ({value.code})" if value.code else value.name
    if isinstance(value, Source):
        return value.title
    return value


def stated(fact: Stated) -> str:
    """A figure as somebody stated it: more than £650,000, December 2016 to November 2017."""
    if fact.value is None:
        return NOT_HELD
    amount = pounds(fact.value / 100) if fact.units == "pence" else f"{fact.value:,} {fact.units}"
    exactly = "" if fact.exactness == "exactly" else f"{fact.exactness} "
    period = "" if fact.period is None else f", {when(fact.period)}"
    return f"{exactly}{amount}{period}"


def short_print(digest: str) -> str:
    """A fingerprint short enough to compare by eye: its first sixteen places, in fours."""
    places = digest.removeprefix("sha256:")[:16]
    return " ".join(places[start:start + 4] for start in range(0, 16, 4))


def host(link: str) -> str:
    """The site that an address names, for the words of a link."""
    return link.split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")
