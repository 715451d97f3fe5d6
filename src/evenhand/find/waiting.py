"""Waiting lists: how long they may be, what brings them there, and what keeps them there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.find import show_waiting
from evenhand.find import waiting_sums as sums
from evenhand.terms import refuse
from evenhand.terms.words import counted, figure, listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

SOURCE = ("Fong and others (2022), Understanding waiting list pressures, doi 10.1101/2022.08.23.22279117, as computed "
          "by NHSRwaitinglist 0.1; Little (1961), Operations Research 9:383-387; Kingman (1961), Mathematical "
          "Proceedings of the Cambridge Philosophical Society 57:902-904")
NAME = MethodName("find waiting", "1", SOURCE)
ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "list": ("unit", "specialty"), "queue": ("queue_size",), "target_queue": ("target_queue_size",)}
LEAST: Mapping[str, bool] = {
    "demand": False, "capacity": False, "queue": False, "mean_wait": False, "target_queue": False,
    "cv_demand": False, "cv_capacity": False, "target_wait": True, "factor": True, "weeks_to_target": True}
"""Columns of numbers that are read, and whether nought is too little for each."""

FACTOR_OF_A_MILLION = 13.8
"""Beyond this many mean waits fewer than one in a million still wait: exp(13.8) is about a million."""

RESULTS = ("queue_load", "target_mean_wait", "target_queue", "relief_capacity", "target_capacity", "pressure")


@dataclass(frozen=True)
class Settings:
    """What holds for every list that does not say otherwise in a column of its own."""

    factor: float = setting(4.0, "Target wait over mean wait", "4: about 1 in 50 wait longer than the target; 6: about "
                            "1 in 400", common=True)
    weeks_to_target: float = setting(26.0, "Weeks in which a list is to reach its target", common=True, unit="weeks")
    cv_demand: float = setting(1.0, "How demand varies from week to week", "standard deviation over mean")
    cv_capacity: float = setting(1.0, "How capacity varies from week to week", "standard deviation over mean")

    def __post_init__(self) -> None:
        for option, value in (("--factor", self.factor), ("--weeks-to-target", self.weeks_to_target)):
            if value <= 0:
                raise refuse("this must be above nought", "give a positive number", column=option, value=f"{value:g}")
        for option, value in (("--cv-demand", self.cv_demand), ("--cv-capacity", self.cv_capacity)):
            if value < 0:
                raise refuse("a variation cannot be negative", "give 0 or more", column=option, value=f"{value:g}")


def waiting(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """How long a waiting list may be, how many to see a week to bring it there, and how many to keep it there.

    Args:
        table: one row a list; every column is optional, and each result is given where its columns are: ``demand`` and
            ``capacity`` (people a week), ``queue`` (people waiting), ``target_wait`` (weeks), ``mean_wait`` (weeks),
            ``target_queue``, and in place of settings ``factor``, ``weeks_to_target``, ``cv_demand``, ``cv_capacity``.
        settings: all settings; single ones may be given by keyword (``factor=6``).
        **options: settings by name.

    Returns:
        ``rows`` with ``queue_load``, ``target_mean_wait`` (weeks), ``target_queue`` (people), ``relief_capacity`` and
        ``target_capacity`` (people a week), ``pressure``, and beside them ``mean_wait`` (weeks; from queue over
        capacity where it is not given), ``relief_beyond_capacity``, ``weeks_as_things_are`` and ``share_over_target``.
        One list has the same fields by themselves.

    Raises:
        Refused: words for numbers, negative figures, target waits or factors of nought, doubled lists, and a table from
            which nothing can be worked out.

    Source: Fong and others (2022), whose formulas NHSRwaitinglist computes; the mean wait of a list by Little (1961).
    """
    import numpy as np

    chosen = with_options(Settings, settings, options)
    data = tables.read(table)
    names, read, remarks = _read(data, chosen)
    target = np.where(np.isfinite(read["target_queue"]), read["target_queue"],
                      sums.target_queue(read["demand"], read["target_wait"], read["factor"]))
    leaves = np.where(np.isfinite(read["capacity"]), read["capacity"], read["demand"])
    by_queue = read["queue"] / np.where(leaves > 0, leaves, np.nan)
    mean_wait = np.where(np.isfinite(read["mean_wait"]), read["mean_wait"], by_queue)
    if (np.isfinite(mean_wait) & ~np.isfinite(read["mean_wait"])).any():
        remarks.append("Where no mean wait is given it is the queue over the people seen a week.")
    relief = sums.relief_capacity(read["demand"], read["queue"], target, read["weeks_to_target"])
    found = {
        "queue_load": sums.queue_load(read["demand"], read["capacity"]),
        "target_mean_wait": sums.target_mean_wait(read["target_wait"], read["factor"]),
        "target_queue": target, "relief_capacity": relief,
        "target_capacity": sums.target_capacity(read["demand"], read["target_wait"], read["factor"],
                                                read["cv_demand"], read["cv_capacity"]),
        "pressure": sums.pressure(mean_wait, read["target_wait"]), "mean_wait": mean_wait,
        "relief_beyond_capacity": relief - read["capacity"],
        "weeks_as_things_are": sums.weeks_to_reach(read["demand"], read["capacity"], read["queue"], target),
        "share_over_target": sums.share_over_target(mean_wait, read["target_wait"])}
    if not any(np.isfinite(found[name]).any() for name in RESULTS):
        raise refuse("nothing can be worked out from these columns",
                     f"give some of {listed(list(LEAST))}", file=data.name)
    rows = [_row(place, name, read, found) for place, name in enumerate(names)]
    fields: dict[str, Any] = {"rows": rows}
    if len(rows) == 1:
        fields |= {name: rows[0][name] for name in found}
    return Answer(NAME, settings_document(chosen), (MadeFrom(data.name, data.digest),), _sentence(rows), fields,
                  _table(rows), (*remarks, *_remarks(rows)), draw=show_waiting.waiting)


def _read(table: tables.Table, chosen: Settings) -> tuple[list[str], dict[str, Floats], list[str]]:
    """Names of the lists, every column as numbers (settings where there is none), and remarks."""
    import numpy as np

    remarks: list[str] = []
    label = _named(table, "list", remarks)
    names = table.texts(label, may_be_empty=False) if label else [str(row) for row in table.row_numbers]
    if label:
        table.refuse_duplicates(label)
    defaults = {"factor": chosen.factor, "weeks_to_target": chosen.weeks_to_target, "cv_demand": chosen.cv_demand,
                "cv_capacity": chosen.cv_capacity}
    read = {}
    for name, above in LEAST.items():
        default = defaults.get(name, np.nan)
        column = _named(table, name, remarks)
        if column is None:
            read[name] = np.full(len(table), default)
            continue
        read[name] = table.numbers(column, least=0, empty=default)
        if above:
            table.refuse_rows(read[name] == 0, "this must be above nought", "give a positive number", column=column)
    return names, read, remarks


def _named(table: tables.Table, name: str, remarks: list[str]) -> str | None:
    taken = next((each for each in (name, *ALSO_CALLED.get(name, ())) if each in table), None)
    if taken not in (None, name):
        remarks.append(f"The column “{taken}” was taken for {name.replace('_', ' ')}.")
    return taken


def _row(place: int, name: str, read: Mapping[str, Floats], found: Mapping[str, Floats]) -> dict[str, Any]:
    def cell(values: Floats) -> float | None:
        value = float(values[place])
        return value if value == value else None

    row: dict[str, Any] = {"list": name, **{each: cell(read[each]) for each in
                                            ("demand", "capacity", "queue", "target_wait", "factor",
                                             "weeks_to_target", "cv_demand", "cv_capacity")}}
    row |= {each: cell(values) for each, values in found.items()}
    return {**row, "remark": _remark(row)}


def _remark(row: Mapping[str, Any]) -> str | None:
    """What stands out: growth without end first, then a list that is too long, or one that is well."""
    demand, capacity, queue, target = (row[each] for each in ("demand", "capacity", "queue", "target_queue"))
    if demand is not None and capacity is not None and capacity < demand:
        return f"grows by {figure(demand - capacity)} a week"
    if demand is not None and capacity is not None and capacity == demand:
        return "never shrinks: as many join as are seen"
    if queue is not None and target is not None:
        return "longer than its target" if queue > target else "within its target"
    return None


def _sentence(rows: list[dict[str, Any]]) -> str:
    if len(rows) == 1:
        return _sentence_of_one(rows[0])
    compared = [row for row in rows if row["queue"] is not None and row["target_queue"]]
    growing = [row for row in rows if row["queue_load"] is not None and row["queue_load"] >= 1]
    parts = []
    if compared:
        long = sum(row["queue"] > row["target_queue"] for row in compared)
        worst = max(compared, key=lambda row: row["queue"] / row["target_queue"])
        many = counted(long, "is", "are") if long else "none is"
        parts.append(f"Of {counted(len(compared), 'list')}, {many} longer than the target wait allows; furthest from "
                     f"its target is {worst['list']}, with {figure(worst['queue'] / worst['target_queue'])} times as "
                     "many waiting")
    if growing:
        parts.append(f"{counted(len(growing), 'list takes', 'lists take')} in at least as many as are seen: "
                     f"{_few([row['list'] for row in growing])}")
    return "; ".join(parts)[:1].upper() + "; ".join(parts)[1:] + "." if parts else (
        f"{counted(len(rows), 'list').capitalize()} worked out; the table has each.")


def _few(names: list[str]) -> str:
    return listed(names) if len(names) <= 4 else f"{', '.join(names[:4])} and {len(names) - 4:,} more"


def _plain(value: float) -> str:
    """A figure as it was given."""
    return f"{value:,.10g}"


def _sentence_of_one(row: dict[str, Any]) -> str:
    parts = []
    if row["queue"] is not None and row["target_queue"] is not None and row["target_wait"] is not None:
        way = "is longer than" if row["queue"] > row["target_queue"] else "is within"
        parts.append(f"A list of {_plain(row['queue'])} {way} the {figure(row['target_queue'])} at which few wait "
                     f"longer than {_plain(row['target_wait'])} weeks")
        if row["relief_capacity"] is not None and row["queue"] > row["target_queue"]:
            more = row["relief_beyond_capacity"]
            beyond = f", {figure(more)} more than now" if more is not None and more > 0 else ""
            parts.append(f"seeing {figure(row['relief_capacity'])} a week brings it there in "
                         f"{_plain(row['weeks_to_target'])} weeks{beyond}")
    if row["queue_load"] is not None:
        load = f"{_plain(row['demand'])} join and {_plain(row['capacity'])} are seen a week"
        parts.append(load + (", so the list grows without end" if row["queue_load"] > 1 else ""))
    if not parts:
        words = {"target_mean_wait": "the mean wait to aim at is {} weeks", "target_queue": "the list to aim at is {}",
                 "relief_capacity": "{} a week bring the list to its target",
                 "target_capacity": "{} a week keep the list at its target", "pressure": "the pressure is {}"}
        parts = [said.format(figure(row[name])) for name, said in words.items() if row[name] is not None]
    joined = "; ".join(parts)
    return f"{joined[:1].upper()}{joined[1:]}."


def _remarks(rows: list[dict[str, Any]]) -> list[str]:
    said = []
    factors = {row["factor"] for row in rows if row["target_wait"] is not None}
    if len(factors) == 1:
        from math import exp

        (factor,) = factors
        share = f"about 1 in {exp(factor):,.0f}" if factor < FACTOR_OF_A_MILLION else "fewer than 1 in a million"
        said.append(f"The mean wait aimed at is the target over {factor:g}: if waits thin out evenly, {share} then "
                    "waits longer than the target.")
    if any(row["relief_capacity"] is not None and row["queue"] <= row["target_queue"] for row in rows):
        said.append("Where a list is within its target, the relief capacity is what would let it rise to the target.")
    return said


def _table(rows: list[dict[str, Any]]) -> Table:
    every = [Column("list", "List"), Column("queue", "Waiting", "count"),
             Column("target_queue", "Target list", "count"),
             Column("queue_load", "Load", "number"), Column("relief_capacity", "Relief, a week", "number"),
             Column("target_capacity", "Then, a week", "number"), Column("pressure", "Pressure", "number"),
             Column("target_mean_wait", "Mean wait to aim at, weeks", "number"),
             Column("mean_wait", "Mean wait, weeks", "number"),
             Column("relief_beyond_capacity", "Relief beyond capacity", "number"),
             Column("weeks_as_things_are", "Weeks to target as things are", "number"),
             Column("share_over_target", "Over the target wait", "share"), Column("remark", "Remark")]
    kept = [each for each in every if each.name == "list" or any(row[each.name] is not None for row in rows)]
    return Table.of(rows, kept, title="Waiting lists")


METHOD = Method(
    room="find", name="waiting", title="Waiting lists",
    question="How long may this list be, and what would bring it there?",
    function=waiting, settings=Settings,
    inputs=(Input("table", "one row a list; each result is given where its columns are", (
        InputColumn("list", "name of the list; the row's number where there is none", optional=True),
        InputColumn("demand", "people who join a week", optional=True),
        InputColumn("capacity", "people seen a week", optional=True),
        InputColumn("queue", "people waiting", optional=True),
        InputColumn("target_wait", "weeks that few should wait longer than", optional=True),
        InputColumn("mean_wait", "mean wait in weeks; queue over capacity where there is none", optional=True),
        InputColumn("target_queue", "list to aim at, in place of the one worked out", optional=True),
        InputColumn("factor", "in place of --factor", optional=True),
        InputColumn("weeks_to_target", "in place of --weeks-to-target", optional=True),
        InputColumn("cv_demand", "in place of --cv-demand", optional=True),
        InputColumn("cv_capacity", "in place of --cv-capacity", optional=True))),),
    outputs=(
        Output("rows", "one a list: list, what was given, queue_load, target_mean_wait, target_queue, relief_capacity, "
               "target_capacity, pressure, mean_wait, relief_beyond_capacity, weeks_as_things_are, share_over_target, "
               "remark"),
        *(Output(name, what, sometimes=True) for name, what in (
            ("queue_load", "demand over capacity: at 1 or more the list grows without end"),
            ("target_mean_wait", "mean wait to aim at, weeks"), ("target_queue", "people on the list to aim at"),
            ("relief_capacity", "people a week that bring the list to its target in time"),
            ("target_capacity", "people a week that keep it there"),
            ("pressure", "twice the mean wait over the target wait")))),
    source=SOURCE, version="1",
    cannot_tell=(
        "Who on the list should be seen first: need is not in these sums.",
        "What happens as waits change: people go elsewhere, get worse, or stop being referred.",
        "Seasons: demand and capacity are taken as the same on average every week.",
        "What relief would cost, or whether staff for it can be found."),
    example="find waiting sample:waiting")
