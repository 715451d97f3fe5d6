"""A promise and what became of it, said as a reader would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from evenhand.terms import Month
from evenhand.terms.words import counted, figure, listed, per_cent, pounds_roughly

Status = Literal["kept", "partly", "broken", "waning", "too early"]
POUNDS = ("£", "pounds", "GBP")
SAID: dict[Status, str] = {"kept": "kept", "partly": "partly kept", "broken": "broken", "waning": "waning",
                           "too early": "too early to say"}


def amount(value: float, unit: str | None) -> str:
    """An amount to read: £1.2 million; 640 bed days."""
    if unit in POUNDS:
        return pounds_roughly(value)
    number = f"{value:,.0f}" if value == round(value) else figure(value)
    return f"{number} {unit}" if unit else number


def sentence_of(row: Mapping[str, Any]) -> str:
    """One benefit in one sentence."""
    name = f"“{row['benefit']}”"
    if row["share"] is None:
        return f"{name}: {row['remark']}."
    span = f" ({per_cent(row['low'])} to {per_cent(row['high'])})" if row["interval"] else ""
    sums = f"{amount(row['seen_to_date'], None)} of {amount(row['promised_in_measured_months'], row['unit'])}"
    if row["unit"] in POUNDS:
        sums = " of ".join(amount(row[each], "£") for each in ("seen_to_date", "promised_in_measured_months"))
    months = f"in the {counted(row['months_measured'], 'month')} measured ({sums})"
    words = f"{name}: {per_cent(row['share'])}{span} of what was promised has been seen {months}"
    if row["waning"]:
        fallen = f"from {per_cent(row['early']['share'])} at first to {per_cent(row['recent']['share'])} lately"
        return f"{words}, {fallen}: {SAID[row['status']]}."
    sure = "" if row["status_is_clear"] in (True, None) else ", though the range leaves room for another answer"
    return f"{words}: {SAID[row['status']]}{sure}."


def sentence_of_all(rows: Sequence[Mapping[str, Any]], as_at: Month) -> str:
    """How many promises stand where, and the one that falls furthest short."""
    if len(rows) == 1:
        return sentence_of(rows[0])
    tally = Counter(row["status"] for row in rows)
    parts = [f"{tally[status]} {'is' if tally[status] == 1 else 'are'} {SAID[status]}"
             for status in ("kept", "partly", "waning", "broken") if tally[status]]
    if tally["too early"]:
        parts.append(f"for {tally['too early']} it is too early to say")
    worst = min((row for row in rows if row["share"] is not None and row["status"] != "too early"),
                key=lambda row: row["share"], default=None)
    least = f" Least of all: {sentence_of(worst)}" if worst and worst["status"] != "kept" else ""
    return f"Of {len(rows)} benefits promised, as at {as_at.words}, {listed(parts)}.{least}"
