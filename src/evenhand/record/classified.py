"""Every table of the site, classified: recorded, or exempt with a reason. What stands in neither list is refused.

An app that gains a table adds it here. A recorded table may be written only inside ``record.writing``, which enters
who did what and when; an exempt one may be written at any time, because nothing anybody decided lies in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from evenhand.record import ddl

THE_RECORD_ITSELF = ddl.TABLES
"""Written by the record alone, inside a block or not by anybody."""

RECORDED: Mapping[str, tuple[str, ...]] = {
    "people": ("people_organisation", "people_succession", "people_support", "people_account", "people_membership"),
    "decide": ("decide_meeting", "decide_seat", "decide_item", "decide_interest", "decide_vote",
               "decide_meetingrules", "decide_agendapaper", "decide_dispatch", "decide_attendance", "decide_motion",
               "decide_castingvote", "decide_itemnote", "decide_minutes", "decide_correction", "decide_agreedaction",
               "decide_betweenmeetings", "decide_publicquestion", "decide_challenged", "decide_decisiondraft",
               "decide_pagecorrection",
               "decide_assurertime", "decide_backing", "decide_backingword", "decide_adoptedsection",
               "decide_papertemplate", "decide_declaration", "decide_interestending", "decide_agreedstep",
               "decide_interestreturn", "decide_lateinterest", "decide_interestruling", "decide_samebody"),
    "find": ("find_question", "find_concern", "find_policyrequest", "find_measuredecision", "find_policyheld",
             "find_policyinherited"),
}
"""By app, the tables whose every change is entered."""

EXEMPT: Mapping[str, str] = {
    "django_migrations": "which migrations ran: the tables' own history",
    "django_content_type": "the list of tables, made by migrations",
    "auth_permission": "made by migrations and never asked: roles say who may do what",
    "auth_group": "never used: roles say who may do what",
    "auth_group_permissions": "never used: roles say who may do what",
    "django_session": "who is signed in now; gone when they leave",
    "axes_accessattempt": "wrong passwords, counted to slow a guesser down",
    "axes_accessattemptexpiration": "when a guesser may try again",
    "axes_accessfailurelog": "wrong passwords, counted to slow a guesser down",
    "axes_accesslog": "sign-ins, kept for a while to notice misuse",
    "django_tasks_database_dbtaskresult": "work waiting for the worker, and how far it is",
    "pages_keptanswer": "an answer to one person's question, deleted after an hour; nothing was decided",
}
"""Tables that may be written outside a block, each with the reason why."""


def is_exempt(table: str) -> bool:
    """Whether a table may be written at any time."""
    return table in EXEMPT


def is_recorded(table: str) -> bool:
    """Whether every change to a table is entered."""
    return any(table in tables for tables in RECORDED.values())
