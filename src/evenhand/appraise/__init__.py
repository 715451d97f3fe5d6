"""What would each option do?"""

from evenhand.catalogue import Catalogue, Method

QUESTION = "What would each option do?"
READS: tuple[str, ...] = ("Opportunity", "Voices", "Proposal", "Evidence", "Assessment", "Finding", "Lesson")
LEAVES: tuple[str, ...] = ("Appraisal",)
METHODS: Catalogue[Method] = Catalogue("method of appraise", [])
