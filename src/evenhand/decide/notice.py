"""How long before a meeting notice, papers and key decisions are due, and whether they came in time.

*Clear days* leave out both the day a thing is sent and the day of the meeting. Public Bodies (Admission to Meetings)
Act 1960, section 1(4)(a): the public is told of time and place three clear days at least before the meeting, or, if it
is called at shorter notice, when it is called. Local Government Act 1972, section 100B(3), as amended in England by
S.I. 2002/715: agenda and papers lie open five clear days before. The Local Authorities (Executive Arrangements)
(Meetings and Access to Information) (England) Regulations 2012, regulation 9: a key decision is announced 28 clear
days before. A body's own standing orders may ask for more, and go before these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from evenhand.terms.words import counted


@dataclass(frozen=True)
class Rules:
    """What a body asks of its meetings, in clear days; ``key_days`` of nought where it knows no key decisions."""

    notice_days: int
    papers_days: int
    key_days: int
    question_days: int
    casting_vote: bool
    source: str


USUAL = Rules(3, 5, 28, 2, False, "Public Bodies (Admission to Meetings) Act 1960, section 1(4), for notice; five "
                                  "clear days for papers and 28 for key decisions as councils in England keep them")
"""What holds for a body that has set nothing of its own. No casting vote: that is for standing orders to give."""


@dataclass(frozen=True)
class Due:
    """Something that must be out so many clear days before a meeting, and whether it was.

    ``last_day`` is the latest day that leaves them; ``clear`` how many there were, ``None`` while it is not out.
    """

    what: str
    needed: int
    last_day: date
    on: date | None
    clear: int | None

    @property
    def in_time(self) -> bool:
        """Whether it is out and left the days that are needed."""
        return self.clear is not None and self.clear >= self.needed

    def is_late(self, today: date) -> bool:
        """Whether it came too late, or is not out and can no longer come in time."""
        return not self.in_time and (self.clear is not None or today > self.last_day)

    @property
    def sentence(self) -> str:
        """In one line: how many days there were or when it is due."""
        asked = f"{counted(self.needed, 'clear day')} needed"
        if self.clear is None:
            return f"{self.what}: due by {_day(self.last_day)} ({asked})"
        return f"{self.what}: {counted(max(0, self.clear), 'clear day')} before, {asked}" + (
            "" if self.in_time else ": too late")


def clear_days(sent: date, meeting: date) -> int:
    """Whole days between two days, neither of them counted. Sent on Monday for Friday: three."""
    return (meeting - sent).days - 1


def last_day(meeting: date, needed: int) -> date:
    """The latest day that leaves so many clear days before a meeting."""
    return meeting - timedelta(days=needed + 1)


def due(what: str, *, meeting: date, needed: int, on: date | None) -> Due:
    """When something is due before a meeting, and with how many clear days it came."""
    return Due(what, needed, last_day(meeting, needed), on, None if on is None else clear_days(on, meeting))


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
