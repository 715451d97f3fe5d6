"""The commands that make, serve and check the site, as far as they go without serving."""

import os
import subprocess
import sys

import pytest

from evenhand.cli import main


def evenhand(*words, home, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EVENHAND_", "DJANGO_"))}
    return subprocess.run([sys.executable, "-m", "evenhand", *words], capture_output=True, text=True, timeout=120,
                          env={**kept, "EVENHAND_HOME": str(home), **more})


def test_the_doctor_says_what_is_not_there_yet_and_what_to_do(tmp_path):
    found = evenhand("doctor", home=tmp_path / "none")
    assert found.returncode == 1
    assert "MEND  Database" in found.stdout
    assert "run evenhand demo, or evenhand serve" in found.stdout
    last = found.stdout.splitlines()[-1]
    assert last.startswith("Safe to open to the public: no, ")
    assert not (tmp_path / "none").exists()


def test_the_doctor_names_an_address_of_a_database_that_is_none(tmp_path):
    found = evenhand("doctor", home=tmp_path, EVENHAND_DATABASE_URL="mysql://somewhere/")
    assert "EVENHAND_DATABASE_URL is no address of a database" in found.stdout
    assert "Traceback" not in found.stdout + found.stderr


@pytest.mark.parametrize("words", [["serve", "--port", "none"], ["demo", "--port", "70000"], ["serve", "--prot", "1"],
                                   ["demo", "--data", "/no/such/folder"], ["doctor", "more"]])
def test_what_cannot_be_asked_is_refused_in_words(words, capsys):
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


def test_a_demonstration_never_stands_where_the_public_is_let_in(tmp_path):
    found = evenhand("demo", "--no-serve", home=tmp_path, EVENHAND_HOSTS="decisions.example.org")
    assert found.returncode == 2
    assert "stays on this machine" in found.stderr


def test_a_port_in_use_is_said_before_anything_is_made(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = evenhand("demo", "--port", str(taken.getsockname()[1]), home=tmp_path / "home")
    assert found.returncode == 2
    assert "something else listens on this port" in found.stderr
    assert not (tmp_path / "home").exists()


def test_settings_for_the_public_are_strict(tmp_path):
    shown = ("from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
             "s.SECURE_HSTS_SECONDS > 0, s.DEBUG, s.DEMONSTRATION, 'decisions.example.org' in s.ALLOWED_HOSTS, "
             "s.CSRF_TRUSTED_ORIGINS)")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENHAND_")}
    (tmp_path / "demonstration").touch()
    found = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, timeout=60, env={
        **kept, "EVENHAND_HOME": str(tmp_path), "EVENHAND_HTTPS": "yes", "EVENHAND_HOSTS": "decisions.example.org",
        "DJANGO_SETTINGS_MODULE": "evenhand.web.settings"})
    assert found.stdout.strip() == "True True True False False True ['https://decisions.example.org']", found.stderr
    assert oct((tmp_path / "secret-key").stat().st_mode)[-3:] == "600"


def test_nothing_heavy_is_imported_before_a_page_asks_for_it(tmp_path):
    looked = ("import django, sys; django.setup(); import evenhand.web.urls; "
              "print(sorted({'scipy', 'statsmodels', 'vl_convert', 'duckdb', 'pandas'} & set(sys.modules)))")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENHAND_")}
    found = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, timeout=60, env={
        **kept, "EVENHAND_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "evenhand.web.settings"})
    assert found.stdout.strip() == "[]", found.stderr
