"""Lists of codes and weights that measures are made of: named, versioned, and kept as their publishers wrote them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve
from evenhand.data.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

NOT_STATED = "not stated in the file"
_TEXTS = ("list", "version", "group", "title", "code", "excludes", "applies_to")
Row = Mapping[str, Any]


def rows_of(rows: Iterable[Row], source: str) -> pa.Table:
    """The long table of codes: list, version, group, title, code (a pattern), excludes, applies_to, value."""
    import pyarrow as pa

    held = list(rows)
    return pa.table({
        **{name: pa.array([None if row.get(name) is None else str(row[name]) for row in held], pa.string())
           for name in _TEXTS},
        "value": pa.array([row.get("value") for row in held], pa.float64()),
        "source": pa.array([source] * len(held), pa.string())})


def _from_table(list_name: str, source: str, columns: Mapping[str, str], *, value: str = "",
                remarks: tuple[str, ...] = ()) -> Callable[[Published], Harvest]:
    """A reader for a table: ``columns`` says which column holds which part of a code."""
    def read(file: Published) -> Harvest:
        table = file.table
        sieve = Sieve(table)
        sieve.refuse([not each for each in table.texts(columns["code"])], "the row has no code", column=columns["code"])
        sieve.require_some()
        kept = sieve.kept
        parts = {name: kept.texts(column) for name, column in columns.items()}
        values = _values(kept, value) if value else [None] * len(kept)
        rows = [{"list": list_name, "version": NOT_STATED, **{name: cells[place] or None for name, cells in
                                                              parts.items()},
                 "value": number} for place, number in enumerate(values)]
        return Harvest({"codes": rows_of(rows, source)}, len(table), len(kept), sieve.refusals, remarks)
    return read


def _values(kept: Table, column: str) -> list[float | None]:
    """Numbers; a dash or nothing is none."""
    import numpy as np
    import pyarrow as pa

    plain = ["" if each in ("-", "NA", "N/A") else each for each in kept.texts(column)]
    numbers = replace(kept, arrow=pa.table({column: plain})).numbers(column, empty=np.nan).tolist()
    return [None if number != number else number for number in numbers]


def _whole(file: Published) -> Any:
    """The content of a JSON file; nothing where it is none."""
    import gzip

    content = gzip.decompress(file.content) if file.content[:2] == b"\x1f\x8b" else file.content
    if content.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        return json.loads(content)
    except ValueError:
        return None


def _from_json(source: str, list_name: str, rows: Callable[[Any], Iterable[Row]],
               remarks: tuple[str, ...] = ()) -> Callable[[Published], Harvest]:
    def read(file: Published) -> Harvest:
        found = [{"list": list_name, "version": NOT_STATED, **row} for row in rows(_whole(file))]
        return Harvest({"codes": rows_of(found, source)}, len(found), len(found), (), remarks)
    return read


def _is_json_of(test: Callable[[Any], bool]) -> Callable[[Published], bool]:
    def fits(file: Published) -> bool:
        content = _whole(file)
        try:
            return content is not None and bool(test(content))
        except (TypeError, AttributeError, KeyError, IndexError, StopIteration):
            return False
    return fits


# --- what each JSON file holds ----------------------------------------------------------------------------------------


def _alcohol(content: Any) -> Iterable[Row]:
    """Fractions by age and sex; ages are the first year of each band."""
    version = f"{content['published']}, data of {content['data-date']}"
    for kind, groups in content["data"].items():
        for group, conditions in groups.items():
            for title, held in conditions.items():
                # Some conditions give one set of fractions for deaths and another for illness.
                parts = {f"{title}, {what}": held[what] for what in ("mortality", "morbidity") if what in held}
                for name, part in (parts or {title: held}).items():
                    yield from _fractions(part, content["ages"], version=version, group=f"{kind}: {group}", title=name)


def _fractions(held: Mapping[str, Any], ages: Sequence[int], **said: str) -> Iterable[Row]:
    for sex in ("male", "female"):
        given = held.get(sex)
        for age, fraction in zip(ages, given if isinstance(given, list) else [given] * len(ages), strict=False):
            if fraction is not None:
                yield {**said, "code": held.get("regex"), "applies_to": f"{sex}, from {age}", "value": float(fraction)}


def _same_day(content: Any) -> Iterable[Row]:
    for specialty, conditions in content.items():
        for title, held in conditions.items():
            for kind in ("icd10_codes", "hrg_codes"):
                for code in held.get(kind, ()):
                    yield {"group": f"{specialty}: {held.get('group', '')}".rstrip(": "), "title": title, "code": code,
                           "applies_to": kind.removesuffix("_codes")}


def _weights(content: Any) -> Iterable[Row]:
    """Units by age and sex (male first, as the publisher gives them) for each group of medicines."""
    for group, ages in content.items():
        for age, pair in ages.items():
            for sex, weight in zip(("male", "female"), pair, strict=False):
                yield {"group": group, "title": group.replace("_", " "), "code": group, "applies_to": f"{sex}, {age}",
                       "value": float(weight)}


def _definitions(content: Any) -> Iterable[Row]:
    for name, held in content.items():
        why = held.get("why_it_matters", "")
        yield {"group": ", ".join(held.get("tags", ())) or None, "title": held.get("name") or held.get("title"),
               "code": name, "applies_to": "".join(why) if isinstance(why, list) else str(why)}


def _tags(content: Any) -> Iterable[Row]:
    for name, held in content.items():
        yield {"title": held["name"], "code": name, "applies_to": held.get("description")}


def _fields(content: Any) -> Iterable[Row]:
    for held in content:
        yield {"title": held.get("Field name"), "code": held["Field"], "applies_to": held.get("Format"),
               "group": held.get("Availability")}


def _first(content: Any) -> Any:
    return next(iter(content.values()))


# --- the publications -------------------------------------------------------------------------------------------------

_UNIT = ("NHS Institute for Innovation and Improvement, NHS Digital and the Academy of Medical Royal Colleges; "
         "restated by the Strategy Unit")
_MODEL = "github.com/The-Strategy-Unit/nhp_data"
_PRESCRIBING = "NHS Business Services Authority, by way of OpenPrescribing"


def _importer(name: str, title: str, publisher: str, following: str, *, headings: tuple[str, ...] = (),
              read: Callable[[Published], Harvest], fits: Callable[[Published], bool] | None = None) -> Importer:
    return Importer(name=name, title=title, publisher=publisher, licence=OPEN_GOVERNMENT, next_release=following,
                    headings=headings, gives=("codes",), read=read, fits=fits)


IMPORTERS = (
    _importer("care-patterns", "Codes of avoidable admissions and of Evidence-Based Interventions", _UNIT, _MODEL,
              headings=("list", "group", "condition", "include_pattern", "exclude_pattern", "scope"),
              read=_from_table("care patterns", "care-patterns", {
                  "group": "list", "title": "condition", "code": "include_pattern", "excludes": "exclude_pattern",
                  "applies_to": "scope"}, remarks=(
                      "lists differ between publishers: name the list on every figure",))),
    _importer("trim-points", "Trim points of stays by healthcare resource group", "NHS Digital", _MODEL,
              headings=("sushrg", "elective", "emergency"),
              read=_from_table("trim points, emergency stays, days", "trim-points", {"code": "sushrg"},
                               value="emergency")),
    _importer("obesity-fractions", "Share of admissions put down to obesity, by diagnosis", "NHS Digital", _MODEL,
              headings=("diagnosis", "fraction"),
              read=_from_table("obesity-attributable fractions", "obesity-fractions", {"code": "diagnosis"},
                               value="fraction")),
    _importer("smoking-fractions", "Share of admissions put down to smoking, by diagnosis and sex", "NHS Digital",
              _MODEL, headings=("diagnoses", "sex", "value"),
              read=_from_table("smoking-attributable fractions", "smoking-fractions",
                               {"code": "diagnoses", "applies_to": "sex"}, value="value",
                               remarks=("sex is 1 for male and 2 for female, as in hospital records",))),
    _importer("alcohol-fractions", "Share of admissions put down to alcohol, by condition, age and sex",
              "Public Health England", _MODEL,
              read=_from_json("alcohol-fractions", "alcohol-attributable fractions", _alcohol),
              fits=_is_json_of(lambda content: "ages" in content and "data" in content)),
    _importer("same-day-care", "Directory of ambulatory emergency care", "Ambulatory Emergency Care Network", _MODEL,
              read=_from_json("same-day-care", "directory of ambulatory emergency care", _same_day),
              fits=_is_json_of(lambda content: "icd10_codes" in _first(_first(content)))),
    _importer("prescribing-units", "Units that weigh prescribing by age and sex (STAR-PU)", _PRESCRIBING,
              "OpenPrescribing, with each revision of the weights",
              read=_from_json("prescribing-units", "prescribing units by age and sex", _weights),
              fits=_is_json_of(lambda content: "0-4" in _first(content) and len(_first(content)["0-4"]) == 2)),
    _importer("measure-definitions", "Definitions of prescribing measures", _PRESCRIBING, "openprescribing.net",
              read=_from_json("measure-definitions", "definitions of measures", _definitions),
              fits=_is_json_of(lambda content: "numerator_short" in _first(content))),
    _importer("measure-tags", "Groups of prescribing measures", _PRESCRIBING, "openprescribing.net",
              read=_from_json("measure-tags", "groups of measures", _tags),
              fits=_is_json_of(lambda content: {"name", "description"} <= set(_first(content))
                               and "numerator_short" not in _first(content))),
    _importer("episode-fields", "Fields of hospital episodes", "NHS Digital", "the data dictionary of NHS England",
              headings=("Field", "Name", "Format", "Description", "Values", "Cleaning", "Derivations", "Notes"),
              read=_from_table("fields of hospital episodes", "episode-fields",
                               {"code": "Field", "title": "Name", "applies_to": "Format"})),
    _importer("episode-fields-json", "Fields of admitted patient care", "NHS Digital",
              "the data dictionary of NHS England",
              read=_from_json("episode-fields-json", "fields of admitted patient care", _fields),
              fits=_is_json_of(lambda content: {"Field", "Field name"} <= set(content[0]))),
    _importer("formulary-products", "Products of the formulary with their average daily quantity", _PRESCRIBING,
              "NHS Business Services Authority, information portal",
              headings=("BNF Code", "BNF Name", "ADQ Value", "ADQ Unit"),
              read=_from_table("products of the formulary", "formulary-products",
                               {"code": "BNF Code", "title": "BNF Name", "applies_to": "ADQ Unit"})),
    _importer("formulary-changes", "Codes of the formulary that changed", _PRESCRIBING,
              "NHS Business Services Authority, yearly", headings=("old_code", "new_code"),
              read=_from_table("codes of the formulary that changed: title is the new code", "formulary-changes",
                               {"code": "old_code", "title": "new_code"})),
    _importer("formulation-swaps", "Presentations that may stand in for each other", _PRESCRIBING, "OpenPrescribing",
              headings=("Code", "Name", "Alternative code", "Formulation", "Alternative name",
                        "Alternative formulation", "Really equivalent?"),
              read=_from_table("presentations that may stand in for each other: title is the alternative's code",
                               "formulation-swaps", {"code": "Code", "title": "Alternative code", "group": "Name",
                                                     "applies_to": "Really equivalent?"})))
