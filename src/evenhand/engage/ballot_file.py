"""Ballots on projects as Pabulib publishes them: what is voted on, what it costs, and who voted for what."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from evenhand.data import texts
from evenhand.data.tables import Source
from evenhand.terms import Problem, Refused, closest, refuse
from evenhand.terms.words import counted

SECTIONS = ("META", "PROJECTS", "VOTES")
VOTE_TYPES = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
MOST_PROBLEMS = 1_000


@dataclass(frozen=True)
class Project:
    """One project: its number as text, its name, and what it costs."""

    number: str
    name: str
    cost: Fraction
    officially: bool | None


@dataclass(frozen=True)
class Election:
    """A vote on projects under one budget.

    ``ballots`` has one entry a voter: points by the place of a project, 1 each where a ballot only approves.
    """

    name: str
    digest: str
    title: str
    budget: Fraction
    vote_type: str
    projects: tuple[Project, ...]
    ballots: tuple[Mapping[int, Fraction], ...]
    remarks: tuple[str, ...]

    @property
    def has_points(self) -> bool:
        """Whether ballots give points."""
        return self.vote_type in ("cumulative", "scoring")


def read_election(source: Source) -> Election:
    """Open a file in Pabulib's form (Stolicki, Szufa & Talmon 2020, arXiv 2012.06539): META, PROJECTS, VOTES.

    What the file says of a voter beside the ballot (age, sex) is not read. Raises ``Refused`` for missing parts, costs
    that are no amounts, and ballots for projects that are not there; the row named is the line of the file.
    """
    if isinstance(source, Election):
        return source
    text = texts.read_text(source)
    sections = _sections(text)
    meta = {row[0].strip().casefold(): row[1].strip() for _, row in sections["META"][1:] if len(row) > 1}
    problems: list[Problem] = []
    budget = _amount(meta.get("budget", ""), text.name, None, "budget", problems)
    vote_type = meta.get("vote_type", "").casefold()
    if vote_type not in VOTE_TYPES:
        problems.append(Problem("this type of vote is not known", f"write one of {', '.join(VOTE_TYPES)}", text.name,
                                None, "vote_type", vote_type))
    projects = _projects(sections["PROJECTS"], text.name, problems)
    ballots = _ballots(sections["VOTES"], {each.number: place for place, each in enumerate(projects)}, vote_type,
                       text.name, problems)
    if not projects or not ballots:
        problems.append(Problem("there is no project" if not projects else "nobody voted", "give at least one",
                                text.name))
    if problems:
        raise Refused(problems[:MOST_PROBLEMS])
    assert budget is not None
    return Election(text.name, text.digest, meta.get("description", ""), budget, vote_type, tuple(projects),
                    tuple(ballots), _remarks(meta, vote_type, len(projects), len(ballots)))


def _remarks(meta: Mapping[str, str], vote_type: str, projects: int, voters: int) -> tuple[str, ...]:
    remarks = [f"The file says it has {said} {what}, and has {found:,}."
               for key, what, found in (("num_projects", "projects", projects), ("num_votes", "ballots", voters))
               if (said := meta.get(key, str(found))) != str(found)]
    if vote_type == "ordinal":
        remarks.append("The ballots rank projects. Each is taken as approving all it names; the order is not used.")
    return tuple(remarks)


def _sections(text: texts.Text) -> dict[str, list[tuple[int, list[str]]]]:
    found: dict[str, list[tuple[int, list[str]]]] = {}
    current = ""
    for number, line in enumerate(text.content.split("\n"), 1):
        words = line.strip().upper()
        if words in SECTIONS:
            current = words
            found[current] = []
        elif words and not current:
            raise refuse("the file does not begin with META", "give a file in Pabulib's form (.pb)", file=text.name,
                         row=number, value=line)
        elif words:
            found[current].append((number, next(csv.reader([line], delimiter=";"))))
    missing = [each for each in SECTIONS if not found.get(each)]
    if missing:
        raise refuse(f"the part {missing[0]} is missing or empty", "give a file in Pabulib's form, with META, PROJECTS "
                     "and VOTES", file=text.name)
    return found


def _records(rows: list[tuple[int, list[str]]], needed: tuple[str, ...], name: str,
             part: str) -> Iterator[tuple[int, dict[str, str]]]:
    line, heading = rows[0]
    names = [each.strip().casefold() for each in heading]
    lacking = [each for each in needed if each not in names]
    if lacking:
        raise refuse(f"{part} has no column {lacking[0]}", f"add it (columns here: {', '.join(names)})", file=name,
                     row=line)
    for number, row in rows[1:]:
        yield number, {column: cell.strip() for column, cell in zip(names, row, strict=False)}


def _amount(text: str, name: str, line: int | None, column: str, problems: list[Problem]) -> Fraction | None:
    try:
        amount = Fraction(text.replace(" ", "").replace(",", "."))
    except (ValueError, ZeroDivisionError):
        problems.append(Problem("this is not an amount", "write digits only", name, line, column, text))
        return None
    if amount <= 0:
        problems.append(Problem("this must be above nought", "correct it at the source", name, line, column, text))
        return None
    return amount


def _projects(rows: list[tuple[int, list[str]]], name: str, problems: list[Problem]) -> list[Project]:
    found: dict[str, Project] = {}
    for line, record in _records(rows, ("project_id", "cost"), name, "PROJECTS"):
        number = record.get("project_id", "")
        cost = _amount(record.get("cost", ""), name, line, "cost", problems)
        if not number or number in found:
            problems.append(Problem("this project has no number" if not number else "two projects have one number",
                                    "number every project apart", name, line, "project_id", number))
        if cost is not None:
            said = record.get("selected", "")
            found[number] = Project(number, record.get("name", ""), cost, None if said == "" else said not in ("0",))
    return list(found.values())


def _ballots(rows: list[tuple[int, list[str]]], place_of: Mapping[str, int], vote_type: str, name: str,
             problems: list[Problem]) -> list[dict[int, Fraction]]:
    with_points = vote_type in ("cumulative", "scoring")
    needed = ("voter_id", "vote", "points") if with_points else ("voter_id", "vote")
    ballots = []
    for line, record in _records(rows, needed, name, "VOTES"):
        named = [each.strip() for each in record.get("vote", "").split(",") if each.strip()]
        given = [each.strip() for each in record.get("points", "").split(",") if each.strip()] if with_points else []
        if with_points and len(given) != len(named):
            problems.append(Problem(f"this ballot names {counted(len(named), 'project')} and gives "
                                    f"{counted(len(given), 'number')} of points", "give one for each", name, line,
                                    "points", record.get("points", "")))
            given = ["1"] * len(named)
        ballot: dict[int, Fraction] = {}
        for place, number in enumerate(named):
            if number not in place_of:
                near = closest(number, place_of, count=1)
                problems.append(Problem("there is no such project" + (f"; the nearest is {near[0]}" if near else ""),
                                        "correct it at the source", name, line, "vote", number))
            elif place_of[number] in ballot:
                problems.append(Problem("this project stands twice on the ballot", "name it once", name, line, "vote",
                                        number))
            else:
                points = _points(given[place], name, line, problems) if with_points else Fraction(1)
                if points > 0:
                    ballot[place_of[number]] = points
        ballots.append(ballot)
    return ballots


def _points(text: str, name: str, line: int, problems: list[Problem]) -> Fraction:
    try:
        points = Fraction(text)
    except (ValueError, ZeroDivisionError):
        points = Fraction(-1)
    if points < 0:
        problems.append(Problem("these are no points", "write nought or a number above it", name, line, "points", text))
        return Fraction(0)
    return points
