"""The converter's SVG with less text: a page of charts is read on a telephone too."""

from __future__ import annotations

import math
import re
from itertools import groupby

FEWEST = 3
"""So many marks in a row are worth saying together."""
NEARLY_SOLID, A_HAIR = 0.8, 0.15
_OPACITY = r' opacity="[^"]*"'
_SAID_TWICE = re.compile(r' (?:aria-(?:label|roledescription|hidden)="[^"]*"|role="graphics-[^"]*"'
                         r'|pointer-events="none"|opacity="1"|stroke-miterlimit="10"|font-weight="normal")')
_NOTHING_DRAWN = re.compile(r'<path class="(?:background|foreground)"(?: d="(?:M0,0h0v0h0Z)?")?(?: display="none")?/>')
_CLASS = re.compile(r' class="(?:mark-|root|background|foreground|role-)[^"]*"')
_NUMBER = re.compile(r"(\d+)\.(\d)\d*")
_PLACED = re.compile(r'( (?:d|transform|x1|x2|y1|y2|x|y|width|height)=")([^"]*)"')
_TRACK = re.compile(r' d="(M[-\d.]+,[-\d.]+(?:L[-\d.]+,[-\d.]+){9,})"')
_CIRCLE = re.compile(r'<path transform="([^"]*)" d="M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0"')
_FONT = re.compile(r' font-family="([^"]*)"')
_RUN = re.compile(r"(?:<(line|path|circle)( [^<>]*)/>)(?:<\1 [^<>]*/>){2,}")
_WORDS = re.compile(r"(?:<text [^<>]*>[^<]*</text>){3,}")
_WORD_LOOK = re.compile(r' (?:text-anchor|font-size|font-weight|fill)="[^"]*"')
_ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
_LOOKS = ("fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "stroke-opacity", "fill-opacity", "r")
_LOOK = re.compile(rf' (?:{"|".join(_LOOKS)})="[^"]*"')


def lighter(drawn: str) -> str:
    """The same picture in less than half the text.

    The converter names every single mark for a screen reader, though a picture with a title and a description is one
    thing to it; it writes positions to a billionth of a point, and says of every mark what is so of its neighbours.
    """
    drawn = _SAID_TWICE.sub("", drawn)
    drawn = _CLASS.sub("", _NOTHING_DRAWN.sub("", drawn))
    drawn = _PLACED.sub(lambda found: f'{found[1]}{_NUMBER.sub(_rounded, found[2])}"', drawn)
    drawn = _TRACK.sub(lambda found: f' d="{_straightened(found[1])}"', drawn)
    drawn = _CIRCLE.sub(r'<circle transform="\1" r="\2"', drawn)
    fonts = set(_FONT.findall(drawn))
    if len(fonts) == 1:
        drawn = _FONT.sub("", drawn).replace("<svg ", f'<svg font-family="{fonts.pop()}" ', 1)
    return _WORDS.sub(_said_together, _RUN.sub(_together, drawn))


def _rounded(number: re.Match[str]) -> str:
    """A number to one decimal, cut: a tenth of a point is less than a hair."""
    return number[1] if number[2] == "0" else f"{number[1]}.{number[2]}"


def _straightened(track: str) -> str:
    """A line of many points without those that lie on the way from one to another."""
    points = [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", track)]
    kept, start = [0], 0
    for end in range(2, len(points)):
        if any(_aside(points[start], points[end], each) > A_HAIR for each in points[start + 1:end]):
            start = end - 1
            kept.append(start)
    kept.append(len(points) - 1)
    return "M" + "L".join(f"{points[place][0]:g},{points[place][1]:g}" for place in kept)


def _aside(start: tuple[float, float], end: tuple[float, float], point: tuple[float, float]) -> float:
    """How far a point lies from the straight line between two others."""
    across, down = end[0] - start[0], end[1] - start[1]
    long = math.hypot(across, down)
    if not long:
        return math.dist(start, point)
    return abs(across * (point[1] - start[1]) - down * (point[0] - start[0])) / long


def _together(run: re.Match[str]) -> str:
    """Marks of one kind in a row, those beside each other that look alike as one."""
    marks = re.findall(rf"<{run[1]}( [^<>]*)/>", run[0])
    return "".join(_as_one(run[1], look, list(alike)) for look, alike in groupby(marks, _look_of))


def _said_together(run: re.Match[str]) -> str:
    """Words in a row, those beside each other that look alike in one group that says how."""
    words = re.findall(r"<text( [^<>]*)>([^<]*)</text>", run[0])
    found = []
    for look, alike in groupby(words, lambda word: "".join(sorted(_WORD_LOOK.findall(word[0])))):
        each = list(alike)
        if len(each) < FEWEST or not look:
            found += [f"<text{attributes}>{said}</text>" for attributes, said in each]
            continue
        inside = "".join(f"<text{_WORD_LOOK.sub('', attributes)}>{said}</text>" for attributes, said in each)
        found.append(f"<g{look}>{inside}</g>")
    return "".join(found)


def _look_of(mark: str) -> str:
    """How a mark looks; a circle's size is its shape and cannot be inherited."""
    return "".join(sorted(each for each in _LOOK.findall(mark) if not each.startswith(" r=")))


def _as_one(kind: str, look: str, marks: list[str]) -> str:
    """Lines and dots as one path, others in one group that says how they look."""
    if len(marks) < FEWEST or not look:
        return "".join(f"<{kind}{mark}/>" for mark in marks)
    attributes = [dict(_ATTRIBUTE.findall(mark)) for mark in marks]
    if kind == "line" and (path := _lines(attributes)):
        return f'<path{look} d="{path}"/>'
    if kind == "circle" and "stroke=" not in look and _solid(look) and (path := _dots(attributes)):
        # A line of no length with round ends is a dot as wide as the line.
        fill = dict(_ATTRIBUTE.findall(look)).get("fill", "#000")
        return (f'<path stroke="{fill}" stroke-width="{2 * float(attributes[0]["r"]):g}" stroke-linecap="round"'
                f'{"".join(re.findall(_OPACITY, look))} d="{path}"/>')
    shapes = (re.sub(r' [xy]2="0"', "", _LOOK.sub(lambda found: found[0] if found[0].startswith(" r=") else "", mark))
              for mark in marks)
    return f"<g{look}>{''.join(f'<{kind}{shape}/>' for shape in shapes)}</g>"


def _solid(look: str) -> bool:
    """Whether marks may lie on each other as one: pale ones grow darker where they do, and that says something."""
    return all(float(each) >= NEARLY_SOLID for each in re.findall(r'opacity="([^"]*)"', look))


def _lines(marks: list[dict[str, str]]) -> str:
    """Lines from where each is placed as the data of one path; empty where one is placed otherwise."""
    steps = []
    for mark in marks:
        place, across, down = _placed(mark), mark.get("x2", "0"), mark.get("y2", "0")
        if not place or not mark.keys() <= {"transform", "x2", "y2", *_LOOKS}:
            return ""
        steps.append(place + (f"v{down}" if across == "0" else f"h{across}" if down == "0" else f"l{across} {down}"))
    return "".join(steps)


def _dots(marks: list[dict[str, str]]) -> str:
    """Circles of one size as the data of one path of dots; empty where they differ."""
    places = [_placed(mark) for mark in marks]
    if not all(places) or len({mark.get("r") for mark in marks}) > 1:
        return ""
    return "".join(f"{place}h.01" for place in places)


def _placed(mark: dict[str, str]) -> str:
    found = re.fullmatch(r"translate\((-?[\d.]+),(-?[\d.]+)\)", mark.get("transform", ""))
    return f"M{found[1]} {found[2]}" if found else ""
