"""A file of quarters: upload it, look at what it would do, save its rows as drafts or throw it away."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies.access import TenantRequest, door
from agencies.actions.files import check_open
from agencies.forms import shown_on
from agencies.forms.files import CommitForm, UploadForm, columns_of
from agencies.permissions import Resource
from agencies.views.pages import ROWS, done, pressed
from ips_portal.downloads import as_file, csv_file
from ips_portal.quarters import Quarter
from outcomes.actions import importing
from outcomes.dashboards.import_pages import (
    PreviewPage,
    corrected,
    saved_reports,
    template_of,
)
from outcomes.dashboards.importing import all_measures, desk_of, preview_now
from outcomes.finding import find_import
from outcomes.importing.columns import LABELS
from outcomes.models import OutcomeImport
from outcomes.views.pages import asked_quarter, newest_open, url


@door(Resource.OUTCOME_DRAFT, GET="edit", POST="edit")
def import_new(request: TenantRequest, state: str) -> HttpResponse:
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            found = None
            with shown_on(form):
                file = form.cleaned_data["file"]
                found = importing.upload(
                    request.tenant, content=file.read(), file_name=file.name, by=request.actor
                )
            if found is not None:
                return redirect(url(request, "import-page", found.public_id))
    quarter = quarter_of_template(request)
    context = {
        "form": form,
        "quarter": quarter,
        "measures": all_measures(request.tenant, [quarter]),
        "labels": LABELS,
        "teams": len(desk_of(request.tenant, request.actor).places),
        "open": OutcomeImport.objects.visible_to(request.actor).open(),
        "crumbs": crumbs(request, "Import a file"),
    }
    return render(request, "outcomes/import_new.html", context, status=422 if form.errors else 200)


def quarter_of_template(request: TenantRequest) -> Quarter:
    """The one asked for if it is open, or the one that ended last."""
    return asked_quarter(request, newest_open(request.tenant.today()))


@door(Resource.OUTCOME_DRAFT, GET="edit")
def import_template(request: TenantRequest, state: str, file: str) -> HttpResponse:
    quarter = quarter_of_template(request)
    table = template_of(request.tenant, request.actor, quarter)
    return as_file(table, file, f"outcomes-template-{quarter.slug}")


@door(Resource.OUTCOME_DRAFT, GET="edit", POST="edit")
def import_page(request: TenantRequest, state: str, upload: UUID) -> HttpResponse:
    """While it is open the preview, with the file as it would go now; afterwards what was saved."""
    found = find_import(request, upload)
    if not found.is_open and request.method != "POST":
        return result(request, found)
    takes_hidden = "hidden" in (request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return preview(request, found, takes_hidden=takes_hidden)
    form = CommitForm(request.POST, columns=columns_of(found))
    if form.is_valid():
        with shown_on(form):
            importing.commit(found, request.tenant, by=request.actor, **form.agreed)
    if form.is_valid():
        return redirect(url(request, "import-page", found.public_id))
    check_open(found)
    return preview(request, find_import(request, upload), form=form, takes_hidden=takes_hidden)


def preview(
    request: TenantRequest,
    found: OutcomeImport,
    *,
    form: CommitForm | None = None,
    takes_hidden: bool = False,
) -> HttpResponse:
    shown = preview_now(found, request.tenant, request.actor, takes_hidden=takes_hidden)
    page = PreviewPage(found, shown, only_problems="problems" in request.GET)
    context = {
        "page": page,
        "remarks": Paginator(page.listed, ROWS).get_page(request.GET.get("page")),
        "form": form or CommitForm(columns=columns_of(found), initial={"hidden": takes_hidden}),
        "here": url(request, "import-page", found.public_id),
        "crumbs": crumbs(request, found.file_name),
    }
    return render(request, "outcomes/import_page.html", context, status=422 if form and form.errors else 200)


def result(request: TenantRequest, found: OutcomeImport) -> HttpResponse:
    reports = saved_reports(found, request.actor)
    context = {
        "upload": found,
        "reports": Paginator(reports, ROWS).get_page(request.GET.get("page")),
        "crumbs": crumbs(request, found.file_name),
    }
    return render(request, "outcomes/import_result.html", context)


@door(Resource.OUTCOME_DRAFT, POST="edit")
def import_discard(request: TenantRequest, state: str, upload: UUID) -> HttpResponse:
    found = find_import(request, upload)
    pressed(request)
    importing.discard(found, by=request.actor)
    return done(request, "The file was thrown away. Nothing was saved.", url(request, "import-new"))


@door(Resource.OUTCOME_DRAFT, GET="edit")
def import_corrected(request: TenantRequest, state: str, upload: UUID) -> HttpResponse:
    """The rows as they came, each with what to look at beside it."""
    found = find_import(request, upload)
    check_open(found)
    shown = preview_now(found, request.tenant, request.actor, takes_hidden="hidden" in request.GET)
    return csv_file(corrected(shown), "outcomes-to-correct.csv")


def crumbs(request: TenantRequest, here: str) -> list[tuple[str, str]]:
    above = [("Outcomes", url(request, "report-list"))]
    if here != "Import a file":
        above.append(("Import a file", url(request, "import-new")))
    return [*above, (here, "")]
