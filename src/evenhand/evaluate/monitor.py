"""Watching a programme as its figures come in, and stopping when they say so, however often one looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.evaluate import monitor_bounds as bounds
from evenhand.evaluate import monitor_show, times
from evenhand.evaluate.verdicts import written
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOURCE = ("Howard, Ramdas, McAuliffe and Sekhon (2021) Annals of Statistics 49(2): 1055-1080; Wang and Ramdas (2025) "
          "Sequential Analysis 44(1): 56-110 (spread not known); Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas "
          "(2024) Annals of Statistics 52(6): 2613-2640; Waudby-Smith and Ramdas (2024) Journal of the "
          "Royal Statistical Society B 86(1): 1-27 (values between bounds)")
METHOD_NAME = MethodName("evaluate monitor", "1", SOURCE)
BECAUSE: Mapping[str, str] = {
    "worked": "the whole range lies on the better side of nought, so it works",
    "harm": "the whole range lies on the worse side of nought, so it does harm",
    "no_worthwhile_effect": "the range ends short of the least effect that matters, so it does too little",
    "go_on": "the range still holds both nought and an effect that matters"}


@dataclass(frozen=True)
class Settings:
    """What is watched, and what would matter."""

    effect: float | None = setting(None, "Smallest effect that matters", "with its sign: -3 where less is better and a "
                                   "fall of 3 is worth having", common=True)
    baseline: str | None = setting(None, "What values are compared with", "a number, or the column that holds what was "
                                   "expected; nought where the values are differences already", common=True)
    value: str = setting("value", "Column of the values", common=True)
    time: str = setting("date", "Column of the time", "rows are taken in the order of the table where it is not there")
    sequence: Literal["student", "normal", "bounded"] = setting(
        "student", "Kind of range", "student: spread not known; normal: spread known (--spread), or many values; "
        "bounded: values cannot leave two bounds (--bounds)", common=True)
    spread: float | None = setting(None, "Standard deviation, where known", "for normal: from years before, not from "
                                   "these values")
    bounds: tuple[float, ...] = setting((), "Bounds of the values", "the lowest and the highest that there can be: 0,1")
    confidence: float = setting(0.95, "How sure the ranges are", "all of them together, at every look")
    tightest: int = setting(24, "Look at which the range is narrowest", "about as many as are planned", unit="looks")
    rho: float | None = setting(None, "Mixing parameter (rho)", "in place of --tightest")
    least: int = setting(6, "Values before it may stop", unit="values")
    neighbours: bool = setting(True, "Widen where neighbours resemble each other", "by the correlation of each value "
                               "with the one before")
    label: str | None = setting(None, "What is measured", "for the sentence and the figure")

    def __post_init__(self) -> None:
        if self.effect == 0:
            raise refuse("an effect that matters is not nought", "give the smallest change worth having, with its sign",
                         column="--effect", value=self.effect)
        if not 0.5 <= self.confidence < 1:
            raise refuse("a range is 0.5 to 0.999 sure", "0.95 is usual", column="--confidence", value=self.confidence)
        if not 2 <= self.tightest <= 100_000:
            raise refuse("the range is narrowest after 2 looks to 100,000", "24 is two years of months",
                         column="--tightest", value=self.tightest)
        if self.rho is not None and not 1e-6 <= self.rho <= 1e6:
            raise refuse("the mixing parameter lies above nought", "leave it out for the usual one", column="--rho",
                         value=self.rho)
        if not 2 <= self.least <= 1000:
            raise refuse("two values are needed at the least", "6 is usual", column="--least", value=self.least)
        if self.spread is not None and not self.spread > 0:
            raise refuse("a standard deviation lies above nought", "leave it out where it is not known",
                         column="--spread", value=self.spread)
        if self.spread is not None and self.sequence != "normal":
            raise refuse("a known spread is for --sequence normal", "add it, or leave --spread out", column="--spread",
                         value=self.spread)
        if (self.sequence == "bounded") != bool(self.bounds) or len(self.bounds) not in (0, 2) or (
                self.bounds and not self.bounds[0] < self.bounds[1]):
            raise refuse("bounds are the lowest and the highest value there can be, for --sequence bounded",
                         "write --sequence bounded --bounds 0,1", column="--bounds",
                         value=",".join(f"{each:g}" for each in self.bounds))


def monitor(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """Whether what has come in so far is enough to stop, and why; the ranges hold at every look at once.

    Args:
        table: one row a value as it arrived: ``value``, and where there is one the ``date``; dates order the rows.
        settings: the smallest effect that matters, with its sign, and what is allowed for; single ones by keyword.

    Returns:
        An answer with ``rows`` (a row a look: estimate, interval, verdict), ``may_stop``, ``because``, and the first
        look at which it might have stopped.

    Raises:
        Refused: no effect is given, a column is missing, a cell is no number or date, a date stands twice, or a value
            lies outside its bounds.

    Source:
        See ``monitor_bounds`` beside this module: the chance that any of the ranges, ever, leaves out the true mean is
        5% (1 - confidence) or less, so that stopping at the first that decides is honest. It is taken that the values
        scatter about one mean; student and normal take them as roughly normal, and all as not depending on each other.
    """
    chosen = with_options(Settings, settings, options)
    if chosen.effect is None:
        raise refuse("what is the smallest effect that matters?", "give it with its sign, such as --effect -3",
                     column="--effect")
    data = tables.read(table)
    values, base, labels, rhythm, remarks = _read(data, chosen)
    estimate, half, resembling = _ranges(values, base, chosen)
    rows = _rows(values - base, estimate, half, labels, chosen)
    last = rows[-1]
    first = next((row for row in rows if row["verdict"] != "go_on"), None)
    flat = bool((values - base == (values - base)[0]).all())
    fields: dict[str, Any] = {
        "rows": rows, "may_stop": last["verdict"] != "go_on", "verdict": last["verdict"],
        "because": _because(last, chosen, flat), "estimate": last["estimate"], "interval": last["interval"],
        "effect": chosen.effect, "looks": len(rows), "rhythm": rhythm,
        "first_stop": None if first is None else {"look": first["look"], "date": first["date"],
                                                  "verdict": first["verdict"]},
        "neighbours": float(resembling[-1]),
        "rho": _rho(chosen) if chosen.sequence != "bounded" else None}
    doubts = _doubts(fields, values - base, flat, chosen)
    fields["doubts"] = [code for code, _ in doubts]
    label = chosen.label or chosen.value.replace("_", " ")
    return Answer(method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(data.name, data.digest),),
                  sentence=_sentence(fields, label), fields=fields, table=_table(rows, label),
                  remarks=(*remarks, *(words for _, words in doubts)), draw=monitor_show.monitor)


def _rho(chosen: Settings) -> float:
    return chosen.rho or bounds.usual_rho(1 - chosen.confidence, chosen.tightest)


def _read(data: tables.Table, chosen: Settings
          ) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str], str, list[str]]:
    """Values in order of time, what each is compared with, their labels and rhythm."""
    import numpy as np

    data.require(chosen.value)
    values = data.numbers(chosen.value, empty=float("nan"))
    base = np.zeros(len(values))
    if chosen.baseline is not None:
        try:
            base = np.full(len(values), float(chosen.baseline.replace(",", "")))
        except ValueError:
            data.require(chosen.baseline)
            base = data.numbers(chosen.baseline, empty=float("nan"))
    kept = ~np.isnan(values) & ~np.isnan(base)
    remarks = []
    if not kept.all():
        lost = int((~kept).sum())
        remarks.append(f"{counted(lost, 'row')} without a value {'was' if lost == 1 else 'were'} left out.")
    if not kept.any():
        raise refuse("no row has a value", "give at least one", file=data.name, column=chosen.value)
    order = np.flatnonzero(kept)
    rhythm = "number"
    labels = [str(place + 1) for place in range(len(order))]
    if chosen.time in data:
        dates = times.read(data, chosen.time)
        order = order[np.argsort(dates.places[order], kind="stable")]
        same = np.flatnonzero(np.diff(dates.places[order]) == 0) + 1
        if len(same):
            raise Refused(Problem(f"row {int(data.row_numbers[order[at - 1]])} gives this date already",
                                  "keep one of the two, or choose one series with --where COLUMN=VALUE", data.name,
                                  int(data.row_numbers[order[at]]), chosen.time, str(dates.labels[order[at]]))
                          for at in same[:1000])
        labels = [str(each) for each in dates.labels[order]]
        rhythm = times.Times(dates.kind, dates.places[order], dates.labels[order]).rhythm()
    elif chosen.time != "date":
        data.require(chosen.time)
    if chosen.bounds:
        low, high = chosen.bounds
        data.refuse_rows(kept & ((values < low) | (values > high)), "this value lies outside its bounds",
                         "correct it, or widen --bounds", column=chosen.value)
        if np.ptp(base[order]) > 0:
            raise refuse("with bounds, values are compared with one number", "give a number as the baseline",
                         column="--baseline", value=chosen.baseline)
    return values[order], base[order], labels, rhythm, remarks


def _ranges(values: NDArray[np.float64], base: NDArray[np.float64], chosen: Settings
            ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Estimate, half-width and how much neighbours resemble each other, after each value."""
    import numpy as np

    level = 1 - chosen.confidence
    gained = values - base
    looks = np.arange(1.0, len(values) + 1)
    resembling = bounds.resemblance(gained) if chosen.neighbours else np.zeros(len(values))
    if chosen.sequence == "bounded":
        low, high = chosen.bounds
        estimate, half = bounds.bounded(values, low, high, level)
        estimate = estimate - base
    else:
        estimate = np.cumsum(gained) / looks
        running = bounds.running_spread(gained)
        if chosen.sequence == "student":
            half = bounds.student_half_width(looks, running, level, _rho(chosen))
        else:
            spread = running if chosen.spread is None else chosen.spread
            half = bounds.normal_half_width(looks, spread, level, _rho(chosen))
    return estimate, half * np.sqrt((1 + resembling) / (1 - resembling)), resembling


def _rows(gained: NDArray[np.float64], estimate: NDArray[np.float64], half: NDArray[np.float64], labels: Sequence[str],
          chosen: Settings) -> list[dict[str, Any]]:
    from math import isfinite

    rows = []
    # Values that are all alike show no scatter to judge chance by; a range of no width would be false.
    dust = 1e-9 * float(abs(gained).max())
    for place, (value, middle, reach) in enumerate(zip(gained.tolist(), estimate.tolist(), half.tolist(), strict=True)):
        interval = [middle - reach, middle + reach] if isfinite(reach) and reach > dust else None
        verdict = "go_on" if interval is None or place + 1 < chosen.least else _verdict(interval, chosen.effect or 0.0)
        rows.append({"look": place + 1, "date": labels[place], "value": value, "estimate": middle, "interval": interval,
                     "verdict": verdict})
    return rows


def _verdict(interval: Sequence[float], effect: float) -> str:
    """What a range says of an effect that matters; too little comes before some."""
    way = 1 if effect > 0 else -1
    near, far = sorted((way * interval[0], way * interval[1]))
    if far < 0:
        return "harm"
    if far < abs(effect):
        return "no_worthwhile_effect"
    return "worked" if near > 0 else "go_on"


def _because(last: Mapping[str, Any], chosen: Settings, flat: bool) -> str:
    if flat and last["interval"] is None:
        return "the values do not vary, so that nothing shows how far chance reaches"
    if last["look"] < chosen.least:
        return (f"{counted(last['look'], 'value')} {'is' if last['look'] == 1 else 'are'} too few: {chosen.least} are "
                "wanted before it may stop")
    if last["interval"] is None:
        return "so few values bound nothing yet"
    return BECAUSE[last["verdict"]]


def _doubts(fields: Mapping[str, Any], gained: NDArray[np.float64], flat: bool, chosen: Settings
            ) -> list[tuple[str, str]]:
    found = []
    many = len(gained)
    clear = 2 / many ** 0.5  # two standard errors
    if fields["neighbours"] > clear:
        found.append(("resembling_neighbours", "Values resemble the one before (correlation "
                      f"{fields['neighbours']:.2f}): the range was widened for it, roughly."))
    if not chosen.neighbours and bounds.resemblance(gained)[-1] > clear:
        found.append(("resembling_neighbours", "Values resemble the one before, and the range does not allow for it: "
                      "it is too narrow."))
    if many >= 8 and not flat and chosen.sequence != "bounded" and _lopsided(gained):
        found.append(("lopsided", "The values are lopsided, with a long tail on one side: the range may leave out the "
                      "truth two or three times as often as stated. Where they have bounds, use --sequence bounded; "
                      "otherwise judge their logarithms."))
    if many >= 12 and not flat:
        half = many // 2
        early, late = gained[:half], gained[half:]
        error = (early.var(ddof=1) / len(early) + late.var(ddof=1) / len(late)) ** 0.5
        way = 1 if fields["effect"] > 0 else -1
        if way * (early.mean() - late.mean()) > 2.5 * error:
            found.append(("wearing_off", f"It may be wearing off: {written(float(early.mean()))} on average over the "
                          f"first half, {written(float(late.mean()))} over the second."))
    if chosen.sequence == "normal" and chosen.spread is None and many < 30:
        found.append(("few_values", "With the spread taken from these values themselves, this range holds for many "
                      f"looks only; after {counted(many, 'value')} --sequence student is the honest one."))
    if chosen.baseline is not None:
        found.append(("baseline_taken_as_known", "What the values are compared with is taken as known; where it was "
                      "itself estimated from few figures, the truth is less sure than this."))
    first = fields["first_stop"]
    if first is not None and first["look"] < fields["looks"]:
        same = first["verdict"] == fields["verdict"]
        found.append(("could_have_stopped", f"It might have stopped at look {first['look']} of {fields['looks']}"
                      " already" + ("." if same else f", and said {first['verdict'].replace('_', ' ')} then.")))
    return found


def _lopsided(values: NDArray[np.float64]) -> bool:
    """Whether the skewness of the values is more than chance: beyond two standard errors of a normal sample's."""
    centred = values - values.mean()
    skew = float((centred ** 3).mean() / (centred ** 2).mean() ** 1.5)
    return bool(abs(skew) > 2 * (6 / len(values)) ** 0.5)


def _sentence(fields: Mapping[str, Any], label: str) -> str:
    ones = counted(fields["looks"], "value" if fields["rhythm"] == "number" else times.ONE_OF[fields["rhythm"]])
    stands = f"After {ones} the effect on {label} stands at {written(fields['estimate'])}"
    if fields["interval"] is not None:
        low, high = fields["interval"]
        stands += f" (range {written(low)} to {written(high)}, which holds however often one looks)"
    wanted = f"where {written(fields['effect'])} is what matters"
    verdict = "It may stop" if fields["may_stop"] else "Go on"
    return f"{stands}, {wanted}. {verdict}: {fields['because']}."


def _table(rows: Sequence[Mapping[str, Any]], label: str) -> Table:
    shown = [{**row, "range": None if row["interval"] is None else tuple(row["interval"]),
              "words": row["verdict"].replace("_", " ")} for row in rows]
    return Table.of(shown, [
        Column("look", "Look", "rank"), Column("date", "Date"), Column("value", f"{label}, less baseline", "number"),
        Column("estimate", "Effect so far", "number"), Column("range", "Range", "interval"),
        Column("words", "What it says")], title="Look by look")


METHOD = Method(
    room="evaluate", name="monitor", title="Watching as figures come in",
    question="Is what has come in so far enough to stop, or must we go on?",
    function=monitor, settings=Settings,
    inputs=(Input("table", "a table with one row a value as it arrived", (
        InputColumn("value", "the value, or the column named by --value"),
        InputColumn("date", "the time, or the column named by --time", optional=True))),),
    outputs=(
        Output("rows", "look, date, value (less the baseline), estimate, interval (null while nothing is bounded yet), "
               "verdict"),
        Output("may_stop", "whether the latest look decides"),
        Output("because", "why, in words"),
        Output("verdict", "worked, no_worthwhile_effect, harm, go_on"),
        Output("estimate", "the mean so far, less the baseline; interval beside it"),
        Output("first_stop", "look, date and verdict of the first look that decided; null where none did"),
        Output("neighbours", "correlation of values with the one before, for which the range was widened"),
        Output("doubts", "codes of the doubts that the remarks put in words: resembling_neighbours, lopsided, "
               "wearing_off, few_values, baseline_taken_as_known, could_have_stopped")),
    source=SOURCE, version="1",
    cannot_tell=(
        "What caused the difference: values are set against a baseline, and whatever else moved them counts too.",
        "An effect that comes and goes: the range is for the mean of all values so far.",
        "How sure the baseline itself is; it is taken as known.",
        "More than roughly where values resemble their neighbours: the range is then widened by a rule of thumb.",
        "As much as stated where values have a long tail on one side, as waiting times do; then it says so."),
    example="evaluate monitor sample:visits-by-month --effect -3 --baseline expected --value visits --time month")
