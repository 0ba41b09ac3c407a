"""What the pages about reports show, gathered into one value each."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from agencies.permissions import Actor, Decision, Resource, may
from ips_portal.reports import kinds, storage
from ips_portal.reports.models import Download, ReportRequest

SLOW = timedelta(minutes=1)
DOWNLOADS_SHOWN = 20


@dataclass(frozen=True)
class ReportView:
    """One report as this actor sees it."""

    report: ReportRequest
    label: str
    may_take: Decision
    may_make: Decision
    is_missing: bool
    is_slow: bool
    outdated: str = ""  # why it is given out no more

    @property
    def is_ready(self) -> bool:
        return self.report.file is not None and not self.is_missing and not self.outdated

    @property
    def can_be_made_again(self) -> bool:
        failed = self.report.status == ReportRequest.Status.FAILED
        return (failed or self.is_missing) and not self.outdated and bool(self.may_make)

    @property
    def tries_that_failed(self) -> int:
        return self.report.tries - (self.report.status == ReportRequest.Status.RENDERING)

    @property
    def mark(self) -> str:
        """Tells a waiting page whether anything has changed since it was drawn."""
        return f"{self.report.status}-{self.report.tries}-{int(self.is_slow)}"

    @property
    def chip(self) -> str:
        if self.outdated:
            return "watch"
        if self.is_missing or self.report.status == ReportRequest.Status.FAILED:
            return "action"
        return "ok" if self.report.status == ReportRequest.Status.READY else "info"

    @property
    def status_words(self) -> str:
        if self.outdated:
            return "Superseded"
        return "File is gone" if self.is_missing else self.report.get_status_display()


def report_view(report: ReportRequest, actor: Actor) -> ReportView:
    kind = kinds.named(report.kind)
    place = report.place
    take = may(actor, "export", Resource.GENERATED_FILE, place) and may(
        actor, kind.right, kind.resource, place
    )
    make = may(actor, "create", Resource.GENERATED_FILE, place) and may(
        actor, kind.right, kind.resource, place
    )
    return ReportView(
        report=report,
        label=kind.label,
        may_take=take,
        may_make=make,
        is_missing=report.file is not None and not storage.is_kept(report.file.path),
        is_slow=report.is_open and timezone.now() - report.requested_at > SLOW,
        outdated=kind.outdated([report]).get(report.pk, ""),
    )


def outdated_among(papers: Collection[ReportRequest]) -> set[int]:
    """One question for each kind of paper on the list, however many there are."""
    by_kind = defaultdict[str, list[ReportRequest]](list)
    for paper in papers:
        by_kind[paper.kind].append(paper)
    return {pk for kind, several in by_kind.items() for pk in kinds.named(kind).outdated(several)}


def downloads_of(report: ReportRequest, actor: Actor) -> Sequence[Download] | None:
    """Who took it, latest first, for those who may read the log of such records; otherwise None."""
    if not may(actor, "view", Resource.AUDIT_LOG, report.place):
        return None
    return list(report.downloads.select_related("person").order_by("-at")[:DOWNLOADS_SHOWN])
