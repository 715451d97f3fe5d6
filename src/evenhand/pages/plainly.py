"""What a person did wrong is said to them in words, on a page, whatever the view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evenhand.terms import Refused


class PlainRefusals:
    """Turns a refusal of ours into a page, and turns away what no form of ours can send."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the null character (which databases refuse) turned away first."""
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return refusal(request, ["The address holds a character that no page of ours has."], status=400)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], positional: Any, named: Any) -> None:
        """Refuse a form that holds the null character."""
        if request.method == "POST" and any("\x00" in value for _, values in request.POST.lists() for value in values):
            raise BadRequest("a form with a null character")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show a refusal of ours with everything that has to be mended."""
        if isinstance(exception, Refused):
            return refusal(request, exception.lines(), status=400)
        return None


def refusal(request: HttpRequest, lines: list[str], *, status: int) -> HttpResponse:
    """A page that says what cannot be used and what to do."""
    return render(request, "pages/refused.jinja", {"lines": lines}, status=status)
