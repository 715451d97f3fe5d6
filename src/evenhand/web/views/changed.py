"""What has changed: the latest figures of a place, or of all, that are more than usual variation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.data.measures import as_table
from evenhand.find import alerts
from evenhand.find.alerts import since_words, size_words
from evenhand.pages.guard import asks
from evenhand.pages.show import shown_answer
from evenhand.terms import Refused
from evenhand.web import loaded
from evenhand.web.loaded import Release
from evenhand.web.region_here import here

if TYPE_CHECKING:
    from evenhand.figures import Answer

MONTHS, MOST = 60, 40
AGAINST = {"others": "what all places did", "own": "its own past alone"}


@asks("read public pages")
@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """Series whose latest points show special cause, most surprising first."""
    typed = request.GET.get("of", "").strip()[:20].upper()
    release = loaded.release_for(typed) if typed else next(
        (each for each in loaded.releases() if len(each.units) > loaded.ENOUGH), None)
    against = request.GET.get("against", "others")
    against = against if against in AGAINST else "others"
    answer = _asked(release, typed, against) if release is not None else None
    lists = loaded.bodies()
    rows = [{**row, "size": size_words(row), "since_words": since_words(row)}
            for row in (answer.fields["rows"][:MOST] if answer else [])]
    command = f"evenhand find alerts FILE --against {against}" + (f" --of {typed}" if typed and release else "")
    return render(request, "web/changed.jinja", {
        "answer": answer, "rows": rows, "of": typed, "of_name": lists.name(typed) if typed in lists else typed,
        "months": _months_held(release, typed) if release and typed and not answer else 0,
        "release": release, "against": against, "choices": AGAINST,
        "places": sorted((lists.name(code), code) for code in release.units if code in lists) if release else [],
        "shown": shown_answer(answer) if answer and rows else None, "command": command,
        "invented": bool(typed) and loaded.is_invented(typed)})


def _months_held(release: Release, of: str) -> int:
    """How many months of a place have figures; a month with a denominator of nought has none."""
    table = loaded.observations(release, first=release.last.plus(1 - MONTHS), unit=of)
    return len({month for month, under in zip(table.column("month").to_pylist(),
                                              table.column("denominator").to_pylist(), strict=True) if under})


def _asked(release: Release, of: str, against: str) -> Answer | None:
    def asked() -> Answer | None:
        table = loaded.observations(release, first=release.last.plus(1 - MONTHS))
        try:
            return alerts(table, measures=as_table(here().measures), of=of or None, against=against)
        except Refused:
            return None

    return loaded.remembered(("alerts", *loaded.mark(), release.name, of, against), asked)
