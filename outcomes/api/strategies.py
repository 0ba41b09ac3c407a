"""What programs do about a measure, in their own words, and whether others may read it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.api.shapes import Ref, Slug
from agencies.models import Team
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from ips_portal.api.fields import Choice, Flag
from ips_portal.api.shapes import Answer, Out, Pages, option, paged
from ips_portal.quarters import Quarter
from outcomes.actions import meetings as actions
from outcomes.api.fields import Note
from outcomes.api.meetings import AsRead
from outcomes.api.shapes import Once
from outcomes.dashboards.agreed import Sheet, sheets_of, strategies_of
from outcomes.finding import find_meeting, find_strategy, find_team
from outcomes.goals import MEASURES
from outcomes.models import Strategy, SupervisorsMeeting

CHOICES = tuple(MEASURES)


# --- sent -----------------------------------------------------------------------------------------------------
class ToldFilter(Pages):
    measure = option(CHOICES)


class StrategySent(Once):
    measure = Choice(choices=CHOICES)
    text = Note(
        allow_blank=False,
        help_text="So that another program could do the same. No names of people served.",
    )


class OwnStrategySent(StrategySent):
    consented = Flag(default=False, help_text="Everybody of the state may read this under our name.")


class TeamStrategySent(StrategySent):
    team = Slug(help_text="Of a program of this meeting. Consent is the program's to give.")


class ConsentSent(AsRead):
    consented = Flag()


# --- answered -------------------------------------------------------------------------------------------------
class ToldOut(Out):
    """A strategy as the program lets others read it, under the name it had then."""

    team_name = serializers.CharField()
    measure = serializers.ChoiceField(choices=CHOICES)
    text = serializers.CharField()
    told_on = serializers.DateField()


class StrategyOut(ToldOut):
    id = serializers.IntegerField()
    consented = serializers.BooleanField()
    version = serializers.IntegerField()


class Strategies(Out):
    strategies = StrategyOut(many=True)


class ProgramSheetOut(Out):
    """A program by name, its letter in this meeting, and what it told."""

    team = Ref()
    agency = Ref(source="team.agency")
    letter = serializers.CharField()
    strategies = serializers.SerializerMethodField()

    @extend_schema_field(StrategyOut(many=True))
    def get_strategies(self, sheet: Sheet) -> Any:
        return StrategyOut([each.strategy for each in sheet.strategies], many=True).data


class Sheets(Out):
    programs = ProgramSheetOut(many=True)


# --- doors ----------------------------------------------------------------------------------------------------
class ToldStrategies(Endpoint):
    """What programs of the state let everybody read, newest first."""

    door = opens(Resource.OUTCOME_SUBMITTED, GET="view")
    query = ToldFilter
    gives = {"GET": Answer(paged(ToldOut))}

    def get(self, request: Request, state: str) -> Response:
        rows = Strategy.objects.visible_to(self.actor).told()
        wanted = self.chosen["measure"]
        return self.answer_page(rows.filter(measure=wanted) if wanted else rows)


class TeamStrategies(Endpoint):
    """The team's own, told or not, and one more."""

    door = opens(Resource.OUTCOME_DRAFT, GET="view", POST="edit")
    takes = {"POST": OwnStrategySent}
    gives = {"GET": Answer(Strategies), "POST": Answer(Strategies, 201)}

    def get(self, request: Request, state: str, team: str) -> Response:
        return self.told(find_team(self.asked, team))

    def post(self, request: Request, state: str, team: str) -> Response:
        found = find_team(self.asked, team)
        actions.add_strategy(found, **self.sent(), told_on=self.tenant.today(), by=self.actor)
        return self.told(found)

    def told(self, team: Team) -> Response:
        return self.answer({"strategies": [each.strategy for each in strategies_of(team, self.actor)]})


class StrategyConsent(Endpoint):
    """Lets everybody of the state read it under the team's name, or takes that back."""

    door = opens(Resource.OUTCOME_DRAFT, POST="edit")
    takes = {"POST": ConsentSent}
    gives = {"POST": Answer(StrategyOut)}

    def post(self, request: Request, state: str, team: str, strategy: int) -> Response:
        found = find_strategy(self.asked, strategy, team=team)
        actions.consent(found, **self.sent(), by=self.actor)
        return self.answer(found)


class MeetingPrograms(Endpoint):
    """Which letter is which program, and what each told. Not for the projector."""

    door = opens(Resource.OUTCOME_SUBMITTED, GET="view", POST="approve")
    takes = {"POST": TeamStrategySent}
    gives = {"GET": Answer(Sheets), "POST": Answer(Sheets, 201)}

    def get(self, request: Request, state: str, meeting: Quarter) -> Response:
        return self.told(find_meeting(self.asked, meeting))

    def post(self, request: Request, state: str, meeting: Quarter) -> Response:
        found = find_meeting(self.asked, meeting)
        sent = self.sent()
        team = self.program(found, sent.pop("team"))
        actions.add_strategy(team, **sent, told_on=found.held_on, consented=False, by=self.actor)
        return self.told(found)

    def program(self, meeting: SupervisorsMeeting, slug: str) -> Team:
        for sheet in sheets_of(meeting, self.actor):
            if sheet.team.slug == slug:
                return sheet.team
        raise Unacceptable(f"{slug} is not one of the choices.", field="team")

    def told(self, meeting: SupervisorsMeeting) -> Response:
        return self.answer({"programs": sheets_of(meeting, self.actor)})
