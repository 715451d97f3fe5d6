"""What must the next body know?"""

from evenhand.catalogue import Catalogue, Method

QUESTION = "What must the next body know?"
READS: tuple[str, ...] = ("Opportunity", "Decision", "Programme", "Finding")
LEAVES: tuple[str, ...] = ("Lesson",)
METHODS: Catalogue[Method] = Catalogue("method of remember", [])
