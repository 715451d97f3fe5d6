"""The arithmetic of rates: crude, proportion, directly and indirectly standardised, for all groups at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from evenhand.find.strata import Strata
from evenhand.stats import intervals
from evenhand.terms.words import listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Limits: TypeAlias = Mapping[float, tuple[Floats, Floats]]

FEWEST_EVENTS = 10
"""Below so many events no directly standardised rate is given: it would hang on one or two people."""
REPEATED = ", with confidence adjusted for non-independent events"


@dataclass(frozen=True)
class RateSums:
    """Rates of every group: arrays of shape (groups,), not a number where no value is given.

    ``limits`` holds the low and high limits of ``value`` at each confidence; ``ratio_limits`` those of ``ratio``.
    ``withheld`` says by group why there is no value, ``notes`` what is doubtful about one that is given.
    """

    numerator: Floats
    denominator: Floats
    value: Floats
    limits: Limits
    interval_method: tuple[str | None, ...]
    withheld: Mapping[int, str]
    notes: Mapping[int, str]
    expected: Floats | None = None
    ratio: Floats | None = None
    ratio_limits: Limits = field(default_factory=dict)
    reference_rate: Floats | None = None


def crude(strata: Strata, per: float, confidences: Sequence[float]) -> RateSums:
    """Events over people, times ``per``; Byar's limits, exact ones below 10 events.

    Where one person can have several events the limits are stretched by the root of (sum of frequency squared times
    people) over events, as for standardised rates.
    """
    import numpy as np

    events, people = strata.by_group(strata.events), strata.by_group(strata.people)
    repeats = strata.by_group(strata.repeats)
    withheld = _gaps_in_counts(strata, people)
    shown = _shown(withheld, len(events))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(shown, events / people * per, np.nan)
        limits = {each: _times(_stretched(events, repeats, each), shown, per / people) for each in confidences}
    return RateSums(_known(events, strata, withheld), people, value, limits, _count_methods(events, strata, shown),
                    withheld, {})


def proportion(strata: Strata, per: float, confidences: Sequence[float]) -> RateSums:
    """A part over its whole, times ``per``; Wilson's limits."""
    import numpy as np

    part, whole = strata.by_group(strata.events), strata.by_group(strata.people)
    withheld = _gaps_in_counts(strata, whole)
    shown = _shown(withheld, len(part))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(shown, part / whole * per, np.nan)
    limits = {each: _times(intervals.wilson(part, whole, each), shown, per) for each in confidences}
    return RateSums(_known(part, strata, withheld), whole, value, limits,
                    tuple("Wilson" if each else None for each in shown), withheld, {})


def direct(strata: Strata, weights: Floats, per: float, confidences: Sequence[float]) -> RateSums:
    """Directly standardised rates with Dobson's limits.

    ``sum(w x / n) / sum(w) per``, variance ``sum((w / n)^2 x) / sum(w)^2``; with repeat events ``x`` in the variance
    becomes the sum of frequency squared times people.

    Args:
        strata: events and people by cell.
        weights: people of the standard population in the stratum of each cell, shape (cells,).
        per: so many people a rate is for.
        confidences: between 0 and 1.
    """
    import numpy as np

    events, people = strata.by_group(strata.events), strata.by_group(strata.people)
    withheld = _gaps_in_bands(strata, strata.people)
    for group in np.flatnonzero(events < FEWEST_EVENTS):
        withheld[int(group)] = f"fewer than {FEWEST_EVENTS} events ({events[group]:g})"
    shown = _shown(withheld, len(events))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(strata.people > 0, weights / strata.people, 0.0)
        total = strata.by_group(weights)
        rate = strata.by_group(share * strata.events) / total
        variance = strata.by_group(share**2 * strata.repeats) / total**2
    limits = {each: _times(intervals.dobson(rate, variance, events, each), shown, per) for each in confidences}
    method = "Dobson" + (REPEATED if strata.are_repeated else "")
    return RateSums(events, people, np.where(shown, rate * per, np.nan), limits,
                    tuple(method if each else None for each in shown), withheld, _blank_notes(strata, withheld))


def indirect(strata: Strata, rates: Floats, crude_reference: Floats, per: float,
             confidences: Sequence[float]) -> RateSums:
    """Indirectly standardised ratios and rates.

    Expected events are ``sum(n lambda)``; the ratio is events over expected, the rate is the ratio times the crude
    rate of the reference. Byar's limits of the count, exact ones below 10.

    Args:
        strata: events and people by cell.
        rates: the reference's rate in the stratum of each cell, shape (cells,), not a number where it has nobody.
        crude_reference: the reference's rate in all, by group, shape (groups,).
        per: so many people a rate is for.
        confidences: between 0 and 1.
    """
    import numpy as np

    events, repeats = strata.by_group(strata.events), strata.by_group(strata.repeats)
    people = np.where(np.isfinite(strata.people), strata.people, 0.0)
    expected = strata.by_group(np.where(people > 0, people * rates, 0.0))
    withheld = {int(group): "the reference has nobody in a band that has people here"
                for group in np.flatnonzero(~np.isfinite(expected))}
    withheld |= {int(group): "no events were to be expected, so there is nothing to compare with"
                 for group in np.flatnonzero(expected == 0)}
    shown = _shown(withheld, len(events))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(shown, events / expected, np.nan)
        ratio_limits = {each: _times(_stretched(events, repeats, each), shown, 1 / expected) for each in confidences}
    rate = crude_reference * per
    limits = {each: (low * rate, high * rate) for each, (low, high) in ratio_limits.items()}
    notes = _blank_notes(strata, withheld)
    for group, bands in strata.labels_where(strata.unpeopled).items():
        notes[group] = f"{notes[group]}; " if group in notes else ""
        notes[group] += f"no denominator in {listed(bands)}: no events were expected there"
    return RateSums(events, strata.by_group(people), ratio * rate, limits, _count_methods(events, strata, shown),
                    withheld, notes, np.where(np.isfinite(expected), expected, np.nan), ratio, ratio_limits, rate)


def _stretched(events: Floats, repeats: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Limits of a count, wider where events of one person are not independent."""
    import numpy as np

    low, high = intervals.poisson(events, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        stretch = np.where(repeats == events, 1.0, np.sqrt(repeats / events))
    return np.maximum(events + stretch * (low - events), 0.0), events + stretch * (high - events)


def _times(limits: tuple[Floats, Floats], shown: NDArray[np.bool_], factor: Floats | float) -> tuple[Floats, Floats]:
    import numpy as np

    return tuple(np.where(shown, each * factor, np.nan) for each in limits)  # type: ignore[return-value]


def _count_methods(events: Floats, strata: Strata, shown: NDArray[np.bool_]) -> tuple[str | None, ...]:
    tail = REPEATED if strata.are_repeated else ""
    exact, byar = f"Exact{tail}", f"Byars{tail}"
    return tuple((exact if few else byar) if there else None
                 for few, there in zip((events < intervals.FEWEST_FOR_BYAR).tolist(), shown.tolist(), strict=True))


def _shown(withheld: Mapping[int, str], groups: int) -> NDArray[np.bool_]:
    import numpy as np

    shown = np.ones(groups, dtype=bool)
    shown[list(withheld)] = False
    return shown


def _known(events: Floats, strata: Strata, withheld: Mapping[int, str]) -> Floats:
    """The numerator, missing where any of its rows is."""
    import numpy as np

    return np.where(strata.by_group(strata.blank.astype(float)) > 0, np.nan, events) if withheld else events


def _gaps_in_counts(strata: Strata, people: Floats) -> dict[int, str]:
    """Why a group has no crude rate: its numerator or denominator is missing, or nobody is in it."""
    import numpy as np

    withheld = {int(group): "the denominator is 0" for group in np.flatnonzero(people == 0)}
    for group in np.flatnonzero(np.isnan(people)):
        withheld[int(group)] = "the denominator is missing"
    for group in np.flatnonzero(strata.by_group(strata.blank.astype(float)) > 0):
        both = "numerator and denominator are missing" if np.isnan(people[group]) else "the numerator is missing"
        withheld[int(group)] = both
    return withheld


def _gaps_in_bands(strata: Strata, people: Floats) -> dict[int, str]:
    """Why a group has no directly standardised rate: a band that is missing, or has nobody in it."""
    import numpy as np

    withheld = {group: f"no row for {listed(bands)}" for group, bands in strata.missing().items()}
    for what, wrong in (("the denominator is 0 in", people == 0), ("the denominator is missing in", np.isnan(people))):
        withheld |= {group: f"{what} {listed(bands)}" for group, bands in strata.labels_where(wrong).items()}
    return withheld


def _blank_notes(strata: Strata, withheld: Mapping[int, str]) -> dict[int, str]:
    """A band without a count is taken as one without events, as the method's publishers do; and that is said."""
    return {group: f"no count in {listed(bands)}: taken as no events"
            for group, bands in strata.labels_where(strata.blank).items() if group not in withheld}
