"""A figure that is known and may not be shown. Hidden is not missing, and neither is zero."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Suppressed:
    """Stands where a figure was taken out to protect people; ``reason`` is fit for the reader."""

    reason: str

    def __str__(self) -> str:
        return "hidden"

    def to_json(self) -> dict[str, str]:
        """The form every answer uses: never 0, never null."""
        return {"suppressed": self.reason}
