"""A measure before it is adopted: what it would say, who may put a name to it, and what the record keeps."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from evenhand.find.app import measure_queries
from evenhand.people.rights import may_somewhere
from evenhand.record.app import queries as record
from evenhand.web import adoption, loaded
from evenhand.web.demonstration import ASHDALE, MILLBROOK, PEOPLE

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
MEASURE = "lpcoprox"
WHY = "The figures are held elsewhere; its words are ours."


def page(name="measure-preview"):
    return reverse(name, args=(MEASURE,))


def post(client, outcome="adopted", reason=WHY, seen=None, **more):
    seen = adoption.before(loaded.about(MEASURE))[0].fingerprint if seen is None else seen
    return client.post(page("measure-adopt"), {"outcome": outcome, "reason": reason, "seen": seen, **more})


@pytest.fixture
def panel(tmp_path, settings):
    """Three bodies, twelve months: 10, 20 and 30 pounds a month over a list of two thousand; one month lacks."""
    from evenhand.data.load import load

    rows = [f"{MEASURE},{unit},2025-{month:02d},{pounds},2,first,own" for month in range(1, 13)
            for unit, pounds in (("15M", 10), ("36L", 20), ("91Q", 30)) if (unit, month) != ("91Q", 6)]
    path = tmp_path / "panel.csv"
    path.write_text("measure,unit,month,numerator,denominator,vintage,source\n" + "\n".join(rows) + "\n")
    load([path], tmp_path / "w")
    settings.HOME = tmp_path / "w"


def test_the_page_says_what_it_would_give_what_is_missing_and_where_it_disagrees(signed_in, panel):
    said = signed_in().get(page()).content.decode()
    # 12 x 10 pounds over a mean list of 2 thousand is 60; 12 x 20 over 2 is 120; the body that lacks June is left out.
    assert "it would give a value for 2 bodies: 90.00 in the middle, from 60.00" in said
    assert "1 body has figures for some of the twelve months only, and is left out: 91Q." in said
    assert "Nobody of the field has read the description yet." in said
    # The worked case names one body in 2025: these figures hold the body, and give another value.
    assert "disagree" in said
    assert "Published with the product; no body has adopted it here." in said
    assert "<svg" in said
    assert "Put my name to it" not in said


def test_without_figures_it_says_so(signed_in):
    said = signed_in().get(page()).content.decode()
    assert "No figures are held here that it could be tried on." in said
    assert signed_in().get(reverse("measure-preview", args=("no-such",))).status_code == 404


def test_adopting_stands_on_the_measures_page_with_name_and_day_and_in_the_record(signed_in, panel):
    assert post(signed_in("mina-lee")).status_code == 302
    (found,) = measure_queries.decisions(MEASURE)
    assert (found.organisation, found.is_adopted, found.by) == (MILLBROOK, True, "Dr Mina Lee")
    said = signed_in().get(page()).content.decode()
    assert "by Millbrook commissioner (invented) on" in said
    assert "Dr Mina Lee" in said
    (entry,) = [each for each in record.entries(f"body/{MILLBROOK}") if each.what.startswith("measure adopted")]
    assert entry.what == f"measure adopted: {MEASURE}, words {found.fingerprint[7:19]}"
    listed = signed_in().get(reverse("measures-adoption")).content.decode()
    assert "has adopted 1 and declined 0" in listed
    assert "Adopted by Millbrook commissioner (invented)" in listed


def test_the_measures_own_page_names_who_adopted_it_and_who_has_not(signed_in, tmp_path, settings):
    from evenhand.data.load import load
    from evenhand.data.organisations import organisations

    lists = organisations()
    codes = ["15M", *(each.code for each in lists if lists.closed(each.code) is None and each.code != "15M")][:25]
    rows = [f"{MEASURE},{code},2025-{month:02d},{place + month},200,first,own" for month in range(1, 13)
            for place, code in enumerate(codes)]
    path = tmp_path / "panel.csv"
    path.write_text("measure,unit,month,numerator,denominator,vintage,source\n" + "\n".join(rows) + "\n")
    load([path], tmp_path / "w")
    settings.HOME = tmp_path / "w"
    name = lists.name("15M")
    address = reverse("measure", args=(MEASURE,)) + "?of=15M"
    said = signed_in().get(address).content.decode()
    assert f"Published with the product; not yet adopted by {name}" in said
    assert post(signed_in("grace-hart")).status_code == 302
    said = signed_in().get(address).content.decode()
    assert "by Millbrook commissioner (invented) on" in said
    assert f"not yet adopted by {name}" in said


@pytest.mark.parametrize(("outcome", "reason", "words"), [
    ("declined", "", "Whoever wrote it is owed the reason"),
    ("adopted", " ", "Something is missing or does not agree"),
    ("", WHY, "Choose whether it is adopted"),
    ("maybe", WHY, "Choose whether it is adopted"),
])
def test_a_decision_without_its_reason_is_refused_and_nothing_is_kept(signed_in, outcome, reason, words):
    answer = post(signed_in("mina-lee"), outcome, reason)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert measure_queries.decisions() == []


def test_words_that_changed_since_they_were_read_are_not_adopted(signed_in):
    answer = post(signed_in("mina-lee"), seen="sha256:" + "0" * 64)
    assert answer.status_code == 400
    assert "changed since you opened this page" in answer.content.decode()
    assert measure_queries.decisions() == []


def test_the_same_decision_twice_is_one_and_another_takes_its_place(signed_in):
    client = signed_in("mina-lee")
    assert post(client).status_code == 302
    assert post(client).status_code == 400
    assert post(client, "declined", "It counts the wrong thing.").status_code == 302
    (stands,) = measure_queries.decisions(MEASURE)
    assert (stands.outcome, stands.reason) == ("declined", "It counts the wrong thing.")
    assert [each.outcome for each in measure_queries.history(MEASURE, MILLBROOK)] == ["declined", "adopted"]


def test_a_description_that_changed_after_it_was_adopted_says_so(signed_in, monkeypatch):
    assert post(signed_in("mina-lee")).status_code == 302
    monkeypatch.setattr(adoption, "fingerprint", lambda measure: "sha256:" + "1" * 64)
    assert "Its description has changed since." in signed_in().get(page()).content.decode()


@pytest.mark.parametrize("who", ["", *(one.id for one in PEOPLE)])
def test_only_those_who_answer_for_its_sense_decide_and_only_for_their_own_body(signed_in, who):
    from evenhand.people.app import queries as people
    from evenhand.people.rights import THE_PUBLIC, may

    account = who and people.demonstration_key(who)
    person = people.person(account, on=TODAY) if account else THE_PUBLIC
    answer = post(signed_in(who), body=MILLBROOK)
    if not may_somewhere(person, "adopt a measure"):
        assert answer.status_code == 403
    else:
        assert answer.status_code == (302 if may(person, "adopt a measure", MILLBROOK) else 400)
    assert {each.organisation for each in measure_queries.decisions()} <= {MILLBROOK}
    assert ASHDALE not in {each.organisation for each in measure_queries.decisions()}


DOCUMENT = """
author = "A. Writer"
checker = "B. Reader"
next_review = "2027-11"
change_log = ["first written"]
[sources]
own = "Our own count"
[measure.lpcoprox]
title = "Co-proxamol, our way"
why = "It was withdrawn."
unit = "pounds per 1,000 patients"
numerator = "actual cost"
numerator_unit = "pounds"
denominator = "registered patients, in thousands"
denominator_kind = "stock"
direction = "low"
source = "own"
traps = ["Few items."]
worked = { of = "15M", from = "2025-01", to = "2025-12", numerator = 120, denominator = 2, value = 60, file = "p.csv" }
"""


@pytest.mark.parametrize(("text", "said"), [
    (DOCUMENT, ["Co-proxamol, our way", "for 2 bodies", "give the same: £120.00 over 2 is 60.00", "Nothing is kept"]),
    # 12 months of 10 pounds over 2 thousand is 60, whatever the document says.
    (DOCUMENT.replace("numerator = 120,", "numerator = 130,").replace("value = 60", "value = 65"),
     ["Disagrees", "and the description says 65.00", "1 worked case disagrees"]),
    (DOCUMENT.replace('why = "It was withdrawn."', 'why = ""'), ["Why: this is not said; write why it matters"]),
    (DOCUMENT.replace("2025", "2019"), ["no figures of that body and those months are held here"]),
])
def test_a_document_of_ones_own_is_looked_over_on_the_figures_held_and_not_kept(signed_in, panel, text, said):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = signed_in().post(reverse("measures-look-over"), {"document": SimpleUploadedFile("m.toml", text.encode())})
    assert answer.status_code == 200
    for each in said:
        assert each in answer.content.decode()
    assert loaded.about(MEASURE).title != "Co-proxamol, our way"


@pytest.mark.parametrize(("content", "said"), [
    (b"[measure", "this is not TOML"), (b"\xff\xfe", "not text in UTF-8"), (b"a = 1", "not described as it should be"),
    (DOCUMENT.replace('source = "own"', 'source = "none"').encode(), "not described as it should be")])
def test_a_document_that_cannot_be_read_is_refused_in_words(signed_in, content, said):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = signed_in().post(reverse("measures-look-over"), {"document": SimpleUploadedFile("m.toml", content)})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert signed_in().post(reverse("measures-look-over"), {}).status_code == 400


def test_a_regions_own_measures_are_looked_over_in_its_own_words(signed_in, tmp_path, settings):
    from evenhand.web import region_here

    region_here.take(Path(__file__).resolve().parents[2] / "examples" / "millbrook", tmp_path)
    settings.HOME = tmp_path
    said = signed_in().get(reverse("measures-adoption")).content.decode()
    assert "Described in the folder of Millbrook" in said
    name = next(iter(region_here.here().measures)).name
    assert "no worked case" in signed_in().get(reverse("measure-preview", args=(name,))).content.decode()
