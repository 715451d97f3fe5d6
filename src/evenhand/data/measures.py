"""What each measure counts, over what, which side is good, and what to beware of."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from evenhand.catalogue import Catalogue
from evenhand.terms import Month, Span, refuse

if TYPE_CHECKING:
    import pyarrow as pa

PUBLISHED = Path(__file__).parent / "published" / "measures.toml"


@dataclass(frozen=True)
class Worked:
    """One body's figure over some months, worked through: what is divided by what, and the published file it is in.

    ``denominator`` is the mean of the months' denominators over a stock, and their sum over a flow.
    """

    of: str
    span: Span
    numerator: float
    denominator: float
    value: float
    file: str


@dataclass(frozen=True)
class Measure:
    """One measure, described in our own words.

    ``denominator_kind`` is ``stock`` where the denominator is how many there are (a year takes its mean) and ``flow``
    where it is how many there were (a year adds them up). ``direction`` is the side that is good. ``part_of`` names a
    measure that holds this one whole; ``overlaps`` those that count some of the same prescribing.
    """

    name: str
    title: str
    unit: str
    numerator: str
    numerator_unit: str
    denominator: str
    denominator_kind: Literal["stock", "flow"]
    direction: Literal["low", "high", "neutral"]
    why: str
    source: str
    part_of: str = ""
    overlaps: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    definition_held: bool = True
    checker: str = "not yet checked"
    next_review: str = ""
    author: str = ""
    change_log: tuple[str, ...] = ()
    worked: Worked | None = None

    @property
    def is_share(self) -> bool:
        """Whether the numerator is part of the denominator, so that it can never be the larger."""
        return self.unit.startswith("share")

    @property
    def denominator_is_the_list(self) -> bool:
        """Whether the denominator is the registered list in thousands."""
        return self.denominator == "registered patients, in thousands"


@cache
def measures() -> Catalogue[Measure]:
    """Every measure that the published files we read hold, in the order of the document."""
    return measures_in(PUBLISHED)


def measures_in(path: Path) -> Catalogue[Measure]:
    """The measures that a document describes, in its order. Raises ``Refused`` where it cannot be read."""
    return measures_of(path.read_bytes(), str(path))


def measures_of(content: bytes, name: str) -> Catalogue[Measure]:
    """The measures that a document describes which came by another way than a file. Raises ``Refused``."""
    try:
        document = tomllib.loads(content.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as trouble:
        raise refuse(f"this is not TOML: {trouble}", "mend it there", file=name) from None
    except UnicodeDecodeError:
        raise refuse("this is not text in UTF-8", "save it as plain text in UTF-8", file=name) from None
    try:
        return Catalogue("measure", [_measure(name, said, document) for name, said in document["measure"].items()])
    except (KeyError, TypeError, ValueError, AttributeError) as trouble:
        raise refuse(f"a measure is not described as it should be: {trouble}",
                     "see how the packaged document writes it", file=name) from None


def _measure(name: str, said: Mapping[str, Any], document: Mapping[str, Any]) -> Measure:
    family = document["family"][said["family"]] if "family" in said else {}
    fields = {"checker": document["checker"], "next_review": document["next_review"],
              "author": document.get("author", ""), **family, **said}
    # What holds for every one of a family, or of the document, is said after what holds for this one alone.
    fields["traps"] = [*said.get("traps", ()), *family.get("traps", ())]
    fields["change_log"] = [*said.get("change_log", ()), *document.get("change_log", ())]
    fields.pop("family", None)
    if "worked" in fields:
        fields["worked"] = _worked(fields["worked"])
    fields["source"] = document["sources"][fields["source"]]
    plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value
             for key, value in fields.items()}
    return Measure(name=name, **plain)


def _worked(said: Mapping[str, Any]) -> Worked:
    return Worked(said["of"], Span(Month.parsed(said["from"]), Month.parsed(said["to"])), float(said["numerator"]),
                  float(said["denominator"]), float(said["value"]), said["file"])


def title_of(name: str) -> str:
    """The title of a measure, or its name where no document describes it."""
    return measures()[name].title if name in measures() else name


def as_table(described: Catalogue[Measure] | None = None) -> pa.Table:
    """Measures as ``find gaps --measures`` reads them, one row each; without any named, those we read from files.

    Columns: ``measure``, ``title``, ``unit``, ``numerator_unit``, ``direction`` (empty where neither side is good),
    ``denominator`` (``stock`` or ``flow``), ``part_of``, ``overlaps`` (names with a semicolon between).
    """
    import pyarrow as pa

    rows = list(measures() if described is None else described)
    return pa.table({
        "measure": [each.name for each in rows],
        "title": [each.title for each in rows],
        "unit": [each.unit for each in rows],
        "numerator_unit": [each.numerator_unit for each in rows],
        "direction": ["" if each.direction == "neutral" else each.direction for each in rows],
        "denominator": [each.denominator_kind for each in rows],
        "part_of": [each.part_of for each in rows],
        "overlaps": [";".join(each.overlaps) for each in rows],
    })
