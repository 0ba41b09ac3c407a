"""Where teams stand: one team with its clocks and its story, and all teams of the state in a list."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from agencies.models import State, Team
from agencies.permissions import Actor, Resource, may
from fidelity.histories import standings
from fidelity.in_force import policy_on
from fidelity.lifecycle import Ask, Clock, Position, Standing
from fidelity.lifecycle.months import written
from fidelity.lifecycle.wording import OpenSteps, sentences
from fidelity.models import ActionPlan, Decision, PlanRow, Review
from fidelity.models.plans import OPEN
from fidelity.signatures import approver_for
from ips_portal.spreadsheets import Table

DUE_SOON = 60  # days
WHEN = {"overdue": "Overdue", "soon": f"Due within {DUE_SOON} days", "asked": "Waits for a decision"}


@dataclass(frozen=True)
class Event:
    """One line of the story: what happened, or what was decided by whom and why."""

    on: date
    text: str
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class StandingPage:
    team: Team
    standing: Standing
    sentences: tuple[str, ...]
    clocks: tuple[Clock, ...]
    tasks: tuple[Ask, ...]
    options: tuple[Ask, ...]
    open_steps: tuple[PlanRow, ...]
    plan: ActionPlan | None
    story: tuple[Event, ...]
    may_decide: bool
    may_print: bool
    today: date

    @property
    def chip(self) -> str:
        return chip(self.standing)


@dataclass(frozen=True)
class TeamStanding:
    """The standing part of a team's page."""

    name: str
    chip: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class StandingLine:
    team: Team
    standing: Standing
    booked: date | None

    @property
    def chip(self) -> str:
        return chip(self.standing)

    @property
    def hint(self) -> str:
        if self.standing.awaiting:
            return "report being written"
        visit = f"visit on {self.booked:%B} {self.booked.day}, {self.booked.year}" if self.booked else ""
        return ", ".join(part for part in ("overdue" if self.standing.is_overdue else "", visit) if part)


def chip(standing: Standing) -> str:
    if standing.position is Position.CLOSED:
        return "plain"
    if not standing.accepts_new or standing.is_overdue or standing.position is Position.CORRECTIVE:
        return "watch"
    return "ok" if standing.is_good else "info"


def standing_page(team: Team, tenant: State, actor: Actor) -> StandingPage:
    today = tenant.today()
    standing = standings([team], tenant)[team.pk]
    plan = newest_plan(team, actor)
    rows = open_rows(plan)
    return StandingPage(
        team=team,
        standing=standing,
        sentences=told(standing, team, tenant, rows),
        clocks=standing.clocks,
        tasks=tuple(ask for ask in standing.asks if not ask.is_optional),
        options=tuple(ask for ask in standing.asks if ask.is_optional),
        open_steps=rows,
        plan=plan,
        story=story(team, standing),
        may_decide=standing.position is not Position.CLOSED
        and bool(may(actor, "create", Resource.STANDING, team.place)),
        may_print=bool(may(actor, "export", Resource.STANDING, team.place))
        and bool(may(actor, "create", Resource.GENERATED_FILE, team.place)),
        today=today,
    )


def standing_of_team(team: Team, tenant: State, actor: Actor) -> TeamStanding:
    standing = standings([team], tenant)[team.pk]
    rows = open_rows(newest_plan(team, actor))
    return TeamStanding(standing.name, chip(standing), told(standing, team, tenant, rows))


def standing_content(team: Team, tenant: State) -> dict[str, Any]:
    """What a letter says, fit for JSON. Steps of plans stay on the plan's own paper."""
    standing, today = standings([team], tenant)[team.pk], tenant.today()
    records = Decision.objects.in_state(team.state_id).filter(team=team).select_related("decided_by")
    return {
        "agency": team.agency.name,
        "team": team.name,
        "on": today.isoformat(),
        "written_on": written(today),
        "standing": standing.name,
        "since": written(standing.since),
        "sentences": list(told(standing, team, tenant, ())),
        "clocks": [
            [each.name, written(each.since), written(each.until) if each.until else "decided or reviewed"]
            for each in standing.clocks
        ],
        "decisions": [
            [written(row.decided_on), decided(row), row.decided_by.name]
            for row in records.filter(decided_on__gte=standing.since).order_by("decided_on", "id")
        ],
        "policy": policy_on(team.state_id, today).name,
        "last_total": standing.last_total,
        "last_part": standing.last_part,
    }


def told(standing: Standing, team: Team, tenant: State, rows: Sequence[PlanRow]) -> tuple[str, ...]:
    days = [row.target_on for row in rows if row.target_on]
    return sentences(
        with_approver(standing, team, tenant),
        tenant.terms,
        today=tenant.today(),
        booked=booked([team], tenant).get(team.pk),
        steps=OpenSteps(len(rows), min(days, default=None)),
    )


def with_approver(standing: Standing, team: Team, tenant: State) -> Standing:
    """The policy names a payer for the teams it contracts with; of this team it may be the state who approves."""
    if not standing.plan or not standing.plan.approver:
        return standing
    approver = approver_for(team, tenant, standing.plan.approver)
    return replace(standing, plan=replace(standing.plan, approver=approver.name))


def newest_plan(team: Team, actor: Actor) -> ActionPlan | None:
    plans = ActionPlan.objects.visible_to(actor).filter(team=team).select_related("review")
    found: ActionPlan | None = plans.first()
    return found


def open_rows(plan: ActionPlan | None) -> tuple[PlanRow, ...]:
    if plan is None or plan.status == ActionPlan.Status.DRAFT:
        return ()
    return tuple(plan.rows.filter(status__in=OPEN).order_by("target_on", "position"))


def booked(teams: Collection[Team], tenant: State) -> dict[int, date]:
    """The next official visit that is agreed, by team."""
    rows = (
        Review.objects.in_state(tenant.pk)
        .filter(team__in=teams, kind=Review.Kind.EXTERNAL, ends_on__gte=tenant.today())
        .filter(status__in=Review.OPEN)
        .order_by("-starts_on")
        .values_list("team_id", "starts_on")
    )
    return dict(rows)


def story(team: Team, standing: Standing) -> tuple[Event, ...]:
    """Newest first. A decision is told once, with its person and reason."""
    records = Decision.objects.in_state(team.state_id).filter(team=team).select_related("decided_by")
    events = [
        Event(row.decided_on, decided(row), row.decided_by.name, row.reason)
        for row in records.order_by("-id")
    ]
    moved = [Event(move.on, move.because) for move in reversed(standing.moves) if not move.is_decision]
    return tuple(sorted([*events, *moved], key=lambda event: event.on, reverse=True))


def decided(row: Decision) -> str:
    until = f", until {row.until:%B} {row.until.day}, {row.until.year}" if row.until else ""
    return f"{row.get_kind_display()}{until}."


def listed(actor: Actor) -> list[Team]:
    """Teams whose standing the actor may read: of the own teams for some, while they see the names of more."""
    rows = Team.objects.visible_to(actor).select_related("agency").prefetch_related("partners")
    return [team for team in rows if may(actor, "view", Resource.STANDING, team.place)]


def lines(teams: Iterable[Team], tenant: State) -> list[StandingLine]:
    found = list(teams)
    standing, visits = standings(found, tenant), booked(found, tenant)
    return [StandingLine(team, standing[team.pk], visits.get(team.pk)) for team in found]


def narrowed(found: Iterable[StandingLine], today: date, chosen: Mapping[str, str]) -> list[StandingLine]:
    """What a standing is cannot be asked of the database: it follows from the rules. The closed only by choice."""
    kept = [line for line in found if is_chosen(line, chosen)]
    when = chosen.get("when", "")
    match when:
        case "overdue":
            kept = [line for line in kept if line.standing.is_overdue]
        case "soon":
            kept = [line for line in kept if is_soon(line.standing, today)]
        case "asked":
            kept = [line for line in kept if any(not ask.is_optional for ask in line.standing.asks)]
    return sorted(kept, key=lambda line: (line.standing.next_due or date.max, line.team.name, line.team.pk))


def is_chosen(line: StandingLine, chosen: Mapping[str, str]) -> bool:
    position, wanted = line.standing.position, chosen.get("position")
    return (
        (position == wanted if wanted else position is not Position.CLOSED)
        and chosen.get("q", "").casefold() in line.team.name.casefold()
        and line.team.agency.slug == (chosen.get("agency") or line.team.agency.slug)
    )


def is_soon(standing: Standing, today: date) -> bool:
    return standing.next_due is not None and 0 <= (standing.next_due - today).days <= DUE_SOON


def standing_table(found: Iterable[StandingLine], tenant: State, actor: Actor, now: datetime) -> Table:
    """A column says whose total the last one is, where any is that of a part."""
    shown = tuple(found)
    with_parts = any(line.standing.last_part for line in shown)
    return Table(
        about=(
            ("State", tenant.name),
            ("Standing", "by the state's fidelity policy, on the day of the download"),
            ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
        ),
        columns=(
            tenant.terms["agency"].capitalize(),
            *("Team", "Standing", "Since", "New referrals", "Last total"),
            *(("Part",) if with_parts else ()),
            *("Next review by", "Overdue", "Visit agreed", "To decide"),
        ),
        rows=tuple(
            (
                line.team.agency.name,
                line.team.name,
                line.standing.name,
                line.standing.since.isoformat(),
                "open" if line.standing.accepts_new else "not open",
                line.standing.last_total,
                *((line.standing.last_part or None,) if with_parts else ()),
                line.standing.next_due.isoformat() if line.standing.next_due else None,
                "yes" if line.standing.is_overdue else "no",
                line.booked.isoformat() if line.booked else None,
                " ".join(ask.sentence for ask in line.standing.asks if not ask.is_optional) or None,
            )
            for line in shown
        ),
        made=now,
    )
