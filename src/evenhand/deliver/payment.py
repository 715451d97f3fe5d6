"""What is paid for what was done, under the terms agreed and under every other, and who bears which risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.models import read_model
from evenhand.data.tables import Source
from evenhand.deliver import payment_show
from evenhand.deliver.contract import Contract, Line, read_contract
from evenhand.deliver.terms_of_payment import KINDS, PAID, Kind, Terms, borne_by_commissioner, reached, who_bears
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import refuse
from evenhand.terms.words import counted, listed, per_cent, pounds

SOURCE = ("NHS England (2025), NHS Payment Scheme 2025/26, for fixed and variable payment; NHS England and NHS "
          "Improvement (2019), Guidance on blended payments; North West London Whole Systems Integrated Care toolkit, "
          "for sharing gains and risks")
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    "block": (), "per case": (), "blended": ("marginal_rate",), "cap and collar": ("cap", "collar"),
    "outcome-linked": ("at_risk", "outcomes"), "gain share": ("provider_share", "provider_share_of_loss")}
"""The numbers that each kind of terms hangs on."""


@dataclass(frozen=True)
class Settings:
    """Numbers supposed for terms that the contract does not have, and how far activity is supposed to move."""

    marginal_rate: float = setting(0.5, "Marginal rate", "of the price, paid above and kept back below the plan",
                                   common=True)
    cap: float = setting(1.05, "Cap, as a share of the planned value", common=True)
    collar: float = setting(0.95, "Collar, as a share of the planned value", common=True)
    at_risk: float = setting(0.05, "Share of the planned value that hangs on outcomes")
    provider_share: float = setting(0.5, "Provider's share of a saving or a loss")
    swing: float = setting(0.1, "Activity above or below the plan by", "for who bears which risk; 0.1 is a tenth")

    def __post_init__(self) -> None:
        for option, share in (("--marginal-rate", self.marginal_rate), ("--at-risk", self.at_risk),
                              ("--provider-share", self.provider_share)):
            if not 0 <= share <= 1:
                raise refuse("this is no share between 0 and 1", "write 0.5 for half", column=option, value=share)
        if not 0 < self.swing < 1:
            raise refuse("activity moves by more than 0 and less than 1", "write 0.1 for a tenth", column="--swing",
                         value=self.swing)
        if not 0 <= self.collar <= self.cap:
            raise refuse("the collar lies above the cap", "give --collar 0.95 --cap 1.05", column="--collar",
                         value=self.collar)


def payment(contract: Source, settings: Settings | None = None, /, *, activity: Source, **options: Any) -> Answer:
    """What is paid for what was done, under the terms agreed and under every other, and who bears which risk.

    Args:
        contract: a JSON document with ``terms`` (block, per case, blended, cap and collar, outcome-linked or gain
            share), ``lines`` (``point_of_delivery``, ``planned`` as a number, ``price`` in pounds), optional ``title``,
            ``provider``, ``from`` and ``to`` (months), and the numbers of its terms: ``marginal_rate`` (or
            ``fixed_share``), ``cap``, ``collar``, ``at_risk``, ``outcomes`` (``name``, ``weight``, ``baseline``,
            ``target``, ``seen``), ``baseline``, ``provider_share``, ``provider_share_of_loss``, ``least``, ``at_most``,
            ``quality_met``.
        activity: a table of what was done, with ``point_of_delivery`` and ``count``; where it has ``provider`` or
            ``month``, only the contract's own rows are taken.
        settings: see ``Settings``; single ones may be given by keyword. The contract's own numbers go before them.
        options: single settings.

    Returns:
        An answer with ``agreed`` (the terms), ``payment`` (pounds under them), ``planned_value`` and ``value_done``
        (pounds at the contract's prices), ``rows`` (one a kind of terms: ``payment``, its differences, and of each
        pound of activity above or below the plan the share that falls to the commissioner) and ``lines``.

    Raises:
        Refused: for what is wrong in the contract, and for a line of it that the activity has no row for.

    Source: NHS England (2025), NHS Payment Scheme 2025/26; NHS England and NHS Improvement (2019), Guidance on blended
    payments; North West London Whole Systems Integrated Care toolkit.
    """
    chosen = with_options(Settings, settings, options)
    model = read_model(contract, name="the contract")
    supposed = Terms(marginal_rate=chosen.marginal_rate, cap=chosen.cap, collar=chosen.collar, at_risk=chosen.at_risk,
                     provider_share=chosen.provider_share, provider_share_of_loss=chosen.provider_share)
    read = read_contract(model.content, supposed, file=model.name)
    table = tables.read(activity)
    done, months, remarks = _done(table, read)
    part = 1.0 if read.months is None or months is None else months / read.months
    if months is not None and part < 1:
        remarks.append(f"Activity of {months} of the contract's {read.months} months is held: the plan is taken for "
                       "as many, spread evenly.")
    lines = [_line(each, done[each.what], part) for each in read.lines]
    planned, value = (sum(row[name] for row in lines) for name in ("planned_value", "value_done"))
    rows = [_row(kind, planned, value, read, chosen) for kind in KINDS
            if kind != "outcome-linked" or read.terms.outcomes]
    agreed = next((row for row in rows if row["agreed"]), None)
    if agreed is None:
        raise refuse("the terms hang on outcomes, and the contract names none", "add outcomes to it", file=model.name,
                     column="outcomes")
    for row in rows:
        row["difference_from_agreed"] = row["payment"] - agreed["payment"]
    remarks += _supposed(rows, read)
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen),
        made_from=(MadeFrom(model.name, model.digest), MadeFrom(table.name, table.digest)),
        sentence=_sentence(read, planned, value, rows, agreed, chosen.swing),
        fields={"contract": read.title, "provider": read.provider or None, "agreed": read.agreed,
                "payment": agreed["payment"], "planned_value": planned, "value_done": value, "months": months,
                "rows": rows, "lines": lines,
                "outcomes": [{"name": each.name, "weight": each.weight, "reached": each.reached}
                             for each in read.terms.outcomes]},
        table=Table.of(rows, [
            Column("terms", "Terms"), Column("payment", "Paid", "pounds"),
            Column("difference_from_plan", "Against the plan", "pounds"),
            Column("difference_from_agreed", "Against the terms agreed", "pounds"),
            Column("bears_more", "Who bears more activity"), Column("bears_less", "Who bears less activity"),
            Column("commissioner_share_of_more", "Commissioner's share of more", "share"),
            Column("commissioner_share_of_less", "Commissioner's share of less", "share"),
            Column("agreed", "Agreed")], title="Paid under each kind of terms"),
        remarks=(*read.remarks, *remarks), draw=payment_show.payment)


# --- the parts --------------------------------------------------------------------------------------------------------


def _done(table: tables.Table, read: Contract) -> tuple[dict[str, float], int | None, list[str]]:
    """What was done by point of delivery, over how many months, and what was left out."""
    import numpy as np

    table.require("point_of_delivery", "count")
    remarks = []
    if read.provider and "provider" in table:
        ours = np.array([each == read.provider for each in table.texts("provider")])
        if not ours.any():
            raise refuse("the activity has no row of this provider", "check its code in the contract", file=table.name,
                         column="provider", value=read.provider)
        table = table.keep(ours)
    months = None
    if "month" in table and read.first is not None and read.last is not None:
        held = table.months("month")
        inside = np.array([read.first.index <= each.index <= read.last.index for each in held], dtype=bool)
        if not inside.any():
            raise refuse("no activity falls into the contract's months", f"it runs from {read.first} to {read.last}",
                         file=table.name, column="month")
        months = len({each.index for each, within in zip(held, inside, strict=True) if within})
        table = table.keep(inside)
    found: dict[str, float] = {}
    counts = table.numbers("count", least=0).tolist()
    for what, count in zip(table.texts("point_of_delivery", may_be_empty=False), counts, strict=True):
        found[what.strip()] = found.get(what.strip(), 0.0) + count
    agreed = {line.what for line in read.lines}
    for what in (line.what for line in read.lines if line.what not in found):
        raise refuse(f"the activity has no row for “{what}”", "give one; 0 where nothing was done", file=table.name,
                     column="point_of_delivery")
    if other := sorted(set(found) - agreed):
        remarks.append(f"Not in the contract, and left out: {listed(other)}.")
    return {what: found[what] for what in agreed}, months, remarks


def _line(line: Line, done: float, part: float) -> dict[str, Any]:
    planned = line.planned * part
    return {"point_of_delivery": line.what, "planned": planned, "done": done, "price": line.price,
            "planned_value": planned * line.price, "value_done": done * line.price}


def _row(kind: Kind, planned: float, value: float, read: Contract, chosen: Settings) -> dict[str, Any]:
    paid = PAID[kind](planned, value, read.terms)
    more, less = (borne_by_commissioner(kind, planned, read.terms, swing) for swing in (chosen.swing, -chosen.swing))
    return {"terms": kind, "agreed": kind == read.agreed, "payment": paid, "difference_from_plan": paid - planned,
            "commissioner_share_of_more": more, "commissioner_share_of_less": less, "bears_more": who_bears(more),
            "bears_less": who_bears(less), "numbers_from_the_contract": set(NEEDED[kind]) <= read.own,
            "hangs_on_outcomes": read.terms.at_risk * planned if kind == "outcome-linked" else None}


def _supposed(rows: list[dict[str, Any]], read: Contract) -> list[str]:
    """Which numbers are not the contract's, and what a part of the table leaves out."""
    words = {"marginal_rate": f"a marginal rate of {per_cent(read.terms.marginal_rate)}",
             "cap": f"a cap at {per_cent(read.terms.cap)} of the plan",
             "collar": f"a collar at {per_cent(read.terms.collar)} of it",
             "provider_share": f"{per_cent(read.terms.provider_share)} of a saving or a loss for the provider"}
    guessed = [words[name] for row in rows for name in NEEDED[row["terms"]] if name not in read.own and name in words]
    said = [f"Not the contract's own, but supposed: {listed(guessed)}."] if guessed else []
    if not read.terms.outcomes:
        said.append("The contract names no outcomes, so what outcome-linked terms would have paid is not said.")
    elif reached(read.terms) < 1:
        said.append(f"The outcomes were reached to {per_cent(reached(read.terms))}.")
    if read.agreed == "gain share" and not read.terms.quality_met:
        said.append("Quality was not met, so no saving is shared.")
    return said


def _sentence(read: Contract, planned: float, value: float, rows: list[dict[str, Any]],
              agreed: Mapping[str, Any], swing: float) -> str:
    others = sorted((row for row in rows if not row["agreed"]), key=lambda row: -row["payment"])
    most, least = others[0], others[-1]
    share = agreed["commissioner_share_of_more"]
    less = agreed["commissioner_share_of_less"]
    bears = (f"Were {per_cent(swing)} more done than planned, the commissioner would pay £{100 * share:,.0f} of each "
             f"£100 of it; were {per_cent(swing)} less done, £{100 * less:,.0f} of each £100 would not be paid.")
    return (f"For what was done, worth {_money(value)} at the contract's prices ({_money(planned)} was "
            f"planned), {_money(agreed['payment'])} is paid under {read.agreed} terms. Of the "
            f"{counted(len(others), 'other kind')} of terms, {most['terms']} would have paid most "
            f"({_money(most['payment'])}) and {least['terms']} least ({_money(least['payment'])}). "
            f"{bears}")


def _money(amount: float) -> str:
    """Whole thousands: a contract's differences are small beside its sums."""
    return pounds(round(amount, -3) if abs(amount) >= 100_000 else round(amount))


METHOD_NAME = MethodName("deliver payment", "1", SOURCE)

METHOD = Method(
    room="deliver", name="payment", title="What is paid, and who bears the risk",
    question="What is paid for what was done, what would other terms have paid, and who bears which risk?",
    function=payment, settings=Settings,
    inputs=(Input("contract", "terms and lines, in JSON", (
                InputColumn("terms", "block, per case, blended, cap and collar, outcome-linked or gain share"),
                InputColumn("lines", "point_of_delivery, planned, price"),
                InputColumn("outcomes", "name, weight, baseline, target, seen", True)), kind="model"),
            Input("activity", "what was done", (
                InputColumn("point_of_delivery", "as in the contract's lines"),
                InputColumn("count", "how many"), InputColumn("provider", "whose; only the contract's is taken", True),
                InputColumn("month", "when; only the contract's months are taken", True)))),
    outputs=(Output("agreed", "the terms of the contract"), Output("payment", "pounds paid under them"),
             Output("planned_value", "pounds: what was planned, at its price"),
             Output("value_done", "pounds: what was done, at its price"),
             Output("rows", "for each kind of terms: payment, difference_from_plan, difference_from_agreed, "
                            "commissioner_share_of_more, commissioner_share_of_less, bears_more, bears_less, agreed, "
                            "numbers_from_the_contract, hangs_on_outcomes"),
             Output("lines", "for each point of delivery: planned, done, price, planned_value, value_done"),
             Output("outcomes", "for each outcome: name, weight and how far it was reached, 0 to 1"),
             Output("contract", "its title"), Output("provider", "who is paid"),
             Output("months", "months of activity taken, where the table has months")),
    source=SOURCE, version="1",
    cannot_tell=("What the provider spent: a payment above or below its cost is not seen here.",
                 "What people would have done under other terms: the same activity is paid again under each.",
                 "Whether a case was coded as it was done, or needed doing.",
                 "Rules of a real contract that are not among its numbers here, such as a threshold by specialty."),
    example="deliver payment sample:contract --activity sample:activity")
