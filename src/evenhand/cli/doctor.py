"""``evenhand doctor``: every setting and service, OK or to mend, with the value found and the remedy."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.cli.arguments import Parser
from evenhand.cli.serve import say, web_missing


def main(words: Sequence[str]) -> int:
    """Look at everything and say what was found; 0 where nothing has to be mended, else 1."""
    Parser(prog="evenhand doctor", description="Every setting and service of the site: OK or MEND, the value found, "
           "the remedy. Changes nothing.").parse_args(list(words))
    try:
        from evenhand.web import checkup
    except ImportError:
        raise web_missing() from None
    found = checkup.look()
    width = max(len(each.what) for each in found)
    for each in found:
        remedy = f"  → {each.remedy}" if not each.ok else ""
        say(f"{'OK  ' if each.ok else 'MEND'}  {each.what:<{width}}  {each.value}{remedy}")
    wrong = sum(not each.ok for each in found)
    say(f"Safe to open to the public: {'yes' if not wrong else f'no, {wrong} to mend'}")
    return 0 if not wrong else 1
