"""Asking for paper, asking again, taking it away.

Each refusal comes before the first write, so none of these marks the caller's transaction for rollback: issuing a
review goes on when its papers cannot be asked for at once.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import Unacceptable, WrongStatus
from ips_portal.bell import ring
from ips_portal.reports import kinds, storage
from ips_portal.reports.models import Download, ReportRequest

BUSY = 20  # reports one person may have on their way at once, so that nobody fills the queue for everybody


def request_report(kind: str, subject: Any, *, by: Actor) -> ReportRequest:
    """The report of a record: the stored one when nothing has changed, one already on its way, or a new request.

    `subject` is a row of the kind's tenant model. Raises NotPermitted, Unacceptable.
    """
    wanted = kinds.named(kind)
    place = subject.place
    require(by, wanted.right, wanted.resource, place)
    content = wanted.content(subject.pk)
    content_hash = kinds.fingerprint(content)
    _one_at_a_time(kind, subject.pk)
    if same := _same(by.state_id, kind, subject.pk, content_hash):
        return same
    require(by, "create", Resource.GENERATED_FILE, place)
    _refuse_too_many(by)
    report = ReportRequest.objects.create(
        state_id=by.state_id,
        kind=kind,
        team_id=place.team_id,
        agency_id=kinds.agency_of(place),
        subject_id=subject.pk,
        title=wanted.title(content)[:200],
        file_name=wanted.safe_name(content),
        content_hash=content_hash,
        requested_by_id=by.person_id,
        membership_id=by.membership_id,
    )
    _ring(report)
    return report


def make_again(report: ReportRequest, *, by: Actor) -> ReportRequest:
    """Puts a failed report, or one whose file is gone, back into the queue, now in the name of `by`."""
    kind = kinds.named(report.kind)
    require(by, kind.right, kind.resource, report.place)
    require(by, "create", Resource.GENERATED_FILE, report.place)
    if report.file and storage.is_kept(report.file.path):
        raise WrongStatus("This report is ready. Download it instead of making it again.")
    _refuse_too_many(by)
    _one_at_a_time(report.kind, report.subject_id)
    changed = ReportRequest.objects.filter(pk=report.pk, status=report.status, file=report.file).exclude(
        status__in=[ReportRequest.Status.QUEUED, ReportRequest.Status.RENDERING]
    )
    if not changed.update(
        status=ReportRequest.Status.QUEUED,
        file=None,
        finished_at=None,
        failure="",
        tries=0,
        requested_at=timezone.now(),
        requested_by=by.person_id,
        membership=by.membership_id,
    ):
        raise WrongStatus("This report is being made already. Its page shows when it is ready.")
    report.refresh_from_db()
    _ring(report)
    return report


def draw_again(kind: str, subject_id: int, *, state_id: int) -> None:
    """What a record says changes: papers of it that are on their way begin anew when the transaction ends, so that
    none is finished with the words of before. Whatever was finished by now holds these words. The sweeper rings."""
    _one_at_a_time(kind, subject_id)
    ReportRequest.objects.in_state(state_id).filter(
        kind=kind,
        subject_id=subject_id,
        status__in=[ReportRequest.Status.QUEUED, ReportRequest.Status.RENDERING],
    ).update(status=ReportRequest.Status.QUEUED, lease_token=None, lease_until=None, tries=0)


def take(report: ReportRequest, *, by: Actor) -> bytes:
    """The bytes of a ready report for this person, now. Each taking is written down."""
    kind = kinds.named(report.kind)
    require(by, "export", Resource.GENERATED_FILE, report.place)
    require(by, kind.right, kind.resource, report.place)
    if report.file is None:
        raise WrongStatus("This report is not ready yet. Its page shows how far it is.")
    if words := kind.outdated([report]).get(report.pk):
        raise WrongStatus(words)
    content = storage.fetch(report.file.path)
    if content is None or storage.digest(content) != report.file.sha256:
        raise WrongStatus(
            "The file of this report is no longer in the portal's storage. Nothing else is lost: "
            f"make it again from the same record. Reference {report.reference}."
        )
    Download.objects.create(
        state_id=by.state_id,
        team_id=report.team_id,
        agency_id=report.agency_id,
        report=report,
        person_id=by.person_id,
    )
    return content


def _same(state_id: int, kind: str, subject_id: int, content_hash: str) -> ReportRequest | None:
    """One that says the same and is on its way, or ready with its file in place."""
    same: Iterable[ReportRequest] = ReportRequest.objects.in_state(state_id).same(
        kind, subject_id, content_hash
    )
    for report in same:
        if report.file is None or storage.is_kept(report.file.path):
            return report
    return None


def _ring(report: ReportRequest) -> None:
    ring("reports.render", [report.state_id, report.membership_id], report.pk)


def _one_at_a_time(kind: str, subject_id: int) -> None:
    """A double click waits for the first one and then finds its request. Ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('reports ' || %s), hashtext(%s))", [kind, str(subject_id)]
        )


def _refuse_too_many(by: Actor) -> None:
    waiting = ReportRequest.objects.in_state(by.state_id).filter(
        requested_by=by.person_id,
        status__in=[ReportRequest.Status.QUEUED, ReportRequest.Status.RENDERING],
        requested_at__gt=timezone.now() - timedelta(hours=1),
    )
    if waiting.count() >= BUSY:
        raise Unacceptable(
            f"You have {BUSY} reports on their way. Nothing was lost; ask for this one when some of them are ready."
        )
