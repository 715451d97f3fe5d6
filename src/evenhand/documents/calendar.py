"""Calendar files that any calendar program opens: meetings at their hour, what is due on its day.

RFC 5545 (Desruisseaux, 2009), *Internet Calendaring and Scheduling Core Object Specification*: sections 3.1 (lines
fold at 75 octets), 3.3.5 (an instant in universal time needs no table of time zones), 3.3.11 (what is escaped in
text), 3.6.1 (the event).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from evenhand.terms import refuse

MEDIA_TYPE = "text/calendar; charset=utf-8"
MAKER = "-//Evenhand//Meetings and what is due//EN"
MOST_OCTETS = 75


@dataclass(frozen=True)
class Event:
    """Something in a calendar. ``begins`` is an instant with its time zone, or a day, which then is taken whole.

    ``uid`` is the same each time the event is told of, so that a calendar renews it; ``changed`` when it last changed.
    """

    uid: str
    title: str
    begins: datetime | date
    changed: datetime
    ends: datetime | None = None
    place: str = ""
    words: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        for moment in (self.begins, self.ends, self.changed):
            if isinstance(moment, datetime) and moment.tzinfo is None:
                raise refuse("a time in a calendar needs its time zone", "give one, as Europe/London",
                             value=moment.isoformat())
        if isinstance(self.ends, datetime) and isinstance(self.begins, datetime) and self.ends <= self.begins:
            raise refuse("this ends before it begins", "mend the times", value=self.ends.isoformat())


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """One calendar file. A calendar without events is a file all the same: it can be followed before there are any."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{MAKER}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{escaped(name)}"]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in fold(line)).encode()


def _event(event: Event) -> list[str]:
    if isinstance(event.begins, datetime):
        ends = event.ends or event.begins + timedelta(hours=2)
        times = [f"DTSTART:{_instant(event.begins)}", f"DTEND:{_instant(ends)}"]
    else:
        # The end of a whole day is the next one, which it does not take in (section 3.6.1).
        times = [f"DTSTART;VALUE=DATE:{event.begins:%Y%m%d}",
                 f"DTEND;VALUE=DATE:{event.begins + timedelta(days=1):%Y%m%d}", "TRANSP:TRANSPARENT"]
    said = [f"SUMMARY:{escaped(event.title)}"]
    said += [f"LOCATION:{escaped(event.place)}"] if event.place else []
    said += [f"DESCRIPTION:{escaped(event.words)}"] if event.words else []
    said += [f"URL:{_plain(event.address)}"] if event.address else []
    return ["BEGIN:VEVENT", f"UID:{_plain(event.uid)}", f"DTSTAMP:{_instant(event.changed)}", *times, *said,
            "END:VEVENT"]


def escaped(text: str) -> str:
    """Text as a calendar holds it: backslash, semicolon, comma and line ends marked; other control letters gone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
    for letter, marked in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        kept = kept.replace(letter, marked)
    return kept


def fold(line: str) -> list[str]:
    """A line in pieces of 75 octets or fewer, none of them in the middle of a letter; each after the first indented."""
    pieces, piece, octets = [], "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > MOST_OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += letter
        octets += size
    return [*pieces, piece]


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _plain(text: str) -> str:
    """An identifier or address: whatever would end the line is left out."""
    return "".join(letter for letter in text if letter.isprintable())
