"""How a vote came out, with the base of every percentage said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evenhand.terms.words import counted, per_cent

Choice = Literal["for", "against"]


@dataclass(frozen=True)
class Tally:
    """Votes on one motion. ``casting`` is how whoever was in the chair decided a tie, where the rules let them."""

    for_it: int
    against: int
    abstained: int
    may_vote: int
    casting: str = ""

    @property
    def voted(self) -> int:
        """How many voted, an abstention among them."""
        return self.for_it + self.against + self.abstained

    @property
    def tied(self) -> bool:
        """Whether as many were for as against, leaving any casting vote out."""
        return self.for_it == self.against

    @property
    def carried(self) -> bool:
        """More for than against; where they are equal, the casting vote, and without one it falls."""
        return self.casting == "for" if self.tied else self.for_it > self.against

    @property
    def sentence(self) -> str:
        """The numbers, each percentage with what it is of.

        >>> Tally(5, 2, 0, 7).sentence
        '5 for, 2 against, 0 abstained. For: 5 of 7 who may vote (71%); 71% of the 7 who voted for or against.'
        """
        said = f"{self.for_it} for, {self.against} against, {self.abstained} abstained."
        parts = []
        if self.may_vote:
            parts.append(f"{self.for_it} of {self.may_vote} who may vote ({per_cent(self.for_it / self.may_vote)})")
        if decided := self.for_it + self.against:
            parts.append(f"{per_cent(self.for_it / decided)} of the {decided} who voted for or against")
        said += f" For: {'; '.join(parts)}." if parts else ""
        if silent := max(0, self.may_vote - self.voted):
            said += f" {counted(silent, 'member').capitalize()} did not vote."
        if self.casting:
            said += f" The votes were equal; the casting vote was {self.casting}."
        elif self.tied:
            said += " The votes were equal, so it falls."
        return said
