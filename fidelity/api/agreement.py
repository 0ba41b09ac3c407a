"""How well reviewers agree: items for those who see the whole state, and one's own lean for oneself alone."""

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from fidelity.dashboards.agreement import YEARS, agreement_page, own_page, sees_whole_state
from ips_portal.api.shapes import Answer, Out, Query, option

LONGEST = str(YEARS[-1])


class YearsFilter(Query):
    years = option(tuple(map(str, YEARS)), f"How far back from today; {LONGEST} unless told.", LONGEST)


class PairsOut(Out):
    pairs = serializers.IntegerField(help_text="Two ratings of the same item, given apart.")
    exact = serializers.IntegerField()
    within_one = serializers.IntegerField()
    largest = serializers.IntegerField(help_text="The widest gap, in points.")


class ItemAgreementOut(Out):
    code = serializers.CharField(source="item.code")
    name = serializers.CharField(source="item.name")
    agreement = PairsOut()
    kappa = serializers.DecimalField(
        max_digits=4, decimal_places=2, allow_null=True, help_text="Weighted; from 30 pairs on."
    )
    wants_training = serializers.BooleanField(source="agreement.wants_training")


class AgreementOut(Out):
    years = serializers.IntegerField()
    whole = PairsOut()
    kappa = serializers.DecimalField(max_digits=4, decimal_places=2, allow_null=True)
    counted_at = serializers.DateTimeField(
        allow_null=True, help_text="When the coefficients were worked out."
    )
    items = ItemAgreementOut(source="lines", many=True, help_text="Least agreed on first.")


class OwnItemOut(Out):
    code = serializers.CharField(source="item.code")
    name = serializers.CharField(source="item.name")
    above = serializers.IntegerField()
    below = serializers.IntegerField()
    alike = serializers.IntegerField()


class OwnAgreementOut(Out):
    years = serializers.IntegerField()
    whole = PairsOut()
    above = serializers.IntegerField(help_text="Times the own rating was the higher one.")
    below = serializers.IntegerField()
    items = OwnItemOut(source="lines", many=True)


class AgreementList(Endpoint):
    """Items alone, and no reviewer: what to train together."""

    door = opens(Resource.FINAL_REPORT, GET="view")
    query = YearsFilter
    gives = {"GET": Answer(AgreementOut)}

    def get(self, request: Request, state: str) -> Response:
        if not sees_whole_state(self.actor):
            raise Http404
        return self.answer(agreement_page(self.tenant, int(self.chosen["years"])))


class AgreementOwn(Endpoint):
    """The own ratings beside those of others; nobody else is told."""

    door = opens(Resource.RATINGS, GET="view")
    query = YearsFilter
    gives = {"GET": Answer(OwnAgreementOut)}

    def get(self, request: Request, state: str) -> Response:
        return self.answer(own_page(self.tenant, self.actor, int(self.chosen["years"])))
