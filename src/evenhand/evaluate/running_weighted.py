"""A sealed plan by weighted donors: a mix of bodies left alone that ran as this one did, and how far it left them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.evaluate.beside_series import Series
from evenhand.evaluate.beside_sums import CONFIDENCE, FEWEST, NEAREST, Asked
from evenhand.evaluate.synthetic import SOURCE, synthetic
from evenhand.figures import Answer
from evenhand.terms import Estimate, Month, Refused
from evenhand.terms.words import counted

WEIGHTED = "weighted donors"
OWN = "own"
LONG, ENOUGH_LATER = 12, 6
WEIGHTED_SOURCE = SOURCE


@dataclass(frozen=True)
class Weighted:
    """Logs of observed over the mix of donors: over the whole time, in the first year, and after it; the answer."""

    whole: Estimate
    first_year: Estimate | None
    later: Estimate | None
    answer: Answer


def weighted(mine: Series, others: Mapping[str, Series], asked: Asked) -> Weighted | str:
    """How far a body left a mix of others, by synthetic difference-in-differences on the log of its rate.

    The range is that in which one more body left alone would fall: Student's t on the same gaps of each donor, judged
    by a mix of the rest. The months that prompted a programme are left out for all. A string says why it cannot tell.

    Source: Arkhangelsky and others (2021), American Economic Review 111(12): 4088-4118; placebos as Abadie, Diamond and
    Hainmueller (2010).
    """
    prompted = asked.prompted
    months = [month for month in mine.months if prompted is None or not prompted.first <= month <= prompted.last]
    if any(top <= 0 for month, top in zip(mine.months, mine.numerators, strict=True) if month in months):
        return "some of its months count nought, which has no share"
    donors = _donors(mine, others, months, asked.nearest)
    if len(donors) < FEWEST:
        return f"fewer than {FEWEST} bodies without such a programme have figures for every month compared"
    try:
        answer = synthetic(_panel({OWN: mine, **donors}, months), unit="unit", time="month", outcome="value",
                           treated=OWN, start=str(asked.start), method="synthetic-difference", label="the figure")
    except Refused as why:
        return why.problems[0].what
    said = answer.fields
    if said["mean_gap"] is None:
        return str(said["cannot_tell"])
    after = [month for month in months if asked.start <= month]
    turn = asked.start.plus(LONG)
    first, later = [each for each in after if each < turn], [each for each in after if turn <= each]
    long = len(later) >= ENOUGH_LATER
    return Weighted(_over(said, after, asked.confidence), _over(said, first, asked.confidence) if long else None,
                    _over(said, later, asked.confidence) if long else None, answer)


def _donors(mine: Series, others: Mapping[str, Series], months: Sequence[Month], most: int) -> dict[str, Series]:
    """The bodies nearest in size that have a figure above nought in every month compared."""
    def held(one: Series) -> bool:
        at = dict(zip(one.months, one.numerators, strict=True))
        return all(at.get(month, 0) > 0 for month in months)

    here = sum(mine.denominators) / max(1, len(mine.months))
    whole = {code: one for code, one in others.items() if held(one)}
    near = sorted(whole, key=lambda code: (abs(sum(whole[code].denominators) / len(whole[code].months) - here), code))
    return {code: whole[code] for code in near[:most or NEAREST]}


def _panel(series: Mapping[str, Series], months: Sequence[Month]) -> dict[str, list[Any]]:
    from math import log

    wanted = set(months)
    rows = [(code, str(month), log(value)) for code, one in series.items()
            for month, value in zip(one.months, one.values, strict=True) if month in wanted]
    return {name: [row[place] for row in rows] for place, name in enumerate(("unit", "month", "value"))}


def _over(said: Mapping[str, Any], months: Sequence[Month], confidence: float = CONFIDENCE) -> Estimate:
    """The gap over some months less the gap before, with the range that the donors' own gaps give it."""
    import numpy as np
    from scipy.special import stdtrit

    wanted = {str(each) for each in months}
    own = {row["time"]: row["gap"] for row in said["gaps"]}
    after = [row["time"] for row in said["gaps"] if row["after"]]
    means = {row["unit"]: row["mean_gap"] for row in said["placebo"]["units"]}

    def over(gaps: Mapping[str, float], whole: float) -> float:
        before = float(np.mean([gaps[each] for each in after])) - whole
        return float(np.mean([gaps[each] for each in after if each in wanted])) - before

    theirs = np.array([over(gaps, means[unit]) for unit, gaps in said["placebo"]["gaps"].items()])
    middle = over(own, said["computed_gap"])
    reach = float(stdtrit(len(theirs) - 1, 0.5 + confidence / 2) * theirs.std(ddof=1) * (1 + 1 / len(theirs)) ** 0.5)
    return Estimate(middle, middle - reach, middle + reach, confidence)


def donors_words(found: Weighted) -> str:
    """Which bodies make up the mix, the heaviest first."""
    shares = sorted(((share, code) for code, share in found.answer.fields["weights"].items() if share >= 0.005),
                    reverse=True)
    return f"a mix of {counted(len(shares), 'body', 'bodies')}"
