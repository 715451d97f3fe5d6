"""The rule for small numbers on every way out: kept with the workspace, and put to work where figures are opened.

A method, a page, a picture, a workbook or a paper cannot show what it never saw. So the rule works at the two doors
that all figures come through: the workspace's own tables when they are opened, and a table that somebody hands to a
method. Counts it hides are taken out there, the others rounded; what is worked out afterwards, totals included, is
worked out from what may be shown. That is how the rule for hospital episodes asks for percentages: from rounded values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.data import store
from evenhand.data.suppression import REGIMES, Regime
from evenhand.data.tables import Table, read
from evenhand.terms import Refused, refuse
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from evenhand.catalogue import Method
    from evenhand.figures import Answer

FILE = Path("data") / "small-numbers.json"
NOT_PEOPLE = ("pounds", "quantity", "milligrams", "average daily quantities", "tablets")
"""What a numerator may count that nobody can be recognised by."""
PEOPLE = ("count", "numerator", "denominator", "observed", "events", "n", "people", "patients", "persons", "admissions",
          "replies")
"""Columns that count people unless it is said otherwise."""


@dataclass(frozen=True)
class Rule:
    """The rule of a workspace: its regime, and the measures that count no people."""

    regime: Regime
    not_people: frozenset[str] = frozenset()

    @property
    def changes_nothing(self) -> bool:
        """Whether figures go out as they are."""
        return not self.regime.hides and self.regime.rounding == "none"


def keep_rule(workspace: Path, regime: str, not_people: Iterable[str] = ()) -> Rule:
    """Keep a workspace's rule with its figures. Raises ``Refused`` for a regime that there is not."""
    rule = Rule(REGIMES[regime], frozenset(not_people))
    said = {"regime": rule.regime.name, "version": rule.regime.version, "not_people": sorted(rule.not_people)}
    store.put(workspace / FILE, (json.dumps(said, indent=1) + "\n").encode())
    return rule


def rule_of(workspace: Path) -> Rule:
    """The rule that a workspace keeps; figures of one that keeps none go out as they are."""
    path = workspace / FILE
    if not path.is_file():
        return Rule(REGIMES["none"])
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Rule(REGIMES[said["regime"]], frozenset(said["not_people"]))
    except (ValueError, KeyError, TypeError):
        # Without the rule nothing may be shown: a broken file must not open the door.
        raise refuse("the rule for small numbers is broken", "run the region again, or write the file anew",
                     file=str(path)) from None


def hidden_in_sql(regime: Regime, column: str) -> str:
    """Whether a column of counts is small, as a condition of a query; nought and missing are not."""
    return f"({column} > 0 AND {column} < {regime.most + 1})" if regime.hides else "false"


def rounded_in_sql(regime: Regime, column: str) -> str:
    """A column of counts rounded by the regime, as an expression of a query; what is no whole number stays."""
    if regime.rounding == "none":
        return column
    nearest = f"floor((2 * {column} + {regime.base}) / {2 * regime.base}) * {regime.base}"
    middle = f"ceil({column} / {regime.base}) * {regime.base} - {regime.base // 2}"
    return (f"CASE WHEN {column} = 0 OR {column} <> floor({column}) THEN {column} "
            f"ELSE {nearest if regime.rounding == 'nearest' else middle} END")


def withheld(table: Table, regime: Regime, columns: Sequence[str] = ()) -> tuple[Table, int]:
    """A table without the rows whose counts are small, the other counts rounded; and how many rows were taken out.

    Args:
        table: what somebody handed over.
        regime: the rule.
        columns: the columns that count people; unless told, those called so (``PEOPLE``) that hold whole numbers.

    Raises:
        Refused: an unknown column, or every row would go.
    """
    import numpy as np
    import pyarrow as pa

    table.require(*columns)
    keep, arrow = np.ones(len(table), dtype=bool), table.arrow
    for name in columns or [each for each in PEOPLE if each in table]:
        actual = table._actual(name) or name
        counts = _as_counts(table, actual)
        if counts is None:
            if columns:
                raise refuse("these are not counts", "name columns of whole numbers", file=table.name, column=name)
            continue
        shown, hidden = regime.released_many(counts)
        keep &= ~hidden
        arrow = arrow.set_column(arrow.column_names.index(actual), actual, pa.array(shown, from_pandas=True))
    if not keep.any():
        raise refuse(f"every count is too small to be shown by the rule “{regime.name}”", "join groups or months",
                     file=table.name)
    return replace(table, arrow=arrow).keep(keep), int((~keep).sum())


def answer_without_small_numbers(method: Method, sources: Mapping[str, Any], settings: Any, regime: str) -> Answer:
    """A method's answer on tables without the counts that a regime hides; its remarks say so."""
    rule, left, given = REGIMES[regime], 0, dict(sources)
    for each in method.inputs:
        if each.kind == "table" and each.name in given:
            given[each.name], rows = withheld(read(given[each.name]), rule)
            left += rows
    first, *rest = (each.name for each in method.inputs)
    answer: Answer = method.function(given[first], settings, **{name: given[name] for name in rest if name in given})
    return replace(answer, remarks=(*answer.remarks, said_of(left, rule)))


def said_of(rows: int, regime: Regime) -> str:
    """That rows were taken out, for a reader."""
    left = f"{counted(rows, 'row')} with too few people left out of everything here" if rows else "No row was too small"
    return f"{left}. Rule for small numbers: {regime.title} ({regime.name}, version {regime.version})."


def _as_counts(table: Table, column: str) -> NDArray[np.float64] | None:
    """A column as whole numbers that are not negative; ``None`` where it holds anything else."""
    import numpy as np

    try:
        found = table.numbers(column, least=0, empty=np.nan)
    except Refused:
        return None
    there = found[~np.isnan(found)]
    return found if len(there) and bool((there == np.floor(there)).all()) else None
