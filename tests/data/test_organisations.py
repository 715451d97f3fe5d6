from datetime import date

import pytest

from evenhand.data.organisations import Organisations, Succession, organisations, tidy
from evenhand.terms import Refused


def test_a_body_that_closed_says_when_and_where_newer_figures_are():
    assert organisations().sentence("07V") == (
        "Croydon CCG (07V) closed on 31 March 2020; newer figures are held only for South West London (36L)")


def test_a_body_closes_the_day_before_its_successor_begins():
    steps = [step for step in organisations().successions if step.old == "04J"]
    assert [(step.new, step.date) for step in steps] == [("15M", date(2019, 4, 1))]
    assert organisations().closed("04J") == date(2019, 3, 31)


def test_the_four_derbyshire_groups_are_the_predecessors_of_15m():
    assert organisations().predecessors("15M") == ("03X", "03Y", "04J", "04R")
    assert organisations().name("15M") == "Derby and Derbyshire"
    assert organisations().closed("15M") is None


def test_15m_is_served_by_qj2_which_is_an_arrangement_and_no_succession():
    served = organisations().served_by("15M")
    assert served is not None
    assert (served.board, served.board_name) == ("QJ2", "Derby and Derbyshire Integrated Care Board")
    assert served.basis == "ONS lookup of small areas to sub-ICB locations and integrated care boards, 2022"
    assert organisations().successors("15M") == ()


def test_chains_of_mergers_are_followed_to_what_stands_today():
    # Slough (10T) became East Berkshire (15D) in 2018, which became Frimley (D4U1Y) in 2021.
    assert organisations().successors("10T") == ("15D",)
    assert organisations().current("10T") == ("D4U1Y",)
    assert set(organisations().ancestors("D4U1Y")) == {"10C", "15D", "99M", "10G", "10T", "11C"}


def test_locations_of_one_board_are_told_apart_by_the_group_that_had_the_area():
    assert organisations().title("16C") == "Tees Valley, North East and North Cumbria (16C)"
    assert organisations().title("36L") == "South West London (36L)"


def test_an_unknown_code_is_refused_and_the_closest_named():
    with pytest.raises(Refused, match=r"no organisation .* has this code \(15X found\); did you mean 15N"):
        organisations().sentence("15X")
    assert organisations().name("15X") == "15X"
    assert organisations().closest("Croydon")[0] == "07V"


def test_every_chain_ends_in_a_location_of_2022():
    known = organisations()
    for body in known:
        if body.kind == "clinical commissioning group":
            assert all(known.kind(end) == "sub-ICB location" for end in known.current(body.code)), body
            assert body.closed is not None
            assert body.opened is not None


def test_every_location_is_served_by_one_of_42_boards():
    known = organisations()
    locations = [body.code for body in known if body.kind == "sub-ICB location"]
    boards = {served.board for code in locations if (served := known.served_by(code))}
    assert (len(locations), len(boards)) == (106, 42)
    assert sorted(code for board in boards for code in known.served(board)) == sorted(locations)


@pytest.mark.parametrize(("published", "read"), [
    ("NHS CROYDON CCG", "Croydon CCG"),
    ("NHS South West London ICB - 36L", "South West London"),
    ("NHS BATH AND NORTH EAST SOMERSET CCG", "Bath and North East Somerset CCG"),
    ("NHS HARTLEPOOL AND STOCKTON-ON-TEES CCG", "Hartlepool and Stockton-on-Tees CCG"),
    ("NHS CENTRAL LONDON (WESTMINSTER) CCG", "Central London (Westminster) CCG"),
    ("NHS NEWARK & SHERWOOD CCG", "Newark and Sherwood CCG"),
    ("NHS Devon Integrated Care Board", "Devon Integrated Care Board"),
])
def test_published_names_are_written_as_a_reader_writes_them(published, read):
    assert tidy(published) == read


def test_ones_own_tables_make_organisations():
    own = Organisations.from_tables(
        {"code": ["A1", "A2", "B1"], "name": ["NHS ALDER CCG", "NHS ASH CCG", "Millbrook"]},
        {"from": ["A1", "A2"], "to": ["B1", "B1"], "date": ["2030-04-01", "2030-04-01"], "basis": ["order", ""]})
    assert own.name("A1") == "Alder CCG"
    assert own.closed("A2") == date(2030, 3, 31)
    assert own.successions[0] == Succession("A1", "B1", date(2030, 4, 1), "order")
    assert own.sentence("A1") == (
        "Alder CCG (A1) closed on 31 March 2030; newer figures are held only for Millbrook (B1)")


@pytest.mark.parametrize(("names", "lineage", "message"), [
    ({"code": ["A1", "A1"], "name": ["x", "y"]}, None, "row 1 is for the same code"),
    ({"code": ["A1"]}, None, "there is no column “name”"),
    ({"code": ["A1"], "name": ["x"], "opened": ["soon"]}, None, "1:opened: this is not a date (soon found)"),
    ({"code": ["A1"], "name": ["x"]}, {"old": ["A1"], "new": ["B1"], "date": [""]}, "needs its date"),
    ({"code": ["A1"], "name": ["x"]}, {"old": ["A1"], "new": ["A1"], "date": ["2030-04-01"]}, "cannot succeed itself"),
])
def test_tables_that_cannot_be_are_refused_with_their_place(names, lineage, message):
    with pytest.raises(Refused) as refused:
        Organisations.from_tables(names, lineage)
    assert message in str(refused.value)


def test_a_lineage_that_runs_in_a_ring_does_not_hang():
    ring = Organisations.from_tables({"code": ["A", "B"], "name": ["a", "b"]},
                                     {"old": ["A", "B"], "new": ["B", "A"], "date": ["2030-04-01", "2031-04-01"]})
    assert ring.current("A") == ("B",)
    assert ring.ancestors("A") == ("B",)
