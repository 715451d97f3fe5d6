"""The parts that other tests stand on do stand: a database server and a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_database_server_keeps_what_it_is_given(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("create temporary table kept (pence bigint)")
        connection.execute("insert into kept values (%s)", [7_174_000])
        assert connection.execute("select sum(pence) from kept").fetchone() == (7_174_000,)


def test_the_browser_shows_a_page_without_a_network(page: Page) -> None:
    page.set_content("<main><h1>What was decided</h1></main>")
    assert page.get_by_role("heading").inner_text() == "What was decided"
