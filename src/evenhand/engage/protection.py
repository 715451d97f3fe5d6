"""Small numbers of people kept from view, and what may still be said of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from evenhand.engage.raking import share_interval
from evenhand.terms import Suppressed

if TYPE_CHECKING:
    from evenhand.engage.reach import Heard
    from evenhand.engage.replies import Replies

LEAST_SHOWN = 8
FEW = Suppressed("1 to 7 people")

WORDS = {"no_reply": "nobody replied", "far_under": "hardly heard", "under": "less than their share",
         "in_proportion": "about their share", "over": "more than their share"}


def count(number: int) -> int | Suppressed:
    """A count as it may be shown: none stays none, 1 to 7 are hidden, the others go to the nearest five.

    Source: NHS Digital (2018), HES Analysis Guide.
    """
    return FEW if 0 < number < LEAST_SHOWN else rounded(number)


def rounded(number: float) -> int:
    """To the nearest five, halves upward: 12 gives 10, 13 gives 15."""
    return int(5 * math.floor(number / 5 + 0.5))


def ratio_interval(replies: float, of: float, share: float, confidence: float) -> tuple[float, float]:
    """The range of a group's share of replies over its share of the people."""
    low, high = share_interval(replies, of, confidence)
    return low / share, high / share


def status(replies: float, of: float, share: float, far_under: float) -> str:
    """How a group was heard, judged by the 95% range of its ratio so that chance is not mistaken for silence."""
    if not replies:
        return "no_reply"
    low, high = ratio_interval(replies, of, share, 0.95)
    if high < 1:
        return "far_under" if replies / of / share <= far_under else "under"
    return "over" if low > 1 else "in_proportion"


def hidden(row: Heard, replies: Replies, far_under: float, confidence: Sequence[float]) -> Heard:
    """The row as it may leave the organisation, every figure worked out anew from the rounded counts."""
    assert isinstance(row.replies, int)
    stated = sum(each for name, each in replies.by_group[row.dimension].items() if name is not None)
    total = count(stated)
    if isinstance(total, Suppressed) or 0 < row.replies < LEAST_SHOWN:
        # Only what would be true of any count from 1 to 7 may be said of a hidden one.
        sure = {status(each, stated, row.share_of_population, far_under) for each in (1, LEAST_SHOWN - 1)
                if each <= stated}
        known: str | Suppressed = sure.pop() if len(sure) == 1 and not isinstance(total, Suppressed) else FEW
        shown = 0 if not row.replies else FEW
        return replace(row, replies=shown, share_of_replies=FEW if row.replies else 0.0,
                       ratio=FEW if row.replies else 0.0, intervals=FEW, weight=None if not row.replies else FEW,
                       weighted_share=None if not row.replies else FEW,
                       status="no_reply" if not row.replies else known)
    if not row.share_of_population:
        return row
    shown = rounded(row.replies)
    share = shown / total
    return replace(
        row, replies=shown, share_of_replies=share, ratio=share / row.share_of_population,
        intervals={f"{each:g}": ratio_interval(min(shown, total), total, row.share_of_population, each)
                   for each in confidence},
        status=status(min(shown, total), total, row.share_of_population, far_under),
        weight=row.share_of_population / share if share else None,
        weighted_share=row.share_of_population if share else None)
