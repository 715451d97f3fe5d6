"""The papers of a meeting in one file: for everybody without what is private, for a member without what they leave."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date

from django.utils.timezone import localtime

from evenhand.decide.app import forward_queries, queries
from evenhand.decide.app.agenda_queries import PROPOSAL, PaperTrail, paper_file
from evenhand.decide.app.forward_queries import PlannedMeeting
from evenhand.decide.app.queries import OpenItem
from evenhand.papers import digest
from evenhand.record.app import queries as record

NO_PAPERS = ("no_papers", "removed")
"""Steps of the ladder for which a member is not sent the papers of an item."""
_ONE_TIME = (2000, 1, 1, 0, 0, 0)


def kept_from(item: OpenItem, member: str) -> bool:
    """Whether this member is not sent the papers of an item, for an interest."""
    return any(each.member == member and each.action in NO_PAPERS for each in item.quorum.stands_aside)


def public_pack(found: PlannedMeeting, today: date) -> bytes:
    """Agenda and sent papers of the items that the public may hear, and how many it may not."""
    name = found.sitting.name
    files = {"agenda.txt": agenda_in_words(found).encode()}
    for item in found.items:
        files |= _papers(name, item.number, item.case, item.papers)
    rows = forward_queries.rows_of(found, today)
    return _zipped({**files, "agenda.json": json.dumps({"items": rows}, ensure_ascii=False, indent=1).encode()})


def members_pack(found: PlannedMeeting, member: str) -> bytes:
    """Every sent paper of a meeting, private ones too, but those of items whose papers this member is not sent."""
    name = found.sitting.name
    files = {"agenda.txt": agenda_in_words(found).encode()}
    for item in queries.items(name):
        if not kept_from(item, member):
            files |= _papers(name, item.number, item.case, item.papers, folder="private" if item.private else "")
    return _zipped(files)


def _papers(meeting: str, number: int, case: str, trails: tuple[PaperTrail, ...], folder: str = "") -> dict[str, bytes]:
    found = {}
    for trail in trails:
        for version in trail.versions:
            if not version.counts:
                continue
            place = f"{folder}/item-{number}" if folder else f"item-{number}"
            if trail.name == PROPOSAL:
                content = next((each.bytes for each in record.papers(case, "proposal")
                                if each.digest == version.digest), None)
                ending = ".json"
            else:
                held = paper_file(meeting, number, version.key)
                content, ending = (held[2], f".{held[0].rpartition('.')[2]}") if held else (None, "")
            if content is not None:
                found[f"{place}/{trail.name}-version-{version.version}{ending}"] = content
    return found


def agenda_in_words(found: PlannedMeeting) -> str:
    """The agenda as plain text."""
    sitting = found.sitting
    local = localtime(sitting.on)
    lines = [sitting.organisation_name, sitting.title, f"{local.day} {local:%B %Y}, {local:%H:%M}"]
    lines += [sitting.place] if sitting.place else []
    lines += ["An invented county: nothing here is about a real body or person."] if sitting.invented else []
    lines += ["", found.notice.sentence, ""]
    for item in found.items:
        lines += [f"{item.number}. {item.title} (for {item.purpose})", f"   {item.asked_to}"]
        lines += [f"   Paper by {item.author}"] if item.author else []
        for trail in item.papers:
            lines += [f"   {trail.title}, version {each.version}" + (f", {each.standing}" if each.standing else "")
                      + (f": {each.because}" if each.because else "") for each in trail.versions]
        lines += [f"   Changed since it was sent. {trail.sentence}." for trail in item.papers if trail.sentence]
        lines.append("")
    if found.in_private:
        lines.append("In private:")
        lines += [f"   An item, because {words}." for words in found.in_private]
    return "\n".join(lines) + "\n"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """The same files give the same bytes; a list of fingerprints says what each should be."""
    listed = {**files, "fingerprints.txt": "".join(
        f"{digest(content)}  {name}\n" for name, content in sorted(files.items())).encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in sorted(listed.items()):
            pack.writestr(zipfile.ZipInfo(name, _ONE_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
