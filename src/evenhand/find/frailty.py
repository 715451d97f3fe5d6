"""The Hospital Frailty Risk Score: how frail somebody's diagnoses of two years say that they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evenhand.data.avoidable import frailty_weights
from evenhand.terms import refuse

INTERMEDIATE, HIGH = 5.0, 15.0
_CODE = re.compile(r"[A-Z]\d[0-9A-Z]")


@dataclass(frozen=True)
class FrailtyScore:
    """The points, the level they stand for (``low``, ``intermediate``, ``high``), and what they are made of."""

    points: float
    level: str
    parts: Mapping[str, float]


def hospital_frailty_risk_score(diagnoses: Iterable[str], *, weights: Mapping[str, float] | None = None
                                ) -> FrailtyScore:
    """The sum of the points of each different three-character diagnosis; made for people of 75 and over.

    Args:
        diagnoses: codes of the tenth revision of the International Classification of Diseases, with or without a dot,
            of all stays in hospital of one person over two years; a code counts once however often it stands there.
        weights: points by three characters; the published 109 unless given.

    Returns:
        Points, to one decimal as they are published; below 5 is low, 5 to 15 intermediate, above 15 high.

    Raises:
        Refused: what is not a diagnosis code.

    Source: Gilbert and others (2018), The Lancet 391:1775-1782, and its appendix.
    """
    points = frailty_weights() if weights is None else weights
    parts: dict[str, float] = {}
    for typed in diagnoses:
        three = str(typed).strip().upper().replace(".", "")[:3]
        if not _CODE.fullmatch(three):
            raise refuse("this is not a diagnosis code", "write codes such as F00 or W19.0", column="diagnoses",
                         value=typed)
        if three in points:
            parts[three] = points[three]
    total = round(sum(parts.values()), 1)
    return FrailtyScore(total, "high" if total > HIGH else "intermediate" if total >= INTERMEDIATE else "low", parts)
