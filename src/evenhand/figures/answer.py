"""What a method answers: a sentence, a table, a figure, and everything needed to trust or redo it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from evenhand.figures.figure import Figure
from evenhand.figures.table import Table
from evenhand.terms import Estimate, Month, Suppressed

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class MethodName:
    """Which method gave the answer: ``find rates``, its version, and where it comes from."""

    name: str
    version: str
    source: str


@dataclass(frozen=True)
class MadeFrom:
    """One input: what it was called and the digest of its bytes."""

    what: str
    digest: str


@dataclass(frozen=True)
class Answer:
    """The result of a method.

    ``fields`` is the body of the JSON document, under the names of the command contract, unrounded.
    ``table`` is what a reader or a spreadsheet wants of it; ``draw`` makes its figures when they are asked for.
    ``remarks`` are sentences for a reader: what was dropped, what is doubtful.
    ``documents`` writes further files for a folder, by path within it: a report, a workbook, papers to go on with.
    ``keeps`` are files that a person named to be brought up to date, by path, with their new text.
    """

    method: MethodName
    settings: Mapping[str, Any]
    made_from: tuple[MadeFrom, ...]
    sentence: str
    fields: Mapping[str, Any]
    table: Table
    remarks: tuple[str, ...] = ()
    draw: Callable[[Answer], tuple[Figure, ...]] | None = field(default=None, repr=False, compare=False)
    more_tables: tuple[Table, ...] = ()
    documents: Callable[[Answer], Mapping[str, bytes]] | None = field(default=None, repr=False, compare=False)
    keeps: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures, the most telling first."""
        return () if self.draw is None else self.draw(self)

    @property
    def figure(self) -> Figure:
        """The most telling figure; where no chart suits, the table with its sentence."""
        drawn = self.figures
        return drawn[0] if drawn else Figure(self.method.name, self.method.name, self.sentence, self.table)

    def document(self) -> dict[str, Any]:
        """The one JSON document: method, settings, made_from, the fields, sentence and remarks, as plain values."""
        plain = plain_value({
            "method": self.method, "settings": self.settings,
            "made_from": [{"what": each.what, "digest": each.digest} for each in self.made_from],
            **self.fields, "sentence": self.sentence, "remarks": list(self.remarks)})
        assert isinstance(plain, dict)
        return plain

    def to_json(self, *, indent: int | None = 1) -> str:
        """The document as text; missing is null, hidden says so, numbers unrounded."""
        return json.dumps(self.document(), indent=indent, ensure_ascii=False, allow_nan=False)

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a pandas frame."""
        return self.table.to_pandas()

    def _repr_html_(self) -> str:
        from evenhand.figures.html import answer_html

        return answer_html(self)

    def __str__(self) -> str:
        return self.sentence


def plain_value(value: Any) -> Any:
    """Any value of ours as JSON holds it: not a number is null, hidden says so, a month is text."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Suppressed):
        return value.to_json()
    if isinstance(value, Estimate):
        return {"central": plain_value(value.central), "low": plain_value(value.low), "high": plain_value(value.high),
                "confidence": value.confidence}
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain_value(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain_value(getattr(value, each.name)) for each in fields(value)}
    if hasattr(value, "tolist"):
        return plain_value(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_value(each) for each in (sorted(value) if isinstance(value, set | frozenset) else value)]
    return str(value)
