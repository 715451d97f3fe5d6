"""The rule for small numbers on every way out: kept with the workspace, and put to work where figures are opened.

A method, a page, a picture, a workbook or a paper cannot show what it never saw. So the rule works at the two doors
that all figures come through: the workspace's own tables when they are opened, and a table that somebody hands to a
method. Counts it hides are taken out there, the others rounded; what is worked out afterwards, totals included, is
worked out from what may be shown. That is how the rule for hospital episodes asks for percentages: from rounded values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.data import store
from evenhand.data.importers import IMPORTERS
from evenhand.data.measures import measures
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
UNSTATED = "strictest"
"""The rule for figures of one's own where nobody stated one."""
PUBLISHED_AS = tuple(sorted({"commissioner-panels", *(each.name for each in IMPORTERS
                                                      if each.small_numbers.whose != "own")}))
"""What rows of published figures name as their source."""
NOT_PATIENTS = ("beds", "bed days", "per cent")
"""What activity may count that is no patient and no visit."""
NOT_PEOPLE = ("pounds", "quantity", "milligrams", "average daily quantities", "tablets")
"""What a numerator may count that nobody can be recognised by."""
PEOPLE = ("count", "numerator", "denominator", "observed", "events", "n", "people", "patients", "persons", "admissions",
          "replies")
"""Columns that count people unless it is said otherwise."""


@dataclass(frozen=True)
class Rule:
    """The rule of a workspace.

    ``not_people`` are the measures that count no people. ``stated`` says whether a region stated the rule: if none did,
    it is the strictest, and only for figures that nobody has published. ``lies_in`` and ``became`` are pairs of bodies:
    which lies in which, and which became which.
    """

    regime: Regime
    not_people: frozenset[str] = frozenset()
    stated: bool = True
    lies_in: tuple[tuple[str, str], ...] = ()
    became: tuple[tuple[str, str], ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether figures go out as they are."""
        return not self.regime.hides and self.regime.rounding == "none"

    def governs_in_sql(self, publication: str) -> str:
        """Whether the rule is for a row of a file of this publication, as a condition of a query."""
        whose = IMPORTERS[publication].small_numbers.whose if publication in IMPORTERS else "own"
        if self.changes_nothing or whose == "publisher" or (whose == "open" and not self.stated):
            return "false"
        if whose == "own" and not self.stated:
            # A table that evenhand data observations wrote carries figures of publications, and names them.
            return f"coalesce(source NOT IN ({', '.join(map(_quoted, PUBLISHED_AS))}), true)"
        return "true"

    def people_in_sql(self, table: str = "observations") -> str:
        """Whether a row counts people, as a condition of a query."""
        if table == "observations" and self.not_people:
            return f"measure NOT IN ({', '.join(map(_quoted, sorted(self.not_people)))})"
        if table == "activity":
            return "(" + " AND ".join(f"coalesce(count_unit, '') NOT LIKE '{each}%'" for each in NOT_PATIENTS) + ")"
        return "true"


def keep_rule(workspace: Path, regime: str, not_people: Iterable[str] = (), *,
              lies_in: Iterable[tuple[str, str]] = (), became: Iterable[tuple[str, str]] = ()) -> Rule:
    """Keep a workspace's rule with its figures; without a regime, that nobody stated one: the strictest is kept.

    Raises ``Refused`` for a regime that there is not.
    """
    rule = Rule(REGIMES[regime or UNSTATED], frozenset(not_people), bool(regime), tuple(sorted(set(lies_in))),
                tuple(sorted(set(became))))
    said = {"regime": rule.regime.name, "version": rule.regime.version, "stated": rule.stated,
            "not_people": sorted(rule.not_people), "lies_in": rule.lies_in, "became": rule.became}
    store.put(workspace / FILE, (json.dumps(said, indent=1) + "\n").encode())
    return rule


def rule_of(workspace: Path) -> Rule:
    """The rule that a workspace keeps; where it keeps none, the strictest, for what nobody has published."""
    path = workspace / FILE
    if not path.is_file():
        return Rule(REGIMES[UNSTATED], frozenset(
            each.name for each in measures() if each.numerator_unit.startswith(NOT_PEOPLE)), stated=False)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Rule(REGIMES[said["regime"]], frozenset(said["not_people"]), said.get("stated", True),
                    *(tuple((one, other) for one, other in said.get(each, ())) for each in ("lies_in", "became")))
    except (ValueError, KeyError, TypeError):
        # Without the rule nothing may be shown: a broken file must not open the door.
        raise refuse("the rule for small numbers is broken", "run the region again, or write the file anew",
                     file=str(path)) from None


_COUNTS = {"observations": ("numerator", "denominator"), "activity": ("count",), "population": ("persons",),
           "prescribing": ("items",)}
COVERED = tuple(_COUNTS)
"""The tables that count people, or what one person was given."""


def is_small_in_sql(table: str, rule: Rule) -> str:
    """Whether a row of a table is hidden for being small, as a condition over its columns and ``governed``."""
    if not rule.regime.hides:
        return "false"
    first, *under = _COUNTS[table]
    small = f"coalesce({hidden_in_sql(rule.regime, first)}, false)"
    for column in under:
        # A denominator with decimals is one in thousands; a small whole one points to as few people.
        small += f" OR coalesce({column} = floor({column}) AND {hidden_in_sql(rule.regime, column)}, false)"
    return f"(governed AND {rule.people_in_sql(table)} AND ({small}))"


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
        keep &= ~hidden & ~_would_tell(table, counts, regime)
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


def answer_by_the_rule_of(workspace: Path, method: Method, sources: Mapping[str, Any], settings: Any) -> Answer:
    """A method's answer on tables that lie beside a workspace, by its rule; as they are where it states none."""
    rule = rule_of(workspace)
    if rule.stated and not rule.changes_nothing:
        return answer_without_small_numbers(method, sources, settings, rule.regime.name)
    first, *rest = (each.name for each in method.inputs)
    found: Answer = method.function(sources[first], settings, **{name: sources[name] for name in rest
                                                                 if name in sources})
    return found


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


def _would_tell(table: Table, counts: NDArray[np.float64], regime: Regime) -> NDArray[np.bool_]:
    """Rows that would give a small count away together with a total that stands in the same table."""
    import numpy as np

    from evenhand.data.hiding import Facts, hide_more
    from evenhand.data.linked_rows import Above, Cell, ties_of, whole_or

    found = np.zeros(len(table), dtype=bool)
    names = [name for name in table.columns if name not in PEOPLE and _names_a_cell(table, name)]
    rows = list(zip(*(map(whole_or, table.texts(name)) for name in names), strict=True))
    cells: dict[Cell, int] = {row: at for at, row in enumerate(rows) if not np.isnan(counts[at])}
    if not names or len(cells) < len(table) - int(np.isnan(counts).sum()):
        return found
    ties = ties_of(cells, [Above()] * len(names), counts.tolist())
    everything = np.ones(len(table), dtype=bool)
    added = hide_more(Facts(counts, ties.sums, everything, ~everything, np.zeros(len(table), dtype=np.int64)), regime)
    small = {at for at, count in enumerate(counts) if regime.is_small(count)}
    found[[*added, *(total for total, parts in ties.unclear if small & set(parts))]] = True
    return found


def _names_a_cell(table: Table, name: str) -> bool:
    """Whether a column says which cell it is: words or a period, no measurement."""
    if re.fullmatch(r"(financial[_ ])?(year|quarter|month|week|day|date|period)", name.casefold()):
        return True
    try:
        table.numbers(name, empty=0.0)
    except Refused:
        return True
    return False


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
