"""``CASE`` on a command line: a workspace folder, a folder of papers, a pack, a JSON document, or an id."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from evenhand.data import store
from evenhand.papers import Paper, Unkeepable, canonical_bytes, digest, opened
from evenhand.record import pack
from evenhand.record.entry import Entry, Words
from evenhand.record.reading import Kept
from evenhand.record.workspace import Record, Workspace
from evenhand.terms import Refused, closest, refuse

MOST_BYTES_OF_A_PAPER = 2**28


@dataclass(frozen=True)
class CaseFile:
    """What is held about one subject: its papers in the order they were left, and its chain where there is one."""

    subject: str
    papers: tuple[Kept, ...]
    entries: tuple[Entry, ...] = ()
    words: Mapping[str, Words] = field(default_factory=dict)

    def of_kind(self, kind: str) -> tuple[Kept, ...]:
        """Its papers of one kind, oldest first."""
        return tuple(each for each in self.papers if each.kind == kind)

    def latest(self, kind: str) -> Paper | None:
        """Its newest paper of one kind, if there is one."""
        found = self.of_kind(kind)
        return found[-1].paper() if found else None


def case_file(name: str, *, workspace: Path, subject: str = "") -> CaseFile:
    """Open what ``CASE`` names. ``subject`` picks one where a folder or pack holds several. Raises ``Refused``."""
    path = Path(name)
    if path.is_dir() and store.is_workspace(path):
        there = Workspace.open(path)
        return held_by(there, _picked(there.subjects(), subject, name))
    if path.is_dir():
        return _of(papers_in(path), (), {}, subject, name)
    if path.is_file():
        return case_in(store.whole(path, at_most=pack.MOST_BYTES), name, subject=subject)
    if not store.is_workspace(workspace) and "/" in name.removeprefix("case/"):
        raise refuse("there is no such folder or pack", "check the name", file=name)
    if not store.is_workspace(workspace):
        raise refuse("this is no folder, no pack, and there is no workspace to look it up in",
                     f"name a file or folder, or a workspace with --workspace DIR (looked in {workspace})", value=name)
    held = Workspace.open(workspace)
    return held_by(held, held.subject_called(name))


def case_in(content: bytes, name: str, *, subject: str = "") -> CaseFile:
    """The case in the bytes of a hand-over pack, or of what ``record show CASE --json`` prints. Raises ``Refused``."""
    try:
        if content[:1] in (b"{", b"["):
            return _documented(content, name, subject)
        opened_pack = pack.opened_pack(content)
    except Refused as refused:
        raise refused.in_file(name) from None
    return _of(map(kept_of, (each.bytes for each in opened_pack.papers)), opened_pack.entries,
               opened_pack.words, subject, name)


def _documented(content: bytes, name: str, subject: str) -> CaseFile:
    """A case as plain JSON. Nothing in it proves itself: it is as good as whoever wrote it."""
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as trouble:
        raise refuse(f"this is not JSON: {trouble}", "give a folder of papers, a pack, or a case as JSON") from None
    listed = whole.get("papers") if isinstance(whole, dict) else None
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise refuse("this is no case: it has no list of papers",
                     "give what evenhand record show CASE --json prints", column="papers")
    held = []
    for place, each in enumerate(listed, start=1):
        try:
            held.append(kept_of(canonical_bytes({part: each.get(part) for part in ("header", "content")})))
        except (ValueError, RecursionError) as wrong:
            said = str(wrong) if isinstance(wrong, Unkeepable) else "this cannot be kept as a paper"
            raise refuse(said, "mend it there", row=place, column="papers") from None
        except Refused as refused:
            raise Refused(replace(problem, row=place, column="papers") for problem in refused.problems) from None
    try:
        entries = tuple(Entry(**{**each, "papers": tuple(each.get("papers", ()))}) for each in whole.get("entries", ()))
        shapes: list[tuple[object, object]] = [(each.number, each.at) for each in entries]
        if not all(isinstance(number, int) and isinstance(at, str) for number, at in shapes):
            raise TypeError
    except (TypeError, AttributeError):
        raise refuse("an entry of the record is not shaped as one", "leave the entries out, or give a pack",
                     column="entries") from None
    return _of(held, entries, {}, subject or str(whole.get("subject") or ""), name)


def papers_in(folder: Path) -> list[Kept]:
    """The sealed papers lying in a folder, or in its folder ``papers``."""
    inner = folder / "papers"
    paths = store.names(inner if inner.is_dir() else folder, ".json")
    found = []
    for path in paths:
        try:
            found.append(kept_of(store.whole(path, at_most=MOST_BYTES_OF_A_PAPER)))
        except Refused as refused:
            raise refused.in_file(str(path)) from None
    if not found:
        raise refuse("there are no papers in this folder", "name a folder with papers, a pack or a workspace",
                     file=str(folder))
    return found


def kept_of(content: bytes) -> Kept:
    """A sealed paper's bytes, as the record would keep them."""
    paper = opened(content)
    return Kept(digest(content), paper.paper, paper.subject, content)


def held_by(record: Record, subject: str) -> CaseFile:
    """All that a record holds about a subject."""
    return CaseFile(subject, tuple(record.papers(subject)), tuple(record.entries(subject)), record.words(subject))


def _of(papers: Iterable[Kept], entries: tuple[Entry, ...], words: Mapping[str, Words], subject: str,
        name: str) -> CaseFile:
    held = list(papers)
    known = {each.subject for each in held} | {entry.subject for entry in entries}
    meant = _picked(sorted(known), subject, name)
    chain = tuple(entry for entry in entries if entry.subject == meant)
    order = {each: place for place, each in enumerate(each for entry in chain for each in entry.papers)}
    about = sorted((each for each in held if each.subject == meant),
                   key=lambda each: (order.get(each.digest, len(order)), each.digest))
    return CaseFile(meant, tuple(about), chain, {each: said for each, said in words.items() if said.subject == meant})


def _picked(subjects: list[str], wanted: str, name: str) -> str:
    if wanted:
        if wanted in subjects:
            return wanted
        raise refuse("it holds nothing of this name", f"choose from {', '.join(closest(wanted, subjects) or subjects)}",
                     file=name, value=wanted)
    cases = [each for each in subjects if each.startswith("case/")] or subjects
    if len(cases) != 1:
        raise refuse("it holds more than one case" if cases else "it holds no case",
                     f"name one of {', '.join(cases)}" if cases else "name another folder or pack", file=name)
    return cases[0]
