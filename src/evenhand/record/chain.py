"""Whether the record is sound, and if not, where it was changed and how. Pure: it is handed all it looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evenhand.papers import Head, Heads, digest, is_digest
from evenhand.record.entry import FIRST_OF_A_CHAIN, Entry, Words, commitment_to
from evenhand.record.reading import Kept
from evenhand.terms import Refused


@dataclass(frozen=True)
class Break:
    """One thing that is not as it was left: where, and what is wrong with it."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def verify(entries: Iterable[Entry], papers: Iterable[Kept], words: Mapping[str, Words],
           published: Iterable[Heads] = ()) -> tuple[Break, ...]:
    """Every break, with its place; none means that all stands as it was left.

    ``published`` are heads kept elsewhere (a printed paper, another's copy). Against them even a chain rewritten from
    the start, or cut short at its end, is found.
    """
    chains: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        chains[entry.subject].append(entry)
    held = _Held()
    found = [each for kept in papers for each in held.looked_at(kept)]
    found += [each for subject in sorted(chains) for each in _chain(subject, chains[subject])]
    found += _papers(chains, held)
    found += _words(chains, words)
    found += [each for paper in (*held.heads, *published) for each in _heads(chains, paper)]
    return tuple(dict.fromkeys(found))


def against_heads(entries: Iterable[Entry], published: Heads) -> tuple[Break, ...]:
    """Where chains differ from heads that were published."""
    chains: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        chains[entry.subject].append(entry)
    return tuple(_heads(chains, published))


class _Held:
    """The papers gone through one by one, so that a large record need not be in memory at once."""

    def __init__(self) -> None:
        self.digests: set[str] = set()
        self.cited: set[str] = set()
        self.heads: list[Heads] = []

    def looked_at(self, kept: Kept) -> Iterable[Break]:
        place = f"paper {kept.digest}"
        self.digests.add(kept.digest)
        if digest(kept.bytes) != kept.digest:
            yield Break(place, "its bytes have been changed since it was sealed")
            return
        try:
            paper = kept.paper()
        except Refused:
            yield Break(place, "cannot be opened as a paper")
            return
        if (kept.kind, kept.subject) != (paper.paper, paper.subject):
            yield Break(place, "stands under another kind or subject than it was sealed with")
        self.cited.update(source.digest for source in paper.header.made_from)
        if isinstance(paper, Heads):
            self.heads.append(paper)


def _chain(subject: str, chain: list[Entry]) -> Iterable[Break]:
    expected, followed = 1, {FIRST_OF_A_CHAIN}
    for entry in sorted(chain, key=lambda entry: entry.number):
        place = f"{subject}, entry {entry.number}"
        if entry.number > expected:
            yield Break(f"{subject}, entry {expected}", "is missing" if entry.number == expected + 1
                        else f"and all to entry {entry.number - 1} are missing")
        elif entry.number < expected:
            yield Break(place, "stands twice or out of order")
        reckoned = entry.reckoned_hash()
        if entry.hash != reckoned:
            yield Break(place, "has been changed since it was entered")
        if entry.number == expected and entry.previous not in followed:
            yield Break(place, "does not follow from the entry before it: one of the two has been changed")
        # Where only the hash was altered the next entry still follows from what it should be, and is not blamed.
        expected, followed = entry.number + 1, {entry.hash, reckoned}


def _papers(chains: Mapping[str, list[Entry]], held: _Held) -> Iterable[Break]:
    told = set(held.cited)
    for entry in (entry for _, chain in sorted(chains.items()) for entry in chain):
        told.update(entry.papers)
        for each in entry.papers:
            if each not in held.digests:
                yield Break(f"{entry.subject}, entry {entry.number}",
                            f"the paper {each} is missing" if is_digest(each) else "its papers have been changed")
    # What an entry's paper was made from may be held without an entry of its own; anything else is a stray.
    yield from (Break(f"paper {each}", "no entry tells of it") for each in sorted(held.digests - told))


def _words(chains: Mapping[str, list[Entry]], words: Mapping[str, Words]) -> Iterable[Break]:
    spoken: dict[str, Entry] = {}
    erased: set[str] = set()
    for entry in (entry for chain in chains.values() for entry in chain):
        for label, commitment in entry.commitments.items():
            if label == "erased" and entry.kind == "erasure":
                erased.add(commitment)
            else:
                spoken[commitment] = entry
    for commitment, entry in spoken.items():
        place = f"{entry.subject}, entry {entry.number}"
        kept = words.get(commitment)
        if kept is None:
            yield Break(place, "the words it speaks of are missing")
        elif kept.subject != entry.subject:
            yield Break(place, "the words it speaks of stand under another subject")
        elif kept.is_erased and commitment not in erased:
            yield Break(place, "the words it speaks of were taken away without an entry")
        elif kept.is_erased:
            continue
        elif commitment in erased:
            yield Break(place, "the words it speaks of were entered as erased and are still there")
        elif kept.words is None or kept.salt is None or commitment_to(kept.words, kept.salt) != commitment:
            yield Break(place, "the words it speaks of have been changed")
    for commitment in sorted(set(words) - set(spoken)):
        yield Break(f"words {commitment}", "no entry speaks of them")


def _heads(chains: Mapping[str, list[Entry]], paper: Heads) -> Iterable[Break]:
    for head in paper.heads:
        at_that_number = [entry for entry in chains.get(head.subject, ()) if entry.number == head.number]
        if not at_that_number:
            last = max((entry.number for entry in chains.get(head.subject, ())), default=0)
            yield Break(head.subject, f"had {head.number} entries on {paper.day} and has {last}")
        elif not _is_head(at_that_number[0], head):
            yield Break(f"{head.subject}, entry {head.number}", f"is not the entry that was published on {paper.day}")


def _is_head(entry: Entry, head: Head) -> bool:
    # If the hash itself was altered, the chain has said so already; what it should be still matches.
    return head.hash in (entry.hash, entry.reckoned_hash())
