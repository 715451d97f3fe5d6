"""The same demonstration on PostgreSQL: tables, the real case, the invented county, a record that verifies."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest

pytestmark = pytest.mark.postgres


def test_the_demonstration_stands_on_postgresql_too(postgres_url, tmp_path):
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS evenhand_site")
        connection.execute("CREATE DATABASE evenhand_site")
    address = urlunsplit(urlsplit(postgres_url)._replace(path="/evenhand_site"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EVENHAND_", "DJANGO_"))}
    environment = {**kept, "EVENHAND_HOME": str(tmp_path), "EVENHAND_DATABASE_URL": address}

    def evenhand(*words):
        return subprocess.run([sys.executable, "-m", "evenhand", *words], capture_output=True, text=True, timeout=240,
                              env=environment)

    made = evenhand("demo", "--no-serve")
    assert made.returncode == 0, made.stdout + made.stderr
    assert "Gluten-free foods on prescription, Derbyshire: To stop." in made.stdout
    again = evenhand("demo", "--no-serve")
    assert again.returncode == 0, again.stdout + again.stderr
    checked = evenhand("doctor")
    assert "OK    Database                postgresql, no changes of tables waiting" in checked.stdout
    assert "OK    Record                  sound" in checked.stdout
    assert not (tmp_path / "evenhand.sqlite3").exists()
    with psycopg.connect(address) as connection, pytest.raises(psycopg.errors.RaiseException, match="append only"):
        connection.execute("UPDATE entry SET what = 'something else'")
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE evenhand_site WITH (FORCE)")
