"""History carried onto other boundaries: numerators and denominators are added, never rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.organisations import Organisations, organisations
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.remember import show_rebase
from evenhand.remember.carrying import Carrier, Stuck, Way
from evenhand.remember.days import day_or_month
from evenhand.remember.lineage import SOURCE as LISTS
from evenhand.remember.lineage import chains_from
from evenhand.terms import Month, closest, refuse
from evenhand.terms.words import counted, listed, per_cent

if TYPE_CHECKING:
    import pandas as pd

SOURCE = f"Numerators and denominators added along chains of succession. {LISTS}"
UNIT, MONTH = ("unit", "code", "pct", "pct_id", "organisation"), ("month", "period", "date")
MOST_NAMED = 8


@dataclass(frozen=True)
class Settings:
    """Onto whose boundaries, and what is kept apart."""

    to: str = setting("", "Boundaries", "of a day or month, as 2019-04-01; or a body's code, as 15M", common=True)
    by: tuple[str, ...] = setting((), "Columns kept apart", "besides measure and month, where the table has them")
    per: float = setting(1.0, "So many of the denominator a value is for", "1000 gives a value per 1,000")
    partial: bool = setting(False, "Give sums that are not whole", "also where a body's figure is missing, and say so")

    def __post_init__(self) -> None:
        if self.per <= 0:
            raise refuse("a value is for a positive number", "write --per 1000", column="--per", value=f"{self.per:g}")


def rebase(table: Source, settings: Settings | None = None, /, *, shares: Source | None = None,
           successions: Source | None = None, names: Source | None = None, **options: Any) -> Answer:
    """A table of figures by body, on the boundaries of another day or of one body.

    Args:
        table: ``unit`` (or ``code``), ``numerator``, ``denominator``; ``month`` (or ``period``) and ``measure`` where
            it has them; any further columns named in ``by``. A denominator of 0 or none is a missing figure.
        settings: see ``Settings``; single ones may be given by keyword. ``to`` is needed.
        shares: ``from``, ``to``, ``share`` (0 to 1), ``basis``: how much of a body's figures goes where, instead of
            the chains, for bodies that were divided or that have to be divided again.
        successions: a list of successions of one's own (see ``remember lineage``).
        names: names of the bodies in such a list.
        **options: settings by name.

    Returns:
        ``rows``: numerator and denominator in the units of the table (a share of them where a body was divided),
        ``value`` their quotient times ``per``, ``from_bodies``, ``by_share`` (the part of the denominator, 0 to 1,
        that rests on a share somebody gave), ``basis``, ``missing``.

    Raises:
        Refused: no day and no body, an unknown body, missing columns, negative or wordy figures, shares of one body
            that add up to more than 1, doubled rows.

    Source: sums over the chains of succession of the Organisation Data Service; a rate on new boundaries is the sum of
    the numerators over the sum of the denominators, never a mean of rates.
    """
    chosen = with_options(Settings, settings, options)
    known = organisations() if names is None else Organisations.from_tables(names)
    chains, lists, _ = chains_from(successions, known)
    given, shared_by = _given(shares)
    carrier = Carrier(chains, known, given)
    data = tables.read(table)
    work = _Rebasing(data, chosen, carrier)
    rows = work.rows
    fields: dict[str, Any] = {
        "rows": rows, "ways": [{"from": way.old, "to": way.new, "share": way.share, "basis": way.basis}
                               for way in work.ways],
        "left_out": [{"unit": each.code, "because": each.because} for each in work.stuck]}
    made_from = tuple(each for each in (MadeFrom(data.name, data.digest), lists, shared_by) if each is not None)
    return Answer(MethodName("remember rebase", "1", SOURCE), settings_document(chosen), made_from, work.sentence(),
                  fields, work.table(), work.remarks(), draw=show_rebase.rebased)


def _given(source: Source | None) -> tuple[dict[str, tuple[Way, ...]], MadeFrom | None]:
    if source is None:
        return {}, None
    table = tables.read(source, name="shares")
    table.require("from", "to", "share", "basis")
    table.refuse_duplicates("from", "to")
    found: dict[str, tuple[Way, ...]] = {}
    for old, new, share, basis in zip(
            table.texts("from", may_be_empty=False), table.texts("to", may_be_empty=False),
            table.numbers("share", least=0, most=1).tolist(), table.texts("basis", may_be_empty=False), strict=True):
        found[old] = (*found.get(old, ()), Way(old, new, share, basis))
    for old, ways in found.items():
        total = sum(way.share for way in ways)
        if total > 1.005:
            raise refuse(f"the shares of {old} add up to more than the whole", "see to it that they add up to 1",
                         file=table.name, column="share", value=f"{total:g}")
    return found, MadeFrom(table.name, table.digest)


class _Rebasing:
    """One table on its way onto other boundaries."""

    def __init__(self, data: tables.Table, chosen: Settings, carrier: Carrier) -> None:
        self.data, self.chosen, self.carrier = data, chosen, carrier
        self.unit = _column(data, UNIT)
        self.month = next((each for each in MONTH if each in data), None)
        self.keys = [*(["measure"] if "measure" in data else []), *chosen.by]
        data.require("numerator", "denominator", *chosen.by)
        if not chosen.to:
            raise refuse("onto whose boundaries?", "name a day, as --to 2019-04-01, or a body, as --to 15M",
                         column="--to")
        self.day = day_or_month(chosen.to)
        self.body = None if self.day else self._body()
        self.own_twice = 0
        self.ways, self.stuck = self._ways()
        self.unknown = [code for code in dict.fromkeys(way.old for way in self.ways) if not (
            code in carrier.chains or code in carrier.known or code in carrier.given)]
        if not self.ways:
            why = f": {self.stuck[0].because}" if self.stuck else ""
            raise refuse(f"no figure here can be carried there{why}", "choose another day or body, or give the shares "
                         "with --shares", file=data.name, column="--to", value=chosen.to)

    def _body(self) -> str:
        spelt = (self.chosen.to.strip(), self.chosen.to.strip().upper())
        held = set(self.data.texts(self.unit))
        for code in spelt:
            if code in self.carrier.chains or code in self.carrier.known or code in held:
                return code
        near = closest(self.chosen.to, [*self.carrier.chains.codes, *(each.code for each in self.carrier.known)])
        remedy = f"did you mean {listed([self.carrier.known.title(each) for each in near], joint='or')}?" if near else (
            "name a day, as 2019-04-01, or a body's code")
        raise refuse("this is neither a day nor a body that we know", remedy, column="--to", value=self.chosen.to)

    def _ways(self) -> tuple[list[Way], list[Stuck]]:
        ways, stuck = list[Way](), list[Stuck]()
        for code in sorted(set(self.data.texts(self.unit, may_be_empty=False))):
            found = (self.carrier.to_day(code, self.day) if self.day else
                     self.carrier.to_body(code, self.body or ""))
            if isinstance(found, Stuck):
                stuck.append(found)
            elif found:
                ways += found
        return ways, stuck

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The table's figures: keys, unit, month, numerator, denominator; missing is not a number."""
        import numpy as np
        import pandas as pd

        columns: dict[str, Any] = {each: self.data.texts(each) for each in self.keys}
        columns["unit"] = self.data.texts(self.unit)
        columns["month"] = [each.index for each in self.data.months(self.month)] if self.month else 0
        columns["numerator"] = self.data.numbers("numerator", least=0, empty=np.nan)
        columns["denominator"] = self.data.numbers("denominator", least=0, empty=np.nan)
        frame = pd.DataFrame(columns)
        self.data.refuse_duplicates(*self.keys, self.unit, *([self.month] if self.month else []))
        return frame[(frame["denominator"] > 0) & frame["numerator"].notna()]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row for each target, month and key."""
        import pandas as pd

        ways = pd.DataFrame([{"unit": way.old, "target": way.new, "share": way.share, "basis": way.basis,
                              "assumed": way.is_assumed} for way in self.ways])
        carried = self.frame.merge(ways[ways["share"] > 0], on="unit")
        if carried.empty:
            return []
        carried = self._without_its_own_twice(carried)
        for name in ("numerator", "denominator"):
            carried[name] *= carried["share"]
        carried["by_share"] = carried["denominator"].where(carried["assumed"], 0.0)
        grouped = carried.groupby([*self.keys, "target", "month"], sort=True)
        sums = grouped[["numerator", "denominator", "by_share"]].sum()
        bodies, bases = grouped["unit"].agg(tuple), grouped["basis"].agg(lambda held: tuple(dict.fromkeys(held)))
        expected = self._expected(carried)
        rows = []
        for key, top, bottom, by_share, held, basis in zip(
                sums.index, sums["numerator"], sums["denominator"], sums["by_share"], bodies, bases, strict=True):
            *keys, target, month = key
            missing = sorted(expected(target, int(month)) - set(held) - {target}) if target not in held else []
            whole = self.chosen.partial or not missing
            rows.append({
                **dict(zip(self.keys, keys, strict=True)), "unit": target, "name": self._name(target),
                **({"month": str(Month.at(int(month)))} if self.month else {}),
                "numerator": float(top) if whole else None, "denominator": float(bottom) if whole else None,
                "value": self.chosen.per * float(top) / float(bottom) if whole else None,
                "from_bodies": sorted(held), "by_share": float(by_share / bottom), "basis": "; ".join(basis),
                "missing": missing,
                "remark": f"no figure is held for {listed(missing)}" if missing else None})
        return rows

    def _without_its_own_twice(self, carried: pd.DataFrame) -> pd.DataFrame:
        """Where a target has a figure of its own for a month, its predecessors' are not added to it."""
        keys = [*self.keys, "target", "month"]
        carried["own"] = carried["unit"] == carried["target"]
        both = carried.groupby(keys)["own"].transform("any")
        # A neighbour that only gave up a part, and stands, still adds its part.
        gone = [not (own or unit in self._standing) for own, unit in
                zip(carried["own"], carried["unit"], strict=True)]
        doubled = both & pd_series(gone, carried)
        self.own_twice = int(carried.loc[doubled].groupby(keys).ngroups) if doubled.any() else 0
        return carried[~doubled].copy()

    @cached_property
    def _standing(self) -> set[str]:
        return {way.old for way in self.ways if way.old not in self.carrier.chains.later}

    def _expected(self, carried: pd.DataFrame) -> Any:
        """Which bodies' figures make up a target's in a month: those the lists say stood then."""
        held = {target: set(units) for target, units in carried.groupby("target")["unit"].agg(set).items()}
        if not self.month or self.carrier.given:
            return lambda target, _: held[target]
        found: dict[tuple[str, int], set[str]] = {}

        def expected(target: str, month: int) -> set[str]:
            if (target, month) not in found:
                day = Month.at(month).first_day()
                found[target, month] = set(self.carrier.alive_then([target], day)[target])
            return found[target, month]
        return expected

    def _name(self, code: str) -> str | None:
        return self.carrier.known.name(code) if code in self.carrier.known else None

    # --- words --------------------------------------------------------------------------------------------------------

    def sentence(self) -> str:
        """What was carried where, and how much of it rests on shares."""
        targets = sorted({row["unit"] for row in self.rows})
        where = (f"the boundaries of {self.chosen.to}" if self.day else
                 f"the boundaries of {self.carrier.known.title(self.body or '')}")
        bodies = len({way.old for way in self.ways})
        assumed = [row for row in self.rows if row["by_share"] > 0]
        rest = ("Whole bodies were added, so no share had to be assumed." if not assumed else
                f"{counted(len(assumed), 'row rests', 'rows rest')} partly on shares that somebody gave, up to "
                f"{per_cent(max(row['by_share'] for row in assumed))} of the denominator.")
        return (f"Figures of {counted(bodies, 'body', 'bodies')} carried onto {where}: "
                f"{counted(len(targets), 'body', 'bodies')}, {counted(len(self.rows), 'row')}. {rest}")

    def remarks(self) -> tuple[str, ...]:
        """What was left out, what is not whole, and what the lists do not know."""
        said = [f"{each.code} was left out: {each.because}." for each in self.stuck[:MOST_NAMED]]
        if len(self.stuck) > MOST_NAMED:
            said.append(f"{len(self.stuck) - MOST_NAMED:,} more were left out for reasons of the same kind; --json "
                        "names each.")
        lacking = [row for row in self.rows if row["missing"]]
        if lacking:
            given = "are given all the same" if self.chosen.partial else "have no value"
            said.append(f"{counted(len(lacking), 'row')} {given}, because a body that belongs to them has no figure: "
                        f"{listed(sorted({code for row in lacking for code in row['missing']})[:MOST_NAMED])}.")
        if self.own_twice:
            said.append(f"In {counted(self.own_twice, 'row')} both a body and those before it have figures: its own "
                        "were used, and nothing was added twice.")
        if self.unknown:
            more = f" and {len(self.unknown) - MOST_NAMED:,} more" if len(self.unknown) > MOST_NAMED else ""
            said.append(f"The lists do not know {listed(self.unknown[:MOST_NAMED])}{more}: left as they stand.")
        if self.body and self.carrier.known.served(self.body):
            said.append(f"{self.carrier.known.title(self.body)} serves its areas: an arrangement, not a succession. "
                        "Their figures were added.")
        return tuple(said)

    def table(self) -> Table:
        """The carried rows."""
        columns = [*(Column(each, each[0].upper() + each[1:]) for each in self.keys), Column("unit", "Code"),
                   Column("name", "Name"), *([Column("month", "Month")] if self.month else []),
                   Column("numerator", "Numerator", "number"), Column("denominator", "Denominator", "number"),
                   Column("value", "Value" if self.chosen.per == 1 else f"Per {self.chosen.per:,.0f}", "number"),
                   Column("by_share", "Resting on shares", "share"), Column("bodies", "Made of"),
                   Column("remark", "Remark")]
        return Table.of([{**row, "bodies": ", ".join(row["from_bodies"])} for row in self.rows], columns,
                        title=f"On the boundaries of {self.chosen.to}")


def pd_series(values: Sequence[bool], like: pd.DataFrame) -> pd.Series[bool]:
    """Truths in the order of a frame's rows."""
    import pandas as pd

    return pd.Series(list(values), index=like.index, dtype=bool)


def _column(data: tables.Table, names: Sequence[str]) -> str:
    for each in names:
        if each in data:
            return each
    data.require(names[0])
    raise AssertionError("a missing column was refused")


METHOD = Method(
    room="remember", name="rebase", title="History on other boundaries",
    question="What do these figures look like on the boundaries of another day, or of one body?",
    function=rebase, settings=Settings,
    inputs=(Input("table", "figures by body", (
                InputColumn("unit", "or code: the body at the time"),
                InputColumn("numerator", "what is counted"), InputColumn("denominator", "what it is counted of"),
                InputColumn("month", "or period", True), InputColumn("measure", "which measure", True))),
            Input("shares", "how much of a body's figures goes where", (
                InputColumn("from", "the body that has the figures"), InputColumn("to", "the body they go to"),
                InputColumn("share", "0 to 1"),
                InputColumn("basis", "where that is written, or what it is reckoned on")), optional=True),
            Input("successions", "a list of successions of one's own", (
                InputColumn("old_code", "the code that ended (also: from, old)"),
                InputColumn("new_code", "the code that took its place (also: to, new)"),
                InputColumn("date", "first day of the new one"),
                InputColumn("share", "how much of the old body went this way, 0 to 1", True),
                InputColumn("basis", "where that is written", True)), optional=True),
            Input("names", "names of the bodies in such a list", (
                InputColumn("code", "the body"), InputColumn("name", "its name"),
                InputColumn("opened", "its first day", True), InputColumn("closed", "its last day", True)),
                optional=True)),
    outputs=(Output("rows", "unit, name, month and measure where the table has them, numerator, denominator, value, "
                            "from_bodies, by_share, basis, missing, remark"),
             Output("ways", "each from, to, share, basis that was used"),
             Output("left_out", "each unit that could not be carried, and because")),
    source=SOURCE, version="1",
    cannot_tell=("How a body's figures should be divided where nobody gave the shares: they are left out.",
                 "Whether people who moved between areas would have had the same figures there: a share is an "
                 "assumption that everybody in a body is alike.",
                 "Whether a measure's definition changed between the months that are set side by side."),
    example="remember rebase sample:figures-by-body --to BOTH --per 1000 --successions sample:bodies-lineage")
