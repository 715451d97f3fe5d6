"""Outlines made light enough to draw: fewer corners, and neighbours that still share their border.

Every border between two areas is one line, simplified once and used by both, so no gap opens between them. Corners are
whole numbers of the picture's own unit.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Corner = tuple[int, int]
Line = tuple[Corner, ...]
Degrees = Sequence[Sequence[Sequence[tuple[float, float]]]]
"""Polygons of one area: rings of points, longitude first."""

FEWEST = 4
"""A closed ring of three corners."""


@dataclass(frozen=True)
class Sheet:
    """Outlines on a sheet of paper: rings by area, the size of the sheet, and how many corners there were before."""

    rings: Mapping[str, tuple[Line, ...]]
    width: int
    height: int
    corners_before: int

    @property
    def corners(self) -> int:
        """How many corners are left."""
        return sum(len(ring) for rings in self.rings.values() for ring in rings)


def on_a_sheet(areas: Mapping[str, Degrees], *, width: int, tallest: int, least: float) -> Sheet:
    """Lay areas on a sheet and leave out the corners that nobody would miss.

    Args:
        areas: polygons by area, in degrees.
        width: of the sheet, in its own units; ``tallest`` is the most it may be high.
        least: a corner goes where the triangle it makes with its neighbours is smaller than this, in square units.

    Source: degrees of longitude are shortened by the cosine of the middle latitude (equirectangular projection, Snyder
    1987, Map Projections: A Working Manual, page 90); corners by the area they add, Visvalingam and Whyatt (1993), The
    Cartographic Journal 30:46-51; borders shared by arcs as in TopoJSON (Bostock and Metcalf 2012).
    """
    points = [point for polygons in areas.values() for polygon in polygons for ring in polygon for point in ring]
    if not points:
        return Sheet({}, width, 1, 0)
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shorter = math.cos(math.radians((south + north) / 2))
    across, up = max((east - west) * shorter, 1e-9), max(north - south, 1e-9)
    scale = min(width / across, tallest / up)

    def laid(point: tuple[float, float]) -> Corner:
        return round((point[0] - west) * shorter * scale), round((north - point[1]) * scale)

    # Corners are matched as published, before they are rounded: near ones must not be taken for shared ones.
    rings = {name: [list(ring[:-1]) for polygon in polygons for ring in polygon] for name, polygons in areas.items()}
    joints = _joints(ring for own in rings.values() for ring in own)
    lines: dict[tuple[tuple[float, float], ...], Line] = {}
    drawn = {}
    for name, own in rings.items():
        found = []
        for ring in own:
            corners: list[Corner] = []
            for arc in _arcs(ring, joints):
                back = arc[::-1]
                key = min(arc, back)
                if key not in lines:
                    lines[key] = _lighter(_without_repeats([laid(each) for each in key]), least)
                corners += (lines[key] if key == arc else lines[key][::-1])[:-1]
            found.append(tuple(_without_repeats([*corners, corners[0]])) if corners else ())
        drawn[name] = _worth_drawing(found, least)
    return Sheet(drawn, round(across * scale), round(up * scale), len(points))


def _joints(rings: Iterable[Sequence[tuple[float, float]]]) -> set[tuple[float, float]]:
    """Corners at which borders meet: those with more than two different neighbours."""
    beside: dict[tuple[float, float], set[tuple[float, float]]] = {}
    used: Counter[frozenset[tuple[float, float]]] = Counter()
    held = [list(ring) for ring in rings]
    for ring in held:
        for place, each in enumerate(ring):
            beside.setdefault(each, set()).update((ring[place - 1], ring[(place + 1) % len(ring)]))
            used[frozenset((each, ring[(place + 1) % len(ring)]))] += 1
    found = {each for each, near in beside.items() if len(near) > 2}
    # Where a border begins to be shared though no third neighbour marks it (an area's tip), it is a joint too.
    for ring in held:
        for place, each in enumerate(ring):
            before, after = frozenset((ring[place - 1], each)), frozenset((each, ring[(place + 1) % len(ring)]))
            if used[before] != used[after]:
                found.add(each)
    return found


def _arcs(ring: list[tuple[float, float]],
          joints: set[tuple[float, float]]) -> Iterator[tuple[tuple[float, float], ...]]:
    """The ring cut at its joints; one without joints whole, from its least corner, so that twins are cut alike."""
    start = next((place for place, each in enumerate(ring) if each in joints), None)
    if start is None:
        start = ring.index(min(ring))
    turned = [*ring[start:], *ring[:start + 1]]
    arc = [turned[0]]
    for each in turned[1:]:
        arc.append(each)
        if each in joints:
            yield tuple(arc)
            arc = [each]
    if len(arc) > 1:
        yield tuple(arc)


def _without_repeats(line: Sequence[Corner]) -> list[Corner]:
    return [each for place, each in enumerate(line) if place == 0 or each != line[place - 1]]


def _lighter(line: Sequence[Corner], least: float) -> Line:
    """The line without its slightest corners, the slightest first; ends stay, and a closed line keeps three corners."""
    count, closed = len(line), line[0] == line[-1]
    before, after = list(range(-1, count - 1)), list(range(1, count + 1))
    area = [0.0] * count
    waiting: list[tuple[float, int]] = []
    for place in range(1, count - 1):
        area[place] = _triangle(line[place - 1], line[place], line[place + 1])
        waiting.append((area[place], place))
    heapq.heapify(waiting)
    gone, left, fewest = set[int](), count, FEWEST if closed else 2
    while waiting and left > fewest:
        size, place = heapq.heappop(waiting)
        if place in gone or size != area[place]:
            continue
        if size >= least:
            break
        gone.add(place)
        left -= 1
        low, high = before[place], after[place]
        after[low], before[high] = high, low
        for each in (low, high):
            if 0 < each < count - 1:
                # A corner never counts less than one that went before it, or a curve would unravel.
                area[each] = max(size, _triangle(line[before[each]], line[each], line[after[each]]))
                heapq.heappush(waiting, (area[each], each))
    return tuple(each for place, each in enumerate(line) if place not in gone)


def _triangle(a: Corner, b: Corner, c: Corner) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def _worth_drawing(rings: Sequence[Sequence[Corner]], least: float) -> tuple[Line, ...]:
    """Rings large enough to see; of an area whose rings are all tiny, the largest."""
    whole = [tuple(each) for each in rings if len(each) >= FEWEST]
    kept = tuple(each for each in whole if abs(_enclosed(each)) >= 2 * least)
    return kept or tuple(sorted(whole, key=lambda each: -abs(_enclosed(each)))[:1])


def _enclosed(ring: Sequence[Corner]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def path_of(rings: Sequence[Line]) -> str:
    """Rings as the data of an SVG path, each step from the corner before: shortest so."""
    said = []
    for ring in rings:
        steps = [f"{ring[0][0]} {ring[0][1]}"]
        steps += [f"{x - left} {y - up}" for (left, up), (x, y) in pairwise(ring[:-1])]
        said.append(f"M{steps[0]}l{' '.join(steps[1:])}z".replace(" -", "-"))
    return "".join(said)


def middle_of(rings: Sequence[Line]) -> Corner:
    """The centre of the largest ring's area, for a mark."""
    ring = max(rings, key=lambda each: abs(_enclosed(each)))
    whole = _enclosed(ring)
    if not whole:
        return ring[0]
    crosses = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(ring)]
    return (round(sum((a[0] + b[0]) * cross for a, b, cross in crosses) / (6 * whole)),
            round(sum((a[1] + b[1]) * cross for a, b, cross in crosses) / (6 * whole)))
