"""Every method on its page: reference, sample, one's own file, what is wrong in it, and every form of the answer."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import now

from evenhand.house import every_method
from evenhand.pages.asking import READING, example_of

pytestmark = pytest.mark.django_db
METHODS = list(every_method())
RATES = reverse("method", args=("find", "rates"))
TABLE = b"area,numerator,denominator\nNorth,12,1000\nSouth,30,2000\n"


def page_of(method):
    return reverse("method", args=(method.room, method.name))


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)
def test_its_page_says_what_it_reads_what_it_answers_and_what_it_cannot_tell(signed_in, method):
    from html import unescape

    said = unescape(signed_in().get(page_of(method)).content.decode())
    for words in (method.title, method.question, method.source, *method.cannot_tell, f"evenhand {method.example}",
                  *(each.what for each in method.outputs), *(each.label for each in method.settings_list()),
                  *(column.what for each in method.inputs for column in each.columns)):
        assert words in said, words


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)
def test_the_sample_gives_the_same_answer_as_the_example_on_the_command_line(signed_in, method, capsys):
    import shlex

    from evenhand.cli import main

    assert main([*shlex.split(method.example), "--json"]) == 0
    expected = json.loads(capsys.readouterr().out)
    response = signed_in().get(page_of(method), {**example_of(method).query, "as": "json"})
    assert response.status_code == 200
    assert json.loads(response.content) == expected


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)
def test_the_answer_is_a_sentence_then_a_picture_then_a_table_and_files(signed_in, method):
    client, asked = signed_in(), example_of(method).query
    page = client.get(page_of(method), asked).content.decode()
    sentence, table = page.index('<p class="eh-lede">'), page.rindex("<table")
    assert sentence < table
    if "<svg viewBox" in page.replace('class="eh-mark" ', ""):
        assert 'role="img"' in page
    assert ' style="' not in page
    assert "<style" not in page
    assert client.get(page_of(method), {**asked, "as": "csv"}).content.startswith(b"\xef\xbb\xbf")
    assert client.get(page_of(method), {**asked, "as": "xlsx"}).content.startswith(b"PK")
    assert client.get(page_of(method), {**asked, "as": "exe"}).status_code == 404


def test_no_setting_has_the_name_of_something_else_on_the_form():
    for method in METHODS:
        options = {one.option for one in method.settings_list()}
        others = {*READING, *(each.name for each in method.inputs), "as", "csrfmiddlewaretoken"}
        assert not options & others, method.name


def sent(client, content, name="rates.csv", **more):
    file = SimpleUploadedFile(name, content)
    return client.post(RATES, {"file-table": file, "by": "area", **more})


def test_ones_own_table_is_answered_under_an_address_nobody_can_guess_for_an_hour(signed_in):
    from evenhand.pages import answers
    from evenhand.pages.models import KeptAnswer

    client = signed_in()
    response = sent(client, TABLE)
    assert response.status_code == 302
    page = client.get(response["Location"])
    assert b"North" in page.content
    assert b"Kept for one hour, then deleted" in page.content
    assert page["Cache-Control"] == "private, no-store"
    rows = json.loads(client.get(f"{response['Location']}answer.json").content)["rows"]
    assert {row["area"]: row["value"] for row in rows} == {"North": 12 / 1000 * 100_000, "South": 30 / 2000 * 100_000}
    assert len(response["Location"].rstrip("/").rpartition("/")[2]) >= 43
    # The hour is over.
    KeptAnswer.objects.update(until=now() - timedelta(seconds=1))
    assert client.get(response["Location"]).status_code == 404
    assert answers.forget_old() == 1


def test_the_file_itself_is_not_kept(signed_in):
    from evenhand.pages.models import KeptAnswer

    sent(signed_in(), TABLE.replace(b"\n", b",a word of my own\n").replace(b"denominator,a word of my own",
                                                                        b"denominator,note"))
    kept = KeptAnswer.objects.get()
    assert "a word of my own" not in kept.shown + kept.csv + kept.document


BAD = {
    "wrong columns": (b"place,count\nNorth,3\n", "there is no column"),
    "words for numbers": (TABLE.replace(b"12", b"twelve"), "this is not a number (twelve found)"),
    "negative": (TABLE.replace(b"12", b"-12"), "negative"),
    "empty": (b"", "the file is empty"),
    "headings only": (b"area,numerator,denominator\n", "there are headings and no rows"),
    "rubbish": (bytes(range(256)) * 20, ""),
    "numbers of patients": (b"nhs_number,numerator,denominator\n9434765919,1,2\n9434765870,1,2\n4010232137,1,2\n",
                            "NHS number"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_used_is_said_in_the_same_words_as_on_the_command_line(signed_in, capsys, tmp_path, case):
    from html import unescape

    from evenhand.cli import main
    from evenhand.house import method
    from evenhand.pages.asking import as_on_the_form
    from evenhand.pages.models import KeptAnswer

    content, words = BAD[case]
    response = sent(signed_in(), content)
    assert response.status_code == 400
    page = unescape(response.content.decode())
    assert "There is something to mend" in page
    assert words in page
    path = tmp_path / "rates.csv"
    path.write_bytes(content)
    assert main(["find", "rates", str(path), "--by", "area"]) == 2
    lines = [line.replace(str(path), "rates.csv") for line in capsys.readouterr().err.splitlines()]
    # The same words, but for settings: the form calls them by their labels.
    assert all(as_on_the_form(method("find", "rates"), line) in page for line in lines)
    assert "--columns" not in page.partition("There is something to mend")[2].partition("<h1")[0]
    assert not KeptAnswer.objects.exists()


def test_several_wrong_settings_are_said_at_once(signed_in):
    page = sent(signed_in(), TABLE, method="nonsense", per="many").content.decode()
    assert "choose from crude, proportion, direct, indirect" in page
    assert "a number is needed" in page


def test_a_file_larger_than_the_bound_is_refused_in_words(signed_in, settings):
    settings.MOST_UPLOADED = 1000
    response = sent(signed_in(), b"area,numerator,denominator\n" + b"North,1,2\n" * 400)
    assert response.status_code == 400
    assert b"The file is larger than" in response.content


def test_a_file_that_unpacks_to_far_more_is_refused(signed_in, monkeypatch):
    import gzip

    from evenhand.pages import uploads

    monkeypatch.setattr(uploads, "MOST_UNPACKED", 10_000)
    response = sent(signed_in(), gzip.compress(TABLE * 1_000), "rates.csv.gz")
    assert response.status_code == 400
    assert b"unpacked, this file is larger" in response.content


def test_an_address_never_opens_a_file_of_the_machine(signed_in):
    for path in ("/etc/passwd", "../../pyproject.toml", "sample:../../tables.py", "-", "sample:"):
        response = signed_in().get(RATES, {"table": path})
        assert response.status_code == 400, path
        assert b"root:" not in response.content
    assert signed_in().post(RATES, {"table": "/etc/passwd", "by": "area"}).status_code == 400
    assert signed_in().get(reverse("sample", args=("..",))).status_code == 404


def test_a_workbook_and_a_parquet_file_are_taken_too(signed_in):
    import pyarrow as pa
    import pyarrow.parquet as pq
    import xlsxwriter

    book = io.BytesIO()
    workbook = xlsxwriter.Workbook(book)
    sheet = workbook.add_worksheet("Figures")
    for place, line in enumerate(TABLE.decode().splitlines()):
        sheet.write_row(place, 0, [int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    workbook.close()
    out = pa.BufferOutputStream()
    pq.write_table(pa.table({"area": ["North"], "numerator": [12], "denominator": [1000]}), out)
    for content, name in ((book.getvalue(), "rates.xlsx"), (out.getvalue().to_pybytes(), "rates.parquet")):
        client = signed_in()
        response = sent(client, content, name)
        assert response.status_code == 302, name
        assert b"North" in client.get(response["Location"]).content
