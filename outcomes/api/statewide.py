"""A quarter of the whole state: its papers, the words that go with them, and how many people are eligible for IPS."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.api.shapes import NumberedRef
from agencies.models import StatePolicy
from agencies.permissions import Resource
from fidelity.api.fields import Note
from ips_portal.api.fields import Day, Flag, Whole
from ips_portal.api.shapes import Answer, Out, Pages, Shape, paged
from ips_portal.quarters import Quarter
from ips_portal.reports.api import FileOut
from outcomes.actions import need, papers
from outcomes.actions.briefs import write_brief
from outcomes.api.shapes import LONGEST
from outcomes.dashboards.brief import brief
from outcomes.finding import find_period
from outcomes.models import BRIEF_LIMIT, StateQuarter
from outcomes.need import MOST_PEOPLE, Estimate
from outcomes.reports import BRIEF, STATE_QUARTER


# --- sent -----------------------------------------------------------------------------------------------------
class BriefSent(Shape):
    text = Note(help_text=f"At most {BRIEF_LIMIT:,} characters; never anything about a person served.")
    is_checked = Flag(
        default=False, help_text="You have read again what looks like a person served, and stand by it."
    )
    version = Whole(min_value=1, max_value=LONGEST, help_text="The version of the words that was read.")


class EstimateSent(Shape):
    eligible = Whole(max_value=MOST_PEOPLE, help_text="People eligible for IPS in the state.")
    residents = Whole(max_value=MOST_PEOPLE, required=False, allow_null=True, default=None)
    as_of = Day(help_text="Quarters that end on this day or later are compared with it.")
    source = Note(allow_blank=False, help_text="Where the numbers are from.")  # type: ignore[assignment]  # a field of that name


# --- answered -------------------------------------------------------------------------------------------------
class BriefNumberOut(Out):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    value = serializers.CharField()
    basis = serializers.CharField()
    compared = serializers.CharField()


class ComputedOut(Out):
    """What the figures say by themselves."""

    status = serializers.CharField()
    numbers = BriefNumberOut(many=True)
    strength = serializers.CharField()
    attention = serializers.CharField()
    completeness = serializers.CharField()


class BriefOut(Out):
    """`text` are the state's own words beside what is computed."""

    quarter = serializers.CharField(source="quarter.slug")
    text = serializers.CharField(source="brief", allow_blank=True)
    written_by = NumberedRef(source="brief_by", allow_null=True)
    written_at = serializers.DateTimeField(source="brief_at", allow_null=True)
    version = serializers.IntegerField()
    computed = serializers.SerializerMethodField()

    @extend_schema_field(ComputedOut)
    def get_computed(self, period: StateQuarter) -> Any:
        return ComputedOut(brief(period)).data


class EstimateOut(Out):
    eligible = serializers.IntegerField()
    residents = serializers.IntegerField(allow_null=True)
    as_of = serializers.DateField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name


# --- doors ----------------------------------------------------------------------------------------------------
class StatePaper(Endpoint):
    """Asks for the statewide summary as PDF, or finds the one that says the same."""

    door = opens(Resource.OUTCOME_ACCEPTED, POST="export")
    gives = {"POST": Answer(FileOut, 202)}
    kind = STATE_QUARTER

    def post(self, request: Request, state: str, quarter: Quarter) -> Response:
        period = find_period(self.asked, quarter)
        self.sent()
        return self.answer(papers.ask(self.kind, period, by=self.actor))


class BriefPaper(StatePaper):
    """Asks for the one-page brief as PDF, or finds the one that says the same."""

    kind = BRIEF


class QuarterBrief(Endpoint):
    """The one-page brief for those above the state's leads: what is computed, and the state's own words."""

    door = opens(Resource.OUTCOME_ACCEPTED, GET="view", PUT="export")
    takes = {"PUT": BriefSent}
    gives = {"GET": Answer(BriefOut), "PUT": Answer(BriefOut)}

    def get(self, request: Request, state: str, quarter: Quarter) -> Response:
        return self.answer(find_period(self.asked, quarter))

    def put(self, request: Request, state: str, quarter: Quarter) -> Response:
        period = find_period(self.asked, quarter)
        write_brief(period, **self.sent(), by=self.actor)
        return self.answer(find_period(self.asked, quarter))


class EligiblePeople(Endpoint):
    """How many people are eligible for IPS, newest first. The same day sent again corrects its number."""

    door = opens(Resource.POLICY, GET="view", POST="edit")
    query = Pages
    takes = {"POST": EstimateSent}
    gives = {"GET": Answer(paged(EstimateOut)), "POST": Answer(EstimateOut, 201)}

    def get(self, request: Request, state: str) -> Response:
        rows = StatePolicy.objects.visible_to(self.actor).filter(subject=need.SUBJECT)
        return self.answer_page(rows.order_by("-effective_from"), lambda found: map(stated, found))

    def post(self, request: Request, state: str) -> Response:
        row = need.record(self.tenant, estimate=Estimate(**self.sent()), by=self.actor)
        return self.answer(stated(row))


def stated(row: StatePolicy) -> Estimate:
    return Estimate.stated(row.data, row.effective_from, row.source)
