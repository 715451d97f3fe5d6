"""Pages of an item's board paper and its brief: read, adopt, sign, take away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evenhand.decide.app import board_paper_actions as actions
from evenhand.decide.app import board_paper_queries as queries
from evenhand.decide.app import queries as meetings
from evenhand.decide.app.queries import OpenItem
from evenhand.documents.board_paper import (
    ABOUT_THE_MARK,
    MARK,
    Block,
    BoardPaper,
    Grid,
    Lines,
    Picture,
    Section,
    Under,
    right_to_left,
)
from evenhand.documents.board_paper_pdf import pdf_bytes
from evenhand.documents.board_paper_template import IN_A_LINE, NEEDED, PARTS, WHOLE
from evenhand.documents.board_paper_word import word_bytes
from evenhand.pages.answers import as_file
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.pages.uploads import content_of, name_of, too_large
from evenhand.people.rights import may
from evenhand.terms import Refused

TYPES = {"pdf": "application/pdf",
         "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@asks("read an item")
@never_cache
@require_safe
def paper(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The board paper of an item as its papers make it, section by section."""
    return _paper_page(request, _item(request, name, number))


@asks("read an item")
@never_cache
@require_safe
def paper_file(request: HttpRequest, name: str, number: int, form: str) -> HttpResponse:
    """The paper as a file; where it was signed as it stands, the very bytes that were signed."""
    item = _item(request, name, number)
    if form not in TYPES:
        raise Http404
    try:
        held = queries.board_paper(item)
        signed = queries.signed_file(held.latest.paper, f".{form}") if held.latest else None
        content = signed or (pdf_bytes(held.paper) if form == "pdf" else
                             actions.word_file(held.paper, item.meeting.organisation))
    except Refused as refused:
        return _paper_page(request, item, wrong=refused.lines())
    return as_file(content, f"board-paper-{name}-{number}.{form}", TYPES[form])


@asks("adopt a section")
@require_POST
def adopt(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Take the program's sentences in one section for one's own."""
    item = _item(request, name, number, "adopt a section")
    section = request.POST.get("section", "")
    try:
        actions.adopt(item, section, request.POST.get("words", ""), by=member(request).id, on=localdate())
    except Refused as refused:
        return _paper_page(request, item, wrong=refused.lines())
    messages.success(request, "The section is adopted. Its sentences carry no mark any more.")
    return redirect(f"{_address(name, number)}#{section}")


@asks("sign a paper")
@require_POST
def sign(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Sign the paper as it stands."""
    item = _item(request, name, number, "sign a paper")
    person = member(request)
    try:
        actions.sign(item, request.POST.get("words", ""), by=person.id, name=person.name, at=now(), on=localdate(),
                     because=request.POST.get("because", ""))
    except Refused as refused:
        return _paper_page(request, item, wrong=refused.lines())
    messages.success(request, "The paper is signed. Its files are with the item; the record keeps their fingerprints.")
    return redirect("board-paper", name, number)


@asks("keep a template")
@require_POST
def template(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Take in the body's own Word template."""
    item = _item(request, name, number, "keep a template")
    sent = None if too_large(request) else request.FILES.get("template")
    if sent is None:
        return _paper_page(request, item, wrong=["Choose a Word file of at most 10 MB."])
    try:
        actions.keep_template(item.meeting.organisation, name_of(sent), content_of(sent), by=member(request).id,
                              at=now())
    except Refused as refused:
        return _paper_page(request, item, wrong=refused.lines())
    messages.success(request, "The template is taken in. Word files of the body’s papers stand in it from now on.")
    return redirect("board-paper", name, number)


@asks("read an item")
@never_cache
@require_safe
def brief(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One page for a lay member."""
    item = _item(request, name, number)
    try:
        found: BoardPaper | None = queries.item_brief(item)
        wrong: list[str] = []
    except Refused as refused:
        found, wrong = None, refused.lines()
    return render(request, "decide/brief.jinja", {
        "item": item, "paper": found, "wrong": wrong, "sections": _sections(found) if found else [], "mark": MARK,
        "about_mark": ABOUT_THE_MARK, "invented": item.meeting.invented})


@asks("read an item")
@never_cache
@require_safe
def brief_file(request: HttpRequest, name: str, number: int, form: str) -> HttpResponse:
    """The brief as a file of one page."""
    item = _item(request, name, number)
    if form not in TYPES or not item.case:
        raise Http404
    found = queries.item_brief(item)
    content = pdf_bytes(found) if form == "pdf" else word_bytes(found)
    return as_file(content, f"brief-{name}-{number}.{form}", TYPES[form])


# --- showing ----------------------------------------------------------------------------------------------------------


def _item(request: HttpRequest, name: str, number: int, action: str = "read an item") -> OpenItem:
    found = meetings.item(name, number)
    if found is None:
        raise Http404
    require(request, action, found.meeting.organisation, moment=found.moment)
    # Whose interest keeps the papers from them is not sent them, and cannot fetch them either.
    if not queries.may_have_papers(found, member(request).id):
        raise PermissionDenied
    return found


def _address(name: str, number: int) -> str:
    from django.urls import reverse

    return reverse("board-paper", args=(name, number))


def _paper_page(request: HttpRequest, item: OpenItem, wrong: list[str] | None = None) -> HttpResponse:
    person, body = member(request), item.meeting.organisation
    found: queries.Held | None = None
    try:
        found = queries.board_paper(item)
    except Refused as refused:
        wrong = [*(wrong or []), *refused.lines()]
    own = queries.template_of(body)
    return render(request, "decide/board-paper.jinja", {
        "item": item, "held": found, "paper": found.paper if found else None, "wrong": wrong or [], "mark": MARK,
        "sections": _sections(found.paper) if found else [], "about_mark": ABOUT_THE_MARK,
        "waiting": [each for each in found.paper.sections if each.is_marked] if found else [],
        "may_adopt": may(person, "adopt a section", body, moment=item.moment),
        "may_sign": may(person, "sign a paper", body, moment=item.moment),
        "may_keep": may(person, "keep a template", body, moment=item.moment),
        "template": own[0] if own else "", "places": (*IN_A_LINE, WHOLE, *PARTS), "needed": NEEDED,
        "invented": item.meeting.invented}, status=400 if wrong and request.method == "POST" else 200)


def _sections(paper: BoardPaper) -> list[dict[str, Any]]:
    return [{"id": each.id, "title": each.title, "digest": each.digest, "marked": each.is_marked,
             "adopted_by": each.adopted_by, "blocks": [_block(block, each) for block in each.blocks]}
            for each in paper.sections]


def _block(block: Block, section: Section) -> dict[str, Any]:
    if isinstance(block, Lines):
        return {"kind": "lines", "bulleted": block.bulleted, "lead": block.lead, "said": [
            {"label": each.label, "text": each.text, "marked": each.drafted and section.is_marked,
             "rtl": right_to_left(each.label or each.text)} for each in block.said]}
    if isinstance(block, Under):
        return {"kind": "under", "title": block.title}
    if isinstance(block, Grid):
        return {"kind": "grid", "grid": block}
    assert isinstance(block, Picture)
    return {"kind": "picture", "title": block.figure.title, "svg": block.figure.svg()}
