"""Appending to the record: one entry, its papers and its words, wholly or not at all."""

from __future__ import annotations

from datetime import date, datetime

from evenhand.papers import (
    INSTALLATION,
    EvaluationPlan,
    Head,
    Header,
    Heads,
    PlannedChange,
    Proposal,
    Sealed,
    flow,
    lacking,
    opened,
    seal,
    unplanned,
)
from evenhand.record import reading
from evenhand.record.database import Database, lock
from evenhand.record.entry import Draft, Entry, Salts, Words, fresh_salt, with_why
from evenhand.terms import refuse
from evenhand.terms.words import listed

_INSERT_ENTRY = ("INSERT INTO entry (hash, subject, number, previous, at, by, organisation, kind, what, papers, "
                 "commitments) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)")


def append(database: Database, draft: Draft, *, at: datetime, salts: Salts = fresh_salt) -> Entry:
    """Add one entry to its subject's chain, with the papers it leaves and the words that go with it.

    Inside a transaction of the caller's it is part of that transaction. The lock is taken here, at the end of the
    caller's work, and let go when the transaction ends.
    """
    with database.whole():
        lock(database)
        for sealed in draft.papers:
            keep_paper(database, sealed)
        written = {label: Words.committed(text, subject=draft.subject, salt=salts())
                   for label, text in draft.words.items()}
        for words in written.values():
            keep_words(database, words)
        entry = draft.entered(reading.head(database, draft.subject), at=at, words=written)
        keep_entry(database, entry)
    return entry


def leave(database: Database, draft: Draft, *, at: datetime, salts: Salts = fresh_salt) -> Entry | None:
    """Enter papers unless the subject's chain already tells of them all: the same work done twice is entered once."""
    with database.whole():
        lock(database)
        told = {digest for entry in reading.entries(database, draft.subject) for digest in entry.papers}
        if all(sealed.digest in told for sealed in draft.papers):
            return None
        return append(database, draft, at=at, salts=salts)


def keep_entry(database: Database, entry: Entry) -> None:
    """Store an entry as it stands."""
    database.run(_INSERT_ENTRY, entry.row())


def keep_paper(database: Database, sealed: Sealed) -> None:
    """Store a paper, if it is not there yet."""
    if reading.kept(database, sealed.digest) is None:
        paper = opened(sealed.bytes)
        database.run('INSERT INTO "record" (digest, kind, subject, bytes) VALUES (%s, %s, %s, %s)',
                     (sealed.digest, paper.paper, paper.subject, sealed.bytes))


def keep_words(database: Database, words: Words) -> None:
    """Store what somebody wrote, beside the chain."""
    database.run("INSERT INTO words (commitment, subject, salt, words) VALUES (%s, %s, %s, %s)",
                 (words.commitment, words.subject, words.salt, words.words))


def empty_words(database: Database, commitment: str) -> None:
    """Take words and salt away, leaving the row that says they were there."""
    database.run("UPDATE words SET salt = NULL, words = NULL WHERE commitment = %s", (commitment,))


def erase(database: Database, commitment: str, *, by: str, at: datetime, why: str = "", organisation: str = "",
          salts: Salts = fresh_salt) -> Entry:
    """Take away what somebody wrote. The chain goes on verifying, and says that words were erased."""
    with database.whole():
        lock(database)
        found = database.rows("SELECT subject, words FROM words WHERE commitment = %s", (commitment,))
        if not found or found[0][1] is None:
            raise refuse("there are no words under this commitment" if not found else "these words are already erased",
                         "take the commitment from evenhand record show", value=commitment)
        draft = Draft(subject=str(found[0][0]), by=by, what="words erased", kind="erasure", organisation=organisation,
                      words=with_why(why), erases=commitment)
        entry = append(database, draft, at=at, salts=salts)
        empty_words(database, commitment)
    return entry


def state_of(chain: list[Entry]) -> str:
    """The state a case has come to."""
    return next((entry.what for entry in reversed(chain) if entry.kind == "step"), flow.FIRST)


def move(database: Database, case: str, to: str, *, by: str, role: str, at: datetime, why: str = "",
         organisation: str = "", salts: Salts = fresh_salt) -> Entry:
    """Take a case to another state, if the role may and the papers needed are held. Raises ``Refused``."""
    with database.whole():
        lock(database)
        kept = reading.papers(database, case)
        held = tuple(each.kind for each in kept)
        state = state_of(reading.entries(database, case))
        _need_a_whole_plan(kept, state, to)
        _need_a_planned_change(kept, state, to)
        flow.step(state, to, role=role, held=held)
        return append(database, Draft(subject=case, by=by, what=to, kind="step", organisation=organisation,
                                      words=with_why(why)), at=at, salts=salts)


def _need_a_whole_plan(kept: list[reading.Kept], old: str, new: str) -> None:
    """Refuse a step that needs a plan for finding out where the newest one held is not complete, saying what lacks."""
    plans = [paper for each in kept if isinstance(paper := each.paper(), EvaluationPlan)]
    way = next((each for each in flow.steps_from(old) if each.new == new), None)
    if way is None or "evaluation-plan" not in way.needing or not plans or not (lacks := lacking(plans[-1])):
        return
    raise refuse(f"the plan for finding out whether it worked is not complete, so the case cannot become {new}: it "
                 f"lacks {'; '.join(lacks)}", "complete it with evenhand evaluate plan CASE, and leave it first")


def _need_a_planned_change(kept: list[reading.Kept], old: str, new: str) -> None:
    """Refuse to approve a change on a change plan that is of another version or not complete, saying what lacks."""
    way = next((each for each in flow.steps_from(old) if each.new == new), None)
    plans = [paper for each in kept if isinstance(paper := each.paper(), PlannedChange)]
    if way is None or "change-plan" not in way.needing or not plans:
        return
    newest = max(paper.version for each in kept if isinstance(paper := each.paper(), Proposal))
    about = [each for each in plans if each.header.proposal_version == newest]
    if not about:
        raise refuse(f"the change plan that is held is not about version {newest} of the proposal, so the case cannot "
                     f"become {new}", "say again how the change will be managed, for this version")
    if lacks := unplanned(about[-1].change):
        raise refuse(f"the plan of how the change will be managed is not complete, so the case cannot become {new}: "
                     f"it lacks {listed(list(lacks))}", "complete it on the page of the case, under “How the change "
                     "will be managed”")


def close_day(database: Database, day: date, *, by: str, at: datetime, organisation: str = "") -> Heads:
    """Enter the heads of all chains on the installation's own, to be published. Unchanged heads are entered once."""
    with database.whole():
        lock(database)
        paper = Heads(header=Header(subject=INSTALLATION), day=day, heads=tuple(
            Head(subject=entry.subject, number=entry.number, hash=entry.hash) for entry in reading.heads(database)))
        leave(database, Draft(subject=INSTALLATION, by=by, what="heads of all chains", kind="heads",
                              organisation=organisation, papers=(seal(paper),)), at=at)
    return paper
