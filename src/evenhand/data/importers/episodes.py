"""Hospital episodes: known by their headings, and not let in, for each row is one patient."""

from __future__ import annotations

from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published
from evenhand.terms import refuse

_HEADINGS = ("EPIKEY", "PSEUDO_HESID|ENCRYPTED_HESID|TOKEN_PERSON_ID", "ADMIDATE", "ADMIMETH")


def _read(file: Published) -> Harvest:
    raise refuse("each row is one stay of one patient: no patient's record is let in here, made up or not",
                 "count first where such records may be held: episodes by practice, month and condition; then load the "
                 "counts as a table of activity", file=file.name)


def _fits(file: Published) -> bool:
    there = {each.strip().upper() for each in file.table.columns}
    return all(there & set(each.split("|")) for each in _HEADINGS)


IMPORTERS = (Importer(
    name="hospital-episodes", title="Hospital episodes, one row a stay (refused: about single patients)",
    publisher="NHS England", licence=OPEN_GOVERNMENT,
    next_release="not to be loaded: count by practice, month and condition first", headings=_HEADINGS, gives=(),
    read=_read, fits=_fits),)
