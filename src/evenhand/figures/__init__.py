"""Table, chart, sentence: what any shell can draw. The sentence first, then the chart, then its table."""

from evenhand.figures.answer import Answer, MadeFrom, MethodName
from evenhand.figures.table import Cell, Column, Table

__all__ = ["Answer", "Cell", "Column", "Figure", "MadeFrom", "MethodName", "Table"]

from evenhand.figures.figure import Figure
