"""What an interrupted series says, in the words of a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.evaluate import robustness, times
from evenhand.evaluate.verdicts import written
from evenhand.figures import Cell, Column, Table
from evenhand.terms.words import counted, per_cent, pounds_roughly

TERM_WORDS: Mapping[str, str] = {
    "intercept": "Level at the beginning", "step": "Step at the start", "trend": "Trend",
    "slope_change": "Change of trend", "control": "Comparator"}


class Chance(Column):
    """A column of p-values: below one in a thousand a reader is told no more."""

    def written(self, cell: Cell) -> str:
        """The p-value as a reader sees it."""
        return "below 0.001" if isinstance(cell, float) and cell < 0.001 else super().written(cell)


def sentence(fields: Mapping[str, Any], *, label: str, logged: bool, controlled: bool) -> str:
    """The answer in one or two sentences: how much, how sure, or why it cannot be told."""
    rhythm, averted = fields["rhythm"], fields["averted"]
    begins = f"From {times.said(fields['start'], rhythm)}"
    past = "its own past and the comparator" if controlled else "its own past"
    rows: Sequence[Mapping[str, Any]] = fields["counterfactual"]
    before = [row["observed"] for row in rows if not row["after"]]
    after = [row["observed"] for row in rows if row["after"]]
    if min(before + after) == max(before + after):
        return f"{_capital(label)} does not vary: it is {written(before[0])} throughout."
    if averted["value"] is None:
        return _cannot_tell(before, after, fields, label)
    low, high = averted["interval"]
    ones = counted(len(after), times.ONE_OF[rhythm])
    already = (" Part of that may have been under way already: the line was bending before the start."
               if "bend_before" in fields["doubts"] else "")
    if logged:
        if averted["observed"] == 0:
            return (f"{begins} {label} fell to nothing: about {written(averted['expected'])} were foretold by {past} "
                    f"over {ones} (range {written(low)} to {written(high)}), and none came.{already}")
        share, ends = 1 - averted["ratio"], [1 - end for end in averted["ratio_interval"]]
        if min(ends) <= 0 <= max(ends):
            return (f"{begins} {label} cannot be told from what {past} foretold: {_share(share)} "
                    f"(range {_share(max(ends))} to {_share(min(ends))}) over {ones}.")
        way, many = ("below", "fewer") if share > 0 else ("above", "more")
        near, far = sorted(abs(end) for end in ends)
        total = sorted((abs(low), abs(high)))
        return (f"{begins} {label} ran {per_cent(abs(share), digits=1)} {way} what {past} foretold (range "
                f"{per_cent(near, digits=1)} to {per_cent(far, digits=1)} {way}): {written(abs(averted['value']))} "
                f"{many} over {ones} (range {written(total[0])} to {written(total[1])}).{already}")
    seen, foretold, gap = sum(after) / len(after), averted["expected"] / len(after), averted["per_point"]
    ends = averted["per_point_interval"]
    if ends[0] <= 0 <= ends[1]:
        return (f"{begins} {label} averaged {written(seen)}, which cannot be told from the {written(foretold)} that "
                f"{past} foretold (difference {written(-gap)}, range {written(-ends[1])} to {written(-ends[0])}) "
                f"over {ones}.")
    way = "below" if gap > 0 else "above"
    near, far = sorted(abs(end) for end in ends)
    return (f"{begins} {label} averaged {written(seen)} over {ones}, {written(abs(gap))} {way} the {written(foretold)} "
            f"that {past} foretold (range {written(near)} to {written(far)} {way}).{already}")


def _share(share: float) -> str:
    """A difference in words: 3.0% below, 2.0% above."""
    return f"{per_cent(abs(share), digits=1)} {'below' if share > 0 else 'above'}"


def _cannot_tell(before: Sequence[float], after: Sequence[float], fields: Mapping[str, Any], label: str) -> str:
    rhythm = fields["rhythm"]
    ones = counted(len(before), times.ONE_OF[rhythm])
    stood = f"It was {written(before[0])}" if len(before) == 1 else f"It averaged {written(sum(before) / len(before))}"
    then = f"and was {written(after[0])} in the one" if len(after) == 1 else (
        f"averaged {written(sum(after) / len(after))} over the {len(after)}")
    end = f" from then on, and ended at {written(after[-1])}" if len(after) > 1 else " since"
    are = "is" if len(before) == 1 else "are"
    why = fields["cannot_tell"]
    if "short_past" in fields["doubts"]:
        why = f"{ones} before the start {are} too short a past to size it by"
    return f"How much the change did to {label} cannot be told: {why}. {stood} before the start, {then}{end}."


def in_pounds(averted: Mapping[str, Any]) -> str:
    """The total at a cost for each, in one more sentence."""
    pounds, ends = averted["pounds"], averted["pounds"]["interval"]
    way = "less" if pounds["value"] >= 0 else "more"
    said = f" At £{written(pounds['unit_cost'])} each that is {pounds_roughly(abs(pounds['value']))} {way}"
    if ends is None:
        return f"{said}."
    if ends[0] < 0 < ends[1]:
        return (f"{said}, which cannot be told from nothing (range {pounds_roughly(abs(ends[0]))} more to "
                f"{pounds_roughly(ends[1])} less).")
    near, far = sorted(abs(end) for end in ends)
    return f"{said} (range {pounds_roughly(near)} to {pounds_roughly(far)} {way}), if one less saves so much."


def checks_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """The same question asked in other ways, all of them."""
    return Table.of(
        [{**row, "said": robustness.written(row), "interval": None if row["interval"] is None else tuple(
            row["interval"]), "same": {True: "yes", False: "no", None: ""}[row["agrees"]]} for row in rows],
        [Column("words", "How it is asked"), Column("said", "What it says"), Column("same", "Says the same"),
         Column("change", "Change", "share"), Column("interval", "Range (share)", "interval")],
        title="Asked in other ways")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def coefficients_table(fields: Mapping[str, Any], *, logged: bool) -> Table:
    """The coefficients as a reader wants them, the ratio first for counts."""
    one = times.ONE_OF[fields["rhythm"]]
    rows = []
    for row in fields["coefficients"]:
        word = TERM_WORDS.get(row["term"], "Comparator " + row["term"].removeprefix("control_")
                              if row["term"].startswith("control_") else f"Season ({row['term']})")
        if row["term"] in ("trend", "slope_change"):
            word += f" a {one}"
        interval, ratio = row["interval"], row.get("ratio_interval")
        rows.append({**row, "word": word, "interval": None if interval is None else tuple(interval),
                     "ratio_interval": None if ratio is None else tuple(ratio)})
    columns = [Column("term", "Term"), Column("word", "Meaning"), Column("estimate", "Estimate", "number"),
               Column("standard_error", "Standard error", "number"), Chance("p_value", "p-value", "number", digits=2),
               Column("interval", "Range", "interval")]
    if logged:
        columns += [Column("ratio", "Ratio", "number", digits=4),
                    Column("ratio_interval", "Range of ratio", "interval", digits=4)]
    return Table.of(rows, columns)


def series_table(fields: Mapping[str, Any], label: str) -> Table:
    """Observed, fitted and foretold by date."""
    rows = [{**row, "range": None if row["lower"] is None else (row["lower"], row["upper"])}
            for row in fields["counterfactual"]]
    return Table.of(rows, [Column("time", "Date"), Column("observed", label, "number"),
                           Column("fitted", "Fitted", "number"),
                           Column("counterfactual", "Foretold by its past", "number"),
                           Column("range", "Range", "interval")], title=label)
