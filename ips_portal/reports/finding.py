"""One paper by its id, as views and API find it."""

from dataclasses import dataclass
from uuid import UUID

from agencies.access import TenantRequest, find
from agencies.permissions import Actor
from ips_portal.reports import kinds
from ips_portal.reports.models import ReportQuerySet, ReportRequest

PAPERS = ReportRequest.objects.select_related("team", "agency", "state", "file", "requested_by")


@dataclass(frozen=True)
class OnePaper:
    """Its kind is read first: a page that waits for its file need not ask who may see papers of every other kind."""

    public_id: UUID

    def visible_to(self, actor: Actor) -> ReportQuerySet:
        rows: ReportQuerySet = PAPERS.in_state(actor.state_id).filter(public_id=self.public_id)
        kind = kinds.registered().get(rows.values_list("kind", flat=True).first() or "")
        return rows.visible_among([kind] if kind else [], actor)


def find_paper(request: TenantRequest, public_id: UUID) -> ReportRequest:
    record: ReportRequest = find(request, OnePaper(public_id))
    return record
