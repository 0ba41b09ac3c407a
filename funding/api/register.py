"""The register of funding sources for programs: the same doors as the pages."""

from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.api.shapes import kept
from agencies.permissions import Resource
from fidelity.api.fields import Version
from funding.actions import register
from funding.actions.register import Entry
from funding.api.keeping import OPTIONAL, with_body
from funding.dashboards.register import WHEN, listed, narrowed, plans_naming, standing
from funding.finding import enter_register, find_source
from funding.models import FundingSource, PlanColumn
from funding.models.keeping import KEPT_BY
from ips_portal.api.fields import Choice, Day, Dollars, Key, Mail, Web
from ips_portal.api.shapes import Answer, Out, Pages, Shape, Values, option, paged, search

PLAN = Resource.FUNDING_PLAN


class FundingSourceQuery(Pages):
    q = search("Part of its name, of who gives it, or of its award number.")
    kind = option(FundingSource.Kind.values)
    payer = option(PlanColumn.Group.values)
    when = option(
        [each for each in WHEN if each],
        "Those that end within a year, have ended, were taken off, or all; running or to come when left out.",
    )


class FundingSourceValues(Shape):
    name = kept(FundingSource, "name")
    kind = Choice(choices=FundingSource.Kind.choices)
    payer = Choice(choices=PlanColumn.Group.choices)
    given_by = kept(FundingSource, "given_by")
    starts_on = Day(**OPTIONAL)
    ends_on = Day(**OPTIONAL, help_text="Null where no end is known.")
    amount = Dollars(**OPTIONAL, help_text="From the first day to the last; null where it is not known.")
    purpose = kept(FundingSource, "purpose")
    contact_name = kept(FundingSource, "contact_name")
    contact_email = kept(FundingSource, "contact_email", Mail)
    contact_phone = kept(FundingSource, "contact_phone")
    citation = kept(FundingSource, "citation")
    evidence_url = kept(FundingSource, "evidence_url", Web)
    keeper = Choice(
        choices=KEPT_BY,
        required=False,
        allow_blank=True,
        default="",
        help_text="Blank for the state's own IPS team.",
    )
    department = kept(FundingSource, "department")
    body = Key(**OPTIONAL, help_text="The payer that keeps it.")


class FundingSourceChange(FundingSourceValues):
    version = Version(min_value=1, help_text="The version that was read.")


class FundingSourceOut(Out):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=FundingSource.Kind.choices)
    payer = serializers.ChoiceField(choices=PlanColumn.Group.choices)
    given_by = serializers.CharField(allow_blank=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    standing = serializers.SerializerMethodField()
    purpose = serializers.CharField(allow_blank=True)
    contact_name = serializers.CharField(allow_blank=True)
    contact_email = serializers.CharField(allow_blank=True)
    contact_phone = serializers.CharField(allow_blank=True)
    citation = serializers.CharField(allow_blank=True)
    evidence_url = serializers.CharField(allow_blank=True)
    keeper = serializers.CharField(allow_blank=True)
    department = serializers.CharField(allow_blank=True)
    body = serializers.IntegerField(source="body_id", allow_null=True)
    kept_by = serializers.CharField(allow_blank=True, help_text="Blank for the state's own IPS team.")
    removed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    def get_standing(self, row: FundingSource) -> str:
        return standing(row, self.context["today"])[1]


class FundingSourceRead(FundingSourceOut):
    plans = serializers.SerializerMethodField(help_text="Open funding plans that name it.")

    def get_plans(self, row: FundingSource) -> list[UUID]:
        return [plan.public_id for plan in plans_naming(row, self.context["actor"])]


class FundingSources(Endpoint):
    """The register of the state. Its admins and trainers add to it."""

    door = opens(PLAN, GET="view", POST="create")
    query = FundingSourceQuery
    takes = {"POST": FundingSourceValues}
    gives = {"GET": Answer(paged(FundingSourceOut)), "POST": Answer(FundingSourceRead, 201)}

    def get(self, request: Request, state: str) -> Response:
        enter_register(self.asked)
        chosen = {name: self.chosen[name] for name in ("q", "kind", "payer", "when")}
        today = self.tenant.today()
        return self.answer_page(narrowed(listed(self.actor), today, **chosen), today=today)

    def post(self, request: Request, state: str) -> Response:
        enter_register(self.asked)
        made = register.add(self.tenant, entry(self.sent()), by=self.actor)
        return self.answer(made, actor=self.actor, today=self.tenant.today())


class OneFundingSource(Endpoint):
    """Changed as a whole, over the version that was read, by whoever keeps it."""

    door = opens(PLAN, GET="view", PUT="edit")
    takes = {"PUT": FundingSourceChange}
    gives = {"GET": Answer(FundingSourceRead), "PUT": Answer(FundingSourceRead)}

    def get(self, request: Request, state: str, source: UUID) -> Response:
        return self.told(find_source(self.asked, source))

    def put(self, request: Request, state: str, source: UUID) -> Response:
        found, sent = find_source(self.asked, source), self.sent()
        version = sent.pop("version")
        return self.told(register.change(found, entry(sent), version=version, by=self.actor))

    def told(self, source: FundingSource) -> Response:
        return self.answer(source, actor=self.actor, today=self.tenant.today())


class FundingSourceOff(Endpoint):
    """Taken off the register. It is kept, and plans that name it go on naming it."""

    door = opens(PLAN, POST="edit")
    gives = {"POST": Answer(None, 204)}

    def post(self, request: Request, state: str, source: UUID) -> Response:
        found = find_source(self.asked, source)
        self.sent()
        register.take_off(found, by=self.actor)
        return self.answer()


class FundingSourceBack(Endpoint):
    """Back on the register, as it was."""

    door = opens(PLAN, POST="edit")
    gives = {"POST": Answer(None, 204)}

    def post(self, request: Request, state: str, source: UUID) -> Response:
        found = find_source(self.asked, source)
        self.sent()
        register.bring_back(found, by=self.actor)
        return self.answer()


def entry(sent: Values) -> Entry:
    return Entry(**with_body(sent))
