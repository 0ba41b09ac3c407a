"""What a note may tell about a person: a question and no refusal, the same on page, in the API and in the import."""

from collections.abc import Iterator
from dataclasses import replace

from ips_portal.client_details import client_details
from outcomes.checks.examples import ordinary
from outcomes.checks.rules import OURS, Case, Level, Seen, rule
from outcomes.figures import Figures

WORDING = "V37"  # its answer is about words, so that no other note answers it


@rule(
    WORDING,
    Level.WARNING,
    "A note may tell of a person",
    when="A note, a reason or an explanation holds what looks like the name, number or birthday of somebody served.",
    why="Whoever reads the report reads its notes, and the portal keeps nothing about one person.",
    fix="Take it out of the note, or say that it is about nobody who is served.",
    source=OURS,
    example=replace(
        ordinary(), figures=replace(ordinary().figures, note="Client Maria has found a job at last.")
    ),
)
def notes_tell_of_nobody(case: Case) -> Iterator[Seen]:
    words = "\n".join(filter(None, written(case.figures)))
    if words and (found := client_details(words)):
        yield Seen(
            f"A note may hold {' and '.join(found)}", "a report holds counts and nothing about one person"
        )


def written(figures: Figures) -> Iterator[str]:
    """Everything in words but the answer to this very question."""
    yield from (figures.note, figures.vacancy)
    yield from (text for key, text in figures.explained.items() if key != WORDING)
    yield from (figures[key].why for key in figures)
