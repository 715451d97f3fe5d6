"""What groups agree on and what sets them apart: counts of votes and the tests made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# One-sided, nine times in ten: 90 % of a standard normal lie below it.
SURE = 1.2816
KEPT = 5


@dataclass(frozen=True)
class Counts:
    """Votes by statement, overall and by group: shapes (statements,) and (groups, statements); ``seen`` has passes."""

    agree: NDArray[np.int64]
    disagree: NDArray[np.int64]
    seen: NDArray[np.int64]


def counted_votes(votes: NDArray[np.float64]) -> Counts:
    """Agreement, disagreement and votes seen of each statement."""
    import numpy as np

    return Counts((votes == 1).sum(axis=0), (votes == -1).sum(axis=0), (~np.isnan(votes)).sum(axis=0))


def share(count: int, seen: int) -> float:
    """The share of those who saw a statement, drawn towards one half: (count + 1) / (seen + 2)."""
    return (count + 1) / (seen + 2)


def test_of_share(count: int, seen: int) -> float:
    """How far a share lies above one half in standard errors: 2 √(n + 1) ((s + 1) / (n + 1) - ½)."""
    return 2 * sqrt(seen + 1) * ((count + 1) / (seen + 1) - 0.5)


def test_of_two(count: int, seen: int, other_count: int, other_seen: int) -> float:
    """How far one share lies above another in standard errors, with one added to every count; 0 where both are sure."""
    one, two = (count + 1) / (seen + 1), (other_count + 1) / (other_seen + 1)
    both = (count + other_count + 2) / (seen + other_seen + 2)
    if both >= 1:
        return 0.0
    return (one - two) / sqrt(both * (1 - both) * (1 / (seen + 1) + 1 / (other_seen + 1)))


def agreed_by_all(counts: Counts, names: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The statements most agreed with, and most disagreed with, by all who voted: five of each at most."""
    found: dict[str, list[dict[str, Any]]] = {}
    for direction, of in (("agree", counts.agree), ("disagree", counts.disagree)):
        rows: list[dict[str, Any]] = [
                {"statement": name, "count": int(count), "votes": int(seen), "p": share(int(count), int(seen)),
                 "p_test": test_of_share(int(count), int(seen))}
                for name, count, seen in zip(names, of, counts.seen, strict=True)]
        fit = [row for row in rows if row["p"] > 0.5 and row["p_test"] > SURE]
        found[direction] = sorted(fit, key=lambda row: -row["p"] * row["p_test"])[:KEPT]
    return found


def informed_by_groups(by_group: Sequence[Counts], names: Sequence[str]) -> list[dict[str, Any]]:
    """Every statement by the product over groups of (agree + 1) / (seen + 2): high only where no group is against it.

    ``by_group`` is the plain share of those of a group who saw the statement; missing where nobody did.
    """
    import numpy as np

    value = np.prod([(each.agree + 1) / (each.seen + 2) for each in by_group], axis=0)
    rows = [{"statement": name, "value": float(one),
             "by_group": [int(each.agree[place]) / int(each.seen[place]) if each.seen[place] else None
                          for each in by_group]}
            for place, (name, one) in enumerate(zip(names, value, strict=True))]
    return sorted(rows, key=lambda row: -row["value"])


def representative(by_group: Sequence[Counts], names: Sequence[str]) -> list[list[dict[str, Any]]]:
    """For each group the statements that set it apart from all others together: five at most, the most telling first.

    Kept are those where the group leans one way and does so more than the others, both surely; where none is, the one
    that comes nearest.
    """
    return [_of_group(each, [other for other in by_group if other is not each], names) for each in by_group]


def _of_group(own: Counts, others: Sequence[Counts], names: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    for place, name in enumerate(names):
        seen, elsewhere = int(own.seen[place]), sum(int(each.seen[place]) for each in others)
        if not seen:
            continue
        both: list[dict[str, Any]] = []
        for direction in ("agree", "disagree"):
            count = int(getattr(own, direction)[place])
            theirs = sum(int(getattr(each, direction)[place]) for each in others)
            both.append({"statement": name, "direction": direction, "count": count, "votes": seen,
                         "p": share(count, seen), "p_test": test_of_share(count, seen),
                         "ratio_to_others": share(count, seen) / share(theirs, elsewhere),
                         "ratio_test": test_of_two(count, seen, theirs, elsewhere)})
        rows.append(max(both, key=lambda row: row["ratio_test"]))
    fit = [row for row in rows if row["p_test"] > SURE and row["ratio_test"] > SURE]
    fit.sort(key=lambda row: -(row["ratio_to_others"] * row["ratio_test"] * row["p"] * row["p_test"]))
    return fit[:KEPT] or sorted(rows, key=lambda row: -row["ratio_test"])[:1]
