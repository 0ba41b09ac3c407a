"""Where teams stand, and what is decided about one."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import find
from agencies.api.endpoint import Endpoint, opens
from agencies.models import Team
from agencies.permissions import Resource
from fidelity.actions import deciding
from fidelity.api.fields import Note
from fidelity.dashboards.standing import lines, listed, narrowed
from fidelity.dashboards.standing import standing_page as page_of_team
from fidelity.models import Decision
from ips_portal.api.fields import Choice, Day, Unique
from ips_portal.api.shapes import Answer, Out, Shape


class ClockOut(Out):
    name = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="None: until it is decided or reviewed.")


class AskOut(Out):
    sentence = serializers.CharField()
    is_optional = serializers.BooleanField(help_text="A possibility, not a task.")


class EventOut(Out):
    on = serializers.DateField()
    text = serializers.CharField()
    by = serializers.CharField(allow_blank=True, help_text="Who decided, where it is a decision.")
    reason = serializers.CharField(allow_blank=True)


class LineOut(Out):
    team = serializers.CharField(source="team.slug")
    name = serializers.CharField(source="standing.name", help_text="The state's own name of the standing.")
    since = serializers.DateField(source="standing.since")
    accepts_new = serializers.BooleanField(source="standing.accepts_new")
    last_total = serializers.IntegerField(source="standing.last_total", allow_null=True)
    last_part = serializers.CharField(
        source="standing.last_part",
        allow_blank=True,
        help_text="Whose total that is, where the scale has a total per part.",
    )
    next_due = serializers.DateField(source="standing.next_due", allow_null=True)
    is_overdue = serializers.BooleanField(source="standing.is_overdue")
    visit_on = serializers.DateField(source="booked", allow_null=True)


class StandingsOut(Out):
    teams = LineOut(many=True)


class StandingOut(Out):
    team = serializers.CharField(source="team.slug")
    name = serializers.CharField(source="standing.name", help_text="The state's own name of the standing.")
    since = serializers.DateField(source="standing.since")
    accepts_new = serializers.BooleanField(source="standing.accepts_new")
    last_total = serializers.IntegerField(source="standing.last_total", allow_null=True)
    last_part = serializers.CharField(
        source="standing.last_part",
        allow_blank=True,
        help_text="Whose total that is, where the scale has a total per part.",
    )
    opens_on = serializers.DateField(source="standing.opens_on", allow_null=True)
    next_due = serializers.DateField(source="standing.next_due", allow_null=True)
    why = serializers.CharField(source="standing.why", allow_blank=True)
    is_overdue = serializers.BooleanField(source="standing.is_overdue")
    sentences = serializers.ListField(child=serializers.CharField())
    clocks = ClockOut(many=True)
    asks = AskOut(source="standing.asks", many=True)
    story = EventOut(many=True)


class DecisionIn(Shape):
    kind = Choice(choices=Decision.Kind.choices)
    decided_on = Day()
    until = Day(required=False, allow_null=True, help_text="The next review, or the last day of a pause.")
    reason = Note()
    key = Unique(help_text="Your own; the same one records once.")


class DecisionOut(Out):
    kind = serializers.ChoiceField(choices=Decision.Kind.values)
    decided_on = serializers.DateField()
    until = serializers.DateField(allow_null=True)
    reason = serializers.CharField()


class OneTeam(Endpoint):
    def found(self, slug: str) -> Team:
        rows = Team.objects.select_related("agency", "state").prefetch_related("partners")
        found: Team = find(self.asked, rows, slug=slug)
        return found


class StandingList(Endpoint):
    """Teams that are not closed, the next review first."""

    door = opens(Resource.STANDING, GET="view")
    gives = {"GET": Answer(StandingsOut)}

    def get(self, request: Request, state: str) -> Response:
        found = lines(listed(self.actor), self.tenant)
        return self.answer({"teams": narrowed(found, self.tenant.today(), {})})


class TeamStanding(OneTeam):
    """Standing, clocks, what is to be decided, and how it came about."""

    door = opens(Resource.STANDING, GET="view")
    gives = {"GET": Answer(StandingOut)}

    def get(self, request: Request, state: str, team: str) -> Response:
        return self.answer(page_of_team(self.found(team), self.tenant, self.actor))


class DecisionNew(OneTeam):
    """Recorded once, in one's own name, and never changed; another decision may follow it."""

    door = opens(Resource.STANDING, POST="create")
    takes = {"POST": DecisionIn}
    gives = {"POST": Answer(DecisionOut, status=201)}

    def post(self, request: Request, state: str, team: str) -> Response:
        found = self.found(team)
        sent = self.sent()
        decision = deciding.decide(
            found,
            kind=sent["kind"],
            decided_on=sent["decided_on"],
            until=sent.get("until"),
            reason=sent["reason"],
            key=sent["key"],
            by=self.actor,
        )
        return self.answer(decision)
