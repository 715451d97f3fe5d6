"""The hand-over pack: a case, or all a body did, in one file that proves itself wherever it is opened.

A pack is a zip of plain text, its bytes the same for the same content: members in order, no times, no compression.
``manifest.json`` names every other member with its digest, and the digest of the manifest is the pack's.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from evenhand.papers import INSTALLATION, Head, Header, Receipt, Sealed, canonical_bytes, digest, opened, seal
from evenhand.papers.canonical import Json
from evenhand.papers.shape import Misshapen, taken
from evenhand.record import chain, reading, writing
from evenhand.record.database import Database, lock
from evenhand.record.entry import Draft, Entry, Words
from evenhand.record.reading import Kept
from evenhand.terms import Problem, Refused, refuse

FORMAT, VERSION = "evenhand hand-over pack", 1
MOST_BYTES = 2**30
MOST_MEMBERS = 200_000

_FIXED = ("entries.jsonl", "read-me.txt", "words.jsonl")
_PAPER = re.compile(r"papers/([0-9a-f]{64})\.json")
_FILE = re.compile(r"files/([A-Za-z0-9][A-Za-z0-9 ._-]{0,119})")
_BEGINNING_OF_TIME = (1980, 1, 1, 0, 0, 0)
_ASK_AGAIN = "ask the sender for it again; nothing was taken in"

READ_ME = """This is a hand-over pack of Evenhand: papers, and the record of who did what and when.

  evenhand record verify FILE    says whether anything was changed
  evenhand record unpack FILE    takes it into a workspace

Without Evenhand: every file but manifest.json is named in manifest.json with its SHA-256 digest. papers/ holds one
paper a file, named by the digest of its bytes. entries.jsonl holds one entry a line; an entry's "hash" is the digest of
its other members as canonical JSON (RFC 8785), and its "previous" is the hash of the entry before it in the same
subject. words.jsonl holds what people wrote; its "commitment" is the digest of {"salt": ..., "words": ...} as canonical
JSON. Words that were erased are null. files/ holds documents that were handed over beside the record.
"""


@dataclass(frozen=True)
class Pack:
    """A pack that was read and found whole."""

    digest: str
    entries: tuple[Entry, ...]
    papers: tuple[Sealed, ...]
    words: Mapping[str, Words]
    files: Mapping[str, bytes]

    @property
    def heads(self) -> tuple[Head, ...]:
        """The last entry of each chain in it."""
        last = {entry.subject: entry for entry in self.entries}
        return tuple(Head(subject=each.subject, number=each.number, hash=each.hash) for each in last.values())

    @property
    def receipt(self) -> Receipt:
        """The paper that says it arrived: the same for the same pack."""
        return Receipt(header=Header(subject=INSTALLATION), pack=self.digest, chains=self.heads,
                       papers=len(self.papers), entries=len(self.entries),
                       erased=sum(each.is_erased for each in self.words.values()), files=tuple(self.files))


# --- making one -------------------------------------------------------------------------------------------------------


def packed(database: Database, subjects: Iterable[str], *, files: Mapping[str, bytes] | None = None) -> bytes:
    """The pack of these subjects: chains, papers with what they were made from, words, and documents beside them.

    A record that is not sound is not handed over. Raises ``Refused``.
    """
    names = sorted(set(subjects))
    if INSTALLATION in names or not names:
        raise refuse("a pack holds cases, meetings, bodies or plans", "name one of them", value=", ".join(names))
    entries = [entry for name in names for entry in reading.entries(database, name)]
    papers = _papers_with_sources(database, entries)
    words = {each.commitment: each for name in names for each in reading.words(database, name).values()}
    if breaks := chain.verify(entries, papers, words):
        raise Refused(Problem(f"{each}", "mend the record from a backup or a pack first") for each in breaks)
    members = {
        "entries.jsonl": _lines(entry.to_json() for entry in entries),
        "words.jsonl": _lines(asdict(words[commitment]) for commitment in sorted(words)),
        "read-me.txt": READ_ME.encode(),
        **{f"papers/{each.digest[7:]}.json": each.bytes for each in papers},
        **{f"files/{name}": content for name, content in (files or {}).items()},
    }
    if strange := [name for name in members if not _is_member(name)]:
        raise refuse("this file cannot travel under its name", "rename it with letters, digits and hyphens",
                     value=strange[0].removeprefix("files/"))
    return _zipped({"manifest.json": _manifest(members, entries), **members})


def _papers_with_sources(database: Database, entries: Iterable[Entry]) -> list[Kept]:
    found: dict[str, Kept] = {}
    wanted = [each for entry in entries for each in entry.papers]
    while wanted:
        name = wanted.pop()
        kept = None if name in found else reading.kept(database, name)
        if kept:
            found[name] = kept
            wanted += [source.digest for source in kept.paper().header.made_from]
    return [found[name] for name in sorted(found)]


def _manifest(members: Mapping[str, bytes], entries: Iterable[Entry]) -> bytes:
    last = {entry.subject: entry for entry in entries}
    return canonical_bytes({
        "format": FORMAT, "version": VERSION,
        "chains": [{"subject": each.subject, "number": each.number, "hash": each.hash} for each in last.values()],
        "members": {name: digest(content) for name, content in members.items()}})


def _lines(values: Iterable[Json]) -> bytes:
    return b"".join(canonical_bytes(each) + b"\n" for each in values)


def _zipped(members: Mapping[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            place = zipfile.ZipInfo(name, _BEGINNING_OF_TIME)
            place.create_system, place.external_attr = 3, 0o644 << 16
            archive.writestr(place, members[name])
    return written.getvalue()


def _is_member(name: str) -> bool:
    return name in _FIXED or bool(_PAPER.fullmatch(name)) or bool(_FILE.fullmatch(name))


# --- opening one ------------------------------------------------------------------------------------------------------


def opened_pack(content: bytes) -> Pack:
    """A pack read through and found whole. Raises ``Refused``, naming what is wrong with it."""
    members = _members(content)
    manifest = _read_manifest(members)
    for name in sorted({*members, *manifest["members"]} - {"manifest.json"}):
        if name not in members:
            raise refuse("the pack's list names this part and the pack lacks it", _ASK_AGAIN, file=name)
        if digest(members[name]) != manifest["members"].get(name):
            raise refuse("this part of the pack is not what its list says", _ASK_AGAIN, file=name)
    entries = tuple(_each(Entry, members, "entries.jsonl"))
    words = {each.commitment: each for each in _each(Words, members, "words.jsonl")}
    papers = tuple(Sealed(f"sha256:{found[1]}", members[name])
                   for name in sorted(members) if (found := _PAPER.fullmatch(name)))
    files = {found[1]: members[name] for name in sorted(members) if (found := _FILE.fullmatch(name))}
    pack = Pack(digest(members["manifest.json"]), entries, papers, words, files)
    if manifest["chains"] != [asdict(head) for head in pack.heads] or any(
            entry.subject == INSTALLATION for entry in entries):
        raise refuse("the pack's chains are not those its list names", _ASK_AGAIN)
    if breaks := chain.verify(entries, map(_kept, papers), words):
        raise Refused(Problem(f"{each}", _ASK_AGAIN) for each in breaks)
    return pack


def _members(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            places = archive.infolist()
            names = [place.filename for place in places]
            if len(places) > MOST_MEMBERS or sum(place.file_size for place in places) > MOST_BYTES:
                raise refuse("the pack is larger than a pack may be", _ASK_AGAIN)
            if strange := [name for name in names if name != "manifest.json" and not _is_member(name)]:
                raise refuse("the pack holds a part that no pack has", _ASK_AGAIN, value=strange[0])
            if len(set(names)) != len(names):
                raise refuse("the pack holds two parts of one name", _ASK_AGAIN)
            return {place.filename: archive.read(place) for place in places}
    # What the library raises for archives cut short, altered, encrypted or packed in a way it does not know.
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError) as wrong:
        raise refuse(f"this is not a whole hand-over pack ({str(wrong) or type(wrong).__name__})", _ASK_AGAIN) from None


def _read_manifest(members: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        manifest = json.loads(members["manifest.json"])
        whole = (canonical_bytes(manifest) == members["manifest.json"] and manifest["format"] == FORMAT
                 and isinstance(manifest["members"], dict) and isinstance(manifest["chains"], list)
                 and set(_FIXED) <= set(members))
        version = manifest["version"]
    except (KeyError, TypeError, ValueError, RecursionError):
        whole, version = False, None
    if not whole:
        raise refuse("this is not a hand-over pack of Evenhand: its list of parts is missing or altered", _ASK_AGAIN)
    if version != VERSION:
        raise refuse("this pack is of a form that this version of Evenhand does not know", "open it with a newer one",
                     value=version)
    return dict(manifest)


def _each(kind: type[Any], members: Mapping[str, bytes], name: str) -> Iterable[Any]:
    for row, line in enumerate(members[name].splitlines(), start=1):
        try:
            yield taken(kind, json.loads(line))
        except (Misshapen, ValueError, RecursionError):
            raise refuse("this line is not one of a pack", _ASK_AGAIN, file=name, row=row) from None


def _kept(sealed: Sealed) -> Kept:
    try:
        paper = opened(sealed.bytes)
    except Refused:
        return Kept(sealed.digest, "", "", sealed.bytes)
    return Kept(sealed.digest, paper.paper, paper.subject, sealed.bytes)


def digest_of_pack(content: bytes) -> str:
    """What a pack is known by: the digest of its list of parts."""
    return digest(_members(content)["manifest.json"])


# --- taking one in ----------------------------------------------------------------------------------------------------


def received(database: Database, pack: Pack, *, by: str, at: datetime, organisation: str = "") -> Receipt:
    """Take a pack in, wholly or not at all, and leave its receipt on the installation's chain.

    A pack taken in twice changes nothing. A longer chain of the same beginning is carried on; one that differs is
    refused, for two histories of one case cannot both be kept.
    """
    with database.whole():
        lock(database)
        for subject in {entry.subject: None for entry in pack.entries}:
            _carry_on(database, [entry for entry in pack.entries if entry.subject == subject])
        for sealed in pack.papers:
            writing.keep_paper(database, sealed)
        here = reading.words(database)
        for words in pack.words.values():
            if words.commitment not in here:
                writing.keep_words(database, words)
            elif words.is_erased and not here[words.commitment].is_erased:
                writing.empty_words(database, words.commitment)
        receipt = pack.receipt
        writing.leave(database, Draft(subject=INSTALLATION, by=by, what="hand-over pack received", kind="receipt",
                                      organisation=organisation, papers=(seal(receipt),)), at=at)
    return receipt


def _carry_on(database: Database, theirs: list[Entry]) -> None:
    ours = reading.entries(database, theirs[0].subject)
    for mine, other in zip(ours, theirs, strict=False):
        if mine != other:
            raise refuse(f"{other.subject} is held here with another history from entry {other.number} on",
                         "take the pack into an empty workspace and compare the two")
    for entry in theirs[len(ours):]:
        writing.keep_entry(database, entry)
