"""What has changed: series whose latest points are more than their usual variation, most surprising first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.find import alert_sums, show_alerts
from evenhand.find.alert_sums import FEWEST_BASELINE, RECENT, SURE_BASELINE, Looked
from evenhand.find.bodies import Bodies, published_bodies, read_bodies
from evenhand.find.measures import MeasureNote, are_stocks, published_notes, read_measures
from evenhand.find.panel import INPUT as PANEL
from evenhand.find.panel import Panel, read_panel
from evenhand.stats.signals import RULES
from evenhand.terms import closest, refuse
from evenhand.terms.words import counted, figure, listed, per_cent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOURCE = ("Limits and rules: Wheeler (1993) Understanding Variation, as in NHSRplotthedots 0.2.2; joined surprise: Liu "
          "and Xie (2020), Journal of the American Statistical Association 115: 393-402; many looks: Benjamini and "
          "Hochberg (1995), Journal of the Royal Statistical Society B 57: 289-300")
NAME = MethodName("find alerts", "1", SOURCE)
FEWEST_BODIES = 10
EVERYWHERE = 0.5
RULE_WORDS: Mapping[str, str] = {"outside_limits": "outside the limits", "trend": "seven points rising or falling",
                                 "two_of_three": "two of three points near a limit",
                                 "shift": "seven points on one side"}


@dataclass(frozen=True)
class Settings:
    """Which series are looked at, against what, and how sure an alert must be."""

    direction: Literal["low", "high"] | None = setting(
        None, "Which way is good", "low or high, for every measure; without it, what the table of measures says",
        common=True)
    against: Literal["own", "others"] = setting(
        "own", "Against", "own: each series against its own past; others: against the middle of all bodies month by "
        "month as well, so that seasons and what happened everywhere drop out", common=True)
    of: str | None = setting(None, "Body", "only this one, by its code")
    measure: str | None = setting(None, "Measure", "only this one")
    within: int = setting(3, "Latest points", "a rule broken at one of so many latest points is an alert",
                          unit="points")
    baseline: int | None = setting(None, "Points that set the limits", "so many before the latest seven at the most; "
                                   "all where empty", unit="points")
    confidence: float = setting(0.95, "Confidence", "0.95: at most one in twenty of the alerts is expected to "
                                "be chance")
    per: float = setting(1.0, "So many of the denominator a value is for", "1000 where it counts single patients")

    def __post_init__(self) -> None:
        if not 0 < self.confidence < 1:
            raise refuse("a confidence lies between 0 and 1", "write 0.95 for 95%", column="--confidence",
                         value=f"{self.confidence:g}")
        if not 1 <= self.within <= RECENT:
            raise refuse(f"from 1 to {RECENT} latest points are looked at", "3 is usual", column="--within",
                         value=self.within)
        if self.baseline is not None and self.baseline < FEWEST_BASELINE:
            raise refuse(f"limits need {FEWEST_BASELINE} points at the least", "24 is two years of months",
                         column="--baseline", value=self.baseline)
        if self.per <= 0:
            raise refuse("a value is for a positive number", "write --per 1000", column="--per", value=f"{self.per:g}")


def alerts(panel: Source, settings: Settings | None = None, /, *, measures: Source | None = None,
           organisations: Source | None = None, **options: Any) -> Answer:
    """Bodies and measures whose latest points show special cause, most surprising first.

    Args:
        panel: long table of ``measure``, ``month`` (or ``period``), ``unit`` (or ``code``), ``numerator``,
            ``denominator``, as for ``find gaps``; a denominator of 0 is a missing figure.
        settings: all settings; single ones may be given by keyword (``direction="low"``).
        measures: what is known of each measure, as for ``find gaps``.
        organisations: ``code``, ``name``; without it, the published lists where the panel's codes are theirs.
        **options: settings by name.

    Returns:
        ``rows``, the smallest p-value first: series with a rule broken at one of the latest points that stay
        surprising when allowance is made for every series looked at. Values are for a month, per ``per`` of the
        denominator.

    Raises:
        Refused: missing columns, words for numbers, negative figures, doubled rows, an unknown body or measure, too
            few bodies to set them against each other, no series that is long enough.

    Source: see ``alert_sums.looked_at``.
    """
    import numpy as np

    chosen = with_options(Settings, settings, options)
    block = read_panel(panel, chosen.measure)
    notes, noted = read_measures(measures) if measures is not None else (published_notes(block.measures), None)
    bodies, listing = read_bodies(organisations) if organisations is not None else (published_bodies(block.units), None)
    made_from = tuple(MadeFrom(each.name, each.digest) for each in (block, noted, listing) if each is not None)
    middle = _middles(block) if chosen.against == "others" else np.ones((len(block.measures), block.months))
    with np.errstate(invalid="ignore"):
        exposure = block.denominator * middle[:, None, :]
    numerator = block.numerator
    if chosen.of is not None:
        chosen = replace(chosen, of=_unit(chosen.of, block, bodies))
        others = np.array(block.units) != chosen.of
        numerator, exposure = (np.where(others[None, :, None], np.nan, each) for each in (numerator, exposure))
    looked = alert_sums.looked_at(numerator, exposure, within=chosen.within, baseline=chosen.baseline)
    if looked is None:
        raise refuse(f"no series is long enough: {RECENT} latest points are judged against {FEWEST_BASELINE} or more "
                     "before them that are not all but one figure",
                     f"bring {RECENT + FEWEST_BASELINE} months or more", file=block.name, column="month")
    rows = _rows(looked, block, notes, bodies, middle, chosen)
    broken = int((looked.at >= 0).sum())
    counts = {"series": len(looked.measure), "rule_broken": broken, "alerts": len(rows),
              "too_short": looked.too_short, "too_sparse": looked.too_sparse, "ended": looked.ended,
              "trial_limits": int((looked.baseline < SURE_BASELINE).sum())}
    wide = _wide(rows)
    sentence = _sentence(rows, counts, block, bodies, chosen)
    picture = show_alerts.picture_of(looked, rows, block, middle, chosen.per)
    return Answer(NAME, settings_document(chosen), made_from, sentence,
                  {"rows": rows, "counts": counts, "to": str(block.last), "everywhere": wide}, _table(rows),
                  (*block.remarks, *_remarks(rows, counts, wide, chosen)),
                  draw=partial(show_alerts.alerts, picture=picture))


def _middles(panel: Panel) -> NDArray[np.float64]:
    """The middle value of all bodies in each month, shape (measures, months)."""
    import warnings

    import numpy as np

    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a month without any figure has no middle
        value = panel.numerator / panel.denominator
        enough = np.isfinite(value).sum(axis=1) >= FEWEST_BODIES
        middle = np.nanmedian(value, axis=1)
    if not enough.any():
        raise refuse(f"fewer than {FEWEST_BODIES} bodies have figures in any month", "set each series against its own "
                     "past: --against own", file=panel.name, column="--against", value="others")
    return np.asarray(np.where(enough & (middle > 0), middle, np.nan))


def _unit(typed: str, panel: Panel, bodies: Bodies) -> str:
    code = next((each for each in (typed.strip(), typed.strip().upper()) if each in panel.units), None)
    if code is not None:
        return code
    near = bodies.closest(typed.strip(), panel.units) or closest(typed.strip(), panel.units)
    raise refuse("no body here has this code", f"did you mean {listed(near, joint='or')}?" if near else
                 f"give one of its codes, such as {panel.units[0]}", file=panel.name, column="--of", value=typed)


def _rows(looked: Looked, panel: Panel, notes: Mapping[str, MeasureNote], bodies: Bodies,
          middle: NDArray[np.float64], chosen: Settings) -> list[dict[str, Any]]:
    import numpy as np

    flagged = (looked.at >= 0) & (looked.adjusted <= 1 - chosen.confidence)
    way = np.where(looked.at >= 0, looked.way[looked.at], 0)
    stock = are_stocks(panel.denominator)
    newest: dict[int, int] = {}
    for place, start, length in zip(looked.measure.tolist(), looked.starts.tolist(), looked.lengths.tolist(),
                                    strict=True):
        newest[place] = max(newest.get(place, 0), int(looked.month[start + length - 1]))
    rows = []
    for each in np.flatnonzero(flagged)[np.argsort(looked.p_value[flagged], kind="stable")].tolist():
        m, u, at, start = (int(part[each]) for part in (looked.measure, looked.unit, looked.at, looked.starts))
        same = looked.measure == m
        share = float((way[same] == way[each]).mean()) if int(same.sum()) >= FEWEST_BODIES else None
        first = at
        while first > start and looked.rule[first - 1] and looked.way[first - 1] == way[each]:
            first -= 1
        # Of the points that break rules, the stretch that stands out most: a shift may begin with points of chance.
        off = np.cumsum((looked.values[first:at + 1] - looked.centre[start])[::-1])
        first = at - int(np.argmax(np.abs(off) / np.sqrt(np.arange(1, len(off) + 1))))
        stretch = slice(first, at + 1)
        base = middle[m, looked.month[stretch]] * chosen.per
        values, exposures = looked.values[stretch] * base, looked.exposure[stretch]
        expected = looked.centre[start] * base
        name = panel.measures[m]
        note = notes.get(name, MeasureNote())
        good = chosen.direction or note.direction or None
        worse = None if good is None else bool((way[each] > 0) == (good == "low"))
        usual = float(expected.mean())
        change = float((values - expected).mean())
        here = float(middle[m, looked.month[at]]) * chosen.per
        month = panel.first.plus(int(looked.month[at]))
        rows.append({
            "measure": name, "title": note.title or name, "unit": panel.units[u], "name": bodies.name(panel.units[u]),
            "rule": RULES[int(looked.rule[at])],
            "rules": list(dict.fromkeys(RULES[int(rule)] for rule in looked.rule[stretch][::-1])),
            "way": "up" if way[each] > 0 else "down",
            "meaning": None if worse is None else "worse" if worse else "better",
            "month": str(month), "since": str(panel.first.plus(int(looked.month[first]))), "points": at + 1 - first,
            "months_ago": newest[m] - int(looked.month[at]),
            "value": float(values[-1]), "usual": float(expected[-1]),
            "lower": float(looked.lower[at]) * here, "upper": float(looked.upper[at]) * here,
            "mean_since": float(values.mean()), "change": change,
            "change_share": change / usual if usual else None,
            "numerator_a_month": float(((looked.values[stretch] - looked.centre[start]) * exposures).mean()),
            "numerator_unit": note.numerator_unit or None, "value_unit": note.unit or None,
            "denominator_kind": "stock" if stock[m] else "flow",
            "p_value": float(looked.p_value[each]), "adjusted_p_value": float(looked.adjusted[each]),
            "baseline_points": int(looked.baseline[each]), "trial": bool(looked.baseline[each] < SURE_BASELINE),
            "share_of_bodies": share, "place": each})
    return rows


def _wide(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Measures that moved the same way in more than half of the bodies: hardly news about one of them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        if row["share_of_bodies"] is not None and row["share_of_bodies"] > EVERYWHERE:
            found.setdefault((row["measure"], row["way"]), {
                "measure": row["measure"], "title": row["title"], "way": row["way"],
                "share_of_bodies": row["share_of_bodies"]})
    return list(found.values())


def size_words(row: Mapping[str, Any]) -> str:
    """How far from usual: 38% above its usual level."""
    way = "above" if row["way"] == "up" else "below"
    if row["change_share"] is None or (row["change_share"] > 0) != (row["way"] == "up"):
        return f"{way} its usual level"
    share = abs(row["change_share"])
    if row["way"] == "up" and share >= 2:
        return f"{figure(share + 1, digits=2)} times its usual level"
    return f"{per_cent(share, digits=0 if share >= 0.1 else 1)} {way} its usual level"


def since_words(row: Mapping[str, Any]) -> str:
    """When: in March 2025, or from March to August 2025."""
    from evenhand.terms import Month

    first, last = Month.parsed(row["since"]), Month.parsed(row["month"])
    return f"in {last.words}" if first == last else f"from {first.words} to {last.words}"


def _sentence(rows: list[dict[str, Any]], counts: Mapping[str, int], panel: Panel, bodies: Bodies,
              chosen: Settings) -> str:
    whose = f"{counted(counts['series'], 'series', 'series')}" + (
        f" of {bodies.title(chosen.of)}" if chosen.of else "")
    if not rows:
        return (f"Up to {panel.last.words}, none of {whose} has latest points that are more than its usual variation "
                "when allowance is made for so many looks.")
    first = rows[0]
    who = bodies.title(first["unit"])
    return (f"Up to {panel.last.words}, {counts['alerts']:,} of {whose} {'has' if counts['alerts'] == 1 else 'have'} "
            "latest points that are more than usual variation, with allowance for so many looks. The most surprising "
            f"is {first['title']} of {who}: {since_words(first)} {size_words(first)}.")


def _table(rows: list[dict[str, Any]]) -> Table:
    return Table.of(
        [{**row, "body": row["name"] or row["unit"], "rule_words": RULE_WORDS[row["rule"]],
          "limits": "on trial" if row["trial"] else ""} for row in rows],
        columns=[Column("title", "Measure"), Column("unit", "Code"), Column("body", "Body"), Column("way", "Way"),
                 Column("meaning", "Better or worse"), Column("rule_words", "Rule"), Column("since", "Since"),
                 Column("month", "Latest point"), Column("value", "Value", "number"),
                 Column("usual", "Usual", "number"), Column("lower", "Lower limit", "number"),
                 Column("upper", "Upper limit", "number"), Column("change_share", "Change", "share"),
                 Column("adjusted_p_value", "Chance, with so many looks", "number"), Column("limits", "Limits")])


def _remarks(rows: list[dict[str, Any]], counts: Mapping[str, int], wide: list[dict[str, Any]],
             chosen: Settings) -> list[str]:
    said = []
    other = counts["rule_broken"] - counts["alerts"]
    if other > 0:
        breaks, are = ("breaks", "is") if other == 1 else ("break", "are")
        said.append(f"{other:,} more series {breaks} a rule of control charts at the latest points and {are} not "
                    "listed: among so many, chance and drift alone would do so.")
    if rows:
        chance = round((1 - chosen.confidence) * 100, 3)
        said.append(f"Of those listed, about {chance:g} in 100 at the most are expected to be chance.")
    for name, words in (("too_short", f"have fewer than {FEWEST_BASELINE + RECENT} points"),
                        ("too_sparse", "stand at one same figure, often nought, in most months: a chart of the time "
                         "between events suits them (evaluate spc --chart t)"),
                        ("ended", "have no figure among their measure's latest points")):
        if counts[name]:
            said.append(f"Left out: {counts[name]:,} series that {words}.")
    trial = sum(row["trial"] for row in rows)
    if trial:
        said.append(f"Trial limits in {trial:,} of {len(rows):,}: they rest on fewer than {SURE_BASELINE} points.")
    for each in wide[:5]:
        said.append(f"{each['title']} went {each['way']} in {per_cent(each['share_of_bodies'])} of the bodies: "
                    "something happened everywhere. --against others shows who differs.")
    if chosen.against == "others":
        said.append("The usual level and the limits move with the middle of all bodies, month by month.")
    return said


METHOD = Method(
    room="find", name="alerts", title="What has changed",
    question="Which latest figures are more than usual variation?",
    function=alerts, settings=Settings,
    inputs=(
        PANEL,
        Input("measures", "what is known of the measures", (
            InputColumn("measure", "its name in the panel"),
            InputColumn("title", "its name for readers", optional=True),
            InputColumn("direction", "low or high is good", optional=True),
            InputColumn("numerator_unit", "pounds, items, …", optional=True)), optional=True),
        Input("organisations", "names of bodies", (
            InputColumn("code", "the body"), InputColumn("name", "its name")), optional=True)),
    outputs=(
        Output("rows", "measure, unit, rule, since, month (of the latest point that breaks it), months_ago, value, "
               "usual, lower, upper, change, change_share, numerator_a_month, meaning (better or worse), p_value, "
               "adjusted_p_value, baseline_points, trial, share_of_bodies (that went the same way)"),
        Output("counts", "series looked at, rule_broken, alerts, too_short, too_sparse, ended, trial_limits"),
        Output("to", "the last month"),
        Output("everywhere", "measures that went the same way in more than half of the bodies")),
    source=SOURCE, version="1",
    cannot_tell=(
        "Why something changed: a new code, a price or a merger looks like a change in practice.",
        "Slow drift: a series that goes on as it went before is not called surprising.",
        "Seasons from change within a year of figures; set bodies against each other where all share the season.",
        "Changes within series too short or too sparse for limits."),
    example="find alerts sample:alerts --direction low")
