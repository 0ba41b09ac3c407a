"""A form sent twice is answered twice; its key with something else is refused, and what stands says so."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from agencies import tenancy
from agencies.refusals import Unacceptable
from outcomes.actions import entering, importing, meetings, submitting
from outcomes.models import MeetingNote, Strategy, SupervisorsMeeting
from tests.cast import StateCast, make_cast, refused
from tests.outcomes import files, quarters
from tests.outcomes.files import csv_of, head, one

OTHER = "This key was used for a different request. What was sent with it first stands."


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def meeting(cast: StateCast) -> SupervisorsMeeting:
    with cast.entered("trainer") as by:
        quarter = quarters.last_quarter(cast)
        return meetings.begin(cast.state, quarter=quarter, held_on=cast.state.today(), by=by)


@pytest.mark.parametrize("change", ["text", "due_on", "owner"])
def test_a_note_is_written_once_and_another_text_is_not_passed_off_as_it(
    cast: StateCast, meeting: SupervisorsMeeting, change: str
) -> None:
    due_on = meeting.held_on + timedelta(days=30)
    said: dict[str, Any] = {"text": "Visit the team.", "owner": cast.people["supervisor"], "due_on": due_on}
    other: dict[str, Any] = {
        "text": "Call the team.",
        "owner": cast.people["trainer"],
        "due_on": due_on + timedelta(days=1),
    }
    key = uuid4()
    with cast.entered("trainer") as by:
        for _ in range(2):
            meetings.write_note(meeting, **said, key=key, by=by)
        with refused(Unacceptable, OTHER):
            meetings.write_note(meeting, **said | {change: other[change]}, key=key, by=by)
        assert [note.text for note in MeetingNote.objects.all()] == ["Visit the team."]


@pytest.mark.parametrize("change", [{"text": "We call."}, {"measure": "education"}, {"consented": True}])
def test_a_strategy_is_written_once(cast: StateCast, change: dict[str, Any]) -> None:
    said: dict[str, Any] = {"measure": "employment", "text": "We visit.", "consented": False}
    key, today = uuid4(), cast.state.today()
    with cast.entered("supervisor") as by:
        for day in (today, today + timedelta(days=1)):  # sent again after midnight
            meetings.add_strategy(cast.teams["north_one"], **said, told_on=day, key=key, by=by)
        with refused(Unacceptable, OTHER):
            meetings.add_strategy(cast.teams["north_one"], **said | change, told_on=today, key=key, by=by)
        assert [each.text for each in Strategy.objects.all()] == ["We visit."]


def test_an_import_is_finished_with_one_choice(cast: StateCast) -> None:
    quarters.expected(cast)
    found, key = files.upload(cast, csv_of(head(), one(cast))), uuid4()
    with cast.entered("leader") as by:
        for _ in range(2):
            importing.commit(found, cast.state, choice="good", key=key, by=by)
        with refused(Unacceptable, OTHER):
            importing.commit(found, cast.state, choice="all", key=key, by=by)


def test_a_quarter_without_operation_keeps_its_reason(cast: StateCast) -> None:
    report, key = quarters.expected(cast), uuid4()
    with cast.entered("supervisor") as by:
        for _ in range(2):
            submitting.say_not_operating(report, reason="The team paused. ", key=key, by=by)
        with refused(Unacceptable, OTHER):
            submitting.say_not_operating(report, reason="The team moved.", key=key, by=by)
        with refused(Unacceptable, OTHER):
            submitting.submit(report, version=1, key=key, by=by)


def test_figures_that_were_submitted_are_not_answered_as_no_operation(cast: StateCast) -> None:
    report, key = quarters.expected(cast), uuid4()
    quarters.enter(cast, report)
    with cast.entered("supervisor") as by:
        submitting.submit(report, version=entering.draft_of(report).version, key=key, by=by)
        with refused(Unacceptable, OTHER):
            submitting.say_not_operating(report, reason="The team paused.", key=key, by=by)
    with tenancy.as_system(cast.state.pk):
        report.refresh_from_db()
    assert report.is_operating
