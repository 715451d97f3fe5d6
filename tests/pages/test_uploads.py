"""What people send: a name made harmless, bytes bounded before they are unpacked."""

import gzip
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from evenhand.pages import uploads
from evenhand.terms import Refused


@given(st.text(max_size=200))
def test_a_name_is_never_a_path_an_option_or_a_sample(name):
    sent = SimpleUploadedFile("x", b"")
    sent._name = name
    found = uploads.name_of(sent)
    assert found
    assert "/" not in found
    assert "\\" not in found
    assert ":" not in found
    assert not found.startswith(("-", "."))


def test_a_gzip_that_unpacks_beyond_the_bound_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 1_000)
    with pytest.raises(Refused, match="larger than the site takes"):
        uploads.content_of(SimpleUploadedFile("big.csv.gz", gzip.compress(b"0" * 100_000)))
    small = gzip.compress(b"a,b\n1,2\n")
    assert uploads.content_of(SimpleUploadedFile("small.csv.gz", small)) == small


def test_a_workbook_that_unpacks_beyond_the_bound_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 1_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("sheet.xml", b"0" * 100_000)
    with pytest.raises(Refused, match="larger than the site takes"):
        uploads.content_of(SimpleUploadedFile("big.xlsx", out.getvalue()))


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b broken", b"PK\x03\x04 broken"])
def test_broken_archives_are_left_for_the_reader_to_refuse_in_its_own_words(content):
    assert uploads.content_of(SimpleUploadedFile("x.gz", content)) == content
