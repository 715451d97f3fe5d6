"""A programme to choose from: schemes, what each is worth and uses, and the rules a plan must keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Key: TypeAlias = str | int
"""A scheme as the model names it: its text, or its number counted from 1."""

Year: TypeAlias = str | int
RuleKind: TypeAlias = Literal["limit", "floor", "count", "share", "requires", "excludes", "must"]


@dataclass(frozen=True)
class Row:
    """One inequality over the columns: low <= uses @ x <= high, ``None`` where there is no end."""

    uses: tuple[float, ...]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Rule:
    """Something every plan must keep: a limit, a floor, a dependency. ``words`` says it as a reader would."""

    name: str
    words: str
    kind: RuleKind
    rows: tuple[Row, ...]

    @property
    def is_amount(self) -> bool:
        """Whether it has a size that more or less of could be given, rather than being kept or dropped."""
        return self.kind in ("limit", "floor", "count")

    @property
    def bound(self) -> float:
        """The size of a limit, floor or count."""
        (row,) = self.rows
        found = row.high if row.high is not None else row.low
        assert found is not None
        return found


@dataclass(frozen=True)
class Start:
    """One column: a scheme begun in one year. ``year`` is ``None`` in a model without years."""

    scheme: int
    year: Year | None
    value: float


@dataclass(frozen=True)
class Programme:
    """Schemes with the columns that choose them, and the rules. Every scheme has at least one column."""

    id: str
    schemes: tuple[Key, ...]
    names: tuple[str, ...]
    columns: tuple[Start, ...]
    rules: tuple[Rule, ...]
    remarks: tuple[str, ...] = ()

    @property
    def several_starts(self) -> bool:
        """Whether any scheme may begin in more than one year."""
        return len(self.columns) > len(self.schemes)

    def columns_of(self, scheme: int) -> list[int]:
        """The columns that choose a scheme."""
        return [place for place, column in enumerate(self.columns) if column.scheme == scheme]

    def values(self) -> NDArray[np.float64]:
        """What each column is worth, shape (columns,)."""
        import numpy as np

        return np.array([column.value for column in self.columns])

    def picks(self) -> NDArray[np.float64]:
        """Which columns choose which scheme, shape (schemes, columns), 0 or 1."""
        import numpy as np

        found = np.zeros((len(self.schemes), len(self.columns)))
        for place, column in enumerate(self.columns):
            found[column.scheme, place] = 1
        return found

    def keeps(self, chosen: Sequence[int], rule: Rule, *, tolerance: float = 1e-8) -> bool:
        """Whether the plan of these columns keeps a rule; ``tolerance`` is relative to the row's own numbers."""
        for row in rule.rows:
            used = sum(row.uses[place] for place in chosen)
            size = max([abs(each) for each in (*row.uses, row.low or 0.0, row.high or 0.0)] + [1e-300])
            if row.high is not None and used > row.high + tolerance * size:
                return False
            if row.low is not None and used < row.low - tolerance * size:
                return False
        return True


@dataclass(frozen=True)
class Plan:
    """A set of columns, in order, and what it is worth."""

    columns: tuple[int, ...]
    value: float

    @classmethod
    def of(cls, programme: Programme, columns: Sequence[int]) -> Plan:
        """The plan of these columns."""
        from math import fsum

        return cls(tuple(sorted(columns)), fsum(programme.columns[place].value for place in columns))

    def schemes(self, programme: Programme) -> tuple[int, ...]:
        """The schemes it takes, by place, in the model's order."""
        return tuple(sorted({programme.columns[place].scheme for place in self.columns}))

    def keys(self, programme: Programme) -> list[Key]:
        """The schemes it takes, as the model names them."""
        return [programme.schemes[place] for place in self.schemes(programme)]
