"""What a funnel plot says, in sentences and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evenhand.figures import Column, Table
from evenhand.terms.words import counted, figure, listed

if TYPE_CHECKING:
    from evenhand.find.funnel import Settings

SIGNAL_WORDS = {"high_998": "far above", "high_95": "above", "none": "within the limits", "low_95": "below",
                "low_998": "far below", None: "no value"}
SIZEABLE = 1.5
"""A dispersion from which limits of chance alone call too many units unusual."""


def written(value: float) -> str:
    """A value of the funnel to read."""
    return figure(value, digits=3 if abs(value) < 1_000 else 4)


def sentence(fields: Mapping[str, Any], chosen: Settings) -> str:
    """How many units lie outside, on which side, and how many chance alone would put there."""
    rows = [row for row in fields["rows"] if row["signal"] is not None]
    far_high, far_low = (_names(rows, f"{side}_998") for side in ("high", "low"))
    near = sum(row["signal"] in ("high_95", "low_95") for row in rows)
    target = written(fields["target"]) + ("" if chosen.per == 1 else f" per {chosen.per:,.10g}")
    allowed = ", allowing for how far units differ anyway" if fields["signal_by"] == "adjusted limits" else ""
    if not far_high and not far_low:
        none = f"None of {counted(len(rows), 'unit')} lies outside the 99.8% limits around {target}{allowed}"
    else:
        sides = [f"{_few(names)} {'lies' if len(names) == 1 else 'lie'} {where} the 99.8% limits"
                 for names, where in ((far_high, "above"), (far_low, "below")) if names]
        none = f"Of {counted(len(rows), 'unit')}, {listed(sides)} around {target}{allowed}"
    tail = f"; {counted(near, 'more lies', 'more lie')} between the 95% and the 99.8% limits" if near else ""
    by_chance = len(rows) * 0.05
    expect = (f". Chance alone would put about {figure(by_chance, digits=2)} outside the 95% limits"
              if len(rows) >= 10 else "")
    return f"{none}{tail}{expect}."


def _names(rows: Sequence[Mapping[str, Any]], signal: str) -> list[str]:
    return [str(row["unit"]) for row in rows if row["signal"] == signal]


def _few(names: Sequence[str]) -> str:
    return listed(names) if len(names) <= 3 else f"{len(names):,}"


def remarks(fields: Mapping[str, Any], settings: Mapping[str, Any]) -> tuple[str, ...]:
    """What was left out, which form the limits have, and whether chance alone is a fair yardstick."""
    said = []
    rows, dispersion = fields["rows"], fields["dispersion"]
    without = [str(row["unit"]) for row in rows if row["signal"] is None]
    if without:
        shown = listed(without[:5]) if len(without) <= 5 else f"{', '.join(without[:5])} and {len(without) - 5:,} more"
        said.append(f"{shown} {'has' if len(without) == 1 else 'have'} no value: events or denominator are missing.")
    if settings["overdispersion"] == "none":
        if dispersion is not None and dispersion > SIZEABLE:
            said.append(
                f"Units differ by more than chance: the dispersion is {figure(dispersion)} where chance alone gives 1. "
                "Many will lie outside for reasons the figures do not carry; --overdispersion additive allows for it.")
    else:
        form = {"shmi": "of the national mortality indicator (logarithms, extremes left out)",
                "cqc": "of the Care Quality Commission (roots, extremes drawn in)"}[settings["transform"]]
        if settings["kind"] in ("ratio", "rate"):
            said.append(f"The allowance has the form {form}; the two forms can name different units.")
        else:
            scale = "arcsine" if settings["kind"] == "proportion" else "logarithmic"
            said.append(f"The allowance is made on the {scale} scale, the extremes drawn in.")
        if settings["transform"] == "cqc" and settings["kind"] in ("ratio", "rate"):
            said.append("In this form the limits are carried back without squaring, as published, and lie about half "
                        "as far out as they would otherwise.")
        if fields["signal_by"] != "adjusted limits":
            said.append("The dispersion is not above 1, so signals are judged by the unadjusted limits.")
    if settings["target"] is None and settings["kind"] != "ratio":
        said.append("Every unit is part of the overall value it is set against.")
    return tuple(said)


def table(rows: Sequence[Mapping[str, Any]], chosen: Settings) -> Table:
    """One row a unit, those with signals first to the eye by their words."""
    levels = [f"{each:g}" for each in chosen.confidence]
    value = {"proportion": "Share", "rate": "Rate", "ratio": "Observed over expected",
             "count-ratio": "Ratio"}[chosen.kind]
    unit = "" if chosen.per == 1 else f" per {chosen.per:,.10g}"
    share = chosen.kind == "proportion" and chosen.per == 1
    kind: Any = "share" if share else "number"
    columns = [Column("unit", "Unit"), Column("numerator", "Events", "count"),
               Column("denominator", "Expected", "number", digits=4) if chosen.kind == "ratio" else
               Column("denominator", "Of", "count"),
               Column("value", value + unit, kind, digits=4),
               *(Column(f"limits_{_mark(each)}", f"{float(each) * 100:g}% limits", "interval", digits=4)
                 for each in levels),
               Column("signal", "Against the limits")]
    if any(row["remark"] for row in rows):
        columns.append(Column("remark", "Remark"))
    flat = [{**row, "signal": SIGNAL_WORDS[row["signal"]],
             **{f"limits_{_mark(each)}": None if row["limits"] is None else tuple(row["limits"][each])
                for each in levels}} for row in rows]
    return Table.of(flat, columns, title=value + unit)


def _mark(level: str) -> str:
    return level.removeprefix("0.")


def grid_table(fields: Mapping[str, Any], chosen: Settings) -> tuple[Table, ...]:
    """The limits at the sizes asked for, where any were."""
    if "grid" not in fields:
        return ()
    levels = [f"{each:g}" for each in chosen.confidence]
    of = fields["grid"][0]["of"]
    columns = [Column("at", of.capitalize(), "number", digits=6),
               *(Column(f"limits_{_mark(each)}", f"{float(each) * 100:g}% limits", "interval", digits=6)
                 for each in levels)]
    return (Table.of([{"at": row["at"], **{f"limits_{_mark(each)}": tuple(row["limits"][each]) for each in levels}}
                      for row in fields["grid"]], columns, title=f"Limits by {of}"),)
