"""The rule packs that come with the program, each as it came: a file that was altered since is refused by name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from evenhand.data import reading
from evenhand.terms import refuse

PACKS = Path(__file__).parent / "packs"
FINGERPRINTS = "fingerprints.toml"
VOCABULARY = "vocabulary.toml"
NOT_PACKS = (FINGERPRINTS, VOCABULARY)

REMEDY = ("install the program again; a rule of your own goes into a file of its own (--pack-file). Whoever changes "
          "the program runs python tools/fingerprints.py")


def names(folder: Path = PACKS) -> tuple[str, ...]:
    """The file of each pack, in order."""
    return tuple(path.name for path in sorted(folder.glob("*.toml")) if path.name not in NOT_PACKS)


def shipped(name: str, folder: Path = PACKS) -> bytes:
    """The bytes of a file that came with the program. Raises ``Refused`` where they are not those that came."""
    try:
        content = reading.bytes_of(folder / name)
        wanted = _fingerprints(folder)[name]
    except (KeyError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise refuse("this rule pack is not among those that came with the program", REMEDY, file=name) from None
    if reading.digest_of(content) != wanted:
        raise refuse("this rule pack is not as it came with the program", REMEDY, file=name)
    return content




@cache
def _fingerprints(folder: Path) -> Mapping[str, str]:
    return dict(tomllib.loads(reading.bytes_of(folder / FINGERPRINTS).decode()))


def written(folder: Path = PACKS) -> str:
    """What the file of fingerprints should hold, for whoever changes a pack."""
    lines = [f'"{name}" = "{reading.digest_of(reading.bytes_of(folder / name))}"'
             for name in sorted((*names(folder), VOCABULARY))]
    return "\n".join(["# The fingerprint of each rule pack as it came. Written by tools/fingerprints.py", *lines, ""])
