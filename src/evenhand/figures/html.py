"""Figures as HTML fragments for a notebook. The site has templates of its own."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.figures.answer import Answer
    from evenhand.figures.figure import Figure
    from evenhand.figures.table import Table

AT_MOST_ROWS = 50


def table_html(table: Table) -> str:
    """The table with headings tied to their columns; a long one is cut and says so."""
    heads = "".join(f'<th scope="col">{escape(column.heading)}</th>' for column in table.columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
                   for cells in table.written()[:AT_MOST_ROWS])
    rest = len(table) - AT_MOST_ROWS
    more = f"<p>and {rest:,} more rows</p>" if rest > 0 else ""
    caption = f"<caption>{escape(table.title)}</caption>" if table.title else ""
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{more}"


def figure_html(figure: Figure) -> str:
    """Sentence, chart, table folded."""
    chart = figure.svg() if figure.chart is not None else ""
    return (f"<figure><figcaption>{escape(figure.sentence)}</figcaption>{chart}"
            f"<details><summary>Table</summary>{table_html(figure.table)}</details></figure>")


def answer_html(answer: Answer) -> str:
    """An answer in a notebook: the sentence, the figure, the remarks, and how we know."""
    parts = [f"<p><strong>{escape(answer.sentence)}</strong></p>"]
    parts += [figure_html(figure) for figure in answer.figures] or [table_html(answer.table)]
    if answer.remarks:
        parts.append("<ul>" + "".join(f"<li>{escape(remark)}</li>" for remark in answer.remarks) + "</ul>")
    made = ", ".join(f"{each.what} ({each.digest[:19]}…)" for each in answer.made_from)
    parts.append(f"<p><small>{escape(answer.method.source)}. Made from {escape(made)}.</small></p>")
    return "".join(parts)
