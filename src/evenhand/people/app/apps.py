"""People as Django knows them."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Organisations, accounts, memberships."""

    name = "evenhand.people.app"
    label = "people"
