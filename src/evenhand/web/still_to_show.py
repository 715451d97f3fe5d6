"""What a case must show before it is decided: what it lacks on its way, and how it stood when it was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.decide import gate
from evenhand.decide.pack_words import of_whom
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
class Shown:
    """How many of the things that must be shown are, how many are shown not to be so, of how many that apply."""

    met: int
    not_met: int
    of: int
    weakest: tuple[Owed, ...]

    @property
    def not_held(self) -> int:
        """Of how many nothing that is held says anything."""
        return self.of - self.met - self.not_met


def still_to_show(page: CasePage) -> Shown | None:
    """What a case that is not decided yet must still show; ``None`` once it is decided, or with nothing proposed."""
    return None if page.state in SETTLED else _shown(page)


def shown_when_decided(page: CasePage) -> Shown | None:
    """How a decided case stands to the rules of its day; ``None`` before it is decided."""
    return _shown(page) if page.decision else None


def _shown(page: CasePage) -> Shown | None:
    if page.proposal is None:
        return None
    try:
        fields = gate(record.held(f"case/{page.name}")).fields
    except Refused:
        return None
    answers = [test["answer"] for test in fields["tests"] if test["answer"] != "not applicable"]
    return Shown(answers.count("met"), answers.count("not met"), len(answers),
                 tuple(_owed(each, invented=page.invented) for each in fields["weakest"]))


def _owed(test: Mapping[str, Any], *, invented: bool) -> Owed:
    owed_by = of_whom(test["owed_by"] or "", invented=invented)
    return Owed(test["question"], test["missing"] or test["because"], owed_by, test["due"] or "")
