"""The flagship that moves care out of a hospital: staff first, then patients, then cost, and what is left stranded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from evenhand.data import tables
from evenhand.figures import Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, TEXT, rows_of
from evenhand.region.job import Job
from evenhand.terms import Month, refuse
from evenhand.terms.words import counted, per_cent, pounds_roughly

MOVED = "programmes/flagship.csv"
COLUMNS = ("staff_in_post", "staff_planned", "patients_moved", "income_lost", "cost_released", "stranded_cost")
YEAR = 12


@dataclass(frozen=True)
class Moved:
    """Months in order, and for each the staff, the patients moved, and pounds lost, released and stranded."""

    months: tuple[Month, ...]
    staff: tuple[float, ...]
    planned: tuple[float, ...]
    patients: tuple[float, ...]
    lost: tuple[float, ...]
    released: tuple[float, ...]
    stranded: tuple[float, ...]

    def first_month(self, values: tuple[float, ...], share: float) -> Month | None:
        """The first month that has this share of the highest, nothing where all are nought."""
        highest = max(values)
        return next((month for month, value in zip(self.months, values, strict=True) if value >= share * highest > 0),
                    None)

    @property
    def lag(self) -> int | None:
        """Months from half of the staff to half of the patients moved in a month."""
        staff, patients = self.first_month(self.staff, 0.5), self.first_month(self.patients, 0.5)
        return None if staff is None or patients is None else patients.index - staff.index

    def share_stranded(self, first: int, last: int) -> float | None:
        """Of the income lost between two places in the months, the share to which no cost was released."""
        lost = sum(self.lost[first:last])
        return sum(self.stranded[first:last]) / lost if lost > 0 else None

    def document(self) -> dict[str, Any]:
        """As the programme's paper holds it, amounts in pounds."""
        began = self._began()
        return {"months": [str(each) for each in self.months], "staff_in_post": list(self.staff),
                "staff_planned": list(self.planned), "patients_moved": list(self.patients),
                "income_lost": list(self.lost), "cost_released": list(self.released),
                "stranded_cost": list(self.stranded), "lag_months": self.lag,
                "totals": {"patients_moved": sum(self.patients), "income_lost": sum(self.lost),
                           "cost_released": sum(self.released), "stranded_cost": sum(self.stranded)},
                "stranded_share": {"first_year": self.share_stranded(began, began + YEAR),
                                   "since": self.share_stranded(began + YEAR, len(self.months))}}

    def _began(self) -> int:
        """The place of the first month in which a patient was moved."""
        return next((place for place, each in enumerate(self.patients) if each > 0), len(self.months))

    @property
    def sentence(self) -> str:
        """Staff, patients, lag and stranded cost, in the order in which they come."""
        full, began = self.first_month(self.staff, 1.0), self._began()
        if full is None or began == len(self.months):
            return f"To {self.months[-1].words} no patient has been moved."
        first, last = self.months[began], self.months[-1]
        before = first.index - full.index
        when = (f"{counted(before, 'month')} before the first patient was moved" if before > 0 else
                "not before the first patient was moved")
        year, since = self.share_stranded(began, began + YEAR), self.share_stranded(began + YEAR, len(self.months))
        fell = (f": {per_cent(year)} of the income lost in the first year, {per_cent(since)} since"
                if year is not None and since is not None else "")
        lag = f", {counted(self.lag, 'month')} behind the staff" if self.lag is not None and self.lag > 0 else ""
        staff = f"{max(self.staff):,.0f} of {max(self.planned):,.0f} staff planned"
        lost, released, left = (pounds_roughly(sum(each)) for each in (self.lost, self.released, self.stranded))
        return (f"{staff} were in post in {full.words}, {when}. From {first.words} to {last.words} "
                f"{sum(self.patients):,.0f} patients were moved{lag}. The hospital lost {lost} of income and stopped "
                f"spending {released}: {left} is stranded{fell}.")


def moved(job: Job) -> Moved | None:
    """What the folder holds of its flagship, or nothing. Raises ``Refused`` for a file that cannot be read so."""
    if job.folder.lacks(MOVED):
        return None
    table = tables.read(job.folder.path / MOVED)
    table.require("month", *COLUMNS)
    months = table.months("month")
    if not months or any(later.index <= sooner.index for sooner, later in pairwise(months)):
        raise refuse("the months are not in order, each once", "sort them", file=MOVED, column="month")
    return Moved(tuple(months), *(tuple(table.numbers(name, least=0).tolist()) for name in COLUMNS))


def drawn(found: Moved, title: str) -> Figure:
    """Staff and patients as shares of their highest, and the stranded cost below them, month by month."""
    days = [each.first_day().isoformat() for each in found.months]
    lines = {"Staff in post": found.staff, "Patients moved in the month": found.patients}
    shares = [{"month": day, "line": line, "share": value / max(values)} for line, values in lines.items()
              if max(values) > 0 for day, value in zip(days, values, strict=True)]
    money = [{"month": day, "thousands": value / 1000} for day, value in zip(days, found.stranded, strict=True)]
    x = {"field": "month", "type": "temporal", "title": None, "axis": {"format": "%b %Y", "labelOverlap": True}}
    chart = {"vconcat": [
        {"height": 180, "width": 560, "data": rows_of(shares), "mark": {"type": "line", "strokeWidth": 2.5},
         "encoding": {"x": x, "y": {"field": "share", "type": "quantitative", "title": "Share of the highest",
                                    "axis": {"format": "%"}},
                      "strokeDash": {"field": "line", "type": "nominal", "title": None,
                                     "scale": {"domain": list(lines), "range": [[1, 0], [6, 4]]}},
                      "color": {"field": "line", "type": "nominal", "title": None,
                                "legend": {"orient": "top", "symbolType": "stroke"},
                                "scale": {"domain": list(lines), "range": [BLUE, TEXT]}}}},
        {"height": 120, "width": 560, "data": rows_of(money), "mark": {"type": "bar", "color": ORANGE, "stroke": GREY},
         "encoding": {"x": x, "y": {"field": "thousands", "type": "quantitative",
                                    "title": "Stranded, £ thousand"}}}]}
    rows = [{"month": month, **{name: values[place] for name, values in zip(COLUMNS, (
        found.staff, found.planned, found.patients, found.lost, found.released, found.stranded), strict=True)}}
        for place, month in enumerate(found.months)]
    table = Table.of(rows, [
        Column("month", "Month", "month"), Column("staff_in_post", "Staff in post", "number"),
        Column("staff_planned", "Staff planned", "number"), Column("patients_moved", "Patients moved", "number"),
        Column("income_lost", "Income lost", "pounds"), Column("cost_released", "Cost released", "pounds"),
        Column("stranded_cost", "Stranded cost", "pounds")], title=title)
    return Figure("moving-care", f"{title}: staff first, then patients, then cost", found.sentence, table, chart,
                  "Stranded is what the hospital goes on spending on patients who no longer come.")
