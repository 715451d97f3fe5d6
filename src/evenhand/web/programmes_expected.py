"""What was to be expected without a change, month by month, from what a finding holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.papers import Finding
from evenhand.web.programmes import answers_of


def expected_rows(finding: Finding) -> list[dict[str, Any]]:
    """Rows of time, seen, expected, low and high, from whichever answer of the finding holds what was expected."""
    given = finding.figures.get("expected")
    if given:
        return [{"time": str(each["time"]), "seen": each.get("seen"), "expected": each.get("expected"),
                 "low": each.get("low"), "high": each.get("high")} for each in given]
    for _, document in answers_of(finding):
        counted_rows = document.get("counterfactual")
        if isinstance(counted_rows, list | tuple) and counted_rows and "observed" in counted_rows[0]:
            return [{"time": str(each["time"]), "seen": each["observed"], "expected": each.get("counterfactual"),
                     "low": each.get("lower"), "high": each.get("upper")} for each in counted_rows]
        gaps = document.get("gaps")
        if isinstance(gaps, list | tuple) and gaps and {"treated", "synthetic"} <= set(gaps[0]):
            return [{"time": str(each["time"]), "seen": each["treated"], "expected": each["synthetic"],
                     "low": None, "high": None} for each in gaps]
    return _beside_others(finding)


def _beside_others(finding: Finding) -> list[dict[str, Any]]:
    """The body's own level before, moved as the others moved; the range is that of the change over the whole time."""
    answer = (finding.figures.get("answers") or {}).get("beside others") or {}
    stretches, change = answer.get("stretches") or {}, (answer.get("changes") or {}).get("whole")
    series = finding.figures.get("series") or ()
    if not (change and stretches.get("before") and stretches.get("whole")) or len(series) != 2:
        return []
    own, others = ({month: (top, under) for month, top, under in zip(
        each["months"], each["numerators"], each["denominators"], strict=True) if under} for each in series)
    first, last = stretches["before"]
    before = [_level(each, [month for month in each if first <= month <= last]) for each in (own, others)]
    if not all(before):
        return []
    start, (low, high) = stretches["whole"][0], change["interval"]
    rows = []
    for month, (top, under) in own.items():
        moved = _level(others, [month] if month in others and month >= start else [])
        expected = before[0] * moved / before[1] if moved else None
        rows.append({"time": month, "seen": top / under, "expected": expected,
                     "low": expected * math.exp(change["log"] - high) if expected else None,
                     "high": expected * math.exp(change["log"] - low) if expected else None})
    return rows if any(row["expected"] for row in rows) else []


def _level(series: Mapping[str, tuple[float, float]], months: Sequence[str]) -> float:
    """Numerators over denominators of some months; nought where none is held."""
    under = sum(series[month][1] for month in months)
    return sum(series[month][0] for month in months) / under if under else 0.0
