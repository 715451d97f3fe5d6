"""Addresses of the register of interests."""

from __future__ import annotations

from django.urls import path

from evenhand.decide.app import interest_views as views

urlpatterns = [
    path("", views.registers, name="interests"),
    path("interests.<str:form>", views.registers_file, name="interests-file"),
    path("schema.json", views.schema_file, name="interests-schema"),
    path("<str:code>/", views.register, name="interests-of"),
    path("<str:code>/interests.<str:form>", views.register_file, name="interests-of-file"),
    path("<str:code>/mine/", views.mine, name="my-interests"),
    path("<str:code>/mine/declare/", views.declare, name="declare-to-register"),
    path("<str:code>/mine/return/", views.give_return, name="give-return"),
    path("<str:code>/mine/<int:key>/end/", views.end, name="end-interest"),
    path("<str:code>/keep/", views.keep, name="keep-interests"),
    path("<str:code>/keep/<int:key>/agree/", views.agree, name="agree-step"),
]
