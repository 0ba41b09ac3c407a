"""Notes and strategies are mended or taken off by their author or the state's admin; nothing is overwritten or lost."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from agencies import tenancy
from agencies.models import Change
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from outcomes.actions import meetings, mending
from outcomes.models import MeetingNote, Strategy, SupervisorsMeeting
from tests.cast import StateCast, make_cast, refused
from tests.outcomes.test_meetings import action, begun, strategy

SAID = "We begin with employers next time."
BETTER = "We begin with employers, and invite two."


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def meeting(cast: StateCast) -> SupervisorsMeeting:
    return begun(cast)


@pytest.fixture
def note(cast: StateCast, meeting: SupervisorsMeeting) -> MeetingNote:
    with cast.entered("trainer") as by:
        return meetings.write_note(meeting, text=SAID, owner=None, due_on=None, key=uuid4(), by=by)


def change(cast: StateCast, note: MeetingNote, persona: str, text: str = BETTER, version: int = 1) -> None:
    with cast.entered(persona) as by:
        mending.change_note(note, text=text, owner=None, due_on=None, version=version, by=by)


def now(cast: StateCast, row: Any) -> Any:
    with tenancy.as_system(cast.state.pk):
        row.refresh_from_db()
    return row


def where(note: MeetingNote, name: str = "note-edit") -> str:
    return reverse(f"outcomes:{name}", args=["meridian", note.meeting.quarter, note.pk])


@pytest.mark.parametrize("persona", ["trainer", "admin"])
def test_its_author_and_the_states_admin_change_a_note(
    cast: StateCast, note: MeetingNote, persona: str
) -> None:
    change(cast, note, persona)
    note = now(cast, note)
    assert (note.text, note.version) == (BETTER, 2)


@pytest.mark.parametrize("persona", ["vr_liaison", "leader", "supervisor"])
def test_nobody_else_changes_it(cast: StateCast, note: MeetingNote, persona: str) -> None:
    with refused(NotPermitted):
        change(cast, note, persona)


def test_another_lead_of_the_meeting_is_told_whose_it_is(
    cast: StateCast, meeting: SupervisorsMeeting
) -> None:
    with cast.entered("admin") as by:
        own = meetings.write_note(meeting, text=SAID, owner=None, due_on=None, key=uuid4(), by=by)
    with refused(NotPermitted, "This was written by"):
        change(cast, own, "trainer")
    assert cast.seen_by("trainer").get(where(own)).status_code == 403


def test_of_two_windows_the_second_is_shown_both_texts(cast: StateCast, note: MeetingNote) -> None:
    first, second = cast.seen_by("trainer"), cast.seen_by("admin")
    typed = {"text": BETTER, "owner": "", "due_on": "", "version": "1"}
    assert first.post(where(note), typed).status_code == 302
    late = second.post(where(note), {**typed, "text": "Mine is another."})
    text = late.content.decode()
    assert late.status_code == 409
    assert "Nothing was overwritten" in text
    assert BETTER in text
    assert "Mine is another." in text
    assert 'name="version" value="2"' in text
    again = second.post(where(note), {**typed, "text": "Both.", "version": "2"})
    assert again.status_code == 302
    note = now(cast, note)
    assert note.text == "Both."


def test_what_is_typed_wrong_comes_back(cast: StateCast, note: MeetingNote) -> None:
    typed = {"text": "client Maria found a job", "owner": "", "due_on": "", "version": "1"}
    answer = cast.seen_by("trainer").post(where(note), typed)
    assert answer.status_code == 422
    assert "client Maria found a job" in answer.content.decode()
    with refused(Unacceptable, "name of a person"):
        change(cast, note, "trainer", "client Maria found a job")


def test_what_is_taken_off_is_asked_about_and_stays_in_the_history(
    cast: StateCast, note: MeetingNote
) -> None:
    client = cast.seen_by("trainer")
    question = client.get(where(note, "note-remove")).content.decode()
    assert SAID in question
    assert client.post(where(note, "note-remove"), {"version": "1"}).status_code == 302
    page = client.get(reverse("outcomes:meeting-notes", args=["meridian", note.meeting.quarter]))
    assert SAID not in page.content.decode()
    assert client.get(where(note)).status_code == 404
    with tenancy.as_system(cast.state.pk):
        kept = MeetingNote.objects.get(pk=note.pk)
        assert (kept.text, kept.removed_by) == (SAID, cast.people["trainer"])
        assert Change.objects.filter(
            table_name="outcomes_meetingnote", row_id=note.pk, kind="update"
        ).exists()


def test_an_action_that_is_done_stays_as_it_was_agreed(cast: StateCast, meeting: SupervisorsMeeting) -> None:
    agreed = action(cast, meeting, "Call VR.")
    with cast.entered("trainer") as by:
        meetings.finish(agreed, version=1, by=by)
    with refused(WrongStatus, "stays as it was agreed"):
        change(cast, agreed, "trainer", version=2)


def test_taken_off_twice_or_after_a_change_is_refused(cast: StateCast, note: MeetingNote) -> None:
    change(cast, note, "trainer")
    with refused(StaleVersion), cast.entered("trainer") as by:
        mending.remove_note(note, version=1, by=by)


def test_a_program_mends_its_own_words_and_keeps_its_consent(cast: StateCast) -> None:
    told = strategy(cast, "north_one", "We visit employers.")
    with cast.entered("supervisor") as by:
        mending.change_strategy(told, measure="education", text="We visit two a day.", version=1, by=by)
    told = now(cast, told)
    assert (told.text, told.measure, told.consented) == ("We visit two a day.", "education", True)


def test_words_the_program_did_not_agree_to_are_not_told(
    cast: StateCast, meeting: SupervisorsMeeting
) -> None:
    told = strategy(cast, "north_one", "We visit employers.")
    to = reverse("outcomes:told-edit", args=["meridian", meeting.quarter, told.pk])
    typed = {"measure": "employment", "text": "They visit employers.", "version": "1"}
    assert cast.seen_by("trainer").get(to).status_code == 403
    assert cast.seen_by("admin").post(to, typed).status_code == 302
    with tenancy.as_system(cast.state.pk):
        assert not Strategy.objects.get(pk=told.pk).consented


def test_a_strategy_that_is_taken_off_is_told_nowhere(cast: StateCast) -> None:
    told = strategy(cast, "north_one", "We visit employers.")
    to = reverse("outcomes:strategy-remove", args=["meridian", "north-one", told.pk])
    supervisor = cast.seen_by("supervisor")
    assert "We visit employers." in supervisor.get(to).content.decode()
    assert cast.seen_by("leader").get(to).status_code == 403
    assert supervisor.post(to, {"version": "1"}).status_code == 302
    for persona in ("supervisor", "other_supervisor"):
        with cast.entered(persona) as actor:
            assert not Strategy.objects.visible_to(actor).exists()
