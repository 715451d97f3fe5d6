"""The register of decisions made before, here and elsewhere, and each of them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.decide.precedents import Precedent, similar
from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.guard import asks
from evenhand.web import precedents

LISTS = ("codes", "today", "sources")
MOST_LETTERS = 200
ASKED_FOR = 6


@asks("read public pages")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every precedent; with something typed, those most like it."""
    found = precedents.register()
    typed = " ".join(request.GET.get("like", "").split())[:MOST_LETTERS]
    return render(request, "web/precedents.jinja", {
        "precedents": found, "typed": typed, "alike": similar(typed, typed, found, most=ASKED_FOR) if typed else (),
        "real": sum(not each.invented for each in found),
        "real_too": 0 < sum(each.invented for each in found) < len(found),
        "real_page": not any(each.invented for each in found)})


@asks("read public pages")
@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One decision as its sources tell it, with those like it."""
    found = precedents.named(name)
    if found is None:
        raise Http404
    alike = similar(found.service, found.proposal or "", precedents.register(), codes=(*found.codes, *found.today),
                    without=name)
    return render(request, "web/precedent.jinja", {
        "precedent": found, "alike": alike, "invented": found.invented, "real_page": not found.invented,
        "beside_real": found.invented and any(not each.precedent.invented for each in alike)})


@asks("read public pages")
@require_safe
def listing_file(request: HttpRequest, form: str) -> HttpResponse:
    """The register as open data."""
    rows = [_row(each) for each in precedents.register()]
    if form == "json":
        return as_file(json.dumps({"precedents": rows}, ensure_ascii=False, indent=1), "precedents.json", FORMS["json"])
    if form != "csv":
        raise Http404
    out = io.StringIO()
    writer = csv.DictWriter(out, list(Precedent.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, **{name: "; ".join(row[name]) for name in LISTS},
                      "invented": "yes" if row["invented"] else "no"} for row in rows)
    return as_file("\ufeff" + out.getvalue(), "precedents.csv", FORMS["csv"])


def _row(precedent: Precedent) -> dict[str, Any]:
    return asdict(precedent)
