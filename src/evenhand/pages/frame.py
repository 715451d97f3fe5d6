"""What stands round every page: the way about, who is signed in, and whether all this is a demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from evenhand.pages.member import member

WAYS = (("home", "Home"), ("register", "Decisions"), ("meetings", "Meetings"), ("programmes", "Programmes"),
        ("where-to-look", "Where to look first"), ("bring-your-list", "Bring your list"), ("measures", "Measures"),
        ("methods", "Methods"), ("policies", "Policies"), ("concerns", "Concerns"))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Navigation, member and demonstration, for the layout."""
    person = member(request)
    ways = [*WAYS, ("my-work", "My work")] if person.is_signed_in else list(WAYS)
    if person.has_customers:
        ways.append(("my-customers", "My customers"))
    here = request.path
    links = [{"href": reverse(name), "text": text} for name, text in ways]
    for link in links:
        link["current"] = here == link["href"] or (link["href"] != "/" and here.startswith(link["href"]))  # type: ignore[assignment]
    return {"ways": links, "member": person, "is_demonstration": settings.DEMONSTRATION}
