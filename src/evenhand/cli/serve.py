"""``evenhand serve``: the site and its worker."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.cli.arguments import Parser
from evenhand.terms import refuse


def main(words: Sequence[str]) -> int:
    """Make tables and assets ready, then run server and worker until told to stop."""
    parser = Parser(prog="evenhand serve", description="The site and its worker, from the folder EVENHAND_HOME "
                    "(default ./workspace). Settings are environment variables; evenhand doctor checks them.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--port", type=port_number, default=8000, help="the port (default 8000)")
    parser.add_argument("--workers", type=int, default=2, help="server processes (default 2)")
    arguments = parser.parse_args(list(words))
    try:
        from evenhand.web import keeping, place
    except ImportError:
        raise web_missing() from None
    keeping.free_port(arguments.port)
    keeping.prepare(place.home())
    keeping.make_tables()
    keeping.collect_assets(place.home())
    return keeping.serve(arguments.host, arguments.port, workers=max(1, arguments.workers), say=say)


def say(line: str) -> None:
    """A line on the terminal, at once."""
    print(line, flush=True)


def port_number(text: str) -> int:
    """A port that a person may use."""
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise refuse("this is no port", "give a number from 1024 to 65535", column="--port", value=text)
    return int(text)


def web_missing() -> Exception:
    """What is said where only the library is installed."""
    return refuse("the site is not installed here", "install it: pip install 'evenhand[web]'")
