"""Addresses of meetings."""

from __future__ import annotations

from django.urls import include, path

from evenhand.decide.app import agenda_urls, draft_views, interest_views, views

urlpatterns = [
    *agenda_urls.before,
    *agenda_urls.after,
    path("<str:name>/<int:number>/", views.item, name="item"),
    path("<str:name>/<int:number>/", include("evenhand.decide.app.board_paper_urls")),
    path("<str:name>/<int:number>/interest/", views.declare, name="declare-interest"),
    path("<str:name>/interests/", interest_views.at_meeting, name="meeting-interests"),
    path("<str:name>/interests/settle/", interest_views.settle, name="settle-interest"),
    path("<str:name>/<int:number>/ruling/", interest_views.rule, name="rule-interest"),
    path("<str:name>/<int:number>/decision/", draft_views.prepare, name="prepare-decision"),
    path("<str:name>/<int:number>/open/", views.open_vote, name="open-vote"),
    path("<str:name>/<int:number>/vote/", views.vote, name="vote"),
    path("<str:name>/<int:number>/close/", views.close_vote, name="close-vote"),
]
