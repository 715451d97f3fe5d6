"""Where is outcome or value being lost?"""

from evenhand.catalogue import Catalogue, Method

QUESTION = "Where is outcome or value being lost?"
READS: tuple[str, ...] = ("Lesson", "Finding")
LEAVES: tuple[str, ...] = ("Opportunity",)
METHODS: Catalogue[Method] = Catalogue("method of find", [])
