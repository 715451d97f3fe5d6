"""Rule packs: what must be shown of a case, as dated data with a source. A new rule is a file, not code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from typing import Any, Literal

from evenhand.data import reading
from evenhand.decide import pack_files
from evenhand.decide.pack_checks import AMOUNTS, CHECKS, Check, Words
from evenhand.decide.pack_words import Spoken, Vocabulary, vocabulary_in
from evenhand.papers import KINDS, kind_named, plain
from evenhand.papers.shape import Misshapen, taken
from evenhand.terms import Problem, Refused, closest, refuse

HIGHEST_SCORE = 25
"""Likelihood 5 times consequence 5."""
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
    that says why the usual rule need not hold here. With ``where held`` it applies where the newest paper
    ``applies_paper`` of this version has the words ``applies_where`` and says ``applies_said`` (``where ever held``:
    one of any version); with ``only if judged to`` such a paper stands for the judgement. ``applies_as`` names the test
    whose judgement of applying counts for this one too.
    """

    id: str
    question: str
    link: str
    missing: str
    owed_by: str
    due: str
    gravity: int = 2
    applies: Literal["always", "unless judged not to", "only if judged to", "once decided", "where held",
                     "where ever held", "of several versions"] = "always"
    applies_what: str = ""
    applies_as: str = ""
    applies_paper: str = ""
    applies_where: Words = field(default_factory=dict)
    applies_said: str = ""
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

    ``usual`` packs are asked of every case; the others only by name. ``numbers`` are what a local pack may set, and
    ``bands`` the local names of scores, each with the highest score in it. ``vocabulary`` brings words of its own, and
    ``days_off`` the holidays beside weekends that working days leave out: England's unless told.
    """

    id: str
    title: str
    source: str
    address: str | None = None
    version: str = "1"
    in_force: InForce = InForce()
    usual: bool = True
    numbers: Mapping[str, int] = field(default_factory=dict)
    bands: Mapping[str, int] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=dict)
    days_off: tuple[date, ...] | None = None
    tests: tuple[Rule, ...] = ()
    digest: str = ""

    @property
    def name(self) -> str:
        """What it is asked for by."""
        return self.id

    def number(self, amount: int | str) -> int:
        """A number, or the one of that name."""
        return amount if isinstance(amount, int) else self.numbers[amount]

    def band(self, score: int) -> str:
        """What a score from 1 to 25 is called here; empty where the pack names no bands."""
        return next((name for name, highest in self.bands.items() if score <= highest), "")


@cache
def packs() -> tuple[Pack, ...]:
    """Every pack that comes with the program; one id may stand in several, in force at different times."""
    return tuple(pack_in(pack_files.shipped(name), name) for name in pack_files.names())


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
    # Asked for by name, a pack of another time is still named, so that the answer can say it did not apply then: of
    # several, the one that had ended last, or the first there ever was.
    then = sorted((pack for pack in found if names and pack.id not in {each.id for each in now}),
                  key=lambda pack: pack.in_force.first or date.min)
    of_then: dict[str, Pack] = {}
    for pack in then:
        if pack.id not in of_then or day is None or (pack.in_force.first or date.min) <= day:
            of_then[pack.id] = pack
    return (*now, *of_then.values())


def pack_in(content: bytes, name: str) -> Pack:
    """A pack from the bytes of its file. Raises ``Refused`` with everything that has to be mended."""
    try:
        document: dict[str, Any] = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as trouble:
        raise refuse(f"this is not TOML: {trouble}", "mend it there", file=name) from None
    for key, each in document.items():
        try:
            plain(each)
        except (ValueError, TypeError) as wrong:
            raise refuse(str(wrong), "write a day as 2024-01-31, and a number that is one", file=name,
                         column=key) from None
    if based_on := document.pop("based_on", None):
        return _changed(str(based_on), document, content, name)
    tests = document.pop("test", None)
    if not isinstance(tests, list) or not tests:
        raise refuse("a rule pack has at least one [[test]]", "see docs/how-to/add-a-rule-pack.md", file=name)
    problems: list[Problem] = []
    read = []
    for place, said in enumerate(tests, start=1):
        try:
            if not isinstance(said, dict):
                raise refuse("a test is a table of its own", "write [[test]]")
            read.append(_test(said))
        except Refused as refused:
            problems += (replace(each, file=name, row=place) for each in refused.problems)
    try:
        pack = replace(taken(Pack, {**_dated(document), "tests": [], "digest": reading.digest_of(content)}),
                       vocabulary=vocabulary_in(document.get("vocabulary", {})))
    except Misshapen as wrong:
        problems.append(Problem(str(wrong), "see docs/how-to/add-a-rule-pack.md", name))
    except Refused as refused:
        problems += (replace(each, file=name) for each in refused.problems)
    if problems:
        raise Refused(problems)
    whole = replace(pack, tests=tuple(read))
    _check(whole, name)
    return whole


def _changed(based_on: str, document: Mapping[str, Any], content: bytes, name: str) -> Pack:
    """A local pack: another's tests with its own numbers, bands, holidays, words, title and source."""
    if "test" in document:
        raise refuse("a pack based on another takes its tests from there", "leave [[test]] out, or leave based_on out",
                     file=name, column="based_on", value=based_on)
    numbers = document.get("numbers", {})
    if not isinstance(numbers, dict):
        raise refuse("numbers stand by name", "write them under [numbers]", file=name, column="numbers")
    # The newest of several of one name: a local pack changes the rules of today, unless it says another time.
    for each in sorted(pack_files.names(), reverse=True):
        there = tomllib.loads(pack_files.shipped(each).decode())
        if there.get("id") == based_on and "based_on" not in there:
            base = pack_in(pack_files.shipped(each), each)
            break
    else:
        raise refuse("it is based on a pack that does not come with the program", "name one that does", file=name,
                     column="based_on", value=based_on)
    wanted = {"usual": False, **_dated(document), "numbers": {**base.numbers, **numbers},
              "bands": document.get("bands", base.bands),
              "days_off": plain(document.get("days_off", base.days_off)),
              "in_force": plain(base.in_force) if "in_force" not in document else _dated(document)["in_force"],
              "tests": [], "digest": reading.digest_of(content)}
    try:
        own = replace(taken(Pack, wanted),
                      vocabulary={**base.vocabulary, **vocabulary_in(document.get("vocabulary", {}))})
    except Misshapen as wrong:
        raise refuse(str(wrong), "see docs/how-to/add-a-rule-pack.md", file=name) from None
    except Refused as refused:
        raise refused.in_file(name) from None
    if unknown := sorted(set(own.numbers) - set(base.numbers)):
        raise refuse(f"{base.id} has no such number", f"choose from {', '.join(base.numbers)}", file=name,
                     column="numbers", value=unknown[0])
    whole = replace(own, tests=base.tests)
    _check(whole, name)
    return whole


def _dated(document: Mapping[str, Any]) -> dict[str, Any]:
    """The head of a pack: ``in_force`` is a day, or ``{from = day, to = day}``."""
    said = document.get("in_force", {})
    bounds = {{"from": "first", "to": "last"}.get(key, key): day for key, day in said.items()} if isinstance(
        said, dict) else {"first": said}
    return {**plain({key: each for key, each in document.items() if key != "vocabulary"}), "in_force": plain(bounds)}


def _test(said: Mapping[str, Any]) -> Rule:
    rest = {key: each for key, each in said.items() if key not in ("needs", "limb")}
    place = str(said.get("id", "a test"))
    try:
        needs = tuple(_need(each) for each in said.get("needs", ()))
        limbs = tuple(replace(taken(Limb, {**{key: part for key, part in each.items() if key != "needs"}, "needs": []}),
                              needs=tuple(_need(need) for need in each.get("needs", ())))
                      for each in said.get("limb", ()))
        test = taken(Rule, {**plain(rest), "needs": [], "limbs": []})
        for path in ("header", *test.applies_where, *filter(None, [test.applies_said])) if test.applies_paper else ():
            _is_field(test.applies_paper, path)
    except Misshapen as wrong:
        raise refuse(str(wrong), "see docs/how-to/add-a-rule-pack.md", column=place) from None
    if test.link not in LINKS:
        raise refuse("there is no such link of a case", f"choose from {', '.join(LINKS)}", column=place,
                     value=test.link)
    if not (needs or limbs) or any(not limb.needs for limb in limbs):
        raise refuse("nothing is said of what must be shown", "give needs, or limbs with needs", column=place)
    if test.gravity not in (1, 2, 3):
        raise refuse("how much hangs on a test is 1, 2 or 3", "give one of them as gravity", column=place,
                     value=test.gravity)
    if test.applies == "only if judged to" and not test.applies_what:
        raise refuse("it applies only if judged to, and does not say what is judged", "say it in applies_what",
                     column=place)
    if test.applies in ("where held", "where ever held") and not test.applies_paper:
        raise refuse("it applies where a paper is held, and does not say which", "name it in applies_paper",
                     column=place)
    return replace(test, needs=needs, limbs=limbs)


def _need(said: Any) -> Check:
    if not isinstance(said, dict) or said.get("check") not in CHECKS:
        named = said.get("check") if isinstance(said, dict) else said
        near = closest(str(named), CHECKS) or list(CHECKS)
        raise Misshapen(f"{named!r} is no check; there are {', '.join(near)}")
    need = taken(CHECKS[said["check"]], plain(said), f"needs.{said['check']}")
    own = [*need.where, *need.but_not, *need.unless,
           *filter(None, (getattr(need, each, "") for each in ("field", "first", "last")))]
    other = getattr(need, "other", "")
    then = [(getattr(need, "then_paper", ""), getattr(need, "then_field", "")),
            *((other, each) for each in ("header", *getattr(need, "other_where", ())))]
    for paper, path in ((need.paper, "header"), *((need.paper, each) for each in own), *then):
        if paper:
            _is_field(paper, path)
    return need


def _is_field(paper: str, path: str) -> None:
    """Raises ``Misshapen`` where no such paper exists, or it has no such field."""
    kinds = [kind.paper for kind in KINDS]
    if paper not in kinds:
        near = closest(paper, kinds) or kinds
        raise Misshapen(f"there is no paper called {paper!r}; there are {', '.join(near)}")
    there = [each.name for each in fields(kind_named(paper))]
    if path.partition(".")[0] not in there:
        near = closest(path, there) or there
        raise Misshapen(f"a paper called {paper!r} has no field {path!r}; it has {', '.join(near)}")


def _check(pack: Pack, name: str) -> None:
    problems = []
    ids = [test.id for test in pack.tests]
    for test in pack.tests:
        if ids.count(test.id) > 1:
            problems.append(Problem("two tests have this id", "give each its own", name, None, test.id))
        if test.applies_as and test.applies_as not in ids:
            problems.append(Problem("there is no test of this id to apply as", f"choose from {', '.join(ids)}", name,
                                    None, test.id, test.applies_as))
        needs = (*test.needs, *(each for limb in test.limbs for each in limb.needs))
        for need in needs:
            amounts = [getattr(need, each, None) for each in AMOUNTS]
            problems += [Problem("no number of this name stands under [numbers]", "add it there", name, None, test.id,
                                 each) for each in amounts if isinstance(each, str) and each not in pack.numbers]
        texts = (test.question, test.missing, test.owed_by, test.due, test.applies_what,
                 *(limb.what for limb in test.limbs), *(need.what for need in needs))
        problems += [problem for text in texts for problem in _unknown_words(text, pack, name, test.id)]
    problems += _unknown_words(pack.title, pack, name, "title")
    tops = list(pack.bands.values())
    if tops != sorted(set(tops)) or (tops and tops[-1] < HIGHEST_SCORE):
        problems.append(Problem("the bands run from the lowest to the highest, each with the highest score in it",
                                f"end with {HIGHEST_SCORE}, as in bands = {{ low = 8, high = 25 }}", name, None,
                                "bands"))
    if problems:
        raise Refused(dict.fromkeys(problems))


def _unknown_words(text: str, pack: Pack, name: str, place: str) -> list[Problem]:
    remedy = "see packs/vocabulary.toml, or bring it under [[vocabulary.NAME]]"
    try:
        Spoken.of(None, own=pack.vocabulary).said(text)
    except KeyError as unknown:
        return [Problem("the vocabulary has no such word", remedy, name, None, place, str(unknown).strip("'"))]
    except (ValueError, IndexError, AttributeError):
        return [Problem("a brace stands in this text that holds no word of the vocabulary", remedy, name, None, place,
                        text)]
    return []


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
