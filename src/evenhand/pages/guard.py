"""Who may open which page. A view that does not say what it is for is opened by nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from evenhand.pages.member import member
from evenhand.people.rights import Whose, may, may_somewhere, whose

View = TypeVar("View", bound=Callable[..., HttpResponse])


def asks(action: str) -> Callable[[View], View]:
    """Says which action of the table of rights a view is for."""
    def marked(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]
        return view
    return marked


def require(request: HttpRequest, action: str, organisation: str, *, moment: str = "") -> None:
    """Refuse unless the person may do this to a row of that body at this moment.

    A row of a body that is none of theirs is not found rather than forbidden: that it exists is nobody's business.
    """
    person = member(request)
    if may(person, action, organisation, moment=moment):
        return
    if whose(person, organisation) is Whose.OTHER:
        raise Http404
    raise PermissionDenied


class Guard:
    """Looks at every view before it runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the check happens when its view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], positional: Any,
                     named: Any) -> HttpResponse | None:
        """Let the view run if the person may do what it is for, somewhere; ask the public to sign in."""
        action = getattr(view, "action", None)
        person = member(request)
        if action is not None and may_somewhere(person, action):
            return None
        if action is not None and not person.is_signed_in and request.method in ("GET", "HEAD"):
            return redirect(f"/sign-in/?{urlencode({'next': request.get_full_path()})}")
        raise PermissionDenied
