"""What is said when a page cannot be given."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from evenhand.people.rights import THE_PUBLIC


def _plain(request: HttpRequest, status: int, heading: str, *lines: str) -> HttpResponse:
    links = [("The front page", reverse("home")), ("Decisions", reverse("register"))]
    return render(request, "pages/plain.jinja", {"heading": heading, "lines": lines, "links": links}, status=status)


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _plain(request, 400, "That could not be understood",
                  "Something in the address or the form is not as our pages send it. Nothing was changed.")


def not_yours(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _plain(request, 403, "Your role does not open this page",
                  "You may be signed in with another role than you thought, or it may not be time yet. "
                  "Nothing was changed.")


def form_out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, where a form came without the mark that we gave it."""
    return _plain(request, 403, "The form is out of date",
                  "It was opened too long ago, or this browser refuses cookies. Nothing was changed. "
                  "Go back, load the page again, and send it once more.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _plain(request, 404, "There is no such page",
                  "The address may be mistyped, or what stood there may have been kept for an hour only.")


def our_fault(request: HttpRequest) -> HttpResponse:
    """500, made without asking the database anything."""
    context: dict[str, Any] = {
        "heading": "Something went wrong on our side", "member": THE_PUBLIC, "ways": [],
        "lines": ["It is not your fault, and nothing you sent was half done.",
                  "Try again in a moment. If it happens again, tell whoever runs this site what you were doing; "
                  "the time of day is enough for them to find it."]}
    return HttpResponse(render_to_string("pages/plain.jinja", context), status=500)
