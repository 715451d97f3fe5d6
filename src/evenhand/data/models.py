"""Models written in JSON: read whole, with a message that names the line where reading failed."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evenhand.data import reading
from evenhand.data.tables import Opened, Source, sample
from evenhand.terms import refuse


@dataclass(frozen=True)
class Model:
    """A JSON document with the name and digest it is known by."""

    name: str
    digest: str
    content: Mapping[str, Any]


def read_model(source: Source, *, name: str = "") -> Model:
    """Open a model: a path, ``-``, ``sample:NAME``, or a mapping. Raises ``Refused`` for what is not a JSON object."""
    if isinstance(source, Model):
        return source
    if isinstance(source, Mapping):
        text = json.dumps(source, sort_keys=True, default=str)
        return Model(name or "the model", reading.digest_of(text.encode()), source)
    path = source.path if isinstance(source, Opened) else str(source)
    given = source.content if isinstance(source, Opened) else None
    content = (given if given is not None else sys.stdin.buffer.read() if path == "-"
               else reading.bytes_of(sample(path) if path.startswith("sample:") else Path(path)))
    label = "standard input" if path == "-" else path
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_refused_constant)
    except UnicodeDecodeError:
        raise refuse("this is not text", "give a JSON file", file=label) from None
    except json.JSONDecodeError as trouble:
        raise refuse(f"this is not JSON: {trouble.msg} in line {trouble.lineno}, place {trouble.colno}",
                     "mend it there", file=label) from None
    except ValueError as trouble:
        raise refuse(str(trouble), "give a finite number or null", file=label) from None
    except RecursionError:
        raise refuse("the document is nested too deeply", "give a flat model", file=label) from None
    if not isinstance(document, dict):
        raise refuse("the document is not a JSON object", "begin it with { and name its parts", file=label)
    return Model(label, reading.digest_of(content), document)


def _refused_constant(name: str) -> float:
    raise ValueError(f"{name} is no number that JSON allows")


def is_there(path: str) -> bool:
    """Whether a file stands at a path, for what is begun where there is none."""
    return Path(path).exists()
