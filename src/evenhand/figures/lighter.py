"""The converter's SVG with less text: a page of charts is read on a telephone too."""

from __future__ import annotations

import re

_SAID_TWICE = re.compile(r' (?:aria-(?:label|roledescription|hidden)="[^"]*"|role="graphics-[^"]*"'
                         r'|pointer-events="none"|opacity="1"|stroke-miterlimit="10"|font-weight="normal")')
_NOTHING_DRAWN = re.compile(r'<path class="(?:background|foreground)"(?: d="(?:M0,0h0v0h0Z)?")?(?: display="none")?/>')
_CLASS = re.compile(r' class="(?:mark-|root|background|foreground|role-)[^"]*"')
_NUMBER = re.compile(r"(\d+)\.(\d)\d*")
_PLACED = re.compile(r'( (?:d|transform|x1|x2|y1|y2|x|y|width|height)=")([^"]*)"')
_CIRCLE = re.compile(r'<path transform="([^"]*)" d="M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0"')
_FONT = re.compile(r' font-family="([^"]*)"')
_RUN = re.compile(r"(?:<(line|path|circle)( [^<>]*)/>)(?:<\1 [^<>]*/>){2,}")
_LOOK = re.compile(r' (?:fill|stroke|stroke-width|stroke-dasharray|opacity|stroke-opacity|fill-opacity|r)="[^"]*"')


def lighter(drawn: str) -> str:
    """The same picture in less than half the text.

    The converter names every single mark for a screen reader, though a picture with a title and a description is one
    thing to it; it writes positions to a billionth of a point, and says of every mark what is so of its neighbours.
    """
    drawn = _SAID_TWICE.sub("", drawn)
    drawn = _CLASS.sub("", _NOTHING_DRAWN.sub("", drawn))
    drawn = _PLACED.sub(lambda found: f'{found[1]}{_NUMBER.sub(_rounded, found[2])}"', drawn)
    drawn = _CIRCLE.sub(r'<circle transform="\1" r="\2"', drawn)
    fonts = set(_FONT.findall(drawn))
    if len(fonts) == 1:
        drawn = _FONT.sub("", drawn).replace("<svg ", f'<svg font-family="{fonts.pop()}" ', 1)
    return _RUN.sub(_together, drawn)


def _rounded(number: re.Match[str]) -> str:
    """A number to one decimal, cut: a tenth of a point is less than a hair."""
    return number[1] if number[2] == "0" else f"{number[1]}.{number[2]}"


def _together(run: re.Match[str]) -> str:
    """Marks in a row that look alike, in one group that says how they look."""
    said = run[0]
    marks = re.findall(rf"<{run[1]}( [^<>]*)/>", said)
    looks = ["".join(sorted(each for each in _LOOK.findall(mark) if not each.startswith(" r="))) for mark in marks]
    # A circle's size is its shape and cannot be inherited.
    if len(set(looks)) > 1 or not looks[0]:
        return said
    shapes = (re.sub(r' [xy]2="0"', "", _LOOK.sub(lambda found: found[0] if found[0].startswith(" r=") else "", mark))
              for mark in marks)
    return f"<g{looks[0]}>{''.join(f'<{run[1]}{shape}/>' for shape in shapes)}</g>"
