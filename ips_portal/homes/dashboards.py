"""The first page of a state, the same value for every role: what waits, a few figures, and the teams one may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from agencies.models import State, Team
from agencies.permissions import Actor, Resource, scope_of
from fidelity.histories import possible, with_scales
from fidelity.in_force import policy_on
from fidelity.models import Review
from fidelity.policy import FidelityPolicy
from ips_portal.homes.todo import ToDo
from ips_portal.homes.todos import todos

A_YEAR = timedelta(days=365)
TEAMS_SHOWN = 15


@dataclass(frozen=True)
class TeamLine:
    """One team: its last issued review, the one before, and the next planned.

    `by_its_scale`: was the last one by a scale that the policy's marks are for?
    """

    team: Team
    last: Review | None
    change: int | None
    band: str
    upcoming: Review | None
    by_its_scale: bool = False


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Home:
    today: date
    todos: list[ToDo]
    figures: list[Figure]
    teams: list[TeamLine]
    team_count: int
    sees_reviews: bool

    @property
    def more_teams(self) -> int:
        return self.team_count - len(self.teams)


def state_home(tenant: State, actor: Actor) -> Home:
    """Few queries, whatever the number of teams."""
    today = tenant.today()
    sees_reviews = scope_of(actor.role, "view", Resource.FINAL_REPORT) is not None
    teams = list(Team.objects.visible_to(actor).open_on(today).select_related("agency"))
    ((_, policy),) = with_scales(((today, policy_on(tenant.pk, today)),), tenant.pk)
    lines = (
        team_lines(teams, actor, policy)
        if sees_reviews
        else [TeamLine(each, None, None, "", None) for each in teams]
    )
    return Home(
        today=today,
        todos=todos(tenant, actor),
        figures=figures(lines, policy, today) if sees_reviews and len(teams) > 1 else [],
        teams=lines[:TEAMS_SHOWN],
        team_count=len(teams),
        sees_reviews=sees_reviews,
    )


def team_lines(teams: list[Team], actor: Actor, policy: FidelityPolicy) -> list[TeamLine]:
    """The teams, longest not reviewed first, those never reviewed before all."""
    issued: dict[int, list[Review]] = {}
    upcoming: dict[int, Review] = {}
    for review in reviews_of(teams, actor, policy):
        if review.status == Review.Status.ISSUED:
            issued.setdefault(review.team_id, []).append(review)
        elif review.team_id not in upcoming or review.starts_on <= upcoming[review.team_id].starts_on:
            upcoming[review.team_id] = review
    ends = possible({review.scale_id for found in issued.values() for review in found[:2]})
    lines = [team_line(team, issued.get(team.pk, []), upcoming.get(team.pk), policy, ends) for team in teams]
    return sorted(lines, key=lambda line: (line.last.ends_on if line.last else date.min, line.team.name))


def reviews_of(teams: list[Team], actor: Actor, policy: FidelityPolicy) -> QuerySet[Review]:
    """In one query what was issued officially and what is under way, newest first."""
    official = Q(status=Review.Status.ISSUED, kind__in=policy.official_review_types)
    return (
        Review.objects.visible_to(actor)
        .filter(official | Q(status__in=Review.UNDER_WAY), team__in=teams)
        .only(
            "team_id",
            "kind",
            "status",
            "total",
            "band",
            "starts_on",
            "ends_on",
            "public_id",
            "state_id",
            "imported",
            "scale_id",
        )
        .order_by("-ends_on", "-id")
    )


def team_line(
    team: Team,
    issued: list[Review],
    upcoming: Review | None,
    policy: FidelityPolicy,
    ends: Mapping[int, int],
) -> TeamLine:
    """`ends`: the highest total of each scale. Totals of scales that end elsewhere are not compared."""
    if not issued:
        return TeamLine(team, None, None, "", upcoming)
    last, *earlier = issued
    alike = earlier[:1] if earlier and ends[earlier[0].scale_id] == ends[last.scale_id] else []
    return TeamLine(
        team,
        last,
        change=points(last) - points(alike[0]) if alike else None,
        band=policy.band_labels.get(last.band, ""),
        upcoming=upcoming,
        by_its_scale=policy.measures(ends[last.scale_id]),
    )


def points(review: Review) -> int:
    """An issued review has its total; the database promises it."""
    return review.total or 0


def figures(lines: list[TeamLine], policy: FidelityPolicy, today: date) -> list[Figure]:
    reviewed = [line for line in lines if line.last]
    measured = [line.last for line in reviewed if line.last and line.by_its_scale]
    good = [review for review in measured if points(review) >= policy.thresholds.good]
    others = len(reviewed) - len(measured)
    recent = [line for line in reviewed if line.last and line.last.ends_on >= today - A_YEAR]
    underway = [line for line in lines if line.upcoming]
    return [
        Figure("Teams", str(len(lines)), f"{len(reviewed)} have an issued review"),
        Figure(
            "At good fidelity or better",
            f"{len(good)} of {len(measured)}",
            f"{policy.thresholds.good} points or more at the last review"
            + (f"; {others} by another scale not counted" if others else ""),
        ),
        Figure(
            "Reviewed in the last 12 months",
            f"{len(recent)} of {len(lines)}",
            f"since {today - A_YEAR:%B %-d, %Y}",
        ),
        Figure("Reviews under way", str(len(underway)), "scheduled, rating or report in draft"),
    ]
