"""One honest answer from a list of schemes: needed, firm, at risk, not found, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal, TypeGuard

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.choose import list_show
from evenhand.choose.list_parts import (
    change_rows,
    column_rows,
    counts,
    heading_rows,
    ignored_row,
    move_row,
    moved_in_words,
    question_rows,
    remarks_of,
    scheme_row,
    schemes_table,
    sentence,
    totals_row,
    usual_row,
)
from evenhand.choose.tracker import months, sums
from evenhand.choose.tracker.amounts import read_amount
from evenhand.choose.tracker.gathering import Gathered, gathered
from evenhand.choose.tracker.headings import year_in
from evenhand.choose.tracker.letters import letters_of
from evenhand.choose.tracker.memory import Memory, read_memory, remembered
from evenhand.choose.tracker.months import Move
from evenhand.choose.tracker.movement import moved_sums
from evenhand.choose.tracker.opening import OpenedTracker, opened_tracker
from evenhand.choose.tracker.proposals import proposal_files
from evenhand.choose.tracker.rows import Ignored
from evenhand.choose.tracker.schemes import Reading, Scheme
from evenhand.choose.tracker.shortfall import Usual, realised_shortfall, usual_shortfall
from evenhand.data.models import is_there, read_model
from evenhand.data.tables import Opened, Source
from evenhand.figures import Answer, MadeFrom, MethodName
from evenhand.terms import refuse

SOURCE = ("Our own reading of trackers as they stand; the usual shortfall from the published record: National Audit "
          "Office (2012), Progress in making NHS efficiency savings; NHS Hammersmith and Fulham CCG (2014), QIPP "
          "report for month 12; NHS England (2013), finance report for the first quarter of 2013/14")


@dataclass(frozen=True)
class Settings:
    """What the list is held against, and how its cells are to be read."""

    needed: str | None = setting(None, "How much is needed", "such as 12000000 or £12m; else the target that the list "
                                 "names, else what it claims", common=True)
    today: str | None = setting(None, "As of which day", "such as 2026-11-21; without it nothing is called late",
                                common=True)
    units: Literal["auto", "pounds", "thousands", "millions"] = setting(
        "auto", "Units of plain figures", "auto reads them from headings such as £000", common=True)
    year: str | None = setting(None, "Financial year of the plan", "such as 2026/27; else from the headings")
    shortfall: float | None = setting(None, "Your own usual shortfall", "the share of past claims that did not "
                                      "arrive, from 0 to 1; else the published record")
    hours: float | None = setting(None, "Hours for each scheme", "where the list has no column of hours")
    ledger: str | None = setting(None, "Found so far by the ledger", "to be set beside what the list says was found")
    answer: tuple[str, ...] = setting((), "Rulings on questions", "QUESTION=ANSWER, with commas between; the questions "
                                      "stand in the answer")

    def __post_init__(self) -> None:
        for option in ("needed", "ledger"):
            said = getattr(self, option)
            if said is not None and read_amount(said).value is None:
                raise refuse("an amount is needed", "write for example £12m or 12000000", column=f"--{option}",
                             value=said)
        if self.needed is not None and (read_amount(self.needed).value or 0) <= 0:
            raise refuse("what is needed is more than nought", "write for example £12m", column="--needed",
                         value=self.needed)
        if self.today is not None:
            _day(self.today)
        if self.year is not None and year_in(self.year) == "":
            raise refuse("this is not a financial year", "write for example 2026/27", column="--year", value=self.year)
        if self.shortfall is not None and not 0 <= self.shortfall < 1:
            raise refuse("a share lies between 0 and 1", "write for example 0.15", column="--shortfall",
                         value=self.shortfall)
        if self.hours is not None and self.hours <= 0:
            raise refuse("hours are more than nought", "write for example 4", column="--hours", value=self.hours)
        for each in self.answer:
            if "=" not in each:
                raise refuse("this is not a ruling", "write QUESTION=ANSWER", column="--answer", value=each)

    @property
    def rulings(self) -> dict[str, str]:
        """What a person ruled, by question."""
        return {key.strip(): said.strip() for key, _, said in (each.partition("=") for each in self.answer)}


def list_schemes(tracker: Source | OpenedTracker, settings: Settings | None = None, /, *,
                 last: Source | OpenedTracker | None = None, memory: Source | None = None,
                 usual: Source | None = None, **options: Any) -> Answer:
    """What a savings list comes to: needed = firm + at risk + not found, and what its schemes lack.

    Args:
        tracker: a working tracker as it is, a workbook (.xlsx, .xls, .ods, any number of sheets) or CSV: title rows,
            merged cells, headings in one row or two, totals among the rows, notes, "£1.2m", "450k", "(300)", "TBC",
            dates in words, rows struck through. ``Opened.columns`` says which heading or letter is what, where the
            guess is wrong: ``name``, ``value``, ``owner``, ``start``, ``measure``, ``status`` and so on.
        settings: see ``Settings``; single ones may be given by keyword.
        last: last month's tracker, or the memory that it left, to say what moved and to ask why. Without it the
            memory's own last month is taken.
        memory: a JSON file of confirmed columns, rulings and each scheme's story; the command brings it up to date.
        usual: what came of this body's own promises (``realised.json`` of a workspace), instead of the published
            record.
        options: single settings.

    Returns:
        An answer whose ``schemes`` and ``ignored_rows`` hold every row of every sheet. Amounts are pounds. ``claimed``
        less ``counted_twice`` less what has nothing identified behind it less ``usual_shortfall`` is ``firm`` plus
        ``at_risk``. Nothing missing is read as nought.

    Raises:
        Refused: for a file that cannot be read (a password, broken, empty), without a list of schemes, with columns
            that are not there, with amounts that are formulas never worked out, or with NHS numbers.

    Source: the published record of plans beside what came of them (National Audit Office, 2012, and others); the
        reading is our own.
    """
    chosen = with_options(Settings, settings, options)
    opened = opened_tracker(tracker)
    known, memory_made_from, memory_path, memory_remark = _memory(memory)
    rulings = {**known.rulings, **chosen.rulings}
    today = _day(chosen.today) if chosen.today else None
    reading = Reading(chosen.units, year_in(chosen.year) if chosen.year else "", today, rulings)
    found = gathered(opened.sheets, opened.name, reading, opened.columns, known.columns, opened.where)
    short, usual_made_from = _usual(chosen, usual)
    schemes = sums.with_ranges(found.schemes, short)
    needed, needed_from = _needed(chosen, found)
    bridge = sums.totals(schemes, found.ignored, needed, short)
    made_from = [MadeFrom(opened.name, opened.digest)]
    earlier, last_made_from, last_what = _last_month(last, known, reading, opened, today)
    made_from += [*last_made_from, *memory_made_from, *usual_made_from]
    moved: list[Move] = []
    since: Mapping[str, Any] | None = None
    if earlier is not None:
        ranged = sums.with_ranges(earlier.schemes, short)
        moved = months.moves(ranged, schemes, rulings)
        before = sums.totals(ranged, earlier.copies, earlier.needed if earlier.needed is not None else
                             _needed(chosen, found)[0], short)
        since = {"last": last_what, **moved_sums(moved, before, bridge, short.share)}
    kept = remembered(known, opened.columns, chosen.rulings, schemes, today, opened.name, moved, bridge)
    body_is = _body_is(schemes)
    questions = question_rows(found.questions, moved)
    fields = {
        "schemes": [scheme_row(each, short) for each in schemes],
        "ignored_rows": [ignored_row(each) for each in found.ignored],
        "columns": column_rows(found), "headings": heading_rows(found), "changes": change_rows(schemes, found.ignored),
        "totals": totals_row(bridge, short, needed_from, schemes, _pounds(chosen.ledger)),
        "missing": {**sums.missing(schemes), "should_have_started": _late(schemes, today)},
        "usual_shortfall": usual_row(short), "rows": counts(opened, found), "year": found.year or None,
        "by_year": sums.by_year(schemes, found.year, short.share),
        "by_body": sums.grouped(schemes, attrgetter(body_is), "body", short.share), "body_is": body_is,
        "by_kind": sums.grouped(schemes, lambda each: each.kind, "kind", short.share),
        "by_programme": sums.grouped(schemes, lambda each: each.programme, "programme", short.share),
        "recurrent": sums.recurrent(schemes),
        "cash_releasing": sums.split(schemes, lambda each: each.cash_releasing,
                                     ("cash_releasing", "not_cash_releasing")),
        "full_year": sums.full_year(schemes), "fewer": sums.fewer(schemes, short.share, chosen.hours),
        "stated_totals": sums.stated_totals(schemes, found.ignored), "questions": questions,
        "moved": [move_row(each) for each in moved if each.moved] if earlier is not None else None,
        "since_last": since,
        "story": {key: list(entries) for key, entries in kept.story.items() if len(entries) > 1}}
    fields["letters"] = letters_of(fields, schemes, moved)
    remarks = [*found.remarks, *remarks_of(found, schemes, fields, today, needed_from, opened), *memory_remark]
    if earlier is not None:
        remarks.append(moved_in_words(moved))
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=tuple(made_from),
        sentence=sentence(bridge, needed_from), fields=fields, table=schemes_table(schemes, short),
        remarks=tuple(remarks), draw=list_show.drawn, more_tables=list_show.more_tables(fields),
        documents=lambda answer: _documents(answer, schemes, opened.name, kept),
        keeps={memory_path: kept.to_json()} if memory_path else {})


# --- last month -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Earlier:
    """Last month's schemes, the rows that stood twice, and what was needed then, where that is known."""

    schemes: Sequence[Scheme]
    copies: Sequence[Ignored]
    needed: float | None


def _last_month(last: Source | OpenedTracker | None, known: Memory, reading: Reading, opened: OpenedTracker,
                today: date | None) -> tuple[_Earlier | None, list[MadeFrom], str]:
    """Last month: the tracker given for it, or the memory that one left, or the month that the memory knows."""
    if last is not None and _is_memory(last):
        model = read_model(last, name="last month")
        memory = read_memory(model)
        month = memory.months[-1] if memory.months else None
        if month is None:
            raise refuse("this memory holds no month yet", "give last month's tracker itself", file=model.name,
                         column="--last")
        return _remembered_month(memory, month), [MadeFrom(model.name, model.digest)], str(month["tracker"])
    if last is not None:
        before = opened_tracker(last)
        found = gathered(before.sheets, before.name, replace(reading, today=None), before.columns,
                         {**known.columns, **opened.columns}, before.where)
        asked = None if found.asked is None else found.asked[0]
        return (_Earlier(found.schemes, found.ignored, asked), [MadeFrom(before.name, before.digest)], before.name)
    month = known.before(today, opened.name)
    return (None, [], "") if month is None else (_remembered_month(known, month), [], str(month["tracker"]))


def _is_memory(last: Source | OpenedTracker) -> TypeGuard[Source]:
    if isinstance(last, Opened):
        return last.path.casefold().endswith(".json")
    return str(last).casefold().endswith(".json") if isinstance(last, str | Path) else (
        isinstance(last, Mapping) and "format" in last)


def _remembered_month(memory: Memory, month: Mapping[str, Any]) -> _Earlier:
    copies = float(month.get("copies") or 0.0)
    twice = [Ignored("", 0, "duplicate", "stood twice", copies)] if copies else []
    needed = month.get("needed")
    return _Earlier(memory.schemes_of(month), twice, None if needed is None else float(needed))


# --- what it is held against ------------------------------------------------------------------------------------------


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("this is not a day", "write for example 2026-11-21", column="--today", value=text) from None


def _pounds(said: str | None) -> float | None:
    return None if said is None else read_amount(said).value


def _memory(memory: Source | None) -> tuple[Memory, list[MadeFrom], str, list[str]]:
    """The memory, what it was made from, the file to bring up to date, and what to say of it."""
    if memory is None:
        return Memory(), [], "", []
    from_file = isinstance(memory, Opened) and memory.content is None and memory.path != "-"
    path = memory.path if isinstance(memory, Opened) and from_file else ""
    if path and not path.startswith("sample:") and not is_there(path):
        return Memory(), [], path, [f"There was no memory yet: {path} begins one."]
    model = read_model(memory, name="the memory")
    return (read_memory(model), [MadeFrom(model.name, model.digest)],
            "" if path.startswith("sample:") else path, [])


def _usual(chosen: Settings, usual: Source | None) -> tuple[Usual, list[MadeFrom]]:
    """The usual shortfall, and the record of this body's own promises where one is given."""
    if usual is None:
        return usual_shortfall(chosen.shortfall), []
    if chosen.shortfall is not None:
        raise refuse("the usual shortfall is given twice", "give --usual or --shortfall, not both", column="--usual")
    model = read_model(usual, name="what came of promises")
    return realised_shortfall(model.content, model.name), [MadeFrom(model.name, model.digest)]


def _needed(chosen: Settings, found: Gathered) -> tuple[float | None, str]:
    if chosen.needed is not None:
        return _pounds(chosen.needed), "as given"
    if found.asked is not None:
        return found.asked[0], f"the list's own: {found.asked[1]}"
    return None, "nobody has said: taken as what the list claims, counted once"


def _late(schemes: Sequence[Scheme], today: date | None) -> int | None:
    return None if today is None else sum(bool(each.late) for each in schemes)


def _body_is(schemes: Sequence[Scheme]) -> str:
    """Whose a scheme is: its own column says; where no list has one and there are several sheets, the sheet."""
    if any(each.body for each in schemes):
        return "body"
    return "sheet" if len({each.sheet for each in schemes}) > 1 else "provider"


def _documents(answer: Answer, schemes: Sequence[Scheme], tracker: str, kept: Memory) -> dict[str, bytes]:
    from evenhand.documents.friday import friday_bytes
    from evenhand.documents.owner_letters import letters_bytes
    from evenhand.documents.tracker_workbook import tracker_workbook_bytes

    proposals = proposal_files(schemes, tracker)
    return {"friday.docx": friday_bytes(answer), "workbook.xlsx": tracker_workbook_bytes(answer),
            "letters.docx": letters_bytes(answer), "memory.json": kept.to_json().encode(),
            **{f"proposals/{name}": content for name, content in proposals.items()}}


METHOD_NAME = MethodName("choose list", "1", SOURCE)

METHOD = Method(
    room="choose", name="list", title="Bring your list",
    question="What does our list of savings come to, and what do its schemes lack?", function=list_schemes,
    settings=Settings,
    inputs=(Input("tracker", "a working tracker as it is: workbook (.xlsx, .xls, .ods) or CSV", (
        InputColumn("name", "the scheme's name"), InputColumn("value", "the saving it claims this year"),
        InputColumn("owner", "who owns it", True), InputColumn("start", "when it starts", True),
        InputColumn("measure", "how anyone will know that it works", True),
        InputColumn("status", "how it stands: a word, a letter or a colour", True),
        InputColumn("full_year", "the saving in a full year", True),
        InputColumn("recurrent", "whether it comes again each year", True),
        InputColumn("body", "whose it is", True), InputColumn("kind", "quality, innovation, productivity, prevention",
                                                              True))),
        Input("last", "last month's tracker or the memory it left, to say what moved", optional=True),
        Input("memory", "confirmed columns, rulings and stories in JSON: brought up to date, or begun where there is "
                        "none", kind="model", optional=True),
        Input("usual", "what came of this body's own promises: the realised.json that evaluate run leaves in a "
                       "workspace; without it the published record", kind="model", optional=True)),
    outputs=(
        Output("schemes", "for each: row, sheet, name, owner, start, value_pounds, low, high, recurrent, "
                          "full_year_pounds, status (firm, at_risk, not_found), because, problems, expected_pounds, "
                          "read_as and what else its row says"),
        Output("ignored_rows", "every other row: row, sheet, because (title, heading, total, blank, duplicate, note), "
                               "detail"),
        Output("columns", "what was taken for what: name, heading, sheet, letter, sure (0 to 1), because, units"),
        Output("headings", "every heading of every list: sheet, letter, heading"),
        Output("changes", "every cell that was read otherwise than it stands: sheet, row, what, said, read_as"),
        Output("totals", "needed, claimed, counted_twice, claimed_not_found, usual_shortfall with its range and where "
                         "it comes from, firm, at_risk, not_found"),
        Output("missing", "how many have no owner, measure, start, figures; how many should have started and have "
                          "none"),
        Output("usual_shortfall", "share, low, high, comes_from, records"),
        Output("rows", "how many rows of each sort"), Output("year", "the plan's financial year"),
        Output("by_year", "claimed, firm and at risk by year"), Output("by_body", "the same by body"),
        Output("body_is", "what stands for the body: body, sheet or provider"),
        Output("by_kind", "the same by kind"), Output("by_programme", "the same by programme"),
        Output("recurrent", "claims that come again, that come once, that do not say"),
        Output("cash_releasing", "claims that free cash, that do not, that do not say"),
        Output("full_year", "what is said of full years, and what that carries into next year"),
        Output("fewer", "what the largest 1, 2, 3 … schemes give, and the hours they take"),
        Output("stated_totals", "the list's own sums beside ours"),
        Output("questions", "what only a person can rule on: key, text, taken, choices"),
        Output("moved", "with last month's tracker: renamed, split, merged, vanished, new, changed; why, or what is "
                        "asked"),
        Output("since_last", "from last month's sums to this month's: what each sort of change took or gave"),
        Output("story", "each scheme's months, from the memory: what it claimed, what was found of it, how it stood, "
                        "what changed and why"),
        Output("letters", "for each owner, and for the programme office where nobody owns a scheme: what is asked of "
                          "which scheme")),
    source=SOURCE, version="1",
    cannot_tell=("Whether a claim is true: it reads what the list says, and what plans like it came to.",
                 "How much one scheme will fall short: the published record is of whole plans, three of them, and of "
                 "different kinds.",
                 "What two schemes save of the same pound, unless the list says so or they are one row twice.",
                 "Colours that a rule of the workbook paints, marks in an .xls of 2003, and pictures or comments.",
                 "Whether savings that a list calls gross are net of what they cost elsewhere."),
    example="choose list sample:tracker --needed £6m --today 2026-11-21")
