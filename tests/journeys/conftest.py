"""The demonstration as a stranger gets it: made by the command, served by the command, opened in a browser."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 240


def run(*words, home, **how):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("EVENHAND_", "DJANGO_"))}
    return subprocess.Popen([sys.executable, "-m", "evenhand", *words], cwd=PROJECT, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, env={**environment, "EVENHAND_HOME": str(home)}, **how)


def made(folder, *words) -> Path:
    """The demonstration made in a folder, with what it said."""
    process = run("demo", "--no-serve", *words, home=folder)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, said
    (folder / "said.txt").write_text(said)
    return folder


@contextmanager
def served(home) -> Iterator[str]:
    """Where the site of a folder is served, with its worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = run("serve", "--port", str(port), home=home)
    lines = []
    for line in server.stdout:
        lines.append(line)
        if line.startswith("Ready:"):
            break
    else:
        pytest.fail(f"The site did not start:\n{''.join(lines)}")
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    said, _ = server.communicate(timeout=30)
    assert server.returncode == 0, said
    assert "Traceback" not in said, said


@contextmanager
def visitor(browser, address) -> Iterator[Callable[..., Any]]:
    """Open pages in browsers of one's own; whatever they complain of, or ask of another machine, is a failure."""
    contexts, complaints = [], []

    def opened(path="/", *, who="", width=1280, scripts=True):
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts,
                                      locale="en-GB", timezone_id="Europe/London", base_url=address)
        contexts.append(context)
        page = context.new_page()
        # That a form was refused is meant; the browser notes it.
        page.on("console", lambda message: "status of 400" in message.text
                or complaints.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("request", lambda request: request.url.startswith((address, "data:"))
                or complaints.append(f"{page.url} asked {request.url}"))
        if who:
            page.goto("/sign-in/")
            page.locator(f"form:has(input[value='{who}']) button").click()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """A folder with the demonstration in it, on the small tables that come with the region."""
    return made(tmp_path_factory.mktemp("demonstration"))


@pytest.fixture(scope="session")
def address(home) -> Iterator[str]:
    """Where the demonstration is served."""
    with served(home) as there:
        yield there


@pytest.fixture
def visit(browser, address):
    """Open a page of the demonstration."""
    with visitor(browser, address) as opened:
        yield opened


@pytest.fixture(scope="session")
def county_address(tmp_path_factory) -> Iterator[str]:
    """Where the demonstration of the invented county is served."""
    folder = made(tmp_path_factory.mktemp("county"), "--region", str(PROJECT / "examples" / "millbrook"))
    with served(folder) as there:
        yield there


@pytest.fixture
def visit_county(browser, county_address):
    """Open a page of the invented county."""
    with visitor(browser, county_address) as opened:
        yield opened
