"""The register of policies that comes with the program, as text."""

from __future__ import annotations

from pathlib import Path

from evenhand.data.texts import Text, read_text

PUBLISHED = Path(__file__).parent / "published" / "policies.toml"


def published_register() -> Text:
    """Items that should not routinely be prescribed, and interventions with criteria, with their sources."""
    found = read_text(PUBLISHED)
    return Text("the published register of policies", found.digest, found.content)
