"""What every test may ask for: data folders, a PostgreSQL server, a browser; and an account of what was left out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import django
import pytest
from hypothesis import settings as hypothesis_settings

import browsers
import postgresql

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# A mark, and the folder of data that its tests read.
FOLDERS = {"reference": "EVENHAND_REFERENCE", "real": "EVENHAND_DATA"}
# A fixture, and the mark that a test earns by asking for it.
EARNED = {"reference": "reference", "real": "real", "browser": "browser", "page": "browser", "postgres_url": "postgres"}

left_out: Counter[str] = Counter()

# A workspace of the tests' own, and one for each process that runs them, so that none touches anybody's work.
workspace = TemporaryDirectory(prefix="evenhand-tests-", ignore_cleanup_errors=True)
os.environ["EVENHAND_HOME"] = workspace.name
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.web.settings")

# Shared machines are slow at times, so no deadlines; elsewhere than here a failure must repeat.
hypothesis_settings.register_profile("evenhand", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis_settings.load_profile("evenhand")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a data folder that is not there: a misspelt one would look like a pass. Then make the site ready."""
    for variable in FOLDERS.values():
        folder = os.environ.get(variable)
        if folder and not Path(folder).is_dir():
            raise pytest.UsageError(f"{variable} names a folder that is not there: {folder}")
    # Here, not by pytest-django, which would read the settings before the workspace above is named.
    django.setup()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a test by the fixtures it asks for, so that -m browser finds every test that opens one."""
    for fixture, mark in EARNED.items():
        if fixture in getattr(item, "fixturenames", ()) and item.get_closest_marker(mark) is None:
            item.add_marker(mark)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests whose data folder is not named, and count them."""
    unnamed = {mark: variable for mark, variable in FOLDERS.items() if not os.environ.get(variable)}
    kept, dropped = [], []
    for item in items:
        needs = [variable for mark, variable in unnamed.items() if item.get_closest_marker(mark)]
        left_out.update(needs[:1])
        (dropped if needs else kept).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a process that runs a part of the tests tell the one that reports what it left out."""
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["left_out"] = dict(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a process left out: each collects every test, so that all say the same."""
    for variable, count in getattr(node, "workeroutput", {}).get("left_out", {}).items():
        left_out[variable] = max(left_out[variable], count)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, and which variable would bring it in."""
    for variable, count in sorted(left_out.items()):
        tests = "1 test needs" if count == 1 else f"{count} tests need"
        terminalreporter.write_line(f"{tests} {variable} to name a folder of data: left out.")


def folder_named_by(variable: str) -> Path:
    """The folder of data that an environment variable names."""
    folder = os.environ.get(variable)
    if not folder:
        pytest.skip(f"{variable} names no folder")
    return Path(folder).resolve()


def missing(what: str, *, required_by: str) -> None:
    """Skip with a reason, or fail where the part is required."""
    if os.environ.get(required_by):
        pytest.fail(f"{what} ({required_by} is set, so this is a failure)", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def reference() -> Path:
    """The fuller reference cases."""
    return folder_named_by("EVENHAND_REFERENCE")


@pytest.fixture(scope="session")
def real() -> Path:
    """The published files, as published."""
    return folder_named_by("EVENHAND_DATA")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server that tests may write to, as postgresql://user:password@host:port/database."""
    named = os.environ.get("EVENHAND_TEST_DATABASE_URL")
    if named:
        yield named
        return
    programs = postgresql.find_programs()
    if programs is None:
        missing(
            "No PostgreSQL: set EVENHAND_TEST_DATABASE_URL, or put initdb on the path",
            required_by="EVENHAND_REQUIRE_POSTGRES",
        )
    assert programs is not None
    with postgresql.running(programs) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser of the Chromium family, without a window."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop on this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        program = browsers.find(playwright.chromium.executable_path)
        if program is None:
            missing(browsers.REMEDY, required_by="EVENHAND_REQUIRE_BROWSER")
        opened = playwright.chromium.launch(executable_path=str(program), args=browsers.arguments())
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page with no history. The test fails if the page asks anything of another machine."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    opened = context.new_page()
    yield opened
    context.close()
    elsewhere = [url for url in asked if urlsplit(url).hostname not in (None, "127.0.0.1", "localhost", "testserver")]
    assert not elsewhere, f"The page asked another machine: {elsewhere}"
