"""Funnel plots: which units differ from the rest by more than chance, the small ones judged as small ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.figures import Answer, MadeFrom, MethodName
from evenhand.find import funnel_sums as sums
from evenhand.find import funnel_words as words
from evenhand.find import show_funnel
from evenhand.find.funnel_units import Units, read_units
from evenhand.terms import refuse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

SOURCE = ("Spiegelhalter (2005), Statistics in Medicine 24:1185-1202 and Quality and Safety in Health Care 14:347-351;"
          " Association of Public Health Observatories (2008), Technical Briefing 2, as kept by PHEindicatormethods 2.1"
          "; overdispersion as in FunnelPlotR 0.6, after the Summary Hospital-level Mortality Indicator and the Care "
          "Quality Commission")
NAME = MethodName("find funnel", "1", SOURCE)
LEVELS = ((0.998, "998"), (0.95, "95"))


@dataclass(frozen=True)
class Settings:
    """What is plotted, and how much units may differ before it counts."""

    kind: Literal["proportion", "rate", "ratio", "count-ratio"] = setting(
        "proportion", "What is compared", "proportion: part of a whole; rate: events for so many people; ratio: "
        "observed over expected; count-ratio: one count over another", common=True)
    overdispersion: Literal["none", "additive"] = setting(
        "none", "Allowance for real differences between units", "additive widens the limits by how far units differ "
        "anyway; none takes chance as the only reason", common=True)
    transform: Literal["shmi", "cqc"] | None = setting(
        None, "National form of the allowance", "shmi: logarithms, the extremes left out; cqc: roots, the extremes "
        "drawn in; shmi unless told. Given without an allowance, the unadjusted limits of that form")
    per: float | None = setting(None, "So many people a rate is for", "100,000 for a rate, 1 for the others; 100 makes "
                                "percentages")
    trim: float = setting(0.1, "Share of units at each end that the spread is not judged by", "between 0 and 0.5")
    target: float | None = setting(None, "Value to compare with", "in the units of the answer; the overall value "
                                   "unless told, as expected for a ratio")
    at: tuple[float, ...] = setting((), "Sizes to give the limits at", "denominators; events for a ratio or a rate")
    years: float = setting(1.0, "Years that the events were counted over", "a grid for rates gives people a year")
    confidence: tuple[float, ...] = setting((0.95, 0.998), "Confidence of the limits", "between 0 and 1")

    def __post_init__(self) -> None:
        for option, value in (("--per", self.per), ("--target", self.target), ("--years", self.years)):
            if value is not None and value <= 0:
                raise refuse("this must be above nought", "give a positive number", column=option, value=f"{value:g}")
        if not 0 <= self.trim < 0.5:
            raise refuse("the share left out at each end lies between 0 and 0.5", "write --trim 0.1", column="--trim",
                         value=f"{self.trim:g}")
        for each in self.at:
            if each <= 0:
                raise refuse("a size must be above nought", "write --at 100,1000", column="--at", value=f"{each:g}")
        for each in self.confidence:
            if not 0 < each < 1:
                raise refuse("a confidence lies between 0 and 1", "write 0.95 for 95%", column="--confidence",
                             value=f"{each:g}")
        if not self.confidence:
            raise refuse("no confidence is given", "write --confidence 0.95,0.998", column="--confidence")
        if self.kind == "proportion" and self.target is not None and self.target >= (self.per or 1):
            raise refuse("a share lies below the whole", "give a target below 1, or below --per", column="--target",
                         value=f"{self.target:g}")


def funnel(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """Which units lie outside the limits of chance around the overall value, each judged by its own size.

    Args:
        table: one row a unit: ``unit`` (the row's number where there is none), ``numerator`` (events, ``observed``)
            and ``denominator`` (people, or ``expected``). A table of rates may give ``rate`` in place of a
            denominator.
        settings: all settings; single ones may be given by keyword (``kind="ratio"``).
        **options: settings by name.

    Returns:
        ``rows`` in the table's order with ``value`` and ``limits`` in units of ``per``, and ``signal``: ``low_998``,
        ``low_95``, ``none``, ``high_95``, ``high_998``. ``dispersion`` is 1 where only chance is at work;
        ``tau_squared`` the variance between units on the transformed scale, 0 where none is allowed for.

    Raises:
        Refused: missing columns, words for numbers, negative counts, doubled units, a part above its whole, and
            fewer than three units where an allowance is asked.

    Source: without allowance and without ``transform``, the conventions of English public health (APHO Technical
    Briefing 2; PHEindicatormethods 2.1): the signal by a unit's own Wilson, exact (below 10 events) or Byar's
    interval. With an allowance, Spiegelhalter (2005), equations for random effects, in the form of the national
    mortality indicator (shmi) or of the Care Quality Commission (cqc), as FunnelPlotR 0.6 computes them; where the
    dispersion is not above 1, signals are by the unadjusted limits, as there.
    """
    import numpy as np

    given = with_options(Settings, settings, options)
    data = tables.read(table)
    chosen = _filled_in(given)
    assert chosen.per is not None
    units = read_units(data, chosen.kind, chosen.per)
    target = _target(units, chosen, data.name)
    top, bottom = units.numerator[units.placed], units.denominator[units.placed]
    transform = chosen.transform or "shmi"
    judged = len(top) >= sums.FEWEST_TO_JUDGE_SPREAD
    found = sums.spread(chosen.kind, transform, top, bottom, target, chosen.trim) if judged else None
    if chosen.overdispersion == "additive" and (found is None or found.used < sums.FEWEST_TO_JUDGE_SPREAD):
        raise refuse("too few units to see how far they differ by more than chance",
                     f"give at least {sums.FEWEST_TO_JUDGE_SPREAD}, or say --overdispersion none", file=data.name)
    tau_squared = found.tau_squared if found is not None and chosen.overdispersion == "additive" else 0.0
    limits = {level: limits_at(bottom, level, chosen, target, tau_squared) for level in chosen.confidence}
    unadjusted = {} if chosen.overdispersion == "none" else {
        level: sums.limits_without_spread(chosen.kind, transform, bottom, target, level)
        for level in chosen.confidence}
    dispersion = found.dispersion if found is not None else None
    adjusted = chosen.overdispersion == "additive" and dispersion is not None and dispersion > 1
    signal = _signals(top, bottom, chosen, target, tau_squared if adjusted else None)
    rows: list[dict[str, Any]] = []
    places = np.cumsum(units.placed) - 1
    for each, name in enumerate(units.names):
        row: dict[str, Any] = {"unit": name, "numerator": float(units.numerator[each]),
                               "denominator": float(units.denominator[each])}
        if not units.placed[each]:
            rows.append({**row, "value": None, "limits": None, "signal": None, **({"z": None} if unadjusted else {}),
                         **({"unadjusted_limits": None} if unadjusted else {}), "remark": _why_not(units, each)})
            continue
        place = int(places[each])
        row |= {"value": float(top[place] / bottom[place] * chosen.per),
                "limits": _pairs(limits, place, chosen.per), "signal": signal[place]}
        if found is not None and unadjusted:
            row |= {"unadjusted_limits": _pairs(unadjusted, place, chosen.per), "z": float(found.z[place])}
        rows.append({**row, "remark": None})
    fields: dict[str, Any] = {
        "target": target * chosen.per, "dispersion": dispersion, "tau_squared": tau_squared,
        "units_used": found.used if found is not None else 0,
        "signal_by": "adjusted limits" if adjusted else "unadjusted limits", "rows": rows}
    if chosen.at:
        fields["grid"] = _grid(chosen, target, tau_squared, by_tails=given.transform is None)
    fields["curve"] = _curve(bottom, chosen, target, tau_squared if adjusted else None)
    return Answer(NAME, settings_document(chosen), (MadeFrom(data.name, data.digest),),
                  words.sentence(fields, chosen), fields, words.table(rows, chosen),
                  (*units.remarks, *words.remarks(fields, settings_document(chosen))), draw=show_funnel.funnel,
                  more_tables=words.grid_table(fields, chosen))


def _filled_in(chosen: Settings) -> Settings:
    per = chosen.per if chosen.per is not None else 100_000.0 if chosen.kind == "rate" else 1.0
    transform = chosen.transform or ("shmi" if chosen.overdispersion == "additive" else None)
    return replace(chosen, per=per, transform=transform)


def _target(units: Units, chosen: Settings, file: str) -> float:
    """The value that units are set against, in plain units."""
    assert chosen.per is not None
    if chosen.target is not None:
        return chosen.target / chosen.per
    if chosen.kind == "ratio":
        return 1.0
    target = float(units.numerator[units.placed].sum() / units.denominator[units.placed].sum())
    if target == 0 or (chosen.kind == "proportion" and target == 1):
        what = "no events at all" if target == 0 else "nothing but events"
        raise refuse(f"there are {what}, so nobody can differ", "give units that differ, or a --target", file=file)
    return target


def limits_at(denominator: Floats, level: float, chosen: Settings, target: float,
              tau_squared: float | None) -> tuple[Floats, Floats]:
    """The limits in force at these denominators, in plain units; ``tau_squared`` missing for unadjusted ones."""
    if chosen.transform is None:
        return sums.limits_by_tails(chosen.kind, denominator, target, level)
    if chosen.overdispersion == "none" or tau_squared is None:
        return sums.limits_without_spread(chosen.kind, chosen.transform, denominator, target, level)
    return sums.limits_by_transform(chosen.kind, chosen.transform, denominator, target, tau_squared, level)


def _signals(top: Floats, bottom: Floats, chosen: Settings, target: float, tau_squared: float | None) -> list[str]:
    signal = ["none"] * len(top)
    for level, name in reversed(LEVELS):
        sides = (sums.outside_by_interval(chosen.kind, top, bottom, target, level) if chosen.transform is None else
                 sums.outside(top / bottom, limits_at(bottom, level, chosen, target, tau_squared)))
        for place, side in enumerate(sides):
            if side:
                signal[place] = f"{'high' if side > 0 else 'low'}_{name}"
    return signal


def _pairs(limits: dict[float, tuple[Floats, Floats]], place: int, per: float) -> dict[str, list[float]]:
    return {f"{level:g}": [float(low[place]) * per, float(high[place]) * per]
            for level, (low, high) in limits.items()}


def _why_not(units: Units, place: int) -> str:
    if units.numerator[place] != units.numerator[place]:
        return "the number of events is missing"
    return "there is no denominator, or it is nought"


def _grid(chosen: Settings, target: float, tau_squared: float, *, by_tails: bool) -> list[dict[str, Any]]:
    """Limits at the sizes asked for: by denominator, or by events where public health publishes them so."""
    import numpy as np

    assert chosen.per is not None
    size = np.array(chosen.at, dtype=float)
    if chosen.kind in ("proportion", "count-ratio") or not by_tails or chosen.overdispersion == "additive":
        limits = {level: limits_at(size, level, chosen, target, tau_squared) for level in chosen.confidence}
        return [{"at": float(each), "of": "denominator", "target": target * chosen.per,
                 "limits": _pairs(limits, place, chosen.per)} for place, each in enumerate(size)]
    expected = {level: sums.expected_on_limits(size, level) for level in chosen.confidence}
    limits = {level: (size / low * target, size / high * target) for level, (low, high) in expected.items()}
    bottom = {level: (low / target / chosen.years, high / target / chosen.years)
              for level, (low, high) in expected.items()}
    return [{"at": float(each), "of": "events", "target": target * chosen.per,
             "limits": _pairs(limits, place, chosen.per), "denominators": _pairs(bottom, place, 1.0)}
            for place, each in enumerate(size)]


def _curve(bottom: Floats, chosen: Settings, target: float, tau_squared: float | None) -> list[dict[str, Any]]:
    """The lines of the plot: limits from just below the smallest unit to just above the largest."""
    import numpy as np

    assert chosen.per is not None
    ends = float(bottom.min()) * 0.9, float(bottom.max()) * 1.05
    size = np.unique(np.concatenate((np.geomspace(*ends, 50), np.linspace(*ends, 30))))
    limits = {level: limits_at(size, level, chosen, target, tau_squared) for level in chosen.confidence}
    return [{"denominator": float(each), "limits": _pairs(limits, place, chosen.per)}
            for place, each in enumerate(size)]


METHOD = Method(
    room="find", name="funnel", title="Funnel plot",
    question="Which places differ from the rest by more than chance?",
    function=funnel, settings=Settings,
    inputs=(Input("table", "one row a unit: what happened, and out of how much", (
        InputColumn("unit", "name or code of the unit; the row's number where there is none", optional=True),
        InputColumn("numerator", "events (observed will do)"),
        InputColumn("denominator", "people, the whole, or the expected number (expected will do)"),
        InputColumn("rate", "for a rate without a denominator: events for --per people", optional=True))),),
    outputs=(
        Output("target", "the value units are set against"),
        Output("dispersion", "mean squared distance from it in standard errors: 1 where only chance is at work"),
        Output("tau_squared", "variance between units on the transformed scale; 0 where none is allowed for"),
        Output("units_used", "units that the dispersion was judged by"),
        Output("signal_by", "adjusted limits or unadjusted limits: what signals were judged by"),
        Output("rows", "unit, numerator, denominator, value, limits (by confidence: low and high), signal (low_998, "
               "low_95, none, high_95, high_998), remark; with an allowance also unadjusted_limits and z"),
        Output("curve", "the limits from the smallest unit to the largest, as drawn"),
        Output("grid", "limits at the sizes of --at: at, of (denominator or events), limits, denominators",
               sometimes=True)),
    source=SOURCE, version="1",
    cannot_tell=(
        "Why a unit lies outside: differences in who is ill, in how things are counted and in care all do it.",
        "Which unit is best: inside the limits the order is mostly chance.",
        "Whether all is well where no unit lies outside: all may be equally bad.",
        "What is usual where an allowance is made: wider limits take past differences for granted."),
    example="find funnel sample:funnel --kind proportion --per 100")
