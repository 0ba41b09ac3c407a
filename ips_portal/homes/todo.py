"""One thing that waits for somebody."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ToDo:
    """One thing to do: what, where, until when, and how pressing (a chip's kind)."""

    text: str
    about: str
    url: str
    kind: str = "info"
    chip: str = "To do"
    due_on: date | None = None
