"""The files that a region's folder may hold beside its region.toml: what stands in each, and what it allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class OwnFile:
    """One file of a region's folder: its path, what stands in it, and what the run can do once it is there."""

    path: str
    holds: str
    allows: str


OWN_FILES = (
    OwnFile("schemes.xlsx", "the working tracker as it is: any sheets, title rows, totals, “450k”, “TBC”",
            "the list it began from: needed, firm, at risk, not found, and which rows became cases"),
    OwnFile("figures/bodies.csv", "unit, and a column of numbers for each thing that makes bodies alike, such as "
            "population, share_over_65, deprivation, rurality", "every gap set beside the ten bodies most alike"),
    OwnFile("engagement/concerns.csv", "date, practice, measure or service, text, what_became_of_it; no patient",
            "what practices say keeps going wrong, what became of it, and what rises"),
    OwnFile("engagement/plan.toml", "title, case, as_at; led_by, settled (the day from which the options stood)",
            "with stakeholders.csv: one plan of who must be heard"),
    OwnFile("engagement/stakeholders.csv", "who, organisation, kind, interest, influence (1 to 5), asked, by, way, "
            "due, done; groups and organisations, never a person", "who must be heard, by when, and who has not been"),
    OwnFile("proposals/NAME.toml", "a case: its papers by name, and the state it has reached",
            "decisions taken over, and held against the rules of their day"),
    OwnFile("engagement/replies_by_group.csv", "a column for each dimension, such as age and area, and replies",
            "with residents.csv and [engagement] in region.toml: who was heard, and who hardly"),
    OwnFile("engagement/residents.csv", "dimension, group, population", "with replies_by_group.csv: who was heard"),
    OwnFile("engagement/replies.csv", "reply_id, text; respondent_group, question", "with codebook.toml: what the "
            "replies speak of"),
    OwnFile("engagement/codebook.toml", "themes that people found on reading, each with its words",
            "with replies.csv: what the replies speak of"),
    OwnFile("engagement/votes.csv", "participant, and a column for each statement: 1, -1, 0, or empty",
            "who votes alike, and what all groups agree on"),
    OwnFile("engagement/statements.csv", "statement, text", "with votes.csv: the statements in words"),
    OwnFile("criteria.toml", "what options are judged by, with agreed weights", "with scores.csv and weights.csv: what "
            "each option would do"),
    OwnFile("scores.csv", "person, role, option, criterion, score", "with criteria.toml and weights.csv: the same"),
    OwnFile("weights.csv", "person, role, criterion, points", "with criteria.toml and scores.csv: the same"),
    OwnFile("plan.json", "schemes with value, cost, staff and gain by body; the limits", "the few to take, who loses "
            "by them, and the payments that make it good"),
    OwnFile("meetings/DAY.json", "members, quorum, interests, ladder, items", "whether each item may be decided, who "
            "stands aside, and whether the decisions agree"),
    OwnFile("programmes/benefits.csv", "benefit, owner, unit, month, promised, seen", "promises kept, late and broken"),
    OwnFile("programmes/milestones.csv", "programme, milestone, owner, due, done", "what happened in time, late or "
            "not yet"),
    OwnFile("programmes/flagship.csv", "month, staff_in_post, staff_planned, patients_moved, income_lost, "
            "cost_released, stranded_cost", "staff first, then patients, then cost, of the case in [engagement]"),
    OwnFile("contracts/NAME.json", "terms, lines, provider, from, to", "with activity: what is paid under each kind of "
            "terms, and who bears the risk"),
    OwnFile("activity/activity.csv.gz", "provider, month, point_of_delivery, count", "with contracts: the same"),
    OwnFile("organisations.csv", "code, name, kind, parent, opened, closed, successor", "bodies that no published list "
            "holds"),
    OwnFile("lineage.csv", "from, to, date, share, basis", "who came after whom, for bodies of your own"),
    OwnFile("measures.toml", "each measure: what it counts, and which side is good", "measures of your own"))


def table_of_files() -> Iterator[str]:
    """The files as lines of a table in Markdown."""
    yield "| file | what stands in it | what it allows |"
    yield "|---|---|---|"
    yield from (f"| `{each.path}` | {each.holds} | {each.allows} |" for each in OWN_FILES)


def read_first(name: str) -> str:
    """``README.md`` of a new region's folder: what may be put into it."""
    lines = [f"# {name}", "", "`region.toml` names the published files and asks the first questions. Every file below "
             "may be added;", "without it, `evenhand run` leaves its step out and says so. None of them may hold "
             "anything about a patient.", "", *table_of_files(), "",
             "`examples/millbrook` holds one of each, for an invented county.", ""]
    return "\n".join(lines)
