"""The address of bring your list."""

from __future__ import annotations

from django.urls import path

from evenhand.choose.app import views

urlpatterns = [path("", views.bring, name="bring-your-list")]
