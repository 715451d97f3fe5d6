"""The fewest payments by which those who gain make whole those who lose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NODES = 5_000
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

    All amounts are above 0 and those of ``can_pay`` sum to at least those of ``needs``. Each who loses needs one
    payment at the least, so a plan with one each is the fewest; whether there is one is a packing problem, tried by
    hand first and then as an integer programme (a fixed-charge transport problem: Hirsch & Dantzig 1968, Naval
    Research Logistics Quarterly 15, 413-424).
    """
    if not needs:
        return Plan((), True)
    for loosest in (True, False):
        whole = _whole(can_pay, needs, loosest=loosest)
        if whole is not None:
            return Plan(whole, True)
    by_hand = _split(can_pay, needs)
    if len(by_hand) == len(needs):
        return Plan(by_hand, True)
    found, proved = _programmed(can_pay, needs)
    if found is None or len(found) > len(by_hand):
        return Plan(by_hand, False)
    return Plan(found if len(found) < len(by_hand) else by_hand, proved)


def _whole(can_pay: Mapping[str, float], needs: Mapping[str, float], *, loosest: bool) -> tuple[Payment, ...] | None:
    """One payment for each who loses, the largest first, from whoever has most left or, if not ``loosest``, from
    whoever it fits most closely; ``None`` where this finds none.
    """
    left = dict(can_pay)
    found = []
    for payee, amount in sorted(needs.items(), key=lambda each: -each[1]):
        fitting = [payer for payer, there in left.items() if there >= amount * (1 - NEAR)]
        if not fitting:
            return None
        payer = (max if loosest else min)(fitting, key=left.__getitem__)
        left[payer] -= amount
        found.append(Payment(payer, payee, amount))
    return tuple(found)


def _split(can_pay: Mapping[str, float], needs: Mapping[str, float]) -> tuple[Payment, ...]:
    """Whoever has most left pays whoever still needs most, until nobody needs anything."""
    left, still = dict(can_pay), dict(needs)
    scale = max(needs.values())
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


def _programmed(can_pay: Mapping[str, float], needs: Mapping[str, float]) -> tuple[tuple[Payment, ...] | None, bool]:
    """Payments as an integer programme, stopped after so many nodes so that the answer repeats; and whether proved."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    payers, payees = list(can_pay), list(needs)
    scale = max(needs.values())
    have = np.array([can_pay[each] for each in payers]) / scale
    need = np.array([needs[each] for each in payees]) / scale
    have *= max(1.0, need.sum() / have.sum())
    count = len(payers) * len(payees)
    most = np.minimum(have[:, None], need[None, :]).ravel()
    rows, low, high = [], [], []

    def add(amounts: np.ndarray, uses: np.ndarray, least: float, greatest: float) -> None:
        rows.append(np.concatenate([amounts, uses]))
        low.append(least)
        high.append(greatest)

    nothing = np.zeros(count)
    at = np.arange(count).reshape(len(payers), len(payees))
    for place in range(len(payers)):
        mask = nothing.copy()
        mask[at[place]] = 1
        add(mask, nothing, 0, have[place])
    for place in range(len(payees)):
        mask = nothing.copy()
        mask[at[:, place]] = 1
        add(mask, nothing, need[place], need[place])
        # Whoever pays must together be able to: this is what makes the bound tight.
        add(nothing, mask * most, need[place], np.inf)
    for each in range(count):
        amounts, uses = nothing.copy(), nothing.copy()
        amounts[each], uses[each] = 1, -most[each]
        add(amounts, uses, -np.inf, 0)
    result = milp(np.concatenate([nothing, np.ones(count)]),
                  integrality=np.concatenate([nothing, np.ones(count)]),
                  bounds=Bounds(0, np.concatenate([most, np.ones(count)])),
                  constraints=LinearConstraint(np.array(rows), np.array(low), np.array(high)),
                  options={"node_limit": NODES, "mip_rel_gap": 0.0})
    if result.x is None:
        return None, False
    amounts = result.x[:count].reshape(len(payers), len(payees))
    return _tidied(payers, payees, amounts, needs), result.status == 0


def _tidied(payers: Sequence[str], payees: Sequence[str], amounts: Sequence[Sequence[float]],
            needs: Mapping[str, float]) -> tuple[Payment, ...]:
    """Payments in the unit of the needs, each payee's summing to its need."""
    found = []
    for column, payee in enumerate(payees):
        parts = [(payer, float(amounts[row][column])) for row, payer in enumerate(payers)
                 if amounts[row][column] > 1e-7]
        total = sum(part for _, part in parts)
        found += [Payment(payer, payee, needs[payee] * part / total) for payer, part in parts]
    return tuple(found)
