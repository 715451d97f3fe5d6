"""The one JSON document of a command that is no method, with the header that every document has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

VERSION = "1"


def document(command: str, source: str, settings: Mapping[str, Any], fields: Mapping[str, Any], *,
             made_from: Iterable[Mapping[str, str]] = (), remarks: Iterable[str] = ()) -> str:
    """The document as text: method, settings, made_from, what was asked for, remarks."""
    return json.dumps({"method": {"name": command, "version": VERSION, "source": source},
                       "settings": dict(settings), "made_from": list(made_from), **fields, "remarks": list(remarks)},
                      indent=1, ensure_ascii=False)
