"""Pages about generated paper, and the one way to its bytes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies.access import TenantRequest, door
from agencies.permissions import Resource, require
from agencies.refusals import WrongStatus
from agencies.views.pages import address, pressed
from ips_portal.reports import actions, dashboards, kinds
from ips_portal.reports.finding import find_paper
from ips_portal.reports.forms import ReportFilter
from ips_portal.reports.models import ReportRequest

ON_A_PAGE = 25


@door(Resource.GENERATED_FILE, GET="view")
def report_list(request: TenantRequest, state: str) -> HttpResponse:
    chosen = ReportFilter(request.GET, actor=request.actor)
    reports = chosen.narrow(ReportRequest.objects.visible_to(request.actor))
    page = Paginator(reports.select_related("team", "agency", "state", "requested_by"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    labels = {kind.key: kind.label for kind in kinds.registered().values()}
    old = dashboards.outdated_among(list(page.object_list))
    rows = [(report, labels[report.kind], report.pk in old) for report in page]
    crumbs = [(request.tenant.name, f"/{state}/"), ("Reports", None)]
    return render(
        request,
        "reports/report_list.html",
        {"rows": rows, "page": page, "filter": chosen, "crumbs": crumbs},
    )


@door(Resource.GENERATED_FILE, GET="view")
def report_page(request: TenantRequest, state: str, report: UUID) -> HttpResponse:
    """The page of one report. A waiting page asks for its status alone, and is told nothing while nothing changes."""
    view = _view(request, report)
    if request.headers.get("HX-Request"):
        if request.GET.get("seen") == view.mark:
            return HttpResponse(status=204)
        return render(request, "reports/_report_status.html", {"view": view})
    return render(request, "reports/report_page.html", _page(request, view))


@door(Resource.GENERATED_FILE, POST="create")
def report_again(request: TenantRequest, state: str, report: UUID) -> HttpResponse:
    record = find_paper(request, report)
    pressed(request)
    actions.make_again(record, by=request.actor)
    messages.success(request, "The report is being made again. This page shows when it is ready.")
    return redirect("reports:report-page", state=state, report=record.public_id)


@door(Resource.GENERATED_FILE, GET="export")
def report_download(request: TenantRequest, state: str, report: UUID) -> HttpResponse:
    """The file. The one GET that writes: each download is logged, and a link is what people expect of a download."""
    record = find_paper(request, report)
    if request.method == "HEAD":
        kind = kinds.named(record.kind)
        require(request.actor, kind.right, kind.resource, record.place)
        return HttpResponse(content_type=kind.content_type)
    try:
        content = actions.take(record, by=request.actor)
    except WrongStatus as refusal:
        view = dashboards.report_view(record, request.actor)
        return render(
            request, "reports/report_page.html", {**_page(request, view), "refusal": refusal}, status=409
        )
    response = HttpResponse(content, content_type=record.file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{record.file_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def paper(request: TenantRequest, kind: str, subject: Any) -> HttpResponse:
    """The page of the request: it says when the file is ready, or offers the one that says the same."""
    return paper_page(request, actions.request_report(kind, subject, by=request.actor))


def paper_page(request: TenantRequest, made: ReportRequest) -> HttpResponse:
    return redirect(address(request, "reports:report-page", request.tenant.slug, made.public_id))


def _view(request: TenantRequest, public_id: UUID) -> dashboards.ReportView:
    return dashboards.report_view(find_paper(request, public_id), request.actor)


def _page(request: TenantRequest, view: dashboards.ReportView) -> dict[str, Any]:
    state = request.tenant.slug
    reports = reverse("reports:report-list", kwargs={"state": state})
    return {
        "view": view,
        "downloads": dashboards.downloads_of(view.report, request.actor),
        "crumbs": [(request.tenant.name, f"/{state}/"), ("Reports", reports), (view.report.title, None)],
    }
