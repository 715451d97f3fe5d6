"""What came of what was promised, by kind of scheme, shrunk towards all kinds: a first guess for the next promise."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.papers import EvaluationPlan, Finding
from evenhand.terms import Estimate

SOURCE = ("DerSimonian and Laird (1986) Meta-analysis in clinical trials, Controlled Clinical Trials 7(3): 177-188; "
          "shrinkage after Efron and Morris (1975), Journal of the American Statistical Association 70(350): 311-319")


@dataclass(frozen=True)
class Outcome:
    """One programme: kind of scheme, share promised, share found with its range, both above nought as wanted."""

    case: str
    kind: str
    promised: float
    found: Estimate

    @property
    def ratio(self) -> float:
        """What was found over what was promised."""
        return self.found.central / self.promised

    @property
    def error(self) -> float:
        """The standard error of the ratio, from the width of the range."""
        from scipy.special import ndtri

        reach = float(ndtri(0.5 + self.found.confidence / 2))
        return max((self.found.high - self.found.low) / (2 * reach) / self.promised, 1e-6)


@dataclass(frozen=True)
class Kind:
    """One kind of scheme: how many, promised and found on average, the ratio shrunk, and its range for the next one."""

    kind: str
    schemes: int
    promised: float
    found: float
    ratio: float
    low: float
    high: float
    next_low: float
    next_high: float


def outcomes(cases: Iterable[tuple[str, EvaluationPlan, Finding]]) -> tuple[Outcome, ...]:
    """The programmes whose plan says a kind and a promise and whose latest finding has an effect."""
    found = []
    for case, plan, finding in cases:
        promised = finding.promised_effect
        if plan.scheme_kind and isinstance(promised, Estimate) and isinstance(finding.effect, Estimate) and (
                promised.central):
            side = -1.0 if promised.central < 0 else 1.0
            found.append(Outcome(case, plan.scheme_kind, abs(promised.central), finding.effect.scaled(side)))
    return tuple(found)


def by_kind(given: Sequence[Outcome]) -> tuple[Kind, ...]:
    """Each kind's ratio of found to promised, and that of all kinds last; nothing where nothing was found.

    Within kinds programmes differ by tau squared (DerSimonian and Laird 1986, equation 8, pooled over kinds); kinds
    differ from the mean of all by omega squared, estimated the same way; a kind's ratio is drawn towards all by
    omega squared over omega squared plus its own variance (Efron and Morris 1975). ``next_low`` and ``next_high`` hold
    the next programme of the kind 95 times in a hundred, so far as these go.
    """
    if not given:
        return ()
    kinds = sorted({each.kind for each in given})
    groups = {kind: [each for each in given if each.kind == kind] for kind in kinds}
    tau = _between([(each.ratio, each.error ** 2, each.kind) for each in given])
    means = {kind: _mean([(each.ratio, each.error ** 2 + tau) for each in held]) for kind, held in groups.items()}
    omega = _between([(*means[kind], "all") for kind in kinds])
    centre, spread = _mean([(mean, variance + omega) for mean, variance in means.values()])
    rows = []
    for kind in kinds:
        mean, variance = means[kind]
        keep = omega / (omega + variance)
        # What is drawn towards the centre carries part of the centre's own doubt.
        rows.append(_row(kind, groups[kind], keep * mean + (1 - keep) * centre,
                         keep * variance + (1 - keep) ** 2 * spread, tau))
    rows.append(_row("all kinds", list(given), centre, spread, tau + omega))
    return tuple(rows)


def _row(kind: str, held: Sequence[Outcome], ratio: float, variance: float, between: float) -> Kind:
    reach, wider = 1.96 * math.sqrt(variance), 1.96 * math.sqrt(variance + between)
    return Kind(kind, len(held), sum(each.promised for each in held) / len(held),
                sum(each.found.central for each in held) / len(held), ratio, ratio - reach, ratio + reach,
                ratio - wider, ratio + wider)


def _mean(values: Sequence[tuple[float, float]]) -> tuple[float, float]:
    weights = [1 / variance for _, variance in values]
    return sum(weight * value for weight, (value, _) in zip(weights, values, strict=True)) / sum(weights), (
        1 / sum(weights))


def _between(values: Sequence[tuple[float, float, str]]) -> float:
    """The variance between values beyond that within them, by moments, each set against its own group's mean."""
    groups: dict[str, list[tuple[float, float]]] = {}
    for value, variance, group in values:
        groups.setdefault(group, []).append((value, variance))
    apart = freedom = scale = 0.0
    for held in groups.values():
        mean, _ = _mean(held)
        weights = [1 / variance for _, variance in held]
        apart += sum(weight * (value - mean) ** 2 for weight, (value, _) in zip(weights, held, strict=True))
        freedom += len(held) - 1
        scale += sum(weights) - sum(weight ** 2 for weight in weights) / sum(weights)
    return max(0.0, (apart - freedom) / scale) if freedom and scale > 0 else 0.0


def document(given: Sequence[Outcome]) -> dict[str, Any]:
    """The table as it is kept beside the papers: kind, schemes, promised, found, ratio with its range."""
    return {"says": "What came of what was promised, by kind of scheme; a ratio of 1 is all of it. Ratios of few "
                    "schemes are drawn towards those of all kinds.",
            "source": SOURCE,
            "kinds": [{"kind": each.kind, "schemes": each.schemes, "promised": each.promised, "found": each.found,
                       "ratio": each.ratio, "low": each.low, "high": each.high, "next_low": each.next_low,
                       "next_high": each.next_high} for each in by_kind(given)],
            "programmes": [{"case": each.case, "kind": each.kind, "promised": each.promised,
                            "found": each.found.central, "low": each.found.low, "high": each.found.high,
                            "ratio": each.ratio} for each in given]}
