"""A paper as it was left: what it says, what it was made from, and the bytes themselves."""

from __future__ import annotations

import json
import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.guard import asks
from evenhand.record import Kept
from evenhand.web import cases, held
from evenhand.web.case_page import PAPER_NAMES
from evenhand.web.glossary import PUBLIC_WORD


@asks("read public pages")
@require_safe
def paper(request: HttpRequest, digest: str) -> HttpResponse:
    """A paper, down to the files it was worked out from."""
    kept = _kept(digest)
    said = json.loads(kept.bytes)
    header, content = said["header"], said["content"]
    made_from = [(made["what"], made["digest"], held.paper(made["digest"]) is not None) for made in header["made_from"]]
    is_case = kept.subject.startswith(cases.CASE)
    page = cases.named(kept.subject.removeprefix(cases.CASE)) if is_case else None
    return render(request, "web/paper.jinja", {
        "kept": kept, "name": PAPER_NAMES[kept.kind], "header": header, "made_from": made_from, "page": page,
        "link": kept.digest.removeprefix("sha256:"), "invented": cases.is_invented(kept.subject), "said": PUBLIC_WORD,
        "content": {key: value for key, value in content.items() if key != "figures"},
        "figures": content.get("figures") or {}})


@asks("read public pages")
@require_safe
def paper_file(request: HttpRequest, digest: str) -> HttpResponse:
    """The sealed bytes: their SHA-256 is the paper's fingerprint."""
    kept = _kept(digest)
    return as_file(kept.bytes, f"{kept.kind}-{digest[:12]}.json", FORMS["json"])


def _kept(digest: str) -> Kept:
    found = held.paper(f"sha256:{digest}") if re.fullmatch("[0-9a-f]{64}", digest) else None
    # What is about a meeting is read on the meeting's own pages, by those who may.
    if found is None or found.subject.startswith("meeting/"):
        raise Http404
    return found
