"""Days, figures and bodies of papers as a board reads them, and counts of people as they may go out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from evenhand.papers import Body, Group, Stated, Theme, Voices, When
from evenhand.papers.facts import Measured
from evenhand.terms import Estimate, Month, Span, Suppressed
from evenhand.terms.words import NOT_HELD, figure, per_cent, pounds, pounds_roughly

if TYPE_CHECKING:
    from evenhand.data.suppression import Regime

REGIME = "under-10"
"""Which counts of people never go out, unless another rule is named."""
HIDDEN = "hidden: too few people"


def day(on: date) -> str:
    """13 December 2018."""
    return f"{on.day} {on:%B %Y}"


def when(moment: When | None) -> str:
    """A day, a month or a span; or that none is held."""
    if moment is None:
        return NOT_HELD
    return moment.words if isinstance(moment, Month | Span) else day(moment)


def body(of: Body) -> str:
    """A body with its code, where it has one of a health service."""
    return f"{of.name} ({of.code})" if of.code else of.name


def measured(value: Measured, units: str | None = None) -> str:
    """A figure with its range and units; hidden, or not held, said as such."""
    if isinstance(value, Suppressed):
        return HIDDEN
    if not isinstance(value, Estimate):
        return NOT_HELD
    if units and units.startswith("share"):
        ranged = f" ({per_cent(value.low)} to {per_cent(value.high)})" if value.low != value.high else ""
        return f"{per_cent(value.central)}{ranged} {units.removeprefix('share').strip()}".strip()
    money = bool(units) and (units or "").startswith(("pounds", "£"))
    said = pounds_roughly if money else _alike(value)
    ranged = f" ({said(value.low)} to {said(value.high)})" if value.low != value.high else ""
    rest = (units or "").removeprefix("pounds").removeprefix("£").strip() if money else (units or "")
    return f"{said(value.central)}{ranged} {rest}".strip()


def _alike(value: Estimate) -> Callable[[float], str]:
    """A figure and its range with as many places each, and none that all could do without: 11 (8 to 14)."""
    size = max(abs(each) for each in (value.central, value.low, value.high))
    if not 1 <= size < 100:
        return figure
    places = 2 if size < 10 else 1
    while places and all(round(each, places) == round(each, places - 1)
                         for each in (value.central, value.low, value.high)):
        places -= 1
    return lambda each: f"{each:,.{places}f}"


def stated(fact: Stated, regime: Regime) -> str:
    """A figure as somebody stated it: more than £650,000, December 2016 to November 2017."""
    if fact.value is None:
        return NOT_HELD
    if fact.units == "pence":
        amount = pounds(fact.value / 100)
    elif is_small(fact.value, regime):
        return HIDDEN
    else:
        amount = f"{fact.value:,} {fact.units}"
    exactly = "" if fact.exactness == "exactly" else f"{fact.exactness} "
    period = "" if fact.period is None else f", {when(fact.period)}"
    return f"{exactly}{amount}{period}"


# --- counts of people -------------------------------------------------------------------------------------------------


def is_small(count: float | Suppressed | None, regime: Regime) -> bool:
    """Whether a count of people may not be shown."""
    return isinstance(count, int | float) and regime.is_small(count)


def shown(counts: Sequence[int | Suppressed | None], total: int | None, regime: Regime) -> list[str]:
    """Counts as they may go out. Where one alone is hidden beside a known total, the next smallest is hidden with it.

    Otherwise the reader would take the others from the total. Nought is shown: it names nobody.
    """
    hidden = {place for place, each in enumerate(counts) if isinstance(each, Suppressed) or is_small(each, regime)}
    known = [(each, place) for place, each in enumerate(counts) if isinstance(each, int) and each
             and place not in hidden]
    if len(hidden) == 1 and total is not None and known:
        hidden.add(min(known)[1])
    return [HIDDEN if place in hidden else NOT_HELD if each is None else f"{each:,}"
            for place, each in enumerate(counts)]


def groups_shown(voices: Voices, regime: Regime) -> list[tuple[Group, str]]:
    """Every group with how many of it replied, as that may go out."""
    groups = voices.groups or ()
    return list(zip(groups, shown([each.replies for each in groups], voices.replies, regime), strict=True))


def themes_shown(voices: Voices, regime: Regime) -> list[tuple[Theme, str]]:
    """Every theme with how many said it. One reply may hold several themes, so no total gives a hidden one away."""
    themes = voices.themes or ()
    return list(zip(themes, shown([each.replies for each in themes], None, regime), strict=True))


# --- sentences --------------------------------------------------------------------------------------------------------


def without_end(text: str) -> str:
    """A text without its full stop, to stand inside another."""
    return text.strip().removesuffix(".")


def lower(text: str) -> str:
    """A text to stand after others: its first letter small, unless it begins a name or an abbreviation."""
    if len(text) > 1 and (text[1].isupper() or text.split()[0].rstrip(",.;:") in ("I",)):
        return text
    return text[:1].lower() + text[1:]
