"""The only reader of board papers on the site: the paper of an item as it stands, and what was signed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.timezone import localtime

from evenhand.decide.app.agenda_models import AgendaPaper
from evenhand.decide.app.board_paper_models import AdoptedSection, PaperTemplate
from evenhand.decide.app.draft_queries import drafted
from evenhand.decide.app.queries import OpenItem
from evenhand.decide.board_paper import paper_of, told_of
from evenhand.decide.brief import Earlier, brief, earlier_cases
from evenhand.documents.board_paper import BoardPaper, Signature
from evenhand.documents.board_paper_told import OnAgenda, Told
from evenhand.documents.board_paper_words import day
from evenhand.pages.jinja import when
from evenhand.papers import Body, Decision, Header, Proposal, Ruling, SignedDocument
from evenhand.people.app import queries as people
from evenhand.record.app import queries as record
from evenhand.record.casefile import CaseFile
from evenhand.record.reading import Kept
from evenhand.terms import refuse

DOCUMENT = "board paper"
NOT_SENT = ("no_papers", "removed")
"""Steps of the ladder by which a member is not sent the papers of an item."""


@dataclass(frozen=True)
class Signed:
    """A paper that was signed: by whom, when, on which version, and whether it is still what the papers say."""

    digest: str
    by: str
    paper: SignedDocument
    stands: bool

    @property
    def words(self) -> str:
        """Who signed it and when."""
        return Signature(self.by, self.paper.signed).words


@dataclass(frozen=True)
class Held:
    """The paper of an item as its papers make it today, with what was adopted and what was signed."""

    paper: BoardPaper
    version: int | None
    signed: tuple[Signed, ...]

    @property
    def latest(self) -> Signed | None:
        """The signature that still stands."""
        return next((each for each in reversed(self.signed) if each.stands), None)


def may_have_papers(item: OpenItem, member: str) -> bool:
    """Whether a member is sent the papers of an item: not where their interest keeps the papers from them."""
    return not any(each.member == member and each.action in NOT_SENT for each in item.quorum.stands_aside)


def board_paper(item: OpenItem) -> Held:
    """The board paper of an item. Raises ``Refused`` where the item is about no case, or the case holds nothing."""
    case = _case(item)
    names = _names(item, case)
    paper = paper_of(case, item=_on_agenda(item), names=names, beside=_plans(), invented=item.meeting.invented or None)
    paper = paper.adopted(adopted(item, paper))
    version = next((int(value) for name, value in paper.facts if name == "Version of the proposal"), None)
    signed = tuple(Signed(kept.digest, people.names_of(frozenset({found.signed_by})).get(found.signed_by,
                                                                                       found.signed_by), found,
                          found.content == paper.digest)
                   for kept in record.papers(item.case, "signed-document")
                   if isinstance(found := kept.paper(), SignedDocument) and found.document == DOCUMENT)
    held = Held(paper, version, signed)
    if held.latest:
        held = Held(paper.signed(Signature(held.latest.by, held.latest.paper.signed)), version, signed)
    return held


def item_brief(item: OpenItem) -> BoardPaper:
    """The brief of an item for a lay member. Raises ``Refused`` where the item is about no case."""
    told = _told(item)
    return brief(told, _earlier(told))


def adopted(item: OpenItem, paper: BoardPaper) -> dict[str, str]:
    """Who adopted which section, as its words stand today: words that changed since are nobody's."""
    rows = AdoptedSection.objects.select_related("account").filter(item__meeting__name=item.meeting.name,
                                                                   item__number=item.number)
    by_words = {(row.section, row.digest): f"{row.account.name} on {day(row.on)}" for row in rows}
    return {each.id: by_words[each.id, each.digest] for each in paper.sections if (each.id, each.digest) in by_words}


def template_of(organisation: str) -> tuple[str, bytes] | None:
    """The name and the bytes of a body's own template, if it gave one."""
    row = PaperTemplate.objects.filter(organisation__code=organisation).last()
    return (row.file_name, bytes(row.content)) if row else None


def signed_file(signed: SignedDocument, ending: str, *, in_public: bool = False) -> bytes | None:
    """The very bytes that were signed; ``in_public`` only those members were sent for an item taken in public."""
    digests = [each.digest for each in signed.files if each.name.endswith(ending)]
    rows = AgendaPaper.objects.filter(digest__in=digests)
    if in_public:
        rows = rows.filter(sent__isnull=False, item__ground="")
    row = rows.first()
    return bytes(row.content) if row and row.content is not None else None


# --- what it is made of -----------------------------------------------------------------------------------------------


def _case(item: OpenItem) -> CaseFile:
    if not item.case:
        raise refuse("this item is about no case, so no paper can be drawn from one", "bring its paper as a file")
    return record.held(item.case)


def _told(item: OpenItem) -> Told:
    case = _case(item)
    return told_of(case, item=_on_agenda(item), names=_names(item, case), beside=_plans(),
                   invented=item.meeting.invented or None)


def _on_agenda(item: OpenItem) -> OnAgenda:
    noted = (f"{item.names[each.member]} stays and votes; the interest is minuted: {each.because}"
             for each in item.quorum.noted)
    aside = (*(f"{each.name} {each.action}: {each.because}" for each in item.asides), *noted)
    may_vote = tuple(item.names[each] for each in item.quorum.may_vote)
    return OnAgenda(body=item.meeting.organisation_name, meeting=item.meeting.title,
                    on=when(localtime(item.meeting.on).date()), number=item.number, title=item.title,
                    asked_to=item.asked_to, author=item.author, quorum=item.quorum.sentence, aside=aside,
                    may_vote=may_vote, prepared=_prepared(item))


def _prepared(item: OpenItem) -> Decision | None:
    """The decision as it was prepared for an item; nothing where nobody has prepared it."""
    draft = drafted(item.meeting.name, item.number)
    if draft is None:
        return None
    body = Body(item.meeting.organisation_name, item.meeting.organisation)
    return draft.into(Decision(header=Header(subject=item.case or item.subject), title=item.title, outcome="approved",
                               option=None, rulings=(Ruling(body=body, outcome="approved"),)))


def _names(item: OpenItem, case: CaseFile) -> dict[str, str]:
    """Everybody whom the papers name by identifier, and the bodies they name by code."""
    found: set[str] = set(item.names)
    for kept in case.papers:
        paper = kept.paper()
        for name in ("signed_by", "written_by"):
            said = getattr(paper, name, None)
            found |= {said} if isinstance(said, str) else set(said or ())
        for ruling in getattr(paper, "rulings", ()):
            found |= {each.member for each in ruling.stood_aside or ()}
    bodies = {each.code: each.name for each in people.organisations()}
    return {**bodies, **people.names_of(frozenset(found)), **item.names}


def _plans() -> list[Kept]:
    return [kept for subject in record.subjects() if subject.startswith("plan/")
            for kept in record.papers(subject, "plan")[-1:]]


def _earlier(told: Told) -> tuple[Earlier, ...]:
    """Earlier cases about the same service; a case is opened whole only where its proposal or a lesson names it."""
    if told.proposal is None:
        return ()
    service = " ".join(told.proposal.service.casefold().split())

    def named(subject: str) -> bool:
        services: list[str] = []
        for kept in (*record.papers(subject, "proposal"), *record.papers(subject, "lesson")):
            paper = kept.paper()
            services += [paper.service] if isinstance(paper, Proposal) else getattr(paper, "services", ())
        return any(" ".join(each.casefold().split()) == service for each in services)

    others = [each for each in record.cases() if each != told.subject and named(each)]
    return earlier_cases(map(record.held, others), told.proposal.service, but=told.subject)
