"""What a scheme lacks, or its list: an owner, a start, a measure."""

from __future__ import annotations

from collections.abc import Collection

from evenhand.choose.tracker.dates import Start


def lacking(roles: Collection[str], owner: str, sponsor: str, start: Start, measure: str) -> list[str]:
    """In words, what nobody has filled in; where the list has no such column, that. ``roles`` are its columns'."""
    missing = []
    if not owner:
        also = f" ({sponsor} answers for it)" if sponsor else ""
        missing.append(f"nobody owns it{also}" if "owner" in roles else "the list has no column of owners")
    if not start.is_said:
        missing.append(start.doubt if "start" in roles else "the list has no column of starts")
    elif start.doubt:
        missing.append(start.doubt)
    if not measure:
        missing.append("no measure says how anyone will know that it works" if "measure" in roles
                       else "the list has no column of measures")
    return missing
