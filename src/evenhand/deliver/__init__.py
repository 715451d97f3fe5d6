"""Is it happening?"""

from evenhand.catalogue import Catalogue, Method

QUESTION = "Is it happening?"
READS: tuple[str, ...] = ("Decision", "Plan")
LEAVES: tuple[str, ...] = ("Programme",)
METHODS: Catalogue[Method] = Catalogue("method of deliver", [])
