"""Concerns put together by what they are about, and whether more of them came lately than before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from evenhand.terms import Span


@dataclass(frozen=True)
class Concern:
    """One report: the day, the practice, what it is about, its words, and what became of it (empty: not said).

    ``withheld`` says what in its words may point to a patient; such words are never kept.
    """

    id: str
    day: date
    practice: str
    subject: str
    text: str = ""
    became: str = ""
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rise:
    """How often concerns came lately beside before: the ratio of the two rates, its range, and the chance.

    ``ratio`` and ``high`` are ``None`` where none came before: no finite number is meant then. ``p`` is the chance of
    so many lately or more, had nothing changed.
    """

    lately: int
    before: int
    ratio: float | None
    low: float
    high: float | None
    p: float


@dataclass(frozen=True)
class Cluster:
    """All concerns about one subject: practices that said so, what became of them, and whether they rise."""

    subject: str
    concerns: tuple[Concern, ...]
    rise: Rise | None
    became: Mapping[str, int] = field(default_factory=dict)

    @property
    def practices(self) -> tuple[str, ...]:
        """The practices that said so, each once."""
        return tuple(dict.fromkeys(each.practice for each in self.concerns))


def clusters(concerns: Sequence[Concern], span: Span, months: int, confidence: float = 0.95) -> tuple[Cluster, ...]:
    """Concerns by subject, those that most practices raised first; their last months beside those before.

    Args:
        concerns: reports, all of them within the span.
        span: the months in which reports could be made.
        months: how many months at its end count as lately.
        confidence: of the range of each ratio.
    """
    found: dict[str, list[Concern]] = {}
    for each in concerns:
        found.setdefault(each.subject, []).append(each)
    made = [Cluster(subject, tuple(some), rise_of(some, span, months, confidence), outcomes(some))
            for subject, some in found.items()]
    return tuple(sorted(made, key=lambda each: (-len(each.practices), -len(each.concerns), each.subject)))


def outcomes(concerns: Sequence[Concern]) -> dict[str, int]:
    """How many came to which end, the most frequent first; those of which nothing is said are not in it."""
    found: dict[str, int] = {}
    for each in concerns:
        if each.became:
            found[each.became] = found.get(each.became, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def rise_of(concerns: Sequence[Concern], span: Span, months: int, confidence: float) -> Rise | None:
    """Lately beside before for some concerns; nothing where the span has no months before."""
    begins = span.last.plus(1 - months)
    if begins.index <= span.first.index:
        return None
    cut, end = begins.first_day(), span.last.plus(1).first_day()
    lately = sum(each.day >= cut for each in concerns)
    return rate_ratio(lately, len(concerns) - lately, (end - cut).days, (cut - span.first.first_day()).days, confidence)


def rate_ratio(lately: int, before: int, days_lately: float, days_before: float, confidence: float = 0.95) -> Rise:
    """Two Poisson counts beside each other, exactly: given their sum, the one is binomial.

    With ``n`` in all and the share of days ``q = days_lately / (days_lately + days_before)``, ``p = P(X >= lately)``
    for ``X ~ Binomial(n, q)``; the range of the binomial share (Clopper and Pearson 1934) gives that of the ratio,
    ``share / (1 - share) * days_before / days_lately``.

    Raises ``ValueError`` for negative counts and days that are not above nought.

    Source: Przyborowski and Wilenski (1940), Biometrika 31:313-323; Clopper and Pearson (1934), Biometrika 26:404-413.
    """
    from scipy.special import betainc, betaincinv

    if min(lately, before) < 0 or min(days_lately, days_before) <= 0:
        raise ValueError("counts are not below nought, and days are above it")
    both = lately + before
    longer = days_before / days_lately
    tail = (1 - confidence) / 2
    p = float(betainc(lately, before + 1, days_lately / (days_lately + days_before))) if lately else 1.0
    low_share = float(betaincinv(lately, before + 1, tail)) if lately else 0.0
    high_share = float(betaincinv(lately + 1, before, 1 - tail)) if before else 1.0
    return Rise(lately, before, lately / before * longer if before and both else None,
                low_share / (1 - low_share) * longer,
                high_share / (1 - high_share) * longer if before and high_share < 1 else None, p)
