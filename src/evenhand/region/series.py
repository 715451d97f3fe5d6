"""How the main job writes a measure's figures; the series themselves stand in the room that compares them."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.evaluate.beside_series import ENGLAND, Series, gaps_in, rows_of, series_of
from evenhand.terms.words import figure, pounds

__all__ = ["ENGLAND", "Measured", "Series", "gaps_in", "rows_of", "series_of"]


@dataclass(frozen=True)
class Measured:
    """How the measure's figures are written: title, unit, whether money, people per unit of the denominator."""

    title: str
    unit: str
    is_money: bool

    def written(self, value: float) -> str:
        """A total of the numerator, as a reader sees it."""
        return pounds(value) if self.is_money else figure(value)
