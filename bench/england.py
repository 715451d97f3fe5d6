"""The main job over an invented county the size of England, from nothing to the summary: how long, and how much memory.

Nobody has a tool that does the same, so that nothing stands beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.measurement import Measurement


def timed(*arguments: str) -> tuple[float, float, float]:
    """Seconds by the clock and of the processor, and GiB at the most, of one command in a process of its own."""
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "evenhand", *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, f"evenhand {' '.join(arguments)} failed"
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20


def whole_run() -> tuple[Measurement, ...]:
    """Inventing the county, then running every step of the main job over it."""
    with tempfile.TemporaryDirectory() as folder:
        region = Path(folder) / "region"
        found = []
        for what, arguments in (
                ("England invented: data invent", ("data", "invent", "--size", "england", "--out", str(region))),
                ("England run: evenhand run", ("run", str(region), "--workspace", str(Path(folder) / "workspace")))):
            taken, processor, most = timed(*arguments)
            print(f"{what}: {processor:.0f} s of the processor, {most:.1f} GiB at the most", file=sys.stderr)
            found.append(Measurement(what, taken, None, "nothing that does the same"))
    return tuple(found)


if __name__ == "__main__":
    from bench.__main__ import row

    print("\n".join(row(each) for each in whole_run()))
