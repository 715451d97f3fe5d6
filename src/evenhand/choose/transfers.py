"""Who wins and who loses by a plan, and the fewest payments after which nobody is worse off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.choose import transfers_figures
from evenhand.choose.transfers_payments import NEAR, Payment, fewest_payments
from evenhand.data import tables
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import refuse
from evenhand.terms.words import counted, listed, per_cent, pounds

MOST_ORGANISATIONS = 300


@dataclass(frozen=True)
class Settings:
    """Over what time nobody may lose, and what those who gain keep."""

    each: Literal["period", "year"] = setting(
        "period", "Nobody worse off over", "period: all years together; year: each year by itself", common=True)
    keep: float = setting(0.0, "Share of a gain kept", "at least this much of what each gains stays with it: 0.5 for "
                          "half")

    def __post_init__(self) -> None:
        if not 0 <= self.keep < 1:
            raise refuse("the share kept lies from 0 to below 1", "write 0.5 for half", column="--keep",
                         value=self.keep)


@dataclass(frozen=True)
class Gains:
    """Net gains in pounds, one a row, in the order of the table."""

    name: str
    digest: str
    organisations: tuple[str, ...]
    schemes: tuple[str, ...]
    years: tuple[str, ...]
    amounts: tuple[float, ...]

    def by(self, keys: Sequence[str], *, year: str | None = None) -> dict[str, float]:
        """The sum for each key, in order of appearance; of one year where it is named."""
        parts: dict[str, list[float]] = {}
        for key, when, amount in zip(keys, self.years, self.amounts, strict=True):
            parts.setdefault(key, [])
            if year is None or when == year:
                parts[key].append(amount)
        return {key: fsum(cells) for key, cells in parts.items()}


def transfers(table: tables.Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """Who wins and who loses by schemes taken together, and the fewest payments that leave nobody worse off.

    Args:
        table: ``organisation``, ``net_gain`` in pounds (below 0 for a loss) and, where there are several, ``scheme``
            and ``year``.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings by name.

    Returns:
        An answer with ``rows`` by organisation (net gain, what it pays and receives, what is left) and ``transfers``
        (``from``, ``to``, ``amount``, ``year``), which sum to nought over all; ``none_because`` where no payments among
        them can leave all whole.

    Raises:
        Refused: missing columns, words for numbers, the same organisation, scheme and year twice.

    Source:
        Kaldor (1939), Economic Journal 49, 549-552, that those who gain could make whole those who lose; the fewest
        payments as a fixed-charge transport problem: Hirsch & Dantzig (1968), Naval Research Logistics Quarterly 15,
        413-424.
    """
    chosen = with_options(Settings, settings, options)
    read = _read(table)
    totals = read.by(read.organisations)
    years = list(dict.fromkeys(read.years))
    spans: list[str | None] = [None] if chosen.each == "period" else list(years)
    gains = {span: read.by(read.organisations, year=span) for span in spans}
    short = {span: _short_by(found, chosen.keep) for span, found in gains.items()}
    lacking = {span: amount for span, amount in short.items() if amount > 0}
    payments: list[dict[str, Any]] = []
    proved = True
    if not lacking:
        for span, found in gains.items():
            can_pay, needs = _sides(found, chosen.keep)
            plan = fewest_payments(can_pay, needs)
            payments += [_payment(each, span) for each in plan.payments]
            proved = proved and plan.fewest
    because = _because(read, totals, gains, lacking, chosen) if lacking else None
    rows = [_row(name, gain, payments) for name, gain in totals.items()]
    fields: dict[str, Any] = {
        "rows": rows, "winners": [row["organisation"] for row in rows if row["standing"] == "wins"],
        "losers": [row["organisation"] for row in rows if row["standing"] == "loses"],
        "total": fsum(read.amounts), "possible": not lacking, "transfers": payments,
        "number_of_payments": len(payments), "fewest_proved": None if lacking else proved,
        "none_because": because,
        "short_by": sum(lacking.values()) if lacking else 0.0,
        "short_years": [{"year": span, "short_by": amount} for span, amount in lacking.items() if span is not None],
        "by_scheme": _by(read, read.schemes, "scheme"), "by_year": _by(read, read.years, "year")}
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(read.name, read.digest),),
        sentence=_sentence(rows, payments, because, proved), fields=fields, table=_table(rows),
        remarks=tuple(_remarks(read, chosen, rows, lacking)), draw=transfers_figures.transfers,
        more_tables=(_payments_table(payments), *_scheme_tables(fields)))


def _read(source: tables.Source) -> Gains:
    table = tables.read(source)
    table.require("organisation", "net_gain")
    keys = [each for each in ("organisation", "scheme", "year") if each in table]
    names = table.texts("organisation", may_be_empty=False)
    amounts = table.numbers("net_gain", least=-1e15, most=1e15)
    schemes = table.texts("scheme", may_be_empty=False) if "scheme" in table else [""] * len(table)
    years = table.texts("year", may_be_empty=False) if "year" in table else [""] * len(table)
    table.refuse_duplicates(*keys)
    if len(set(names)) > MOST_ORGANISATIONS:
        raise refuse(f"there are more than {MOST_ORGANISATIONS} organisations", "put the smallest together",
                     file=table.name, column="organisation", value=len(set(names)))
    # The years in their own order, so that what is said of them reads forward.
    order = sorted(range(len(years)), key=lambda row: years[row])
    return Gains(table.name, table.digest, tuple(names[row] for row in order), tuple(schemes[row] for row in order),
                 tuple(years[row] for row in order), tuple(float(amounts[row]) for row in order))


def _is_nought(amount: float, beside: float) -> bool:
    """Whether an amount is what rounding leaves of a sum of others."""
    return abs(amount) <= NEAR * max(beside, 1.0)


def _sides(gains: Mapping[str, float], keep: float) -> tuple[dict[str, float], dict[str, float]]:
    """What each can pay, and what each needs."""
    largest = max(map(abs, gains.values()), default=0.0)
    there = {name: gain for name, gain in gains.items() if not _is_nought(gain, largest)}
    return ({name: gain * (1 - keep) for name, gain in there.items() if gain > 0},
            {name: -gain for name, gain in there.items() if gain < 0})


def _short_by(gains: Mapping[str, float], keep: float) -> float:
    """What would have to come from outside; 0 where nothing does."""
    can_pay, needs = _sides(gains, keep)
    lacking = fsum(needs.values()) - fsum(can_pay.values())
    return 0.0 if _is_nought(lacking, fsum(needs.values())) else max(lacking, 0.0)


# --- fields -----------------------------------------------------------------------------------------------------------


def _payment(payment: Payment, year: str | None) -> dict[str, Any]:
    return {"from": payment.payer, "to": payment.payee, "amount": payment.amount, "year": year}


def _row(name: str, gain: float, payments: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    pays = fsum(each["amount"] for each in payments if each["from"] == name)
    receives = fsum(each["amount"] for each in payments if each["to"] == name)
    after = gain - pays + receives
    standing = "even" if _is_nought(gain, 0.0) else "wins" if gain > 0 else "loses"
    return {"organisation": name, "net_gain": gain, "standing": standing, "pays": pays, "receives": receives,
            "after": 0.0 if _is_nought(after, abs(gain)) else after}


def _by(read: Gains, keys: Sequence[str], name: str) -> list[dict[str, Any]]:
    """Net gain by scheme or year, with who wins and who loses by it."""
    rows = []
    for key, total in read.by(keys).items():
        if not key:
            continue
        mine = [(organisation, amount) for organisation, each, amount in
                zip(read.organisations, keys, read.amounts, strict=True) if each == key]
        sums: dict[str, float] = {}
        for organisation, amount in mine:
            sums[organisation] = sums.get(organisation, 0.0) + amount
        rows.append({name: key, "net_gain": total, "wins": [each for each, amount in sums.items() if amount > 0],
                     "loses": [each for each, amount in sums.items() if amount < 0]})
    return rows


def _because(read: Gains, totals: Mapping[str, float], gains: Mapping[str | None, Mapping[str, float]],
             lacking: Mapping[str | None, float], chosen: Settings) -> str:
    """Why no payments leave all whole, and what would."""
    said = []
    for span, amount in list(lacking.items())[:5]:
        when = "" if span is None else f" in {span}"
        can_pay, needs = _sides(gains[span], chosen.keep)
        lost = fsum(needs.values())
        give = ("nobody gains" if not can_pay else
                f"those who gain can give {pounds(fsum(can_pay.values()))}"
                + (f", keeping {per_cent(chosen.keep)}" if chosen.keep else ""))
        said.append(f"The losses{when} come to {pounds(lost)} and {give}: {pounds(amount)} would have to come from "
                    "outside.")
    if len(lacking) > 5:
        said.append(f"So it is in {len(lacking) - 5} more years.")
    if chosen.each == "year" and _short_by(totals, chosen.keep) == 0:
        said.append("Over all years together nobody need lose: a loan from outside, paid back from later years, would "
                    "do it.")
    elif chosen.keep and all(_short_by(found, 0.0) == 0 for found in gains.values()):
        said.append("It could be done if those who gain kept less.")
    elif chosen.each == "period":
        said += _without(read)
    return " ".join(said)


def _without(read: Gains) -> list[str]:
    """Which single scheme, left out, would let the rest leave nobody worse off."""
    helping = [scheme for scheme, total in sorted(read.by(read.schemes).items(), key=lambda each: each[1])
               if scheme and total < 0 and fsum(
                   amount for other, amount in zip(read.schemes, read.amounts, strict=True) if other != scheme) >= 0]
    if helping and len(set(read.schemes)) > 1:
        return [f"Without {listed(helping[:3], joint='or')} the others together would leave enough, if "
                f"{'it' if len(helping) == 1 else 'one of them'} can be left out."]
    return []


# --- words and tables -------------------------------------------------------------------------------------------------


def _sentence(rows: Sequence[Mapping[str, Any]], payments: Sequence[Mapping[str, Any]], because: str | None,
              proved: bool) -> str:
    win = [row for row in rows if row["standing"] == "wins"]
    lose = [row for row in rows if row["standing"] == "loses"]
    if not lose:
        if because is not None:
            return f"Nobody loses over the period, but not in every year. {because}"
        if payments:
            return ("Nobody loses over the period; " + counted(len(payments), "payment")
                    + " would leave nobody worse off in any year.")
        return ("Nobody loses: no payments are needed." if win else
                "Nobody wins and nobody loses: no payments are needed.")
    worst = min(lose, key=lambda row: row["net_gain"])
    said = (f"{_count(win)} and {counted(len(lose), 'loses', 'lose')}; "
            + (f"{worst['organisation']} loses most, {pounds(-worst['net_gain'])}. " if len(lose) > 1 else
               f"{worst['organisation']} loses {pounds(-worst['net_gain'])}. "))
    said = said[:1].upper() + said[1:]
    if because is not None:
        return said + "No payments among them can leave nobody worse off. " + because
    first = max(payments, key=lambda each: each["amount"])
    few = "the fewest there can be" if proved else "perhaps not the fewest there can be"
    return (f"{said}{counted(len(payments), 'payment')[:1].upper()}{counted(len(payments), 'payment')[1:]}, {few}, "
            f"would leave nobody worse off; the largest is {pounds(first['amount'])} from {first['from']} to "
            f"{first['to']}.")


def _count(win: Sequence[Mapping[str, Any]]) -> str:
    return counted(len(win), "organisation wins", "organisations win") if win else "nobody wins"


def _remarks(read: Gains, chosen: Settings, rows: Sequence[Mapping[str, Any]],
             lacking: Mapping[str | None, float]) -> list[str]:
    said = []
    by_year = read.by(read.years)
    down = [year for year, total in by_year.items() if year and total < 0 and not _is_nought(total, 1.0)]
    if chosen.each == "period" and not lacking and down and len(by_year) > 1:
        said.append(f"All together are down in {listed(down)}: somebody must carry that until later years pay it back. "
                    "Say --each year to see whether nobody need lose in any year.")
    uneven = [scheme for scheme, total in read.by(read.schemes).items() if scheme and total < 0]
    if uneven and not lacking:
        said.append(f"{listed(uneven[:5])} {'costs' if len(uneven) == 1 else 'cost'} all together more than "
                    f"{'it gives' if len(uneven) == 1 else 'they give'}: the others carry "
                    f"{'it' if len(uneven) == 1 else 'them'}.")
    kept = [row["organisation"] for row in rows if row["standing"] == "wins" and row["pays"] and not row["after"]]
    if kept:
        said.append(f"{listed(kept)} {'gives' if len(kept) == 1 else 'give'} up the whole gain; --keep 0.2 would leave "
                    "a fifth with everybody who gains.")
    return said


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    return Table.of(sorted(rows, key=lambda row: -row["net_gain"]), columns=[
        Column("organisation"), Column("net_gain", "Net gain", "pounds"), Column("standing", "Standing"),
        Column("pays", "Pays", "pounds"), Column("receives", "Receives", "pounds"), Column("after", "Left", "pounds")],
        title="Who wins and who loses")


def _payments_table(payments: Sequence[Mapping[str, Any]]) -> Table:
    years = [Column("year")] if any(each["year"] for each in payments) else []
    return Table.of(payments, columns=[*years, Column("from", "From"), Column("to", "To"),
                                       Column("amount", "Amount", "pounds")], title="Payments")


def _scheme_tables(fields: Mapping[str, Any]) -> tuple[Table, ...]:
    found = []
    for key, name in (("by_scheme", "scheme"), ("by_year", "year")):
        if fields[key]:
            rows = [{**row, "wins": listed(row["wins"]), "loses": listed(row["loses"])} for row in fields[key]]
            found.append(Table.of(rows, columns=[Column(name), Column("net_gain", "Net gain of all", "pounds"),
                                                 Column("wins", "Who wins"), Column("loses", "Who loses")],
                                  title=f"By {name}"))
    return tuple(found)


METHOD_NAME = MethodName("choose transfers", "1", "Kaldor (1939); Hirsch & Dantzig (1968)")

METHOD = Method(
    room="choose", name="transfers", title="Who wins, who loses, and what would make it fair",
    question="Who gains and who loses by the plan, and which payments would leave nobody worse off?",
    function=transfers, settings=Settings,
    inputs=(Input("table", "what each organisation gains or loses by each scheme", (
        InputColumn("organisation", "who gains or loses"),
        InputColumn("net_gain", "in pounds, below 0 for a loss"),
        InputColumn("scheme", "by which scheme", optional=True),
        InputColumn("year", "in which year", optional=True))),),
    outputs=(
        Output("rows", "per organisation: net_gain, standing (wins, loses, even), pays, receives, after"),
        Output("winners", "who gains over all schemes and years"),
        Output("losers", "who loses"),
        Output("transfers", "payments: from, to, amount, year"),
        Output("number_of_payments", "how many; fewest_proved: whether fewer are known to be impossible"),
        Output("possible", "whether payments among them can leave nobody worse off"),
        Output("none_because", "why not, in words; short_by: what would have to come from outside"),
        Output("by_scheme", "net gain of all by scheme, who wins and who loses by it"),
        Output("by_year", "the same by year")),
    source="Kaldor (1939), Welfare propositions of economics and interpersonal comparisons of utility, Economic "
           "Journal 49, 549-552; fewest payments: Hirsch & Dantzig (1968), The fixed charge problem, Naval Research "
           "Logistics Quarterly 15, 413-424.",
    version="1",
    cannot_tell=(
        "Whether the payments may be made. Rules on money, and who may pay whom, stand outside this.",
        "Whether it is fair that those who gain keep the rest: leaving nobody worse off is the least, not the most. "
        "How to share a gain is another question (choose share).",
        "What is lost that is not money: patients, staff, standing.",
        "Whether the gains will come. A payment agreed on a forecast needs a rule for when the forecast is wrong."),
    example="choose transfers sample:net-gains")
