"""What must be shown of a case before it is decided, test by test, and its weakest links first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeAlias

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import reading
from evenhand.data.tables import Opened, sample
from evenhand.decide import gate_show
from evenhand.decide.gate_checks import all_found, least
from evenhand.decide.gate_found import Asking, Found, State
from evenhand.decide.gate_judged import EXCUSED, Verdict, applies, judged, owed, ruled
from evenhand.decide.gate_view import IN_WORDS, Held, View, has_words, is_said
from evenhand.decide.pack import Pack, Rule, pack_in, packs, packs_on
from evenhand.decide.pack_words import Spoken
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.papers import Paper, seal
from evenhand.record import CaseFile, case_file, case_in
from evenhand.record.casefile import kept_of
from evenhand.terms import refuse
from evenhand.terms.words import listed

SOURCE = ("Each rule pack names its own source and the dates between which it was in force; the verdict after the "
          "demand of 2012-2014 that cuts be backed only where the case is irreproachable")
Case: TypeAlias = "CaseFile | Opened | str | Path | Sequence[Paper]"
Said = Literal["met", "not met", "not applicable", "no evidence held"]
IRREPROACHABLE, NOT_YET = "irreproachable", "not yet"
WEAKEST = 3
_WORST_FIRST: Mapping[str, int] = {"not met": 0, "no evidence held": 1}


@dataclass(frozen=True)
class Settings:
    """Which rules, of which day, on which version."""

    pack: tuple[str, ...] = setting((), "Rule packs", "their names, with commas between; all that were usual on the "
                                    "day unless told", common=True)
    on: str | None = setting(None, "By the rules of this day", "as 2017-11-30; else the day of the case itself",
                             common=True)
    proposal_version: int | None = setting(None, "Version of the proposal", "the newest unless told")

    def __post_init__(self) -> None:
        if self.on is not None:
            try:
                date.fromisoformat(self.on)
            except ValueError:
                raise refuse("this is not a day", "write it as 2018-06-30", column="--on", value=self.on) from None


@dataclass(frozen=True)
class Result:
    """One test and how the case stands to it; ``passed_over`` are papers that would count on another version."""

    pack: Pack
    rule: Rule
    question: str
    answer: Said
    because: str
    looked_at: tuple[Held, ...] = ()
    passed_over: tuple[Held, ...] = ()
    missing: str = ""
    owed_by: str | None = None
    due: str | None = None

    def document(self) -> dict[str, Any]:
        """As the JSON document has it."""
        evidence = [{"paper": each.paper.paper, "digest": each.digest, "version": each.version, "counts": counts}
                    for held, counts in ((self.looked_at, True), (self.passed_over, False)) for each in held]
        return {"pack": self.pack.id, "id": self.rule.id, "question": self.question, "answer": self.answer,
                "because": self.because, "evidence": evidence, "missing": self.missing or None,
                "owed_by": self.owed_by, "due": self.due, "link": self.rule.link}


def gate(case: Case, settings: Settings | None = None, /, *, pack_file: Opened | str | Path | None = None,
         **options: Any) -> Answer:
    """Whether a case is irreproachable or not yet, its three weakest links, and what is missing, test by test.

    Args:
        case: a case file (``evenhand.record.case_file``), the path of a folder of papers, of a hand-over pack or of a
            case as JSON (what ``record show CASE --json`` prints, also on standard input as ``-``), ``sample:case``, or
            papers of one case in a list.
        settings: see ``Settings``; single ones may be given by keyword.
        pack_file: a rule pack of one's own, in TOML; then only that one is asked, beside those named in ``pack``.
        options: single settings.

    Returns:
        An answer with ``verdict``, ``weakest`` and ``tests``. Each test is ``met``, ``not met`` (something held says
        otherwise), ``not applicable`` (with the reason) or ``no evidence held`` (nothing held says either way: silence
        is never *not met*). Papers about another version of the proposal do not count, and are named with
        ``counts`` false. The case is irreproachable where every test that applies is met, and at least one does.

    Raises:
        Refused: for a case, a pack or a version that is not there, and for a pack that is not written as one.

    Source: each pack names its own; the four answers and the order of the weakest links are ours.
    """
    chosen = with_options(Settings, settings, options)
    opened, made_from = _opened(case)
    view = View(opened, chosen.proposal_version)
    if view.version is None and not view.held:
        raise refuse("the case holds no papers", "leave a proposal first", value=opened.subject)
    day, day_because = (date.fromisoformat(chosen.on), "the day asked for") if chosen.on else view.day()
    asked = _packs(chosen, pack_file, day)
    spoken = {pack.digest: Spoken.of(day, invented=view.invented, own=pack.vocabulary) for pack in asked}
    results = [_result(view, pack, rule, day, spoken[pack.digest]) for pack in asked for rule in pack.tests]
    verdict, weakest = _verdict(results), _weakest(results)
    fields = {
        "verdict": verdict, "weakest": [each.document() for each in weakest],
        "tests": [each.document() for each in results], "subject": opened.subject, "proposal_version": view.version,
        "on": day.isoformat() if day else None, "on_because": day_because,
        "counts": {answer: sum(each.answer == answer for each in results) for answer in gate_show.ANSWERS},
        "packs": [{"id": pack.id, "title": spoken[pack.digest].said(pack.title), "version": pack.version,
                   "in_force": pack.in_force.words, "source": pack.source, "address": pack.address,
                   "digest": pack.digest} for pack in asked]}
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen),
        made_from=(*made_from, *(MadeFrom(f"rule pack {pack.id}", pack.digest) for pack in asked)),
        sentence=_sentence(verdict, results, weakest), fields=fields, table=_table(results),
        remarks=_remarks(view, asked, chosen, day, day_because, results), draw=gate_show.gate)


def _opened(case: Case) -> tuple[CaseFile, tuple[MadeFrom, ...]]:
    if isinstance(case, CaseFile):
        held = case
    elif isinstance(case, Opened) and case.content is not None:
        held = case_in(case.content, case.path)
    elif isinstance(case, str | Path | Opened):
        name = case.path if isinstance(case, Opened) else str(case)
        held = (case_in(reading.bytes_of(Path(name)), "standard input") if name == "-"
                else case_in(reading.bytes_of(sample(name)), name) if name.startswith("sample:")
                else case_file(name, workspace=Path("workspace")))
    else:
        papers = tuple(kept_of(seal(each).bytes) for each in case)
        if len({each.subject for each in papers}) != 1:
            raise refuse("these papers are not of one case", "give the papers of one case")
        held = CaseFile(papers[0].subject, papers)
    return held, tuple(MadeFrom(IN_WORDS.get(each.kind, each.kind), each.digest) for each in held.papers)


def _packs(chosen: Settings, pack_file: Opened | str | Path | None, day: date | None) -> tuple[Pack, ...]:
    if pack_file is None:
        return packs_on(day, chosen.pack)
    name = pack_file.path if isinstance(pack_file, Opened) else str(pack_file)
    content = pack_file.content if isinstance(pack_file, Opened) else None
    if content is None:
        content = reading.bytes_of(sample(name) if name.startswith("sample:") else Path(name))
    own = pack_in(content, name)
    return (own, *(packs_on(day, chosen.pack, packs()) if chosen.pack else ()))


# --- one test ---------------------------------------------------------------------------------------------------------


def _result(view: View, pack: Pack, rule: Rule, day: date | None, spoken: Spoken) -> Result:
    question = spoken.said(rule.question)
    if not pack.in_force.holds_on(day):
        when = f"on {_day(day)}" if day else "today"
        return Result(pack, rule, question, "not applicable",
                      f"These rules were not in force {when}: they were {pack.in_force.words}.")
    court = ruled(view, pack.id, rule.id)
    if court.met is not None:
        return _open(view, pack, rule, spoken, Result(
            pack, rule, question, "met" if court.met else "not met", _upper(f"{court.words}."), court.rests_on))
    where = _where_it_applies(view, pack, rule, spoken)
    if isinstance(where, tuple):
        answer, because, looked_at = where
        return _open(view, pack, rule, spoken, Result(pack, rule, question, answer, because, looked_at))
    asking = Asking(view, pack, rule, spoken)
    found = all_found(rule.needs, asking)
    states = [least(found)] if rule.needs else []
    limbs = [(limb, all_found(limb.needs, asking)) for limb in rule.limbs]
    if limbs:
        states.append(max(least(each) for _, each in limbs))
        _, best = max(limbs, key=lambda each: least(each[1]))
        found = [*found, *(best if states[-1] else [one for _, each in limbs for one in each])]
    state = min(states)
    looked = _papers(found, "looked_at")
    passed = tuple(each for each in _papers(found, "passed_over") if each not in looked)
    if state is not State.SHOWN and rule.may_be_excused:
        excused = judged(view, pack.id, rule.id)
        if excused.met:
            looked = (*looked, *excused.rests_on)
            return Result(pack, rule, question, "met", _upper(f"{excused.words}."), looked, passed)
    answers: dict[State, Said] = {State.SHOWN: "met", State.SILENT: "no evidence held", State.CONTRADICTED: "not met"}
    because = _because(state, found, view)
    return _open(view, pack, rule, spoken, Result(pack, rule, question, answers[state], because, looked, passed))


def _where_it_applies(view: View, pack: Pack, rule: Rule,
                      spoken: Spoken) -> tuple[Said, str, tuple[Held, ...]] | None:
    """Why a test does not apply, or cannot be known to; nothing where it is to be asked."""
    held = view.of(rule.applies_paper) if rule.applies_paper else ()
    if rule.applies == "where held":
        return _where_held(view, rule, held[-1:])
    if rule.applies == "where ever held":
        return _where_held(view, rule, view.of_any_version(rule.applies_paper))
    if rule.applies == "only if judged to" and held:
        return None
    if rule.applies == "of several versions" and len({each.version for each in view.of_any_version("proposal")}) < 2:
        return "not applicable", "Only one version of the proposal is held.", ()
    verdict = applies(view, pack.id, rule.applies_as or rule.id) if rule.applies != "always" else Verdict()
    if verdict.applies is False:
        return "not applicable", _upper(f"{verdict.words}."), verdict.rests_on
    if rule.applies == "once decided" and view.newest("decision") is None:
        return "not applicable", f"No decision on {view.this_version} is held: nothing has been decided yet.", ()
    if rule.applies == "only if judged to" and verdict.applies is None:
        why = f"; {verdict.words}" if verdict.words else ""
        return ("no evidence held", "Nobody has recorded, with reasons, whether "
                f"{spoken.said(rule.applies_what)}{why}.", verdict.rests_on)
    return None


def _where_held(view: View, rule: Rule, held: tuple[Held, ...]) -> tuple[Said, str, tuple[Held, ...]] | None:
    """Why a test that asks of one kind of paper does not apply: none is held, or none is of the sort meant."""
    called = IN_WORDS[rule.applies_paper]
    of = f" of {view.this_version}" if rule.applies == "where held" else ""
    answer: tuple[Said, str, tuple[Held, ...]] = ("not applicable", f"No {called}{of} is held.", ())
    for each in held:
        reason = _not_of_the_sort(rule, each, called)
        if reason is None:
            return None
        answer = reason
    return answer


def _not_of_the_sort(rule: Rule, held: Held, called: str) -> tuple[Said, str, tuple[Held, ...]] | None:
    for name, words in rule.applies_where.items():
        if not is_said(said := getattr(held.paper, name)):
            return "no evidence held", f"The {called} does not say its {name.replace('_', ' ')}.", (held,)
        if not has_words(said, words):
            return "not applicable", f"It is not asked of a {called} by {said}.", (held,)
    there = getattr(held.paper, rule.applies_said) if rule.applies_said else True
    if not is_said(there) or there == ():
        return "not applicable", f"The {called} holds nothing as {rule.applies_said.replace('_', ' ')}.", (held,)
    return None


def _open(view: View, pack: Pack, rule: Rule, spoken: Spoken, result: Result) -> Result:
    """The same result, with what is missing and who owes it where the test is not met."""
    if result.answer in ("met", "not applicable"):
        return result
    named = owed(view, pack.id, rule.id)
    due = named.due.isoformat() if named and named.due else spoken.said(rule.due)
    return Result(pack, rule, result.question, result.answer, result.because, result.looked_at, result.passed_over,
                  spoken.said(rule.missing), (named.owed_by if named else None) or spoken.said(rule.owed_by), due)


def _because(state: State, found: list[Found], view: View) -> str:
    if state is State.SHOWN:
        return _upper(f"held: {_joined(found)}.")
    if state is State.CONTRADICTED:
        return _upper(f"what is held says otherwise on {_joined([each for each in found if each.state is state])}.")
    silent = [each for each in found if each.state is State.SILENT]
    details = list(dict.fromkeys(each.detail for each in silent if each.detail and each.passed_over))
    plain = [each if not each.passed_over else Found(each.state, each.what) for each in silent]
    of = f" about {view.this_version}" if view.version is not None else ""
    beside = f" {_upper('; '.join(details))}." if details else ""
    return f"Not in the sources we hold{of}: {_joined(plain)}.{beside}"


def _joined(found: list[Found]) -> str:
    return "; ".join(dict.fromkeys(f"{each.what} ({each.detail})" if each.detail else each.what for each in found))


def _papers(found: list[Found], name: str) -> tuple[Held, ...]:
    return tuple({each.digest: each for one in found for each in getattr(one, name)}.values())


# --- all tests --------------------------------------------------------------------------------------------------------


def _verdict(results: list[Result]) -> str:
    applying = [each for each in results if each.answer != "not applicable"]
    return IRREPROACHABLE if applying and all(each.answer == "met" for each in applying) else NOT_YET


def _weakest(results: list[Result]) -> list[Result]:
    """The worst test of each link of the case, worst first: what is contradicted, then what hangs most on."""
    order = {id(each): place for place, each in enumerate(results)}
    open_tests = sorted((each for each in results if each.answer in _WORST_FIRST),
                        key=lambda each: (_WORST_FIRST[each.answer], -each.rule.gravity, order[id(each)]))
    by_link: dict[str, Result] = {}
    for each in open_tests:
        by_link.setdefault(each.rule.link, each)
    first = list(by_link.values())[:WEAKEST]
    return [*first, *(each for each in open_tests if each not in first)][:WEAKEST]


def _sentence(verdict: str, results: list[Result], weakest: list[Result]) -> str:
    said = {answer: sum(each.answer == answer for each in results) for answer in gate_show.ANSWERS}
    applying = len(results) - said["not applicable"]
    if verdict == IRREPROACHABLE:
        return (f"Irreproachable: all {applying} tests that apply are met." if applying > 1
                else "Irreproachable: the one test that applies is met.")
    if not applying:
        return "Not yet: none of the tests asked applies, so nothing has been shown."
    ways = listed([f"{said[answer]} {answer if answer != 'no evidence held' else 'with no evidence held'}"
                   for answer in ("not met", "no evidence held") if said[answer]])
    links = "; ".join(f"{each.question} ({each.answer})" for each in weakest)
    share = f"{said['met']} of {applying} tests that apply are met" if applying > 1 else (
        "the one test that applies is open")
    return f"Not yet: {share}, {ways}. Weakest first: {links}"


def _table(results: list[Result]) -> Table:
    rows = [{"pack": each.pack.title, "answer": each.answer, "question": each.question, "because": each.because,
             "missing": each.missing or None, "owed_by": each.owed_by, "due": each.due,
             "evidence": ", ".join(f"{_upper(IN_WORDS.get(one.paper.paper, one.paper.paper))} {one.digest[7:19]}"
                                   for one in each.looked_at) or None} for each in results]
    table = Table.of(rows, [Column("answer", "Answer"), Column("question", "What must be shown"),
                            Column("because", "Because"), Column("missing", "What is missing"),
                            Column("owed_by", "Who owes it"), Column("due", "By when"), Column("pack", "Rules"),
                            Column("evidence", "Evidence")], title="What must be shown first")
    return replace(table, whole=True)


def _remarks(view: View, asked: tuple[Pack, ...], chosen: Settings, day: date | None, day_because: str,
             results: list[Result]) -> tuple[str, ...]:
    remarks = [f"Weak link {place}. {each.question} {each.because} "
               f"Missing: {each.missing[:1].lower()}{each.missing[1:]}. Owed by: {each.owed_by}, {each.due}."
               for place, each in enumerate(_weakest(results), start=1)]
    remarks += dict.fromkeys(f"{each.pack.title}: {each.because[:1].lower()}{each.because[1:]}" for each in results
                             if each.answer == "not applicable" and each.because.startswith(_upper(EXCUSED)))
    if view.version is None:
        remarks.append("No proposal is held, so nothing can be held against a version of one.")
    if day is not None and not chosen.on:
        remarks.append(f"By the rules of {_day(day)}, {day_because}.")
    elif day is None:
        remarks.append("No day of this case is held, so the rules of today were asked. Name its day with --on.")
    if any(each.passed_over for each in results):
        remarks.append(f"Papers about another version were passed over: only those about {view.this_version} count.")
    if not view.has_order and len(view.held) > 1:
        remarks.append("The papers came without their record, so their order is not known; of several of one kind, the "
                       "one that shows least was taken.")
    if any(each.answer == "no evidence held" for each in results):
        remarks.append("No evidence held means that the papers here do not say: it does not mean that it was not done.")
    remarks += [f"{pack.title}: {pack.source}." for pack in asked]
    return tuple(remarks)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


METHOD_NAME = MethodName("decide gate", "1", SOURCE)

METHOD = Method(
    room="decide", name="gate", title="What must be shown first",
    question="Is the case irreproachable, and if not yet, what is missing and who owes it?", function=gate,
    settings=Settings,
    inputs=(Input("case", "a case: a folder of papers, a hand-over pack, a case as JSON, or its id in the workspace", (
                InputColumn("papers", "in JSON: a list of papers, each with header and content"),
                InputColumn("entries", "the entries of the record, for the order of papers", True)), kind="case"),
            Input("pack_file", "a rule pack of your own, in TOML", kind="document", optional=True)),
    outputs=(Output("verdict", "irreproachable (every test that applies is met) or not yet"),
             Output("weakest", "the three weakest links, as in tests: what is contradicted first, then what hangs most "
                               "on, from three links of the case where there are three"),
             Output("tests", "pack, id, question, answer (met, not met, not applicable, no evidence held), because, "
                             "evidence (each paper with its fingerprint, its version, and whether it counts), missing, "
                             "owed_by, due, link"),
             Output("subject", "the case"), Output("proposal_version", "the version that was asked about"),
             Output("on", "the day whose rules were taken"), Output("on_because", "why that day"),
             Output("counts", "how many tests have each answer"),
             Output("packs", "of each pack asked: id, title, version, in_force, source, address and fingerprint")),
    source=SOURCE, version="1",
    cannot_tell=("Whether minds were open, or reasons good: it sees what papers say, and who signed.",
                 "What a court would find: a test met here is not legal advice, and one not met may be answered.",
                 "Whether what no paper holds was done: it says that no evidence is held.",
                 "Whether a signed judgement is right: it counts if it is signed, reasoned and rests on papers held."),
    example="decide gate sample:case")
