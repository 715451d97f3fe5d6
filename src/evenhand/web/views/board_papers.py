"""A case's board paper for everybody: as it was signed and sent, else as the public papers make it, a draft."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evenhand.decide.app.board_paper_queries import DOCUMENT, signed_file
from evenhand.decide.board_paper import paper_of
from evenhand.documents.board_paper_pdf import pdf_bytes
from evenhand.documents.board_paper_word import word_bytes
from evenhand.pages.answers import as_file
from evenhand.pages.guard import asks
from evenhand.papers import SignedDocument
from evenhand.people.app import queries as people
from evenhand.record.app import queries as record
from evenhand.web import cases
from evenhand.web.case_page import CasePage
from evenhand.web.region_here import here

TYPES = {"pdf": "application/pdf",
         "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@asks("read public pages")
@require_safe
def board_paper(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The board paper of a case that is public, as Word or PDF."""
    page = cases.named(name)
    if page is None or form not in TYPES:
        raise Http404
    return as_file(_signed(page, form) or _draft(page, form), f"{name}-board-paper.{form}", TYPES[form])


def _signed(page: CasePage, form: str) -> bytes | None:
    """The newest paper that was signed, and sent for an item taken in public."""
    papers = [each.paper for each in page.held if isinstance(each.paper, SignedDocument)]
    return next((content for each in reversed(papers) if each.document == DOCUMENT
                 and (content := signed_file(each, f".{form}", in_public=True))), None)


def _draft(page: CasePage, form: str) -> bytes:
    bodies = {each.code: each.name for each in (*people.organisations(), *here().bodies)}
    plans = [kept for subject in record.subjects() if subject.startswith("plan/")
             for kept in record.papers(subject, "plan")[-1:]]
    # People's own words may be erased; they do not go into files that anybody may have fetched.
    case = replace(record.held(f"{cases.CASE}{page.name}"), words={})
    paper = paper_of(case, beside=plans, invented=page.invented,
                     names=bodies | cases.names_of(_signers(page)))
    return pdf_bytes(paper) if form == "pdf" else word_bytes(paper)


def _signers(page: CasePage) -> frozenset[str]:
    """Those whom the case's public page names too: who signed a judgement, who stood aside."""
    aside = {each.member for ruling in (page.decision.rulings if page.decision else ())
             for each in ruling.stood_aside or ()}
    return frozenset(aside | {each.signed_by for each in page.judgements if each.signed_by})
