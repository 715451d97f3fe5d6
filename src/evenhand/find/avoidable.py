"""Hospital care that primary care, community care, prevention or early help could act on, body by body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.find import show_avoidable
from evenhand.find.avoidable_ages import Kind, Rated, fits_the_standard, standardised
from evenhand.find.avoidable_beside import alike as likest
from evenhand.find.avoidable_beside import beside
from evenhand.find.avoidable_lists import Lists, read_lists
from evenhand.find.avoidable_proposals import proposals
from evenhand.find.avoidable_sums import OF_POINTS, UNIT, Counted, Found, count, one_of
from evenhand.find.bodies import published_bodies
from evenhand.stats import intervals
from evenhand.terms import Month, closest, refuse
from evenhand.terms.words import counted, figure, listed, pounds_roughly

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SOURCE = ("Lists: each list's own publisher, named with every figure; interval: Byar's or exact for the count, carried "
          "to a weighted count as Dobson, Kuulasmaa, Eberle and Scherer (1991), Statistics in Medicine 10: 457-462; "
          "standardised rates as find rates; peers as find peers; "
          "the middle's range: David and Nagaraja (2003), Order Statistics, section 7.1")
NAME = MethodName("find avoidable", "2", SOURCE)
SURE = 0.998
KINDS = {"crude": "not adjusted for age", "indirect": "set against what all together would have at its people's ages",
         "direct": "as if it had the ages of the European Standard Population 2013"}
AGAINST = {"median": "in the middle", "best-decile": "in the best tenth", "all": "for all together",
           "peers": "in the middle of its peers"}


@dataclass(frozen=True)
class Settings:
    """Which lists, which bodies, which months, against what."""

    by: str | None = setting(None, "Bodies", "column that names them: practice or commissioner; without it the "
                             "smallest there is", common=True)
    of: str | None = setting(None, "Body", "only its rows, by its code; it is set against all the same", common=True)
    lists: tuple[str, ...] = setting((), "Lists", "only these, by name; without it all", option="list", common=True)
    against: Literal["median", "best-decile", "all", "peers"] = setting(
        "median", "Against", "the middle of all bodies, their best tenth, all together, or the middle of the ten most "
        "like it (with --alike)", common=True)
    method: Literal["auto", "crude", "indirect", "direct"] = setting(
        "auto", "Kind of rate", "indirect: standardised by the rates of all together; direct: by the European Standard "
        "Population 2013; auto: indirect where activity and people are given by age, else crude", common=True)
    from_month: str | None = setting(None, "First month", "2025-01; without it, the last twelve months held",
                                     option="from")
    to_month: str | None = setting(None, "Last month", "2025-12", option="to")
    per: float = setting(1000.0, "Rate per", unit="people")
    confidence: float = setting(0.95, "Confidence", "of the intervals; a signal always needs 99.8%")
    top: int = setting(5, "Proposals", "so many of the first rows are written out as templates of proposals")

    def __post_init__(self) -> None:
        for option, typed in (("--from", self.from_month), ("--to", self.to_month)):
            if typed is not None:
                try:
                    Month.parsed(typed)
                except ValueError:
                    raise refuse("this is not a month", "write it as 2025-04", column=option, value=typed) from None
        if self.from_month and self.to_month and Month.parsed(self.from_month) > Month.parsed(self.to_month):
            raise refuse("the first month comes after the last", "turn them round", column="--from",
                         value=self.from_month)
        if not 0 < self.confidence < 1:
            raise refuse("a confidence lies between 0 and 1", "write 0.95", column="--confidence",
                         value=self.confidence)
        if not self.per > 0:
            raise refuse("a rate is per so many people", "write 1000", column="--per", value=self.per)
        if self.top < 0:
            raise refuse("so many proposals there cannot be", "write 0 or more", column="--top", value=self.top)


def avoidable(activity: Source, settings: Settings | None = None, /, *, codes: Source | None = None,
              people: Source | None = None, alike: Source | None = None, **options: Any) -> Answer:
    """What each body's people were in hospital for that care outside could have acted on, beside other bodies.

    Args:
        activity: counts by body: ``practice`` (or ``unit``, ``code``, ``commissioner``), ``count``, and ``diagnosis``,
            ``condition`` or ``point_of_delivery``; optional ``cost`` (pounds), ``population``, ``month``, ``age_band``,
            ``sex``, ``secondary_diagnosis``, ``procedure``.
        settings: all settings; single ones may be given by keyword (``by="commissioner"``).
        codes: lists of codes (``find.avoidable_lists.read_lists`` says how); without it, the published ones.
        people: people by body (and month), where ``activity`` does not say it; by ``age_band`` too, so that rates can
            be standardised.
        alike: what bodies are like: ``unit`` and a column for each characteristic, for ``against="peers"``.
        **options: settings by name.

    Returns:
        ``rows``, one for each body and condition: how many admissions fall under it, how many of them the list counts
        (``avoidable_count``), the rate in people-years with its interval, the middle with its own, how many more than
        the middle's rate would give (``excess``, below 0 where fewer) and the pounds of that at the body's own cost of
        one. Those above by more than chance come first, the dearest of them first. ``lists`` has the same for each
        whole list, every admission once. From points of delivery alone ``avoidable_count`` is empty.

    Raises:
        Refused: missing columns, nothing that says what people came for, words for numbers, an unknown list or month,
            a list that cannot be read, two figures of people for one body at one time, a standardised rate where ages
            are not known, peers where nothing says what bodies are like.

    Source: Dobson and others (1991), equation 1, with the limits of ``stats.intervals.poisson``; David and Nagaraja
    (2003). Lists as named in the answer.
    """
    chosen = with_options(Settings, settings, options)
    data = tables.read(activity)
    lists = read_lists(codes).chosen(chosen.lists)
    persons, like = (None if each is None else tables.read(each) for each in (people, alike))
    if chosen.against == "peers" and like is None:
        raise refuse("nothing says which bodies are alike", "give a table with --alike: unit, and a column for each "
                     "characteristic", column="--against", value="peers")
    first, last = (None if typed is None else Month.parsed(typed) for typed in (chosen.from_month, chosen.to_month))
    done = count(data, lists, persons, chosen.by, first, last)
    kind = _kind(done, chosen, data.name)
    peers = likest(like, done.units) if like is not None else {}
    rows = [row for found in done.conditions for row in _rows(found, done, lists, chosen, kind, peers)]
    whole = [row for found in done.lists for row in _rows(found, done, lists, chosen, kind, peers)]
    if chosen.of is not None:
        if chosen.of not in done.units:
            near = closest(chosen.of, done.units) or done.units[:3]
            raise refuse("no body here has this code", f"did you mean {listed(list(near[:3]), joint='or')}?",
                         file=data.name, column="--of", value=chosen.of)
        rows, whole = ([row for row in each if row["unit"] == chosen.of] for each in (rows, whole))
    rows.sort(key=_order)
    whole.sort(key=_order)
    told = all(found.is_told for found in done.conditions)
    if not rows:
        raise refuse("no row falls under any condition of the lists", "diagnosis codes look like J45.9; the lists here "
                     f"are {listed(list(lists.notes))}", file=data.name)
    used = sorted({found.list for found in done.conditions} - {OF_POINTS})
    fields: dict[str, Any] = {
        "rows": rows, "lists": whole, "can_be_told": told, "bodies": len(done.units),
        "list_notes": [{"list": each.id, "title": each.title, "version": each.version, "source": each.source,
                        "cannot_tell": each.cannot_tell or None} for name, each in lists.notes.items() if name in used],
        "period": {"first": str(done.first), "last": str(done.last)} if done.first else None,
        "not_told": list(done.not_told), "kind_of_rate": kind,
        "peers": {unit: [done.units[at] for at in places] for unit, places in peers.items()}}
    read = [each for each in (data, persons, lists, like) if each is not None]
    made_from = [MadeFrom(each.name, each.digest) for each in read]
    sentence = _sentence(rows, whole, done, lists, chosen)
    by = chosen.by or one_of(data, UNIT) or ""
    return Answer(NAME, settings_document(chosen), tuple(made_from), sentence, fields, _table(rows, kind, chosen),
                  tuple(_remarks(done, lists, used, told, kind, chosen)), draw=show_avoidable.avoidable,
                  documents=lambda answer: proposals(answer, by) if answer.settings["top"] else {})


def _kind(done: Counted, chosen: Settings, file: str) -> Kind:
    """Which kind of rate is given; refuses a standardised one where ages do not allow it."""
    if chosen.method == "auto":
        return "indirect" if done.ages is not None else "crude"
    if chosen.method == "crude":
        return "crude"
    why = done.no_ages or (fits_the_standard(done.ages.bands) if done.ages and chosen.method == "direct" else "")
    if why:
        raise refuse(f"no standardised rate can be given: {why}", "give activity and people by the same bands of age, "
                     "or use --method crude", file=file, column="--method", value=chosen.method)
    return chosen.method


def _rated(found: Found, done: Counted, chosen: Settings, kind: Kind) -> Rated:
    """A condition's rates, of the kind asked for."""
    import numpy as np

    if kind != "crude" and done.ages is not None:
        return standardised(found, done.ages, kind, chosen.per, done.years, chosen.confidence, SURE)
    years = done.people * done.years
    known = np.isfinite(years) & (years > 0)
    one = np.where(known, chosen.per / np.where(known, years, 1.0), np.nan)
    limits, wide = (weighted_limits(found, level) for level in (chosen.confidence, SURE))
    together = float(found.avoidable[known].sum() / years[known].sum() * chosen.per) if known.any() else 0.0
    return Rated("crude", found.avoidable * one, (limits[0] * one, limits[1] * one), (wide[0] * one, wide[1] * one),
                 one, together, None)


def _rows(found: Found, done: Counted, lists: Lists, chosen: Settings, kind: Kind,
          peers: Mapping[str, tuple[int, ...]]) -> list[dict[str, Any]]:
    """A condition's rows, one for each body."""
    import numpy as np

    rated = _rated(found, done, chosen, kind)
    mark = beside(rated, done.units, chosen.against, chosen.confidence, chosen.per, found.avoidable,
                  done.people * done.years, peers)
    known = np.isfinite(rated.rate)
    bodies = published_bodies(done.units)
    note = lists.notes.get(found.list)
    rows = []
    for at, unit in enumerate(done.units):
        rate, one, middle = (float(each[at]) for each in (rated.rate, rated.one, mark.middle))
        excess, span, signal = None, None, None
        if known[at] and np.isfinite(middle) and np.isfinite(one):
            excess = (rate - middle) / one
            span = [float(end[at] - middle) / one for end in rated.limits]
            usual = mark.usual[at]
            signal = "above" if rated.wide[0][at] > usual else "below" if rated.wide[1][at] < usual else "none"
        each_cost = found.cost[at] / found.avoidable[at] if done.has_cost and found.avoidable[at] > 0 else None
        expected = rated.expected
        rows.append({
            "unit": unit, "name": bodies.title(unit), "list": found.list,
            "list_version": note.version if note else None,
            "group": found.group or None, "condition": found.condition, "admissions": float(found.admissions[at]),
            "avoidable_count": float(found.avoidable[at]) if found.is_told else None,
            "people": float(done.people[at]) if done.people[at] > 0 else None, "rate": rate if known[at] else None,
            "interval": [float(end[at]) for end in rated.limits] if known[at] else None,
            "expected": None if expected is None or not np.isfinite(expected[at]) else float(expected[at]),
            "middle": middle if np.isfinite(middle) else None,
            "middle_interval": [float(mark.low[at]), float(mark.high[at])] if np.isfinite(middle) else None,
            "excess": excess, "excess_interval": span, "signal": signal,
            "cost": float(found.cost[at]) if done.has_cost else None,
            "cost_of_excess": None if excess is None or each_cost is None else float(excess * each_cost),
            "template": found.template or None,
            "remark": None if found.is_told else "Which of these could have been avoided cannot be told from points of "
                                                 "delivery alone."})
    return rows


def weighted_limits(found: Found, confidence: float) -> tuple[Floats, Floats]:
    """Limits of a count of which each admission counts by a share.

    ``T + sqrt(V / O) (L(O) - O)`` with O admissions, T their shares added up, V the shares squared and added up:
    Poisson's own limits where every share is 1.

    Source: Dobson and others (1991), Statistics in Medicine 10:457-462, equation 1.
    """
    import numpy as np

    low, high = intervals.poisson(found.admissions, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.where(found.admissions > 0, np.sqrt(found.squares / found.admissions), 1.0)
    return (np.maximum(found.avoidable + width * (low - found.admissions), 0.0),
            found.avoidable + width * (high - found.admissions))


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    size = row["cost_of_excess"] if row["cost_of_excess"] is not None else row["excess"]
    return (row["signal"] != "above", -(size if size is not None else row["admissions"]), row["unit"], row["condition"])


def _sentence(rows: Sequence[Mapping[str, Any]], whole: Sequence[Mapping[str, Any]], done: Counted, lists: Lists,
              chosen: Settings) -> str:
    when = f" from {done.first.words} to {done.last.words}" if done.first and done.last else ""
    row = rows[0]
    if row["list"] == OF_POINTS:
        said = (f"Which admissions could have been avoided cannot be told from points of delivery alone; among "
                f"{counted(len(done.units), 'body', 'bodies')}{when}, ")
        if row["rate"] is None:
            return f"{said}{row['name']} had {figure(row['admissions'])} of {row['condition']}."
        return f"{said}{_beside(row, chosen)}."
    if row["rate"] is None:
        return (f"{row['name']}: {figure(row['avoidable_count'])} under {row['condition']}{when}, by the list "
                f"“{_list_words(row, lists)}”; without people there is no rate.")
    above = sum(each["signal"] == "above" for each in rows)
    return (f"By the list “{_list_words(row, lists)}”{when}, {_beside(row, chosen)}; {above:,} of {len(rows):,} such "
            "figures, over all lists, lie above by more than chance.")


def _list_words(row: Mapping[str, Any], lists: Lists) -> str:
    return f"{lists.notes[row['list']].title} ({row['list_version']})"


def _beside(row: Mapping[str, Any], chosen: Settings) -> str:
    low, high = row["interval"]
    said = (f"{row['name']} had {figure(row['rate'])} ({figure(low)} to {figure(high)}) of “{row['condition']}” for "
            f"every {figure(chosen.per)} people a year")
    if row["middle"] is None:
        return said
    said += f", {figure(row['middle'])} {AGAINST[chosen.against]}"
    if row["excess"] is not None and row["excess"] > 0 and row["cost_of_excess"] is not None:
        said += f": {figure(row['excess'])} more, about {pounds_roughly(row['cost_of_excess'])}"
    return said


def _remarks(done: Counted, lists: Lists, used: Sequence[str], told: bool, kind: Kind,
             chosen: Settings) -> list[str]:
    ages = (f"Rates are not adjusted for age: bodies with more old people have more of most of this "
            f"({done.no_ages or 'crude rates were asked for'})." if kind == "crude" else
            f"Rates are standardised for age, {kind}ly: {KINDS[kind]}"
            + (f" ({counted(len(done.ages.bands), 'band')} of age); not for sex, illness or deprivation."
               if done.ages else "."))
    if told:
        said = [f"{note.title}: {note.version}. Source: {note.source}. {note.cannot_tell}".rstrip()
                for name, note in lists.notes.items() if name in used]
        said.append("Lists overlap: one admission may be under several, so they are not added up.")
        said.append("A body without a row of a condition counts as having none; where a rule for small numbers took "
                    "rows out, its figure is too low.")
    else:
        said = ["Points of delivery say how people came in, not what for: no list of codes can be put to them. Ask for "
                "counts by practice and diagnosis to see conditions, falls, alcohol, smoking, frailty and the end of "
                "life."]
    said += [ages, *done.remarks]
    if kind == "direct":
        said.append("No directly standardised rate is given below ten admissions, or where a band of age has nobody.")
    if chosen.against == "peers":
        said.append("The peers of a body are the ten most like it, every characteristic counting the same; evenhand "
                    "find peers says what sets them apart.")
    if done.not_told and told:
        said.append(f"Cannot be told from the columns here: {listed(list(done.not_told)[:8])}"
                    f"{f' and {len(done.not_told) - 8} more' if len(done.not_told) > 8 else ''}.")
    import numpy as np

    without = [unit for unit, people in zip(done.units, done.people, strict=True) if not np.isfinite(people)]
    if without:
        said.append(f"How many people there are is not known for {listed(without[:5])}"
                    f"{f' and {len(without) - 5} more' if len(without) > 5 else ''}: no rate.")
    if done.first is None:
        said.append("The table has no months: it is taken as one year.")
    return said


def _table(rows: Sequence[Mapping[str, Any]], kind: Kind, chosen: Settings) -> Table:
    cells = [{**row, **{name: None if row[name] is None else tuple(row[name])
                        for name in ("interval", "middle_interval", "excess_interval")}} for row in rows]
    return Table.of(cells, columns=[
        Column("name", "Body"), Column("condition", "Condition"),
        Column("avoidable_count", "Counted by the list", "number"),
        Column("rate", f"For every {figure(chosen.per)} a year", "number"), Column("interval", "Range", "interval"),
        Column("middle", "Set against", "number"), Column("middle_interval", "Its range", "interval"),
        Column("excess", "More than that", "number"), Column("cost_of_excess", "Pounds of that", "pounds"),
        Column("signal", "Beyond chance", "sign"), Column("admissions", "Admissions", "number"),
        Column("list", "List"), Column("list_version", "Version"), Column("template", "Template"),
        Column("unit", "Code"), Column("remark", "Remark")],
        title=f"Rate for every {figure(chosen.per)} people a year, {KINDS[kind]}")


METHOD = Method(
    room="find", name="avoidable", title="Hospital care that could be avoided",
    question="What could primary care, community care and prevention act on?",
    function=avoidable, settings=Settings,
    inputs=(
        Input("activity", "counts by body and what people came for", (
            InputColumn("practice", "or unit, code, commissioner: the body"),
            InputColumn("count", "how many admissions"),
            InputColumn("diagnosis", "the first diagnosis, as J45.9; or condition: by the list's name for it",
                        optional=True),
            InputColumn("point_of_delivery", "such as emergency admission; or admission_method: 21", optional=True),
            InputColumn("cost", "pounds", optional=True),
            InputColumn("population", "all of the body's people, the same in all of its rows", optional=True),
            InputColumn("month", "2025-04, or any spelling of a month", optional=True),
            InputColumn("age_band", "65-69, 85+; and sex", optional=True),
            InputColumn("secondary_diagnosis", "further codes, with semicolons between; and procedure",
                        optional=True))),
        Input("codes", "lists of codes; without it, the published ones", (
            InputColumn("list", "its name"), InputColumn("condition", "or title"),
            InputColumn("include_pattern", "or code: primary_diagnosis:J4[56]"),
            InputColumn("exclude_pattern", "or excludes", optional=True),
            InputColumn("scope", "or applies_to: emergency admission; age 65 and over; men", optional=True),
            InputColumn("fraction", "or value: which share counts, 0 to 1", optional=True),
            InputColumn("version", "of the list; and source", optional=True)), optional=True),
        Input("people", "people by body, where the activity does not say it", (
            InputColumn("practice", "or unit, code, commissioner"), InputColumn("people", "or population"),
            InputColumn("age_band", "and sex: so that rates can be standardised for age", optional=True),
            InputColumn("month", "their mean is taken", optional=True)), optional=True),
        Input("alike", "what bodies are like, for peers", (
            InputColumn("unit", "the body"),
            InputColumn("population", "and a column for each further characteristic, such as deprivation")),
            optional=True)),
    outputs=(
        Output("rows", "unit, name, list, list_version, group, condition, admissions, avoidable_count, people, rate, "
               "interval, expected, middle, middle_interval, excess, excess_interval, signal (above, below, none at "
               "99.8%), cost, cost_of_excess, template, remark"),
        Output("lists", "the same for each whole list, every admission once"),
        Output("list_notes", "list, title, version, source, cannot_tell"),
        Output("kind_of_rate", "crude, indirect or direct"),
        Output("peers", "by body, the ten most like it, where they were asked for"),
        Output("can_be_told", "no where only points of delivery are known"),
        Output("bodies", "how many"), Output("period", "first and last month, if months are given"),
        Output("not_told", "conditions that the columns here cannot tell")),
    source=SOURCE, version="2",
    cannot_tell=(
        "Whether any one admission could have been avoided: a list says which kinds often can.",
        "What would be saved: a bed that is not used is soon used by somebody else.",
        "Differences of need between bodies, and of age where it is not known: these rates do not take them out.",
        "Diagnoses cut to three characters, where a list needs the fourth."),
    example="find avoidable sample:avoidable --people sample:avoidable-people")
