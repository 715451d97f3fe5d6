"""Groups of opinion in votes on statements: who votes alike, what each group stands for, and what all agree on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data.tables import Source
from evenhand.engage import opinion_show
from evenhand.engage.opinion_groups import ENTRY, entered, grouped, laid, stability
from evenhand.engage.opinion_statements import (
    Counts,
    agreed_by_all,
    counted_votes,
    informed_by_groups,
    representative,
)
from evenhand.engage.opinion_votes import Statements, Votes, read_members, read_statements, read_votes
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import refuse
from evenhand.terms.words import counted, listed, per_cent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW, SMALL_GROUP, SHAKY = 30, 5, 0.75


@dataclass(frozen=True)
class Settings:
    """How participants are grouped."""

    groups: int | None = setting(None, "Number of groups", "without it, the number that sets groups apart best",
                                 common=True)
    least_votes: int = setting(ENTRY, "Votes needed to be grouped", "fewer where there are fewer statements")
    repeats: int = setting(20, "Repeats for stability", "how often groups are looked for again among four fifths of "
                           "the participants; 0 for none")
    seed: int = setting(1, "Seed", "the same seed gives the same groups")

    def __post_init__(self) -> None:
        for name, least, most in (("groups", 2, 20), ("least_votes", 1, 10_000), ("repeats", 0, 1_000),
                                  ("seed", 0, 2**32 - 1)):
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise refuse(f"this must lie between {least} and {most:,}", f"write for example {max(least, 2)}",
                             column="--" + name.replace("_", "-"), value=value)


def opinion(votes: Source, settings: Settings | None = None, /, *, statements: Source | None = None,
            members: Source | None = None, **options: Any) -> Answer:
    """Which participants vote alike, what sets their groups apart, and what is agreed on across all groups.

    Args:
        votes: one row a participant (``participant``) and a column a statement: 1 agree, -1 disagree, 0 pass, empty
            not seen.
        settings: see ``Settings``; single ones may be given by keyword.
        statements: their words (``statement``, ``text``, optional ``moderated``: -1 was taken out and is left out).
        members: groups made elsewhere (``participant``, ``group``), to be described rather than looked for.
        options: single settings by name.

    Returns:
        An answer with groups (0 or the first name is the largest), coordinates on two axes, statements by group and
        overall. Shares p are (count + 1) / (seen + 2); tests are in standard errors.

    Raises:
        Refused: a cell that is no vote, a participant twice, too few participants or statements.

    Source:
        Small and others (2021), Recerca 26(2), 1-26 (the method, made anew from its formulas); Rousseeuw (1987),
        Journal of Computational and Applied Mathematics 20, 53-65, section 2; Hennig (2007), Computational Statistics
        & Data Analysis 52, 258-271, section 2.
    """
    chosen = with_options(Settings, settings, options)
    cast = read_votes(votes)
    words = None if statements is None else read_statements(statements, cast)
    shown = [place for place, name in enumerate(cast.statements) if words is None or name not in words.hidden]
    if len(shown) < 2:
        raise refuse("fewer than two statements are left", "give statements that were not taken out", file=cast.name)
    names, kept = [cast.statements[place] for place in shown], cast.votes[:, shown]
    inside = entered(kept, chosen.least_votes)
    plane = laid(kept[inside])
    made_from = [MadeFrom(cast.name, cast.digest)] + ([] if words is None else [MadeFrom(words.name, words.digest)])
    if members is None:
        member, told = _member(kept, inside, plane.places, chosen)
        labels = tuple(str(each) for each in range(int(member.max()) + 1))
        holds = stability(kept[inside], member[inside], chosen.repeats, chosen.seed) if len(labels) > 1 else []
    else:
        source, digest, member, labels = read_members(members, cast)
        told, holds = {}, []
        made_from.append(MadeFrom(source, digest))
    by_group = [counted_votes(kept[member == each]) for each in range(len(labels))]
    said = words.texts if words is not None else {}
    groups = [{"group": label, "size": int((member == each).sum()),
               "members": [cast.participants[int(place)] for place in (member == each).nonzero()[0]],
               "stability": holds[each] if holds and chosen.repeats else None} for each, label in enumerate(labels)]
    fields = {
        "groups": groups, "coordinates": _coordinates(cast, inside, plane.places, member, labels),
        "consensus": {"group_informed": _with_words(informed_by_groups(by_group, names), said),
                      **{direction: _with_words(rows, said)
                         for direction, rows in agreed_by_all(counted_votes(kept), names).items()}},
        "representative": {label: _with_words(rows, said)
                           for label, rows in zip(labels, representative(by_group, names), strict=True)},
        "totals": _totals(cast, said), "participants": len(cast.participants),
        "participants_without_group": [cast.participants[int(place)] for place in (member < 0).nonzero()[0]],
        "silhouettes": {str(number): value for number, value in told.items()}, "share_on_two_axes": plane.share}
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=tuple(made_from), sentence=_sentence(fields),
        fields=fields, table=_table(fields, labels),
        remarks=_remarks(cast, words, fields, chosen, given=members is not None), draw=opinion_show.opinion)


def _member(kept: NDArray[np.float64], inside: NDArray[np.bool_], places: NDArray[np.float64],
            chosen: Settings) -> tuple[NDArray[np.int64], dict[int, float]]:
    """The group of every participant, -1 for those who voted too little."""
    import numpy as np

    found, told = grouped(places, chosen.groups, chosen.seed)
    member = np.full(len(kept), -1)
    member[inside] = found
    return member, told


def _coordinates(cast: Votes, inside: NDArray[np.bool_], places: NDArray[np.float64], member: NDArray[np.int64],
                 labels: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"participant": cast.participants[int(who)], "x": float(x), "y": float(y),
             "group": labels[int(member[who])] if member[who] >= 0 else None}
            for who, (x, y) in zip(inside.nonzero()[0], places, strict=True)]


def _with_words(rows: list[dict[str, Any]], texts: Any) -> list[dict[str, Any]]:
    return [{"statement": row["statement"], "text": texts.get(row["statement"]), **row} for row in rows]


def _totals(cast: Votes, texts: Any) -> list[dict[str, Any]]:
    all_of: Counts = counted_votes(cast.votes)
    return [{"statement": name, "text": texts.get(name), "agree": int(agree), "disagree": int(disagree),
             "pass": int(seen - agree - disagree), "seen": int(seen)}
            for name, agree, disagree, seen in zip(cast.statements, all_of.agree, all_of.disagree, all_of.seen,
                                                   strict=True)]


def _named(row: dict[str, Any]) -> str:
    return f"“{row['text'].rstrip('.')}”" if row["text"] else row["statement"]


def _sentence(fields: dict[str, Any]) -> str:
    sizes = [group["size"] for group in fields["groups"]]
    if len(sizes) < 2:
        return "All who voted vote alike, so no groups can be told apart."
    best = fields["consensus"]["group_informed"][0]
    least = min(each or 0.0 for each in best["by_group"])
    agreed = (f"most agreed on across them is {_named(best)}, with at least {per_cent(least)} of every group"
              if least > 0.5 else "nothing has more than half of every group behind it")
    return (f"{counted(sum(sizes), 'participant')} form {len(sizes)} groups ({listed([str(each) for each in sizes])}); "
            f"{agreed}.")


def _remarks(cast: Votes, words: Statements | None, fields: dict[str, Any], chosen: Settings, *,
             given: bool) -> tuple[str, ...]:
    remarks = []
    without = len(fields["participants_without_group"])
    if without:
        needed = min(chosen.least_votes, len(cast.statements))
        remarks.append(f"{counted(without, 'participant')} {'has' if without == 1 else 'have'} no group"
                       + ("." if given else f": too few votes (fewer than {needed})."))
    if len(cast.participants) < FEW:
        remarks.append(f"With {counted(len(cast.participants), 'participant')} groups are a sketch at most: a few "
                       "others would change them.")
    small = [group["group"] for group in fields["groups"] if group["size"] < SMALL_GROUP]
    if small:
        remarks.append(f"Group {listed(small)} has fewer than {SMALL_GROUP} participants: what is said of so few may "
                       "point to persons, and should not leave the organisation.")
    shaky = [group["group"] for group in fields["groups"]
             if group["stability"] is not None and group["stability"] < SHAKY]
    if shaky:
        remarks.append(f"Group {listed(shaky)} is not found again well among four fifths of the participants: do not "
                       "lean on it.")
    if words is not None and words.hidden & set(cast.statements):
        number = len(words.hidden & set(cast.statements))
        remarks.append(f"{counted(number, 'statement')} that moderators took out {'is' if number == 1 else 'are'} in "
                       "the totals only.")
    if not given:
        remarks.append(f"The two axes hold {per_cent(fields['share_on_two_axes'])} of what sets votes apart.")
    return tuple(remarks)


def _table(fields: dict[str, Any], labels: tuple[str, ...]) -> Table:
    totals = {row["statement"]: row for row in fields["totals"]}
    rows = [{"statement": row["statement"], "text": row["text"], "value": row["value"],
             **{f"group_{place}": each for place, each in enumerate(row["by_group"])},
             **{name: totals[row["statement"]][name] for name in ("agree", "disagree", "pass", "seen")}}
            for row in fields["consensus"]["group_informed"]]
    return Table.of(rows, title="Statements, the most agreed on across groups first", columns=[
        Column("statement", "Statement"), Column("value", "Agreed on across groups", "number"),
        *(Column(f"group_{place}", f"Agree in group {label}", "share") for place, label in enumerate(labels)),
        Column("agree", "Agree", "count"), Column("disagree", "Disagree", "count"), Column("pass", "Pass", "count"),
        Column("seen", "Saw it", "count"), Column("text", "Words")])


METHOD_NAME = MethodName("engage opinion", "1", "Small and others (2021); Rousseeuw (1987); Hennig (2007)")

METHOD = Method(
    room="engage", name="opinion", title="Groups of opinion",
    question="Who votes alike, and what do all groups agree on?", function=opinion, settings=Settings,
    inputs=(
        Input("votes", "one row a participant, one column a statement: 1 agree, -1 disagree, 0 pass, empty not seen", (
            InputColumn("participant", "a number without a name"),)),
        Input("statements", "the words of the statements", (
            InputColumn("statement", "the name of its column"), InputColumn("text", "its words"),
            InputColumn("moderated", "-1 where it was taken out", optional=True)), optional=True),
        Input("members", "groups made elsewhere, to be described", (
            InputColumn("participant", "as in the votes"), InputColumn("group", "its group; empty for none")),
            optional=True)),
    outputs=(
        Output("groups", "group, size, members, stability (0 to 1: found again among four fifths)"),
        Output("coordinates", "each participant on two axes, with the group"),
        Output("consensus", "group_informed: every statement by the product of the groups' shares; agree and disagree: "
               "what all say most"),
        Output("representative", "per group the statements that set it apart, with direction, p, "
               "ratio_to_others, tests"),
        Output("totals", "per statement agree, disagree, pass, seen"), Output("participants", "how many voted"),
        Output("participants_without_group", "those who voted too little"),
        Output("silhouettes", "how well each number of groups sets them apart"),
        Output("share_on_two_axes", "of what sets votes apart")),
    source="Small and others (2021), Recerca 26(2), 1-26; Rousseeuw (1987), Journal of Computational and Applied "
           "Mathematics 20, 53-65; Hennig (2007), Computational Statistics & Data Analysis 52, 258-271",
    version="1",
    cannot_tell=(
        "How many people in the county are of a group: participants choose themselves.",
        "Whether groups are there at all: some number is always found, so look at the picture and the stability.",
        "Why a group votes as it does: read its statements, and ask."),
    example="engage opinion sample:opinion-votes --statements sample:opinion-statements", uses_chance=True)
