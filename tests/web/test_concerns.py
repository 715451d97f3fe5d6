"""Concerns: two minutes without an account, a code, and an answer that whoever sent it can read."""

import re
import time
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse

from evenhand.data.personal import signs_of_a_person
from evenhand.find import concern_words
from evenhand.find.app import actions, queries
from evenhand.people.app import queries as people
from evenhand.people.rights import THE_PUBLIC, may, may_somewhere
from evenhand.record.app import queries as record
from evenhand.terms import Refused
from evenhand.web import concerns
from evenhand.web.demonstration import ASHDALE, MILLBROOK, PEOPLE
from evenhand.web.views import concerns as views

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
SAID = {"words": "Letters come a week after the patient is home.", "service": "Discharge letters",
        "practice": "Millpond surgery", "who": "practice", "body": MILLBROOK}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Nobody waits two seconds in a test, and each begins with nothing counted."""
    monkeypatch.setattr(views, "LEAST_SECONDS", 0.0)
    cache.clear()


def mark_of(client):
    return re.search(r'name="form" value="([^"]+)"', client.get("/concerns/").content.decode())[1]


def send(client, **other):
    return client.post("/concerns/", {"form": mark_of(client), **SAID, **other})


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def raised(**other):
    given = {"said_by": "practice", "service": "discharge letters", "practice": "Millpond surgery",
             "words": "Letters come late.", "form": f"form {time.perf_counter_ns()}", "on": TODAY, **other}
    return queries.followed(actions.receive(MILLBROOK, **given))


# --- sending ----------------------------------------------------------------------------------------------------------


def test_a_concern_gives_a_code_who_answers_and_by_when(signed_in):
    client = signed_in()
    response = send(client)
    assert response.status_code == 302
    assert re.fullmatch(r"/concerns/follow/MILL-\d{4}-\d{3}/", response["Location"])
    page = text_of(client.get(response["Location"]))
    found = queries.followed(concern_words.code_meant(response["Location"].split("/")[-2]))
    assert found.due - found.received == timedelta(days=28)
    assert found.code in page
    assert "The programme office of Millbrook commissioner answers by" in page
    assert "Received. Nobody has read it yet." in page
    # A code can be read over a shoulder: neither the words nor the practice stand on the page.
    assert "after the patient is home" not in page
    assert "Millpond" not in page


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(signed_in):
    response = send(signed_in(), service="", who="")
    page = text_of(response)
    assert response.status_code == 400
    assert "Write which service it is about" in page
    assert "Choose who you are" in page
    assert SAID["words"] in page
    assert not [each for each in queries.concerns(frozenset({MILLBROOK})) if each.words == SAID["words"]]


def test_the_public_need_name_no_practice_and_a_practice_must(signed_in):
    assert send(signed_in(), practice="", who="public").status_code == 302
    refused = send(signed_in(), practice="", who="practice")
    assert refused.status_code == 400
    assert "Write your practice or pharmacy" in text_of(refused)


@pytest.mark.parametrize(("words", "said"), [
    ("NHS number 943 476 5919 was never rung back.", "an NHS number"),
    ("Mrs Okafor waited three days.", "somebody’s name"),
    ("A man of AB1 2CD waited.", "a postcode"),
    ("An 84-year-old was sent home alone.", "one person’s age"),
    ("Ring me on 01632 960 983.", "a telephone number"),
    ("She was born 3 March 1941.", "a date of birth"),
])
def test_words_that_point_to_a_patient_are_refused_kindly_and_not_kept(signed_in, words, said):
    before = len(queries.concerns(frozenset({MILLBROOK, ASHDALE}))), len(record.words(f"body/{MILLBROOK}"))
    response = send(signed_in(), words=words)
    page = text_of(response)
    assert response.status_code == 400
    assert said in page
    assert "Nothing has been sent or kept" in page
    assert "Please say it without pointing to one person" in page
    assert (len(queries.concerns(frozenset({MILLBROOK, ASHDALE}))), len(record.words(f"body/{MILLBROOK}"))) == before


@pytest.mark.parametrize("words", [
    "People aged 65 and over wait longest.", "75-year-olds are sent home.", "Children aged 5 to 11 wait a year.",
    "MS Nurses have left. 3 of 10 clinics were cancelled in March 2026.", "Dr Lee’s clinic is always full.",
    "It costs 12,500 a year; 1 in 20 letters is lost.", "Patient Transport Services never come on time."])
def test_what_goes_wrong_can_be_said_of_groups_and_services(words):
    assert [each.found for each in signs_of_a_person(words)] == []


def test_pressing_send_twice_sends_once_and_other_words_are_another_concern(signed_in):
    client = signed_in()
    mark = mark_of(client)
    places = [client.post("/concerns/", {**SAID, "form": mark})["Location"] for _ in range(2)]
    assert places[0] == places[1]
    again = client.post("/concerns/", {**SAID, "form": mark, "words": "And they go to the wrong practice."})
    assert again["Location"] != places[0]


def test_a_machine_is_asked_again_and_a_flood_is_asked_to_wait(signed_in, monkeypatch):
    client = signed_in()
    assert send(client, website="https://buy.example").status_code == 400
    assert client.post("/concerns/", SAID).status_code == 400
    assert client.post("/concerns/", {**SAID, "form": "made-up"}).status_code == 400
    assert send(client, words="See https://a.example and https://b.example").status_code == 400
    monkeypatch.setattr(views, "LEAST_SECONDS", 60.0)
    fast = send(client)
    assert fast.status_code == 400
    assert "press Send once more" in text_of(fast)
    monkeypatch.setattr(views, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(views, "MOST_SENT", 2)
    statuses = [send(client, words=f"Letters come late again, and again: {'so ' * times}").status_code
                for times in range(3)]
    assert statuses == [302, 302, 429]


def test_the_form_never_runs_out(signed_in, monkeypatch):
    client = signed_in()
    mark = mark_of(client)
    later = time.time() + 90 * 24 * 60 * 60
    monkeypatch.setattr(views.time, "time", lambda: later)
    assert client.post("/concerns/", {**SAID, "form": mark}).status_code == 302


# --- following --------------------------------------------------------------------------------------------------------


def test_a_code_is_understood_however_it_is_typed(signed_in):
    found = raised()
    typed = found.code.lower().replace(" ", "-", 1)
    assert signed_in().get("/concerns/follow/", {"code": typed})["Location"].endswith(
        f"{found.code.replace(' ', '-')}/")
    assert signed_in().get("/concerns/follow/", {"code": "what?"}).status_code == 400


def test_trying_codes_is_slowed_down(signed_in, monkeypatch):
    monkeypatch.setattr(views, "MOST_CODES_TRIED", 2)
    client = signed_in()
    assert [client.get(f"/concerns/follow/ZZZZ-0000-00{number}/").status_code for number in range(3)] == [404, 404, 429]
    # Who has a code of their own can still read on.
    assert client.get(f"/concerns/follow/{raised().code.replace(' ', '-')}/").status_code == 200


@pytest.mark.parametrize(("end", "heading"), [("answered", "Answered."), ("joined", "Joined to another concern."),
                                              ("case", "Became a case."), ("nothing", "Nothing will be done.")])
def test_whoever_sent_it_sees_what_became_of_it_in_words(signed_in, end, heading):
    found, other = raised(), raised(practice="Lakeside surgery")
    office = signed_in("owen-price")
    assert office.post(reverse("read-concern", args=(found.key,))).status_code == 302
    there = reverse("followed-concern", args=(found.code.replace(" ", "-"),))
    assert "Read. Somebody is looking into it." in text_of(signed_in().get(there))
    response = office.post(reverse("answer-concern", args=(found.key,)), {
        "end": end, "words": "Because the hospital now sends them by evening.", "joined_to": other.code,
        "case": "invented-ward-3"})
    assert response.status_code == 302
    page = text_of(signed_in().get(there))
    assert heading in page
    assert "Because the hospital now sends them by evening." in page
    assert ("Joined to a concern about discharge letters" in page) == (end == "joined")
    assert ("The case: " in page) == (end == "case")
    # What was said to somebody is not unsaid.
    assert office.post(reverse("answer-concern", args=(found.key,)),
                       {"end": "answered", "words": "No."}).status_code == 403


def test_an_answer_needs_words_a_concern_to_join_and_a_case_that_is_there(signed_in):
    found, office = raised(), signed_in("owen-price")
    for wrong in ({"end": "nothing", "words": ""}, {"end": "", "words": "Yes."},
                  {"end": "joined", "words": "Yes.", "joined_to": found.code},
                  {"end": "case", "words": "Yes.", "case": "none-such"},
                  {"end": "answered", "words": "We rang Mrs Okafor."}):
        assert office.post(reverse("answer-concern", args=(found.key,)), wrong).status_code == 400, wrong
    assert queries.concern(found.key).moment == "received"


def test_nine_others_are_counted_and_fewer_than_three_are_not_told(site):
    found = raised(service="Foot clinic")
    for number in range(9):
        raised(service="the foot-clinic service", practice=f"Practice {number % 9}")
    raised(service="foot clinic", practice="PRACTICE 1")
    assert queries.others_who_said_so(found) == 9
    assert concern_words.others_said(9) == "Nine other practices said this."
    assert concern_words.others_said(1) == concern_words.others_said(0) == concern_words.others_said(2)


# --- counting, rising, linking ----------------------------------------------------------------------------------------


def test_the_public_page_counts_only_what_three_practices_said(signed_in):
    for name in ("North", "South"):
        raised(service="rare thing", practice=name)
    for name in ("North", "South", "East"):
        raised(service="common thing", practice=name)
    page = text_of(signed_in().get("/concerns/", {"for": MILLBROOK}))
    assert "Common thing : 3 practices, 3 concerns" in page
    assert "Rare thing" not in page


def test_one_who_sends_often_without_a_practice_is_no_crowd(site):
    for number in range(6):
        raised(service="one voice", practice="", said_by="public", words=f"It is bad, {'very ' * number}bad.")
    shown = concerns.shown_rows(concerns.answer_of(MILLBROOK, TODAY))
    assert not [row for row in shown if row["subject"] == "One voice"]


def test_a_rise_is_told_to_analysts_on_their_work_and_on_the_board(signed_in):
    for days in range(12):
        raised(service="ambulance handover", practice=f"Practice {days}", on=TODAY - timedelta(days=days))
    assert any("Ambulance handover" in line for line in concerns.rising(MILLBROOK, TODAY))
    analyst = signed_in("ana-lewis")
    for place in ("/my-work/", "/concerns/board/"):
        page = text_of(analyst.get(place))
        assert "Comes up more than before" in page
        assert "Ambulance handover" in page


def test_the_office_sees_what_waits_and_what_is_late(signed_in):
    late = raised(on=date(2020, 1, 1))
    page = text_of(signed_in("owen-price").get("/my-work/"))
    assert "Late" in page
    assert late.is_overdue(TODAY)
    assert "Late" in text_of(signed_in("owen-price").get("/concerns/board/"))
    assert "Answer a concern" not in text_of(signed_in("ana-lewis").get("/my-work/"))
    follow = text_of(signed_in().get(reverse("followed-concern", args=(late.code.replace(" ", "-"),))))
    assert "it is late" in follow


def test_linked_concerns_stand_together_under_their_measure(signed_in):
    one, two = raised(service="gluten free"), raised(service="bread on prescription", practice="Lakeside")
    analyst = signed_in("ana-lewis")
    for each in (one, two):
        assert analyst.post(reverse("link-concern", args=(each.key,)),
                            {"measure": "glutenfree", "about": each.service}).status_code == 302
    linked = [queries.concern(each.key) for each in (one, two)]
    assert concerns.subject_of(linked[0]) == concerns.subject_of(linked[1])
    assert analyst.post(reverse("link-concern", args=(one.key,)), {"measure": "none-such"}).status_code == 400


# --- the record -------------------------------------------------------------------------------------------------------


def test_every_change_is_entered_without_words_and_words_can_be_taken_away(signed_in):
    before = len(record.entries(f"body/{MILLBROOK}"))
    found = raised(words="Something nobody should have written.")
    office = signed_in("owen-price")
    office.post(reverse("read-concern", args=(found.key,)))
    entries = record.entries(f"body/{MILLBROOK}")[before:]
    assert [each.what for each in entries] == ["concern received", f"concern {found.key} read"]
    assert "nobody should" not in "".join(map(str, entries))
    assert any(each.words == found.words for each in record.words(f"body/{MILLBROOK}").values())
    assert office.post(reverse("erase-concern", args=(found.key,))).status_code == 302
    assert queries.concern(found.key).words == ""
    assert not any(each.words == found.words for each in record.words(f"body/{MILLBROOK}").values())
    assert record.verify() == ()


def test_nothing_is_written_past_the_record(site):
    from evenhand.find.app.models import Concern
    from evenhand.record.app.guard import Unrecorded

    found = raised()
    with pytest.raises(Unrecorded, match="find_concern"):
        Concern.objects.filter(pk=found.key).update(moment="answered")


def test_what_cannot_be_is_refused_by_the_action_itself(site):
    found = raised()
    with pytest.raises(Refused, match="owed an answer"):
        actions.settle(found.key, "nothing", words=" ", by="owen-price", on=TODAY)
    with pytest.raises(Refused, match="what becomes of it"):
        actions.settle(found.key, "forgotten", words="Yes.", by="owen-price", on=TODAY)


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["", *(one.id for one in PEOPLE)])
def test_a_concern_opens_and_is_acted_on_as_the_rights_say(signed_in, who):
    key = who and people.demonstration_key(who)
    person = people.person(key, on=TODAY) if key else THE_PUBLIC
    client = signed_in(who)
    ashdale = queries.followed(actions.receive(ASHDALE, said_by="nurse", service="podiatry", practice="Team A",
                                               words="Calls are not answered.", form=f"ashdale {who}", on=TODAY))
    for found in (raised(), ashdale):
        status = client.get(reverse("concern", args=(found.key,))).status_code
        if may(person, "read concerns", found.organisation):
            assert status == 200, (who, status)
        else:
            assert status in ({403, 404} if person.is_signed_in else {302}), (who, status)
        for name, action, typed in (("link-concern", "link a concern", {}), ("read-concern", "answer a concern", {}),
                                    ("answer-concern", "answer a concern", {}),
                                    ("erase-concern", "erase a concern", {})):
            status = client.post(reverse(name, args=(found.key,)), typed).status_code
            if may(person, action, found.organisation, moment="received"):
                assert status == (400 if name == "answer-concern" else 302), (who, name, status)
            else:
                assert status in {403, 404}, (who, name, status)
    board = client.get("/concerns/board/").status_code
    assert board == (200 if may_somewhere(person, "read concerns") else 403 if person.is_signed_in else 302)
