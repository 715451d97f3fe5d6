"""Choose as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ChooseConfig(AppConfig):
    """Pages about which few to go on with. It has no tables: what people bring is not kept."""

    name = "evenhand.choose.app"
    label = "choose"
