"""Asking for the papers of a funding plan."""

from uuid import UUID

from django.http import HttpResponse

from agencies.access import TenantRequest, door
from agencies.permissions import Resource, require
from agencies.refusals import Unacceptable
from agencies.views.pages import form_page, pressed
from fidelity.views.pages import posted
from funding import reports
from funding.dashboards.holding import served_by
from funding.finding import find_plan, find_version
from funding.forms.plans import HandoutForm
from funding.views.pages import crumbs, url
from ips_portal.reports.views import paper

PLAN = Resource.FUNDING_PLAN


@door(PLAN, POST="export")
def plan_pdf(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    found = find_plan(request, plan)
    pressed(request)
    return paper(request, reports.PLAN, found)


@door(PLAN, GET="view", POST="view")
def handout_pdf(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    """For one of the agencies at which the plan holds; where it is one only, that one."""
    found = find_plan(request, plan)
    agencies = served_by(found, request.actor)
    if not agencies:
        require(request.actor, "create", Resource.GENERATED_FILE, found.place)
        raise Unacceptable("This plan holds at no agency, so there is nobody to hand a page to.")
    form = HandoutForm(posted(request), agencies=agencies)
    if request.method == "POST" and form.is_valid():
        return paper(request, reports.HANDOUT, form.chosen)
    return form_page(
        request,
        form,
        heading="A page to hand out",
        label="Make the PDF",
        lead="Who pays for what at one place, step by step in plain words, with what nobody pays for and whom to ask.",
        crumbs=crumbs(request, found),
        cancel_url=url(request, "plan-page", found.public_id),
    )


@door(PLAN, POST="export")
def version_pdf(request: TenantRequest, state: str, plan: UUID, version: int) -> HttpResponse:
    found = find_version(request, plan, version)
    pressed(request)
    return paper(request, reports.APPENDIX, found)
