"""What was promised, what has been seen of it, and whether it is wearing off."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.deliver import show
from evenhand.deliver.promises import Promise, last_seen, read_promises
from evenhand.deliver.shares import Errors, Share, change, share
from evenhand.deliver.words import SAID, Status, sentence_of_all
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import Estimate, Month, refuse
from evenhand.terms.words import counted, per_cent

SOURCE = ("HM Treasury (2022), The Green Book, for a register of benefits with owner, measure and time; Cochran "
          "(1977), Sampling Techniques, theorem 2.5, for the range of a ratio of sums; Newey and West (1987), "
          "Econometrica 55, for months that resemble their neighbours")


@dataclass(frozen=True)
class Settings:
    """When a promise counts as kept, and what is looked at."""

    as_at: str | None = setting(None, "As at the end of month", "unless told, the last with anything seen", common=True)
    kept: float = setting(0.9, "Share from which a promise counts as kept", common=True)
    broken: float = setting(0.5, "Share below which a promise counts as broken", common=True)
    least: int = setting(6, "Months measured before anything is said", unit="months")
    recent: int = setting(6, "Months that count as recent", "set against all measured before them", unit="months")
    errors: Errors = setting("independent", "Months", "newey-west where each month resembles the one before")
    confidence: float = setting(0.95, "Confidence of ranges")

    def __post_init__(self) -> None:
        if not 0 < self.confidence < 1:
            raise refuse("confidence lies between 0 and 1", "for example 0.95", column="--confidence",
                         value=self.confidence)
        if not 0 <= self.broken <= self.kept:
            raise refuse("the share for broken lies above the one for kept", "give --broken 0.5 --kept 0.9",
                         column="--broken", value=self.broken)
        for option, months, fewest in (("--least", self.least, 1), ("--recent", self.recent, 3)):
            if months < fewest:
                raise refuse(f"at least {counted(fewest, 'month')} are needed", "for example 6", column=option,
                             value=months)
        if self.as_at is not None:
            self.month()

    def month(self) -> Month | None:
        """The month asked about."""
        try:
            return None if self.as_at is None else Month.parsed(self.as_at)
        except ValueError:
            raise refuse("this is not a month", "write it as 2016-04", column="--as-at", value=self.as_at) from None

    @property
    def rule(self) -> tuple[str, ...]:
        """The rule for the status, in words, in the order in which it is asked."""
        kept, broken = per_cent(self.kept), per_cent(self.broken)
        return (
            f"Too early to say: fewer than {counted(self.least, 'month')} with a promise have been measured.",
            f"Waning: the last {self.recent} months measured lie below those before them by more than chance, and "
            f"below {kept}, after at least {broken} was seen at first.",
            f"Broken: less than {broken} of what was promised has been seen.",
            f"Kept: {kept} or more has been seen.", "Partly kept: anything between.")


def benefits(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """How much of each promised benefit has been seen so far, how sure that is, and whether it is wearing off.

    Args:
        table: one row a benefit and month, with ``benefit``, ``month``, ``promised`` and ``seen`` (same units, larger
            is better; an empty ``seen`` was not measured and is not nought); optional ``owner``, ``unit``, and
            ``seen_low``, ``seen_high`` where what was seen is itself an estimate.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings.

    Returns:
        An answer with ``rows`` (one a benefit: ``status``, ``share`` of the promise for the months measured with its
        ``interval``, ``early`` and ``recent`` shares and their ``change``, sums and counts of months), ``series``
        (month by month, with sums so far), ``rule`` (how the status is given) and ``as_at``.

    Raises:
        Refused: missing columns, words for numbers, a negative promise, a month twice, units that change on the way.

    Source: HM Treasury (2022), The Green Book; Cochran (1977), Sampling Techniques, theorem 2.5.
    """
    chosen = with_options(Settings, settings, options)
    data = tables.read(table)
    found = read_promises(data)
    as_at = chosen.month() or last_seen(found)
    if as_at is None:
        raise refuse("nothing has been seen in any month", "fill in the months that have been measured",
                     file=data.name, column="seen")
    remarks: list[str] = []
    rows = [_row(each, as_at, chosen, remarks) for each in found]
    if len(rows) > 1 and any(row["waning"] is not None for row in rows):
        remarks.append(f"Each of {len(rows)} benefits is asked by itself whether it is waning: about "
                       f"{per_cent((1 - chosen.confidence) / 2, digits=1)} of steady ones will look so by chance.")
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(data.name, data.digest),),
        sentence=sentence_of_all(rows, as_at),
        fields={"rows": rows, "series": [point for each in found for point in _series(each, as_at)],
                "rule": list(chosen.rule), "as_at": as_at},
        table=Table.of([{**row, "status": SAID[row["status"]]} for row in rows], [
            Column("benefit", "Benefit"), Column("owner", "Owner"), Column("status", "Status"),
            Column("share", "Share of the promise seen", "share"), Column("low", "From", "share"),
            Column("high", "To", "share"), Column("promised_to_date", "Promised to date", "number"),
            Column("promised_in_measured_months", "of it in months measured", "number"),
            Column("seen_to_date", "Seen to date", "number"), Column("unit", "Unit"),
            Column("months_measured", "Months measured", "count"),
            Column("months_not_measured", "Months not measured", "count"),
            Column("last_measured", "Last measured", "month"), Column("remark", "Remark")],
            title=f"Promised and seen, as at {as_at.words}", notes=chosen.rule),
        remarks=tuple(remarks), draw=show.benefits)


# --- one benefit ------------------------------------------------------------------------------------------------------


def _row(each: Promise, as_at: Month, chosen: Settings, remarks: list[str]) -> dict[str, Any]:
    """The figures of one benefit; what is doubtful about it is added to the remarks."""
    import numpy as np

    past = each.months <= as_at.index
    measured = past & np.isfinite(each.seen)
    months, promised, seen = each.months[measured], each.promised[measured], each.seen[measured]
    whole = share(promised, seen, months, errors=chosen.errors)
    early, recent = _early_and_recent(promised, seen, months, chosen)
    difference = change(early, recent, chosen.confidence) if early and recent else None
    interval = whole.interval(chosen.confidence) if whole else None
    # The last months must fall short of the promise as well: from 150% to 100% is no promise wearing off.
    waning = (difference.high < 0 and recent.value < chosen.kept) if difference and recent else None
    status, clear = _status(whole, interval, early, waning, int(np.sum(promised > 0)), chosen)
    remark = _why_no_share(whole, bool(measured.any()))
    _remark_on(each, as_at, measured, past, whole, chosen, remarks)
    total = float(promised.sum())
    ends = [float(part[measured].sum()) / total if part is not None and total > 0 else math.nan
            for part in (each.low, each.high)]
    return {
        "benefit": each.name, "owner": each.owner or None, "unit": each.unit or None, "status": status,
        "status_is_clear": clear, "share": whole.value if whole else None,
        "interval": [interval.low, interval.high] if interval else None,
        "low": interval.low if interval else None, "high": interval.high if interval else None,
        "measurement_range": None if any(map(math.isnan, ends)) else ends,
        "promised_to_date": float(each.promised[past].sum()), "promised_in_measured_months": total,
        "seen_to_date": float(seen.sum()) if measured.any() else None,
        "months_due": int(np.sum(past & (each.promised > 0))), "months_measured": int(measured.sum()),
        "months_not_measured": int(np.sum(past & ~measured)),
        "last_measured": Month.at(int(months[-1])) if measured.any() else None,
        "early": _share_document(early, chosen), "recent": _share_document(recent, chosen), "change": difference,
        "waning": waning, "remark": remark}


def _early_and_recent(promised: Any, seen: Any, months: Any, chosen: Settings) -> tuple[Share | None, Share | None]:
    """The share of the last months, and of all before them; nothing where either has fewer than three."""
    cut = len(months) - chosen.recent
    if cut < 3:
        return None, None
    return (share(promised[:cut], seen[:cut], months[:cut], errors=chosen.errors),
            share(promised[cut:], seen[cut:], months[cut:], errors=chosen.errors))


def _status(whole: Share | None, interval: Estimate | None, early: Share | None, waning: bool | None, months: int,
            chosen: Settings) -> tuple[Status, bool | None]:
    """The status by the rule, and whether the whole range would give the same one."""
    if whole is None or months < chosen.least:
        return "too early", None
    if waning and early is not None and early.value >= chosen.broken:
        return "waning", True

    def by_share(value: float) -> Status:
        # A sum of decimals may fall a hair short of a round share.
        return ("broken" if value < chosen.broken - 1e-12 else "kept" if value >= chosen.kept - 1e-12 else "partly")

    clear = interval is not None and by_share(interval.low) == by_share(interval.high)
    return by_share(whole.value), clear


def _why_no_share(whole: Share | None, measured: bool) -> str | None:
    if whole is not None:
        return None
    return "nothing was promised in the months measured" if measured else "nothing has been measured yet"


def _share_document(one: Share | None, chosen: Settings) -> dict[str, Any] | None:
    if one is None:
        return None
    interval = one.interval(chosen.confidence)
    return {"share": one.value, "interval": [interval.low, interval.high] if interval else None, "months": one.months}


def _remark_on(each: Promise, as_at: Month, measured: Any, past: Any, whole: Share | None, chosen: Settings,
               remarks: list[str]) -> None:
    """What a reader should know: gaps, a measure that stopped, nobody's benefit, months alike, months to come."""
    import numpy as np

    name = f"“{each.name}”"
    gaps = int(np.sum(past & ~measured))
    if gaps and measured.any():
        silent = as_at.index - int(each.months[measured].max())
        words = (f"{name}: {counted(gaps, 'month')} up to {as_at.words} was not measured and is left out on "
                 "both sides, not counted as nought" if gaps == 1 else
                 f"{name}: {counted(gaps, 'month')} up to {as_at.words} were not measured and are left out on both "
                 "sides, not counted as nought")
        remarks.append(f"{words}. The last {counted(silent, 'month')} are among them." if silent > 1 else f"{words}.")
    skipped = int(each.months[-1] - each.months[0]) + 1 - len(each.months)
    if skipped:
        remarks.append(f"{name}: the table has no row for {counted(skipped, 'month')} between its first and its last, "
                       "so what was promised then is not known.")
    if not each.owner:
        remarks.append(f"{name} has no owner in the table.")
    if (whole and whole.likeness is not None and whole.likeness > 1.96 / math.sqrt(whole.months)
            and chosen.errors == "independent"):
        remarks.append(f"{name}: each month resembles the one before, so its range is too narrow; "
                       "--errors newey-west allows for that.")
    later = int(np.sum(~past & np.isfinite(each.seen)))
    if later:
        remarks.append(f"{name}: {counted(later, 'month')} after {as_at.words} left out.")


def _series(each: Promise, as_at: Month) -> list[dict[str, Any]]:
    """Month by month with sums so far; the sum of what was seen stands still where nothing was measured."""
    promised = seen = matched = 0.0
    rows = []
    for index, due, got in zip(each.months.tolist(), each.promised.tolist(), each.seen.tolist(), strict=True):
        measured = math.isfinite(got) and index <= as_at.index
        promised += due
        seen += got if measured else 0.0
        matched += due if measured else 0.0
        past = index <= as_at.index
        rows.append({"benefit": each.name, "month": Month.at(index), "promised": due, "seen": got if measured else None,
                     "promised_so_far": promised, "promised_where_measured_so_far": matched if past else None,
                     "seen_so_far": seen if past else None})
    return rows


METHOD_NAME = MethodName("deliver benefits", "1", SOURCE)

METHOD = Method(
    room="deliver", name="benefits", title="Benefits promised and seen",
    question="How much of what was promised has been seen, and is it lasting?", function=benefits, settings=Settings,
    inputs=(Input("table", "promised and seen by benefit and month", (
        InputColumn("benefit", "what was promised, in words"), InputColumn("month", "the month"),
        InputColumn("promised", "what the month should bring; nought or more"),
        InputColumn("seen", "what it brought, same unit; empty where it was not measured"),
        InputColumn("owner", "who answers for it", True), InputColumn("unit", "£, bed days, people ...", True),
        InputColumn("seen_low", "lower end, where what was seen is an estimate", True),
        InputColumn("seen_high", "upper end of it", True))),),
    outputs=(Output("rows", "for each benefit: status, status_is_clear, share, interval, measurement_range, "
                            "promised_to_date, promised_in_measured_months, seen_to_date, months_due, months_measured, "
                            "months_not_measured, last_measured, early, recent, change, waning, owner, unit, remark"),
             Output("series", "for each benefit and month: promised, seen and their sums so far"),
             Output("rule", "how the status is given, in the order asked"),
             Output("as_at", "the month up to which is looked")),
    source=SOURCE, version="1",
    cannot_tell=("Whether the change caused what was seen: that is for an evaluation, planned before.",
                 "Whether two benefits count the same thing: they are never added up here.",
                 "Anything about months that were not measured; if they were the bad ones, the share flatters.",
                 "A sure range from few months, or where each month resembles the one before: it is then too narrow.",
                 "Whether what was seen is well measured, beyond the lower and upper ends it comes with."),
    example="deliver benefits sample:benefits")
