"""Payers of a state and the agencies they have contracts with."""

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import find
from agencies.actions import organizations
from agencies.api.endpoint import Endpoint, opens
from agencies.api.shapes import Ref, Slug, kept, one
from agencies.models import Agency, Payer, PayerContract
from agencies.permissions import Resource
from ips_portal.api.fields import Day, Text
from ips_portal.api.shapes import Answer, Out, Pages, Shape, paged


class ContractOut(Out):
    id = serializers.IntegerField()
    agency = Ref()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)


class PayerOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(allow_blank=True)
    contracts = ContractOut(many=True)


class PayerNew(Shape):
    name = kept(Payer, "name")
    kind = kept(Payer, "kind")


class ContractNew(Shape):
    agency = Slug()
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True, default=None)


class ContractEnd(Shape):
    on = Day(help_text="The last day.")
    reason = Text(required=False, allow_blank=True, default="", max_length=1000)


class PayerList(Endpoint):
    """Payers with the contracts you may see; adding one."""

    door = opens(Resource.AGENCY, GET="view", POST="create")
    query = Pages
    takes = {"POST": PayerNew}
    gives = {"GET": Answer(paged(PayerOut)), "POST": Answer(PayerOut, 201)}

    def rows(self) -> Any:
        seen = (
            PayerContract.objects.visible_to(self.actor)
            .select_related("agency")
            .order_by("agency__name", "pk")
        )
        payers = Payer.objects.visible_to(self.actor).order_by("name", "pk")
        return payers.prefetch_related(Prefetch("contracts", seen))

    def get(self, request: Request, state: str) -> Response:
        return self.answer_page(self.rows())

    def post(self, request: Request, state: str) -> Response:
        payer = organizations.add_payer(self.tenant, **self.sent(), by=self.actor)
        return self.answer(self.rows().get(pk=payer.pk))


class ContractList(Endpoint):
    """A contract opens an agency and its teams to the payer's people while it lasts."""

    door = opens(Resource.AGENCY, POST="create")
    takes = {"POST": ContractNew}
    gives = {"POST": Answer(ContractOut, 201)}

    def post(self, request: Request, state: str, payer: int) -> Response:
        found, sent = find(self.asked, Payer.objects.all(), pk=payer), self.sent()
        agencies = Agency.objects.visible_to(self.actor).open_on(self.tenant.today())
        sent["agency"] = one(agencies, sent["agency"], field="agency")
        return self.answer(organizations.contract(found, **sent, by=self.actor))


class ContractClose(Endpoint):
    """Gives a contract its last day."""

    door = opens(Resource.AGENCY, POST="create")
    takes = {"POST": ContractEnd}
    gives = {"POST": Answer(ContractOut)}

    def post(self, request: Request, state: str, contract: int) -> Response:
        found = find(self.asked, PayerContract.objects.select_related("agency", "payer"), pk=contract)
        return self.answer(organizations.end_contract(found, **self.sent(), by=self.actor))
