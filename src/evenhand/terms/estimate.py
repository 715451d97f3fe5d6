"""A number that never travels without its range."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A central value and the range it lies in, at a stated confidence (0.95 unless told)."""

    central: float
    low: float
    high: float
    confidence: float = 0.95

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"a range runs from low to high, not from {self.low} to {self.high}")

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole range lies on one side of nought."""
        return self.low > 0 or self.high < 0

    def scaled(self, factor: float) -> Estimate:
        """The estimate in other units; a negative factor turns the range round."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Estimate(self.central * factor, low, high, self.confidence)
