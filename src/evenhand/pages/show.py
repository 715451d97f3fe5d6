"""Answers, figures and tables as pages show them: plain values only, so that they can be kept and shown again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evenhand.figures import Answer, Figure, Table

MOST_ROWS_KEPT = 1_000


def shown_table(table: Table, *, title: str = "") -> dict[str, Any]:
    """A table's headings and its cells as a reader sees them."""
    return {"title": title or table.title, "notes": list(table.notes),
            "columns": [{"heading": column.heading, "is_numeric": column.is_numeric} for column in table.columns],
            "rows": replace(table, rows=table.rows[:MOST_ROWS_KEPT]).written(), "length": len(table)}


def shown_figure(figure: Figure) -> dict[str, Any]:
    """A figure's sentence, its picture and its table."""
    return {"name": figure.name, "title": figure.title, "sentence": figure.sentence, "note": figure.note,
            "svg": figure.svg() if figure.chart is not None else "", "table": shown_table(figure.table)}


def shown_figures(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Figures, those with a picture."""
    return [shown_figure(figure) for figure in figures if figure.chart is not None]


def shown_answer(answer: Answer, *, command: str = "") -> dict[str, Any]:
    """An answer in the order of its page: sentence, figures, table, remarks, how we know."""
    return {
        "sentence": answer.sentence, "figures": shown_figures(answer.figures), "table": shown_table(answer.table),
        "more_tables": [shown_table(each) for each in answer.more_tables], "remarks": list(answer.remarks),
        "source": answer.method.source, "version": answer.method.version, "command": command,
        "made_from": [{"what": each.what, "digest": each.digest} for each in answer.made_from]}
