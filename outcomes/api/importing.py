"""A file of quarters: sent, looked at row by row, then saved as drafts or thrown away."""

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
from ips_portal.api.fields import Choice, Flag
from ips_portal.api.files import LARGEST_FILE, LEFT, TAKEN, FileSent, HiddenRows, LeftOut, RemarkOut
from ips_portal.api.shapes import Answer, Out, Pages, Query, option, paged
from ips_portal.downloads import csv_file
from outcomes.actions import importing
from outcomes.api.fields import QuarterText
from outcomes.api.shapes import Once, ReportLine
from outcomes.dashboards.import_pages import (
    PreviewPage,
    corrected,
    saved_reports,
    template_of,
    template_quarter,
)
from outcomes.dashboards.importing import preview_now
from outcomes.finding import find_import
from outcomes.importing.preview import Outcome, Preview
from outcomes.models import OutcomeImport

OUTCOMES = [outcome.value for outcome in Outcome]


# --- sent -----------------------------------------------------------------------------------------------------
class ImportChoice(Once):
    choice = Choice(choices=OutcomeImport.Choice.choices)
    leaves_out = Flag(default=False, help_text="Agrees that unknown columns are left out.")
    takes_hidden = Flag(default=False, help_text="Takes rows that are hidden in the file.")


class RowFilter(Pages, HiddenRows):
    outcome = option(OUTCOMES)


class TemplateFilter(Query):
    quarter = QuarterText(required=False, default=None)


# --- answered -------------------------------------------------------------------------------------------------
class ColumnOut(Out):
    letter = serializers.CharField()
    heading = serializers.CharField()
    measure = serializers.CharField(source="key", allow_blank=True, help_text="Empty for an unknown column.")


class ImportRow(Out):
    number = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    team = serializers.CharField(source="team.slug", default=None, allow_null=True)
    quarter = serializers.CharField(source="quarter.slug", default=None, allow_null=True)
    remarks = RemarkOut(many=True)


class SuspicionOut(Out):
    """What only all rows together show."""

    rule = serializers.CharField()
    text = serializers.CharField()
    fix = serializers.CharField()


class ImportLine(Out):
    id = serializers.UUIDField(source="public_id")
    file_name = serializers.CharField()
    status = serializers.ChoiceField(choices=OutcomeImport.Status.values)
    uploaded_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class PreviewOut(Out):
    """The file as it would go now."""

    summary = serializers.CharField()
    is_all_good = serializers.BooleanField(source="preview.is_all_good")
    warned = serializers.IntegerField(help_text="Good rows that need a note before they are submitted.")
    columns = ColumnOut(many=True, source="preview.staged.layout.columns")
    unknown = ColumnOut(many=True, source="preview.staged.layout.unknown")
    hidden_rows = serializers.ListField(child=serializers.IntegerField(), source="preview.staged.hidden")
    notices = serializers.ListField(child=serializers.CharField(), source="preview.staged.notices")
    suspicions = SuspicionOut(many=True, source="preview.suspicions")


class ImportOut(ImportLine):
    """`preview` is null once the import is over; `choice` and `left_out` say how it went."""

    counts = serializers.SerializerMethodField(help_text="Rows by what becomes of them.")
    preview = serializers.SerializerMethodField()
    choice = serializers.CharField(allow_blank=True)
    left_out = serializers.SerializerMethodField()

    def get_counts(self, found: OutcomeImport) -> dict[str, int]:
        page: PreviewPage | None = self.context["page"]
        return page.preview.counts if page else found.counts

    @extend_schema_field(PreviewOut(allow_null=True))
    def get_preview(self, found: OutcomeImport) -> Any:
        page: PreviewPage | None = self.context["page"]
        return PreviewOut(page).data if page else None

    @extend_schema_field(LeftOut(many=True))
    def get_left_out(self, found: OutcomeImport) -> Any:
        return [{"row": number, "why": why} for number, why in found.left_out]


class OneImport(Endpoint):
    def found(self, upload: UUID) -> OutcomeImport:
        return find_import(self.asked, upload)

    def looked_at(self, found: OutcomeImport, *, hidden: str = LEFT) -> Preview:
        check_open(found)
        return preview_now(found, self.tenant, self.actor, takes_hidden=hidden == TAKEN)

    def told(self, found: OutcomeImport, *, hidden: str = LEFT) -> Response:
        page = PreviewPage(found, self.looked_at(found, hidden=hidden)) if found.is_open else None
        return self.answer(found, page=page)


class ImportList(OneImport):
    """Your own files. A file is sent once: the same bytes again answer with the same import. After that is saved they
    are taken again only for rows it left out, once these can be saved.
    """

    door = opens(Resource.OUTCOME_DRAFT, GET="edit", POST="edit")
    query = Pages
    takes = {"POST": FileSent}
    gives = {"GET": Answer(paged(ImportLine)), "POST": Answer(ImportOut, 201)}
    largest = LARGEST_FILE

    def get(self, request: Request, state: str) -> Response:
        return self.answer_page(OutcomeImport.objects.visible_to(self.actor))

    def post(self, request: Request, state: str) -> Response:
        sent = self.sent()
        found = importing.upload(self.tenant, content=sent["file"], file_name=sent["name"], by=self.actor)
        return self.told(found)


class ImportTemplate(Endpoint):
    """A CSV file with a row for each of your teams, to be filled in."""

    door = opens(Resource.OUTCOME_DRAFT, GET="edit")
    query = TemplateFilter
    gives = {"GET": Answer(None, kind="text/csv")}

    def get(self, request: Request, state: str) -> HttpResponse:
        quarter = template_quarter(self.chosen["quarter"], self.tenant.today())
        table = template_of(self.tenant, self.actor, quarter)
        return csv_file(table, f"outcomes-template-{quarter.slug}.csv")


class ImportPage(OneImport):
    """One file: what would become of it now, or how it went."""

    door = opens(Resource.OUTCOME_DRAFT, GET="edit")
    query = HiddenRows
    gives = {"GET": Answer(ImportOut)}

    def get(self, request: Request, state: str, upload: UUID) -> Response:
        return self.told(self.found(upload), hidden=self.chosen["hidden"])


class ImportRows(OneImport):
    """The rows of an open import: what would become of each, and what to look at in which cell."""

    door = opens(Resource.OUTCOME_DRAFT, GET="edit")
    query = RowFilter
    gives = {"GET": Answer(paged(ImportRow))}

    def get(self, request: Request, state: str, upload: UUID) -> Response:
        preview = self.looked_at(self.found(upload), hidden=self.chosen["hidden"])
        wanted = self.chosen["outcome"]
        return self.answer_page(preview.of(Outcome(wanted)) if wanted else preview.lines)


class ImportSave(OneImport):
    """Saves all rows as drafts, or the good ones. Nothing is submitted by it."""

    door = opens(Resource.OUTCOME_DRAFT, POST="edit")
    takes = {"POST": ImportChoice}
    gives = {"POST": Answer(ImportOut)}

    def post(self, request: Request, state: str, upload: UUID) -> Response:
        found = self.found(upload)
        return self.told(importing.commit(found, self.tenant, **self.sent(), by=self.actor))


class ImportDrafts(OneImport):
    """The reports whose drafts an import saved."""

    door = opens(Resource.OUTCOME_DRAFT, GET="edit")
    query = Pages
    gives = {"GET": Answer(paged(ReportLine))}

    def get(self, request: Request, state: str, upload: UUID) -> Response:
        rows = saved_reports(self.found(upload), self.actor)
        return self.answer_page(rows, today=self.tenant.today())


class ImportDiscard(OneImport):
    """Throws the file away. Nothing of it is kept but its name."""

    door = opens(Resource.OUTCOME_DRAFT, POST="edit")
    gives = {"POST": Answer(ImportOut)}

    def post(self, request: Request, state: str, upload: UUID) -> Response:
        found = self.found(upload)
        self.sent()
        return self.told(importing.discard(found, by=self.actor))


class ImportCorrected(OneImport):
    """The rows as they came, as CSV, each with what to look at beside it."""

    door = opens(Resource.OUTCOME_DRAFT, GET="edit")
    query = HiddenRows
    gives = {"GET": Answer(None, kind="text/csv")}

    def get(self, request: Request, state: str, upload: UUID) -> HttpResponse:
        shown = self.looked_at(self.found(upload), hidden=self.chosen["hidden"])
        return csv_file(corrected(shown), "outcomes-to-correct.csv")
