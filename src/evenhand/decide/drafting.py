"""A decision as it is prepared before the vote: promises, who may lose, the case against it; read line by line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from evenhand.papers import Decision, Promise
from evenhand.papers.canonical import plain
from evenhand.papers.shape import Misshapen, taken
from evenhand.terms import Problem, Refused

PARTED = "|"
NOBODY = "nobody"
DAYS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%Y")
MOST_LETTERS = 4_000
QUESTIONS = {
    "promises": ("What is promised, by whom, by when?",
                 "A line for each: what | who owes it | by which day. “No bed closes before the teams are full | "
                 "programme office | 31 March 2027”"),
    "conditions": ("On what conditions?", "A line for each. Leave it empty if there are none."),
    "may_lose": ("Who may lose by it?", "A line for each. Write “nobody” if nobody does."),
    "loss_answered": ("What is done for those who may lose?", "In a few sentences."),
    "what_changed": ("What was heard, and what changed because of it?", "In a few sentences."),
    "objection": ("The case against it, in full", "As those who are against it would put it."),
    "objection_answered": ("What do you answer to it?", "It stands beside the reasons."),
    "turns_on": ("What would change the answer?", "The figure or fact on which it turns, if you know it."),
    "duties_considered": ("Which duties were considered?",
                          "A line for each, such as: involving the public, equality, health inequalities, wider "
                          "effects."),
    "review_due": ("On which day is it looked at again?", "For example 30 September 2027."),
    "how_to_challenge": ("How can it be challenged?", "Who may, how, and until which day."),
}
"""What the page asks, with a hint."""
TEXTS = ("loss_answered", "what_changed", "objection", "objection_answered", "turns_on", "how_to_challenge")


@dataclass(frozen=True)
class Draft:
    """What a decision will say besides its votes. ``None`` is unsaid, an empty tuple says that there are none."""

    option: str | None = None
    promises: tuple[Promise, ...] = ()
    conditions: tuple[str, ...] | None = None
    may_lose: tuple[str, ...] | None = None
    loss_answered: str | None = None
    what_changed: str | None = None
    objection: str | None = None
    objection_answered: str | None = None
    turns_on: str | None = None
    duties_considered: tuple[str, ...] | None = None
    review_due: date | None = None
    how_to_challenge: str | None = None

    def into(self, decision: Decision) -> Decision:
        """The decision with what was prepared for it; promises and reviews are made only by what is approved."""
        said = {name: value for name, value in vars(self).items() if name != "option"}
        if decision.outcome != "approved":
            said |= {"promises": (), "review_due": None, "conditions": None}
        option = self.option if decision.outcome == "approved" and self.option else decision.option
        rulings = tuple(replace(each, option=option) for each in decision.rulings)
        return replace(decision, **said, option=option, rulings=rulings)


def read_draft(typed: Mapping[str, str], *, option: str, options: Collection[str], today: date) -> Draft:
    """A draft as typed. Raises ``Refused`` with everything that cannot be read, by question.

    Args:
        typed: what was written under each of ``QUESTIONS``.
        option: which option is chosen if it is approved.
        options: the options of the proposal that change something and are still open.
        today: no promise and no look is due before this day.
    """
    problems = [Problem("this is too long", f"write at most {MOST_LETTERS:,} letters", column=name)
                for name, text in typed.items() if len(text) > MOST_LETTERS]
    if options and option not in options:
        problems.append(Problem("this is no option that is still open", "choose one of the list", column="option",
                                value=option or None))
    promises = []
    for line in _lines(typed, "promises"):
        parts = [each.strip() for each in line.split(PARTED)]
        due = day_in(parts[2]) if len(parts) == len(("what", "who", "when")) else None
        if len(parts) != len(("what", "who", "when")) or not all(parts):
            problems.append(Problem("this promise does not say what, who and by when",
                                    f"write what {PARTED} who owes it {PARTED} by which day", column="promises",
                                    value=line))
        elif due is None:
            problems.append(Problem("this is no day", "write it as 31 March 2027", column="promises", value=parts[2]))
        elif due < today:
            problems.append(Problem("this day has passed", "promise something for a day to come", column="promises",
                                    value=parts[2]))
        else:
            promises.append(Promise(what=parts[0], owner=parts[1], due=due))
    review = (typed.get("review_due") or "").strip()
    due = day_in(review) if review else None
    if review and due is None:
        problems.append(Problem("this is no day", "write it as 31 March 2027", column="review_due", value=review))
    elif due is not None and due <= today:
        problems.append(Problem("this day has passed", "give a day to come", column="review_due", value=review))
    if problems:
        raise Refused(problems)
    losers = _lines(typed, "may_lose")
    said = [each.casefold().rstrip(".") for each in losers]
    return Draft(option=option or None, promises=tuple(promises), conditions=_lines(typed, "conditions"),
                 may_lose=() if said == [NOBODY] else losers or None, review_due=due,
                 duties_considered=_lines(typed, "duties_considered") or None,
                 **{name: " ".join((typed.get(name) or "").split()) or None for name in TEXTS})


def as_typed(draft: Draft) -> dict[str, str]:
    """A draft as it would be typed."""
    promises = [f"{each.what} {PARTED} {each.owner} {PARTED} {_day(each.due)}" for each in draft.promises]
    return {"promises": "\n".join(promises), "conditions": "\n".join(draft.conditions or ()),
            "may_lose": NOBODY if draft.may_lose == () else "\n".join(draft.may_lose or ()),
            "duties_considered": "\n".join(draft.duties_considered or ()), "review_due": _day(draft.review_due),
            **{name: getattr(draft, name) or "" for name in TEXTS}}


def kept_as(draft: Draft) -> dict[str, Any]:
    """A draft as plain JSON."""
    kept: dict[str, Any] = plain(draft)
    return kept


def draft_in(kept: Mapping[str, Any]) -> Draft:
    """A draft from the JSON it was kept as. Raises ``Refused`` where it is not shaped as one."""
    try:
        draft: Draft = taken(Draft, dict(kept))
    except Misshapen as wrong:
        raise Refused([Problem(f"the draft that is kept cannot be read: {wrong}", "prepare it again")]) from None
    return draft


def day_in(text: str) -> date | None:
    """The day that somebody wrote; nothing where it is none, such as the 31st of February."""
    for way in DAYS:
        try:
            return datetime.strptime(text.strip(), way).date()
        except ValueError:
            continue
    return None


def _day(day: Any) -> str:
    return f"{day.day} {day:%B %Y}" if isinstance(day, date) else ""


def _lines(typed: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in (typed.get(name) or "").splitlines() if line.strip())


def options_of(options: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """The options a decision may choose: those that change something and were not set aside."""
    return tuple((each.id, each.title or each.what_it_means or each.id) for each in options
                 if not each.does_nothing and not each.closed_because)
