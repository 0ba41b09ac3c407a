"""What is prepared and counted for the visit of a review: agenda, data request, tallies. Never a row per person."""

from fidelity.visits.columns import SPECIALISTS, Column, columns, is_by_specialist, measured, what_counts
from fidelity.visits.defaults import blank_visit
from fidelity.visits.questions import QUESTIONS, Question, questions_of
from fidelity.visits.values import (
    DAYS,
    MET,
    MOST_READ,
    NUMBER_LIMIT,
    OBSERVED,
    ROWS,
    TEXT_LIMIT,
    Count,
    Numbers,
    Slot,
    VisitError,
    VisitValues,
    Wanted,
    check,
    method,
)

__all__ = [
    "DAYS",
    "MET",
    "MOST_READ",
    "NUMBER_LIMIT",
    "OBSERVED",
    "QUESTIONS",
    "ROWS",
    "SPECIALISTS",
    "TEXT_LIMIT",
    "Column",
    "Count",
    "Numbers",
    "Question",
    "Slot",
    "VisitError",
    "VisitValues",
    "Wanted",
    "blank_visit",
    "check",
    "columns",
    "is_by_specialist",
    "measured",
    "method",
    "questions_of",
    "what_counts",
]
