"""Who may be better or worse off by a change, from every paper that says so, each thing said once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evenhand.papers import Assessment, Impact
from evenhand.web.case_page import CasePage


@dataclass(frozen=True)
class Assessed:
    """One assessment for the option that counts: what is worse, what is better, what is not changed or not known."""

    paper: Assessment
    option: str
    worse: tuple[Impact, ...]
    better: tuple[str, ...]
    unchanged: tuple[str, ...]
    unknown: tuple[str, ...]


def losers(page: CasePage) -> tuple[str, ...]:
    """Who may lose, as the comparison of the options and the decision say it."""
    chosen = page.change.id if page.change else None
    found = [f"{each.who}: {each.how}" for each in (page.appraisal.may_lose or () if page.appraisal else ())
             if chosen is None or each.option == chosen]
    found += page.decision.may_lose or () if page.decision else ()
    kept: list[str] = []
    for each in found:
        said = each[:1].upper() + each[1:]
        # The decision often repeats what the comparison said of the same people.
        if not any(_plain(said) in _plain(other) for other in kept):
            kept.append(said)
    return tuple(kept)


def _plain(text: str) -> str:
    return text.casefold().rstrip(".")


def assessed(page: CasePage) -> tuple[Assessed, ...]:
    """Every assessment, for the option that was chosen or that would change something."""
    return tuple(_assessed(each, page) for each in page.assessments)


def _assessed(paper: Assessment, page: CasePage) -> Assessed:
    change = page.change
    impacts = tuple(paper.impacts or ())
    if change and any(each.option == change.id for each in impacts):
        impacts = tuple(each for each in impacts if each.option == change.id)
    return Assessed(paper, (change.title or "") if change else "",
                    tuple(each for each in impacts if each.effect == "worse"), _on(impacts, "better"),
                    _on(impacts, "none"), _on(impacts, None))


def _on(impacts: Iterable[Impact], effect: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.on for each in impacts if each.effect == effect))
