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


@dataclass(frozen=True)
class Evidence:
    """What figures of elsewhere say of one item of a fidelity scale: people for so many percent of full time."""

    item: str
    people: int
    percent: int
    words: str
    source: str
    reasons: tuple[str, ...] = ()


team_page: list[Section] = []
# What informs the items of a review: `evidence(review, actor)`, each for as much as the actor may see.
review_evidence: list[Callable[[Any, Any], list[Evidence]]] = []
# Sentences about what would be left unfinished if these teams were closed: `sentences(request, teams)`.
unfinished: list[Callable[[Any, Collection[Any]], list[str]]] = []


def evidence_for(review: Any, actor: Any) -> list[Evidence]:
    return [each for evidence in review_evidence for each in evidence(review, actor)]


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
