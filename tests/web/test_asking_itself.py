"""Before a server takes its first reader it asks itself for the front page, as that reader would."""

from __future__ import annotations

import pytest
from django.core.wsgi import get_wsgi_application

from evenhand.web.asking_itself import ask


@pytest.mark.django_db
def test_the_site_answers_itself_as_it_answers_a_reader() -> None:
    site = get_wsgi_application()
    assert ask(site, "/").startswith("200")
    assert ask(site, "/no-such-page/").startswith("404")
