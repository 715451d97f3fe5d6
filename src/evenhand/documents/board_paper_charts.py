"""The picture of a board paper: every option's score on every criterion, with its range."""

from __future__ import annotations

from collections.abc import Callable

from evenhand.figures import Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of
from evenhand.papers import Appraisal
from evenhand.terms import Estimate
from evenhand.terms.words import counted, figure

COLOURS, SHAPES = (BLUE, ORANGE, PURPLE, GREY), ("circle", "square", "triangle-up", "diamond")
MOST_CRITERIA, LONGEST = 12, 60


def scores_chart(paper: Appraisal, named: Callable[[str], str], *, invented: bool = False) -> Figure | None:
    """Scores as points with their ranges, a strip for each criterion on its own scale; none where none is scored.

    Colour and shape both tell the options apart, and the table beside the picture holds the same figures.
    """
    rows = []
    for criterion in (paper.criteria or ())[:MOST_CRITERIA]:
        for place, option in enumerate(paper.options):
            value = next((each.value for each in paper.scores or ()
                          if (each.option, each.criterion) == (option, criterion.id)), None)
            if isinstance(value, Estimate):
                rows.append({"judged_on": _short(criterion.title), "option": f"{place + 1}. {_short(named(option))}",
                             "score": value.central, "low": value.low, "high": value.high})
    if not rows:
        return None
    options = list(dict.fromkeys(str(row["option"]) for row in rows))
    criteria = list(dict.fromkeys(str(row["judged_on"]) for row in rows))
    strip = {"y": {"field": "option", "type": "nominal", "sort": options, "title": None, "axis": {"labelLimit": 320}}}
    scale = {"type": "quantitative", "title": None, "scale": {"zero": False}}
    # Where all is scored in the same units, one scale for all strips lets them be compared.
    together = len({each.units for each in paper.criteria or ()}) == 1
    chart = {
        "data": rows_of(rows),
        "facet": {"row": {"field": "judged_on", "type": "nominal", "sort": criteria, "title": None,
                          "header": {"labelOrient": "top", "labelAnchor": "start", "labelFontSize": 14,
                                     "labelFontWeight": "bold", "labelColor": TEXT}}},
        "resolve": {"scale": {"x": "shared" if together else "independent"}},
        "spec": {"width": 380, "height": {"step": 20}, "view": {"stroke": None}, "layer": [
            {"mark": {"type": "rule", "strokeWidth": 2, "color": GREY},
             "encoding": {**strip, "x": {"field": "low", **scale}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
             "encoding": {**strip, "x": {"field": "score", **scale},
                          "color": {"field": "option", "type": "nominal", "legend": None,
                                    "scale": {"domain": options, "range": list(COLOURS)}},
                          "shape": {"field": "option", "type": "nominal", "legend": None,
                                    "scale": {"domain": options, "range": list(SHAPES)}}}}]},
    }
    table = Table.of(rows, [Column("judged_on", "Judged on"), Column("option", "Option"),
                            Column("score", "Score", "number"), Column("low", "Lowest", "number"),
                            Column("high", "Highest", "number")], title="Scores with their ranges")
    first = [f"{row['option']}: {figure(float(str(row['score'])))}" for row in rows
             if row["judged_on"] == criteria[0]]
    scale_in_words = "all on one scale" if together else "each on its own scale"
    return Figure("scores", "What each option scores, with ranges",
                  f"{counted(len(options), 'option')} on {counted(len(criteria), 'criterion', 'criteria')}, "
                  f"{scale_in_words}: a point for the score, a line for its range. On {criteria[0]}: "
                  f"{'; '.join(first)}. The table before this picture holds every figure.", table, chart,
                  "Invented county" if invented else "")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1].rstrip()}…"
