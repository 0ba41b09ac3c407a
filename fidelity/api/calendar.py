"""What the coming months bring for the teams of a state."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from fidelity.dashboards.calendar import KINDS, entries, narrowed
from ips_portal.api.shapes import Answer, Out, Query, option, search


class CalendarFilter(Query):
    kind = option(list(KINDS))
    agency = search("The slug of a lead agency.")


class DayOut(Out):
    on = serializers.DateField()
    kind = serializers.ChoiceField(choices=list(KINDS))
    team = serializers.CharField(source="team.slug")
    text = serializers.CharField()
    is_past = serializers.BooleanField(help_text="Past its day by the state's date.")


class CalendarOut(Out):
    days = DayOut(many=True)


class Calendar(Endpoint):
    """Visits, reviews that fall due, times that end, drafts and plans with a date: a year ahead, and what is past."""

    door = opens(Resource.STANDING, GET="view")
    query = CalendarFilter
    gives = {"GET": Answer(CalendarOut)}

    def get(self, request: Request, state: str) -> Response:
        return self.answer({"days": narrowed(entries(self.actor, self.tenant), **self.chosen)})
