"""Who came before and after a body: as it was, as it is now, and who serves its area."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import reading, tables
from evenhand.data.organisations import PUBLISHED, Organisations, Succession, day_of, organisations, said
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.remember import show
from evenhand.remember.chains import Chains, Relative
from evenhand.remember.days import day_or_month
from evenhand.terms import Problem, Refused, closest, refuse
from evenhand.terms.words import counted, listed

SOURCE = ("Organisation Data Service (NHS England), list of successions: legal start dates of immediate neighbours; "
          "Office for National Statistics, lookup of small areas, for the board that serves a location")
GIVEN = "the table given"
MOST_NAMED = 8
SHARES_MAY_ROUND = 0.005


@dataclass(frozen=True)
class Settings:
    """Which day is asked about."""

    to: str | None = setting(None, "Who held the area on this day", "as 2018-06-30 or 2018-06", common=True)

    def __post_init__(self) -> None:
        if self.to is not None and self.day is None:
            raise refuse("this is not a day", "write it as 2018-06-30", column="--to", value=self.to)

    @property
    def day(self) -> date | None:
        """The day asked about; a month is its first day."""
        return None if self.to is None else day_or_month(self.to)


def lineage(code: str | tables.Opened, settings: Settings | None = None, /, *, successions: Source | None = None,
            names: Source | None = None, **options: Any) -> Answer:
    """Predecessors and successors of a body with dates, who holds its area now, and who held it on a day.

    Args:
        code: the code of an organisation, such as 15M (a form hands it over as the name of what to open).
        settings: see ``Settings``; single ones may be given by keyword.
        successions: a table of one's own with ``old_code`` (or ``from``, ``old``), ``new_code`` (``to``, ``new``),
            ``date``, and optional ``share`` (of the old body, 0 to 1) and ``basis``; without it, the English
            commissioners that come with the program.
        names: ``code``, ``name`` and optional ``kind``, ``opened``, ``closed`` of the bodies in such a table; without
            it, those of the English commissioners.
        options: single settings.

    Returns:
        An answer with ``predecessors`` and ``successors`` (``code``, ``name``, ``steps``, ``by``, ``date``, ``part``,
        ``share``, ``basis``), ``as_was`` and ``as_now`` (the ends of the chains), ``served_by`` (an arrangement, not a
        succession) and, with ``to``, ``on_date``. Chains are walked over immediate neighbours; a step that lies before
        the one leading to it is not taken, for codes have been used again.

    Raises:
        Refused: an unknown code, with the closest that are known; a table without codes or dates.

    Source: Organisation Data Service, list of successions; Office for National Statistics, lookup of small areas.
    """
    chosen = with_options(Settings, settings, options)
    known = organisations() if names is None else Organisations.from_tables(names)
    chains, made_from, remarks = chains_from(successions, known)
    typed = code.path if isinstance(code, tables.Opened) else str(code)
    wanted = _known_code(typed, known, chains, given=successions is not None)
    found = _Family(wanted, known, chains)
    fields: dict[str, Any] = {
        "code": wanted, "name": known.name(wanted), "kind": known.kind(wanted) or None,
        "opened": found.opened, "closed": found.closed,
        "predecessors": [found.document(each) for each in found.before],
        "successors": [found.document(each) for each in found.after],
        "as_was": [found.named(each) for each in chains.beginnings(wanted)] if found.before else [],
        "as_now": [found.named(each) for each in chains.ends(wanted)],
        "successions": found.steps(), "served_by": found.served_by(),
        "serves": [found.named(each) for each in known.served(wanted)],
        "on_date": found.on(chosen.day) if chosen.day else None}
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=(made_from,),
        sentence=found.sentence(chosen.day), fields=fields, table=found.table(), remarks=(*remarks, *found.remarks()),
        draw=show.lineage)


def chains_from(successions: Source | None, known: Organisations) -> tuple[Chains, MadeFrom, tuple[str, ...]]:
    """Chains from a list of one's own or, without one, of the English commissioners; where from; what to say of it."""
    return _packaged(known) if successions is None else _own(successions)


def _packaged(known: Organisations) -> tuple[Chains, MadeFrom, tuple[str, ...]]:
    digest = reading.digest_of(reading.bytes_of(PUBLISHED / "commissioners.csv"))
    return Chains(known.successions), MadeFrom("the published lists of English commissioners", digest), ()


def _own(source: Source) -> tuple[Chains, MadeFrom, tuple[str, ...]]:
    """Chains from a table of successions, saying what was passed over."""
    table = tables.read(source, name="successions")
    old, new, when = (next((each for each in names if each in table), names[0])
                      for names in (("old_code", "from", "old"), ("new_code", "to", "new"), ("date",)))
    table.require(old, new, when)
    blank = [""] * len(table)
    basis = table.texts("basis") if "basis" in table else blank
    shares = (table.numbers("share", least=0, most=1, empty=math.nan).tolist() if "share" in table
              else [math.nan] * len(table))
    days = {text: day_of(text) for text in dict.fromkeys(table.texts(when))}
    steps, problems, itself = [], [], 0
    for row, before, after, text, share, why in zip(
            table.row_numbers, table.texts(old, may_be_empty=False), table.texts(new, may_be_empty=False),
            table.texts(when), shares, basis, strict=True):
        day = days[text]
        if day is None:
            problems.append(Problem("this is not a date", "write it as 2019-04-01", table.name, int(row), when, text))
        elif before == after:
            itself += 1
        else:
            steps.append(Succession(before, after, day, why or GIVEN, None if math.isnan(share) else share))
    problems += _too_much(steps, table.name)
    if problems:
        raise Refused(problems)
    passed = f"{counted(itself, 'row')} in which a code follows itself {'was' if itself == 1 else 'were'} passed over."
    return Chains(tuple(steps)), MadeFrom(table.name, table.digest), (passed,) if itself else ()


def _too_much(steps: Sequence[Succession], file: str) -> list[Problem]:
    """One problem for each body of which more than the whole is said to have gone somewhere."""
    went: dict[tuple[str, date], float] = {}
    for each in steps:
        went[each.old, each.date] = went.get((each.old, each.date), 0.0) + (each.share or 0.0)
    return [Problem(f"the shares of {old} add up to more than the whole on {said(day)}", "see to it that the shares of "
                    "one body add up to 1", file, column="share", value=f"{total:g}")
            for (old, day), total in went.items() if total > 1 + SHARES_MAY_ROUND]


def _known_code(code: str, known: Organisations, chains: Chains, *, given: bool) -> str:
    """The code as the lists spell it, or a refusal that names the closest."""
    for spelt in (code.strip(), code.strip().upper()):
        if spelt in chains or spelt in known:
            return spelt
    if not given:
        try:
            return known[code].code
        except Refused as refused:
            # Older bodies are in the published list of successions, though not among the commissioners held here.
            raise Refused(replace(each, remedy=f"{each.remedy}{' Or' if each.remedy.endswith('?') else '; or'} name "
                                  "the published list of successions, which holds older bodies and other kinds: "
                                  "--successions FILE") for each in refused.problems) from None
    near = closest(code, [*chains.codes, *(body.code for body in known)])
    remedy = f"did you mean {listed([known.title(each) for each in near], joint='or')}?" if near else "check the code"
    raise refuse("neither the table given nor the published lists have this code", remedy, value=code)


class _Family:
    """One body with everybody before and after it."""

    def __init__(self, code: str, known: Organisations, chains: Chains) -> None:
        self.code, self.known, self.chains = code, known, chains
        self.before, self.after = chains.predecessors(code), chains.successors(code)
        gone = [each.date for each in chains.later.get(code, ())]
        came = [each.date for each in chains.earlier.get(code, ())]
        self.closed = known.closed(code) or (max(gone) - timedelta(days=1) if gone else None)
        self.opened = known.opened(code) or (min(came) if came else None)

    def named(self, code: str) -> dict[str, str]:
        return {"code": code, "name": self.known.name(code)}

    def document(self, relative: Relative) -> dict[str, Any]:
        return {**self.named(relative.code), "steps": relative.steps, "by": relative.by, "date": relative.date,
                "part": relative.part, "share": relative.share, "basis": relative.basis}

    def steps(self) -> list[dict[str, Any]]:
        """Every row of the list that joins two of the family."""
        rows = [*self.chains.among(self.code, self.before), *self.chains.among(self.code, self.after)]
        return [{"old": each.old, "new": each.new, "date": each.date} for each in dict.fromkeys(rows)]

    def served_by(self) -> list[dict[str, Any]]:
        """For each area that stands now: the board that serves it, since when, and where that is written."""
        boards = [(area, self.known.served_by(area)) for area in self.chains.ends(self.code)]
        return [{"area": area, "board": served.board, "board_name": served.board_name, "since": served.since,
                 "basis": served.basis} for area, served in boards if served is not None]

    def on(self, day: date) -> dict[str, Any]:
        """Who held the area on a day, and whether wholly."""
        first_days = {body.code: body.opened for body in self.known if body.opened}
        codes = self.chains.on(self.code, day, opened=first_days)
        return {"date": day, "codes": [self.named(each) for each in codes]}

    # --- words --------------------------------------------------------------------------------------------------------

    def title(self, code: str) -> str:
        return self.known.title(code)

    def titles(self, codes: Sequence[str]) -> str:
        """Names and codes; beyond a few, the first and a count."""
        shown = [self.title(each) for each in codes[:MOST_NAMED]]
        rest = len(codes) - len(shown)
        return listed([*shown, f"{rest:,} more"] if rest else shown)

    def sentence(self, day: date | None) -> str:
        """What became of the body, where it came from, and who serves it; or who stood for it on a day."""
        if day is not None:
            codes = [each["code"] for each in self.on(day)["codes"]]
            if not codes:
                return f"On {said(day)} no body in the list held the area of {self.title(self.code)}."
            if codes == [self.code]:
                return f"On {said(day)} {self.title(self.code)} stood under its own code."
            return f"On {said(day)} the area of {self.title(self.code)} was held by {self.titles(codes)}."
        parts = [self._origin(), self._end(), self._arrangement()]
        words = " ".join(each for each in parts if each)
        if self.before or self.after:
            return words
        return f"{words} The list names nobody before or after {self.title(self.code)}.".strip()

    def _origin(self) -> str:
        steps = self.chains.earlier.get(self.code, ())
        if not steps:
            return ""
        by_day: dict[date, list[str]] = {}
        for each in steps:
            by_day.setdefault(each.date, []).append(each.old)
        if len(by_day) == 1:
            (day, codes), = by_day.items()
            return f"{self.title(self.code)} was formed on {said(day)} from {self.titles(codes)}."
        took = "; ".join(f"on {said(day)} {self.titles(codes)}" for day, codes in sorted(by_day.items()))
        return f"{self.title(self.code)} took in {took}."

    def _end(self) -> str:
        steps = self.chains.later.get(self.code, ())
        if not steps:
            return ""
        opening = self.title(self.code) if not self.before else "It"
        new = list(dict.fromkeys(each.new for each in steps))
        days = sorted({each.date for each in steps})
        if len(new) > 1:
            when = f"on {said(days[0])}" if len(days) == 1 else f"between {said(days[0])} and {said(days[-1])}"
            words = f"{opening} was divided {when} among {self.titles(new)}"
        else:
            joined = len(self.chains.earlier[new[0]]) > 1
            words = (f"{opening} closed on {said(self.closed or days[0])} and became "
                     f"{'part of ' if joined else ''}{self.title(new[0])}")
        ends = [each for each in self.chains.ends(self.code) if each not in new]
        return f"{words}; it is now {self.titles(ends)}." if ends else f"{words}."

    def _arrangement(self) -> str:
        areas = self.known.served(self.code)
        if areas:
            return f"{self.title(self.code)} serves {self.titles(areas)}: an arrangement, not a succession."
        boards = self.served_by()
        if not boards:
            return ""
        said_of = list(dict.fromkeys(f"{each['board_name']} ({each['board']})" for each in boards))
        who = "Its area" if self.before or self.after else self.title(self.code)
        return f"{who} is served by {listed(said_of)}: an arrangement, not a succession."

    def remarks(self) -> list[str]:
        """What a careful reader should know of the chains."""
        remarks = []
        whole = [self.code, *(each.code for each in self.after), *(each.code for each in self.before)]
        split = [each for each in whole if self.chains.is_split(each)]
        no_share = [each for each in split if any(step.share is None for step in self.chains.later[each])]
        if no_share:
            remarks.append(f"{self.titles(no_share)} went to more than one body and the list gives no shares: figures "
                           "cannot be carried across without a lookup of places or practices.")
        if self.chains.used_again(self.code):
            remarks.append(f"The list leads from {self.code} back to {self.code}: the code was used again, or the list "
                           "is wrong there. Each body is shown once.")
        for basis in dict.fromkeys(each["basis"] for each in self.served_by()):
            remarks.append(f"Which board serves an area is not in the list of successions; it is from: {basis}.")
        if self.chains.last_day:
            remarks.append(f"The latest succession in the list is of {said(self.chains.last_day)}; what came later is "
                           "not in it.")
        return remarks

    def table(self) -> Table:
        """Everybody before, the body itself, everybody after, and who serves it."""
        def row(relation: str, code: str, **more: Any) -> dict[str, Any]:
            return {"relation": relation, "steps": 0, **self.named(code), "day": None, "by": None, "part": None,
                    "basis": None, **more}

        def of(relation: str, each: Relative) -> dict[str, Any]:
            return row(relation, each.code, steps=each.steps, day=each.date.isoformat(), by=each.by,
                       part="part" if each.part else "whole", basis=each.basis)

        before = sorted(self.before, key=lambda each: (-each.steps, each.by, each.code))
        rows = [*(of("before", each) for each in before), row("asked about", self.code),
                *(of("after", each) for each in self.after)]
        rows += [row("serves the area", each["board"], name=each["board_name"], by=each["area"], basis=each["basis"],
                     day=each["since"].isoformat() if each["since"] else None) for each in self.served_by()]
        rows += [row("area served", each) for each in self.known.served(self.code)]
        return Table.of(rows, [
            Column("relation", "Relation"), Column("code", "Code"), Column("name", "Name"), Column("day", "On"),
            Column("by", "By way of"), Column("part", "Whole or part"), Column("steps", "Steps", "count"),
            Column("basis", "Where it is written")], title=f"Lineage of {self.title(self.code)}")


METHOD_NAME = MethodName("remember lineage", "1", SOURCE)

METHOD = Method(
    room="remember", name="lineage", title="Predecessors and successors of a body",
    question="Who came before and after this body, and who holds its area now?", function=lineage, settings=Settings,
    inputs=(Input("code", "the code of an organisation, such as 15M", kind="code"),
            Input("successions", "a list of successions of one's own, instead of the English commissioners", (
                InputColumn("old_code", "the code that ended (also: from, old)"),
                InputColumn("new_code", "the code that took its place (also: to, new)"),
                InputColumn("date", "first day of the new one"),
                InputColumn("share", "how much of the old body went this way, 0 to 1", True),
                InputColumn("basis", "where that is written", True)), optional=True),
            Input("names", "names of the bodies in such a list", (
                InputColumn("code", "the body"), InputColumn("name", "its name"),
                InputColumn("kind", "what kind of body it is", True),
                InputColumn("opened", "its first day", True),
                InputColumn("closed", "its last day", True)), optional=True)),
    outputs=(Output("code", "the code asked about, as the list spells it"), Output("name", "its name, or the code"),
             Output("kind", "what kind of body or area it is, where the lists say"),
             Output("opened", "its first day, where known"), Output("closed", "its last day, or null where it stands"),
             Output("predecessors", "each with code, name, steps, by, date, part, share, basis; nearest first"),
             Output("successors", "the same, for those that came after"),
             Output("as_was", "where the chains of predecessors begin"),
             Output("as_now", "where the chains of successors end; the body itself where nothing follows"),
             Output("successions", "every row of the list that was walked: old, new, date"),
             Output("served_by", "the board that serves each area of as_now: area, board, board_name, since, basis"),
             Output("serves", "the areas it serves, where it is a board"),
             Output("on_date", "with --to: date, and codes that held the area then")),
    source=SOURCE, version="1",
    cannot_tell=("How much of a body went where when it was divided: the published list gives no shares.",
                 "Bodies that were legally closed and went on working, or the other way round.",
                 "What came after the list was closed; clusters of boards, which are arrangements between bodies."),
    example="remember lineage 15M")


