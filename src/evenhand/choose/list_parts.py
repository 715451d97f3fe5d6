"""The parts of the answer to a list of schemes: rows, totals, and what is said in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from evenhand.choose.tracker import sums
from evenhand.choose.tracker.doubles import Question
from evenhand.choose.tracker.gathering import SURE, Gathered
from evenhand.choose.tracker.memory import changes_in_words
from evenhand.choose.tracker.months import Move
from evenhand.choose.tracker.opening import OpenedTracker
from evenhand.choose.tracker.rows import Ignored
from evenhand.choose.tracker.schemes import Scheme
from evenhand.choose.tracker.shortfall import PUBLISHED, Usual
from evenhand.choose.tracker.sums import Totals
from evenhand.figures import Column, Table
from evenhand.terms.words import counted, listed, per_cent, pounds_roughly


def scheme_row(scheme: Scheme, usual: Usual) -> dict[str, Any]:
    """A scheme as the answer has it: empty is null."""
    return {
        "row": scheme.row, "sheet": scheme.sheet, "name": scheme.name, "owner": scheme.owner or None,
        "start": scheme.start, "value_pounds": scheme.value_pounds, "low": scheme.low, "high": scheme.high,
        "recurrent": scheme.recurrent, "full_year_pounds": scheme.full_year_pounds, "status": scheme.status,
        "because": scheme.because, "problems": list(scheme.problems), "id": scheme.id or None,
        "programme": scheme.programme or None, "body": scheme.body or None, "provider": scheme.provider or None,
        "kind": scheme.kind or None, "cash_releasing": scheme.cash_releasing, "measure": scheme.measure or None,
        "in_place": scheme.in_place, "year": scheme.year or None, "by_year": dict(scheme.by_year) or None,
        "cost_pounds": scheme.cost_pounds, "found_pounds": scheme.actual_pounds,
        "forecast_pounds": scheme.forecast_pounds, "counted_twice_pounds": scheme.counted_twice_pounds,
        "expected_pounds": None if scheme.value_pounds is None else sums.expected(scheme, usual.share),
        "hours": scheme.hours, "should_have_started": scheme.late, "read_as": scheme.read_as or None,
        "note": scheme.note or None, "recurrent_pounds": scheme.recurrent_pounds}


def ignored_row(each: Ignored) -> dict[str, Any]:
    """A row that is no scheme, as the answer has it."""
    return {"row": each.row, "sheet": each.sheet, "because": each.because, "detail": each.detail,
            "label": each.label or None, "value_pounds": each.value_pounds, "struck_through": each.struck,
            "same_as": None if each.of is None else {"sheet": each.of[0], "row": each.of[1]}}


def change_rows(schemes: Sequence[Scheme], ignored: Sequence[Ignored]) -> list[dict[str, Any]]:
    """Every change made to what was read: cells read otherwise than they stand, and rows left out, in their order."""
    rows = [{"sheet": each.sheet, "row": each.row, "what": change.what, "said": change.said, "read_as": change.read_as}
            for each in schemes for change in each.changes]
    rows += [{"sheet": each.sheet, "row": each.row, "what": "row", "said": each.label or None,
              "read_as": f"left out: {each.detail}"} for each in ignored if each.because != "blank"]
    places = {sheet: place for place, sheet in enumerate(dict.fromkeys(each["sheet"] for each in rows))}
    return sorted(rows, key=lambda each: (places[each["sheet"]], each["row"]))


def question_rows(questions: Sequence[Question], moved: Sequence[Move]) -> list[dict[str, Any]]:
    """What only a person can rule on: first of this month's rows, then of what became of last month's."""
    rows = [{"key": each.key, "text": each.text, "taken": each.taken, "choices": list(each.choices),
             "rows": [{"sheet": sheet, "row": row} for sheet, row in each.rows]} for each in questions]
    return rows + [{"key": move.key, "text": move.asked, "taken": move.what if move.choices else "why is not said",
                    "choices": list(move.choices),
                    "rows": [{"sheet": each.sheet, "row": each.row} for each in move.now]}
                   for move in moved if move.asked]


def column_rows(found: Gathered) -> list[dict[str, Any]]:
    """What each column was taken for, as the answer has it."""
    return [{"name": each.guess.role, "heading": each.guess.heading, "sheet": each.sheet, "letter": each.letters,
             "sure": each.guess.sure, "how_sure": _how_sure(each.guess.sure, each.guess.confirmed),
             "because": each.guess.because, "confirmed": each.guess.confirmed, "units": each.units or None,
             "year": each.guess.year or None, "month": each.guess.month} for each in found.columns]


def heading_rows(found: Gathered) -> list[dict[str, Any]]:
    """Every heading of every list, to choose from where a guess is wrong."""
    return [{"sheet": block.sheet.name, "letter": block.sheet.letters(place), "heading": text}
            for block in found.blocks for place, text in enumerate(block.texts) if text]


def _how_sure(sure: float, confirmed: bool) -> str:
    return "confirmed" if confirmed else "sure" if sure >= 0.9 else "likely" if sure >= SURE else "a guess"


def totals_row(bridge: Totals, usual: Usual, needed_from: str, schemes: Sequence[Scheme],
               ledger: float | None) -> dict[str, Any]:
    """The bridge as the answer has it, with where its ends come from."""
    found = math.fsum(each.actual_pounds or 0.0 for each in schemes)
    return {**asdict(bridge), "needed_from": needed_from,
            "usual_shortfall_share": usual.share, "usual_shortfall_from": usual.comes_from,
            "found_so_far": found if any(each.actual_pounds is not None for each in schemes) else None,
            "ledger": ledger, "differs_from_ledger": None if ledger is None else found - ledger}


def usual_row(usual: Usual) -> dict[str, Any]:
    """The usual shortfall with the record behind it."""
    return {**asdict(usual), "records": [{"whose": each.whose, "planned": each.planned, "came": each.came,
                                          "share": each.share, "what": each.what, "source": each.source}
                                         for each in PUBLISHED]}


def counts(opened: OpenedTracker, found: Gathered) -> dict[str, int]:
    """How many rows of each sort were read."""
    reasons = Counter(each.because for each in found.ignored)
    return {"sheets": len(opened.sheets), "read": len(found.schemes) + len(found.ignored),
            "schemes": len(found.schemes), **{because: reasons[because] for because in (
                "title", "heading", "total", "blank", "duplicate", "note")}}


def move_row(move: Move) -> dict[str, Any]:
    """What became of a scheme since last month, as the answer has it."""
    def short(scheme: Scheme) -> dict[str, Any]:
        return {"name": scheme.name, "row": scheme.row, "sheet": scheme.sheet, "owner": scheme.owner or None,
                "start": scheme.start, "value_pounds": scheme.value_pounds, "found_pounds": scheme.actual_pounds,
                "status": scheme.status}

    return {"what": move.what, "before": [short(each) for each in move.before],
            "now": [short(each) for each in move.now], "change_pounds": move.change_pounds,
            "changes": changes_in_words(move) or None, "why": move.why or None, "asked": move.asked or None,
            "key": move.key or None}


def schemes_table(schemes: Sequence[Scheme], usual: Usual) -> Table:
    """The schemes, those with most money at risk first."""
    words = {"firm": "firm", "at_risk": "at risk", "not_found": "not found"}
    rank = {"at_risk": 0, "not_found": 1, "firm": 2}
    ordered = sorted(schemes, key=lambda each: (rank[each.status], -(each.value_pounds or 0.0), each.name))
    rows = [{**scheme_row(each, usual), "status": words[each.status], "range": (each.low, each.high),
             "problems": "; ".join(each.problems)} for each in ordered]
    return Table.of(rows, [
        Column("name", "Scheme"), Column("owner", "Owner"), Column("value_pounds", "Claimed", "pounds"),
        Column("status", "Status"), Column("expected_pounds", "To count on", "pounds"), Column("start", "Start"),
        Column("because", "Because"), Column("range", "Range", "interval"), Column("recurrent", "Recurrent"),
        Column("full_year_pounds", "Full year", "pounds"), Column("problems", "Problems"), Column("sheet", "Sheet"),
        Column("row", "Row", "count")], title="Schemes")



def sentence(bridge: Totals, needed_from: str) -> str:
    """The bridge in a sentence or two."""
    opening = "Of" if not needed_from.startswith("nobody") else "Nobody has said what is needed; of"
    whose = "needed" if not needed_from.startswith("nobody") else "claimed"
    once = ", each scheme once," if needed_from.startswith("nobody") and bridge.counted_twice else ","
    more = f" ({pounds_roughly(bridge.more_than_needed)} more than needed)" if bridge.more_than_needed else ""
    off = [part for part in (
        f"{pounds_roughly(bridge.counted_twice)} of it is counted twice" if bridge.counted_twice else "",
        f"{pounds_roughly(bridge.claimed_not_found)} has nothing identified behind it"
        if bridge.claimed_not_found else "",
        f"{pounds_roughly(bridge.usual_shortfall)} usually falls short (range "
        f"{pounds_roughly(bridge.usual_shortfall_low)} to {pounds_roughly(bridge.usual_shortfall_high)})"
        if bridge.usual_shortfall else "") if part]
    less = f": {listed(off)}" if off else ""
    return (f"{opening} {pounds_roughly(bridge.needed)} {whose}{once} {pounds_roughly(bridge.firm)} is firm, "
            f"{pounds_roughly(bridge.at_risk)} is at risk and {pounds_roughly(bridge.not_found)} is not found{more}. "
            f"The list claims {pounds_roughly(bridge.claimed)}{less}.")


def remarks_of(found: Gathered, schemes: Sequence[Scheme], fields: Mapping[str, Any], today: date | None,
             needed_from: str, opened: OpenedTracker) -> list[str]:
    """What a reader should know beside the figures."""
    rows, missing = fields["rows"], fields["missing"]
    left = [f"{counted(rows[because], word)}" for because, word in (
        ("total", "total"), ("duplicate", "duplicate"), ("heading", "row of headings"), ("note", "note"),
        ("title", "title"), ("blank", "blank row")) if rows[because]]
    left = [text.replace("row of headingss", "rows of headings") for text in left]
    remarks = [f"{counted(rows['read'], 'row')}: {counted(rows['schemes'], 'scheme')}"
               + (f", {listed(left)}." if left else ".")]
    lacks = [text for name, text in (
        ("owner", "{} nobody owns"), ("measure", "{} without a measure"), ("start", "{} without a start"),
        ("figures", "{} without figures, treated as not found"),
        ("should_have_started", "{} past the start and without figures")) if missing[name]
        for text in [text.format(missing[name])]]
    if only_written_down(fields):
        remarks.append(ONLY_WRITTEN_DOWN)
    if lacks:
        remarks.append(f"Before it goes further: {listed(lacks)}.")
    if today is None:
        remarks.append("What should have started by now is not judged: say --today.")
    if needed_from.startswith("nobody"):
        remarks.append("What is needed is taken as what the list claims, counted once: say --needed.")
    guesses = [each for each in found.columns if each.guess.sure < SURE and not each.guess.confirmed]
    if guesses:
        named = list(dict.fromkeys(f"{each.guess.role} from “{each.guess.heading}”" for each in guesses))
        said = listed(named[:5])
        remarks.append(f"Guessed and not sure: {said}. Confirm or correct with --columns NAME=HEADING.")
    for total in fields["stated_totals"]:
        if abs(total["differs_by"]) > max(1.0, 0.005 * abs(total["stated"])):
            remarks.append(
                f"Row {total['row']} of “{total['sheet']}” ({total['label'] or 'a total'}) says "
                f"{pounds_roughly(total['stated'])}; the rows add up to {pounds_roughly(total['ours'])}.")
    if fields["questions"]:
        many = len(fields["questions"])
        remarks.append(f"{counted(many, 'question').capitalize()} for a person {'stands' if many == 1 else 'stand'} in "
                       f"the answer under questions; rule on {'it' if many == 1 else 'them'} with --answer "
                       "QUESTION=ANSWER.")
    share = fields["usual_shortfall"]
    remarks.append(f"The usual shortfall is {per_cent(share['share'], digits=1)} of what is still open (range "
                   f"{per_cent(share['low'], digits=1)} to {per_cent(share['high'], digits=1)}), from "
                   f"{share['comes_from']}.")
    unread = [name for name in opened.columns if not any(each.guess.role == name for each in found.columns)]
    if unread:
        remarks.append(f"Not used: {listed(unread)}.")
    return remarks


ONLY_WRITTEN_DOWN = ("No column says how schemes stand (no status, no confidence, no forecast, nothing found so far): "
                     "firm means only that a figure, an owner and a start are written down.")
_SAYS_HOW_IT_STANDS = {"status", "confidence", "forecast", "actual", "month_actual"}


def only_written_down(fields: Mapping[str, Any]) -> bool:
    """Whether schemes are firm though no column of any list says how they stand."""
    return (any(each["status"] == "firm" for each in fields["schemes"])
            and not _SAYS_HOW_IT_STANDS & {each["name"] for each in fields["columns"]})


def moved_in_words(moved: Sequence[Move]) -> str:
    """What moved since last month, in a sentence."""
    many = Counter(move.what for move in moved)
    before = math.fsum(each.value_pounds or 0.0 for move in moved for each in move.before)
    now = math.fsum(each.value_pounds or 0.0 for move in moved for each in move.now)
    told = [f"{many[what]} {what}" for what in ("changed", "renamed", "split", "merged", "vanished", "new")
            if many[what]]
    return (f"Since last month the schemes' claims went from {pounds_roughly(before)} to {pounds_roughly(now)}: "
            f"{listed(told) if told else 'nothing moved'}.")
