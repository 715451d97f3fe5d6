"""The small table of commissioners that comes with the program, computed from the published lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from evenhand.data.organisations import (
    BOARD,
    BOARDS_BEGAN,
    GROUP,
    LOCATION,
    Organisation,
    Organisations,
    ServedBy,
    Succession,
    ordered,
    tidy,
)

COLUMNS = ("code", "name", "kind", "opened", "closed", "successors", "succession_date", "former_name",
           "other_names", "board", "board_name")
Rows = Sequence[Mapping[str, str]]


def commissioners_from(*, groups_2016: Rows, names: Rows, successions: Rows, lookup: Rows,
                       names_2021: Rows = ()) -> Organisations:
    """English commissioning groups since 2013, sub-ICB locations of 2022 and their boards, from five published lists.

    Args:
        groups_2016: commissioners of the Organisation Data Service, February 2016: ``code``, ``name``, ``opened``
            (YYYYMMDD), ``sub_type`` (C for a clinical commissioning group).
        names: codes and names to 2019: ``code``, ``name``.
        successions: ``old_code``, ``new_code``, ``date``.
        lookup: ONS lookup of 2022: ``sicbl22_code`` (ONS), ``sicbl22_code_h`` (health service), ``sicbl22_name``,
            ``icb22_code_h``, ``icb22_name``.
        names_2021: names of April 2021 by ONS code: ``ccg21_code``, ``ccg21_name``.

    A group is what the list of 2016 calls one, what a later list names "CCG", or what a group became. A name of 2021
    is carried by the ONS code; where that changed with a boundary in 2022, by a name that begins with the board's.
    """
    locations = {row["sicbl22_code_h"]: row for row in lookup}
    group_names = {row["code"]: tidy(row["name"]) for row in names if row["name"].strip().upper().endswith(" CCG")}
    group_names |= {row["code"]: tidy(row["name"]) for row in groups_2016 if row["sub_type"] == "C"}
    every_step = [(row["old_code"], row["new_code"], date.fromisoformat(row["date"])) for row in successions]
    groups = set(group_names)
    while grown := {new for old, new, _ in every_step if old in groups} - groups:
        groups |= grown
    steps = ordered(Succession(old, new, day) for old, new, day in every_step if old in groups and new in groups)
    opened = {row["code"]: _day(row["opened"]) for row in groups_2016}
    opened |= {step.new: step.date for step in reversed(steps)}
    ended = {step.old: step.date - timedelta(days=1) for step in steps}
    former = group_names | _names_of_2021(locations, group_names, names_2021)
    others = _other_names([*names, *groups_2016], former)
    bodies = {}
    for code in sorted(groups | set(locations)):
        if code in locations:
            bodies[code] = Organisation(code, tidy(locations[code]["sicbl22_name"]), LOCATION, opened.get(code), None,
                                        former.get(code, ""), others.get(code, ()))
        else:
            bodies[code] = Organisation(code, former.get(code, code), GROUP, opened.get(code), ended.get(code),
                                        other_names=others.get(code, ()))
    boards = {row["icb22_code_h"]: tidy(row["icb22_name"]) for row in locations.values()}
    for board in sorted(boards):
        bodies[board] = Organisation(board, boards[board], BOARD, BOARDS_BEGAN)
    served = tuple(ServedBy(code, locations[code]["icb22_code_h"], tidy(locations[code]["icb22_name"]))
                   for code in sorted(locations))
    return Organisations(bodies, steps, served)


PATHS = {
    "groups_2016": "organisations/eccg_2016_02.csv", "names": "commissioner-monthly-2010-2019/ccg_names.csv",
    "successions": "organisations/ods_successions_1992_2022.csv.gz",
    "lookup": "organisations/lsoa11_to_sub_icb_icb_district_2022.csv.gz",
    "names_2021": "organisations/boundaries/ccgs_2021.geojson"}
"""Where the five lists lie under a folder of published files."""


def commissioners_in(folder: Path) -> Organisations:
    """The table computed from the five lists under a folder. Raises ``Refused`` for one that is not there."""
    from evenhand.data.importers.organisation_lists import headed
    from evenhand.data.load import opened
    from evenhand.data.models import read_model

    def rows(name: str) -> list[dict[str, str]]:
        file = opened(folder / PATHS[name])
        table = headed(file) if name == "groups_2016" else file.table
        columns = {column: table.texts(column) for column in table.columns}
        return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]

    shapes = read_model(folder / PATHS["names_2021"]).content["features"]
    return commissioners_from(groups_2016=rows("groups_2016"), names=rows("names"), successions=rows("successions"),
                              lookup=rows("lookup"), names_2021=[shape["properties"] for shape in shapes])


def _names_of_2021(locations: Mapping[str, Mapping[str, str]], known: Mapping[str, str],
                   names_2021: Rows) -> dict[str, str]:
    by_ons = {row["ccg21_code"]: tidy(row["ccg21_name"]) for row in names_2021}
    found = {code: by_ons[row["sicbl22_code"]] for code, row in locations.items() if row["sicbl22_code"] in by_ons}
    taken = set(found.values()) | set(known.values())
    left = [name for name in by_ons.values() if name not in taken]
    for code, row in locations.items():
        if code not in found and code not in known:
            fitting = [name for name in left if name.startswith(tidy(row["sicbl22_name"]))]
            if len(fitting) == 1:
                found[code] = fitting[0]
    return found


def _other_names(rows: Rows, held: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Names a list gives a code besides the one that is held: Cumbria CCG, before 01H was North Cumbria CCG."""
    found: dict[str, list[str]] = {}
    for row in rows:
        name = tidy(row["name"])
        if row["code"] in held and name != held[row["code"]] and name not in found.setdefault(row["code"], []):
            found[row["code"]].append(name)
    return {code: tuple(each) for code, each in found.items()}


def _day(text: str) -> date | None:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == 8 else None


def as_csv(found: Organisations) -> str:
    """The table as it lies beside the program: one row a body, by kind and code, dates as 2019-04-01."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    order = {GROUP: 0, LOCATION: 1, BOARD: 2}
    for body in sorted(found, key=lambda each: (order[each.kind], each.code)):
        steps = [step for step in found.successions if step.old == body.code]
        served = found.served_by(body.code)
        writer.writerow([body.code, body.name, body.kind, body.opened or "", body.closed or "",
                         ";".join(step.new for step in steps), steps[0].date if steps else "", body.former_name,
                         ";".join(body.other_names), served.board if served else "",
                         served.board_name if served else ""])
    return out.getvalue()
