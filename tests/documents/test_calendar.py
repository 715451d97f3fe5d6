"""Calendar files as RFC 5545 asks: folded, escaped, and at the right hour in winter and in summer."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from evenhand.documents.calendar import Event, calendar, escaped, fold
from evenhand.terms import Refused

LONDON = ZoneInfo("Europe/London")
CHANGED = datetime(2026, 11, 1, 12, tzinfo=UTC)


def unfolded(content):
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_nine_in_london_is_eight_in_universal_time_in_summer_and_nine_in_winter():
    content = calendar("Meetings", [
        Event("a", "June", datetime(2027, 6, 9, 9, tzinfo=LONDON), CHANGED),
        Event("b", "December", datetime(2027, 12, 9, 9, tzinfo=LONDON), CHANGED)])
    lines = unfolded(content)
    assert [line for line in lines if line.startswith("DTSTART")] == ["DTSTART:20270609T080000Z",
                                                                     "DTSTART:20271209T090000Z"]
    # Two hours where no end is told.
    assert "DTEND:20270609T100000Z" in lines


def test_the_clocks_going_back_in_the_middle_of_a_meeting_lose_no_hour():
    # 31 October 2027, 1.30 in summer time to 1.30 in winter time: one hour passes.
    event = Event("a", "Night", datetime(2027, 10, 31, 1, 30, tzinfo=LONDON, fold=0), CHANGED,
                  ends=datetime(2027, 10, 31, 2, 30, tzinfo=LONDON))
    lines = unfolded(calendar("x", [event]))
    assert "DTSTART:20271031T003000Z" in lines
    assert "DTEND:20271031T023000Z" in lines


def test_what_is_due_takes_its_whole_day_and_keeps_nobody_busy():
    lines = unfolded(calendar("Due", [Event("a", "Write to the practices", date(2026, 12, 31), CHANGED)]))
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "TRANSP:TRANSPARENT" in lines


def test_commas_semicolons_backslashes_and_line_ends_are_marked():
    assert escaped("Ward 3; beds, teams\\n\nand\r\nso on\x07") == "Ward 3\\; beds\\, teams\\\\n\\nand\\nso on"


def test_a_title_cannot_add_an_event_of_its_own():
    lines = unfolded(calendar("x", [Event("a\r\nBEGIN:VEVENT", "One\r\nEND:VEVENT", date(2026, 1, 1), CHANGED,
                                          address="https://a.example/\r\nX:1")]))
    assert lines.count("BEGIN:VEVENT") == 1
    assert lines.count("END:VEVENT") == 1


@given(some.text(max_size=400))
def test_no_line_is_longer_than_75_octets_and_unfolding_gives_the_text_back(text):
    line = f"SUMMARY:{escaped(text)}"
    pieces = fold(line)
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


def test_every_line_ends_as_the_rule_asks_and_a_calendar_without_events_is_one():
    content = calendar("Nothing yet", [])
    assert content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")


def test_a_time_without_its_zone_or_an_end_before_the_beginning_is_refused():
    with pytest.raises(Refused, match="time zone"):
        Event("a", "x", datetime(2026, 1, 1, 9), CHANGED)
    with pytest.raises(Refused, match="ends before"):
        Event("a", "x", datetime(2026, 1, 1, 9, tzinfo=UTC), CHANGED, ends=datetime(2026, 1, 1, 8, tzinfo=UTC))
