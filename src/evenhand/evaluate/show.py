"""Control charts and interrupted series as figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

from evenhand.evaluate import icons, times, told, verdicts
from evenhand.figures import Answer, Column, Figure, Table, chart
from evenhand.terms.words import counted

MOST_CHARTS = 12
_POINTS = {
    "usual": (chart.GREY, "circle"), "improvement": (chart.BLUE, "triangle-up"), "concern": (chart.ORANGE, "diamond"),
    "unusual": (chart.PURPLE, "square")}


def spc(answer: Answer) -> tuple[Figure, ...]:
    """A chart for each series and their icons; where there are many, those whose latest point stands out, a dozen."""
    every: Sequence[Mapping[str, Any]] = answer.fields["series"]
    wanted = every
    if len(every) > MOST_CHARTS:
        wanted = [one for one in every if one["variation"] not in (None, "common_cause")][:MOST_CHARTS]
    drawn = tuple(_control_chart(answer, one, alone=len(every) == 1) for one in wanted)
    signs = icons.icons(every)
    return (*drawn, signs) if signs else drawn


def _control_chart(answer: Answer, one: Mapping[str, Any], *, alone: bool) -> Figure:
    settings, rhythm = answer.settings, str(answer.fields["rhythm"])
    kind, label = settings["chart"], settings["label"] or ""
    said = answer.sentence if alone else verdicts.sentence(
        one, rhythm=rhythm, chart=kind, target=settings["target"], lengths=(settings["shift"], settings["trend"]),
        label=label)
    title = ": ".join(part for part in (label, one["series"]) if part) or "Control chart"
    # A series may be called anything; the name of its figure becomes the name of a file.
    name = "control chart" if alone else f"control chart {re.sub(r'[^0-9A-Za-z]+', '-', one['series']).strip('-')}"
    table = Table.of(
        [{**point, "rule": verdicts.RULE_WORDS[point["rule"]], "meaning": verdicts.MEANING_WORDS[point["meaning"]]}
         for point in one["points"]],
        [Column("date", "Date"), *(Column(each, heading, "share" if kind == "p" else "number") for each, heading in
                                  (("value", label or "Value"), ("mean", "Median" if kind == "run" else "Mean"),
                                   ("lower", "Lower limit"), ("upper", "Upper limit"))),
         Column("rule", "What stands out"), Column("meaning", "Meaning")], title=title)
    return Figure(name, title, said, table, _control_spec(one, settings, rhythm), _note(one, settings))


def _note(one: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    kinds = {"xmr": "XmR chart", "run": "Run chart", "p": "p chart", "u": "u chart", "c": "c chart", "t": "t chart",
             "g": "g chart"}
    if settings["chart"] == "run":
        return "Run chart: median; a shift by the rules of Anhøj and Olesen (2014)."
    rules = ("NHSRplotthedots 0.2.2" if settings["variant"] == "nhsrplotthedots" else
             "the Making Data Count Excel tool")
    screened = ""
    if settings["chart"] in ("xmr", "t"):
        screened = (", large moving ranges set aside once" if settings["screen"] else ", no moving range set aside")
    trial = " Trial limits." if any(each["trial"] for each in one["segments"]) else ""
    return (f"{kinds[settings['chart']]}, rules of {rules} (shift {settings['shift']} points, trend "
            f"{settings['trend']}){screened}.{trial}")


def _control_spec(one: Mapping[str, Any], settings: Mapping[str, Any], rhythm: str) -> dict[str, Any]:
    points: Sequence[Mapping[str, Any]] = one["points"]
    axis, kind, title = _axis(points, rhythm), settings["chart"], settings["label"] or _value_title(settings)
    y_axis = {"title": title, "format": "%" if kind == "p" else None, "titleLimit": 300}
    y = {"field": "value", "type": "quantitative", "scale": {"zero": False},
         "axis": {name: cell for name, cell in y_axis.items() if cell is not None}}
    rows = [{"x": axis.of(point["date"]), "value": point["value"],
             "sign": verdicts.MEANING_WORDS[point["meaning"]]} for point in points]
    there = [sign for sign in _POINTS if any(row["sign"] == sign for row in rows)]
    layers: list[dict[str, Any]] = [
        *_limit_layers(one, axis, y, kind),
        {"data": chart.rows_of(rows), "mark": {"type": "line", "color": chart.GREY, "strokeWidth": 1.5},
         "encoding": {"x": axis.encoding, "y": y}},
        {"data": chart.rows_of(rows),
         "mark": {"type": "point", "filled": True, "size": 70 if len(rows) <= 90 else 35, "opacity": 1},
         "encoding": {"x": axis.encoding, "y": y,
                      "color": _signs("sign", there, 0), "shape": _signs("sign", there, 1)}}]
    if settings["target"] is not None:
        layers.append({"data": {"values": [{"value": settings["target"]}]},
                       "mark": {"type": "rule", "color": chart.TEXT, "strokeDash": [10, 3, 2, 3], "strokeWidth": 2},
                       "encoding": {"y": dict(y)}})
    layers.append(_names_of_lines(points, settings, axis, y))
    return {"layer": layers}


def _value_title(settings: Mapping[str, Any]) -> str:
    return {"t": "Time between events", "g": "Cases between events", "p": "Share", "c": "Count"}.get(
        settings["chart"], "Value" if settings["per"] == 1 else f"Rate per {settings['per']:,.10g}")


def _signs(field: str, there: Sequence[str], which: int) -> dict[str, Any]:
    return {"field": field, "type": "nominal", "title": None,
            "scale": {"domain": list(there), "range": [_POINTS[sign][which] for sign in there]},
            "legend": None if list(there) == ["usual"] else {"title": None}}


def _limit_layers(one: Mapping[str, Any], axis: _Axis, y: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """Mean and limits of each stretch; after a new start the old ones run on, thin, so that they stay in sight."""
    points: Sequence[Mapping[str, Any]] = one["points"]
    layers = []
    for stretch in one["segments"]:
        own = [point for point in points if point["segment"] == stretch["segment"]]
        after = [point for point in points if point["segment"] > stretch["segment"]]
        for field, dash, colour in (("mean", [1, 0], chart.TEXT), ("lower", [6, 4], chart.DARK_BLUE),
                                    ("upper", [6, 4], chart.DARK_BLUE)):
            drawn = [{"x": axis.of(point["date"]), "value": point[field]} for point in own if not isnan(point[field])]
            if drawn:
                step = "step" if kind in ("p", "u") and field != "mean" else "linear"
                layers.append(_line(drawn, axis, y, dash, colour, 1.5, step))
            if after and drawn and kind not in ("p", "u"):
                on = [{"x": axis.of(point["date"]), "value": own[-1][field]} for point in (own[-1], *after)]
                layers.append(_line(on, axis, y, [2, 5], chart.GREY, 1, "linear"))
    return layers


def _line(rows: Sequence[Mapping[str, Any]], axis: _Axis, y: Mapping[str, Any], dash: Sequence[int], colour: str,
          width: float, interpolate: str) -> dict[str, Any]:
    return {"data": chart.rows_of(rows), "mark": {"type": "line", "color": colour, "strokeDash": list(dash),
                                                  "strokeWidth": width, "interpolate": interpolate},
            "encoding": {"x": axis.encoding, "y": dict(y)}}


def _names_of_lines(points: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], axis: _Axis,
                    y: Mapping[str, Any]) -> dict[str, Any]:
    """The lines named at the right edge, the target first; a name that would cover another is left out."""
    last = points[-1]
    named = [("target", settings["target"]), ("median" if settings["chart"] == "run" else "mean", last["mean"]),
             ("upper limit", last["upper"]), ("lower limit", last["lower"])]
    there = [(words, value) for words, value in named if value is not None and not isnan(value)]
    heights = [value for _, value in there] + [point["value"] for point in points]
    room = (max(heights) - min(heights)) * 0.06
    kept: list[tuple[str, float]] = []
    for words, value in there:
        if all(abs(value - other) >= room for _, other in kept):
            kept.append((words, value))
    rows = [{"x": axis.of(last["date"]), "value": value, "words": words} for words, value in kept]
    return {"data": chart.rows_of(rows),
            "mark": {"type": "text", "align": "left", "dx": 8, "color": chart.TEXT, "fontSize": 13},
            "encoding": {"x": axis.encoding, "y": dict(y), "text": {"field": "words"}}}


class _Axis:
    """The axis of time of a chart: calendar dates where there are some, else places in order."""

    def __init__(self, labels: Sequence[str], rhythm: str) -> None:
        days = {label: _day(label) for label in labels}
        self._places: dict[str, Any]
        if all(day is not None for day in days.values()):
            self._places = dict(days)
            self.encoding: dict[str, Any] = {
                "field": "x", "type": "temporal",
                "axis": {"title": None, "format": "%d %b %Y" if rhythm in ("day", "week") else "%b %Y",
                         "labelOverlap": True, "labelAngle": 0, "labelFlush": False}}
        elif rhythm == "number":
            self._places = {label: float(label) for label in labels}
            self.encoding = {"field": "x", "type": "quantitative", "scale": {"zero": False, "nice": False},
                             "axis": {"title": None, "tickMinStep": 1, "format": "d"}}
        else:
            self._places = {label: label for label in labels}
            self.encoding = {"field": "x", "type": "ordinal", "sort": list(labels),
                             "axis": {"title": None, "labelOverlap": True, "labelAngle": 0}}

    def of(self, label: str) -> Any:
        """Where a date stands on the axis."""
        return self._places[label]


def _axis(points: Sequence[Mapping[str, Any]], rhythm: str) -> _Axis:
    return _Axis([point["date"] for point in points], rhythm)


def _day(label: str) -> str | None:
    if len(label) == 7 and label[4] == "-" and label[5:].isdigit():
        return f"{label}-01"
    if len(label) == 10 and label[4] == "-" and label[7] == "-":
        return label
    return None


def interrupted(answer: Answer) -> tuple[Figure, ...]:
    """Observed points, the fitted line, what the past foretold (dashed, with its range), and a rule at the start."""
    fields, settings = answer.fields, answer.settings
    label = settings["label"] or str(settings["outcome"]).replace("_", " ")
    axis = _Axis([row["time"] for row in fields["counterfactual"]], str(fields["rhythm"]))
    family = {"poisson": "Poisson", "quasipoisson": "quasi-Poisson", "negative-binomial": "negative binomial",
              "gaussian": "straight-line"}[settings["family"]]
    errors = "errors of the model" if settings["errors"] == "model" else "errors of Newey and West"
    seasons = f", {settings['harmonics']} seasonal waves" if settings["harmonics"] else ""
    note = f"Segmented {family} regression{seasons}, {errors}."
    note += "".join(f" {number}: {mark['what']}, {times.said(mark['date'], str(fields['rhythm']))}."
                    for number, mark in enumerate(fields["marks"], 1))
    table = told.series_table(fields, label)
    drawn = Figure("interrupted series", label[:1].upper() + label[1:], answer.sentence, table,
                   _interrupted_spec(fields, label, axis), note)
    return (drawn, _other_ways(fields["checks"])) if fields["checks"] else (drawn,)


def _other_ways(checks: Sequence[Mapping[str, Any]]) -> Figure:
    """Every way of asking with its range, the first as it was asked; those that say otherwise hollow."""
    rows = [{"words": row["words"], "change": row["change"], "low": row["interval"][0], "high": row["interval"][1],
             "same": "as asked" if row["check"] == "as_asked" else "says the same" if row["agrees"] else
             "says otherwise"} for row in checks if row["interval"] is not None]
    there = [same for same in ("as asked", "says the same", "says otherwise") if any(r["same"] == same for r in rows)]
    shapes = {"as asked": "diamond", "says the same": "circle", "says otherwise": "cross"}
    y = {"field": "words", "type": "nominal", "sort": [row["words"] for row in rows], "title": None,
         "axis": {"labelLimit": 420, "ticks": False, "domain": False}}
    x = {"type": "quantitative", "title": "Change from what was to be expected",
         "axis": {"format": "%", "tickCount": 5}}
    spec = {"width": 300, "height": {"step": 30}, "layer": [
        {"data": {"values": [{"nothing": 0}]}, "mark": {"type": "rule", "color": chart.TEXT},
         "encoding": {"x": {**x, "field": "nothing"}}},
        {"data": chart.rows_of(rows), "mark": {"type": "rule", "color": chart.DARK_BLUE, "strokeWidth": 2.5},
         "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
        {"data": chart.rows_of(rows), "mark": {"type": "point", "filled": True, "size": 120, "opacity": 1,
                                               "color": chart.DARK_BLUE},
         "encoding": {"y": y, "x": {**x, "field": "change"}, "shape": {
             "field": "same", "type": "nominal", "legend": {"title": None},
             "scale": {"domain": there, "range": [shapes[each] for each in there]}}}}]}
    ways = [row for row in checks if row["agrees"] is not None and row["check"] not in ("as_asked", "placebo_starts")]
    same = sum(row["agrees"] for row in ways)
    sentence = f"{same} of {counted(len(ways), 'other way')} of asking {'says' if same == 1 else 'say'} the same."
    placebo = checks[-1]
    if placebo["of"]:
        sentence += (f" At {placebo['found']} of {counted(placebo['of'], 'date')} before the start, when nothing "
                     "began, the same model finds a change.")
    return Figure("other ways", "Asked in other ways", sentence, told.checks_table(checks), spec)


def _interrupted_spec(fields: Mapping[str, Any], label: str, axis: _Axis) -> dict[str, Any]:
    rows = fields["counterfactual"]
    y = {"field": "value", "type": "quantitative", "scale": {"zero": False},
         "axis": {"title": label[:1].upper() + label[1:], "titleLimit": 300}}

    def lines_of(field: str, words: str) -> list[dict[str, Any]]:
        return [{"x": axis.of(row["time"]), "value": row[field], "line": words, "part": row["after"]}
                for row in rows if row[field] is not None]

    drawn = [*lines_of("fitted", "fitted"), *lines_of("counterfactual", "foretold by its past")]
    kinds = [kind for kind in ("fitted", "foretold by its past") if any(row["line"] == kind for row in drawn)]
    style = {"fitted": (chart.DARK_BLUE, [1, 0]), "foretold by its past": (chart.ORANGE, [7, 4])}
    layers: list[dict[str, Any]] = []
    band = [{"x": axis.of(row["time"]), "low": row["lower"], "high": row["upper"]} for row in rows
            if row["lower"] is not None]
    if band:
        layers.append({"data": chart.rows_of(band), "mark": {"type": "area", "color": chart.PALE_GREY, "opacity": 0.7},
                       "encoding": {"x": axis.encoding, "y": {**y, "field": "low"}, "y2": {"field": "high"}}})
    layers.append({"data": chart.rows_of({"x": axis.of(row["time"]), "value": row["observed"]} for row in rows),
                   "mark": {"type": "point", "filled": True, "size": 45, "opacity": 1, "color": chart.GREY},
                   "encoding": {"x": axis.encoding, "y": y}})
    if drawn:
        layers.append({
            "data": chart.rows_of(drawn), "mark": {"type": "line", "strokeWidth": 2.5},
            "encoding": {"x": axis.encoding, "y": y, "detail": {"field": "part"},
                         "color": {"field": "line", "type": "nominal",
                                   "legend": {"title": None, "symbolType": "stroke", "symbolSize": 400},
                                   "scale": {"domain": kinds, "range": [style[kind][0] for kind in kinds]}},
                         "strokeDash": {"field": "line", "type": "nominal", "legend": None,
                                        "scale": {"domain": kinds, "range": [style[kind][1] for kind in kinds]}}}})
    layers += _marks(fields, axis)
    start = [{"x": axis.of(fields["start"]), "words": f"start, {times.said(fields['start'], fields['rhythm'])}"}]
    layers += [
        {"data": chart.rows_of(start), "mark": {"type": "rule", "color": chart.TEXT, "strokeWidth": 1.5},
         "encoding": {"x": axis.encoding}},
        {"data": chart.rows_of(start),
         "mark": {"type": "text", "align": "right", "dx": -6, "fontSize": 13, "color": chart.TEXT, "baseline": "top"},
         "encoding": {"x": axis.encoding, "y": {"value": 4}, "text": {"field": "words"}}}]
    return {"layer": layers}


def _marks(fields: Mapping[str, Any], axis: _Axis) -> list[dict[str, Any]]:
    """What else happened, numbered along the top; a mark stands at the first point from its date on."""
    times_held = [row["time"] for row in fields["counterfactual"]]
    rows = [{"x": axis.of(at), "words": str(number)} for number, mark in enumerate(fields["marks"], 1)
            if (at := next((each for each in times_held if each >= mark["date"]), None))]
    if not rows:
        return []
    return [{"data": chart.rows_of(rows), "mark": {"type": "rule", "color": chart.PURPLE, "strokeDash": [2, 3]},
             "encoding": {"x": axis.encoding}},
            {"data": chart.rows_of(rows), "mark": {"type": "text", "color": chart.PURPLE, "fontSize": 13, "dy": -6,
                                                   "baseline": "bottom"},
             "encoding": {"x": axis.encoding, "y": {"value": 0}, "text": {"field": "words"}}}]
