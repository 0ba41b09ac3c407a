"""A quarter of the whole state to pass on: the summary of everything, and the brief with words of one's own."""

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.permissions import Resource, may
from agencies.refusals import StaleVersion
from agencies.views.pages import done, pressed
from ips_portal.quarters import Quarter
from ips_portal.reports.views import paper_page
from outcomes.actions import papers
from outcomes.actions.briefs import write_brief
from outcomes.dashboards.brief import brief
from outcomes.finding import find_period
from outcomes.forms.briefs import BriefForm
from outcomes.models import StateQuarter
from outcomes.reports import BRIEF, STATE_QUARTER, periods
from outcomes.views.pages import posted, url


@door(Resource.OUTCOME_ACCEPTED, POST="export")
def state_pdf(request: TenantRequest, state: str, quarter: Quarter) -> HttpResponse:
    return paper_about(request, quarter, STATE_QUARTER)


@door(Resource.OUTCOME_ACCEPTED, POST="export")
def brief_pdf(request: TenantRequest, state: str, quarter: Quarter) -> HttpResponse:
    return paper_about(request, quarter, BRIEF)


def paper_about(request: TenantRequest, quarter: Quarter, kind: str) -> HttpResponse:
    period = find_period(request, quarter)
    pressed(request)
    return paper_page(request, papers.ask(kind, period, by=request.actor))


@door(Resource.OUTCOME_ACCEPTED, GET="view", POST="export")
def quarter_brief(request: TenantRequest, state: str, quarter: Quarter) -> HttpResponse:
    """The computed sentences, and the state's own words beside them."""
    period = find_period(request, quarter)
    form = BriefForm(posted(request), initial=stored(period))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic(), shown_on(form):
                write_brief(period, **form.cleaned_data, by=request.actor)
        except StaleVersion as refusal:
            return stale(request, find_period(request, quarter), refusal)
        if form.is_valid():
            return done(request, "Your words are saved.", url(request, "quarter-brief", quarter))
    return brief_page(request, period, form, status=422 if form.errors else 200)


def stale(request: TenantRequest, period: StateQuarter, refusal: StaleVersion) -> HttpResponse:
    """Both texts on one page; saved again, the typed one replaces what is stored now."""
    again: QueryDict = request.POST.copy()
    again["version"] = str(period.version)
    return brief_page(request, period, BriefForm(again), refusal=refusal, status=409)


def stored(period: StateQuarter) -> dict[str, object]:
    return {"text": period.brief, "version": period.version}


def brief_page(
    request: TenantRequest,
    period: StateQuarter,
    form: BriefForm,
    *,
    refusal: StaleVersion | None = None,
    status: int = 200,
) -> HttpResponse:
    compared = f"{url(request, 'state-comparison')}?quarter={period.quarter.slug}"
    context = {
        "page": brief(period),
        "period": period,
        "form": form,
        "refusal": refusal,
        "may_write": bool(may(request.actor, "export", Resource.OUTCOME_ACCEPTED, period.place)),
        "has_figures": periods(request.actor).filter(pk=period.pk).exists(),
        "crumbs": [
            ("Outcomes", url(request, "report-list")),
            ("Comparison", compared),
            (f"Brief, {period.quarter.months}", ""),
        ],
    }
    return render(request, "outcomes/quarter_brief.html", context, status=status)
