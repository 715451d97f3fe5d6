"""Which few, for whom, at whose cost?"""

from evenhand.catalogue import Catalogue, Method
from evenhand.choose.listing import METHOD as LIST
from evenhand.choose.listing import list_schemes
from evenhand.choose.portfolio import METHOD as PORTFOLIO
from evenhand.choose.portfolio import portfolio
from evenhand.choose.share import METHOD as SHARE
from evenhand.choose.share import share
from evenhand.choose.transfers import METHOD as TRANSFERS
from evenhand.choose.transfers import transfers

QUESTION = "Which few, for whom, at whose cost?"
READS: tuple[str, ...] = ("Appraisal", "Finding")
LEAVES: tuple[str, ...] = ("SchemeList", "Plan")
METHODS: Catalogue[Method] = Catalogue("method of choose", [LIST, PORTFOLIO, SHARE, TRANSFERS])

__all__ = ["LEAVES", "METHODS", "QUESTION", "READS", "list_schemes", "portfolio", "share", "transfers"]
