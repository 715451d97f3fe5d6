"""Decisions made before, here and elsewhere: which are like one at hand, why they are called like, and what followed.

Nothing is added to what a source says: a field that is empty was not in the source that was read.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from evenhand.papers import Challenge, Decision, Finding, Lesson, Paper, Proposal
from evenhand.papers.shape import taken
from evenhand.terms.words import listed

FILE = Path(__file__).with_name("precedents.toml")
MOST = 3
SAME_BODY = 0.5
"""How much being of the same body, or one it came from, adds to words in common."""
LEAST = 1 + math.log(4)
"""Less in common than one word of which one precedent in four speaks makes no two cases alike."""
_LITTLE = frozenset({
    "a", "after", "all", "an", "and", "at", "be", "began", "better", "both", "by", "can", "care", "clinic", "clinics",
    "day", "days", "eight", "few", "first", "five", "for", "four", "from", "half", "health", "hospital", "hospitals",
    "in", "instead", "into", "is", "it", "life", "mild", "moderate", "month", "months", "more", "nine", "no", "non",
    "of", "off", "on", "one", "or", "other", "over", "patients", "people", "prescribing", "prescription", "programme",
    "proposal", "scheme", "second", "service", "services", "seven", "six", "some", "ten", "than", "that", "the",
    "their", "then", "they", "third", "three", "to", "twelve", "two", "under", "week", "weeks", "with", "without",
    "year", "years"})
_DOING = {
    "stop": "stop", "cease": "stop", "end": "stop", "withdraw": "stop", "decommission": "stop", "close": "stop",
    "restrict": "restrict", "reduce": "restrict", "limit": "restrict", "eligible": "restrict", "cut": "restrict",
    "pause": "pause", "suspend": "pause", "reconfigure": "move", "move": "move", "merge": "move", "relocate": "move"}
"""What is done to a service, by the words that say so."""


@dataclass(frozen=True)
class Precedent:
    """One decision, as its sources tell it. ``None`` stands where the source read did not say.

    ``today`` are the codes of the bodies that hold its duties now; ``address`` is the page of a case held here.
    """

    id: str
    bodies: str
    service: str
    kind: str | None = None
    codes: tuple[str, ...] = ()
    today: tuple[str, ...] = ()
    year: int | None = None
    proposal: str | None = None
    options: str | None = None
    engagement: str | None = None
    replies: str | None = None
    result: str | None = None
    money: str | None = None
    decision: str | None = None
    challenge: str | None = None
    followed: str | None = None
    sources: tuple[str, ...] = ()
    case: str | None = None
    invented: bool = False

    @property
    def title(self) -> str:
        """The service, the bodies and the year."""
        return f"{self.service}, {self.bodies}{f', {self.year}' if self.year else ''}"


@dataclass(frozen=True)
class Alike:
    """A precedent beside a case at hand: what the two have in common, and how strongly."""

    precedent: Precedent
    because: str
    weight: float


@cache
def published() -> tuple[Precedent, ...]:
    """The real decisions that come with the program, as their sources tell them."""
    return tuple(taken(Precedent, each) for each in tomllib.loads(FILE.read_text(encoding="utf-8"))["precedent"])


def from_rows(rows: Iterable[Mapping[str, str | None]]) -> tuple[Precedent, ...]:
    """Precedents from rows of a published table of decisions, one a row; empty fields stay unsaid.

    Args:
        rows: with the columns ``case_id``, ``commissioner``, ``commissioner_code``, ``successor_code``, ``year``,
            ``service``, ``kind``, ``proposal``, ``options``, ``engagement``, ``responses``, ``result``,
            ``saving_or_spend``, ``decision``, ``scrutiny_or_challenge``, ``what_followed``, ``source_url``.
    """
    found = []
    for row in rows:
        said = {name: (value or "").strip() or None for name, value in row.items()}
        found.append(Precedent(
            id=said["case_id"] or "", bodies=said["commissioner"] or "", service=said["service"] or "",
            kind=said["kind"], codes=_parted(said["commissioner_code"]), today=_parted(said["successor_code"]),
            year=int(year) if (year := said["year"] or "").isdigit() else None, proposal=said["proposal"],
            options=said["options"], engagement=said["engagement"], replies=said["responses"], result=said["result"],
            money=said["saving_or_spend"], decision=said["decision"], challenge=said["scrutiny_or_challenge"],
            followed=said["what_followed"], sources=_parted(said["source_url"])))
    return tuple(found)


def from_case(name: str, papers: Sequence[Paper], *, invented: bool = False) -> Precedent | None:
    """A case held here as a precedent; nothing where it is not decided."""
    proposal = next((each for each in reversed(papers) if isinstance(each, Proposal)), None)
    decision = next((each for each in reversed(papers) if isinstance(each, Decision)), None)
    if proposal is None or decision is None:
        return None
    days = sorted(str(each.decided) for each in decision.rulings if each.decided)
    findings = [each.sentence or each.because for each in papers if isinstance(each, Finding)]
    lessons = [each.advice for each in papers if isinstance(each, Lesson)]
    decisions = [each for each in papers if isinstance(each, Decision)]
    challenges = tuple(one for each in decisions for one in each.challenges or ())
    return Precedent(
        id=name, bodies=listed([each.name for each in proposal.bodies]), service=proposal.service,
        codes=tuple(each.code for each in proposal.bodies if each.code), year=int(days[-1][:4]) if days else None,
        proposal=proposal.title,
        options="; ".join(each.title for each in proposal.options if each.title and not each.does_nothing) or None,
        decision=decision.sentence or f"{decision.outcome.capitalize()}.", challenge=_challenged(challenges),
        followed=" ".join([*findings[-1:], *lessons[-1:]]) or None, case=name, invented=invented)


def _challenged(challenges: Iterable[Challenge]) -> str | None:
    said = dict.fromkeys(f"{each.by}: {each.what}{f' {each.result}' if each.result else ''}" for each in challenges)
    return " ".join(said) or None


def register(*sources: Iterable[Precedent]) -> tuple[Precedent, ...]:
    """Several sources as one register, newest first; of two with one name the later source stands.

    What only the earlier one says is not lost: a field that the later leaves unsaid is taken from it.
    """
    by_name: dict[str, Precedent] = {}
    for each in (one for source in sources for one in source):
        before = by_name.get(each.id)
        by_name[each.id] = each if before is None else _filled(each, before)
    return tuple(sorted(by_name.values(), key=lambda each: (each.invented, -(each.year or 0), each.id)))


def _filled(newer: Precedent, older: Precedent) -> Precedent:
    gaps = {name: value for name, value in vars(older).items() if not getattr(newer, name) and value}
    return replace(newer, **gaps)


def similar(service: str, proposal: str, among: Sequence[Precedent], *, codes: Iterable[str] = (), without: str = "",
            most: int = MOST) -> tuple[Alike, ...]:
    """The precedents most like a case, best first, each with what the two have in common.

    Two are alike where words of the service or of what is proposed are the same. A word counts the more the fewer
    precedents use it (the logarithm of how many there are over how many use it, plus one: Spärck Jones, 1972), and
    once. What is done to the service (stop, restrict, pause, move) and being of the same body add to that; neither
    makes two cases alike by itself.

    Args:
        service: the service the case is about.
        proposal: its title, or what is to be done.
        among: the register.
        codes: the bodies whose case it is; those they came from may stand among them.
        without: the name of the case itself, which is not its own precedent.
        most: at most so many are given.
    """
    others = [each for each in among if each.id != without]
    used = Counter(word for each in others for word in _words(each))
    own, doing, bodies = _stems(f"{service} {proposal}"), _done(proposal), frozenset(codes)
    found = []
    for each in others:
        common = own & _words(each)
        if not common:
            continue
        weight = sum(1 + math.log(len(others) / used[word]) for word in common)
        same_doing = doing & _done(f"{each.kind or ''} {each.proposal or ''}")
        same_body = bodies & {*each.codes, *each.today}
        weight += SAME_BODY * (bool(same_doing) + bool(same_body))
        if weight >= LEAST:
            reasons = [f"both speak of {listed(sorted(_as_written(common, each)))}"]
            reasons += [f"both would {listed(sorted(same_doing))}"] if same_doing else []
            reasons += ["the same body, or one it came from"] if same_body else []
            found.append(Alike(each, "; ".join(reasons), weight))
    return tuple(sorted(found, key=lambda each: (-each.weight, -(each.precedent.year or 0), each.precedent.id))[:most])


def _words(precedent: Precedent) -> frozenset[str]:
    return _stems(f"{precedent.service} {precedent.proposal or ''}")


def _stems(text: str) -> frozenset[str]:
    """The words of a text that say something, without the ending that makes two of one."""
    words = re.findall(r"[a-z]+", text.casefold().replace("-", ""))
    return frozenset(_stem(each) for each in words if each not in _LITTLE and each not in _DOING and len(each) > 2)


def _stem(word: str) -> str:
    for ending, instead in (("ies", "y"), ("ing", ""), ("es", "e"), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word.removesuffix(ending) + instead
    return word


def _as_written(stems: frozenset[str], precedent: Precedent) -> set[str]:
    """The words that these stems stand for, as the precedent writes them."""
    text = f"{precedent.service} {precedent.proposal or ''}".casefold()
    by_stem: dict[str, str] = {}
    for word in re.findall(r"[a-z]+(?:-[a-z]+)*", text):
        by_stem.setdefault(_stem(word.replace("-", "")), word)
    return {by_stem.get(stem, stem) for stem in stems}


def _done(text: str) -> frozenset[str]:
    return frozenset(_DOING[word] for word in re.findall(r"[a-z]+", text.casefold()) if word in _DOING)


def _parted(text: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in (text or "").split(";") if each.strip())
