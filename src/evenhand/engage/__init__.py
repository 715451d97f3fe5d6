"""Who must be heard, and were they?"""

from evenhand.catalogue import Catalogue, Method

QUESTION = "Who must be heard, and were they?"
READS: tuple[str, ...] = ("Proposal",)
LEAVES: tuple[str, ...] = ("Voices",)
METHODS: Catalogue[Method] = Catalogue("method of engage", [])
