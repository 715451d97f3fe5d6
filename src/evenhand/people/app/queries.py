"""The only reader of organisations and people: gives frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from evenhand.people.app.models import Account, Membership, Organisation, Succession, Support
from evenhand.people.rights import THE_PUBLIC, Person
from evenhand.people.rights import Membership as Held

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Organised:
    """A body with its dates."""

    code: str
    name: str
    kind: str
    opened: date | None
    closed: date | None
    invented: bool


@dataclass(frozen=True)
class DemonstrationAccount:
    """Somebody to sign in as, in a demonstration."""

    identifier: str
    name: str
    parts: tuple[str, ...]
    roles: tuple[str, ...]


def holding(rows: QuerySet[Row], on: date) -> QuerySet[Row]:
    """Those of the rows that hold on a day; ``until`` is the last day."""
    return rows.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


def person(key: int, *, on: date) -> Person:
    """An account with the roles it holds on a day; an account closed since is the public."""
    account = Account.objects.filter(pk=key, is_active=True).first()
    if account is None:
        return THE_PUBLIC
    rows = list(holding(Membership.objects.filter(account=account).select_related("organisation"), on))
    held = tuple(Held(row.role, row.organisation.code, row.organisation.name, row.organisation.invented)
                 for row in rows)
    units = [row.organisation_id for row in rows if row.role == "support unit"]
    customers = holding(Support.objects.filter(unit__in=units).select_related("customer"), on)
    return Person(account.identifier, account.name, held, frozenset(row.customer.code for row in customers))


def demonstration_accounts(on: date) -> list[DemonstrationAccount]:
    """Whom a visitor of a demonstration may be."""
    found = []
    for account in Account.objects.filter(demonstration=True, is_active=True).order_by("pk"):
        rows = list(holding(account.memberships.select_related("organisation"), on))
        found.append(DemonstrationAccount(
            account.identifier, account.name,
            tuple(f"{row.role} in {row.organisation.name}" for row in rows), tuple(row.role for row in rows)))
    return found


def demonstration_key(identifier: str) -> int | None:
    """The key of a demonstration account, for signing in."""
    account = Account.objects.filter(identifier=identifier, demonstration=True, is_active=True).first()
    return None if account is None else account.pk


def organisation(code: str) -> Organised | None:
    """A body by its code."""
    row = Organisation.objects.filter(code=code).first()
    return None if row is None else _organised(row)


def organisations(codes: frozenset[str] | None = None) -> list[Organised]:
    """Bodies by name; all, or those with these codes."""
    rows = Organisation.objects.all() if codes is None else Organisation.objects.filter(code__in=codes)
    return [_organised(row) for row in rows]


def _organised(row: Organisation) -> Organised:
    return Organised(row.code, row.name, row.kind, row.opened, row.closed, row.invented)


def successors(code: str) -> list[tuple[Organised, date]]:
    """The bodies that followed this one, with the day."""
    rows = Succession.objects.filter(old__code=code).select_related("new").order_by("on")
    return [(_organised(row.new), row.on) for row in rows]


def names_of(identifiers: frozenset[str]) -> dict[str, str]:
    """The names behind identifiers, for a page that may show them."""
    return dict(Account.objects.filter(identifier__in=identifiers).values_list("identifier", "name"))


def people_of(code: str, on: date) -> list[tuple[str, str, str]]:
    """Who belongs to a body on a day: identifier, name, role."""
    rows = holding(Membership.objects.filter(organisation__code=code).select_related("account"), on)
    return [(row.account.identifier, row.account.name, row.role) for row in rows]


def how_many_demonstration_accounts() -> int:
    """How many accounts anybody could sign in to in a demonstration."""
    return Account.objects.filter(demonstration=True, is_active=True).count()
