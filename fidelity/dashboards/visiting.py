"""The page of a visit, and what its counts suggest beside the items of a sheet.

Agenda, request and counts are the pair's common work, seen by both and by the state. No rating is read here: what a
count suggests follows from the counts alone, so nobody learns from it what the other reviewer thinks.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from agencies.permissions import Actor, Resource, may
from fidelity.dashboards.rating import moment
from fidelity.in_force import policy_on, scale_of
from fidelity.models import Review, Visit
from fidelity.scales import Item, Scale
from fidelity.suggesting import Reading, Rules, offered, readings
from fidelity.visits import DAYS, Question, VisitValues, blank_visit, measured, questions_of
from ips_portal import slots


@dataclass(frozen=True)
class VisitPage:
    review: Review
    scale: Scale
    values: VisitValues
    version: int
    saved: str
    may_write: bool
    days: tuple[tuple[int, str], ...]
    tally: tuple[tuple[Item, tuple[Question, ...]], ...]
    measured: tuple[Item, ...]

    @property
    def received(self) -> int:
        return sum(wanted.received for wanted in self.values.asked)


def visit_of(review: Review) -> Visit | None:
    found: Visit | None = review.visits.select_related("saved_by").first()
    return found


def values_of(review: Review, visit: Visit | None) -> VisitValues:
    """Before the first save, the portal's proposal."""
    return visit.values if visit else blank_visit(scale_of(review), review.starts_on)


def visit_page(review: Review, actor: Actor) -> VisitPage:
    visit, scale = visit_of(review), scale_of(review)
    values = values_of(review, visit)
    saved = ""
    if visit:
        now = review.state.now()
        saved = f"{moment(visit.saved_at, now.tzinfo, now.date())} by {visit.saved_by.name}"  # type: ignore[arg-type]
    return VisitPage(
        review=review,
        scale=scale,
        values=values,
        version=visit.version if visit else 0,
        saved=saved,
        may_write=may_write(review, actor),
        days=days_of(review, values),
        tally=tally_of(scale),
        measured=measured(scale),
    )


def may_write(review: Review, actor: Actor) -> bool:
    """Until the own sheet is locked."""
    own = next((row for row in review.reviewers.all() if row.person_id == actor.person_id), None)
    return bool(
        own
        and review.is_open
        and not own.finished_at
        and may(actor, "edit", Resource.DRAFT_REPORT, review.place)
    )


def days_of(review: Review, values: VisitValues) -> tuple[tuple[int, str], ...]:
    """The days of the visit, and two at least: the proposal has two. Days the agenda still has from a longer visit
    stay in it until somebody moves what is planned for them.
    """
    length = max(2, (review.ends_on - review.starts_on).days + 1)
    days = [review.starts_on + timedelta(days=number) for number in range(min(length, DAYS))]
    left = sorted({slot.day for slot in values.agenda if slot.day > len(days)})
    return (
        *((number, f"Day {number}{_named(day, review)}") for number, day in enumerate(days, start=1)),
        *((number, f"Day {number}, no longer part of the visit") for number in left),
    )


def _named(day: date, review: Review) -> str:
    return f", {day:%a} {day:%b} {day.day}" if day <= review.ends_on else ""


def tally_of(scale: Scale) -> tuple[tuple[Item, tuple[Question, ...]], ...]:
    asked = questions_of(scale)
    found = ((item, tuple(each for each in asked if each.item == item.code)) for item in scale.items)
    return tuple((item, questions) for item, questions in found if questions)


def rules_of(review: Review) -> Rules:
    policy = policy_on(review.state_id, review.ends_on)
    return Rules(policy.tie_rule, policy.boundary_readings)


def suggestions(review: Review, actor: Actor) -> dict[str, tuple[Reading, ...]]:
    """By item: what the counts of the visit and the team's own accepted figures suggest. Never applied by itself."""
    scale = scale_of(review)
    visit = Visit.objects.in_state(review.state_id).filter(review=review).first()
    found: dict[str, tuple[Reading, ...]] = {}
    if visit:
        values = visit.values
        found = readings(scale, values.tally, values.numbers, rules_of(review))
    for evidence in slots.evidence_for(review, actor):
        if evidence.item in scale.codes:
            reading = offered(scale.item(evidence.item), evidence.people, evidence.percent)
            told = replace(
                reading, counted=(evidence.words,), source=evidence.source, reasons=evidence.reasons
            )
            found[evidence.item] = (*found.get(evidence.item, ()), told)
    return found
