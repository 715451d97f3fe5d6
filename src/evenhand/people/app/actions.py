"""The only writer of organisations and people; each change is an entry in the record of the body it concerns."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password

from evenhand.people.app.models import Account, Membership, Organisation, Succession, Support
from evenhand.people.roles import ROLES
from evenhand.record.app.actions import writing
from evenhand.terms import refuse


def add_organisation(code: str, name: str, *, kind: str, by: str, opened: date | None = None,
                     closed: date | None = None, invented: bool = False) -> None:
    """Enter a body. Raises ``Refused`` where its code is taken."""
    if Organisation.objects.filter(code=code).exists():
        raise refuse("there is a body with this code already", "give each body its own", value=code)
    with writing(f"body/{code}", by=by, what="body entered", organisation=code):
        Organisation.objects.create(code=code, name=name, kind=kind, opened=opened, closed=closed, invented=invented)


def add_succession(old: str, new: str, *, on: date, by: str, share: float | None = None, basis: str = "") -> None:
    """Enter that one body's work passed to another."""
    with writing(f"body/{new}", by=by, what=f"took over from {old}", organisation=new):
        Succession.objects.create(old=_organisation(old), new=_organisation(new), on=on, share=share, basis=basis)


def add_support(unit: str, customer: str, *, since: date, by: str) -> None:
    """Enter that a support unit works for a commissioner."""
    with writing(f"body/{customer}", by=by, what=f"served by {unit}", organisation=customer):
        Support.objects.create(unit=_organisation(unit), customer=_organisation(customer), since=since)


def add_account(identifier: str, name: str, sign_in_name: str, *, by: str, organisation: str,
                password: str | None = None, demonstration: bool = False) -> None:
    """Enter somebody who may sign in; without a password only a demonstration lets them in."""
    account = Account(identifier=identifier, name=name, sign_in_name=sign_in_name, demonstration=demonstration)
    if password is None:
        account.set_unusable_password()
    else:
        validate_password(password, account)
        account.set_password(password)
    with writing(f"body/{organisation}", by=by, what=f"account entered: {identifier}", organisation=organisation):
        account.save()


def give_role(identifier: str, role: str, organisation: str, *, since: date, by: str) -> None:
    """Give somebody a role in a body from a day on."""
    if role not in ROLES:
        raise refuse("there is no such role", f"choose from {', '.join(ROLES.names)}", value=role)
    with writing(f"body/{organisation}", by=by, what=f"{role}: {identifier}", organisation=organisation):
        Membership.objects.create(account=Account.objects.get(identifier=identifier), role=role, since=since,
                                  organisation=_organisation(organisation))


def end_role(identifier: str, role: str, organisation: str, *, until: date, by: str) -> None:
    """End a role with a day; the row stays, so that old papers can still be understood."""
    with writing(f"body/{organisation}", by=by, what=f"no longer {role}: {identifier}", organisation=organisation):
        Membership.objects.filter(account__identifier=identifier, role=role, organisation__code=organisation,
                                  until__isnull=True).update(until=until)


def _organisation(code: str) -> Organisation:
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise refuse("no body here has this code", "enter the body first", value=code)
    return found
