"""Funding plans for programs: what each cell says, filling one in, gaps, questions, versions and signatures."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from fidelity.api.fields import Version
from funding.actions import cells, notes, versions
from funding.actions.notes import MOST
from funding.coverage import Gap, gaps
from funding.dashboards.gaps import TITLES
from funding.dashboards.plan import Sheet, read
from funding.dashboards.versions import agreement, listed, parties_of
from funding.finding import cell_of, find_cell, find_note, find_plan, find_version
from funding.grid import KINDS, Cell
from funding.in_force import stated_on
from funding.models import CellNote, FundingPlan
from funding.models.plans import WORDS
from funding.stored import to_data
from funding.wording import AUTHORIZATIONS, ENTRIES, METHODS, PRESENCES, STATUSES
from ips_portal.api.fields import Choice, Day, Flag, Key, Text, Unique, Web, Whole
from ips_portal.api.shapes import Answer, Out, Pages, Shape, Values, paged

PLAN = Resource.FUNDING_PLAN
SAID: dict[str, Any] = {"required": False, "allow_blank": True, "default": ""}


class FundingPlanOut(Out):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField(source="__str__")
    agency = serializers.CharField(source="agency.slug", default=None, allow_null=True)
    region = serializers.CharField(allow_blank=True)
    begun_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class FundingServiceOut(Out):
    id = serializers.IntegerField(source="pk")
    phase = serializers.CharField()
    name = serializers.CharField()
    without_person = serializers.BooleanField()
    starts_up = serializers.BooleanField()


class FundingColumnOut(Out):
    id = serializers.IntegerField(source="pk")
    payer = serializers.CharField()
    name = serializers.CharField()
    kept_by = serializers.CharField(allow_blank=True, help_text="Blank for the state's own IPS team.")
    ends_on = serializers.DateField(source="last_day", allow_null=True)


class FundingCellValues(Shape):
    status = Choice(choices=STATUSES)
    method = Choice(choices=METHODS[1:], **SAID)
    condition = Text(max_length=WORDS, **SAID)
    entry = Choice(choices=ENTRIES[1:], help_text="Whom it pays for.", **SAID)
    limit_days = Whole(min_value=1, max_value=3660, required=False, allow_null=True, default=None)
    limit_times = Whole(min_value=1, max_value=3660, required=False, allow_null=True, default=None)
    limit = Text(max_length=WORDS, **SAID)
    presence = Choice(choices=PRESENCES[1:], **SAID)
    authorization = Choice(choices=AUTHORIZATIONS[1:], **SAID)
    service_code = Text(max_length=20, **SAID)
    evidence_url = Web(max_length=500, **SAID)
    valid_from = Day(required=False, allow_null=True, default=None)
    valid_to = Day(required=False, allow_null=True, default=None)
    expected_on = Day(required=False, allow_null=True, default=None, help_text="For planned money.")
    bridge = Key(required=False, allow_null=True, default=None, help_text="The source that pays until then.")


class FundingCellIn(FundingCellValues):
    version = Version(help_text="The version that was read; 0 where nobody had filled the cell in.")


class FundingCellOut(Out):
    service = serializers.IntegerField(source="element_id")
    column = serializers.IntegerField(source="column_id")
    status = serializers.ChoiceField(choices=STATUSES)
    method = serializers.CharField(allow_blank=True)
    condition = serializers.CharField(allow_blank=True)
    entry = serializers.CharField(allow_blank=True)
    limit_days = serializers.IntegerField(allow_null=True)
    limit_times = serializers.IntegerField(allow_null=True)
    limit = serializers.CharField(allow_blank=True)
    presence = serializers.CharField(allow_blank=True)
    authorization = serializers.CharField(allow_blank=True)
    service_code = serializers.CharField(allow_blank=True)
    evidence_url = serializers.CharField(allow_blank=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    expected_on = serializers.DateField(allow_null=True)
    bridge = serializers.IntegerField(source="bridge_id", allow_null=True)
    checked_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()


class FundingSheetOut(FundingPlanOut):
    services = FundingServiceOut(many=True)
    columns = FundingColumnOut(many=True)
    cells = FundingCellOut(many=True, help_text="A place without one is not known.")


class FundingGapOut(Out):
    title = serializers.CharField()
    phase = serializers.CharField(allow_blank=True, help_text="Blank for the whole plan.")
    services = serializers.ListField(child=serializers.IntegerField(), source="elements")
    columns = serializers.ListField(child=serializers.IntegerField())
    reason = serializers.CharField()
    advice = serializers.CharField()
    cited = serializers.CharField(help_text="Where it comes from.")


class FundingGapsOut(Out):
    gaps = FundingGapOut(many=True)


class FundingNoteIn(Shape):
    text = Text(max_length=MOST)
    is_question = Flag(required=False, default=False)
    key = Unique(help_text="Your own; the same one writes once.")


class FundingAnswerIn(Shape):
    text = Text(max_length=MOST)


class FundingNoteOut(Out):
    id = serializers.IntegerField(source="pk")
    service = serializers.IntegerField(source="element_id")
    column = serializers.IntegerField(source="column_id")
    is_question = serializers.BooleanField()
    text = serializers.CharField()
    written_at = serializers.DateTimeField()
    written_by = serializers.CharField(source="written_by.name")
    answer = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class FundingNotesOut(Out):
    notes = FundingNoteOut(many=True)


class FundingVersionIn(Shape):
    note = Text(max_length=WORDS, **SAID)
    after = Version(help_text="The newest version that was known; 0 where there was none.")


class FundingVersionOut(Out):
    number = serializers.IntegerField(source="version.number")
    made_at = serializers.DateTimeField(source="version.made_at")
    note = serializers.CharField(source="version.note", allow_blank=True)
    is_agreed = serializers.BooleanField()
    signed = serializers.SerializerMethodField()
    waiting = serializers.SerializerMethodField()

    def get_signed(self, told: Any) -> list[str]:
        return [name for name, _ in told.signed]

    def get_waiting(self, told: Any) -> list[str]:
        return list(told.waiting.values())


class FundingVersionsOut(Out):
    versions = FundingVersionOut(many=True)


class FundingPlans(Endpoint):
    """The funding plans this person sees, closed ones too."""

    door = opens(PLAN, GET="view")
    query = Pages
    gives = {"GET": Answer(paged(FundingPlanOut))}

    def get(self, request: Request, state: str) -> Response:
        rows = FundingPlan.objects.visible_to(self.actor).select_related("agency", "state")
        return self.answer_page(rows)


class OneFundingPlan(Endpoint):
    """A plan with its services, its sources of money, and what each cell says."""

    door = opens(PLAN, GET="view")
    gives = {"GET": Answer(FundingSheetOut)}

    def get(self, request: Request, state: str, plan: UUID) -> Response:
        found = find_plan(self.asked, plan)
        return self.answer(Told(found, read(found)))


class Told:
    """A plan and what stands in it, by the names of the answer."""

    def __init__(self, plan: FundingPlan, sheet: Sheet) -> None:
        self.public_id, self.agency, self.region = plan.public_id, plan.agency, plan.region
        self.begun_at, self.closed_at, self.name = plan.begun_at, plan.closed_at, str(plan)
        self.services, self.columns = sheet.elements, sheet.columns
        self.cells = list(sheet.cells.values())

    def __str__(self) -> str:
        return self.name


class FundingGaps(Endpoint):
    """Where nobody pays, where money ends, and what two payers share without saying how."""

    door = opens(PLAN, GET="view")
    gives = {"GET": Answer(FundingGapsOut)}

    def get(self, request: Request, state: str, plan: UUID) -> Response:
        found, today = find_plan(self.asked, plan), self.tenant.today()
        rows = gaps(read(found).grid, today, stated_on(self.tenant.pk, today).limits)
        return self.answer({"gaps": [titled(gap) for gap in rows]})


def titled(gap: Gap) -> Values:
    told = {name: getattr(gap, name) for name in ("phase", "elements", "columns", "reason", "advice")}
    return told | {"title": TITLES[gap.code], "cited": gap.source}


class FundingCell(Endpoint):
    """Filled in as a whole, over the version that was read, by whoever keeps its column."""

    door = opens(PLAN, PUT="edit")
    takes = {"PUT": FundingCellIn}
    gives = {"PUT": Answer(FundingCellOut)}

    def put(self, request: Request, state: str, plan: UUID, element: int, column: int) -> Response:
        service, source = find_cell(self.asked, plan, element, column)
        sent = self.sent()
        version = sent.pop("version")
        words = {name: kind(sent[name]) for name, kind in KINDS.items()}
        cell = Cell(**{**sent, **words})
        return self.answer(
            cells.fill(source.plan, service, source, cell=cell, version=version, by=self.actor)
        )


class FundingNotes(Endpoint):
    """What was asked and remarked on a cell; every liaison may ask about every cell."""

    door = opens(PLAN, GET="view", POST="edit")
    takes = {"POST": FundingNoteIn}
    gives = {"GET": Answer(FundingNotesOut), "POST": Answer(FundingNoteOut, 201)}

    def get(self, request: Request, state: str, plan: UUID, element: int, column: int) -> Response:
        service, source = cell_of(find_plan(self.asked, plan), element, column)
        rows = CellNote.objects.filter(element=service, column=source).select_related("written_by")
        return self.answer({"notes": rows})

    def post(self, request: Request, state: str, plan: UUID, element: int, column: int) -> Response:
        action = "view" if self.actor.desk else None
        service, source = cell_of(find_plan(self.asked, plan, action=action), element, column)
        return self.answer(notes.write(service, source, **self.sent(), by=self.actor))


class FundingAnswer(Endpoint):
    """A question is answered by whoever keeps its column."""

    door = opens(PLAN, POST="edit")
    takes = {"POST": FundingAnswerIn}
    gives = {"POST": Answer(FundingNoteOut)}

    def post(self, request: Request, state: str, plan: UUID, remark: int) -> Response:
        found = find_note(self.asked, plan, remark)
        notes.answer(found, text=self.sent()["text"], by=self.actor)
        found.refresh_from_db()
        return self.answer(found)


class FundingVersions(Endpoint):
    """Versions as they were put forward, newest first; another one holds the plan as it is now."""

    door = opens(PLAN, GET="view", POST="create")
    takes = {"POST": FundingVersionIn}
    gives = {"GET": Answer(FundingVersionsOut), "POST": Answer(FundingVersionOut, 201)}

    def get(self, request: Request, state: str, plan: UUID) -> Response:
        return self.answer({"versions": listed(find_plan(self.asked, plan))})

    def post(self, request: Request, state: str, plan: UUID) -> Response:
        found, sent = find_plan(self.asked, plan), self.sent()
        sheet = read(found)
        data, parties = to_data(sheet.grid), parties_of(sheet)
        made = versions.put_forward(found, data=data, parties=parties, **sent, by=self.actor)
        return self.answer(agreement(made))


class FundingSignature(Endpoint):
    """The newest version is signed for one's own department. It cannot be taken back."""

    door = opens(PLAN, POST="approve")
    gives = {"POST": Answer(FundingVersionOut, 201)}

    def post(self, request: Request, state: str, plan: UUID, version: int) -> Response:
        found = find_version(self.asked, plan, version)
        self.sent()
        versions.sign(found, by=self.actor)
        return self.answer(agreement(found))
