"""A picture drawn by ourselves, where no chart grammar draws it as small or as plainly."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Drawing:
    """SVG text that begins with its ``<svg …>`` tag and carries no style attribute."""

    svg: str
