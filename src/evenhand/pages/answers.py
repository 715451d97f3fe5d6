"""Answers to people's own tables: worked out, kept for an hour, and given in every form."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.utils.timezone import now

from evenhand.documents.workbook import workbook_bytes
from evenhand.pages.models import KeptAnswer
from evenhand.pages.show import shown_answer

if TYPE_CHECKING:
    from evenhand.figures import Answer

KEPT_FOR = timedelta(hours=1)
FORMS = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         "svg": "image/svg+xml; charset=utf-8"}


@dataclass(frozen=True)
class Kept:
    """One answer as it lies here."""

    method: str
    shown: dict[str, Any]
    csv: str
    document: str
    workbook: bytes

    def in_form(self, form: str, name: str) -> HttpResponse:
        """The answer as a file. Raises ``Http404`` for a form it does not have."""
        pictures = [each["svg"] for each in self.shown["figures"]]
        content: str | bytes
        if form == "csv":
            # A mark at the front tells spreadsheets that this is UTF-8.
            content = "\ufeff" + self.csv
        elif form == "json":
            content = self.document
        elif form == "xlsx":
            content = self.workbook
        elif form == "svg" and pictures:
            content = pictures[0]
        else:
            raise Http404
        return as_file(content, f"{name}.{form}", FORMS[form])


def as_file(content: str | bytes, name: str, kind: str) -> HttpResponse:
    """Something to be saved under a name."""
    return HttpResponse(content, content_type=kind,
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})


def answer_as_file(answer: Answer, form: str, name: str, command: str) -> HttpResponse:
    """A page's figures as a file of that form. Raises ``Http404`` where there is no such form of them."""
    if form == "csv":
        # A mark at the front tells spreadsheets that this is UTF-8.
        return as_file("\ufeff" + answer.table.to_csv(), f"{name}.csv", FORMS["csv"])
    if form == "json":
        return as_file(answer.to_json(), f"{name}.json", FORMS["json"])
    if form == "xlsx":
        return as_file(workbook_bytes(answer, command=command), f"{name}.xlsx", FORMS["xlsx"])
    if form == "svg" and answer.figures and answer.figure.chart is not None:
        return as_file(answer.figure.svg(), f"{name}.svg", FORMS["svg"])
    raise Http404


def made(answer: Answer, *, method: str, command: str) -> Kept:
    """An answer in every form."""
    return Kept(method, shown_answer(answer, command=command), answer.table.to_csv(), answer.to_json(),
                workbook_bytes(answer, command=command))


def keep(kept: Kept) -> str:
    """Keep an answer for an hour; gives the secret part of its address."""
    forget_old()
    token = secrets.token_urlsafe(32)
    KeptAnswer.objects.create(token=token, until=now() + KEPT_FOR, method=kept.method,
                              shown=json.dumps(kept.shown, ensure_ascii=False), csv=kept.csv,
                              document=kept.document, workbook=kept.workbook)
    return token


def found(token: str) -> Kept:
    """The answer under an address. Raises ``Http404`` where there is none, or no longer."""
    row = KeptAnswer.objects.filter(token=token, until__gt=now()).first()
    if row is None:
        raise Http404
    return Kept(row.method, json.loads(row.shown), row.csv, row.document, bytes(row.workbook))


def forget_old() -> int:
    """Delete what has been kept for its hour; says how many."""
    return KeptAnswer.objects.filter(until__lte=now()).delete()[0]
