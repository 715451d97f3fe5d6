"""Clear days, grounds for privacy and percentages with their base: the small sums that meetings turn on."""

from datetime import date

import pytest

from evenhand.decide.grounds import GROUNDS, checked
from evenhand.decide.notice import clear_days, due, last_day
from evenhand.decide.tally import Tally
from evenhand.terms import Refused


def test_clear_days_leave_out_both_ends():
    # Monday to Friday: Tuesday, Wednesday, Thursday.
    assert clear_days(date(2026, 11, 23), date(2026, 11, 27)) == 3
    assert clear_days(date(2026, 11, 26), date(2026, 11, 27)) == 0
    assert last_day(date(2026, 11, 27), 3) == date(2026, 11, 23)
    # 28 clear days before 31 December 2026: 28 days from 3 to 30 December lie between.
    assert last_day(date(2026, 12, 31), 28) == date(2026, 12, 2)


@pytest.mark.parametrize(("on", "clear", "in_time"), [
    (date(2026, 11, 23), 3, True), (date(2026, 11, 24), 2, False), (date(2026, 11, 27), -1, False)])
def test_notice_is_in_time_with_the_days_asked_for_and_late_with_one_less(on, clear, in_time):
    found = due("Notice", meeting=date(2026, 11, 27), needed=3, on=on)
    assert (found.clear, found.in_time) == (clear, in_time)
    assert ("too late" in found.sentence) is not in_time


def test_what_is_not_out_is_late_only_once_it_can_no_longer_come_in_time():
    found = due("Papers", meeting=date(2026, 11, 27), needed=5, on=None)
    assert found.last_day == date(2026, 11, 21)
    assert not found.is_late(date(2026, 11, 21))
    assert found.is_late(date(2026, 11, 22))
    assert found.sentence == "Papers: due by 21 November 2026 (5 clear days needed)"


def test_an_item_is_private_only_on_a_ground_and_for_a_reason():
    assert checked("", "") == ("", "")
    assert checked("legal", " Counsel advised on the risk. ") == ("legal", "Counsel advised on the risk.")
    for code, because, what in (("legal", " ", "only for a recorded reason"),
                                ("shy", "We would rather.", "this is none"),
                                ("", "We would rather.", "no ground")):
        with pytest.raises(Refused, match=what):
            checked(code, because)
    assert all(each.source for each in GROUNDS)


def test_a_percentage_says_what_it_is_of():
    # 5 of 7 is 71%; of 5 + 2 votes for or against it is 71% too. With an eighth member silent: 5 of 8 is 62%.
    assert Tally(5, 2, 0, 7).sentence == (
        "5 for, 2 against, 0 abstained. For: 5 of 7 who may vote (71%); 71% of the 7 who voted for or against.")
    assert "5 of 8 who may vote (62%)" in Tally(5, 2, 0, 8).sentence
    assert "1 member did not vote" in Tally(5, 2, 0, 8).sentence
    # An abstention is no vote for or against: 3 of 4, not of 5.
    assert "75% of the 4 who voted for or against" in Tally(3, 1, 1, 5).sentence


def test_a_tie_falls_unless_the_chair_has_a_casting_vote_and_gives_it():
    assert not Tally(2, 2, 1, 5).carried
    assert Tally(2, 2, 1, 5, "for").carried
    assert not Tally(2, 2, 1, 5, "against").carried
    assert "so it falls" in Tally(2, 2, 1, 5).sentence
    assert "the casting vote was for" in Tally(2, 2, 1, 5, "for").sentence
    # A casting vote says nothing where there is no tie.
    assert not Tally(1, 2, 0, 3, "for").carried
