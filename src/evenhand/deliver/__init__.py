"""Is it happening?"""

from evenhand.catalogue import Catalogue, Method
from evenhand.deliver.benefits import METHOD as BENEFITS
from evenhand.deliver.benefits import benefits
from evenhand.deliver.payment import METHOD as PAYMENT
from evenhand.deliver.payment import payment

__all__ = ["LEAVES", "METHODS", "QUESTION", "READS", "benefits", "payment"]

QUESTION = "Is it happening?"
READS: tuple[str, ...] = ("Decision", "Plan")
LEAVES: tuple[str, ...] = ("Programme",)
METHODS: Catalogue[Method] = Catalogue("method of deliver", [BENEFITS, PAYMENT])
