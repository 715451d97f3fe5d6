"""``evenhand run REGION``: the main job, from a region's folder to papers, figures and a summary."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.cli.arguments import Parser
from evenhand.cli.document import document

if TYPE_CHECKING:
    from evenhand.region.job import Report
    from evenhand.region.scoring import Score

EXAMPLE = """examples:
  evenhand run examples/derbyshire                          on the small table of figures kept in the folder
  evenhand run examples/derbyshire --data DIR               on the published files in DIR
  evenhand run examples/derbyshire --data DIR --keep        and renew the small table of figures
  evenhand run examples/millbrook --score                   an invented county, scored against its truth
"""


def main(words: Sequence[str]) -> int:
    """Run a region's folder; raises ``Refused`` for what a person can mend."""
    parser = Parser(prog="evenhand run", description="Run the main job: every step that a region's folder has material "
                    "for, papers in order, a summary in sentences.", epilog=EXAMPLE,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("region", metavar="REGION", help="a region's folder, with its region.toml")
    parser.add_argument("--data", metavar="DIR", help="where the published files lie")
    parser.add_argument("--workspace", metavar="DIR", default=os.environ.get("EVENHAND_HOME", "workspace"),
                        help="where papers, figures and loaded data are left (default EVENHAND_HOME, then ./workspace)")
    parser.add_argument("--keep", action="store_true", help="renew the small table of figures in the region's folder")
    parser.add_argument("--json", action="store_true", help="the papers' digests and the summary as one JSON document")
    parser.add_argument("--score", action="store_true", help="of an invented county: what was found, missed and "
                        "falsely raised, beside what today's habits would have said")
    arguments = parser.parse_args(list(words))
    return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    from evenhand.cli.apart import output_kept_for_the_answer
    from evenhand.data.holdings import held_in
    from evenhand.region.running import run

    def tell(said: str) -> None:
        if sys.stderr.isatty():
            print(f"{said} …", file=sys.stderr, flush=True)

    data = Path(arguments.data) if arguments.data else None
    if arguments.score:
        from evenhand.region.folder import open_folder
        from evenhand.region.scoring import read_truth

        read_truth(open_folder(Path(arguments.region)))
    with output_kept_for_the_answer():
        report = run(Path(arguments.region), data=data, workspace=Path(arguments.workspace), at=datetime.now(UTC),
                     tell=tell)
    if arguments.keep:
        from evenhand.region.keeping import keep_figures

        tell("Keeping a small table of figures")
        keep_figures(Path(arguments.region), Path(arguments.workspace))
    scored = _scored(arguments, report) if arguments.score else None
    if arguments.json:
        print(document("run", "every step that the region's folder has material for",
                       {"region": arguments.region, "data": arguments.data, "workspace": arguments.workspace,
                        "keep": arguments.keep, "score": arguments.score},
                       {"region": report.name, "digest": report.digest,
                        "papers": [each.digest for each in report.papers],
                        "steps": [{"step": each.step, "sentences": list(each.sentences),
                                   "left_out": list(each.left_out)} for each in report.done],
                        **({"score": scored.document()} if scored else {})},
                       made_from=[{"what": each.file, "digest": each.digest}
                                  for each in held_in(Path(arguments.workspace))],
                       remarks=[said for each in report.done for said in each.left_out]))
    else:
        print("\n".join(report.lines()))
        print(f"Everything is in {arguments.workspace}: out/summary.html first.")
        if scored:
            print("\n".join(_score_as_text(scored)))
    return 0


def _scored(arguments: argparse.Namespace, report: Report) -> Score:
    from evenhand.region.folder import open_folder
    from evenhand.region.scoring import score

    return score(open_folder(Path(arguments.region)), Path(arguments.workspace), report.papers)


def _score_as_text(scored: Score) -> list[str]:
    """The score as tables and sentences."""
    from evenhand.cli.output import table_text, wrapped

    lines = ["", "Scored against the truth (invented county)"]
    for table in scored.tables():
        lines += ["", *table_text(table)]
    lines.append("")
    return lines + [line for said in scored.sentences() for line in wrapped(said)]
