"""Texts of replies laid side by side: what says nothing, what says the same, and what may be quoted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenhand.data import personal

NOTHING = {"en": frozenset({
    "", "n a", "na", "nil", "no", "no comment", "no comments", "none", "not applicable", "nothing", "nothing at all",
    "nothing else", "nothing really", "nothing to add", "nope", "no thanks", "no thank you", "x"}),
    "other": frozenset({""})}
SHINGLE = 4
ALIKE = 0.8

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ADDRESS = re.compile(r"\S@\S|\bwww\.|https?://|(?<!\w)@\w", re.I)
_LONG_NUMBER = re.compile(r"(?:\d[\s-]?){7,}")
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|doctor|prof|professor|sister|nurse|rev|sir|dame|lady|lord)\.?\s+[A-Z]")
_TITLE_LOW = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof)\.?\s+[a-z]", re.I)
_NAMED = re.compile(r"\b(?:my name is|called|named|name was|name is)\b", re.I)
_SENTENCE = re.compile(r"[.!?:;\n]+")


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without points and signs."""
    return [each.replace("’", "'").casefold() for each in _WORD.findall(text)]


def folded(text: str) -> str:
    """A text by which the same text is known again: small letters, single spaces, no points at its ends."""
    return " ".join(text.casefold().split()).strip(" .!?,")


def worded(text: str) -> str:
    """The words of a text alone, with single spaces."""
    return " ".join(words_of(text))


def says_nothing(text: str, language: str) -> bool:
    """Whether a text is empty or one of the short answers that say nothing: "none", "n/a"."""
    return worded(text) in NOTHING[language]


@dataclass(frozen=True)
class Campaign:
    """Texts of one origin: the commonest wording, and the places of all replies that use it or nearly so."""

    text: str
    places: tuple[int, ...]
    exact: int


def campaigns_of(folds: Sequence[str], texts: Sequence[str], senders: Sequence[str], *, least: int,
                 words: int) -> list[Campaign]:
    """Long texts that several respondents sent, word for word or nearly so.

    Args:
        folds: texts as ``worded``, one a reply.
        texts: the same as written.
        senders: who sent each.
        least: respondents from which a shared text is called a campaign.
        words: words from which a text is long enough for sharing to be no accident.

    Returns:
        Campaigns, the largest first. Two texts are of one origin where four fifths of the four-word runs of the
        shorter stand in the other (Broder 1997, Compression and Complexity of Sequences, 21-29: containment).
    """
    places: dict[str, list[int]] = {}
    for place, fold in enumerate(folds):
        if fold.count(" ") + 1 >= words:
            places.setdefault(fold, []).append(place)
    # The commonest wording leads, so that the order of the replies does not matter.
    ordered = sorted(places, key=lambda fold: (-len(places[fold]), fold))
    leaders: list[tuple[str, frozenset[str], list[str]]] = []
    where: dict[str, list[int]] = {}
    for fold in ordered:
        runs = _runs(fold)
        shared: dict[int, int] = {}
        for run in runs:
            for leader in where.get(run, ()):
                shared[leader] = shared.get(leader, 0) + 1
        fitting = [(count / min(len(runs), len(leaders[leader][1])), -leader) for leader, count in shared.items()]
        best = max(fitting, default=(0.0, 0))
        if best[0] >= ALIKE:
            leaders[-best[1]][2].append(fold)
            continue
        for run in runs:
            where.setdefault(run, []).append(len(leaders))
        leaders.append((fold, runs, [fold]))
    found = []
    for leader_fold, _, members in leaders:
        together = sorted(place for member in members for place in places[member])
        if len({senders[place] for place in together}) >= least:
            exact = places[leader_fold]
            found.append(Campaign(texts[exact[0]], tuple(together), len(exact)))
    return sorted(found, key=lambda each: (-len(each.places), each.text))


def _runs(fold: str) -> frozenset[str]:
    words = fold.split(" ")
    return frozenset(" ".join(words[place:place + SHINGLE]) for place in range(max(1, len(words) - SHINGLE + 1)))


def repeated(folds: Sequence[str]) -> dict[str, list[int]]:
    """Texts that stand more than once, with the places of their replies, the commonest first."""
    places: dict[str, list[int]] = {}
    for place, fold in enumerate(folds):
        if fold:
            places.setdefault(fold, []).append(place)
    several = {fold: found for fold, found in places.items() if len(found) > 1}
    return dict(sorted(several.items(), key=lambda each: (-len(each[1]), each[0])))


def seen_small(texts: Sequence[str]) -> frozenset[str]:
    """Every word that stands in small letters somewhere: such a word is no mere name."""
    return frozenset(word for text in texts for word in _WORD.findall(text) if word == word.casefold())


def may_be_quoted(text: str, small: frozenset[str]) -> bool:
    """Whether a text shows no sign of a person.

    Signs are those of ``data.personal`` (NHS numbers, postcodes, dates of birth), addresses, long numbers, titles
    before a name, and any word in a capital letter that stands nowhere in small letters: it may be a name. Texts all
    in capitals are left out, since names cannot be told there. Too much is dropped rather than too little.
    """
    if (personal.signs_in_words(text) or _ADDRESS.search(text) or _LONG_NUMBER.search(text) or _NAMED.search(text)
            or _TITLE.search(text) or _TITLE_LOW.search(text)):
        return False
    for sentence in _SENTENCE.split(text):
        for place, word in enumerate(_WORD.findall(sentence)):
            if word[0].isupper() and word.split("'")[0].split("’")[0] != "I":
                if len(word) <= 3 and word.isupper():
                    continue
                if place or word.casefold() not in small:
                    return False
    return True


def senders_of(replies: Sequence[str], respondents: Sequence[str] | None) -> list[str]:
    """Who sent each reply: the respondent where that is said, else the reply itself."""
    if respondents is None:
        return list(replies)
    return [who or f"reply {reply}" for who, reply in zip(respondents, replies, strict=True)]


def sent_twice(folds: Sequence[str], senders: Sequence[str], questions: Sequence[str]) -> list[int]:
    """Places of replies that the same respondent had sent before in the same words to the same question."""
    seen: set[tuple[str, str, str]] = set()
    found = []
    for place, key in enumerate(zip(senders, questions, folds, strict=True)):
        if key in seen and key[2]:
            found.append(place)
        seen.add(key)
    return found


def shares_by_group(chosen: frozenset[str], group_of: Mapping[str, str]) -> dict[str, int]:
    """How many of the chosen respondents are of each group."""
    counts = dict.fromkeys(sorted(set(group_of.values())), 0)
    for who in chosen:
        counts[group_of[who]] += 1
    return counts
