"""Chains of succession: who came before and after a body, over mergers, splits and codes used again.

The Organisation Data Service records only immediate neighbours, so chains are walked. A step counts only if it does not
lie before the one that led to it: codes were used again, and a walk that ignored dates would join strangers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from evenhand.data.organisations import Succession


@dataclass(frozen=True)
class Relative:
    """A body before or after another: how many steps away, by which neighbour, and since when.

    ``date`` is the legal start of the later body of the step; ``by`` the neighbour nearer to the body asked about.
    ``part`` says that the earlier body of the step went to several, so that only part of it came this way.
    """

    code: str
    steps: int
    by: str
    date: date
    part: bool
    share: float | None
    basis: str


@dataclass(frozen=True)
class Chains:
    """Successions, looked up from either end. Rows in which a code follows itself are kept apart."""

    successions: tuple[Succession, ...]
    later: Mapping[str, tuple[Succession, ...]] = field(init=False, repr=False, compare=False)
    earlier: Mapping[str, tuple[Succession, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "later", _indexed(self.successions, by="old"))
        object.__setattr__(self, "earlier", _indexed(self.successions, by="new"))

    def __contains__(self, code: object) -> bool:
        return code in self.later or code in self.earlier

    @property
    def codes(self) -> list[str]:
        """Every code in the list, in order."""
        return sorted({*self.later, *self.earlier})

    @property
    def last_day(self) -> date | None:
        """The latest succession held."""
        return max((each.date for each in self.successions), default=None)

    def predecessors(self, code: str) -> tuple[Relative, ...]:
        """Everybody whose area, or part of it, came to this body, nearest first."""
        return self._walk(code, forward=False)

    def successors(self, code: str) -> tuple[Relative, ...]:
        """Everybody to whom this body's area, or part of it, went, nearest first."""
        return self._walk(code, forward=True)

    def _walk(self, code: str, *, forward: bool) -> tuple[Relative, ...]:
        found: list[Relative] = []
        seen = {code}
        waiting: list[tuple[str, int, date | None]] = [(code, 0, None)]
        while waiting:
            at, steps, when = waiting.pop(0)
            for each in (self.later if forward else self.earlier).get(at, ()):
                onward = each.new if forward else each.old
                if onward in seen or (when is not None and (each.date < when if forward else each.date > when)):
                    continue
                seen.add(onward)
                part = self.is_split(each.old)
                found.append(Relative(onward, steps + 1, at, each.date, part, each.share, each.basis))
                waiting.append((onward, steps + 1, each.date))
        return tuple(found)

    def is_split(self, code: str) -> bool:
        """Whether a body went to more than one."""
        return len({each.new for each in self.later.get(code, ())}) > 1

    def used_again(self, code: str) -> bool:
        """Whether walking on from a body leads back to it: a code used again, or an error in the list."""
        return any(each.new == code for relative in self.successors(code) for each in self.later.get(relative.code, ()))

    def ends(self, code: str) -> tuple[str, ...]:
        """The bodies at the end of every chain of successors: itself, where nothing follows."""
        return self._tips(code, self.successors(code), forward=True)

    def beginnings(self, code: str) -> tuple[str, ...]:
        """The bodies at the start of every chain of predecessors: itself, where nothing goes before."""
        return self._tips(code, self.predecessors(code), forward=False)

    def _tips(self, code: str, relatives: tuple[Relative, ...], *, forward: bool) -> tuple[str, ...]:
        """Those from whom no step leads further away; a circle ends where it would turn back."""
        away = {each.code: each.steps for each in relatives}
        onward = {each.old if forward else each.new for each in self.among(code, relatives)
                  if away.get(each.new if forward else each.old, 0) > away.get(each.old if forward else each.new, 0)}
        return tuple(each.code for each in relatives if each.code not in onward) if relatives else (code,)

    def among(self, code: str, relatives: tuple[Relative, ...]) -> tuple[Succession, ...]:
        """The successions between a body and its relatives on one side, by date."""
        family = {code: None, **{each.code: None for each in relatives}}
        return tuple(sorted((step for each in family for step in self.later.get(each, ()) if step.new in family),
                            key=lambda step: (step.date, step.old, step.new)))

    def on(self, code: str, day: date, *, opened: Mapping[str, date] | None = None) -> tuple[str, ...]:
        """The bodies that on a day held the area of this one, or part of it.

        ``opened`` are first days known from elsewhere; without one a body begins with its earliest succession, and one
        that nothing goes before is taken to have stood always.
        """
        known = dict(opened or {})
        if any(each.date <= day for each in self.later.get(code, ())):
            return tuple(dict.fromkeys(self._forward(code, day, frozenset())))
        return tuple(dict.fromkeys(self._back(code, day, known, frozenset())))

    def _forward(self, code: str, day: date, seen: frozenset[str]) -> Iterable[str]:
        gone = [each for each in self.later.get(code, ()) if each.date <= day and each.new not in seen]
        # Where only part has gone by that day, the body itself still stands.
        if not gone or any(each.date > day for each in self.later.get(code, ())):
            yield code
        for each in gone:
            yield from self._forward(each.new, day, seen | {code})

    def _back(self, code: str, day: date, opened: Mapping[str, date], seen: frozenset[str]) -> Iterable[str]:
        before = self.earlier.get(code, ())
        start = opened.get(code) or min((each.date for each in before), default=None)
        if start is None or start <= day:
            yield code
        for each in before:
            if each.date > day and each.old not in seen:
                yield from self._back(each.old, day, opened, seen | {code})


def _indexed(successions: Iterable[Succession], *, by: str) -> dict[str, tuple[Succession, ...]]:
    found: dict[str, list[Succession]] = {}
    for each in successions:
        if each.old != each.new:
            found.setdefault(getattr(each, by), []).append(each)
    return {code: tuple(sorted(steps, key=lambda each: (each.date, each.old, each.new)))
            for code, steps in found.items()}
