"""The only reader of registers of policies that bodies keep, and of what became of their predecessors' policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from evenhand.find.app.policy_models import PolicyHeld, PolicyInherited
from evenhand.find.policies import Dropped, Policy, Register, date_words, policy_of
from evenhand.people.app.models import Succession


@dataclass(frozen=True)
class Held:
    """A policy that a body holds, in its own words, and when it was entered here."""

    organisation: str
    organisation_name: str
    invented: bool
    policy: Policy
    entered_on: date
    entered_by: str

    @property
    def since(self) -> str:
        """Since when the body says that it holds it, in words; empty where it does not say."""
        return date_words(self.policy.begins)

    @property
    def until(self) -> str:
        """Until when it holds by its own words; empty where it has no end."""
        return date_words(self.policy.ends)


@dataclass(frozen=True)
class Ended:
    """A policy that a body held here and holds no longer, and why."""

    policy: Policy
    on: date
    why: str
    by: str


@dataclass(frozen=True)
class Inherited:
    """A policy of a predecessor: what it was, and what became of it once that is settled."""

    number: int
    organisation: str
    predecessor: str
    file: str
    digest: str
    policy: Policy
    became: str
    now_kind: str
    now_exceptions: str
    held_as: str
    reason: str
    brought_on: date
    settled_on: date | None
    settled_by: str


@dataclass(frozen=True)
class Handover:
    """The register of one predecessor, policy by policy."""

    organisation: str
    organisation_name: str
    invented: bool
    predecessor: str
    policies: tuple[Inherited, ...]

    @property
    def is_settled(self) -> bool:
        """Whether it is said of every policy what became of it."""
        return all(each.settled_on for each in self.policies)

    @property
    def undecided(self) -> tuple[Inherited, ...]:
        """The policies of which nobody has said yet what becomes of them."""
        return tuple(each for each in self.policies if not each.became)

    def that_became(self, what: str) -> tuple[Inherited, ...]:
        """The policies kept, changed or dropped."""
        return tuple(each for each in self.policies if each.became == what)


def held(organisations: frozenset[str] | None = None) -> list[Held]:
    """The policies that bodies hold today, by title; of all bodies, or of these."""
    rows = PolicyHeld.objects.filter(ended_on=None)
    if organisations is not None:
        rows = rows.filter(organisation__code__in=organisations)
    return [Held(row.organisation.code, row.organisation.name, row.organisation.invented, policy_in(row),
                 row.entered_on, row.entered_by.name) for row in rows.select_related("organisation", "entered_by")]


def register_of(organisation: str) -> Register:
    """What a body holds and what it dropped, as a register; both may be empty."""
    inherited = PolicyInherited.objects.filter(organisation__code=organisation, became="dropped")
    gone = [Dropped(row.key, row.title, row.reason) for row in inherited]
    ended = [Dropped(each.policy.id, each.policy.title, each.why) for each in ended_of(organisation)]
    return Register(organisation, "", tuple(each.policy for each in held(frozenset({organisation}))),
                    tuple([*gone, *ended]))


def ended_of(organisation: str) -> list[Ended]:
    """The policies that a body held and holds in no words any longer, the latest end first."""
    rows = PolicyHeld.objects.filter(organisation__code=organisation)
    standing = set(rows.filter(ended_on=None).values_list("key", flat=True))
    gone: dict[str, PolicyHeld] = {}
    for row in rows.exclude(ended_on=None).select_related("entered_by").order_by("-ended_on", "-id"):
        if row.key not in standing:
            gone.setdefault(row.key, row)
    return [Ended(policy_in(row), row.ended_on, row.why_ended, row.entered_by.name) for row in gone.values()
            if row.ended_on is not None]


def handovers(organisations: frozenset[str] | None = None) -> list[Handover]:
    """The registers of predecessors that were brought in, by body and predecessor."""
    rows = PolicyInherited.objects.all()
    if organisations is not None:
        rows = rows.filter(organisation__code__in=organisations)
    found: dict[tuple[str, str, bool, str], list[Inherited]] = {}
    for row in rows.select_related("organisation", "settled_by"):
        own = found.setdefault((row.organisation.code, row.organisation.name, row.organisation.invented,
                                row.predecessor), [])
        own.append(_inherited(row))
    return [Handover(*key, tuple(own)) for key, own in sorted(found.items(), key=lambda each: each[0])]


def handover(organisation: str, predecessor: str) -> Handover | None:
    """The register of one predecessor of a body."""
    return next((each for each in handovers(frozenset({organisation})) if each.predecessor == predecessor), None)


def policy_in(row: PolicyHeld) -> Policy:
    """A row as the policy it holds."""
    return policy_of({"id": row.key, "title": row.title, "kind": row.kind, "from": row.begins, "to": row.ends,
                      "updated": row.updated, "source": row.source, "exceptions": row.exceptions, "codes": row.codes,
                      "measures": row.measures})


def predecessors(organisation: str) -> list[str]:
    """The names of the bodies whose work came to this one."""
    return list(Succession.objects.filter(new__code=organisation).order_by("old__name").values_list(
        "old__name", flat=True).distinct())


def _inherited(row: PolicyInherited) -> Inherited:
    document: dict[str, Any] = dict(row.document)
    now = document.pop("now", None) or {}
    return Inherited(row.pk, row.organisation.code, row.predecessor, row.file, row.digest, policy_of(document),
                     row.became, now.get("kind", ""), now.get("exceptions", ""), row.held_as, row.reason,
                     row.brought_on, row.settled_on, row.settled_by.name if row.settled_by else "")
