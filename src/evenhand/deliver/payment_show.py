"""The picture of a contract: what each kind of terms pays, and who bears what lies above and below the plan."""

from __future__ import annotations

from typing import Any

from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, TEXT, rows_of

AGREED, OTHER = "Agreed", "Other terms"


def payment(answer: Answer) -> tuple[Figure, ...]:
    """What is paid under each kind of terms beside the plan; then who bears more and less activity."""
    return _paid(answer), _risk(answer)


def _paid(answer: Answer) -> Figure:
    rows = [{"terms": row["terms"], "paid": row["payment"] / 1e6, "which": AGREED if row["agreed"] else OTHER}
            for row in answer.fields["rows"]]
    marks = [{"at": answer.fields["planned_value"] / 1e6, "says": "planned"},
             {"at": answer.fields["value_done"] / 1e6, "says": "done, at its price"}]
    low = min(each["at"] for each in marks)
    # One name is written to the left of its line and the other to the right, or they would lie over each other.
    texts = [{**each, "left": each["at"] == low} for each in marks]
    y = {"field": "terms", "type": "nominal", "title": None, "sort": [row["terms"] for row in rows]}
    x = {"field": "at", "type": "quantitative", "scale": {"zero": False, "padding": 24}}
    chart = {
        "height": {"step": 36},
        "layer": [
            {"data": rows_of(marks), "mark": {"type": "rule", "strokeDash": [5, 4], "color": GREY},
             "encoding": {"x": x}},
            *({"data": rows_of([each]), "mark": {"type": "text", "align": "right" if each["left"] else "left",
                                                 "dx": -4 if each["left"] else 4, "baseline": "top",
                                                 "color": "#4c6272", "fontSize": 12},
               "encoding": {"x": x, "y": {"value": -18}, "text": {"field": "says"}}} for each in texts),
            {"data": rows_of(rows), "mark": {"type": "point", "size": 160, "filled": True, "opacity": 1},
             "encoding": {"x": {"field": "paid", "type": "quantitative", "scale": {"zero": False, "padding": 24},
                                "title": "Paid, £ million"}, "y": y,
                          "shape": _which("shape", ["diamond", "circle"]),
                          "color": _which("color", [ORANGE, BLUE])}}],
    }
    return Figure("payment-by-terms", "Paid under each kind of terms", answer.sentence, answer.table, chart,
                  "The same activity is paid under each; nobody is supposed to act otherwise.")


def _which(channel: str, values: list[str]) -> dict[str, Any]:
    return {"field": "which", "type": "nominal", "title": None, "legend": {"orient": "bottom"},
            "scale": {"domain": [AGREED, OTHER], "range": values}}


def _risk(answer: Answer) -> Figure:
    shown = [{"terms": f"{row['terms']}{' (agreed)' if row['agreed'] else ''}", "when": when,
              "share": row[f"commissioner_share_of_{name}"]}
             for row in answer.fields["rows"] for when, name in (("More than planned", "more"),
                                                                ("Less than planned", "less"))]
    chart = {
        "data": rows_of(shown), "height": {"step": 18},
        "mark": {"type": "bar", "height": 14},
        "encoding": {
            "y": {"field": "terms", "type": "nominal", "title": None, "sort": [each["terms"] for each in shown]},
            "yOffset": {"field": "when"},
            "x": {"field": "share", "type": "quantitative", "axis": {"format": "%"},
                  "title": "Share of the difference that changes what the commissioner pays"},
            "stroke": {"value": TEXT},
            "color": {"field": "when", "type": "nominal", "title": None, "legend": {"orient": "bottom"},
                      "scale": {"domain": ["More than planned", "Less than planned"], "range": [BLUE, GREY]}}}}
    table = Table.of(shown, [Column("terms", "Terms"), Column("when", "Activity"),
                             Column("share", "Commissioner's share", "share")], title="Who bears the risk of activity")
    return Figure("payment-risk", "Who bears the risk of activity", _in_words(answer), table, chart,
                  "What does not change what the commissioner pays is the provider's to bear or to keep.")


def _in_words(answer: Answer) -> str:
    agreed = next(row for row in answer.fields["rows"] if row["agreed"])
    words = {"commissioner": "the commissioner bears", "provider": "the provider bears", "shared": "both bear"}
    return (f"Under {agreed['terms']} terms {words[agreed['bears_more']]} what lies above the plan, and "
            f"{words[agreed['bears_less']]} what lies below it.")
