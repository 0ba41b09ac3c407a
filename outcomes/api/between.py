"""Between quarters: weeks, months and goals of a team's specialists. Open to the team's own people only."""

from datetime import date
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.api.shapes import NumberedRef, Ref, SeenAs
from agencies.models import Team
from agencies.permissions import Resource
from ips_portal.api.fields import Day
from ips_portal.api.shapes import Answer, Out, Shape, Values
from ips_portal.quarters import Quarter
from outcomes.actions import between as actions
from outcomes.api.fields import Count
from outcomes.dashboards.between import (
    GoalRow,
    MonthCell,
    TeamPage,
    WeekCell,
    goal_rows,
    list_page,
    month_of,
    team_page,
    week_of,
)
from outcomes.finding import find_on_team, find_supervised, find_whose_goals, seats_at_home, switched_on
from outcomes.models import TALLIED, OnTeam, leads

GOALS = {"job_starts": "job_starts", "employed": "employed", "contacts": "employer_contacts"}


# --- sent -----------------------------------------------------------------------------------------------------
class WeekSent(Shape):
    contacts = Count("employer_contacts", help_text="Face to face, with employers.")
    looking = Count("served", help_text="People looking for work.")
    reviewed_on = Day(
        required=False,
        allow_null=True,
        help_text="A supervisor's. Left out, it stays as long as the numbers do.",
    )
    version = SeenAs(help_text="The version that was read; 0 where nothing was stored.")


class MonthSent(Shape):
    """Null is not zero: it is not known yet."""

    version = SeenAs(help_text="The version that was read; 0 where nothing was stored.")

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {key: Count(key, allow_null=True) for key in TALLIED}


class GoalsSent(Shape):
    """Null takes a goal back."""

    version = SeenAs(help_text="The version that was read.")

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {key: Count(measure, allow_null=True) for key, measure in GOALS.items()}


# --- answered -------------------------------------------------------------------------------------------------
class OnTeamOut(Out):
    team = Ref()
    person = NumberedRef()


class GoalValues(Out):
    job_starts = serializers.IntegerField(allow_null=True)
    employed = serializers.IntegerField(allow_null=True)
    contacts = serializers.IntegerField(allow_null=True)


class WeekOut(Out):
    person = NumberedRef(source="on_team.person")
    monday = serializers.DateField()
    contacts = serializers.IntegerField(source="row.contacts", default=None, allow_null=True)
    looking = serializers.IntegerField(source="row.looking", default=None, allow_null=True)
    reviewed_on = serializers.DateField(source="row.reviewed_on", default=None, allow_null=True)
    standard = serializers.IntegerField(help_text="Contacts a week.")
    version = serializers.SerializerMethodField()

    def get_version(self, cell: WeekCell) -> str:
        return actions.mark(cell.row)


class Tallied(Out):
    """Null is not zero: it was not entered."""

    def get_fields(self) -> dict[str, Any]:
        values = {
            key: serializers.IntegerField(source=f"row.{key}", default=None, allow_null=True)
            for key in TALLIED
        }
        return super().get_fields() | values


class LeftMonthOut(Tallied):
    person = NumberedRef(source="row.person")
    month = serializers.DateField(source="row.month", help_text="Its first day.")


class MonthOut(Tallied):
    person = NumberedRef(source="on_team.person")
    month = serializers.DateField(help_text="Its first day.")
    has_begun = serializers.BooleanField()
    version = serializers.SerializerMethodField()

    def get_version(self, cell: MonthCell) -> str:
        return actions.mark(cell.row)


class GoalsOut(GoalValues):
    person = NumberedRef(allow_null=True, help_text="Null for the team's own.")
    quarter = serializers.CharField(source="quarter.slug")
    version = serializers.CharField()


class TotalOut(Out):
    """`text` is what the months give, in words; empty without any."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    text = serializers.CharField(allow_blank=True)
    goal = serializers.IntegerField(allow_null=True)


class PersonGoals(GoalValues):
    person = NumberedRef(allow_null=True, help_text="Null for the team's own.")


class OwnOut(Out):
    on_team = OnTeamOut()
    this_week = WeekOut()
    months = MonthOut(many=True)
    goals = serializers.SerializerMethodField()

    def get_goals(self, page: Any) -> dict[str, int]:
        """Those that are set, in words."""
        return dict(page.goals)


class BetweenOut(Out):
    quarter = serializers.CharField()
    weekly_contacts = serializers.BooleanField()
    monthly_tallies = serializers.BooleanField()
    specialist_goals = serializers.BooleanField()
    teams = Ref(many=True, help_text="Those you supervise.")
    own = OwnOut(many=True, help_text="Where you are a specialist.")


class TeamBetweenOut(Out):
    team = Ref()
    quarter = serializers.CharField()
    people = NumberedRef(many=True)
    weeks = WeekOut(many=True, help_text="Newest first.")
    months = MonthOut(many=True)
    left = LeftMonthOut(many=True, help_text="Months of those no longer on the team. They are counted.")
    totals = TotalOut(many=True)
    goals = PersonGoals(many=True)


class BetweenList(Endpoint):
    """What your state offers between quarters, the teams you supervise, and your own week, months and goals."""

    door = opens(Resource.OUTCOME_DRAFT, GET="view")
    gives = {"GET": Answer(BetweenOut)}

    def get(self, request: Request, state: str) -> Response:
        today = self.tenant.today()
        now = Quarter.of(today)
        offered = vars(switched_on(self.asked, now))
        page = list_page(seats_at_home(self.asked), now, today)
        return self.answer({"quarter": now.slug, **offered, "teams": page.teams, "own": page.own})


class BetweenTeam(Endpoint):
    """A team's weeks, months and goals of a quarter, for its supervisors. By name, never by who has more."""

    door = opens(Resource.OUTCOME_DRAFT, GET="view")
    gives = {"GET": Answer(TeamBetweenOut)}

    def get(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        found = find_supervised(self.asked, team)
        between = switched_on(self.asked, quarter)
        page = team_page(found, quarter, self.actor, self.tenant.today(), between)
        return self.answer(
            {
                "team": found,
                "quarter": quarter.slug,
                "people": [each.person for each in page.people],
                "weeks": weeks(page) if between.weekly_contacts else (),
                "months": months(page) if between.monthly_tallies else (),
                "left": page.left if between.monthly_tallies else (),
                "totals": page.totals if between.monthly_tallies else (),
                "goals": [by_measure(row) for row in page.goals] if between.specialist_goals else (),
            }
        )


class BetweenWeek(Endpoint):
    """One specialist's week. Who changes its numbers as a specialist takes a review away."""

    door = opens(Resource.OUTCOME_DRAFT, GET="view", PUT="edit")
    takes = {"PUT": WeekSent}
    gives = {"GET": Answer(WeekOut), "PUT": Answer(WeekOut)}

    def get(self, request: Request, state: str, team: str, person: int, monday: date) -> Response:
        return self.told(self.found(team, person, monday), monday)

    def put(self, request: Request, state: str, team: str, person: int, monday: date) -> Response:
        on_team = self.found(team, person, monday)
        sent = self.sent()
        actions.save_week(
            on_team,
            monday=monday,
            contacts=sent["contacts"],
            looking=sent["looking"],
            reviewed_on=self.reviewed_on(on_team, monday, sent),
            seen=sent["version"],
            by=self.actor,
        )
        return self.told(on_team, monday)

    def found(self, team: str, person: int, monday: date) -> OnTeam:
        on_team = find_on_team(self.asked, team, person)
        switched_on(self.asked, Quarter.of(monday), "weekly_contacts")
        actions.check_begun(monday, self.tenant.today(), "week")
        return on_team

    def reviewed_on(self, on_team: OnTeam, monday: date, sent: Values) -> date | None:
        """A supervisor who does not say it leaves a review as it is."""
        if "reviewed_on" in sent or not leads(self.actor, on_team.team_id):
            return sent.get("reviewed_on")
        row = week_of(on_team, monday, self.actor)
        return row.reviewed_on if row else None

    def told(self, on_team: OnTeam, monday: date) -> Response:
        return self.answer(WeekCell(on_team, monday, week_of(on_team, monday, self.actor)))


class BetweenMonth(Endpoint):
    """One specialist's month. It helps with the quarter and is never reported."""

    door = opens(Resource.OUTCOME_DRAFT, GET="view", PUT="edit")
    takes = {"PUT": MonthSent}
    gives = {"GET": Answer(MonthOut), "PUT": Answer(MonthOut)}

    def get(self, request: Request, state: str, team: str, person: int, month: date) -> Response:
        return self.told(self.found(team, person, month), month)

    def put(self, request: Request, state: str, team: str, person: int, month: date) -> Response:
        on_team = self.found(team, person, month)
        values = self.sent()
        actions.save_month(on_team, month=month, values=values, seen=values.pop("version"), by=self.actor)
        return self.told(on_team, month)

    def found(self, team: str, person: int, month: date) -> OnTeam:
        on_team = find_on_team(self.asked, team, person)
        switched_on(self.asked, Quarter.of(month), "monthly_tallies")
        actions.check_begun(month, self.tenant.today(), "month")
        return on_team

    def told(self, on_team: OnTeam, month: date) -> Response:
        return self.answer(MonthCell(on_team, month, month_of(on_team, month, self.actor), has_begun=True))


class BetweenGoals(Endpoint):
    """The goals of a team for a quarter, set by its supervisors."""

    door = opens(Resource.OUTCOME_DRAFT, GET="edit", PUT="edit")
    takes = {"PUT": GoalsSent}
    gives = {"GET": Answer(GoalsOut), "PUT": Answer(GoalsOut)}

    def get(
        self, request: Request, state: str, team: str, quarter: Quarter, person: int | None = None
    ) -> Response:
        return self.told(*self.found(team, quarter, person), quarter)

    def put(
        self, request: Request, state: str, team: str, quarter: Quarter, person: int | None = None
    ) -> Response:
        found, on_team = self.found(team, quarter, person)
        values = self.sent()
        seen = values.pop("version")
        actions.set_goals(found, quarter=quarter, values=values, seen=seen, on_team=on_team, by=self.actor)
        return self.told(found, on_team, quarter)

    def found(self, team: str, quarter: Quarter, person: int | None) -> tuple[Team, OnTeam | None]:
        found, on_team = find_whose_goals(self.asked, team, person)
        switched_on(self.asked, quarter, "specialist_goals")
        actions.check_sets_goals(found, self.actor)
        return found, on_team

    def told(self, team: Team, on_team: OnTeam | None, quarter: Quarter) -> Response:
        person = on_team.person if on_team else None
        rows = goal_rows(team, quarter, person.pk if person else None, self.actor)
        values = {key: rows[key].value if key in rows else None for key in GOALS}
        version = actions.mark_of_goals(rows)
        return self.answer({"person": person, "quarter": quarter, "version": version, **values})


class BetweenGoalsOf(BetweenGoals):
    """The goals of one specialist for a quarter, set by the team's supervisors."""


def weeks(page: TeamPage) -> list[WeekCell]:
    return [cell for _, cells in page.weeks for cell in cells]


def months(page: TeamPage) -> list[MonthCell]:
    return [cell for _, cells in page.tallies for cell in cells]


def by_measure(row: GoalRow) -> dict[str, Any]:
    values = (value for _, value in row.values)
    return {"person": row.on_team and row.on_team.person, **dict(zip(GOALS, values, strict=True))}
