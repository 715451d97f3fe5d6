"""What happened afterwards: a question of the region's folder, answered from its series as a careful reader would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.evaluate import interrupted, spc
from evenhand.figures import Answer, Column, Figure, Table
from evenhand.region import show
from evenhand.region.folder import Watch
from evenhand.region.series import ENGLAND, Measured, Series
from evenhand.terms import Estimate, Month
from evenhand.terms.words import counted, listed, per_cent

FEW_BEFORE = 12
"""With fewer months before a change, a series says nothing reliable about what it would have done by itself."""


@dataclass(frozen=True)
class Watched:
    """The answer to one question: verdict, reasons, a sentence, and everything it rests on."""

    watch: Watch
    verdict: str
    because: str
    sentence: str
    series: tuple[Series, ...]
    remarks: tuple[str, ...]
    answers: Mapping[str, Answer]
    figures: tuple[Figure, ...]
    found: Estimate | None = None
    units: str | None = None
    lasted: bool | None = None


def answered(watch: Watch, series: Mapping[str, tuple[Series, ...]], measured: Measured,
             names: Callable[[str], str]) -> Watched:
    """Answer one question. ``series`` holds, for each source, the bodies' series and the one beside them."""
    by_kind = {"lasted": _lasted, "interrupted": _interrupted, "turning point": _turned}
    return by_kind[watch.kind](watch, series, measured, names)


# --- did it stop, and stay stopped? -----------------------------------------------------------------------------------


def _lasted(watch: Watch, series: Mapping[str, tuple[Series, ...]], measured: Measured,
            names: Callable[[str], str]) -> Watched:
    """The first month held, the month it had settled, the highest since; then the later years beside England."""
    assert watch.settled is not None
    settled = Month.parsed(watch.settled)
    first_source, *later_sources = (each.title for each in watch.figures)
    here = next(each for each in series[first_source] if each.unit in watch.of)
    began, began_at = here.months[0], here.numerators[0]
    then, _ = here.at(settled)
    since = here.between(settled, None)
    highest = max(since.numerators)
    highest_month = since.months[since.numerators.index(highest)]
    held = highest < watch.stopped_below * began_at
    sentence = (f"In {names(here.unit)} it fell from {measured.written(began_at)} in {began.words} to "
                f"{measured.written(then)} in {settled.words}")
    sentence += (f", and from then to {since.months[-1].words} no month passed {measured.written(highest)} "
                 f"({highest_month.words})." if held else
                 f", but rose again, to {measured.written(highest)} in {highest_month.words}.")
    later = [_beside(watch, series[each], measured, names) for each in later_sources]
    remarks = [*(remark for _, remark in later if remark), *_elsewhere(watch, series[first_source], names),
               *_marked(watch),
               "The months before the decision are not held: the series begins one month after it. How much of the "
               "fall had already happened cannot be seen.",
               "Two definitions of the measure are kept apart, because they disagree on the months they share."
               if later_sources else "Spending is seen here, not patients: what people eat, buy or go without is not."]
    low = [share for share, _ in later if share is not None]
    lasted = held and all(share < watch.stopped_below for share in low)
    share = f"{per_cent(watch.stopped_below)} of the first month held"
    return Watched(
        watch, "worked" if lasted else "did not work" if not held else "cannot tell",
        f"every month since {settled.words} stayed below {share}" if held else
        f"a month since {settled.words} passed {share}",
        sentence + "".join(f" {said}" for said in _later_sentences(later)),
        tuple(each for source in (each.title for each in watch.figures) for each in series[source]), tuple(remarks),
        {f"chart, {each.unit}": _chart(each, watch, measured) for each in series[first_source]},
        (show.beside(watch, series, measured, names),), lasted=lasted)


def _later_sentences(later: list[tuple[float | None, str]]) -> list[str]:
    return [said for share, said in later if share is not None]


def _beside(watch: Watch, both: tuple[Series, ...], measured: Measured,
            names: Callable[[str], str]) -> tuple[float | None, str]:
    """The last whole year here as a share of the one beside it, and the sentence that says so."""
    here = next(each for each in both if each.unit in watch.of)
    beside = next((each for each in both if each.unit == watch.beside), None)
    years = [year for year in range(here.months[0].year, here.months[-1].year + 1) if here.rate(year) is not None]
    if beside is None or not years or beside.rate(years[-1]) is None:
        return None, ""
    ours, theirs = here.rate(years[-1]), beside.rate(years[-1])
    assert ours is not None
    assert theirs is not None
    return ours / theirs, (
        f"In {years[-1]}, by the later definition, {names(here.unit)} spent {measured.written(ours)} {measured.unit} "
        f"and {watch.beside} {measured.written(theirs)}.")


def _elsewhere(watch: Watch, both: tuple[Series, ...], names: Callable[[str], str]) -> list[str]:
    """Whether the comparison fell too: then not all of the fall is the decision's."""
    assert watch.settled is not None
    beside = next((each for each in both if each.unit == watch.beside), None)
    if beside is None:
        return []
    first, settled = beside.values[0], beside.values[beside.months.index(Month.parsed(watch.settled))]
    return [f"{watch.beside} as a whole fell by {per_cent(1 - settled / first)} over the same months: not all of the "
            "fall need be due to this decision."]


def _marked(watch: Watch) -> list[str]:
    return [f"{Month.parsed(each.month).words}: {each.what[:1].lower()}{each.what[1:]}." for each in watch.marks]


# --- how large was the change? ----------------------------------------------------------------------------------------


def _interrupted(watch: Watch, series: Mapping[str, tuple[Series, ...]], measured: Measured,
                 names: Callable[[str], str]) -> Watched:
    """An interrupted series by the body's own past; a short past gives no size, and says so."""
    assert watch.start is not None
    here = next(each for each in series[watch.figures[0].title] if each.unit in watch.of)
    start = Month.parsed(watch.start)
    before = here.between(None, start.plus(-1))
    charts = {f"chart, {here.unit}": _chart(here, watch, measured)}
    if len(before.months) < FEW_BEFORE:
        held = counted(len(before.months), "month")
        return Watched(
            watch, "cannot tell", f"only {held} before the change {'is' if len(before.months) == 1 else 'are'} held",
            f"How much less was spent because of the decision cannot be told from {names(here.unit)}'s own past: only "
            f"{held} before {start.words} {'is' if len(before.months) == 1 else 'are'} held, and at least "
            f"{FEW_BEFORE} are needed.", (here,),
            ("An earlier series for the four bodies before January 2018 would allow it: gluten-free foods by "
             "clinical commissioning group, from the practice level prescribing data of 2015 to 2017.",), charts, ())
    answer = _fitted(here, start)
    said = answer.fields.get("averted") or {}
    return Watched(watch, "worked" if _below(said) else "cannot tell", "by the body's own past", answer.sentence,
                   (here,), answer.remarks, {**charts, f"interrupted, {here.unit}": answer}, answer.figures)


def _below(said: Mapping[str, Any]) -> bool:
    low, _ = (said.get("interval") or (0, 0))
    return bool(low and low > 0)


def _fitted(one: Series, start: Month) -> Answer:
    table = {"month": [str(each) for each in one.months], "value": list(one.values)}
    return interrupted(table, outcome="value", time="month", start=str(start), family="gaussian", slope=True,
                       errors="newey-west")


# --- did the trend turn? ----------------------------------------------------------------------------------------------


def _turned(watch: Watch, series: Mapping[str, tuple[Series, ...]], measured: Measured,
            names: Callable[[str], str]) -> Watched:
    """The slope before and after a date, for each body and beside them; a turn seen everywhere proves no cause."""
    assert watch.start is not None
    start = Month.parsed(watch.start)
    every = series[watch.figures[0].title]
    answers: dict[str, Answer] = {}
    turned: list[tuple[str, bool]] = []
    rows: list[dict[str, Any]] = []
    for one in every:
        fit = _fitted(one, start)
        answers[f"interrupted, {one.unit}"] = fit
        answers[f"chart, {one.unit}"] = _chart(one, watch, measured)
        slope = next(each for each in fit.fields["coefficients"] if each["term"] == "slope_change")
        reach = 1.96 * slope["standard_error"]
        change = Estimate(slope["estimate"] * 12, (slope["estimate"] - reach) * 12, (slope["estimate"] + reach) * 12)
        was, now = one.between(None, start.plus(-1)).values[-1], one.values[-1]
        rows.append({"place": names(one.unit), "before": was, "last": now, "change": (change.low, change.high),
                     "slope_change": change.central})
        down = change.high < 0 if watch.direction == "decrease" else change.low > 0
        turned.append((one.unit, down))
    bodies = [names(unit) for unit, down in turned if down and unit != watch.beside]
    everywhere = all(down for _, down in turned)
    of = len([unit for unit, _ in turned if unit != watch.beside])
    england = next((row for row in rows if row["place"] == names(ENGLAND)), None)
    way = "fell" if watch.direction == "decrease" else "rose"
    sentence = (f"From {start.words} the share {way} faster than before in {len(bodies)} of the {of} bodies"
                + (f" ({listed(bodies)})" if 0 < len(bodies) < of else "")
                + (f"; in {ENGLAND} it went from {per_cent(england['before'])} in {start.plus(-1).words} to "
                   f"{per_cent(england['last'])} in {every[0].months[-1].words}." if england else ".")
                + _already(rows, england, start)
                + " What caused it cannot be told: no place was left untouched.")
    table = Table.of(rows, [Column("place", "Place"), Column("before", "Share the month before", "share"),
                            Column("last", "Share in the last month", "share"),
                            Column("slope_change", "Change of slope, a year", "number"),
                            Column("change", "Range", "interval")], title=measured.title)
    return Watched(
        watch, "cannot tell",
        ("the turn is seen in every place at once, and no place was untouched" if everywhere else
         "the turn is not seen everywhere, and no place was untouched"), sentence, tuple(every),
        (*watch.doubts, *_bent_before(answers, names, start)), answers,
        (show.places(watch, every, measured, names, table, sentence),))


def _bent_before(answers: Mapping[str, Answer], names: Callable[[str], str], start: Month) -> list[str]:
    """Where the line was bending before the date: a straight one carried on is then not what would have happened."""
    bent = [names(name.removeprefix("interrupted, ")) for name, fit in answers.items()
            if "bend_before" in fit.fields.get("doubts", ())]
    return [f"Before {start.words} the line was already bending in {listed(bent)}: part of the fall was under way."
            ] if bent else []


def _already(rows: list[dict[str, Any]], england: dict[str, Any] | None, start: Month) -> str:
    """Whether the bodies stood on England's better side before the date: then they had begun earlier."""
    own = [row for row in rows if row is not england]
    if england is None or not own:
        return ""
    below = [row["place"] for row in own if row["before"] < england["before"]]
    which = "all of them" if len(below) == len(own) else listed(below)
    return f" In {start.plus(-1).words}, before it, {which} stood below {ENGLAND} already." if below else ""


def _chart(one: Series, watch: Watch, measured: Measured) -> Answer:
    """The control chart of one series; money as the month's total, shares as shares."""
    values = one.numerators if measured.is_money and one.unit != ENGLAND else one.values
    table = {"date": [f"{month}-01" for month in one.months], "value": list(values),
             "series": [one.unit] * len(values)}
    return spc(table, direction=watch.direction, label=measured.title)
