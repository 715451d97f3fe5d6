"""Every kind of paper there is, and how sealed bytes become a paper again."""

from __future__ import annotations

import json

from evenhand.papers.appraisal import Appraisal
from evenhand.papers.assessment import Assessment
from evenhand.papers.canonical import Json, canonical_bytes
from evenhand.papers.change_plan import PlannedChange
from evenhand.papers.decision import Decision
from evenhand.papers.engagement_plan import EngagementPlan
from evenhand.papers.evaluation_plan import EvaluationPlan
from evenhand.papers.evidence import Evidence
from evenhand.papers.finding import Finding
from evenhand.papers.judgement import Judgement
from evenhand.papers.keeping import Heads, Receipt
from evenhand.papers.lesson import Lesson, Lineage
from evenhand.papers.opportunity import Opportunity
from evenhand.papers.paper import Paper
from evenhand.papers.plan import Plan
from evenhand.papers.programme import Programme
from evenhand.papers.proposal import Proposal
from evenhand.papers.provider_selection import ProviderSelection
from evenhand.papers.scheme_list import SchemeList
from evenhand.papers.shape import Misshapen, taken
from evenhand.papers.signed_document import SignedDocument
from evenhand.papers.statement import Statement
from evenhand.papers.voices import Voices
from evenhand.terms import refuse

KINDS: tuple[type[Paper], ...] = (
    Opportunity, EngagementPlan, Voices, Appraisal, SchemeList, Plan, PlannedChange, EvaluationPlan, Judgement,
    ProviderSelection, Statement, Decision, Programme, Finding, Lesson, Lineage, Proposal, Evidence, Assessment, Heads,
    Receipt, SignedDocument,
)

_BY_NAME = {kind.paper: kind for kind in KINDS}
_AS_IT_WAS = "take the paper from the record or the pack again, as it was sealed"


def kind_named(name: str) -> type[Paper]:
    """The class of a kind of paper. Raises ``Refused`` for a kind this version does not know."""
    if name not in _BY_NAME:
        raise refuse("this version of Evenhand knows no such kind of paper", "open it with a newer version", value=name)
    return _BY_NAME[name]


def opened(content: bytes) -> Paper:
    """A sealed paper's bytes as a paper of today's schema. Raises ``Refused`` where they are not one.

    An older schema is brought up step by step, in memory only: the bytes kept, and the digest that names them, stay
    as they were. A paper is therefore always cited by the digest it was sealed with, never by sealing it again.
    """
    header, body = _parts(content)
    kind = kind_named(str(header.pop("paper", None)))
    schema = header.pop("schema", None)
    if not isinstance(schema, int) or isinstance(schema, bool) or not 1 <= schema <= kind.schema:
        raise refuse(f"this {kind.paper} has a schema that this version of Evenhand does not know",
                     "open it with a newer version", value=schema)
    try:
        for step in range(schema, kind.schema):
            body = kind.upgrades[step](body)
        return taken(kind, {**body, "header": header})
    except (Misshapen, KeyError) as wrong:
        raise refuse(f"this {kind.paper} is not shaped as one: {wrong}", _AS_IT_WAS) from None


def _parts(content: bytes) -> tuple[dict[str, Json], dict[str, Json]]:
    try:
        whole = json.loads(content)
        sealed = canonical_bytes(whole) == content
    except (ValueError, RecursionError):
        sealed = False
    if not (sealed and isinstance(whole, dict) and set(whole) == {"header", "content"}
            and all(isinstance(part, dict) for part in whole.values())):
        raise refuse("these bytes are not a sealed paper", _AS_IT_WAS)
    return whole["header"], whole["content"]
