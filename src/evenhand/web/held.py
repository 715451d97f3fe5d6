"""What the site asks of the record beyond its cases: a paper by its fingerprint, a pack to take away."""

from __future__ import annotations

from collections.abc import Iterable

from evenhand.record import Kept
from evenhand.record.app.site import Site
from evenhand.record.reading import kept as kept_of


def paper(digest: str) -> Kept | None:
    """The sealed paper of that fingerprint, if it is held."""
    with Site().reading() as database:
        return kept_of(database, digest)


def pack(subjects: Iterable[str]) -> bytes:
    """The hand-over pack of these subjects."""
    return Site().pack(subjects)
