"""The only writer of assurance: backing asked for, questions and help, and a statement bound to one version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from evenhand.decide.app.assurance_models import AssurerTime, Backing, BackingWord
from evenhand.decide.working_days import working_day_after
from evenhand.papers import Body, Header, MadeFrom, Statement
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app.actions import writing
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted

CASE = "case/"
KINDS = {"question": "question put by the regional office", "support": "help offered by the regional office"}
OUTCOMES = ("backed", "backed on conditions", "not backed yet")
MOST_DAYS = 120


def say_time(organisation: str, *, working_days: int, since: date, by: str) -> None:
    """Publish within how many working days an assurer answers, from a day on; what is asked already keeps its day."""
    if not 1 <= working_days <= MOST_DAYS:
        raise refuse("this is no time within which anybody answers", f"give 1 to {MOST_DAYS} working days",
                     column="working_days", value=working_days)
    with writing(f"body/{organisation}", by=by, organisation=organisation,
                 what=f"answers within {counted(working_days, 'working day')} from {since.isoformat()}"):
        AssurerTime.objects.create(organisation=Organisation.objects.get(code=organisation),
                                   working_days=working_days, since=since)


def ask(case: str, *, version: int, organisation: str, assurer: str, words: str, by: str, on: date) -> int:
    """Ask an assurer to back one version of a case; gives the number of the request.

    Raises ``Refused`` where this version was put to it before, or the assurer is no such body.
    """
    owed = Organisation.objects.filter(code=assurer).first()
    if owed is None:
        raise refuse("there is no such regional office", "choose from the list", column="assurer", value=assurer)
    if Backing.objects.filter(case=case, version=version, assurer=owed).exists():
        raise refuse(f"version {version} has been put to it already", "a new version may be put to it again",
                     column="assurer", value=owed.name)
    time = AssurerTime.objects.filter(organisation=owed, since__lte=on).last()
    due = working_day_after(on, time.working_days) if time else None
    with writing(f"{CASE}{case}", by=by, what=f"backing asked for, version {version}", why=words,
                 organisation=organisation):
        row = Backing.objects.create(organisation=Organisation.objects.get(code=organisation), assurer=owed, case=case,
                                     version=version, words=words, asked_by=Account.objects.get(identifier=by),
                                     asked=on, due=due)
    return row.pk


def say(key: int, *, kind: str, words: str, by: str, on: date) -> int:
    """Put a question to the commissioner or offer help; gives its number. Not once the request is answered."""
    if kind not in KINDS:
        raise refuse("choose whether you ask or offer help", "question or support", column="kind", value=kind)
    _words(words, "words")
    row = _open(key)
    with writing(f"{CASE}{row.case}", by=by, what=KINDS[kind], why=words, organisation=row.organisation.code):
        said = BackingWord.objects.create(backing=row, kind=kind, words=words, on=on,
                                          by=Account.objects.get(identifier=by))
    return said.pk


def reply(key: int, *, words: str, by: str, on: date) -> None:
    """Answer a question or an offer of the assurer, once."""
    said = BackingWord.objects.select_related("backing__organisation").get(pk=key)
    _words(words, "answer")
    with writing(f"{CASE}{said.backing.case}", by=by, what="regional office answered", why=words,
                 organisation=said.backing.organisation.code):
        if not BackingWord.objects.filter(pk=key, answered=None).update(answer=words, answered=on):
            raise refuse("this has been answered already", "load the page again", column="answer")


@transaction.atomic
def state(key: int, *, outcome: str, reasons: str, conditions: Sequence[str], rests_on: Sequence[tuple[str, str]],
          figures: Mapping[str, Any], newest: int, by: str, on: date) -> None:
    """Say whether this version is backed, with reasons; the statement is left as a paper of the case.

    Args:
        key: the request.
        outcome: one of ``OUTCOMES``.
        reasons: why.
        conditions: what must be done, where it is backed on conditions.
        rests_on: digests of the papers it was judged on, each with what it is.
        figures: how the case stood to the tests, as counted on that day.
        newest: the newest version of the proposal; only that may be backed.
        by: who signs it.
        on: the day.

    Raises:
        Refused: without reasons, with conditions where there are none to be, on a version that has been replaced, and
            where it was answered already.
    """
    problems = []
    if outcome not in OUTCOMES:
        problems.append(Problem("choose whether it is backed", f"one of {', '.join(OUTCOMES)}", column="outcome",
                                value=outcome))
    if not reasons.strip():
        problems.append(Problem("the commissioner is owed the reasons", "a sentence will do", column="reasons"))
    if outcome == "backed on conditions" and not conditions:
        problems.append(Problem("no condition is given", "write a line for each", column="conditions"))
    if outcome != "backed on conditions" and conditions:
        problems.append(Problem("conditions are given, but it is not backed on conditions",
                                "choose “backed on conditions”, or take them away", column="conditions"))
    if problems:
        raise Refused(problems)
    row = _open(key)
    if row.version != newest:
        raise refuse(f"version {row.version} has been replaced by version {newest}",
                     "the commissioner puts the new version to you", column="outcome", value=outcome)
    supports = tuple(row.said.filter(kind="support").values_list("words", flat=True))
    late = (on - row.due).days if row.due and on > row.due else 0
    when = f"It came {counted(late, 'day')} after its own time." if late else ""
    paper = Statement(
        header=Header(subject=f"{CASE}{row.case}", proposal_version=row.version,
                      made_from=tuple(MadeFrom(digest, what) for digest, what in rests_on)),
        by=Body(row.assurer.name, row.assurer.code), outcome=outcome, reasons=reasons,  # type: ignore[arg-type]
        conditions=tuple(conditions), supports=supports, asked=row.asked, due=row.due, given=on, signed_by=by,
        figures=figures, sentence=f"{row.assurer.name}: version {row.version} is {outcome}. {when}".strip())
    with writing(f"{CASE}{row.case}", by=by, what=f"version {row.version} {outcome}", why=reasons,
                 organisation=row.organisation.code) as record:
        if not Backing.objects.filter(pk=key, moment="asked").update(moment="answered", outcome=outcome, answered=on):
            raise refuse("this request has been answered already", "load the page again", column="outcome")
        record.leave(paper)


def _open(key: int) -> Backing:
    row = Backing.objects.select_related("organisation", "assurer").get(pk=key)
    if row.moment != "asked":
        raise refuse("this request has been answered already", "load the page again", column="outcome")
    return row


def _words(words: str, column: str) -> None:
    if not words.strip():
        raise refuse("this is empty", "a sentence will do", column=column)
