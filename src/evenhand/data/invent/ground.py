"""The ground of an invented county: who borders on whom, drawn on an ocean where no county lies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.county import COUNTY, FIRST, MERGED_ON, OURS, County, Place

if TYPE_CHECKING:
    import numpy as np

Node = tuple[int, int]
Point = tuple[float, float]

WEST, SOUTH = -33.0, 47.0
"""A corner in the Atlantic, in degrees: nobody shall take the map for one of a real place."""
ACROSS, UP = 0.16, 0.11
"""The size of one field in degrees: about twelve kilometres each way there."""
WOBBLE, BENDS = 0.30, 3
"""How far a corner strays, as a share of a field, and into how many pieces a border is bent."""
BEFORE, AFTER = str(FIRST.year), str(MERGED_ON.year)


def boundaries(county: County, rng: np.random.Generator) -> dict[str, dict[str, Any]]:
    """Two maps as GeoJSON, by year: as it was with five bodies, and as it is with the one they became.

    Bodies lie on a field of squares whose shared corners stray, the county's own in the middle as a cross, so that
    together they are one piece of land.
    """
    others = list(county.commissioners[len(OURS):])
    columns = math.ceil(math.sqrt(len(county.commissioners)))
    rows = math.ceil(len(county.commissioners) / columns)
    middle = (columns // 2, (rows - 1) // 2)
    cross = [middle, *((middle[0] + x, middle[1] + y) for x, y in ((0, 1), (1, 0), (0, -1), (-1, 0)))]
    fields = dict(zip(cross, county.ours, strict=True))
    free = [(x, y) for y in range(rows) for x in range(columns) if (x, y) not in fields]
    fields |= dict(zip(free, others, strict=False))
    borders = _Borders(rng, columns, rows)
    own = {place.code: _feature(place, BEFORE, borders.round(field)) for field, place in fields.items()}
    later = {place.code: _feature(place, AFTER, borders.round(field)) for field, place in fields.items()
             if place.code not in OURS}
    later[county.merged.code] = _feature(county.merged, AFTER, borders.round_all(cross))
    return {year: {"type": "FeatureCollection", "name": f"{COUNTY} and its neighbours, {year}: invented",
                   "features": [areas[code] for code in sorted(areas)]}
            for year, areas in ((BEFORE, own), (AFTER, later))}


def _feature(place: Place, vintage: str, ring: list[Point]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": place.code, "name": place.name, "vintage": vintage},
            "geometry": {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}}


class _Borders:
    """Corners that stray, and borders that bend, each drawn once for both of its sides."""

    def __init__(self, rng: np.random.Generator, columns: int, rows: int) -> None:
        strays = rng.uniform(-WOBBLE, WOBBLE, size=(columns + 1, rows + 1, 2))
        self._corners = {(x, y): (x + strays[x, y, 0], y + strays[x, y, 1])
                         for x in range(columns + 1) for y in range(rows + 1)}
        self._bends: dict[tuple[Node, Node], list[Point]] = {}
        for x, y in self._corners:
            for end in ((x + 1, y), (x, y + 1)):
                if end in self._corners:
                    self._bends[(x, y), end] = self._bent((x, y), end, rng)

    def _bent(self, start: Node, end: Node, rng: np.random.Generator) -> list[Point]:
        (left, low), (right, high) = self._corners[start], self._corners[end]
        along = [step / BENDS for step in range(BENDS)]
        stray = rng.uniform(-WOBBLE / 4, WOBBLE / 4, size=(BENDS, 2))
        points = [(left + (right - left) * part, low + (high - low) * part) for part in along]
        return [_placed(points[0]), *(_placed((x + float(one), y + float(two)))
                                      for (x, y), (one, two) in zip(points[1:], stray[1:], strict=True))]

    def _line(self, start: Node, end: Node) -> list[Point]:
        """The border from one corner to the next, without the last point."""
        if (start, end) in self._bends:
            return self._bends[start, end]
        back = [*self._bends[end, start], _placed(self._corners[start])]
        return back[:0:-1]

    def round(self, field: Node) -> list[Point]:
        """The ring round one field, closed, against the clock."""
        return self.round_all([field])

    def round_all(self, fields: list[Node]) -> list[Point]:
        """The ring round fields that hang together, without the borders between them."""
        edges: set[tuple[Node, Node]] = set()
        for x, y in fields:
            corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
            for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
                if (end, start) in edges:
                    edges.remove((end, start))
                else:
                    edges.add((start, end))
        after = dict(edges)
        start = min(after)
        ring, node = list(self._line(start, after[start])), after[start]
        while node != start:
            ring += self._line(node, after[node])
            node = after[node]
        return [*ring, ring[0]]


def _placed(point: Point) -> Point:
    return round(WEST + float(point[0]) * ACROSS, 4), round(SOUTH + float(point[1]) * UP, 4)
