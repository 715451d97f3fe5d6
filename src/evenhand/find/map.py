"""Values on a map: where the high and the low ones lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.areas import Area, areas_in
from evenhand.data.models import read_model
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.find import show_map
from evenhand.terms import closest, refuse
from evenhand.terms.words import counted, figure, listed, per_cent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SOURCE = ("Classes of equal numbers of places (quantiles), as in the atlases of variation of the English health "
          "service; borders shared and made light: Visvalingam and Whyatt (1993), The Cartographic Journal 30:46-51")
NAME = MethodName("find map", "1", SOURCE)
WORDS = {
    3: ("lowest third", "middle third", "highest third"),
    4: ("lowest quarter", "second lowest quarter", "second highest quarter", "highest quarter"),
    5: ("lowest fifth", "second lowest fifth", "middle fifth", "second highest fifth", "highest fifth")}
FAR = ("low_998", "high_998")
"""What find funnel calls a unit outside its outer limits."""
YES, NO = ("yes", "true", "1"), ("", "no", "false", "0", "none")


@dataclass(frozen=True)
class Settings:
    """Which place is marked, and how values are put into classes and called."""

    of: str | None = setting(None, "Place to mark", "a code as in the column unit", common=True)
    classes: int = setting(5, "How many classes", "3, 4 or 5, each with as many places", common=True)
    title: str = setting("value", "What the values are", "as it is to be read, such as “items for every 1,000 "
                         "patients”", common=True)
    percent: bool = setting(False, "Values are shares", "between 0 and 1, written in per cent")

    def __post_init__(self) -> None:
        if self.classes not in WORDS:
            raise refuse("places are put into three, four or five classes", "write --classes 5", column="--classes",
                         value=f"{self.classes}")


def map_of(table: Source, settings: Settings | None = None, /, *, boundaries: Source, **options: Any) -> Answer:
    """Where on the map the high and the low values lie, in classes of as many places each.

    Args:
        table: one row a unit: ``unit`` and ``value``; optional ``name``, ``low`` and ``high`` (or
            ``value_interval_low`` and ``value_interval_high``), and ``outside`` (yes or no) or ``signal`` (as find
            funnel gives it: outside the limits of 99.8% is drawn with a thick line).
        settings: all settings; single ones may be given by keyword (``of="15M"``).
        boundaries: GeoJSON with a code and a shape for every area, in degrees.
        **options: settings by name.

    Returns:
        ``rows``, the highest first, with ``class`` from 1 (lowest); ``classes`` with their ends; ``no_figure``: areas
        of the map without a value; ``not_on_map``: units without an area.

    Raises:
        Refused: missing columns, words for numbers, doubled units, no unit that is on the map, and boundaries without
            a code, without a shape, or in metres on a grid.

    Source: quantile classes; see ``figures.outlines`` for the drawing. A map gives land the weight that people should
    have, so the table stands beside it.
    """
    import numpy as np

    chosen = with_options(Settings, settings, options)
    data = tables.read(table)
    data.require("unit", "value")
    data.refuse_duplicates("unit")
    units = data.texts("unit", may_be_empty=False)
    values = data.numbers("value", empty=np.nan)
    shapes = read_model(boundaries, name="the boundaries")
    areas = {each.area.code: each.area for each in areas_in(shapes.content, shapes.name)
             if each.area is not None and each.area.polygons}
    if not areas:
        raise refuse("no area of these boundaries has a shape that can be shaded", "give polygons, not points",
                     file=shapes.name)
    held = {unit: float(value) for unit, value in zip(units, values, strict=True) if np.isfinite(value)}
    drawn = [unit for unit in held if unit in areas]
    if len(drawn) < chosen.classes:
        raise refuse(f"of {counted(len(held), 'unit')} with a value {'only ' if drawn else ''}"
                     f"{len(drawn) or 'none'} {'is' if len(drawn) == 1 else 'are'} on this map",
                     f"give boundaries of the same bodies and the same time; its codes are such as "
                     f"{listed(sorted(areas)[:3])}", file=shapes.name)
    if chosen.of is not None and chosen.of not in units:
        near = closest(chosen.of, units) or units[:3]
        raise refuse("there is no such unit in the table", f"choose from {listed(list(near))}", column="--of",
                     value=chosen.of)
    places = _classes(np.array([held[unit] for unit in drawn]), chosen.classes)
    names = dict(zip(units, data.texts("name"), strict=True)) if "name" in data else {}
    intervals, outside = _intervals(data, units), _outside(data, units)
    rows = [_row(unit, names.get(unit) or areas[unit].name or unit, held[unit], int(place) + 1, intervals.get(unit),
                 outside.get(unit)) for unit, place in zip(drawn, places, strict=True)]
    rows.sort(key=lambda row: (-row["value"], row["unit"]))
    fields: dict[str, Any] = {
        "rows": rows, "classes": _ends(rows, chosen.classes), "of": chosen.of,
        "no_figure": sorted(set(areas) - set(drawn)), "not_on_map": sorted(set(held) - set(areas)),
        "vintage": next((each.vintage for each in areas.values() if each.vintage), None)}
    return Answer(NAME, settings_document(chosen), (MadeFrom(data.name, data.digest),
                                                    MadeFrom(shapes.name, shapes.digest)),
                  _sentence(fields, chosen), fields, _table(rows, chosen, bool(intervals), bool(outside)),
                  _remarks(fields, areas, bool(outside)), draw=lambda answer: show_map.map_of(answer, areas))


def _classes(values: Floats, classes: int) -> NDArray[np.int64]:
    """The class of each value from 0: equal values never stand in two."""
    import numpy as np

    cuts = np.quantile(values, np.arange(1, classes) / classes)
    return np.asarray(np.searchsorted(cuts, values, side="left"), dtype=np.int64)


def _intervals(data: tables.Table, units: Sequence[str]) -> dict[str, tuple[float, float]]:
    import numpy as np

    for low, high in (("low", "high"), ("interval_low", "interval_high"),
                      ("value_interval_low", "value_interval_high")):
        if low in data and high in data:
            ends = zip(units, data.numbers(low, empty=np.nan), data.numbers(high, empty=np.nan), strict=True)
            return {unit: (float(a), float(b)) for unit, a, b in ends if np.isfinite(a) and np.isfinite(b)}
    return {}


def _outside(data: tables.Table, units: Sequence[str]) -> dict[str, bool]:
    """Whether each unit lies outside its limits; nothing where the table does not say."""
    if "outside" in data:
        said = [each.strip().casefold() for each in data.texts("outside")]
        data.refuse_rows([each not in (*YES, *NO) for each in said], "this is neither yes nor no", "write yes or no",
                         column="outside")
        return {unit: each in YES for unit, each in zip(units, said, strict=True)}
    if "signal" in data:
        return {unit: each in FAR for unit, each in zip(units, data.texts("signal"), strict=True)}
    return {}


def _row(unit: str, name: str, value: float, place: int, interval: tuple[float, float] | None,
         outside: bool | None) -> dict[str, Any]:
    return {"unit": unit, "name": name, "value": value, "interval": None if interval is None else list(interval),
            "class": place, "outside": outside}


def _ends(rows: Sequence[dict[str, Any]], classes: int) -> list[dict[str, Any]]:
    """Each class in use: its words, its lowest and highest value, and how many places are in it."""
    found = []
    for place, words in enumerate(WORDS[classes], start=1):
        own = [row["value"] for row in rows if row["class"] == place]
        if own:
            found.append({"class": place, "words": words, "low": min(own), "high": max(own), "places": len(own)})
    return found


def written(value: float, percent: bool) -> str:
    """A value as the legend and the sentence write it."""
    return per_cent(value, digits=1) if percent else figure(value)


def _sentence(fields: dict[str, Any], chosen: Settings) -> str:
    rows = fields["rows"]
    top, bottom = rows[0], rows[-1]
    said = (f"{_capital(chosen.title)}, in {counted(len(rows), 'place')}: from "
            f"{written(bottom['value'], chosen.percent)} ({bottom['name']}) to "
            f"{written(top['value'], chosen.percent)} ({top['name']})")
    own = next((row for row in rows if row["unit"] == chosen.of), None)
    if own is not None:
        words = WORDS[chosen.classes][own["class"] - 1]
        said += f"; {own['name']}, at {written(own['value'], chosen.percent)}, is in the {words}"
    far = [row for row in rows if row["outside"]]
    if any(row["outside"] is not None for row in rows):
        said += f"; {counted(len(far), 'place')} {'lies' if len(far) == 1 else 'lie'} outside the limits" if far else (
            "; none lies outside the limits")
    return f"{said}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _remarks(fields: dict[str, Any], areas: dict[str, Area], limits: bool) -> tuple[str, ...]:
    said = ["A large area is not many people: read the table beside the map."]
    if fields["no_figure"]:
        names = [areas[each].name or each for each in fields["no_figure"]]
        said.append(f"No figure is held of {_few(names)}: hatched on the map, not nought.")
    if fields["not_on_map"]:
        said.append(f"Not on this map, though a figure is held: {_few(fields['not_on_map'])}.")
    if not limits:
        said.append("No limits are given, so no place is marked as lying outside them; a column outside or signal "
                    "would say which do.")
    return tuple(said)


def _few(names: Sequence[str]) -> str:
    return listed(list(names)) if len(names) <= 5 else f"{', '.join(names[:5])} and {len(names) - 5:,} more"


def _table(rows: Sequence[dict[str, Any]], chosen: Settings, intervals: bool, limits: bool) -> Table:
    columns = [Column("unit", "Code"), Column("name", "Place"),
               Column("value", _capital(chosen.title), "share" if chosen.percent else "number", digits=4)]
    columns += [Column("interval", "Range", "interval", digits=4)] if intervals else []
    columns.append(Column("words", "Class"))
    columns += [Column("outside", "Outside the limits")] if limits else []
    return Table.of([{**row, "words": WORDS[chosen.classes][row["class"] - 1],
                      "interval": tuple(row["interval"]) if row["interval"] else None} for row in rows], columns,
                    title=f"{_capital(chosen.title)}, the highest first")


METHOD = Method(
    room="find", name="map", title="Values on a map", question="Where do the high and the low values lie?",
    function=map_of, settings=Settings,
    inputs=(Input("table", "a value for each body, as find gaps and find funnel leave it", (
                InputColumn("unit", "the code of the body"), InputColumn("value", "its value, in any unit"),
                InputColumn("name", "what it is called", optional=True),
                InputColumn("low", "the lower end of its range", optional=True),
                InputColumn("high", "the upper end of its range", optional=True),
                InputColumn("outside", "yes where it lies outside its limits", optional=True))),
            Input("boundaries", "GeoJSON with a code and a shape for each area, in degrees of longitude and latitude",
                  kind="model")),
    outputs=(Output("rows", "every place drawn, the highest first: value, range, class, whether outside its limits"),
             Output("classes", "each class: words, ends, how many places"),
             Output("no_figure", "areas of the map without a figure"),
             Output("not_on_map", "bodies with a figure and without an area"),
             Output("vintage", "the year of the boundaries, where they say")),
    source=SOURCE, version="1",
    cannot_tell=("Why neighbours are alike: a map shows where, never why.",
                 "How many people are meant: a large area may hold few.",
                 "Distances and areas: outlines are simplified, for drawing and not for measuring.",
                 "Whether two places in different classes differ by more than chance: read their ranges."),
    example="find map sample:map-values --boundaries sample:map-areas --of ZM03")
