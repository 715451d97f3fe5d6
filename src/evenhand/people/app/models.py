"""Tables of organisations and people. Each says whose its rows are, or why they are nobody's."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Organisation(models.Model):
    """A body, as it was called, from the day it opened to the day it closed."""

    owned_by: ClassVar[str] = "itself"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    opened = models.DateField(null=True)
    closed = models.DateField(null=True)
    invented = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """One body's work passing to another: on what day, what share, reckoned on what."""

    owned_by: ClassVar[str] = "new"

    old = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successors")
    new = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="predecessors")
    on = models.DateField()
    share = models.FloatField(null=True)
    basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("old", "new", "on"), name="one_succession"),)


class Support(models.Model):
    """A support unit working for a commissioner, from one day to another."""

    owned_by: ClassVar[str] = "customer"

    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="customers")
    customer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="supported_by")
    since = models.DateField()
    until = models.DateField(null=True)


class Accounts(BaseUserManager["Account"]):
    """Finds an account by the name it signs in with."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Without regard to capitals."""
        return self.get(sign_in_name__iexact=username or "")


class Account(AbstractBaseUser):
    """Somebody who can sign in. What they may do comes from their memberships alone."""

    owned_by: ClassVar[str] = "nobody: a person may belong to several bodies, and memberships say to which"

    # When somebody was last here is not kept: nothing needs it.
    last_login = None
    identifier = models.CharField(max_length=40, unique=True)
    sign_in_name = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    demonstration = models.BooleanField(default=False)

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "sign_in_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role in one body, from one day to another."""

    owned_by: ClassVar[str] = "organisation"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ("since", "id")
