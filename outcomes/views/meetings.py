"""The quarterly meeting of a state's supervisors: the pack on the screen, notes, and sheets to take home."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.permissions import Resource, may
from agencies.refusals import Unacceptable
from agencies.views.pages import done, pressed, wrong_with
from ips_portal.quarters import Quarter
from ips_portal.reports.views import paper
from outcomes.actions import meetings as actions
from outcomes.dashboards.agreed import meetings_of, notes_page, own_actions, people_of, sheets_of
from outcomes.dashboards.meetings import pack, sheet_of
from outcomes.finding import find_meeting, find_note, find_team
from outcomes.forms.meetings import BeginForm, DoneForm, NamesForm, NoteForm, TeamStrategyForm
from outcomes.models import SupervisorsMeeting
from outcomes.packs import PACK
from outcomes.views.pages import posted, url

MEETINGS = "Supervisors' meetings"


@door(Resource.OUTCOME_ACCEPTED, GET="view")
def meeting_list(request: TenantRequest, state: str) -> HttpResponse:
    """For who leads the state every meeting; for everybody what they took on in one."""
    ended = Quarter.last_ended(request.tenant.today())
    found = meetings_of(request.actor)
    context = {
        "meetings": found,
        "ended": ended,
        "is_begun": any(each.quarter == ended for each in found),
        "may_begin": leads(request),
        "own": own_actions(request.actor),
        "crumbs": [("Outcomes", url(request, "report-list")), (MEETINGS, "")],
    }
    return render(request, "outcomes/meeting_list.html", context)


@door(Resource.OUTCOME_SUBMITTED, GET="approve", POST="approve")
def meeting_begin(request: TenantRequest, state: str) -> HttpResponse:
    """The one about the quarter that ended last."""
    quarter = Quarter.last_ended(request.tenant.today())
    today = request.tenant.today()
    form = BeginForm(posted(request), initial={"held_on": f"{today.month}/{today.day}/{today.year}"})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.begin(
                request.tenant, quarter=quarter, held_on=form.cleaned_data["held_on"], by=request.actor
            )
        if form.is_valid():
            return done(request, "The pack is ready to be shown.", url(request, "meeting-page", quarter))
    context = {
        "form": form,
        "title": f"Begin the meeting on {quarter.months}",
        "label": "Begin the meeting",
        "lead": "The pack is drawn from accepted figures. Programs are shown as letters until you turn names on.",
        "cancel_url": url(request, "meeting-list"),
        "crumbs": [*above(request), ("Begin", "")],
    }
    return render(request, "agencies/record_edit.html", context, status=422 if form.errors else 200)


@door(Resource.OUTCOME_ACCEPTED, GET="view")
def meeting_page(request: TenantRequest, state: str, meeting: Quarter) -> HttpResponse:
    """The pack on the screen. Exact figures: for who leads the state."""
    found = find_meeting(request, meeting)
    context = {
        "pack": pack(found, request.tenant, request.actor),
        "names": NamesForm(
            initial={"version": found.version, "shows_names": "no" if found.shows_names else "yes"}
        ),
        **frame(request, found, ""),
    }
    return render(request, "outcomes/meeting_page.html", context)


@door(Resource.OUTCOME_SUBMITTED, POST="approve")
def meeting_names(request: TenantRequest, state: str, meeting: Quarter) -> HttpResponse:
    found = find_meeting(request, meeting)
    form = NamesForm(request.POST)
    if not form.is_valid():
        raise Unacceptable(wrong_with(form))
    shows = form.cleaned_data["shows_names"]
    actions.show_names(found, shows=shows, version=form.cleaned_data["version"], by=request.actor)
    text = "Programs are shown by name." if shows else "Programs are shown as letters."
    return done(request, text, url(request, "meeting-page", found.quarter))


@door(Resource.OUTCOME_SUBMITTED, GET="view", POST="approve")
def meeting_notes(request: TenantRequest, state: str, meeting: Quarter) -> HttpResponse:
    """What is typed in the meeting, and every action that is still open."""
    found = find_meeting(request, meeting)
    people = people_of(request.actor, request.tenant.today()) if leads(request) else ()
    form = NoteForm(posted(request), people=people)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            note = actions.write_note(
                found,
                text=form.cleaned_data["text"],
                owner=form.taken_on_by,
                due_on=form.cleaned_data["due_on"],
                key=form.cleaned_data["key"],
                by=request.actor,
            )
        if form.is_valid():
            text = (
                f"Written down. {note.owner} has it until {note.due_on:%B %-d}."
                if note.owner
                else "Written down."
            )
            return done(request, text, url(request, "meeting-notes", found.quarter))
    context = {
        "form": form,
        "page": notes_page(found, request.tenant, request.actor),
        **frame(request, found, "Notes and actions"),
    }
    return render(request, "outcomes/meeting_notes.html", context, status=422 if form.errors else 200)


@door(Resource.OUTCOME_SUBMITTED, POST="approve")
def note_done(request: TenantRequest, state: str, meeting: Quarter, note: int) -> HttpResponse:
    """An action of this meeting, or of an earlier one that is still open."""
    found = find_note(request, meeting, note)
    form = DoneForm(request.POST)
    if not form.is_valid():
        raise Unacceptable(wrong_with(form))
    actions.finish(found, version=form.cleaned_data["version"], by=request.actor)
    return done(request, "Done. It is off the list.", url(request, "meeting-notes", meeting))


@door(Resource.OUTCOME_SUBMITTED, GET="view", POST="approve")
def meeting_sheets(request: TenantRequest, state: str, meeting: Quarter) -> HttpResponse:
    """Which letter is which program, sheets to take home, and what programs told. Not for the projector."""
    found = find_meeting(request, meeting)
    sheets = sheets_of(found, request.actor)
    form = TeamStrategyForm(posted(request), teams=[sheet.team for sheet in sheets])
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.add_strategy(
                form.program,
                measure=form.cleaned_data["measure"],
                text=form.cleaned_data["text"],
                told_on=found.held_on,
                consented=False,
                key=form.cleaned_data["key"],
                by=request.actor,
            )
        if form.is_valid():
            text = f"Written down. Others read it once {form.program} agrees, on its own page of strategies."
            return done(request, text, url(request, "meeting-sheets", found.quarter))
    context = {"form": form, "sheets": sheets, **frame(request, found, "Programs by name")}
    return render(request, "outcomes/meeting_sheets.html", context, status=422 if form.errors else 200)


@door(Resource.OUTCOME_ACCEPTED, GET="view")
def meeting_sheet(request: TenantRequest, state: str, meeting: Quarter, sheet: str) -> HttpResponse:
    """One program's page of the pack, under its own name, for its supervisor to take home."""
    team = find_team(request, sheet)
    found = find_meeting(request, meeting)  # last, so that the page is read with the eyes of who leads
    shown = pack(found, request.tenant, request.actor)
    own = sheet_of(team, shown)
    if own is None:
        raise Http404
    by_name = url(request, "meeting-sheets", found.quarter)
    context = {
        "section": own,
        "pack": shown,
        **frame(request, found, team.name),
        "crumbs": [
            *frame(request, found, "x")["crumbs"][:-1],
            ("Programs by name", by_name),
            (team.name, ""),
        ],
    }
    return render(request, "outcomes/meeting_sheet.html", context)


@door(Resource.OUTCOME_ACCEPTED, POST="export")
def meeting_pdf(request: TenantRequest, state: str, meeting: Quarter) -> HttpResponse:
    found = find_meeting(request, meeting)
    pressed(request)
    return paper(request, PACK, found)


def leads(request: TenantRequest) -> bool:
    return bool(may(request.actor, "approve", Resource.OUTCOME_SUBMITTED))


def above(request: TenantRequest) -> list[tuple[str, str]]:
    return [("Outcomes", url(request, "report-list")), (MEETINGS, url(request, "meeting-list"))]


def frame(request: TenantRequest, meeting: SupervisorsMeeting, here: str) -> dict[str, Any]:
    months, pages = meeting.quarter.months, url(request, "meeting-page", meeting.quarter)
    crumbs = [*above(request), (months, pages), (here, "")] if here else [*above(request), (months, "")]
    return {"meeting": meeting, "may_lead": leads(request), "crumbs": crumbs}
