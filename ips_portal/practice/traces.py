"""The history practice records would have: who scheduled, finished and issued a review, and worked on its plan.

The trigger is off while the states are loaded, so that their history does not say that the set-up did everything
on one day. These rows have the shape the trigger writes (agencies/migrations/0001_functions.sql).
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from agencies.models import Change, Membership, MembershipTeam, Person
from agencies.permissions import Role
from fidelity.models import Edition, PlanRow, Review, Reviewer, ReviewImport
from ips_portal.practice.rhythm import booked
from ips_portal.practice.rows import Rows, Told
from outcomes.models import QuarterlyReport


def trace(rows: Rows, today: date) -> int:
    """Writes the history; returns how many rows."""
    found = changes(rows, today)
    for number, change in enumerate(found, start=1):
        change.transaction = number
    Change.objects.bulk_create(found, batch_size=2000)
    return len(found)


def changes(rows: Rows, today: date) -> list[Change]:
    """In the order of time. The rows must have their keys."""
    seats: dict[tuple[int, int], int] = {}
    for member in rows.of(Membership):
        seats.setdefault((member.state_id, member.person_id), member.pk)
    leads = {row.review_id: row for row in rows.of(Reviewer) if row.is_lead}
    issued = {edition.review_id: edition for edition in rows.of(Edition)}
    found: list[Change] = []
    for review in rows.of(Review):
        if review.imported:
            found.append(_of_import(review, review.imported))
            continue
        found += _of_review(review, leads[review.pk], issued.get(review.pk), today)
    supervisors = {
        place.team_id: place.membership.person
        for place in rows.of(MembershipTeam)
        if place.membership.role == Role.SUPERVISOR
    }
    for row in rows.of(PlanRow):
        found += _of_row(row, supervisors[row.team_id])
    found += [_of_report(told) for told in rows.told]
    for change in found:
        change.membership_id = seats.get((change.state_id, change.person_id or 0))
    return sorted(found, key=lambda change: (change.at, change.table_name, change.row_id))


def _of_review(review: Review, lead: Reviewer, edition: Edition | None, today: date) -> Iterator[Change]:
    first = _as_booked(review) | {"status": "scheduled"}
    yield _change(
        review, review.scheduled_by, _at(review, booked(review.starts_on, today), 10), "insert", first
    )
    if lead.started_at:
        began = {"status": ["scheduled", "rating"]}
        yield _change(review, lead.person, lead.started_at, "update", began)
    if review.finished_at:
        ended = {
            "status": ["rating", "draft_report"],
            "finished_at": [None, _utc(review.finished_at)],
            "finished_by_id": [None, review.finished_by_id],
        }
        yield _change(review, lead.person, review.finished_at, "update", ended)
    if edition and review.issued_on:
        told = {
            "status": ["draft_report", "issued"],
            "total": [None, review.total],
            "band": ["", review.band],
            "issued_on": [None, review.issued_on.isoformat()],
        }
        yield _change(review, edition.issued_by, edition.issued_at, "update", told)


def _as_booked(review: Review) -> dict[str, Any]:
    return {
        "public_id": str(review.public_id),
        "team_id": review.team_id,
        "scale_id": review.scale_id,
        "kind": str(review.kind),
        "mode": str(review.mode),
        "starts_on": review.starts_on.isoformat(),
        "ends_on": review.ends_on.isoformat(),
        "scheduled_by_id": review.scheduled_by_id,
    }


def _of_import(review: Review, found: ReviewImport) -> Change:
    """It begins as an issued one."""
    at = found.finished_at or found.uploaded_at
    issued = review.issued_on or review.ends_on
    told = _as_booked(review) | {
        "status": "issued",
        "total": review.total,
        "band": review.band,
        "issued_on": issued.isoformat(),
        "imported_id": found.pk,
    }
    change = _change(review, found.uploaded_by, at, "insert", told)
    change.reason = f"Imported from {found.file_name}"
    return change


def _of_row(row: PlanRow, person: Person) -> Iterator[Change]:
    """A plan in use is the agency's: its supervisor closes the rows."""
    review = row.plan.review
    if row.done_on:
        done = {
            "status": ["in_progress", "done"],
            "note": ["", row.note],
            "done_on": [None, row.done_on.isoformat()],
        }
        yield _change(row, person, _at(review, row.done_on, 11), "update", done)


def _of_report(told: Told) -> Change:
    change = _change(told.row, told.person, told.at, "update", told.values)
    change.reason = told.reason
    return change


def _change(
    row: Review | PlanRow | QuarterlyReport, person: Person, at: datetime, kind: str, values: dict[str, Any]
) -> Change:
    return Change(
        state_id=row.state_id,
        table_name=row._meta.db_table,
        row_id=row.pk,
        kind=kind,
        values=values,
        person=person,
        actor="person",
        at=at,
    )


def _at(review: Review, day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 5), ZoneInfo(review.state.zone))


def _utc(at: datetime) -> str:
    return at.astimezone(ZoneInfo("UTC")).isoformat()
