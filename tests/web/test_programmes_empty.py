"""The page of all programmes where nothing has been entered yet."""

import pytest

pytestmark = pytest.mark.django_db


def test_an_empty_site_says_what_will_stand_here(client):
    response = client.get("/programmes/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Nothing has been found out about any programme here yet." in page
    assert "Once a case is decided, with a plan for finding out, it stands here" in page
    assert client.get("/programmes/figures.csv").content.decode().count("\n") == 1
    assert client.get("/programmes/figures.svg").status_code == 404
