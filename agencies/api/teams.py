"""Teams: list, open, read, change, close, reopen, history."""

from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import find
from agencies.actions import organizations
from agencies.actions.organizations import TeamProfile
from agencies.api.agencies import OPEN, Closing
from agencies.api.endpoint import Endpoint, opens
from agencies.api.history import RecordHistory
from agencies.api.shapes import (
    Ending,
    Profile,
    Reason,
    Ref,
    SeenAs,
    SeenOut,
    Slug,
    kept,
    one,
    over,
    several,
)
from agencies.dashboards import agencies_for_teams, teams_of
from agencies.models import Population, Team
from agencies.permissions import Resource, may
from ips_portal.api.fields import Choice, Day, Key, Number, Several
from ips_portal.api.shapes import Answer, Out, Pages, Shape, Values, option, paged, search

TEAMS = Team.objects.select_related("agency").prefetch_related("partners__agency", "populations__population")


class TeamFilter(Pages):
    q = search("Part of the name.")
    agency = search("The slug of a lead or partner agency.")
    stage = option(Team.Stage.values)
    population = Number(required=False, default=None)
    open = OPEN


class PartnerRef(Out):
    slug = serializers.CharField(source="agency.slug")
    name = serializers.CharField(source="agency.name")


class PopulationRef(Out):
    id = serializers.IntegerField(source="population.pk")
    name = serializers.CharField(source="population.name")


class TeamOut(Profile):
    public = frozenset({"slug", "name", "agency", "partners", "status", "ended_on", "version"})

    slug = serializers.CharField()
    name = serializers.CharField()
    agency = Ref(help_text="The lead agency.")
    partners = PartnerRef(many=True, source="partners.all")
    status = Ending()
    ended_on = serializers.DateField(allow_null=True)
    stage = serializers.ChoiceField(choices=Team.Stage.values)
    implementation_started_on = serializers.DateField(allow_null=True)
    populations = PopulationRef(many=True, source="populations.all")
    version = SeenOut()


class TeamNew(Shape):
    agency = Slug(help_text="The lead agency.")
    name = kept(Team, "name")
    stage = Choice(choices=Team.Stage.values, required=False, default=Team.Stage.PREPARING.value)
    implementation_started_on = Day(required=False, allow_null=True, default=None)
    partners = Several(Slug(), required=False, default=list)
    populations = Several(Key(), required=False, default=list)


class TeamChange(Shape):
    """What is left out stays as it is. Only a role of the whole state moves a team between agencies."""

    version = SeenAs()
    agency = Slug(required=False)
    name = kept(Team, "name", partial=True)
    stage = Choice(choices=Team.Stage.values, required=False)
    implementation_started_on = Day(required=False, allow_null=True)
    partners = Several(Slug(), required=False)
    populations = Several(Key(), required=False)


class OneTeam(Endpoint):
    def found(self, slug: str) -> Team:
        team: Team = find(self.asked, TEAMS, slug=slug)
        return team

    def told(self, team: Team) -> Response:
        names_only = may(self.actor, "view", Resource.TEAM, team.place).names_only
        return self.answer(TEAMS.get(pk=team.pk), today=self.tenant.today(), names_only=names_only)

    def chosen_places(self, sent: Values, kept_ids: list[int]) -> Values:
        """The agencies and populations that were named, among those the actor may choose."""
        agencies = agencies_for_teams(self.actor, self.tenant.today(), kept=kept_ids)
        found: Values = {}
        if "agency" in sent:
            found["agency"] = one(agencies, sent["agency"], field="agency")
        if "partners" in sent:
            found["partners"] = several(agencies, sent["partners"], field="partners")
        if "populations" in sent:
            rows = Population.objects.visible_to(self.actor)
            found["populations"] = several(rows, sent["populations"], field="populations", by="pk")
        return found


class TeamList(OneTeam):
    """Teams you may see, by name; opening a new one under its lead agency."""

    door = opens(Resource.TEAM, GET="view", POST="create")
    query = TeamFilter
    takes = {"POST": TeamNew}
    gives = {"GET": Answer(paged(TeamOut)), "POST": Answer(TeamOut, 201)}

    def get(self, request: Request, state: str) -> Response:
        today, chosen = self.tenant.today(), dict(self.chosen)
        slug = chosen.pop("agency")
        rows = teams_of(self.actor, today, chosen)
        if slug:
            rows = rows.filter(Q(agency__slug=slug) | Q(partners__agency__slug=slug)).distinct()
        names_only = may(self.actor, "view", Resource.TEAM).names_only
        return self.answer_page(rows, today=today, names_only=names_only)

    def post(self, request: Request, state: str) -> Response:
        sent = self.sent()
        places = self.chosen_places(sent, [])
        team = organizations.open_team(
            places.pop("agency"),
            profile=TeamProfile(**{name: sent[name] for name in TeamProfile.__dataclass_fields__}),
            **places,
            by=self.actor,
        )
        return self.told(team)


class TeamPage(OneTeam):
    """One team."""

    door = opens(Resource.TEAM, GET="view", PATCH="edit")
    takes = {"PATCH": TeamChange}
    gives = {"GET": Answer(TeamOut), "PATCH": Answer(TeamOut)}

    def get(self, request: Request, state: str, team: str) -> Response:
        return self.told(self.found(team))

    def patch(self, request: Request, state: str, team: str) -> Response:
        found, sent = self.found(team), self.sent()
        places = self.chosen_places(
            sent, [found.agency_id, *(link.agency_id for link in found.partners.all())]
        )
        places.setdefault("populations", [link.population for link in found.populations.all()])
        profile = TeamProfile(**over(found, TeamProfile.__dataclass_fields__, sent))
        changed = organizations.change_team(
            found, profile=profile, **places, seen_as=sent["version"], by=self.actor
        )
        return self.told(changed)


class TeamClose(OneTeam):
    """Ends a team on a day. Its reviews, reports and plans stay readable."""

    door = opens(Resource.TEAM, POST="lock")
    takes = {"POST": Closing}
    gives = {"POST": Answer(TeamOut)}

    def post(self, request: Request, state: str, team: str) -> Response:
        found = self.found(team)
        return self.told(organizations.close_team(found, **self.sent(), by=self.actor))


class TeamReopen(OneTeam):
    """Opens a closed team again."""

    door = opens(Resource.TEAM, POST="reopen")
    takes = {"POST": Reason}
    gives = {"POST": Answer(TeamOut)}

    def post(self, request: Request, state: str, team: str) -> Response:
        found = self.found(team)
        return self.told(organizations.reopen_team(found, **self.sent(), by=self.actor))


class TeamHistory(RecordHistory):
    """What was changed on a team, newest first."""

    door = opens(Resource.TEAM, GET="view")

    def get(self, request: Request, state: str, team: str) -> Response:
        found = find(self.asked, Team.objects.select_related("agency"), slug=team)
        return self.changes_of(found, found.place)
