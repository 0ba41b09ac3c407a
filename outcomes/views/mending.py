"""Mending what was written in a meeting or by a program, or taking it off, with a question before anything is lost."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, QueryDict

from agencies.access import TenantRequest, door
from agencies.forms import HouseForm, shown_on, undone_by
from agencies.permissions import Resource
from agencies.refusals import Refusal, StaleVersion, Unacceptable
from agencies.views.pages import done, form_page, question, wrong_with
from ips_portal.quarters import Quarter
from outcomes.actions import mending
from outcomes.dashboards.agreed import people_of
from outcomes.finding import find_note, find_strategy
from outcomes.forms.deciding import DecideForm
from outcomes.forms.meetings import NoteChangeForm, StrategyChangeForm
from outcomes.models import MeetingNote, Strategy
from outcomes.views.meetings import above
from outcomes.views.pages import posted, url

Row = MeetingNote | Strategy
Crumbs = list[tuple[str, str]]


@door(Resource.OUTCOME_SUBMITTED, GET="approve", POST="approve")
def note_edit(request: TenantRequest, state: str, meeting: Quarter, note: int) -> HttpResponse:
    found = find_note(request, meeting, note)
    mending.check_author(found, request.actor)
    mending.check_not_done(found)
    day = found.due_on
    stored = {
        "text": found.text,
        "owner": found.owner_id,
        "due_on": f"{day.month}/{day.day}/{day.year}" if day else "",
        "version": found.version,
    }

    def form_of(data: QueryDict | None) -> NoteChangeForm:
        people = people_of(request.actor, request.tenant.today())
        return NoteChangeForm(data, people=people, initial=stored)

    def save(form: Any) -> None:
        mending.change_note(
            found,
            text=form.cleaned_data["text"],
            owner=form.taken_on_by,
            due_on=form.cleaned_data["due_on"],
            version=form.cleaned_data["version"],
            by=request.actor,
        )

    return changing(request, found, form_of, save, "Change a note", notes_of(request, meeting))


@door(Resource.OUTCOME_SUBMITTED, GET="approve", POST="approve")
def note_remove(request: TenantRequest, state: str, meeting: Quarter, note: int) -> HttpResponse:
    found = find_note(request, meeting, note)
    return removing(request, found, mending.remove_note, "Take the note off", notes_of(request, meeting))


@door(Resource.OUTCOME_DRAFT, GET="edit", POST="edit")
def strategy_edit(request: TenantRequest, state: str, team: str, strategy: int) -> HttpResponse:
    """By the program's own author."""
    found = find_strategy(request, strategy, team=team)
    return change_strategy(request, found, told_by(request, found))


@door(Resource.OUTCOME_DRAFT, GET="edit", POST="edit")
def strategy_remove(request: TenantRequest, state: str, team: str, strategy: int) -> HttpResponse:
    found = find_strategy(request, strategy, team=team)
    return removing(request, found, mending.remove_strategy, "Take it off", told_by(request, found))


@door(Resource.OUTCOME_SUBMITTED, GET="approve", POST="approve")
def told_edit(request: TenantRequest, state: str, meeting: Quarter, strategy: int) -> HttpResponse:
    """By who wrote it down in the meeting, or administers the state."""
    return change_strategy(request, find_strategy(request, strategy), programs_of(request, meeting))


@door(Resource.OUTCOME_SUBMITTED, GET="approve", POST="approve")
def told_remove(request: TenantRequest, state: str, meeting: Quarter, strategy: int) -> HttpResponse:
    found = find_strategy(request, strategy)
    return removing(request, found, mending.remove_strategy, "Take it off", programs_of(request, meeting))


def change_strategy(request: TenantRequest, found: Strategy, crumbs: Crumbs) -> HttpResponse:
    mending.check_author(found, request.actor)
    stored = {"measure": found.measure, "text": found.text, "version": found.version}

    def save(form: Any) -> None:
        mending.change_strategy(
            found,
            measure=form.cleaned_data["measure"],
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"],
            by=request.actor,
        )

    return changing(
        request,
        found,
        lambda data: StrategyChangeForm(data, initial=stored),
        save,
        "Change what the program did",
        crumbs,
    )


def changing(
    request: TenantRequest,
    found: Row,
    form_of: Callable[[QueryDict | None], HouseForm],
    save: Callable[[HouseForm], None],
    heading: str,
    crumbs: Crumbs,
) -> HttpResponse:
    """Where somebody was faster both texts stand on one page; saved again, the typed one replaces what stands now."""
    form = form_of(posted(request))
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        with undone_by(StaleVersion) as undone, shown_on(form):
            save(form)
        refusal = undone.refusal
        if refusal and not found.removed_at:
            again: QueryDict = request.POST.copy()
            again["version"] = str(found.version)
            form = form_of(again)
        if refusal is None and form.is_valid():
            return done(request, "Changed. What it said before stays in the history.", crumbs[-1][1])
    return form_page(
        request,
        form,
        heading=heading,
        label="Save",
        crumbs=crumbs,
        cancel_url=crumbs[-1][1],
        template="outcomes/words_edit.html",
        refusal=refusal,
        stored="" if found.removed_at else found.text,
    )


def removing(
    request: TenantRequest, found: Row, remove: Callable[..., None], heading: str, crumbs: Crumbs
) -> HttpResponse:
    mending.check_author(found, request.actor)
    form = DecideForm(posted(request), initial={"version": found.version})
    if request.method == "POST":
        if not form.is_valid():
            raise Unacceptable(wrong_with(form))
        remove(found, version=form.cleaned_data["version"], by=request.actor)
        return done(request, "Taken off. The history keeps what it said.", crumbs[-1][1])
    return question(
        request,
        form,
        heading=heading,
        warning="Nobody reads it any more, and it cannot be brought back here.",
        points=[found.text],
        label=heading,
        crumbs=crumbs,
        cancel_url=crumbs[-1][1],
        danger=True,
    )


def notes_of(request: TenantRequest, meeting: Quarter) -> Crumbs:
    return [*in_meeting(request, meeting), ("Notes and actions", url(request, "meeting-notes", meeting))]


def programs_of(request: TenantRequest, meeting: Quarter) -> Crumbs:
    return [*in_meeting(request, meeting), ("Programs by name", url(request, "meeting-sheets", meeting))]


def in_meeting(request: TenantRequest, meeting: Quarter) -> Crumbs:
    return [*above(request), (meeting.months, url(request, "meeting-page", meeting))]


def told_by(request: TenantRequest, found: Strategy) -> Crumbs:
    team = found.team
    return [
        ("Outcomes", url(request, "report-list")),
        (team.name, url(request, "team-trend", team.slug)),
        ("What we do", url(request, "strategy-list", team.slug)),
    ]
