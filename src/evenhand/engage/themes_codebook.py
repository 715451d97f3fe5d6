"""A codebook made by people: which words, phrases and patterns speak of which theme; and how well it codes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.data import tables, texts
from evenhand.data.tables import Opened, Source
from evenhand.terms import Problem, Refused, refuse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_RULES = 2_000


@dataclass(frozen=True)
class Theme:
    """One theme: words or phrases (a star at the end stands for any ending) and patterns (regular expressions)."""

    name: str
    words: tuple[str, ...]
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """Themes in the order they were written, with the version by which the codebook is known."""

    name: str
    digest: str
    version: str
    themes: tuple[Theme, ...]


def read_codebook(source: Source) -> Codebook:
    """Open a codebook: TOML (``version``, then ``[[theme]]`` with ``name``, ``words``, ``patterns``), or a table with
    columns ``theme``, ``words`` and optional ``patterns`` (several with semicolons between) and ``version``.

    Raises ``Refused`` for what is neither, a theme without words, two themes of one name, and unknown parts.
    """
    if isinstance(source, Codebook):
        return source
    if isinstance(source, Mapping) and "theme" in source and not _is_columns(source):
        return _from_document(source, "the codebook", "")
    if _is_toml(source):
        text = texts.read_text(source)
        try:
            document = tomllib.loads(text.content)
        except tomllib.TOMLDecodeError as trouble:
            raise refuse(f"this is not TOML: {trouble}", "mend it there", file=text.name) from None
        return _from_document(document, text.name, text.digest)
    return _from_table(source)


def _is_columns(source: Mapping[str, Any]) -> bool:
    return "words" in source


def _is_toml(source: Source) -> bool:
    path = source.path if isinstance(source, Opened) else source
    if not isinstance(path, str) and not hasattr(path, "suffix"):
        return False
    named = str(path)
    return (str(tables.sample(named)) if named.startswith("sample:") else named).casefold().endswith(".toml")


def _from_document(document: Mapping[str, Any], name: str, digest: str) -> Codebook:
    import hashlib
    import json

    listed = document.get("theme")
    if not isinstance(listed, list) or not listed or not all(isinstance(each, Mapping) for each in listed):
        raise refuse("the codebook has no themes", "write [[theme]] with name and words for each", file=name)
    problems, themes = [], []
    for number, each in enumerate(listed, 1):
        strange = sorted(set(each) - {"name", "words", "patterns", "note"})
        if strange:
            problems.append(Problem("a theme has no such part", "use name, words, patterns and note", name, number,
                                    "theme", ", ".join(strange)))
        words, patterns = each.get("words", []), each.get("patterns", [])
        if not all(isinstance(part, list) and all(isinstance(one, str) for one in part) for part in (words, patterns)):
            problems.append(Problem("words and patterns are lists of texts", 'write ["wait*", "on time"]', name, number,
                                    "words", str(words)[:60]))
            continue
        themes.append((number, str(each.get("name", "")).strip(), tuple(words), tuple(patterns)))
    written = json.dumps(document, sort_keys=True, default=str).encode()
    digest = digest or "sha256:" + hashlib.sha256(written).hexdigest()
    return _checked(name, digest, str(document.get("version", "")), themes, problems)


def _from_table(source: Source) -> Codebook:
    data = tables.read(source, name="the codebook")
    data.require("theme", "words")
    names, words = data.texts("theme"), data.texts("words")
    patterns = data.texts("patterns") if "patterns" in data else [""] * len(data)
    versions = sorted(set(data.texts("version")) - {""}) if "version" in data else []
    if len(versions) > 1:
        raise refuse("the rows are of different versions", "keep the rows of one version", file=data.name,
                     column="version", value=", ".join(versions))
    themes = [(int(data.row_numbers[place]), name, _parts(words[place]), _parts(patterns[place]))
              for place, name in enumerate(names)]
    return _checked(data.name, data.digest, versions[0] if versions else "", themes, [])


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _checked(name: str, digest: str, version: str, rows: Sequence[tuple[int, str, tuple[str, ...], tuple[str, ...]]],
             problems: list[Problem]) -> Codebook:
    seen: dict[str, int] = {}
    for number, theme, words, patterns in rows:
        if not theme:
            problems.append(Problem("this theme has no name", "name it", name, number, "theme"))
        elif theme.casefold() in seen:
            problems.append(Problem(f"theme {seen[theme.casefold()]} has the same name", "join the two", name, number,
                                    "theme", theme))
        seen.setdefault(theme.casefold(), number)
        if not words and not patterns:
            problems.append(Problem("this theme has neither words nor patterns", "say by what it is known", name,
                                    number, "words", theme))
        problems += [Problem("this is no word", "write letters or figures, with a star only at the end of a word", name,
                             number, "words", word) for word in words if not _is_word(word)]
        problems += [Problem(f"this pattern cannot be read: {trouble}", "mend it; patterns are regular expressions of "
                             "the RE2 kind, without looking back or ahead", name, number, "patterns", pattern)
                     for pattern in patterns if (trouble := _trouble_with(pattern))]
    if sum(len(words) + len(patterns) for _, _, words, patterns in rows) > MOST_RULES:
        problems.append(Problem(f"the codebook has more than {MOST_RULES:,} words and patterns", "shorten it", name))
    if problems:
        raise Refused(problems)
    return Codebook(name, digest, version, tuple(Theme(theme, words, patterns) for _, theme, words, patterns in rows))


def _is_word(word: str) -> bool:
    parts = word.split()
    return bool(parts) and all(re.fullmatch(r"[\w'’&/-]*[^\W_][\w'’&/-]*\*?", part) for part in parts)


def _trouble_with(pattern: str) -> str:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        found = pc.match_substring_regex(pa.array(["", "a"]), pattern, ignore_case=True).to_pylist()
    except pa.ArrowInvalid as trouble:
        return str(trouble).splitlines()[0]
    return "it fits an empty text, and so everything" if found[0] else ""


def rule_of(word: str) -> str:
    """A word or phrase of a codebook as a pattern that keeps to whole words; a star stands for any ending."""
    # Letters beyond ASCII count as letters here, which RE2's own word boundary does not grant.
    parts = [re.escape(part.rstrip("*").replace("’", "'")).replace("'", "['’]") + (r"[\pL\pN'’]*" if part.endswith("*")
             else "") for part in word.split()]
    return r"(?:^|[^\pL\pN])" + r"[^\pL\pN]+".join(parts) + r"(?:$|[^\pL\pN])"


def coded(codebook: Codebook, written: Sequence[str]) -> tuple[NDArray[np.bool_], list[dict[str, int]]]:
    """Which replies speak of which theme: shape (themes, replies); and how many replies hold each word of a theme.

    Matching ignores case. It is done by RE2, whose time grows with the text alone, whatever the pattern.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pa.array(list(written), pa.string())
    found = np.zeros((len(codebook.themes), len(written)), bool)
    hits: list[dict[str, int]] = []
    for place, theme in enumerate(codebook.themes):
        counts: dict[str, int] = {}
        for label, pattern in (*((word, rule_of(word)) for word in theme.words),
                               *((pattern, pattern) for pattern in theme.patterns)):
            fits = pc.match_substring_regex(column, pattern, ignore_case=True).to_numpy(zero_copy_only=False)
            counts[label] = int(fits.sum())
            found[place] |= fits.astype(bool)
        hits.append(dict(sorted(((word, count) for word, count in counts.items() if count),
                                key=lambda each: (-each[1], each[0]))))
    return found, hits


# --- agreement with people --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Agreement:
    """How a theme as coded by rule agrees with the same theme coded by hand, over the replies coded by hand.

    Counts of replies: ``both``, ``rule_only``, ``hand_only``, ``neither``. ``kappa`` is missing where one of the two
    says the same of every reply and chance alone would agree; precision and recall where there is nothing to share.
    """

    theme: str
    both: int
    rule_only: int
    hand_only: int
    neither: int

    @property
    def kappa(self) -> float | None:
        """Cohen (1960), Educational and Psychological Measurement 20, 37-46, equation 1."""
        total = self.both + self.rule_only + self.hand_only + self.neither
        rule, hand = self.both + self.rule_only, self.both + self.hand_only
        by_chance = (rule * hand + (total - rule) * (total - hand)) / total**2
        return None if by_chance == 1 else ((self.both + self.neither) / total - by_chance) / (1 - by_chance)

    @property
    def precision(self) -> float | None:
        """The share of replies coded by rule that people coded too."""
        rule = self.both + self.rule_only
        return self.both / rule if rule else None

    @property
    def recall(self) -> float | None:
        """The share of replies coded by people that the rule found."""
        hand = self.both + self.hand_only
        return self.both / hand if hand else None


def agreement_of(theme: str, by_rule: frozenset[str], by_hand: frozenset[str], sample: frozenset[str]) -> Agreement:
    """The four counts of a theme over the replies of the sample."""
    rule, hand = by_rule & sample, by_hand & sample
    return Agreement(theme, len(rule & hand), len(rule - hand), len(hand - rule), len(sample - rule - hand))
