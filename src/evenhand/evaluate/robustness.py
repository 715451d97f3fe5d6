"""The same interrupted series asked in other ways: does the answer hang on one choice?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from evenhand.evaluate import times
from evenhand.evaluate.averted import log_ratio_error
from evenhand.evaluate.doubts import ENOUGH_BEFORE, FEW_AFTER, Question
from evenhand.evaluate.neighbours import Errors, spread
from evenhand.evaluate.regression import Family, NoFit
from evenhand.evaluate.timeline import design
from evenhand.terms.words import counted, per_cent

FIRST_LEFT_OUT = 3
"""Points from the start on that are left out, in case a change took hold slowly."""
DONUT = 2
"""Points left out on each side of the start, in case it was felt early or came late."""
MOST_PLACEBOS = 24
TOO_MANY = 0.2
"""More of the dates at which nothing began than this, and the model finds changes where there are none."""
Says = Literal["lower", "higher", "cannot tell"]


@dataclass(frozen=True)
class Asked:
    """One way of asking: its code, what it is in words, the series and errors; ``alone`` trusts those of the model."""

    code: str
    words: str
    question: Question
    errors: Errors
    alone: bool = False


@dataclass(frozen=True)
class Said:
    """What one way of asking says: the ratio of observed to expected from the start on, with its range."""

    ratio: float
    low: float
    high: float

    @property
    def says(self) -> Says:
        """Lower or higher than was to be expected, where the range leaves no change out."""
        return "lower" if self.high < 1 else "higher" if self.low > 1 else "cannot tell"


def checks(question: Question, errors: Errors, confidence: float) -> list[dict[str, Any]]:
    """The question as asked, then every other way of asking it, each with its change and whether it says the same.

    A row has ``check``, ``words``, ``change`` (a share of what was expected, below nought where less came), its
    ``interval``, ``says``, ``agrees`` and ``because`` (why it could not be asked). The last row counts, among dates
    before the start at which nothing began, those at which the same model finds a change.
    """
    own = _asked(Asked("as_asked", "As asked", question, errors), confidence)
    rows = [_row("as_asked", "As asked", own, own)]
    for each in _ways(question, errors):
        rows.append(_row(each.code, each.words, _asked(each, confidence), own))
    rows.append(_placebos(question, errors, confidence))
    return rows


def _row(code: str, words: str, said: Said | str, own: Said | str) -> dict[str, Any]:
    if isinstance(said, str):
        return {"check": code, "words": words, "change": None, "interval": None, "says": None, "agrees": None,
                "because": said}
    agrees = None if isinstance(own, str) else said.says == own.says
    return {"check": code, "words": words, "change": said.ratio - 1, "interval": [said.low - 1, said.high - 1],
            "says": said.says, "agrees": agrees, "because": None}


def _ways(question: Question, errors: Errors) -> Iterator[Asked]:
    """Every other way, in a fixed order."""
    import numpy as np

    line, terms = question.line, question.terms
    one = times.ONE_OF[line.rhythm]
    for family, words in _other_families(question):
        yield Asked("other_family", words, replace(question, family=family), errors)
    if errors == "model":
        yield Asked("newey_west", "Ranges that let neighbours in time resemble each other", question, "newey-west")
    else:
        yield Asked("model_errors", "Ranges from the model alone", question, "model", alone=True)
    waves = replace(terms, harmonics=0 if terms.harmonics else 2)
    yield Asked("harmonics", "Without seasonal waves" if terms.harmonics else "With two seasonal waves",
                replace(question, terms=waves), errors)
    yield Asked("slope", "A step alone" if terms.slope else "The change may grow with time",
                replace(question, terms=replace(terms, slope=not terms.slope)), errors)
    places = np.arange(len(line))
    start = line.before_count
    without = (places < start) | (places >= start + FIRST_LEFT_OUT)
    yield Asked("without_first", f"Without the first {FIRST_LEFT_OUT} {one}s from the start on",
                replace(question, line=line.only(without)), errors)
    around = (places < start - DONUT) | (places >= start + DONUT)
    yield Asked("donut", f"Without {DONUT} {one}s on each side of the start", replace(question, line=line.only(around)),
                errors)
    if line.control_names:
        alone = replace(line, control_names=(), controls=np.zeros((len(line), 0)))
        yield Asked("no_control", "Without the comparator", replace(question, line=alone), errors)


def _other_families(question: Question) -> Iterator[tuple[Family, str]]:
    whole = bool((question.line.outcome == question.line.outcome.round()).all())
    positive = bool((question.line.outcome >= 0).all())
    if question.family != "gaussian":
        if question.family != "negative-binomial" and whole:
            yield "negative-binomial", "Counts with extra scatter (negative binomial)"
        if question.family != "quasipoisson":
            yield "quasipoisson", "Counts with extra scatter (quasi-Poisson)"
        yield "gaussian", "Straight lines in place of ratios (gaussian)"
    elif positive and not question.line.control_names:
        yield "quasipoisson", "Ratios in place of straight lines (quasi-Poisson)"


def _asked(each: Asked, confidence: float) -> Said | str:
    """The ratio of observed to expected, or why this way gives none."""
    import numpy as np

    question = each.question
    line = question.line
    needed = max(ENOUGH_BEFORE, round(2 * question.terms.period) if question.terms.harmonics else 0)
    if line.before_count < needed:
        return f"{counted(line.before_count, 'point')} before the start, and {needed} are needed"
    if line.after_count < (2 if question.terms.slope else 1):
        return "too few points are left from the start on"
    names, columns = design(line, question.terms, logged=question.logged)
    try:
        fit = question.fitted(columns)
    except NoFit as why:
        return str(why)
    unchanged = columns.copy()
    for name in ("step", "slope_change"):
        if name in names:
            unchanged[:, names.index(name)] = 0
    observed = float(question.outcome()[line.after].sum())
    expected = float(fit.predicted(unchanged, question.offset())[line.after].sum())
    if not (observed > 0 and expected > 0 and float(fit.fitted[line.after].sum()) > 0):
        return "what was expected, or came, is not above nought"
    sure = spread(fit, columns, each.errors, (confidence,))
    if each.alone:
        sure = replace(sure, allowing=None)
    far = log_ratio_error(question, fit, columns, unchanged, sure) * next(iter(sure.reach.values()))
    if not np.isfinite(far):
        return "nothing is left to judge chance by"
    ratio = observed / expected
    return Said(ratio, ratio * float(np.exp(-far)), ratio * float(np.exp(far)))


def _placebos(question: Question, errors: Errors, confidence: float) -> dict[str, Any]:
    """How often the same model finds a change at dates before the start, when nothing began."""
    import numpy as np

    line = question.line
    words = "Dates before the start at which nothing began"
    row: dict[str, Any] = {"check": "placebo_starts", "words": words, "change": None, "interval": None, "says": None,
                           "agrees": None, "because": None, "found": None, "of": None}
    past = line.only(~line.after)
    terms = replace(question.terms, harmonics=question.terms.harmonics if len(past) >= 3 * question.terms.period else 0)
    needed = max(ENOUGH_BEFORE, round(2 * terms.period) if terms.harmonics else 0)
    places = list(range(needed, len(past) - FEW_AFTER + 1))
    if not places:
        return row | {"because": f"the past is too short: {needed + FEW_AFTER} points before the start are needed"}
    if len(places) > MOST_PLACEBOS:
        places = [places[round(each)] for each in np.linspace(0, len(places) - 1, MOST_PLACEBOS)]
    said = []
    for place in places:
        moved = replace(past, after=np.arange(len(past)) >= place)
        found = _asked(Asked("", "", replace(question, line=moved, terms=terms), errors), confidence)
        if isinstance(found, Said):
            said.append(found.says)
    if not said:
        return row | {"because": "no such date could be tried"}
    hits = sum(each != "cannot tell" for each in said)
    return row | {"found": hits, "of": len(said), "agrees": hits <= TOO_MANY * len(said)}


def remarks(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where the answer hangs on one choice, in a sentence or two; where it does not, the table alone says so."""
    ways = [row for row in rows if row["check"] not in ("as_asked", "placebo_starts") and row["agrees"] is not None]
    said = []
    other = [row for row in ways if not row["agrees"]]
    if other:
        of = f"{len(other)} of {counted(len(ways), 'other way')} of asking"
        said.append(f"The answer hangs on how it is asked: {of} {'says' if len(other) == 1 else 'say'} otherwise "
                    f"({'; '.join(_lower(row['words']) for row in other)}).")
    placebo = next((row for row in rows if row["check"] == "placebo_starts" and row["of"]), None)
    if placebo is not None and not placebo["agrees"]:
        said.append(f"The same model finds a change at {placebo['found']} of {counted(placebo['of'], 'date')} before "
                    "the start, when nothing began: its ranges are too narrow for this series, or more than a straight "
                    "line was under way.")
    return said


def written(row: Mapping[str, Any]) -> str:
    """One row's finding as a reader sees it."""
    if row["because"]:
        return f"Not asked: {row['because']}"
    if row["check"] == "placebo_starts":
        return f"A change at {row['found']} of {counted(row['of'], 'date')}"
    low, high = row["interval"]
    return f"{_side(row['change'])} (range {_side(low)} to {_side(high)})"


def _side(share: float) -> str:
    return f"{per_cent(abs(share), digits=1)} {'below' if share < 0 else 'above'}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
