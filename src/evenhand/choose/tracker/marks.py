"""The marks of a sheet, as its values do not show them."""

from __future__ import annotations

from dataclasses import dataclass, field

Place = tuple[int, int]
"""Row and column, from 0."""


@dataclass
class Marks:
    """The marks of one sheet, by place (row and column from 0). ``known`` is false where a format holds none of them.

    ``formulas`` gives the text of each formula; ``without_value`` those whose result was never worked out.
    """

    known: bool = False
    struck: set[Place] = field(default_factory=set)
    bold: set[Place] = field(default_factory=set)
    fills: dict[Place, str] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    without_value: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Look:
    """How one style of cell looks."""

    struck: bool = False
    bold: bool = False
    fill: str = ""
