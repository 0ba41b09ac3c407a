"""The first page of a state, the same value for every role: what waits, a few figures, and the teams one may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from agencies.models import State, Team
from agencies.models.states import Stated, stated
from agencies.permissions import Actor, Resource, scope_of
from fidelity.histories import with_scales
from fidelity.in_force import policy_in, scale_known
from fidelity.models import Review
from fidelity.policy import FidelityPolicy
from ips_portal.homes.todo import ToDo
from ips_portal.homes.todos import todos

A_YEAR = timedelta(days=365)
TEAMS_SHOWN = 15
PLACE = ("slug", "name", "agency__name")


@dataclass(frozen=True)
class Held:
    """An issued review. `possible`: the highest total of its scale; `leads`, `part`: code and name of whose it is."""

    public_id: str
    ends_on: date
    total: int
    band: str
    is_imported: bool
    possible: int
    leads: str = ""
    part: str = ""

    def is_counted_as(self, other: "Held") -> bool:
        return (self.possible, self.leads) == (other.possible, other.leads)


@dataclass(frozen=True)
class UnderWay:
    public_id: str
    starts_on: date
    status: str


@dataclass(frozen=True)
class TeamPlace:
    slug: str
    name: str
    agency: str


@dataclass(frozen=True)
class TeamLine:
    """One team: its last issued review, the one before, and the next planned.

    `by_its_scale`: was the last one by a scale that the policy's marks are for?
    """

    team: TeamPlace
    last: Held | None = None
    change: int | None = None
    band: str = ""
    upcoming: UnderWay | None = None
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


def state_home(tenant: State, actor: Actor, policies: Stated | None = None) -> Home:
    """Few queries, whatever the number of teams. `policies` where they were read already."""
    today = tenant.today()
    sees_reviews = scope_of(actor.role, "view", Resource.FINAL_REPORT) is not None
    policy = policy_in(policies or stated(tenant.pk), today)
    ((_, policy),) = with_scales(((today, policy),), tenant.pk)
    lines = team_lines(actor, policy, today, with_reviews=sees_reviews)
    return Home(
        today=today,
        todos=todos(tenant, actor),
        figures=figures(lines, policy, today) if sees_reviews and len(lines) > 1 else [],
        teams=lines[:TEAMS_SHOWN],
        team_count=len(lines),
        sees_reviews=sees_reviews,
    )


def team_lines(actor: Actor, policy: FidelityPolicy, today: date, *, with_reviews: bool) -> list[TeamLine]:
    """The teams, longest not reviewed first, those never reviewed before all; without reviews, by name. One query."""
    teams = Team.objects.visible_to(actor).open_on(today)
    if not with_reviews:
        return [TeamLine(TeamPlace(*row)) for row in teams.values_list(*PLACE)]
    reviews = Review.objects.visible_to(actor).filter(team=OuterRef("pk"))
    rows = teams.values_list(*PLACE, last_two(reviews, policy), next_one(reviews))
    lines = [team_line(TeamPlace(*place), issued, planned, policy) for *place, issued, planned in rows]
    return sorted(lines, key=lambda line: (line.last.ends_on if line.last else date.min, line.team.name))


def last_two(reviews: Any, policy: FidelityPolicy) -> ArraySubquery:
    """Issued officially, newest first."""
    official = reviews.issued().filter(kind__in=policy.official_review_types).order_by("-ends_on", "-id")
    told = JSONObject(
        **{name: name for name in ("public_id", "ends_on", "total", "band", "scale_id")},
        imported=F("imported_id"),
        edition=F("scale__sha256"),
    )
    return ArraySubquery(official.values(told=told)[:2])


def next_one(reviews: Any) -> ArraySubquery:
    """The first that is under way."""
    planned = reviews.filter(status__in=Review.UNDER_WAY).order_by("starts_on", "ends_on", "id")
    told = JSONObject(**{name: name for name in ("public_id", "starts_on", "status")})
    return ArraySubquery(planned.values(told=told)[:1])


def held(row: dict[str, Any]) -> Held:
    """An issued review has its total; the database promises it."""
    scale = scale_known(row["scale_id"], row["edition"])
    ended = date.fromisoformat(row["ends_on"])
    imported = row["imported"] is not None
    told = (row["public_id"], ended, row["total"], row["band"], imported)
    return Held(*told, scale.possible, scale.leads, scale.part)


def under_way(row: dict[str, Any]) -> UnderWay:
    status = str(Review.Status(row["status"]).label)
    return UnderWay(row["public_id"], date.fromisoformat(row["starts_on"]), status)


def team_line(
    team: TeamPlace, issued: Sequence[Any], planned: Sequence[Any], policy: FidelityPolicy
) -> TeamLine:
    """Totals of scales that end elsewhere, or are of another part, are not compared."""
    upcoming = under_way(planned[0]) if planned else None
    if not issued:
        return TeamLine(team, upcoming=upcoming)
    last, *earlier = (held(row) for row in issued)
    alike = [each for each in earlier if each.is_counted_as(last)]
    return TeamLine(
        team,
        last,
        change=last.total - alike[0].total if alike else None,
        band=policy.band_labels.get(last.band, ""),
        upcoming=upcoming,
        by_its_scale=policy.measures(last.possible, last.leads),
    )


def figures(lines: list[TeamLine], policy: FidelityPolicy, today: date) -> list[Figure]:
    reviewed = [line for line in lines if line.last]
    measured = [line.last for line in reviewed if line.last and line.by_its_scale]
    good = [review for review in measured if review.total >= policy.thresholds.good]
    others = len(reviewed) - len(measured)
    parts = {review.part for review in measured}
    part = min(parts) if len(parts) == 1 else ""
    recent = [line for line in reviewed if line.last and line.last.ends_on >= today - A_YEAR]
    underway = [line for line in lines if line.upcoming]
    return [
        Figure("Teams", str(len(lines)), f"{len(reviewed)} have an issued review"),
        Figure(
            "At good fidelity or better",
            f"{len(good)} of {len(measured)}",
            f"{policy.thresholds.good} points or more{f' in {part}' if part else ''} at the last review"
            + (f"; {others} by another scale not counted" if others else ""),
        ),
        Figure(
            "Reviewed in the last 12 months",
            f"{len(recent)} of {len(lines)}",
            f"since {today - A_YEAR:%B %-d, %Y}",
        ),
        Figure("Reviews under way", str(len(underway)), "scheduled, rating or report in draft"),
    ]
