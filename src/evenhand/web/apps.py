"""The site as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages that cross rooms."""

    name = "evenhand.web"
    label = "web"
