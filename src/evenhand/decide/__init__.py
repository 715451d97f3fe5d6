"""Is it sound, fair and properly made?"""

from evenhand.catalogue import Catalogue, Method
from evenhand.decide.gate import METHOD as GATE
from evenhand.decide.gate import gate
from evenhand.decide.quorum import METHOD as QUORUM
from evenhand.decide.quorum import quorum
from evenhand.decide.working_days import bank_holidays, standstill, working_day_after

__all__ = ["LEAVES", "METHODS", "QUESTION", "READS", "bank_holidays", "gate", "quorum", "standstill",
           "working_day_after"]

QUESTION = "Is it sound, fair and properly made?"
READS: tuple[str, ...] = ("Proposal", "Voices", "Appraisal", "Plan", "EvaluationPlan", "Judgement", "Finding")
LEAVES: tuple[str, ...] = ("PlannedChange", "Judgement", "Statement", "Decision")
METHODS: Catalogue[Method] = Catalogue("method of decide", [GATE, QUORUM])
