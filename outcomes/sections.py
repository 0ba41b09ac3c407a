"""What outcomes shows on the pages of lower floors."""

from collections.abc import Collection
from typing import Any

from agencies.models import Team
from agencies.permissions import Actor, Resource, Scope, may, scope_of
from agencies.views.pages import address
from ips_portal import slots
from ips_portal.quarters import Quarter
from outcomes.dashboards.listing import team_quarters
from outcomes.models import QuarterlyReport, Revision


def begin() -> None:
    slots.team_page.append(slots.Section("outcomes/_team_quarters.html", on_team_page))
    slots.unfinished.append(unfinished_quarters)
    slots.review_evidence.append(caseload_of_team)


def on_team_page(request: Any, team: Team) -> dict[str, Any] | None:
    scope = scope_of(request.actor.role, "view", Resource.OUTCOME_SUBMITTED)
    if scope is None or (scope is Scope.TEAM and team.pk not in request.actor.team_ids):
        return None
    sees_all = may(request.actor, "view", Resource.OUTCOME_SUBMITTED, team.place)
    return {
        "team_quarters": team_quarters(team, request.tenant, request.actor),
        "team_trend_url": address(request, "outcomes:team-trend", request.tenant.slug, team.slug)
        if sees_all
        else "",
    }


def unfinished_quarters(request: Any, teams: Collection[Team]) -> list[str]:
    rows = QuarterlyReport.objects.visible_to(request.actor).filter(
        team__in=teams, status__in=QuarterlyReport.WITH_TEAM
    )
    return [
        f"{row.team}: {row.quarter.months} is not reported ({row.get_status_display().lower()}). It stays expected."
        for row in rows.select_related("team").order_by("quarter", "pk")
    ]


def caseload_of_team(review: Any, actor: Actor) -> list[slots.Evidence]:
    """Caseload size from the last quarter accepted up to the visit, for whoever may see the team's figures."""
    rows = Revision.objects.visible_to(actor).in_force().filter(team_id=review.team_id, served__isnull=False)
    counted = rows.filter(
        specialist_fte__gt=0,
        report__status__in=(QuarterlyReport.Status.ACCEPTED, QuarterlyReport.Status.LOCKED),
        report__quarter__lte=Quarter.of(review.ends_on),
    )
    row = counted.order_by("-report__quarter").first()
    if row is None:
        return []
    return [
        slots.Evidence(
            item="ST1",
            people=row.served,
            percent=int(row.specialist_fte * 100),
            words=f"{row.served} people served by {row.specialist_fte} full-time specialists",
            source=f"The team's accepted figures of {row.report.quarter.months}",
            reasons=("Everybody served in the quarter counts, so the caseload on one day is smaller.",),
        )
    ]
