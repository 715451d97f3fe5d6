"""Find as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class FindConfig(AppConfig):
    """Questions put to clinicians."""

    name = "evenhand.find.app"
    label = "find"
