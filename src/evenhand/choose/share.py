"""Sharing a gain or a cost among those who make it together, and who would do better apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from evenhand.catalogue import Input, Method, Output, setting, settings_document, with_options
from evenhand.choose import share_figures
from evenhand.choose.share_game import Game, read_game
from evenhand.choose.share_sums import Stability, nucleolus, objections, savings, shapley, stability
from evenhand.choose.show import amounts
from evenhand.data.models import read_model
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import refuse
from evenhand.terms.words import counted, figure, listed, per_cent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RULES = {"shapley": "by what each adds", "nucleolus": "with the least cause to complain", "equal": "in equal parts",
         "proposed": "as proposed"}


@dataclass(frozen=True)
class Settings:
    """Which split is looked at first."""

    split: Literal["shapley", "nucleolus", "equal", "proposed"] = setting(
        "shapley", "Whose objections to list first", "shapley: by what each adds; nucleolus: the least cause to "
        "complain; equal: in equal parts; proposed: the model's own", common=True)


def share(game: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """Shares of a gain or a cost by three rules, whether any split is stable, and which groups would object to each.

    Args:
        game: a JSON model: ``players``, ``kind`` (gain or cost) and ``coalitions``, a value for every group under its
            players' names joined with +; ``proposed``, where somebody proposes a split.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings by name.

    Returns:
        An answer with ``shapley`` and ``nucleolus`` (player: share, in the unit of the model; of a cost, what each
        pays), ``core_is_empty``, ``shapley_is_in_core``, and ``objecting_coalitions``: groups that could do better by
        themselves than with the split of ``settings.split``.

    Raises:
        Refused: a group without a value, more than 12 players, a proposed split that does not sum to the whole.

    Source:
        Shapley (1953), A value for n-person games; Schmeidler (1969), SIAM Journal on Applied Mathematics 17,
        1163-1170; stability: Bondareva (1963), Shapley (1967), Naval Research Logistics Quarterly 14, 453-460; costs:
        Young (1994), Cost allocation, Handbook of Game Theory 2, chapter 34.
    """
    chosen = with_options(Settings, settings, options)
    read = read_game(read_model(game))
    if chosen.split == "proposed" and read.proposed is None:
        raise refuse("the model proposes no split", "give \"proposed\": an amount for each player", file=read.name,
                     column="--split", value=chosen.split)
    count = len(read.players)
    worth = savings(read.values, count) if read.kind == "cost" else read.values
    stable = stability(worth, count)
    splits, rational = _splits(read, worth)
    against = {rule: _objecting(read, worth, split) for rule, split in splits.items()}
    standing = {rule: dict(zip(read.players, _as_given(read, split).tolist(), strict=True))
                for rule, split in splits.items()}
    fields: dict[str, Any] = {
        "rows": _rows(read, standing), "kind": read.kind, "to_share": float(read.values[-1]),
        "shapley": standing["shapley"], "nucleolus": standing["nucleolus"], "equal": standing["equal"],
        **({} if read.proposed is None else {"proposed": standing["proposed"]}),
        "core_is_empty": stable.is_empty, "least_excess": stable.least_excess,
        **{f"{rule}_is_in_core": not against[rule] for rule in standing},
        "objecting_coalitions": against[chosen.split], "objections": against,
        "empty_because": [{"coalition": read.members(coalition), "share": part,
                           "alone": float(read.values[coalition])} for coalition, part in stable.balanced],
        "gain_from_working_together": _together(read)}
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(read.name, read.digest),),
        sentence=_sentence(read, stable, standing, against, chosen.split), fields=fields,
        table=_table(fields["rows"], read, standing), remarks=tuple(_remarks(read, stable, against, rational)),
        draw=share_figures.share, more_tables=(_objections_table(read, against),))


def _splits(read: Game, worth: NDArray[np.float64]) -> tuple[dict[str, NDArray[np.float64]], bool]:
    """Every split as a share of the gain, or of what working together saves; and whether the nucleolus leaves nobody
    with less than alone.
    """
    import numpy as np

    count = len(read.players)
    best, rational = nucleolus(worth, count)
    splits = {"shapley": shapley(worth, count), "nucleolus": best,
              "equal": _as_given(read, np.full(count, read.values[-1] / count))}
    if read.proposed is not None:
        splits["proposed"] = _as_given(read, np.array(read.proposed))
    return splits, rational


def _as_given(read: Game, split: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares of what is saved as what each pays, and the other way round; shares of a gain as they are."""
    if read.kind == "gain":
        return split
    return read.values[[1 << place for place in range(len(read.players))]] - split


def _together(read: Game) -> float:
    """What all together have beyond the sum of each alone, or save."""
    alone = float(sum(read.values[1 << place] for place in range(len(read.players))))
    whole = float(read.values[-1])
    return whole - alone if read.kind == "gain" else alone - whole


def _objecting(read: Game, worth: NDArray[np.float64], split: NDArray[np.float64]) -> list[dict[str, Any]]:
    shares = _as_given(read, split)
    return [{"coalition": read.members(coalition), "alone": float(read.values[coalition]),
             "share": float(sum(shares[place] for place in range(len(read.players)) if coalition >> place & 1)),
             "better_by": by}
            for coalition, by in objections(worth, split, len(read.players))]


def _rows(read: Game, standing: Mapping[str, Mapping[str, float]]) -> list[dict[str, Any]]:
    return [{"player": player, "alone": float(read.values[1 << place]),
             **{rule: split[player] for rule, split in standing.items()}} for place, player in enumerate(read.players)]


# --- words and tables -------------------------------------------------------------------------------------------------


def _sentence(read: Game, stable: Stability, standing: Mapping[str, Mapping[str, float]],
              against: Mapping[str, Sequence[Mapping[str, Any]]], rule: str) -> str:
    if len(read.players) == 1:
        return f"{read.players[0]} is alone: there is nothing to share."
    shares = standing[rule]
    told = [f"{name} {_amount(amount)}" for name, amount in list(shares.items())[:6]]
    said = (f"Of {_amount(float(read.values[-1]))} to {'share' if read.kind == 'gain' else 'pay'}, shared "
            f"{RULES[rule]}: {listed(told)}{'' if len(shares) <= 6 else ', and so on'}")
    if stable.is_empty:
        return said + ". No split is stable: whatever it is, some group would do better by itself."
    mine = against[rule]
    if not mine:
        return said + ". No group would do better by itself."
    first = mine[0]
    return (f"{said}. But {counted(len(mine), 'group')} would do better alone, most of all {listed(first['coalition'])}"
            f", by {_amount(first['better_by'])}; a split to which none objects exists.")


def _amount(amount: float) -> str:
    """A share to read: whole ones whole, others to four figures."""
    return f"{amount:,.0f}" if amount == round(amount) else figure(amount, digits=4)


def _remarks(read: Game, stable: Stability, against: Mapping[str, Sequence[Mapping[str, Any]]],
             rational: bool) -> list[str]:
    said = []
    together = _together(read)
    if together < 0:
        said.append(f"Working together does not pay: each alone would have {_amount(-together)} "
                    + ("more in all." if read.kind == "gain" else "less to pay in all."))
    if not rational:
        said.append("There is too little for everybody to have what they could have alone, so the split with the least "
                    "cause to complain leaves that out.")
    if stable.is_empty and stable.balanced:
        groups = listed([f"{' with '.join(read.members(coalition))} ({per_cent(part)} of the time)"
                         for coalition, part in stable.balanced[:6]])
        said.append(f"Why no split is stable: {groups} could do more apart than all together.")
    fine = [RULES[rule] for rule, mine in against.items() if not mine]
    if not stable.is_empty and fine and len(fine) < len(against):
        said.append(f"Shared {listed(fine, joint='or')}, no group would do better by itself.")
    return said


def _table(rows: Sequence[Mapping[str, Any]], read: Game, standing: Mapping[str, Mapping[str, float]]) -> Table:
    titles = {"shapley": "By what each adds", "nucleolus": "Least cause to complain", "equal": "Equal parts",
              "proposed": "Proposed"}
    return Table.of(rows, columns=[
        Column("player"), amounts("alone", "Alone", rows), *(amounts(rule, titles[rule], rows) for rule in standing)],
        title=read.title or ("Shares of the gain" if read.kind == "gain" else "Shares of the cost"))


def _objections_table(read: Game, against: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    rows = [{"rule": RULES[rule], **each, "coalition": listed(each["coalition"])}
            for rule, mine in against.items() for each in mine]
    return Table.of(rows, columns=[
        Column("rule", "Shared"), Column("coalition", "Group"), amounts("alone", "Alone", rows),
        amounts("share", "Its shares together", rows), amounts("better_by", "Better alone by", rows)],
        title="Groups that would do better by themselves")


METHOD_NAME = MethodName("choose share", "1", "Shapley (1953); Schmeidler (1969)")

METHOD = Method(
    room="choose", name="share", title="Sharing a gain or a cost",
    question="What is a fair share for each, and would any group do better by itself?",
    function=share, settings=Settings,
    inputs=(Input("game", "a JSON model: players, kind (gain or cost), and coalitions with a value for every group",
                  kind="model"),),
    outputs=(
        Output("rows", "per player: alone, and the share by each rule"),
        Output("shapley", "player: the mean of what each adds, over all orders of joining"),
        Output("nucleolus", "player: the split that gives the worst-treated group the least cause to complain"),
        Output("equal", "player: equal parts"),
        Output("proposed", "player: the model's own split", sometimes=True),
        Output("core_is_empty", "whether some group can do better by itself whatever the split"),
        Output("shapley_is_in_core", "whether no group objects to it; the same for the other splits"),
        Output("objecting_coalitions", "groups better off alone: coalition, alone, share, better_by"),
        Output("objections", "the same for every split"),
        Output("empty_because", "groups, with shares of their time, that could do more apart than all together"),
        Output("gain_from_working_together", "what all together have beyond each alone")),
    source="Shapley (1953), A value for n-person games, Contributions to the Theory of Games II; Schmeidler (1969), "
           "The nucleolus of a characteristic function game, SIAM Journal on Applied Mathematics 17, 1163-1170; Young "
           "(1994), Cost allocation, Handbook of Game Theory 2.",
    version="1",
    cannot_tell=(
        "What is fair. Each rule follows from a few demands that one may or may not share; need and ability to pay are "
        "in none of them.",
        "What groups could really do alone. The values are taken as given, and those of groups that never formed are "
        "guesses.",
        "Whether a group that could do better would leave: law, habit and trust also hold people together.",
        "How the shares should change when the gain turns out otherwise."),
    example="choose share sample:shared-cost")
