"""Comparisons and rankings as they are read: from a table, or from a model that counts wins in a square."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.data import models, tables
from evenhand.data.tables import Opened, Source, Table
from evenhand.terms import Problem, Refused, closest, refuse

PARTS = ("wins_row_over_column", "comparisons_winner_loser", "rankings")
MOST_ITEMS = 1_000


@dataclass(frozen=True)
class Judged:
    """Items, and rankings of them by number, best first, each with how often it was given."""

    name: str
    digest: str
    items: tuple[str, ...]
    rankings: tuple[tuple[tuple[int, ...], float], ...]
    reference: str = ""


def read_judged(source: Source) -> Judged:
    """Open comparisons: a table with ``winner``, ``loser`` and optional ``times``; a table with ``ranking``, ``item``
    and ``place``; or JSON with ``items`` and ``wins_row_over_column``, ``comparisons_winner_loser`` or ``rankings``.

    Raises ``Refused`` for an item against itself, an item twice in a ranking, shared places, and negative counts.
    """
    if isinstance(source, Judged):
        return source
    judged = _from_model(source) if _is_model(source) else _from_table(tables.read(source, name="the comparisons"))
    if len(judged.items) < 2:
        raise refuse("there is one item only", "compare at least two", file=judged.name)
    if len(judged.items) > MOST_ITEMS:
        raise refuse(f"there are more than {MOST_ITEMS:,} items", "compare fewer, or check the columns",
                     file=judged.name, value=len(judged.items))
    if not any(times > 0 and len(ranking) > 1 for ranking, times in judged.rankings):
        raise refuse("nothing is compared with anything", "give at least one comparison", file=judged.name)
    return judged


def _is_model(source: Source) -> bool:
    if isinstance(source, Mapping):
        return any(part in source for part in PARTS)
    path = source.path if isinstance(source, Opened) else str(source) if isinstance(source, str) or hasattr(
        source, "suffix") else ""
    return path.casefold().endswith(".json")


def _from_table(data: Table) -> Judged:
    if "ranking" in data and "winner" not in data:
        return _from_places(data)
    data.require("winner", "loser")
    winners, losers = data.texts("winner", may_be_empty=False), data.texts("loser", may_be_empty=False)
    data.refuse_rows([winner == loser for winner, loser in zip(winners, losers, strict=True)],
                     "an item cannot be compared with itself", "correct the row", column="loser")
    times = data.numbers("times", least=0).tolist() if "times" in data else [1.0] * len(data)
    items = tuple(sorted({*winners, *losers}))
    number = {item: place for place, item in enumerate(items)}
    return Judged(data.name, data.digest, items, tuple(
        ((number[winner], number[loser]), count) for winner, loser, count in zip(winners, losers, times, strict=True)))


def _from_places(data: Table) -> Judged:
    data.require("item", "place")
    data.refuse_duplicates("ranking", "item")
    who, named = data.texts("ranking", may_be_empty=False), data.texts("item", may_be_empty=False)
    places = data.numbers("place").tolist()
    items = tuple(sorted(set(named)))
    number = {item: place for place, item in enumerate(items)}
    given: dict[str, dict[float, int]] = {}
    problems = []
    for at, (ranking, item, place) in enumerate(zip(who, named, places, strict=True)):
        if place in given.setdefault(ranking, {}):
            problems.append(Problem("another item of this ranking has the same place", "give each item a place of its "
                                    "own, or leave out what was not ranked", data.name, int(data.row_numbers[at]),
                                    "place", f"{place:g}"))
        given[ranking][place] = number[item]
    if problems:
        raise Refused(problems[:tables.MOST_PROBLEMS])
    return Judged(data.name, data.digest, items,
                  tuple((tuple(ranked[place] for place in sorted(ranked)), 1.0) for ranked in given.values()))


def _from_model(source: Source) -> Judged:
    model = models.read_model(source, name="the comparisons")
    given = [part for part in PARTS if part in model.content]
    if len(given) != 1:
        raise refuse("the model must have one way of comparing", f"give one of {', '.join(PARTS)}", file=model.name,
                     value=", ".join(given) or "none")
    items = _items(model)
    rows = model.content[given[0]]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        raise refuse("this part is a list of lists", "write [[0, 1], [1, 2]]", file=model.name, column=given[0])
    rankings = (_from_square(rows, items, model.name) if given[0] == "wins_row_over_column"
                else tuple((_numbered(row, number, items, model.name, given[0]), 1.0)
                           for number, row in enumerate(rows, 1)))
    reference = str(model.content.get("reference") or "")
    if given[0] == "comparisons_winner_loser" and any(len(ranking) != 2 for ranking, _ in rankings):
        raise refuse("a comparison has a winner and a loser", "give two items in each", file=model.name,
                     column=given[0])
    return Judged(model.name, model.digest, items, rankings, reference)


def _items(model: models.Model) -> tuple[str, ...]:
    listed = model.content.get("items")
    if listed is None:
        number = model.content.get("n_items")
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise refuse("the model names no items", "give items as a list of names, or n_items", file=model.name,
                         column="items", value=number)
        if number > MOST_ITEMS:
            raise refuse(f"there are more than {MOST_ITEMS:,} items", "compare fewer", file=model.name,
                         column="n_items", value=number)
        return tuple(str(each) for each in range(number))
    if not isinstance(listed, list) or not listed:
        raise refuse("items is a list of names", 'write ["a", "b"]', file=model.name, column="items")
    names = tuple(str(each) for each in listed)
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise refuse("two items have one name", "name them apart", file=model.name, column="items", value=twice)
    return names


def _from_square(rows: Sequence[list[Any]], items: tuple[str, ...],
                 name: str) -> tuple[tuple[tuple[int, ...], float], ...]:
    if len(rows) != len(items) or any(len(row) != len(items) for row in rows):
        raise refuse("the square has not as many rows and columns as there are items",
                     "give a row and a column for each", file=name, column="wins_row_over_column",
                     value=f"{len(rows)} rows, {len(items)} items")
    problems, found = [], []
    for winner, row in enumerate(rows):
        for loser, count in enumerate(row):
            if winner == loser and count in (None, 0):
                continue
            if isinstance(count, bool) or not isinstance(count, int | float) or count < 0 or winner == loser:
                what = ("an item cannot win against itself" if winner == loser else "this is not a count of wins")
                problems.append(Problem(what, "give nought or more, and nought from corner to corner", name, winner + 1,
                                        items[loser], str(count)))
            else:
                found.append(((winner, loser), float(count)))
    if problems:
        raise Refused(problems[:tables.MOST_PROBLEMS])
    return tuple(found)


def _numbered(row: list[Any], number: int, items: tuple[str, ...], name: str, part: str) -> tuple[int, ...]:
    found = []
    for each in row:
        if isinstance(each, int) and not isinstance(each, bool) and 0 <= each < len(items):
            found.append(each)
        elif str(each) in items:
            found.append(items.index(str(each)))
        else:
            near = closest(str(each), items, count=1)
            raise refuse("there is no such item" + (f"; the nearest is {near[0]}" if near else ""),
                         "give its name, or its number counted from 0", file=name, row=number, column=part, value=each)
    if len(set(found)) != len(found):
        raise refuse("an item stands twice", "name each item once", file=name, row=number, column=part, value=row)
    return tuple(found)
