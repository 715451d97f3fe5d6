"""The packs that come with the program are as they came, or refused by name."""

from __future__ import annotations

import shutil

import pytest

from evenhand.decide import pack_files
from evenhand.terms import Refused


def test_the_fingerprints_are_those_of_the_packs():
    assert (pack_files.PACKS / pack_files.FINGERPRINTS).read_text() == pack_files.written(), (
        "a pack was changed: python tools/fingerprints.py")


@pytest.mark.parametrize("name", [*pack_files.names(), pack_files.VOCABULARY])
def test_one_flipped_byte_is_refused_by_the_name_of_the_file(name, tmp_path):
    folder = tmp_path / "packs"
    shutil.copytree(pack_files.PACKS, folder)
    content = bytearray((folder / name).read_bytes())
    # One letter of a source becomes another: still TOML, and no longer what came.
    at = content.index(b"source") + 12
    content[at] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(Refused, match="not as it came") as refused:
        pack_files.shipped(name, folder)
    assert name in str(refused.value)
    assert pack_files.shipped(name)


def test_a_file_put_among_them_is_refused(tmp_path):
    folder = tmp_path / "packs"
    shutil.copytree(pack_files.PACKS, folder)
    (folder / "our-own.toml").write_text('id = "ours"')
    assert "our-own.toml" in pack_files.names(folder)
    with pytest.raises(Refused, match=r"our-own\.toml.*not among those") as refused:
        pack_files.shipped("our-own.toml", folder)
    assert "--pack-file" in str(refused.value)


def test_flipped_fingerprints_are_refused_and_not_believed(tmp_path):
    folder = tmp_path / "packs"
    shutil.copytree(pack_files.PACKS, folder)
    path = folder / pack_files.FINGERPRINTS
    path.write_text(path.read_text().replace("sha256:", "sha256;"))
    with pytest.raises(Refused):
        pack_files.shipped("gunning.toml", folder)
