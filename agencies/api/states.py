"""The states of whoever asks, one state's settings, and who can see what there."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies import tenancy
from agencies.access import find
from agencies.actions import states
from agencies.actions.states import StateProfile, Theme
from agencies.api.endpoint import Endpoint, opens
from agencies.api.history import RecordHistory
from agencies.api.shapes import NumberedRef, Profile, kept, over
from agencies.models import Population, State
from agencies.models.states import DEFAULT_WORDS, states_of
from agencies.permissions import Place, Resource, Role, may
from agencies.rights import rights_of
from ips_portal.api.fields import Flag, Mail, Text
from ips_portal.api.shapes import Answer, Nothing, Out, Query, Shape, option, read_query

PUBLIC = ("slug", "name", "program_name", "zone", "contact_name", "contact_email")
TOLD = (*PUBLIC, "terms", "brand", "brand_ink", "brand_accent", "requires_second_factor")


class Seat(Out):
    membership = serializers.IntegerField(source="membership_id", help_text="The number for ?as=")
    role = serializers.ChoiceField(choices=[(role.value, role.label) for role in Role])
    where = serializers.CharField(allow_blank=True)


class StateRef(Out):
    slug = serializers.CharField()
    name = serializers.CharField()
    seats = Seat(many=True)


class Mine(Out):
    results = StateRef(many=True)


class StateList(APIView):
    """The states you belong to, and your roles there. With a token: its one state and role."""

    http_method_names = ["get", "head"]
    query, takes, gives = Query, {"GET": Nothing}, {"GET": Answer(Mine)}

    def get(self, request: Request) -> Response:
        read_query(Query, request._request.GET)
        bearer = request._request.bearer  # type: ignore[attr-defined]  # the gate has set it
        found = []
        person_id = int(str(request.user.pk))
        for state in states_of(person_id):
            seats = tenancy.actors_of(person_id, state.pk)
            if bearer:
                seats = bearer.under(seats) if bearer.state_id == state.pk else []
            if seats:
                found.append({"slug": state.slug, "name": state.name, "seats": seats})
        return Response(Mine({"results": found}).data)


class StateOut(Profile):
    public = frozenset(PUBLIC)

    slug = serializers.CharField()
    name = serializers.CharField()
    program_name = serializers.CharField()
    zone = serializers.CharField(help_text="Deadlines end at midnight here.")
    contact_name = serializers.CharField(allow_blank=True)
    contact_email = serializers.CharField(allow_blank=True)
    words = serializers.DictField(child=serializers.CharField(), source="terms")
    brand = serializers.CharField()
    brand_ink = serializers.CharField()
    brand_accent = serializers.CharField()
    requires_second_factor = serializers.BooleanField()
    populations = NumberedRef(many=True)


class StateChange(Shape):
    """What is left out stays as it is."""

    name = kept(State, "name", partial=True)
    program_name = kept(State, "program_name", partial=True)
    zone = kept(State, "zone", partial=True)
    contact_name = kept(State, "contact_name", partial=True)
    contact_email = kept(State, "contact_email", Mail, partial=True)


class Words(Shape):
    """The state's own words. What is left out or empty is the portal's own word."""

    def get_fields(self) -> dict[str, Any]:
        return {
            name: Text(
                required=False, allow_blank=True, default="", max_length=40, help_text=f"Instead of {word}."
            )
            for name, word in DEFAULT_WORDS.items()
        }


class Colors(Shape):
    brand = kept(State, "brand")
    brand_ink = kept(State, "brand_ink")
    brand_accent = kept(State, "brand_accent")


class SignIn(Shape):
    everybody = Flag(help_text="Everybody signs in with a second step.")


class PopulationNew(Shape):
    name = kept(Population, "name")


class OneState(Endpoint):
    def told(self) -> Response:
        names_only = may(self.actor, "view", Resource.STATE, Place(self.tenant.pk)).names_only
        rows = [] if names_only else Population.objects.visible_to(self.actor)
        told = {name: getattr(self.tenant, name) for name in TOLD}
        return self.answer({**told, "populations": rows}, names_only=names_only)


class StatePage(OneState):
    """The state: its program office, words, colors, populations."""

    door = opens(Resource.STATE, GET="view", PATCH="edit")
    takes = {"PATCH": StateChange}
    gives = {"GET": Answer(StateOut), "PATCH": Answer(StateOut)}

    def get(self, request: Request, state: str) -> Response:
        return self.told()

    def patch(self, request: Request, state: str) -> Response:
        profile = StateProfile(**over(self.tenant, StateProfile.__dataclass_fields__, self.sent()))
        states.change_profile(self.tenant, profile=profile, by=self.actor)
        return self.told()


class StateWords(OneState):
    """Replaces all words of the state."""

    door = opens(Resource.STATE, PUT="edit")
    takes = {"PUT": Words}
    gives = {"PUT": Answer(StateOut)}

    def put(self, request: Request, state: str) -> Response:
        states.require_settings(self.tenant, self.actor)
        states.change_words(self.tenant, words=self.sent(), by=self.actor)
        return self.told()


class StateColors(OneState):
    """Replaces the colors. Those that cannot be read are refused with the contrast that was computed."""

    door = opens(Resource.STATE, PUT="edit")
    takes = {"PUT": Colors}
    gives = {"PUT": Answer(StateOut)}

    def put(self, request: Request, state: str) -> Response:
        states.require_settings(self.tenant, self.actor)
        states.change_theme(self.tenant, theme=Theme(**self.sent()), by=self.actor)
        return self.told()


class StateSignIn(OneState):
    """Whether everybody needs a second step at sign-in."""

    door = opens(Resource.STATE, PUT="edit")
    takes = {"PUT": SignIn}
    gives = {"PUT": Answer(StateOut)}

    def put(self, request: Request, state: str) -> Response:
        states.require_settings(self.tenant, self.actor)
        states.require_second_factor(self.tenant, required=self.sent()["everybody"], by=self.actor)
        return self.told()


class PopulationList(Endpoint):
    """Adds a population that teams may be marked as serving."""

    door = opens(Resource.STATE, POST="edit")
    takes = {"POST": PopulationNew}
    gives = {"POST": Answer(NumberedRef, 201)}

    def post(self, request: Request, state: str) -> Response:
        states.require_settings(self.tenant, self.actor)
        return self.answer(states.add_population(self.tenant, name=self.sent()["name"], by=self.actor))


class PopulationPage(Endpoint):
    """Takes a population off the list, as long as no team serves it."""

    door = opens(Resource.STATE, DELETE="edit")
    gives = {"DELETE": Answer(None, 204)}

    def delete(self, request: Request, state: str, population: int) -> Response:
        states.require_settings(self.tenant, self.actor)
        found = find(self.asked, Population.objects.select_related("state"), pk=population)
        self.sent()
        states.remove_population(found, by=self.actor)
        return self.answer()


class StateHistory(RecordHistory):
    """What was changed on the state's settings, newest first."""

    door = opens(Resource.STATE, GET="view")

    def get(self, request: Request, state: str) -> Response:
        return self.changes_of(self.tenant, Place(self.tenant.pk))


class RightsFilter(Query):
    role = option([role.value for role in Role], "The code of a role; your own when left out.")


class Line(Out):
    reach = serializers.CharField()
    deeds = serializers.CharField()


class Right(Out):
    resource = serializers.CharField()
    lines = Line(many=True)


class Rights(Out):
    role = serializers.CharField()
    results = Right(many=True)


class WhoCanSeeWhat(Endpoint):
    """The permission table in words, for one role."""

    door = opens(Resource.STATE, GET="view")
    query = RightsFilter
    gives = {"GET": Answer(Rights)}

    def get(self, request: Request, state: str) -> Response:
        role = Role(self.chosen["role"] or self.actor.role)
        rows = [
            {
                "resource": right.resource,
                "lines": [{"reach": far, "deeds": deeds} for far, deeds in right.lines],
            }
            for right in rights_of(role)
        ]
        return self.answer({"role": role.value, "results": rows})
