"""Emergency admissions by practice, diagnosis and age, and people by age: what care outside hospital could act on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.county import County

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLUMNS = ("practice", "point_of_delivery", "diagnosis", "secondary_diagnosis", "age_band", "count", "cost")
AGES = ("0-44", "45-64", "65-74", "75-84", "85+")
EFFORT = {"J44.1": 2_600, "I50.0": 3_300, "J45.9": 1_400, "I20.9": 1_500, "E11.6": 2_900, "L03.1": 1_900,
          "N10X": 2_100, "K52.9": 900, "G40.9": 1_300, "K02.9": 1_000, "J18.9": 3_100, "S72.0": 6_900, "F10.0": 900,
          "R07.4": 800}
"""Diagnoses and invented pounds for one admission, of the size that such things cost."""
# Admissions for 1,000 people of each age in a year: invented, rising with age as they do.
_RATES = {"J44.1": (0.0, 1.6, 6.5, 11.0, 13.0), "I50.0": (0.0, 0.6, 3.2, 9.5, 24.0), "J45.9": (1.3, 1.0, 0.9, 0.9, 0.8),
          "I20.9": (0.1, 1.4, 3.0, 4.2, 4.0), "E11.6": (0.3, 0.9, 1.6, 2.2, 2.4), "L03.1": (0.8, 1.6, 2.8, 5.0, 9.0),
          "N10X": (1.0, 1.0, 1.6, 3.0, 5.0), "K52.9": (1.2, 0.7, 1.1, 2.2, 4.6), "G40.9": (0.9, 0.8, 0.8, 1.1, 1.4),
          "K02.9": (0.9, 0.3, 0.2, 0.2, 0.2), "J18.9": (0.9, 2.1, 6.0, 15.0, 38.0), "S72.0": (0.0, 0.2, 1.6, 6.6, 22.0),
          "F10.0": (1.1, 1.6, 0.7, 0.3, 0.1), "R07.4": (1.6, 4.0, 5.0, 6.0, 6.5)}
_WITH = {"S72.0": "W19"}
SPREAD, PLANTED, TIMES = 0.13, 8, 2.0
"""How far practices really lie apart (standard deviation of the log); so many lie so many times above."""
UNDER_75 = (0.62, 0.27, 0.11)
OVER_85 = 0.27
"""How the people under 75, and those over, are split into bands."""


def people_by_age(county: County) -> NDArray[np.int64]:
    """People of each practice by age over the last year, shape (practices, ages); they add up to its list."""
    import numpy as np

    listed = county.practice_people[:, -12:].mean(axis=1)
    old = np.array([each.over_75 for each in county.practices])
    shares = np.column_stack([*(part * (1 - old) for part in UNDER_75), (1 - OVER_85) * old, OVER_85 * old])
    return np.asarray(np.round(listed[:, None] * shares), dtype=np.int64)


def admissions(county: County, rng: np.random.Generator) -> tuple[list[tuple[Any, ...]], list[dict[str, Any]]]:
    """Rows of the last year's emergency admissions, and where a practice really has twice as many of a diagnosis."""
    import numpy as np

    people, codes = people_by_age(county), list(_RATES)
    own = rng.normal(0.0, SPREAD, (len(county.practices), len(codes)))
    cells = rng.permutation(own.size)[:PLANTED].tolist()
    planted = sorted((at // len(codes), at % len(codes)) for at in cells)
    for practice, at in planted:
        own[practice, at] = np.log(TIMES)
    rates = np.array([_RATES[code] for code in codes]) / 1000
    counts = rng.poisson(people[:, None, :] * rates[None, :, :] * np.exp(own)[:, :, None])
    rows = [(county.practices[p].place.code, "emergency admission", code, _WITH.get(code, ""), age,
             int(counts[p, c, a]), int(counts[p, c, a]) * EFFORT[code])
            for p in range(len(county.practices)) for c, code in enumerate(codes) for a, age in enumerate(AGES)
            if counts[p, c, a]]
    return rows, [{"practice": county.practices[p].place.code, "diagnosis": codes[c], "times": TIMES}
                  for p, c in planted]


def people_rows(county: County) -> Iterator[tuple[Any, ...]]:
    """Practice, band of age, people."""
    for practice, counts in zip(county.practices, people_by_age(county).tolist(), strict=True):
        yield from ((practice.place.code, age, number) for age, number in zip(AGES, counts, strict=True))
