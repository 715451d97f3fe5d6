"""A figure is never without its sentence and its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.figures.drawing import Drawing
from evenhand.figures.table import Table


@dataclass(frozen=True)
class Figure:
    """A chart with what it says in words and the figures behind it.

    ``chart`` is a Vega-Lite specification without theme (see ``figures.chart``), a drawing of our own, or ``None`` for
    a table alone.
    ``note`` is the small print on the figure itself: variant, source, "Invented county".
    """

    name: str
    title: str
    sentence: str
    table: Table
    chart: Mapping[str, Any] | Drawing | None = None
    note: str = ""

    def svg(self) -> str:
        """The chart as SVG with title and description for screen readers."""
        from evenhand.figures.chart import svg

        return svg(self)

    def _repr_html_(self) -> str:
        from evenhand.figures.html import figure_html

        return figure_html(self)
