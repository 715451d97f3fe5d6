"""Addresses of an item's board paper and brief, under the item's own."""

from __future__ import annotations

from django.urls import path

from evenhand.decide.app import board_paper_views as views

urlpatterns = [
    path("paper/", views.paper, name="board-paper"),
    path("paper/adopt/", views.adopt, name="adopt-section"),
    path("paper/sign/", views.sign, name="sign-paper"),
    path("paper/template/", views.template, name="paper-template"),
    path("paper.<str:form>", views.paper_file, name="board-paper-file"),
    path("brief/", views.brief, name="item-brief"),
    path("brief.<str:form>", views.brief_file, name="item-brief-file"),
]
