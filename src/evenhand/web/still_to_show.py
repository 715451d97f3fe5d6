"""What a case on its way still has to show before it is decided, and who owes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.decide import gate
from evenhand.papers.flow import DECIDED
from evenhand.record.app import queries as record
from evenhand.terms import Refused
from evenhand.web.case_page import CasePage

SETTLED = (*DECIDED, "challenged", "delivering", "sustained", "stopped", "closed")


@dataclass(frozen=True)
class Owed:
    """One thing that is not shown yet: the question, what is missing, who owes it and by when."""

    question: str
    missing: str
    owed_by: str
    due: str


@dataclass(frozen=True)
class StillToShow:
    """How many tests are met, of how many, and the three weakest links."""

    met: int
    of: int
    weakest: tuple[Owed, ...]


def still_to_show(page: CasePage) -> StillToShow | None:
    """What a case that is not decided yet must still show; ``None`` once it is decided, or with nothing proposed."""
    if page.state in SETTLED or page.proposal is None:
        return None
    try:
        fields = gate(record.held(f"case/{page.name}")).fields
    except Refused:
        return None
    asked = [test for test in fields["tests"] if test["answer"] != "not applicable"]
    met = sum(test["answer"] == "met" for test in asked)
    return StillToShow(met, len(asked), tuple(_owed(each) for each in fields["weakest"]))


def _owed(test: Mapping[str, Any]) -> Owed:
    return Owed(test["question"], test["missing"] or test["because"], test["owed_by"] or "", test["due"] or "")
