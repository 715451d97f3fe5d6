"""What is said with gaps: what was dropped, what is doubtful, what must not be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from evenhand.find import gap_words as words
from evenhand.find.gap_answer import Findings, Row, left_out
from evenhand.terms.words import counted, listed

HEADROOM = ("Headroom, not money: a gap says where to ask first, before a clinician has been asked whether it can or "
            "should be closed.")

FEWEST_BODIES = 9


class Asked(Protocol):
    """The settings that remarks speak of."""

    @property
    def smallest(self) -> float:
        """Least mean denominator of a compared body."""

    @property
    def confidence(self) -> tuple[float, ...]:
        """Of the ranges; the first decides what is more than chance."""

    @property
    def worth(self) -> float:
        """The least share that what is likely is likely to be off."""

    @property
    def denominator(self) -> str:
        """How the kind of denominator is told."""


def remarks_of(found: Findings, rows: Sequence[Row], chosen: Asked) -> tuple[str, ...]:
    """Sentences for a reader: what was dropped, what is doubtful, what must not be done with it."""
    level = f"{chosen.confidence[0] * 100:g}%"
    remarks = [*found.panel.remarks, HEADROOM]
    quiet = [row for row in rows if not row["signal"]]
    if quiet and len(rows) > 1:
        remarks.append(f"{counted(len(quiet), 'gap is', 'gaps are')} no more than chance, allowing for "
                       f"{counted(len(rows), 'look')} (false discoveries held to {1 - chosen.confidence[0]:.0%}).")
    likely = [row for row in rows if row["raised"] and not row["signal"]]
    if likely:
        years = "this year's figures" if found.year_before is None else "this year's figures and the year before's"
        remarks.append(f"{counted(len(likely), 'gap is', 'gaps are')} raised all the same: by {years}, and by how far "
                       f"bodies really lie apart, each is more likely than not at least {chosen.worth:.0%} off and "
                       "there next year. Up to half of such may be false: for a long list that somebody sifts. "
                       "--raise sure leaves them out.")
    if len(rows) > 1:
        remarks.append("The largest gaps of a ranked list are partly luck. “Gap less luck” draws each towards the "
                       "middle as far as its own uncertainty warrants.")
    remarks += _overlap_remarks(found, rows)
    if found.question.against == "best-decile":
        remarks.append("The best tenth of a list is partly luck too: gaps to it are larger than can be expected to "
                       "close.")
    remarks.append(f"Ranges ({level}) are for the difference. They allow for how the figures move from month to month, "
                   "in the lumps they come in, and for the uncertainty of what they are set against; not for age, "
                   "illness or deprivation.")
    silent = [row["title"] for row in rows if not found.directions_given and not found.notes[row["measure"]].direction]
    if silent:
        remarks.append("Low was taken as good for want of a word on it, on "
                       f"{words.names_in(_unique(silent), at_most=4)}; --direction high or a table of measures says "
                       "otherwise.")
    untold = [(found.title(name), stock) for name, stock in zip(found.panel.measures, found.question.stock, strict=True)
              if chosen.denominator == "auto" and not found.notes[name].denominator]
    for kind, meaning in ((True, "a year's numerator over the mean denominator, which hardly moves between months"),
                          (False, "a sum over a sum, as its denominator moves from month to month")):
        titles = [title for title, stock in untold if bool(stock) == kind]
        if titles:
            remarks.append(f"Taken for {meaning}: {words.names_in(titles, at_most=4)}.")
    units = {row["numerator_unit"] for row in rows}
    if len(rows) > 1 and len(found.panel.measures) > 1 and (len(units) > 1 or units == {None}):
        remarks.append("Gaps in different units (pounds, items) cannot be ranked against each other: read each unit as "
                       "a list of its own.")
    return (*remarks, *_who_is_missing(found, rows, chosen))


def _unique(titles: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(titles))


def _overlap_remarks(found: Findings, rows: Sequence[Row]) -> list[str]:
    there = {row["measure"] for row in rows}
    remarks = [f"Do not add {found.title(whole)} to the others: it holds "
               f"{words.names_in([found.title(part) for part in parts], at_most=3)}."
               for whole, parts in found.wholes.items() if whole in there]
    twins = sorted({tuple(sorted((name, *(other for other in others if other in there
                                          and name not in found.wholes and other not in found.wholes))))
                    for name, others in found.shared.items() if name in there})
    remarks += [f"Do not add {listed([found.title(each) for each in group])}: they count the same things."
                for group in twins if len(group) > 1]
    return remarks


def _who_is_missing(found: Findings, rows: Sequence[Row], chosen: Asked) -> list[str]:
    remarks = []
    for why, words_for in (("too small", f"smaller than {chosen.smallest:,g}"),
                           ("too few months", "with figures for fewer than half of the months")):
        codes = [each["unit"] for each in left_out(found) if each["because"] == why]
        if codes:
            remarks.append(f"Left out of the comparison: {counted(len(codes), 'body', 'bodies')} {words_for} "
                           f"({words.names_in(codes)}).")
    if found.question.against in ("median", "best-decile") and any(row["of"] <= FEWEST_BODIES for row in rows):
        remarks.append(f"With {FEWEST_BODIES} bodies or fewer the body itself weighs in what it is set against: the "
                       "gaps are smaller, and less sure, than among many.")
    held = (found.sums.months > 0).any(axis=0)
    empty = int((~held).sum())
    if empty:
        remarks.append(f"{counted(empty, 'body has', 'bodies have')} no figure in these months (denominators of 0 or "
                       "none, as after a closure): missing, not nought.")
    there = {row["measure"] for row in rows}
    lost = [found.title(name) for name in found.panel.measures if name not in there]
    if lost:
        whom = found.bodies.title(found.unit) if found.unit is not None else "any body"
        remarks.append(f"No figures for {whom} in these months: {words.names_in(lost)}.")
    if found.unit is not None:
        short = [row for row in rows if row["months"] < found.span.months]
        if short:
            titles = words.names_in([f"{row['title']} ({row['months']})" for row in short])
            remarks.append(f"Figures for fewer than {found.span.months} months, scaled to a year: {titles}.")
        if any(row["rank"] is None for row in rows):
            remarks.append(f"{found.bodies.title(found.unit)} is itself left out of some comparisons, and not ranked "
                           "there.")
    return remarks
