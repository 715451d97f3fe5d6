"""Options scored on weighted criteria: values, parts, ranks, value for money, and what first place turns on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, Literal

from evenhand.appraise import dominance, show
from evenhand.appraise.flips import Flip, flips, ranks
from evenhand.appraise.options import Options, read_options
from evenhand.appraise.scaling import Scaled, scaled
from evenhand.catalogue import Input, Method, Output, setting, settings_document, with_options
from evenhand.data.models import read_model
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms.words import counted, figure, listed, per_cent

# Published weights are rounded: a sum within half a hundredth of 1 (or of 100) is taken as it stands.
ROUNDING = 0.005


@dataclass(frozen=True)
class Settings:
    """How scores become values."""

    scaling: Literal["as-given", "range", "given", "sum", "maximum"] = setting(
        "as-given", "How scores become values",
        "range: 0 at the worst end of each scale and 100 at the best; given: they are values already; sum or maximum: "
        "divided by the column's; as-given: as the model says, else range", common=True)


def score(model: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """Options scored on weighted criteria, with the parts that make up each score and what the first place turns on.

    Args:
        model: a JSON model: ``alternatives`` (names, or objects with ``name``, ``cost`` and ``scores``), ``criteria``
            (``name``, ``direction`` max or min, ``weight``, and ``scale``: the two ends the weight was given for),
            ``matrix`` (a row an alternative, a number a criterion, in the criterion's units; "not applicable" where it
            is), and ``cost`` in money, one an alternative, where value for money is asked.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings by name.

    Returns:
        An answer with ``rows`` in the model's order. A value is the sum of its parts, each the weight times the value
        on the criterion's scale (0 to 100 with ``range``). A weight flips first place at the share of all weight where
        another option overtakes, the other weights kept in proportion.

    Raises:
        Refused: a missing score, weight or direction; a matrix that does not fit; a method that is not a weighted sum.

    Source:
        Keeney & Raiffa (1976), Decisions with Multiple Objectives, section 3.6; Goodwin & Wright, Decision Analysis for
        Management Judgment, chapter on SMART; Communities and Local Government (2009), Multi-criteria analysis: a
        manual, section 6.
    """
    chosen = with_options(Settings, settings, options)
    read = read_options(read_model(model))
    how = (read.scaling or "range") if chosen.scaling == "as-given" else chosen.scaling
    on_scales = scaled(read, how)
    weights, given_total, normalised = _weights(read)
    parts = [_parts(row, weights) for row in on_scales.values]
    values = [fsum(each) for each in parts]
    places = ranks(values)
    first = [name for name, place in zip(read.alternatives, places, strict=True) if place == 1]
    value_pairs = dominance.on_value(read, values)
    always = dominance.on_criteria(read)
    frontier = dominance.frontier(read, values) if read.costs is not None else None
    dominated = ([name for name in read.alternatives if name not in frontier] if frontier is not None
                 else [name for name in read.alternatives if name in always])
    turning = _flip_rows(read, on_scales.values, weights, first)
    rows = [_row(read, place, values, parts, places, frontier, value_pairs if frontier is not None else always)
            for place in range(len(read.alternatives))]
    fields: dict[str, Any] = {
        "rows": rows, "criteria": _criteria_rows(read, weights, on_scales),
        "first": first, "dominated": dominated,
        "dominated_by": value_pairs if frontier is not None else always,
        "dominated_on_every_criterion": list(always),
        **({} if frontier is None else {
            "frontier": frontier, "frontier_steps": dominance.steps(read, values, frontier)}),
        "flip_weights": turning, "scaling": how}
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(read.name, read.digest),),
        sentence=_sentence(values, read, first, turning, how), fields=fields, table=_table(rows, read),
        remarks=(*_weights_said(given_total, normalised=normalised), *on_scales.remarks,
                 *_ties_said(read, places), *_always_said(always, read)),
        draw=show.score, more_tables=(_flip_table(turning),))


# --- weights and parts ------------------------------------------------------------------------------------------------


def _weights(read: Options) -> tuple[list[float], float, bool]:
    """The weights as used, the sum they were given with, and whether they had to be divided by it."""
    given = [each.weight for each in read.criteria]
    total = fsum(given)
    if not read.divide_weights:
        for whole in (1.0, 100.0):
            if abs(total / whole - 1) <= ROUNDING:
                return [each / whole for each in given], total, False
    return [each / total for each in given], total, True


def _weights_said(total: float, *, normalised: bool) -> tuple[str, ...]:
    return (f"The weights sum to {total:g}: each is divided by that.",) if normalised else ()


def _parts(values: Sequence[float | None], weights: Sequence[float]) -> list[float]:
    applying = fsum(weight for weight, value in zip(weights, values, strict=True) if value is not None)
    whole = fsum(weights)
    stretch = whole / applying if applying else 0.0
    return [0.0 if value is None else weight * stretch * value for weight, value in zip(weights, values, strict=True)]


# --- what it turns on -------------------------------------------------------------------------------------------------


def _flip_rows(read: Options, values: Sequence[Sequence[float | None]], weights: Sequence[float],
               first: Sequence[str]) -> list[dict[str, Any]]:
    total = fsum(weights)
    shares = [weight / total for weight in weights]
    rows = []
    for place, criterion in enumerate(read.criteria):
        row: dict[str, Any] = {"criterion": criterion.name, "weight": shares[place]}
        if len(first) > 1:
            rows.append({**row, "flips_at": shares[place], "change": 0.0, "to": list(first), "lower": None,
                         "higher": None, "remark": "First place is shared already."})
            continue
        lower, higher = flips(read.alternatives, values, shares, place)
        sides = [each for each in (higher, lower) if each is not None]
        nearest = min(sides, key=lambda each: abs(each.change), default=None)
        rows.append({**row, "flips_at": nearest and nearest.at, "change": nearest and nearest.change,
                     "to": list(nearest.to) if nearest else None, "lower": _side(lower), "higher": _side(higher),
                     "remark": None if nearest else "No weight of this criterion changes first place."})
    return rows


def _side(flip: Flip | None) -> dict[str, Any] | None:
    return None if flip is None else {"flips_at": flip.at, "change": flip.change, "to": list(flip.to)}


# --- rows and words ---------------------------------------------------------------------------------------------------


def _row(read: Options, place: int, values: Sequence[float], parts: Sequence[Sequence[float]], places: Sequence[int],
         frontier: Sequence[str] | None, beaten: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    name = read.alternatives[place]
    tied = [other for other, rank in zip(read.alternatives, places, strict=True)
            if rank == places[place] and other != name]
    return {"alternative": name, "value": values[place],
            "parts": {criterion.name: part for criterion, part in zip(read.criteria, parts[place], strict=True)},
            "rank": places[place], "tied_with": tied, "dominated_by": list(beaten.get(name, [])),
            **({} if read.costs is None or frontier is None else {"cost": read.costs[place],
                                                                  "on_frontier": name in frontier})}


def _criteria_rows(read: Options, weights: Sequence[float], on_scales: Scaled) -> list[dict[str, Any]]:
    return [{"criterion": each.name, "direction": "max" if each.better == "high" else "min", "weight": weight,
             "given_weight": each.weight, "worst": ends and ends[0], "best": ends and ends[1], "units": each.units}
            for each, weight, ends in zip(read.criteria, weights, on_scales.ends, strict=True)]


def _ties_said(read: Options, places: Sequence[int]) -> tuple[str, ...]:
    said = []
    for rank in sorted(set(places)):
        names = [name for name, place in zip(read.alternatives, places, strict=True) if place == rank]
        if len(names) > 1:
            said.append(f"{listed(names)} have the same value and share place {rank}.")
    return tuple(said)


def _always_said(always: Mapping[str, Sequence[str]], read: Options) -> tuple[str, ...]:
    cost = " and costs no more" if read.costs is not None else ""
    return tuple(f"{name}: {listed(list(by), joint='or')} is at least as good on every criterion{cost}, whatever the "
                 "weights." for name, by in always.items())


def _sentence(values: Sequence[float], read: Options, first: Sequence[str], turning: Sequence[Mapping[str, Any]],
              how: str) -> str:
    of = " of 100" if how == "range" else ""
    if len(read.alternatives) == 1:
        return f"{first[0]} is the only option, with {figure(values[0])}{of}: there is nothing to compare it with."
    best = max(values)
    if len(first) > 1:
        return (f"{listed(list(first))} share first place with {figure(best)}{of}: on these weights nothing tells them "
                "apart.")
    second = max((value, name) for value, name in zip(values, read.alternatives, strict=True) if name != first[0])
    said = [f"{first[0]} comes first with {figure(best)}{of}, ahead of {second[1]} with {figure(second[0])}."]
    moving = [row for row in turning if row["change"] is not None]
    if not moving:
        said.append("No single weight, moved alone, would change that.")
        return " ".join(said)
    near = min(moving, key=lambda row: abs(float(row["change"])))
    way = "rose" if near["change"] > 0 else "fell"
    said.append(f"{listed(near['to'])} would overtake it if the weight of {near['criterion']} {way} from "
                f"{per_cent(near['weight'])} to {per_cent(near['flips_at'])} of all weight; no other single weight "
                "need move less." if len(moving) > 1 else
                f"Only the weight of {near['criterion']} can change that alone: at {per_cent(near['flips_at'])} of all "
                f"weight instead of {per_cent(near['weight'])}, {listed(near['to'])} would overtake it.")
    return " ".join(said)


def _table(rows: Sequence[Mapping[str, Any]], read: Options) -> Table:
    ordered = sorted(rows, key=lambda row: row["rank"])
    flat = [{**{f"part_{name}": part for name, part in row["parts"].items()}, **row,
             "place": f"{row['rank']}=" if row["tied_with"] else str(row["rank"]),
             "frontier": "" if read.costs is None else "not bettered" if row["on_frontier"] else "bettered"}
            for row in ordered]
    costs = ([Column("cost", "Cost", "count"), Column("frontier", "Value for money")]
             if read.costs is not None else [])
    return Table.of(flat, columns=[
        Column("place", "Place"), Column("alternative", "Option"), Column("value", "Value", "number"), *costs,
        *(Column(f"part_{each.name}", each.name[:1].upper() + each.name[1:], "number") for each in read.criteria)],
        title=read.title or "Options scored", notes=(f"{counted(len(read.criteria), 'criterion', 'criteria')}.",))


def _flip_table(turning: Sequence[Mapping[str, Any]]) -> Table:
    return Table.of([{**row, "to": listed(row["to"] or [])} for row in turning], columns=[
        Column("criterion"), Column("weight", "Weight", "share"), Column("flips_at", "First place changes at", "share"),
        Column("change", "A change of", "share"), Column("to", "To")], title="What first place turns on")


METHOD_NAME = MethodName("appraise score", "1", "Additive value: Keeney & Raiffa (1976); Goodwin & Wright, SMART")

METHOD = Method(
    room="appraise", name="score", title="Options scored on weighted criteria",
    question="Which option comes first on these weights, and what would change that?",
    function=score, settings=Settings,
    inputs=(Input("model", "a JSON model: alternatives, criteria (name, direction, weight, scale), matrix, and cost",
                  kind="model"),),
    outputs=(
        Output("rows", "per alternative: value, parts by criterion, rank, tied_with, dominated_by, cost, on_frontier"),
        Output("criteria", "per criterion: direction, weight as used, given_weight, worst and best end of its scale"),
        Output("first", "who comes first; more than one where they tie"),
        Output("frontier", "where cost is given: options that none other beats on value and cost, cheapest first",
               sometimes=True),
        Output("frontier_steps", "from one to the next: extra_value, extra_cost, value_per_1000", sometimes=True),
        Output("dominated", "options that another beats: on value and cost, or on every criterion where no cost is "
                            "given"),
        Output("dominated_by", "by whom"),
        Output("dominated_on_every_criterion", "options that no weights would put ahead of all others"),
        Output("flip_weights", "per criterion: weight, flips_at, change, to; lower and higher: the same on each side"),
        Output("scaling", "how scores became values")),
    source="Keeney & Raiffa (1976), Decisions with Multiple Objectives, section 3.6; Goodwin & Wright, Decision "
           "Analysis for Management Judgment (SMART); Communities and Local Government (2009), Multi-criteria "
           "analysis: a manual.",
    version="1",
    cannot_tell=(
        "Whether the weights are right, or whose they should be. They say how much a step from the worst to the best "
        "end of one scale counts beside a step on another, and mean nothing without the scales.",
        "How sure the scores are: they are taken as certain here. Flip weights show what moving one weight does, not "
        "what moving several does.",
        "Whether criteria overlap: something counted under two names counts twice.",
        "Whether a loss for some may be made good by a gain for others. Adding up says yes to that."),
    example="appraise score sample:score-options")
