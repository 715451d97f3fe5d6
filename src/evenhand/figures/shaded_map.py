"""A map of areas shaded by class, as a drawing of our own: small, readable without colour, and without any style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from evenhand.figures.chart import FONT, ORANGE, TEXT
from evenhand.figures.drawing import Drawing
from evenhand.figures.outlines import Line, Sheet, middle_of, path_of

SHADES = ("#f0f4f5", "#c5dcf0", "#7fb3e0", "#2b7bc8", "#003087")
"""From the lowest class to the highest: lighter to darker, so that a print in grey says the same."""
NOT_HELD = "#d8dde0"
LINE_HEIGHT, SWATCH, PADDING, FONT_SIZE, NARROWEST = 48, 36, 16, 30, 840
"""In the sheet's own unit, two of which are a point of the picture: corners are whole numbers of it."""
LONGEST_NAME = 26
_TEXTURES = ("", '<circle cx="3" cy="3" r="1.2" fill="#003087"/>', '<path d="M0 4h8" stroke="#003087"/>',
             '<path d="M4 0v8" stroke="#fff" stroke-width="1.5"/>', "")
_MISSING = '<path d="M-2 2l4-4M0 8l8-8M6 10l4-4" stroke="#4c6272" stroke-width="1.5"/>'


@dataclass(frozen=True)
class Shaded:
    """One area of the map: its class from 0 (lowest), none where no figure is held, and what a pointer reads."""

    code: str
    words: str
    place: int | None
    outside: bool = False


def shades(classes: int) -> tuple[int, ...]:
    """Which of the five shades so many classes take, the palest and the darkest among them."""
    return {3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}[classes]


def shaded_map(sheet: Sheet, areas: Sequence[Shaded], *, classes: Mapping[int, str], most: int, own: tuple[str, str],
               missing: str, outside: str) -> Drawing:
    """Areas filled by class with a legend in words above them.

    Args:
        sheet: outlines by code.
        areas: what each is; those without an outline are passed over.
        classes: words of each class in use, by its place from 0; ``most`` is how many there may be (3 to 5).
        own: code and name of the place that is marked; empty for none.
        missing: words for areas without a figure; ``outside`` for those drawn with a thick line. Empty for none.
    """
    taken = shades(most)
    edge = f'stroke="{TEXT}" stroke-width="2"'
    legend = [(f'fill="url(#map-{place})" {edge}', classes[place]) for place in sorted(classes, reverse=True)]
    if missing:
        legend.append((f'fill="url(#map-none)" {edge}', missing))
    if outside:
        legend.append((f'fill="none" stroke="{ORANGE}" stroke-width="6"', outside))
    top = PADDING + LINE_HEIGHT * len(legend) + PADDING
    patterns = "".join(_pattern(str(place), SHADES[taken[place]], _TEXTURES[taken[place]]) for place in classes)
    patterns += _pattern("none", NOT_HELD, _MISSING) if missing else ""
    rows = "".join(
        f'<rect x="{PADDING}" y="{PADDING + LINE_HEIGHT * at}" width="{SWATCH + 16}" height="{SWATCH}" {looks}/>'
        f'<text x="{PADDING + SWATCH + 36}" y="{PADDING + LINE_HEIGHT * at + 28}">{escape(words)}</text>'
        for at, (looks, words) in enumerate(legend))
    width, height = max(sheet.width + 2 * PADDING, NARROWEST), top + sheet.height + PADDING
    drawn = "".join(_group(sheet, areas, place) for place in (*sorted(classes), None))
    drawn += _edges(sheet, [each for each in areas if each.outside])
    return Drawing(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="eh-map" width="{width // 2}" height="{height // 2}" '
        f'viewBox="0 0 {width} {height}" font-family="{FONT}" font-size="{FONT_SIZE}"><defs>{patterns}</defs>'
        f'<rect width="{width}" height="{height}" fill="#fff"/><g fill="{TEXT}">{rows}</g>'
        f'<g transform="translate({(width - sheet.width) // 2},{top})" stroke-linejoin="round">{drawn}'
        f'{_mark(sheet, own)}</g></svg>')


def _pattern(name: str, shade: str, texture: str) -> str:
    """A shade with its texture, so that classes are told apart without colour."""
    return (f'<pattern id="map-{name}" width="8" height="8" patternUnits="userSpaceOnUse" '
            f'patternTransform="scale(1.6)"><rect width="8" height="8" fill="{shade}"/>{texture}</pattern>')


def _group(sheet: Sheet, areas: Sequence[Shaded], place: int | None) -> str:
    held = [each for each in areas if each.place == place and sheet.rings.get(each.code)]
    if not held:
        return ""
    paths = "".join(f'<path d="{path_of(sheet.rings[each.code])}"><title>{escape(each.words)}</title></path>'
                    for each in held)
    fill = "map-none" if place is None else f"map-{place}"
    return f'<g fill="url(#{fill})" fill-rule="evenodd" stroke="#425563" stroke-width="1.2">{paths}</g>'


def _edges(sheet: Sheet, areas: Sequence[Shaded]) -> str:
    rings: list[Line] = [ring for each in areas for ring in sheet.rings.get(each.code, ())]
    return f'<path d="{path_of(rings)}" fill="none" stroke="{ORANGE}" stroke-width="5"/>' if rings else ""


def _mark(sheet: Sheet, own: tuple[str, str]) -> str:
    """The place itself: a thick dark edge, a diamond in its middle, and its name where it fits."""
    code, name = own
    rings = sheet.rings.get(code)
    if not rings:
        return ""
    x, y = middle_of(rings)
    end = x > sheet.width / 2
    diamond = f"M{x} {y - 13}l11 13-11 13-11-13z"
    return (f'<path d="{path_of(rings)}" fill="none" stroke="{TEXT}" stroke-width="5"/>'
            f'<path d="{diamond}" fill="#ffeb3b" stroke="{TEXT}" stroke-width="3"/>'
            f'<text x="{x - 20 if end else x + 20}" y="{y + 10}" text-anchor="{"end" if end else "start"}" '
            f'font-weight="bold" fill="{TEXT}" stroke="#fff" stroke-width="8" paint-order="stroke">'
            f'{escape(_short(name, code))}</text>')


def _short(name: str, code: str) -> str:
    """What fits beside a mark: the name up to its first comma, or the code."""
    said = name.partition(",")[0]
    return said if len(said) <= LONGEST_NAME else code
