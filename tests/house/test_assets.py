"""What the pages load stands on this machine, whole, and asks nothing of another."""

from __future__ import annotations

import functools
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROJECT = Path(__file__).resolve().parents[2]
VENDOR = PROJECT / "src" / "evenhand" / "web" / "static" / "vendor"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'none'; img-src 'self' data:"
PAGE = """<!doctype html><html lang="en-GB"><title>A button</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="nhsuk/nhsuk-frontend.min.css">
<button class="nhsuk-button">Vote</button></html>"""


def test_templates_and_stylesheet_are_the_pair_that_fit_together() -> None:
    # The Python package of templates 0.10.2 was made for release 10.6.1 of the stylesheet.
    wanted = json.loads((PROJECT / "package.json").read_text())["dependencies"]["nhsuk-frontend"]
    assert (version("nhsuk-frontend-jinja"), wanted) == ("0.10.2", "10.6.1")


@pytest.mark.parametrize("file", ["nhsuk/nhsuk-frontend.min.css", "nhsuk/nhsuk-frontend.min.js"])
def test_no_file_names_a_map_that_is_not_there(file: str) -> None:
    assert "sourceMappingURL=" not in (VENDOR / file).read_text()


def test_the_stylesheet_has_every_picture_it_names_and_no_licensed_font() -> None:
    style = (VENDOR / "nhsuk" / "nhsuk-frontend.min.css").read_text()
    named = {address for address in re.findall(r"url\(([^)]*)\)", style) if not address.startswith("data:")}
    assert named
    assert all((VENDOR / "nhsuk" / address).is_file() for address in named)
    assert "Frutiger" not in style
    assert "@font-face" not in style


def test_the_stylesheet_works_under_the_strict_policy_of_the_site(page: Page, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "nhsuk").symlink_to(VENDOR / "nhsuk")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    with served(tmp_path) as address:
        page.goto(address, wait_until="networkidle")
        assert page.locator("button").evaluate("b => getComputedStyle(b).fontFamily") == "arial, sans-serif"
        assert said == []


class UnderPolicy(SimpleHTTPRequestHandler):
    """Serves a folder with the site's security policy on each answer, and says nothing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on a local address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(UnderPolicy, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
