"""The reviews a practice team had before they were held in the portal, imported from the state's own list."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from agencies.permissions import Role
from fidelity.models import Edition, Review, ReviewImport, ReviewText
from fidelity.past.preview import Outcome
from fidelity.ratings import Agreed, PastReview, past
from fidelity.snapshots import Material, assemble
from ips_portal.practice import sheets
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land, Site
from ips_portal.practice.reviews import Sheets
from ips_portal.practice.rhythm import office_day
from ips_portal.practice.timelines import Past, Timeline
from ips_portal.practice.worlds import EXTERNAL

SINCE = timedelta(days=33)
REPORTED = timedelta(days=21)  # after the visit


def bring(land: Land, crew: Crew, site: Site, timeline: Timeline, sheet: Sheets) -> None:
    """By the state admin, a month ago: no report that was issued in the portal tells of them."""
    told: list[PastReview] = []
    with land.aside("imports"):
        found = _file(land, crew, site, [each for each in timeline.before if each.kind == EXTERNAL])
        for each in timeline.before:
            if each.kind == EXTERNAL:
                told.append(past(_review(land, found, site, each, sheet, told).snapshot))


def _file(land: Land, crew: Crew, site: Site, rows: list[Past]) -> ReviewImport:
    on, name = office_day(land.today - SINCE), f"{site.team.slug}-reviews.csv"
    return land.rows.add(
        ReviewImport(
            state=land.state,
            public_id=land.uuid(),
            uploaded_by=crew.first(Role.STATE_ADMIN).person,
            uploaded_at=land.at(on, 10, 5),
            file_name=name,
            sha256=sha256(name.encode()).hexdigest(),
            status=ReviewImport.Status.DONE,
            choice=ReviewImport.Choice.ALL,
            counts={outcome.value: len(rows) if outcome is Outcome.GOOD else 0 for outcome in Outcome},
            finished_at=land.at(on, 10, 20),
            submit_key=land.uuid(),
        )
    )


def _review(
    land: Land, found: ReviewImport, site: Site, each: Past, sheet: Sheets, told: list[PastReview]
) -> Edition:
    """Ratings, and nothing that nobody wrote down."""
    by, reported = found.uploaded_by, office_day(each.ends_on + REPORTED)
    review = land.rows.add(
        Review(
            state=land.state,
            public_id=land.uuid(),
            team=site.team,
            scale=land.version,
            kind=each.kind,
            mode=Review.Mode.ONSITE,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
            status=Review.Status.ISSUED,
            scheduled_by=by,
            issued_on=reported,
            imported=found,
        )
    )
    rated = sheets.ratings(land.rng, each.total, sheet.leaning)
    snapshot = assemble(
        review, _material(land, each, rated, found, told), edition=1, issued_on=reported, issued_by=by.name
    )
    review.total, review.band = snapshot["total"], (snapshot["band"] or {}).get("key", "")
    return land.rows.add(
        Edition(
            state=land.state,
            review=review,
            team=site.team,
            number=1,
            snapshot=snapshot,
            issued_at=found.finished_at or found.uploaded_at,
            issued_by=by,
        )
    )


def _material(
    land: Land, each: Past, rated: dict[str, int], found: ReviewImport, told: list[PastReview]
) -> Material:
    return Material(
        scale=land.scale,
        policy=land.policy_on(each.ends_on),
        rows={code: Agreed(score) for code, score in rated.items()},
        reports={},
        text=ReviewText(),
        reviewers=(),
        earlier=list(told),
        imported=_imported(found, each.ends_on + REPORTED),
    )


def _imported(found: ReviewImport, reported: date) -> dict[str, Any]:
    on = found.uploaded_at.date()
    return {
        "by": found.uploaded_by.name,
        "on": on.isoformat(),
        "reported_on": office_day(reported).isoformat(),
    }
