"""Who may do what, to whose rows, at which moment: one table, and what is not in it is not allowed.

*Whose* tells a row of one's own body from a row of a body one works for (a support unit's customer) and from all
others. *Moments* are those of the thing acted on; an item of a meeting is ``declaring`` until its vote opens, then
``open``, perhaps ``tied``, then ``closed``. Where a right names no moment it holds at every one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from evenhand.people.roles import ROLES

EVERYBODY = "everybody"
"""The public and everyone who has signed in."""
ANY_ROLE = "any role"
"""Everyone who has signed in and holds a role somewhere today."""


class Whose(Enum):
    """Whose row it is, seen from one person."""

    OWN = "their own body"
    CUSTOMER = "a body they work for"
    OTHER = "any other body"


ALL = (Whose.OWN, Whose.CUSTOMER, Whose.OTHER)
OWN = (Whose.OWN,)
OWN_AND_CUSTOMER = (Whose.OWN, Whose.CUSTOMER)


@dataclass(frozen=True)
class Membership:
    """One role in one body."""

    role: str
    organisation: str
    organisation_name: str = ""
    invented: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody who asks for a page: an identifier, never more than is needed to say what they may do."""

    id: str
    name: str = ""
    memberships: tuple[Membership, ...] = ()
    customers: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_signed_in(self) -> bool:
        """Whether this is more than the public."""
        return bool(self.id)

    @property
    def has_customers(self) -> bool:
        """Whether they work for other bodies."""
        return bool(self.customers)

    @property
    def organisations(self) -> frozenset[str]:
        """The bodies they belong to."""
        return frozenset(each.organisation for each in self.memberships)

    def roles_towards(self, organisation: str) -> frozenset[str]:
        """The parts they play as seen from a row of this body.

        In their own body, the roles they hold there. A customer meets them as its support unit. Any other body meets
        them in every role they hold anywhere, which the table gives hardly any rights.
        """
        seen = whose(self, organisation)
        if seen is Whose.OWN:
            return frozenset(each.role for each in self.memberships if each.organisation == organisation)
        if seen is Whose.CUSTOMER:
            return frozenset({"support unit"})
        return frozenset(each.role for each in self.memberships)


THE_PUBLIC = Person("")


@dataclass(frozen=True)
class Right:
    """One line of the table: these roles may do this to rows of these bodies at these moments."""

    action: str
    by: tuple[str, ...]
    to: tuple[Whose, ...] = ALL
    moments: tuple[str, ...] = ()


_VOTING = ("committee member", "chair", "clinical lead", "practice member")
_IN_THE_BODY = (*_VOTING, "secretary", "programme office", "analyst", "finance", "communications")
_MAY_RAISE = ("analyst", "programme office", "clinical lead", "practice member", "finance", "support unit",
              "provider lead", "council partner", "voluntary partner", "clinical network")

ACTIONS = {
    "read public pages": "Read what is public: decisions, measures, where to look first, methods and their answers",
    "use a method": "Work out an answer from a table of one's own",
    "sign in": "Sign in, and out",
    "read my work": "See what waits for oneself, and what one's body has raised",
    "raise a case": "Raise a case for one's body, to be looked into",
    "ask a clinician": "Put a question to a body's clinical leads",
    "read a question": "Read a question put to clinicians, and its answer",
    "answer a question": "Answer a question put to clinicians",
    "send a concern": "Say what keeps going wrong, without an account, and follow it by its code",
    "read concerns": "Read the concerns sent to a body, who waits for an answer, and what comes up more than before",
    "answer a concern": "Say what becomes of a concern, to whoever sent it",
    "link a concern": "Tie a concern to a measure or a case, or put it with others",
    "erase a concern": "Take away the words of a concern that should not have been sent",
    "ask against a policy": "Ask for prior approval or an exception to a policy, without a word about one patient",
    "read requests": "Read requests for prior approval or an exception, and how often one was allowed",
    "decide a request": "Allow or refuse somebody else’s request, with reasons",
    "keep policies": "Keep a body’s register of policies, and take over a predecessor’s",
    "adopt a measure": "Make a measure one’s body’s own, in the words it has, or decline it with a reason",
    "read a meeting": "Read a meeting's agenda and items",
    "read an item": "Read an item of a meeting: who stands aside, who may vote",
    "adopt a section": "Take the sentences that the program wrote in a board paper for one’s own, section by section",
    "sign a paper": "Put one’s name to a board paper",
    "keep a template": "Give the Word template in which a body’s papers go out",
    "declare an interest": "Declare an interest of one's own in an item",
    "declare to the register": "Declare one's own interests to the body's register, end them, and give a nil return",
    "keep the register": "Enter what was agreed about an interest, and see who owes a declaration",
    "rule on an interest": "Enter, with its reason, what the chair ruled for a member on an item",
    "settle an interest": "Say whether a body that somebody declared is the one that an item names",
    "open a vote": "Open the vote on an item",
    "vote": "Vote on an item, with a reason",
    "close a vote": "Close the vote on an item and record the outcome",
    "arrange a meeting": "Arrange a meeting, its agenda, its notice and the sending of its papers",
    "bring a paper": "Bring a paper for an item, or a newer version of one",
    "accept a paper": "Record that the body goes by a paper that members were not sent in time",
    "keep the minutes": "Mark who comes and goes, enter motions and actions, draft and confirm the minutes",
    "put an item off": "Put an item off undecided, with the reason",
    "give a casting vote": "Decide a tie from the chair, where the body's rules allow it",
    "decide between meetings": "Enter a decision that could not wait for a meeting",
    "finish an action": "Say that an action agreed at a meeting is done",
    "put a question to a meeting": "Put a question to a meeting without an account, and follow it by its code",
    "answer a public question": "Take, turn away or answer a question that the public put to a meeting",
    "read votes": "Read how each member voted, and why",
    "read an outcome": "Read the totals of a vote",
    "prepare a decision": "Say before the vote what a decision will promise, who may lose, and the case against it",
    "correct a page": "Say what is wrong on the page of a decision, without an account",
    "settle a correction": "Accept a correction to the page of a decision, or not, with reasons",
    "ask for backing": "Ask the regional office to back one version of a case",
    "read backing": "Read a request for backing, with what was asked, offered and answered",
    "question a case": "Put a question on a case as its regional office, or offer help with it",
    "answer the assurer": "Answer what the regional office asked or offered",
    "issue a statement": "Say, with reasons, whether one version of a case is backed",
    "publish a time": "Publish within how many working days the regional office answers",
    "enter a challenge": "Enter a challenge to a decision, with its grounds and the day an answer is owed",
    "answer a challenge": "Answer a challenge to a decision, in public",
    "end a challenge": "Say how a challenge ended, and what it led to",
    "plan a change": "Say how a change will be managed, before it is decided",
    "sign a judgement": "Sign what one judged of one test of a case, with reasons and the papers it rests on",
    "sign a lesson": "Read, mend and sign the lesson that was drafted from what was found",
    "adopt a story": "Put one's name to the story of a programme, drafted from the record",
    "read my customers": "See the work of each body one supports",
    "read who may do what": "Read this table, and who belongs to the body",
}

RIGHTS: tuple[Right, ...] = (
    Right("read public pages", (EVERYBODY,)),
    Right("use a method", (EVERYBODY,)),
    Right("sign in", (EVERYBODY,)),
    Right("read my work", (ANY_ROLE,)),
    Right("raise a case", _MAY_RAISE, OWN_AND_CUSTOMER),
    Right("ask a clinician", ("analyst", "programme office", "finance", "support unit"), OWN_AND_CUSTOMER),
    Right("read a question", (*_IN_THE_BODY, "support unit"), OWN_AND_CUSTOMER),
    Right("answer a question", ("clinical lead",), OWN, ("asked",)),
    Right("send a concern", (EVERYBODY,)),
    # Only those who answer or look into concerns read their words: whoever sent one was told so.
    Right("read concerns", ("programme office", "analyst", "clinical lead", "support unit"), OWN_AND_CUSTOMER),
    Right("answer a concern", ("programme office", "clinical lead", "support unit"), OWN_AND_CUSTOMER,
          ("received", "read")),
    Right("link a concern", ("programme office", "analyst", "support unit"), OWN_AND_CUSTOMER),
    Right("erase a concern", ("programme office", "support unit"), OWN_AND_CUSTOMER),
    Right("ask against a policy", ("clinical lead", "practice member", "programme office", "support unit"),
          OWN_AND_CUSTOMER),
    Right("read requests", ("clinical lead", "practice member", "programme office", "chair", "support unit"),
          OWN_AND_CUSTOMER),
    Right("decide a request", ("clinical lead", "chair"), OWN, ("asked",)),
    Right("keep policies", ("programme office", "clinical lead"), OWN),
    # Analysts write and look over measures; somebody who answers for their sense puts a name to them.
    Right("adopt a measure", ("clinical lead", "chair"), OWN),
    Right("read a meeting", (*_IN_THE_BODY, "support unit"), OWN_AND_CUSTOMER),
    Right("read an item", (*_IN_THE_BODY, "support unit"), OWN_AND_CUSTOMER),
    Right("adopt a section", ("programme office", "clinical lead", "finance", "secretary", "chair"), OWN,
          ("declaring",)),
    Right("sign a paper", ("programme office", "clinical lead", "secretary", "chair"), OWN, ("declaring",)),
    Right("keep a template", ("secretary", "programme office"), OWN),
    # The administrator keeps accounts; what a body is about to decide is not theirs to see.
    # A late interest is entered and marked as late, never turned away: silence would be worse.
    Right("declare an interest", _VOTING, OWN, ("declaring", "open", "tied", "closed")),
    Right("declare to the register", _IN_THE_BODY, OWN),
    Right("keep the register", ("secretary",), OWN),
    Right("rule on an interest", (*_VOTING, "secretary"), OWN, ("declaring", "open")),
    Right("settle an interest", ("secretary", "chair"), OWN),
    Right("open a vote", ("secretary", "chair"), OWN, ("declaring",)),
    Right("vote", _VOTING, OWN, ("open",)),
    Right("close a vote", ("secretary", "chair"), OWN, ("open",)),
    Right("arrange a meeting", ("secretary",), OWN),
    Right("bring a paper", ("secretary", "programme office", "analyst", "clinical lead", "finance"), OWN,
          ("declaring",)),
    Right("accept a paper", ("secretary", "chair"), OWN, ("declaring",)),
    Right("keep the minutes", ("secretary",), OWN),
    Right("put an item off", ("secretary", "chair"), OWN, ("declaring", "open", "tied")),
    # Whoever is in the chair for the item: which of these it is, the item says.
    Right("give a casting vote", _VOTING, OWN, ("tied",)),
    Right("decide between meetings", ("secretary", "chair"), OWN),
    Right("finish an action", _IN_THE_BODY, OWN),
    Right("put a question to a meeting", (EVERYBODY,)),
    Right("answer a public question", ("secretary", "chair"), OWN),
    # Embargo: while a vote is open nobody sees how it stands, the chair and the secretary no more than others.
    Right("read votes", _IN_THE_BODY, OWN, ("closed",)),
    Right("read an outcome", (*_IN_THE_BODY, "support unit"), OWN_AND_CUSTOMER, ("closed",)),
    Right("prepare a decision", ("programme office", "secretary"), OWN, ("declaring", "open", "tied")),
    Right("correct a page", (EVERYBODY,)),
    Right("settle a correction", ("secretary", "programme office", "communications"), OWN, ("received",)),
    Right("ask for backing", ("programme office", "chair"), OWN),
    # The request is the commissioner's row and the regional office's: each is asked of in its own body.
    Right("read backing", (*_IN_THE_BODY, "assurer"), OWN),
    Right("question a case", ("assurer",), OWN, ("asked",)),
    Right("answer the assurer", ("programme office", "clinical lead", "finance", "chair"), OWN),
    Right("issue a statement", ("assurer",), OWN, ("asked",)),
    Right("publish a time", ("assurer",), OWN),
    Right("enter a challenge", ("secretary",), OWN),
    # Those who scrutinise belong to other bodies than the one that decided.
    Right("enter a challenge", ("councillor", "council partner", "assurer")),
    Right("answer a challenge", ("secretary", "chair"), OWN, ("received",)),
    Right("end a challenge", ("secretary", "chair"), OWN, ("received", "answered")),
    Right("plan a change", ("programme office", "clinical lead", "provider lead", "support unit"), OWN_AND_CUSTOMER),
    # Never whoever wrote the proposal, where the rules say so: the action asks.
    Right("sign a judgement", ("clinical lead", "practice member", "finance", "chair"), OWN),
    Right("sign a lesson", ("programme office", "clinical lead", "chair"), OWN),
    Right("adopt a story", ("programme office", "clinical lead", "chair"), OWN),
    Right("read my customers", ("support unit",), OWN_AND_CUSTOMER),
    Right("read who may do what", ("administrator", "secretary"), OWN),
)

assert {right.action for right in RIGHTS} == set(ACTIONS), "every action has its line and every line its action"
assert all(role in ROLES for right in RIGHTS for role in right.by if role not in (EVERYBODY, ANY_ROLE))


def whose(person: Person, organisation: str) -> Whose:
    """Whose a body's row is, seen from this person."""
    if organisation in person.organisations:
        return Whose.OWN
    return Whose.CUSTOMER if organisation in person.customers else Whose.OTHER


def _lines(action: str) -> Iterator[Right]:
    assert action in ACTIONS, f"no such action: {action}"
    return (right for right in RIGHTS if right.action == action)


def _plays(person: Person, right: Right, roles: frozenset[str]) -> bool:
    if EVERYBODY in right.by:
        return True
    return bool(person.memberships) if ANY_ROLE in right.by else bool(roles & set(right.by))


def may(person: Person, action: str, organisation: str, *, moment: str = "") -> bool:
    """Whether this person may do this to a row of that body, at this moment of the row."""
    seen, roles = whose(person, organisation), person.roles_towards(organisation)
    return any(seen in right.to and (not right.moments or moment in right.moments) and _plays(person, right, roles)
               for right in _lines(action))


def may_somewhere(person: Person, action: str) -> bool:
    """Whether there is any body and any moment for which this person may do this."""
    roles = frozenset(each.role for each in person.memberships)
    return any(_plays(person, right, roles) for right in _lines(action))


def bodies_for(person: Person, action: str) -> tuple[str, ...]:
    """The bodies, their own first, for which this person may do this at some moment."""
    moments = {moment for right in _lines(action) for moment in right.moments} or {""}
    own = [each.organisation for each in person.memberships]
    return tuple(dict.fromkeys(each for each in (*own, *sorted(person.customers))
                               if any(may(person, action, each, moment=moment) for moment in moments)))
