"""What a list holds more than once: copies of a row, sums among the schemes, sheets that repeat other sheets."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from evenhand.choose.tracker.dates import read_start
from evenhand.choose.tracker.marks import Marks
from evenhand.choose.tracker.rows import Ignored, key_of
from evenhand.choose.tracker.schemes import Scheme
from evenhand.choose.tracker.standing import UNIDENTIFIED

SAME_SHARE = 0.005
LIKENESS = 0.82
_PLAIN = re.compile(r"[^a-z0-9]+")
_ALSO = ("sponsor", "measure", "kind", "recurrent", "full_year_pounds", "state", "cash_releasing")
FEWEST_AGREEING, MOST_COMPARED = 4, 40
LIKE_ENOUGH = 0.6
# Fields that set two rows of one name apart, where both have them.
_APART = ("owner", "body", "provider", "start", "programme", "year")


FEWEST_AGAIN = 3
"""As many schemes must stand on another sheet too before a sheet is taken for the same list again."""


@dataclass(frozen=True)
class Question:
    """Something only a person can rule on. ``taken`` is what is assumed until then; ``choices`` what may be said."""

    key: str
    text: str
    taken: str
    choices: tuple[str, ...]
    rows: tuple[tuple[str, int], ...] = ()


@lru_cache(maxsize=65_536)
def same_name(name: str) -> str:
    """A name as it is compared: case, marks and "and" for "&" do not count."""
    return _PLAIN.sub(" ", name.casefold().replace("&", " and ")).strip()


def near(one: float, other: float) -> bool:
    """Whether two sums are the same but for rounding."""
    return abs(one - other) <= max(1.0, SAME_SHARE * max(abs(one), abs(other)))


# --- rows that say the same thing twice -------------------------------------------------------------------------------


def without_copies(schemes: Sequence[Scheme], ruled: Mapping[str, str],
                   ) -> tuple[list[Scheme], list[Ignored], list[Question]]:
    """The schemes once each, the copies as ignored rows, and pairs that may be the same.

    Two rows are one scheme when name and amount are the same and nothing sets them apart: neither reference, owner,
    body, provider, start nor programme differs where both give it. References that differ are overlooked where owner
    or start is given and the same: lists are often numbered straight through. Of the copies the fullest is kept, so
    that the order of rows does not matter.
    """
    groups: dict[tuple[str, float | None], list[Scheme]] = defaultdict(list)
    for scheme in schemes:
        value = None if scheme.value_pounds is None else round(scheme.value_pounds, 2)
        groups[same_name(scheme.name), value].append(scheme)
    copy_of: dict[tuple[str, int], Scheme] = {}
    questions = []
    for group in groups.values():
        kept: list[Scheme] = []
        for scheme in sorted(group, key=_fullness):
            twin = next((other for other in kept if _are_one(other, scheme)), None)
            asked = next((other for other in kept if twin is None), None)
            if asked is not None:
                key = key_of("twice", scheme.name, f"{scheme.value_pounds or 0:.0f}")
                if ruled.get(key) == "same":
                    twin = asked
                elif scheme.value_pounds:
                    questions.append(_twice(key, asked, scheme))
            if twin is None:
                kept.append(scheme)
            else:
                copy_of[scheme.at] = twin
    again = _said_again(schemes, copy_of)
    copies = [Ignored(scheme.sheet, scheme.row, "duplicate", f"the same as row {twin.row} of “{twin.sheet}”",
                      scheme.value_pounds, twin.at, scheme.name,
                      copy=scheme.sheet != twin.sheet and bool({scheme.sheet, twin.sheet} & again))
              for scheme in schemes if (twin := copy_of.get(scheme.at)) is not None]
    left, alike = _alike([scheme for scheme in schemes if scheme.at not in copy_of], ruled)
    return left, copies, [*questions, *alike]


def _said_again(schemes: Sequence[Scheme], copy_of: Mapping[tuple[str, int], Scheme]) -> set[str]:
    """The sheets of which every scheme stands on another sheet too, as where all lists are put together: no claims."""
    elsewhere: set[tuple[str, int]] = set()
    for at, twin in copy_of.items():
        if at[0] != twin.sheet:
            elsewhere |= {at, twin.at}
    own: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for scheme in schemes:
        own[scheme.sheet].append(scheme.at)
    return {sheet for sheet, rows in own.items() if len(rows) >= FEWEST_AGAIN and elsewhere.issuperset(rows)}


def _fullness(scheme: Scheme) -> tuple[object, ...]:
    """The fullest first; then by what they say, so that the order of rows settles nothing while anything else can."""
    said = (scheme.owner, scheme.start or "", scheme.measure, scheme.body, scheme.provider, scheme.programme,
            scheme.note, scheme.state, scheme.id)
    standing = ("firm", "at_risk", "not_found").index(scheme.status)
    return (-sum(map(bool, said)), -standing, *said, scheme.sheet, scheme.row)


def _are_one(one: Scheme, other: Scheme) -> bool:
    if same_name(one.name).startswith("row "):
        return False
    pairs = [(getattr(one, field), getattr(other, field)) for field in _APART]
    if any(a and b and same_name(str(a)) != same_name(str(b)) for a, b in pairs):
        return False
    if one.id and other.id and one.id != other.id:
        return any(a and b for a, b in (pairs[0], pairs[3]))
    return True


def _twice(key: str, one: Scheme, other: Scheme) -> Question:
    return Question(key, f"“{one.name}” stands in row {one.row} of “{one.sheet}” and in row {other.row} of "
                         f"“{other.sheet}” with the same amount: one scheme, or two?", "different",
                    ("same", "different"), (one.at, other.at))


def _alike(schemes: Sequence[Scheme], ruled: Mapping[str, str]) -> tuple[list[Scheme], list[Question]]:
    """Pairs of the same amount whose names are nearly the same: asked about.

    Where everything else that both rows say is the same too, four things or more, the emptier is taken as counted
    twice until a person says otherwise; where less is, nothing is taken off.
    """
    by_value: dict[float, list[Scheme]] = defaultdict(list)
    for scheme in schemes:
        if scheme.value_pounds:
            by_value[round(scheme.value_pounds, 2)].append(scheme)
    questions: list[Question] = []
    again: dict[tuple[str, int], Scheme] = {}
    for group in by_value.values():
        if len(group) > MOST_COMPARED:
            continue
        ranked = sorted(group, key=_fullness)
        for place, other in enumerate(ranked):
            for one in ranked[:place]:
                a, b = same_name(one.name), same_name(other.name)
                everything = _agree_in_everything(one, other)
                if a == b or _numbered_apart(a, b) or not _is_like(a, b, LIKE_ENOUGH if everything else LIKENESS):
                    continue
                key = key_of("twice", *sorted((one.name, other.name)))
                if key in ruled:
                    continue
                if everything and other.at not in again and one.at not in again and other.value_pounds:
                    again[other.at] = one
                questions.append(Question(
                    key, f"“{one.name}” (row {one.row} of “{one.sheet}”) and “{other.name}” (row {other.row} of "
                    f"“{other.sheet}”) have the same amount{' and agree in all else' if everything else ''}: one "
                    "scheme, or two?", "same" if everything else "different", ("same", "different"),
                    (one.at, other.at)))
    marked = [replace(scheme, counted_twice_pounds=max(0.0, scheme.value_pounds or 0.0), problems=(
        *scheme.problems, f"it looks like row {again[scheme.at].row} of “{again[scheme.at].sheet}” under another name: "
                          "counted once until somebody says that they are two")) if scheme.at in again else scheme
              for scheme in schemes]
    return marked, questions


def _agree_in_everything(one: Scheme, other: Scheme) -> bool:
    pairs = [(getattr(one, name), getattr(other, name)) for name in (*_APART, *_ALSO)]
    both = [(a, b) for a, b in pairs if a not in ("", None) and b not in ("", None)]
    return len(both) >= FEWEST_AGREEING and all(
        same_name(str(a)) == same_name(str(b)) for a, b in both)


def _is_like(one: str, other: str, enough: float) -> bool:
    """Whether two names are alike enough, by their words in any order or by their letters."""
    if 2 * min(len(one), len(other)) < enough * (len(one) + len(other)):
        return False
    if set(one.split()) == set(other.split()):
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The two quick measures are never below the true one.
    return matcher.quick_ratio() >= enough and matcher.ratio() >= enough


def _numbered_apart(one: str, other: str) -> bool:
    """"Ward 3" and "Ward 4" differ by a number: two things."""
    same_words = _without_digits(one) == _without_digits(other)
    return same_words and re.findall(r"\d+", one) != re.findall(r"\d+", other)


def _without_digits(text: str) -> str:
    return re.sub(r"\d+", "", text)


def ruled_same(schemes: Sequence[Scheme], ruled: Mapping[str, str]) -> tuple[list[Scheme], list[Ignored]]:
    """What a person said of pairs with nearly the same name: "same" takes the emptier row out."""
    wanted = {key for key, said in ruled.items() if key.startswith("twice:") and said == "same"}
    gone: dict[tuple[str, int], Scheme] = {}
    if wanted:
        for place, one in enumerate(schemes):
            for other in schemes[place + 1:]:
                key = key_of("twice", *sorted((one.name, other.name)))
                if one.value_pounds == other.value_pounds and key in wanted:
                    full, copy = sorted((one, other), key=_fullness)
                    gone[copy.at] = full
    return ([scheme for scheme in schemes if scheme.at not in gone],
            [Ignored(scheme.sheet, scheme.row, "duplicate", f"a person said that it is row {gone[scheme.at].row} again",
                     scheme.value_pounds, gone[scheme.at].at, scheme.name) for scheme in schemes if scheme.at in gone])


# --- sums among the schemes -------------------------------------------------------------------------------------------


def without_sums(schemes: Sequence[Scheme], marks: Mapping[str, Marks], ruled: Mapping[str, str],
                 ) -> tuple[list[Scheme], list[Ignored]]:
    """Rows that name a programme and add up the rows beside them, without saying "total".

    Such a row has neither owner, start, measure, status nor reference where the list has them, and its amount is the
    sum of at least two rows directly above or below. Where a list has none of these columns, bold or filled cells or
    three rows are asked for, since round figures add up by chance.
    """
    by_sheet: dict[str, list[Scheme]] = defaultdict(list)
    for scheme in schemes:
        by_sheet[scheme.sheet].append(scheme)
    sums: dict[tuple[str, int], str] = {}
    for sheet, rows in by_sheet.items():
        usually = sum(map(_is_described, rows)) >= 0.5 * len(rows)
        shown = {row for row, _ in (*marks[sheet].bold, *marks[sheet].fills)} if sheet in marks else set()
        bare = {scheme.row for scheme in rows if not _is_described(scheme) and scheme.value_pounds}
        for place, scheme in enumerate(rows):
            is_scheme = UNIDENTIFIED.match(scheme.name) or ruled.get(key_of("total", scheme.name)) == "scheme"
            if scheme.row not in bare or is_scheme:
                continue
            for run in (_run(rows, place, 1, bare if usually else set()),
                        _run(rows, place, -1, bare if usually else set())):
                fewest = 2 if usually or (scheme.row - 1) in shown else 3
                if span := _adding_up(scheme, run, fewest):
                    sums[scheme.at] = span
                    break
    kept = [scheme for scheme in schemes if scheme.at not in sums]
    return kept, [Ignored(scheme.sheet, scheme.row, "total", f"its figure is the sum of rows {sums[scheme.at]}",
                          scheme.value_pounds, None, scheme.name) for scheme in schemes if scheme.at in sums]


def _is_described(scheme: Scheme) -> bool:
    return bool(scheme.owner or scheme.sponsor or scheme.start or scheme.in_place or scheme.measure or scheme.state
                or scheme.id or scheme.recurrent is not None)


def _run(rows: Sequence[Scheme], place: int, step: int, stops: set[int]) -> list[Scheme]:
    """The rows directly below (or above) one, as far as they follow each other without a gap."""
    run: list[Scheme] = []
    at, last = place + step, rows[place].row
    while 0 <= at < len(rows) and rows[at].row == last + step and rows[at].row not in stops and len(run) < 200:
        run.append(rows[at])
        last = rows[at].row
        at += step
    return run


def _adding_up(scheme: Scheme, run: Sequence[Scheme], fewest: int) -> str:
    total, known = 0.0, 0
    for count, other in enumerate(run, start=1):
        total += other.value_pounds or 0.0
        known += bool(other.value_pounds)
        if known >= fewest and near(total, scheme.value_pounds or 0.0) and (
                count == len(run) or known >= 3 or fewest == 2):
            first, last = sorted((run[0].row, other.row))
            return f"{first} to {last}"
    return ""


def sums_on_other_sheets(schemes: Sequence[Scheme], bare_sheets: Iterable[str]) -> tuple[list[Scheme], list[Ignored]]:
    """Rows of a summary sheet: each a group of the schemes listed on other sheets, or one of those schemes again.

    ``bare_sheets`` are sheets whose list has neither owners nor starts while another's has.
    """
    bare = set(bare_sheets)
    detailed = [scheme for scheme in schemes if scheme.sheet not in bare]
    labels: dict[str, str] = {}
    for scheme in detailed:
        for words in (scheme.programme, scheme.body, scheme.provider, scheme.owner, scheme.sheet, scheme.kind):
            if words:
                labels[same_name(words)] = words
    twins = {same_name(scheme.name): scheme for scheme in detailed}
    every = math.fsum(scheme.value_pounds or 0.0 for scheme in detailed)
    kept, ignored = [], []
    for scheme in schemes:
        name = same_name(scheme.name)
        if scheme.sheet in bare and name in labels:
            ignored.append(Ignored(scheme.sheet, scheme.row, "total", f"it sums up “{labels[name]}” of other sheets",
                                   scheme.value_pounds, None, scheme.name))
        elif scheme.sheet in bare and name in twins:
            twin = twins[name]
            ignored.append(Ignored(scheme.sheet, scheme.row, "duplicate",
                                   f"a summary of row {twin.row} of “{twin.sheet}”", scheme.value_pounds, twin.at,
                                   scheme.name, copy=True))
        elif scheme.sheet in bare and scheme.value_pounds and near(scheme.value_pounds, every):
            ignored.append(Ignored(scheme.sheet, scheme.row, "total", "it is the sum of the other sheets",
                                   scheme.value_pounds, None, scheme.name))
        else:
            kept.append(scheme)
    return kept, ignored


# --- a sheet a month --------------------------------------------------------------------------------------------------

_VERSION = re.compile(r"\bv(?:ersion)?\s*(\d+(?:\.\d+)?)", re.I)
_OLD = re.compile(r"\b(old|previous|last month|archive|superseded|copy)\b", re.I)


def earlier_copies(schemes: Sequence[Scheme]) -> tuple[list[Scheme], list[Ignored], list[Question]]:
    """A workbook with a sheet for each month holds the same list many times: the latest is read, the others are copies.

    Sheets count as copies when their names are months, versions or "old", and most names of the one with fewer rows
    stand in the later one too.
    """
    names: dict[str, set[str]] = defaultdict(set)
    for scheme in schemes:
        names[scheme.sheet].add(same_name(scheme.name))
    dated = {sheet: when for sheet in names if (when := _when(sheet)) is not None}
    later: dict[str, str] = {}
    for sheet in dated:
        for other in names:
            newer = other not in dated if dated[sheet][0] == 0 else other in dated and dated[other] > dated[sheet]
            shared = len(names[sheet] & names[other])
            latest = sheet not in later or (other in dated and dated[other] > dated.get(later[sheet], (0, 0.0)))
            fewest = min(len(names[sheet]), len(names[other]))
            if other != sheet and newer and latest and shared >= max(2, 0.6 * fewest):
                later[sheet] = other
    kept = [scheme for scheme in schemes if scheme.sheet not in later]
    ignored = [Ignored(scheme.sheet, scheme.row, "duplicate", f"an earlier copy of the list on “{later[scheme.sheet]}”",
                       scheme.value_pounds, None, scheme.name, copy=True)
               for scheme in schemes if scheme.sheet in later]
    questions = [Question(key_of("copy", sheet), f"The sheet “{sheet}” holds an earlier copy of “{other}” and is left "
                                                 "out. To read it alone, name it with --sheet.", "copy", ("copy",))
                 for sheet, other in sorted(later.items())]
    return kept, ignored, questions


def _when(sheet: str) -> tuple[int, float] | None:
    """How late a sheet's name says that it is: (0 for old; 1 for a version; 2 for a month), and which."""
    if _OLD.search(sheet):
        return 0, 0.0
    if found := _VERSION.search(sheet):
        return 1, float(found[1])
    if found := re.fullmatch(r"(?:m|month|mth|period|p)\s*0?(\d{1,2})", sheet.strip(), re.I):
        return 2, float(found[1])
    start = read_start(sheet.replace("_", " "), year="2000/01")
    # A year as a whole ("2024/25") is a plan of its own, not a copy.
    if start.day is None or re.fullmatch(r"\W*(fy)?\s*(20)?\d\d\s*[/_-]?\s*(20)?\d\d\W*", sheet, re.I):
        return None
    return 2, float(start.day.toordinal())
