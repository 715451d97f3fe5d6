"""The fewest payments by which those who gain make whole those who lose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Up to so many payers and payees together, every way of grouping them is looked at.
TRIED_IN_FULL = 15
NEAR = 1e-9


@dataclass(frozen=True)
class Payment:
    """From one organisation to another, in the unit of the gains."""

    payer: str
    payee: str
    amount: float


@dataclass(frozen=True)
class Plan:
    """Payments, and whether fewer have been proved impossible."""

    payments: tuple[Payment, ...]
    fewest: bool


def fewest_payments(can_pay: Mapping[str, float], needs: Mapping[str, float]) -> Plan:
    """The fewest payments that give each of ``needs`` its amount and ask no more of any than it ``can_pay``.

    All amounts are above 0 and those of ``can_pay`` sum to at least those of ``needs``. Whoever loses needs a payment
    from so many that together can give enough; a plan with no more than that is the fewest. Otherwise all are parted
    into as many groups as can each look after their own: a group of n needs n - 1 payments, and no plan has fewer in
    all than members less groups (a fixed-charge transport problem: Hirsch & Dantzig 1968, Naval Research Logistics
    Quarterly 15, 413-424). Where there are too many to look at every grouping, the best of several plans by hand.
    """
    if not needs:
        return Plan((), True)
    plans = [_fitted(can_pay, needs, loosest=True), _fitted(can_pay, needs, loosest=False), _split(can_pay, needs)]
    best = min(plans, key=len)
    if len(best) <= _at_least(can_pay, needs):
        return Plan(best, True)
    if len(can_pay) + len(needs) > TRIED_IN_FULL:
        return Plan(best, False)
    grouped = tuple(payment for payers, payees in _most_groups(can_pay, needs)
                    for payment in _split(payers, payees))
    return Plan(grouped if len(grouped) < len(best) else best, True)


def _at_least(can_pay: Mapping[str, float], needs: Mapping[str, float]) -> int:
    """How many payments there must be: for each who loses, as many as the largest payers that together can give it."""
    largest = sorted(can_pay.values(), reverse=True)
    total = 0
    for need in needs.values():
        given = 0.0
        for amount in largest:
            given += amount
            total += 1
            if given >= need * (1 - NEAR):
                break
    return total


def _fitted(can_pay: Mapping[str, float], needs: Mapping[str, float], *, loosest: bool) -> tuple[Payment, ...]:
    """One payment for each who loses where one payer has enough, the largest first, from whoever has most left or, if
    not ``loosest``, from whoever it fits most closely; the rest is split.
    """
    left = dict(can_pay)
    found, rest = [], {}
    for payee, amount in sorted(needs.items(), key=lambda each: -each[1]):
        fitting = [payer for payer, there in left.items() if there >= amount * (1 - NEAR)]
        if not fitting:
            rest[payee] = amount
            continue
        payer = (max if loosest else min)(fitting, key=left.__getitem__)
        left[payer] = max(left[payer] - amount, 0.0)
        found.append(Payment(payer, payee, amount))
    return (*found, *_split(left, rest))


def _split(can_pay: Mapping[str, float], needs: Mapping[str, float]) -> tuple[Payment, ...]:
    """Whoever has most left pays whoever still needs most, until nobody needs anything."""
    left, still = dict(can_pay), dict(needs)
    scale = max([*needs.values(), *can_pay.values()], default=0.0)
    found = []
    while still:
        payee = max(still, key=still.__getitem__)
        payer = max(left, key=left.__getitem__)
        amount = min(left[payer], still[payee])
        # What is left by rounding goes with the payment before it.
        if still[payee] - amount <= NEAR * scale:
            amount = still.pop(payee)
        else:
            still[payee] -= amount
        left[payer] -= amount
        found.append(Payment(payer, payee, amount))
    return tuple(found)


def _most_groups(can_pay: Mapping[str, float],
                 needs: Mapping[str, float]) -> list[tuple[dict[str, float], dict[str, float]]]:
    """All, parted into as many groups as can each look after their own: payers and payees of each.

    Every set of members is looked at once, the smaller first: the most groups it can be parted into is one more than
    that of what is left when a group with its first member is taken out.
    """
    import numpy as np

    names = [*can_pay, *needs]
    amounts = np.array([*can_pay.values(), *(-each for each in needs.values())])
    sums = np.zeros(1)
    for amount in amounts:
        sums = np.concatenate([sums, sums + amount])
    whole = sums >= -NEAR * np.abs(amounts).max()
    most = np.full(len(sums), -len(names), dtype=np.int64)
    most[0] = 0
    taken = np.zeros(len(sums), dtype=np.int64)
    for mask in range(1, len(sums)):
        first = mask & -mask
        parts = np.array([first])
        rest = mask ^ first
        while rest:
            bit = rest & -rest
            rest ^= bit
            parts = np.concatenate([parts, parts | bit])
        parts = parts[whole[parts]]
        if len(parts):
            groups = most[mask ^ parts] + 1
            best = int(np.argmax(groups))
            most[mask], taken[mask] = groups[best], parts[best]
    found = []
    mask = len(sums) - 1
    while mask:
        group = int(taken[mask])
        mask ^= group
        members = [name for place, name in enumerate(names) if group >> place & 1]
        found.append(({each: can_pay[each] for each in members if each in can_pay},
                      {each: needs[each] for each in members if each in needs}))
    return found
