"""One row of care that could be avoided, as the paper that a case begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from evenhand.find.avoidable import AGAINST
from evenhand.papers import Body, Header, MadeFrom, Method, Opportunity, subject
from evenhand.region.folder import open_folder
from evenhand.terms import Estimate, Month, Span, refuse
from evenhand.terms.words import figure, listed, pounds_roughly
from evenhand.web import loaded
from evenhand.web.avoidable_here import SET_AGAINST, Asked
from evenhand.web.region_here import FOLDER

if TYPE_CHECKING:
    from evenhand.figures import Answer

Row = Mapping[str, Any]


def row_of(found: Answer, unit: str, condition: str, of_list: str) -> Row | None:
    """The row meant, where its rate could be set against something; nothing where there is no such row."""
    return next((row for row in found.fields["rows"] if (row["unit"], row["condition"], row["list"]) ==
                 (unit, condition, of_list) and row["excess"] is not None), None)


def measure_of(row: Row) -> str:
    """What the row measures, as a name: its list and its condition."""
    return "-".join(re.findall(r"[a-z0-9]+", f"{row['list']} {row['condition']}".casefold()))


def months_of(found: Answer) -> tuple[Span, str]:
    """Which months the counts are of, and what must be said of that.

    A table without months is a year's: the latest that the region asks about. Raises ``Refused`` where neither says.
    """
    period = found.fields["period"]
    if period:
        return Span(Month.parsed(str(period["first"])), Month.parsed(str(period["last"]))), ""
    asked = open_folder(loaded.home() / FOLDER).region.find
    if not asked:
        raise refuse("nothing says which months these counts are of", "give the table of admissions a column month")
    last = max(Month.parsed(each.last) for each in asked)
    return Span(last.plus(-11), last), (f"The table of admissions has no months: it is taken as the twelve months to "
                                        f"{last.words}, the latest that the region asks about.")


def opportunity_from(found: Answer, row: Row, what: Asked, span: Span, said: str, case: str) -> Opportunity:
    """The row as an opportunity: list and version, peers, range, and how sure it is.

    Args:
        found: the figures of the page.
        row: one of its rows, as ``row_of`` gives it.
        what: what the page is about.
        span: the months of it, and ``said`` what must be said of them, as ``months_of`` gives them.
        case: the name of the case.
    """
    sure = row["signal"] == "above"
    alike = found.fields["peers"].get(row["unit"], ()) if what.against == "peers" else ()
    note = next((each for each in found.fields["list_notes"] if each["list"] == row["list"]), None)
    title = f"{row['condition']} ({note['title'] if note else row['list']})"
    low, high = row["interval"]
    least, most = row["excess_interval"]
    cost = f", about {pounds_roughly(row['cost_of_excess'])}" if row["cost_of_excess"] else ""
    more = f"{figure(abs(row['excess']))} {'more' if row['excess'] > 0 else 'fewer'}"
    version = f", {row['list_version']}" if row["list_version"] else ""
    return Opportunity(
        header=Header(subject=subject("case", case),
                      made_from=tuple(MadeFrom(each.digest, PurePath(each.what).name) for each in found.made_from),
                      method=Method(found.method.name, found.method.version, found.method.source),
                      settings={**found.settings, "unit": row["unit"], "condition": row["condition"],
                                "list": [row["list"]], "list_version": row["list_version"]}),
        body=Body(row["name"], row["unit"]), measure=measure_of(row), title=title, period=span,
        against=SET_AGAINST[what.against] + (f": {listed(list(alike))}" if alike else ""),
        gap=Estimate(row["excess"], least, most), gap_units="admissions a year", sure="fair" if sure else "low",
        sure_because=("more than chance, but not adjusted for illness or deprivation" if sure else
                      "chance alone could show as much"),
        sentence=f"{title} in {row['name']} ({row['unit']}), {span.words}: {figure(row['rate'])} ({figure(low)} to "
                 f"{figure(high)}) for every {found.settings['per']:,.0f} people a year, {figure(row['middle'])} "
                 f"{AGAINST[what.against]}: {more} in the year (range {figure(least)} to {figure(most)}){cost}. "
                 f"{'More than chance' if sure else 'May be chance'}. List: {row['list']}{version}. "
                 "Headroom, not money, until a clinician has been asked.",
        figures={"row": dict(row), "list": dict(note) if note else None, "peers": list(alike)},
        remarks=(*((said,) if said else ()), *found.remarks))
