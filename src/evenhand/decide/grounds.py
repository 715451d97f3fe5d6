"""On what grounds a body may take an item with the public shut out.

Public Bodies (Admission to Meetings) Act 1960, section 1(2): only by resolution, where publicity would be prejudicial
to the public interest because the business is confidential, or for another special reason stated in the resolution.
The kinds of information are those of Local Government Act 1972, Schedule 12A, Part 1, in plain words.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.terms import refuse


@dataclass(frozen=True)
class Ground:
    """One ground, as the public is told it, and where it is written."""

    code: str
    words: str
    source: str


GROUNDS = (
    Ground("person", "it would tell something about one person",
           "Local Government Act 1972, Schedule 12A, paragraphs 1 and 2"),
    Ground("business", "it would tell the financial or business affairs of one person or body",
           "Local Government Act 1972, Schedule 12A, paragraph 3"),
    Ground("employment", "it is about talks with employees or their unions",
           "Local Government Act 1972, Schedule 12A, paragraph 4"),
    Ground("legal", "it holds advice that lawyers gave in confidence",
           "Local Government Act 1972, Schedule 12A, paragraph 5"),
    Ground("crime", "it is about preventing, looking into or prosecuting a crime",
           "Local Government Act 1972, Schedule 12A, paragraph 7"),
    Ground("confidence", "somebody gave it in confidence, and publicity would harm the public interest",
           "Public Bodies (Admission to Meetings) Act 1960, section 1(2)"),
)


def ground(code: str) -> Ground:
    """The ground of that code. Raises ``Refused`` where there is none: nothing is private for no reason."""
    found = next((each for each in GROUNDS if each.code == code), None)
    if found is None:
        raise refuse("an item is taken in private on a ground, and this is none", "choose one from the list",
                     value=code)
    return found


def checked(code: str, because: str) -> tuple[str, str]:
    """A ground with the words that say why it holds here; both empty for an item in public. Raises ``Refused``."""
    if not code:
        if because.strip():
            raise refuse("a reason for privacy is given, and no ground", "choose the ground, or leave the reason out")
        return "", ""
    if not because.strip():
        raise refuse("an item is private only for a recorded reason",
                     "say in a sentence why the public interest asks for it here")
    return ground(code).code, because.strip()
