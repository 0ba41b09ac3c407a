"""The supervisors' meeting of a quarter: begun by the state, its notes, its actions, and what programs do.

Who accepts quarterly figures leads the meeting. A program's strategy is told only with the program's consent.
"""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.actions.sentences import check_sentence
from agencies.models import Person, State, Team
from agencies.permissions import Actor, Place, Resource, may, require
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from ips_portal.quarters import Quarter
from outcomes.actions.repeating import check_same
from outcomes.goals import MEASURES
from outcomes.models import NOTE_LIMIT, MeetingNote, Strategy, SupervisorsMeeting

FARTHEST = timedelta(days=366)


@transaction.atomic(savepoint=False)
def begin(state: State, *, quarter: Quarter, held_on: date, by: Actor) -> SupervisorsMeeting:
    """The meeting about a quarter that has ended. Begun once: who begins it again opens the same."""
    lead(by, state.pk)
    if not quarter.has_ended(state.today()):
        raise Unacceptable(f"{quarter.months} has not ended yet. A meeting is about a whole quarter.")
    if not quarter.ends_on < held_on <= quarter.ends_on + FARTHEST:
        raise Unacceptable(
            f"Choose a day after {quarter.ends_on:%B %-d, %Y} and within a year of it.", field="held_on"
        )
    meeting, _ = SupervisorsMeeting.objects.get_or_create(
        state=state,
        quarter=quarter,  # type: ignore[misc]  # the column takes the value itself
        defaults={"held_on": held_on},
    )
    return meeting


def show_names(meeting: SupervisorsMeeting, *, shows: bool, version: int, by: Actor) -> None:
    lead(by, meeting.state_id)
    rows = SupervisorsMeeting.objects.filter(pk=meeting.pk, version=version)
    changed = rows.update(shows_names=shows, version=F("version") + 1)
    meeting.refresh_from_db()
    if not changed and meeting.shows_names != shows:
        raise stale(meeting.version)


@transaction.atomic(savepoint=False)
def write_note(
    meeting: SupervisorsMeeting, *, text: str, owner: Person | None, due_on: date | None, key: UUID, by: Actor
) -> MeetingNote:
    """With an owner and a date it is an action. The same form sent twice writes one note."""
    lead(by, meeting.state_id)
    check_text(text)
    check_agreed(meeting, owner, due_on)
    note, is_new = MeetingNote.objects.get_or_create(
        state_id=meeting.state_id,
        meeting=meeting,
        form_key=key,
        defaults={"text": text, "owner": owner, "due_on": due_on, "written_by_id": by.person_id},
    )
    said = (note.text, note.owner_id, note.due_on)
    check_same(is_same=is_new or said == (text, owner.pk if owner else None, due_on))
    return note


def check_agreed(meeting: SupervisorsMeeting, owner: Person | None, due_on: date | None) -> None:
    if (owner is None) != (due_on is None):
        missing = "owner" if owner is None else "due_on"
        raise Unacceptable("An action has an owner and a date; a note has neither.", field=missing)
    if due_on and not meeting.held_on <= due_on <= meeting.held_on + FARTHEST:
        raise Unacceptable("Choose a day from the meeting on, and within a year.", field="due_on")


def finish(note: MeetingNote, *, version: int, by: Actor) -> None:
    lead(by, note.state_id)
    if note.owner_id is None:
        raise WrongStatus("This is a note without an owner: there is nothing to do about it.")
    rows = MeetingNote.objects.filter(pk=note.pk, version=version, done_at=None)
    changed = rows.update(done_at=timezone.now(), done_by=by.person_id, version=F("version") + 1)
    note.refresh_from_db()
    if not changed and note.done_at is None:
        raise stale(note.version)


@transaction.atomic(savepoint=False)
def add_strategy(
    team: Team, *, measure: str, text: str, told_on: date, consented: bool, key: UUID, by: Actor
) -> Strategy:
    """Written down by the team's own people or by who leads the meeting; only the team's own people consent."""
    if not is_own(team.place, by):
        lead(by, team.state_id)
        if consented:
            raise NotPermitted(f"Only {team} itself can agree that others read this under its name.")
    check_told(measure, text)
    strategy, is_new = Strategy.objects.get_or_create(
        state_id=team.state_id,
        team=team,
        form_key=key,
        defaults={
            "team_name": team.name,
            "measure": measure,
            "text": text,
            "told_on": told_on,
            "consented": consented,
            "written_by_id": by.person_id,
        },
    )
    said = (strategy.measure, strategy.text, strategy.consented)
    check_same(is_same=is_new or said == (measure, text, consented))
    return strategy


def check_told(measure: str, text: str) -> None:
    if measure not in MEASURES:
        raise Unacceptable("Choose the measure this is about.", field="measure")
    check_text(text)


def consent(strategy: Strategy, *, consented: bool, version: int, by: Actor) -> None:
    """Gives or withdraws it, at any time. The name that is told is the team's of that day."""
    require(by, "edit", Resource.OUTCOME_DRAFT, strategy.place)
    rows = Strategy.objects.filter(pk=strategy.pk, version=version)
    changed = rows.update(consented=consented, team_name=strategy.team.name, version=F("version") + 1)
    strategy.refresh_from_db()
    if not changed and strategy.consented != consented:
        raise stale(strategy.version)


def is_own(place: Place, by: Actor) -> bool:
    return bool(may(by, "edit", Resource.OUTCOME_DRAFT, place))


def lead(by: Actor, state_id: int) -> None:
    require(by, "approve", Resource.OUTCOME_SUBMITTED, Place(state_id))


def stale(version: int) -> StaleVersion:
    return StaleVersion(
        "Somebody changed this in the meantime. Open the page again and look before you change it.",
        current={"version": version},
    )


def check_text(text: str) -> None:
    check_sentence(text, most=NOTE_LIMIT, advice="Write it without details of a person served")
