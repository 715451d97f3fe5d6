"""Difference-in-differences as figures: by time since the start, by group, asked in other ways, under stress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from evenhand.evaluate import difference_told, times
from evenhand.evaluate.verdicts import written
from evenhand.figures import Answer, Figure, chart
from evenhand.terms.words import counted

MOST_PANELS = 12
PARTS = {"before the start": (chart.GREY, "diamond"), "since the start": (chart.BLUE, "circle")}
NOUGHT: dict[str, Any] = {"data": {"values": [{"nought": 0}]},
                          "mark": {"type": "rule", "color": chart.TEXT, "strokeWidth": 1},
                          "encoding": {"y": {"field": "nought", "type": "quantitative"}}}


def difference(answer: Answer) -> tuple[Figure, ...]:
    """The event study, the groups, the other ways of asking, and what is left if trends were not parallel."""
    fields = answer.fields
    if fields["cannot_tell"]:
        table = difference_told.averages_table(fields)
        return (Figure("averages", "Difference-in-differences", answer.sentence, table),)
    label = answer.settings["label"] or str(answer.settings["outcome"]).replace("_", " ")
    found = [_event_study(answer, label), _groups(answer, label), _checks(answer, label)]
    if not fields["sensitivity"]["because"]:
        found.append(_sensitivity(answer, label))
    return tuple(found)


def _note(answer: Answer) -> str:
    against = {"never": "never treated", "not-yet": "not yet treated"}[answer.settings["control"]]
    alike = f", alike in {', '.join(answer.settings['covariates'])}" if answer.settings["covariates"] else ""
    return f"Callaway and Sant'Anna group-time effects against the {against}{alike}."


def _y(label: str) -> dict[str, Any]:
    return {"field": "value", "type": "quantitative", "axis": {"title": f"Effect on {label}", "titleLimit": 300}}


def _part(sign: Sequence[str]) -> dict[str, Any]:
    return {"color": {"field": "part", "type": "nominal", "legend": {"title": None},
                      "scale": {"domain": list(sign), "range": [PARTS[each][0] for each in sign]}},
            "shape": {"field": "part", "type": "nominal", "legend": {"title": None},
                      "scale": {"domain": list(sign), "range": [PARTS[each][1] for each in sign]}}}


def _points(rows: Sequence[Mapping[str, Any]], x: Mapping[str, Any], y: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Points with their ranges; the band that holds all at once behind, thinner."""
    there = [part for part in PARTS if any(row["part"] == part for row in rows)]
    looks = _part(there)
    banded = [row for row in rows if row.get("band_low") is not None]
    ranged = [row for row in rows if row["low"] is not None]
    layers: list[dict[str, Any]] = []
    if banded:
        layers.append({"data": chart.rows_of(banded), "mark": {"type": "rule", "strokeWidth": 1, "color": chart.GREY},
                       "encoding": {"x": dict(x), "y": {**y, "field": "band_low"}, "y2": {"field": "band_high"}}})
    if ranged:
        layers.append({"data": chart.rows_of(ranged), "mark": {"type": "rule", "strokeWidth": 3},
                       "encoding": {"x": dict(x), "y": {**y, "field": "low"}, "y2": {"field": "high"},
                                    "color": looks["color"]}})
    layers.append({"data": chart.rows_of(rows), "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
                   "encoding": {"x": dict(x), "y": dict(y), **looks}})
    return layers


def _row(row: Mapping[str, Any], x: Any, after: bool) -> dict[str, Any]:
    low, high = row["interval"] or (None, None)
    band = row.get("band") or (None, None)
    return {"x": x, "value": row["estimate"], "low": low, "high": high, "band_low": band[0], "band_high": band[1],
            "part": "since the start" if after else "before the start"}


def _event_study(answer: Answer, label: str) -> Figure:
    fields = answer.fields
    rows = [_row(row, row["event"], row["event"] >= 0) for row in fields["dynamic"]["rows"]]
    one = times.ONE_OF[fields["rhythm"]]
    x = {"field": "x", "type": "quantitative", "scale": {"nice": False, "padding": 12},
         "axis": {"title": f"{one.capitalize()}s since the start", "tickMinStep": 1, "format": "d"}}
    confidence = f"{fields['bands']['confidence'] * 100:g}%"
    note = (f"{_note(answer)} Thick: {confidence} range of each. Thin: {confidence} band that holds all at once. "
            f"{_base_words(answer)}")
    return Figure("event study", f"Effect on {label} by time since the start", _course(fields),
                  difference_told.event_table(fields), {"layer": [NOUGHT, *_points(rows, x, _y(label))]}, note)


def _course(fields: Mapping[str, Any]) -> str:
    """How the effect began, where it stood at last, and whether anything stood out before."""
    one = times.ONE_OF[fields["rhythm"]]
    since = [row for row in fields["dynamic"]["rows"] if row["event"] >= 0]
    first, last = since[0], since[-1]
    said = f"{'At' if one == 'point' else 'In'} the first {one} the effect was {_with_range(first)}"
    if last is not first:
        said += f"; {last['event']:g} {one}{'' if last['event'] == 1 else 's'} on it was {_with_range(last)}"
        if last["treated"] < first["treated"]:
            said += f", among the {last['treated']:,} units seen so long"
    if len(since) == len(fields["dynamic"]["rows"]):
        return f"{said}."
    before = "the two sides already moved apart" if "moved_apart" in fields["doubts"] else "no step stands out"
    return f"{said}. Before the start {before}." if "not_tested" not in fields["doubts"] else f"{said}."


def _with_range(row: Mapping[str, Any]) -> str:
    if row["interval"] is None:
        return written(row["estimate"])
    return f"{written(row['estimate'])} (range {written(row['interval'][0])} to {written(row['interval'][1])})"


def _base_words(answer: Answer) -> str:
    if answer.settings["base"] == "varying":
        return "Before the start each point is the change since the period before it."
    return "Every point is the change since the last period before the start."


def _groups(answer: Answer, label: str) -> Figure:
    fields = answer.fields
    groups = sorted(fields["groups"], key=lambda each: -each["units"])[:MOST_PANELS]
    kept = {each["group"]: f"began {times.said(each['group'], fields['rhythm'])} ({counted(each['units'], 'unit')})"
            for each in sorted(groups, key=lambda each: str(each["group"]))}
    rows = [{**_row(row, row["event"], row["after"]), "group": kept[row["group"]]}
            for row in fields["group_time"] if row["group"] in kept]
    x = {"field": "x", "type": "quantitative", "scale": {"padding": 8},
         "axis": {"title": f"{times.ONE_OF[fields['rhythm']].capitalize()}s since the start", "tickMinStep": 1,
                  "format": "d", "tickCount": 6}}
    y = _y(label)
    panels = []
    for words in dict.fromkeys(kept.values()):
        own = [row for row in rows if row["group"] == words]
        if own:
            panels.append({"title": {"text": words, "fontSize": 14, "fontWeight": "normal"}, "width": 250,
                           "height": 150, "layer": [NOUGHT, *_points([{**row, "band_low": None} for row in own], x,
                                                      {**y, "axis": {"title": None}})]})
    left = len(fields["groups"]) - len(kept)
    note = _note(answer) + (f" The {MOST_PANELS} largest groups; {left:,} more in the table." if left > 0 else "")
    parts = [row for row in fields["group"]["rows"] if row["estimate"] is not None]
    least, most = min(parts, key=lambda row: row["estimate"]), max(parts, key=lambda row: row["estimate"])
    said = (f"The mean effect since the start ran from {written(least['estimate'])} (began "
            f"{times.said(least['group'], fields['rhythm'])}) to {written(most['estimate'])} (began "
            f"{times.said(most['group'], fields['rhythm'])})." if len(parts) > 1 else
            f"All began {times.when(least['group'], fields['rhythm'])}.")
    spec = {"concat": panels, "columns": 2, "resolve": {"scale": {"x": "shared", "y": "shared"}}}
    return Figure("group time", f"Effect on {label} by when they began", said, difference_told.group_time_table(fields),
                  spec, note)


def _checks(answer: Answer, label: str) -> Figure:
    fields = answer.fields
    rows = [{"what": "As asked", "kind": "as asked", **_ends(fields["effect"])}]
    rows += [{"what": wrap(row["what"][:1].upper() + row["what"][1:], 46),
              "kind": "placebo (nought hoped for)" if row["placebo"] else "another way", **_ends(row)}
             for row in fields["checks"] if row["estimate"] is not None]
    rows = [{**row, "place": place, "what": row["what"] if isinstance(row["what"], list) else [row["what"]]}
            for place, row in enumerate(rows)]
    looks = {"as asked": (chart.DARK_BLUE, "circle"), "another way": (chart.BLUE, "square"),
             "placebo (nought hoped for)": (chart.GREY, "diamond")}
    there = [kind for kind in looks if any(row["kind"] == kind for row in rows)]
    y = {"field": "place", "type": "ordinal", "sort": [row["place"] for row in rows],
         "axis": {"title": None, "labels": False, "ticks": False}}
    x = {"field": "value", "type": "quantitative", "axis": {"title": f"Effect on {label}", "titleLimit": 300}}
    sign = {"color": {"field": "kind", "type": "nominal", "legend": {"title": None, "orient": "bottom"},
                      "scale": {"domain": there, "range": [looks[kind][0] for kind in there]}},
            "shape": {"field": "kind", "type": "nominal", "legend": {"title": None, "orient": "bottom"},
                      "scale": {"domain": there, "range": [looks[kind][1] for kind in there]}}}
    ranged = [row for row in rows if row["low"] is not None]
    layers: list[dict[str, Any]] = [
        {"data": {"values": [{"nought": 0}]}, "mark": {"type": "rule", "color": chart.TEXT},
         "encoding": {"x": {"field": "nought", "type": "quantitative"}}},
        {"data": chart.rows_of(rows), "mark": {"type": "text", "align": "right", "fontSize": 13, "x": -10,
                                               "color": chart.TEXT, "lineHeight": 14},
         "encoding": {"y": y, "text": {"field": "what"}}}]
    if ranged:
        layers.append({"data": chart.rows_of(ranged), "mark": {"type": "rule", "strokeWidth": 2},
                       "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"},
                                    "color": sign["color"]}})
    layers.append({"data": chart.rows_of(rows), "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
                   "encoding": {"y": y, "x": x, **sign}})
    spec = {"width": 340, "height": max(120, 50 * len(rows)), "layer": layers}
    doubtful = "swayed" in fields["doubts"] or "placebo" in fields["doubts"]
    said = ("Asked in other ways that are as fair, the answer does not always hold." if doubtful else
            "Asked in other ways that are as fair, the answer is much the same."
            if fields["effect"]["interval"] is not None else "The same question asked in other ways.")
    return Figure("checks", "The same question asked in other ways", said, difference_told.checks_table(fields), spec,
                  _note(answer))


def _ends(row: Mapping[str, Any]) -> dict[str, Any]:
    low, high = row["interval"] or (None, None)
    return {"value": row["estimate"], "low": low, "high": high}


def _sensitivity(answer: Answer, label: str) -> Figure:
    found = answer.fields["sensitivity"]
    relative = found["average"]["relative"]
    rows = [{"ratio": row["ratio"], "low": row["interval"][0], "high": row["interval"][1],
             "identified_low": row["identified"][0], "identified_high": row["identified"][1]}
            for row in relative["rows"]]
    x = {"field": "ratio", "type": "quantitative", "scale": {"padding": 20},
         "axis": {"title": "Drift apart a step, as a multiple of the largest step before the start", "values":
                  [row["ratio"] for row in rows], "titleLimit": 620}}
    y = {"field": "low", "type": "quantitative", "axis": {"title": f"Effect on {label}", "titleLimit": 300}}
    layers = [NOUGHT,
              {"data": chart.rows_of(rows), "mark": {"type": "rule", "strokeWidth": 2, "color": chart.BLUE},
               "encoding": {"x": x, "y": y, "y2": {"field": "high"}}},
              {"data": chart.rows_of(rows), "mark": {"type": "rule", "strokeWidth": 8, "color": chart.DARK_BLUE},
               "encoding": {"x": x, "y": {**y, "field": "identified_low"}, "y2": {"field": "identified_high"}}}]
    breakdown = relative["breakdown"]
    if breakdown == 0:
        said = "The average over the time since the start cannot be told from none even if trends were parallel."
    elif breakdown is None:
        said = ("The average over the time since the start stands up to any drift looked into, up to ten times the "
                "largest.")
    else:
        said = (f"The average over the time since the start stands until the two sides drift apart by {breakdown:.2f} "
                "times the largest step seen before the start, every period.")
    return Figure("sensitivity", "If trends were not parallel", said, difference_told.sensitivity_table(answer.fields),
                  {"layer": layers}, "Thin: range with sampling error. Thick: without. Rambachan and Roth (2023), "
                  "relative magnitudes; a simple union of intervals, wider than theirs.")
