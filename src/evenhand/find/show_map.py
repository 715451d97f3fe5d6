"""A measure over all places as a shaded map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from evenhand.figures import Figure
from evenhand.figures.outlines import on_a_sheet
from evenhand.figures.shaded_map import Shaded, shaded_map
from evenhand.terms.words import counted, figure, per_cent

if TYPE_CHECKING:
    from evenhand.data.areas import Area
    from evenhand.figures import Answer

WIDTH, TALLEST = 860, 1_040
LEAST_CORNER = 42.0
"""Square half-points: a corner smaller than three points by three."""


def map_of(answer: Answer, areas: Mapping[str, Area]) -> tuple[Figure, ...]:
    """Every area by its class, hatched where no figure is held, edged where outside the limits."""
    percent, chosen = answer.settings["percent"], answer.settings["of"]

    def written(value: float) -> str:
        return per_cent(value, digits=1) if percent else figure(value)

    words = {each["class"] - 1: _class_words(each["words"], written(each["low"]), written(each["high"]),
                                             each["places"]) for each in answer.fields["classes"]}
    rows = {row["unit"]: row for row in answer.fields["rows"]}
    shaded = [Shaded(row["unit"], f"{row['name'].partition(',')[0]}: {written(row['value'])}",
                     row["class"] - 1, bool(row["outside"])) for row in rows.values()]
    missing = answer.fields["no_figure"]
    shaded += [Shaded(code, f"{areas[code].name or code}: no figure held", None) for code in missing]
    sheet = on_a_sheet({code: each.polygons for code, each in areas.items()}, width=WIDTH, tallest=TALLEST,
                       least=LEAST_CORNER)
    outside = sum(1 for row in rows.values() if row["outside"])
    drawing = shaded_map(
        sheet, shaded, classes=words, most=answer.settings["classes"],
        own=(chosen, rows[chosen]["name"]) if chosen in rows else ("", ""),
        missing=f"no figure held ({counted(len(missing), 'place')})" if missing else "",
        outside=f"thick edge: outside the limits ({counted(outside, 'place')})" if outside else "")
    vintage = answer.fields["vintage"]
    note = (f"Each class holds about as many places as another. Boundaries{f' of {vintage}' if vintage else ''}, "
            "simplified: for display, not for measuring.")
    title = answer.settings["title"]
    return (Figure("map", f"{title[:1].upper()}{title[1:]}, on the map", answer.sentence, answer.table, drawing, note),)


def _class_words(words: str, low: str, high: str, places: int) -> str:
    ends = low if low == high else f"{low} to {high}"
    return f"{words}: {ends} ({places})"
