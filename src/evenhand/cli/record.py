"""``evenhand record``: show, verify, pack and unpack the record, in a workspace, a pack or the site's database."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.cli.arguments import Parser
from evenhand.cli.document import document
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted

if TYPE_CHECKING:
    from evenhand.papers import Heads
    from evenhand.record import CaseFile, Entry, Kept, Record, Words

WHAT = "show, verify, pack and unpack the record of a case"
_EXAMPLES = """examples:
  evenhand record show                              what the workspace holds
  evenhand record show derbyshire-gluten-free       one case: who did what, when, and its papers
  evenhand record show sha256:…                     one paper, as it was sealed
  evenhand record verify                            every break, with its place; exit 0 if there is none
  evenhand record verify pack.zip                   the same of a hand-over pack
  evenhand record pack derbyshire-gluten-free gluten-free.zip
  evenhand record unpack gluten-free.zip --workspace elsewhere
  evenhand record heads heads.json                  enter today's heads and write them to a file, to be published
"""


def main(words: Sequence[str]) -> int:
    """Run ``evenhand record ...``; raises ``Refused`` for what the person can mend."""
    parser = Parser(prog="evenhand record", description=WHAT[0].upper() + WHAT[1:] + ".", epilog=_EXAMPLES,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    _add_commands(parser)
    return run(parser.parse_args(list(words) or ["--help"]))


def add_parser(subparsers: Any) -> None:
    """Add ``record`` to a command line that has commands."""
    _add_commands(subparsers.add_parser("record", help=WHAT, description=WHAT[0].upper() + WHAT[1:] + ".",
                                        epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter))


def run(arguments: argparse.Namespace) -> int:
    """Do what the command line asks."""
    status: int = arguments.do(arguments)
    return status


def _add_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    show = _command(commands, "show", _show, "what is held, a case with its chain and papers, or one paper")
    show.add_argument("name", metavar="CASE", nargs="?", default="",
                      help="a case's id or subject, a folder of papers, a pack, or a paper's digest")
    show.add_argument("--json", action="store_true", help="one JSON document")

    verify = _command(commands, "verify", _verify, "every break in the record, with its place")
    verify.add_argument("file", metavar="FILE", nargs="?", default="", help="a hand-over pack or a workspace folder")
    verify.add_argument("--published", metavar="FILE", action="append", default=[],
                        help="heads that were published, to hold the record against")
    verify.add_argument("--json", action="store_true", help="one JSON document")

    pack = _command(commands, "pack", _pack, "a case, or all that a body entered, in one file that proves itself")
    pack.add_argument("name", metavar="CASE|ORGANISATION", help="a case's id or subject, or an organisation's code")
    pack.add_argument("file", metavar="FILE", help="the pack to write")
    pack.add_argument("--with", dest="beside", metavar="FILE", action="append", default=[],
                      help="a document that travels beside the record")

    unpack = _command(commands, "unpack", _unpack, "check a pack and take it in, wholly or not at all")
    unpack.add_argument("file", metavar="FILE", help="the pack to take in")
    unpack.add_argument("--json", action="store_true", help="the receipt as JSON")

    heads = _command(commands, "heads", _heads, "enter the day's heads of all chains, and write them to be published")
    heads.add_argument("file", metavar="FILE", nargs="?", default="", help="where to write them (standard output)")
    heads.add_argument("--day", type=date.fromisoformat, default=None, help="the day they stand for (today)")


def _command(commands: Any, name: str, do: Any, what: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
    parser.add_argument("--workspace", metavar="DIR", default=os.environ.get("EVENHAND_HOME") or "workspace",
                        help="the workspace folder (EVENHAND_HOME, else ./workspace)")
    parser.add_argument("--database", choices=("workspace", "site"), default="workspace",
                        help="where the record is kept: in the workspace, or in the site's database")
    parser.add_argument("--by", metavar="IDENTIFIER", default="command", help="who does this, never by name")
    parser.set_defaults(do=do)
    return parser


def _record(arguments: argparse.Namespace) -> Record:
    if arguments.database == "workspace":
        from evenhand.record import Workspace

        return Workspace.open(arguments.workspace)
    try:
        from evenhand.record.app.site import Site
    except ImportError:
        raise refuse("the site's parts are not installed", "install them: pip install 'evenhand[web]'") from None
    return Site.alone("evenhand.web.settings")


def _document(command: str, settings: dict[str, Any], fields: dict[str, Any], digests: Sequence[str] = ()) -> str:
    return document(f"record {command}", "the record: chained entries over sealed papers", settings, fields,
                    made_from=[{"what": "paper", "digest": each} for each in digests])


# --- show -------------------------------------------------------------------------------------------------------------


def _show(arguments: argparse.Namespace) -> int:
    from evenhand.papers import is_digest
    from evenhand.record.casefile import case_file, held_by

    name: str = arguments.name
    if not name:
        return _show_all(_record(arguments), arguments.json)
    if is_digest(name):
        print(json.dumps(_record(arguments).paper(name).to_json(), indent=2, ensure_ascii=False))
        return 0
    if arguments.database == "site":
        record = _record(arguments)
        held = held_by(record, record.subject_called(name))
    else:
        held = case_file(name, workspace=Path(arguments.workspace))
    print(_document("show", {"name": name}, _as_json(held), [kept.digest for kept in held.papers])
          if arguments.json else "\n".join(_as_text(held)))
    return 0


def _show_all(record: Record, as_json: bool) -> int:
    from evenhand.record.writing import state_of

    chains = {subject: record.entries(subject) for subject in record.subjects()}
    if as_json:
        print(_document("show", {"name": None}, {"subjects": [
            {"subject": subject, "entries": len(chain), "last": chain[-1].at, "state": _state(subject, chain)}
            for subject, chain in chains.items()]}))
        return 0
    for subject, chain in chains.items():
        state = f", {state_of(chain)}" if subject.startswith("case/") else ""
        print(f"{subject}: {counted(len(chain), 'entry', 'entries')}, last on {_moment(chain[-1].at)}{state}")
    return 0


def _state(subject: str, chain: Sequence[Entry]) -> str | None:
    from evenhand.record.writing import state_of

    return state_of(list(chain)) if subject.startswith("case/") else None


def _as_json(held: CaseFile) -> dict[str, Any]:
    return {
        "subject": held.subject, "state": _state(held.subject, held.entries),
        "entries": [entry.to_json() for entry in held.entries],
        "words": {name: {"words": said.words, "erased": said.is_erased} for name, said in held.words.items()},
        "papers": [{"digest": kept.digest, "kind": kept.kind, **kept.paper().to_json()} for kept in held.papers]}


def _as_text(held: CaseFile) -> list[str]:
    papers = {kept.digest: kept for kept in held.papers}
    state = _state(held.subject, held.entries)
    lines = [f"{held.subject}{f', {state}' if state else ''}: {counted(len(held.entries), 'entry', 'entries')}, "
             f"{counted(len(held.papers), 'paper')}"]
    for entry in held.entries:
        body = f" for {entry.organisation}" if entry.organisation else ""
        came_to = "moved to " if entry.kind == "step" else ""
        lines.append(f"{entry.number:>4}  {_moment(entry.at)}  {came_to}{entry.what}, by {entry.by}{body}")
        lines += [f"      {_paper_line(digest, papers.get(digest))}" for digest in entry.papers]
        lines += [f"      {label}: {_said(held.words.get(each))}" for label, each in entry.commitments.items()
                  if label != "erased"]
    told = {digest for entry in held.entries for digest in entry.papers}
    return lines + [f"      {_paper_line(each, kept)}" for each, kept in papers.items() if each not in told]


def _paper_line(digest: str, kept: Kept | None) -> str:
    if kept is None:
        return digest
    version = kept.paper().header.proposal_version
    return f"{kept.kind}{f', version {version}' if version else ''}: {digest}"


def _said(words: Words | None) -> str:
    if words is None:
        return "(words not held here)"
    return "(erased)" if words.words is None else words.words


def _moment(at: str) -> str:
    try:
        return f"{datetime.fromisoformat(at):%d %B %Y, %H:%M}".removeprefix("0")
    except ValueError:
        return at


# --- verify, pack, unpack, heads --------------------------------------------------------------------------------------


def _verify(arguments: argparse.Namespace) -> int:
    from evenhand.data import store
    from evenhand.record import Workspace
    from evenhand.record.pack import MOST_BYTES, opened_pack

    path = Path(arguments.file)
    if arguments.file and not path.is_dir():
        pack = opened_pack(store.whole(path, at_most=MOST_BYTES))
        entries, breaks = list(pack.entries), _against(pack.entries, arguments.published)
    else:
        record = Workspace.open(path) if arguments.file else _record(arguments)
        breaks = tuple(Problem(each.what, _MEND, file=each.place)
                       for each in record.verify([_heads_in(file) for file in arguments.published]))
        entries = [] if breaks else record.entries()
    if breaks:
        raise Refused(breaks)
    chains = len({entry.subject for entry in entries})
    if arguments.json:
        print(_document("verify", {"file": arguments.file or None, "published": arguments.published},
                        {"sound": True, "entries": len(entries), "chains": chains, "breaks": []}))
    else:
        print(f"Sound: {counted(len(entries), 'entry', 'entries')} in {counted(chains, 'chain')}, nothing changed.")
    return 0


_MEND = "compare with a backup or a hand-over pack, and say openly that it was changed"


def _against(entries: Sequence[Entry], published: Sequence[str]) -> tuple[Problem, ...]:
    """A pack's chains against published heads; heads of cases that are not in the pack do not speak of it."""
    from evenhand.record.chain import against_heads

    held = {entry.subject for entry in entries}
    return tuple(Problem(each.what, _MEND, file=each.place) for file in published
                 for each in against_heads(entries, _heads_in(file)) if each.place.partition(",")[0] in held)


def _heads_in(file: str) -> Heads:
    from evenhand.data import store
    from evenhand.papers import Heads, opened
    from evenhand.record.casefile import MOST_BYTES_OF_A_PAPER

    try:
        paper = opened(store.whole(Path(file), at_most=MOST_BYTES_OF_A_PAPER).strip())
    except Refused as refused:
        raise refused.in_file(file) from None
    if not isinstance(paper, Heads):
        raise refuse(f"this is a {paper.paper}, not published heads", "name a file that evenhand record heads wrote",
                     file=file)
    return paper


def _pack(arguments: argparse.Namespace) -> int:
    from evenhand.data import store
    from evenhand.papers import INSTALLATION
    from evenhand.record.pack import MOST_BYTES, digest_of_pack

    record = _record(arguments)
    of_a_body = [each for each in record.subjects(organisation=arguments.name) if each != INSTALLATION]
    subjects = of_a_body or [record.subject_called(arguments.name)]
    beside = {Path(file).name: store.whole(Path(file), at_most=MOST_BYTES) for file in arguments.beside}
    content = record.pack(subjects, files=beside)
    store.put(Path(arguments.file), content)
    print(f"{arguments.file}: {', '.join(subjects)}; {len(content):,} bytes.\n"
          f"Tell whoever receives it that its digest is {digest_of_pack(content)}")
    return 0


def _unpack(arguments: argparse.Namespace) -> int:
    from evenhand.data import store
    from evenhand.record.pack import MOST_BYTES

    path = Path(arguments.file)
    content = store.whole(path, at_most=MOST_BYTES)
    try:
        receipt = _record(arguments).unpack(content, by=arguments.by, at=datetime.now(UTC))
    except Refused as refused:
        raise refused.in_file(arguments.file) from None
    if arguments.json:
        print(json.dumps(receipt.to_json(), indent=2, ensure_ascii=False))
    else:
        print(f"Received and sound: {', '.join(head.subject for head in receipt.chains)}; "
              f"{counted(receipt.entries, 'entry', 'entries')}, {counted(receipt.papers, 'paper')}.\n"
              f"Its digest is {receipt.pack}: the sender's should be the same.")
    return 0


def _heads(arguments: argparse.Namespace) -> int:
    from evenhand.data import store
    from evenhand.papers import seal

    now = datetime.now(UTC)
    record = _record(arguments)
    record.subjects()  # where there is no record, there is nothing to publish, and none is made
    content = seal(record.close_day(arguments.day or now.date(), by=arguments.by, at=now)).bytes
    if arguments.file:
        store.put(Path(arguments.file), content)
    else:
        print(content.decode())
    return 0
