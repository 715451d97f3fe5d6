"""Who leaves which paper, who reads it, and the states a case passes through.

Two tables that everything obeys: the site, the commands and the diagrams in the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.papers.kinds import KINDS, kind_named
from evenhand.terms import refuse

ROOMS = ("find", "engage", "appraise", "choose", "decide", "deliver", "evaluate", "remember")
PUBLIC = "the public"


@dataclass(frozen=True)
class Leaving:
    """One kind of paper: the room (or the record) that leaves it, and those that read it."""

    paper: str
    left_by: str
    read_by: tuple[str, ...]


LEAVES = (
    Leaving("opportunity", "find", ("appraise", "remember")),
    Leaving("engagement-plan", "engage", ("decide", "remember", PUBLIC)),
    Leaving("voices", "engage", ("appraise", "decide")),
    Leaving("appraisal", "appraise", ("choose", "decide")),
    Leaving("scheme-list", "choose", ("appraise", "decide", PUBLIC)),
    Leaving("plan", "choose", ("decide", "deliver")),
    Leaving("evaluation-plan", "evaluate", ("decide", "remember", "appraise", "choose")),
    Leaving("change-plan", "decide", ("decide", "deliver", "remember", PUBLIC)),
    Leaving("judgement", "decide", ("decide", PUBLIC)),
    Leaving("provider-selection", "decide", ("decide", "deliver", PUBLIC)),
    Leaving("signed-document", "decide", ("decide", "remember", PUBLIC)),
    Leaving("statement", "decide", ("decide", "remember", PUBLIC)),
    Leaving("decision", "decide", ("deliver", "evaluate", PUBLIC)),
    Leaving("programme", "deliver", ("evaluate",)),
    Leaving("finding", "evaluate", ("decide", "remember", "appraise", "choose")),
    Leaving("lesson", "remember", ("find", "appraise")),
    Leaving("lineage", "remember", ROOMS),
    Leaving("proposal", "record", (*ROOMS, PUBLIC)),
    Leaving("evidence", "record", (*ROOMS, PUBLIC)),
    Leaving("assessment", "record", (*ROOMS, PUBLIC)),
    Leaving("heads", "record", (PUBLIC,)),
    Leaving("receipt", "record", ("remember",)),
)


def leaves(room: str) -> tuple[str, ...]:
    """The papers a room leaves."""
    return tuple(each.paper for each in LEAVES if each.left_by == room)


def reads(room: str) -> tuple[str, ...]:
    """The papers a room reads."""
    return tuple(each.paper for each in LEAVES if room in each.read_by)


STATES = ("raised", "explored", "proposed", "engaged", "appraised", "planned", "approved", "declined", "deferred",
          "challenged", "delivering", "sustained", "stopped", "closed")
FIRST = "raised"
DECIDED = ("approved", "declined", "deferred")


@dataclass(frozen=True)
class Step:
    """One way a case may move: from, to, which role may move it, and which papers it must hold by then."""

    old: str
    new: str
    by: tuple[str, ...]
    needing: tuple[str, ...] = ()


_OFFICE = ("programme office",)
_DECIDING = ("chair", "secretary")

_TO_DECIDE = ("proposal", "voices", "appraisal", "assessment", "evaluation-plan")

STEPS = (
    Step("raised", "explored", ("analyst", "programme office"), ("opportunity",)),
    Step("raised", "closed", _OFFICE),
    Step("explored", "proposed", ("programme office", "clinical lead"), ("proposal",)),
    Step("explored", "closed", _OFFICE),
    Step("proposed", "engaged", ("programme office", "communications"), ("proposal", "voices")),
    Step("proposed", "closed", _OFFICE),
    Step("engaged", "proposed", ("programme office", "clinical lead"), ("proposal",)),
    Step("engaged", "appraised", ("analyst", "programme office"), ("voices", "appraisal", "assessment")),
    Step("appraised", "proposed", ("programme office", "clinical lead"), ("proposal",)),
    Step("appraised", "planned", ("programme office", "finance"), ("appraisal", "plan", "evaluation-plan")),
    # How the change will be managed is planned before it is approved; what is declined needs no such plan.
    Step("planned", "approved", _DECIDING, (*_TO_DECIDE, "change-plan", "decision")),
    *(Step("planned", each, _DECIDING, (*_TO_DECIDE, "decision")) for each in DECIDED if each != "approved"),
    Step("deferred", "planned", _OFFICE),
    Step("deferred", "proposed", ("programme office", "clinical lead"), ("proposal",)),
    *(Step(each, "challenged", ("councillor", "council partner", "assurer", "secretary"), ("decision",))
      for each in ("approved", "declined", "deferred", "delivering")),
    *(Step("challenged", each, _DECIDING, ("decision",)) for each in DECIDED),
    Step("approved", "delivering", ("programme office", "provider lead"), ("decision", "evaluation-plan")),
    Step("delivering", "sustained", ("programme office", "assurer"), ("programme", "finding")),
    Step("delivering", "stopped", _DECIDING, ("programme", "finding")),
    Step("sustained", "stopped", _DECIDING, ("finding",)),
    Step("sustained", "closed", _OFFICE, ("finding", "lesson")),
    Step("stopped", "closed", _OFFICE, ("lesson",)),
    Step("declined", "closed", _OFFICE, ("lesson",)),
)


def steps_from(state: str) -> tuple[Step, ...]:
    """The ways on from a state."""
    return tuple(step for step in STEPS if step.old == state)


def step(old: str, new: str, *, role: str, held: tuple[str, ...]) -> Step:
    """The step from one state to another, if this role may take it with the papers held. Raises ``Refused``."""
    ways = [each for each in steps_from(old) if each.new == new]
    if not ways:
        onward = ", ".join(each.new for each in steps_from(old)) or "nowhere: it is closed"
        raise refuse(f"a case that is {old} cannot become {new}", f"from here it can go to: {onward}")
    way = ways[0]
    if role not in way.by:
        raise refuse(f"a {role} may not move a case from {old} to {new}", f"ask the {' or the '.join(way.by)}")
    if missing := [paper for paper in way.needing if paper not in held]:
        raise refuse(f"the case does not yet hold what it needs to become {new}: {', '.join(missing)}",
                     f"leave the {missing[0]} first")
    return way


def diagram_of_states() -> str:
    """The states and steps as a Mermaid diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {FIRST}"]
    lines += [f"    {each.old} --> {each.new}: {', '.join(each.by)}" for each in STEPS]
    return "\n".join([*lines, "    closed --> [*]", ""])


def diagram_of_papers() -> str:
    """Rooms and the papers between them as a Mermaid diagram, for the documentation."""
    lines = ["flowchart LR"]
    for each in LEAVES:
        if each.left_by in ROOMS:
            lines += [f"    {each.left_by} -- {each.paper} --> {'public' if reader == PUBLIC else reader}"
                      for reader in each.read_by if reader != each.left_by]
    return "\n".join([*lines, ""])


def table_of_steps() -> str:
    """The steps as a Markdown table, for the documentation."""
    rows = [f"| {each.old} | {each.new} | {', '.join(each.by)} | {', '.join(each.needing) or 'nothing more'} |"
            for each in STEPS]
    return "\n".join(["| from | to | by | needing |", "|---|---|---|---|", *rows, ""])


assert {each.paper for each in LEAVES} == {kind.paper for kind in KINDS}
assert all(kind_named(paper) for each in STEPS for paper in each.needing)
