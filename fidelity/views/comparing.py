"""Two issued reports of a team beside each other. The pair stands in the address, to be sent to a colleague."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource, may
from fidelity.dashboards.comparing import Pair, comparison_table, pair
from fidelity.finding import check_issued, find_review
from fidelity.forms.listing import CompareForm
from fidelity.models import Review
from fidelity.views.pages import frame
from ips_portal.downloads import as_file


@door(Resource.FINAL_REPORT, GET="view")
def review_compare(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    found = find_review(request, review)
    check_issued(found)
    both = pair(found, request.actor)
    form = _form(request, both)
    is_known = form.is_valid()
    compared = both.compared(form.cleaned_data["other"]) if is_known else None
    context = {
        "page": compared,
        "kinds": dict(Review.Kind.choices),
        "form": form,
        "may_export": bool(may(request.actor, "export", Resource.FINAL_REPORT, found.place)),
        "query": request.GET.urlencode(),
        **frame(request, found, "Compare"),
    }
    return render(request, "fidelity/review_compare.html", context, status=200 if is_known else 422)


@door(Resource.FINAL_REPORT, GET="export")
def review_compare_file(request: TenantRequest, state: str, review: UUID, file: str) -> HttpResponse:
    found = find_review(request, review)
    check_issued(found)
    both = pair(found, request.actor)
    form = _form(request, both)
    compared = both.compared(form.cleaned_data["other"]) if form.is_valid() else None
    if compared is None:
        raise Http404
    table = comparison_table(compared, found, request.tenant, request.actor, request.tenant.now())
    return as_file(table, file, f"comparison-{found.team.slug}")


def _form(request: TenantRequest, both: Pair) -> CompareForm:
    return CompareForm(request.GET, options=both.options)
