"""What is known of a decision, from a file in a region's folder to papers. Nothing is filled in that is not said."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from evenhand.data.reading import digest_of
from evenhand.papers import (
    Appraisal,
    Assessment,
    ChangePlan,
    Decision,
    EvaluationPlan,
    Evidence,
    Judgement,
    Lesson,
    MadeFrom,
    Paper,
    PlannedChange,
    Proposal,
    ProviderSelection,
    Voices,
    seal,
    subject,
)
from evenhand.papers.flow import STATES
from evenhand.papers.shape import Misshapen, taken
from evenhand.region.folder import read_toml
from evenhand.terms import closest, refuse

P = TypeVar("P", bound=Paper)

_PARTS = ("id", "state", "earlier_proposals", "proposal", "evidence", "voices", "assessments", "appraisal",
          "change_plan", "evaluation_plan", "judgements", "provider_selections", "decision", "decisions",
          "lessons", "sources")


@dataclass(frozen=True)
class CaseFile:
    """One case as a region's folder tells it: its papers in order, and the state it has reached."""

    id: str
    state: str
    title: str
    papers: tuple[Paper, ...]
    made_from: MadeFrom

    @property
    def subject(self) -> str:
        """The subject its papers are about."""
        return subject("case", self.id)

    @property
    def change_plan(self) -> ChangePlan | None:
        """How the change is managed: as planned since, else as the newest proposal puts it."""
        planned = [each.change for each in self.papers if isinstance(each, PlannedChange)]
        proposed = [each.change_plan for each in self.papers if isinstance(each, Proposal) and each.change_plan]
        return next(iter((*reversed(planned), *reversed(proposed))), None)


def read_case(path: Path) -> CaseFile:
    """Read a case from TOML whose parts are named as the papers are. Raises ``Refused`` naming the place."""
    said = read_toml(path)
    if unknown := sorted(set(said) - set(_PARTS)):
        near = closest(unknown[0], _PARTS) or list(_PARTS)
        raise refuse("there is no such part of a case", f"choose from {', '.join(near)}", file=str(path),
                     column=unknown[0])
    for part in ("id", "state", "proposal"):
        if part not in said:
            raise refuse(f"the case has no {part}", "add it", file=str(path), column=part)
    if said["state"] not in STATES:
        raise refuse("there is no such state", f"choose from {', '.join(STATES)}", file=str(path), column="state",
                     value=said["state"])
    source = MadeFrom(digest_of(path.read_bytes()), f"{path.parent.parent.name}/{path.parent.name}/{path.name}")
    reader = _Reader(path, said, source)
    proposal = reader.paper(Proposal, said["proposal"], "proposal")
    papers: list[Paper] = [reader.paper(Proposal, each, f"earlier_proposals[{place}]")
                           for place, each in enumerate(said.get("earlier_proposals", []))]
    papers.append(proposal)
    papers += [reader.paper(Evidence, each, f"evidence[{place}]")
               for place, each in enumerate(said.get("evidence", []))]
    papers += [reader.paper(Voices, each, f"voices[{place}]") for place, each in enumerate(said.get("voices", []))]
    papers += [reader.paper(Assessment, each, f"assessments[{place}]")
               for place, each in enumerate(said.get("assessments", []))]
    if "appraisal" in said:
        papers.append(reader.paper(Appraisal, said["appraisal"], "appraisal"))
    if "change_plan" in said:
        papers.append(reader.paper(PlannedChange, {"change": said["change_plan"]}, "change_plan"))
    if "evaluation_plan" in said:
        papers.append(reader.paper(EvaluationPlan, said["evaluation_plan"], "evaluation_plan"))
    papers += [reader.paper(Judgement, each, f"judgements[{place}]")
               for place, each in enumerate(said.get("judgements", []))]
    papers += [reader.paper(ProviderSelection, each, f"provider_selections[{place}]")
               for place, each in enumerate(said.get("provider_selections", []))]
    papers += [reader.paper(Decision, each, f"decisions[{place}]")
               for place, each in enumerate(said.get("decisions", []))]
    if "decision" in said:
        papers.append(reader.paper(Decision, said["decision"], "decision"))
    papers += [reader.paper(Lesson, each, f"lessons[{place}]") for place, each in enumerate(said.get("lessons", []))]
    return CaseFile(said["id"], said["state"], proposal.title, tuple(papers), source)


class _Reader:
    def __init__(self, path: Path, said: dict[str, Any], source: MadeFrom) -> None:
        self.path, self.source = path, source
        self.about = subject("case", said["id"])
        self.sources = said.get("sources", [])
        self.version = int(said["proposal"].get("proposal_version", 1))
        self.read: dict[str, str] = {}

    def paper(self, kind: type[P], part: dict[str, Any], place: str) -> P:
        # A file cannot name the digest of a paper that it is itself made into: it says evidence[0], or appraisal.
        named = [{"digest": self._digest(each, place), "what": str(each)} for each in part.get("made_from", [])]
        header = {"subject": self.about, "proposal_version": part.get("proposal_version", self.version),
                  "made_from": [{"digest": self.source.digest, "what": self.source.what}, *named]}
        content = {name: in_pence(value) for name, value in part.items()
                   if name not in ("proposal_version", "made_from")}
        if isinstance(content.get("relies_on"), list):
            content["relies_on"] = [self.read.get(str(each), each) for each in content["relies_on"]]
        # TOML has no word for "not held": a part that may be silent and is left out says nothing.
        hints = get_type_hints(kind)
        content = {each.name: None for each in fields(kind) if each.default is MISSING
                   and each.default_factory is MISSING and type(None) in get_args(hints[each.name])} | content
        if "sources" in {each.name for each in fields(kind)}:
            content = {"sources": self.sources, **content}
        try:
            paper = taken(kind, {**content, "header": header}, place)
            self.read[place] = seal(paper).digest
            return paper
        except Misshapen as wrong:
            raise refuse(wrong.what, "write it as the papers' reference page says, or leave it out if it is not known",
                         file=str(self.path), column=wrong.place.lstrip(".")) from None

    def _digest(self, name: Any, place: str) -> str:
        if str(name) not in self.read:
            raise refuse("no paper of that name stands before this one", f"choose from {', '.join(self.read)}",
                         file=str(self.path), column=f"{place}.made_from", value=name)
        return self.read[str(name)]


def in_pence(value: Any) -> Any:
    """Amounts that people write in pounds, as papers keep them: whole pence."""
    if isinstance(value, list):
        return [in_pence(each) for each in value]
    if isinstance(value, dict):
        plain = {name: in_pence(each) for name, each in value.items()}
        if "pounds" in plain:
            pounds = plain.pop("pounds")
            plain |= {"value": round(pounds * 100), "units": "pence"}
        return plain
    return value
