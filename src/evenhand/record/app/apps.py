"""The record as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Puts the guard on every connection the site opens."""

    name = "evenhand.record.app"
    label = "record"

    def ready(self) -> None:
        """Listen for connections: none is open this early."""
        from django.db.backends.signals import connection_created

        from evenhand.record.app.guard import guard_every_connection

        connection_created.connect(guard_every_connection, dispatch_uid="evenhand.record.guard")
