"""From a row's cells to a scheme: what it is worth, from when, whose, and everything that is doubtful about it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from evenhand.choose.tracker.amounts import UNITS, Amount, read_amount, read_share, units_said
from evenhand.choose.tracker.dates import Start, read_start
from evenhand.choose.tracker.doubles import near
from evenhand.choose.tracker.formatting import colour_word
from evenhand.choose.tracker.headings import Guess, year_in
from evenhand.choose.tracker.lacking import lacking
from evenhand.choose.tracker.plain_cells import (
    hours_of,
    is_nobody,
    kind_of,
    name_of,
    person_of,
    row_fill_of,
    says_no,
    yes_or_no,
)
from evenhand.choose.tracker.rows import Line, key_of
from evenhand.choose.tracker.schemes import Change, Reading, Scheme
from evenhand.choose.tracker.sheets import is_blank, text_of
from evenhand.choose.tracker.standing import standing_of
from evenhand.choose.tracker.tables import Block

# Of several ways to a figure, the first that a list has.
ROUTES = ("value", "year_value", "net", "parts", "bodies", "months", "gross", "forecast", "full_year", "risk_adjusted")
TWELVE = "times twelve"
"""What a person says of savings that are those of a single month."""
THOUSANDS, LARGEST_PLAIN = "thousands", 10_000
"""What a person says of a plain figure among others that name their units, and up to which pounds it is asked."""
_PER_MONTH = re.compile(r"\b(per|a|each) month\b|\bmonthly\b|/ ?(month|mth)\b|\bp\.?c\.?m\b", re.I)


class BlockReader:
    """Reads the lines of one block, after looking at all of them for its habits."""

    def __init__(self, block: Block, lines: Sequence[Line], reading: Reading) -> None:
        self.block, self.reading = block, reading
        self.roles = {guess.role for guess in block.guesses}
        self.year = reading.year
        self.value_year = self._value_year()
        self.route = self._route(lines)
        self.units = {guess.column: self._unit(guess) for guess in block.guesses}
        ruled = reading.ruled.get(key_of("monthly", self.monthly_heading), "")
        self.times = 12.0 if self.monthly_heading and ruled == TWELVE else 1.0
        main = [amount for line in lines if (amount := self._main_amount(line)) is not None and amount.value]
        # Savings written as negative spend: nearly all figures of the list are below nought.
        self.turned = len(main) >= 3 and sum((amount.value or 0) < 0 for amount in main) >= 0.8 * len(main)
        sizes = sorted(abs(amount.value or 0) for amount in main if not amount.own_units)
        self.middle = sizes[len(sizes) // 2] if sizes else 0.0

    @property
    def monthly_heading(self) -> str:
        """The heading of the savings where it speaks of one month of them; else empty."""
        main = self.main_column()
        monthly = main is not None and self.route != "months" and _PER_MONTH.search(main.heading)
        return main.heading if main is not None and monthly else ""

    def _unit(self, guess: Guess) -> str:
        if self.reading.units != "auto":
            return self.reading.units
        return self.block.units.get(guess.column) or "pounds"

    def _value_year(self) -> Guess | None:
        years = self.block.columns("year_value")
        if not years:
            return None
        return next((guess for guess in years if guess.year == self.year), min(years, key=lambda each: each.year))

    def _route(self, lines: Sequence[Line]) -> str:
        has = self.roles
        if "value" in has and len(self.block.columns("year_value")) > 1 and self._totals_the_years(lines):
            return "year_value"
        there = {"value": "value" in has, "year_value": "year_value" in has, "net": {"gross", "cost"} <= has,
                 "parts": bool({"value_recurrent", "value_nonrecurrent"} & has),
                 "bodies": "value_of_body" in has, "months": "month_plan" in has,
                 "gross": "gross" in has, "forecast": "forecast" in has, "full_year": "full_year" in has,
                 "risk_adjusted": "risk_adjusted" in has}
        return next((route for route in ROUTES if there[route]), "none")

    def _totals_the_years(self, lines: Sequence[Line]) -> bool:
        """Whether what looks like the saving is the sum of the years beside it: then this year's is the claim."""
        value = self.block.columns("value")[0]
        if value.year or value.confirmed:
            return False
        fits = []
        for line in lines:
            total = self.block.amount(line.place, value.column).value
            years = [amount.value for guess in self.block.columns("year_value")
                     if (amount := self.block.amount(line.place, guess.column)).value is not None]
            if total and years:
                fits.append(near(math.fsum(years), total))
        return bool(fits) and sum(fits) >= 0.8 * len(fits)

    def _main_amount(self, line: Line) -> Amount | None:
        guess = self.main_column()
        return None if guess is None else self.block.amount(line.place, guess.column)

    def main_column(self) -> Guess | None:
        """The column that the savings are read from, or the first of several."""
        if self.route == "year_value":
            return self.value_year
        role = {"net": "gross", "parts": "value_recurrent", "months": "month_plan", "bodies": "value_of_body"}.get(
            self.route, self.route)
        if self.route == "parts" and role not in self.roles:
            role = "value_nonrecurrent"
        return next(iter(self.block.columns(role)), None)

    # --- money --------------------------------------------------------------------------------------------------------

    def amount(self, line: Line, guess: Guess, *, struck_too: bool = False) -> Amount:
        """The amount in one cell of money, in pounds, the sign turned where savings are written as negative."""
        place = (line.place, guess.column)
        if place in line.sheet.marks.without_value:
            return Amount("error", doubt="its formula was never worked out")
        if place in line.sheet.marks.struck and not struck_too:
            words = text_of(line.sheet.rows[line.place][guess.column])
            return Amount("unknown", doubt="its figure is struck through", words=words)
        found = self.block.amount(line.place, guess.column)
        multiplier = self._multiplier(line, guess)
        if multiplier > 1 and "£" in found.words and found.value is not None and not found.own_units \
                and abs(found.value) >= 10_000 and self.middle and abs(found.value) > 50 * self.middle:
            # "£450,000" among 450 and 1,200 under a heading of thousands: written out in full.
            return Amount("amount", found.value, found.low, found.high, True, "", found.words)
        pounds = found.in_pounds(multiplier)
        if self._is_thousands(line, guess, pounds):
            return replace(found.in_pounds(1000.0), doubt="a person said that it is thousands")
        if self.times > 1 and pounds.value is not None and guess == self.main_column():
            low, high = (None if end is None else end * self.times for end in (pounds.low, pounds.high))
            pounds = Amount(pounds.kind, pounds.value * self.times, low, high, pounds.own_units,
                            f"a month's saving times {self.times:.0f}", pounds.words)
        if self.turned and pounds.value is not None:
            low, high = pounds.high, pounds.low
            pounds = Amount(pounds.kind, -pounds.value or 0.0, None if low is None else -low,
                            None if high is None else -high, pounds.own_units, pounds.doubt, pounds.words)
        return pounds

    def _is_thousands(self, line: Line, guess: Guess, pounds: Amount) -> bool:
        """Whether a person ruled that the small plain figure of this row is thousands."""
        return (not pounds.own_units and 0 < (pounds.value or 0.0) < LARGEST_PLAIN and guess == self.main_column()
                and self.reading.ruled.get(key_of("units", name_of(line)[0])) == THOUSANDS)

    def _multiplier(self, line: Line, guess: Guess) -> float:
        """How many pounds a plain figure is: as its own row says in a column of units, else as its column says."""
        said = units_said(line.text("units")) if "units" in self.roles else ""
        return UNITS[said or self.units[guess.column]]

    def first(self, line: Line, role: str) -> tuple[Amount, Guess] | None:
        """The amount under the first column taken for this."""
        guess = next(iter(self.block.columns(role)), None)
        return None if guess is None else (self.amount(line, guess), guess)

    def figure(self, line: Line, role: str) -> float | None:
        """The same as a plain figure in pounds, or ``None``."""
        found = self.first(line, role)
        return None if found is None else found[0].value

    def value(self, line: Line) -> tuple[Amount, str]:
        """What the scheme claims this year, and where that was found."""
        if self.route in ("value", "gross", "forecast", "full_year", "risk_adjusted"):
            found = self.first(line, self.route)
            assert found is not None
            amount, guess = found
            if amount.kind == "nothing" and self.route == "value":
                return self._instead(line, amount, guess)
            return amount, self._where(line, guess, amount)
        if self.route == "year_value":
            assert self.value_year is not None
            amount = self.amount(line, self.value_year)
            return amount, self._where(line, self.value_year, amount)
        if self.route == "net":
            return self._net(line)
        if self.route == "parts":
            return self._added(line, [*self.block.columns("value_recurrent"),
                                      *self.block.columns("value_nonrecurrent")], "the two parts")
        if self.route == "bodies":
            return self._added(line, self.block.columns("value_of_body"), "the parts of the bodies")
        if self.route == "months":
            return self._added(line, self.block.columns("month_plan"), "the months")
        return Amount("nothing", doubt="the list has no column of amounts"), ""

    def _where(self, line: Line, guess: Guess, amount: Amount) -> str:
        letters = f"{line.sheet.letters(guess.column)}{line.number}"
        shown = amount.words or "nothing"
        unit = next(name for name, pounds in UNITS.items() if pounds == self._multiplier(line, guess))
        said = f" ({unit})" if unit != "pounds" and not amount.own_units else ""
        return f"{letters} says “{shown}”{said}" + ("" if amount.value is None else f": £{amount.value:,.0f}")

    def _instead(self, line: Line, empty: Amount, guess: Guess) -> tuple[Amount, str]:
        """An empty saving beside months that are filled in: their sum."""
        months = self.block.columns("month_plan")
        if months:
            added, where = self._added(line, months, "the months")
            if added.value is not None:
                return Amount("amount", added.value, doubt="its saving is empty; the months are added up"), where
        return empty, self._where(line, guess, empty)

    def _net(self, line: Line) -> tuple[Amount, str]:
        gross, cost = self.first(line, "gross"), self.first(line, "cost")
        assert gross is not None
        assert cost is not None
        if gross[0].value is None:
            return gross[0], self._where(line, gross[1], gross[0])
        less = abs(cost[0].value or 0.0)
        doubt = "" if cost[0].is_known or cost[0].kind == "nothing" else f"its cost is not known: {cost[0].doubt}"
        where = f"{self._where(line, gross[1], gross[0])}, less its cost of £{less:,.0f}"
        return Amount("amount", gross[0].value - less, doubt=doubt, words=gross[0].words), where

    def _added(self, line: Line, guesses: Sequence[Guess], what: str) -> tuple[Amount, str]:
        amounts = [(self.amount(line, guess), guess) for guess in guesses]
        known = [(amount, guess) for amount, guess in amounts if amount.value is not None]
        if not known:
            told = next((amount for amount, _ in amounts if amount.kind != "nothing"), amounts[0][0])
            return told, f"{what} of row {line.number} hold no figure"
        total = math.fsum(amount.value or 0.0 for amount, _ in known)
        first, last = known[0][1].column, known[-1][1].column
        letters = f"{line.sheet.letters(first)}{line.number} to {line.sheet.letters(last)}{line.number}"
        missing = [amount for amount, _ in amounts if amount.kind in ("unknown", "words", "error")]
        doubt = f"of {what} {len(missing)} have no figure" if missing else ""
        return Amount("amount", total, doubt=doubt), f"{what}, {letters}, add up to £{total:,.0f}"

    # --- the rest -----------------------------------------------------------------------------------------------------

    def scheme(self, line: Line) -> Scheme:
        """The scheme of one line, before duplicates and the usual shortfall are looked at."""
        amount, where = self.value(line)
        value = amount.value
        problems = [] if not amount.doubt else [f"amount: {amount.doubt}"]
        name, named = name_of(line)
        if not named:
            problems.append("it has no name")
        if line.text("id") and (line.place, self.block.column("name") or 0) in line.sheet.marks.struck:
            problems.append("its name is struck through")
        problems += self._disagreements(line, value)
        low, high = self._range(line, amount, problems)
        owner, sponsor = person_of(line, "owner"), person_of(line, "sponsor")
        if "owner" not in self.roles:
            owner = sponsor
        start = read_start(line.cell("start"), year=self.year)
        measure = "" if is_nobody(line.text("measure")) else line.text("measure")
        actual = self._actual(line)
        forecast = self.figure(line, "forecast") if self.route != "forecast" else None
        late = self._late(start, actual, value)
        problems += lacking(self.roles, owner, sponsor, start, measure)
        if late:
            problems.append("it should have started and has no figures")
        if value is not None and value < 0:
            problems.append("its figure is below nought: a cost, taken off what the others claim")
        recurrent, full_year = self._recurrence(line, value, problems)
        again, once = self.figure(line, "value_recurrent"), self.figure(line, "value_nonrecurrent")
        fill = self._status_fill(line)
        twice = self._twice(line, value, problems)
        confidence = read_share(line.cell("confidence"))
        unsure = [amount.doubt] if value is not None and "confirmed" in amount.doubt else []
        if late:
            unsure.append("it should have started and has no figures")
        status, because = standing_of(
            name=name, value=value, status=line.text("status"), fill=fill, confidence=confidence, doubts=unsure,
            has_owner=bool(owner) if {"owner", "sponsor"} & self.roles else None,
            has_start=start.is_said if "start" in self.roles else None, actual=actual, forecast=forecast,
            under=tuple(words for words in (line.part, line.sheet.name)
                        if self.reading.ruled.get(key_of("closed", words)) != "still claimed"))
        changes = self._changes(line, amount, where, start, full_year, fill)
        note = " ".join(text_of(line.sheet.rows[line.place][guess.column])
                        for guess in self.block.columns("note")).strip()
        return Scheme(
            line.sheet.name, line.number, name, value, low, high, line.text("id"), line.text("programme") or line.part,
            owner,
            sponsor, start.text, start.day, start.in_place, recurrent, full_year, status, because, tuple(problems),
            measure, self._cash(line), kind_of(line.text("kind")), line.text("body"), line.text("provider"),
            self._scheme_year(line), self._by_year(line), self.figure(line, "cost"), actual, forecast, twice,
            hours_of(line), note, late, where, amount.words, row_fill_of(line), line.text("status"), changes,
            None if again is None and once is None else again or 0.0)

    def _changes(self, line: Line, amount: Amount, where: str, start: Start, full_year: float | None,
                 fill: str) -> tuple[Change, ...]:
        """Every cell that was read otherwise than it stands."""
        found = []
        plain = amount.value is not None and amount.words == text_of(amount.value)
        if amount.kind != "nothing" and (not plain or amount.doubt):
            read_as = "not known" if amount.value is None else f"£{amount.value:,.2f}"
            found.append(Change("amount", amount.words or where, f"{read_as}: {amount.doubt or where}"))
        if start.words and start.words != start.text:
            found.append(Change("start", start.words, start.text or ("begun" if start.in_place else "not known")))
        for role in ("owner", "measure"):
            text = line.text(role)
            if text and is_nobody(text):
                found.append(Change(role, text, "none"))
        guess = next(iter(self.block.columns("full_year")), None)
        if guess is not None and full_year is not None:
            said = text_of(line.sheet.rows[line.place][guess.column])
            if said != text_of(full_year):
                found.append(Change("full year", said, f"£{full_year:,.2f}"))
        if fill and not line.text("status"):
            found.append(Change("status", f"coloured {colour_word(fill)}", "read from its colour"))
        return tuple(found)

    def _disagreements(self, line: Line, value: float | None) -> list[str]:
        """Where the figures of one row do not fit each other: months beside their sum, gross and cost beside net."""
        if value is None or self.route != "value":
            return []
        found = []
        months = [amount.value for guess in self.block.columns("month_plan")
                  if (amount := self.amount(line, guess)).value is not None]
        if months and not near(math.fsum(months), value):
            found.append(f"its months add up to £{math.fsum(months):,.0f}")
        gross, cost = self.figure(line, "gross"), self.figure(line, "cost")
        if gross is not None and cost is not None and not near(gross - abs(cost), value) and not near(gross, value):
            found.append(f"its gross saving less its cost is £{gross - abs(cost):,.0f}")
        return found

    def _range(self, line: Line, amount: Amount, problems: list[str]) -> tuple[float | None, float | None]:
        low, high = amount.low, amount.high
        stated_low, stated_high = self.figure(line, "low"), self.figure(line, "high")
        low = stated_low if stated_low is not None else low
        high = stated_high if stated_high is not None else high
        if low is not None and high is not None and low > high:
            problems.append("its lowest figure is above its highest")
            low, high = high, low
        return low, high

    def _actual(self, line: Line) -> float | None:
        found = self.figure(line, "actual")
        if found is not None or not self.block.columns("month_actual"):
            return found
        added, _ = self._added(line, self.block.columns("month_actual"), "the months found")
        return added.value

    def _late(self, start: Start, actual: float | None, value: float | None) -> bool | None:
        """Whether it should have started and has no figures; ``None`` where no day is given to judge by."""
        if self.reading.today is None:
            return None
        begun = start.in_place or (start.day is not None and start.day <= self.reading.today)
        if not begun:
            return False
        watched = bool({"actual", "month_actual"} & self.roles)
        return (actual is None or actual == 0) if watched else value is None

    def _recurrence(self, line: Line, value: float | None, problems: list[str]) -> tuple[bool | None, float | None]:
        full_year = self.figure(line, "full_year")
        again, once = self.figure(line, "value_recurrent"), self.figure(line, "value_nonrecurrent")
        recurrent = yes_or_no(line.text("recurrent"))
        if recurrent is None and (again or once):
            recurrent = None if again and once else bool(again)
            if again and once:
                problems.append(f"£{again:,.0f} of it comes again each year and £{once:,.0f} only once")
        if recurrent and full_year is not None and value is not None and 0 <= full_year < value:
            problems.append("its full-year figure is below this year's though it comes again each year")
        return recurrent, full_year

    def _cash(self, line: Line) -> bool | None:
        return yes_or_no(line.text("cash_releasing"))

    def _scheme_year(self, line: Line) -> str:
        text = line.text("year")
        return year_in(text) or (f"{text}/{(int(text) + 1) % 100:02d}" if re.fullmatch(r"20\d\d", text) else "")

    def _by_year(self, line: Line) -> dict[str, float]:
        return {guess.year: amount.value for guess in self.block.columns("year_value")
                if (amount := self.amount(line, guess)).value is not None}

    def _status_fill(self, line: Line) -> str:
        place = self.block.column("status")
        return "" if place is None else line.sheet.marks.fills.get((line.place, place), "")

    def _twice(self, line: Line, value: float | None, problems: list[str]) -> float:
        """What the tracker itself says is counted elsewhere: an amount, or the whole where it says yes."""
        cell = line.cell("overlap")
        text = text_of(cell)
        if is_blank(cell) or value is None or value <= 0 or says_no(text) or is_nobody(text):
            return 0.0
        heading = next(guess.heading for guess in self.block.columns("overlap"))
        # A bare figure is money only where the heading says so; elsewhere it is the number of another scheme.
        is_money = bool(units_said(heading) or re.search(r"adjust|amount|value", heading, re.I))
        amount = read_amount(cell).in_pounds(self._overlap_multiplier())
        if not (is_money or "£" in amount.words or amount.own_units):
            amount = Amount("words")
        if amount.value is not None:
            twice = min(abs(amount.value), value)
            if twice:
                problems.append(f"the list says £{twice:,.0f} of it is counted elsewhere")
            return twice
        problems.append(f"the list says that it is counted elsewhere (“{text}”)")
        return value

    def _overlap_multiplier(self) -> float:
        main = self.main_column()
        return UNITS[self.units[main.column]] if main is not None else 1.0
