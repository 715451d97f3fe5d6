"""What a region's folder brings of its own: bodies and measures; without them, those of the published lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.catalogue import Catalogue
from evenhand.data.measures import Measure, measures, measures_in
from evenhand.data.organisations import Organisations, organisations
from evenhand.region.folder import Folder

if TYPE_CHECKING:
    import pyarrow as pa

INVENTED = "Invented county: nobody and nothing here is real."


def bodies_of(folder: Folder) -> Organisations:
    """The folder's own ``organisations.csv`` and ``lineage.csv``, or the English commissioners."""
    if folder.organisations is None:
        return organisations()
    return Organisations.from_tables(folder.organisations, folder.lineage)


def measures_of(folder: Folder) -> Catalogue[Measure]:
    """The folder's own ``measures.toml``, or the measures of the published files that we read."""
    path = folder.path / "measures.toml"
    return measures_in(path) if path.is_file() else measures()


def lists_of(folder: Folder, bodies: Organisations) -> dict[str, pa.Table]:
    """The folder's own bodies and successions as ``remember lineage`` reads them; nothing where it brings none."""
    import pyarrow as pa

    if folder.organisations is None:
        return {}
    steps, every = bodies.successions, list(bodies)
    texts, days = pa.string(), pa.date32()
    return {"successions": pa.table({
                "from": pa.array([each.old for each in steps], texts),
                "to": pa.array([each.new for each in steps], texts),
                "date": pa.array([each.date for each in steps], days),
                "share": pa.array([each.share for each in steps], pa.float64()),
                "basis": pa.array([each.basis for each in steps], texts)}),
            "names": pa.table({
                "code": [each.code for each in every], "name": [each.name for each in every],
                "kind": [each.kind for each in every],
                "opened": pa.array([each.opened for each in every], days),
                "closed": pa.array([each.closed for each in every], days)})}
