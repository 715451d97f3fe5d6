"""A site into which nothing has come yet."""

import pytest
from django.urls import reverse


@pytest.mark.django_db
def test_an_empty_site_says_what_would_fill_it(client):
    said = client.get(reverse("home")).content.decode()
    assert "plan.json" in said
    assert "proposals/*.toml" in said
    assert "a decision brings its promises" in said
    assert "None is held here yet" in client.get(reverse("promises")).content.decode()
