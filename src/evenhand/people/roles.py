"""The parts people play. A person may play several, in several bodies, each from one day to another."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.catalogue import Catalogue


@dataclass(frozen=True)
class Role:
    """One part, in words that a newcomer understands."""

    name: str
    what: str

    @property
    def title(self) -> str:
        """The name with a capital."""
        return self.name[:1].upper() + self.name[1:]


ROLES = Catalogue("role", [
    Role("analyst", "asks where to look, and shows how sure the figures are"),
    Role("programme office", "keeps the plan, the cases and their dates"),
    Role("clinical lead", "answers for the clinical sense of a change"),
    Role("practice member", "speaks and votes for a general practice"),
    Role("committee member", "reads the papers, declares interests and votes"),
    Role("chair", "takes the meeting through its items"),
    Role("secretary", "prepares the meeting and keeps its minutes"),
    Role("finance", "says what things cost, and whether the money is there"),
    Role("communications", "tells and asks the public"),
    Role("assurer", "looks over cases for the regional office"),
    Role("support unit", "works for several commissioners, each apart from the others"),
    Role("provider lead", "answers for a provider's part of a change"),
    Role("council partner", "speaks for the local council"),
    Role("councillor", "scrutinises on behalf of residents"),
    Role("voluntary partner", "speaks for a voluntary organisation"),
    Role("clinical network", "brings clinicians of several bodies together"),
    Role("administrator", "keeps accounts and settings; sees no votes and no papers before their time"),
])
