"""How shall we know, and did it work?"""

from evenhand.catalogue import Catalogue, Method

QUESTION = "How shall we know, and did it work?"
READS: tuple[str, ...] = ("Proposal", "Programme", "Decision")
LEAVES: tuple[str, ...] = ("EvaluationPlan", "Finding")
METHODS: Catalogue[Method] = Catalogue("method of evaluate", [])
