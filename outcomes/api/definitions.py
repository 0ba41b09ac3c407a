"""What is collected and checked in a state, and its teams compared."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from ips_portal.api.shapes import Answer, Out, Query
from ips_portal.quarters import Quarter
from outcomes.api.fields import QuarterText, measures_as_json
from outcomes.checks import catalogue
from outcomes.dashboards.census import agencies
from outcomes.dashboards.comparison import Comparison, comparison
from outcomes.dashboards.shared import newest_told
from outcomes.dashboards.sharing import told_in_full
from outcomes.in_force import policy_of, policy_on
from outcomes.measures import edition
from outcomes.models import Publication, PublishedFigure


class CheckOut(Out):
    id = serializers.CharField()
    level = serializers.CharField()
    title = serializers.CharField()
    looks_at = serializers.ListField(child=serializers.CharField())
    when = serializers.CharField()
    why = serializers.CharField()
    fix = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    example = serializers.CharField(source="example_text")


class Rules(Out):
    rules = CheckOut(many=True)


class Measures(Out):
    edition = serializers.CharField()
    name = serializers.CharField()
    due_days = serializers.IntegerField()
    due_days_q4 = serializers.IntegerField()
    lock_days = serializers.IntegerField()
    competitive_job = serializers.ListField(child=serializers.CharField())
    measures = serializers.ListField(child=serializers.DictField())


class RuleList(Endpoint):
    """Every check with its words, as it runs on forms, files and here."""

    door = opens(Resource.POLICY, GET="view")
    gives = {"GET": Answer(Rules)}

    def get(self, request: Request, state: str) -> Response:
        return self.answer({"rules": catalogue()})


class MeasureList(Endpoint):
    """What a team reports each quarter, and what counts as a competitive job."""

    door = opens(Resource.POLICY, GET="view")
    gives = {"GET": Answer(Measures)}

    def get(self, request: Request, state: str) -> Response:
        policy = policy_on(self.tenant.pk, self.tenant.today())
        kept = edition(policy.measures)
        return self.answer(
            {
                "edition": kept.key,
                "name": kept.name,
                "due_days": policy.due_days,
                "due_days_q4": policy.due_days_q4,
                "lock_days": policy.lock_days,
                "competitive_job": policy.job.words,
                "measures": measures_as_json(kept, {each.key for each in kept.chosen(policy.optional)}),
            }
        )


class WhichQuarter(Query):
    quarter = QuarterText(required=False, default=None)


class ComparisonOut(Out):
    quarter = serializers.CharField(source="quarter.slug")
    expected = serializers.IntegerField(source="completeness.expected")
    reported = serializers.IntegerField(source="completeness.reported")
    accepted = serializers.IntegerField(source="completeness.accepted")
    numbers = serializers.SerializerMethodField()
    teams = serializers.SerializerMethodField()
    trend = serializers.SerializerMethodField()
    agencies = serializers.SerializerMethodField()

    def get_agencies(self, page: Comparison) -> list[dict[str, str]]:
        """How many of its people each agency reaches, where the state asks for it."""
        found = self.context["agencies"]
        lines = (*found.lines, *([found.together] if found.together else [])) if found else ()
        return [{"agency": line.name, **dict(line.cells)} for line in lines]

    def get_numbers(self, page: Comparison) -> list[dict[str, str]]:
        return [vars(number) for number in page.numbers] if page.leads_state else []

    def get_teams(self, page: Comparison) -> list[dict[str, Any]]:
        return [
            {
                "team": line.team.slug,
                "employment": {quarter.slug: value for quarter, value in line.by_quarter},
                "change": line.change,
                "job_starts_per_fte": line.job_starts,
                "end_caseload_per_fte": line.caseload,
                "status": line.standing.word if line.standing else "",
                "flags": [vars(flag) for flag in line.flags],
            }
            for line in page.teams
        ]

    def get_trend(self, page: Comparison) -> list[dict[str, Any]]:
        return [
            {
                "quarter": line.quarter.slug,
                "pooled": line.pooled,
                "median": line.middle,
                "middle_half": line.spread,
                "teams": line.teams,
                "is_final": line.is_final,
            }
            for line in (page.trend if page.leads_state else ())
        ]


class StateComparison(Endpoint):
    """The teams one may see, beside each other; for the state's leads the state as a whole, too."""

    door = opens(Resource.OUTCOME_SUBMITTED, GET="view")
    query = WhichQuarter
    gives = {"GET": Answer(ComparisonOut)}

    def get(self, request: Request, state: str) -> Response:
        ended = Quarter.last_ended(self.tenant.today())
        quarter = min(self.chosen["quarter"] or ended, ended)
        page = comparison(self.tenant, self.actor, quarter)
        return self.answer(page, agencies=agencies(policy_of(self.tenant.pk, quarter), self.actor, page))


class PublishedOut(Out):
    agency = serializers.CharField(source="agency_name", allow_blank=True)
    team = serializers.CharField(source="team_name", allow_blank=True)
    measure = serializers.CharField()
    quarters = serializers.IntegerField(source="length", help_text="One, or four that end with this one.")
    value = serializers.IntegerField(allow_null=True, help_text="Null: not shown.")
    percent = serializers.IntegerField(allow_null=True, help_text="Of the people served.")


class PublicationOut(Out):
    quarter = serializers.CharField(source="quarter.slug")
    published_at = serializers.DateTimeField(source="made_at")
    teams = serializers.IntegerField()
    expected = serializers.IntegerField()
    threshold = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()

    def get_threshold(self, publication: Publication) -> int:
        return int(publication.rules["threshold"])

    @extend_schema_field(PublishedOut(many=True))
    def get_figures(self, publication: Publication) -> Any:
        rows = PublishedFigure.objects.visible_to(self.context["actor"]).filter(publication=publication)
        return PublishedOut(rows, many=True).data


class InFullOut(Out):
    agency = serializers.CharField(source="agency_name")
    team = serializers.CharField(source="team_name")
    measure = serializers.CharField()
    value = serializers.IntegerField(help_text="Exact, of the one quarter.")


class SharedOut(Out):
    """`published` holds one publication, or none where the quarter is not published yet.

    `in_full` are the exact numbers of programs that tell each other everything under a signed agreement; empty for
    whoever does not.
    """

    published = PublicationOut(many=True)
    in_full = InFullOut(many=True)


class SharedOutcomes(Endpoint):
    """A quarter of all programs as it is published. An agency of several teams has figures of its own."""

    door = opens(Resource.SHARED_OUTCOMES, GET="view")
    query = WhichQuarter
    gives = {"GET": Answer(SharedOut)}

    def get(self, request: Request, state: str) -> Response:
        publication = newest_told(self.actor, self.chosen["quarter"])
        exact = told_in_full(self.tenant, self.actor, publication).order_by("agency_name", "team_name", "pk")
        told = {"published": [publication] if publication else [], "in_full": exact}
        return self.answer(told, actor=self.actor)
