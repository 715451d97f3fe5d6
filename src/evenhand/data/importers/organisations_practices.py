"""Practices, trusts and their sites: bodies with their dates, and which body each belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from evenhand.data.importers import activity as long
from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve
from evenhand.data.importers.organisation_lists import ODS_COLUMNS, headed, is_headless, organisation_rows
from evenhand.data.organisations import day_of, tidy
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import pyarrow as pa

PRACTICE, TRUST, SITE = "general practice", "NHS trust", "site of an NHS trust"
_SETTINGS = {
    "0": "other prescriber", "1": "walk-in centre", "2": "out-of-hours service",
    "3": "walk-in centre and out-of-hours service", "4": PRACTICE, "8": "public health service",
    "9": "community health service", "10": "hospital service", "11": "optometry service",
    "12": "urgent and emergency care", "13": "hospice", "14": "care home", "15": "border force",
    "16": "young offender institution", "17": "secure training centre", "18": "secure children's home",
    "19": "immigration removal centre", "20": "court", "21": "police custody",
    "22": "sexual assault referral centre", "24": "other justice estate", "25": "prison"}
"""What the Organisation Data Service writes in the column of the prescribing setting."""
_LAYOUT = "the file has no heading line: columns were read by the Organisation Data Service's layout"


def lookups(rows: Iterable[tuple[str, str, float, str]], source: str) -> pa.Table:
    """The long table of lookups: from, to, share (0 to 1) and its basis, as ``remember rebase --shares`` reads it."""
    import pyarrow as pa

    held = sorted(set(rows))
    return pa.table({
        "from": pa.array([row[0] for row in held], pa.string()), "to": pa.array([row[1] for row in held], pa.string()),
        "share": pa.array([row[2] for row in held], pa.float64()),
        "basis": pa.array([row[3] for row in held], pa.string()),
        "source": pa.array([source] * len(held), pa.string())})


def _is_practices(file: Published) -> bool:
    return is_headless(file) and file.table.columns[13].split(" ")[0] in ("B", "Z")


def _read_practices(file: Published) -> Harvest:
    table = headed(file)
    table.refuse_duplicates("code")
    sieve = Sieve(table)
    opened, closed = ([day_of(each) for each in table.texts(column)] for column in ("opened", "closed"))
    sieve.refuse([each is None for each in opened], "the first day is no date", column="opened")
    kinds = table.texts("sub_type")
    sieve.refuse([each not in ("B", "Z") for each in kinds], "this is neither a practice (B) nor a practice of another "
                 "country (Z)", column="sub_type")
    sieve.require_some()
    codes, statuses = table.texts("code"), table.texts("status")
    of, settings = table.texts(ODS_COLUMNS[14]), table.texts(ODS_COLUMNS[25])
    rows, belongs = [], []
    for place, (code, name) in enumerate(zip(codes, table.texts("name"), strict=True)):
        if sieve.mask[place]:
            rows.append((code, tidy(name), _SETTINGS.get(settings[place], "other prescriber"), opened[place],
                         closed[place]))
            if of[place]:
                belongs.append((code, of[place], 1.0, "commissioner in the Organisation Data Service's list of "
                                                      "practices"))
    open_now = sum(1 for place, row in enumerate(settings) if sieve.mask[place] and row == "4"
                   and statuses[place] == "A")
    return Harvest({"organisations": organisation_rows(rows, "practices"), "lookups": lookups(belongs, "practices")},
                   len(table), len(rows), sieve.refusals,
                   (_LAYOUT, f"{counted(open_now, 'general practice')} open (prescribing setting 4, status A); the "
                             "others are closed, asleep, or services that prescribe"))


_TRUST = ("code", "name", "postcode", "open date|opened", "close date|closed")


def _is_trusts(file: Published) -> bool:
    if is_headless(file):
        return bool(re.fullmatch(r"R[0-9A-Z]{2,4}", file.table.columns[0]))
    return long.headed((*_TRUST, "national grouping"))(file)


def _read_trusts(file: Published) -> Harvest:
    bare = is_headless(file)
    table = long.renamed(headed(file) if bare else file.table, _TRUST)
    table.refuse_duplicates("code")
    sieve = Sieve(table)
    codes = table.texts("code")
    opened, closed = ([day_of(each) for each in table.texts(column)] for column in ("open date", "close date"))
    sieve.refuse([not re.fullmatch(r"[0-9A-Z]{3}|[0-9A-Z]{5}", each) for each in codes],
                 "this is no code of a trust or of its site", column="code")
    sieve.refuse([each is None for each in opened], "the first day is no date", column="open date")
    sieve.require_some()
    rows, belongs = [], []
    for code, name, start, end, kept in zip(codes, table.texts("name"), opened, closed, sieve.mask, strict=True):
        if kept:
            rows.append((code, tidy(name), TRUST if len(code) == 3 else SITE, start, end))
            if len(code) == 5:
                belongs.append((code, code[:3], 1.0, "the first three letters of a site's code are its trust"))
    trusts = sum(1 for row in rows if row[2] == TRUST)
    return Harvest({"organisations": organisation_rows(rows, "trusts"), "lookups": lookups(belongs, "trusts")},
                   len(table), len(rows), sieve.refusals,
                   (*((_LAYOUT,) if bare else ()),
                    f"{counted(trusts, 'trust')} and {counted(len(rows) - trusts, 'site')}"))


def _shares(name: str, to: str, share: str, basis: str) -> Callable[[Published], Harvest]:
    def read(file: Published) -> Harvest:
        import numpy as np

        table = long.renamed(file.table, (_FROM, to, share))
        start, end = _FROM.split("|")[0], to.split("|")[0]
        table.refuse_duplicates(start, end)
        sieve = Sieve(table)
        sieve.refuse([not each for each in table.texts(start)], "the code of the trust is empty", column=end)
        sieve.refuse([not each for each in table.texts(end)], "the code of the area is empty", column=start)
        figures = table.numbers(share, least=0, most=1, empty=np.nan)
        sieve.refuse(np.isnan(figures), "the share is missing, not nought", column=share)
        sieve.require_some()
        rows = [(code, area, float(part), basis) for code, area, part, kept in
                zip(table.texts(start), table.texts(end), figures, sieve.mask, strict=True) if kept]
        whole: dict[str, float] = {}
        for code, _, part, _ in rows:
            whole[code] = whole.get(code, 0.0) + part
        kept_table = sieve.kept
        over = [whole[code] > 1.005 for code in kept_table.texts(start)]
        kept_table.refuse_rows(over, "the shares of this body add up to more than the whole",
                               "correct them at the source: they add up to 1", column=start)
        short = sum(1 for each in whole.values() if each < 0.995)
        said = (f"shares of {counted(short, 'trust')} add up to less than the whole",) if short else ()
        return Harvest({"lookups": lookups(rows, name)}, len(table), len(rows), sieve.refusals, (
            "where the patients of a trust live is an estimate for the years it was made from, not a succession",
            *said))

    return read


_FROM = "nhs_trust22_code|nhs_trust_code|trust_code"
_TO_BOARD = ("icb22_code|icb_code|icb23_code|icb24_code", "proportion_trust_came_from_icb")
_TO_DISTRICT = ("ltla21_code|ltla22_code|ltla_code|lad_code", "proportion_trust_came_from_ltla")
_CATCHMENTS = "share of the trust's patients who live there, Public Health England trust catchments, {}"


def _of_shares(name: str, title: str, columns: tuple[str, str], basis: str) -> Importer:
    """An importer of the shares of trusts' patients by area."""
    return Importer(name=name, title=title, publisher="Public Health England, by way of geographr",
                    licence=f"{OPEN_GOVERNMENT} (collection MIT)",
                    next_release="Office for Health Improvement and Disparities, NHS acute hospital trust catchments",
                    headings=(_FROM, *columns), gives=("lookups",), read=_shares(name, columns[0], columns[1], basis),
                    fits=long.headed((_FROM, *columns)))


_ODS = "NHS Digital, Organisation Data Service"
IMPORTERS = (
    Importer(name="practices", title="Practices and other prescribers of the Organisation Data Service (no heading "
                                     "line)", publisher=_ODS, licence=OPEN_GOVERNMENT, headings=(),
             next_release="NHS England Digital, Organisation Data Service, file epraccur, every quarter",
             gives=("organisations", "lookups"), read=_read_practices, fits=_is_practices),
    Importer(name="trusts", title="NHS trusts and their sites", publisher=_ODS, licence=OPEN_GOVERNMENT,
             next_release="NHS England Digital, Organisation Data Service, files etr and ets, every quarter",
             headings=_TRUST, gives=("organisations", "lookups"), read=_read_trusts, fits=_is_trusts),
    _of_shares("trusts-to-boards", "Where trusts' patients live, by integrated care board", _TO_BOARD,
                    _CATCHMENTS.format("by integrated care board of 2022")),
    _of_shares("trusts-to-districts", "Where trusts' patients live, by district", _TO_DISTRICT,
                    _CATCHMENTS.format("by district of 2021")),
)
