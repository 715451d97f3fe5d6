"""What must the next body know?"""

from evenhand.catalogue import Catalogue, Method
from evenhand.remember.lineage import METHOD as LINEAGE
from evenhand.remember.lineage import lineage
from evenhand.remember.rebase import METHOD as REBASE
from evenhand.remember.rebase import rebase

__all__ = ["LEAVES", "METHODS", "QUESTION", "READS", "lineage", "rebase"]

QUESTION = "What must the next body know?"
READS: tuple[str, ...] = ("Opportunity", "Decision", "Programme", "Finding")
LEAVES: tuple[str, ...] = ("Lesson",)
METHODS: Catalogue[Method] = Catalogue("method of remember", [LINEAGE, REBASE])
