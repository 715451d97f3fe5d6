"""Run a region's folder through the rooms, in order, on whatever is there; say which file allows what is left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from evenhand.region import steps
from evenhand.region.folder import open_folder
from evenhand.region.job import Job, Report
from evenhand.region.own import bodies_of, measures_of
from evenhand.region.writing import write_out
from evenhand.terms import closest, refuse
from evenhand.terms.words import listed


def run(path: Path, *, data: Path | None, workspace: Path, at: datetime,
        tell: Callable[[str], None] = lambda said: None) -> Report:
    """Run every step that the folder has material for.

    Args:
        path: the region's folder.
        data: where the published files lie; ``None`` uses the small table of figures kept in the folder.
        workspace: the folder that papers and loaded data are left in; made if need be.
        at: the moment, with its zone, that the record's entries bear.
        tell: told a line as each step begins.

    Raises:
        Refused: something in the folder or in a published file cannot be used. Papers left by earlier steps stay.
    """
    folder = open_folder(path)
    if data is not None and not data.is_dir():
        raise refuse("there is no such folder of published files", "name the folder with --data", file=str(data))
    job = Job(folder, data, workspace, at, tell, bodies_of(folder), measures_of(folder))
    _check_codes(job)
    done = []
    for name, step in steps.IN_ORDER:
        tell(name)
        done.append(step(job))
    report = Report(folder.region.name, folder.region.invented, tuple(done))
    write_out(job, report)
    return report


def _check_codes(job: Job) -> None:
    region = job.folder.region
    for code in (*region.bodies, *(code for look in region.find for code in look.of)):
        if code not in job.bodies:
            near = closest(code, [each.code for each in job.bodies])
            raise refuse("no commissioner has this code", f"the closest are {listed(near)}" if near else "check it",
                         file=str(job.folder.path / "region.toml"), column="bodies", value=code)
