"""Real papers for tests, and a clock that only ticks when it is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from evenhand.papers import Body, Evidence, Header, Option, Proposal, Source

WARD, CLINIC = "case/ward-3", "case/clinic"
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def proposal(version: int = 1, subject: str = WARD, made_from=()) -> Proposal:
    return Proposal(header=Header(subject=subject, proposal_version=version, made_from=made_from),
                    title="Close ward 3", service="Rehabilitation", bodies=(Body("Millbrook", "MIL"),),
                    options=(Option(id="close", title="Close it"), Option(id="as-now", title=None, does_nothing=True)))


def evidence(says: str = "Shorter stays", subject: str = WARD) -> Evidence:
    return Evidence(header=Header(subject=subject), source=Source("A trial"), design="trial", says=says)


class Ticking:
    """A clock that moves on one minute each time it is read."""

    def __init__(self) -> None:
        self._minutes = count()

    def __call__(self) -> datetime:
        return NOON + timedelta(minutes=next(self._minutes))
