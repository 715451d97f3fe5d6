"""Boundaries of the bodies that figures are about, as GeoJSON is published: outlines for drawing, not for measuring."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from evenhand.data.areas import AREA, NO_CODE, NO_SHAPE, areas_in, is_map
from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve
from evenhand.data.importers.organisation_lists import organisation_rows
from evenhand.data.organisations import tidy
from evenhand.data.tables import Table
from evenhand.terms import refuse
from evenhand.terms.words import counted

LICENCE = f"{OPEN_GOVERNMENT}; contains OS data, Crown copyright and database right"
YOURS = "that of whoever drew them"


def _plain(file: Published) -> bytes:
    import gzip

    return gzip.decompress(file.content) if file.content[:2] == b"\x1f\x8b" else file.content


def _is_map(file: Published) -> bool:
    content = _plain(file)
    if b"FeatureCollection" not in content[:4096]:
        return False
    try:
        return is_map(json.loads(content))
    except ValueError:
        # A map that was cut off is still a map: reading it says where it breaks.
        return True


def _content(file: Published) -> Mapping[str, Any]:
    try:
        content: Mapping[str, Any] = json.loads(_plain(file), parse_constant=_no_number)
    except json.JSONDecodeError as trouble:
        raise refuse(f"this map is not whole: {trouble.msg} in line {trouble.lineno}, place {trouble.colno}",
                     "fetch the file again", file=file.name) from None
    except ValueError:
        raise refuse("a coordinate is no number", "fetch the file again", file=file.name) from None
    return content


def _no_number(name: str) -> float:
    raise ValueError(name)


def _read(file: Published) -> Harvest:
    import numpy as np
    import pyarrow as pa

    features = areas_in(_content(file), file.name)
    table = Table(file.name, file.digest, pa.table({"feature": [each.label for each in features]}),
                  np.arange(1, len(features) + 1))
    sieve = Sieve(table)
    for reason in (NO_CODE, NO_SHAPE):
        sieve.refuse([each.why_not == reason for each in features], reason, column="feature")
    sieve.require_some()
    areas = sorted((each.area for each in features if each.area is not None), key=lambda each: each.code)
    texts = {
        "code": [each.code for each in areas], "published_code": [each.published for each in areas],
        "name": [tidy(each.name) for each in areas], "kind": [each.kind for each in areas],
        "vintage": [each.vintage for each in areas],
        "geometry": [json.dumps(each.geometry(), separators=(",", ":")) for each in areas],
        "licence": [YOURS if each.kind == AREA else LICENCE for each in areas],
        "source": ["boundaries"] * len(areas)}
    rows: list[tuple[str, str, str, date | None, date | None]] = [
        (each.published, tidy(each.name), each.kind, None, None) for each in areas]
    points = sum(1 for each in areas if each.point is not None)
    return Harvest(
        {"organisations": organisation_rows(rows, "boundaries"),
         "boundaries": pa.table({name: pa.array(cells, pa.string()) for name, cells in texts.items()})},
        len(features), len(areas), sieve.refusals,
        ("outlines are for drawing, not for measuring: their publisher simplified them",
         *((f"{counted(points, 'place')} given as points: nothing can be shaded",) if points else ())))


IMPORTERS = (Importer(
    name="boundaries", title="Boundaries of bodies, for maps",
    publisher="Office for National Statistics, Open Geography Portal", licence=OPEN_GOVERNMENT,
    next_release="ONS Open Geography Portal, boundaries, each year; or a map of your own with code and name",
    headings=(), gives=("organisations", "boundaries"), read=_read, version="2", fits=_is_map),)
