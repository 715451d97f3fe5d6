"""Last month's tracker beside this month's: the same scheme, renamed, split, merged, vanished, new, and what moved."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from evenhand.choose.tracker.doubles import near, same_name
from evenhand.choose.tracker.rows import key_of
from evenhand.choose.tracker.schemes import Scheme
from evenhand.terms.words import listed, pounds

What = Literal["same", "changed", "renamed", "split", "merged", "vanished", "new"]
ENOUGH = 0.62
# Names so alike under one reference are one scheme; nearly the same, and nobody need be asked.
LIKE, VERY_LIKE = 0.5, 0.8
A_SLIP = 0.75
SLACK = 0.02
MOST_PARTS = 6
MOST_NAMES = 12
MOST_COMPARED, MOST_RELATED, RARELY = 250_000, 400, 40
APART = ("vanished", "given up", "finished", "another scheme")
"""What a person says of a scheme that goes on under no other name."""
_COMMON = frozenset({
    "and", "for", "management", "pathway", "phase", "programme", "project", "review", "saving", "savings", "scheme",
    "service", "services", "the", "with"})


@dataclass(frozen=True)
class Move:
    """What became of one scheme, or of several that were split or merged.

    ``change_pounds`` is what it claims now less what it claimed; ``None`` where one of the two is not known. ``why`` is
    what the tracker says of it now and did not say before, or what a person answered. ``asked`` is the question that is
    left, under ``key``; ``choices`` are the answers it takes, none where it is to be answered in one's own words.
    """

    what: What
    before: tuple[Scheme, ...]
    now: tuple[Scheme, ...]
    change_pounds: float | None
    why: str = ""
    asked: str = ""
    key: str = ""
    choices: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether anything is different from last month."""
        return self.what != "same"


def moves(last: Sequence[Scheme], now: Sequence[Scheme], ruled: Mapping[str, str]) -> list[Move]:
    """Match two months.

    First what a person has ruled, then the same reference with a like name, then the same name, then names that are
    alike in the same hands or of the same amount; then one scheme's amount found again as the sum of several that share
    its words (split), and the other way round (merged). What is left has vanished, or is new.
    """
    old, new = list(last), list(now)
    found: list[Move] = []
    ruled_pairs = _ruled(old, new, ruled)
    found += [_pair(*pair, ruled, sure=True) for pair in ruled_pairs]
    old, new = _without(old, new, ruled_pairs)
    apart = {each.at for each in old if ruled.get(key_of("match", each.name)) in APART}
    for match in (_same_reference, _same_name):
        pairs = match([each for each in old if each.at not in apart or match is _same_name], new)
        found += [_pair(*pair, ruled, sure=_alike_in_name(*pair) >= VERY_LIKE) for pair in pairs]
        old, new = _without(old, new, pairs)
    found = _split_off(found, new, ruled)
    found = _merged_in(found, old, ruled)
    whole = [each for each in old if each.at not in apart and ruled.get(key_of("split", each.name)) != "no"]
    for one, parts in _splits(whole, new):
        found.append(_several("split", (one,), parts, ruled))
        old.remove(one)
        for each in parts:
            new.remove(each)
    one_now = [each for each in new if ruled.get(key_of("merged", each.name)) != "no"]
    for one, parts in _splits(one_now, [each for each in old if each.at not in apart]):
        found.append(_several("merged", parts, (one,), ruled))
        new.remove(one)
        for each in parts:
            old.remove(each)
    likely = _alike(old, new, ruled)
    found += [_pair(*pair, ruled, sure=False) for pair in likely]
    old, new = _without(old, new, likely)
    names = tuple(dict.fromkeys(each.name for each in new))
    found += [_vanished(each, ruled, names) for each in old]
    found += [Move("new", (), (each,), each.value_pounds) for each in new]
    order = {"vanished": 0, "split": 1, "merged": 2, "renamed": 3, "changed": 4, "new": 5, "same": 6}
    return sorted(found, key=lambda move: (order[move.what], -abs(move.change_pounds or 0.0), _first_name(move)))


def _first_name(move: Move) -> str:
    return (move.before or move.now)[0].name


def _without(old: Sequence[Scheme], new: Sequence[Scheme],
             pairs: Sequence[tuple[Scheme, Scheme]]) -> tuple[list[Scheme], list[Scheme]]:
    """What is left of both months when these pairs are taken out."""
    before, now = {one.at for one, _ in pairs}, {other.at for _, other in pairs}
    return [each for each in old if each.at not in before], [each for each in new if each.at not in now]


def _ruled(old: Sequence[Scheme], new: Sequence[Scheme], ruled: Mapping[str, str]) -> list[tuple[Scheme, Scheme]]:
    """The pairs that a person has named; what goes on under its own name needs no such word any more."""
    if not any(key.startswith("match:") for key in ruled):
        return []
    by_name: dict[str, list[Scheme]] = defaultdict(list)
    for each in new:
        by_name[same_name(each.name)].append(each)
    pairs = []
    for one in old:
        said = ruled.get(key_of("match", one.name))
        if said is not None and not by_name[same_name(one.name)] and by_name[same_name(said)]:
            pairs.append((one, by_name[same_name(said)].pop(0)))
    return pairs


def _same_reference(old: Sequence[Scheme], new: Sequence[Scheme]) -> list[tuple[Scheme, Scheme]]:
    ids_old, ids_new = (Counter(each.id.casefold() for each in side if each.id) for side in (old, new))
    by_id = {each.id.casefold(): each for each in new if each.id and ids_new[each.id.casefold()] == 1}
    pairs = []
    for one in old:
        other = by_id.get(one.id.casefold()) if one.id and ids_old[one.id.casefold()] == 1 else None
        if other is not None and (same_name(one.name) == same_name(other.name) or (
                not one.id.replace(".", "").isdigit() and _alike_in_name(one, other) >= LIKE)):
            pairs.append((one, other))
    return pairs


def _same_name(old: Sequence[Scheme], new: Sequence[Scheme]) -> list[tuple[Scheme, Scheme]]:
    by_name: dict[str, list[Scheme]] = defaultdict(list)
    for each in new:
        by_name[same_name(each.name)].append(each)
    pairs = []
    for one in old:
        choices = by_name[same_name(one.name)]
        if choices:
            # Several of one name: the same body, the same owner, the nearest amount.
            best = min(choices, key=lambda each: (each.body != one.body, each.owner != one.owner,
                                                  abs((each.value_pounds or 0) - (one.value_pounds or 0)), each.at))
            choices.remove(best)
            pairs.append((one, best))
    return pairs


@lru_cache(maxsize=65_536)
def words_of(name: str) -> frozenset[str]:
    """The words of a name that tell it from others."""
    return frozenset(word for word in same_name(name).split() if word not in _COMMON and len(word) > 2)


def likeness(one: str, other: str, passing_over: Set[str] = frozenset()) -> float:
    """How alike two names are, from 0 to 1: by their letters, and by the words they share.

    Words to be passed over are those of the programme, which many names of a list have in common.
    """
    a, b = (" ".join(word for word in same_name(name).split() if word not in passing_over) for name in (one, other))
    letters = SequenceMatcher(None, a, b, autojunk=False).ratio() if a or b else 0.0
    shared, every = words_of(a) & words_of(b), words_of(a) | words_of(b)
    # Letters tell a slip of the pen; any two names have half of them in common.
    return max(letters if letters >= A_SLIP else 0.0, len(shared) / len(every) if every else 0.0)


def _alike_in_name(one: Scheme, other: Scheme) -> float:
    if same_name(one.name) == same_name(other.name):
        return 1.0
    return likeness(one.name, other.name, words_of(one.programme) | words_of(other.programme))


def _alike(old: Sequence[Scheme], new: Sequence[Scheme], ruled: Mapping[str, str]) -> list[tuple[Scheme, Scheme]]:
    scored = []
    few = len(old) * len(new) <= MOST_COMPARED
    words: dict[str, list[Scheme]] = defaultdict(list)
    for each in new if not few else ():
        for word in (*words_of(each.name), *([f"#{each.id.casefold()}"] if each.id else [])):
            words[word].append(each)
    for one in old:
        said = ruled.get(key_of("match", one.name))
        if said is not None:
            continue
        # Of two long lists that share little, only names with a rare word in common are held beside each other.
        rare = new if few else {each.at: each for word in (*words_of(one.name), f"#{one.id.casefold()}")
                                if len(words.get(word, ())) <= RARELY for each in words.get(word, ())}.values()
        for other in rare:
            like = _alike_in_name(one, other)
            same_amount = bool(one.value_pounds) and near(one.value_pounds or 0, other.value_pounds or 0)
            same_hands = bool(one.owner) and same_name(one.owner) == same_name(other.owner)
            same_id = bool(one.id) and one.id.casefold() == other.id.casefold()
            score = 0.7 * like + 0.15 * same_amount + 0.1 * same_hands + 0.15 * same_id
            # Nothing alike in name is another scheme, whatever else agrees, unless reference and amount both do.
            if score >= ENOUGH and (like >= 0.5 or (same_id and same_amount)):
                scored.append((score, one, other))
            elif same_id and same_amount and same_hands:
                scored.append((ENOUGH, one, other))
    pairs: list[tuple[Scheme, Scheme]] = []
    used: set[tuple[int, tuple[str, int]]] = set()
    for _, one, other in sorted(scored, key=lambda each: (-each[0], each[1].name, each[2].name)):
        if (0, one.at) not in used and (1, other.at) not in used:
            used |= {(0, one.at), (1, other.at)}
            pairs.append((one, other))
    return pairs


def _splits(wholes: Sequence[Scheme], parts: Sequence[Scheme]) -> list[tuple[Scheme, tuple[Scheme, ...]]]:
    """Each whole whose amount is the sum of two or more parts that share its words or its reference."""
    found = []
    free = [part for part in parts if part.value_pounds]
    if len(wholes) * len(free) > MOST_COMPARED:
        return []
    for whole in wholes:
        if not whole.value_pounds:
            continue
        related = [part for part in free if _is_related(whole, part)]
        chosen = _adding_to(whole.value_pounds, related, fewest=2)
        if chosen:
            found.append((whole, chosen))
            free = [part for part in free if part not in chosen]
    return found


def _is_related(whole: Scheme, part: Scheme) -> bool:
    whole_id, part_id = whole.id.casefold(), part.id.casefold()
    by_reference = bool(whole_id) and part_id.startswith(whole_id) and len(part_id) > len(whole_id)
    shared = words_of(whole.name) & words_of(part.name)
    return by_reference or bool(shared)


def _adding_to(wanted: float, parts: Sequence[Scheme], *, fewest: int) -> tuple[Scheme, ...]:
    """The parts that add up to an amount within a fiftieth: all of them, else the smallest number that does."""
    from itertools import combinations

    def fits(chosen: Sequence[Scheme]) -> bool:
        return abs(math.fsum(each.value_pounds or 0 for each in chosen) - wanted) <= SLACK * abs(wanted)

    if len(parts) < fewest:
        return ()
    if fits(parts):
        return tuple(parts)
    few = sorted(parts, key=lambda each: -(each.value_pounds or 0))[:12]
    for count in range(fewest, min(MOST_PARTS, len(few)) + 1):
        for chosen in combinations(few, count):
            if fits(chosen):
                return chosen
    return ()


def _why_key(before: Scheme, now: Scheme) -> str:
    """The name of the question why one thing changed: this month's answer must not answer next month's change."""
    def figure(scheme: Scheme) -> str:
        return "none" if scheme.value_pounds is None else f"{scheme.value_pounds:.0f}"

    if before.value_pounds != now.value_pounds:
        return key_of("why", before.name, figure(before), figure(now))
    return key_of("why", before.name, before.start or "none", now.start or "none")


def _split_off(found: list[Move], new: list[Scheme], ruled: Mapping[str, str]) -> list[Move]:
    """A scheme that kept its name and lost an amount that stands beside it now, under words that it shares."""
    result = []
    for move in found:
        drop = -(move.change_pounds or 0.0)
        parts: tuple[Scheme, ...] = ()
        if (len(move.before) == len(move.now) == 1 and drop > 0 and move.before[0].value_pounds
                and ruled.get(key_of("split", move.before[0].name)) != "no"):
            related = [each for each in new[:MOST_RELATED] if each.value_pounds and _is_related(move.before[0], each)]
            parts = _adding_to(drop, related, fewest=1)
        if parts:
            for each in parts:
                new.remove(each)
            result.append(_several("split", move.before, (*move.now, *parts), ruled))
        else:
            result.append(move)
    return result


def _merged_in(found: list[Move], old: list[Scheme], ruled: Mapping[str, str]) -> list[Move]:
    """A scheme that kept its name and gained what another, now gone, claimed."""
    result = []
    for move in found:
        gain = move.change_pounds or 0.0
        parts: tuple[Scheme, ...] = ()
        if (len(move.before) == len(move.now) == 1 and gain > 0 and move.before[0].value_pounds
                and ruled.get(key_of("merged", move.now[0].name)) != "no"):
            related = [each for each in old[:MOST_RELATED] if each.value_pounds and _is_related(move.now[0], each)]
            parts = _adding_to(gain, related, fewest=1)
        if parts:
            for each in parts:
                old.remove(each)
            result.append(_several("merged", (*move.before, *parts), move.now, ruled))
        else:
            result.append(move)
    return result


def _change(before: Sequence[Scheme], now: Sequence[Scheme]) -> float | None:
    if any(each.value_pounds is None for each in (*before, *now)):
        return None
    return math.fsum(each.value_pounds or 0 for each in now) - math.fsum(each.value_pounds or 0 for each in before)


def _why(before: Sequence[Scheme], now: Sequence[Scheme]) -> str:
    said = {each.note for each in before}
    return " ".join(dict.fromkeys(each.note for each in now if each.note and each.note not in said))


def _pair(one: Scheme, other: Scheme, ruled: Mapping[str, str], *, sure: bool) -> Move:
    change, why = _change((one,), (other,)), _why((one,), (other,))
    renamed = same_name(one.name) != same_name(other.name)
    fields = [word for word, a, b in (
        ("amount", one.value_pounds, other.value_pounds), ("owner", one.owner, other.owner),
        ("start", one.start, other.start), ("standing", one.status, other.status),
        ("found", one.actual_pounds, other.actual_pounds)) if a != b]
    what: What = "renamed" if renamed else "changed" if fields else "same"
    if renamed and not sure:
        return Move(what, (one,), (other,), change, why, f"Is “{other.name}” what was “{one.name}”?",
                    key_of("match", one.name), (other.name, "another scheme"))
    key = _why_key(one, other)
    why = " ".join(filter(None, (why, ruled.get(key, ""))))
    asked = ""
    if "amount" in fields and not why:
        was, is_now = (_said(each) for each in (one, other))
        asked = f"Why did “{other.name}” go from {was} to {is_now}?"
    elif "start" in fields and one.start and other.start and one.start < other.start and not why:
        asked = f"Why did the start of “{other.name}” move from {one.start} to {other.start}?"
    return Move(what, (one,), (other,), change, why, asked, key if asked else "")


def _said(scheme: Scheme) -> str:
    return "no figure" if scheme.value_pounds is None else pounds(scheme.value_pounds)


def _several(what: What, before: tuple[Scheme, ...], now: tuple[Scheme, ...], ruled: Mapping[str, str]) -> Move:
    key = key_of(what, (before if what == "split" else now)[0].name)
    names_before, names_now = (listed([f"“{each.name}”" for each in side]) for side in (before, now))
    asked = "" if ruled.get(key) == "yes" else (
        f"Was {names_before} split into {names_now}?" if what == "split" else
        f"Were {names_before} merged into {names_now}?")
    return Move(what, before, now, _change(before, now), _why(before, now), asked, key if asked else "",
                ("yes", "no") if asked else ())


def _vanished(scheme: Scheme, ruled: Mapping[str, str], new: Sequence[str]) -> Move:
    """A scheme that is on the list no more: what a person said of it, else the question what became of it."""
    key = key_of("match", scheme.name)
    change = None if scheme.value_pounds is None else -scheme.value_pounds
    said = ruled.get(key, "")
    if said in ("vanished", "given up", "finished"):
        return Move("vanished", (scheme,), (), change, "finished" if said == "finished" else "given up")
    like = sorted(new, key=lambda name: -likeness(scheme.name, name))[:MOST_NAMES]
    return Move("vanished", (scheme,), (), change, "",
                f"“{scheme.name}” ({_said(scheme)}) is gone: given up, finished, or under another name?", key,
                ("given up", "finished", *like))
