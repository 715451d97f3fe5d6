"""Where a body should look first: its measures set against those of others, and how sure we are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.figures import Answer, MadeFrom, MethodName
from evenhand.find import gap_answer, gap_figures, gap_remarks, gap_sums
from evenhand.find.bodies import Bodies, published_bodies, read_bodies
from evenhand.find.gap_answer import Findings
from evenhand.find.measures import MeasureNote, are_stocks, overlaps, published_notes, read_measures
from evenhand.find.panel import INPUT as PANEL
from evenhand.find.panel import USUAL_MONTHS, Panel, read_panel, span_of
from evenhand.terms import refuse
from evenhand.terms.period import Span
from evenhand.terms.words import listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOURCE = ("Difference and its range: Newcombe (1998), Zou and Donner (2008); month-to-month dispersion: McCullagh and "
          "Nelder (1989), Smyth (2004); shrinkage: Marshall (1991); many looks: Benjamini and Hochberg (1995); "
          "what is likely and lasts: Efron and Morris (1975), Efron (2010), Large-Scale Inference, chapter 5; why they "
          "are needed: Dropkin (2017), Journal of Public Health, fdx136")
NAME = MethodName("find gaps", "2", SOURCE)
ALL = "all"


@dataclass(frozen=True)
class Settings:
    """Whose gaps, against what, over which months."""

    of: str = setting(ALL, "Body", "its code, or “all”", common=True)
    measure: str | None = setting(None, "Measure", "only this one")
    against: Literal["median", "best-decile", "peers", "national"] = setting(
        "median", "Against", "the middle of all bodies, their best tenth, the middle of named peers, or all together",
        common=True)
    peers: tuple[str, ...] = setting((), "Peers", "codes, for --against peers")
    from_month: str | None = setting(None, "First month", "2016-04; or a year, 2016/17 or 2025; without it, the last "
                                     "twelve months held", option="from", common=True)
    to_month: str | None = setting(None, "Last month", "2017-03", option="to", common=True)
    direction: Literal["low", "high"] | None = setting(
        None, "Which way is good", "low or high, for every measure; without it, what the table of measures says, or "
        "low")
    smallest: float = setting(0.0, "Smallest body compared", "least mean denominator in the panel's own units, such as "
                              "30000 registered patients; applies to stocks")
    denominator: Literal["auto", "stock", "flow"] = setting(
        "auto", "Kind of denominator", "stock: a year's numerator over the mean denominator (registered patients); "
        "flow: sum over sum (items of items); auto: told by whether it moves from month to month")
    per: float = setting(1.0, "So many of the denominator a value is for", "1000 where it counts single patients")
    confidence: tuple[float, ...] = setting((0.95,), "Confidence of the ranges", "between 0 and 1; the first also "
                                            "decides what is more than chance")
    raised: Literal["likely", "sure"] = setting(
        "likely", "What is raised", "sure: only what is more than chance; likely: also what is more likely than not",
        option="raise", common=True)
    worth: float = setting(0.02, "Smallest gap worth raising", "as a share of what the body is set against; what is "
                           "likely is likely at least this much worse")

    def __post_init__(self) -> None:
        for each in self.confidence:
            if not 0 < each < 1:
                raise refuse("a confidence lies between 0 and 1", "write 0.95 for 95%", column="--confidence",
                             value=f"{each:g}")
        if not self.confidence:
            raise refuse("no confidence is given", "write --confidence 0.95", column="--confidence")
        if not 0 <= self.worth < 1:
            raise refuse("the smallest gap worth raising is a share from 0 to 1", "write 0.02 for 2%",
                         column="--worth", value=f"{self.worth:g}")
        if self.per <= 0:
            raise refuse("a value is for a positive number", "write --per 1000", column="--per", value=f"{self.per:g}")
        if self.smallest < 0:
            raise refuse("a denominator cannot be negative", "write --smallest 30000", column="--smallest",
                         value=f"{self.smallest:g}")
        if self.against == "peers" and not self.peers:
            raise refuse("no peers are named", "write their codes: --peers 15M,02Q,03N", column="--peers")


def gaps(panel: Source, settings: Settings | None = None, /, *, measures: Source | None = None,
         organisations: Source | None = None, **options: Any) -> Answer:
    """Where a body lies furthest from the middle on each measure, with ranges, ranks and how sure we are.

    Args:
        panel: long table of ``measure``, ``month`` (or ``period``), ``unit`` (or ``code``), ``numerator``,
            ``denominator``. A denominator of 0 is a missing figure, as for a body that was abolished.
        settings: all settings; single ones may be given by keyword (``of="15M"``).
        measures: what is known of each measure: ``title``, ``unit``, ``direction``, ``denominator``, ``part_of``,
            ``numerator_unit``; without it, the program's own descriptions where the panel's measures are published
            ones (``evenhand data measures``).
        organisations: ``code``, ``name``, ``closed``, ``successor``; without it, the published lists of English
            commissioners where the panel's codes are theirs.
        **options: settings by name.

    Returns:
        ``rows``, largest gap first (pounds before other units): ``value`` per ``per`` of the denominator (over a year
        for a stock), ``gap`` in numerator units a year, above 0 on the worse side, with ``interval`` for the
        difference. A body that has closed gets no rows and a ``closed`` that says what came after it.

    Raises:
        Refused: missing columns, words for numbers, negative figures, doubled rows, an unknown body or measure (the
            closest is named), months outside the panel.

    Source: see ``gap_sums.gaps_of``. The range is for the difference and allows for the benchmark's own; ignoring that
    gave the national packs far too many signals (Dropkin 2017).
    """
    chosen = with_options(Settings, settings, options)
    block = read_panel(panel, chosen.measure)
    notes, noted = read_measures(measures) if measures is not None else (published_notes(block.measures), None)
    bodies, listing = _bodies(organisations, block)
    made_from = tuple(MadeFrom(each.name, each.digest) for each in (block, noted, listing) if each is not None)
    span = span_of(block, chosen.from_month, chosen.to_month)
    chosen = replace(chosen, from_month=str(span.first), to_month=str(span.last))
    unit = None if chosen.of.casefold() == ALL else _unit(chosen.of, block, bodies)
    if unit is not None:
        chosen = replace(chosen, of=unit)
        if (ended := _without_figures(unit, block, bodies, span, chosen.against)) is not None:
            sentence, closed, remarks = ended
            return Answer(NAME, settings_document(chosen), made_from, sentence, closed, gap_answer.no_rows(), remarks)
    level, *others = chosen.confidence
    found = _findings(block, notes, bodies, span, chosen, unit, level)
    wider = {each: _findings(block, notes, bodies, span, chosen, unit, each) for each in others}
    rows = gap_answer.rows_of(found, level, wider)
    fields = gap_answer.fields_of(found, rows)
    picture = gap_figures.picture_of(found, rows, level)
    return Answer(NAME, settings_document(chosen), made_from, gap_answer.sentence_of(found, rows, level),
                  fields, gap_answer.table_of(found, rows, level),
                  gap_remarks.remarks_of(found, rows, chosen), draw=partial(gap_figures.gaps, picture=picture))


def _bodies(source: Source | None, panel: Panel) -> tuple[Bodies, tables.Table | None]:
    if source is not None:
        return read_bodies(source)
    return published_bodies(panel.units), None


def _unit(typed: str, panel: Panel, bodies: Bodies, option: str = "--of") -> str:
    """The code meant, in the panel or among the bodies that closed; refuses an unknown one, naming the closest."""
    code = next((each for each in (typed.strip(), typed.strip().upper()) if each in panel.units or each in bodies),
                None)
    if code is not None:
        return code
    with_figures = [each for each in panel.units if panel.last_month_of(panel.units.index(each)) is not None]
    any_body = bodies.closest(typed.strip(), dict.fromkeys([*panel.units, *bodies.by_code]))
    close = [*bodies.closest(typed.strip(), with_figures)[:2], *any_body] if len(typed.strip()) <= 5 else any_body
    near = [bodies.offered(each) for each in list(dict.fromkeys(close))[:3]]
    remedy = f"did you mean {listed(near, joint='or')}?" if near else f"give one of its codes, such as {panel.units[0]}"
    raise refuse("no body here has this code", remedy, file=panel.name, column=option, value=typed)


def _without_figures(unit: str, panel: Panel, bodies: Bodies, span: Span,
                     against: str) -> tuple[str, dict[str, Any], tuple[str, ...]] | None:
    """What is said of a body that has no figure in these months: nothing where it has some."""
    import numpy as np

    months = panel.slice_of(span)

    def has_figures(code: str) -> bool:
        return code in panel.units and bool(
            np.isfinite(panel.denominator[:, panel.units.index(code), months]).any())

    if has_figures(unit):
        return None
    body = bodies[unit]
    last = panel.last_month_of(panel.units.index(unit)) if unit in panel.units else None
    farewell = bodies.farewell(unit, has_figures, span)
    remarks = []
    if farewell is not None:
        words, held = farewell
        remarks += [f"For {bodies.title(each)} ask with --of {each}." for each in held]
    else:
        words, held = f"{body.title} has no figures for {span.words} here", ()
        if unit in panel.units:
            remarks.append("Every denominator is 0 or empty in these months, as for a body that has closed: its "
                           "figures are missing, not nought.")
        if unit not in bodies:
            remarks.append("No list of organisations here names this body; --organisations TABLE would say what came "
                           "after it.")
    if last is not None and (last > span.last or last < span.first):
        remarks.append(f"Figures for {body.title} itself are held up to {last.words}: ask with --to {last}.")
    closed = {"code": unit, "name": body.name or None, "closed": None if body.closed is None else str(body.closed),
              "successors": list(bodies.ends(unit)), "held_for": list(held),
              "last_month": None if last is None else str(last)}
    fields = {"rows": [], "period": gap_answer.period_of(span), "against": against,
              "counts": {"measures": 0, "worse": 0, "better": 0, "no_more_than_chance": 0,
                                    "raised": 0}, "do_not_add": [],
              "left_out": [], "not_held": list(panel.measures), "closed": closed}
    return f"{words}.", fields, tuple(remarks)


def _findings(panel: Panel, notes: dict[str, MeasureNote], bodies: Bodies, span: Span, chosen: Settings,
              unit: str | None, confidence: float) -> Findings:
    import numpy as np

    months = panel.slice_of(span)
    numerator, denominator = panel.numerator[:, :, months], panel.denominator[:, :, months]
    stock = _stocks(panel, notes, denominator, chosen)
    low = np.array([(chosen.direction or _note(notes, name).direction or "low") == "low" for name in panel.measures])
    with np.errstate(invalid="ignore"):
        there = np.isfinite(denominator)
        mean = np.where(there, denominator, 0.0).sum(axis=2) / np.maximum(there.sum(axis=2), 1)
    applies = stock if stock.any() else np.ones_like(stock)
    allowed = ~applies[:, None] | (mean >= chosen.smallest)
    if not (allowed & there.any(axis=2)).any():
        held = mean[there.any(axis=2)]
        raise refuse("every body is smaller than this", f"denominators here run from {held.min():,.4g} to "
                     f"{held.max():,.4g}; perhaps they count thousands", column="--smallest",
                     value=f"{chosen.smallest:g}")
    peers = np.isin(np.array(panel.units), _peers(chosen, panel, bodies))
    question = gap_sums.Question(stock, low, allowed, np.broadcast_to(peers, allowed.shape), chosen.against,
                                 chosen.per, confidence, chosen.worth)
    sums = gap_sums.gaps_of(numerator, denominator, question, history=_history(panel, span),
                            before=_the_year_before(panel, span))
    shared, wholes = overlaps(panel.measures, notes, sums.numerator)
    before = _year_before(panel, span, stock, chosen.per)
    return Findings(panel, span, bodies, {name: _note(notes, name) for name in panel.measures}, sums, question, shared,
                    wholes, before, unit, directions_given=chosen.direction is not None,
                    with_likely=chosen.raised == "likely")


def _history(panel: Panel, span: Span) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """A year of figures up to the last month asked about, where fewer months are asked about than that."""
    if span.months >= USUAL_MONTHS:
        return None
    months = panel.slice_of(Span(span.last.plus(1 - USUAL_MONTHS), span.last))
    return panel.numerator[:, :, months], panel.denominator[:, :, months]


def _the_year_before(panel: Panel, span: Span) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """The twelve months before those asked about, where the panel holds half of them at least."""
    months = panel.slice_of(Span(span.first.plus(-USUAL_MONTHS), span.first.plus(-1)))
    if (months.stop - months.start) * 2 < USUAL_MONTHS:
        return None
    return panel.numerator[:, :, months], panel.denominator[:, :, months]


def _note(notes: dict[str, MeasureNote], name: str) -> MeasureNote:
    return notes.get(name, MeasureNote())


def _stocks(panel: Panel, notes: dict[str, MeasureNote], denominator: NDArray[np.float64],
            chosen: Settings) -> NDArray[np.bool_]:
    import numpy as np

    if chosen.denominator != "auto":
        return np.full(len(panel.measures), chosen.denominator == "stock")
    told = are_stocks(denominator if denominator.shape[2] > 2 else panel.denominator)
    for row, name in enumerate(panel.measures):
        kind = _note(notes, name).denominator
        if kind:
            told[row] = kind == "stock"
    return told


def _peers(chosen: Settings, panel: Panel, bodies: Bodies) -> list[str]:
    codes = [_unit(each, panel, bodies, "--peers") for each in chosen.peers]
    return [each for each in codes if each != chosen.of]


def _year_before(panel: Panel, span: Span, stock: NDArray[np.bool_], per: float) -> NDArray[np.float64] | None:
    """The value over the same months a year earlier, shape (measures, units); nothing where they are not held."""
    import numpy as np

    earlier = Span(span.first.plus(-12), span.last.plus(-12))
    if earlier.first < panel.first:
        return None
    months = panel.slice_of(earlier)
    n, d = panel.numerator[:, :, months], panel.denominator[:, :, months]
    there = np.isfinite(n)
    scale = per * np.where(stock, 12.0, 1.0)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = scale * np.where(there, n, 0.0).sum(axis=2) / np.where(there, d, 0.0).sum(axis=2)
    return np.where(there.all(axis=2), value, np.nan)


METHOD = Method(
    room="find", name="gaps", title="Where to look first",
    question="Where should this body look first, and how sure are we?",
    function=gaps, settings=Settings,
    inputs=(
        PANEL,
        Input("measures", "what is known of the measures", (
            InputColumn("measure", "its name in the panel"),
            InputColumn("title", "its name for readers", optional=True),
            InputColumn("unit", "what a value is in, as £ per 1,000 patients", optional=True),
            InputColumn("direction", "low or high is good", optional=True),
            InputColumn("denominator", "stock or flow", optional=True),
            InputColumn("part_of", "measures whose numerators contain this one's", optional=True),
            InputColumn("numerator_unit", "pounds, items, …", optional=True)), optional=True),
        Input("organisations", "names of bodies and what became of them", (
            InputColumn("code", "the body"), InputColumn("name", "its name"),
            InputColumn("closed", "its last day, as 2020-03-31", optional=True),
            InputColumn("successor", "codes of the bodies that came after it", optional=True)), optional=True)),
    outputs=(
        Output("rows", "measure, title, unit, name, value, value_interval, benchmark, benchmark_interval, gap, "
               "interval, intervals (one for each confidence), shrunk_value, shrunk_gap, rank (1 is the highest "
               "value), of, trend, signal, likely (how likely it is that the body lies this far off and will next "
               "year), raised, sure, because, overlaps_with, remark, and what they were worked out from"),
        Output("period", "first and last month, and how many"),
        Output("against", "what bodies are set against"),
        Output("counts", "measures, on the worse and better side by more than chance, no more than chance, and raised"),
        Output("do_not_add", "each measure that contains others, with them"),
        Output("left_out", "bodies not compared, and why"),
        Output("not_held", "measures without a figure for the body in these months"),
        Output("ranked", "for a single measure: every body's value with its interval, highest first", sometimes=True),
        Output("by_month", "for a single measure: its months beside the benchmark and the tenths", sometimes=True),
        Output("closed", "for a body without figures: name, last day, what came after it", sometimes=True)),
    source=SOURCE, version="2",
    cannot_tell=(
        "Whether a gap can be closed, or should be: a gap is headroom, not money, until a clinician has been asked.",
        "What age, illness or deprivation explain: bodies are compared as they are.",
        "Trend from season in a single year of months.",
        "Chance that repeats: the same few patients on the same medicine every month look like a steady level, so the "
        "ranges of rare and dear items are narrower than they should be.",
        "What is in two measures at once: gaps of overlapping measures must not be added."),
    example="find gaps sample:gaps --of HART --measures sample:gaps-measures")
