"""Concerns that practices report: what they are about, how many said so, what became of them, and which rise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.personal import signs_in_words
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.find import show_concerns
from evenhand.find.concern_sums import Cluster, Concern, Rise, clusters, outcomes, rise_of
from evenhand.terms import Month, Problem, Refused, Span, Suppressed, refuse
from evenhand.terms.words import counted, figure, listed

SOURCE = ("Two counts beside each other: Przyborowski and Wilenski (1940), Biometrika 31:313-323; their range: Clopper "
          "and Pearson (1934), Biometrika 26:404-413; many looks: Benjamini and Hochberg (1995), Journal of the Royal "
          "Statistical Society B 57:289-300")
NAME = MethodName("find concerns", "1", SOURCE)
TOO_FEW = Suppressed("Hidden: so few practices said so that they could be known by it")
CHANCE = 0.05


@dataclass(frozen=True)
class Settings:
    """Which months, and what may be shown."""

    months: int = setting(3, "Months that count as lately", "the last of the months reported", common=True)
    from_month: str | None = setting(None, "First month", "since when concerns could be reported, such as 2026-05; "
                                     "without it, the month of the first", option="from")
    to_month: str | None = setting(None, "Last month", "such as 2028-02; without it, the month of the last concern",
                                   option="to", common=True)
    fewest: int = setting(3, "Practices needed for a figure to be shown", "with fewer, the practice could be known")
    confidence: float = setting(0.95, "Confidence of the ranges", "between 0 and 1")
    quotations: int = setting(0, "Quotations for each subject", "never of a text that may point to a patient; people's "
                              "own words belong to them, so none are shown unless asked")

    def __post_init__(self) -> None:
        for name, least in (("months", 1), ("fewest", 1), ("quotations", 0)):
            if getattr(self, name) < least:
                raise refuse(f"this is at least {least}", f"write --{name} {max(least, 1)}", column=f"--{name}",
                             value=getattr(self, name))
        if not 0 < self.confidence < 1:
            raise refuse("a confidence lies between 0 and 1", "write 0.95 for 95%", column="--confidence",
                         value=f"{self.confidence:g}")


def concerns(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """What practices report going wrong, put together by subject, and which subjects come up more than before.

    Args:
        table: one row a concern: ``date`` (2027-11-18), ``practice``, and ``measure`` or ``service``, what it is about;
            optional ``id``, ``text`` and ``what_became_of_it``.
        settings: all settings; single ones may be given by keyword.
        **options: settings by name.

    Returns:
        ``rows``, the subjects that most practices raised first: ``concerns`` and ``practices`` (counts), ``lately`` and
        ``before``, ``ratio`` of the rates a day with ``interval``, ``p_value`` and ``adjusted`` (for the number of
        subjects looked at), ``rising``, ``became``. A subject that fewer than ``fewest`` practices raised has its
        figures hidden; where it is the only such, the totals are hidden with it. A text with an NHS number, a postcode
        or a date of birth counts as a concern, and its words are never shown.

    Raises:
        Refused: missing columns, days that are none, a concern without a practice or subject, a concern twice, months
            that hold no concern, a subject that itself may point to a patient.

    Source: Przyborowski and Wilenski (1940) for the comparison of two counts; Benjamini and Hochberg (1995) for many.
    """
    chosen = with_options(Settings, settings, options)
    data = tables.read(table)
    every = _read(data)
    span, dropped = _span(every, chosen, data.name)
    kept = [each for each in every if span.first.first_day() <= each.day < span.last.plus(1).first_day()]
    found = clusters(kept, span, chosen.months, chosen.confidence)
    rows = _rows(found, chosen)
    hidden = sum(isinstance(row["concerns"], Suppressed) for row in rows)
    whole = rise_of(kept, span, chosen.months, chosen.confidence)
    # With one subject hidden, what all others leave of the total would be its count.
    gives_away = hidden == 1
    fields = {
        "rows": rows, "concerns": TOO_FEW if gives_away else len(kept), "practices": len({each.practice for each in
                                                                                          kept}),
        "subjects": len(rows), "hidden": hidden, "from": str(span.first), "to": str(span.last),
        "lately_from": str(span.last.plus(1 - chosen.months)) if whole else None,
        "all": None if gives_away or whole is None else _rise(whole),
        "became": None if gives_away else outcomes(kept),
        "texts_withheld": sum(bool(each.withheld) for each in kept),
        "withheld_because": sorted({why for each in kept for why in each.withheld})}
    return Answer(NAME, settings_document(chosen), (MadeFrom(data.name, data.digest),), _sentence(fields, rows),
                  fields, _table(rows), tuple(_remarks(fields, chosen, kept, dropped)), draw=show_concerns.concerns)


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(data: tables.Table) -> list[Concern]:
    """The concerns; words that may point to a patient are taken out before anything else sees them."""
    data.require("date", "practice")
    abouts = [name for name in ("measure", "service") if name in data]
    if not abouts:
        data.require("measure")
    practices = data.texts("practice", may_be_empty=False)
    subjects = [next((each for each in some if each), "") for some in zip(*map(data.texts, abouts), strict=True)]
    data.refuse_rows([not each for each in subjects], "this concern does not say what it is about",
                     "name the measure or the service", column=abouts[0])
    data.refuse_rows([bool(signs_in_words(each)) for each in subjects], "this may point to a patient",
                     "name the service, and nobody", column=abouts[-1])
    if "id" in data:
        data.refuse_duplicates("id")
    ids = data.texts("id") if "id" in data else [str(int(row)) for row in data.row_numbers]
    texts = data.texts("text") if "text" in data else [""] * len(data)
    became = data.texts("what_became_of_it") if "what_became_of_it" in data else [""] * len(data)
    found = []
    for id_, day, practice, subject, text, end in zip(ids, _days(data), practices, subjects, texts, became,
                                                      strict=True):
        signs = tuple(signs_in_words(text))
        found.append(Concern(id_, day, practice, subject, "" if signs else text, end, signs))
    if not found:
        raise refuse("there is no concern in it", "give at least one", file=data.name)
    return found


def _days(data: tables.Table) -> list[date]:
    found, problems = [], []
    for place, text in enumerate(data.texts("date")):
        try:
            found.append(date.fromisoformat(text[:10]))
        except ValueError:
            problems.append(Problem("this is not a day", "write it as 2027-11-18", data.name,
                                    int(data.row_numbers[place]), "date", text))
    if problems:
        raise Refused(problems[:10])
    return found


def _span(every: Sequence[Concern], chosen: Settings, file: str) -> tuple[Span, int]:
    """The months looked at, and how many concerns lie outside them."""
    days = [each.day for each in every]
    first = _month(chosen.from_month, "--from") or Month.of(min(days))
    last = _month(chosen.to_month, "--to") or Month.of(max(days))
    within = sum(first.first_day() <= day < last.plus(1).first_day() for day in days)
    if first.index > last.index or not within:
        raise refuse(f"no concern was reported from {first} to {last}",
                     f"the first is of {min(days)}, the last of {max(days)}", file=file, column="--from")
    return Span(first, last), len(days) - within


def _month(text: str | None, option: str) -> Month | None:
    if text is None:
        return None
    try:
        return Month.parsed(text)
    except ValueError:
        raise refuse("this is not a month", "write it as 2026-05", column=option, value=text) from None


# --- rows and words ---------------------------------------------------------------------------------------------------


def _rows(found: Sequence[Cluster], chosen: Settings) -> list[dict[str, Any]]:
    from evenhand.stats.shrinkage import false_discovery

    adjusted = false_discovery([each.rise.p if each.rise else float("nan") for each in found]).tolist()
    return [_row(each, q, chosen) for each, q in zip(found, adjusted, strict=True)]


def _row(cluster: Cluster, adjusted: float, chosen: Settings) -> dict[str, Any]:
    names = ("lately", "before", "ratio", "interval", "p_value")
    if len(cluster.practices) < chosen.fewest:
        return {"subject": cluster.subject, "concerns": TOO_FEW, "practices": TOO_FEW,
                **dict.fromkeys((*names, "adjusted", "became"), TOO_FEW), "rising": None, "quotations": []}
    rise = cluster.rise
    quoted = list(dict.fromkeys(each.text for each in cluster.concerns if each.text))[:chosen.quotations]
    return {"subject": cluster.subject, "concerns": len(cluster.concerns), "practices": len(cluster.practices),
            **(_rise(rise) if rise else dict.fromkeys(names)), "adjusted": adjusted if rise else None,
            "rising": None if rise is None else bool(adjusted <= CHANCE and (rise.ratio is None or rise.ratio > 1)),
            "became": dict(cluster.became), "quotations": quoted}


def _rise(rise: Rise) -> dict[str, Any]:
    return {"lately": rise.lately, "before": rise.before, "ratio": rise.ratio, "interval": [rise.low, rise.high],
            "p_value": rise.p}


def said_of(row: Mapping[str, Any], title: str = "") -> str:
    """One subject in a sentence: who said so, whether more than before, and what became of it."""
    name = title or row["subject"]
    if isinstance(row["concerns"], Suppressed):
        return f"{name}: raised by too few practices to say how often."
    others = row["practices"] - 1
    said = [f"{name}: {counted(row['concerns'], 'concern')} from {counted(row['practices'], 'practice')}"]
    if others:
        said.append(f"each of them can be told that {counted(others, 'other practice')} said so too")
    if row["rising"]:
        said.append(risen(row))
    ends = [f"{number} {end}" for end, number in row["became"].items()]
    if ends:
        said.append(f"of them {listed(ends)}")
    return "; ".join(said) + "."


def risen(row: Mapping[str, Any]) -> str:
    """How much oftener a subject came up lately, with its range."""
    low, high = row["interval"]
    if row["ratio"] is None:
        return f"{row['lately']} of them lately and none before (at least {figure(low)} times as often)"
    reach = f"range {figure(low)} to {figure(high)}" if high is not None else f"at least {figure(low)}"
    return (f"{row['lately']} of them lately and {row['before']} in all the time before, {figure(row['ratio'])} times "
            f"as often ({reach})")


def _sentence(fields: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    number = fields["concerns"]
    total = "Concerns" if isinstance(number, Suppressed) else counted(number, "concern")
    began, ended = Month.parsed(fields["from"]), Month.parsed(fields["to"])
    opening = (f"{total} from {counted(fields['practices'], 'practice')}, {began.words} to {ended.words}, are about "
               f"{counted(fields['subjects'], 'subject')}.")
    rising = [row for row in rows if row["rising"]]
    if rising:
        return f"{opening} {counted(len(rising), 'subject')} came up more than before: {rising[0]['subject']}, " \
               f"{risen(rising[0])}."
    shown = [row for row in rows if not isinstance(row["concerns"], Suppressed)]
    most = (f" Most practices spoke of {shown[0]['subject']} ({counted(shown[0]['practices'], 'practice')})."
            if shown else "")
    return f"{opening}{most} None came up more than before by more than chance."


def _remarks(fields: Mapping[str, Any], chosen: Settings, kept: Sequence[Concern], dropped: int) -> list[str]:
    said = []
    if fields["texts_withheld"]:
        said.append(f"{counted(fields['texts_withheld'], 'text')} may point to a patient "
                    f"({listed(fields['withheld_because'])}): counted, never shown or kept. Ask the practice to write "
                    "again without it, and take the words out at the source.")
    if fields["hidden"]:
        said.append(f"{counted(fields['hidden'], 'subject')} with fewer than {chosen.fewest} practices: figures "
                    "hidden, so that no practice can be known by what it reported.")
    if dropped:
        said.append(f"{counted(dropped, 'concern')} outside {fields['from']} to {fields['to']} left out.")
    silent = sum(not each.became for each in kept)
    if silent and fields["became"] is not None:
        said.append(f"Of {counted(silent, 'concern')} nobody has written down what became of "
                    f"{'it' if silent == 1 else 'them'}.")
    if fields["lately_from"] is None:
        said.append(f"There are no months before the last {chosen.months}, so nothing can be said to rise.")
    whole = fields["all"]
    if whole and whole["p_value"] <= CHANCE:
        said.append("Concerns of every kind came oftener lately: reporting may have become easier or better known.")
    return said


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    flat = [{**row, "ends": row["became"] if isinstance(row["became"], Suppressed) else
             ", ".join(f"{number} {end}" for end, number in row["became"].items()),
             "rises": "" if row["rising"] is None else "yes" if row["rising"] else "no"} for row in rows]
    return Table.of(flat, [
        Column("subject", "About"), Column("concerns", "Concerns", "count"), Column("practices", "Practices", "count"),
        Column("lately", "Lately", "count"), Column("before", "Before", "count"),
        Column("ratio", "Times as often", "number"), Column("rises", "More than chance"),
        Column("ends", "What became of them")], title="Concerns, those that most practices raised first")


METHOD = Method(
    room="find", name="concerns", title="Concerns from practices",
    question="What do practices say keeps going wrong, and what comes up more than before?",
    function=concerns, settings=Settings,
    inputs=(Input("table", "one row a concern", (
        InputColumn("date", "the day it was reported, such as 2027-11-18"),
        InputColumn("practice", "the practice that reported it"),
        InputColumn("measure", "what it is about; or a column service"),
        InputColumn("service", "what it is about, where no measure is named", optional=True),
        InputColumn("text", "its words", optional=True), InputColumn("id", "a number", optional=True),
        InputColumn("what_became_of_it", "such as answered, waiting, never answered", optional=True))),),
    outputs=(
        Output("rows", "subject, concerns, practices, lately, before, ratio, interval, p_value, adjusted, rising, "
               "became, quotations"),
        Output("concerns", "how many in all"), Output("practices", "how many reported"),
        Output("subjects", "how many things they are about"), Output("hidden", "subjects whose figures are hidden"),
        Output("from", "first month"), Output("to", "last month"), Output("lately_from", "where lately begins"),
        Output("all", "all concerns lately beside before"), Output("became", "what became of all of them"),
        Output("texts_withheld", "texts that may point to a patient"),
        Output("withheld_because", "what in them may do so")),
    source=SOURCE, version="1",
    cannot_tell=(
        "How often something really goes wrong: practices that do not report are not silent because all is well.",
        "Whether a rise is in care or in reporting: see whether all subjects rise together.",
        "Whether a text names a patient: numbers, postcodes and dates of birth are seen, names are not. Read before "
        "you pass anything on."),
    example="find concerns sample:concerns")
