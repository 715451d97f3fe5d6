"""Charts: Vega-Lite specifications as plain values, one theme, drawn without a browser.

Colour is never the only sign: shape, dash or position always says it too. No style attribute is written,
so that a strict content security policy lets the picture stand inside a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from evenhand.figures.drawing import Drawing
from evenhand.figures.lighter import lighter

if TYPE_CHECKING:
    from evenhand.figures.figure import Figure

BLUE, DARK_BLUE, ORANGE, GREY, PALE_GREY, PURPLE, TEXT = (
    "#005eb8", "#003087", "#d5281b", "#768692", "#d8dde0", "#330072", "#212b32")
FONT = "Arial, Liberation Sans, DejaVu Sans, sans-serif"
WIDTH, HEIGHT = 640, 320

THEME: dict[str, Any] = {
    "background": "white",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {"labelFontSize": 14, "titleFontSize": 14, "titleFontWeight": "normal", "labelColor": TEXT,
             "titleColor": TEXT, "gridColor": "#e8edee", "domainColor": GREY, "tickColor": GREY,
             "labelLimit": 300},
    "legend": {"labelFontSize": 14, "titleFontSize": 14, "labelColor": TEXT, "titleColor": TEXT,
               "orient": "top", "labelLimit": 400, "symbolSize": 120},
    "title": {"fontSize": 16, "anchor": "start", "color": TEXT, "fontWeight": "bold"},
    "line": {"strokeWidth": 2},
    "point": {"size": 45, "filled": True},
}


def themed(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The specification with size, theme and schema filled in; what a browser or a converter is given."""
    sized: dict[str, Any] = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json"}
    if not {"hconcat", "vconcat", "facet", "concat", "repeat"} & set(spec):
        sized |= {"width": WIDTH, "height": HEIGHT}
    return {**sized, **spec, "config": {**THEME, **spec.get("config", {})}}


def svg_of(spec: Mapping[str, Any]) -> str:
    """Draw a specification as SVG text, about 25 ms after the first."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(json.dumps(themed(spec))))


def svg(figure: Figure) -> str:
    """The figure's chart as an accessible SVG: role, title and description inside."""
    if figure.chart is None:
        raise ValueError(f"the figure {figure.name} has a table and no chart")
    drawn = figure.chart.svg if isinstance(figure.chart, Drawing) else lighter(svg_of(figure.chart))
    mark = re.sub(r"[^a-z0-9]+", "-", figure.name.casefold()).strip("-") or "figure"
    title, description = escape(figure.title), escape(figure.sentence)
    note = f" {escape(figure.note)}" if figure.note else ""
    opening = re.compile(r"<svg\b([^>]*)>")
    words = (f'<svg\\1 role="img" aria-labelledby="{mark}-title {mark}-words">'
             f'<title id="{mark}-title">{title}</title><desc id="{mark}-words">{description}{note}</desc>')
    return opening.sub(lambda found: words.replace("\\1", found[1]), drawn, count=1)


def png(figure: Figure, *, scale: float = 2) -> bytes:
    """The figure's chart as a PNG picture, for Word."""
    import vl_convert

    if figure.chart is None:
        raise ValueError(f"the figure {figure.name} has a table and no chart")
    if isinstance(figure.chart, Drawing):
        return bytes(vl_convert.svg_to_png(figure.chart.svg, scale=scale))
    return bytes(vl_convert.vegalite_to_png(json.dumps(themed(figure.chart)), scale=scale))


def rows_of(rows: Any) -> dict[str, Any]:
    """Inline data for a specification: numbers that are not finite become missing."""
    return {"values": [{name: _plain(cell) for name, cell in row.items()} for row in rows]}


def _plain(cell: Any) -> Any:
    if isinstance(cell, float) and cell != cell:
        return None
    return cell if isinstance(cell, str | int | float | bool | type(None) | list) else str(cell)
