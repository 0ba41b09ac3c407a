"""Between quarters: the weeks and months of a team's specialists, and its goals. Open to the team's own people only."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.models import Team
from agencies.permissions import Resource
from agencies.views.pages import done, form_page
from ips_portal.quarters import Quarter
from outcomes.actions import between as actions
from outcomes.dashboards.between import (
    CONTACTS_A_WEEK,
    goal_rows,
    goals_of,
    list_page,
    month_of,
    standard,
    team_page,
    week_of,
)
from outcomes.finding import find_on_team, find_supervised, find_whose_goals, seats_at_home, switched_on
from outcomes.forms.between import GoalForm, MonthForm, ReviewedWeekForm, WeekForm
from outcomes.models import OnTeam, leads
from outcomes.views.pages import posted, url

WEEK = timedelta(weeks=1)


def crumbs(request: TenantRequest, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        ("Outcomes", url(request, "report-list")),
        ("Between quarters", url(request, "between-list") if more else ""),
        *more,
    ]


def team_url(request: TenantRequest, team: Team, quarter: Quarter) -> str:
    return url(request, "between-team", team.slug, quarter)


def way_back(request: TenantRequest, on_team: OnTeam, quarter: Quarter) -> list[tuple[str, str]]:
    """The page above a week or a month: the team's for its supervisor, the first one for the specialist."""
    if leads(request.actor, on_team.team_id):
        return crumbs(request, (on_team.team.name, team_url(request, on_team.team, quarter)))
    return [*crumbs(request)[:-1], ("Between quarters", url(request, "between-list"))]


@door(Resource.OUTCOME_DRAFT, GET="view")
def between_list(request: TenantRequest, state: str) -> HttpResponse:
    """A supervisor's teams; a specialist's week, months and goals."""
    today = request.tenant.today()
    now = Quarter.of(today)
    between = switched_on(request, now)
    context = {
        "between": between,
        "quarter": now,
        "page": list_page(seats_at_home(request), now, today),
        "crumbs": crumbs(request),
    }
    return render(request, "outcomes/between_list.html", context)


@door(Resource.OUTCOME_DRAFT, GET="view")
def between_team(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    found = find_supervised(request, team)
    between = switched_on(request, quarter)
    today = request.tenant.today()
    context = {
        "team": found,
        "quarter": quarter,
        "between": between,
        "page": team_page(found, quarter, request.actor, today, between),
        "standard": CONTACTS_A_WEEK,
        "older": quarter - 1,
        "newer": quarter + 1 if (quarter + 1).starts_on <= today else None,
        "crumbs": crumbs(request, (found.name, "")),
    }
    return render(request, "outcomes/between_team.html", context)


@door(Resource.OUTCOME_DRAFT, GET="view", POST="edit")
def between_week(request: TenantRequest, state: str, team: str, person: int, monday: date) -> HttpResponse:
    on_team = find_on_team(request, team, person)
    quarter, today = Quarter.of(monday), request.tenant.today()
    between = switched_on(request, quarter, "weekly_contacts")
    actions.check_begun(monday, today, "week")
    row = week_of(on_team, monday, request.actor)
    kind = ReviewedWeekForm if leads(request.actor, on_team.team_id) else WeekForm
    shown = {name: getattr(row, name) for name in ("contacts", "looking", "reviewed_on")} if row else {}
    form = kind(posted(request), initial={**shown, "seen_as": actions.mark(row)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            actions.save_week(
                on_team,
                monday=monday,
                contacts=data["contacts"],
                looking=data["looking"],
                reviewed_on=data.get("reviewed_on"),
                seen=data["seen_as"],
                by=request.actor,
            )
        if form.is_valid():
            return done(request, f"Saved: {data['contacts']} contacts.", week_url(request, on_team, monday))
    goals = goals_of(on_team.team, quarter, request.actor) if between.specialist_goals else {}
    return entry(
        request,
        on_team,
        form,
        quarter,
        heading=f"Week of {monday:%B %-d, %Y}",
        row=row,
        standard=standard(row.looking) if row else CONTACTS_A_WEEK,
        goal=goals.get(on_team.person.pk, {}).get("contacts"),
        before=("Week before", week_url(request, on_team, monday - WEEK)),
        after=("Next week", week_url(request, on_team, monday + WEEK)) if monday + WEEK <= today else None,
        is_week=True,
    )


@door(Resource.OUTCOME_DRAFT, GET="view", POST="edit")
def between_month(request: TenantRequest, state: str, team: str, person: int, month: date) -> HttpResponse:
    on_team = find_on_team(request, team, person)
    quarter, today = Quarter.of(month), request.tenant.today()
    switched_on(request, quarter, "monthly_tallies")
    actions.check_begun(month, today, "month")
    row = month_of(on_team, month, request.actor)
    form = MonthForm(posted(request), initial={**(row.values if row else {}), "seen_as": actions.mark(row)})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.save_month(
                on_team, month=month, values=form.values, seen=form.cleaned_data["seen_as"], by=request.actor
            )
        if form.is_valid():
            text = "Saved. It helps with the quarter and is not reported."
            return done(request, text, month_url(request, on_team, month))
    before, after = (month - timedelta(days=1)).replace(day=1), (month + timedelta(days=31)).replace(day=1)
    return entry(
        request,
        on_team,
        form,
        quarter,
        heading=f"Tally of {month:%B %Y}",
        before=("Month before", month_url(request, on_team, before)),
        after=("Next month", month_url(request, on_team, after)) if after <= today else None,
    )


def entry(
    request: TenantRequest,
    on_team: OnTeam,
    form: WeekForm | MonthForm,
    quarter: Quarter,
    *,
    heading: str,
    **more: Any,
) -> HttpResponse:
    back = way_back(request, on_team, quarter)
    is_own = on_team.person.pk == request.actor.person_id
    context = {
        "form": form,
        "on_team": on_team,
        "heading": heading,
        "is_own": is_own,
        "quarter": quarter,
        "back_url": back[-1][1],
        "crumbs": [*back, (heading if is_own else f"{on_team}, {heading}", "")],
        **more,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "outcomes/between_entry.html", context, status=status)


@door(Resource.OUTCOME_DRAFT, GET="edit", POST="edit")
def between_goals(
    request: TenantRequest, state: str, team: str, quarter: Quarter, person: int | None = None
) -> HttpResponse:
    """The goals of the team, or of one specialist."""
    found, on_team = find_whose_goals(request, team, person)
    switched_on(request, quarter, "specialist_goals")
    actions.check_sets_goals(found, request.actor)
    rows = goal_rows(found, quarter, on_team.person.pk if on_team else None, request.actor)
    values = {key: row.value for key, row in rows.items()}
    form = GoalForm(posted(request), initial={**values, "seen_as": actions.mark_of_goals(rows)})
    back = team_url(request, found, quarter)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.set_goals(
                found,
                quarter=quarter,
                values=form.values,
                seen=form.cleaned_data["seen_as"],
                on_team=on_team,
                by=request.actor,
            )
        if form.is_valid():
            return done(request, "The goals are saved.", back)
    return form_page(
        request,
        form,
        heading=f"Goals of {on_team or found.name}, {quarter.months}",
        label="Save the goals",
        lead="A goal stands beside the next figure, for you and for whom it is about. It is never reported and never "
        "compared. Leave a field empty for no goal.",
        crumbs=crumbs(request, (found.name, back)),
        cancel_url=back,
    )


def week_url(request: TenantRequest, on_team: OnTeam, monday: date) -> str:
    return url(request, "between-week", on_team.team.slug, on_team.person.pk, monday)


def month_url(request: TenantRequest, on_team: OnTeam, month: date) -> str:
    return url(request, "between-month", on_team.team.slug, on_team.person.pk, month)
