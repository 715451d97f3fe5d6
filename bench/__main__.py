"""Runs every measurement and prints them as one table."""

from __future__ import annotations

from bench import control_charts, england, first_use, further_questions, standardised_rates, synthetic_control
from bench.measurement import Measurement

MEASUREMENTS = (
    first_use.help_page, first_use.rooms_list, standardised_rates.first_time, further_questions.other_peers,
    control_charts.every_series, synthetic_control.all_placebos, england.whole_run)


def main() -> None:
    """Print, for each piece of work, our time, the other's, and the ratio between them."""
    print(f"{'work':<44} {'ours':>9} {'otherwise':>10} {'ratio':>7}  otherwise is")
    for measure in MEASUREMENTS:
        found = measure()
        # What it is set beside may not be installed; then it has said so.
        for each in found if isinstance(found, tuple) else () if found is None else (found,):
            print(row(each), flush=True)


def row(found: Measurement) -> str:
    """One line of the table."""
    beside = (f"{found.otherwise:>8.3f} s {found.otherwise / found.ours:>7.1f}" if found.otherwise is not None else
              f"{'-':>10} {'-':>7}")
    times = f"{found.ours:>7.3f} s {beside}"
    return f"{found.work:<44} {times}  {found.what_otherwise}"


if __name__ == "__main__":
    main()
