"""Which few, for whom, at whose cost?"""

from evenhand.catalogue import Catalogue, Method
from evenhand.choose.listing import METHOD as LIST
from evenhand.choose.listing import list_schemes
from evenhand.choose.portfolio import METHOD as PORTFOLIO
from evenhand.choose.portfolio import portfolio

QUESTION = "Which few, for whom, at whose cost?"
READS: tuple[str, ...] = ("Appraisal", "Finding")
LEAVES: tuple[str, ...] = ("Plan",)
METHODS: Catalogue[Method] = Catalogue("method of choose", [LIST, PORTFOLIO])

__all__ = ["LEAVES", "METHODS", "QUESTION", "READS", "list_schemes", "portfolio"]
