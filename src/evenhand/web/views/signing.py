"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, get_user_model, login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.pages.guard import asks
from evenhand.pages.member import member
from evenhand.people.app import queries
from evenhand.web import demonstration

_WITH_PASSWORD = "django.contrib.auth.backends.ModelBackend"  # noqa: S105 - the name of a class


def onward(request: HttpRequest) -> str:
    """Where to go after signing in: a page of this site that was asked for, else the person's own work."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else reverse("my-work")


@asks("sign in")
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By name and password; in a demonstration also by choosing whom to be."""
    if member(request).is_signed_in and request.method != "POST":
        return redirect(onward(request))
    if request.method != "POST":
        return _page(request)
    name, password = request.POST.get("name", "").strip()[:150], request.POST.get("password", "")[:1_000]
    if not name or not password:
        return _page(request, wrong=["Give both your name and your password."], name=name)
    account = authenticate(request, username=name, password=password)
    if getattr(request, "axes_locked_out", False):
        return locked_out(request)
    if account is None:
        return _page(request, wrong=["The name and the password do not belong together. "
                                     "Check both; capitals in the password count."], name=name)
    login(request, account)
    return redirect(onward(request))


@asks("sign in")
@never_cache
@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """Sign in as somebody of the demonstration, without a password, where this is one."""
    key = queries.demonstration_key(request.POST.get("who", "")) if settings.DEMONSTRATION else None
    if key is None:
        raise Http404
    login(request, get_user_model().objects.get(pk=key), backend=_WITH_PASSWORD)
    return redirect(onward(request))


@asks("sign in")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and go to the front page."""
    logout(request)
    return redirect("home")


def locked_out(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Too many wrong passwords."""
    return _page(request, status=429, wrong=["Too many wrong passwords for this name. Wait a quarter of an hour, "
                                             "then try again, or ask your administrator."])


def _page(request: HttpRequest, *, wrong: list[str] | None = None, name: str = "", status: int = 200) -> HttpResponse:
    accounts = queries.demonstration_accounts(localdate()) if settings.DEMONSTRATION else []
    status = 400 if wrong and status == 200 else status
    return render(request, "web/sign-in.jinja", {
        "wrong": wrong or [], "name": name, "next": request.POST.get("next") or request.GET.get("next") or "",
        "accounts": [(each, demonstration.first_page_for(each.identifier)) for each in accounts]}, status=status)
