"""Bring your list: from a messy tracker to Friday's report, with nothing kept."""

import io
import json
import re
import zipfile
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from choose.tracker import trackers

pytestmark = pytest.mark.django_db


def page():
    return reverse("bring-your-list")


def sent(client, tracker, **more):
    return client.post(page(), {"file-tracker": SimpleUploadedFile(tracker.name, tracker.content), **more})


def words_of(response):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def carried_in(response):
    """What the forms of a page hold: hidden fields, and what is chosen."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode())
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_the_form_says_that_nothing_is_kept(signed_in):
    said = words_of(signed_in().get(page()))
    assert "Nothing is kept." in said
    assert "Sixty schemes in a spreadsheet" in said


def test_sixty_messy_rows_come_to_one_line(signed_in):
    tracker = trackers.sixty()
    response = sent(signed_in(), tracker, needed="£20m", today="2026-11-21")
    said = words_of(response)
    assert response.status_code == 200
    assert re.search(r"£20\.0 million = £\S+ million firm \+ £\S+ million at risk \+ £\S+ million not found", said)
    assert f"{len(tracker.schemes)} schemes" in said
    assert "usual shortfall (range" in said
    assert "schemes: no owner" in said
    assert response["Cache-Control"].startswith("max-age=0")


def test_the_report_the_workbook_and_the_proposals_are_taken_away_without_sending_the_file_again(signed_in):
    client = signed_in()
    kept = carried_in(sent(client, trackers.sixty(), needed="£20m", today="2026-11-21"))
    report = client.post(page(), {**kept, "give": "friday"})
    assert report["Content-Disposition"] == 'attachment; filename="friday.docx"'
    assert b"word/document.xml" in report.content
    workbook = client.post(page(), {**kept, "give": "workbook"})
    assert b"xl/workbook.xml" in workbook.content
    proposals = zipfile.ZipFile(io.BytesIO(client.post(page(), {**kept, "give": "proposals"}).content))
    assert all(name.startswith("proposals/") and name.endswith(".toml") for name in proposals.namelist())
    assert client.post(page(), {**kept, "give": "something"}).status_code == 404


def test_a_column_is_put_right_and_a_question_ruled_on(signed_in):
    client, tracker = signed_in(), trackers.struck_and_coloured()
    first = sent(client, tracker)
    assert "is struck through and left out" in words_of(first)
    kept = carried_in(first)
    ruled = client.post(page(), {**kept, "rule-struck:invented-scheme-3": "scheme", "column-measure": "none",
                                 "needed": "£5m"})
    said = words_of(ruled)
    assert "£5.0 million =" in said
    assert "8 schemes: no measure" in said
    document = json.loads(client.post(page(), {**carried_in(ruled), "give": "json"}).content)
    assert len(document["schemes"]) == 8
    assert "measure" not in {each["name"] for each in document["columns"]}


def test_what_was_said_is_kept_on_ones_own_machine_and_brought_back_next_month(signed_in):
    client = signed_in()
    content = b"Thing,Estimate,Saving \xc2\xa3\nShorter stays,900,300\nFollow-ups,800,TBC\n"
    first = client.post(page(), {"file-tracker": SimpleUploadedFile("june.csv", content),
                                 "column-name": "Thing", "column-value": "Estimate", "today": "2026-06-30"})
    memory = client.post(page(), {**carried_in(first), "give": "memory"}).content
    assert json.loads(memory)["columns"] == {"name": "Thing", "value": "Estimate"}
    again = client.post(page(), {
        "file-tracker": SimpleUploadedFile("july.csv", content.replace(b"900", b"950")),
        "file-last": SimpleUploadedFile("june.csv", content), "file-memory": SimpleUploadedFile("memory.json", memory),
        "today": "2026-07-31"})
    said = words_of(again)
    assert "You claimed £1,750" in said
    assert "“Shorter stays” (£50). Why is not said." in said


@pytest.mark.parametrize(("name", "content", "message"), [
    ("locked.xlsx", trackers.with_a_password(), "the workbook has a password; open it, save a copy"),
    ("letter.csv", b"Dear all,\nplease send your savings\n", "say which columns they are"),
    ("empty.csv", b" ", "the file is empty")])
def test_what_cannot_be_read_is_said_on_the_form(signed_in, name, content, message):
    response = signed_in().post(page(), {"file-tracker": SimpleUploadedFile(name, content)})
    assert response.status_code == 400
    assert message in words_of(response)
    assert "There is something to mend" in words_of(response)


@pytest.mark.parametrize("fields", [
    {}, {"kept-tracker": "not base 64!", "name-tracker": "a.csv"}, {"name-tracker": "sample:nothing"},
    {"name-tracker": "/etc/passwd"}, {"units": "acres", "name-tracker": "sample:tracker"},
    {"hours": "many", "name-tracker": "sample:tracker"}, {"needed": "lots", "name-tracker": "sample:tracker"}])
def test_a_form_that_is_not_ours_is_refused_in_words(signed_in, fields):
    response = signed_in().post(page(), fields)
    assert response.status_code == 400
    assert "There is something to mend" in words_of(response)


def test_nothing_that_somebody_brings_is_kept(signed_in):
    from django.apps import apps

    client = signed_in()
    before = {model: model.objects.count() for model in apps.get_models()}
    sent(client, trackers.plain())
    assert {model: model.objects.count() for model in apps.get_models()} == before


def test_a_file_of_somebody_elses_words_runs_nothing(signed_in):
    rows = [trackers.HEADS, trackers.scheme(1, 100, name="<script>alert(1)</script>", owner="\"><b>x")]
    tracker = trackers.Tracker("<b>.xlsx", trackers.workbook({"<i>": rows}), {}, {}, 0)
    page_of = sent(signed_in(), tracker).content.decode()
    assert "<script>alert" not in page_of
    assert "<b>x" not in page_of
    assert "<i>" not in page_of
