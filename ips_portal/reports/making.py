"""The life of a report in the worker: claimed under a lease, drawn outside every transaction, stored, made known.

May run twice, or be lost in the middle, at any line: the row says who holds it, and only its holder may end it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from agencies import tenancy
from agencies.models import State
from agencies.permissions import Resource, require
from agencies.refusals import NotPermitted
from ips_portal.bell import ring
from ips_portal.notices.actions import tell
from ips_portal.reports import kinds, rendering, storage
from ips_portal.reports.apps import READY
from ips_portal.reports.models import ReportQuerySet, ReportRequest, StoredFile

log = logging.getLogger(__name__)

TRIES = 3
LEASE = timedelta(seconds=30)  # renewed while drawing, so a lost worker is noticed soon
GRACE = timedelta(seconds=10)  # a request that waits longer is rung for again

NO_LONGER_PERMITTED = (
    "No longer permitted: the person who asked for this report may not have it any more, so it was not made."
)


class LeaseLost(Exception):
    """Somebody else makes this report by now."""


@dataclass(frozen=True)
class Claim:
    """The right to make one report, until the lease runs out."""

    report: ReportRequest
    token: UUID

    def rows(self) -> ReportQuerySet:
        return ReportRequest.objects.filter(
            pk=self.report.pk, status=ReportRequest.Status.RENDERING, lease_token=self.token
        )

    def renew(self) -> None:
        try:
            with tenancy.as_system(self.report.state_id):
                held = self.rows().update(lease_until=Now() + LEASE)
        except DatabaseError:
            log.warning("report %s: the lease could not be renewed", self.report.public_id)
            return
        if not held:
            raise LeaseLost


def make(envelope: list[int | None], report_id: int) -> None:
    """Makes the report if it is still to be made. The row says whose right it runs under; the envelope must agree."""
    state_id, membership_id = envelope
    claim = claimed(state_id, membership_id, report_id)
    if claim is None:
        return
    report = claim.report
    try:
        content = permitted_content(report)
        paper = rendering.draw(kinds.named(report.kind).renderer, content, alive=claim.renew)
        finish(claim, content, paper)
    except (NotPermitted, LookupError) as refusal:
        log.warning("report %s: %s", report.public_id, refusal)
        end(claim, NO_LONGER_PERMITTED)
    except LeaseLost:
        log.warning("report %s: taken over by another worker", report.public_id)
    except (rendering.Undrawable, storage.StorageTrouble) as trouble:
        log.warning("report %s, try %s: %s", report.public_id, report.tries, trouble)
        give_back(claim, str(trouble))
    except DatabaseError:
        raise  # nothing can be written now; the lease runs out and the sweeper finds the row
    except Exception:
        log.exception("report %s, try %s", report.public_id, report.tries)
        give_back(claim, "The portal made a mistake while gathering what it says.")


def claimed(state_id: int | None, membership_id: int | None, report_id: int) -> Claim | None:
    """One conditional update decides who makes it. A forged or outdated call finds no row."""
    if not isinstance(state_id, int) or not isinstance(membership_id, int | None):
        log.error("a call to make a report without its state was refused")
        return None
    token = uuid4()
    with tenancy.as_system(state_id):
        rows = ReportRequest.objects.filter(pk=report_id, membership=membership_id)
        taken = (
            rows.filter(tries__lt=TRIES)
            .claimable()
            .update(
                status=ReportRequest.Status.RENDERING,
                tries=F("tries") + 1,
                lease_token=token,
                lease_until=Now() + LEASE,
            )
        )
        if not taken:
            return None
        return Claim(
            rows.select_related("team", "agency", "state", "membership", "requested_by").get(), token
        )


@contextmanager
def requesters_eyes(report: ReportRequest) -> Iterator[None]:
    """Rights are read afresh: LookupError when the membership has ended, NotPermitted when it no longer suffices."""
    kind = kinds.named(report.kind)
    if report.membership is None:
        with tenancy.as_system(report.state_id):
            yield
        return
    actor = tenancy.actor_of(report.membership)
    with tenancy.entered(actor):
        subject = kind.subjects(actor).filter(pk=report.subject_id).first()
        if subject is None:
            raise LookupError("The record is out of the requester's sight.")
        require(actor, kind.right, kind.resource, subject.place)
        require(actor, "create", Resource.GENERATED_FILE, subject.place)
        yield


def permitted_content(report: ReportRequest) -> kinds.Content:
    with requesters_eyes(report):
        return kinds.named(report.kind).content(report.subject_id)


def finish(claim: Claim, content: kinds.Content, paper: bytes) -> None:
    """File first, row second: a crash between them leaves a file nobody sees, which the next try writes again."""
    report, kind = claim.report, kinds.named(claim.report.kind)
    wanted = StoredFile(
        state_id=report.state_id,
        team_id=report.team_id,
        agency_id=report.agency_id,
        sha256=storage.digest(paper),
        size=len(paper),
        content_type=kind.content_type,
    )
    storage.keep(wanted.path, paper)
    with tenancy.as_system(report.state_id):
        file, _ = StoredFile.objects.get_or_create(
            state_id=wanted.state_id,
            team_id=wanted.team_id,  # type: ignore[misc]  # none finds what is the state's
            agency_id=wanted.agency_id,
            sha256=wanted.sha256,
            defaults={"size": wanted.size, "content_type": wanted.content_type},
        )
        if not _close(
            claim,
            status=ReportRequest.Status.READY,
            file=file,
            failure="",
            content_hash=kinds.fingerprint(content),
            title=kind.title(content)[:200],
            file_name=kind.safe_name(content),
            finished_at=timezone.now(),
        ):
            raise LeaseLost
        _tell(report, kind.label, wanted.sha256)
    log.info("report %s: ready, %s bytes", report.public_id, wanted.size)


def end(claim: Claim, reason: str) -> None:
    with tenancy.as_system(claim.report.state_id):
        _close(claim, status=ReportRequest.Status.FAILED, failure=reason, finished_at=timezone.now())


def give_back(claim: Claim, reason: str) -> None:
    """Back into the queue, where the sweeper finds it; the last try ends it."""
    if claim.report.tries >= TRIES:
        end(claim, after_three_tries(claim.report, reason))
        return
    with tenancy.as_system(claim.report.state_id):
        _close(claim, status=ReportRequest.Status.QUEUED, failure=reason)


def _close(claim: Claim, **values: Any) -> bool:
    return bool(claim.rows().update(lease_token=None, lease_until=None, **values))


def _tell(report: ReportRequest, label: str, sha256: str) -> None:
    if report.requested_by is None:
        return
    state = State.objects.get(pk=report.state_id)
    tell(
        READY.key,
        state=state,
        to=[report.requested_by],
        key=f"{READY.key}:{report.public_id}:{sha256[:12]}",
        link=f"/{state.slug}/reports/{report.public_id}/",
        facts={"label": label, "about": report.about},
    )


def after_three_tries(report: ReportRequest, reason: str = "") -> str:
    return (
        f"The report could not be made after three tries. {reason} The record it is made from is safe. "
        f"Try again later; if it fails again, tell the portal's operator the reference {report.reference}."
    ).replace("  ", " ")


def sweep() -> None:
    """Rings again for what was lost on the way, and ends what lost its worker three times."""
    for state_id, report_id in due(timezone.now() - GRACE):
        with tenancy.as_system(state_id):
            report = ReportRequest.objects.filter(pk=report_id).claimable().first()
            if report is None:
                continue
            if report.tries < TRIES:
                ring("reports.render", [state_id, report.membership_id], report_id)
                continue
            log.warning("report %s: given up, its worker was lost %s times", report.public_id, report.tries)
            ReportRequest.objects.filter(pk=report_id, tries=report.tries).claimable().update(
                status=ReportRequest.Status.FAILED,
                failure=after_three_tries(report, "The program that draws it was lost each time."),
                finished_at=timezone.now(),
                lease_token=None,
                lease_until=None,
            )


def due(before: datetime) -> list[tuple[int, int]]:
    """(state, report) of every request that waits since before, in all states; a definer function looks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state_id, id FROM reports_due(%s)", [before])
        return [(state_id, report_id) for state_id, report_id in cursor.fetchall()]
