"""``evenhand data``: load published files, say what can be read, write out what is held."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.cli.arguments import Parser
from evenhand.cli.document import document
from evenhand.cli.output import wrapped
from evenhand.cli.progress import progress
from evenhand.terms import Month, refuse
from evenhand.terms.words import counted

if TYPE_CHECKING:
    from evenhand.data.load import LoadReport

WHAT = "load published files, say what can be read, and write out what is held"
_EXAMPLES = """examples:
  evenhand data sources
  evenhand data load measures_2020-12_to_2025-12.parquet list_size_total_and_over_55.csv.gz
  evenhand data observations --measure glutenfree --unit 15M
  evenhand data observations --from 2025-01 --vintage "2020-12 to 2025-12" --out panel.parquet
  evenhand data measures --out measures.csv
  evenhand data suppress sample:counts
  evenhand data new-region --of 36L --data DIR --out south-west-london
"""


def main(words: Sequence[str]) -> int:
    """Run ``evenhand data ...``; raises ``Refused`` for what the person can mend."""
    if list(words[:1]) == ["suppress"]:
        from evenhand.cli.method_command import method_main
        from evenhand.data.suppress import METHOD

        # Declared as the methods of the rooms are, so that it reads and writes as they do.
        return method_main(METHOD, list(words[1:]))
    parser = Parser(prog="evenhand data", description=WHAT[0].upper() + WHAT[1:] + ".", epilog=_EXAMPLES,
                    formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)

    load = _command(commands, "load", _load, "recognise published files by their headings, check them, and load them; "
                                             "all of them, or none")
    load.add_argument("files", metavar="FILE", nargs="+", help="published files, as published")
    load.add_argument("--as", dest="source", metavar="SOURCE", default="",
                      help="what the files are, where their headings do not say (a name from data sources)")
    load.add_argument("--json", action="store_true", help="one JSON document on standard output")
    _workspace(load)

    sources = _command(commands, "sources", _sources, "the publications that can be read, and where to get the next")
    sources.add_argument("--json", action="store_true", help="one JSON document on standard output")

    held = _command(commands, "held", _held, "the files that a workspace holds")
    held.add_argument("--json", action="store_true", help="one JSON document on standard output")
    _workspace(held)

    panel = _command(commands, "observations", _observations, "what is held of one or more measures, as a long table")
    for name, what in (("measure", "measures, with commas between"), ("unit", "codes, with commas between"),
                       ("source", "one source"), ("vintage", "one release, as 2020-12 to 2025-12"),
                       ("from", "first month, as 2016-04"), ("to", "last month")):
        panel.add_argument(f"--{name}", dest=f"only_{name}", metavar=name.upper(), default="", help=what)
    _out(panel)
    _workspace(panel)

    described = _command(commands, "measures", _measures, "what each measure counts and which side is good, as find "
                                                          "gaps --measures reads it; or a document of your own, looked "
                                                          "over before it is adopted")
    _out(described)
    described.add_argument("--check", metavar="FILE", default="", help="a document of measures (TOML): say what it "
                                                                       "lacks")
    described.add_argument("--on", metavar="DIR", default="", help="with --check: a workspace; say what each measure "
                                                                   "gives for all its bodies")
    described.add_argument("--json", action="store_true", help="with --check: one JSON document on standard output")

    bodies = _command(commands, "commissioners", _commissioners, "compute the table of commissioners from the "
                                                                 "published lists")
    bodies.add_argument("--data", metavar="DIR", required=True, help="the folder of published files")
    bodies.add_argument("--out", metavar="FILE", default="", help="the CSV to write (standard output)")

    region = _command(commands, "new-region", _new_region, "write the folder of a region, ready to run")
    region.add_argument("--of", dest="code", metavar="CODE", required=True, help="a commissioner's code, such as 15M")
    region.add_argument("--data", metavar="DIR", required=True, help="the folder of published files")
    region.add_argument("--out", metavar="DIR", default="", help="the folder to write (by default named for the place)")

    _command(commands, "suppress", None, "a table of counts as it may be shown; evenhand data suppress --help says "
                                         "more")

    county = _command(commands, "invent", _invent, "write the folder of an invented county whose truth is known, ready "
                                                   "to run")
    county.add_argument("--seed", metavar="N", type=int, default=1, help="the same seed gives the same bytes (1)")
    county.add_argument("--size", metavar="SIZE", default="county", help="small, county or england (county)")
    county.add_argument("--out", metavar="DIR", required=True, help="the folder to write")

    arguments = parser.parse_args(list(words) or ["--help"])
    status: int = arguments.do(arguments)
    return status


def _command(commands: Any, name: str, do: Any, what: str) -> Parser:
    parser: Parser = commands.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".",
                                         allow_abbrev=False)
    parser.set_defaults(do=do)
    return parser


def _workspace(parser: Parser) -> None:
    parser.add_argument("--workspace", metavar="DIR", default=os.environ.get("EVENHAND_HOME") or "workspace",
                        help="the workspace folder (EVENHAND_HOME, else ./workspace)")


def _out(parser: Parser) -> None:
    parser.add_argument("--out", metavar="FILE", default="", help="a file ending in .csv, .csv.gz or .parquet "
                                                                  "(CSV on standard output)")


# --- load, sources, held ----------------------------------------------------------------------------------------------


def _load(arguments: argparse.Namespace) -> int:
    from evenhand.data.load import load

    with progress("evenhand data load"):
        report = load(arguments.files, Path(arguments.workspace), source=arguments.source)
        looks = _looks_due(Path(arguments.workspace)) if any(not each.already for each in report.loaded) else []
    if arguments.json:
        print(json.dumps({**report.document(), "looks": looks,
                          "settings": {"as": arguments.source or None, "workspace": arguments.workspace}},
                         indent=2, ensure_ascii=False))
    else:
        print("\n".join([*_as_text(report), *(line for said in looks for line in wrapped(said))]))
    return 0


def _looks_due(workspace: Path) -> list[str]:
    """The looks at programmes that the new figures made due, taken at once: nobody has to remember to look."""
    from datetime import UTC, datetime

    from evenhand.cli.evaluate_case import new_looks_said
    from evenhand.region.due import after_a_load

    return new_looks_said(after_a_load(workspace, at=datetime.now(UTC)))


def _as_text(report: LoadReport) -> list[str]:
    lines = []
    for each in report.loaded:
        lines += wrapped(each.sentence)
        for refusal in each.held.refusals:
            shown = ", ".join(f"row {one['row']}: {one['value'] or 'empty'}" for one in refusal["examples"])
            lines += wrapped(f"{counted(refusal['count'], 'row')} refused: {refusal['reason']} ({shown})",
                             indent="  - ")
        for remark in each.held.remarks:
            lines += wrapped(remark, indent="  - ")
    if report.remarks:
        lines.append("")
        lines += [line for remark in report.remarks for line in wrapped(remark, indent="- ")]
    return lines


def _sources(arguments: argparse.Namespace) -> int:
    from evenhand.data.importers import IMPORTERS

    if arguments.json:
        print(document("data sources", "the publications this program can read", {}, {"sources": [
            {"name": each.name, "title": each.title, "publisher": each.publisher, "licence": each.licence,
             "next_release": each.next_release, "headings": list(each.headings), "gives": list(each.gives),
             "small_numbers": {"whose": each.small_numbers.whose, "because": each.small_numbers.because}}
            for each in IMPORTERS]}))
        return 0
    for each in IMPORTERS:
        print(f"{each.name}: {each.title}")
        known_by = ", ".join(each.headings).replace("|", " or ") or "its layout"
        for what, said in (("publisher", each.publisher), ("licence", each.licence), ("next", each.next_release),
                           ("small numbers", each.small_numbers.because), ("known by", known_by)):
            print("\n".join(wrapped(f"{what}: {said}", indent="    ")))
    return 0


def _held(arguments: argparse.Namespace) -> int:
    from evenhand.data.holdings import held_in

    held = held_in(Path(arguments.workspace))
    if arguments.json:
        print(document("data held", "the files of a workspace", {"workspace": arguments.workspace},
                       {"held": [each.document() for each in held]},
                       made_from=[{"what": each.file, "digest": each.digest} for each in held]))
        return 0
    for each in held:
        print(f"{each.source:<22} {each.rows_kept:>9,} rows  {each.file}  {each.digest[:19]}…")
    if not held:
        print("Nothing is held yet. evenhand data load FILE brings something in.")
    return 0


# --- write out --------------------------------------------------------------------------------------------------------


def _observations(arguments: argparse.Namespace) -> int:
    from evenhand.data.engine import observations

    def month(text: str, option: str) -> Month | None:
        try:
            return Month.parsed(text) if text else None
        except ValueError:
            raise refuse("this is not a month", "write it as 2016-04", column=option, value=text) from None

    def several(text: str) -> list[str]:
        return [each.strip() for each in text.split(",") if each.strip()]

    found = observations(Path(arguments.workspace), measure=several(arguments.only_measure),
                         unit=several(arguments.only_unit), source=arguments.only_source,
                         vintage=arguments.only_vintage, first=month(arguments.only_from, "--from"),
                         last=month(arguments.only_to, "--to"))
    if not found.num_rows:
        raise refuse("nothing is held that fits", "ask for other codes or months, or load a file that has them")
    return _given(found, arguments.out)


def _measures(arguments: argparse.Namespace) -> int:
    from evenhand.data.measures import as_table

    if arguments.check:
        return _check(arguments)
    if arguments.on or arguments.json:
        raise refuse("there is nothing to look over", "name the document: --check FILE.toml", column="--check")
    return _given(as_table(), arguments.out)


def _check(arguments: argparse.Namespace) -> int:
    from evenhand.cli.output import wrapped
    from evenhand.data import measures_check
    from evenhand.data.measures import measures_in
    from evenhand.data.reading import digest_of
    from evenhand.terms import Refused

    path = Path(arguments.check)
    if not path.is_file():
        raise refuse("there is no such file", "give the path of a document of measures, in TOML", file=str(path))
    described = measures_in(path)
    if faults := [each for measure in described for each in measures_check.faults(measure, path.name)]:
        raise Refused(faults)
    every = list(described) if arguments.on else []
    given = measures_check.previews(every, Path(arguments.on)) if every else {}
    again = measures_check.worked_again(every, Path(arguments.on)) if every else {}
    shown = [(each, given.get(each.name)) for each in described]
    sentence = f"{counted(len(described), 'measure')} described in full; nothing is adopted by looking"
    if arguments.json:
        print(document("data measures", "a document of measures, looked over", {"check": path.name, "on": arguments.on},
                       {"sentence": sentence, "measures": [
                           measures_check.document(*each, again.get(each[0].name)) for each in shown]},
                       made_from=[{"what": path.name, "digest": digest_of(path.read_bytes())}]))
        return 0
    print("\n".join(wrapped(f"{sentence}.")))
    for measure, found in shown:
        if arguments.on:
            said = found.sentence if found else f"{measure.name}: no figures are held of it over twelve months"
            if (case := again.get(measure.name)) is not None and case.agrees is False:
                said += f". Its worked case says {case.said.value:.6g}, and the figures held give {case.value:.6g}"
            print("\n".join(wrapped(f"{said}.", indent="  - ")))
    return 0


def _given(table: Any, out: str) -> int:
    from evenhand.data import export

    if out:
        export.write(table, Path(out))
        print(f"{counted(table.num_rows, 'row')} written to {out}", file=sys.stderr)
    else:
        sys.stdout.write(export.as_csv(table).decode())
    return 0


def _commissioners(arguments: argparse.Namespace) -> int:
    from evenhand.data.commissioners import as_csv, commissioners_in

    text = as_csv(commissioners_in(Path(arguments.data)))
    if arguments.out:
        from evenhand.cli.output import written

        written(Path(arguments.out), text)
    else:
        sys.stdout.write(text)
    return 0


def _invent(arguments: argparse.Namespace) -> int:
    from evenhand.data.invent import write_region

    with progress("evenhand data invent"):
        said = write_region(Path(arguments.out), size=arguments.size, seed=arguments.seed)
    print("\n".join(said))
    return 0


def _new_region(arguments: argparse.Namespace) -> int:
    from evenhand.data.new_region import write_region

    said = write_region(arguments.code, data=Path(arguments.data), out=Path(arguments.out) if arguments.out else None)
    print("\n".join(said))
    return 0
