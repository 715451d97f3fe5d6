"""What a place is set against: the middle, the best tenth, the whole, or peers that somebody named."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from evenhand.terms import Refused
from evenhand.terms.words import listed
from evenhand.web import loaded

PEERS, SIMILAR, OURS = "peers", "similar", "ours"
BY_METHOD: dict[str, str] = {SIMILAR: "its similar ten (published method)",
                             OURS: "its peers for this measure (our method)"}
"""Peers that a method chooses, on the pages of the explorer."""
MOST_PEERS = 40


@dataclass(frozen=True)
class SetAgainst:
    """A comparison as an address carries it: ``against``, and the codes of the peers where peers are named.

    ``by`` names the method that is to choose the peers, or chose them, where one is asked for.
    """

    against: str = "median"
    peers: tuple[str, ...] = ()
    typed: str = ""
    wrong: tuple[str, ...] = ()
    by: str = ""

    @property
    def chosen(self) -> str:
        """What stands chosen in the form."""
        return self.by or self.against

    @property
    def named(self) -> dict[str, str]:
        """As it stands in an address that knows no method: the peers by their codes."""
        return replace(self, by="").query

    @property
    def query(self) -> dict[str, str]:
        """As it stands in an address; nothing for the usual one."""
        if self.by:
            return {"against": self.by}
        peers = {"peers": ",".join(self.peers)} if self.peers else {}
        return {**({"against": self.against} if self.against != "median" else {}), **peers}

    @property
    def words(self) -> str:
        """Who the peers are; empty where none are named."""
        lists = loaded.bodies()
        return listed([f"{lists.name(each)} ({each})" if each in lists else each for each in self.peers])


USUAL = SetAgainst()


def asked(fields: Mapping[str, str], methods: Collection[str] = ()) -> SetAgainst:
    """What an address asks for; what cannot be is said in ``wrong``, and the middle of all is taken.

    ``methods`` are those by which the page can choose peers (of ``BY_METHOD``).
    """
    against, typed = fields.get("against", "median"), fields.get("peers", "").strip()[:2_000]
    if against in methods:
        return SetAgainst(by=against)
    against = against if against in loaded.AGAINST else "median"
    if against != PEERS and not typed:
        return SetAgainst(against)
    found: list[str] = []
    wrong: list[str] = []
    for each in [part.strip() for part in re.split(r"[,;\n]+", typed) if part.strip()][:MOST_PEERS]:
        try:
            found.append(loaded.code_meant(each))
        except Refused as refused:
            wrong += [in_words(refused)]
    if not found and not wrong:
        wrong = ["Name at least one peer, by code or name."]
    peers = tuple(dict.fromkeys(found))
    if wrong:
        return SetAgainst("median", peers, typed, tuple(wrong))
    return SetAgainst(against, peers, typed)


def in_words(refused: Refused) -> str:
    """What a person typed wrongly, in sentences: what it is, what was found, what to do."""
    return " ".join(f"{_sentence(each.what, found=each.value)} {_sentence(each.remedy)}" for each in refused.problems)


def _sentence(text: str, *, found: str | None = None) -> str:
    said = f"{text[:1].upper()}{text[1:]}" + (f": “{found}”" if found is not None else "")
    return said if said.endswith((".", "?", "!")) else f"{said}."
