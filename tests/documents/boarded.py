"""Cases to make board papers of: one with everything awkward in it, one with nothing; and ways to look into files."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date

from lxml import etree

from evenhand.papers import (
    Appraisal,
    Assessment,
    Body,
    Criterion,
    Decision,
    EvaluationPlan,
    Evidence,
    Group,
    Header,
    Impact,
    Loser,
    Opportunity,
    Option,
    Paper,
    Promise,
    Proposal,
    Ruling,
    Score,
    Source,
    Stated,
    Theme,
    Voices,
    Votes,
    seal,
)
from evenhand.record import CaseFile
from evenhand.record.casefile import kept_of
from evenhand.terms import Estimate, Month, Span

SUBJECT = "case/awkward"
LONG = "The Board for the Commissioning of Everything that Cannot Wait in the Two Vales, the Three Moors and the Coast"
QUOTES = 'Ward "3" & <b>Annexe</b>: ‘home’ – not {{ paper }} #let x = $a$ \\ _either_'
ARABIC = "نريد أن نبقى في بيوتنا"
HEBREW = "אנחנו רוצים להישאר בבית"


def case_of(*papers: Paper, subject: str = SUBJECT) -> CaseFile:
    return CaseFile(subject, tuple(kept_of(seal(each).bytes) for each in papers))


def empty() -> CaseFile:
    """A gap was seen; nothing has been proposed."""
    return case_of(Opportunity(header=Header(subject=SUBJECT), body=Body("Two Vales", "V2"), measure="m",
                               against="peers", title="Days in hospital", period=Month(2026, 4), gap=None,
                               gap_units="days a year"))


def awkward() -> CaseFile:
    """Long names, quotation marks, ampersands, angle brackets, letters read from the right, and small counts."""
    header = Header(subject=SUBJECT, proposal_version=2)
    old = Header(subject=SUBJECT, proposal_version=1)
    return case_of(
        Proposal(header=old, title="First thoughts", service="Hospital care after 80", bodies=(Body(LONG, "V2"),),
                 options=(Option(id="nothing", title="Nothing", does_nothing=True),)),
        Proposal(header=header, title=QUOTES, service="Hospital care after 80", bodies=(Body(LONG, "V2"),),
                 why="People wait & wait; <nobody> is \"home\".\x0b", raised=date(2026, 3, 2),
                 options=(Option(id="go", title=QUOTES, what_it_means=ARABIC),
                          Option(id="half", title="Half of it", closed=date(2026, 5, 4), closed_because="no nurses"),
                          Option(id="nothing", title="Leave things as they are", does_nothing=True)),
                 spend=(Stated("The ward", 310_000_000, "pence", "about", Span(Month(2025, 4), Month(2026, 3))),),
                 people_affected=(Stated("People moved", 4, "people"), Stated("People asked", 640, "people"))),
        Voices(header=header, kind="Consultation", opened=date(2026, 6, 1), closed=date(2026, 8, 24), replies=100,
               groups=(Group(name="Over 80", replies=4, share_of_replies=0.04, share_of_people=0.2),
                       Group(name="Carers", replies=36, share_of_replies=0.36),
                       Group(name=HEBREW, replies=60, share_of_replies=0.6)),
               themes=(Theme(title=ARABIC, replies=7), Theme(title="Nights", replies=50, answer="A nurse at night")),
               not_heard=("people who live alone",), what_changed="A nurse at night was added"),
        Voices(header=old, kind="Early listening", replies=900),
        Evidence(header=header, source=Source("A review"), design="trials", says="It helped some.", grade="low",
                 grade_scheme="GRADE", about_options=("go",), applies_here="Counties like ours", limits=("Small.",)),
        Assessment(header=header, kind="quality", made=True, impacts=(
            Impact(option="go", on="people who live alone", effect="worse", because="nobody is there between visits",
                   likelihood=3, consequence=4, mitigation="a call each evening", mitigation_owner="V2",
                   mitigation_due=date(2027, 4, 1), left_over="Nights"),)),
        Appraisal(header=header, options=("go", "nothing"), weights_from="a panel", ranking=("go", "nothing"),
                  criteria=(Criterion(id="days", title="Days at home", better="high", weight=0.7, units="days"),
                            Criterion(id="cost", title="Cost", better="low", weight=0.3, units="pounds a year")),
                  scores=(Score(option="go", criterion="days", value=Estimate(8.4, 5.9, 10.8), because="two teams"),
                          Score(option="nothing", criterion="days", value=Estimate(0, 0, 0)),
                          Score(option="go", criterion="cost", value=Estimate(2_760_000, 2_500_000, 3_050_000)),
                          Score(option="nothing", criterion="cost", value=Estimate(2_100_000, 2_000_000, 2_200_000))),
                  may_lose=(Loser(option="go", who="Carers", how="four hours a week more"),),
                  turns_on="If cost counted for half, nothing would come first", sentence="Going comes first."),
        EvaluationPlan(header=header, question="Do people spend fewer days in hospital?", measure="m", design="d",
                       promised=Estimate(0.12, 0.1, 0.14), promised_units="share of what it would have been",
                       review_due=Month(2028, 10)),
        Decision(header=header, title=QUOTES, outcome="approved", option="go", reasons="Home is better.",
                 dissent="The staff will not be found, & nobody has said how.",
                 rulings=(Ruling(body=Body(LONG, "V2"), outcome="approved", decided=date(2026, 11, 5),
                                 votes=Votes(for_it=6, against=2, abstained=0), quorate=True, stood_aside=()),),
                 promises=(Promise(what="A nurse at night", owner="V2", due=date(2027, 4, 1)),)))


# --- looking inside ---------------------------------------------------------------------------------------------------


def pdf_text(content: bytes) -> str:
    """Everything a PDF says of itself, its packed streams unpacked."""
    found = [content]
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return b"\n".join(found).decode("latin-1")


def word_parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def body_of(content: bytes) -> etree._Element:
    return etree.fromstring(word_parts(content)["word/document.xml"])
