"""``evenhand decide paper`` and ``brief``: a case as a board paper, and as a page for a lay member."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.cli.arguments import Parser
from evenhand.cli.document import document
from evenhand.terms import refuse
from evenhand.terms.words import counted

if TYPE_CHECKING:
    from evenhand.documents.board_paper import BoardPaper, Section
    from evenhand.record import CaseFile
    from evenhand.record.reading import Kept

_EXAMPLES = """examples:
  evenhand decide paper ward-3 --out ward-3.docx                     in our own plain form
  evenhand decide paper ward-3 --out ward-3.pdf                      tagged, for readers aloud and on paper
  evenhand decide paper ward-3 --template ours.docx --out ward-3.docx
  evenhand decide paper pack.zip --version 2 --out ward-3.pdf        from a hand-over pack, on version 2
  evenhand decide brief ward-3                                       a page for a lay member, to read here
  evenhand decide brief ward-3 --out brief.pdf
"""
SAMPLE = "sample:"
ENDINGS = (".docx", ".pdf")
SOURCE = "the case's papers, put in the order in which a board asks"


def main(words: Sequence[str]) -> int:
    """Run ``decide paper`` or ``decide brief``; raises ``Refused`` for what a person can mend."""
    parser = Parser(prog="evenhand decide", epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    paper = commands.add_parser("paper", help="a case's board paper", epilog=_EXAMPLES,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    paper.add_argument("--template", metavar="FILE.docx", help="the body's own Word template, with its places named")
    paper.set_defaults(do=_paper)
    brief = commands.add_parser("brief", help="a page for a lay member", epilog=_EXAMPLES,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    brief.set_defaults(do=_brief, template=None)
    for each in (paper, brief):
        each.add_argument("case", metavar="CASE", help="a case's id, a folder of papers or a pack")
        each.add_argument("--out", metavar="FILE", help="write it: .docx or .pdf")
        each.add_argument("--version", metavar="N", type=int, help="version of the proposal (the newest)")
        each.add_argument("--regime", metavar="RULE", default="under-10",
                          help="the rule by which small counts of people are hidden (under-10)")
        each.add_argument("--workspace", metavar="DIR", default=os.environ.get("EVENHAND_HOME") or "workspace",
                          help="where the record is held (EVENHAND_HOME, else ./workspace)")
        each.add_argument("--json", action="store_true", help="one JSON document on standard output")
    arguments = parser.parse_args(list(words))
    status: int = arguments.do(arguments)
    return status


def _paper(arguments: argparse.Namespace) -> int:
    from evenhand.decide.board_paper import paper_of

    case = _case(arguments)
    paper = paper_of(case, arguments.version, beside=_plans(arguments), regime=arguments.regime)
    marked = sum(each.drafted for each in paper.sections)
    said = [f"{paper.kind}: {paper.title}. {paper.status}.",
            f"{counted(len(paper.sections), 'section')}; {counted(marked, 'sentence')} written by the program, marked "
            "until somebody adopts them."]
    return _give(arguments, case, paper, "decide paper", said)


def _brief(arguments: argparse.Namespace) -> int:
    from evenhand.decide.board_paper import told_of
    from evenhand.decide.brief import brief, earlier_cases

    case = _case(arguments)
    told = told_of(case, arguments.version, beside=_plans(arguments), regime=arguments.regime)
    service = told.proposal.service if told.proposal else ""
    paper = brief(told, earlier_cases(_others(arguments), service, but=case.subject) if service else ())
    said = [f"{paper.kind}: {paper.title}"]
    for section in paper.sections:
        said += ["", section.title, *(f"  {each}" for each in _texts(section))]
    return _give(arguments, case, paper, "decide brief", said)


def _texts(section: Section) -> Iterator[str]:
    from evenhand.documents.board_paper import Lines, marked

    for block in section.blocks:
        if isinstance(block, Lines):
            for each in block.said:
                yield f"{each.label} {marked(each, section)}".strip()


# --- giving it --------------------------------------------------------------------------------------------------------


def _give(arguments: argparse.Namespace, case: CaseFile, paper: BoardPaper, command: str, said: list[str]) -> int:
    from evenhand.papers import digest

    file_digest = None
    if arguments.out:
        content = _content(arguments, paper)
        _write(Path(arguments.out), content)
        file_digest = digest(content)
        wrote = f"Wrote {arguments.out}: {counted(len(content) // 1024, 'kilobyte')}, {file_digest}."
        said = [*said[:2], wrote] if command == "decide paper" else [wrote]
    elif arguments.template:
        raise refuse("a template is filled into a file", "name it with --out FILE.docx", column="--template")
    if not arguments.json:
        print("\n".join(said))
        return 0
    print(document(command, SOURCE, {
        "case": arguments.case, "version": arguments.version, "template": arguments.template,
        "regime": arguments.regime, "out": arguments.out}, {
            "title": paper.title, "status": paper.status, "digest": paper.digest, "file": file_digest,
            "sections": [{"id": each.id, "title": each.title, "digest": each.digest, "drafted": each.drafted,
                          "lines": list(_texts(each))} for each in paper.sections]},
        made_from=[{"what": each.kind, "digest": each.digest} for each in case.papers]))
    return 0


def _content(arguments: argparse.Namespace, paper: BoardPaper) -> bytes:
    from evenhand.documents.board_paper_pdf import pdf_bytes
    from evenhand.documents.board_paper_template import filled
    from evenhand.documents.board_paper_word import word_bytes

    ending = Path(arguments.out).suffix.casefold()
    if ending not in ENDINGS:
        raise refuse("a paper is written as Word or PDF", "end its name in .docx or .pdf", column="--out",
                     value=arguments.out)
    if arguments.template and ending != ".docx":
        raise refuse("a body's own template is a Word file, and so is what comes of it", "end its name in .docx",
                     column="--out", value=arguments.out)
    if ending == ".pdf":
        return pdf_bytes(paper)
    if arguments.template:
        return filled(_template(arguments.template), paper, arguments.template)
    return word_bytes(paper)


def _template(name: str) -> bytes:
    from evenhand.data import store
    from evenhand.documents.board_paper_template import MOST_BYTES

    return store.whole(Path(name), at_most=MOST_BYTES)


def _write(path: Path, content: bytes) -> None:
    from evenhand.data import store

    if not path.absolute().parent.is_dir():
        raise refuse("there is no such folder", "make it first, or name another", file=str(path.parent))
    store.put(path, content)


# --- what is read -----------------------------------------------------------------------------------------------------


def _case(arguments: argparse.Namespace) -> CaseFile:
    from evenhand.record import case_file, case_in

    if arguments.case.startswith(SAMPLE):
        from evenhand.data import reading
        from evenhand.data.tables import sample

        return case_in(reading.bytes_of(sample(arguments.case)), arguments.case)
    return case_file(arguments.case, workspace=Path(arguments.workspace))


def _plans(arguments: argparse.Namespace) -> list[Kept]:
    """Plans of the workspace, where the case is looked up in one."""
    from evenhand.data import store
    from evenhand.record import Workspace

    place = Path(arguments.workspace)
    if Path(arguments.case).exists() or not store.is_workspace(place):
        return []
    there = Workspace.open(place)
    return [each for subject in there.subjects() if subject.startswith("plan/")
            for each in there.papers(subject, "plan")[-1:]]


def _others(arguments: argparse.Namespace) -> Iterator[CaseFile]:
    """The other cases of the workspace."""
    from evenhand.data import store
    from evenhand.record import Workspace
    from evenhand.record.casefile import held_by

    place = Path(arguments.workspace)
    if not Path(arguments.case).exists() and store.is_workspace(place):
        there = Workspace.open(place)
        for subject in there.subjects():
            if subject.startswith("case/"):
                yield held_by(there, subject)
