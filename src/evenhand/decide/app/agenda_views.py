"""Pages of meetings that everybody may read: the forward plan, an agenda, its papers, calendars and open data."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evenhand.decide.app import agenda_queries, forward_queries, minutes_queries, queries
from evenhand.decide.app.agenda_pack import kept_from, members_pack, public_pack
from evenhand.decide.app.forward_queries import PlannedMeeting
from evenhand.decide.grounds import ground
from evenhand.documents.calendar import MEDIA_TYPE, Event, calendar
from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.rights import bodies_for, may

ATOM = "application/atom+xml; charset=utf-8"


@asks("read public pages")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The forward plan of every body here, or of one, and the meetings that were."""
    of, moment = request.GET.get("of", ""), now()
    bodies = forward_queries.bodies_that_meet()
    if of and of not in dict(bodies):
        raise Http404
    ahead, past = forward_queries.to_come(moment, of), forward_queries.gone_by(moment, of)
    return render(request, "decide/meetings.jinja", {
        "ahead": ahead, "past": past, "today": localdate(), "bodies": bodies, "of": of,
        "may_arrange": bool(bodies_for(member(request), "arrange a meeting")),
        "may_enter_between": bool(bodies_for(member(request), "decide between meetings")),
        "invented": bool(ahead or past) and all(each.sitting.invented for each in [*ahead, *past])})


@asks("read public pages")
@require_safe
def listing_file(request: HttpRequest, form: str) -> HttpResponse:
    """The forward plan and past meetings as open data, item by item; nothing private is in it."""
    found = [*forward_queries.to_come(now()), *forward_queries.gone_by(now())]
    rows = [row for each in found for row in forward_queries.rows_of(each, localdate())]
    if form == "json":
        return as_file(json.dumps({"items": rows}, ensure_ascii=False, indent=1), "meetings.json", FORMS["json"])
    if form == "csv":
        names = list(rows[0]) if rows else ["meeting", "title", "body", "on"]
        out = io.StringIO()
        writer = csv.DictWriter(out, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return as_file("\ufeff" + out.getvalue(), "meetings.csv", FORMS["csv"])
    if form == "ics":
        return _calendar("Meetings", found, request)
    if form == "atom":
        return _feed(found, request)
    raise Http404


@asks("read public pages")
@require_safe
def calendar_of(request: HttpRequest, code: str) -> HttpResponse:
    """One body's meetings, for a calendar that follows them."""
    name = dict(forward_queries.bodies_that_meet()).get(code)
    if name is None:
        raise Http404
    found = [*forward_queries.to_come(now(), code), *forward_queries.gone_by(now(), code)]
    return _calendar(f"Meetings of {name}", found, request)


@asks("read public pages")
@never_cache
@require_safe
def meeting(request: HttpRequest, name: str) -> HttpResponse:
    """An agenda: in public for everybody; for those who belong to it with who stands aside and what is private."""
    found = _planned(name)
    person, code = member(request), found.sitting.organisation
    belongs = may(person, "read a meeting", code)
    items = queries.items(name) if belongs else []
    put = minutes_queries.questions(name)
    return render(request, "decide/meeting.jinja", {
        "plan": found, "meeting": found.sitting, "today": localdate(), "belongs": belongs, "now": now(),
        "items": {each.number: each for each in items},
        "private": [(each, ground(each.ground)) for each in items if each.private],
        "sendings": agenda_queries.sendings(name),
        "questions": [each for each in put if each.moment in ("taken", "answered")],
        "waiting": [each for each in put if each.moment == "received"],
        "may_answer": may(person, "answer a public question", code),
        "may_arrange": may(person, "arrange a meeting", code), "may_keep": may(person, "keep the minutes", code),
        "may_pack": belongs, "invented": found.sitting.invented})


@asks("read public pages")
@require_safe
def meeting_calendar(request: HttpRequest, name: str) -> HttpResponse:
    """One meeting, to be put into a calendar."""
    found = _planned(name)
    return _calendar(found.sitting.title, [found], request, f"{name}.ics")


@asks("read public pages")
@require_safe
def pack(request: HttpRequest, name: str) -> HttpResponse:
    """The public papers of a meeting in one file."""
    found = _planned(name)
    return as_file(public_pack(found, localdate()), f"{name}-papers.zip", "application/zip")


@asks("read a meeting")
@never_cache
@require_safe
def pack_for_members(request: HttpRequest, name: str) -> HttpResponse:
    """All papers of a meeting for one of its body; not those kept from a member for an interest."""
    found = _planned(name)
    require(request, "read a meeting", found.sitting.organisation)
    return as_file(members_pack(found, member(request).id), f"{name}-members-papers.zip", "application/zip")


@asks("read public pages")
@never_cache
@require_safe
def paper(request: HttpRequest, name: str, number: int, key: int) -> HttpResponse:
    """A paper as it was brought. In public once it is sent, unless its item is private; else for the body."""
    item, held = queries.item(name, number), agenda_queries.paper_file(name, number, key)
    if item is None or held is None:
        raise Http404
    version = next((each for trail in item.papers for each in trail.versions if each.key == key), None)
    public = version is not None and version.counts and not item.private
    person = member(request)
    if not public and not may(person, "read a meeting", item.meeting.organisation):
        raise Http404
    if person.is_signed_in and kept_from(item, person.id):
        raise Http404
    file_name, kind, content = held
    return as_file(content, file_name, kind)


@asks("read my work")
@never_cache
@require_safe
def my_actions(request: HttpRequest) -> HttpResponse:
    """What one is asked to do by meetings, by its day, for a calendar."""
    events = [Event(f"action-{each.key}@evenhand", f"Due: {each.what}", each.due, now(),
                    words=f"Agreed at {each.meeting_title}, item {each.number}.",
                    address=request.build_absolute_uri(reverse("meeting", args=(each.meeting,))))
              for each in minutes_queries.actions_for(member(request).id)]
    return as_file(calendar("Actions agreed at meetings", events), "actions.ics", MEDIA_TYPE)


def _planned(name: str) -> PlannedMeeting:
    found = forward_queries.planned(name)
    if found is None:
        raise Http404
    return found


def _calendar(name: str, found: list[PlannedMeeting], request: HttpRequest, file_name: str = "meetings.ics",
              ) -> HttpResponse:
    events = [Event(f"{each.sitting.name}@evenhand", f"{each.sitting.title}, {each.sitting.organisation_name}",
                    each.sitting.on, each.sitting.began or now(), place=each.sitting.place,
                    words="\n".join([*(["An invented county."] if each.sitting.invented else []),
                                     *(f"{item.number}. {item.title} (for {item.purpose})" for item in each.items)]),
                    address=request.build_absolute_uri(reverse("meeting", args=(each.sitting.name,))))
              for each in found]
    return as_file(calendar(name, events), file_name, MEDIA_TYPE)


def _feed(found: list[PlannedMeeting], request: HttpRequest) -> HttpResponse:
    link = request.build_absolute_uri(reverse("meetings"))
    feed = Atom1Feed(title="Meetings", link=link, description="Meetings, their agendas in public and what they decided",
                     language="en-gb", feed_url=request.build_absolute_uri())
    for each in found:
        moments: list[datetime] = [moment for moment in (
            each.sitting.began, each.sitting.ended, *(version.sent for item in each.items for trail in item.papers
                                                      for version in trail.versions)) if moment is not None]
        feed.add_item(
            title=f"{each.sitting.title}, {each.sitting.organisation_name}", unique_id=f"meeting-{each.sitting.name}",
            link=request.build_absolute_uri(reverse("meeting", args=(each.sitting.name,))),
            description="; ".join(f"{item.number}. {item.title}{': ' + item.outcome if item.outcome else ''}"
                                  for item in each.items),
            updateddate=max(moments) if moments else each.sitting.on)
    return HttpResponse(feed.writeString("utf-8"), content_type=ATOM)
