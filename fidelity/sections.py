"""What fidelity shows on the pages of lower floors."""

from typing import Any

from agencies.models import Team
from agencies.permissions import Resource, may, scope_of
from fidelity.dashboards.listing import team_reviews
from ips_portal import slots


def begin() -> None:
    slots.team_page.append(slots.Section("fidelity/_team_reviews.html", on_team_page))


def on_team_page(request: Any, team: Team) -> dict[str, Any] | None:
    actor = request.actor
    if scope_of(actor.role, "view", Resource.FINAL_REPORT) is None:
        return None
    is_closed = team.ended_on is not None and team.ended_on <= request.tenant.today()
    return {
        "team_reviews": team_reviews(team, request.tenant, actor),
        "may_schedule": not is_closed and bool(may(actor, "create", Resource.REVIEW, team.place)),
    }
