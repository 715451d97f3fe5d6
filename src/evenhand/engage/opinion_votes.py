"""Votes on statements, the statements' words, and groups made elsewhere, as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.terms import Problem, Refused, refuse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST_PARTICIPANTS, FEWEST_STATEMENTS = 4, 2
ABOUT_PARTICIPANTS = ("xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
"""Columns that published conversations put before the statements, whose columns are then numbers."""


@dataclass(frozen=True)
class Votes:
    """Votes of shape (participants, statements): 1 agree, -1 disagree, 0 pass, nan not seen."""

    name: str
    digest: str
    participants: tuple[str, ...]
    statements: tuple[str, ...]
    votes: NDArray[np.float64]


@dataclass(frozen=True)
class Statements:
    """The words of statements by their name, and those that moderators took out."""

    name: str
    digest: str
    texts: Mapping[str, str]
    hidden: frozenset[str]


def read_votes(source: Source) -> Votes:
    """Open votes: a column ``participant`` and one for each statement. Raises ``Refused`` for a cell that is none of 1,
    -1, 0 and empty, for a participant twice, and where there is too little to group.

    A file of participants as conversations are published (``participant``, ``group-id``, ``n-votes`` … and numbered
    columns) is read as it stands: what it says of participants is no vote.
    """
    import numpy as np

    data = tables.read(source, name="the votes")
    data.require("participant")
    who = data.texts("participant", may_be_empty=False)
    data.refuse_duplicates("participant")
    own = next(each for each in data.columns if each.strip().casefold() == "participant")
    names = [each for each in data.columns if each != own]
    about = {each for each in names if each.strip().casefold() in ABOUT_PARTICIPANTS}
    if len(about) >= 2 and all(each.strip().isdigit() for each in names if each not in about):
        names = [each for each in names if each not in about]
    if len(names) < FEWEST_STATEMENTS or len(who) < FEWEST_PARTICIPANTS:
        raise refuse("there is too little to group", f"give at least {FEWEST_PARTICIPANTS} participants and "
                     f"{FEWEST_STATEMENTS} statements", file=data.name,
                     value=f"{len(who)} participants, {len(names)} statements")
    columns, problems = [], []
    for name in names:
        try:
            columns.append(data.numbers(name, least=-1, most=1, whole=True, empty=float("nan")))
        except Refused as refused:
            problems += [Problem("a vote is 1 (agree), -1 (disagree), 0 (pass) or empty (not seen)",
                                 "write one of these", each.file, each.row, each.column, each.value)
                         for each in refused.problems]
    if problems:
        raise Refused(problems[:tables.MOST_PROBLEMS])
    votes = np.stack(columns, axis=1)
    if not (~np.isnan(votes)).any():
        raise refuse("nobody voted", "give at least some votes", file=data.name)
    return Votes(data.name, data.digest, tuple(who), tuple(names), votes)


def read_statements(source: Source, votes: Votes) -> Statements:
    """Open the words of statements: ``statement``, ``text`` and optional ``moderated`` (-1: taken out).

    ``comment-id`` and ``comment-body`` are read in their place, as conversations are published.

    Raises ``Refused`` for a statement twice, and where none of them was voted on.
    """
    data = tables.read(source, name="the statements")
    published = "statement" not in data and "comment-id" in data and "comment-body" in data
    name, text = ("comment-id", "comment-body") if published else ("statement", "text")
    data.require(name, text)
    data.refuse_duplicates(name)
    names = data.texts(name, may_be_empty=False)
    if not set(names) & set(votes.statements):
        raise refuse("none of these statements was voted on", "name them as the columns of the votes are named",
                     file=data.name, column=name, value=names[0])
    moderated = data.texts("moderated") if "moderated" in data else [""] * len(data)
    return Statements(data.name, data.digest, dict(zip(names, data.texts(text), strict=True)),
                      frozenset(each for each, said in zip(names, moderated, strict=True) if said == "-1"))


def read_members(source: Source, votes: Votes) -> tuple[str, str, NDArray[np.int64], tuple[str, ...]]:
    """Open groups made elsewhere: ``participant`` and ``group`` (empty: none). Gives name, digest, the group of each
    participant of the votes by number (-1: none), and the groups' names.
    """
    import numpy as np

    data = tables.read(source, name="the groups")
    data.require("participant", "group")
    data.refuse_duplicates("participant")
    of = dict(zip(data.texts("participant", may_be_empty=False), data.texts("group"), strict=True))
    names = tuple(sorted({of[who] for who in votes.participants if of.get(who)}))
    if len(names) < 2:
        raise refuse("fewer than two groups have a participant who voted", "name participants as the votes do",
                     file=data.name, column="participant")
    number = {name: place for place, name in enumerate(names)} | {"": -1}
    return data.name, data.digest, np.array([number[of.get(who, "")] for who in votes.participants]), names
