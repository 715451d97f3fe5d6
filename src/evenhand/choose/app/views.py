"""Bring your list: somebody drops in a working tracker and takes Friday's report away. Nothing is kept."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evenhand.choose.app.forms import ASKED, Brought, brought, on_this_page
from evenhand.choose.tracker.letters import OFFICE
from evenhand.choose.tracker.vocabulary import BY_NAME
from evenhand.documents.friday import friday_bytes
from evenhand.documents.owner_letters import letters_bytes, opening_of
from evenhand.documents.tracker_workbook import tracker_workbook_bytes
from evenhand.figures import Answer
from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.asking import SAMPLE
from evenhand.pages.guard import asks
from evenhand.pages.show import shown_answer
from evenhand.terms import Refused

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_QUESTIONS, MOST_NAMED, MOST_STORIES = 16, 12, 500
PAGES = {"letters": "choose/letters.jinja", "stories": "choose/stories.jinja"}
LACKS = (("owner", "no owner", lambda each: not each["owner"]),
         ("measure", "no measure: nobody will know if they worked", lambda each: not each["measure"]),
         ("figures", "no figures: treated as not found", lambda each: each["value_pounds"] is None),
         ("start", "no start", lambda each: each["start"] is None and not each["in_place"]),
         ("should_have_started", "should have started and have no figures", lambda each: each["should_have_started"]))


@asks("use a method")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """The form; with a list, what it comes to; asked for a file, the file."""
    if request.method != "POST":
        name = request.GET.get("tracker", "")[:80]
        if not name.startswith(SAMPLE):
            return _form(request)
        found = Brought({"tracker": (name, None)}, {"today": localdate().isoformat(), "units": "auto"})
    else:
        try:
            found = brought(request)
        except Refused as refused:
            return _form(request, wrong=[on_this_page(line) for line in refused.lines()])
    try:
        answer = found.answer()
    except Refused as refused:
        return _form(request, wrong=[on_this_page(line) for line in refused.lines()], typed=found)
    wanted = request.POST.get("give", "")
    if wanted in PAGES:
        return _further_page(request, found, answer, wanted)
    return _file(answer, wanted) if wanted else _page(request, found, answer)


def _whose(answer: Answer) -> dict[str, bool]:
    """Whether the list is the invented one of ours, or somebody's own, of which no page says that it is invented."""
    ours = answer.made_from[0].what.startswith(SAMPLE)
    return {"invented": ours, "own_list": not ours}


def _further_page(request: HttpRequest, found: Brought, answer: Answer, wanted: str) -> HttpResponse:
    """The letters to owners, or each scheme's story from month to month: pages made from the same list again."""
    return render(request, PAGES[wanted], {
        "answer": answer, "fields": answer.fields, "brought": found, "letters": _written(answer),
        "stories": _stories(answer), "name": answer.made_from[0].what,
        **_whose(answer)})


def _written(answer: Answer) -> list[dict[str, Any]]:
    return [{**each, "opening": opening_of(each, OFFICE)} for each in answer.fields["letters"]]


def _stories(answer: Answer) -> list[dict[str, Any]]:
    """Each scheme's months, the scheme by the name it has now; those with most months and most changes first."""
    told = [{"name": entries[-1]["name"], "months": list(entries), "gone": entries[-1].get("what") == "vanished",
             "moves": sum(bool(each.get("what")) for each in entries)} for entries in answer.fields["story"].values()]
    return sorted(told, key=lambda each: (-each["moves"], str(each["name"]).casefold()))[:MOST_STORIES]


def _form(request: HttpRequest, *, wrong: list[str] | None = None, typed: Brought | None = None) -> HttpResponse:
    return render(request, "choose/bring-your-list.jinja", {
        "wrong": wrong or [], "typed": typed.words if typed else {}, "today": localdate().isoformat(),
        "carried": typed.carried if typed else {}}, status=400 if wrong else 200)


def _file(answer: Answer, wanted: str) -> HttpResponse:
    """Friday's report, the workbook, the proposals, or what was said, to keep on one's own machine."""
    if wanted == "friday":
        return as_file(friday_bytes(answer), "friday.docx", WORD)
    if wanted == "workbook":
        return as_file(tracker_workbook_bytes(answer), "our-list.xlsx", FORMS["xlsx"])
    if wanted == "letters-word":
        return as_file(letters_bytes(answer), "letters.docx", WORD)
    if wanted == "json":
        return as_file(answer.to_json(), "our-list.json", FORMS["json"])
    documents = {} if answer.documents is None else answer.documents(answer)
    if wanted == "memory":
        return as_file(documents["memory.json"], "memory.json", FORMS["json"])
    if wanted == "proposals":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in documents.items():
                if name.startswith("proposals/"):
                    packed.writestr(name, content)
        return as_file(out.getvalue(), "proposals.zip", "application/zip")
    raise Http404


def _page(request: HttpRequest, found: Brought, answer: Answer) -> HttpResponse:
    fields = answer.fields
    lacks = [(count, text, [each["name"] for each in fields["schemes"] if there(each)][:MOST_NAMED])
             for name, text, there in LACKS if (count := fields["missing"][name])]
    return render(request, "choose/your-list.jinja", {
        "answer": shown_answer(answer, command=found.command), "fields": fields, "brought": found, "lacks": lacks,
        "schemes": _in_order(fields["schemes"]), "moved": _told(fields["moved"] or ()),
        "asked": _columns(fields), "most": MOST_NAMED,
        "questions": asked_first(fields["questions"])[:MOST_QUESTIONS],
        "more_questions": max(0, len(fields["questions"]) - MOST_QUESTIONS),
        "on_page": on_this_page, "remarks": [on_this_page(each) for each in answer.remarks],
        "stories": len(fields["story"]),
        "headings": list(dict.fromkeys(each["heading"] for each in fields["headings"])),
        "name": answer.made_from[0].what, **_whose(answer)})


def _in_order(schemes: Any) -> list[dict[str, Any]]:
    """The schemes, those with most money at risk first, each with what is next for it."""
    rank = {"at_risk": 0, "not_found": 1, "firm": 2}
    ordered = sorted(schemes, key=lambda each: (rank[each["status"]], -(each["value_pounds"] or 0), each["name"]))
    return [{**each, "next": _next(each)} for each in ordered]


def _told(moved: Any) -> list[dict[str, Any]]:
    """What moved, the largest first."""
    return sorted(moved, key=lambda each: -abs(each["change_pounds"] or 0.0))


def asked_first(questions: Any) -> list[dict[str, Any]]:
    """The questions in the order in which they are worth asking: what can be chosen before what must be written."""
    return sorted(questions, key=lambda each: not each["choices"])


def _next(scheme: Any) -> str:
    """The first thing to do about a scheme."""
    if scheme["value_pounds"] is None:
        return "Find a figure"
    if not scheme["owner"]:
        return "Name an owner"
    if scheme["should_have_started"]:
        return "Say what has been found"
    if scheme["start"] is None and not scheme["in_place"]:
        return "Set a start"
    return "Agree a measure" if not scheme["measure"] else ""


def _columns(fields: Any) -> list[dict[str, Any]]:
    """What the page asks about columns: the guess, how sure, and what a person said."""
    taken: dict[str, Any] = {}
    for each in fields["columns"]:
        taken.setdefault(each["name"], each)
    return [{"role": role, "what": BY_NAME[role].what, "taken": taken.get(role)} for role in ASKED]
