"""What every group of players could gain or would pay by itself, as a model gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from evenhand.data.models import Model
from evenhand.terms import Problem, Refused, closest, refuse
from evenhand.terms.words import listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_PLAYERS = 12
LARGEST = 1e15


@dataclass(frozen=True)
class Game:
    """A game. ``values`` has one entry a coalition, at the place whose binary digits say who is in it, the first
    player being the lowest digit; in the unit of the model.
    """

    name: str
    digest: str
    title: str
    kind: Literal["gain", "cost"]
    players: tuple[str, ...]
    values: NDArray[np.float64]
    proposed: tuple[float, ...] | None

    def members(self, coalition: int) -> list[str]:
        """The players of a coalition."""
        return [player for place, player in enumerate(self.players) if coalition >> place & 1]


def read_game(model: Model) -> Game:
    """The model checked. Raises ``Refused`` for a group without a value, or of somebody who is no player."""
    import numpy as np

    content = model.content
    kind = str(content.get("kind", "")).strip().casefold()
    if kind not in ("gain", "cost"):
        raise refuse("the model does not say whether it shares a gain or a cost",
                     "write \"kind\": \"gain\" or \"kind\": \"cost\"", file=model.name, column="kind",
                     value=content.get("kind"))
    players = content.get("players")
    if not isinstance(players, list) or not players or not all(
            isinstance(each, str) and each.strip() and "+" not in each for each in players):
        raise refuse("the model has no list “players”", "name them in a list, without + in a name", file=model.name,
                     column="players")
    names = tuple(each.strip() for each in players)
    if len(set(names)) < len(names):
        raise refuse("two of the players have one name", "tell them apart", file=model.name, column="players",
                     value=next(each for each in names if names.count(each) > 1))
    if len(names) > MOST_PLAYERS:
        raise refuse(f"there are more than {MOST_PLAYERS} players", "put together those who act as one",
                     file=model.name, column="players", value=len(names))
    given = content.get("coalitions")
    if not isinstance(given, Mapping) or not given:
        raise refuse("the model has no “coalitions”",
                     "write {\"A\": 5, \"B\": 4, \"A+B\": 12}: a value for every group", file=model.name,
                     column="coalitions")
    values = np.full(2 ** len(names), np.nan)
    problems: list[Problem] = []
    for key, cell in given.items():
        at = _coalition(model, str(key), names, problems)
        if at is None:
            continue
        if not isinstance(cell, int | float) or isinstance(cell, bool) or abs(cell) > LARGEST:
            problems.append(Problem(f"the value of {key or 'nobody'} is not a number", "write digits", model.name, None,
                                    "coalitions", str(cell)))
        elif not np.isnan(values[at]):
            problems.append(Problem(f"{key} has two values", "keep one of the two", model.name, None, "coalitions",
                                    str(key)))
        else:
            values[at] = cell
    if np.isnan(values[0]):
        values[0] = 0.0
    elif values[0] != 0:
        problems.append(Problem("nobody by themselves have a value", "the value of the empty group is 0", model.name,
                                None, "coalitions", str(values[0])))
    if not problems:
        missing = ["+".join(name for place, name in enumerate(names) if at >> place & 1)
                   for at in np.flatnonzero(np.isnan(values)).tolist()]
        problems = [Problem(f"{each} has no value", "say what the group could do by itself", model.name, None,
                            "coalitions") for each in missing]
    if problems:
        raise Refused(problems)
    return Game(model.name, model.digest, str(content.get("title", "")), "gain" if kind == "gain" else "cost", names,
                values, _proposed(model, names, float(values[-1])))


def _coalition(model: Model, key: str, names: tuple[str, ...], problems: list[Problem]) -> int | None:
    members = [each.strip() for each in key.split("+")] if key.strip() else []
    wrong = [each for each in members if each not in names] or [each for each in members if members.count(each) > 1]
    if wrong:
        near = closest(wrong[0], names, count=1)
        problems.append(Problem("a group has somebody twice, or who is no player",
                                f"did you mean {near[0]}?" if near and near[0] != wrong[0] else
                                f"the players are {listed(list(names))}", model.name, None, "coalitions", key))
        return None
    return sum(1 << names.index(each) for each in members)


def _proposed(model: Model, names: tuple[str, ...], whole: float) -> tuple[float, ...] | None:
    """A split that somebody proposes, to be judged like the others."""
    given: Any = model.content.get("proposed")
    if given is None:
        return None
    fine = isinstance(given, Mapping) and set(given) == set(names) and all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in given.values())
    if not fine:
        raise refuse("“proposed” does not give each player an amount", "write {\"A\": 7, \"B\": 5}", file=model.name,
                     column="proposed")
    amounts = tuple(float(given[each]) for each in names)
    if abs(sum(amounts) - whole) > 1e-6 * max(abs(whole), 1.0):
        raise refuse("the proposed amounts do not sum to what there is to share", f"make them sum to {whole:g}",
                     file=model.name, column="proposed", value=f"{sum(amounts):g}")
    return amounts
