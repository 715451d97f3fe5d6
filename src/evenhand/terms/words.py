"""Figures and lists said as a reader would say them."""

from __future__ import annotations

from collections.abc import Sequence

NOT_HELD = "Not in the sources we hold"


def pounds(amount: float) -> str:
    """Money to read: £71,740, £4.12 (pence below a hundred pounds), -£300."""
    sign = "-" if amount < 0 and round(amount, 2) != 0 else ""
    size = abs(amount)
    return f"{sign}£{size:,.2f}" if size < 100 and size != round(size) else f"{sign}£{size:,.0f}"


def pounds_roughly(amount: float) -> str:
    """Money in a sentence, to two or three figures: £1.2 million, £72,000, £640."""
    sign = "-" if amount < 0 else ""
    size = abs(amount)
    if size >= 999_500:
        millions = size / 1_000_000
        return f"{sign}£{millions:,.1f} million" if millions < 100 else f"{sign}£{millions:,.0f} million"
    if size >= 9_950:
        return f"{sign}£{round(size, -3):,.0f}"
    return f"{sign}£{round(size, -1):,.0f}" if size >= 100 else f"{sign}£{size:,.0f}"


def figure(value: float, *, digits: int = 3) -> str:
    """A number to read, to so many significant figures, whole thousands kept."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    from math import floor, log10

    places = max(0, digits - 1 - floor(log10(size)))
    return f"{value:,.{places}f}"


def per_cent(share: float, *, digits: int = 0) -> str:
    """A share between 0 and 1 as a percentage: 45%."""
    return f"{share * 100:,.{digits}f}%"


def ordinal(number: int) -> str:
    """1st, 2nd, 33rd."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def listed(words: Sequence[str], *, joint: str = "and") -> str:
    """One, two and three."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """1 row, 2 rows, no rows."""
    return f"{number:,} {one if number == 1 else many or one + 's'}" if number else f"no {many or one + 's'}"
