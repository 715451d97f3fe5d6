"""The only reader of the register of interests: gives frozen values, for the register and for each item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from evenhand.decide.app.interest_models import Declaration, InterestReturn, InterestRuling, LateInterest
from evenhand.decide.app.interest_touching import Touching, bodies_known, touching, undeclared_parts
from evenhand.decide.app.models import Meeting, Seat
from evenhand.decide.conflicts import SAID
from evenhand.decide.interest_dates import DAYS_TO_DECLARE, Owed, in_public, in_words, lateness, owed
from evenhand.decide.interest_match import plain
from evenhand.people.app.models import Membership, Organisation
from evenhand.people.rights import RIGHTS, bodies_for
from evenhand.people.rights import Person as Asks
from evenhand.terms.words import counted, listed

DECIDES = frozenset(next(right.by for right in RIGHTS if right.action == "vote"))
"""The roles that vote: whoever holds one owes a declaration or a nil return."""
RELATION = {"self": "self", "partner": "partner", "family": "relative", "friend": "close friend or business partner"}
WHOSE_WORDS = {"self": "their own", "partner": "their partner’s", "family": "a relative’s",
               "friend": "a close friend’s or business partner’s"}


@dataclass(frozen=True)
class Declared:
    """One entry of the register as it stands. Of somebody close, only the relation is known here."""

    key: int
    member: str
    name: str
    organisation: str
    organisation_name: str
    kind: str
    standing: str
    whose: str
    part: str
    body_code: str
    body_name: str
    what: str
    began: date | None
    ended: date | None
    declared: date
    late: str
    step: str
    step_words: str
    agreed_by: str
    agreed_on: date | None
    corrects: date | None
    declared_late_at: tuple[str, ...]

    @property
    def whose_words(self) -> str:
        """Whose it is, by relation."""
        return WHOSE_WORDS[self.whose]

    @property
    def agreed(self) -> str:
        """What was agreed to be done, in words; that nothing was, where nothing was."""
        return f"{SAID[self.step][:1].upper()}{SAID[self.step][1:]}" if self.step else "Nothing agreed yet"

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.ended is not None and self.ended < today


@dataclass(frozen=True)
class Person:
    """Somebody of the register: what they decide as, what they declared, and what they owe."""

    member: str
    name: str
    roles: tuple[str, ...]
    decides: bool
    declared: tuple[Declared, ...]
    nil: date | None
    confirmed: date | None
    owed: Owed | None

    def is_overdue(self, today: date) -> bool:
        """Whether a declaration or return is overdue."""
        return self.owed is not None and self.owed.is_overdue(today)

    def standing_on(self, today: date) -> tuple[Declared, ...]:
        """What stands on the register on a day."""
        return tuple(each for each in self.declared if not each.is_over(today))


@dataclass(frozen=True)
class Register:
    """The register of one body on one day."""

    code: str
    name: str
    invented: bool
    today: date
    people: tuple[Person, ...]

    @property
    def in_public(self) -> tuple[Person, ...]:
        """Those who decide; what others declared is kept, and used, and not published."""
        return tuple(each for each in self.people if each.decides)

    @property
    def overdue(self) -> tuple[Person, ...]:
        """Those who owe a declaration or a return."""
        return tuple(each for each in self.in_public if each.is_overdue(self.today))

    @property
    def answered(self) -> int:
        """How many of those who decide have declared something or said that they have nothing."""
        return sum(bool(each.declared or each.nil or each.confirmed) for each in self.in_public)

    @property
    def sentence(self) -> str:
        """How many people, how many declared, how many are overdue."""
        people, stand = self.in_public, sum(len(each.standing_on(self.today)) for each in self.in_public)
        if not people:
            return f"Nobody who decides for {self.name} is entered here yet."
        nil = sum(bool(each.nil) and not each.standing_on(self.today) for each in people)
        none = f", {nil} of them that {'they have' if nil > 1 else 'there is'} none" if nil else ""
        late = (f"{listed([each.name for each in self.overdue])} {'is' if len(self.overdue) == 1 else 'are'} overdue"
                if self.overdue else "nobody is overdue")
        return (f"Of {counted(len(people), 'person', 'people')} who {'decides' if len(people) == 1 else 'decide'} for "
                f"{self.name}, {self.answered} have said what interests they have{none}; "
                f"{counted(stand, 'interest')} {'stands' if stand == 1 else 'stand'} today, and {late}.")


@dataclass(frozen=True)
class ToSettle:
    """A body that somebody declared, or belongs to, beside one that an item names: perhaps the same."""

    number: int
    member: str
    name: str
    key: int | None
    declared_in: str
    touched: str
    how: str

    @property
    def sentence(self) -> str:
        """What there is to ask."""
        if self.key is None:
            return f"{self.name} {self.how} {self.touched}, which the item touches, and has declared nothing there."
        return (f"{self.name} declared an interest in “{self.declared_in}”; the item touches “{self.touched}” "
                f"({self.how}). Are they one?")


# --- the register -----------------------------------------------------------------------------------------------------


def register(code: str, today: date) -> Register | None:
    """The register of a body; nothing where there is no such body."""
    body = Organisation.objects.filter(code=code).first()
    return None if body is None else _register(body, today)


def registers(today: date) -> list[Register]:
    """The registers of all bodies for which somebody decides, or to which somebody declared."""
    held = Membership.objects.filter(role__in=DECIDES).values_list("organisation", flat=True)
    declared = Declaration.objects.values_list("organisation", flat=True)
    bodies = Organisation.objects.filter(pk__in={*held, *declared})
    return [found for body in bodies if (found := _register(body, today)).people]


def own(member: str, code: str, today: date) -> Person:
    """What somebody has declared to a body, with what they owe; empty where they have declared nothing."""
    body = Organisation.objects.get(code=code)
    found = next((each for each in _register(body, today).people if each.member == member), None)
    return found or Person(member, "", (), False, (), None, None, None)


def declared(key: int, today: date) -> Declared | None:
    """One entry, also one that is over or was corrected."""
    row = _rows().filter(pk=key).first()
    return None if row is None else _declared(row, None)


@dataclass(frozen=True)
class Due:
    """What somebody owes to a body's register, in words, soon or already overdue."""

    code: str
    name: str
    said: str
    overdue: bool


def due_from(person: Asks, today: date) -> list[Due]:
    """What this person owes to the registers of their bodies now, or within four weeks."""
    found = []
    for code in bodies_for(person, "declare to the register"):
        theirs = own(person.id, code, today)
        if theirs.owed is not None and (theirs.owed.due - today).days <= DAYS_TO_DECLARE:
            body = Organisation.objects.get(code=code)
            found.append(Due(code, body.name, theirs.owed.said(today), theirs.is_overdue(today)))
    return found


def known_bodies() -> list[str]:
    """Names of bodies, to choose from while writing."""
    return sorted(set(bodies_known().names.values()))


def _rows() -> QuerySet[Declaration]:
    return Declaration.objects.select_related("organisation", "account", "ending", "corrects").prefetch_related(
        "steps", "settled", "late_for__item__meeting")


def _register(body: Organisation, today: date) -> Register:
    held = Membership.objects.filter(organisation=body, since__lte=today).select_related("account")
    current = [row for row in held if row.until is None or row.until >= today]
    rows = [row for row in _rows().filter(organisation=body, corrected_by__isnull=True)
            if in_public(_last_day(row), today)]
    returns = list(InterestReturn.objects.filter(organisation=body).select_related("account"))
    accounts = {row.account.pk: row.account for row in current}
    accounts |= {row.account.pk: row.account for row in rows}
    accounts |= {row.account.pk: row.account for row in returns}
    people: list[Person] = []
    for account in accounts.values():
        roles = [row for row in current if row.account_id == account.pk]
        deciding = [row.since for row in roles if row.role in DECIDES]
        appointed = min(deciding) if deciding else None
        mine = [row for row in rows if row.account_id == account.pk]
        said = [row for row in returns if row.account_id == account.pk]
        if not deciding and not mine:
            continue
        days = [*(row.declared for row in Declaration.objects.filter(organisation=body, account=account)),
                *(row.on for row in said)]
        last_nil = max((row.on for row in said if row.nil), default=None)
        people.append(Person(
            account.identifier, account.name, tuple(dict.fromkeys(row.role for row in roles)), bool(deciding),
            tuple(_declared(row, appointed) for row in mine),
            last_nil if last_nil and not any(row.declared > last_nil for row in mine) else None,
            max((row.on for row in said if not row.nil), default=None),
            owed(appointed, max(days, default=None)) if appointed else None))
    people.sort(key=lambda each: each.name)
    return Register(body.code, body.name, body.invented, today, tuple(people))


def _last_day(row: Declaration) -> date | None:
    return row.ending.last_day if hasattr(row, "ending") else row.ended


def _declared(row: Declaration, appointed: date | None) -> Declared:
    step = next(iter(sorted(row.steps.all(), key=lambda each: -each.pk)), None)
    late = tuple(_late_words(each) for each in row.late_for.all() if each.held)
    return Declared(
        row.pk, row.account.identifier, row.account.name, row.organisation.code, row.organisation.name, row.kind,
        row.standing, row.whose, row.part, row.body_code, row.body_name, row.what, row.began, _last_day(row),
        row.declared, lateness(row.began, row.declared, appointed=appointed), step.step if step else "",
        step.words if step else "", step.agreed_by if step else "", step.on if step else None,
        row.corrects.declared if row.corrects else None, late)


def _late_words(late: LateInterest) -> str:
    when = "after the vote" if late.moment == "closed" else "after the vote opened"
    voted = ", by somebody who had voted" if late.voted else ""
    return f"declared {when} on item {late.item.number} of {late.item.meeting.title}{voted}"


# --- meetings ---------------------------------------------------------------------------------------------------------


def with_register(row: Meeting, document: Mapping[str, Any]) -> dict[str, Any]:
    """A meeting's document with what its members have on the register, matched item by item, and the chair's rulings.

    What was declared at the meeting stands there already and is not said twice. What came after the vote on an item
    had closed does not change who stood aside then: it is flagged, see ``late_for_item``.
    """
    found, _ = _matched(row)
    said = {(each["member"], each["type"], each["standing"], each["whose"], plain(each["body"]))
            for each in document["interests"]}
    more = []
    for item, pairs in found:
        for each in pairs:
            one = each.declaration
            name = each.match.touched.name
            late = next((late for late in one.late_for.all() if late.item_id == item.pk), None)
            after = late.moment == "closed" if late is not None else one.declared > row.on.date()
            gone = item.moment == "closed" and after
            if gone or (one.account.identifier, one.kind, one.standing, one.whose, plain(name)) in said:
                continue
            more.append(_as_document(each, item.number, late))
    rulings: dict[str, list[dict[str, str]]] = {}
    for ruling in InterestRuling.objects.filter(item__meeting=row).select_related("account", "item"):
        rulings.setdefault(str(ruling.item.number), []).append(
            {"member": ruling.account.identifier, "action": ruling.step, "reason": ruling.reason})
    return {**document, "date": row.on.date().isoformat(), "interests": [*document["interests"], *more],
            "items": [{**each, "rulings": rulings.get(each["id"], [])} for each in document["items"]]}


def _as_document(each: Touching, number: int, late: LateInterest | None) -> dict[str, Any]:
    row, name = each.declaration, each.match.touched.name
    note = ["on the register"]
    if plain(row.body_name) != plain(name) or each.match.how not in ("the same body", "the same name"):
        note.append(f"there as {row.body_name}: {each.match.how}")
    if late is not None:
        note.append("declared after the vote opened" + (", by somebody who had voted" if late.voted else ""))
    last = _last_day(row)
    days = {**({"from": row.began.isoformat()} if row.began else {}), **({"to": last.isoformat()} if last else {})}
    return {"member": row.account.identifier, "type": row.kind, "standing": row.standing, "bodies": [name],
            "declared": in_words(row.declared), "whose": RELATION[row.whose], "items": [str(number)],
            "note": ", ".join(note), **days}


def to_settle(name: str) -> list[ToSettle]:
    """What somebody should settle before a meeting: near matches, and parts in bodies with nothing declared."""
    row = Meeting.objects.filter(name=name).select_related("organisation").first()
    return [] if row is None else _matched(row)[1]


def late_for_item(name: str, number: int) -> list[str]:
    """What was declared for an item after its vote opened or closed, in words with the person's name."""
    rows = LateInterest.objects.filter(item__meeting__name=name, item__number=number, held=True).select_related(
        "declaration__account", "item__meeting")
    return [f"{row.declaration.account.name}: {row.declaration.standing} {row.declaration.kind} interest in "
            f"{row.declaration.body_name}, {_late_words(row)} ({in_words(row.declaration.declared)})" for row in rows]


def _matched(row: Meeting) -> tuple[list[tuple[Any, list[Touching]]], list[ToSettle]]:
    known = bodies_known()
    seats = {seat.account_id: seat.account for seat in Seat.objects.filter(meeting=row).select_related("account")}
    line = {row.organisation.code, *known.line_of(row.organisation.code)}
    rows = [each for each in _rows().filter(account__in=seats, organisation__code__in=line, corrected_by__isnull=True)
            if in_public(_last_day(each), row.on.date())]
    found, ask = [], []
    for item in row.items.select_related("meeting__organisation"):
        pairs = touching(item, rows, known)
        certain = {(each.declaration.pk) for each in pairs if each.certain}
        found.append((item, [each for each in pairs if each.certain]))
        if item.moment == "closed":
            continue
        ask += [_ask(item.number, each) for each in pairs if not each.certain and each.declaration.pk not in certain]
        declared_at = set(row.interests.values_list("account__identifier", "body"))
        ask += [ToSettle(item.number, member, name, None, "", body, f"is {part} in")
                for member, name, part, body in undeclared_parts(item, list(seats), known)
                if (member, body) not in declared_at]
    return found, ask


def _ask(number: int, each: Touching) -> ToSettle:
    account = each.declaration.account
    return ToSettle(number, account.identifier, account.name, each.declaration.pk, each.declaration.body_name,
                    each.match.touched.name, each.match.how)
