"""What must be shown first, on the site: the sample, a pack sent in, and only public words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from decide.test_gate import OWN
from decide.worked import complete, papers
from evenhand.record import Workspace
from web.test_words import forbidden_in, words_of

pytestmark = pytest.mark.django_db
PAGE = reverse("method", args=("decide", "gate"))


def test_its_page_and_its_answer_speak_in_public_words(signed_in):
    client = signed_in()
    for response in (client.get(PAGE), client.get(PAGE, {"case": "sample:case"})):
        assert response.status_code == 200
        assert forbidden_in(words_of(response)) == []


def test_a_pack_that_is_sent_in_is_answered_by_rules_of_ones_own(signed_in, tmp_path):
    from datetime import UTC, datetime

    record = Workspace.open(tmp_path)
    for each in papers(complete()):
        record.keep(each, by="person/7", at=datetime(2026, 6, 1, 12, tzinfo=UTC))
    sent = {"file-case": SimpleUploadedFile("case.zip", record.pack(["case/invented-stroke-unit"])),
            "file-pack_file": SimpleUploadedFile("own.toml", OWN.encode())}
    client = signed_in()
    response = client.post(PAGE, sent, follow=True)
    assert response.status_code == 200
    said = words_of(response)
    assert "Irreproachable: the one test that applies is met." in said
    assert forbidden_in(said) == []


def test_rubbish_and_paths_of_this_machine_are_no_cases(signed_in):
    client = signed_in()
    rubbish = client.post(PAGE, {"file-case": SimpleUploadedFile("case.zip", b"\x00\xff" * 50)})
    assert rubbish.status_code == 400
    for name in ("/etc", "/etc/passwd", "workspace", "sample:none"):
        assert client.get(PAGE, {"case": name}).status_code == 400
    assert client.get(PAGE, {"case": "sample:case", "pack_file": "sample:../x.toml"}).status_code == 400
