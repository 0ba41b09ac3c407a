"""The list of quarters, one report, and what the state decides about it."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies.access import TenantRequest, door
from agencies.audit import changes_of, sentences
from agencies.forms import HouseForm, shown_on
from agencies.permissions import Resource, Scope, may, scope_of
from agencies.refusals import Unacceptable
from agencies.views.pages import done, page_of, pressed, wrong_with
from ips_portal.quarters import Quarter
from ips_portal.reports.views import paper_page
from outcomes.actions import deciding, papers, submitting
from outcomes.dashboards.listing import QUARTERS_SHOWN, due_now, grid
from outcomes.dashboards.report import report_page as page_of_report
from outcomes.finding import find_report, find_revision, find_to_reopen, shown_revision
from outcomes.forms.deciding import DecideForm, QuarterForm, ReasonForm, ReturnForm
from outcomes.history import case_of
from outcomes.in_force import measures_kept, policy_of
from outcomes.models import AT_HOME, QuarterlyReport
from outcomes.reports import QUARTER
from outcomes.views.pages import (
    frame,
    newest_open,
    posted,
    quarters_shown,
    question,
    url,
    url_of,
)


@door(Resource.OUTCOME_SUBMITTED, GET="view")
def report_list(request: TenantRequest, state: str) -> HttpResponse:
    """Which report of which team stands where; for a team's own people, first what is due."""
    today = request.tenant.today()
    quarters = quarters_shown(request)
    shown = grid(request.actor, quarters, today)
    ended = Quarter.last_ended(today)
    context = {
        "grid": shown,
        "due": due_now(request.tenant, request.actor),
        "ended": next((each for each in shown.completeness if each.quarter == ended), None),
        "older_url": f"{url(request, 'report-list')}?to={(quarters[0] - 1).slug}",
        "newer_url": f"{url(request, 'report-list')}?to={(quarters[-1] + QUARTERS_SHOWN).slug}"
        if quarters[-1] < newest_open(today)
        else "",
        "may_accept": bool(may(request.actor, "approve", Resource.OUTCOME_SUBMITTED)),
        "keeps_between": keeps_between(request, today),
        "may_import": enters_for_teams(request),
        "may_export": bool(may(request.actor, "export", Resource.OUTCOME_SUBMITTED)),
        "crumbs": [("Outcomes", "")],
    }
    return render(request, "outcomes/report_list.html", context)


def enters_for_teams(request: TenantRequest) -> bool:
    """A file is about whole teams: whoever enters only what they began themselves has no use for it."""
    scopes = {scope_of(seat.role, "edit", Resource.OUTCOME_DRAFT) for seat in request.seats}
    return bool(scopes - {None, Scope.OWN})


def keeps_between(request: TenantRequest, today: date) -> bool:
    """Has this person a page between quarters? Only the team's own people, where the state has switched it on."""
    if not any(seat.role in AT_HOME for seat in request.actors):
        return False
    return any(vars(policy_of(request.tenant.pk, Quarter.of(today)).between).values())


@door(Resource.OUTCOME_SUBMITTED, GET="view")
def report_page(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    report = find_report(request, team, quarter)
    revision = shown_revision(request, report)
    case = case_of(report, revision) if revision else None
    page = page_of_report(report, revision, case, request.actor)
    context = {
        "page": page,
        "accept": DecideForm(initial={"version": report.version}),
        **frame(request, report),
    }
    return render(request, "outcomes/report_page.html", context)


@door(Resource.OUTCOME_SUBMITTED, GET="view")
def report_history(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    report = find_report(request, team, quarter)
    found = page_of(request, changes_of(report))
    context = {"page": found, "entries": sentences(found.object_list), **frame(request, report, "History")}
    return render(request, "outcomes/report_history.html", context)


@door(Resource.OUTCOME_ACCEPTED, POST="export")
def report_pdf(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    report = find_report(request, team, quarter)
    pressed(request)
    return paper_page(request, papers.ask(QUARTER, report, by=request.actor))


@door(Resource.OUTCOME_SUBMITTED, GET="reopen", POST="reopen")
def report_take_back(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    report = find_report(request, team, quarter)
    form = HouseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        submitting.take_back(report, by=request.actor)
        text = "The figures are yours again. Change them, then submit once more."
        return done(request, text, url_of(request, "report-page", report))
    return question(
        request,
        report,
        form,
        heading="Take the report back",
        label="Take it back",
        warning="The state no longer sees the figures as submitted, and does not count them.",
        points=("Nothing that was entered is lost.", f"It is due on {report.due_on:%B %-d, %Y}."),
    )


@door(Resource.OUTCOME_SUBMITTED, POST="approve")
def report_accept(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    report = find_report(request, team, quarter)
    form = DecideForm(request.POST)
    if not form.is_valid():
        raise Unacceptable(wrong_with(form))
    deciding.accept(report, version=form.cleaned_data["version"], by=request.actor)
    final = report.final_words(request.tenant.today())
    text = f"Accepted. The figures count from now on, provisionally until they lock: {final}."
    return done(request, text, url_of(request, "report-page", report))


@door(Resource.OUTCOME_SUBMITTED, POST="approve")
def clean_accept(request: TenantRequest, state: str) -> HttpResponse:
    """All of a quarter that came without a warning."""
    form = QuarterForm(request.POST)
    if not form.is_valid():
        raise Unacceptable(wrong_with(form))
    quarter = form.cleaned_data["quarter"]
    rows = QuarterlyReport.objects.visible_to(request.actor).placed().of_quarter(quarter)
    waiting = rows.filter(status=QuarterlyReport.Status.SUBMITTED)
    result = deciding.accept_clean(waiting, by=request.actor)
    left = len(result.left)
    text = f"{submitting.counted(len(result.accepted), 'report')} accepted."
    if left:
        text += f" {submitting.counted(left, 'report')} left for you to read: they carry warnings, or are your own."
    messages.success(request, text)
    return redirect(url(request, "report-list"))


@door(Resource.OUTCOME_SUBMITTED, GET="approve", POST="approve")
def report_return(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    """Back to the team, with a comment at the very figure."""
    report = find_report(request, team, quarter)
    deciding.check_waiting(report)
    revision = find_revision(request, report, report.current)
    page = page_of_report(report, revision, case_of(report, revision), request.actor)
    form = ReturnForm(
        posted(request),
        measures=measures_kept(revision.definition),
        said={line.measure.key: line.sentence for _, lines in page.groups for line in lines},
        initial={"version": report.version},
    )
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            version = form.cleaned_data["version"]
            deciding.give_back(report, cells=form.cells, version=version, by=request.actor)
        if form.is_valid():
            return done(
                request, "Returned. The team is told by e-mail.", url_of(request, "report-page", report)
            )
    context = {
        "form": form,
        "cancel_url": url_of(request, "report-page", report),
        **frame(request, report, "Return it to the team"),
    }
    return render(request, "outcomes/report_return.html", context, status=422 if form.errors else 200)


@door(Resource.OUTCOME_ACCEPTED, GET="reopen", POST="reopen")
def report_reopen(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    report = find_to_reopen(request, team, quarter)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            deciding.reopen(report, reason=form.cleaned_data["reason"], by=request.actor)
        if form.is_valid():
            text = "Reopened. What was accepted stands until the team's correction is accepted; the team is told."
            return done(request, text, url_of(request, "report-page", report))
    return question(
        request,
        report,
        form,
        heading="Reopen for correction",
        label="Reopen",
        warning="The team corrects the quarter as a new revision. The accepted figures stay in every rate meanwhile.",
        points=("The reason is kept in the history and shown to the team.",),
    )


@door(Resource.OUTCOME_ACCEPTED, GET="lock", POST="lock")
def report_lock(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    report = find_report(request, team, quarter)
    form = HouseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        deciding.lock_now(report, by=request.actor)
        return done(request, "Locked. The figures are final.", url_of(request, "report-page", report))
    is_early = report.locks_on > request.tenant.today()
    else_when = f"on {report.locks_on:%B %-d, %Y}" if is_early else "within a day"
    return question(
        request,
        report,
        form,
        heading="Lock the quarter",
        label="Lock",
        warning=f"The figures become final at once. Otherwise they would {else_when}.",
        points=("A later correction needs a reopening with a reason.",),
    )
