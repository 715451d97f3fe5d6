"""Which codes in a publication are commissioners, and what the others are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evenhand.data.importers.importer import Sieve
from evenhand.data.organisations import BOARD, Organisations, organisations

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TRUST = re.compile(r"5[0-9A-Z]{2}|TA[A-Z]")
_SHAPE = re.compile(r"[0-9A-Z]{3}|[0-9A-Z]{5}")
_ANYTHING = re.compile(r".*", re.S)


def sift(sieve: Sieve, column: str, *, also: Sequence[str] = (), bodies: Organisations | None = None) -> None:
    """Leave out rows of bodies that are not commissioning groups or their successors, each kind with its reason.

    ``also`` names units that are kept besides, such as England; ``bodies`` are the commissioners that count, where
    they are not those of the published lists.
    """
    import numpy as np

    codes = np.array(sieve.table.texts(column))
    known, inverse = np.unique(codes, return_inverse=True)
    listed = organisations() if bodies is None else bodies

    def where(of: list[bool]) -> NDArray[np.bool_]:
        return np.array(of, dtype=bool)[inverse]

    sieve.refuse(where([code == "" for code in known]), "the commissioner code is empty", column=column)
    commissioner = [code in also or (code in listed and listed.kind(code) != BOARD) for code in known]
    for shape, reason in ((_TRUST, "the code is a primary care trust, abolished in March 2013"),
                          (_SHAPE, "the code is not a commissioning group: hospital and community trusts, councils, "
                                   "prisons, commissioning hubs and private providers also prescribe"),
                          (_ANYTHING, "this is no organisation code")):
        sieve.refuse(where([not fine and bool(shape.fullmatch(code)) for code, fine in
                            zip(known, commissioner, strict=True)]), reason, column=column)
