"""Runs every measurement and prints them as one table."""

from __future__ import annotations

from bench import first_use
from bench.measurement import Measurement

MEASUREMENTS = (first_use.help_page, first_use.rooms_list)


def main() -> None:
    """Print, for each piece of work, our time, the other's, and the ratio between them."""
    print(f"{'work':<44} {'ours':>9} {'otherwise':>10} {'ratio':>7}  otherwise is")
    for measure in MEASUREMENTS:
        print(row(measure()), flush=True)


def row(found: Measurement) -> str:
    """One line of the table."""
    times = f"{found.ours:>7.3f} s {found.otherwise:>8.3f} s {found.otherwise / found.ours:>7.1f}"
    return f"{found.work:<44} {times}  {found.what_otherwise}"


if __name__ == "__main__":
    main()
