"""A file of past reviews: sent, looked at row by row, then imported, thrown away or taken back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions.files import check_open
from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from fidelity.actions import importing
from fidelity.api.reviews import ReviewLine, ReviewReason
from fidelity.dashboards import importing as dashboard
from fidelity.dashboards.importing import PreviewPage, preview_now
from fidelity.dashboards.listing import with_parts
from fidelity.finding import find_upload
from fidelity.forms.importing import HELP
from fidelity.models import ReviewImport
from fidelity.past.preview import Outcome, Preview
from ips_portal.api.fields import Choice, File, Flag, Unique
from ips_portal.api.files import LARGEST_FILE, LEFT, TAKEN, FileSent, HiddenRows, LeftOut, RemarkOut
from ips_portal.api.shapes import Answer, Out, Pages, Query, Shape, option, paged, search
from ips_portal.downloads import csv_file

OUTCOMES = [outcome.value for outcome in Outcome]


# --- sent -----------------------------------------------------------------------------------------------------
class PastFileSent(FileSent):
    file = File(help_text=HELP)


class PastChoice(Shape):
    """The same request sent again is answered like the first."""

    key = Unique(help_text="A random UUID of the sender's.")
    choice = Choice(choices=ReviewImport.Choice.choices)
    leaves_out = Flag(default=False, help_text="Agrees that unknown columns are left out.")
    takes_hidden = Flag(default=False, help_text="Takes rows that are hidden in the file.")


class PastRowFilter(Pages, HiddenRows):
    outcome = option(OUTCOMES)


class PastTemplateFilter(Query):
    scale = search("The key of a scale of the state.")


# --- answered -------------------------------------------------------------------------------------------------
class PastColumn(Out):
    letter = serializers.CharField()
    heading = serializers.CharField()


class PastRow(Out):
    number = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    team = serializers.CharField(source="team.slug", default=None, allow_null=True)
    remarks = RemarkOut(many=True)


class PastImportLine(Out):
    id = serializers.UUIDField(source="public_id")
    file_name = serializers.CharField()
    status = serializers.ChoiceField(choices=ReviewImport.Status.values)
    uploaded_at = serializers.DateTimeField()
    uploaded_by = serializers.CharField(source="uploaded_by.name")
    finished_at = serializers.DateTimeField(allow_null=True)
    taken_back_at = serializers.DateTimeField(allow_null=True)
    taken_back_reason = serializers.CharField(allow_blank=True)


class PastPreview(Out):
    """The file as it would go now."""

    summary = serializers.CharField()
    is_all_good = serializers.BooleanField(source="preview.is_all_good")
    columns = PastColumn(many=True, source="preview.staged.layout.columns")
    unknown = PastColumn(many=True, source="preview.staged.layout.unknown")
    hidden_rows = serializers.ListField(child=serializers.IntegerField(), source="preview.staged.hidden")
    notices = serializers.ListField(child=serializers.CharField(), source="preview.staged.notices")


class PastImportOut(PastImportLine):
    """`preview` is null once the import is over; `choice` and `left_out` say how it went."""

    counts = serializers.SerializerMethodField(help_text="Rows by what becomes of them.")
    preview = serializers.SerializerMethodField()
    choice = serializers.CharField(allow_blank=True)
    left_out = serializers.SerializerMethodField()

    def get_counts(self, found: ReviewImport) -> dict[str, int]:
        page: PreviewPage | None = self.context["page"]
        return page.preview.counts if page else found.counts

    @extend_schema_field(PastPreview(allow_null=True))
    def get_preview(self, found: ReviewImport) -> Any:
        page: PreviewPage | None = self.context["page"]
        return PastPreview(page).data if page else None

    @extend_schema_field(LeftOut(many=True))
    def get_left_out(self, found: ReviewImport) -> Any:
        return [{"row": number, "why": why} for number, why in found.left_out]


class OnePast(Endpoint):
    def found(self, past: UUID) -> ReviewImport:
        return find_upload(self.asked, past)

    def looked_at(self, found: ReviewImport, *, hidden: str = LEFT) -> Preview:
        check_open(found)
        return preview_now(found, self.tenant, self.actor, takes_hidden=hidden == TAKEN)

    def told(self, found: ReviewImport, *, hidden: str = LEFT) -> Response:
        page = PreviewPage(found, self.looked_at(found, hidden=hidden)) if found.is_open else None
        return self.answer(found, page=page)


class PastImports(OnePast):
    """Files of past reviews, up to 1,000 in each. The same bytes again answer with the same import while it is open.

    Once it is over only rows it left out are looked at, and 422 says that none of them can be taken now.
    """

    door = opens(Resource.FINAL_REPORT, GET="lock", POST="lock")
    query = Pages
    takes = {"POST": PastFileSent}
    gives = {"GET": Answer(paged(PastImportLine)), "POST": Answer(PastImportOut, 201)}
    largest = LARGEST_FILE

    def get(self, request: Request, state: str) -> Response:
        return self.answer_page(dashboard.imports(self.actor))

    def post(self, request: Request, state: str) -> Response:
        sent = self.sent()
        found = importing.upload(self.tenant, content=sent["file"], file_name=sent["name"], by=self.actor)
        return self.told(found)


class PastTemplate(Endpoint):
    """A CSV file with a row for each team and a column for each item of a scale, to be filled in."""

    door = opens(Resource.FINAL_REPORT, GET="lock")
    query = PastTemplateFilter
    gives = {"GET": Answer(None, kind="text/csv")}

    def get(self, request: Request, state: str) -> HttpResponse:
        editions, wanted = dashboard.editions_of(self.tenant), self.chosen["scale"] or ""
        if wanted and wanted not in editions.keys:
            raise Unacceptable(
                f"{wanted} is not one of the choices: {', '.join(editions.keys)}.", field="scale"
            )
        scale = dashboard.scale_named(editions, wanted)
        return csv_file(
            dashboard.template_of(self.tenant, self.actor, scale), f"past-reviews-{scale.key}.csv"
        )


class PastImportPage(OnePast):
    """One file: what would become of it now, or how it went."""

    door = opens(Resource.FINAL_REPORT, GET="lock")
    query = HiddenRows
    gives = {"GET": Answer(PastImportOut)}

    def get(self, request: Request, state: str, past: UUID) -> Response:
        return self.told(self.found(past), hidden=self.chosen["hidden"])


class PastRows(OnePast):
    """The rows of an open import: what would become of each, and what to look at in which cell."""

    door = opens(Resource.FINAL_REPORT, GET="lock")
    query = PastRowFilter
    gives = {"GET": Answer(paged(PastRow))}

    def get(self, request: Request, state: str, past: UUID) -> Response:
        preview = self.looked_at(self.found(past), hidden=self.chosen["hidden"])
        wanted = self.chosen["outcome"]
        return self.answer_page(preview.of(Outcome(wanted)) if wanted else preview.lines)


class PastSave(OnePast):
    """Issues all rows as reviews marked as imported, or the good ones. Nobody is sent a message."""

    door = opens(Resource.FINAL_REPORT, POST="lock")
    takes = {"POST": PastChoice}
    gives = {"POST": Answer(PastImportOut)}

    def post(self, request: Request, state: str, past: UUID) -> Response:
        found = self.found(past)
        return self.told(importing.commit(found, self.tenant, **self.sent(), by=self.actor))


class PastReviews(OnePast):
    """The reviews an import became, also once it is taken back."""

    door = opens(Resource.FINAL_REPORT, GET="lock")
    query = Pages
    gives = {"GET": Answer(paged(ReviewLine))}

    def get(self, request: Request, state: str, past: UUID) -> Response:
        return self.answer_page(dashboard.reviews_in(self.found(past), self.actor), with_parts)


class PastDiscard(OnePast):
    """Throws the file away. Nothing of it is kept but its name."""

    door = opens(Resource.FINAL_REPORT, POST="lock")
    gives = {"POST": Answer(PastImportOut)}

    def post(self, request: Request, state: str, past: UUID) -> Response:
        found = self.found(past)
        self.sent()
        return self.told(importing.discard(found, by=self.actor))


class PastCorrected(OnePast):
    """The rows as they came, as CSV, each with what to look at beside it."""

    door = opens(Resource.FINAL_REPORT, GET="lock")
    query = HiddenRows
    gives = {"GET": Answer(None, kind="text/csv")}

    def get(self, request: Request, state: str, past: UUID) -> HttpResponse:
        preview = self.looked_at(self.found(past), hidden=self.chosen["hidden"])
        return csv_file(dashboard.corrected(preview), "past-reviews-to-correct.csv")


class PastBack(OnePast):
    """Takes a mistaken import back: its reviews stay on record and count no more. Not once something builds on them."""

    door = opens(Resource.FINAL_REPORT, POST="reopen")
    takes = {"POST": ReviewReason}
    gives = {"POST": Answer(PastImportOut)}

    def post(self, request: Request, state: str, past: UUID) -> Response:
        found = self.found(past)
        return self.told(importing.take_back(found, **self.sent(), by=self.actor))
