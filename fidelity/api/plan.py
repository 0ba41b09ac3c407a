"""The action plan: read, filled in row by row and talked about, put in use, signed, approved, printed."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.api.shapes import kept
from agencies.permissions import Resource
from fidelity import reports
from fidelity.actions import plan_entries, planning, signing
from fidelity.actions.planning import RowValues, row_values
from fidelity.api.fields import Note, Score, Version
from fidelity.finding import find_plan, find_row
from fidelity.forms.plan import ANSWERS, OPEN_STATUSES, RETURN
from fidelity.in_force import scale_of
from fidelity.models import ActionPlan, PlanEntry, PlanRow
from fidelity.signatures import signatures
from ips_portal.api.fields import Choice, Day, Text, Unique
from ips_portal.api.shapes import Answer, Out, Shape, Values
from ips_portal.reports.actions import request_report
from ips_portal.reports.api import FileOut


class RowNew(Shape):
    item = Text(max_length=10, help_text="The code of an item that is not planned yet.")


class RowChange(Shape):
    """What is left out stays as it is. Steps, people, dates, evidence and goal ask for the sign-off again."""

    version = Version(min_value=1)
    steps = Note(required=False, help_text="One step a line.")
    first_step = kept(PlanRow, "first_step", partial=True)
    evidence = kept(PlanRow, "evidence", partial=True)
    responsible = kept(PlanRow, "responsible", partial=True)
    target_on = Day(required=False, allow_null=True)
    goal = Score(required=False)
    status = Choice(choices=OPEN_STATUSES, required=False)
    note = Note(required=False)


class EntryNew(Shape):
    """A progress note by the agency, or a comment."""

    kind = Choice(choices=[(kind, kind.label) for kind in plan_entries.SAID])
    text = Note()
    key = Unique(help_text="Your own; the same one is written once.")


class EntryOut(Out):
    kind = serializers.ChoiceField(choices=PlanEntry.Kind.values)
    text = serializers.CharField(allow_blank=True)
    by = serializers.CharField(source="written_by.name")
    written_at = serializers.DateTimeField()


class EntriesOut(Out):
    entries = EntryOut(many=True)


class RowOut(Out):
    id = serializers.IntegerField()
    item = serializers.CharField(source="item_code")
    name = serializers.SerializerMethodField()
    position = serializers.IntegerField()
    rating = serializers.IntegerField()
    goal = serializers.IntegerField()
    steps = serializers.CharField(allow_blank=True)
    first_step = serializers.CharField(allow_blank=True)
    evidence = serializers.CharField(allow_blank=True)
    responsible = serializers.CharField(allow_blank=True)
    target_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=PlanRow.Status.values)
    note = serializers.CharField(allow_blank=True)
    done_on = serializers.DateField(allow_null=True)
    planned_since = serializers.DateField(
        allow_null=True,
        help_text="Of an item that was planned before: the review it was first planned after.",
    )
    is_overdue = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    def get_name(self, row: PlanRow) -> str:
        return str(self.context["scale"].item(row.item_code).name)

    def get_is_overdue(self, row: PlanRow) -> bool:
        return row.is_overdue(self.context["today"])


class PlanRead(Shape):
    version = Version(help_text="The version of the plan that was read.")


class AnswerIn(PlanRead):
    answer = Choice(choices=ANSWERS)
    words = Note(required=False, help_text="Where it is returned: what the agency is to change.")


class PlanOut(Out):
    status = serializers.ChoiceField(choices=ActionPlan.Status.values)
    sign_off = serializers.ChoiceField(choices=ActionPlan.SignOff.values)
    signatures = serializers.SerializerMethodField()
    author = serializers.CharField(source="author.name")
    due_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    rows = RowOut(many=True)

    @extend_schema_field(EntryOut(many=True))
    def get_signatures(self, plan: ActionPlan) -> list[dict[str, Any]]:
        """Those that hold for the steps as they are."""
        entries = plan.entries.filter(row=None).select_related("written_by")
        return [dict(EntryOut(entry).data) for entry in signatures(plan, entries)]


class OnePlan(Endpoint):
    def found(self, review: UUID) -> ActionPlan:
        return find_plan(self.asked, review)

    def told(self, value: ActionPlan | PlanRow, plan: ActionPlan) -> Response:
        return self.answer(value, scale=scale_of(plan.review), today=self.tenant.today())


class PlanPage(OnePlan):
    """The action plan that follows a report, with all its rows."""

    door = opens(Resource.ACTION_PLAN, GET="view")
    gives = {"GET": Answer(PlanOut)}

    def get(self, request: Request, state: str, review: UUID) -> Response:
        plan = self.found(review)
        return self.told(plan, plan)


class RowList(OnePlan):
    """Adds an item of the scale to the plan, with drafted steps."""

    door = opens(Resource.ACTION_PLAN, POST="edit")
    takes = {"POST": RowNew}
    gives = {"POST": Answer(RowOut, 201)}

    def named(self, field: str) -> str:
        return "item" if field == "item_code" else field

    def post(self, request: Request, state: str, review: UUID) -> Response:
        plan = self.found(review)
        return self.told(planning.add_row(plan, item_code=self.sent()["item"], by=self.actor), plan)


class RowPage(OnePlan):
    """One row. PUT saves it over the version that was read; DELETE takes it out of the plan."""

    door = opens(Resource.ACTION_PLAN, PUT="edit", DELETE="edit")
    takes = {"PUT": RowChange}
    gives = {"PUT": Answer(RowOut), "DELETE": Answer(None, 204)}

    def put(self, request: Request, state: str, review: UUID, row: int) -> Response:
        plan = self.found(review)
        record, sent = find_row(plan, row), self.sent()
        changed = planning.change_row(
            record, values=over(record, sent), version=sent["version"], by=self.actor
        )
        return self.told(changed, plan)

    def delete(self, request: Request, state: str, review: UUID, row: int) -> Response:
        plan = self.found(review)
        record = find_row(plan, row)
        self.sent()
        planning.drop_row(record, by=self.actor)
        return self.answer()


class PlanUse(OnePlan):
    """The agency commits to the plan. From now on its answers are the agency's alone."""

    door = opens(Resource.ACTION_PLAN, POST="submit")
    takes = {"POST": PlanRead}
    gives = {"POST": Answer(PlanOut)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        plan = self.found(review)
        planning.put_in_use(plan, version=self.sent()["version"], by=self.actor)
        return self.told(plan, plan)


class EntryList(OnePlan):
    """What was said about one step, latest first; POST adds to it, and nothing is ever taken away."""

    door = opens(Resource.ACTION_PLAN, GET="view", POST="edit")
    takes = {"POST": EntryNew}
    gives = {"GET": Answer(EntriesOut), "POST": Answer(EntryOut, 201)}

    def get(self, request: Request, state: str, review: UUID, row: int) -> Response:
        record = find_row(self.found(review), row)
        return self.answer({"entries": record.entries.select_related("written_by")})

    def post(self, request: Request, state: str, review: UUID, row: int) -> Response:
        record, sent = find_row(self.found(review), row), self.sent()
        return self.answer(
            plan_entries.say(record, kind=sent["kind"], text=sent["text"], key=sent["key"], by=self.actor)
        )


class PlanSign(OnePlan):
    """The leader signs for the agency."""

    door = opens(Resource.ACTION_PLAN, POST="submit")
    takes = {"POST": PlanRead}
    gives = {"POST": Answer(PlanOut)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        plan = self.found(review)
        signing.check_signer(plan, self.actor)
        signing.sign(plan, version=self.sent()["version"], by=self.actor)
        return self.told(plan, plan)


class PlanAnswer(OnePlan):
    """Whoever the state's policy names approves the signed plan, or returns it with words."""

    door = opens(Resource.ACTION_PLAN, POST="approve")
    takes = {"POST": AnswerIn}
    gives = {"POST": Answer(PlanOut)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        plan = self.found(review)
        signing.check_approver(plan, self.actor)
        sent = self.sent()
        if sent["answer"] == RETURN:
            signing.send_back(plan, words=sent.get("words", ""), version=sent["version"], by=self.actor)
        else:
            signing.approve(plan, version=sent["version"], by=self.actor)
        return self.told(plan, plan)


class PlanPaper(OnePlan):
    """Asks for the plan as PDF, or finds the one that says the same."""

    door = opens(Resource.ACTION_PLAN, POST="export")
    gives = {"POST": Answer(FileOut, 202)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        plan = self.found(review)
        self.sent()
        return self.answer(request_report(reports.PLAN, plan, by=self.actor))


def over(row: PlanRow, sent: Values) -> RowValues:
    """The row's values, with what was sent over them."""
    return RowValues(**{name: sent.get(name, value) for name, value in vars(row_values(row)).items()})
