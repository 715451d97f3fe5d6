"""What a person is told when the fault is ours."""

from __future__ import annotations

import traceback

from evenhand import __version__


def told(fault: Exception, words: list[str]) -> str:
    """A message for whoever ran the command: what happened, that it is our fault, and what to send."""
    frame = traceback.extract_tb(fault.__traceback__)[-1]
    place = f"{frame.filename.rpartition('evenhand/')[2]}, line {frame.lineno}"
    options = " ".join(word for word in words if word.startswith("-") or word.isalpha())
    return (f"Something went wrong inside Evenhand, and it is not your fault. Nothing was changed.\n"
            f"Please send these lines, and a small input that shows it, to whoever looks after Evenhand for you:\n"
            f"  evenhand {__version__}: {options}\n"
            f"  {type(fault).__name__}: {str(fault).splitlines()[0][:200] if str(fault) else 'no message'}\n"
            f"  at {place} in {frame.name}")
