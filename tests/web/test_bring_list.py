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
    assert "Since june.csv: to count on went from" in said
    assert "Shorter stays claim £900 to £950 +£50 Asked: Why did “Shorter stays” go from £900 to £950?" in said


MAY = ("Scheme,Lead,Start,Saving £000,RAG,Measure\nReferral advice,A. Field,Apr-26,500,Green,per 1000\n"
       "Care homes,B. Marsh,Jul-26,450,Amber,falls\nEstates,D. Brook,Oct-26,200,Red,cost\n").encode()
JUNE = ("Scheme,Lead,Start,Saving £000,RAG,Measure\nReferral advice,A. Field,Apr-26,430,Amber,per 1000\n"
        "Care homes,B. Marsh,Jul-26,450,Amber,falls\nStroke beds,,,150,Amber,\n").encode()


def kept_from(client, name, content, **more):
    """What somebody takes away for next month."""
    first = client.post(page(), {"file-tracker": SimpleUploadedFile(name, content), **more})
    return client.post(page(), {**carried_in(first), "give": "memory"}).content


def in_june(client, **more):
    """The second month, brought with what was kept of the first and nothing else."""
    memory = kept_from(client, "may.csv", MAY, today="2026-05-31")
    return client.post(page(), {
        "file-tracker": SimpleUploadedFile("june.csv", JUNE), "file-memory": SimpleUploadedFile("memory.json", memory),
        "today": "2026-06-30", **more})


def test_friday_again_needs_no_more_than_what_was_kept(signed_in):
    response = in_june(signed_in())
    said = words_of(response)
    assert "claimed from £1.1 million to £1.1 million" in said or "Since may.csv" in said
    # 1,150 + 150 new - 200 gone - 70 cut = 1,030, in thousands of pounds.
    assert "Last month 3 £1,150,000" in said
    assert "New schemes 1 +£150,000" in said
    assert "Gone from the list 1 −£200,000" in said or "Gone from the list 1 -£200,000" in said
    assert "This month 3 £1,030,000" in said
    assert "Why did “Referral advice” go from £500,000 to £430,000?" in said


def test_an_answer_to_what_changed_is_told_in_the_story_and_asked_no_more(signed_in):
    client = signed_in()
    kept = carried_in(in_june(client))
    ruled = client.post(page(), {
        **kept, "rule-why:referral-advice:500000:430000": "Two practices have not begun, nor will they",
        "rule-match:estates": "given up"})
    said = words_of(ruled)
    assert "claim £500,000 to £430,000; standing firm to at risk -£70,000 Two practices" in said.replace("−", "-")
    assert "Asked: Why did “Referral advice”" not in said
    stories = words_of(client.post(page(), {**carried_in(ruled), "give": "stories"}))
    assert ("Referral advice, month by month As of Claimed Found Stands Owner Start What changed, and why "
            "2026-05-31 £500,000") in stories
    assert "Two practices have not begun, nor will they" in stories
    assert "Gone from the list: given up" in stories


def test_letters_ask_each_owner_and_the_programme_office_about_what_nobody_owns(signed_in):
    client = signed_in()
    kept = carried_in(in_june(client))
    said = words_of(client.post(page(), {**kept, "give": "letters"}))
    assert "Nothing is sent from here" in said or "nothing is sent from here" in said
    assert "To A. Field" in said
    assert "Why did “Referral advice” go from £500,000 to £430,000?" in said
    assert "To B. Marsh" not in said
    office = said.partition("To the programme office")[2]
    assert "Stroke beds (£150,000), row 4: Who owns it? When does it start?" in office
    word = client.post(page(), {**kept, "give": "letters-word"})
    assert word["Content-Disposition"] == 'attachment; filename="letters.docx"'
    assert b"word/document.xml" in word.content


def test_the_page_speaks_the_forms_words_and_not_the_commands(signed_in):
    client = signed_in()
    plain = b"Project,Estimate\nShorter stays,900\nFollow-ups,800\nBeds,TBC\n"
    for fields in ({"needed": "lots"}, {"today": "Friday"}, {"year": "soon"}, {"shortfall": "2"}, {"hours": "-1"},
                   {"sheet": "Nowhere"}, {"column-value": "Nothing so called"}, {"units": "pounds"}, {}):
        response = client.post(page(), {"file-tracker": SimpleUploadedFile("plan.csv", plain), **fields})
        said = words_of(response).partition("The same on the command line:")[0]
        assert "--" not in said, (fields, re.findall(r".{40}--.{40}", said))
    assert "“How much is needed”" in words_of(client.post(page(), {"name-tracker": "sample:tracker", "needed": "x"}))


def test_a_list_too_long_for_the_site_is_refused_in_words_before_it_is_read(signed_in):
    rows = "".join(f"Scheme {number},{number}\n" for number in range(10_001))
    content = f"Scheme,Saving £\n{rows}".encode()
    response = signed_in().post(page(), {"file-tracker": SimpleUploadedFile("long.csv", content)})
    assert response.status_code == 400
    assert "the list has 10,002 rows, and this page takes 10,000" in words_of(response)


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


@pytest.mark.parametrize(("own", "said"), [(True, False), (False, True)])
def test_somebodys_own_list_is_not_called_invented_where_all_else_is(own, said):
    from django.template import engines

    layout = engines["jinja2"].get_template("pages/layout.jinja")
    page = layout.render({"all_invented": True, "own_list": own, "invented": not own})
    assert ("Nothing on this page is about a real body" in page) is said
