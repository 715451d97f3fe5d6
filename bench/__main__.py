"""Runs every measurement and prints them as one table."""

from __future__ import annotations

from bench import control_charts, first_use, synthetic_control
from bench.measurement import Measurement

MEASUREMENTS = (
    first_use.help_page, first_use.rooms_list, control_charts.every_series, synthetic_control.all_placebos)


def main() -> None:
    """Print, for each piece of work, our time, the other's, and the ratio between them."""
    print(f"{'work':<44} {'ours':>9} {'otherwise':>10} {'ratio':>7}  otherwise is")
    for measure in MEASUREMENTS:
        found = measure()
        if found is not None:  # what it is set beside may not be installed; then it has said so
            print(row(found), flush=True)


def row(found: Measurement) -> str:
    """One line of the table."""
    times = f"{found.ours:>7.3f} s {found.otherwise:>8.3f} s {found.otherwise / found.ours:>7.1f}"
    return f"{found.work:<44} {times}  {found.what_otherwise}"


if __name__ == "__main__":
    main()
