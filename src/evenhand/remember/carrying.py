"""Which body's figures go to which, in what share and why: the arithmetic under ``remember rebase``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from evenhand.data.organisations import Organisations, ServedBy, said
from evenhand.remember.chains import Chains

WHOLE = "the whole body"
ITSELF = "its own figures"


@dataclass(frozen=True)
class Way:
    """Figures of one body go to another: how much of them, and on what that rests."""

    old: str
    new: str
    share: float
    basis: str

    @property
    def is_assumed(self) -> bool:
        """Whether only part goes this way, so that somebody had to say how much."""
        return self.share != 1.0


@dataclass(frozen=True)
class Stuck:
    """A body whose figures cannot be carried, and why."""

    code: str
    because: str


@dataclass(frozen=True)
class Carrier:
    """Carries figures along the chains of succession, or by shares that somebody gave."""

    chains: Chains
    known: Organisations
    given: Mapping[str, tuple[Way, ...]]

    def to_day(self, code: str, day: date) -> tuple[Way, ...] | Stuck:
        """Where a body's figures belong on the boundaries of a day."""
        if code in self.given:
            return self.given[code]
        opened = self._opened(code)
        if opened is not None and opened > day:
            return self._back(code, day)
        return self._forward(code, day, 1.0, (), frozenset())

    def to_body(self, code: str, body: str) -> tuple[Way, ...] | Stuck | None:
        """What of a body's figures belongs to another; ``None`` where the two have nothing to do with each other."""
        if code in self.given:
            return tuple(way for way in self.given[code] if way.new == body) or None
        areas = self.known.served(body)
        wanted = {body, *areas}
        if code in wanted:
            return (Way(code, body, 1.0, ITSELF if code == body else _arrangement(self.known.served_by(code))),)
        ahead = {each.code for each in self.chains.successors(code)}
        if ahead & wanted:
            ways = self._forward(code, None, 1.0, (), frozenset(), stop=frozenset(wanted))
            return ways if isinstance(ways, Stuck) else tuple(
                Way(way.old, body, way.share, way.basis) for way in ways if way.new in wanted)
        if any(each.code in wanted for each in self.chains.predecessors(code)):
            return Stuck(code, f"it was formed from {body} and perhaps others: what was whole cannot be divided again "
                               "without shares")
        return None

    def alive_then(self, targets: Iterable[str], day: date) -> dict[str, tuple[str, ...]]:
        """For each target, the bodies that held its area on a day: those whose figures make up its own."""
        opened = {each.code: each.opened for each in self.known if each.opened}
        found = {}
        for target in targets:
            areas = self.known.served(target) or (target,)
            found[target] = tuple(dict.fromkeys(
                code for area in areas for code in self.chains.on(area, day, opened=opened)))
        return found

    def _opened(self, code: str) -> date | None:
        known = self.known.opened(code) if code in self.known else None
        return known or min((each.date for each in self.chains.earlier.get(code, ())), default=None)

    def _forward(self, code: str, day: date | None, share: float, bases: tuple[str, ...], seen: frozenset[str], *,
                 stop: frozenset[str] = frozenset()) -> tuple[Way, ...] | Stuck:
        steps = [each for each in self.chains.later.get(code, ())
                 if each.new not in seen and (day is None or each.date <= day)]
        if not steps or code in stop:
            basis = "; ".join(dict.fromkeys(bases)) or ITSELF
            return (Way(code, code, share, basis),)
        split = len({each.new for each in steps}) > 1
        if split and any(each.share is None for each in steps):
            parts = ", ".join(each.new for each in steps)
            return Stuck(code, f"{code} was divided on {said(steps[0].date)} among {parts}, and nobody gave the shares")
        found: list[Way] = []
        for each in steps:
            # The share of a step that is the only one counts too: what is left went nowhere that is listed.
            part = 1.0 if each.share is None else each.share
            basis = each.basis if part != 1.0 else WHOLE
            onward = self._forward(each.new, day, share * part, (*bases, basis), seen | {code}, stop=stop)
            if isinstance(onward, Stuck):
                return Stuck(code, onward.because)
            found += [Way(code, way.new, way.share, way.basis) for way in onward]
        return tuple(found)

    def _back(self, code: str, day: date) -> tuple[Way, ...] | Stuck:
        then = self.chains.on(code, day, opened={each.code: each.opened for each in self.known if each.opened})
        if len(then) == 1 and not self.chains.is_split(then[0]):
            return (Way(code, then[0], 1.0, "the only body before it, and it went nowhere else"),)
        if not then:
            return Stuck(code, f"no body in the list held its area on {said(day)}")
        return Stuck(code, f"it was formed from {', '.join(then)}: what is whole cannot be divided again without "
                           "shares")


def _arrangement(served: ServedBy | None) -> str:
    return f"an arrangement, not a succession: {served.basis}" if served else WHOLE
