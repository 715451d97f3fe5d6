"""The words of public pages: some never stand there, and what is not known is said in one way."""

import re
from html import unescape

import pytest
from django.urls import reverse

from evenhand.house import ROOMS
from evenhand.web.glossary import NEVER_PUBLIC, WORDS

pytestmark = pytest.mark.django_db
NAMES = [("home",), ("plan", "invented-ward-3"), ("promises",), ("register",), ("case", "invented-ward-3"),
         ("programmes",), ("programme", "invented-ward-3"), ("where-to-look",), ("bring-your-list",),
         ("measures",), ("measures-adoption",), ("measure-preview", "glutenfree"), ("methods",),
         ("policies",), ("policy", "item-homeopathy"), ("policies-held",), ("where-to-look-changed",), ("avoidable",),
         ("concerns",), ("follow-concern",), ("meetings",), ("meeting", "millbrook-committee"),
         ("minutes", "millbrook-committee-before"), ("ask-meeting", "millbrook-committee"),
         ("interests",), ("interests-of", "INV-MILL"),
         ("about",), ("sources",), ("words",), ("accessibility",), ("privacy",), ("sign-in",)]


def words_of(response):
    """What a reader sees and a screen reader says: text, titles and labels, without commands to type."""
    html = response.content.decode()
    html = re.sub(r"<(script|style|code|pre)\b.*?</\1>", " ", html, flags=re.S)
    spoken = " ".join(re.findall(r'(?:aria-label|alt|title|content)="([^"]*)"', html))
    return unescape(re.sub(r"<[^>]+>", " ", html) + " " + spoken)


def forbidden_in(text):
    return [word for word in NEVER_PUBLIC if re.search(rf"\b{word}s?\b", text, flags=re.I)]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[0])
def test_a_public_page_speaks_in_public_words(signed_in, name):
    response = signed_in().get(reverse(name[0], args=name[1:] or None))
    assert response.status_code == 200
    assert forbidden_in(words_of(response)) == []


def test_every_paper_of_a_case_is_shown_in_public_words(signed_in):
    client = signed_in()
    page = client.get(reverse("case", args=("invented-ward-3",))).content.decode()
    links = set(re.findall(r'href="(/papers/[0-9a-f]{64}/)"', page))
    assert len(links) == 8
    for link in links:
        assert forbidden_in(words_of(client.get(link))) == []


def test_the_glossary_itself_explains_none_of_them():
    assert forbidden_in(" ".join(f"{word} {meaning}" for word, meaning in WORDS)) == []


def test_the_test_would_find_one():
    assert forbidden_in("The digest of the paper") == ["digest"]
    assert forbidden_in("It passed all gates.") == ["gate"]


def test_an_invented_case_says_so_and_the_front_page_marks_it(signed_in):
    client = signed_in()
    assert "Invented county." in words_of(client.get(reverse("case", args=("invented-ward-3",))))
    home = words_of(client.get(reverse("home")))
    assert "Ward 3" in home
    assert "Invented county" in home


def test_every_question_of_the_house_stands_on_the_page_about_it(signed_in):
    said = words_of(signed_in().get(reverse("about")))
    assert all(each.question in said for each in ROOMS)
