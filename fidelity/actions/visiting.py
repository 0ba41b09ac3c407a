"""The reviewers prepare a visit and count on it, together, until they finish rating."""

from django.db import transaction
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import StaleVersion, Unacceptable
from fidelity.actions.rating import check_not_finished, held_sheet
from fidelity.in_force import scale_of
from fidelity.models import VISIT_PARTS, Review, Visit
from fidelity.visits import VisitError, VisitValues, check


@transaction.atomic(savepoint=False)
def save_visit(review: Review, *, values: VisitValues, version: int, by: Actor) -> Visit:
    """Saves agenda, request and tallies over the version they were typed over; 0 for a first save.

    Counts inform both sheets, so they stay as they are once the own sheet is locked. A repeated save of the same
    values is answered like the first. Raises NotPermitted, WrongStatus, Unacceptable, StaleVersion.
    """
    require(by, "edit", Resource.DRAFT_REPORT, review.place)
    check_not_finished(review, held_sheet(review, by))
    try:
        check(values, scale_of(review))
    except VisitError as error:
        raise Unacceptable(str(error), field=error.field) from None
    kept: Visit | None = review.visits.first()
    if kept and kept.values == values:
        return kept
    if (kept.version if kept else 0) != version:
        raise StaleVersion(
            "The page of the visit was saved in another window or by another reviewer in the meantime.",
            current={"version": kept.version if kept else 0} | (kept.values.as_json() if kept else {}),
        )
    visit = kept or Visit(state_id=review.state_id, review=review, team_id=review.team_id, version=0)
    visit.put(values)
    visit.version, visit.saved_by_id, visit.saved_at = version + 1, by.person_id, timezone.now()
    visit.save(update_fields=[*VISIT_PARTS, "version", "saved_by_id", "saved_at"] if kept else None)
    return visit
