"""The figures of a whole agency, reached from the report of any of its teams."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.audit import changes_of, sentences
from agencies.permissions import Resource
from agencies.refusals import Refusal, StaleVersion, Unacceptable
from agencies.views.pages import done
from ips_portal.quarters import Quarter
from outcomes.actions import census
from outcomes.dashboards.census import agency_page
from outcomes.dashboards.entry import Shown
from outcomes.finding import find_for_agency
from outcomes.forms.deciding import DecideForm
from outcomes.forms.figures import TypedReport, parse
from outcomes.measures import Measure
from outcomes.models import QuarterlyReport
from outcomes.views.pages import frame, url_of

HISTORY = 20  # changes that stand on the page


@door(Resource.OUTCOME_DRAFT, GET="view", POST="edit")
def agency_figures(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    """What is entered, a form for who may enter it, and its history."""
    report, asked = find_for_agency(request, team, quarter)
    if request.method != "POST":
        return shown(request, report, asked)
    typed = parse(request.POST, asked, (), request.FILES, ("version",))
    form = DecideForm({"version": request.POST.get("version", "")})
    if not typed.is_acceptable or not form.is_valid():
        return shown(request, report, asked, typed)
    figures = {key: cell.figure for key, cell in typed.values.items()}
    try:
        with transaction.atomic():
            census.enter(report, figures=figures, version=form.cleaned_data["version"], by=request.actor)
    except (StaleVersion, Unacceptable) as refusal:
        return shown(request, report, asked, typed, refusal)
    return done(request, "The figures are saved.", url_of(request, "agency-figures", report))


def shown(
    request: TenantRequest,
    report: QuarterlyReport,
    asked: tuple[Measure, ...],
    typed: TypedReport | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """What was typed stays. Once it was shown beside what somebody else has stored, it may replace that."""
    page = agency_page(report, asked, request.actor, as_typed(typed, refusal))
    is_final = census.is_final(report)
    read = "" if isinstance(refusal, StaleVersion) else request.POST.get("version", "")
    context = {
        "page": page,
        "typed": typed,
        "refusal": refusal,
        "form": DecideForm(initial={"version": read or page.version}),
        "may_enter": census.enters(report, request.actor) and not is_final,
        "is_final": is_final,
        "entries": sentences(changes_of(page.row)[:HISTORY]) if page.row else (),
        **frame(request, report, f"All of {report.team.agency}"),
    }
    status = refusal.status if refusal else 422 if typed else 200
    return render(request, "outcomes/agency_figures.html", context, status=status)


def as_typed(typed: TypedReport | None, refusal: Refusal | None) -> dict[str, Shown]:
    """What was typed stays in its field, with what is wrong about it."""
    said = refusal.fields if isinstance(refusal, Unacceptable) else {}
    return {
        key: Shown(
            cell.text, cell.is_absent, cell.why, cell.notice, cell.problem or " ".join(said.get(key, ()))
        )
        for key, cell in (typed.cells if typed else {}).items()
    }
