"""Rule packs: what must be shown of a case, as dated data with a source. A new rule is a file, not code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from evenhand.data import reading
from evenhand.decide.pack_checks import CHECKS, Check
from evenhand.decide.pack_words import Spoken
from evenhand.papers import KINDS, kind_named, plain
from evenhand.papers.shape import Misshapen, taken
from evenhand.terms import Problem, Refused, closest, refuse

PACKS = Path(__file__).parent / "packs"
LINKS = ("engagement", "clinicians", "evidence", "options", "fairness", "quality", "money", "governance", "delivery",
         "evaluation")
"""The links of a case: the three weakest are taken from three different ones."""


@dataclass(frozen=True, kw_only=True)
class Limb:
    """One of several ways to meet a test."""

    id: str
    what: str
    needs: tuple[Check, ...]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One test: a question in our words, when it applies, what must be shown, and who owes what is missing.

    ``gravity`` from 1 to 3 says how much hangs on it. A test with ``may_be_excused`` is also met by a signed judgement
    that says why the usual rule need not hold here.
    """

    id: str
    question: str
    link: str
    missing: str
    owed_by: str
    due: str
    gravity: int = 2
    applies: Literal["always", "unless judged not to", "only if judged to", "once decided"] = "always"
    applies_what: str = ""
    may_be_excused: bool = False
    needs: tuple[Check, ...] = ()
    limbs: tuple[Limb, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InForce:
    """From which day to which; ``None`` where there is no bound, or none that a source gives."""

    first: date | None = None
    last: date | None = None

    def holds_on(self, day: date | None) -> bool:
        """Whether it was in force on a day. Where no day is known, only what has no end counts."""
        if day is None:
            return self.last is None
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def words(self) -> str:
        """As a reader says it."""
        since = f"from {_day(self.first)}" if self.first else ""
        until = f"until {_day(self.last)}" if self.last else ""
        return " ".join(filter(None, (since, until))) or "at any time"


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A set of tests with its source and the dates between which it was in force.

    ``usual`` packs are asked of every case; the others only by name. ``numbers`` are what a local pack may set.
    """

    id: str
    title: str
    source: str
    address: str | None = None
    version: str = "1"
    in_force: InForce = InForce()
    usual: bool = True
    numbers: Mapping[str, int] = field(default_factory=dict)
    tests: tuple[Rule, ...] = ()
    digest: str = ""

    @property
    def name(self) -> str:
        """What it is asked for by."""
        return self.id

    def number(self, amount: int | str) -> int:
        """A number, or the one of that name."""
        return amount if isinstance(amount, int) else self.numbers[amount]


@cache
def packs() -> tuple[Pack, ...]:
    """Every pack that comes with the program; one id may stand in several, in force at different times."""
    return tuple(pack_in(reading.bytes_of(path), path.name) for path in sorted(PACKS.glob("*.toml"))
                 if path.name != "vocabulary.toml")


def packs_on(day: date | None, names: tuple[str, ...] = (), known: tuple[Pack, ...] = ()) -> tuple[Pack, ...]:
    """The packs of these names, or the usual ones, in force on a day. Raises ``Refused`` for a name nobody knows."""
    known = known or packs()
    for name in names:
        if name not in {pack.id for pack in known}:
            ids = list(dict.fromkeys(pack.id for pack in known))
            raise refuse("there is no such rule pack", f"choose from {', '.join(closest(name, ids) or ids)}",
                         column="--pack", value=name)
    found = [pack for pack in known if (pack.id in names if names else pack.usual)]
    now = [pack for pack in found if pack.in_force.holds_on(day)]
    # Asked for by name, a pack of another time is still named, so that the answer can say it did not apply then.
    then = [pack for pack in found if names and pack.id not in {each.id for each in now}]
    return tuple((*now, *{pack.id: pack for pack in then}.values()))


def pack_in(content: bytes, name: str) -> Pack:
    """A pack from the bytes of its file. Raises ``Refused`` with everything that has to be mended."""
    try:
        document: dict[str, Any] = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise refuse(f"this is not TOML: {trouble}", "mend it there", file=name) from None
    if based_on := document.pop("based_on", None):
        return _changed(str(based_on), document, content, name)
    tests = document.pop("test", None)
    if not isinstance(tests, list) or not tests:
        raise refuse("a rule pack has at least one [[test]]", "see docs/how-to/add-a-rule-pack.md", file=name)
    problems: list[Problem] = []
    read = []
    for place, said in enumerate(tests, start=1):
        try:
            read.append(_test(said))
        except Refused as refused:
            problems += (replace(each, file=name, row=place) for each in refused.problems)
    try:
        pack = taken(Pack, {**_dated(document), "tests": [], "digest": reading.digest_of(content)})
    except Misshapen as wrong:
        problems.append(Problem(str(wrong), "see docs/how-to/add-a-rule-pack.md", name))
    if problems:
        raise Refused(problems)
    whole = replace(pack, tests=tuple(read))
    _check(whole, name)
    return whole


def _changed(based_on: str, document: Mapping[str, Any], content: bytes, name: str) -> Pack:
    """A local pack: another's tests with its own numbers, title and source."""
    for path in sorted(PACKS.glob("*.toml")):
        there = tomllib.loads(reading.bytes_of(path).decode())
        if there.get("id") == based_on and "based_on" not in there:
            base = pack_in(reading.bytes_of(path), path.name)
            break
    else:
        raise refuse("it is based on a pack that does not come with the program", "name one that does", file=name,
                     column="based_on", value=based_on)
    wanted = {"usual": False, **_dated(document), "numbers": {**base.numbers, **document.get("numbers", {})},
              "in_force": plain(base.in_force) if "in_force" not in document else _dated(document)["in_force"],
              "tests": [], "digest": reading.digest_of(content)}
    try:
        own = taken(Pack, wanted)
    except Misshapen as wrong:
        raise refuse(str(wrong), "see docs/how-to/add-a-rule-pack.md", file=name) from None
    if unknown := sorted(set(own.numbers) - set(base.numbers)):
        raise refuse(f"{base.id} has no such number", f"choose from {', '.join(base.numbers)}", file=name,
                     column="numbers", value=unknown[0])
    return replace(own, tests=base.tests)


def _dated(document: Mapping[str, Any]) -> dict[str, Any]:
    """The head of a pack: ``in_force`` is a day, or ``{from = day, to = day}``."""
    said = document.get("in_force", {})
    bounds = {{"from": "first", "to": "last"}.get(key, key): day for key, day in said.items()} if isinstance(
        said, dict) else {"first": said}
    return {**plain(document), "in_force": plain(bounds)}


def _test(said: Mapping[str, Any]) -> Rule:
    rest = {key: each for key, each in said.items() if key not in ("needs", "limb")}
    place = str(said.get("id", "a test"))
    try:
        needs = tuple(_need(each) for each in said.get("needs", ()))
        limbs = tuple(replace(taken(Limb, {**{key: part for key, part in each.items() if key != "needs"}, "needs": []}),
                              needs=tuple(_need(need) for need in each.get("needs", ())))
                      for each in said.get("limb", ()))
        test = taken(Rule, {**plain(rest), "needs": [], "limbs": []})
    except Misshapen as wrong:
        raise refuse(str(wrong), "see docs/how-to/add-a-rule-pack.md", column=place) from None
    if test.link not in LINKS:
        raise refuse("there is no such link of a case", f"choose from {', '.join(LINKS)}", column=place,
                     value=test.link)
    if not (needs or limbs) or any(not limb.needs for limb in limbs):
        raise refuse("nothing is said of what must be shown", "give needs, or limbs with needs", column=place)
    return replace(test, needs=needs, limbs=limbs)


def _need(said: Any) -> Check:
    if not isinstance(said, dict) or said.get("check") not in CHECKS:
        named = said.get("check") if isinstance(said, dict) else said
        near = closest(str(named), CHECKS) or list(CHECKS)
        raise Misshapen(f"{named!r} is no check; there are {', '.join(near)}")
    need = taken(CHECKS[said["check"]], plain(said), f"needs.{said['check']}")
    kinds = [kind.paper for kind in KINDS]
    for named in filter(None, (need.paper, getattr(need, "then_paper", ""), getattr(need, "other", ""))):
        if named not in kinds:
            near = closest(named, kinds) or kinds
            raise Misshapen(f"there is no paper called {named!r}; there are {', '.join(near)}")
    own = [*need.where, *filter(None, (getattr(need, each, "") for each in ("field", "first", "last")))]
    then = [(getattr(need, "then_paper", ""), getattr(need, "then_field", ""))]
    for paper, path in (*((need.paper, each) for each in own), *(each for each in then if each[0])):
        there = [each.name for each in fields(kind_named(paper))]
        if path.partition(".")[0] not in there:
            near = closest(path, there) or there
            raise Misshapen(f"a paper called {paper!r} has no field {path!r}; it has {', '.join(near)}")
    return need


def _check(pack: Pack, name: str) -> None:
    problems = []
    ids = [test.id for test in pack.tests]
    for test in pack.tests:
        if ids.count(test.id) > 1:
            problems.append(Problem("two tests have this id", "give each its own", name, None, test.id))
        for need in (*test.needs, *(each for limb in test.limbs for each in limb.needs)):
            amounts = [getattr(need, each, None) for each in ("at_least", "days", "above")]
            problems += [Problem("no number of this name stands under [numbers]", "add it there", name, None, test.id,
                                 each) for each in amounts if isinstance(each, str) and each not in pack.numbers]
        for text in (test.question, test.missing, test.owed_by, test.due):
            try:
                Spoken.of(None).said(text)
            except KeyError as unknown:
                problems.append(Problem("the vocabulary has no such word", "see packs/vocabulary.toml", name, None,
                                        test.id, str(unknown).strip("'")))
    if problems:
        raise Refused(dict.fromkeys(problems))


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
