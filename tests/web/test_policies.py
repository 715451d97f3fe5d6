"""The register on the site, and requests against a policy: nobody described, decided by somebody else, counted."""

from datetime import date

import pytest
from django.urls import reverse

from evenhand.data.tables import Opened
from evenhand.find import low_priority
from evenhand.find.app import request_actions, request_queries
from evenhand.find.policies import published
from evenhand.people.app import queries as people
from evenhand.people.rights import THE_PUBLIC, may, may_somewhere
from evenhand.record.app import queries as record
from evenhand.terms import Refused
from evenhand.web.demonstration import ASHDALE, MILLBROOK, PEOPLE

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
POLICY = "item-homeopathy"
WORDS = {"cohort": "Adults with back pain are offered exercise.", "why": "Exercise is not possible.",
         "benefit": "Less pain after six weeks, by the usual scale."}


def asked(by="isla-hughes", policy=POLICY):
    return request_actions.ask(MILLBROOK, published()[policy], pounds=1200, by=by, on=TODAY, **WORDS)


def test_the_register_shows_each_policy_with_its_dates_and_source(signed_in):
    page = signed_in().get(reverse("policies")).content.decode()
    assert "Not done routinely: by exception only" in page
    assert "Homeopathy" in page
    one = signed_in().get(reverse("policy", args=(POLICY,))).content.decode()
    assert "from 2017" in one
    assert "NHS England, Items which should not routinely be prescribed" in one
    assert "Ask for an exception" not in one
    assert signed_in().get(reverse("policy", args=("no-such",))).status_code == 404


def test_a_request_is_asked_for_decided_with_reasons_and_stands_in_the_record(signed_in):
    practice, lead = signed_in("isla-hughes"), signed_in("mina-lee")
    answer = practice.post(reverse("policy-ask", args=(POLICY,)), {**WORDS, "pounds": "£1,200"})
    assert answer.status_code == 302
    (found,) = request_queries.requests(frozenset({MILLBROOK}))
    assert (found.route, found.pounds, found.moment) == ("exception", 1200, "asked")
    page = reverse("policy-request", args=(found.key,))
    assert lead.post(page, {"outcome": "allowed", "reasons": ""}).status_code == 400
    reasons = "The need differs from that of others."
    assert lead.post(page, {"outcome": "allowed", "reasons": reasons}).status_code == 302
    assert "The need differs" in practice.get(page).content.decode()
    whats = [each.what for each in record.entries(f"body/{MILLBROOK}")]
    assert "exception asked for" in whats
    assert f"request {found.key} allowed" in whats


def test_words_about_a_patient_are_refused_with_how_to_say_it_and_nothing_is_kept(signed_in):
    answer = signed_in("isla-hughes").post(reverse("policy-ask", args=(POLICY,)),
                                           {**WORDS, "why": "Mrs Example is 84 years old."})
    assert answer.status_code == 400
    assert "may point to one person" in answer.content.decode()
    assert request_queries.requests(frozenset({MILLBROOK})) == []


def test_nobody_decides_their_own_request_nor_twice(site):
    key = asked(by="mina-lee")
    with pytest.raises(Refused, match="own request"):
        request_actions.decide(key, "allowed", reasons="Yes.", by="mina-lee", on=TODAY)
    request_actions.decide(key, "refused", reasons="The criteria are not met.", by="femi-okoro", on=TODAY)
    with pytest.raises(Refused, match="decided already"):
        request_actions.decide(key, "allowed", reasons="Yes.", by="grace-hart", on=TODAY)


def test_a_policy_that_never_allows_one_is_flagged_once_enough_were_decided(signed_in):
    for number in range(5):
        page = signed_in("mina-lee").get(reverse("policy-requests")).content.decode()
        assert "ban in disguise" not in page, number
        request_actions.decide(asked(), "refused", reasons="Not shown.", by="mina-lee", on=TODAY)
    assert "none of 5 requests was allowed" in signed_in("mina-lee").get(reverse("policy-requests")).content.decode()
    # Everybody can read it, beside the policy and on its page, without the number of requests.
    for address in (reverse("policies"), reverse("policy", args=(POLICY,))):
        assert "decided so far" in signed_in().get(address).content.decode()
    counted = signed_in("mina-lee").get(reverse("policy-requests-file")).content.decode("utf-8-sig")
    assert counted.splitlines() == ["policy,unit,allowed,refused,waiting", f"{POLICY},{MILLBROOK},0,5,0"]
    # What the site counted is what the command reads: it says the same.
    table = {"month": ["2025-01"], "unit": ["A"], "bnf_code": ["190203000BBAAAA"], "items": [3]}
    answer = low_priority(table, requests=Opened("requests-decided.csv", content=counted.encode()))
    assert any("No request was ever allowed against Homeopathy (5 refused)" in each for each in answer.remarks)
    request_actions.decide(asked(), "allowed", reasons="Shown.", by="mina-lee", on=TODAY)
    for address in (reverse("policies"), reverse("policy", args=(POLICY,))):
        assert "decided so far" not in signed_in().get(address).content.decode()
    assert "ban in disguise" not in signed_in("mina-lee").get(reverse("policy-requests")).content.decode()


@pytest.mark.parametrize("who", ["", *(one.id for one in PEOPLE)])
def test_only_those_with_the_right_read_ask_and_decide(signed_in, who):
    account = who and people.demonstration_key(who)
    person = people.person(account, on=TODAY) if account else THE_PUBLIC
    page, client = reverse("policy-request", args=(asked(),)), signed_in(who)
    read, decided = client.get(page).status_code, client.post(page, {}).status_code
    if may(person, "read requests", MILLBROOK):
        assert read == 200
    elif not may_somewhere(person, "read requests"):
        assert read == (403 if person.is_signed_in else 302)
    else:
        assert read in (403, 404)
    own = who == "isla-hughes"
    may_decide = may(person, "decide a request", MILLBROOK, moment="asked") and not own
    assert decided == 400 if may_decide else decided in (403, 404)
    sent = client.post(reverse("policy-ask", args=(POLICY,)), {**WORDS, "body": ASHDALE}).status_code
    if may(person, "ask against a policy", ASHDALE):
        assert sent == 302
    elif may(person, "ask against a policy", MILLBROOK) or may_somewhere(person, "ask against a policy"):
        assert sent == 400
    else:
        assert sent == 403


@pytest.fixture
def released(tmp_path, settings):
    """Twenty-five places, two years: co-proxamol at about 100 pounds a month, in one of them ten times as much."""
    from evenhand.data.load import load
    from evenhand.data.organisations import organisations

    lists = organisations()
    codes = ["15M", *(each.code for each in lists if lists.closed(each.code) is None and each.code != "15M")][:25]
    rows = [f"lpcoprox,{code},{year}-{month:02d},{(1000 if code == '15M' else 100) + month},200,first,own"
            for year in (2024, 2025) for month in range(1, 13) for code in codes]
    path = tmp_path / "panel.csv"
    path.write_text("measure,unit,month,numerator,denominator,vintage,source\n" + "\n".join(rows) + "\n")
    load([path], tmp_path / "w")
    settings.HOME = tmp_path / "w"


def test_the_register_says_what_was_done_against_a_policy_for_all_places_and_for_one(signed_in, released):
    # 24 places x (12 x 100 + 78) + 12 x 1,000 + 78 pounds a year.
    file = signed_in().get(reverse("policies-file", args=("json",))).json()
    row = next(each for each in file["rows"] if each["policy"] == "item-coprox")
    assert (row["spend"], row["bodies_above"]) == (24 * 1278 + 12078, 1)
    client = signed_in()
    assert "£43,000 in the year" in client.get(reverse("policies")).content.decode()
    one = client.get(reverse("policies-file", args=("json",)) + "?of=15m").json()
    assert next(each for each in one["rows"] if each["policy"] == "item-coprox")["rank"] == 1
    assert "above the middle by more than chance" in client.get(reverse("policies") + "?of=15M").content.decode()
    # A place of which nothing is held is as if none was named.
    assert "£43,000 in the year" in client.get(reverse("policies") + "?of=nowhere").content.decode()


def test_no_reader_waits_for_figures_that_are_still_counted(signed_in, released, monkeypatch):
    from threading import Event

    from evenhand.web import policy_figures

    counted, answer = Event(), policy_figures._answer
    monkeypatch.setattr(policy_figures, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(policy_figures.done, "__kwdefaults__", {"patience": 0.05})
    monkeypatch.setattr(policy_figures, "_answer", lambda *asked: counted.wait(20) and answer(*asked))
    client = signed_in()
    page = client.get(reverse("policies"))
    assert page.status_code == 200
    assert "is being counted" in page.content.decode()
    assert "It is being counted" in client.get(reverse("policy", args=("item-coprox",))).content.decode()
    counted.set()
    assert client.get(reverse("policies-file", args=("json",))).status_code == 200
    assert "£43,000 in the year" in client.get(reverse("policies")).content.decode()


@pytest.mark.real
def test_what_has_changed_is_a_page_of_words_and_a_picture(signed_in, real, tmp_path, settings):
    from evenhand.data.load import load

    load([real / "sub-icb-measures" / "measures_2020-12_to_2025-12.parquet"], tmp_path)
    settings.HOME = tmp_path
    page = signed_in().get(reverse("where-to-look-changed"), {"of": "15M"}).content.decode()
    assert "more than usual variation" in page
    assert "<svg" in page
