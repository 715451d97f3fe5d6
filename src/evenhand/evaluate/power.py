"""Can the smallest effect that matters be seen here by then, and if not, what footprint or how long could?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.evaluate import beside_panel, power_sums
from evenhand.evaluate.beside import month_of
from evenhand.evaluate.beside_series import Series
from evenhand.evaluate.beside_sums import FEWEST, NEAREST, expected_return
from evenhand.evaluate.power_sums import SOURCE, USUAL_CHANCE, Design, Noise, Seen
from evenhand.figures import Answer, Column, Figure, MadeFrom, MethodName, Table
from evenhand.figures.chart import BLUE, ORANGE, rows_of
from evenhand.terms import Month, Span, refuse
from evenhand.terms.words import counted, per_cent

METHOD_NAME = MethodName("evaluate power", "1", SOURCE)


@dataclass(frozen=True)
class Settings:
    """What would be asked of a programme, before it begins."""

    of: tuple[str, ...] = setting((), "Bodies with the programme", "their codes, with commas between", common=True)
    start: str | None = setting(None, "First month of the programme", "as 2028-04", common=True)
    smallest: float = setting(0.1, "Smallest share that matters", "as 0.1 for a tenth", common=True)
    months: int = setting(12, "Months from the start to the look", common=True)
    measure: str | None = setting(None, "Measure", "where the table holds several", common=True)
    design: Design = setting("beside others", "Design", common=True)
    prompted: str | None = setting(None, "Months whose figures prompted it", "as 2027-04/2028-03: left out of the "
                                   "months before")
    increase: bool = setting(False, "More is what is wanted")
    nearest: int = setting(NEAREST, "Bodies compared with")
    leave_out: tuple[str, ...] = setting((), "Bodies not compared with")
    confidence: float = setting(0.95, "How sure the range will be")
    seed: int = setting(1, "Seed", "of the drawing that checks the sum")

    def __post_init__(self) -> None:
        if not 0 < self.smallest < 1:
            raise refuse("a share lies between 0 and 1", "write 0.1 for a tenth", column="--smallest",
                         value=self.smallest)
        if not 1 <= self.months <= power_sums.MOST_MONTHS:
            raise refuse(f"a look comes 1 to {power_sums.MOST_MONTHS} months after the start", "write --months 24",
                         column="--months", value=self.months)
        if not 0.5 <= self.confidence < 1:
            raise refuse("a range is 0.5 to 0.999 sure", "0.95 is usual", column="--confidence", value=self.confidence)
        if self.seed < 0:
            raise refuse("a seed is 0 or more", "1 is usual", column="--seed", value=self.seed)
        if self.nearest < FEWEST:
            raise refuse(f"fewer than {FEWEST} others do not show how far chance moves a body", "write 10 or more",
                         column="--nearest", value=self.nearest)


@dataclass(frozen=True)
class Looked:
    """What can be seen: the noise it rests on, the sums, a drawn check, and what comes back by itself.

    ``by_itself`` is the log by which figures picked for standing out would come back without a programme.
    """

    noise: Noise
    seen: Seen
    drawn: float | None
    before: int
    gap: int
    after: int
    others: tuple[str, ...]
    by_itself: float | None


def looked(mine: Series, others: Mapping[str, Series], *, start: Month, prompted: Span | None, months: int,
           smallest: float, design: Design, down: bool = True, nearest: int = NEAREST, confidence: float = 0.95,
           seed: int = 1) -> Looked | str:
    """What can be seen by then, or why that cannot be told. Only figures from before the start are looked at."""
    last = (prompted.first if prompted else start).plus(-1)
    held = [month for month in mine.months if month <= last]
    if len(held) < power_sums.FEWEST_MONTHS:
        are = "is" if len(held) == 1 else "are"
        return f"only {counted(len(held), 'month')} before it {are} held" if held else "no month before it is held"
    # Whole years where there are any, as the comparison itself will take them.
    first = last.index - len(held) // 12 * 12 + 1 if len(held) >= 12 else held[0].index
    part = mine.between(Month.at(first), last)
    if len(part.months) < last.index - first + 1:
        return "a month before it is not held"
    if not all(part.numerators):
        return "some months before it count nought: too few are counted for a change to be seen in months"
    alike = [code for code, one in others.items() if one.between(Month.at(first), last).months == part.months
             and all(one.between(Month.at(first), last).numerators)]
    here = math.log(sum(part.denominators))
    alike = sorted(alike, key=lambda code: (abs(math.log(sum(others[code].between(
        Month.at(first), last).denominators)) - here), code))[:nearest]
    if design == "beside others" and len(alike) < FEWEST:
        return f"fewer than {FEWEST} bodies to be compared with have figures for every month before it"
    noise = power_sums.noise_before(mine, others, alike, first, last.index)
    if noise is None:
        return "its figures never vary, so there is nothing to judge chance by"
    gap = start.index - last.index - 1
    found = power_sums.seen(smallest, noise, before=len(part.months), gap=gap, after=months, design=design,
                            others=len(alike), down=down, confidence=confidence)
    log = -math.log(1 - smallest) if down else math.log(1 + smallest)
    drawn = power_sums.simulated(log, noise, before=len(part.months), gap=gap, after=months, others=len(alike),
                                 seed=seed, confidence=confidence) if design == "beside others" else None
    by = expected_return(mine, {code: others[code] for code in alike}, (Month.at(first), last),
                         (prompted.first, prompted.last)) if prompted else None
    return Looked(noise, found, drawn, len(part.months), gap, months, tuple(alike), by)


def _in_a_hundred(chance: float) -> str:
    """A chance as times in a hundred: never all of them, and never none."""
    times = round(100 * chance)
    return f"{'more than 99' if times >= 100 else 'less than 1' if times < 1 else times} times in a hundred"


def sentence_of(found: Looked, smallest: float, *, by: str, down: bool) -> str:
    """Can it be seen here by then, in a sentence; and if not, what could see it."""
    way = "lower" if down else "raise"
    said = (f"If it really does {way} the figure by {per_cent(smallest)}, this will show it "
            f"{_in_a_hundred(found.seen.chance)} {by}; the smallest change that would be shown four times in five is "
            f"{per_cent(found.seen.smallest)}.")
    needs = would_need(found)
    return f"{said} {needs}" if needs else said


def would_need(found: Looked) -> str | None:
    """What footprint or how long could see it; nothing where this can."""
    if found.seen.chance >= USUAL_CHANCE or found.seen.footprint is None:
        return None
    people = f"about {found.seen.footprint:.1f} times as many people, in more bodies together"
    if found.seen.months is None:
        return f"To see it would take {people}; waiting alone would not do."
    return f"To see it would take {people}, or {counted(found.seen.months, 'month')} from the start on."


def power(panel: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """The chance of seeing the smallest effect that matters by then, from how figures moved before the start.

    Args:
        panel: one row a body and month of one measure: ``unit``, ``month``, ``numerator``, ``denominator``.
        settings: which bodies, from when on, the smallest share that matters, the months until the look; single ones
            by keyword.
        options: single settings.

    Returns:
        An answer with ``chance``, ``smallest_seen`` (a share, seen four times in five), ``overdispersion`` and
        ``memory`` of the months before, and where the chance is less than four in five ``footprint`` (times the
        people) and ``months_needed``; ``by_itself`` is the share by which figures picked for standing out come back
        without any programme; ``curve`` has the chance by months and effect.

    Raises:
        Refused: missing columns, words for numbers, an unknown body, too few months before, a nought among them.

    Source:
        Bloom (1995), with the variance of means of neighbouring months after Box, Jenkins and Reinsel (1994).
    """
    chosen = with_options(Settings, settings, options)
    if not chosen.of or chosen.start is None:
        raise refuse("when would it begin?" if chosen.of else "which bodies would have the programme?",
                     "write --start 2028-04" if chosen.of else "write their codes: --of ZM01,ZM02",
                     column="--start" if chosen.of else "--of")
    start = month_of(chosen.start, "--start")
    assert start is not None
    data = tables.read(panel)
    series = next(iter(beside_panel.read(data, chosen.measure).values()), {})
    mine = beside_panel.together(series, chosen.of, "own")
    others = {code: one for code, one in series.items() if code not in (*chosen.of, *chosen.leave_out) and one.months}
    prompted = _span(chosen.prompted)
    found = looked(mine, others, start=start, prompted=prompted, months=chosen.months, smallest=chosen.smallest,
                   design=chosen.design, down=not chosen.increase, nearest=chosen.nearest,
                   confidence=chosen.confidence, seed=chosen.seed)
    if isinstance(found, str):
        raise refuse(f"what can be seen cannot be told: {found}", "give figures of more months before the start, or "
                     "of more bodies", file=data.name, column="--start", value=str(start))
    curve = _curve(found, chosen)
    fields = {
        "chance": found.seen.chance, "drawn_chance": found.drawn, "smallest_seen": found.seen.smallest,
        "standard_error": found.seen.error, "overdispersion": None if not found.noise.counted else
        found.noise.overdispersion, "memory": found.noise.memory, "months_before": found.before,
        "compared_with": list(found.others), "footprint": found.seen.footprint, "months_needed": found.seen.months,
        "by_itself": None if found.by_itself is None else math.expm1(found.by_itself), "curve": curve}
    table = Table.of(curve, [Column("months", "Months from the start", "count"),
                             Column("effect", "True change", "share"),
                             Column("chance", "Chance of seeing it", "share")],
                     title="Chance of seeing a change")
    return Answer(METHOD_NAME, settings_document(chosen), (MadeFrom(data.name, data.digest),),
                  sentence_of(found, chosen.smallest, by=f"in {counted(chosen.months, 'month')}",
                              down=not chosen.increase), fields, table, _remarks(found, chosen), draw=_draw)


def _span(text: str | None) -> Span | None:
    if text is None:
        return None
    first, _, last = text.partition("/")
    start, end = month_of(first, "--prompted"), month_of(last or first, "--prompted")
    assert start is not None
    assert end is not None
    if end < start:
        raise refuse("these months run backwards", "write it as 2027-04/2028-03", column="--prompted", value=text)
    return Span(start, end)


def _curve(found: Looked, chosen: Settings) -> list[dict[str, Any]]:
    rows = []
    for effect in sorted({round(chosen.smallest / 2, 4), chosen.smallest, min(0.9, round(chosen.smallest * 2, 4))}):
        for months in (3, 6, 9, 12, 18, 24, 36, 48, 60):
            one = power_sums.seen(effect, found.noise, before=found.before, gap=found.gap, after=months,
                                  design=chosen.design, others=len(found.others), down=not chosen.increase,
                                  confidence=chosen.confidence)
            rows.append({"months": months, "effect": effect, "chance": one.chance})
    return rows


def _remarks(found: Looked, chosen: Settings) -> tuple[str, ...]:
    said = [f"From {counted(found.before, 'month')} before the start"
            + (f", here and in {len(found.others)} others." if found.others else " here.")]
    if found.noise.counted:
        said.append(f"Months vary {found.noise.overdispersion:.1f} times as much as chance in counting alone would "
                    f"have them; what wanders resembles the month before by {found.noise.memory:.2f} of 1.")
    if found.drawn is not None:
        said.append(f"Drawn two thousand times (seed {chosen.seed}), it was seen {round(100 * found.drawn)} times in a "
                    "hundred.")
    if found.by_itself is not None and abs(found.by_itself) > 0.005:
        share = math.expm1(found.by_itself)
        said.append(f"Picked for standing out, figures here would be expected to {'fall' if share < 0 else 'rise'} by "
                    f"{per_cent(abs(share), digits=1)} by themselves: before and after would call that an effect.")
    return tuple(said)


def _draw(answer: Answer) -> tuple[Figure, ...]:
    rows = [{**row, "true": per_cent(row["effect"], digits=1), "share": 100 * row["chance"]}
            for row in answer.fields["curve"]]
    names = list(dict.fromkeys(row["true"] for row in rows))
    chart = {"width": 640, "height": 260, "layer": [
        {"mark": {"type": "line", "point": True}, "data": rows_of(rows), "encoding": {
            "x": {"field": "months", "type": "quantitative", "title": "Months from the start"},
            "y": {"field": "share", "type": "quantitative", "title": "Times in a hundred that it is seen",
                  "scale": {"domain": [0, 100]}},
            "color": {"field": "true", "type": "nominal", "title": "True change", "scale": {
                "domain": names, "range": [BLUE, "#005eb8", "#003087"][:len(names)]}},
            "strokeDash": {"field": "true", "type": "nominal", "title": "True change",
                           "scale": {"domain": names, "range": [[2, 2], [6, 3], [1, 0]][:len(names)]}}}},
        {"mark": {"type": "rule", "strokeDash": [2, 2], "color": ORANGE}, "data": {"values": [{"at": 80}]},
         "encoding": {"y": {"field": "at", "type": "quantitative"}}}]}
    return (Figure("power", "Can it be seen here by then?", answer.sentence, answer.table, chart),)


METHOD = Method(
    room="evaluate", name="power", title="Can it be seen here by then?",
    question="If the programme does what would matter, will these figures show it by then?",
    function=power, settings=Settings,
    inputs=(Input("panel", "a long table, one row a body and month", (
        InputColumn("unit", "the body's code (or code)"), InputColumn("month", "the month (or period)"),
        InputColumn("numerator", "what was counted or paid"), InputColumn("denominator", "out of how many"),
        InputColumn("measure", "which measure, where there are several", True))),),
    outputs=(
        Output("chance", "of seeing the smallest share that matters, 0 to 1"),
        Output("drawn_chance", "the same by drawing; null for the interrupted design"),
        Output("smallest_seen", "the smallest share that would be seen four times in five"),
        Output("standard_error", "of the change, as a log"),
        Output("overdispersion", "how many times counting alone the months vary; null where nothing is counted"),
        Output("memory", "how far what wanders resembles the month before"),
        Output("footprint", "times the people it would take; null where this can see it"),
        Output("months_needed", "months from the start it would take; null where this can, or five years could not"),
        Output("by_itself", "the share by which figures picked for standing out come back without any programme"),
        Output("months_before", "months before that it rests on; compared_with the bodies beside"),
        Output("curve", "chance by months and effect")),
    source=SOURCE, version="1",
    cannot_tell=("How far bodies drift apart over years: from one year before it, only months are seen to move.",
                 "What a programme will do: it says what would be seen if it does.",
                 "Anything where months count nought: too few are counted."),
    example="evaluate power sample:programmes --measure admissions --of A --start 2028-04 "
            "--prompted 2027-04/2028-03 --smallest 0.1 --months 24 --leave-out B", uses_chance=True)
