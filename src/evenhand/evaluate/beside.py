"""Did a programme change anything? Its bodies beside others that had no such programme, and whether it lasted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.evaluate import beside_panel, beside_show
from evenhand.evaluate.beside_checks import Checked, checks, pooled, share_words
from evenhand.evaluate.beside_series import Series
from evenhand.evaluate.beside_sums import (
    CONFIDENCE,
    NEAREST,
    SOURCE,
    Asked,
    Changes,
    Stretches,
    Told,
    answered,
    as_share,
    averted,
    expected_return,
)
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import Estimate, Month, Span, refuse
from evenhand.terms.words import counted, listed, per_cent

METHOD_NAME = MethodName("evaluate beside", "1", SOURCE)
OWN = "own"
VERDICT_WORDS = {"worked": "It worked", "did not work": "It did not work", "faded": "It worked at first, and faded",
                 "cannot tell": "It cannot be told"}


@dataclass(frozen=True)
class Settings:
    """What is asked of a body beside others."""

    of: tuple[str, ...] = setting((), "Bodies with the programme", "their codes, with commas between; taken together",
                                  common=True)
    start: str | None = setting(None, "First month of the programme", "as 2028-04", common=True)
    measure: str | None = setting(None, "Measure", "where the table holds several", common=True)
    direction: Literal["decrease", "increase"] = setting("decrease", "Which way is wanted", common=True)
    prompted: str | None = setting(None, "Months whose figures prompted it", "as 2027-04/2028-03: they belong to no "
                                   "months before, because high figures come down by themselves", common=True)
    promised: float | None = setting(None, "Share promised", "as 0.2 for a fifth", common=True)
    smallest: float | None = setting(None, "Smallest share that matters", "half of what was promised unless told")
    ramp: int = setting(0, "Months until it was wholly there", "for a check without them")
    leave_out: tuple[str, ...] = setting((), "Bodies not compared with", "those that had such a programme too")
    nearest: int = setting(NEAREST, "Bodies compared with", "the nearest in size")
    confidence: float = setting(CONFIDENCE, "How sure the ranges are")
    first: str | None = setting(None, "First month used", option="from")
    last: str | None = setting(None, "Last month used", option="to")

    def __post_init__(self) -> None:
        for option, share in (("--promised", self.promised), ("--smallest", self.smallest)):
            if share is not None and not 0 < share < 1:
                raise refuse("a share lies between 0 and 1", "write 0.2 for a fifth", column=option, value=share)
        if not 0.5 <= self.confidence < 1:
            raise refuse("a range is 0.5 to 0.999 sure", "0.95 is usual", column="--confidence", value=self.confidence)
        if self.nearest < 10:
            raise refuse("fewer than 10 others do not show how far chance moves a body", "write 10 or more",
                         column="--nearest", value=self.nearest)
        if not 0 <= self.ramp <= 24:
            raise refuse("a ramp is 0 to 24 months", "write the months until it was wholly there", column="--ramp",
                         value=self.ramp)


def beside(panel: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """How far bodies moved from where the change of others like them would have left them, and whether it lasted.

    Args:
        panel: one row a body and month of one measure: ``unit``, ``month``, ``numerator``, ``denominator``.
        settings: which bodies, from when on, which way is wanted; single ones by keyword.
        options: single settings.

    Returns:
        An answer with ``verdict`` (worked, did not work, faded, cannot tell), ``changes`` over the whole time, its
        first year and after it (shares of what was to be expected, and their logs), ``averted`` in units of the
        numerator, and ``checks``: the same question asked in other ways.

    Raises:
        Refused: missing columns, words for numbers, negative figures, a body and month that stand twice, two
            definitions in one series, an unknown body or measure, a start outside the figures.

    Source:
        Abadie, Diamond and Hainmueller (2010): a change beside the changes of bodies left alone, its range that of one
        more of them; Barnett, van der Pols and Dobson (2005): no baseline holds the months that prompted it.
    """
    chosen = with_options(Settings, settings, options)
    if not chosen.of or chosen.start is None:
        missing = "--start" if chosen.of else "--of"
        raise refuse("when did it begin?" if chosen.of else "which bodies had the programme?",
                     "write --start 2028-04" if chosen.of else "write their codes: --of ZM01,ZM02", column=missing)
    asked = asked_of(chosen)
    data = tables.read(panel)
    series = next(iter(beside_panel.read(data, chosen.measure, first=month_of(chosen.first, "--from"),
                                         last=month_of(chosen.last, "--to")).values()), {})
    mine = beside_panel.together(series, chosen.of, OWN)
    refuse_outside(mine, asked.start, data.name)
    others = {code: one for code, one in series.items() if code not in (*chosen.of, *chosen.leave_out) and one.months}
    told = answered(mine, others, asked)
    found = checks(mine, others, asked, told)
    place = listed(list(chosen.of)) if len(chosen.of) < 4 else f"The {counted(len(chosen.of), 'body', 'bodies')}"
    fields = {**document(mine, others, asked, told, found), "start": str(asked.start),
              "title": (chosen.measure or "The figure").replace("_", " ").capitalize(),
              "series": rows_for(mine, others, told, place)}
    return Answer(METHOD_NAME, settings_document(chosen), (MadeFrom(data.name, data.digest),),
                  sentence_of(place, asked, told), fields, changes_table(told),
                  (*remarks_of(mine, others, asked, told), *(f"Check, {each.name}: {_small(each.sentence)}"
                                                             for each in found)),
                  draw=beside_show.beside, more_tables=(checks_table(found),))


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def asked_of(chosen: Settings) -> Asked:
    """What is asked, from settings. Raises ``Refused`` for what is no month or span."""
    start = month_of(chosen.start, "--start")
    assert start is not None
    prompted = None
    if chosen.prompted:
        first, _, last = chosen.prompted.partition("/")
        try:
            prompted = Span(Month.parsed(first), Month.parsed(last or first))
        except ValueError:
            raise refuse("this is no span of months", "write it as 2027-04/2028-03", column="--prompted",
                         value=chosen.prompted) from None
        if start <= prompted.last:
            raise refuse("the months that prompted it lie before its start", "write those before the start",
                         column="--prompted", value=chosen.prompted)
    smallest = chosen.smallest if chosen.smallest is not None or chosen.promised is None else chosen.promised / 2
    return Asked(start, prompted, chosen.direction == "decrease", chosen.promised, smallest, chosen.ramp,
                 chosen.nearest, chosen.confidence)


def month_of(text: str | None, option: str) -> Month | None:
    """A month as a person types it. Raises ``Refused`` for what is none."""
    if text is None:
        return None
    try:
        return Month.parsed(text)
    except ValueError:
        raise refuse("this is not a month", "write it as 2028-04", column=option, value=text) from None


def refuse_outside(mine: Series, start: Month, name: str) -> None:
    """Refuse a start before the first month held, or after the last."""
    if not mine.months or start <= mine.months[0] or mine.months[-1] < start:
        held = f"from {mine.months[0].words} to {mine.months[-1].words}" if mine.months else "in no month"
        raise refuse("the start lies outside the figures", f"figures are held {held}; the start must lie between",
                     file=name, column="--start", value=str(start))


def document(mine: Series, others: dict[str, Series], asked: Asked, told: Told,
             found: tuple[Checked, ...]) -> dict[str, Any]:
    """The fields of the answer that a finding keeps too."""
    known, stretches = told.changes, told.stretches
    return {
        "verdict": told.verdict, "lasted": told.lasted, "because": told.because,
        "changes": {name: None if each is None else changed(each) for name, each in _four(known)},
        "stretches": {name: None if stretches is None or (months := getattr(stretches, name)) is None else
                      [str(each) for each in months] for name in ("before", "first_year", "later", "whole")},
        "compared_with": list(known.others) if known else [],
        "rank": _rank(known, down=asked.down),
        "averted": _ranged(averted_of(mine, known, stretches, down=asked.down)),
        "by_itself": None if (by := by_itself(mine, others, told, asked)) is None else math.expm1(by),
        "checks": [{"name": each.name, "sentence": each.sentence, "agrees": each.agrees,
                    **({"change": each.effect.central, "range": [each.effect.low, each.effect.high]}
                       if each.effect else {"change": None, "range": None})} for each in found]}


def _four(known: Changes | None) -> list[tuple[str, Estimate | None]]:
    names = ("whole", "first_year", "later", "wore_off")
    return [(name, getattr(known, name) if known else None) for name in names]


def changed(each: Estimate) -> dict[str, Any]:
    """A change as log and as share, with the range of each."""
    share = as_share(each)
    return {"log": each.central, "interval": [each.low, each.high], "share": share.central,
            "share_interval": [share.low, share.high]}


def _ranged(each: Estimate | None) -> dict[str, Any] | None:
    return None if each is None else {"value": each.central, "interval": [each.low, each.high]}


def averted_of(mine: Series, known: Changes | None, stretches: Stretches | None, *, down: bool) -> Estimate | None:
    """The numerator spared (or gained) over the whole time, with its range; ``None`` where it cannot be told."""
    if known is None or stretches is None:
        return None
    return averted(known.whole, sum(mine.between(*stretches.whole).numerators), down=down)


def _rank(known: Changes | None, *, down: bool) -> dict[str, int] | None:
    """Where the body stands among those left alone, 1 the farthest on the wanted side: a check without a bell curve."""
    if known is None:
        return None
    side = -1 if down else 1
    return {"rank": 1 + sum(side * each > side * known.whole.central for each in known.placebos),
            "of": 1 + len(known.placebos)}


def by_itself(mine: Series, others: dict[str, Series], told: Told, asked: Asked) -> float | None:
    """The log of the fall to be expected by itself after months picked for being high; ``None`` if none prompted it."""
    if asked.prompted is None or told.stretches is None or told.changes is None:
        return None
    return expected_return(mine, {code: others[code] for code in told.changes.others}, told.stretches.before,
                           (asked.prompted.first, asked.prompted.last))


def sentence_of(place: str, asked: Asked, told: Told, title: str = "the figure") -> str:
    """The answer in one sentence, with its range."""
    if told.changes is None or told.stretches is None:
        return f"Whether it changed anything cannot be told: {told.because}."
    base = (f"as it was to {told.stretches.before[1].words} and as it changed in {len(told.changes.others)} bodies "
            "like it")
    if told.verdict == "faded" and told.changes.later is not None:
        return (f"{place}: {title} ran {share_words(as_share(told.changes.first_year))} what was to be expected, "
                f"{base}, in the first year, and {share_words(as_share(told.changes.later))} after it: it wore off.")
    return (f"{place}: {title} ran {share_words(as_share(told.changes.whole))} what was to be expected from "
            f"{told.stretches.whole[0].words} to {told.stretches.whole[1].words}, {base}.")


def remarks_of(mine: Series, others: dict[str, Series], asked: Asked, told: Told) -> list[str]:
    """What a reader must know beside the sentence."""
    found = [f"{VERDICT_WORDS[told.verdict]}: {told.because}."]
    if told.changes is None:
        return found
    rank = _rank(told.changes, down=asked.down)
    assert rank is not None
    found.append(f"Among itself and the {len(told.changes.others)} bodies nearest in size that were left alone it "
                 f"moved {'farthest' if rank['rank'] == 1 else 'as number ' + str(rank['rank'])} of {rank['of']} in "
                 "the direction wanted.")
    by = by_itself(mine, others, told, asked)
    if by is not None and asked.prompted is not None and abs(math.expm1(by)) >= 0.005:
        found.append(f"After a year picked for standing out ({asked.prompted.words}), figures here would be expected "
                     f"to {'fall' if by < 0 else 'rise'} by {per_cent(abs(math.expm1(by)), digits=1)} by themselves: "
                     "before and after would call that an effect.")
    return found


def rows_for(mine: Series, others: dict[str, Series], told: Told, place: str) -> list[dict[str, Any]]:
    """Rows for the figure: indexed where something was compared; else the body's own, its first month as 100."""
    if told.changes is not None and told.stretches is not None:
        return beside_show.indexed(mine, pooled(others, told.changes.others), told.stretches, place)
    first = next((value for value in mine.values if value), None)
    return [{"place": place, "month": str(month), "day": month.first_day().isoformat(),
             "index": 100 * value / first if first else value}
            for month, value in zip(mine.months, mine.values, strict=True)]


def changes_table(told: Told) -> Table:
    """Over which months, how far, in which range."""
    rows = []
    if told.changes is not None and told.stretches is not None:
        for name, title in (("whole", "the whole time"), ("first_year", "its first year"), ("later", "after that")):
            months, each = getattr(told.stretches, name), getattr(told.changes, name)
            if months is not None and each is not None:
                share = as_share(each)
                rows.append({"stretch": title, "from": str(months[0]), "to": str(months[1]), "change": share.central,
                             "range": (share.low, share.high)})
    if not rows:
        rows = [{"stretch": "the whole time", "from": None, "to": None, "change": None, "range": None}]
    return Table.of(rows, [Column("stretch", "Over"), Column("from", "From"), Column("to", "To"),
                           Column("change", "Change beside others", "share"), Column("range", "Range", "interval")],
                    title="Change beside others")


def checks_table(found: tuple[Checked, ...]) -> Table:
    """Every check with its estimate and whether it agrees."""
    words = {True: "agrees", False: "disagrees", None: "cannot tell"}
    rows = [{"check": each.name, "says": each.sentence, "agrees": words[each.agrees]} for each in found]
    return Table.of(rows, [Column("check", "Asked in another way"), Column("says", "What it says"),
                           Column("agrees", "Beside the answer")], title="Checks")


METHOD = Method(
    room="evaluate", name="beside", title="A programme beside others",
    question="Did these bodies change more than others like them that had no such programme, and did it last?",
    function=beside, settings=Settings,
    inputs=(Input("panel", "a long table, one row a body and month", (
        InputColumn("unit", "the body's code (or code)"), InputColumn("month", "the month (or period)"),
        InputColumn("numerator", "what was counted or paid"), InputColumn("denominator", "out of how many"),
        InputColumn("measure", "which measure, where there are several", True),
        InputColumn("vintage", "which release or definition; a series may have one only", True))),),
    outputs=(
        Output("verdict", "worked, did not work, faded, cannot tell"), Output("because", "why"),
        Output("lasted", "whether it lasted; null where that cannot be told"),
        Output("changes", "whole, first_year, later, wore_off: log and interval, share and share_interval (below "
                          "nought where it ran below what was to be expected)"),
        Output("stretches", "the months compared: before, first_year, later, whole"),
        Output("compared_with", "the bodies it was set beside"),
        Output("rank", "its place among them, 1 the farthest on the wanted side"),
        Output("averted", "the numerator spared (or gained), with its interval"),
        Output("by_itself", "the share by which it would be expected to come back by itself after a year that was "
                            "picked for standing out"),
        Output("checks", "name, sentence, change, range, agrees: the same question asked in other ways"),
        Output("series", "the rows of the figure")),
    source=SOURCE, version="1",
    cannot_tell=(
        "Whether something else began in the same bodies at the same time.",
        "Anything from fewer than 6 months before, or from fewer than 10 bodies to be compared with.",
        "Whether the others were touched by the programme too: then the difference is too small.",
        "Which of several things that were done together did it."),
    example="evaluate beside sample:programmes --measure admissions --of A --start 2028-04 "
            "--prompted 2027-04/2028-03 --promised 0.2 --leave-out B")
