"""Words every room speaks: an estimate, a month, a problem, a figure that may not be shown."""

from evenhand.terms.estimate import Estimate
from evenhand.terms.period import Month, Span
from evenhand.terms.problems import Problem, Refused, closest, refuse
from evenhand.terms.suppressed import Suppressed

__all__ = ["Estimate", "Month", "Problem", "Refused", "Span", "Suppressed", "closest", "refuse"]
