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
KINDS = (("practice", re.compile(r"[A-HJ-NPVWY]\d{5}")), ("trust", re.compile(r"(R|T)[0-9A-Z]{2}")),
         ("site of a trust", re.compile(r"(R|T)[0-9A-Z]{4}")), ("integrated care board", re.compile(r"Q[0-9A-Z]{2}")),
         ("region", re.compile(r"Y\d{2}")), ("area of the statistics office", re.compile(r"[EWSN]\d{8}")),
         ("board of Wales", re.compile(r"7A\d")))
"""Kinds of bodies by the shape of their codes (Organisation Data Service; Office for National Statistics)."""


def is_known_kind(code: str) -> bool:
    """Whether a code has the shape of a practice, trust, site, board, region or area; trusts of primary care, no."""
    return not _TRUST.fullmatch(code) and any(shape.fullmatch(code) for _, shape in KINDS)


def sift(sieve: Sieve, column: str, *, also: Sequence[str] = (), bodies: Organisations | None = None,
         every_kind: bool = False) -> None:
    """Leave out rows of bodies that are not commissioning groups or their successors, each kind with its reason.

    ``also`` names units that are kept besides, such as England; ``bodies`` are the commissioners that count, where
    they are not those of the published lists. With ``every_kind`` practices, trusts, boards and areas are kept too.
    """
    import numpy as np

    codes = np.array(sieve.table.texts(column))
    known, inverse = np.unique(codes, return_inverse=True)
    listed = organisations() if bodies is None else bodies

    def where(of: list[bool]) -> NDArray[np.bool_]:
        return np.array(of, dtype=bool)[inverse]

    sieve.refuse(where([code == "" for code in known]), "the commissioner code is empty", column=column)
    commissioner = [code in also or (code in listed and (every_kind or listed.kind(code) != BOARD))
                    or (every_kind and bodies is None and is_known_kind(str(code))) for code in known]
    for shape, reason in ((_TRUST, "the code is a primary care trust, abolished in March 2013"),
                          (_SHAPE, "the code is that of no practice, trust, board or commissioner" if every_kind else
                                   "the code is not a commissioning group: hospital and community trusts, councils, "
                                   "prisons, commissioning hubs and private providers also prescribe"),
                          (_ANYTHING, "this is no organisation code")):
        sieve.refuse(where([not fine and bool(shape.fullmatch(code)) for code, fine in
                            zip(known, commissioner, strict=True)]), reason, column=column)
