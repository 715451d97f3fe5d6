"""What every answer of the site carries, and what strange requests get: words, never a fault of ours."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db
PUBLIC = ("/", "/decisions/", "/decisions/invented-ward-3/", "/methods/find/rates/", "/where-to-look/", "/sign-in/")


@pytest.mark.parametrize("address", [*PUBLIC, "/nothing/", "/my-work/"])
def test_every_answer_allows_nothing_from_elsewhere(signed_in, address):
    response = signed_in().get(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_is_light_and_asks_nothing_of_another_machine(signed_in, address):
    import gzip
    import re
    from pathlib import Path

    from django.contrib.staticfiles import finders

    content = signed_in().get(address).content
    loaded = set(re.findall(rb'(?:src|href)="(/static/[^"]+)"', content))
    files = [Path(finders.find(path.decode().removeprefix("/static/"))).read_bytes() for path in loaded]
    files.append(Path(finders.find("vendor/nhsuk/nhsuk-frontend.min.js")).read_bytes())
    weight = len(content) + sum(len(gzip.compress(each)) for each in files)
    assert weight < 150_000, weight
    assert not re.findall(rb'(?:src|action)="https?:', content)
    assert b' style="' not in content
    assert b"onclick" not in content


STRANGE = ["/decisions/%00/", "/?x=%00", "/where-to-look/?of=%00", "/papers/" + "g" * 64 + "/",
           "/papers/" + "é" * 5 + "/",
           "/decisions/" + "x" * 3000 + "/", "/questions/99999999999999999999999/", "/answers/../../etc/passwd/",
           "/measures/%2e%2e/", "/where-to-look/?of=" + "x" * 5000, "/methods/find/nothing/", "/samples/%2e%2e%2f",
           "/decisions/register.exe", "/where-to-look/figures.exe?of=15M", "/meetings/a/99999999999999999999/",
           "/sign-in/?next=%ff%fe", "/methods/find/rates/?table=sample:rates&by=" + "x," * 2000]


@pytest.mark.parametrize("who", ["", "ana-lewis", "rosa-khan"])
@pytest.mark.parametrize("address", STRANGE, ids=lambda address: address[:40])
def test_a_strange_address_is_answered_in_words(signed_in, who, address):
    response = signed_in(who).get(address)
    assert response.status_code in (200, 302, 400, 403, 404), response.status_code


@pytest.mark.parametrize("address", [
    "/sign-in/", "/sign-in/as/", "/methods/find/rates/", "/meetings/millbrook-committee/5/vote/",
    "/meetings/millbrook-committee/5/interest/", "/where-to-look/raise/"])
@pytest.mark.parametrize("form", [{}, {"name": "\x00", "password": "x"}, {"choice": "x" * 10_000, "reason": "\ud800"},
                                  {"next": "\x00"}, {"columns": "=,=", "where": "a=b=c", "table": "sample:rates"}])
def test_a_strange_form_is_answered_in_words(signed_in, address, form):
    plain = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
    response = signed_in("rosa-khan").post(address, plain)
    assert response.status_code in (200, 302, 400, 403, 404)


@trying(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_whatever_is_typed_into_the_places_of_a_page_is_answered(signed_in, text):
    client = signed_in()
    for address, name in (("/where-to-look/", "of"), ("/methods/find/rates/", "by"), ("/sign-in/", "next"),
                          ("/where-to-look/before/", "measure"), ("/measures/", "of")):
        response = client.get(address, {name: text, "table": "sample:rates"})
        assert response.status_code in (200, 400, 404), (address, text)


def test_what_somebody_typed_is_shown_and_never_run(signed_in, settings):
    nasty = '"><script>alert(1)</script>'
    for address in ("/where-to-look/", "/methods/find/rates/", "/sign-in/"):
        response = signed_in().get(address, {"of": nasty, "by": nasty, "next": nasty, "table": "sample:rates"})
        assert b"<script>alert(1)" not in response.content


def test_a_guesser_of_passwords_is_slowed_down(signed_in):
    client = signed_in()
    seen = [client.post("/sign-in/", {"name": "tom-doyle", "password": f"guess number {place}"}).status_code
            for place in range(6)]
    assert seen[:4] == [400] * 4
    assert seen[-1] == 429
    waiting = client.post("/sign-in/", {"name": "tom-doyle", "password": "again"})
    assert b"Too many wrong passwords" in waiting.content


def test_a_password_lets_its_owner_in(signed_in, county):
    from evenhand.people.app import actions

    actions.add_account("new-one", "New One", "new.one", by="demonstration", organisation="INV-MILL",
                        password="a long enough password")
    client = signed_in()
    assert client.post("/sign-in/", {"name": "NEW.one", "password": "a long enough passworD"}).status_code == 400
    response = client.post("/sign-in/", {"name": "new.one", "password": "a long enough password"})
    assert response.status_code == 302
    assert response["Location"] == "/my-work/"
    # A member of no body has an account and no rights.
    assert client.get("/my-work/").status_code == 403


def test_our_own_fault_is_told_plainly_and_without_the_database(signed_in, monkeypatch):
    from evenhand.web.views import front

    client = signed_in()
    client.raise_request_exception = False

    def broken(*_):
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(front.cases, "every_case", broken)
    response = client.get("/")
    assert response.status_code == 500
    assert b"Something went wrong on our side" in response.content
    assert b"a secret detail" not in response.content
