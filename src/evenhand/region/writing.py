"""What a run leaves for people beside the record: papers and figures as files, a summary page, a hand-over pack."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.figures import Figure
from evenhand.papers import INSTALLATION, canonical_bytes, opened
from evenhand.record import Workspace
from evenhand.region.own import INVENTED
from evenhand.terms import Problem, Refused
from evenhand.terms.words import counted, listed

if TYPE_CHECKING:
    from evenhand.region.job import Job, Report

PACK, RECEIPT = "hand-over.zip", "hand-over-receipt.json"


def write_out(job: Job, report: Report) -> None:
    """Papers as JSON, figures as SVG with their tables as CSV, the summary as text and as a page, into ``out/``."""
    folder = job.workspace / "out"
    for paper in report.papers:
        header = opened(paper.bytes).header
        name = f"{header.subject.replace('/', '-')}-{opened(paper.bytes).paper}-{paper.digest[7:15]}.json"
        _written(folder / "papers" / name, paper.bytes)
    for figure in _figures(report):
        name = file_name(figure)
        figure = marked(figure, report)
        _written(folder / "tables" / f"{name}.csv", figure.table.to_csv().encode())
        if figure.chart is not None:
            _written(folder / "figures" / f"{name}.svg", figure.svg().encode())
    _written(folder / "summary.txt", ("\n".join(report.lines()) + "\n").encode())
    _written(folder / "summary.html", page(report).encode())


def _figures(report: Report) -> list[Figure]:
    return [figure for each in report.done for figure in each.figures]


def marked(figure: Figure, report: Report) -> Figure:
    """The figure, with the word that it is invented where it is."""
    if not report.invented:
        return figure
    return replace(figure, note=f"{figure.note} {INVENTED}".strip())


def file_name(figure: Figure) -> str:
    """A figure's name as a file's."""
    return "-".join("".join(each if each.isalnum() else " " for each in figure.name.casefold()).split())


def page(report: Report) -> str:
    """The summary as one page that needs nothing but itself."""
    banner = "<p><strong>Invented county</strong></p>" if report.invented else ""
    parts = [f"<!doctype html><html lang=\"en-GB\"><meta charset=\"utf-8\">"
             f"<meta name=\"viewport\" content=\"width=device-width\"><title>{escape(report.name)}</title>"
             f"<h1>{escape(report.name)}</h1>{banner}"]
    for done in report.done:
        parts.append(f"<h2>{escape(done.step)}</h2>")
        parts += [f"<p>{escape(said)}</p>" for said in done.sentences]
        if done.left_out:
            parts.append("<p>Left out:</p><ul>" + "".join(f"<li>{escape(each)}</li>" for each in done.left_out)
                         + "</ul>")
        parts += [f"<figure><figcaption>{escape(each.title)}. {escape(each.sentence)}</figcaption>"
                  f"{marked(each, report).svg() if each.chart is not None else ''}"
                  f"<p><a href=\"tables/{file_name(each)}.csv\">Table</a></p></figure>" for each in done.figures[:12]]
    parts.append("<h2>How we know</h2><ul>")
    parts += [f"<li>{escape(opened(paper.bytes).paper)}: <code>{escape(paper.digest)}</code></li>"
              for paper in report.papers]
    return "".join([*parts, "</ul></html>\n"])


def rehearse_hand_over(job: Job) -> tuple[str, ...]:
    """Pack every case and body, let the body of today receive it elsewhere, and verify there.

    The entry of the receipt names who received it; ``out/hand-over-receipt.json`` says from whom. Raises ``Refused``
    with every break found.
    """
    subjects = [each for each in job.record.subjects() if each != INSTALLATION]
    content = job.record.pack(subjects)
    _written(job.workspace / "out" / PACK, content)
    with tempfile.TemporaryDirectory() as elsewhere:
        successor = Workspace.open(elsewhere)
        receipt = successor.unpack(content, by="command", at=job.at, organisation=job.folder.region.today)
        breaks = (*job.record.verify(), *successor.verify())
    if breaks:
        raise Refused(Problem(str(each), "do not hand this over before it is mended") for each in breaks)
    to = job.folder.region.today
    old = [code for code in job.folder.region.bodies if code != to]
    _written(job.workspace / "out" / RECEIPT, canonical_bytes({
        "received_by": {"code": to, "name": job.name(to)}, "from": [{"code": code, "name": job.name(code)}
                                                                    for code in old],
        "pack": receipt.pack, "subjects": [each.subject for each in receipt.chains], "papers": receipt.papers,
        "entries": receipt.entries, "erased": receipt.erased}))
    held = f"what {listed([f'{job.name(code)} ({code})' for code in old])} held" if old else "it"
    return (f"Packed {counted(len(subjects), 'subject')} into out/{PACK}, opened it elsewhere and checked it there: "
            f"{counted(receipt.papers, 'paper')} and {counted(receipt.entries, 'entry', 'entries')}, nothing changed.",
            f"{job.name(to)} ({to}) received {held}: the receipt names it, and lies in out/{RECEIPT}.")


def _written(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)
