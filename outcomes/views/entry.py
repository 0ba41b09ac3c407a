"""Entering a quarter: the whole page, one cell as it is typed, and the check before it is submitted."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies.access import TenantRequest, door
from agencies.forms import HouseForm, shown_on, undone_by
from agencies.permissions import Actor, Resource, may
from agencies.refusals import Refusal, StaleVersion
from agencies.views.pages import done
from ips_portal.quarters import Quarter
from outcomes.actions import entering, submitting
from outcomes.checks import catalogue
from outcomes.dashboards.between import beside_entry
from outcomes.dashboards.entry import EntryPage, Shown, entry_page
from outcomes.finding import find_report
from outcomes.forms.deciding import IdleForm, SubmitForm
from outcomes.forms.figures import SUBMITTED_WITH, TypedReport, parse
from outcomes.history import case_of
from outcomes.in_force import measures_of, policy_of
from outcomes.models import QuarterlyReport
from outcomes.views.pages import frame, posted, question, url_of

RULES = tuple(rule.id for rule in catalogue())


def page_of(
    report: QuarterlyReport,
    typed: TypedReport | None = None,
    *,
    is_final: bool = False,
    reader: Actor | None = None,
) -> EntryPage:
    """What is stored, with what was typed over it in the fields it came from; beside it what `reader` keeps."""
    shown = {
        key: Shown(cell.text, cell.is_absent, cell.why, cell.notice, cell.problem)
        for key, cell in (typed.cells if typed else {}).items()
    }
    case = case_of(report, entering.draft_of(report))
    policy = policy_of(report.state_id, report.quarter)
    beside = beside_entry(report, reader, policy.between) if reader else {}
    return entry_page(case, policy, typed=shown, marked=report.returned, beside=beside, is_final=is_final)


def entry(
    request: TenantRequest,
    report: QuarterlyReport,
    *,
    typed: TypedReport | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page_of(report, typed, reader=request.actor),
        "typed": typed,
        "refusal": refusal,
        "save_url": url_of(request, "figures-save", report),
        "check_url": url_of(request, "report-submit", report),
        "may_discard": report.current and may(request.actor, "delete", Resource.OUTCOME_DRAFT, report.place),
        **frame(request, report, "Enter the figures"),
    }
    return render(
        request, "outcomes/figures_edit.html", context, status=refusal.status if refusal else status
    )


@door(Resource.OUTCOME_DRAFT, GET="edit", POST="edit")
def figures_edit(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    """The page; its form saves all cells at once, for browsers without scripts."""
    report = find_report(request, team, quarter)
    entering.check_with_team(report)
    entering.check_opened(report)
    if request.method != "POST":
        return entry(request, report)
    typed = read(request, report)
    if not typed.is_acceptable:
        return entry(request, report, typed=typed, status=422)
    try:
        with transaction.atomic():
            entering.save_cells(report, cells=typed.values, words=words_of(report, typed), by=request.actor)
    except StaleVersion as refusal:
        return entry(request, find_report(request, team, quarter), typed=typed, refusal=refusal)
    if request.POST.get("then") == "check":
        return redirect(url_of(request, "report-submit", report))
    text = f"Saved. {report.percent}% is filled in. Nothing was submitted yet."
    return done(request, text, url_of(request, "figures-edit", report))


def read(request: TenantRequest, report: QuarterlyReport, also: Collection[str] = ()) -> TypedReport:
    measures = measures_of(policy_of(report.state_id, report.quarter))
    return parse(request.POST, measures, RULES, request.FILES, also)


def words_of(report: QuarterlyReport, typed: TypedReport) -> entering.Words:
    """What the form did not carry stays as it is: a cell saved by itself brings no notes."""
    kept = entering.draft_of(report).figures
    return entering.Words(
        typed.explained,
        kept.note if typed.note is None else typed.note,
        kept.vacancy if typed.vacancy is None else typed.vacancy,
    )


@door(Resource.OUTCOME_DRAFT, POST="edit")
def figures_save(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    """One cell or note, sent as soon as its field is left. Answers with the pieces of the page that changed."""
    report = find_report(request, team, quarter)
    typed = read(request, report)
    refusal: Refusal | None = None
    if typed.is_acceptable:
        with undone_by(StaleVersion) as undone:
            entering.save_cells(report, cells=typed.values, words=words_of(report, typed), by=request.actor)
        refusal = undone.refusal
    page = page_of(report, typed)
    rows = [row for _, found in page.groups for row in found]
    context = {"page": page, "rows": rows, "typed": typed, "refusal": refusal, "report": report}
    status = refusal.status if refusal else 200 if typed.is_acceptable else 422
    return render(request, "outcomes/_figures_saved.html", context, status=status)


@door(Resource.OUTCOME_DRAFT, GET="submit", POST="submit")
def report_submit(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    """Everything that stands in the way, each with its note; then the figures go to the state."""
    report = find_report(request, team, quarter)
    if request.method != "POST":
        entering.check_with_team(report)
        return check_page(request, report)
    typed = read(request, report, SUBMITTED_WITH)
    form = SubmitForm({name: request.POST.get(name, "") for name in ("key", "version")})
    if typed.problems or not form.is_valid():
        problems = typed.problems or ("Open this page again, then submit.",)
        return check_page(request, report, typed=typed, problems=problems)
    before = report.status
    try:
        with transaction.atomic():
            submitting.submit(report, **form.cleaned_data, words=words_of(report, typed), by=request.actor)
    except submitting.Blocked as blocked:
        return check_page(request, find_report(request, team, quarter), typed=typed, refusal=blocked)
    except StaleVersion as stale:
        return check_page(request, find_report(request, team, quarter), typed=typed, refusal=stale)
    if before != report.status:
        messages.success(request, what_happens_next(report))
    return redirect(url_of(request, "report-page", report))


def check_page(
    request: TenantRequest,
    report: QuarterlyReport,
    *,
    typed: TypedReport | None = None,
    refusal: Refusal | None = None,
    problems: tuple[str, ...] = (),
) -> HttpResponse:
    page = page_of(report, is_final=True)
    if typed:  # what was written stays on the page, whatever stood in its way
        page = replace(page, explained={**page.explained, **typed.explained})
    context: dict[str, Any] = {
        "page": page,
        "refusal": refusal,
        "problems": problems,
        "version": entering.draft_of(report).version,
        "key": uuid4(),
        "has_ended": report.quarter.has_ended(request.tenant.today()),
        "edit_url": url_of(request, "figures-edit", report),
        **frame(request, report, "Check and submit"),
    }
    status = refusal.status if refusal else 422 if problems else 200
    return render(request, "outcomes/report_submit.html", context, status=status)


def what_happens_next(report: QuarterlyReport) -> str:
    late = ", after the due date" if report.is_late else ""
    return (
        f"Submitted{late}. The state reads the figures and accepts them or returns them with comments; you are told "
        "either way. Until then you can take them back."
    )


@door(Resource.OUTCOME_DRAFT, GET="edit", POST="edit")
def figures_nothing(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    """Nobody was served: every count a confirmed zero."""
    report = find_report(request, team, quarter)
    entering.check_with_team(report)
    form = HouseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        entering.report_nothing(report, by=request.actor)
        text = "Every count is now a confirmed 0. Check the staff figures, then submit."
        return done(request, text, url_of(request, "figures-edit", report))
    return question(
        request,
        report,
        form,
        heading="Nobody was served",
        label="Enter 0 for every count",
        warning=f"Every count of {report.quarter.months} becomes a confirmed zero. Staff figures stay as they are.",
        points=(
            "What has been entered so far is replaced.",
            "Nothing is submitted yet; you can still change it.",
        ),
    )


@door(Resource.OUTCOME_DRAFT, GET="submit", POST="submit")
def report_idle(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    """The team did not run in this quarter."""
    report = find_report(request, team, quarter)
    form = IdleForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            data = form.cleaned_data
            submitting.say_not_operating(report, reason=data["reason"], key=data["key"], by=request.actor)
        if form.is_valid():
            return done(request, what_happens_next(report), url_of(request, "report-page", report))
    return question(
        request,
        report,
        form,
        heading="The team did not operate",
        label="Submit without figures",
        warning=f"{report.team} is reported as not operating in {report.quarter.months}.",
        points=(
            "The quarter counts as reported and is left out of every rate; it is a gap, not a zero.",
            "If the team ran but served nobody, go back and choose “Nobody was served”.",
        ),
    )


@door(Resource.OUTCOME_DRAFT, GET="delete", POST="delete")
def figures_discard(request: TenantRequest, state: str, team: str, quarter: Quarter) -> HttpResponse:
    report = find_report(request, team, quarter)
    entering.check_with_team(report)
    form = HouseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        entering.discard(report, by=request.actor)
        return done(request, "The draft is gone.", url_of(request, "report-page", report))
    return question(
        request,
        report,
        form,
        heading="Discard the draft",
        label="Discard the draft",
        warning="What has been entered since the last submission is thrown away.",
        points=("The history keeps that there was a draft.",),
        danger=True,
    )
