"""Amounts of money as people write them: "£1.2m", "450k", "(300)", "£1m to £1.5m", "TBC", "5%"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Literal

from evenhand.choose.tracker.sheets import Cell, is_blank, serial_of, text_of

Kind = Literal["amount", "nothing", "unknown", "percentage", "error", "words"]

LONGEST, LONGEST_TITLE = 150, 4_000
MULTIPLIERS = {"": None, "k": 1e3, "thousand": 1e3, "thousands": 1e3, "000s": 1e3, "m": 1e6, "mn": 1e6, "mil": 1e6,
               "mill": 1e6, "million": 1e6, "millions": 1e6, "bn": 1e9, "billion": 1e9}
_NUMBER = r"\d+(?:[ ,.'\u00a0\u202f]\d+)*(?:[.,]\d+)?|\.\d+"
_UNIT = r"k|thousands?|000s|millions?|mill|mil|mn|m|billion|bn"
_ONE = re.compile(
    rf"(?P<minus>[-−–]\s*)?(?P<pound>£|gbp\s*)?\s*(?P<minus2>[-−–])?(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?(?![a-z0-9%])",
    re.I)
_UNKNOWN = re.compile(
    r"^\W*(t\.?\s?b\.?\s?[cda]\.?|t/?b/?[cda]|n\.?\s?/?\s?k\.?|unknown|unquantified|tbq|pending|awaited|unidentified|"
    r"not (yet )?(known|quantified|identified|costed|confirmed|available|calculated|scoped)|awaiting\b.*|"
    r"to be (confirmed|determined|agreed|advised|decided|quantified|identified|worked up|scoped|costed)|"
    r"see (note|comment)s?.*|in development|being (scoped|worked up|costed)|\?+|x+)\W*$", re.I)
_NONE = re.compile(r"^(-+|–|—|n\.?/?\s?a\.?|none|not applicable|\.+|_+)$", re.I)
_NIL = re.compile(r"^(£\s*)?(nil|zero|nought|no (saving|value))$", re.I)
_ERROR = re.compile(r"^#(ref|n/a|value|div/0|name|num|null|spill|calc|getting_data)\b", re.I)
_PERCENT = re.compile(rf"^\W*(?:{_NUMBER})\s*(%|per ?cent)\W*$", re.I)
_JOINT = re.compile(r"^\s*(-|–|—|to|and|/)\s*(£|gbp)?\s*$", re.I)
_ABOUT = re.compile(r"^\W*(c\.?a?\.?|circa|approx(imately)?\.?|about|around|~|est(imated|\.)?|roughly|say)\W*$", re.I)
_UP_TO = re.compile(r"^\W*(up to|max(imum)?( of)?|<=?|no more than|at most|less than|under)\W*$", re.I)
_AT_LEAST = re.compile(r"^\W*(at least|min(imum)?( of)?|>=?|more than|over|from)\W*$", re.I)
_BETWEEN = re.compile(r"^\W*(between|range( of)?|from)?\W*$", re.I)
_HARMLESS_AFTER = re.compile(
    r"^\W*(\+|p\.?a\.?|per (year|annum)|net|gross|recurrent(ly)?|rec|non[- ]?rec(urrent)?|fye|pye|full year( effect)?|"
    r"part year( effect)?|cr|saving|savings|est\.?|estimate|approx\.?|ish|gbp|pounds)?\W*$", re.I)
_UNSURE_AFTER = re.compile(r"\b(t\.?b\.?[cda]|unconfirmed|to be confirmed|provisional|unvalidated|\?)", re.I)


@dataclass(frozen=True)
class Amount:
    """What a cell says of money.

    ``value`` is in the units of its column; where the cell names its own ("450k"), ``own_units`` is true and it is in
    pounds. ``low`` and ``high`` are a range the cell states. ``doubt`` says in words what was assumed, or why there is
    no value.
    """

    kind: Kind
    value: float | None = None
    low: float | None = None
    high: float | None = None
    own_units: bool = False
    doubt: str = ""
    words: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is a figure."""
        return self.value is not None

    def in_pounds(self, multiplier: float) -> Amount:
        """The same amount in pounds, where a plain figure of the column is so many pounds."""
        if self.own_units or self.value is None or multiplier == 1:
            return self
        return replace(self, value=_tidy(self.value * multiplier),
                       low=None if self.low is None else _tidy(self.low * multiplier),
                       high=None if self.high is None else _tidy(self.high * multiplier))


def _tidy(value: float) -> float:
    """Free of what binary fractions add: thousands of a pound are not in any ledger."""
    return round(value, 4)


def read_amount(cell: Cell, *, decimal_comma: bool = False) -> Amount:
    """Read one cell as an amount. ``decimal_comma`` where the file writes 1.234,50.

    >>> read_amount("£1.2m").value
    1200000.0
    >>> read_amount("(300)").value
    -300.0
    >>> read_amount("TBC").doubt
    'it says “TBC”'
    """
    if is_blank(cell):
        return Amount("nothing", doubt="the cell is empty")
    words = text_of(cell)
    if isinstance(cell, bool):
        return Amount("words", doubt=f"it says “{words}”, which is no amount", words=words)
    if isinstance(cell, int | float):
        return (Amount("amount", float(cell), words=words) if math.isfinite(cell)
                else Amount("error", doubt="it holds no finite number", words=words))
    if isinstance(cell, date | time | timedelta):
        number = serial_of(cell)
        assert number is not None
        return Amount("amount", number, words=words,
                      doubt=f"the cell is shown as a date ({words}); the number behind it is {number:,.10g}")
    return _from_text(words, decimal_comma)


@lru_cache(maxsize=65_536)
def _from_text(words: str, decimal_comma: bool) -> Amount:
    """Lists say the same few things again and again, so each is read once."""
    if len(words) > LONGEST:
        return Amount("words", doubt="it holds a text, not an amount", words=words[:LONGEST])
    if _ERROR.match(words):
        return Amount("error", doubt=f"the formula in it is broken ({words})", words=words)
    if _UNKNOWN.match(words):
        return Amount("unknown", doubt=f"it says “{words}”", words=words)
    if _NONE.match(words):
        return Amount("nothing", doubt=f"it says “{words}”", words=words)
    if _NIL.match(words):
        return Amount("amount", 0.0, words=words)
    if _PERCENT.match(words):
        return Amount("percentage", doubt=f"it says {words}, a share and not an amount: of what?", words=words)
    return _from_words(words, decimal_comma)


def _from_words(words: str, decimal_comma: bool) -> Amount:
    accounting = re.fullmatch(rf"\W*\(\s*(£?\s*(?:{_NUMBER})\s*(?:{_UNIT})?)\s*\)\W*", words, re.I)
    # "£000" names a unit, not nought pounds.
    found = [each for each in _ONE.finditer(words) if each["number"] != "000"]
    if not found:
        return Amount("words", doubt=f"it says “{words}”, in which there is no amount", words=words)
    if accounting:
        value, own = _value(found[0], decimal_comma)
        return Amount("amount", -value, own_units=own, words=words)
    if len(found) >= 2 and _JOINT.match(words[found[0].end():found[1].start("number")]):
        spanned = _range(words, found, decimal_comma)
        if spanned is not None:
            return spanned
    before, after = words[:found[0].start()], words[found[0].end():]
    value, own = _value(found[0], decimal_comma)
    # A dash behind other words joins; one that opens the cell, or ends it as ledgers print it, is a sign.
    if (not before.strip() and (found[0]["minus"] or found[0]["minus2"])) or re.fullmatch(r"\s*[-−]\s*", after):
        value, after = -value, after.replace("-", "").replace("−", "")
    if _UP_TO.match(before):
        return Amount("amount", value, min(0.0, value), value, own, f"it says “{words}”: read as the most", words)
    if _AT_LEAST.match(before):
        return Amount("amount", value, value, None, own, f"it says “{words}”: read as the least", words)
    plain = not before.strip(" £") and _HARMLESS_AFTER.match(after)
    if plain:
        return Amount("amount", value, own_units=own, words=words)
    if _UNSURE_AFTER.search(words) and _is_amount_like(found[0]):
        return Amount("amount", value, own_units=own, words=words,
                      doubt=f"it says “{words}”: read as {_said(value, own)}, to be confirmed")
    if _ABOUT.match(before) and _HARMLESS_AFTER.match(after):
        return Amount("amount", value, own_units=own, words=words, doubt=f"it says “{words}”: read as about that")
    if _is_amount_like(found[0]):
        return Amount("amount", value, own_units=own, words=words,
                      doubt=f"it says “{words}”: read as {_said(value, own)}")
    kind: Kind = "unknown" if _UNSURE_AFTER.search(words) else "words"
    return Amount(kind, doubt=f"it says “{words}”, in which no amount can be told", words=words)


def _is_amount_like(found: re.Match[str]) -> bool:
    """A pound sign, a unit or thousands: "3 schemes" in an amount's column is no three pounds."""
    return bool(found["pound"] or found["unit"] or "," in found["number"])


def _said(value: float, own: bool) -> str:
    return f"£{value:,.0f}" if own else f"{value:,.10g}"


def _range(words: str, found: list[re.Match[str]], decimal_comma: bool) -> Amount | None:
    """Two amounts with a joint between: a range. A unit written once, behind, is meant for both ("£1-1.5m")."""
    first, second = found[0], found[1]
    low, own_low = _value(first, decimal_comma)
    high, own_high = _value(second, decimal_comma)
    if own_high and not own_low and low < 1_000 <= high:
        low, own_low = low * (_multiplier(second) or 1.0), True
    if own_low != own_high or low > high or not _BETWEEN.match(words[:first.start()]):
        return None
    return Amount("amount", (low + high) / 2, low, high, own_low, f"it says “{words}”: the middle is taken", words)


def _multiplier(found: re.Match[str]) -> float | None:
    return MULTIPLIERS[(found["unit"] or "").casefold()]


def _value(found: re.Match[str], decimal_comma: bool) -> tuple[float, bool]:
    number = plain_number(found["number"], decimal_comma=decimal_comma)
    multiplier = _multiplier(found)
    return (number, False) if multiplier is None else (_tidy(number * multiplier), True)


def plain_number(text: str, *, decimal_comma: bool = False) -> float:
    """Digits with separators as a number: 1,200 and 1 200 and 1'200; with a decimal comma 1.234,50."""
    plain = re.sub(r"[ '\u00a0\u202f]", "", text)
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and point >= 0:
        decimal = "," if comma > point else "."
    elif comma >= 0:
        grouped = re.fullmatch(r"\d{1,3}(,\d{3})+", plain) is not None
        decimal = "," if decimal_comma or not grouped else "."
    else:
        grouped = re.fullmatch(r"\d{1,3}(\.\d{3})+", plain) is not None
        decimal = "," if (decimal_comma and grouped) or plain.count(".") > 1 else "."
    if decimal == ",":
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "")
    return float(plain)


def writes_decimal_commas(cells: list[Cell]) -> bool:
    """Whether a column's amounts are written 1.234,50: some show it, and none shows the contrary."""
    texts = [text_of(cell) for cell in cells if isinstance(cell, str) and not is_blank(cell)]
    with_comma = sum(bool(re.search(r"\d(?:\.\d{3})*,\d{1,2}(?!\d)", text)) for text in texts)
    with_point = sum(bool(re.search(r"\d(?:,\d{3})*\.\d{1,2}(?!\d)", text)) for text in texts)
    return with_comma > with_point


def read_share(cell: Cell) -> float | None:
    """A confidence as a share between 0 and 1: 80%, 0.8, 80, "high" (0.9), "medium" (0.5), "low" (0.2)."""
    if is_blank(cell) or isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        number = float(cell)
    else:
        words = text_of(cell).casefold().strip(" %")
        for word, share in (("very high", 0.95), ("high", 0.9), ("medium", 0.5), ("moderate", 0.5), ("low", 0.2)):
            if words.startswith(word):
                return share
        try:
            number = float(words) / (100 if "%" in text_of(cell) else 1)
        except ValueError:
            return None
    if 1 < number <= 100:
        number /= 100
    return number if 0 <= number <= 1 else None


UNITS = {"pounds": 1.0, "thousands": 1e3, "millions": 1e6}
_THOUSANDS = re.compile(r"[£(\[ ]\s*['’`]?\s*(000|k)\b(?!\s*\d)|£\s*['’]?000|['’]000s?|\bin thousands\b|£\s?k\b|"
                        r"\b000s\b|\bthousands\b|\(k\)", re.I)
_MILLIONS = re.compile(r"£\s?m(illions?|n)?\b|\(m\)|\bin millions\b|\bmillions\b", re.I)
_POUNDS = re.compile(r"£(?!\s*['’]?\s*(000|k|m))|\bpounds\b|\bgbp\b", re.I)


def units_said(text: str) -> Literal["", "pounds", "thousands", "millions"]:
    """The units that a heading or a title names: "Saving £000", "all figures in £k", "(£m)"."""
    # A broken file may hold a text without end, with more spaces in a row than these patterns bear.
    text = " ".join(text[:LONGEST_TITLE].split())
    if _MILLIONS.search(text):
        return "millions"
    if _THOUSANDS.search(f" {text}"):
        return "thousands"
    return "pounds" if _POUNDS.search(text) else ""
