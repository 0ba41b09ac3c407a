"""A file of past reviews: upload it, look at what it would do, import its rows, and take a mistaken import back."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from agencies.access import TenantRequest, door
from agencies.actions.files import check_open
from agencies.forms import shown_on
from agencies.forms.files import CommitForm, columns_of
from agencies.permissions import Resource
from agencies.views.pages import ROWS, done, pressed, question
from fidelity.actions import importing
from fidelity.dashboards import importing as dashboard
from fidelity.dashboards.importing import PreviewPage, preview_now
from fidelity.dashboards.listing import review_lines
from fidelity.finding import find_upload
from fidelity.forms.importing import ReviewsForm, TemplateForm
from fidelity.forms.scheduling import ReasonForm
from fidelity.models import ReviewImport
from fidelity.past.columns import LABELS
from fidelity.views.pages import kept, posted, url
from ips_portal.downloads import as_file, csv_file


@door(Resource.FINAL_REPORT, GET="lock", POST="lock")
def import_new(request: TenantRequest, state: str) -> HttpResponse:
    form = ReviewsForm()
    if request.method == "POST":
        form = ReviewsForm(request.POST, request.FILES)
        if form.is_valid():
            found = None
            with shown_on(form):
                file = form.cleaned_data["file"]
                found = importing.upload(
                    request.tenant, content=file.read(), file_name=file.name, by=request.actor
                )
            if found is not None:
                return redirect(url(request, "import-page", found.public_id))
    context = {
        "form": form,
        "scales": [each.scale for each in dashboard.editions_of(request.tenant).known],
        "labels": LABELS,
        "imports": dashboard.imports(request.actor),
        "crumbs": crumbs(request, "Import past reviews"),
    }
    return render(request, "fidelity/import_new.html", context, status=422 if form.errors else 200)


@door(Resource.FINAL_REPORT, GET="lock")
def import_template(request: TenantRequest, state: str, file: str) -> HttpResponse:
    editions = dashboard.editions_of(request.tenant)
    form = TemplateForm(request.GET, keys=list(editions.keys))
    if not form.is_valid():
        raise Http404
    scale = dashboard.scale_named(editions, form.cleaned_data["scale"])
    table = dashboard.template_of(request.tenant, request.actor, scale)
    return as_file(table, file, f"past-reviews-{scale.key}")


@door(Resource.FINAL_REPORT, GET="lock", POST="lock")
def import_page(request: TenantRequest, state: str, past: UUID) -> HttpResponse:
    """While it is open the preview, with the file as it would go now; afterwards what was imported."""
    found = find_upload(request, past)
    if not found.is_open and request.method != "POST":
        return result(request, found)
    takes_hidden = "hidden" in (request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return shown(request, found, takes_hidden=takes_hidden)
    form = CommitForm(request.POST, columns=columns_of(found))
    if form.is_valid():
        with shown_on(form):
            importing.commit(found, request.tenant, by=request.actor, **form.agreed)
    if form.is_valid():
        return redirect(url(request, "import-page", found.public_id))
    check_open(found)
    return shown(request, find_upload(request, past), form=form, takes_hidden=takes_hidden)


def shown(
    request: TenantRequest, found: ReviewImport, *, form: CommitForm | None = None, takes_hidden: bool = False
) -> HttpResponse:
    preview = preview_now(found, request.tenant, request.actor, takes_hidden=takes_hidden)
    page = PreviewPage(found, preview, only_problems="problems" in request.GET)
    context = {
        "page": page,
        "remarks": Paginator(page.listed, ROWS).get_page(request.GET.get("page")),
        "form": form or CommitForm(columns=columns_of(found), initial={"hidden": takes_hidden}),
        "here": url(request, "import-page", found.public_id),
        "crumbs": crumbs(request, found.file_name),
    }
    status = 422 if form and form.errors else 200
    return render(request, "fidelity/import_page.html", context, status=status)


def result(request: TenantRequest, found: ReviewImport) -> HttpResponse:
    rows = Paginator(dashboard.reviews_in(found, request.actor), ROWS).get_page(request.GET.get("page"))
    context = {
        "upload": found,
        "reviews": rows,
        "lines": review_lines(rows.object_list, request.tenant),
        "kept": kept(request),
        "crumbs": crumbs(request, found.file_name),
    }
    return render(request, "fidelity/import_result.html", context)


@door(Resource.FINAL_REPORT, POST="lock")
def import_discard(request: TenantRequest, state: str, past: UUID) -> HttpResponse:
    found = find_upload(request, past)
    pressed(request)
    importing.discard(found, by=request.actor)
    return done(request, "The file was thrown away. Nothing was imported.", url(request, "import-new"))


@door(Resource.FINAL_REPORT, GET="lock")
def import_corrected(request: TenantRequest, state: str, past: UUID) -> HttpResponse:
    """The rows as they came, each with what to look at beside it."""
    found = find_upload(request, past)
    check_open(found)
    preview = preview_now(found, request.tenant, request.actor, takes_hidden="hidden" in request.GET)
    return csv_file(dashboard.corrected(preview), "past-reviews-to-correct.csv")


@door(Resource.FINAL_REPORT, GET="reopen", POST="reopen")
def import_back(request: TenantRequest, state: str, past: UUID) -> HttpResponse:
    """Asks before the reviews of an import stop counting."""
    found = find_upload(request, past)
    importing.check_stands(found)
    here = url(request, "import-page", found.public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            importing.take_back(found, reason=form.cleaned_data["reason"], by=request.actor)
        if form.is_valid():
            return done(request, "The import is taken back. Its reviews count no more.", here)
    return question(
        request,
        form,
        heading="Take the import back",
        warning="All reviews of this file stop counting: where teams stand, trends and comparisons go on without them.",
        label="Take it back",
        points=(
            "The reviews stay on record, marked as cancelled, with your reason.",
            "The same file can be imported again, corrected or not.",
            "Once a later report or a decision about one of the teams builds on them, they stay.",
        ),
        crumbs=[*crumbs(request, "")[:-1], (found.file_name, here)],
        cancel_url=here,
        danger=True,
    )


def crumbs(request: TenantRequest, here: str) -> list[tuple[str, str]]:
    plural = request.tenant.terms["reviews"]
    above = [(plural[:1].upper() + plural[1:], url(request, "review-list"))]
    if here != "Import past reviews":
        above.append(("Import past reviews", url(request, "import-new")))
    return [*above, (here, "")]
