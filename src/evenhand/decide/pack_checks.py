"""The checks that a rule pack may be written in: a small closed set, each a frozen value. What they do: gate_checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as fresh
from typing import Literal, TypeAlias

Words: TypeAlias = Mapping[str, tuple[str, ...]]
Amount: TypeAlias = int | str
"""A number, or the name of one under ``[numbers]``, so that a local pack can set its own."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """What every check says: what must be shown, in words, and which papers it is looked for in.

    ``where`` picks papers by words in their fields (``{kind = ["equality"]}``); ``but_not`` leaves out those with these
    words, ``unless`` they have those as well: what the council's committee heard is not what the public said.
    ``which``: the newest paper counts, any one that shows all that is asked of it, or every one that a person brought
    must show it. ``version``: papers that speak of no version count with ``same or none``.
    """

    check: str
    what: str
    paper: str
    where: Words = fresh(default_factory=dict)
    but_not: Words = fresh(default_factory=dict)
    unless: Words = fresh(default_factory=dict)
    which: Literal["newest", "any", "every"] = "newest"
    version: Literal["same", "same or none"] = "same"


@dataclass(frozen=True, kw_only=True)
class Held(Check):
    """At least so many such papers are held."""

    at_least: Amount = 1


@dataclass(frozen=True, kw_only=True)
class Said(Check):
    """A field is not missing; of a list, there are at least so many items, and each says what is asked.

    Where the list may hold only what the sources happen to tell, too few in it are ``silent`` rather than a *no*.
    """

    field: str
    at_least: Amount = 0
    each: tuple[str, ...] = ()
    too_few: Literal["contradicts", "silent"] = "contradicts"


@dataclass(frozen=True, kw_only=True)
class Is(Check):
    """A field has this value, wherever it stands."""

    field: str
    value: bool | int | str


@dataclass(frozen=True, kw_only=True)
class Mentions(Check):
    """A list of words names one of these."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lasted(Check):
    """From one day to another are at least so many days."""

    first: str
    last: str
    days: Amount


@dataclass(frozen=True, kw_only=True)
class Before(Check):
    """A day comes before a day in another paper; where that paper is not held yet, it is still in time."""

    field: str
    then_paper: str
    then_field: str


@dataclass(frozen=True, kw_only=True)
class NotOpenThen(Check):
    """What began before a day in another paper had ended before it: nothing was decided while people still answered."""

    first: str
    last: str
    then_paper: str
    then_field: str


@dataclass(frozen=True, kw_only=True)
class Covers(Check):
    """A list speaks of every open option, and under ``axis`` of every name (or every criterion), saying ``each``.

    A name may be given in several spellings with ``|`` between. Doing nothing is left out unless ``with_nothing``.
    """

    field: str
    axis: str = ""
    names: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    with_nothing: bool = False


@dataclass(frozen=True, kw_only=True)
class Answered(Check):
    """Each item that has one of these words, or a score above a number, says what is asked.

    The score of an item is its likelihood times its consequence.
    """

    field: str
    each: tuple[str, ...]
    item: Words = fresh(default_factory=dict)
    above: Amount | None = None


@dataclass(frozen=True, kw_only=True)
class Signed(Check):
    """Signed by at least so many; with ``not_by_sponsor``, by others than who wrote the proposal."""

    field: str
    at_least: Amount = 1
    not_by_sponsor: bool = False


@dataclass(frozen=True, kw_only=True)
class Judged(Check):
    """A signed judgement with reasons, resting on papers that are held, says that the test (or this limb) is met."""

    paper: str = "judgement"
    limb: str = ""
    not_by_sponsor: bool = False


@dataclass(frozen=True, kw_only=True)
class SealedBefore(Check):
    """The record shows that this paper was there before the other; of a plan amended since, the first one counts."""

    then_paper: str
    then_field: str


@dataclass(frozen=True, kw_only=True)
class ChoiceOpen(Check):
    """At least so many options were open on that day; one without a closing day counts as open."""

    field: str
    at_least: Amount = 2


@dataclass(frozen=True, kw_only=True)
class Closures(Check):
    """Every option that was closed says when and why."""

    paper: str = "proposal"


@dataclass(frozen=True, kw_only=True)
class MadeFrom(Check):
    """The paper says that it was made from a paper of another kind, of the same version, with these words in it."""

    other: str
    other_where: Words = fresh(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PromisesKept(Check):
    """Every promise about the case, of whatever version, that fell due before the decision was kept."""

    paper: str = "decision"


@dataclass(frozen=True, kw_only=True)
class NewestDecided(Check):
    """Nothing was approved in a version of the proposal when a newer one had been put forward."""

    paper: str = "decision"


@dataclass(frozen=True, kw_only=True)
class OptionOpen(Check):
    """What was decided is an option of this version, and one that had not been closed."""

    paper: str = "decision"


@dataclass(frozen=True, kw_only=True)
class NamesAll(Check):
    """A list has an item for each of the names under ``axis`` (several spellings with ``|``), saying ``each``."""

    field: str
    axis: str
    names: tuple[str, ...]
    each: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Noticed(Check):
    """A notice of this kind was published, with its address; at the latest ``within`` so many days of the contract."""

    notice: str
    within: Amount | None = None
    paper: str = "provider-selection"


@dataclass(frozen=True, kw_only=True)
class StoodStill(Check):
    """Nothing was signed before the standstill ended.

    It begins ``begins_after`` days after the notice of the intention to award, lasts to midnight of the ``days``-th
    working day after that day, and where somebody made representations, ``days_after_answer`` working days after the
    last was answered. Holidays are the pack's ``days_off``, else England's bank holidays.
    """

    days: Amount
    days_after_answer: Amount
    begins_after: Amount = 1
    paper: str = "provider-selection"


CHECKS: Mapping[str, type[Check]] = {
    "held": Held, "said": Said, "is": Is, "mentions": Mentions, "lasted": Lasted, "before": Before,
    "not open then": NotOpenThen, "covers": Covers, "answered": Answered, "signed": Signed, "judged": Judged,
    "sealed before": SealedBefore, "choice open": ChoiceOpen, "closures": Closures, "made from": MadeFrom,
    "promises kept": PromisesKept, "newest decided": NewestDecided, "option open": OptionOpen, "names all": NamesAll,
    "noticed": Noticed, "stood still": StoodStill,
}
"""Every check there is, by the name it is written under."""
AMOUNTS = ("at_least", "days", "above", "within", "begins_after", "days_after_answer")
"""The fields of checks that hold an ``Amount``."""
