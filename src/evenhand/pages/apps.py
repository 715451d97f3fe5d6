"""The pages' own small tables as Django knows them."""

from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Layout, uploads, and answers kept for an hour."""

    name = "evenhand.pages"
    label = "pages"
