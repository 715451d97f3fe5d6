"""Invented counties with a known truth, drawn from a seed: for the tutorial, the tests, and the scoring of methods."""

from evenhand.data.invent.county import SIZES
from evenhand.data.invent.write import Invention, invent, write_region

__all__ = ["SIZES", "Invention", "invent", "write_region"]
