"""What a control chart says, in the words of a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any, Literal

from evenhand.evaluate import times
from evenhand.stats.control_limits import half_below
from evenhand.terms.words import counted, figure, listed, per_cent

Direction = Literal["increase", "decrease", "neutral"]
WAY: Mapping[str, int] = {"increase": 1, "decrease": -1, "neutral": 0}
RULE_WORDS: Mapping[str, str] = {
    "none": "usual variation", "outside_limits": "outside the limits", "trend": "trend",
    "two_of_three": "two of three near a limit", "shift": "shift"}
MEANING_WORDS: Mapping[str, str] = {
    "improvement": "improvement", "concern": "concern", "neutral": "unusual", "common_cause": "usual"}
VARIATION_WORDS: Mapping[str, str] = {
    "improvement_high": "improvement (high)", "improvement_low": "improvement (low)", "concern_high": "concern (high)",
    "concern_low": "concern (low)", "neutral_high": "unusual (high)", "neutral_low": "unusual (low)",
    "common_cause": "usual variation"}
ASSURANCE_WORDS: Mapping[str, str] = {
    "consistent_pass": "target always met", "consistent_fail": "target always missed",
    "inconsistent": "target met at times", "none": ""}


def meaning(direction: int, improvement: int) -> str:
    """What a signal in a direction (1 up, -1 down, 0 none) means, where ``improvement`` is the better way."""
    if direction == 0:
        return "common_cause"
    if improvement == 0:
        return "neutral"
    return "improvement" if direction == improvement else "concern"


def variation(direction: int, improvement: int) -> str:
    """The icon of the last point: ``improvement_high``, ``concern_low``, ..., ``common_cause``."""
    said = meaning(direction, improvement)
    return said if said == "common_cause" else f"{said}_{'high' if direction > 0 else 'low'}"


def assurance(target: float | None, lower: float, upper: float, improvement: int) -> str:
    """Whether the latest limits lie wholly on the right or the wrong side of the target.

    As in NHSRplotthedots: a target above the upper limit is always missed where more is better, always met where less
    is; a target between the limits is met at times; nothing is said without a target, a direction or limits.
    """
    if target is None or improvement == 0 or (isnan(lower) and isnan(upper)):
        return "none"
    if target > upper:
        return "consistent_fail" if improvement > 0 else "consistent_pass"
    if target < lower:
        return "consistent_pass" if improvement > 0 else "consistent_fail"
    return "inconsistent"


def written(value: float, *, share: bool = False) -> str:
    """A value of the chart as a reader sees it: whole numbers without decimals."""
    value += 0.0  # no minus before nought
    if share:
        return per_cent(value, digits=1)
    return f"{value:,.0f}" if value == round(value) else figure(value)


def sentence(one: Mapping[str, Any], *, rhythm: str, chart: str, target: float | None, lengths: tuple[int, int],
             label: str) -> str:
    """What one series says: its latest point, what stands out before it, and the target."""
    points: Sequence[Mapping[str, Any]] = one["points"]
    last = points[-1]
    share = chart == "p"
    when = times.when(last["date"], rhythm)
    name = ": ".join(part for part in (label, one["series"]) if part)
    opening = f"{name}: " if name else ""
    value = written(last["value"], share=share)
    if one["variation"] is None:
        return f"{opening}one point ({value} {when}) says nothing about variation."
    usual = f"the usual {times.FROM_TO_WORDS[rhythm]} variation"
    if last["rule"] == "none":
        said = f"{opening}{value} {when}: no more than {usual}{_range(last, share)}."
    else:
        said = (f"{opening}{value} {when}: more than {usual}, as {_why(last, one, chart, lengths)}; "
                f"{_judged(last['meaning'])}.")
    earlier = sum(point["rule"] != "none" for point in points[:-1])
    if earlier:
        stand = "stands" if earlier == 1 else "stand"
        said += f" {counted(earlier, 'earlier point')} of {len(points) - 1:,} {stand} out."
    if target is not None and one["assurance"] != "none":
        said += f" {_target(one['assurance'], written(target, share=share), rhythm)}"
    return said


def _range(point: Mapping[str, Any], share: bool) -> str:
    lower, upper = point["lower"], point["upper"]
    has_lower, has_upper = not isnan(lower), not isnan(upper)
    if has_lower and has_upper:
        return f" ({written(lower, share=share)} to {written(upper, share=share)})"
    if has_upper:
        return f" (up to {written(upper, share=share)})"
    return ""


def _why(point: Mapping[str, Any], one: Mapping[str, Any], chart: str, lengths: tuple[int, int]) -> str:
    share = chart == "p"
    up = one["variation"].endswith("high")
    shift, trend = lengths
    if point["rule"] == "outside_limits":
        limit = point["upper"] if up else point["lower"]
        return f"it lies {'above the upper' if up else 'below the lower'} limit of {written(limit, share=share)}"
    if point["rule"] == "trend":
        return f"{trend} points or more in a row are each {'higher' if up else 'lower'} than the one before"
    if point["rule"] == "two_of_three":
        return f"two of three points in a row lie near the {'upper' if up else 'lower'} limit"
    many = f"{one['run_rules']['longest_run']} points" if "run_rules" in one else f"{shift} points or more"
    if chart == "g":
        # Counts between rare events lean to one side: half of them lie below a median that is lower than the mean.
        middle = half_below(point["mean"])
        return f"{many} in a row lie {'above' if up else 'below'} their median of about {written(round(middle, 1))}"
    line = "middle line" if "run_rules" in one else "mean"
    return f"{many} in a row lie {'above' if up else 'below'} the {line} of {written(point['mean'], share=share)}"


def _judged(said: str) -> str:
    return {"improvement": "an improvement", "concern": "a concern",
            "neutral": "whether that is good or bad, the settings do not say"}[said]


def _target(said: str, target: str, rhythm: str) -> str:
    one = times.ONE_OF[rhythm]
    every, some, others = (("at every point", "at some points", "at others") if one == "point" else
                           (f"every {one}", f"in some {one}s", "in others"))
    if said == "consistent_pass":
        return f"If nothing changes, the target of {target} will be met {every}."
    if said == "consistent_fail":
        return f"Unless something changes, the target of {target} will be missed {every}."
    return f"The target of {target} lies within the usual range: met {some} and missed {others}, by chance."


def sentence_of_many(series: Sequence[Mapping[str, Any]], label: str) -> str:
    """What many series say together: how many stand out at their latest point, and which."""
    opening = f"{label}: " if label else ""
    parts = []
    for said, words in (("concern", "a concern"), ("improvement", "an improvement"), ("neutral", "something unusual")):
        names = [one["series"] or "one without a name" for one in series if (one["variation"] or "").startswith(said)]
        if names:
            some = listed(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3:,} more"
            parts.append(f"{len(names):,} {'shows' if len(names) == 1 else 'show'} {words} ({some})")
    usual = sum(one["variation"] == "common_cause" for one in series)
    single = sum(one["variation"] is None for one in series)
    rest = f" {counted(single, 'series', 'series')} of one point cannot be judged." if single else ""
    if not parts:
        return f"{opening}none of {len(series):,} series shows more than its usual variation at its latest point.{rest}"
    return (f"{opening}of {len(series):,} series, at their latest point {'; '.join(parts)}; "
            f"{f'{usual:,}' if usual else 'none'} no more than the usual variation.{rest}")
