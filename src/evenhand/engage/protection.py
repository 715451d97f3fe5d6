"""Small numbers of people kept from view, and what may still be said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from evenhand.data.suppression import HIDDEN, Regime
from evenhand.engage.raking import share_interval
from evenhand.terms import Suppressed

if TYPE_CHECKING:
    from evenhand.engage.reach import Heard
    from evenhand.engage.replies import Replies

WORDS = {"no_reply": "nobody replied", "far_under": "hardly heard", "under": "less than their share",
         "in_proportion": "about their share", "over": "more than their share"}


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


def as_shown(row: Heard, replies: Replies, regime: Regime, far_under: float, confidence: Sequence[float]) -> Heard:
    """The row as it may leave the organisation, every figure worked out anew from the counts that are shown."""
    assert isinstance(row.replies, int)
    stated = sum(each for name, each in replies.by_group[row.dimension].items() if name is not None)
    shown, total = regime.released(row.replies), regime.released(stated)
    if not row.share_of_population:
        return row
    if isinstance(shown, Suppressed) or isinstance(total, Suppressed):
        return _hidden(row, regime, stated, far_under, total_is_hidden=isinstance(total, Suppressed))
    assert shown is not None
    assert total is not None
    # Rounding apart, a part may come out above its whole.
    share = min(1.0, shown / total) if total else 0.0
    return replace(
        row, replies=shown, share_of_replies=share, ratio=share / row.share_of_population,
        intervals={f"{each:g}": ratio_interval(share * total, total, row.share_of_population, each)
                   for each in confidence},
        status=status(share * total, total, row.share_of_population, far_under),
        weight=row.share_of_population / share if share else None,
        weighted_share=row.share_of_population if share else None)


def _hidden(row: Heard, regime: Regime, stated: int, far_under: float, *, total_is_hidden: bool) -> Heard:
    """A row whose count is hidden. Only what would be true of every count that the rule hides may be said of it."""
    if not row.replies:
        return replace(row, share_of_replies=0.0, ratio=0.0, intervals=HIDDEN, weight=None, weighted_share=None)
    said = {status(each, stated, row.share_of_population, far_under)
            for each in (regime.least, min(regime.most, stated))}
    sure = said.pop() if len(said) == 1 and not total_is_hidden else HIDDEN
    return replace(row, replies=HIDDEN, share_of_replies=HIDDEN, ratio=HIDDEN, intervals=HIDDEN, weight=HIDDEN,
                   weighted_share=HIDDEN, status=sure)
