"""First words for a report and an action plan, drafted from the scale and always edited by a person.

A recommendation is the next better anchor (domain reference 1.6); target dates follow the kind of change an item
asks for (1.7). Both are the portal's proposals, not rules of the program.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from fidelity.scales import HIGHEST, Item, Scale, known_as

CLEAR_RISE = 2
PRIORITY_FROM = 3
BEFORE_NEXT_REVIEW = timedelta(days=30)


class Change(Enum):
    """What kind of change an item asks for: days until it can be expected, and where its progress is looked at."""

    PAPERWORK = 30, "Check a few records every two weeks, until the change shows in all of them."
    HABIT = 60, "Go through progress in supervision every week."
    PARTNERSHIP = 90, "Go through progress with the partners every month."
    LEADERSHIP = 120, "Report progress to the steering committee at each meeting."

    def __init__(self, days: int, follow_up: str) -> None:
        self.days = days
        self.follow_up = follow_up


CHANGES: Mapping[Change, frozenset[str]] = {
    Change.PAPERWORK: frozenset({"SV2", "SV3", "SE7"}),
    Change.PARTNERSHIP: frozenset({"OR1", "OR2", "OR3", "OR6", "SV1", "SE4", "SE6"}),
    Change.LEADERSHIP: frozenset({"OR7", "OR8"}),
}


@dataclass(frozen=True)
class DraftRow:
    """One row of an action plan before anybody has touched it."""

    code: str
    rating: int
    goal: int
    steps: tuple[str, ...]
    target_on: date


def change(item: Item) -> Change:
    """Staffing, supervision and the daily work with people and employers are habits; so is what is not listed."""
    return next((kind for kind, codes in CHANGES.items() if known_as(item) in codes), Change.HABIT)


def goal(rating: int) -> int:
    """The next better rating: a step a team can take, where a leap to 5 would discourage."""
    return min(rating + 1, HIGHEST)


def recommendation(item: Item, rating: int) -> str:
    """What the next better rating looks like; nothing to recommend at the highest."""
    return "" if rating >= HIGHEST else f"To reach {goal(rating)}: {item.anchor(goal(rating))}"


def is_priority(rating: int) -> bool:
    """Items rated 3 or lower come first, unless the author decides otherwise (domain reference 1.6)."""
    return rating <= PRIORITY_FROM


def strengths(scale: Scale, ratings: Mapping[str, int], previous: Mapping[str, int] | None = None) -> str:
    """Two paragraphs at most: what is rated 5, and what rose clearly since the last review."""
    best = [item.name for item in scale.items if ratings.get(item.code) == HIGHEST]
    risen = [
        f"{item.name} ({before} to {now})"
        for item in scale.items
        if (now := ratings.get(item.code)) is not None
        and (before := (previous or {}).get(item.code)) is not None
        and now - before >= CLEAR_RISE
    ]
    paragraphs = []
    if best:
        paragraphs.append(f"The team has the highest rating in {counted(len(best))}: {', '.join(best)}.")
    if risen:
        paragraphs.append(f"Clearly better than at the last review: {', '.join(risen)}.")
    return "\n\n".join(paragraphs)


def counted(items: int) -> str:
    return "one item" if items == 1 else f"{items} items"


def steps(item: Item, rating: int) -> tuple[str, ...]:
    """Steps to begin with, the agency replaces them with its own."""
    if rating >= HIGHEST:
        return ("Keep up what works, and say who watches over it.",)
    drafted = [f"Compare today's practice with rating {goal(rating)}: {item.anchor(goal(rating))}"]
    if item.components:
        parts = "; ".join(component.text for component in item.components)
        drafted.append(f"Mark which of these are missing and choose the next one to put in place: {parts}.")
    elif item.per_specialist:
        drafted.append("Go through the result with each specialist and agree on one change each.")
    drafted.append(change(item).follow_up)
    return tuple(drafted)


def target_on(item: Item, issued_on: date, next_review_on: date | None = None) -> date:
    """When the change can be expected; a month before the next review at the latest, never before the report."""
    target = issued_on + timedelta(days=change(item).days)
    if next_review_on is not None:
        target = min(target, next_review_on - BEFORE_NEXT_REVIEW)
    return max(target, issued_on)


def plan_rows(
    scale: Scale,
    ratings: Mapping[str, int],
    codes: Collection[str],
    *,
    issued_on: date,
    next_review_on: date | None = None,
) -> tuple[DraftRow, ...]:
    """The rows of a new plan for these items, lowest rating first, else in the order of the scale."""
    for code in codes:
        scale.item(code)
    chosen = sorted((item for item in scale.items if item.code in codes), key=lambda item: ratings[item.code])
    return tuple(
        DraftRow(
            code=item.code,
            rating=ratings[item.code],
            goal=goal(ratings[item.code]),
            steps=steps(item, ratings[item.code]),
            target_on=target_on(item, issued_on, next_review_on),
        )
        for item in chosen
    )
