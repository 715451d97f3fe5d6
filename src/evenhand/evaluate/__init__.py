"""How shall we know, and did it work?"""

from evenhand.catalogue import Catalogue, Method
from evenhand.evaluate.beside import METHOD as BESIDE
from evenhand.evaluate.beside import beside
from evenhand.evaluate.difference import METHOD as DIFFERENCE
from evenhand.evaluate.difference import difference
from evenhand.evaluate.interrupted import METHOD as INTERRUPTED
from evenhand.evaluate.interrupted import interrupted
from evenhand.evaluate.monitor import METHOD as MONITOR
from evenhand.evaluate.monitor import monitor
from evenhand.evaluate.power import METHOD as POWER
from evenhand.evaluate.power import power
from evenhand.evaluate.spc import METHOD as SPC
from evenhand.evaluate.spc import spc
from evenhand.evaluate.synthetic import METHOD as SYNTHETIC
from evenhand.evaluate.synthetic import synthetic

QUESTION = "How shall we know, and did it work?"
READS: tuple[str, ...] = ("Proposal", "Programme", "Decision")
LEAVES: tuple[str, ...] = ("EvaluationPlan", "Finding")
METHODS: Catalogue[Method] = Catalogue("method of evaluate", [
    SPC, INTERRUPTED, DIFFERENCE, SYNTHETIC, MONITOR, BESIDE, POWER])

__all__ = ["METHODS", "beside", "difference", "interrupted", "monitor", "power", "spc", "synthetic"]
