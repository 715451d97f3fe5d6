"""The policies that this site knows: the published ones, and those that bodies hold here, with who holds which."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.find.app import policy_queries
from evenhand.find.app.policy_queries import Held
from evenhand.find.policies import Policy, Register, published
from evenhand.web import loaded


@dataclass(frozen=True)
class Known:
    """The published register with what bodies hold beside it, as it stands while a page is made."""

    published: Register
    held: tuple[Held, ...]

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy once: the published, then those that only bodies here hold."""
        own = {each.policy.id: each.policy for each in reversed(self.held) if each.policy.id not in self.published}
        return (*self.published.policies, *sorted(own.values(), key=lambda each: each.title.casefold()))

    @property
    def register(self) -> Register:
        """All of them as one register, known by what it holds."""
        return Register(self.published.name, self.published.digest, self.policies)

    def named(self, key: str) -> Policy | None:
        """One policy by its id."""
        return next((each for each in self.policies if each.id == key), None)

    def holders(self, key: str) -> tuple[Held, ...]:
        """The bodies that hold a policy, each in its own words."""
        return tuple(each for each in self.held if each.policy.id == key)

    def held_by(self, organisation: str, key: str) -> Policy | None:
        """A body's own words of a policy, where it holds it."""
        return next((each.policy for each in self.held
                     if (each.organisation, each.policy.id) == (organisation, key)), None)


def known() -> Known:
    """What is known today; the published register is read once."""
    return Known(loaded.remembered("the register of policies", published), tuple(policy_queries.held()))
