"""Two releases of one measure set side by side over the months that both hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evenhand.data.engine import engine
from evenhand.data.measures import title_of
from evenhand.terms import Month
from evenhand.terms.words import figure, per_cent

FOUR_DIGITS = 1e-4


@dataclass(frozen=True)
class Overlap:
    """How two releases of a measure compare over the units and months that both hold with a denominator."""

    measure: str
    source: str
    earlier: str
    later: str
    first: Month
    last: Month
    cells: int
    cells_alike: int
    earlier_total: float
    later_total: float

    @property
    def difference(self) -> float:
        """How much more the later release counts, as a share of the earlier; infinite where the earlier counts none."""
        if self.earlier_total == self.later_total:
            return 0.0
        return self.later_total / self.earlier_total - 1 if self.earlier_total else float("inf")

    @property
    def agrees(self) -> bool:
        """Whether the totals agree to four digits: the definition is the same, figures were at most revised."""
        return abs(self.difference) <= FOUR_DIGITS

    @property
    def sentence(self) -> str:
        """What a reader should know before setting the two beside each other."""
        months = f"{self.first.words} to {self.last.words}"
        if self.agrees:
            return f"{title_of(self.measure)} ({self.measure}): both releases agree to four digits over {months}."
        return (f"{title_of(self.measure)} ({self.measure}): for the same months ({months}) the release of "
                f"{self.later} {self._more_or_less} that of {self.earlier}. {self._why}: never join the two.")

    @property
    def _why(self) -> str:
        # A few parts in a thousand may be a correction of figures; more than that is another definition.
        return "The definition changed" if abs(self.difference) > 0.005 else "Figures or definition were revised"

    @property
    def _more_or_less(self) -> str:
        size = abs(self.difference)
        if size == float("inf"):
            return "counts something where there is nothing in"
        if self.difference > 2:
            return f"counts {figure(self.difference + 1)} times as much as"
        return f"counts {per_cent(size, digits=1)} {'more' if self.difference > 0 else 'less'} than"


def compare_vintages(workspace: Path, *, measure: str = "") -> tuple[Overlap, ...]:
    """Per measure that two releases of one source hold, whether they agree where they overlap.

    Releases are compared two by two in order of their first month, over cells (unit and month) in which both have a
    denominator above nought. Two cells are alike when they agree to four digits.
    """
    with engine(workspace) as connection:
        rows = connection.execute(
            """
            WITH pairs AS (
              SELECT a.measure, a.source, a.vintage AS earlier, b.vintage AS later, a.month, a.numerator AS before,
                     b.numerator AS after
              FROM observations a JOIN observations b
                ON a.measure = b.measure AND a.source = b.source AND a.unit = b.unit AND a.month = b.month
               AND a.vintage < b.vintage
              WHERE a.denominator > 0 AND b.denominator > 0 AND ($measure = '' OR a.measure = $measure))
            SELECT measure, source, earlier, later, min(month), max(month), count(*),
                   count(*) FILTER (abs(before - after) <= $near * greatest(abs(before), abs(after))),
                   sum(before ORDER BY month, before), sum(after ORDER BY month, after)
            FROM pairs GROUP BY ALL ORDER BY measure, earlier, later""",
            {"measure": measure, "near": FOUR_DIGITS}).fetchall()
    return tuple(Overlap(row[0], row[1], row[2], row[3], Month.of(row[4]), Month.of(row[5]), *row[6:]) for row in rows)
