"""A line as small as a word. The words beside it say what it shows; it has no figures of its own."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT, EDGE = 180, 56, 5


def spark(values: Sequence[float | None]) -> str:
    """A line through values in order, broken where one is missing, from nought up; nothing for fewer than two."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    top = max(known) or 1.0
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)
    points = [None if value is None else (EDGE + place * step, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / top)
              for place, value in enumerate(values)]
    path, pen_up = [], True
    for point in points:
        if point is not None:
            path.append(f"{'M' if pen_up else 'L'}{point[0]:.1f} {point[1]:.1f}")
        pen_up = point is None
    last = next(point for point in reversed(points) if point is not None)
    base = HEIGHT - EDGE
    return Markup(  # noqa: S704 - made of numbers alone
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true" focusable="false">'
        f'<path d="M{EDGE} {base}H{WIDTH - EDGE}" stroke="#d8dde0" fill="none"/>'
        f'<path d="{"".join(path)}" stroke="#005eb8" stroke-width="2" fill="none" stroke-linejoin="round"/>'
        f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="3.5" fill="#005eb8"/></svg>')
