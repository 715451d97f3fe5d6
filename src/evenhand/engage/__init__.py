"""Who must be heard, and were they?"""

from evenhand.catalogue import Catalogue, Method
from evenhand.engage.reach import METHOD as REACH
from evenhand.engage.reach import reach

QUESTION = "Who must be heard, and were they?"
READS: tuple[str, ...] = ("Proposal",)
LEAVES: tuple[str, ...] = ("Voices",)
METHODS: Catalogue[Method] = Catalogue("method of engage", [REACH])

__all__ = ["LEAVES", "METHODS", "QUESTION", "READS", "reach"]
