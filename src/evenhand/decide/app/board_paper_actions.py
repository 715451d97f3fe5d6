"""The only writer of board papers: sections adopted, the paper signed, a body's template taken in. Each is recorded."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from evenhand.decide.app import agenda_actions
from evenhand.decide.app.board_paper_models import AdoptedSection, PaperTemplate
from evenhand.decide.app.board_paper_queries import DOCUMENT, board_paper, template_of
from evenhand.decide.app.models import Item
from evenhand.decide.app.queries import OpenItem
from evenhand.documents.board_paper import BoardPaper, Signature
from evenhand.documents.board_paper_pdf import pdf_bytes
from evenhand.documents.board_paper_template import checked, filled
from evenhand.documents.board_paper_word import word_bytes
from evenhand.papers import AdoptedPart, Header, MadeFrom, SignedDocument, SignedFile, digest
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app import queries as record
from evenhand.record.app.actions import writing
from evenhand.terms import refuse

TITLES = {".pdf": "Board paper", ".docx": "Board paper in Word"}


def adopt(item: OpenItem, section: str, words: str, *, by: str, on: date) -> None:
    """Take the program's sentences in a section for one's own, as they stand.

    Raises:
        Refused: for a section that is not there, or whose words have changed since they were read (``words`` is their
            digest), and for one adopted already.
    """
    held = board_paper(item)
    found = held.paper.section(section)
    if found is None:
        raise refuse("the paper has no such section", "load the page again", value=section)
    if found.digest != words:
        raise refuse("its words have changed since you read them", "read it again, and adopt it as it stands now")
    if not found.is_marked:
        raise refuse("nothing in this section waits to be adopted", "nothing was changed")
    with writing(item.case, by=by, what=f"board paper, section adopted: {section}",
                 organisation=item.meeting.organisation):
        AdoptedSection.objects.create(item=_row(item), section=section, digest=words,
                                      account=Account.objects.get(identifier=by), on=on)


@transaction.atomic
def sign(item: OpenItem, words: str, *, by: str, name: str, at: datetime, on: date, because: str = "") -> str:
    """Sign the paper as it stands: both files are brought for the item, and the record keeps their digests.

    Gives the digest of the paper that says so. ``words`` is the digest of what was read; ``because`` is asked for where
    members have had their papers already.

    Raises:
        Refused: while a sentence waits to be adopted, for words that changed since they were read, for a paper signed
            already, and where the item takes no papers any more.
    """
    held = board_paper(item)
    if held.paper.digest != words:
        raise refuse("the paper has changed since you read it", "read it again, and sign it as it stands now")
    if held.latest is not None:
        raise refuse("this paper is signed already", "nothing was changed", value=held.latest.words)
    waiting = [each.title for each in held.paper.sections if each.is_marked]
    if waiting:
        raise refuse(f"sentences that the program wrote wait to be adopted: {'; '.join(waiting)}",
                     "read each section and adopt it, or mend the papers it is drawn from")
    signed = held.paper.signed(Signature(name, on))
    files = {".pdf": pdf_bytes(signed), ".docx": word_file(signed, item.meeting.organisation)}
    version = held.version or 1
    for ending, content in files.items():
        agenda_actions.attach(item, title=TITLES[ending], content=content, by=by, at=at, because=because,
                              file_name=f"board-paper-{item.number}-version-{version}{ending}")
    with writing(item.case, by=by, what=f"board paper signed, version {version}",
                 organisation=item.meeting.organisation) as block:
        sealed = block.leave(_signed_document(item, signed, files, held.version, by=by, on=on))
    return sealed.digest


def keep_template(organisation: str, file_name: str, content: bytes, *, by: str, at: datetime) -> None:
    """Take in a body's own Word template. Raises ``Refused``, naming every fault, for one that cannot be used."""
    checked(content, file_name)
    with writing(f"body/{organisation}", by=by, what="board paper template taken in", organisation=organisation):
        PaperTemplate.objects.create(organisation=Organisation.objects.get(code=organisation), file_name=file_name,
                                     content=content, digest=digest(content), added=at,
                                     account=Account.objects.get(identifier=by))


def word_file(paper: BoardPaper, organisation: str) -> bytes:
    """The paper in Word: in the body's own template where it gave one, else in our plain form."""
    own = template_of(organisation)
    return filled(own[1], paper, own[0]) if own else word_bytes(paper)


def _signed_document(item: OpenItem, paper: BoardPaper, files: dict[str, bytes], version: int | None, *, by: str,
                     on: date) -> SignedDocument:
    adopters = {(row.section, row.digest): row.account.identifier for row in
                AdoptedSection.objects.filter(item=_row(item)).select_related("account")}
    made_from = tuple(MadeFrom(each.digest, each.kind) for each in record.papers(item.case)
                      if each.kind != SignedDocument.paper)
    return SignedDocument(
        header=Header(subject=item.case, proposal_version=version, made_from=made_from), document=DOCUMENT,
        title=paper.title, content=paper.digest, signed_by=by, signed=on,
        parts=tuple(AdoptedPart(part=each.id, digest=each.digest, adopted_by=adopters.get((each.id, each.digest)))
                    for each in paper.sections),
        files=tuple(SignedFile(name=f"board-paper{ending}", digest=digest(content))
                    for ending, content in files.items()))


def _row(item: OpenItem) -> Item:
    return Item.objects.get(meeting__name=item.meeting.name, number=item.number)
