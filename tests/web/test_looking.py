"""Where to look first: closed bodies, what must not be added, what is not seen, and the three things to do next."""

import csv
import json
import re
from html import unescape
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
FIGURES = PROJECT / "examples" / "derbyshire" / "figures" / "observations.csv.gz"
LOOK = "/where-to-look/"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """The small table of figures that comes with the real region, loaded."""
    from evenhand.data.load import load

    folder = tmp_path_factory.mktemp("workspace")
    load([FIGURES], folder)
    return folder


@pytest.fixture
def held(workspace, settings):
    settings.HOME = workspace


def said(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_without_figures_the_page_says_which_file_would_allow_it(signed_in):
    page = said(signed_in().get(LOOK, {"of": "15M"}))
    assert "No figures are loaded here yet" in page
    assert "evenhand data load FILE" in page


def test_a_closed_body_is_recognised_with_both_views(signed_in, held):
    client = signed_in()
    now, then = client.get(LOOK, {"of": "07V"}), client.get(LOOK, {"of": "07V", "view": "then"})
    words = ("Croydon CCG (07V) closed on 31 March 2020; newer figures are held only for South West London (36L).")
    assert words in said(now)
    assert words in said(then)
    assert "Over 2025, South West London (36L)" in said(now)
    assert "Over 2016/17, Croydon CCG (07V)" in said(then)


@pytest.mark.parametrize(("typed", "place"), [
    ("36L", "South West London"), ("16C", "Tees Valley"), ("91Q", "Kent and Medway"), ("W2U3Z", "North West London"),
    ("kent and medway", "Kent and Medway"), ("NHS Croydon CCG", "South West London")])
def test_a_place_is_known_by_code_or_name(signed_in, held, typed, place):
    response = signed_in().get(LOOK, {"of": typed})
    assert response.status_code == 200
    assert f"Where should {place}" in said(response)


def test_an_unknown_place_is_refused_with_the_closest(signed_in, held):
    response = signed_in().get(LOOK, {"of": "15N0"})
    assert response.status_code == 404
    assert "15N" in said(response)
    assert "There is something to mend" in said(response)


def test_a_board_is_led_to_the_areas_it_serves(signed_in, held):
    page = said(signed_in().get(LOOK, {"of": "QJ2"}))
    assert "serves Derby and Derbyshire (15M)" in page


def test_the_page_has_its_parts_in_order(signed_in, held):
    page = said(signed_in().get(LOOK, {"of": "15M"}))
    order = ["Where the most money lies", "Headroom, not money", "Not signals", "Not seen", "Take it with you",
             "How we know"]
    places = [page.index(part) for part in order]
    assert places == sorted(places)
    assert "Hospital activity: no file." in page


def test_amino_acid_formula_in_north_derbyshire_is_as_published(signed_in, held):
    """£1,024.65 per 1,000 patients in 2016/17, median £778.80 of 188, 33rd highest, £71,740 a year to the median."""
    page = said(signed_in().get("/measures/aminoacidformula/", {"of": "04J"}))
    for fact in ("£1,024.65", "£778.80", "33rd highest of 188", "£71,740"):
        assert fact in page


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "svg"])
def test_the_figures_can_be_had_as_a_file(signed_in, held, form):
    response = signed_in().get(f"{LOOK}figures.{form}", {"of": "15M"})
    assert response.status_code == 200
    assert f"where-to-look-15M.{form}" in response["Content-Disposition"]


def test_the_file_and_the_page_say_the_same(signed_in, held):
    client = signed_in()
    document = json.loads(client.get(f"{LOOK}figures.json", {"of": "36L"}).content)
    assert document["sentence"] in said(client.get(LOOK, {"of": "36L"}))
    assert document["settings"]["of"] == "36L"


def test_what_is_only_more_likely_than_not_stands_apart_and_adds_up(signed_in, held):
    client = signed_in()
    document = json.loads(client.get(f"{LOOK}figures.json", {"of": "15M"}).content)
    wholes = {each["measure"] for each in document["do_not_add"]}
    rows = [row for row in document["rows"] if row["measure"] not in wholes]
    likely = [row for row in rows if row["raised"] and not row["signal"]]
    chance = [row for row in rows if not row["raised"] and not row["signal"]]
    assert len(likely) > 3
    response = client.get(LOOK, {"of": "15M"})
    page = said(response)
    asked, quiet = page.index("More likely than not, but not beyond chance"), page.index("Not signals")
    assert f"{len(likely)} more measures. Chance alone could show as much" in page[asked:quiet]
    assert f"{len(chance)} measures differ by no more than chance" in page[quiet:]
    assert f"more likely than not in {document['counts']['raised'] - document['counts']['worse']} more" in page
    apart = response.content.decode()
    apart = apart[apart.index('id="likely"'):apart.index("Not signals</h2>")]
    assert "below to" in unescape(apart), "a range over both sides says so"
    assert "Range -" not in apart
    for row in likely:
        assert f"/measure/{row['measure']}/" in apart or f"measure={row['measure']}" in apart
    assert apart.count("Make this a case<") == apart.count("Ask a clinician<") == len(likely)
    table = csv.DictReader(client.get(f"{LOOK}figures.csv", {"of": "15M"}).content.decode("utf-8-sig").splitlines())
    apart_in_file = [row["title"] for row in table if row["raised"] == "True" and row["signal"] == "False"]
    whole_titles = {row["title"] for row in document["rows"] if row["measure"] in wholes}
    assert set(apart_in_file) - {row["title"] for row in likely} <= whole_titles
    assert len(apart_in_file) >= len(likely)


def test_a_case_of_a_likely_gap_says_that_it_is_not_beyond_chance(signed_in, held):
    client = signed_in("ana-lewis")
    document = json.loads(client.get(f"{LOOK}figures.json", {"of": "15M"}).content)
    row = next(row for row in document["rows"] if row["raised"] and not row["signal"])
    words = f"More likely than not, but not beyond chance ({row['likely']:.0%})."
    assert words in said(client.get("/where-to-look/raise/", {"of": "15M", "measure": row["measure"]}))
    assert words in said(client.get("/where-to-look/ask/", {"of": "15M", "measure": row["measure"]}))


def test_the_three_next_steps_ask_the_public_to_sign_in_first(signed_in, held):
    response = signed_in().get("/where-to-look/raise/", {"of": "15M", "measure": "lpdronedarone"})
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?next=%2Fwhere-to-look%2Fraise")


def test_a_gap_becomes_a_case_that_stands_in_the_register_as_raised(signed_in, held):
    from evenhand.record.app import queries as record

    client = signed_in("ana-lewis")
    address = "/where-to-look/raise/?of=15M&measure=lpdronedarone"
    assert "For which body" not in said(client.get(address))
    response = client.post(address, {"body": "INV-MILL", "why": "It is the largest."})
    assert response["Location"] == "/decisions/15m-lpdronedarone-2025/"
    (entry,) = record.entries("case/15m-lpdronedarone-2025")
    assert (entry.by, entry.organisation, entry.what) == ("ana-lewis", "INV-MILL", "case raised")
    (paper,) = record.papers("case/15m-lpdronedarone-2025", "opportunity")
    assert paper.paper().measure == "lpdronedarone"
    assert all(made.digest.startswith("sha256:") for made in paper.paper().header.made_from)
    register = said(signed_in().get("/decisions/"))
    assert "Raised" in register
    assert "Dronedarone" in register
    assert "Dronedarone" in said(client.get("/my-work/"))
    page = said(signed_in().get(response["Location"]))
    assert "Nothing yet" in page
    assert "Not in the sources we hold" not in page, "the record itself is the source of what was raised here"
    again = client.post(address, {"body": "INV-MILL"})
    assert again.status_code == 400
    assert "raised already" in said(again)


def test_a_support_unit_raises_for_its_customer_and_for_nobody_else(signed_in, held):
    client = signed_in("jo-marsh")
    address = "/where-to-look/raise/?of=15M&measure=lpdronedarone"
    assert "Ashdale commissioner" in said(client.get(address))
    assert client.post(address, {"body": "INV-HOSP"}).status_code == 400
    assert client.post(address, {"body": "INV-ASH"}).status_code == 302
    assert "Dronedarone" in said(client.get("/my-customers/INV-ASH/"))
    assert "Dronedarone" not in said(client.get("/my-customers/INV-MILL/"))


def test_a_question_reaches_the_clinical_lead_who_answers_it_once(signed_in, held):
    client = signed_in("ana-lewis")
    address = "/where-to-look/ask/?of=15M&measure=lpdronedarone"
    assert client.post(address, {"words": " "}).status_code == 400
    response = client.post(address, {"words": "Who starts it here?"})
    lead = signed_in("femi-okoro")
    assert "Who starts it here?" in said(lead.get("/my-work/"))
    assert client.post(response["Location"], {"answer": "Me"}).status_code == 403
    assert lead.post(response["Location"], {"answer": "Cardiology does."}).status_code == 302
    assert "Cardiology does." in said(client.get(response["Location"]))
    assert lead.post(response["Location"], {"answer": "Again"}).status_code == 403
    assert signed_in("una-grey").get(response["Location"]).status_code == 404


def test_done_before_finds_a_case_judged_by_the_same_measure(signed_in, held):
    client = signed_in("ana-lewis")
    assert "No case here speaks of it" in said(client.get("/where-to-look/before/", {"measure": "lpdronedarone"}))
    client.post("/where-to-look/raise/?of=15M&measure=lpdronedarone", {"body": "INV-MILL"})
    assert "1 case here speaks of it" in said(client.get("/where-to-look/before/", {"measure": "lpdronedarone"}))


def test_a_measure_shows_every_place_and_one_through_time(signed_in, held):
    page = signed_in().get("/measures/lpdronedarone/", {"of": "36L"})
    assert page.status_code == 200
    assert page.content.decode().count('role="img"') >= 2
    assert signed_in().get("/measures/lpdronedarone/", {"of": "NOPE"}).status_code == 404
    assert signed_in().get("/measures/nothing/").status_code == 404


def test_an_invented_body_that_asks_about_a_real_place_does_not_make_the_place_invented(held, signed_in):
    page = said(signed_in("ana-lewis").get(f"{LOOK}raise/", {"of": "15M", "measure": "lpdronedarone"}))
    assert "The place asked about and its figures are real." in page
    assert "Nothing on this page is about a real body" not in page


def test_a_place_without_figures_on_a_measure_is_told_in_words_with_what_comes_near(signed_in, held):
    response = signed_in().get("/measures/lpdronedarone/", {"of": "ZZZ"})
    page = said(response)
    assert response.status_code == 404
    assert "No organisation in the published lists has this code: “ZZZ”." in page
    near = said(signed_in().get("/measures/lpdronedarone/", {"of": "15N0"}))
    assert "Devon (15N)" in near
    unknown = signed_in().get("/measures/lpdronedaron/")
    assert unknown.status_code == 404
    assert "Dronedarone (heart rhythm)" in said(unknown)


def test_a_remedy_ends_as_a_sentence_does(signed_in, held):
    page = said(signed_in().get(LOOK, {"of": "15N0"}))
    assert re.search(r"Did you mean [^?]+\?|Give a code such as 15M\.", page)
    assert "??" not in page


def test_the_small_lines_say_how_many_months_they_draw(signed_in, held):
    """The kept figures hold the twelve months of 2025 only."""
    page = said(signed_in().get(LOOK, {"of": "15M"}))
    assert "12 months drawn, to December 2025" in page
    assert "24 months" not in page


def test_what_is_counted_is_named_on_the_page(signed_in, held):
    page = said(signed_in().get("/measures/of/", {"of": "15M"}))
    assert "milligrams of morphine or its equal" in page
    assert not re.search(r"\d quantity\b", page)


def test_every_measure_of_a_place_stands_on_one_page_with_files_and_a_command(signed_in, held):
    client = signed_in()
    page = client.get("/measures/of/", {"of": "36L"})
    words = said(page)
    assert page.status_code == 200
    assert "All measures of South West London (36L)" in words
    assert page.content.decode().count('<th scope="row"') >= 30
    assert "evenhand find gaps" in words
    for form, start in (("csv", "\ufeff"), ("json", "{"), ("svg", "<svg")):
        got = client.get(f"/measures/of/figures.{form}", {"of": "36L"})
        assert got.status_code == 200
        assert got.content.decode().startswith(start)
    assert client.get("/measures/of/figures.xlsx", {"of": "36L"}).content[:2] == b"PK"
    assert client.get("/measures/of/", {"of": "ZZZ"}).status_code == 404


def test_peers_by_code_or_name_change_the_comparison_and_stay_in_the_link(signed_in, held):
    """The middle of 15E, 91Q and Tees Valley (16C) on dronedarone is the middle value of the three."""
    client = signed_in()
    asked = {"of": "36L", "against": "peers", "peers": "15E, 91q, Tees Valley"}
    page = said(client.get("/measures/lpdronedarone/", asked))
    assert re.search(r"Peers: Birmingham and Solihull \(15E\), Kent and Medway \(91Q\) and Tees Valley[^.]* \(16C\)\.",
                     page)
    assert "--against peers --peers 15E,91Q,16C" in page
    rows = json.loads(client.get("/measures/lpdronedarone/figures.json", asked).content)["rows"]
    own = {each: json.loads(client.get("/measures/lpdronedarone/figures.json", {"of": each}).content)["rows"][0]
           for each in ("15E", "91Q", "16C")}
    assert rows[0]["benchmark"] == pytest.approx(sorted(each["value"] for each in own.values())[1])
    assert "peers=15E%2C91Q%2C16C" in client.get(LOOK, asked).content.decode()


def test_peers_that_are_not_known_are_said_and_the_middle_of_all_is_kept(signed_in, held):
    for address in (LOOK, "/measures/of/", "/measures/lpdronedarone/"):
        response = signed_in().get(address, {"of": "36L", "against": "peers", "peers": "15E, ZZZ"})
        assert response.status_code == 200, address
        assert "There is something to mend" in said(response)
        assert "“ZZZ”" in said(response)
    none = said(signed_in().get("/measures/of/", {"of": "36L", "against": "peers"}))
    assert "Name at least one peer" in none


def test_a_measures_page_shows_its_worked_case(signed_in, held):
    page = said(signed_in().get("/measures/glutenfree/", {"of": "36L"}))
    assert "Worked through: Derby and Derbyshire (15M), 2025 (12 months): £5,747" in page
    assert "is £5.03" in page
    assert "Written by: the Evenhand project. Checked by: not yet checked." in page
