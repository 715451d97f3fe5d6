"""What a workbook shows beside its values: struck-through text, fills, bold, formulas, hidden rows.

Read straight from the parts of an .xlsx or .ods file; nothing is calculated and nothing is run.
"""

from __future__ import annotations

import colorsys
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from evenhand.choose.tracker.marks import Look, Marks, Place
from evenhand.choose.tracker.markup import tree
from evenhand.choose.tracker.open_document import marks_of_ods
from evenhand.terms import refuse

MOST_UNPACKED = 2_000_000_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
# The order in which Excel counts the colours of a theme (lt1 and dk1 stand before lt2 and dk2).
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6",
                "hlink", "folHlink")


def column_number(letters: str) -> int:
    """A column's place from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(place: int) -> str:
    """The letters of a column counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def marks_of(content: bytes, name: str) -> dict[str, Marks]:
    """The marks of every sheet of an .xlsx or .ods workbook, by its name; empty for formats that are neither.

    Raises ``Refused`` for a workbook that unpacks to more than two gigabytes.
    """
    if content[:2] != b"PK":
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise refuse("the workbook unpacks to more than two gigabytes", "save the sheet as CSV and give that",
                         file=name)
        parts = set(packed.namelist())
        try:
            if "xl/workbook.xml" in parts:
                return _of_xlsx(packed, parts)
            if "content.xml" in parts and "xl/workbook.bin" not in parts:
                return marks_of_ods(packed.read("content.xml"))
        except (ElementTree.ParseError, expat.ExpatError, KeyError, ValueError, IndexError):
            # Values are read by another way; marks that cannot be read are marks that are not known.
            return {}
    return {}


def _of_xlsx(packed: zipfile.ZipFile, parts: set[str]) -> dict[str, Marks]:
    book = tree(packed.read("xl/workbook.xml"))
    related = {each.get("Id"): each.get("Target", "") for each in
               tree(packed.read("xl/_rels/workbook.xml.rels"))}
    looks = _looks(packed, parts)
    struck_texts = _struck_texts(packed.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in parts else set()
    found = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = related.get(sheet.get(_RELATED), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in parts and "worksheets" in path:
            found[sheet.get("name", "")] = _of_sheet(packed.read(path), looks, struck_texts)
    calculation = next(book.iter(f"{_MAIN}calcPr"), None)
    if calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true"):
        _doubt_noughts(found.values())
    return found


def _doubt_noughts(sheets: Any) -> None:
    """A file made by a program that cannot calculate gives every formula as nought: then none of them is a result."""
    formulas = [(marks, place) for marks in sheets for place in marks.formulas]
    if formulas and all(place in marks.nought for marks, place in formulas):
        for marks, place in formulas:
            marks.without_value.add(place)


def _looks(packed: zipfile.ZipFile, parts: set[str]) -> list[Look]:
    if "xl/styles.xml" not in parts:
        return []
    styles = tree(packed.read("xl/styles.xml"))
    theme = _theme(packed.read("xl/theme/theme1.xml")) if "xl/theme/theme1.xml" in parts else {}
    fonts = [(_is_on(font.find(f"{_MAIN}strike")), _is_on(font.find(f"{_MAIN}b")))
             for font in styles.iterfind(f"{_MAIN}fonts/{_MAIN}font")]
    fills = [_fill(each, theme) for each in styles.iterfind(f"{_MAIN}fills/{_MAIN}fill")]
    return [Look(*fonts[int(each.get("fontId", 0))], fills[int(each.get("fillId", 0))])
            for each in styles.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")]


def _is_on(element: ElementTree.Element | None) -> bool:
    return element is not None and element.get("val", "1") not in ("0", "false", "none")


def _fill(element: ElementTree.Element, theme: Mapping[int, str]) -> str:
    pattern = element.find(f"{_MAIN}patternFill")
    if pattern is None or pattern.get("patternType") != "solid":
        return ""
    colour = pattern.find(f"{_MAIN}fgColor")
    if colour is None:
        return ""
    rgb = colour.get("rgb", "")[-6:].upper()
    if colour.get("theme") is not None:
        rgb = _tinted(theme.get(int(colour.get("theme", "0")), ""), float(colour.get("tint", "0")))
    elif colour.get("indexed") is not None:
        rgb = _INDEXED.get(int(colour.get("indexed", "64")), "")
    return "" if rgb in ("", "FFFFFF") else rgb


# The indexed colours that people still use for red, amber and green, from the old palette of 56.
_INDEXED = {2: "FF0000", 3: "00FF00", 5: "FFFF00", 10: "FF0000", 11: "00FF00", 12: "0000FF", 13: "FFFF00",
            17: "008000", 22: "C0C0C0", 23: "808080", 42: "CCFFCC", 43: "FFFF99", 45: "FF99CC", 50: "99CC00",
            51: "FFCC00", 52: "FF9900", 53: "FF6600", 57: "339966"}


def _theme(content: bytes) -> dict[int, str]:
    scheme = next(tree(content).iter(f"{_DRAWING}clrScheme"))
    colours = {}
    for each in scheme:
        shown = next(iter(each), None)
        if shown is not None:
            colours[each.tag.removeprefix(_DRAWING)] = (shown.get("lastClr") or shown.get("val") or "").upper()
    return {place: colours.get(name, "") for place, name in enumerate(_THEME_ORDER)}


def _tinted(rgb: str, tint: float) -> str:
    if len(rgb) != 6 or not tint:
        return rgb
    hue, light, strength = colorsys.rgb_to_hls(*(int(rgb[place:place + 2], 16) / 255 for place in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, strength))


def _struck_texts(content: bytes) -> set[int]:
    """Which shared texts are struck through in every one of their runs."""
    found = set()
    for place, text in enumerate(tree(content).iterfind(f"{_MAIN}si")):
        runs = [run for run in text.iterfind(f"{_MAIN}r") if (run.findtext(f"{_MAIN}t") or "").strip()]
        if runs and all(_is_on(run.find(f"{_MAIN}rPr/{_MAIN}strike")) for run in runs):
            found.add(place)
    return found


class _SheetMarks(Marks):
    """Marks while they are read; ``nought`` are formulas whose result stands as 0."""

    def __init__(self) -> None:
        super().__init__(known=True)
        self.nought: set[Place] = set()


def _of_sheet(content: bytes, looks: list[Look], struck_texts: set[int]) -> Marks:
    marks = _SheetMarks()
    struck = {place for place, look in enumerate(looks) if look.struck}
    bold = {place for place, look in enumerate(looks) if look.bold}
    fills = {place: look.fill for place, look in enumerate(looks) if look.fill}
    state: dict[str, Any] = {"row": -1, "column": -1, "formula": None, "text": None, "kind": "", "held": ""}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            reference = _REFERENCE.match(attributes.get("r", ""))
            state["column"] = column_number(reference[1]) if reference else state["column"] + 1
            place = (state["row"], state["column"])
            style = int(attributes.get("s", 0))
            if style in struck:
                marks.struck.add(place)
            if style in bold:
                marks.bold.add(place)
            if style in fills:
                marks.fills[place] = fills[style]
            state["formula"], state["held"], state["kind"] = None, "", attributes.get("t", "")
        elif tag == "row":
            state["row"] = int(attributes["r"]) - 1 if "r" in attributes else state["row"] + 1
            state["column"] = -1
            if attributes.get("hidden") in ("1", "true"):
                marks.hidden_rows.add(state["row"])
        elif tag == "f":
            state["formula"] = ""
            state["text"] = "formula"
        elif tag == "v":
            state["text"] = "held"

    def words(text: str) -> None:
        if state["text"] is not None:
            state[state["text"]] += text

    def end(tag: str) -> None:
        if tag in ("f", "v"):
            state["text"] = None
        elif tag == "c":
            place = (state["row"], state["column"])
            if state["formula"] is not None:
                marks.formulas[place] = state["formula"]
                if not state["held"].strip() and state["kind"] != "str":
                    marks.without_value.add(place)
                elif state["held"].strip() == "0" and state["kind"] in ("", "n"):
                    marks.nought.add(place)
            elif struck_texts and state["kind"] == "s" and int(state["held"] or -1) in struck_texts:
                marks.struck.add(place)

    reader = expat.ParserCreate(namespace_separator=None)
    reader.buffer_text = True
    reader.StartElementHandler = lambda tag, given: start(tag.rpartition(":")[2], given)
    reader.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    reader.CharacterDataHandler = words
    reader.Parse(content, True)
    return marks


def colour_word(rgb: str) -> str:
    """What a reader calls a fill: red, amber, yellow, green, blue, purple, grey."""
    red, green, blue = (int(rgb[place:place + 2], 16) / 255 for place in (0, 2, 4))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    if strength < 0.12 or light < 0.06:
        return "black" if light < 0.15 else "grey"
    degrees = hue * 360
    for word, most in (("red", 15), ("amber", 48), ("yellow", 70), ("green", 170), ("blue", 255), ("purple", 330)):
        if degrees < most:
            return word
    return "red"
