"""Replies in words, and a sample of them coded by hand, as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from evenhand.data import tables
from evenhand.data.tables import Source, Table
from evenhand.engage.themes_texts import (
    Campaign,
    campaigns_of,
    folded,
    repeated,
    says_nothing,
    senders_of,
    sent_twice,
    worded,
)
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted

# Names that such files give to the number of a reply.
ALSO_CALLED = ("comment", "reply", "response_id", "comment_id", "id")
NOT_SAID = "not said"


@dataclass(frozen=True)
class Replies:
    """Replies in the order of the file; ``senders`` says whose each is, ``group_of`` the group of each sender.

    ``folds`` are the texts as they are known again; ``nothing`` the places of replies that say nothing.
    """

    name: str
    digest: str
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    folds: tuple[str, ...]
    senders: tuple[str, ...]
    group_of: Mapping[str, str]
    question_of: tuple[str, ...]
    nothing: frozenset[int]
    remarks: tuple[str, ...]

    @property
    def questions(self) -> list[str]:
        """The questions that were answered, in alphabetical order."""
        return sorted(set(self.question_of))

    @property
    def median_length(self) -> float:
        """Characters in the middlemost reply."""
        return float(median(map(len, self.texts)))


@dataclass(frozen=True)
class Same:
    """Texts that stand more than once: short or long, by many, or twice by one respondent."""

    repeated: Mapping[str, list[int]]
    campaigns: tuple[Campaign, ...]
    campaign_of: Mapping[int, int]
    twice: tuple[int, ...]


@dataclass(frozen=True)
class HandCoding:
    """Themes that people gave to replies, by the reply's number."""

    name: str
    digest: str
    themes_of: Mapping[str, tuple[str, ...]]


def read_replies(source: Source, language: str) -> Replies:
    """Open replies. Raises ``Refused`` where there is no text, no number, or a reply stands twice."""
    data = tables.read(source, name="the replies")
    data.require("text")
    texts = data.texts("text")
    if not any(texts):
        raise refuse("no reply has a word in it", "give a table with texts", file=data.name, column="text")
    remarks = []
    ids, also = _numbers(data)
    if also:
        remarks.append(f"The column “{also}” was taken for the number of the reply.")
    questions = data.texts("question") if "question" in data else [""] * len(data)
    _refuse_twice(data, ids, questions, also or "reply_id")
    respondents = data.texts("respondent") if "respondent" in data else None
    senders = senders_of(ids, respondents)
    groups = _groups(data, senders) if "respondent_group" in data else {}
    if respondents is None:
        remarks.append("The replies do not say who wrote more than one: each number counts as one respondent.")
    elif not all(respondents):
        number = sum(not each for each in respondents)
        remarks.append(f"{counted(number, 'reply', 'replies')} without a respondent "
                       f"{'counts as one of its' if number == 1 else 'count each as one of their'} own.")
    nothing = frozenset(place for place, text in enumerate(texts) if says_nothing(text, language))
    return Replies(data.name, data.digest, tuple(ids), tuple(texts), tuple(map(folded, texts)), tuple(senders), groups,
                   tuple(questions), nothing, tuple(remarks))


def _numbers(data: Table) -> tuple[list[str], str]:
    if "reply_id" in data:
        return data.texts("reply_id", may_be_empty=False), ""
    for name in ALSO_CALLED:
        if name in data:
            return data.texts(name, may_be_empty=False), name
    data.require("reply_id")
    raise AssertionError("require has refused")


def _refuse_twice(data: Table, ids: list[str], questions: list[str], column: str) -> None:
    seen: dict[tuple[str, str], int] = {}
    problems = []
    for place, key in enumerate(zip(ids, questions, strict=True)):
        row = int(data.row_numbers[place])
        if key in seen:
            problems.append(Problem(f"row {seen[key]} is the same reply", "keep one of the two, or number them apart",
                                    data.name, row, column, key[0]))
        seen.setdefault(key, row)
    if problems:
        raise Refused(problems[:tables.MOST_PROBLEMS])


def _groups(data: Table, senders: list[str]) -> dict[str, str]:
    """The group of each respondent, as said in any of their replies; refused where two replies say different ones."""
    found: dict[str, str] = {}
    problems = []
    for place, (who, group) in enumerate(zip(senders, data.texts("respondent_group"), strict=True)):
        if group and found.get(who, group) != group:
            problems.append(Problem(f"another reply of this respondent says {found[who]}", "correct it at the source",
                                    data.name, int(data.row_numbers[place]), "respondent_group", group))
        elif group:
            found[who] = group
    if problems:
        raise Refused(problems[:tables.MOST_PROBLEMS])
    return {who: found.get(who, NOT_SAID) for who in senders}


def same_texts(data: Replies, *, least: int, words: int) -> Same:
    """What stands more than once, of which kind."""
    twice = sent_twice(data.folds, data.senders, data.question_of)
    found = campaigns_of([worded(text) for text in data.texts], data.texts, data.senders, least=least, words=words)
    of = {place: number for number, each in enumerate(found) for place in each.places}
    return Same(repeated(data.folds), tuple(found), of, tuple(twice))


def read_coding(source: Source, replies: Replies) -> HandCoding:
    """Open a coding by hand. Raises ``Refused`` for a reply that is not among the replies, or coded twice."""
    data = tables.read(source, name="the coding")
    data.require("themes")
    ids, also = _numbers(data)
    known = set(replies.ids)
    themes_of: dict[str, tuple[str, ...]] = {}
    problems = []
    for place, (reply, cell) in enumerate(zip(ids, data.texts("themes"), strict=True)):
        row, column = int(data.row_numbers[place]), also or "reply_id"
        if reply not in known:
            problems.append(Problem("there is no such reply", "code replies of this table only", data.name, row, column,
                                    reply))
        elif reply in themes_of:
            problems.append(Problem("this reply is coded twice", "put all its themes in one cell, with semicolons "
                                    "between", data.name, row, column, reply))
        themes_of[reply] = tuple(dict.fromkeys(part.strip() for part in cell.split(";") if part.strip()))
    if problems:
        raise Refused(problems[:tables.MOST_PROBLEMS])
    return HandCoding(data.name, data.digest, themes_of)
