"""What is paid under each kind of terms: plain sums on two amounts, what was planned and what was done at its price.

All amounts are pounds, all rates and shares numbers from 0 on (1 is the whole).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["block", "per case", "blended", "cap and collar", "outcome-linked", "gain share"]
KINDS: tuple[Kind, ...] = ("block", "per case", "blended", "cap and collar", "outcome-linked", "gain share")
NEARLY_ALL, HARDLY_ANY = 0.9, 0.1


@dataclass(frozen=True)
class Outcome:
    """One thing that a part of the payment hangs on: nothing is earned at ``baseline``, all of it at ``target``."""

    name: str
    weight: float
    baseline: float
    target: float
    seen: float

    @property
    def reached(self) -> float:
        """The share of the way that was gone, from 0 to 1."""
        return min(1.0, max(0.0, (self.seen - self.baseline) / (self.target - self.baseline)))


@dataclass(frozen=True)
class Terms:
    """The numbers of every kind of terms.

    ``marginal_rate`` is the part of the price paid (or kept back) for what lies above (or below) the plan. ``cap`` and
    ``collar`` are shares of the planned value. ``at_risk`` is the share of the planned value that hangs on outcomes.
    A gain share pays what was done at its price, and the provider ``provider_share`` of what that lies below the
    ``baseline`` (the planned value unless told), or takes ``provider_share_of_loss`` of what it lies above, once it is
    at least ``least`` of the baseline, and never more than ``at_most`` of it; nothing is shared out of savings where
    ``quality_met`` is false.
    """

    marginal_rate: float = 0.5
    cap: float = 1.05
    collar: float = 0.95
    at_risk: float = 0.05
    outcomes: tuple[Outcome, ...] = ()
    baseline: float | None = None
    provider_share: float = 0.5
    provider_share_of_loss: float = 0.5
    least: float = 0.0
    at_most: float = 1.0
    quality_met: bool = True


def block(planned: float, done: float, terms: Terms) -> float:
    """The planned value, whatever was done."""
    return planned


def per_case(planned: float, done: float, terms: Terms) -> float:
    """Every case at its price."""
    return done


def blended(planned: float, done: float, terms: Terms) -> float:
    """The planned value, and the marginal rate of what was done beyond it or fell short of it."""
    return planned + terms.marginal_rate * (done - planned)


def cap_and_collar(planned: float, done: float, terms: Terms) -> float:
    """Every case at its price, never more than the cap and never less than the collar."""
    return min(terms.cap * planned, max(terms.collar * planned, done))


def outcome_linked(planned: float, done: float, terms: Terms) -> float:
    """The planned value less what hung on outcomes that were not reached."""
    return planned * (1 - terms.at_risk * (1 - reached(terms)))


def reached(terms: Terms) -> float:
    """How far the outcomes were reached together, by their weights; all of it where none hang on it."""
    whole = sum(each.weight for each in terms.outcomes)
    return sum(each.weight * each.reached for each in terms.outcomes) / whole if whole else 1.0


def gain_share(planned: float, done: float, terms: Terms) -> float:
    """What was done at its price, and a share of what that saved or cost against the baseline."""
    return done + shared(planned, done, terms)


def shared(planned: float, done: float, terms: Terms) -> float:
    """What the provider is given of a saving (positive) or has to bear of a loss (negative)."""
    baseline = planned if terms.baseline is None else terms.baseline
    saved = baseline - done
    if abs(saved) < terms.least * baseline or saved == 0:
        return 0.0
    part = terms.provider_share if saved > 0 else terms.provider_share_of_loss
    if saved > 0 and not terms.quality_met:
        return 0.0
    most = terms.at_most * baseline
    return part * max(-most, min(most, saved))


PAID: Mapping[Kind, Callable[[float, float, Terms], float]] = {
    "block": block, "per case": per_case, "blended": blended, "cap and collar": cap_and_collar,
    "outcome-linked": outcome_linked, "gain share": gain_share}
assert tuple(PAID) == KINDS


def borne_by_commissioner(kind: Kind, planned: float, terms: Terms, swing: float) -> float:
    """Of each pound of activity above the plan (below it, with a negative swing), how much changes what is paid."""
    moved = planned * swing
    # Nought is added so that nothing is ever "-0".
    return (PAID[kind](planned, planned + moved, terms) - PAID[kind](planned, planned, terms)) / moved + 0.0


def who_bears(share: float) -> str:
    """Who bears it, in a word, from the share that falls to the commissioner."""
    return "commissioner" if share >= NEARLY_ALL else "provider" if share <= HARDLY_ANY else "shared"
