"""Papers: what rooms leave for each other, sealed in one form and named by one digest."""

from evenhand.papers.appraisal import Appraisal, Criterion, Loser, Score
from evenhand.papers.assessment import Assessment, Impact
from evenhand.papers.canonical import Unkeepable, canonical_bytes, digest, instant, is_digest, plain
from evenhand.papers.change_plan import ChangePlan, Doing, PlannedChange, Resistance, unplanned
from evenhand.papers.decision import Challenge, Decision, Promise, Ruling, StoodAside, Votes, unready
from evenhand.papers.engagement_plan import EngagementPlan, Stakeholder, Standing
from evenhand.papers.evaluation_plan import (
    ComparatorRule,
    EvaluationPlan,
    PlannedOutcome,
    Power,
    Safety,
    lacking,
)
from evenhand.papers.evidence import Evidence
from evenhand.papers.facts import Body, Commitment, Figures, Measured, Source, Stated, When
from evenhand.papers.finding import Amendment, Check, Finding, GroupResult, SafetyResult
from evenhand.papers.judgement import Judgement
from evenhand.papers.keeping import Head, Heads, Receipt
from evenhand.papers.kinds import KINDS, kind_named, opened
from evenhand.papers.lesson import Lesson, Lineage, Succession
from evenhand.papers.opportunity import Opportunity
from evenhand.papers.paper import INSTALLATION, Header, MadeFrom, Method, Paper, Sealed, checked_subject, seal, subject
from evenhand.papers.plan import Limit, Plan, Scheme, Transfer
from evenhand.papers.programme import Benefit, Milestone, Programme
from evenhand.papers.proposal import Option, Proposal
from evenhand.papers.provider_selection import Considered, Notice, ProviderSelection, Representation
from evenhand.papers.scheme_list import ListedScheme, SchemeList
from evenhand.papers.signed_document import AdoptedPart, SignedDocument, SignedFile
from evenhand.papers.statement import Backing, Statement
from evenhand.papers.voices import Group, Theme, Voices

__all__ = [
    "INSTALLATION", "KINDS", "AdoptedPart", "Amendment", "Appraisal", "Assessment", "Backing", "Benefit", "Body",
    "Challenge", "ChangePlan", "Check", "Commitment", "ComparatorRule", "Considered", "Criterion", "Decision",
    "Doing", "EngagementPlan", "EvaluationPlan", "Evidence", "Figures", "Finding", "Group", "GroupResult", "Head",
    "Header", "Heads", "Impact", "Judgement", "Lesson", "Limit", "Lineage", "ListedScheme", "Loser", "MadeFrom",
    "Measured", "Method", "Milestone", "Notice", "Opportunity", "Option", "Paper", "Plan", "PlannedChange",
    "PlannedOutcome", "Power", "Programme", "Promise", "Proposal", "ProviderSelection", "Receipt", "Representation",
    "Resistance", "Ruling", "Safety", "SafetyResult", "Scheme", "SchemeList", "Score", "Sealed", "SignedDocument",
    "SignedFile", "Source", "Stakeholder", "Standing", "Stated", "Statement", "StoodAside", "Succession", "Theme",
    "Transfer", "Unkeepable", "Voices", "Votes", "When", "canonical_bytes", "checked_subject", "digest", "instant",
    "is_digest", "kind_named", "lacking", "opened", "plain", "seal", "subject", "unplanned", "unready",
]
