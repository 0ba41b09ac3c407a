"""What fidelity shows on the pages of lower floors."""

from collections.abc import Collection
from typing import Any

from agencies.models import Team
from agencies.permissions import Resource, may, scope_of
from fidelity.dashboards.listing import team_reviews
from fidelity.dashboards.standing import standing_of_team
from fidelity.models import Review
from ips_portal import slots


def begin() -> None:
    slots.team_page.append(slots.Section("fidelity/_team_standing.html", standing_on_team_page))
    slots.team_page.append(slots.Section("fidelity/_team_reviews.html", on_team_page))
    slots.unfinished.append(unfinished_reviews)


def on_team_page(request: Any, team: Team) -> dict[str, Any] | None:
    actor = request.actor
    if scope_of(actor.role, "view", Resource.FINAL_REPORT) is None:
        return None
    is_closed = team.ended_on is not None and team.ended_on <= request.tenant.today()
    return {
        "team_reviews": team_reviews(team, request.tenant, actor),
        "may_schedule": not is_closed and bool(may(actor, "create", Resource.REVIEW, team.place)),
    }


def standing_on_team_page(request: Any, team: Team) -> dict[str, Any] | None:
    if not may(request.actor, "view", Resource.STANDING, team.place):
        return None
    return {"team_standing": standing_of_team(team, request.tenant, request.actor)}


def unfinished_reviews(request: Any, teams: Collection[Team]) -> list[str]:
    reviews = Review.objects.visible_to(request.actor).filter(team__in=teams).unfinished()
    return [
        f"{review.team}: the {review.get_kind_display().lower()} of {review.starts_on:%B %-d, %Y} is not issued "
        f"({review.get_status_display().lower()}). It stays as it is; finish or cancel it."
        for review in reviews.select_related("team").order_by("starts_on", "pk")
    ]
