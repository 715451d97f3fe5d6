"""Is it sound, fair and properly made?"""

from evenhand.catalogue import Catalogue, Method

QUESTION = "Is it sound, fair and properly made?"
READS: tuple[str, ...] = ("Proposal", "Voices", "Appraisal", "Plan", "EvaluationPlan", "Finding")
LEAVES: tuple[str, ...] = ("Decision",)
METHODS: Catalogue[Method] = Catalogue("method of decide", [])
