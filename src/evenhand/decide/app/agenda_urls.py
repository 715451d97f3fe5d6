"""Addresses of what surrounds a meeting: the forward plan, desks, papers, minutes, questions from the public.

Those without a meeting's name stand before the rest, so that no meeting can take their place.
"""

from __future__ import annotations

from django.urls import path

from evenhand.decide.app import agenda_views, desk_views, question_views, sitting_views

before = [
    path("", agenda_views.listing, name="meetings"),
    path("meetings.<str:form>", agenda_views.listing_file, name="meetings-file"),
    path("actions.ics", agenda_views.my_actions, name="my-actions-calendar"),
    path("arrange/", desk_views.arrange, name="arrange-meeting"),
    path("rules/", desk_views.rules, name="meeting-rules"),
    path("between/", question_views.between, name="between-meetings"),
    path("of/<str:code>/meetings.ics", agenda_views.calendar_of, name="meetings-of-calendar"),
    path("asked/<str:code>/", question_views.followed, name="followed-question"),
    path("asked/<int:key>/settle/", question_views.settle, name="settle-question"),
    path("actions/<int:key>/", sitting_views.action, name="agreed-action"),
]
after = [
    path("<str:name>/", agenda_views.meeting, name="meeting"),
    path("<str:name>/meeting.ics", agenda_views.meeting_calendar, name="meeting-calendar"),
    path("<str:name>/papers.zip", agenda_views.pack, name="meeting-pack"),
    path("<str:name>/members-papers.zip", agenda_views.pack_for_members, name="members-pack"),
    path("<str:name>/desk/", desk_views.desk, name="meeting-desk"),
    path("<str:name>/sit/", sitting_views.sit, name="sit"),
    path("<str:name>/ask/", question_views.ask, name="ask-meeting"),
    path("<str:name>/minutes/", question_views.minutes, name="minutes"),
    path("<str:name>/<int:number>/papers/<int:key>/", agenda_views.paper, name="agenda-paper"),
    path("<str:name>/<int:number>/bring/", desk_views.bring, name="bring-paper"),
    path("<str:name>/<int:number>/accept/", desk_views.accept, name="accept-paper"),
    path("<str:name>/<int:number>/keep/", sitting_views.keep, name="keep-item"),
    path("<str:name>/<int:number>/put-off/", sitting_views.put_off, name="put-off"),
    path("<str:name>/<int:number>/casting/", sitting_views.casting, name="casting-vote"),
]
