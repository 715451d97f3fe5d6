"""A server killed in the middle of a vote: whatever was confirmed to a member is there when it comes back."""

import http.client
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.long
PROJECT = Path(__file__).resolve().parents[2]
ITEM = "/meetings/millbrook-committee/5/"
VOTERS = ("grace-hart", "rosa-khan", "femi-okoro", "pat-byrne", "isla-hughes")


class Browser:
    """Somebody signed in, without a browser: pages are asked for and forms sent as the site gives them."""

    class _Stays(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    def __init__(self, base, who):
        self.base = base
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), self._Stays)
        assert self.send("/sign-in/as/", "/sign-in/", who=who) == 302

    def get(self, path):
        with self.opener.open(self.base + path, timeout=60) as response:
            return response.read().decode()

    def send(self, path, form, **fields):
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(form))[1]
        data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(self.base + path, data, {"Referer": self.base + form})
        try:
            with self.opener.open(request, timeout=60) as response:
                return response.status
        except urllib.error.HTTPError as told:
            return told.code


def command(*words, home, **how):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("EVENHAND_", "DJANGO_"))}
    return subprocess.Popen([sys.executable, "-m", "evenhand", *words], cwd=PROJECT, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, env={**environment, "EVENHAND_HOME": str(home)}, **how)


def served(home):
    # A port of its own each time: that of a killed server stays taken for a while.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = command("serve", "--port", str(port), home=home, start_new_session=True)
    lines = []
    for line in server.stdout:
        lines.append(line)
        if line.startswith("Ready:"):
            # What it says later is read away, or it would stop when the pipe is full.
            threading.Thread(target=server.stdout.read, daemon=True).start()
            return server, f"http://127.0.0.1:{port}"
    pytest.fail(f"The site did not start:\n{''.join(lines)}")


def kill(server):
    """The site and its worker at once, without a word: what a power cut does."""
    os.killpg(server.pid, signal.SIGKILL)
    server.wait(timeout=30)


def test_no_vote_that_was_confirmed_is_lost_when_the_server_is_killed(tmp_path):
    made = command("demo", "--no-serve", home=tmp_path)
    said, _ = made.communicate(timeout=240)
    assert made.returncode == 0, said
    server, base = served(tmp_path)
    try:
        browsers = {who: Browser(base, who) for who in VOTERS}
        assert Browser(base, "tom-doyle").send(f"{ITEM}open/", ITEM) == 302
        confirmed, third = set(), threading.Event()

        def vote(who):
            try:
                if browsers[who].send(f"{ITEM}vote/", ITEM, choice="for", reason=f"For, says {who}.") == 302:
                    confirmed.add(who)
            except (OSError, http.client.HTTPException):
                pass  # nobody told this one that the vote was cast
            if len(confirmed) >= 3:
                third.set()

        threads = [threading.Thread(target=vote, args=(who,)) for who in VOTERS]
        for thread in threads:
            thread.start()
            time.sleep(0.05)
        third.wait(timeout=50)
    finally:
        kill(server)
    for thread in threads:
        thread.join(timeout=60)
    assert len(confirmed) >= 3
    # When it comes back, every member who was told so has voted, and the record is whole.
    server, base = served(tmp_path)
    try:
        for browser in browsers.values():
            browser.base = base
        for who in sorted(confirmed):
            assert f"For, says {who}." in browsers[who].get(ITEM), who
        for who in set(VOTERS) - confirmed:
            again = browsers[who].send(f"{ITEM}vote/", ITEM, choice="for", reason=f"For, says {who}.")
            assert again in (302, 400), "cast now, or told that it was cast before"
        assert Browser(base, "grace-hart").send(f"{ITEM}put-off/", ITEM, reasons="The power failed.") == 302
    finally:
        kill(server)
    checked = command("record", "verify", home=tmp_path)
    said, _ = checked.communicate(timeout=120)
    assert checked.returncode == 0, said
