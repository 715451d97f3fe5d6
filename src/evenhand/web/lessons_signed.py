"""A lesson that the program drafted, read and mended by a named person: from then on it is a lesson."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evenhand.data.personal import signs_of_a_person
from evenhand.papers import Lesson, MadeFrom, Sealed
from evenhand.people.rights import Person, bodies_for
from evenhand.record.app.actions import writing
from evenhand.terms import Problem, Refused
from evenhand.web import cases
from evenhand.web.case_page import CasePage, Held

ACTION = "sign a lesson"
DRAFT = "DRAFT"
QUESTIONS = {
    "title": ("What was learnt, in a line", "As whoever finds it in ten years should read it."),
    "what_happened": ("What happened", "What was done, and what was found. No names of patients."),
    "advice": ("What would you tell the next body?", "What to do, and what not."),
    "circumstances": ("In what circumstances", "What was so here, and may not be so elsewhere."),
    "may_not_hold": ("Where it may not hold", "Say so, or leave it empty where you do not know."),
}
NEEDED = ("title", "what_happened", "advice")


@dataclass(frozen=True)
class Drafted:
    """A draft that nobody has signed yet."""

    held: Held
    lesson: Lesson

    @property
    def typed(self) -> dict[str, str]:
        """Its words, as they would be typed."""
        words = {name: getattr(self.lesson, name) or "" for name in QUESTIONS}
        return words | {"title": self.lesson.title.removeprefix(DRAFT).lstrip(": ")}


def is_draft(lesson: Lesson) -> bool:
    """Whether a lesson still waits for somebody to sign it."""
    return lesson.title.startswith(DRAFT)


def drafted(page: CasePage) -> Drafted | None:
    """The newest draft of a case, unless a lesson made from it was signed already."""
    lessons = [(each, each.paper) for each in page.held if isinstance(each.paper, Lesson)]
    signed = {made.digest for _, lesson in lessons if not is_draft(lesson) for made in lesson.header.made_from}
    waiting = [Drafted(held, lesson) for held, lesson in lessons if is_draft(lesson) and held.digest not in signed]
    return waiting[-1] if waiting else None


def body_for(person: Person, page: CasePage) -> str:
    """The body for which this person may sign a lesson of a case; nothing where there is none."""
    owners = {*(entry.organisation for entry in page.entries if entry.organisation), *page.codes}
    return next((each for each in bodies_for(person, ACTION) if each in owners), "")


def sign(page: CasePage, draft: Drafted, typed: dict[str, str], *, by: str, organisation: str) -> Sealed:
    """Leave the lesson in the words of whoever signs it. Raises ``Refused`` where it says too little or too much."""
    words = {name: " ".join(typed.get(name, "").split()) for name in QUESTIONS}
    problems = [Problem("this is needed", "write a sentence", column=name) for name in NEEDED if not words[name]]
    problems += [Problem(f"this may point to one person ({sign.what})", sign.instead, column=name, value=sign.found)
                 for name, text in words.items() for sign in signs_of_a_person(text)]
    if words["title"].startswith(DRAFT):
        problems.append(Problem("a lesson that is signed is no draft", "give it its title", column="title"))
    if problems:
        raise Refused(problems)
    header = replace(draft.lesson.header, made_from=(
        MadeFrom(draft.held.digest, "the draft that was read and mended"), *draft.lesson.header.made_from))
    lesson = replace(
        draft.lesson, header=header, title=words["title"], what_happened=words["what_happened"],
        advice=words["advice"], circumstances=words["circumstances"] or None,
        may_not_hold=words["may_not_hold"] or None, sentence=words["advice"],
        figures={**draft.lesson.figures, "draft": False, "signed_by": by},
        remarks=tuple(each for each in draft.lesson.remarks if not each.startswith(DRAFT)))
    with writing(f"{cases.CASE}{page.name}", by=by, what="lesson signed", organisation=organisation) as block:
        return block.leave(lesson)
