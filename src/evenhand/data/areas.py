"""Areas on a map as they are published in GeoJSON: their codes, names and year, and their outlines in degrees."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evenhand.data.organisations import BOARD, GROUP, LOCATION, organisations
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import listed

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]

AREA = "area"
KINDS = {"ccg": GROUP, "sicbl": LOCATION, "icb": BOARD, "nhs_trust": "NHS trust", "lhb": "Welsh health board"}
"""What publishers call an area in front of the year: ccg21_code, sicbl22cd."""
NO_CODE, NO_SHAPE = "the feature has no code", "the feature has no shape: it cannot be drawn"
FEWEST_POINTS = 4
"""A ring of three corners that comes back to its first point."""
_SHAPES = {"Polygon": 3, "MultiPolygon": 4, "Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3}
_BRITAIN = ((-9.0, 49.0), (2.5, 61.0))
"""West and south, east and north of Britain, in degrees."""


@dataclass(frozen=True)
class Area:
    """One area: ``code`` is the one that figures are held by, ``published`` the one in the file.

    ``vintage`` is the year of the boundaries (2021), empty where the file does not say. ``polygons`` hold an outer ring
    and its holes each, in degrees, longitude first; an area given as a point has none.
    """

    code: str
    published: str
    name: str
    kind: str
    vintage: str
    polygons: tuple[Polygon, ...] = ()
    point: Point | None = None

    def geometry(self) -> dict[str, Any]:
        """The shape as GeoJSON writes it."""
        if self.point is not None:
            return {"type": "Point", "coordinates": list(self.point)}
        return {"type": "MultiPolygon",
                "coordinates": [[[list(point) for point in ring] for ring in polygon] for polygon in self.polygons]}

    def feature(self) -> dict[str, Any]:
        """The area as a feature that ``areas_in`` reads again."""
        return {"type": "Feature", "geometry": self.geometry(), "properties": {
            "code": self.code, "name": self.name, "vintage": self.vintage}}


@dataclass(frozen=True)
class Feature:
    """One feature of a file: the area, or why it is none."""

    label: str
    area: Area | None
    why_not: str = ""


def is_map(content: Any) -> bool:
    """Whether a JSON document is GeoJSON with features."""
    return isinstance(content, Mapping) and content.get("type") == "FeatureCollection" and "features" in content


def areas_in(content: Mapping[str, Any], file: str) -> tuple[Feature, ...]:
    """Every feature of a GeoJSON document.

    The code that figures are held by is taken from the end of a location's name (15M), by name from the published
    lists for groups and boards, and is the published one otherwise.

    Raises:
        Refused: no features, no property that is a code, a code given twice, coordinates that are no numbers, that are
            metres on a grid rather than degrees, or latitude before longitude.

    Source: the GeoJSON format, RFC 7946 (2016), sections 3 and 4: degrees on WGS 84, longitude first, rings closed.
    """
    features = content.get("features")
    if not is_map(content) or not isinstance(features, Sequence) or not features:
        raise refuse("there is no area in this file", "give GeoJSON with a list of features, each an area with a shape",
                     file=file)
    properties = [dict(each.get("properties") or {}) if isinstance(each, Mapping) else {} for each in features]
    named = next((found for each in properties if (found := _names_of(each)) is not None), None)
    if named is None:
        seen = sorted({name for each in properties for name in each})
        raise refuse("no property of the areas is a code that we know", "give boundaries with code and name, such as "
                     "icb22_code and icb22_name of the Open Geography Portal, or code and name", file=file,
                     value=", ".join(seen[:8]) or "no properties")
    code, name, kind, vintage = named
    read = []
    for row, (feature, said) in enumerate(zip(features, properties, strict=True), start=1):
        published, title = str(said.get(code) or "").strip(), str(said.get(name) or "").strip()
        label = published or title or f"feature {row}"
        geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
        polygons, point = _shape(geometry, row, label, file)
        why = NO_CODE if not published else NO_SHAPE if not polygons and point is None else ""
        year = vintage or str(said.get("vintage") or "").strip()
        area = None if why else Area(published, published, title, kind, year, polygons, point)
        read.append(Feature(label, area, why))
    _refuse_doubles(read, file)
    _refuse_places([each.area for each in read if each.area is not None], file)
    return tuple(_coded(read))


def _names_of(said: Mapping[str, Any]) -> tuple[str, str, str, str] | None:
    """The properties that hold code and name, the kind of area and the year, by what a feature says of itself."""
    for key in said:
        found = re.fullmatch(r"([a-z_]+?)_?(\d{2})_?(?:code|cd)", key.casefold())
        if found and found[1] in KINDS:
            wanted = re.compile(rf"{re.escape(found[1])}_?{found[2]}_?(?:name|nm)")
            name = next((other for other in said if wanted.fullmatch(other.casefold())), "")
            return key, name, KINDS[found[1]], f"20{found[2]}"
    plain = {key.casefold(): key for key in said}
    return (plain["code"], plain.get("name", ""), AREA, "") if "code" in plain else None


def _shape(geometry: Any, row: int, label: str, file: str) -> tuple[tuple[Polygon, ...], Point | None]:
    """Polygons or a point; neither where the shape is missing or empty."""
    if not isinstance(geometry, Mapping) or not geometry.get("coordinates"):
        return (), None
    kind, coordinates = geometry.get("type"), geometry["coordinates"]
    try:
        if kind == "Point":
            return (), _point(coordinates)
        if kind in ("Polygon", "MultiPolygon"):
            polygons = [coordinates] if kind == "Polygon" else coordinates
            read = [tuple(ring for each in polygon if len(ring := _ring(each)) >= FEWEST_POINTS)
                    for polygon in polygons]
            return tuple(each for each in read if each), None
    except (TypeError, ValueError, IndexError, KeyError):
        raise refuse("the coordinates of this shape cannot be read", "give pairs of numbers, longitude first, nested "
                     f"as a {kind} has them", file=file, row=row, column="geometry", value=label) from None
    raise refuse("this shape is no area", "give polygons", file=file, row=row, column="geometry",
                 value=f"{label}: {kind}")


def _ring(points: Sequence[Any]) -> Ring:
    """A closed ring without a point repeated; one with fewer than three corners encloses nothing."""
    ring = [_point(each) for each in points]
    ring = [each for place, each in enumerate(ring) if place == 0 or each != ring[place - 1]]
    if ring and ring[0] != ring[-1]:
        ring.append(ring[0])
    return tuple(ring)


def _point(pair: Sequence[Any]) -> Point:
    x, y = float(pair[0]), float(pair[1])
    if isinstance(pair, str) or not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(pair)
    return x, y


def _refuse_doubles(found: Sequence[Feature], file: str) -> None:
    first: dict[str, int] = {}
    problems = []
    for row, each in enumerate(found, start=1):
        if each.area is None:
            continue
        if each.area.code in first:
            problems.append(Problem(f"feature {first[each.area.code]} has this code too", "keep one of the two", file,
                                    row, "code", each.area.code))
        first.setdefault(each.area.code, row)
    if problems:
        raise Refused(problems)


def _refuse_places(areas: Sequence[Area], file: str) -> None:
    """Refuse coordinates that are no degrees, and those whose two numbers have changed places."""
    points = [(area, point) for area in areas
              for point in ([area.point] if area.point else [each for one in area.polygons for ring in one
                                                             for each in ring])]
    for area, (x, y) in points:
        if abs(x) > 180 or abs(y) > 90:
            what = "metres on a grid" if max(abs(x), abs(y)) > 1_000 else "no place on the globe"
            raise refuse(f"these coordinates are {what}, not degrees of longitude and latitude", "save the map with "
                         "longitude and latitude (WGS 84, EPSG 4326), as the publisher’s GeoJSON has it", file=file,
                         column="geometry", value=f"{area.code}: {x:g}, {y:g}")
    (west, south), (east, north) = _BRITAIN
    british = [(x, y) for area, (x, y) in points if re.fullmatch(r"[EWS]\d{8}", area.published)]
    if british and all(west <= y <= east and south <= x <= north for x, y in british):
        raise refuse("latitude stands before longitude in these coordinates", "put longitude first, as GeoJSON does",
                     file=file, column="geometry", value=f"{british[0][0]:g}, {british[0][1]:g}")


def _coded(found: Sequence[Feature]) -> list[Feature]:
    """The same features with the codes that figures are held by."""
    boards = {_plain(body.name): body.code for body in organisations() if body.kind == BOARD}
    groups: dict[str, str] = {}
    for body in organisations():
        if body.kind != BOARD:
            for name in filter(None, (body.former_name or body.name, *body.other_names)):
                groups.setdefault(_plain(name), body.code)
    coded = []
    for each in found:
        area = each.area
        if area is not None:
            code = area.published
            if area.kind == LOCATION and (end := re.search(r" - ([0-9A-Z]{3,5})$", area.name)):
                code = end[1]
            elif area.kind == GROUP:
                code = groups.get(_plain(area.name), code)
            elif area.kind == BOARD:
                code = boards.get(_plain(area.name), code)
            each = replace(each, area=replace(area, code=code))
        coded.append(each)
    return coded


def _plain(name: str) -> str:
    words = re.sub(r"^nhs | ccg$| integrated care board$", "", name.strip().casefold().replace("&", " and "))
    return " ".join(re.findall(r"[a-z0-9]+", words))


# --- what a workspace holds -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Boundaries:
    """The areas of one kind and one year that a workspace holds, with where they come from."""

    kind: str
    vintage: str
    areas: tuple[Area, ...]
    file: str
    digest: str
    licence: str

    @property
    def codes(self) -> frozenset[str]:
        """Codes of the areas."""
        return frozenset(each.code for each in self.areas)

    def geojson(self) -> dict[str, Any]:
        """As a document that ``areas_in`` and ``find map`` read."""
        return {"type": "FeatureCollection", "features": [each.feature() for each in self.areas]}


def held_boundaries(workspace: Path) -> tuple[Boundaries, ...]:
    """Every set of outlines that a workspace holds, by kind and year, the newest last. Points are no outlines."""
    import pyarrow.parquet as pq

    from evenhand.data import holdings

    found = []
    for held in holdings.held_in(workspace):
        if "boundaries" not in held.tables:
            continue
        rows = pq.read_table(workspace / holdings.FOLDER / held.folder / "boundaries.parquet").to_pylist()
        for kind, vintage in sorted({(row["kind"], row["vintage"]) for row in rows}):
            own = [row for row in rows if (row["kind"], row["vintage"]) == (kind, vintage)]
            areas = tuple(area for row in own if (area := _area(row)).polygons)
            if areas:
                found.append(Boundaries(kind, vintage, areas, held.file, held.digest, own[0]["licence"]))
    return tuple(sorted(found, key=lambda each: (each.vintage, each.kind, each.digest)))


def _area(row: Mapping[str, Any]) -> Area:
    geometry = json.loads(row["geometry"])
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else []
    return Area(row["code"], row["published_code"], row["name"], row["kind"], row["vintage"], tuple(
        tuple(tuple((point[0], point[1]) for point in ring) for ring in polygon) for polygon in polygons))


def boundaries_for(held: Sequence[Boundaries], units: frozenset[str], year: int) -> Boundaries | None:
    """The outlines that fit figures of these units best: those that hold most of them, then those nearest their time.

    Boundaries of a later year than the figures are taken only where those of their time hold fewer of the units: an
    area's code stands while its outline does. Nothing where no set holds four units in five.
    """
    def fitness(each: Boundaries) -> tuple[int, int, int]:
        known = int(each.vintage) if each.vintage.isdigit() else year
        return len(units & each.codes), known <= year, known if known <= year else -known

    best = max(held, key=fitness, default=None)
    return best if best is not None and units and len(units & best.codes) >= SHARE_ON_MAP * len(units) else None


SHARE_ON_MAP = 0.8
"""With fewer of the places than this a map would mislead more than it shows."""


def kinds_in_words(found: Sequence[Boundaries]) -> str:
    """What is held, for a reader: clinical commissioning groups 2021 and integrated care boards 2022."""
    return listed([f"{each.kind}s{f' of {each.vintage}' if each.vintage else ''}" for each in found])
