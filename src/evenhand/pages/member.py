"""Who is asking: the signed-in person with the roles they hold today, or the public."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.timezone import localdate

from evenhand.people.app import queries
from evenhand.people.rights import THE_PUBLIC, Person


def member(request: HttpRequest) -> Person:
    """The person who asks, with roles, bodies and customers as of today. The public has none."""
    found: Person | None = getattr(request, "_member", None)
    if found is None:
        user = getattr(request, "user", None)
        found = queries.person(user.pk, on=localdate()) if user is not None and user.is_authenticated else THE_PUBLIC
        request._member = found  # type: ignore[attr-defined]
    return found
