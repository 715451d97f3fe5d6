"""The quorum of each item after those with an interest have stood aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data.models import read_model
from evenhand.data.tables import Source
from evenhand.decide import show
from evenhand.decide.conflicts import StandsAside, asides, present, stays_out
from evenhand.decide.meeting import Item, Meeting, Member, read_meeting
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import closest, refuse
from evenhand.terms.words import counted, listed

SOURCE = ("NHS England (2017), Managing conflicts of interest in the NHS: guidance for staff and organisations, for "
          "the kinds of interest and the steps; the body's own ladder and standing orders, as given, for the rest")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Settings:
    """What may be tried before the meeting."""

    without: tuple[str, ...] = setting((), "Suppose these members are absent", "their ids, with commas between",
                                       common=True)
    item: str | None = setting(None, "One item only", "its id")


@dataclass(frozen=True)
class ItemQuorum:
    """One item: who stands aside, who may vote, who takes the chair, and whether it can be decided.

    ``spare`` is how many members there are above the quorum; negative is how many are wanting at the least.
    ``can_lose`` is how many may be absent, whoever they are, before the item cannot be decided; never more than
    ``spare``, and less where a role that must be there hangs on few. ``stands_aside`` are those who attend and may not
    vote; ``noted`` those whose interest is minuted only; ``would_stand_aside`` those with an interest who are absent.
    """

    id: str
    title: str
    stands_aside: tuple[StandsAside, ...]
    noted: tuple[StandsAside, ...]
    would_stand_aside: tuple[StandsAside, ...]
    may_vote: tuple[str, ...]
    counts_for_quorum: tuple[str, ...]
    chair: str | None
    quorate: bool
    spare: int
    can_lose: int
    missing_roles: tuple[Mapping[str, Any], ...]
    sentence: str
    purpose: str = "decision"


def quorum(meeting: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """Who stands aside on each item and why, who may vote, who takes the chair, and whether the item can be decided.

    Args:
        meeting: a JSON document (path, mapping or ``sample:meeting``) with ``members`` (``id``, ``name``, ``roles``,
            ``chair``, ``deputy_chair``, ``voting``, ``attending``), ``quorum`` (``minimum``, ``must_include``),
            ``interests`` (``member``, ``type``, ``standing``, ``body`` or ``bodies``, ``declared``, ``whose``, and
            ``action`` where the chair has ruled), ``ladder`` (a step for each kind of interest) and ``items`` (``id``,
            ``title``, ``for``, ``bodies``, and ``rulings`` of the chair: ``member``, ``action``, ``reason``); ``date``
            is the day of the meeting, against which ``from``, ``to`` and ``declared`` of an interest are held.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings.

    Returns:
        An answer whose ``items`` hold one ``ItemQuorum`` each. Who may not vote on an item does not count for it. A
        perceived interest takes the step below the ladder's; a potential one the same step as an actual one. An
        interest of somebody close takes the step of the kind it is declared as.

    Raises:
        Refused: for what is wrong in the document, all at once.

    Source: NHS England (2017), Managing conflicts of interest in the NHS; the body's own ladder and standing orders.
    """
    chosen = with_options(Settings, settings, options)
    model = read_model(meeting, name="the meeting")
    read = read_meeting(model.content, file=model.name)
    _check(chosen, read)
    remarks = list(read.remarks)
    wanted = [item for item in read.items if chosen.item in (None, item.id)]
    found = [item_quorum(read, item, without=chosen.without) for item in wanted]
    remarks += [remark for item, one in zip(wanted, found, strict=True) for remark in _remarks(read, item, one)]
    if chosen.without:
        remarks.append(f"Worked out as if {listed([read.member(each).name for each in chosen.without])} did not come.")
    columns = [
        Column("id", "Item"), Column("title", "Title"), Column("stands_aside", "Stands aside"),
        Column("may_vote", "May vote", "count"), Column("needed", "Needed", "count"),
        Column("spare", "Above the quorum", "count"), Column("quorate", "Can be decided"), Column("chair", "Chair"),
        Column("sentence", "In words")]
    rows = [{"id": one.id, "title": one.title, "may_vote": len(one.may_vote), "needed": read.minimum,
             "stands_aside": listed([read.member(each.member).name for each in one.stands_aside]) or "nobody",
             "spare": one.spare if one.purpose == "decision" else None, "sentence": one.sentence,
             "quorate": one.quorate if one.purpose == "decision" else None,
             "chair": read.member(one.chair).name if one.chair else "the members choose"} for one in found]
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(model.name, model.digest),),
        sentence=_sentence(found),
        fields={"items": [_document(one) for one in found],
                "quorum": {"minimum": read.minimum, "must_include": list(read.roles_needed)},
                "grid": show.grid_rows(read, [(one, item) for one, item in zip(found, wanted, strict=True)],
                                       chosen.without)},
        table=Table.of(rows, columns, title="Quorum by item"), remarks=tuple(dict.fromkeys(remarks)), draw=show.quorum)


def item_quorum(meeting: Meeting, item: Item, *, without: tuple[str, ...] = ()) -> ItemQuorum:
    """The quorum of one item. ``without`` are members supposed absent."""
    here = {member.id: member for member in present(meeting.members, without)}
    found = asides(meeting, item)
    out = tuple(each for each in found if stays_out(each) and each.member in here)
    barred = {each.member for each in out}
    voters = [member for member in here.values() if member.voting and member.id not in barred]
    above = len(voters) - meeting.minimum
    roles = [(needed, sum(needed.role in member.roles for member in voters)) for needed in meeting.roles_needed]
    missing = tuple({"role": needed.role, "at_least": needed.at_least, "there": there}
                    for needed, there in roles if there < needed.at_least)
    shortfalls = [-above, *(needed.at_least - there for needed, there in roles)]
    # One newcomer may fill a place and a role at once, so the largest gap is the fewest who are wanting.
    spare = -max(shortfalls) if max(shortfalls) > 0 else above
    can_lose = max(0, -max(shortfalls))
    chair = _chair(here.values(), barred)
    return ItemQuorum(
        item.id, item.title, out, tuple(each for each in found if not stays_out(each) and each.member in here),
        tuple(each for each in found if stays_out(each) and each.member not in here),
        tuple(member.id for member in voters), tuple(member.id for member in voters), chair.id if chair else None,
        spare >= 0, spare, can_lose, missing,
        f"for {item.purpose}: nothing to decide" if item.purpose != "decision" else
        _item_sentence(meeting, voters, spare, can_lose, missing), item.purpose)


def _chair(here: Any, barred: set[str]) -> Member | None:
    """The chair; conflicted or absent, the deputy; else nobody, and the members choose."""
    for member in sorted(here, key=lambda each: not each.chair):
        if (member.chair or member.deputy_chair) and member.id not in barred:
            return member  # type: ignore[no-any-return]
    return None


def _word(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def _item_sentence(meeting: Meeting, voters: Sequence[Member], spare: int, can_lose: int,
                   missing: Sequence[Mapping[str, Any]]) -> str:
    """The item in one line: how many may vote, how many are needed, and what follows."""
    opening = f"{len(voters)} may vote, {meeting.minimum} needed"
    if missing:
        wanting = listed([f"{_word(each['at_least'] - each['there'])} more {each['role']}" if each["there"]
                          else f"{_word(each['at_least'])} {each['role']}" for each in missing])
        short = max(0, meeting.minimum - len(voters))
        people = f" and {_word(short)} more to vote" if short else ""
        return f"{opening}: {wanting}{people} must be there before this item can be decided"
    if spare < 0:
        return f"{opening}: {_word(-spare)} more must be there before this item can be decided"
    if can_lose < spare:
        tight = min(meeting.roles_needed, key=lambda role: sum(role.role in each.roles for each in voters)
                    - role.at_least)
        holders = [member.name for member in voters if tight.role in member.roles]
        return (f"{opening}: this item stops without {_word(tight.at_least)} {tight.role}, and "
                f"{listed(holders)} {'is the only one' if len(holders) == 1 else 'are the only ones'} who may vote")
    if spare == 0:
        return f"{opening}: one absence stops this item"
    absences = f"{_word(spare)} {'absence' if spare == 1 else 'absences'}"
    return f"{opening}: {absences} can be borne, one more stops this item"


def _sentence(found: Sequence[ItemQuorum]) -> str:
    to_decide = [one for one in found if one.purpose == "decision"]
    stopped = [one for one in to_decide if not one.quorate]
    tight = [one for one in to_decide if one.quorate and one.can_lose == 0]
    asides_said = sum(bool(one.stands_aside) for one in found)
    which = " for decision" if len(to_decide) < len(found) else ""
    if not to_decide:
        opening = "Nothing here is for decision"
    elif not stopped:
        opening = f"{'The one item' if len(to_decide) == 1 else f'All {len(to_decide)} items'}{which} can be decided"
    elif len(stopped) == len(to_decide):
        opening = f"{'The one item' if len(to_decide) == 1 else 'No item'}{which} can"
        opening += "not be decided" if len(to_decide) == 1 else " be decided"
    else:
        lost = listed([f"item {one.id}" for one in stopped])
        opening = f"{len(to_decide) - len(stopped)} of {len(to_decide)} items{which} can be decided; {lost} cannot"
    stops = f" One absence stops {listed([f'item {one.id}' for one in tight])}." if tight else ""
    aside = f"Somebody stands aside on {counted(asides_said, 'item')}." if asides_said else "Nobody stands aside."
    return f"{opening}.{stops} {aside}"


def _remarks(meeting: Meeting, item: Item, one: ItemQuorum) -> list[str]:
    """What a reader should know of an item beyond its line."""
    remarks = []
    usual = next((member for member in meeting.members if member.chair), None)
    if one.chair is None:
        names = listed([meeting.member(each).name for each in one.may_vote], joint="or")
        why = "neither chair nor deputy may take the chair" if usual else "no chair is named"
        remarks.append(f"Item {item.id}: {why}, so the members present choose who does"
                       + (f": {names}." if names else "."))
    elif usual is not None and one.chair != usual.id:
        reason = "stands aside" if usual.id in {each.member for each in one.stands_aside} else "is absent"
        remarks.append(f"Item {item.id}: {usual.name} {reason}, so {meeting.member(one.chair).name} takes the chair.")
    if item.purpose != "decision":
        remarks.append(f"Item {item.id} is for {item.purpose}: no vote is due; interests are dealt with all the same.")
    for absent in one.would_stand_aside:
        remarks.append(f"Item {item.id}: {meeting.member(absent.member).name} is absent; if they came they would stand "
                       f"aside ({absent.because}).")
    return remarks


def _document(one: ItemQuorum) -> dict[str, Any]:
    from dataclasses import fields

    return {each.name: getattr(one, each.name) for each in fields(one)}


def _check(chosen: Settings, meeting: Meeting) -> None:
    ids = [member.id for member in meeting.members]
    for each in chosen.without:
        if each not in ids:
            near = closest(each, ids) or ids
            raise refuse("no member has this id", f"choose from {', '.join(near)}", column="--without", value=each)
    items = [item.id for item in meeting.items]
    if chosen.item is not None and chosen.item not in items:
        raise refuse("there is no such item", f"choose from {', '.join(items)}", column="--item", value=chosen.item)


METHOD_NAME = MethodName("decide quorum", "1", SOURCE)

METHOD = Method(
    room="decide", name="quorum", title="Quorum by item, after interests",
    question="Who may not vote on what, and can each item still be decided?", function=quorum, settings=Settings,
    inputs=(Input("meeting", "members, quorum, interests, ladder and items, in JSON", (
        InputColumn("members", "id, name, roles, chair, deputy_chair, voting, attending"),
        InputColumn("quorum", "minimum; must_include: role, at_least"),
        InputColumn("interests", "member, type, standing, body or bodies, declared, whose, action, from, to", True),
        InputColumn("ladder", "for each kind of interest: note, speak_not_vote, leave, no_papers or removed", True),
        InputColumn("items", "id, title, for, bodies; rulings of the chair: member, action, reason"),
        InputColumn("date", "the day of the meeting", True)), kind="model"),),
    outputs=(Output("items", "for each item: id, title, stands_aside (member, action, because), noted, "
                             "would_stand_aside, may_vote, counts_for_quorum, chair, quorate, spare, can_lose, "
                             "missing_roles, sentence, purpose"),
             Output("quorum", "the rule it was held against: minimum, must_include"),
             Output("grid", "for each item and member: what they may do")),
    source=SOURCE, version="1",
    cannot_tell=("Whether a declared interest matters to the item: it is applied wherever both name a body.",
                 "Interests that nobody declared, and bodies that an item does not name.",
                 "Which step a policy asks for an interest of somebody close: it takes that of its stated kind.",
                 "What standing orders say beyond a number and roles, such as a quorum that falls as members leave."),
    example="decide quorum sample:meeting")
