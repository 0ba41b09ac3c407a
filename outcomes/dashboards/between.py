"""What a supervisor and a specialist read between quarters. By name and by day, never by who has more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from agencies.models import Team
from agencies.permissions import Actor, Role
from agencies.tenancy import TenantQuerySet
from ips_portal.quarters import Quarter
from outcomes.measures import edition
from outcomes.models import (
    ADDED_UP,
    TALLIED,
    MonthTally,
    OnTeam,
    QuarterlyReport,
    TeamGoal,
    WeekOfContacts,
    leads,
)
from outcomes.policy import BetweenQuarters

CONTACTS_A_WEEK = 6  # source: domain reference SV6 and seed 138 (six employer contacts a week)
FEW = 3  # with fewer people looking, two contacts for each are enough. Source: domain reference SV6
TWICE = "people shared within the team may be counted twice"
Goals = Mapping[str, int]


@dataclass(frozen=True)
class WeekCell:
    on_team: OnTeam
    monday: date
    row: WeekOfContacts | None

    @property
    def standard(self) -> int:
        return standard(self.row.looking) if self.row else CONTACTS_A_WEEK


@dataclass(frozen=True)
class MonthCell:
    on_team: OnTeam
    month: date
    row: MonthTally | None
    has_begun: bool


@dataclass(frozen=True)
class LeftMonth:
    """One month of somebody who is no longer on the team: it is counted, and nobody changes it."""

    row: MonthTally

    @property
    def values(self) -> tuple[tuple[str, int | None], ...]:
        labels = edition().by_key
        return tuple((labels[key].label, value) for key, value in self.row.values.items())


@dataclass(frozen=True)
class Total:
    label: str
    text: str
    goal: int | None


@dataclass(frozen=True)
class GoalRow:
    on_team: OnTeam | None
    values: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class TeamPage:
    people: tuple[OnTeam, ...]
    weeks: tuple[tuple[date, tuple[WeekCell, ...]], ...]  # newest first
    months: tuple[date, ...]
    tallies: tuple[tuple[OnTeam, tuple[MonthCell, ...]], ...]
    left: tuple[LeftMonth, ...]  # by name
    totals: tuple[Total, ...]
    goals: tuple[GoalRow, ...]


@dataclass(frozen=True)
class OwnPage:
    """What one specialist finds on the first page: the week and the months that can be filled in, and the goals."""

    on_team: OnTeam
    this_week: WeekCell
    months: tuple[MonthCell, ...]
    goals: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ListPage:
    """Everything one person finds between quarters, under all seats together."""

    teams: tuple[Team, ...]  # supervised, by name
    own: tuple[OwnPage, ...]


def standard(looking: int) -> int:
    return CONTACTS_A_WEEK if looking >= FEW else 2 * looking


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def mondays(quarter: Quarter, today: date) -> tuple[date, ...]:
    """Newest first; a week belongs to the quarter in which its Monday lies."""
    last = monday_of(min(quarter.ends_on, today))
    count = (last - quarter.starts_on).days // 7 + 1
    return tuple(last - timedelta(weeks=back) for back in range(max(count, 0)))


def months(quarter: Quarter) -> tuple[date, ...]:
    return tuple(quarter.starts_on.replace(month=quarter.starts_on.month + after) for after in range(3))


def team_page(team: Team, quarter: Quarter, actor: Actor, today: date, between: BetweenQuarters) -> TeamPage:
    people = tuple(OnTeam.objects.visible_to(actor).filter(team=team).open_on(today).placed())
    weeks = {(row.person_id, row.monday): row for row in weeks_of(team, quarter, actor)}
    tallies = list(tallies_of(team.pk, quarter, actor).select_related("person"))
    here = {each.person.pk for each in people}
    by_month = {(row.person_id, row.month): row for row in tallies}
    goals = goals_of(team, quarter, actor) if between.specialist_goals else {}
    return TeamPage(
        people=people,
        weeks=tuple(
            (day, tuple(WeekCell(each, day, weeks.get((each.person.pk, day))) for each in people))
            for day in mondays(quarter, today)
        ),
        months=months(quarter),
        tallies=tuple((each, month_cells(each, quarter, by_month, today)) for each in people),
        left=tuple(
            LeftMonth(row)
            for row in sorted(tallies, key=lambda row: (row.person.name, row.person_id, row.month))
            if row.person_id not in here
        ),
        totals=totals(tallies, goals.get(None, {})),
        goals=tuple(
            GoalRow(each, goal_values(goals.get(each.person.pk if each else None, {})))
            for each in (None, *people)
        ),
    )


def list_page(seats: Iterable[Actor], quarter: Quarter, today: date) -> ListPage:
    """Each seat is read while it is the one that is entered."""
    teams: dict[int, Team] = {}
    own: list[OwnPage] = []
    for actor in seats:
        if actor.role is Role.SUPERVISOR:
            rows = Team.objects.visible_to(actor).filter(pk__in=actor.team_ids, ended_on=None)
            teams |= {team.pk: team for team in rows}
        else:
            found = OnTeam.objects.visible_to(actor).open_on(today).placed()
            own += [own_page(each, quarter, actor, today) for each in found]
    return ListPage(tuple(sorted(teams.values(), key=lambda team: team.name)), tuple(own))


def own_page(on_team: OnTeam, quarter: Quarter, actor: Actor, today: date) -> OwnPage:
    monday, person = monday_of(today), on_team.person.pk
    week = WeekOfContacts.objects.visible_to(actor).filter(
        team_id=on_team.team_id, person_id=person, monday=monday
    )
    tallies = tallies_of(on_team.team_id, quarter, actor).filter(person_id=person)
    by_month = {(row.person_id, row.month): row for row in tallies}
    goals = goals_of(on_team.team, quarter, actor).get(person, {})
    return OwnPage(
        on_team,
        WeekCell(on_team, monday, week.first()),
        month_cells(on_team, quarter, by_month, today),
        tuple((label, goals[key]) for key, label in TeamGoal.Measure.choices if key in goals),
    )


def week_of(on_team: OnTeam, monday: date, actor: Actor) -> WeekOfContacts | None:
    rows = WeekOfContacts.objects.visible_to(actor).select_related("reviewed_by")
    found: WeekOfContacts | None = rows.filter(
        team=on_team.team_id, person=on_team.person, monday=monday
    ).first()
    return found


def month_of(on_team: OnTeam, month: date, actor: Actor) -> MonthTally | None:
    rows = MonthTally.objects.visible_to(actor).filter(team=on_team.team_id, person=on_team.person)
    found: MonthTally | None = rows.filter(month=month).first()
    return found


def goal_rows(team: Team, quarter: Quarter, person_id: int | None, actor: Actor) -> dict[str, TeamGoal]:
    """By measure: of one specialist, or of the team where no person is named."""
    rows = TeamGoal.objects.visible_to(actor).filter(team=team, quarter=quarter, person_id=person_id)
    return {row.measure: row for row in rows}


def weeks_of(team: Team, quarter: Quarter, actor: Actor) -> Iterable[WeekOfContacts]:
    rows = WeekOfContacts.objects.visible_to(actor).filter(team=team)
    found: Iterable[WeekOfContacts] = rows.filter(monday__range=(quarter.starts_on, quarter.ends_on))
    return found


def tallies_of(team_id: int, quarter: Quarter, actor: Actor) -> TenantQuerySet:
    rows = MonthTally.objects.visible_to(actor).filter(team_id=team_id)
    return rows.filter(month__range=(quarter.starts_on, quarter.ends_on)).order_by("month")


def month_cells(
    on_team: OnTeam, quarter: Quarter, rows: Mapping[tuple[int, date], MonthTally], today: date
) -> tuple[MonthCell, ...]:
    return tuple(
        MonthCell(on_team, month, rows.get((on_team.person.pk, month)), month <= today)
        for month in months(quarter)
    )


def goals_of(team: Team, quarter: Quarter, actor: Actor) -> dict[int | None, dict[str, int]]:
    """Person, or None for the team, -> measure -> goal."""
    found: dict[int | None, dict[str, int]] = {}
    for row in TeamGoal.objects.visible_to(actor).filter(team=team, quarter=quarter):
        if row.value is not None:
            found.setdefault(row.person_id, {})[row.measure] = row.value
    return found


def goal_values(goals: Goals) -> tuple[tuple[str, int | None], ...]:
    return tuple((label, goals.get(key)) for key, label in TeamGoal.Measure.choices)


def sums(tallies: Iterable[MonthTally]) -> dict[str, int]:
    """Measure -> what the months give. Jobs and those who left add up; people are those of each one's latest month."""
    found: dict[str, int] = {}
    latest: dict[tuple[int, str], int] = {}
    for row in sorted(tallies, key=lambda row: row.month):
        for key, value in row.values.items():
            if value is not None and key in ADDED_UP:
                found[key] = found.get(key, 0) + value
            elif value is not None:
                latest[row.person_id, key] = value
    for (_, key), value in latest.items():
        found[key] = found.get(key, 0) + value
    return found


def words(key: str, value: int) -> str:
    return str(value) if key in ADDED_UP else f"{value} in the latest month; {TWICE}"


def totals(tallies: Iterable[MonthTally], goals: Goals) -> tuple[Total, ...]:
    found, labels = sums(tallies), edition().by_key
    return tuple(
        Total(labels[key].label, words(key, found[key]) if key in found else "", goals.get(key))
        for key in TALLIED
    )


def beside_entry(
    report: QuarterlyReport, actor: Actor, between: BetweenQuarters
) -> dict[str, tuple[str, ...]]:
    """Measure -> lines beside its field, for a supervisor of the team alone; nothing is filled in from them."""
    if not leads(actor, report.team_id):
        return {}
    lines: dict[str, list[str]] = {}
    if between.monthly_tallies:
        for key, value in sums(tallies_of(report.team_id, report.quarter, actor)).items():
            lines.setdefault(key, []).append(f"From the monthly tallies: {words(key, value)}")
    if between.specialist_goals:
        for key, value in goals_of(report.team, report.quarter, actor).get(None, {}).items():
            lines.setdefault(key, []).append(f"Goal of the team: {value}")
    return {key: tuple(said) for key, said in lines.items()}
