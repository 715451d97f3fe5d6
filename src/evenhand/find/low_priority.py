"""What is done against each policy: activity, spend, trend, gap and exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, Figure, MadeFrom, MethodName, Table
from evenhand.figures.chart import BLUE, rows_of
from evenhand.find.bodies import published_bodies
from evenhand.find.gaps import gaps
from evenhand.find.groups import encoded
from evenhand.find.low_priority_sums import Done, Requests, read_done, read_requests
from evenhand.find.measures import published_notes
from evenhand.find.policies import (
    CarriedOver,
    Policy,
    carried_over,
    in_force,
    never_allowed,
    published,
    read_policies,
)
from evenhand.terms import Month, Refused, closest, refuse
from evenhand.terms.words import NOT_HELD, counted, figure, listed, per_cent, pounds_roughly

SOURCE = ("Policies: the register's own sources; gap and its range as find gaps (Newcombe 1998; Zou and Donner 2008; "
          "Benjamini and Hochberg 1995)")
NAME = MethodName("find low-priority", "1", SOURCE)
ALL = "all"


@dataclass(frozen=True)
class Settings:
    """Whose activity, over which months, against what."""

    of: str = setting(ALL, "Body", "its code, or “all”", common=True)
    against: Literal["median", "best-decile", "national"] = setting(
        "median", "Against", "the middle of all bodies, their best tenth, or all together", common=True)
    from_month: str | None = setting(None, "First month", "2025-01; without it, the last twelve months held",
                                     option="from")
    to_month: str | None = setting(None, "Last month", "2025-12", option="to")

    def __post_init__(self) -> None:
        for option, typed in (("--from", self.from_month), ("--to", self.to_month)):
            if typed is not None:
                try:
                    Month.parsed(typed)
                except ValueError:
                    raise refuse("this is not a month", "write it as 2025-04", column=option, value=typed) from None


def low_priority(panel: Source, settings: Settings | None = None, /, *, policies: Source | None = None,
                 before: Source | None = None, requests: Source | None = None, **options: Any) -> Answer:
    """What was done against each policy of a register, what it cost, which way it goes, and how far from others.

    Args:
        panel: long table with ``month``, ``unit`` and either ``measure``, ``numerator``, ``denominator``, or
            ``bnf_code`` (or ``policy``) with ``items`` or ``cost``, and optional ``population`` and ``exceptions``.
        settings: all settings; single ones may be given by keyword (``of="15M"``).
        policies: the register; without it, the published one that comes with the program.
        before: an older register, such as a predecessor's: each of its policies that is no longer one needs a reason.
        requests: for each policy (and ``unit``) how many requests for an exception or prior approval were ``allowed``
            and ``refused``: a policy that never allows one is marked.
        **options: settings by name.

    Returns:
        ``rows``, one for each policy in force, the dearest first; figures are empty where none can be linked, and the
        remark says why. ``gap`` is in pounds (or the measure's own units) a year, above 0 where more is done than the
        benchmark; for all bodies together it adds up those of bodies that lie above it by more than chance.

    Raises:
        Refused: a register that cannot be read, missing columns, no row under any policy, an unknown body, months not
            held.

    Source: see ``find gaps`` and the register.
    """
    chosen = with_options(Settings, settings, options)
    register = published() if policies is None else read_policies(policies)
    data = tables.read(panel)
    names = [str(key[0]) for key in encoded(data.column("measure")).keys] if "measure" in data else []
    notes = published_notes(names)
    done = read_done(data, register.policies, notes)
    held = Month.at(done.first.index + done.months - 1)
    last = Month.parsed(chosen.to_month) if chosen.to_month else held
    first = Month.parsed(chosen.from_month) if chosen.from_month else max(last.plus(-11), done.first)
    if first > last or first > held or last < done.first:
        raise refuse(f"no figure is held from {first} to {last}", f"figures here run from {done.first} to {held}",
                     file=data.name, column="--from", value=str(first))
    unit = None if chosen.of.casefold() == ALL else _unit(chosen.of, done, data.name)
    chosen = replace(chosen, of=unit or ALL, from_month=str(first), to_month=str(last))
    standing = in_force(register.policies, str(last))
    distances = _gaps(done, chosen, unit, data.name, data.digest)
    rows = _rows(standing, done, distances, first, last, unit)
    left = [each.title for each in register.policies if each not in standing]
    made_from = [MadeFrom(data.name, data.digest), MadeFrom(register.name, register.digest)]
    asked = tables.read(requests) if requests is not None else None
    decided = read_requests(asked, standing, unit) if asked is not None else {}
    made_from += [MadeFrom(asked.name, asked.digest)] if asked is not None else []
    rows = [{**row, **_decided(row, decided.get(row["policy"]))} for row in rows]
    fields: dict[str, Any] = {
        "rows": rows, "period": {"first": str(first), "last": str(last), "months": last.index - first.index + 1},
        "counts": {"policies": len(rows), "with_figures": sum(row["linked_by"] is not None for row in rows),
                   "not_in_force": len(left)}, "register": register.name}
    remarks = _remarks(rows, left, [each.title for each in standing if each.allows_none])
    if before is not None:
        older = read_policies(before)
        made_from.append(MadeFrom(older.name, older.digest))
        became = carried_over(older, register)
        fields["carried_over"] = _became(became)
        remarks += _carried_words(became, older.name)
    bodies = published_bodies(done.units)
    sentence = _sentence(rows, bodies.title(unit) if unit else counted(len(done.units), "body", "bodies"), first, last)
    return Answer(NAME, settings_document(chosen), tuple(made_from), sentence, fields, _table(rows), tuple(remarks),
                  draw=draw)


def _unit(typed: str, done: Done, file: str) -> str:
    code = next((each for each in (typed.strip(), typed.strip().upper()) if each in done.units), None)
    if code is None:
        near = closest(typed.strip(), done.units) or done.units[:3]
        raise refuse("no body here has this code", f"did you mean {listed(list(near), joint='or')}?", file=file,
                     column="--of", value=typed)
    return code


def _gaps(done: Done, chosen: Settings, unit: str | None, name: str,
          digest: str) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of ``find gaps`` for each policy; none where nobody can be compared."""
    import numpy as np
    import pyarrow as pa

    pounds = np.array([bool(np.isfinite(each).any()) for each in done.spend])
    figures = np.where(pounds[:, None, None], done.spend, done.activity)
    there = np.isfinite(figures) & (done.people > 0)
    if not there.any() or len(done.units) < 2:
        return {}
    # Each text once, and its place in every row: there may be millions of rows.
    months = [str(done.first.plus(each)) for each in range(done.months)]
    texts = ([each.id for each in done.policies], done.units, months)
    arrow = pa.table({
        **{name: pa.DictionaryArray.from_arrays(place.astype(np.int32), list(known))
           for name, place, known in zip(("measure", "unit", "month"), np.nonzero(there), texts, strict=True)},
        "numerator": figures[there], "denominator": done.people[there]})
    table = tables.Table(name, digest, arrow, np.arange(1, arrow.num_rows + 1))
    notes = {"measure": [each.id for each in done.policies], "title": [each.title for each in done.policies],
             "direction": ["low"] * len(pounds), "numerator_unit": ["pounds" if each else "" for each in pounds]}
    try:
        answer = gaps(table, measures=notes, of=unit or ALL, against=chosen.against, from_month=chosen.from_month,
                      to_month=chosen.to_month)
    except Refused:
        return {}
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in answer.fields["rows"]:
        found.setdefault(row["measure"], []).append(row)
    return found


def _rows(policies: Sequence[Policy], done: Done, distances: Mapping[str, list[Mapping[str, Any]]], first: Month,
          last: Month, unit: str | None) -> list[dict[str, Any]]:
    whole_year_before = first.plus(-12) >= done.first
    now = {name: done.over(getattr(done, name), first, last, unit) for name in ("activity", "spend", "exceptions")}
    then = {name: done.over(getattr(done, name), first.plus(-12), last.plus(-12), unit) if whole_year_before
            else [None] * len(done.policies) for name in ("activity", "spend")}
    rows = []
    for policy in policies:
        place = next((at for at, each in enumerate(done.policies) if each.id == policy.id), None)
        figures = {name: None if place is None else values[place] for name, values in now.items()}
        main = "spend" if figures["spend"] is not None else "activity"
        earlier = None if place is None else then[main][place]
        current = figures[main]
        change = None if earlier is None or current is None or earlier <= 0 else current / earlier - 1
        lines = distances.get(policy.id, [])
        above = [row for row in lines if row["signal"] and row["gap"] > 0]
        one = lines[0] if unit is not None and lines else None
        rows.append({
            "policy": policy.id, "title": policy.title, "kind": policy.kind or None, "from": policy.begins or None,
            "to": policy.ends or None, "updated": policy.updated or None, "source": policy.source or NOT_HELD,
            "exceptions_allowed": policy.exceptions or NOT_HELD, **figures,
            "a_year_before": earlier, "change": change, "trend": _trend(change, earlier, current),
            "gap": one["gap"] if one else sum(row["gap"] for row in above) if lines else None,
            "interval": one["interval"] if one else None, "signal": one["signal"] if one else None,
            "rank": one["rank"] if one else None, "of": one["of"] if one else lines[0]["of"] if lines else None,
            "bodies_above": None if unit is not None or not lines else len(above),
            "linked_by": None if place is None else done.links[place],
            "remark": None if place is not None else _why_not(policy, done)})
    return sorted(rows, key=lambda row: (row["linked_by"] is None, -(row["spend"] or 0), -(row["activity"] or 0),
                                         row["title"]))


def _trend(change: float | None, earlier: float | None, current: float | None) -> str:
    if current is None:
        return ""
    if change is None:
        return "none the year before" if earlier == 0 else "the year before is not held"
    if abs(change) < 0.005:
        return "as the year before"
    return f"{'up' if change > 0 else 'down'} {per_cent(abs(change))} on the year before"


def _why_not(policy: Policy, done: Done) -> str:
    if done.is_measured and not policy.measures:
        return "No measure of these figures counts it."
    if not done.is_measured and not policy.has_bnf_codes:
        if any(each.startswith("pattern:") for each in policy.codes):
            return "It is known by procedure and diagnosis together, which counts by one code cannot tell."
        return "The sources we hold name no codes for it."
    return "None of it in these figures."


def _sentence(rows: Sequence[Mapping[str, Any]], whose: str, first: Month, last: Month) -> str:
    when = f"from {first.words} to {last.words}"
    linked = [row for row in rows if row["linked_by"] is not None]
    if not linked:
        return f"None of the {counted(len(rows), 'policy', 'policies')} in force can be seen in these figures."
    top = linked[0]
    seen = f"Figures show what was done against {len(linked):,} of {counted(len(rows), 'policy', 'policies')}"
    if top["spend"] is None:
        return f"{seen} for {whose} {when}; most of it {top['title']}: {figure(top['activity'] or 0)}."
    trend = f", {top['trend']}" if top["change"] is not None else ""
    return f"{seen} for {whose} {when}; the dearest is {top['title']}: {pounds_roughly(top['spend'])}{trend}."


def _decided(row: Mapping[str, Any], requests: Requests | None) -> dict[str, Any]:
    """How many requests were allowed and refused, and whether none ever was: unknown where nothing is counted."""
    if requests is not None:
        return {"requests_allowed": requests.allowed, "requests_refused": requests.refused,
                "never_allowed": never_allowed(requests.allowed, requests.refused)}
    exceptions = row["exceptions"]
    return {"requests_allowed": None, "requests_refused": None,
            "never_allowed": None if exceptions is None else exceptions == 0}


def _remarks(rows: Sequence[Mapping[str, Any]], left: Sequence[str], without: Sequence[str]) -> list[str]:
    said = ["What is done against a policy is not all wrong: exceptions are part of it. Figures of one policy may lie "
            "within another's; they are not added up."]
    unseen = sum(row["linked_by"] is None for row in rows)
    if unseen:
        said.append(f"These figures say nothing of {counted(unseen, 'policy', 'policies')}; the remark beside each "
                    "says why.")
    if left:
        said.append(f"Not in force in the last month, and left out: {listed(list(left)[:5])}.")
    if all(row["never_allowed"] is None for row in rows):
        said.append("No count of exceptions is in these figures. A policy that never allows one may be a ban in "
                    "disguise: an exception must be conceivable.")
    refused = [f"{row['title']} ({row['requests_refused']:,} refused)" for row in rows
               if row["never_allowed"] and row["requests_refused"] is not None]
    if refused:
        said.append(f"No request was ever allowed against {listed(refused)}. That may be a ban in disguise: an "
                    "exception must be conceivable.")
    none = [row["title"] for row in rows if row["never_allowed"] and row["requests_refused"] is None]
    if none:
        said.append(f"Never an exception in these months: {listed(none[:5])}. That may be a ban in disguise: an "
                    "exception must be conceivable.")
    if without:
        said.append(f"By their own words these allow no exception: {listed(list(without)[:5])}.")
    return said


def _became(found: CarriedOver) -> dict[str, Any]:
    return {"kept": [each.id for each in found.kept],
            "changed": [{"policy": new.id, "title": new.title, "kind_before": old.kind or None,
                         "kind": new.kind or None}
                        for old, new in found.changed],
            "dropped": [{"policy": each.id, "title": each.title, "reason": each.reason} for each in found.dropped],
            "without_reason": [{"policy": each.id, "title": each.title} for each in found.unexplained],
            "new": [each.id for each in found.new]}


def _carried_words(found: CarriedOver, name: str) -> list[str]:
    stand = "stands as it was" if len(found.kept) == 1 else "stand as they were"
    said = [f"Of the policies of {name}, {len(found.kept):,} {stand}, {len(found.changed):,} changed, "
            f"{len(found.dropped):,} {'was' if len(found.dropped) == 1 else 'were'} dropped with a reason."]
    said += [f"Dropped: {each.title}, because {each.reason[:1].lower()}{each.reason[1:].rstrip('.')}."
             for each in found.dropped]
    if found.unexplained:
        said.append("Gone without a reason: " + listed([each.title for each in found.unexplained]) + ". Each needs "
                    "one: keep it, or add it under [[dropped]] with its reason.")
    return said


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    return Table.of(
        [{**row, "kind": row["kind"] or NOT_HELD} for row in rows],
        columns=[Column("title", "Policy"), Column("kind", "Kind"), Column("activity", "Done", "number"),
                 Column("spend", "Spend (£)", "number"), Column("trend", "Trend"),
                 Column("gap", "Gap a year", "number"), Column("exceptions", "Exceptions", "number"),
                 Column("requests_allowed", "Requests allowed", "number"),
                 Column("requests_refused", "Requests refused", "number"), Column("never_allowed", "Never allowed one"),
                 Column("exceptions_allowed", "Exceptions allowed"), Column("source", "Source"),
                 Column("remark", "Remark")])


def draw(answer: Answer) -> tuple[Figure, ...]:
    """Spend against each policy, dearest first; where no spend is known, how much was done."""
    rows = answer.fields["rows"]
    name = "spend" if any(row["spend"] for row in rows) else "activity"
    shown = [{"title": row["title"], "amount": row[name]} for row in rows if row[name]][:20]
    if not shown:
        return ()
    chart = {"height": max(120, 26 * len(shown)), "data": rows_of(shown), "mark": {"type": "bar", "color": BLUE},
             "encoding": {"y": {"field": "title", "type": "nominal", "sort": None, "title": None,
                                "axis": {"labelLimit": 300}},
                          "x": {"field": "amount", "type": "quantitative",
                                "title": "Spend in these months (£)" if name == "spend" else "Done in these months"}}}
    return (Figure("low-priority", "What is done against each policy", answer.sentence, answer.table, chart),)


METHOD = Method(
    room="find", name="low-priority", title="Low-priority treatments and medicines",
    question="What is done against each policy, and what does it cost?",
    function=low_priority, settings=Settings,
    inputs=(
        Input("panel", "activity or prescribing by month and body, by measure or by code", (
            InputColumn("month", "or period: 2025-04, or any spelling of a month"),
            InputColumn("unit", "or code, practice: the body"),
            InputColumn("measure", "which measure, with numerator and denominator as for find gaps", optional=True),
            InputColumn("numerator", "with measure: pounds or items in the month", optional=True),
            InputColumn("denominator", "or population: patients, for the gap to others", optional=True),
            InputColumn("bnf_code", "without measure: the item's code; or policy: its id or title", optional=True),
            InputColumn("items", "or activity, count: how much", optional=True),
            InputColumn("cost", "or actual_cost, spend: pounds", optional=True),
            InputColumn("exceptions", "how many exceptions were allowed", optional=True))),
        Input("policies", "a register of policies, in TOML or CSV; without it, the published one", kind="document",
              optional=True),
        Input("before", "an older register, such as a predecessor's: what became of each policy", kind="document",
              optional=True),
        Input("requests", "how many requests for an exception or prior approval were decided", (
            InputColumn("policy", "its id or title"), InputColumn("allowed", "how many were allowed"),
            InputColumn("refused", "how many were refused"), InputColumn("unit", "the body", optional=True)),
            optional=True)),
    outputs=(
        Output("rows", "policy, title, kind, from, to, source, exceptions_allowed, activity, spend, exceptions, "
               "a_year_before, change, trend, gap, interval, rank, bodies_above, linked_by, remark, "
               "requests_allowed, requests_refused, never_allowed"),
        Output("period", "first and last month, and how many"),
        Output("counts", "policies in force, those with figures, those not in force"),
        Output("register", "which register"),
        Output("carried_over", "with an older register: kept, changed, dropped (with reasons), without_reason, new",
               sometimes=True)),
    source=SOURCE, version="1",
    cannot_tell=(
        "Whether a single prescription or operation was right: exceptions are part of every policy.",
        "Procedures known by diagnosis and operation together, from counts by one code.",
        "What would be saved: a medicine stopped is often replaced by another."),
    example="find low-priority sample:low-priority --policies sample:policies --of HART")
