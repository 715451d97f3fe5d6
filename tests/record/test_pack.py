"""A hand-over pack proves itself wherever it is opened, and is taken in wholly or not at all."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.papers import canonical_bytes, digest, seal
from evenhand.record import Workspace
from evenhand.record import pack as packs
from evenhand.terms import Refused
from record.made import CLINIC, NOON, WARD, evidence, proposal


def rezipped(content: bytes, *, compression=zipfile.ZIP_STORED, **changed: bytes | None) -> bytes:
    """The pack with some members replaced, added or left out; its list is not mended."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members.update({name: each for name, each in changed.items() if each is not None})
    for name in [name for name, each in changed.items() if each is None]:
        members.pop(name)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as archive:
        for name, each in members.items():
            archive.writestr(name, each)
    return written.getvalue()


def members_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def relisted(content: bytes, **changed: bytes) -> bytes:
    """The pack as a careful forger would leave it: members changed and the list of digests made to fit."""
    members = members_of(content) | changed
    manifest = json.loads(members.pop("manifest.json"))
    manifest["members"] = {name: digest(each) for name, each in members.items()}
    return rezipped(content, **members, **{"manifest.json": canonical_bytes(manifest)})


def contents(workspace: Workspace) -> object:
    return (workspace.entries(), [workspace.papers(each) for each in workspace.subjects()], workspace.words())


def test_the_same_content_makes_the_same_bytes(workspace):
    assert workspace.pack([WARD, CLINIC]) == workspace.pack([CLINIC, WARD, WARD])


def test_a_pack_goes_elsewhere_and_verifies_there(workspace, tmp_path):
    there = Workspace.open(tmp_path / "there")
    content = workspace.pack([WARD], files={"board paper.pdf": b"%PDF"})
    receipt = there.unpack(content, by="person/7", at=NOON)
    assert there.entries(WARD) == workspace.entries(WARD)
    assert there.papers(WARD) == workspace.papers(WARD)
    assert there.words(WARD) == workspace.words(WARD)
    assert there.subjects() == [WARD, "installation"]
    assert there.verify() == ()
    assert (receipt.entries, receipt.papers, receipt.pack) == (3, 3, packs.digest_of_pack(content))
    assert (there.folder / "received" / receipt.pack[7:19] / "board paper.pdf").read_bytes() == b"%PDF"
    (entry,) = there.entries("installation")
    assert (entry.kind, entry.by, entry.papers) == ("receipt", "person/7", (seal(receipt).digest,))


def test_a_pack_taken_in_twice_changes_nothing(workspace, tmp_path):
    there = Workspace.open(tmp_path / "there")
    content = workspace.pack([WARD])
    there.unpack(content, by="person/7", at=NOON)
    before = contents(there)
    there.unpack(content, by="person/8", at=NOON)
    assert contents(there) == before


def test_a_later_pack_carries_a_chain_on_and_an_earlier_one_takes_nothing_back(workspace, tmp_path):
    there = Workspace.open(tmp_path / "there")
    early = workspace.pack([WARD])
    there.unpack(early, by="person/7", at=NOON)
    workspace.keep(evidence("later"), by="person/1", at=NOON)
    there.unpack(workspace.pack([WARD]), by="person/7", at=NOON)
    assert there.entries(WARD) == workspace.entries(WARD)
    there.unpack(early, by="person/7", at=NOON)
    assert there.entries(WARD) == workspace.entries(WARD)
    assert there.verify() == ()


def test_another_history_of_the_same_case_is_refused_and_nothing_is_taken_in(workspace, tmp_path):
    there = Workspace.open(tmp_path / "there")
    there.unpack(workspace.pack([WARD]), by="person/7", at=NOON)
    workspace.keep(evidence("one way"), by="person/1", at=NOON)
    there.keep(evidence("another way"), by="person/7", at=NOON)
    before = contents(there)
    with pytest.raises(Refused, match="another history from entry 4 on"):
        there.unpack(workspace.pack([CLINIC, WARD]), by="person/7", at=NOON)
    assert contents(there) == before


def test_words_erased_here_do_not_travel_and_are_erased_there_too(workspace, tmp_path):
    there = Workspace.open(tmp_path / "there")
    early = workspace.pack([WARD])
    there.unpack(early, by="person/7", at=NOON)
    commitment = next(name for name, said in workspace.words(WARD).items() if "Lee" in (said.words or ""))
    workspace.erase(commitment, by="person/9", at=NOON)
    late = workspace.pack([WARD])
    assert b"Dr Lee" in early
    assert b"Dr Lee" not in late
    there.unpack(late, by="person/7", at=NOON)
    assert there.words(WARD)[commitment].is_erased
    # The older pack still has the words; erased they stay.
    there.unpack(early, by="person/7", at=NOON)
    assert there.words(WARD)[commitment].is_erased
    assert there.verify() == ()


def test_what_a_paper_was_made_from_travels_with_it(workspace, tmp_path):
    source = workspace.keep(evidence("elsewhere", CLINIC), by="person/1", at=NOON)
    workspace.keep(proposal(3, made_from=(source.as_input("a study"),)), by="person/1", at=NOON)
    there = Workspace.open(tmp_path / "there")
    there.unpack(workspace.pack([WARD]), by="person/7", at=NOON)
    assert there.paper(source.digest) == evidence("elsewhere", CLINIC)
    assert there.verify() == ()


def test_a_record_that_is_not_sound_is_not_handed_over(workspace):
    import sqlite3

    connection = sqlite3.connect(workspace.folder / "record.sqlite3", isolation_level=None)
    connection.execute("DROP TRIGGER entry_kept_from_update")
    connection.execute("UPDATE entry SET what = 'other' WHERE subject = ? AND number = 2", (WARD,))
    connection.close()
    with pytest.raises(Refused, match="case/ward-3, entry 2: has been changed"):
        workspace.pack([WARD])


# --- what is refused on arrival ---------------------------------------------------------------------------------------


def refused(content: bytes, tmp_path) -> str:
    there = Workspace.open(tmp_path / "there")
    with pytest.raises(Refused) as refusal:
        there.unpack(content, by="person/7", at=NOON)
    assert not there.folder.exists(), "something was left behind"
    return str(refusal.value)


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "files/../../evil", "files/a/b", "papers/evil.json",
                                  "files/..", "extra.txt", "papers\\evil"])
def test_a_part_that_would_land_elsewhere_is_refused(name, workspace, tmp_path):
    said = refused(rezipped(workspace.pack([WARD]), **{name: b"x"}), tmp_path)
    assert "a part that no pack has" in said


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x05\x06" + b"\0" * 18, b"\x00" * 10_000])
def test_rubbish_is_refused_in_words(content, tmp_path):
    assert "nothing was taken in" in refused(content, tmp_path)


def test_a_pack_cut_short_is_refused(workspace, tmp_path):
    content = workspace.pack([WARD])
    for kept in (len(content) // 3, len(content) // 2, len(content) - 1):
        assert "not a whole hand-over pack" in refused(content[:kept], tmp_path)


def test_a_zip_of_something_else_is_refused(tmp_path):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("files/letter.txt", b"hello")
    assert "not a hand-over pack" in refused(written.getvalue(), tmp_path)


def test_a_pack_larger_than_a_pack_may_be_is_refused(workspace, tmp_path, monkeypatch):
    # A bomb: a little file that says it holds much.
    content = rezipped(workspace.pack([WARD]), compression=zipfile.ZIP_DEFLATED, **{"files/zeros": b"\0" * 5_000_000})
    monkeypatch.setattr(packs, "MOST_BYTES", 1_000_000)
    assert len(content) < 1_000_000
    assert "larger than a pack may be" in refused(content, tmp_path)


def test_a_part_missing_or_altered_is_named(workspace, tmp_path):
    content = workspace.pack([WARD])
    paper = next(name for name in members_of(content) if name.startswith("papers/"))
    assert paper in refused(rezipped(content, **{paper: None}), tmp_path)
    assert paper in refused(rezipped(content, **{paper: b"{}"}), tmp_path)
    assert "list of parts" in refused(rezipped(content, **{"manifest.json": None}), tmp_path)


def test_a_forger_who_mends_the_list_is_found_by_the_chain(workspace, tmp_path):
    content = workspace.pack([WARD])
    lines = members_of(content)["entries.jsonl"].splitlines()
    entry = json.loads(lines[1])
    forged = canonical_bytes({**entry, "what": "something else"})
    said = refused(relisted(content, **{"entries.jsonl": b"\n".join([lines[0], forged, lines[2]])}), tmp_path)
    assert "case/ward-3, entry 2: has been changed" in said
    words = members_of(content)["words.jsonl"].replace(b"Beds stand empty", b"Beds stand full ")
    assert "words it speaks of have been changed" in refused(relisted(content, **{"words.jsonl": words}), tmp_path)
    assert "entries.jsonl:2" in refused(
        relisted(content, **{"entries.jsonl": b"\n".join([lines[0], b"{}", lines[2]])}), tmp_path)


def test_a_pack_of_a_later_form_asks_for_a_newer_version(workspace, tmp_path):
    content = workspace.pack([WARD])
    manifest = json.loads(members_of(content)["manifest.json"]) | {"version": 2}
    assert "newer" in refused(rezipped(content, **{"manifest.json": canonical_bytes(manifest)}), tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_no_flipped_byte_is_taken_in_as_something_else(workspace, data):
    content = workspace.pack([WARD])
    flipped = bytearray(content)
    flipped[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        opened = packs.opened_pack(bytes(flipped))
    except Refused:
        return
    # A byte of the zip's own dressing (a date, a flag) may differ; then what is inside is untouched.
    assert opened == packs.opened_pack(content)


def test_a_pack_zipped_again_by_hand_is_the_same_pack(workspace):
    content = workspace.pack([WARD])
    again = rezipped(content, compression=zipfile.ZIP_DEFLATED)
    assert packs.opened_pack(again) == packs.opened_pack(content)


def test_the_installations_own_chain_stays_at_home(workspace):
    workspace.close_day(NOON.date(), by="clock", at=NOON)
    for names in (["installation"], []):
        with pytest.raises(Refused, match="a pack holds cases"):
            workspace.pack(names)


def test_a_document_with_a_strange_name_does_not_travel(workspace):
    with pytest.raises(Refused, match="cannot travel under its name"):
        workspace.pack([WARD], files={"../x": b""})
