"""What must the next body know?"""

from evenhand.catalogue import Catalogue, Method
from evenhand.remember.lineage import METHOD as LINEAGE
from evenhand.remember.lineage import lineage

__all__ = ["LEAVES", "METHODS", "QUESTION", "READS", "lineage"]

QUESTION = "What must the next body know?"
READS: tuple[str, ...] = ("Opportunity", "Decision", "Programme", "Finding")
LEAVES: tuple[str, ...] = ("Lesson",)
METHODS: Catalogue[Method] = Catalogue("method of remember", [LINEAGE])
