"""How a lower floor shows what a higher one knows. Each app fills the slots in its `apps.ready()`.

The page asks no section what it is: it gives request and record, and gets what the section's template shows, or
None where the section has nothing for this person.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Section:
    """A piece of a page: its template, and `context(request, record)` for it."""

    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]


team_page: list[Section] = []
# Sentences about what would be left unfinished if these teams were closed: `sentences(request, teams)`.
unfinished: list[Callable[[Any, Collection[Any]], list[str]]] = []


def left_unfinished(request: Any, teams: Collection[Any]) -> list[str]:
    return [sentence for sentences in unfinished for sentence in sentences(request, teams)]


def filled(slot: list[Section], request: Any, record: Any) -> tuple[list[str], dict[str, Any]]:
    """The templates of the sections that have something to show, and all they need."""
    templates: list[str] = []
    context: dict[str, Any] = {}
    for section in slot:
        found = section.context(request, record)
        if found is not None:
            templates.append(section.template)
            context |= found
    return templates, context
