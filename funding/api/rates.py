"""What payers pay, for programs: the same doors as the pages. The what-if on money has none, for it stores nothing."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.api.shapes import kept
from agencies.permissions import Resource
from fidelity.api.fields import Version
from funding.actions import money
from funding.actions.money import Rates
from funding.api.keeping import OPTIONAL, with_body
from funding.dashboards.rates import chosen
from funding.finding import enter_register, find_schedule
from funding.models import PaymentSchedule, PlanColumn, SchedulePayment
from funding.models.keeping import KEPT_BY
from funding.models.money import TRIGGER_CHOICES
from funding.money import Payment, Trigger
from funding.money.faults import MOST_DAYS, MOST_PAYMENTS
from funding.rates import Version as Dated
from funding.rates import payments_of, stored, versions_of, with_payments
from ips_portal.api.fields import Choice, Day, Dollars, Flag, Key, Several, Text, Whole
from ips_portal.api.shapes import Answer, Out, Pages, Shape, Values, option, paged, search

PLAN = Resource.FUNDING_PLAN


class RatesQuery(Pages):
    q = search("Words of its name or of its payer's.")
    payer = option(PlanColumn.Group.values)
    show = option(["all"], "All versions; in force or to come when left out.")


class PaymentIn(Shape):
    name = kept(SchedulePayment, "name")
    trigger = Choice(choices=TRIGGER_CHOICES, help_text="What it is paid for.")
    amount = Dollars()
    days = Whole(
        min_value=1, max_value=MOST_DAYS, **OPTIONAL, help_text="Days worked, where it is paid for those."
    )
    repeatable = Flag(required=False, default=False, help_text="Paid again for the same person.")
    requires = Text(**OPTIONAL, max_length=120, help_text="Name of the payment that must come before.")
    pays_only_if = kept(SchedulePayment, "pays_only_if")


class ScheduleVersionIn(Shape):
    starts_on = Day(help_text="The first day these amounts hold.")
    ends_on = Day(**OPTIONAL, help_text="The last day, where one is known before the next version.")
    written_in = kept(PaymentSchedule, "source", source="source", help_text="A fee schedule, a contract.")
    payments = Several(PaymentIn(), allow_empty=False, max_length=MOST_PAYMENTS)


class ScheduleIn(ScheduleVersionIn):
    payer = Choice(choices=PlanColumn.Group.choices)
    name = kept(PaymentSchedule, "name")
    keeper = Choice(choices=KEPT_BY, required=False, allow_blank=True, default="")
    department = kept(PaymentSchedule, "department")
    body = Key(**OPTIONAL, help_text="The payer that keeps it.")


class ScheduleChange(ScheduleVersionIn):
    """Payer, name and keeper are those of all versions. What is left out of them stays as it is."""

    payer = Choice(choices=PlanColumn.Group.choices, required=False)
    name = kept(PaymentSchedule, "name", partial=True)
    keeper = Choice(choices=KEPT_BY, required=False, allow_blank=True)
    department = kept(PaymentSchedule, "department", partial=True)
    body = Key(required=False, allow_null=True)
    version = Version(min_value=1, help_text="The version that was read.")


class PaymentOut(Out):
    name = serializers.CharField()
    trigger = serializers.ChoiceField(choices=TRIGGER_CHOICES)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2)
    days = serializers.IntegerField(allow_null=True)
    repeatable = serializers.BooleanField()
    requires = serializers.CharField(allow_null=True)
    pays_only_if = serializers.CharField(allow_blank=True)


class ScheduleOut(Out):
    id = serializers.UUIDField(source="row.public_id")
    payer = serializers.ChoiceField(choices=PlanColumn.Group.choices, source="row.payer")
    name = serializers.CharField(source="row.name")
    starts_on = serializers.DateField(source="row.starts_on")
    ends_on = serializers.DateField(source="row.ends_on", allow_null=True)
    until = serializers.DateField(allow_null=True, help_text="Its own last day, or the one before the next.")
    written_in = serializers.CharField(source="row.source", allow_blank=True)
    keeper = serializers.CharField(source="row.keeper", allow_blank=True)
    department = serializers.CharField(source="row.department", allow_blank=True)
    body = serializers.IntegerField(source="row.body_id", allow_null=True)
    kept_by = serializers.CharField(source="row.kept_by", allow_blank=True)
    version = serializers.IntegerField(source="row.version")
    payments = serializers.SerializerMethodField()

    @extend_schema_field(PaymentOut(many=True))
    def get_payments(self, dated: Dated) -> Any:
        return PaymentOut(payments_of(dated.row), many=True).data


class Rated(Endpoint):
    def named(self, field: str) -> str:
        return "written_in" if field == "source" else field


class PaymentSchedules(Rated):
    """Schedules with their payments, by payer, name and version. The state's admins and trainers begin one."""

    door = opens(PLAN, GET="view", POST="create")
    query = RatesQuery
    takes = {"POST": ScheduleIn}
    gives = {"GET": Answer(paged(ScheduleOut)), "POST": Answer(ScheduleOut, 201)}

    def get(self, request: Request, state: str) -> Response:
        enter_register(self.asked)
        found = chosen(stored(self.actor), self.chosen, self.tenant.today())
        return self.answer_page(found, with_payments)

    def post(self, request: Request, state: str) -> Response:
        enter_register(self.asked)
        return self.answer(dated(money.begin(self.tenant, rates_of(self.sent()), by=self.actor)))


class OnePaymentSchedule(Rated):
    """One version; changed as a whole, over the version that was read, by whoever keeps it."""

    door = opens(PLAN, GET="view", PUT="edit")
    takes = {"PUT": ScheduleChange}
    gives = {"GET": Answer(ScheduleOut), "PUT": Answer(ScheduleOut)}

    def get(self, request: Request, state: str, schedule: UUID) -> Response:
        return self.answer(dated(find_schedule(self.asked, schedule)))

    def put(self, request: Request, state: str, schedule: UUID) -> Response:
        found, sent = find_schedule(self.asked, schedule), self.sent()
        version = sent.pop("version")
        body = {"body": found.body_id} if "body" not in sent else {}
        rates = rates_of(money.kept(found) | body | sent)
        return self.answer(dated(money.change(found, rates, version=version, by=self.actor)))


class NextPaymentSchedule(Rated):
    """The next version of a schedule, from its own first day. The one before stays readable."""

    door = opens(PLAN, POST="edit")
    takes = {"POST": ScheduleVersionIn}
    gives = {"POST": Answer(ScheduleOut, 201)}

    def post(self, request: Request, state: str, schedule: UUID) -> Response:
        found = find_schedule(self.asked, schedule)
        rates = rates_of(money.kept(found) | {"body": found.body_id} | self.sent())
        return self.answer(dated(money.follow(found, rates, by=self.actor)))


def rates_of(sent: Values) -> Rates:
    payments = tuple(
        Payment(**each | {"trigger": Trigger(each["trigger"]), "requires": each["requires"] or None})
        for each in sent["payments"]
    )
    return Rates(**with_body(sent) | {"payments": payments})


def dated(row: PaymentSchedule) -> Dated:
    return next(each for each in versions_of(row) if each.row.pk == row.pk)
