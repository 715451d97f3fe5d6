"""The invented county on a site of the tests' own, made once a module and taken back after every test."""

from datetime import date

import pytest
from django.db import transaction
from django.test import Client

TODAY = date(2026, 11, 21)


def _taken_back():
    block = transaction.atomic()
    block.__enter__()
    try:
        yield
    finally:
        transaction.set_rollback(True)
        block.__exit__(None, None, None)


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        inside = _taken_back()
        next(inside)
        from evenhand.web import demonstration

        demonstration.make(TODAY)
        yield
        next(inside, None)


@pytest.fixture
def site(county):
    yield from _taken_back()


@pytest.fixture
def signed_in(site):
    """A browser of somebody of the invented county; without a name, of the public."""
    from django.contrib.auth import get_user_model

    def client(identifier=""):
        found = Client()
        if identifier:
            account = get_user_model().objects.get(identifier=identifier)
            found.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return found
    return client
