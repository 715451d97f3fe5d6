"""The only writer of registers of policies: entered, changed, dropped with a reason, taken over from a predecessor."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import date

from evenhand.find.app.policy_models import PolicyHeld, PolicyInherited
from evenhand.find.app.policy_queries import Handover, Inherited, handover, held, register_of
from evenhand.find.policies import (
    KINDS,
    CarriedOver,
    Dropped,
    Policy,
    Register,
    carried_over,
    fields_of,
    needs_reasons,
)
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app.actions import writing
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted

FATES = ("kept", "changed", "dropped")


@dataclass(frozen=True)
class Fate:
    """What becomes of one policy of a predecessor; ``kind`` and ``exceptions`` are what a changed one says now."""

    became: str
    reason: str = ""
    kind: str = ""
    exceptions: str = ""


def enter(organisation: str, policy: Policy, *, by: str, on: date) -> None:
    """Enter a policy of a body, or new words for one it holds. Raises ``Refused`` where nothing would change."""
    there = _standing(organisation).get(policy.id)
    if there == policy:
        raise refuse("this policy stands already in these words", "change something, or leave it", column="title",
                     value=policy.title)
    with writing(f"body/{organisation}", by=by, what=f"policy {'changed' if there else 'entered'}: {policy.id}",
                 organisation=organisation):
        _put(organisation, policy, by=by, on=on)


def end(organisation: str, key: str, *, why: str, by: str, on: date) -> None:
    """Drop a policy of a body, with the reason."""
    if key not in _standing(organisation):
        raise refuse("this policy does not stand", "load the page again", value=key)
    if not why.strip():
        raise refuse("a policy is not dropped without a reason", "a sentence will do", column="why")
    with writing(f"body/{organisation}", by=by, what=f"policy dropped: {key}", why=why, organisation=organisation):
        _end(organisation, key, why=why, on=on)


def replace_register(organisation: str, register: Register, *, by: str, on: date) -> CarriedOver:
    """Put a register in the place of the one a body holds: all of it or nothing.

    Raises ``Refused`` where a policy that is held stands neither in the register nor among its dropped with a reason.
    """
    before = register_of(organisation)
    became = carried_over(before, register)
    if became.unexplained:
        raise Refused(needs_reasons(became.unexplained, file=register.name))
    standing, kept = _standing(organisation), {each.id for each in register.policies}
    put = [each for each in register.policies if standing.get(each.id) != each]
    reasons = {each.id: each.reason for each in became.dropped}
    gone = [key for key in standing if key not in kept]
    if not put and not gone:
        raise refuse("this register says what is held already", "change something, or leave it", file=register.name)
    new = sum(each.id not in standing for each in put)
    with writing(f"body/{organisation}", by=by, organisation=organisation, what="register of policies entered: "
                 f"{new} new, {len(put) - new} changed, {len(gone)} no longer held"):
        for each in put:
            _put(organisation, each, by=by, on=on)
        for key in gone:
            # One that stands in the new register under another id, with the same title, was not dropped.
            _end(organisation, key, why=reasons.get(key, "It stands under another id."), on=on)
    return became


def bring(organisation: str, predecessor: str, register: Register, *, by: str, on: date) -> int:
    """Bring in the register of a predecessor, to be settled policy by policy; gives how many there are.

    What its own file dropped before is no policy of it. Raises ``Refused`` for a predecessor without a name, and
    where its register is here already.
    """
    predecessor = " ".join(predecessor.split())[:200]
    if not predecessor:
        raise refuse("whose policies are they?", "write the name of the body that held them", column="predecessor")
    if PolicyInherited.objects.filter(organisation__code=organisation, predecessor=predecessor).exists():
        raise refuse("the policies of this body are here already", "settle those, or take them back first",
                     column="predecessor", value=predecessor)
    if not register.policies:
        raise refuse("this register holds no policy that stood", "give the file of those it held", file=register.name)
    body, account = Organisation.objects.get(code=organisation), Account.objects.get(identifier=by)
    with writing(f"body/{organisation}", by=by, organisation=organisation,
                 what=f"{counted(len(register.policies), 'policy', 'policies')} of a predecessor brought in"):
        PolicyInherited.objects.bulk_create(PolicyInherited(
            organisation=body, predecessor=predecessor, file=register.name[:200], digest=register.digest,
            key=each.id, title=each.title, document=fields_of(each), brought_by=account, brought_on=on)
            for each in register.policies)
        _match(organisation, predecessor)
    return len(register.policies)


def take_back(organisation: str, predecessor: str, *, by: str) -> None:
    """Take back a predecessor's register that was brought in by mistake, as long as it is not settled."""
    found = _open_handover(organisation, predecessor)
    with writing(f"body/{organisation}", by=by, organisation=organisation,
                 what=f"{counted(len(found.policies), 'policy', 'policies')} of a predecessor taken back"):
        PolicyInherited.objects.filter(organisation__code=organisation, predecessor=predecessor).delete()


def say(organisation: str, predecessor: str, fates: Mapping[int, Fate], *, by: str) -> None:
    """Say what becomes of some policies of a predecessor: all that is said, or nothing where one lacks its reason.

    Raises ``Refused`` with a problem for each; its ``column`` is the number of the policy and the field it is about.
    """
    found = _open_handover(organisation, predecessor)
    rows = {each.number: each for each in found.policies}
    fates = {number: fate for number, fate in fates.items() if number in rows and fate.became}
    own = register_of(organisation)
    there = {key for each in own.policies for key in (each.id, each.title.casefold())}
    problems = [problem for number, fate in fates.items() for problem in _wrong(rows[number], fate, there)]
    if problems:
        raise Refused(problems)
    if not fates:
        return
    with writing(f"body/{organisation}", by=by, organisation=organisation,
                 what=f"said what becomes of {counted(len(fates), 'policy', 'policies')} of a predecessor"):
        for number, fate in fates.items():
            now = {"kind": fate.kind, "exceptions": fate.exceptions} if fate.became == "changed" else None
            PolicyInherited.objects.filter(pk=number).update(
                became=fate.became, reason=fate.reason.strip(),
                document={**fields_of(rows[number].policy), **({"now": now} if now else {})})


def settle(organisation: str, predecessor: str, *, by: str, on: date) -> CarriedOver:
    """Take over a predecessor's policies as was said of each.

    Raises ``Refused`` until it is said of every one what becomes of it, and for each dropped one why.
    """
    found = _open_handover(organisation, predecessor)
    own = register_of(organisation)
    there = {key: each for each in own.policies for key in (each.id, each.title.casefold())}
    taken = [(row, there.get(row.policy.id) or there.get(row.policy.title.casefold()) or _now(row))
             for row in found.policies if row.became in ("kept", "changed")]
    dropped = [Dropped(row.policy.id, row.policy.title, row.reason) for row in found.policies
               if row.became == "dropped"]
    added = [policy for _, policy in taken if policy.id not in own]
    before = Register(predecessor, found.policies[0].digest, tuple(row.policy for row in found.policies))
    became = carried_over(before, Register(organisation, "", (*own.policies, *added), tuple(dropped)))
    if became.unexplained:
        numbers = {row.policy.id: row.number for row in found.policies}
        raise Refused(problem for each in became.unexplained
                      for problem in needs_reasons((each,), column=f"became-{numbers[each.id]}"))
    account = Account.objects.get(identifier=by)
    changed = {old.id: new.id for old, new in became.changed}
    kept = {row.policy.id: policy.id for row, policy in taken if row.policy.id not in changed}
    gone = {each.id for each in became.dropped}
    with writing(f"body/{organisation}", by=by, organisation=organisation,
                 what=f"policies of a predecessor taken over: {len(kept)} kept, {len(changed)} changed, "
                      f"{len(gone)} dropped with a reason"):
        for policy in added:
            _put(organisation, policy, by=by, on=on)
        for row in found.policies:
            key = row.policy.id
            PolicyInherited.objects.filter(pk=row.number).update(
                became="changed" if key in changed else "dropped" if key in gone else "kept",
                held_as=changed.get(key, kept.get(key, "")), settled_by=account, settled_on=on)
    return became


def _match(organisation: str, predecessor: str) -> None:
    """Of what the body's own register says already nobody is asked again."""
    found = handover(organisation, predecessor)
    assert found is not None, "it was brought in a line above"
    before = Register(predecessor, "", tuple(each.policy for each in found.policies))
    became = carried_over(before, register_of(organisation))
    changed, reasons = {old.id for old, _ in became.changed}, {each.id: each.reason for each in became.dropped}
    open_ = {each.id for each in became.unexplained}
    for row in found.policies:
        key = row.policy.id
        if key not in open_:
            PolicyInherited.objects.filter(pk=row.number).update(
                became="dropped" if key in reasons else "changed" if key in changed else "kept",
                reason=reasons.get(key, ""))


def _now(row: Inherited) -> Policy:
    return replace(row.policy, kind=row.now_kind, exceptions=row.now_exceptions) if row.became == "changed" \
        else row.policy


def _wrong(row: Inherited, fate: Fate, there: Container[str]) -> list[Problem]:
    title = row.policy.title
    if fate.became == "dropped" and (row.policy.id in there or title.casefold() in there):
        return [Problem("your own register holds this policy", "drop it there first, or keep it here",
                        column=f"became-{row.number}", value=title)]
    if fate.became not in FATES:
        return [Problem("choose what becomes of it", "kept, changed or dropped", column=f"became-{row.number}",
                        value=title)]
    if fate.became == "dropped" and not fate.reason.strip():
        return list(needs_reasons((row.policy,), column=f"reason-{row.number}"))
    if fate.became == "changed" and fate.kind not in KINDS:
        return [Problem("choose what it says now", "one of the three kinds", column=f"kind-{row.number}", value=title)]
    if fate.became == "changed" and (fate.kind, fate.exceptions) == (row.policy.kind, row.policy.exceptions):
        return [Problem("nothing of it is changed", "choose another kind or exceptions, or keep it as it is",
                        column=f"kind-{row.number}", value=title)]
    return []


def _open_handover(organisation: str, predecessor: str) -> Handover:
    found = handover(organisation, predecessor)
    if found is None:
        raise refuse("no policies of this body are here", "bring its register in first", value=predecessor)
    if found.is_settled:
        raise refuse("the policies of this body have been taken over already", "load the page again",
                     value=predecessor)
    return found


def _standing(organisation: str) -> dict[str, Policy]:
    return {each.policy.id: each.policy for each in held(frozenset({organisation}))}


def _put(organisation: str, policy: Policy, *, by: str, on: date) -> None:
    _end(organisation, policy.id, why="", on=on)
    PolicyHeld.objects.create(
        organisation=Organisation.objects.get(code=organisation), key=policy.id, title=policy.title, kind=policy.kind,
        begins=policy.begins, ends=policy.ends, updated=policy.updated, source=policy.source,
        exceptions=policy.exceptions, codes="; ".join(policy.codes), measures="; ".join(policy.measures),
        entered_by=Account.objects.get(identifier=by), entered_on=on)


def _end(organisation: str, key: str, *, why: str, on: date) -> None:
    PolicyHeld.objects.filter(organisation__code=organisation, key=key, ended_on=None).update(ended_on=on,
                                                                                              why_ended=why)
