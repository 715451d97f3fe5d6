"""What would each option do?"""

from evenhand.appraise.score import METHOD as SCORE
from evenhand.appraise.score import score
from evenhand.appraise.smaa import METHOD as SMAA
from evenhand.appraise.smaa import smaa
from evenhand.appraise.value import METHOD as VALUE
from evenhand.appraise.value import value
from evenhand.appraise.weights import METHOD as WEIGHTS
from evenhand.appraise.weights import weights
from evenhand.catalogue import Catalogue, Method

QUESTION = "What would each option do?"
READS: tuple[str, ...] = ("Opportunity", "Voices", "Proposal", "Evidence", "Assessment", "Finding", "Lesson")
LEAVES: tuple[str, ...] = ("Appraisal",)
METHODS: Catalogue[Method] = Catalogue("method of appraise", [SCORE, SMAA, WEIGHTS, VALUE])

__all__ = ["LEAVES", "METHODS", "QUESTION", "READS", "score", "smaa", "value", "weights"]
