"""Words that go together, where nobody has made a codebook: weighted counts taken apart into a few clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.engage.themes_texts import words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_WORDS, FEWEST_REPLIES, ROUNDS, SETTLED = 2_000, 2, 300, 1e-5
LEAST_PART = 0.3
KEY_WORDS = 6
_ENGLISH = (
    "a about above after again all also always am an and any are aren't as at be because been before being below "
    "between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each even "
    "every few for from further get gets getting go going got had hadn't has hasn't have haven't having he he's her "
    "here hers him his how however i i'd i'll i'm i've if in into is isn't it it's its itself just let like lot made "
    "make many may me might more most much must my myself need never no nor not now of off ok on once one only or "
    "other our ours out over own quite rather really same she she's should shouldn't since so some such than that "
    "that's the their theirs them then there there's these they they're thing things this those though through to too "
    "under until up upon us use very was wasn't we we're we've were weren't what when where whether which while who "
    "whom why will with within without won't would wouldn't yes yet you you're you've your yours")
STOP = {"other": frozenset[str](), "en": frozenset(_ENGLISH.split())}


@dataclass(frozen=True)
class Weighted:
    """Weighted words of replies: shape (replies, words), each row of length 1 or nought."""

    matrix: Any
    words: tuple[str, ...]


def weighted(texts: Sequence[str], language: str, *, fewest: int = FEWEST_REPLIES,
             only: frozenset[str] | None = None) -> Weighted:
    """Words weighted by how often they stand in a reply and how few replies have them.

    Words of two letters or fewer, stop words and words of fewer than ``fewest`` replies are left out; of the others
    the 2,000 in most replies are kept. Weight: (1 + ln count) × (ln((1 + replies) / (1 + replies with it)) + 1), rows
    scaled to length 1 (Salton & Buckley 1988, Information Processing & Management 24, 513-523).
    """
    import numpy as np
    from scipy import sparse

    counts = [Counter(word for word in words_of(text) if len(word) > 2 and word not in STOP[language]
                      and (only is None or word in only))
              for text in texts]
    spread = Counter(word for each in counts for word in each)
    kept = sorted((word for word, replies in spread.items() if replies >= fewest),
                  key=lambda word: (-spread[word], word))[:MOST_WORDS]
    column = {word: place for place, word in enumerate(kept)}
    rows, columns, cells = [], [], []
    for row, each in enumerate(counts):
        for word, count in each.items():
            if word in column:
                rows.append(row)
                columns.append(column[word])
                cells.append((1 + np.log(count)) * (np.log((1 + len(texts)) / (1 + spread[word])) + 1))
    matrix = sparse.csr_matrix((cells, (rows, columns)), shape=(len(texts), len(kept)), dtype=float)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix = sparse.diags(1 / np.where(lengths, lengths, 1)) @ matrix
    return Weighted(sparse.csr_matrix(matrix), tuple(kept))


@dataclass(frozen=True)
class Cluster:
    """Words that go together, the most telling first, and the places of the replies they tell of."""

    words: tuple[str, ...]
    places: tuple[int, ...]


def clusters(texts: Sequence[str], small: frozenset[str], language: str, count: int, seed: int) -> list[Cluster]:
    """Clusters of words by non-negative factors, and the replies in which each has a part of three tenths or more.

    Lee & Seung (2001), Advances in Neural Information Processing Systems 13, 556-562, equation 4 (multiplicative
    updates of the squared distance), from a seeded start; the same seed gives the same clusters.
    """
    import numpy as np

    # Words that stand nowhere in small letters may be names of people: they are no key words.
    terms = weighted(texts, language, only=small)
    spoken = np.flatnonzero(np.asarray(terms.matrix.sum(axis=1)).ravel() > 0)
    count = min(count, len(terms.words), len(spoken))
    if not count:
        return []
    matrix = terms.matrix[spoken]
    generator = np.random.default_rng(seed)
    scale = np.sqrt(matrix.mean() / count)
    left = scale * (0.1 + generator.random((matrix.shape[0], count)))
    right = scale * (0.1 + generator.random((count, matrix.shape[1])))
    before = np.inf
    for turn in range(ROUNDS):
        left *= (matrix @ right.T) / (left @ (right @ right.T) + 1e-12)
        right *= (matrix.T @ left).T / ((left.T @ left) @ right + 1e-12)
        if turn % 10 == 9:
            lost = _distance(matrix, left, right)
            if before - lost < SETTLED * max(before if np.isfinite(before) else lost, 1e-12):
                break
            before = lost
    size = left * np.sqrt((right * right).sum(axis=1))
    total = size.sum(axis=1, keepdims=True)
    parts = np.divide(size, total, out=np.zeros_like(size), where=total > 0)
    found = []
    for place in range(count):
        telling = [word for word in np.argsort(-right[place], kind="stable")[:KEY_WORDS]
                   if right[place, word] > 0.05 * right[place].max()]
        of_it = spoken[parts[:, place] >= LEAST_PART]
        if len(of_it):
            found.append(Cluster(tuple(terms.words[word] for word in telling), tuple(int(each) for each in of_it)))
    return found


def _distance(matrix: Any, left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    import numpy as np

    crossed = float(np.sum((matrix @ right.T) * left))
    return float(matrix.multiply(matrix).sum()) - 2 * crossed + float(np.sum((left.T @ left) * (right @ right.T)))


def typical(texts: Sequence[str], places: Sequence[int], language: str, count: int) -> list[int]:
    """Those of the places whose words lie nearest to the middle of all of them, the most typical first."""
    import numpy as np

    if not places or not count:
        return []
    terms = weighted([texts[place] for place in places], language, fewest=1)
    middle = np.asarray(terms.matrix.mean(axis=0)).ravel()
    near = np.asarray(terms.matrix @ middle).ravel()
    return [places[int(each)] for each in np.argsort(-near, kind="stable")[:count]]
