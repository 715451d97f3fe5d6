"""The demonstration as a stranger gets it: made by the command, served by the command, opened in a browser."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 240


def run(*words, home, **how):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("EVENHAND_", "DJANGO_"))}
    return subprocess.Popen([sys.executable, "-m", "evenhand", *words], cwd=PROJECT, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, env={**environment, "EVENHAND_HOME": str(home)}, **how)


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """A folder with the demonstration in it, on the small tables that come with the region."""
    folder = tmp_path_factory.mktemp("demonstration")
    made = run("demo", "--no-serve", home=folder)
    said, _ = made.communicate(timeout=PATIENCE_SECONDS)
    assert made.returncode == 0, said
    (folder / "said.txt").write_text(said)
    return folder


@pytest.fixture(scope="session")
def address(home) -> Iterator[str]:
    """Where the site is served, with its worker."""
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


@pytest.fixture
def visit(browser, address):
    """Open a page in a browser of one's own; whatever it complains of, or asks of another machine, is a failure."""
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
