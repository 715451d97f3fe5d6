"""What was done against each policy, worked out beside the readers: once for each state of the figures and policies."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWorking
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from evenhand.data.tables import Table
from evenhand.find import low_priority
from evenhand.terms import Refused
from evenhand.terms.words import listed
from evenhand.web import loaded
from evenhand.web.loaded import Release
from evenhand.web.policies_here import Known

if TYPE_CHECKING:
    from evenhand.figures import Answer

PATIENCE_SECONDS = 1.0
"""So long a reader waits for figures; then the page comes without them and says so."""
MOST = 64
MONTHS = 24

_beside = ThreadPoolExecutor(max_workers=2, thread_name_prefix="policies")
_asked: OrderedDict[Hashable, Future[Figures]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Figures:
    """What was done against policies, in which release, for which place (empty for all together).

    ``is_counting`` while it is still being worked out: then nothing else is known.
    """

    answer: Answer | None = None
    release: Release | None = None
    of: str = ""
    is_counting: bool = False


def done(known: Known, of: str = "", *, patience: float | None = PATIENCE_SECONDS) -> Figures:
    """What was done against each policy over the last twelve months held, for a place or for all.

    Asked for once for each state of the figures and the policies, however many ask; without ``patience`` it is waited
    for. A place of which no figures are held is as if none was named.
    """
    key = (*loaded.mark(), known.policies, of)
    with _lock:
        if key not in _asked:
            _asked[key] = _beside.submit(_worked_out, known, of)
            while len(_asked) > MOST:
                _asked.popitem(last=False)
        _asked.move_to_end(key)
        asked = _asked[key]
    try:
        return asked.result(timeout=patience)
    except StillWorking:
        return Figures(of=of, is_counting=True)


def _worked_out(known: Known, of: str) -> Figures:
    release = _release_of(known)
    if release is None:
        return Figures()
    of = of if of in release.units else ""
    # Whatever is typed that is no place of this release gives the same answer, which is worked out once.
    answer = loaded.remembered(("policies", *loaded.mark(), known.policies, release.name, of),
                               lambda: _answer(known, release, of))
    return Figures(answer, release, of)


def _release_of(known: Known) -> Release | None:
    """The newest release that counts anything against a policy, over enough places."""
    wanted = {measure for each in known.policies for measure in each.measures}
    return next((each for each in loaded.releases() if len(each.units) > loaded.ENOUGH
                 and wanted & set(each.measures)), None)


def _answer(known: Known, release: Release, of: str) -> Answer | None:
    """Only the measures that count against a policy are read, and only the two years that are asked about."""
    import numpy as np

    from evenhand.data import engine

    counted = {measure for each in known.policies for measure in each.measures} & set(release.measures)
    try:
        with engine.engine(loaded.home()) as connection:
            arrow = connection.sql(
                "SELECT measure, unit, month, numerator, denominator FROM observations WHERE source = $source "
                "AND ($vintage = '' OR vintage = $vintage) AND measure IN (SELECT unnest($measures)) "
                "AND month >= $first AND unit <> $england AND denominator IS NOT NULL ORDER BY ALL",
                params={"source": release.source, "vintage": release.vintage, "measures": sorted(counted),
                        "first": release.last.plus(1 - MONTHS).first_day(),
                        "england": loaded.ENGLAND}).to_arrow_table()
        name, digest = listed([name for name, _ in release.files]), release.files[0][1]
        return low_priority(Table(name, digest, arrow, np.arange(1, arrow.num_rows + 1)), of=of or "all",
                            policies=known.register)
    except Refused:
        return None
