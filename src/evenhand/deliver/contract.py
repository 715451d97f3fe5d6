"""A contract as it is written in JSON: who provides, what was planned at which price, and on which terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any

from evenhand.deliver.terms_of_payment import KINDS, Kind, Outcome, Terms
from evenhand.terms import Month, Problem, Refused, closest
from evenhand.terms.words import listed

ABOUT = ("title", "provider", "commissioners", "passes_to", "from", "to", "terms", "lines", "planned_pounds",
         "fixed_share", "quality_met", "outcomes")
NUMBERS = tuple(each.name for each in fields(Terms) if each.name not in ("outcomes", "quality_met"))
LARGEST = 1e15
MISTYPED = 0.8


@dataclass(frozen=True)
class Line:
    """One thing that was agreed: so many a term at so many pounds each."""

    what: str
    planned: float
    price: float


@dataclass(frozen=True)
class Contract:
    """A contract read and checked. ``own`` names the numbers that it brings itself; the others are supposed."""

    title: str
    provider: str
    first: Month | None
    last: Month | None
    agreed: Kind
    lines: tuple[Line, ...]
    terms: Terms
    own: frozenset[str]
    remarks: tuple[str, ...] = ()

    @property
    def months(self) -> int | None:
        """How many months it runs."""
        return None if self.first is None or self.last is None else self.last.index - self.first.index + 1


def read_contract(document: Mapping[str, Any], supposed: Terms, *, file: str = "") -> Contract:
    """The contract of a document, what it does not say filled in from ``supposed``. Raises ``Refused`` with all."""
    return _Reader(file).contract(document, supposed)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.remarks: list[str] = []

    def say(self, what: str, remedy: str, place: str, row: int | None = None, value: Any = None) -> None:
        self.problems.append(Problem(what, remedy, self.file, row, place, None if value is None else str(value)))

    def contract(self, document: Mapping[str, Any], supposed: Terms) -> Contract:
        known = (*ABOUT, *NUMBERS)
        for name in document:
            near = get_close_matches(str(name).casefold(), known, n=1, cutoff=MISTYPED)
            if name not in known and near:
                self.say("this name is not known", f"did you mean {near[0]}?", str(name))
            elif name not in known:
                self.remarks.append(f"“{name}” was not read.")
        agreed = document.get("terms")
        if agreed not in KINDS:
            near = closest(str(agreed), KINDS, count=1) if agreed is not None else []
            self.say("there are no such terms" if agreed is not None else "the contract does not say its terms",
                     f"did you mean {near[0]}?" if near else f"choose from {listed(KINDS, joint='or')}", "terms",
                     value=agreed)
        lines = tuple(self.lines(document.get("lines")))
        first, last = self.month(document, "from"), self.month(document, "to")
        if first and last and last.index < first.index:
            self.say("it ends before it begins", "exchange from and to", "to", value=last)
        own = {name: self.number(document[name], name) for name in NUMBERS if document.get(name) is not None}
        self.blended(document, own)
        outcomes = tuple(self.outcomes(document.get("outcomes", [])))
        met = document.get("quality_met", True)
        if not isinstance(met, bool):
            self.say("this is neither true nor false", "write true or false", "quality_met", value=met)
        if not self.problems:
            self.check(own)
        if self.problems:
            raise Refused(dict.fromkeys(self.problems))
        named = frozenset((*own, *(("outcomes",) if outcomes else ())))
        wanted: dict[str, Any] = {**own, "outcomes": outcomes, "quality_met": met}
        terms = replace(supposed, **wanted)
        return Contract(str(document.get("title", "the contract")), str(document.get("provider", "")), first, last,
                        agreed, lines, terms, named, tuple(self.remarks))  # type: ignore[arg-type]

    def lines(self, found: Any) -> list[Line]:
        rows = self.rows(found, "lines")
        if not rows:
            self.say("the contract has no lines", "give each point of delivery with what was planned and its price",
                     "lines")
        kept: list[Line] = []
        for row, each in rows:
            what = each.get("point_of_delivery")
            if not isinstance(what, str) or not what.strip():
                self.say("there is no point of delivery", "say what is paid for", "lines.point_of_delivery", row)
                continue
            if what.strip() in {line.what for line in kept}:
                self.say("two lines have this point of delivery", "put them into one", "lines.point_of_delivery", row,
                         what)
            planned, price = (self.number(each.get(name), f"lines.{name}", row) for name in ("planned", "price"))
            kept.append(Line(what.strip(), planned, price))
        if kept and not self.problems and not sum(line.planned * line.price for line in kept):
            self.say("the contract plans nothing", "give what was planned and its price", "lines")
        return kept

    def outcomes(self, found: Any) -> list[Outcome]:
        kept = []
        for row, each in self.rows(found, "outcomes"):
            numbers = {name: self.number(each.get(name, 1 if name == "weight" else None), f"outcomes.{name}", row)
                       for name in ("weight", "baseline", "target", "seen")}
            if numbers["baseline"] == numbers["target"] and not self.problems:
                self.say("the target is where it began", "give a target that differs from the baseline",
                         "outcomes.target", row, numbers["target"])
            kept.append(Outcome(str(each.get("name", f"outcome {row}")), **numbers))
        return kept

    def blended(self, document: Mapping[str, Any], own: dict[str, float]) -> None:
        """``fixed_share`` is another way to write the marginal rate: 80% fixed is 20% of every case."""
        if document.get("fixed_share") is None:
            return
        fixed = self.number(document["fixed_share"], "fixed_share")
        if "marginal_rate" in own and abs(own["marginal_rate"] - (1 - fixed)) > 1e-9:
            self.say("the fixed share and the marginal rate do not go together",
                     "give one of them: a fixed share of 0.8 is a marginal rate of 0.2", "fixed_share", value=fixed)
        own["marginal_rate"] = 1 - fixed

    def check(self, own: Mapping[str, float]) -> None:
        for name in ("marginal_rate", "at_risk", "provider_share", "provider_share_of_loss", "least", "at_most"):
            if not 0 <= own.get(name, 0) <= 1:
                self.say("this is no share between 0 and 1", "write 0.5 for half", name, value=own[name])
        if own.get("collar", 0) > own.get("cap", float("inf")):
            self.say("the collar lies above the cap", "exchange them", "collar", value=own["collar"])

    def month(self, document: Mapping[str, Any], name: str) -> Month | None:
        if document.get(name) is None:
            return None
        try:
            return Month.parsed(str(document[name]))
        except ValueError:
            self.say("this is not a month", "write it as 2016-04", name, value=document[name])
            return None

    def rows(self, found: Any, place: str) -> list[tuple[int, Mapping[str, Any]]]:
        if found is None:
            return []
        if not isinstance(found, list | tuple):
            self.say("this is not a list", "write [ ... ]", place)
            return []
        for row, each in enumerate(found, start=1):
            if not isinstance(each, Mapping):
                self.say("this is not an object with named parts", "write { ... }", place, row, each)
        return [(row, each) for row, each in enumerate(found, start=1) if isinstance(each, Mapping)]

    def number(self, value: Any, place: str, row: int | None = None) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.say("this is not a number" if value is not None else "there is no number here", "write a number",
                     place, row, value)
            return 0.0
        if not 0 <= value < LARGEST:
            self.say("this number is negative" if value < 0 else "this number is too large", "write it in whole units",
                     place, row, value)
            return 0.0
        return float(value)
