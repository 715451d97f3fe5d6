"""The only reader of requests against a policy: gives frozen values, and counts of what was allowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.find.app.request_models import PolicyRequest
from evenhand.find.policies import never_allowed


@dataclass(frozen=True)
class Wanted:
    """A request, and what was decided once it is."""

    key: int
    organisation: str
    organisation_name: str
    invented: bool
    policy: str
    title: str
    route: str
    cohort: str
    why: str
    benefit: str
    pounds: int | None
    asked_by: str
    asked_by_id: str
    asked_on: date
    moment: str
    reasons: str
    decided_by: str
    decided_on: date | None


@dataclass(frozen=True)
class Tally:
    """How many requests of one body against one policy were asked for, allowed and refused."""

    organisation: str
    organisation_name: str
    policy: str
    title: str
    route: str
    allowed: int
    refused: int
    waiting: int

    @property
    def never(self) -> bool:
        """Whether enough were decided and none was ever allowed."""
        return never_allowed(self.allowed, self.refused)


@dataclass(frozen=True)
class Never:
    """A policy and a body that, of enough requests against it, has allowed none."""

    policy: str
    organisation: str
    organisation_name: str
    invented: bool


def requests(organisations: frozenset[str]) -> list[Wanted]:
    """The requests put to these bodies: those that wait first, then the latest."""
    rows = PolicyRequest.objects.filter(organisation__code__in=organisations)
    found = [_wanted(row) for row in rows.select_related("organisation", "asked_by", "decided_by")]
    return sorted(found, key=lambda each: each.moment != "asked")


def request(key: int) -> Wanted | None:
    """One request."""
    row = PolicyRequest.objects.filter(pk=key).select_related("organisation", "asked_by", "decided_by").first()
    return None if row is None else _wanted(row)


def tallies(found: list[Wanted]) -> list[Tally]:
    """The counts of each policy and body, those that never allow one first."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    about: dict[tuple[str, str], Wanted] = {}
    for each in found:
        key = (each.organisation, each.policy)
        counts.setdefault(key, {"allowed": 0, "refused": 0, "asked": 0})[each.moment] += 1
        about[key] = each
    told = [Tally(about[key].organisation, about[key].organisation_name, about[key].policy, about[key].title,
                  about[key].route, own["allowed"], own["refused"], own["asked"]) for key, own in counts.items()]
    return sorted(told, key=lambda each: (not each.never, each.title, each.organisation_name))


def that_never_allow() -> list[Never]:
    """The policies of each body against which enough requests were decided and none was ever allowed."""
    counts: dict[tuple[str, str, str, bool], dict[str, int]] = {}
    rows = PolicyRequest.objects.exclude(moment="asked").values_list(
        "policy", "organisation__code", "organisation__name", "organisation__invented", "moment")
    for policy, code, name, invented, moment in rows:
        own = counts.setdefault((policy, code, name, invented), {"allowed": 0, "refused": 0})
        own[moment] += 1
    return [Never(*key) for key, own in sorted(counts.items())
            if never_allowed(own["allowed"], own["refused"])]


def _wanted(row: PolicyRequest) -> Wanted:
    return Wanted(row.pk, row.organisation.code, row.organisation.name, row.organisation.invented, row.policy,
                  row.title, row.route, row.cohort, row.why, row.benefit, row.pounds, row.asked_by.name,
                  row.asked_by.identifier, row.asked_on, row.moment, row.reasons,
                  row.decided_by.name if row.decided_by else "", row.decided_on)
