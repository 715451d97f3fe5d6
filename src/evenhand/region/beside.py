"""Did a programme change anything? Its bodies beside others that had no such programme, and whether it lasted."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any, Literal

from evenhand.data import engine
from evenhand.evaluate import interrupted
from evenhand.evaluate.beside_sums import (
    CONFIDENCE,
    FEWEST,
    FEWEST_MONTHS,
    NEAREST,
    SOURCE,
    Changes,
    Stretches,
    changes,
)
from evenhand.figures import Answer, Column, Figure, MadeFrom, MethodName, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, rows_of
from evenhand.region.folder import Watch
from evenhand.region.job import Job
from evenhand.region.series import ENGLAND, Series, series_of
from evenhand.region.watching import Watched
from evenhand.terms import Estimate, Month, refuse
from evenhand.terms.words import counted, figure, listed, per_cent, pounds_roughly

METHOD = MethodName("run beside others", "1", SOURCE)
OWN, OTHERS = "own", "others"
HALF = 0.5
"""Less than this share of what was promised is not what was promised; less than this of a first year has worn off."""

Verdict = Literal["worked", "did not work", "cannot tell"]


def answered(job: Job, watch: Watch) -> Watched:
    """Answer one question of the kind ``beside others``. Raises ``Refused`` where the folder leaves out a month."""
    if watch.start is None:
        raise refuse("when did it begin?", "add start = \"2028-04\" to the question", file="region.toml",
                     column=watch.id)
    rows = [row for row in _rows(job, watch) if row["unit"] != ENGLAND]
    mine = series_of([{**row, "unit": OWN} for row in rows if row["unit"] in watch.of], OWN, watch.figures[0].title)
    away = {str(row["unit"]) for row in rows} - set(watch.of) - set(job.folder.region.bodies)
    by_unit: dict[str, list[dict[str, Any]]] = {code: [] for code in away}
    for row in rows:
        if row["unit"] in by_unit:
            by_unit[row["unit"]].append(row)
    others = {code: series_of(held, code, watch.figures[0].title) for code, held in by_unit.items()}
    stretches = stretches_of(watch, mine)
    if isinstance(stretches, str):
        return _cannot_tell(watch, mine, stretches)
    found = changes(mine, others, stretches)
    if found is None:
        return _cannot_tell(watch, mine, f"fewer than {FEWEST} bodies without such a programme have figures for every "
                                         "month compared")
    return _told(job, watch, mine, others, stretches, found)


def _rows(job: Job, watch: Watch) -> list[dict[str, Any]]:
    version = watch.figures[0]
    found = engine.observations(job.workspace, measure=[watch.measure], source=version.source,
                                vintage=version.vintage or "",
                                first=Month.parsed(watch.first) if watch.first else None,
                                last=Month.parsed(watch.last) if watch.last else None)
    return list(found.to_pylist())


def stretches_of(watch: Watch, mine: Series) -> Stretches | str:
    """The months to be compared, or why they cannot be."""
    assert watch.start is not None
    start = Month.parsed(watch.start)
    if not mine.months or mine.months[-1] < start:
        return "nothing is held from the start on"
    first, last = mine.months[0], mine.months[-1]
    before = (watch.prompted.first if watch.prompted else start).plus(-1)
    months = before.index - first.index + 1
    if months < FEWEST_MONTHS:
        held = "only " + counted(months, "month") if months > 0 else "no month"
        return f"{held} before {'the year that prompted it' if watch.prompted else 'the start'} is held"
    # Whole years where there are any, so that the same seasons stand on both sides.
    whole = before.index - months // 12 * 12 + 1 if months >= 12 else first.index
    end_of_first = min(start.plus(11), last)
    later = (start.plus(12), last) if last.index - start.index >= 12 + FEWEST_MONTHS - 1 else None
    return Stretches((Month.at(whole), before), (start, end_of_first), later, (start, last))


def verdict_of(found: Changes, *, down: bool, promised: float | None) -> tuple[Verdict, bool | None, str]:
    """The verdict, whether it lasted, and why. ``down`` says whether less is what was wanted.

    Worked: clear of nought on the wanted side, in all or in the first year. Wore off: clear in the first year, less
    than half of that left after it, and the loss is itself clear. Did not work: even the best end of the range is less
    than half of what was promised. Anything else cannot be told.
    """
    side = -1.0 if down else 1.0
    whole, first = found.whole.scaled(side), found.first_year.scaled(side)
    later = found.later.scaled(side) if found.later else None
    wore_off = found.wore_off.scaled(side) if found.wore_off else None
    if (first.low > 0 and later is not None and wore_off is not None and wore_off.high < 0
            and later.central < HALF * first.central):
        return "worked", False, "clear in its first year, and less than half of that was left after it"
    if whole.low > 0:
        if later is None or later.low <= 0:
            return "worked", None, "clear beside others; whether it lasts cannot be told yet"
        return "worked", True, "clear beside others, in its first year and after it"
    if promised is not None:
        hoped = _log(promised, down=down) * HALF
        if whole.high < hoped:
            return "did not work", None, (f"even the best end of the range is less than half of the "
                                          f"{per_cent(promised)} that was promised")
    return "cannot tell", None, "the range holds both no change and a good part of what was promised"


def _log(share: float, *, down: bool) -> float:
    """A promised share as a log on the wanted side."""
    return -math.log(1 - share) if down else math.log(1 + share)


def _told(job: Job, watch: Watch, mine: Series, others: dict[str, Series], stretches: Stretches,
          found: Changes) -> Watched:
    down = watch.direction != "increase"
    verdict, lasted, because = verdict_of(found, down=down, promised=watch.promised)
    where = job.name(watch.of[0]) if len(watch.of) == 1 else f"The {counted(len(watch.of), 'body', 'bodies')}"
    about = job.measures[watch.measure]
    sentence = _sentence(watch, where, about.title, stretches, found, lasted)
    seen = sum(mine.between(*stretches.whole).numerators)
    averted = _averted(found.whole, seen, down=down)
    money = about.numerator_unit == "pounds"
    written = pounds_roughly if money else figure
    wanted = "fewer" if down and not money else "less" if down else "more"
    if verdict == "worked" and lasted is not False:
        sentence += (f" That is about {written(averted.central)} {wanted}{'' if money else ' ' + about.numerator_unit} "
                     f"over {counted(stretches.whole[1].index - stretches.whole[0].index + 1, 'month')} (range "
                     f"{written(averted.low)} to {written(averted.high)}).")
    answer = _answer(job, watch, mine, others, stretches, found, sentence)
    past = _own_past(watch, mine)
    remarks = [f"Compared with the {len(found.others)} bodies nearest in size that belong to no programme here.",
               *_prompting(watch, mine, others, stretches, found)]
    if past is not None:
        remarks.append(f"Judged by its own past alone, the prompting year included: {past.sentence}")
    answers = {"beside others": answer, **({"own past": past} if past is not None else {})}
    return Watched(watch, verdict, because, sentence, (mine,), tuple(remarks), answers, (), found=averted,
                   units=f"{about.numerator_unit} {wanted}", lasted=lasted)


def _averted(whole: Estimate, seen: float, *, down: bool) -> Estimate:
    """The numerator that did not come about (or came besides, where more was wanted), with its range."""
    sign = 1.0 if down else -1.0
    low, high = sorted(sign * seen * math.expm1(-each) for each in (whole.low, whole.high))
    return Estimate(sign * seen * math.expm1(-whole.central), low, high)


def _share(change: Estimate) -> str:
    """18% below (range 12% to 24% below), or: 2% above (range 5% below to 9% above)."""
    def one(log: float) -> str:
        return f"{per_cent(abs(math.expm1(log)), digits=1)} {'below' if log < 0 else 'above'}"

    return f"{one(change.central)} (range {one(change.low)} to {one(change.high)})"


def _sentence(watch: Watch, where: str, title: str, stretches: Stretches, found: Changes, lasted: bool | None) -> str:
    span = f"from {stretches.whole[0].words} to {stretches.whole[1].words}"
    base = f"as it was to {stretches.before[1].words} and as it changed in {len(found.others)} bodies like it"
    if lasted is False and found.later is not None:
        return (f"{where}: {title.lower()} ran {_share(found.first_year)} what was to be expected, {base}, in the "
                f"first year, and {_share(found.later)} after it: it wore off.")
    return f"{where}: {title.lower()} ran {_share(found.whole)} what was to be expected {span}, {base}."


def _prompting(watch: Watch, mine: Series, others: dict[str, Series], stretches: Stretches,
               found: Changes) -> list[str]:
    """Whether the year that prompted it stood out from the year before: then some of it goes by itself."""
    if watch.prompted is None:
        return []
    prompted = Stretches(stretches.before, (watch.prompted.first, watch.prompted.last), None,
                         (watch.prompted.first, watch.prompted.last))
    left = {code: others[code] for code in found.others}
    rise = changes(mine, left, prompted)
    if rise is None or not rise.whole.excludes_zero:
        return []
    return [f"The year that prompted it ({watch.prompted.words}) ran {_share(rise.whole)} what was to be expected: "
            "some of what follows is a return to the usual, and no baseline here holds that year."]


def _own_past(watch: Watch, mine: Series) -> Answer | None:
    """An interrupted series by the body's own past, as a second opinion; nothing where its past is too short."""
    assert watch.start is not None
    start = Month.parsed(watch.start)
    if start.index - mine.months[0].index < 12:
        return None
    table = {"month": [str(each) for each in mine.months], "value": list(mine.values)}
    return interrupted(table, outcome="value", time="month", start=str(start), family="gaussian", errors="newey-west",
                       label="the figure")


def _answer(job: Job, watch: Watch, mine: Series, others: dict[str, Series], stretches: Stretches, found: Changes,
            sentence: str) -> Answer:
    rows = [{"stretch": name, "from": str(months[0]), "to": str(months[1]), "change": math.expm1(each.central),
             "range": (math.expm1(each.low), math.expm1(each.high))}
            for name, months, each in (("the whole time", stretches.whole, found.whole),
                                       ("its first year", stretches.first_year, found.first_year),
                                       ("after that", stretches.later, found.later))
            if months is not None and each is not None]
    table = Table.of(rows, [Column("stretch", "Over"), Column("from", "From"), Column("to", "To"),
                            Column("change", "Change beside others", "share"), Column("range", "Range", "interval")],
                     title=job.title(watch.measure))
    fields = {"changes": {**{name: None if each is None else {"log": each.central, "interval": [each.low, each.high]}
                             for name, each in (("whole", found.whole), ("first_year", found.first_year),
                                                ("later", found.later), ("wore_off", found.wore_off))},
                          "stretches": {name: None if months is None else [str(month) for month in months]
                                        for name, months in asdict_of(stretches).items()},
                          "compared_with": list(found.others)}}
    pooled = _pooled(others, found.others, mine)
    return Answer(METHOD, {"of": list(watch.of), "start": watch.start, "measure": watch.measure,
                           "confidence": CONFIDENCE, "nearest": NEAREST},
                  tuple(MadeFrom(each.what, each.digest) for each in job.made_from(
                      sorted({version.source for version in watch.figures} | {"observations"}))),
                  sentence, fields, table,
                  draw=lambda answer: (_figure(watch, job, mine, pooled, stretches, sentence),))


def asdict_of(stretches: Stretches) -> dict[str, tuple[Month, Month] | None]:
    """The stretches by name."""
    return {name: getattr(stretches, name) for name in asdict(stretches)}


def _pooled(others: dict[str, Series], chosen: tuple[str, ...], mine: Series) -> Series:
    rows = [{"unit": OTHERS, "month": str(month), "numerator": top, "denominator": under}
            for code in chosen for month, top, under in zip(others[code].months, others[code].numerators,
                                                            others[code].denominators, strict=True)]
    return series_of(rows, OTHERS, mine.source)


def _figure(watch: Watch, job: Job, mine: Series, pooled: Series, stretches: Stretches, sentence: str) -> Figure:
    """Both series month by month, each with its own months before taken as 100."""
    place = job.name(watch.of[0]) if len(watch.of) == 1 else f"{listed([job.name(code) for code in watch.of])} together"
    rows = [{"place": name, "month": str(month), "day": month.first_day().isoformat(),
             "index": 100 * value / _level(one, stretches)}
            for name, one in ((place, mine), ("Bodies like it, together", pooled))
            for month, value in zip(one.months, one.values, strict=True)]
    table = Table.of(rows, [Column("place", "Place"), Column("month", "Month"),
                            Column("index", "Months before taken as 100", "number")], title=job.title(watch.measure))
    assert watch.start is not None
    rules = [{"day": Month.parsed(watch.start).first_day().isoformat()}]
    x = {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%b %Y", "tickCount": 8}}
    names = [place, "Bodies like it, together"]
    chart = {"width": 640, "height": 280, "layer": [
        {"mark": {"type": "line"}, "data": rows_of(rows), "encoding": {
            "x": x, "y": {"field": "index", "type": "quantitative", "title": "Months before taken as 100",
                          "scale": {"zero": False}},
            "color": {"field": "place", "type": "nominal", "title": None,
                      "scale": {"domain": names, "range": [BLUE, GREY]}},
            "strokeDash": {"field": "place", "type": "nominal", "title": None,
                           "scale": {"domain": names, "range": [[1, 0], [6, 3]]}}}},
        {"mark": {"type": "rule", "strokeDash": [2, 2], "color": ORANGE}, "data": {"values": rules},
         "encoding": {"x": {"field": "day", "type": "temporal"}}}]}
    return Figure(f"beside others {watch.id}", job.title(watch.measure), sentence, table, chart)


def _level(one: Series, stretches: Stretches) -> float:
    part = one.between(*stretches.before)
    return sum(part.numerators) / sum(part.denominators)


def _cannot_tell(watch: Watch, mine: Series, why: str) -> Watched:
    return Watched(watch, "cannot tell", why, f"Whether it changed anything cannot be told: {why}.", (mine,), (), {},
                   ())
