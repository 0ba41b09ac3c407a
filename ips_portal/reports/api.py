"""Generated paper: list, how far each one is, make again, and the one way to its bytes."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.api.shapes import Ref
from agencies.permissions import Resource, require
from ips_portal.api.shapes import Answer, Out, Pages, option, paged, search
from ips_portal.reports import actions, kinds
from ips_portal.reports.finding import PAPERS, find_paper
from ips_portal.reports.models import ReportRequest


class FileFilter(Pages):
    kind = search("A kind of paper, such as fidelity-report.")
    status = option(ReportRequest.Status.values)
    team = search("The slug of a team.")


class FileOut(Out):
    id = serializers.UUIDField(source="public_id")
    kind = serializers.CharField()
    title = serializers.CharField()
    team = Ref(allow_null=True)
    status = serializers.ChoiceField(choices=ReportRequest.Status.values)
    requested_at = serializers.DateTimeField()
    requested_by = serializers.CharField(source="requested_by.name", allow_null=True, default=None)
    finished_at = serializers.DateTimeField(allow_null=True)
    failure = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField(source="file.size", allow_null=True, default=None)


class FileList(Endpoint):
    """Papers you may see, latest first."""

    door = opens(Resource.GENERATED_FILE, GET="view")
    query = FileFilter
    gives = {"GET": Answer(paged(FileOut))}

    def get(self, request: Request, state: str) -> Response:
        names = {"kind": "kind", "status": "status", "team": "team__slug"}
        wanted = {lookup: self.chosen[name] for name, lookup in names.items() if self.chosen[name]}
        return self.answer_page(PAPERS.visible_to(self.actor).filter(**wanted))


class OneFile(Endpoint):
    def found(self, report: UUID) -> Any:
        return find_paper(self.asked, report)


class FilePage(OneFile):
    """One paper: whether it is ready, and why not."""

    door = opens(Resource.GENERATED_FILE, GET="view")
    gives = {"GET": Answer(FileOut)}

    def get(self, request: Request, state: str, report: UUID) -> Response:
        return self.answer(self.found(report))


class FileAgain(OneFile):
    """Puts a failed paper, or one whose file is gone, back into the queue."""

    door = opens(Resource.GENERATED_FILE, POST="create")
    gives = {"POST": Answer(FileOut, 202)}

    def post(self, request: Request, state: str, report: UUID) -> Response:
        found = self.found(report)
        self.sent()
        return self.answer(actions.make_again(found, by=self.actor))


class FileDownload(OneFile):
    """The file itself. Each download is logged."""

    door = opens(Resource.GENERATED_FILE, GET="export")
    gives = {"GET": Answer(None)}

    def get(self, request: Request, state: str, report: UUID) -> HttpResponse:
        found = self.found(report)
        kind = kinds.named(found.kind)
        if request.method == "HEAD":
            require(self.actor, kind.right, kind.resource, found.place)
            return HttpResponse(content_type=kind.content_type)
        content = actions.take(found, by=self.actor)
        response = HttpResponse(content, content_type=found.file.content_type)
        response["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
        return response


app_name = "reports-api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("files/", FileList.as_view(), name="files"),
    path("files/<uuid:report>/", FilePage.as_view(), name="file"),
    path("files/<uuid:report>/again/", FileAgain.as_view(), name="file-again"),
    path("files/<uuid:report>/download/", FileDownload.as_view(), name="file-download"),
]
