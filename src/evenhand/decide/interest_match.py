"""Whether what somebody declared touches an item: by code, by name, by who came before and after, or perhaps.

A match that is certain is applied; one that is only near is put before a person, who says whether the two are one. A
name is never passed over in silence because it is spelt another way: that would let somebody vote who may not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

NEAR = 0.8
COMMON_FROM = 3
_ENDINGS = frozenset(("the", "of", "ltd", "limited", "plc", "llp", "cic", "nhs", "foundation", "trust", "ft"))
"""Words that a body's name has in one paper and not in another, without being another body."""
_KINDS = frozenset((
    "surgery", "practice", "clinic", "centre", "center", "hospital", "hospitals", "medical", "health", "care", "group",
    "services", "service", "commissioner", "commissioning", "council", "county", "community", "partnership"))
"""Words so common that sharing them alone says nothing."""


@dataclass(frozen=True)
class Touched:
    """A body, supplier or scheme that an item touches: as it is called, its code, and which paper names it.

    ``sure`` is false where a paper of the case names it without saying that the case is about it.
    """

    name: str
    code: str = ""
    named_by: str = "the item"
    sure: bool = True


@dataclass(frozen=True)
class Bodies:
    """The bodies that are known here: names by code, and which followed which."""

    names: Mapping[str, str] = field(default_factory=dict)
    followed: tuple[tuple[str, str], ...] = ()

    def code_of(self, text: str) -> str:
        """The code of a body by its code or its name; nothing where no body, or more than one, is called so."""
        wanted = text.strip()
        if wanted in self.names:
            return wanted
        by_code = next((code for code in self.names if code.casefold() == wanted.casefold()), "")
        found = self._by_plain.get(plain(text), ())
        return by_code or (found[0] if len(found) == 1 else "")

    @cached_property
    def _by_plain(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for code, name in self.names.items():
            found[plain(name)] = (*found.get(plain(name), ()), code)
        return found

    @cached_property
    def common(self) -> frozenset[str]:
        """Words that so many names here share, a county's mostly, that sharing one says nothing."""
        held = Counter(word for name in self.names.values() for word in set(plain(name).split()))
        return frozenset(word for word, times in held.items() if times >= COMMON_FROM)

    def name_of(self, code: str) -> str:
        """The name of a body, or the code where it is not known."""
        return self.names.get(code, code)

    def line_of(self, code: str) -> frozenset[str]:
        """A body with all that came before and all that came after it; not the others that went into the same one."""
        return _reached(code, self.followed) | _reached(code, tuple((new, old) for old, new in self.followed))


@dataclass(frozen=True)
class Match:
    """A declared interest beside a body that an item touches. One that is not certain is for a person to settle."""

    touched: Touched
    how: str
    certain: bool


def plain(name: str) -> str:
    """A name as it is compared: no case, no marks, “and” for “&”, without legal endings and small words."""
    words = re.sub(r"[^\w]+|_", " ", name.casefold().replace("&", " and ").replace("’", "").replace("'", "")).split()
    kept = [word for word in words if word not in _ENDINGS and word != "and"]
    return " ".join(kept or words)


def matched(code: str, name: str, touched: Iterable[Touched], bodies: Bodies) -> list[Match]:
    """Each body of an item that a declared interest is in, or may be in; certain ones first.

    ``code`` and ``name`` are those of the body as it was declared; either may be empty.
    """
    own = bodies.code_of(code) or code or bodies.code_of(name)
    found = [match for each in touched if (match := _one(own, name, each, bodies))]
    return sorted(found, key=lambda each: not each.certain)


def _one(own: str, name: str, touched: Touched, bodies: Bodies) -> Match | None:
    other = touched.code or bodies.code_of(touched.name)
    also = "" if touched.sure else f"named in {touched.named_by}"
    if own and other and own.casefold() == other.casefold():
        return Match(touched, also or "the same body", touched.sure)
    if own and other and other in bodies.line_of(own):
        way = "came before" if other in _reached(own, tuple((new, old) for old, new in bodies.followed)) else "followed"
        return Match(touched, f"{bodies.name_of(other)} {way} {bodies.name_of(own)}", touched.sure)
    names = [each for each in dict.fromkeys((name, bodies.names.get(own, ""))) if each]
    others = [each for each in dict.fromkeys((touched.name, bodies.names.get(other, ""))) if each]
    pairs = [(one, two) for one in names for two in others]
    if any(plain(one) == plain(two) for one, two in pairs):
        # Two codes with one name are two bodies until somebody says otherwise.
        if own and other:
            return Match(touched, "the name is the same, the code is not", False)
        return Match(touched, also or "the same name", touched.sure)
    # Both codes known and different: two bodies, however alike their names.
    if own and other:
        return None
    near = [how for one, two in pairs if (how := nearness(one, two, bodies.common))]
    return Match(touched, near[0], False) if near else None


def nearness(one: str, two: str, common: Collection[str] = ()) -> str:
    """In words, why two names may mean one body; nothing where there is no reason to think so.

    ``common`` are words that say nothing when they are shared, beside those that say nothing anywhere.
    """
    first, second = plain(one), plain(two)
    # Codes that differ in their digits are two codes.
    if re.sub(r"\d", "0", first) == re.sub(r"\d", "0", second):
        return ""
    if SequenceMatcher(None, first, second).ratio() >= NEAR:
        return "the names are spelt nearly alike"
    words, others = set(first.split()) - _KINDS, set(second.split()) - _KINDS
    shared = words if words <= others else others if others <= words else set()
    if shared - set(common):
        return "one name holds the other"
    return ""


def _reached(code: str, ways: Sequence[tuple[str, str]]) -> frozenset[str]:
    found, edge = {code}, {code}
    while edge:
        edge = {new for old, new in ways if old in edge} - found
        found |= edge
    return frozenset(found - {code})
