"""Which few, for whom, at whose cost?"""

from evenhand.catalogue import Catalogue, Method

QUESTION = "Which few, for whom, at whose cost?"
READS: tuple[str, ...] = ("Appraisal", "Finding")
LEAVES: tuple[str, ...] = ("Plan",)
METHODS: Catalogue[Method] = Catalogue("method of choose", [])
