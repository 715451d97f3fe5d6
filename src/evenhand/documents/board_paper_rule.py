"""The end of a board paper: the gate, interests, objections, how to challenge, what came of it, and how we know."""

from __future__ import annotations

from datetime import date

from evenhand.documents.board_paper import Block, Grid, Said, Under, drafted, lines, sentence
from evenhand.documents.board_paper_told import Told
from evenhand.documents.board_paper_words import body, day, themes_shown, when
from evenhand.papers import Finding, Judgement, Lesson, Programme, Ruling, Source, Statement, Voices, When
from evenhand.terms.words import NOT_HELD, listed

VERDICTS = {"worked": "Yes", "faded": "At first; then it faded", "did not work": "No",
            "cannot tell": "It cannot be told"}


def gate(told: Told) -> tuple[Block, ...]:
    """The verdict, the three weakest links, and every test that is not met."""
    if told.gate is None:
        return lines(Said(NOT_HELD, label="What must be shown before it is decided:"))
    fields = told.gate.fields
    tests, counts = fields["tests"], fields["counts"]
    applying = [each for each in tests if each["answer"] != "not applicable"]
    of = (f"{counts['met']} of {len(applying)} tests that apply are met, {counts['not met'] or 'none'} not met, and of "
          f"{counts['no evidence held'] or 'none'} no evidence is held")
    blocks: list[Block] = [*lines(Said(fields["verdict"], label="Verdict:"), drafted(of))]
    rules = {pack["id"]: pack["title"] for pack in fields["packs"]}
    if fields["weakest"]:
        blocks.append(Grid("The three weakest links", ("What must be shown", "How it stands", "What is missing",
                                                        "Who owes it, by when"),
                           tuple((f"{each['question']} ({rules[each['pack']]})", each["answer"],
                                  sentence(each["missing"] or each["because"]), _owes(told, each))
                                 for each in fields["weakest"]), widths=(3.4, 1.6, 3.6, 2.2)))
    for each in told.all(Statement):
        on_conditions = f" On these conditions: {'; '.join(each.conditions)}." if each.conditions else ""
        blocks += lines(Said(f"{each.outcome}{_on(each.given)}. {sentence(each.reasons)}{on_conditions}",
                             label=f"{body(each.by)}:"))
    names = [f"{pack['title']} ({pack['in_force']})" for pack in fields["packs"]]
    day_of = f" as they stood on {day(date.fromisoformat(fields['on']))}" if fields["on"] else ""
    blocks += lines(drafted(f"Asked by these rules{day_of}: {'; '.join(names)}"))
    return tuple(blocks)


def tests(told: Told) -> tuple[Block, ...]:
    """Every test and how the case stands to it, as an annex; nothing where no rules were asked."""
    if told.gate is None:
        return ()
    asked = told.gate.fields["tests"]
    rows = tuple((each["question"], each["answer"], told.worded(each["because"])) for each in asked
                 if each["answer"] != "not applicable")
    blocks: list[Block] = [Grid("Every test that applies", ("What must be shown", "How it stands", "Because"), rows,
                                widths=(4, 1.6, 4.4))] if rows else []
    others = [Said(told.worded(each["because"]), label=each["question"]) for each in asked
              if each["answer"] == "not applicable"]
    return (*blocks, *((Under("Tests that do not apply"), *lines(*others, bulleted=True)) if others else ()))


def _owes(told: Told, test: dict[str, str]) -> str:
    due = f", {test['due']}" if test["due"] else ""
    return f"{told.person(test['owed_by'])}{due}"


def interests(told: Told) -> tuple[Block, ...]:
    """Who stands aside and whether the item can be decided: before the meeting from the item, after it as recorded."""
    blocks: list[Block] = []
    if told.item:
        blocks += lines(drafted(told.item.quorum)) if told.item.quorum else ()
        aside = [Said(each) for each in told.item.aside]
        blocks += lines(*aside, bulleted=True) if aside else lines(drafted("Nobody stands aside on this item"))
        if told.item.may_vote:
            blocks += lines(Said(listed(told.item.may_vote), label="May vote:"))
    rulings = told.decision.rulings if told.decision else ()
    if rulings:
        blocks.append(Grid("Who decided, and how", ("Body", "Outcome", "Day", "Votes", "Quorum", "Stood aside"),
                           tuple(_ruling(told, each) for each in rulings), widths=(2.6, 1.4, 1.7, 2.2, 1.5, 3)))
    return tuple(blocks) or lines(Said(NOT_HELD, label="Interests, and whether enough may vote:"))


def _ruling(told: Told, ruling: Ruling) -> tuple[str, ...]:
    votes = (f"{ruling.votes.for_it} for, {ruling.votes.against} against, {ruling.votes.abstained} abstained"
             if ruling.votes else NOT_HELD)
    quorum = {True: "Enough could vote", False: "Too few could vote", None: NOT_HELD}[ruling.quorate]
    aside = NOT_HELD if ruling.stood_aside is None else "; ".join(
        f"{told.person(each.member)} ({each.because})" for each in ruling.stood_aside) or "Nobody"
    return body(ruling.body), ruling.outcome.capitalize(), when(ruling.decided), votes, quorum, aside


def objections(told: Told) -> tuple[Block, ...]:
    """The reasons and what is said against them, side by side, each in full and with its answer."""
    reasons = (told.decision.reasons if told.decision else None) or (told.proposal.why if told.proposal else None)
    deciding = told.to_be_said
    against_it = [each for each in (deciding.objection, deciding.dissent) if each] if deciding else []
    blocks: list[Block] = [Grid("The reasons, and beside them the objection in full", ("The reasons", "The objection"),
                                ((reasons or NOT_HELD, " ".join(against_it) or NOT_HELD),), widths=(5, 5))]
    if deciding and deciding.objection:
        blocks += lines(Said(deciding.objection_answered or NOT_HELD, label="The answer to the objection:"))
    against: list[tuple[str, str]] = []
    for voices in told.all(Voices):
        for theme, replies in themes_shown(voices, told.regime):
            quoted = "".join(f" “{told.words[each]}”" for each in theme.quotations if each in told.words)
            against.append((f"{theme.title} (replies: {replies}; {voices.kind[:1].lower()}{voices.kind[1:]}){quoted}",
                            theme.answer or NOT_HELD))
    for each in (told.decision.challenges or ()) if told.decision else ():
        against.append((f"{each.by}{_on(each.when)}: {each.what}", each.result or NOT_HELD))
    if against:
        blocks.append(Grid("What was said, and the answer to it", ("What was said", "The answer"), tuple(against),
                           widths=(5, 5)))
    return tuple(blocks)


def _print(digest: str) -> str:
    return digest.removeprefix("sha256:")


def _on(moment: When | None) -> str:
    return f", {when(moment)}" if moment else ""


def challenge(told: Told) -> tuple[Block, ...]:
    """How a decision can be challenged and by when, and whether it was."""
    how = told.to_be_said.how_to_challenge if told.to_be_said else None
    blocks: list[Block] = [*lines(Said(how or NOT_HELD, label="How, and by when:"))]
    questioned = told.decision.challenges if told.decision else None
    if questioned:
        blocks += lines(*(Said(f"{each.what} {each.result or ''}".strip(),
                               label=f"{each.by}{_on(each.when)}:")
                          for each in questioned), bulleted=True)
    elif told.decision:
        blocks += lines(Said("nobody has" if questioned == () else NOT_HELD, label="Who has challenged it:"))
    return tuple(blocks)


def since(told: Told) -> tuple[Block, ...]:
    """What came of it, where it was decided before and something is known; else nothing, and no heading."""
    blocks: list[Block] = []
    programme = told.latest(Programme)
    if programme and programme.sentence:
        blocks += lines(_by_method(told, programme.sentence, programme, f"As at {day(programme.as_at)}:"))
    for finding in {each.question: each for each in told.all(Finding)}.values():
        verdict = "faded" if finding.verdict == "worked" and finding.lasted is False else finding.verdict
        blocks += lines(_by_method(told, f"{VERDICTS[verdict]}. {finding.sentence or finding.because}", finding,
                                   finding.question))
    for lesson in told.all(Lesson):
        blocks += lines(_by_method(told, f"{lesson.what_happened} {lesson.advice}", lesson, f"{lesson.title}:"))
    return tuple(blocks)


def _by_method(told: Told, text: str, paper: Programme | Finding | Lesson, label: str) -> Said:
    return drafted(text, label) if told.is_drafted(paper) else Said(text, label=label)


def how_we_know(told: Told) -> tuple[Block, ...]:
    """Every paper with its digest, who signed which judgement, where the facts were read, and the record's head."""
    rows = tuple((each.kind, f"version {each.version}" if each.version else "–",
                  "" if each in told.counting else "does not count: another version", _print(each.digest))
                 for each in told.papers)
    blocks: list[Block] = []
    if rows:
        blocks.append(Grid("The papers this was written from", ("Paper", "About", "Note", "Fingerprint (SHA-256)"),
                           rows, widths=(2.6, 1.3, 1.7, 5)))
    signed = [Said(each.because, label=told.worded(f"{told.person(each.signed_by)}{_on(each.judged)}:"))
              for each in told.all(Judgement) if each.because and each.signed_by]
    if signed:
        blocks += (Under("What people judged, and signed"), *lines(*signed, bulleted=True))
    sources: list[Source] = []
    for cited in told.counting:
        sources += [each for each in getattr(cited.paper, "sources", ()) if each not in sources]
    if sources:
        blocks += (Under("Where the facts were read"),
                   *lines(*(f"{each.title}{f': {each.address}' if each.address else ''}" for each in sources),
                          bulleted=True))
    papers = {each.digest for each in told.papers}
    files = {made.digest: made.what for each in told.counting for made in each.paper.header.made_from
             if made.digest not in papers}
    if files:
        blocks.append(Grid("Files the figures were worked out from", ("File", "Fingerprint (SHA-256)"),
                           tuple((what, _print(digest)) for digest, what in files.items()), widths=(4, 5)))
    if told.head:
        blocks += lines(Said(told.head, label="The record’s entry that holds the last of these papers:"))
    blocks += lines(drafted("Change one letter of any paper, and it no longer fits its fingerprint: evenhand record "
                            "verify names the place"))
    return tuple(blocks)
