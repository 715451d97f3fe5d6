"""Decide as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DecideConfig(AppConfig):
    """Meetings and what they decide."""

    name = "evenhand.decide.app"
    label = "decide"
