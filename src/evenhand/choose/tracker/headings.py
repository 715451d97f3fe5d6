"""Which column is what: guessed from its heading and from what stands below, with how sure, until a person says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from evenhand.choose.tracker.amounts import read_amount, read_share, units_said
from evenhand.choose.tracker.dates import read_start
from evenhand.choose.tracker.sheets import Cell, is_blank, text_of
from evenhand.choose.tracker.vocabulary import MANY, MONEY_ROLES, ROLES
from evenhand.terms.period import NAMES

_FIRST_THREE = tuple(name[:3] for name in NAMES)
_GROUP = "plan|planned|actuals?|forecast|target|delivered|achieved|profiled?|phas(?:ed|ing)|savings?|budget|monthly"
_SPELT = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in NAMES) + "|sept"
_MONTH = re.compile(rf"^(?P<group>{_GROUP})?\s*(?P<month>{_SPELT})\s*(20\d{{2}}|\d{{2}})?\s*(?P<rest>{_GROUP})?$")
_QUARTER = re.compile(rf"^(?P<group>{_GROUP})?\s*(?:q|qtr |quarter )\s?(?P<quarter>[1-4])\s*(?P<rest>{_GROUP})?$")
_PERIOD = re.compile(r"^\W*(?:m|month|mth|p|period)\s?(?P<place>0?[1-9]|1[0-2])\b(?P<rest>.*)$", re.I)
_YEARS = re.compile(r"(?<!\d)(?P<first>20\d{2}|\d{2})\s*[/–-]\s*(?P<second>20\d{2}|\d{2})(?!\d)")
_UNIT_WORDS = re.compile(r"£\s?['’`]?(k\b|m\b|0{3}s?\b)?|['’`]|\b0{3}s?\b|\bgbp\b|\(\s*[km]\s*\)|"
                         r"\b(in )?(pounds|thousands|millions)\b", re.I)


@dataclass(frozen=True)
class Guess:
    """One column taken for something.

    ``sure`` is between 0 and 1; ``because`` says why in words. ``confirmed`` where a person said so. ``month`` is 1 to
    12 for a column of monthly figures, ``year`` a financial year (2024/25) where the heading names one.
    """

    role: str
    column: int
    heading: str
    sure: float
    because: str
    confirmed: bool = False
    month: int | None = None
    year: str = ""


def plain_heading(text: str) -> str:
    """A heading without units, years and marks, for comparing: "Net Saving 2024/25 (£000)" is "net saving"."""
    without = _UNIT_WORDS.sub(" ", _YEARS.sub(" ", f" {text} ".casefold()))
    return " ".join(re.sub(r"[^a-z0-9%]+", " ", without).split())


def year_in(text: str) -> str:
    """The financial year that words name, as 2024/25; empty where none is, or where the two do not follow."""
    for found in _YEARS.finditer(text):
        first = int(found["first"][-2:])
        if (first + 1) % 100 == int(found["second"][-2:]) and 10 <= first <= 75:
            return f"20{first:02d}/{(first + 1) % 100:02d}"
    return ""


def folded(heading: str) -> str:
    """A heading as it is compared with what a person types: case and spaces do not count."""
    return " ".join(heading.split()).casefold()


OVER = "›"
"""Stands between the upper and the lower of two rows of headings: "2026/27 £000 › Plan"."""


@lru_cache(maxsize=4096)
def guess_of_heading(heading: str, column: int) -> tuple[Guess, ...]:
    """Everything a heading may mean, the likeliest first; empty where it says nothing that is known.

    Of headings in two rows the whole is asked, and the lower one alone.
    """
    if OVER not in heading:
        return _guesses(heading, column)
    whole = " ".join(heading.replace(OVER, " ").split())
    if (monthly := _monthly(whole, plain_heading(whole), column, year_in(whole))) is not None:
        return (replace(monthly, heading=heading),)
    best: dict[str, Guess] = {}
    year = year_in(whole)
    for guess in (*_guesses(whole, column), *_guesses(heading.rpartition(OVER)[2], column)):
        if guess.role not in best or guess.sure > best[guess.role].sure:
            best[guess.role] = replace(guess, heading=heading, year=guess.year or year)
    return tuple(sorted(best.values(), key=lambda each: -each.sure))


def _guesses(heading: str, column: int) -> tuple[Guess, ...]:
    words = " ".join(heading.split())
    plain = plain_heading(words)
    year = year_in(words)
    monthly = _monthly(words, plain, column, year)
    if monthly is not None:
        return (monthly,)
    found = []
    for place, role in enumerate(ROLES):
        if re.fullmatch(r"20\d\d", plain):
            if role.name == "value":
                first = int(plain)
                found.append((0.6, place, Guess("value", column, words, 0.6, f"the heading is the year {words}",
                                                year=f"{first}/{(first + 1) % 100:02d}")))
        elif not plain:
            if role.name == "value" and (year or _UNIT_WORDS.search(words)):
                found.append((0.7, place, Guess("value", column, words, 0.7, f"the heading says “{words}” only",
                                                year=year)))
        elif re.fullmatch(role.exact, plain):
            found.append((0.95, place, Guess(role.name, column, words, 0.95, f"the heading says “{words}”", year=year)))
        elif role.within and re.search(role.within, plain):
            found.append((0.7, place, Guess(role.name, column, words, 0.7, f"the heading “{words}” speaks of it",
                                            year=year)))
    if units_said(words):
        # "Saving £000" holds money, though "Saving" alone may head the names of savings.
        found = [(weight if guess.role in MONEY_ROLES | {"overlap"} else weight - 0.4, place, guess)
                 for weight, place, guess in found]
        found += _money_by_another_name(words, plain, year, column, found)
    return tuple(replace(guess, sure=weight) for weight, _, guess in sorted(found, key=lambda each: (-each[0], each[1]))
                 if weight > 0.2)


_AGAIN = re.compile(r"rec|recurrent|recurring")
_ONCE = re.compile(r"(nr|one off|non ?rec\w*)")


def _money_by_another_name(words: str, plain: str, year: str, column: int,
                           found: Sequence[tuple[float, int, Guess]]) -> list[tuple[float, int, Guess]]:
    """What a heading with units means though it names no saving: "Recurrent £k", or one body's part of it."""
    roles = {guess.role for _, _, guess in found}
    if _AGAIN.fullmatch(plain) or _ONCE.fullmatch(plain):
        role = "value_recurrent" if _AGAIN.fullmatch(plain) else "value_nonrecurrent"
        return [(0.9, 0, Guess(role, column, words, 0.9, f"the heading “{words}” names money", year=year))]
    if roles & {"body", "provider"} and not roles & MONEY_ROLES:
        return [(0.6, 0, Guess("value_of_body", column, words, 0.6,
                               f"the heading “{words}” names a body and money", year=year))]
    return []


def _monthly(words: str, plain: str, column: int, year: str) -> Guess | None:
    named, numbered, quarter = _MONTH.match(plain), _PERIOD.match(words), _QUARTER.match(plain)
    if quarter:
        number, rest = (int(quarter["quarter"]) * 3) % 12 + 1, f"{quarter['group'] or ''} {quarter['rest'] or ''}"
    elif named:
        number, rest = _FIRST_THREE.index(named["month"][:3]) + 1, f"{named['group'] or ''} {named['rest'] or ''}"
    elif numbered:
        number, rest = (int(numbered["place"]) + 2) % 12 + 1, numbered["rest"]
    else:
        return None
    because = f"the heading names a {'quarter' if quarter else 'month'} (“{words}”)"
    if re.search(r"forecast|varianc", rest, re.I):
        return Guess("variance", column, words, 0.8, because, month=number, year=year)
    role = "month_actual" if re.search(r"actual|deliver|achiev", rest, re.I) else "month_plan"
    return Guess(role, column, words, 0.9, because, month=number, year=year)


# --- what stands below a heading --------------------------------------------------------------------------------------

YES_OR_NO = re.compile(r"^(y|n|yes|no|true|false|✓|✗|x|part(ly)?|r|nr|n/r|rec|non[- ]?rec(urrent)?|recurrent|recurring|"
                       r"one[- ]?off|cash|cashable|non[- ]?cash(able)?|cr|ncr)\b", re.I)


def fit(role: str, cells: Sequence[Cell]) -> float | None:
    """The share of filled cells below a heading that are what the role asks for; ``None`` where all are empty.

    Words such as "TBC" fit everywhere: they say that the figure is missing, not that the column is another.
    """
    filled = [cell for cell in cells if not is_blank(cell)]
    if not filled:
        return None
    if role in MONEY_ROLES:
        kinds = [read_amount(cell).kind for cell in filled]
        return sum(kind in ("amount", "unknown", "nothing", "error", "percentage") for kind in kinds) / len(kinds)
    if role in ("start", "end"):
        starts = [read_start(cell, year="2024/25") for cell in filled]
        return sum(one.is_said or "no date" not in one.doubt for one in starts) / len(starts)
    texts = [text_of(cell) for cell in filled]
    if role in ("recurrent", "cash_releasing"):
        return sum(bool(YES_OR_NO.match(text)) or "tb" in text.casefold() for text in texts) / len(texts)
    if role == "confidence":
        fits = [read_share(cell) is not None or "tb" in text_of(cell).casefold() for cell in filled]
        return sum(fits) / len(fits)
    if role in ("name", "owner", "sponsor", "measure", "programme", "body", "provider", "detail", "note", "kind"):
        # A dash says that there is nobody, not that the column is another.
        return sum(isinstance(cell, str) and re.fullmatch(r"[\d\s.,£%()]+", cell) is None
                   for cell in filled) / len(filled)
    if role == "units":
        return sum(bool(units_said(text)) for text in texts) / len(texts)
    if role == "year":
        return sum(bool(year_in(text) or re.fullmatch(r"20\d{2}", text)) for text in texts) / len(texts)
    if role == "hours":
        return sum(read_amount(cell).kind in ("amount", "unknown", "nothing") for cell in filled) / len(filled)
    return 1.0


def settled(options: Sequence[Sequence[Guess]], below: Sequence[Sequence[Cell]]) -> list[Guess]:
    """One meaning for each column: the surest by heading and by what stands below, each meaning used once.

    ``options`` are what the headings may mean, ``below`` the cells under them by column. Several savings of different
    years, side by side, are the years of one plan.
    """
    weighed: list[Guess] = []
    for choices in options:
        for guess in choices:
            share = fit(guess.role, below[guess.column])
            if guess.confirmed:
                weighed.append(guess)
            elif share is None:
                weighed.append(replace(guess, sure=round(guess.sure * 0.9, 3)))
            elif share >= 0.5:
                weighed.append(replace(guess, sure=round(guess.sure * (0.7 + 0.3 * share), 3)))
    weighed = _years_side_by_side(weighed)
    taken: dict[int, Guess] = {}
    used: set[str] = set()
    for guess in sorted(weighed, key=lambda each: (not each.confirmed, -each.sure, each.column)):
        if guess.column in taken or (guess.role in used and guess.role not in MANY):
            continue
        taken[guess.column] = guess
        used.add(guess.role)
    return [taken[column] for column in sorted(taken)]


def _years_side_by_side(weighed: Sequence[Guess]) -> list[Guess]:
    best = {guess.column: guess for guess in sorted(weighed, key=lambda each: each.sure)}
    yearly = [guess for guess in best.values() if guess.role == "value" and guess.year and not guess.confirmed]
    if len({guess.year for guess in yearly}) < 2:
        return list(weighed)
    columns = {guess.column for guess in yearly}
    return [replace(guess, role="year_value") if guess.column in columns and guess.role == "value" else guess
            for guess in weighed]
