"""How much of a plan's savings usually does not arrive: the published record, until a body has its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.terms import refuse
from evenhand.terms.words import counted

MOST_LOST = 0.99
"""The most that a usual shortfall takes: a list of which nothing ever arrives is no list."""


@dataclass(frozen=True)
class Record:
    """One published plan beside what came of it. ``planned`` and ``came`` are in pounds; ``by`` says who wrote when."""

    whose: str
    planned: float
    came: float
    what: str
    by: str
    source: str

    @property
    def share(self) -> float:
        """The share of the plan that did not arrive."""
        return (self.planned - self.came) / self.planned


PUBLISHED: tuple[Record, ...] = (
    Record("NHS England, direct commissioning, 2013/14", 374e6, 374e6 - 48.1e6,
           "a gap of £48.1 million in a plan of £374 million, forecast in the first quarter",
           "NHS England, 2013", "NHS England (2013), finance report for the first quarter of 2013/14"),
    Record("NHS Hammersmith and Fulham CCG, 2013/14", 10_549e3, 8_921e3,
           "£8.921 million came of £10.549 million planned, at month 12",
           "its own report, 2014", "NHS Hammersmith and Fulham CCG (2014), QIPP performance report, month 12"),
    Record("The health service in England, 2011/12", 5.8e9, 3.4e9,
           "£3.4 billion could be substantiated of £5.8 billion claimed",
           "National Audit Office, 2012",
           "National Audit Office (2012), Progress in making NHS efficiency savings, HC 686"),
)


@dataclass(frozen=True)
class Usual:
    """The share of a claim that usually does not arrive, with its range and where it comes from."""

    share: float
    low: float
    high: float
    comes_from: str


EVERY_KIND = "all kinds"
"""The row of a record of promises kept that speaks of every scheme that was evaluated."""


def realised_shortfall(document: Mapping[str, Any], name: str) -> Usual:
    """The shortfall by what came of this body's own promises, as ``evaluate`` left it: 1 less the ratio of all kinds.

    A shortfall is never below nought nor above all: schemes that gave more than promised say nothing of the others.
    Kinds of schemes there are not those of lists, so all kinds count together. Raises ``Refused`` where the document is
    no such record.
    """
    kinds = document.get("kinds")
    row = next((each for each in kinds if isinstance(each, Mapping) and each.get("kind") == EVERY_KIND),
               None) if isinstance(kinds, list) else None
    try:
        if row is None:
            raise KeyError(EVERY_KIND)
        ratio, low, high, many = (float(row[key]) for key in ("ratio", "low", "high", "schemes"))
    except (KeyError, TypeError, ValueError):
        raise refuse("this is no record of what came of promises",
                     "give the realised.json that evenhand evaluate run, or evenhand run, leaves in its workspace",
                     file=name, column="--usual") from None
    share, least, most = (min(max(1 - each, 0.0), MOST_LOST) for each in (ratio, high, low))
    schemes = counted(int(many), "scheme")
    return Usual(share, least, most, f"what came of this body's own promises: {schemes} evaluated, "
                                     f"all kinds together ({name}); the range is that of their mean")


def usual_shortfall(own: float | None = None) -> Usual:
    """The body's own share where it has one; else the middle of the published record, from its least to its most.

    The three records are of different kinds (a forecast, a year's end, an audit), so the range is wide and is no
    confidence interval.
    """
    if own is not None:
        return Usual(own, own, own, "this body's own record, as given")
    shares = sorted(record.share for record in PUBLISHED)
    told = "; ".join(f"{record.whose}: {record.what}, {record.share * 100:.1f}% ({record.by})" for record in PUBLISHED)
    return Usual(shares[len(shares) // 2], shares[0], shares[-1],
                 f"the published record, until this body has its own: the middle of {len(shares)} and their range. "
                 f"{told}")
