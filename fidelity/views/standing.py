"""Where a team stands under its state's rules, all teams in a list, and what is decided about one."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door, find
from agencies.forms import shown_on
from agencies.models import Team
from agencies.permissions import Resource, may
from agencies.views.pages import address, done, form_page, pressed
from fidelity import letters
from fidelity.actions import deciding
from fidelity.dashboards import standing as dashboard
from fidelity.forms.standing import DecisionForm, StandingFilter
from fidelity.histories import standings
from fidelity.in_force import policy_on
from fidelity.views.pages import kept, posted, url
from ips_portal.downloads import as_file
from ips_portal.reports.views import paper

ON_A_PAGE = 50


@door(Resource.STANDING, GET="view")
def standing_list(request: TenantRequest, state: str) -> HttpResponse:
    chosen, found = _narrowed(request)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "filter": chosen,
        "may_export": bool(may(request.actor, "export", Resource.STANDING)),
        "query": request.GET.urlencode(),
        "kept": kept(request),
        "crumbs": [(_reviews(request), url(request, "review-list")), ("Where teams stand", "")],
    }
    return render(request, "fidelity/standing_list.html", context)


@door(Resource.STANDING, GET="export")
def standing_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    _, found = _narrowed(request)
    table = dashboard.standing_table(found, request.tenant, request.actor, request.tenant.now())
    return as_file(table, file, f"standings-{state}")


@door(Resource.STANDING, GET="view")
def standing_page(request: TenantRequest, state: str, team: str) -> HttpResponse:
    found = _find(request, team)
    context = {
        "page": dashboard.standing_page(found, request.tenant, request.actor),
        "letter_url": url(request, "standing-letter", found.slug),
        "decide_url": url(request, "decision-new", found.slug),
        "kept": kept(request),
        "crumbs": [*_crumbs(request, found)[:-1], ("Standing", "")],
    }
    return render(request, "fidelity/standing_page.html", context)


@door(Resource.STANDING, POST="export")
def standing_letter(request: TenantRequest, state: str, team: str) -> HttpResponse:
    found = _find(request, team)
    pressed(request)
    return paper(request, letters.LETTER, found)


@door(Resource.STANDING, GET="create", POST="create")
def decision_new(request: TenantRequest, state: str, team: str) -> HttpResponse:
    found = _find(request, team)
    kinds = deciding.open_kinds(standings([found], request.tenant)[found.pk])
    today = request.tenant.today()
    form = DecisionForm(
        posted(request), kinds=kinds, initial={"decided_on": f"{today.month}/{today.day}/{today.year}"}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            deciding.decide(
                found,
                kind=data["kind"],
                decided_on=data["decided_on"],
                until=data["until"],
                reason=data["reason"],
                key=data["key"],
                by=request.actor,
            )
        if form.is_valid():
            return done(request, "The decision is recorded.", url(request, "standing-page", found.slug))
    return form_page(
        request,
        form,
        heading="Record a decision",
        label="Record",
        crumbs=_crumbs(request, found),
        cancel_url=url(request, "standing-page", found.slug),
        lead=f"About {found}. The record keeps your name, the day and the reason, and is never changed; "
        "another decision may follow it.",
    )


def _find(request: TenantRequest, team: str) -> Team:
    rows = Team.objects.select_related("agency", "state").prefetch_related("partners")
    found: Team = find(request, rows, slug=team)
    return found


def _narrowed(request: TenantRequest) -> tuple[StandingFilter, list[dashboard.StandingLine]]:
    teams = dashboard.listed(request.actor)
    agencies = {team.agency.slug: team.agency for team in teams}
    today = request.tenant.today()
    form = StandingFilter(
        request.GET,
        names=policy_on(request.tenant.pk, today).standing_labels,
        agencies=sorted(agencies.values(), key=lambda agency: agency.name),
        agency_word=request.tenant.terms["agency"],
    )
    if form.chosen is None:
        return form, []
    return form, dashboard.narrowed(dashboard.lines(teams, request.tenant), today, form.chosen)


def _crumbs(request: TenantRequest, team: Team) -> list[tuple[str, str]]:
    return [
        (team.name, address(request, "agencies:team-page", request.tenant.slug, team.slug)),
        ("Standing", url(request, "standing-page", team.slug)),
    ]


def _reviews(request: TenantRequest) -> str:
    words = request.tenant.terms["reviews"]
    return words[:1].upper() + words[1:]
