"""Who must be heard, and were they?"""

from evenhand.catalogue import Catalogue, Method
from evenhand.engage.ballot import METHOD as BALLOT
from evenhand.engage.ballot import ballot
from evenhand.engage.opinion import METHOD as OPINION
from evenhand.engage.opinion import opinion
from evenhand.engage.pairwise import METHOD as PAIRWISE
from evenhand.engage.pairwise import pairwise
from evenhand.engage.reach import METHOD as REACH
from evenhand.engage.reach import reach
from evenhand.engage.stakeholders import METHOD as STAKEHOLDERS
from evenhand.engage.stakeholders import stakeholders
from evenhand.engage.themes import METHOD as THEMES
from evenhand.engage.themes import themes

QUESTION = "Who must be heard, and were they?"
READS: tuple[str, ...] = ("Proposal",)
LEAVES: tuple[str, ...] = ("EngagementPlan", "Voices")
METHODS: Catalogue[Method] = Catalogue("method of engage", [STAKEHOLDERS, REACH, THEMES, PAIRWISE, BALLOT, OPINION])

__all__ = ["LEAVES", "METHODS", "QUESTION", "READS", "ballot", "opinion", "pairwise", "reach", "stakeholders",
           "themes"]
