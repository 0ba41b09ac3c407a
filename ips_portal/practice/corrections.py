"""Issued practice reports that are corrected: one has its next edition, another one waits for it."""

from datetime import datetime, timedelta

from agencies.models import Assignment, Person
from agencies.permissions import Role
from fidelity import reports, snapshots
from fidelity.answering import end_of
from fidelity.models import CorrectedItem, Correction, Edition
from ips_portal.practice import sheets
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land
from ips_portal.practice.reviews import Issued
from ips_portal.practice.rhythm import office_day
from ips_portal.practice.rows import Rows
from ips_portal.practice.worlds import CORRECTED

USUAL = timedelta(days=14)
WHY = (
    "The agency showed that two of the records that were read belong to another team. The rating is the same."
)
ADDED = " Two records of another team were read at first and are left out here; the rating is the same without them."


def correct(land: Land, crew: Crew, each: Issued, how: str) -> None:
    """What was found at the weakest item, written by who led the review. No rating is changed."""
    ago = 30 if how == CORRECTED else 5
    issued = each.review.issued_on or each.review.ends_on
    opened = max(office_day(land.today - timedelta(days=ago)), issued)
    written = max(office_day(opened + timedelta(days=4 if how == CORRECTED else 3)), opened)
    until = opened + USUAL
    done_at: datetime | None = (
        land.at(office_day(written + timedelta(days=2)), 11) if how == CORRECTED else None
    )
    correction = land.rows.add(
        Correction(
            state=land.state,
            review=each.review,
            team=each.site.team,
            corrects=1,
            reason=WHY,
            writer=each.lead.person,
            opened_by=crew.first(Role.STATE_ADMIN).person,
            opened_at=land.at(opened, 10),
            ends_at=end_of(until, land.world.zone),
            version=2,
            handed_over_at=land.at(written, 15, 40),
            closed_at=done_at,
            closed_by=each.issuer.person if done_at else None,
            outcome=Correction.Outcome.ISSUED if done_at else "",
        )
    )
    low, *_ = sheets.weakest(land.scale, each.rated, 1)
    [said] = [row for row in each.items if row.item_code == low]
    land.rows.add(
        CorrectedItem(
            state=land.state,
            correction=correction,
            team=each.site.team,
            item_code=low,
            score=each.rated[low],
            found=said.found + ADDED,
            recommendation=said.recommendation,
            is_priority=said.is_priority,
        )
    )
    land.rows.add(
        Assignment(
            state=land.state,
            membership=each.lead,
            person=each.lead.person,
            team=each.site.team,
            purpose=Assignment.Purpose.REVIEWER,
            starts_on=opened,
            ends_on=until,
        )
    )


def issue(rows: Rows) -> None:
    """The next editions, made as issuing a correction makes them, of what is stored."""
    Edition.objects.bulk_create(
        edition(each, each.closed_by, each.closed_at)
        for each in rows.of(Correction)
        if each.closed_by and each.closed_at
    )


def edition(correction: Correction, by: Person, at: datetime) -> Edition:
    review = correction.review
    before = reports.last_edition(review.pk).snapshot
    return Edition(
        state=correction.state,
        review=review,
        team=correction.team,
        number=correction.corrects + 1,
        snapshot=snapshots.corrected(before, correction, issued_on=at.date(), issued_by=by.name),
        issued_at=at,
        issued_by=by,
        reason=correction.reason,
    )
