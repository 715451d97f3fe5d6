"""``evenhand demo``: database, a real worked example, an invented county, then site and worker."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.cli.arguments import Parser
from evenhand.cli.serve import port_number, say, web_missing
from evenhand.terms import refuse
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import argparse

EXAMPLE = "derbyshire"


def main(words: Sequence[str]) -> int:
    """Make the demonstration, say what is in it and who to sign in as, and serve it."""
    arguments = _parser().parse_args(list(words))
    try:
        from evenhand.web import keeping, place
    except ImportError:
        raise web_missing() from None
    began = time.monotonic()
    region, data = _region(arguments.region), Path(arguments.data).resolve() if arguments.data else None
    if data is not None and not data.is_dir():
        raise refuse("there is no such folder of published files", "name the folder with --data", file=str(data))
    if not arguments.no_serve:
        keeping.free_port(arguments.port)
    home = place.home()
    if place.told("HOSTS"):
        raise refuse("a demonstration lets anybody in and stays on this machine",
                     "unset EVENHAND_HOSTS, or use evenhand serve", column="EVENHAND_HOSTS")
    if (home / "evenhand.sqlite3").exists() and not (home / place.DEMONSTRATION_MARK).exists():
        raise refuse("this folder holds a site that is no demonstration", "name another with EVENHAND_HOME",
                     file=str(home))
    say(f"Evenhand's demonstration, in {home}")
    keeping.prepare(home, demonstration=True)
    _step("Tables of the database", keeping.make_tables)
    _step("Assets of the pages", lambda: keeping.collect_assets(home))
    _region_taken_in(home, region, data)
    _invented_county(region)
    _summary(data, time.monotonic() - began)
    if arguments.no_serve:
        say(f"To serve it: evenhand serve --port {arguments.port}  (with EVENHAND_HOME={home})")
        return 0
    say(f"Starting site and worker at http://127.0.0.1:{arguments.port}/ …")
    return keeping.serve("127.0.0.1", arguments.port, workers=2, say=say)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="evenhand demo", description="The demonstration: a real decision from published figures, an "
                    "invented county to act in, the site and its worker, on this machine only.")
    parser.add_argument("--no-serve", action="store_true", help="stop before serving")
    parser.add_argument("--port", type=port_number, default=8000, help="the port (default 8000)")
    parser.add_argument("--region", metavar="DIR", help="a region's folder (default: the worked example)")
    parser.add_argument("--data", metavar="DIR", help="where published files lie; without it, the small tables of "
                        "figures that come with the region")
    return parser


def _region(named: str | None) -> Path:
    if named:
        return Path(named).resolve()
    package = Path(__file__).resolve().parents[1]
    found = [folder for folder in (package / "examples" / EXAMPLE, package.parents[1] / "examples" / EXAMPLE)
             if folder.is_dir()]
    if not found:
        raise refuse("the worked example is not here", "name a region's folder with --region DIR")
    return found[0]


def _step(what: str, work: object) -> None:
    assert callable(work)
    began = time.monotonic()
    print(f"  {what} …", end="", flush=True)
    work()
    say(f" done ({time.monotonic() - began:.1f} s)")


def _region_taken_in(home: Path, region: Path, data: Path | None) -> None:
    """Run the region's folder, and take its papers into the site by the same door as a hand-over pack."""
    from evenhand.region.running import run
    from evenhand.region.writing import PACK
    from evenhand.web import region_here

    mark, pack = home / "out" / "region.json", home / "out" / PACK
    asked = {"region": str(region), "data": str(data or ""), "newest": _newest(region)}
    if not (pack.exists() and mark.exists() and json.loads(mark.read_text("utf-8")) == asked):
        figures = f"published files from {data}" if data else "its own tables"
        say(f"  The region's folder {region.name}, with {figures}:")
        region_here.take(region, home)
        run(region, data=data, workspace=home, at=datetime.now(UTC), tell=lambda line: say(f"    {line} …"))
        mark.write_text(json.dumps(asked), "utf-8")
    _step("Its papers, taken into the site", lambda: _unpacked(pack.read_bytes()))


def _newest(region: Path) -> float:
    return max(path.stat().st_mtime for path in region.rglob("*") if path.is_file())


def _unpacked(content: bytes) -> None:
    from evenhand.papers import INSTALLATION, Receipt, digest
    from evenhand.record.app.site import Site

    site = Site()
    received = [kept.paper() for kept in site.papers(INSTALLATION, "receipt")]
    if any(isinstance(each, Receipt) and each.pack == digest(content) for each in received):
        return
    site.unpack(content, by="command", at=datetime.now(UTC))


def _invented_county(region: Path) -> None:
    from datetime import date

    from evenhand.web import demonstration

    if demonstration.make(date.today(), region=region, say=lambda line: say(f"  {line}")):
        say("  The invented county is there.")


def _then(plan: str, case: str) -> str:
    ways = [f"/plan/{plan}/"] if plan else []
    return "  ".join([*ways, f"/decisions/{case}/" if case else "/decisions/", "/promises/"])


def _summary(data: Path | None, seconds: float) -> None:
    from datetime import date

    from evenhand.people.app import queries
    from evenhand.web import cases, demonstration, loaded, region_here

    pages = cases.every_case()
    real = [page for page in pages if not page.invented]
    say("")
    say(f"Made in {seconds:.0f} seconds. What is in it:")
    for page in real:
        say(f"  {page.title}: {page.sentence}")
    for release in loaded.releases():
        say(f"  Figures: {release.title}, {release.span.words}, "
            f"{counted(len(release.units), 'place')}.")
    if data is None and not region_here.here().invented:
        say("  These are small tables kept with the region; --data DIR (make demo DATA=DIR) loads the published files.")
    invented = len(pages) - len(real)
    say(f"  Invented county: {counted(invented, 'case')}, two meetings, a support unit with two customers.")
    say("")
    say("Sign in at /sign-in/, without a password on this machine, as:")
    for account in queries.demonstration_accounts(date.today()):
        first = demonstration.first_page_for(account.identifier)
        say(f"  {account.name:<20} {', '.join(account.roles):<20} {first['href']:<38} {first['what']}")
    plans = cases.every_plan()
    say("First page without signing in: /  (the plan, the cases, the promises)")
    of_the_plan = [change.case for plan in plans for change in plan.changes if change.case]
    first_case = next(iter((*real, *of_the_plan, *pages)), None)
    say(f"Then: {_then(plans[0].name if plans else '', first_case.name if first_case else '')}")
    say("")
