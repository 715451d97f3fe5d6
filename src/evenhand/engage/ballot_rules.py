"""Rules that turn ballots into funded projects: equal shares, with exact fractions; and most votes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CLOSE = 1e-9


@dataclass(frozen=True)
class Funded:
    """Projects by place, in the order in which they were funded.

    ``rho`` is what was paid for one unit of utility (empty for the greedy rule); ``ties`` are sets of projects among
    which only the tie rule decided.
    """

    chosen: tuple[int, ...]
    rho: tuple[Fraction, ...]
    ties: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Vote:
    """What the rules need: costs by place, and for each project its voters with the utility it has for each.

    ``order`` is the place of each project in the order that decides ties.
    """

    budget: Fraction
    voters: int
    costs: tuple[Fraction, ...]
    backers: tuple[tuple[int, ...], ...]
    utilities: tuple[tuple[Fraction, ...], ...]
    order: tuple[int, ...]

    def cost_of(self, chosen: Sequence[int]) -> Fraction:
        """What some projects cost together."""
        return sum((self.costs[each] for each in chosen), Fraction(0))


def greedy(vote: Vote, scores: Sequence[Fraction]) -> Funded:
    """Most votes (or points) first, passing over what no longer fits."""
    left, chosen = vote.budget, []
    for place in sorted(range(len(vote.costs)), key=lambda each: (-scores[each], vote.order[each])):
        if vote.costs[place] <= left:
            chosen.append(place)
            left -= vote.costs[place]
    equal: dict[Fraction, list[int]] = {}
    for place, score in enumerate(scores):
        equal.setdefault(score, []).append(place)
    ties = [tuple(sorted(places, key=lambda each: vote.order[each])) for score, places in equal.items()
            if len(places) > 1 and score]
    return Funded(tuple(chosen), (), tuple(sorted(ties)))


def equal_shares(vote: Vote, share: Fraction) -> Funded:
    """The method of equal shares, with exact fractions.

    Every voter has ``share``. Each round funds the project whose voters can pay its cost at the least price for one
    unit of utility (rho), each paying rho times their utility or all they have left.
    Peters, Pierczyński & Skowron (2021), Advances in Neural Information Processing Systems 34, section 3.
    """
    purse = [share] * vote.voters
    price: dict[int, Fraction | None] = {place: Fraction(0) for place, backers in enumerate(vote.backers) if backers}
    chosen: list[int] = []
    rho: list[Fraction] = []
    ties: list[tuple[int, ...]] = []
    while price:
        best: Fraction | None = None
        tied: list[int] = []
        # What voters have only falls, so a price only rises: old prices are floors, and few must be worked out anew.
        for place, floor in sorted(price.items(), key=lambda each: (each[1] or 0, vote.order[each[0]])):
            if best is not None and floor is not None and floor > best:
                break
            now = _price(vote, place, purse)
            if now is None:
                del price[place]
                continue
            price[place] = now
            if best is None or now < best:
                best, tied = now, [place]
            elif now == best:
                tied.append(place)
        if best is None:
            break
        tied.sort(key=lambda each: vote.order[each])
        if len(tied) > 1 and not any(set(tied) <= set(each) for each in ties):
            ties.append(tuple(tied))
        winner = tied[0]
        for voter, utility in zip(vote.backers[winner], vote.utilities[winner], strict=True):
            purse[voter] -= min(purse[voter], best * utility)
        del price[winner]
        chosen.append(winner)
        rho.append(best)
    return Funded(tuple(chosen), tuple(rho), tuple(ties))


def _price(vote: Vote, place: int, purse: Sequence[Fraction]) -> Fraction | None:
    """The least rho at which the voters of a project pay its cost; none where they have too little."""
    backers, utilities, cost = vote.backers[place], vote.utilities[place], vote.costs[place]
    # Voters alike in purse and utility are taken together: most of them are.
    alike: dict[tuple[Fraction, Fraction], int] = {}
    for voter, utility in zip(backers, utilities, strict=True):
        key = (purse[voter], utility)
        alike[key] = alike.get(key, 0) + 1
    if sum((has * count for (has, _), count in alike.items()), Fraction(0)) < cost:
        return None
    paid, of = Fraction(0), sum((utility * count for (_, utility), count in alike.items()), Fraction(0))
    for limit, has, utility, count in sorted((has / utility, has, utility, count)
                                             for (has, utility), count in alike.items()):
        rho = (cost - paid) / of
        if rho <= limit:
            return rho
        paid += has * count
        of -= utility * count
    raise AssertionError("the voters can pay, so a price exists")


# --- completion -------------------------------------------------------------------------------------------------------


def raised(vote: Vote, step: Fraction, *, most_steps: int) -> tuple[Funded, int] | None:
    """Equal shares with every voter's share raised step by step, and how many steps: the last outcome that keeps
    within the budget, just before the first that does not, or at which everything with a voter is funded.

    Found with floating numbers and confirmed with exact fractions at the step and the next. ``None`` after
    ``most_steps`` without an end.
    """
    even = vote.budget / vote.voters
    backed = sum(1 for each in vote.backers if each)
    steps, found = 0, equal_shares(vote, even)
    if len(found.chosen) == backed:
        return found, steps
    swift = _Swift(vote)
    while True:
        chosen = swift.run(float(even + (steps + 1) * step))
        if vote.cost_of(chosen) > vote.budget:
            break
        steps += 1
        if len(chosen) == backed:
            break
        if steps > most_steps:
            return None
    found = equal_shares(vote, even + steps * step)
    while vote.cost_of(found.chosen) > vote.budget and steps:
        steps -= 1
        found = equal_shares(vote, even + steps * step)
    while len(found.chosen) < backed:
        further = equal_shares(vote, even + (steps + 1) * step)
        if vote.cost_of(further.chosen) > vote.budget:
            break
        found, steps = further, steps + 1
    return found, steps


class _Swift:
    """Equal shares with floating numbers, for the many runs of a search; ties within a billionth."""

    def __init__(self, vote: Vote) -> None:
        import numpy as np

        self.vote = vote
        self.costs = [float(cost) for cost in vote.costs]
        self.backers = [np.array(each, dtype=np.intp) for each in vote.backers]
        self.utilities = [np.array([float(one) for one in each]) for each in vote.utilities]

    def run(self, share: float) -> list[int]:
        """The projects funded."""
        import numpy as np

        purse = np.full(self.vote.voters, share)
        price = {place: 0.0 for place, backers in enumerate(self.backers) if len(backers)}
        chosen: list[int] = []
        while price:
            best, found = np.inf, {}
            for place, floor in sorted(price.items(), key=lambda each: each[1]):
                if floor > best * (1 + CLOSE):
                    break
                now = self._price(place, purse)
                if now is None:
                    del price[place]
                    continue
                price[place] = found[place] = now
                best = min(best, now)
            if not found:
                break
            winner = min((place for place, now in found.items() if now <= best * (1 + CLOSE)),
                         key=lambda each: self.vote.order[each])
            who = self.backers[winner]
            purse[who] -= np.minimum(purse[who], found[winner] * self.utilities[winner])
            del price[winner]
            chosen.append(winner)
        return chosen

    def _price(self, place: int, purse: NDArray[np.float64]) -> float | None:
        import numpy as np

        has, utility, cost = purse[self.backers[place]], self.utilities[place], self.costs[place]
        if has.sum() < cost * (1 - 1e-12):
            return None
        limit = has / utility
        order = np.argsort(limit, kind="stable")
        limit, has, utility = limit[order], has[order], utility[order]
        paid = np.concatenate([[0.0], np.cumsum(has)[:-1]])
        of = np.cumsum(utility[::-1])[::-1]
        rho = (cost - paid) / of
        fits = np.flatnonzero(rho <= limit * (1 + 1e-12))
        return float(rho[fits[0]] if len(fits) else limit[-1])


def left_with_nothing(ballots: Sequence[Mapping[int, Fraction]], chosen: Sequence[int]) -> int:
    """Voters none of whose projects is funded."""
    won = set(chosen)
    return sum(1 for ballot in ballots if not won & set(ballot))
