"""Is it sound, fair and properly made?"""

from evenhand.catalogue import Catalogue, Method
from evenhand.decide.quorum import METHOD as QUORUM
from evenhand.decide.quorum import quorum

__all__ = ["LEAVES", "METHODS", "QUESTION", "READS", "quorum"]

QUESTION = "Is it sound, fair and properly made?"
READS: tuple[str, ...] = ("Proposal", "Voices", "Appraisal", "Plan", "EvaluationPlan", "Finding")
LEAVES: tuple[str, ...] = ("Decision",)
METHODS: Catalogue[Method] = Catalogue("method of decide", [QUORUM])
