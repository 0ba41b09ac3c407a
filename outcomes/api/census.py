"""The figures of a whole agency, reached from the report of any of its teams."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from ips_portal.api.fields import Whole
from ips_portal.api.shapes import Answer, Out, Shape
from ips_portal.quarters import Quarter
from outcomes.actions import census
from outcomes.api.fields import FiguresField, as_json
from outcomes.api.shapes import LONGEST
from outcomes.dashboards.census import AgencyPage, agency_page
from outcomes.finding import find_for_agency


class AgencyFiguresSent(Shape):
    """The whole row: what is left out is not answered."""

    figures = FiguresField(help_text="By measure, as in a team's report.")
    version = Whole(
        min_value=1, max_value=LONGEST, help_text="The version that was read; 1 before the first."
    )


class AgencyFiguresOut(Out):
    agency = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()
    saved_at = serializers.DateTimeField(source="row.saved_at", allow_null=True, default=None)
    version = serializers.IntegerField()

    def get_agency(self, page: AgencyPage) -> str:
        """Its slug."""
        return page.agency.slug

    def get_figures(self, page: AgencyPage) -> dict[str, Any]:
        return {row.measure.key: as_json(row.stored) for row in page.rows}


class AgencyFigures(Endpoint):
    """What the whole agency says of the quarter, entered once for all its teams."""

    door = opens(Resource.OUTCOME_DRAFT, GET="view", PUT="edit")
    takes = {"PUT": AgencyFiguresSent}
    gives = {"GET": Answer(AgencyFiguresOut), "PUT": Answer(AgencyFiguresOut)}

    def get(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report, asked = find_for_agency(self.asked, team, quarter)
        return self.answer(agency_page(report, asked, self.actor, {}))

    def put(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report, asked = find_for_agency(self.asked, team, quarter)
        sent = self.sent(measures=asked)
        census.enter(report, figures=sent["figures"], version=sent["version"], by=self.actor)
        return self.answer(agency_page(report, asked, self.actor, {}))
