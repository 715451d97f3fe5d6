"""Which bodies an item of a meeting touches, and which declarations touch it, by its row and its case's papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from evenhand.decide.app.interest_models import Declaration
from evenhand.decide.app.models import Item
from evenhand.decide.interest_match import Bodies, Match, Touched, matched, plain
from evenhand.papers import Body, Paper, Plan, Proposal
from evenhand.people.app.models import Membership, Organisation, Succession
from evenhand.record.app import queries as record

PARTIES = {"owner": "an owner", "mitigation_owner": "an owner", "provider": "a provider", "supplier": "a supplier",
           "payer": "a payer", "receiver": "a receiver", "on": "one that may lose"}
"""Fields of papers that may hold a body's code or name, and what they make of it."""


@dataclass(frozen=True)
class Touching:
    """A declaration beside one body that an item touches, and what a person said of the two being one."""

    declaration: Declaration
    match: Match
    settled_why: str = ""

    @property
    def certain(self) -> bool:
        """Whether it is applied."""
        return self.match.certain


def bodies_known() -> Bodies:
    """Every body here with who followed whom."""
    names = dict(Organisation.objects.values_list("code", "name"))
    return Bodies(names, tuple(Succession.objects.values_list("old__code", "new__code")))


def touched_by(item: Item, known: Bodies) -> tuple[Touched, ...]:
    """What an item touches: what it names, what its case is about, and (to be asked about) what the case's papers name.

    The body that meets is no interest of its own members, nor are those that came before or after it.
    """
    own = item.meeting.organisation.code
    line = known.line_of(own) | {own}
    found = [Touched(name, known.code_of(name)) for name in item.bodies]
    if item.case:
        found += _of_case(item.case, record.mark())
    seen: set[str] = set()
    kept = []
    for each in found:
        code = each.code or known.code_of(each.name)
        if not code and " as " in each.named_by:
            # A part that people play, not a body: “programme office”.
            continue
        mark = code or plain(each.name)
        # A real body of that name may be meant by the item itself, even if it is the one that meets.
        if mark in seen or (code in line and each.named_by != "the item"):
            continue
        seen.add(mark)
        kept.append(each if each.sure else replace(each, name=known.names.get(code, each.name), code=code))
    return tuple(kept)


@lru_cache(maxsize=256)
def _of_case(subject: str, mark: str) -> tuple[Touched, ...]:
    """Bodies, suppliers and schemes of a case. ``mark`` changes with the record, so nothing old is answered."""
    sure, named = list[Touched](), list[Touched]()
    for kept in record.papers(subject):
        paper = kept.paper()
        if isinstance(paper, Proposal):
            sure.append(Touched(paper.title, "", "the title of the case"))
            sure += [Touched(body.name, body.code or "", "the proposal") for body in paper.bodies]
        elif isinstance(paper, Plan):
            sure += [Touched(body.name, body.code or "", "the plan") for body in paper.bodies]
        else:
            where = f"the {paper.paper.replace('-', ' ')} of the case"
            named += [Touched(body.name, body.code or "", where, sure=False) for body in _bodies_in(paper)]
            named += [Touched(text, "", f"{where} as {part}", sure=False) for part, text in _parties_in(paper)]
    return tuple(dict.fromkeys((*sure, *named)))


def _bodies_in(value: Paper | Any) -> Iterator[Body]:
    """Every body that a paper names, wherever in it."""
    if isinstance(value, Body):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _bodies_in(getattr(value, each.name))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _bodies_in(each)


def _parties_in(value: Paper | Any) -> Iterator[tuple[str, str]]:
    """Whoever owns, provides, supplies, pays or loses by a paper, as it is written: a body, or a part people play."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            found = getattr(value, each.name)
            if each.name in PARTIES and isinstance(found, str) and found:
                yield PARTIES[each.name], found
            else:
                yield from _parties_in(found)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _parties_in(each)


def touching(item: Item, declarations: Sequence[Declaration], known: Bodies) -> list[Touching]:
    """Each declaration that touches an item, or may; what a person settled goes before what the names say."""
    touched = touched_by(item, known)
    found = []
    for row in declarations:
        settled = {plain(each.name): each for each in row.settled.all()}
        for match in matched(row.body_code, row.body_name, touched, known):
            said = None if match.certain else settled.get(plain(match.touched.name))
            if said is None:
                found.append(Touching(row, match))
            elif said.same:
                found.append(Touching(row, Match(match.touched, "settled as the same body", True), said.why))
    return found


def items_touched_by(row: Declaration, *, moments: Sequence[str]) -> list[Item]:
    """Items of meetings at which the declarer sits, at these moments, that a declaration certainly touches."""
    known = bodies_known()
    items = Item.objects.filter(meeting__organisation=row.organisation, meeting__seats__account=row.account,
                                moment__in=moments).select_related("meeting__organisation")
    return [item for item in items if any(each.certain for each in touching(item, [row], known))]


def undeclared_parts(item: Item, accounts: Sequence[int], known: Bodies) -> list[tuple[str, str, str, str]]:
    """Members with a part in a body that an item touches who declared nothing there: id, name, part, body."""
    codes = {code: each.name for each in touched_by(item, known) if (code := each.code or known.code_of(each.name))}
    rows = Membership.objects.filter(account__in=accounts, organisation__code__in=codes, until__isnull=True).exclude(
        organisation=item.meeting.organisation).select_related("account", "organisation")
    return [(row.account.identifier, row.account.name, row.role, row.organisation.name) for row in rows
            if not Declaration.objects.filter(account=row.account, body_code=row.organisation.code).exists()]
