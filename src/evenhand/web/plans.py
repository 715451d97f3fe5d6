"""The Plan as its page tells it: the few changes, what they mean for patients, the limits, who wins and who loses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.papers import Limit, Plan, Scheme, SchemeList
from evenhand.terms import Estimate
from evenhand.terms.words import counted, figure, listed, pounds_roughly
from evenhand.web.case_page import CasePage

_GAIN = "gain of "


@dataclass(frozen=True)
class Change:
    """One of the few changes, and its case where there is one."""

    scheme: Scheme
    owner: str
    case: CasePage | None = None

    @property
    def meaning(self) -> str:
        """What it means for patients, in the words of its proposal; empty where they are not held."""
        change = self.case.change if self.case else None
        if change is None or self.case is None or not change.what_it_means:
            return ""
        named = change.title in (None, self.scheme.title, self.case.title)
        return change.what_it_means if named else f"{change.title}, {change.what_it_means}"

    @property
    def cost(self) -> str:
        """What it costs over the years of the plan."""
        pence = sum((self.scheme.cost_pence or {}).values())
        return pounds_roughly(pence / 100) if pence else ""

    @property
    def worth(self) -> str:
        """What it is worth, with its range and its unit."""
        value, units = self.scheme.value, self.scheme.value_units or ""
        if not isinstance(value, Estimate):
            return ""
        money = units.startswith("pounds")
        said = pounds_roughly if money else _number
        unit = units.removeprefix("pounds").strip() if money else units
        ranged = f" (range {said(value.low)} to {said(value.high)})" if value.low != value.high else ""
        return f"{said(value.central)} {unit}{ranged}".strip()


@dataclass(frozen=True)
class Standing:
    """How one body fares: pounds over the plan before any payment, what it pays and receives, what is left."""

    body: str
    before: float
    pays: float
    receives: float
    after: float


@dataclass(frozen=True)
class PlanPage:
    """Everything that the page of one plan says."""

    name: str
    digest: str
    paper: Plan
    invented: bool
    changes: tuple[Change, ...]
    left_out: tuple[tuple[str, CasePage | None], ...]
    names: Mapping[str, str]
    began_from: SchemeList | None = None
    contracts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it is called."""
        return self.paper.title

    @property
    def years(self) -> str:
        """From the first year to the last."""
        years = self.paper.years
        return f"{years[0]} to {years[-1]}" if len(years) > 1 else "".join(years)

    @property
    def in_short(self) -> str:
        """How few, of how many, over which years, by whom."""
        few, out = len(self.changes), len(self.paper.left_out)
        bodies = listed([body.name for body in self.paper.bodies])
        over = f", {self.years}" if self.years else ""
        chosen = f", chosen from {few + out}" if out else ""
        return f"{counted(few, 'change').capitalize()}{over}{chosen}{f', for {bodies}' if bodies else ''}."

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Who wins and who loses, those who lose most first; nothing where it was not worked out."""
        rows: Sequence[Mapping[str, Any]] = (self.paper.figures.get("transfers") or {}).get("rows") or ()
        found = (Standing(str(row["organisation"]), row["net_gain"], row["pays"], row["receives"], row["after"])
                 for row in rows)
        return tuple(sorted(found, key=lambda each: each.before))

    @property
    def who_wins(self) -> str:
        """Who wins and who loses in a sentence; empty where it was not worked out."""
        standings = self.standings
        if not standings:
            return ""
        wins = [each for each in standings if each.before > 0]
        loses = [each for each in standings if each.before < 0]
        said = f"{_bodies(len(wins), 'gains', 'gain')} and {_bodies(len(loses), 'loses', 'lose')} by these changes"
        if not loses:
            return f"{said}."
        most = f"{loses[0].body} loses most, {pounds_roughly(-loses[0].before)}"
        payments = len(self.paper.transfers or ())
        whole = f"; after {counted(payments, 'payment')} between them nobody would be worse off" if payments else ""
        return f"{said}: {most}{whole}."

    @property
    def payments(self) -> tuple[tuple[str, str, str, float, str], ...]:
        """Who would pay whom, in which year, how many pounds, and why."""
        return tuple((self.names.get(each.payer, each.payer), self.names.get(each.receiver, each.receiver), each.year,
                      each.pence / 100, each.because) for each in self.paper.transfers or ())

    @property
    def limits(self) -> tuple[str, ...]:
        """What there is only so much of, and how much of it the plan uses."""
        return tuple(map(limit_in_words, self.paper.limits))


def _bodies(number: int, one: str, many: str) -> str:
    return f"{counted(number, 'body', 'bodies').capitalize()} {one if number == 1 else many}".replace("No ", "no ")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else figure(value)


def limit_in_words(limit: Limit) -> str:
    """A limit as a reader would say it; a body's least gain is what it may lose at most."""
    said = pounds_roughly if limit.units == "pounds" else _number
    units = "" if limit.units == "pounds" else f" {limit.units}"
    if limit.name.startswith(_GAIN):
        body = limit.name.removeprefix(_GAIN)
        bound = f"may lose {said(-limit.limit)}{units} at most" if limit.limit < 0 else (
            f"must gain {said(limit.limit)}{units} at least" if limit.limit else "must not lose")
        now = f"it loses {said(-limit.used)}{units}" if limit.used < 0 else f"it gains {said(limit.used)}{units}"
        return f"{body} {bound}; by this plan {now}, before any payment."
    name = limit.name[:1].upper() + limit.name[1:]
    return f"{name}: {said(limit.used)} of {said(limit.limit)}{units} used."


def plan_page(name: str, digest: str, paper: Plan, *, invented: bool, cases: Sequence[CasePage],
              names: Mapping[str, str], named: Callable[[str], str], began_from: SchemeList | None = None,
              contracts: tuple[str, ...] = ()) -> PlanPage:
    """The page of a plan, with the cases it owns."""
    by_name = {page.name: page for page in cases}
    by_title = {page.title.casefold(): page for page in cases}
    changes = tuple(Change(each, named(each.owner) if each.owner else "",
                           by_name.get((each.case or "").removeprefix("case/"))) for each in paper.schemes)
    left_out = tuple((title, by_title.get(title.casefold())) for title in paper.left_out)
    return PlanPage(name, digest, paper, invented, changes, left_out, names, began_from, contracts)
