"""The steps of all plans in use."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from fidelity.dashboards.steps import SHOWN, lines, listed, narrowed
from fidelity.models import PlanRow
from ips_portal.api.shapes import Answer, Out, Pages, option, paged, search


class StepOut(Out):
    review = serializers.CharField(help_text="The review the plan follows.")
    agency = serializers.CharField(source="row.team.agency.slug")
    team = serializers.CharField(source="row.team.slug")
    row = serializers.IntegerField(source="row.pk")
    item = serializers.CharField(source="row.item_code")
    name = serializers.CharField(source="item.name")
    responsible = serializers.CharField(source="row.responsible", allow_blank=True)
    target_on = serializers.DateField(source="row.target_on", allow_null=True)
    status = serializers.ChoiceField(source="row.status", choices=PlanRow.Status.values)
    days_late = serializers.IntegerField()


class StepFilter(Pages):
    show = option(list(SHOWN))
    agency = search("The slug of a lead agency.")
    team = search("The slug of a team.")
    item = search("The code of an item.")


class StepList(Endpoint):
    """Steps of plans in use that are open or done, the earliest date first; late by the state's day."""

    door = opens(Resource.ACTION_PLAN, GET="view")
    query = StepFilter
    gives = {"GET": Answer(paged(StepOut))}

    def get(self, request: Request, state: str) -> Response:
        today = self.tenant.today()
        rows = narrowed(listed(self.actor), self.chosen, today)
        return self.answer_page(rows, lambda found: lines(found, today))
