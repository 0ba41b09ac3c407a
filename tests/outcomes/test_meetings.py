"""The supervisors' meeting: exact for its leads, nameless where names are off, its actions kept until they are done."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import tenancy
from agencies.models import Membership, Person
from agencies.permissions import Role
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from ips_portal.homes.todos import todos
from ips_portal.quarters import Quarter
from outcomes.actions import meetings as actions
from outcomes.dashboards.agreed import told_on
from outcomes.dashboards.meetings import letter, pack, without_names
from outcomes.models import MeetingNote, Strategy, SupervisorsMeeting
from tests.cast import STARTED, StateCast, make_cast, refused
from tests.outcomes import quarters

TEAMS = {"north_one": "supervisor", "north_two": "sibling_supervisor", "south_one": "other_supervisor"}
LEADS = ("admin", "trainer", "vr_liaison", "mh_liaison", "department_liaison")
OTHERS = ("leader", "supervisor", "specialist", "stakeholder", "reviewer", "payer")


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def report(cast: StateCast, team: str = "north_one", back: int = 0, **values: int) -> None:
    found = quarters.expected(cast, team, quarters.last_quarter(cast) - back)
    quarters.enter(cast, found, TEAMS[team], **values)
    quarters.submit(cast, found, TEAMS[team])
    quarters.accept(cast, found)


def begun(cast: StateCast, quarter: Quarter | None = None) -> SupervisorsMeeting:
    about = quarter or quarters.last_quarter(cast)
    with cast.entered("trainer") as by:
        return actions.begin(cast.state, quarter=about, held_on=about.ends_on + timedelta(days=40), by=by)


def action(cast: StateCast, meeting: SupervisorsMeeting, text: str, owner: str = "supervisor") -> MeetingNote:
    due_on = meeting.held_on + timedelta(days=30)
    with cast.entered("trainer") as by:
        return actions.write_note(
            meeting, text=text, owner=cast.people[owner], due_on=due_on, key=uuid4(), by=by
        )


def strategy(cast: StateCast, team: str, text: str, *, consented: bool = True, persona: str = "") -> Strategy:
    with cast.entered(persona or TEAMS[team]) as by:
        return actions.add_strategy(
            cast.teams[team],
            measure="employment",
            text=text,
            told_on=cast.state.today(),
            consented=consented,
            key=uuid4(),
            by=by,
        )


def address(cast: StateCast, name: str, *more: object) -> str:
    return reverse(f"outcomes:{name}", args=[cast.state.slug, *more])


def page(cast: StateCast, persona: str, name: str, *more: object) -> str:
    answer = cast.seen_by(persona).get(address(cast, name, *more))
    assert answer.status_code == 200
    return answer.content.decode()


# --- who ------------------------------------------------------------------------------------------------------
def test_only_who_leads_the_state_opens_the_pack(cast: StateCast) -> None:
    report(cast)
    quarter = begun(cast).quarter
    team = cast.teams["north_one"].slug
    for about in (
        ("meeting-page", quarter),
        ("meeting-notes", quarter),
        ("meeting-sheets", quarter),
        ("meeting-sheet", quarter, team),
    ):
        for persona in LEADS:
            assert cast.seen_by(persona).get(address(cast, *about)).status_code == 200
        for persona in OTHERS:
            assert cast.seen_by(persona).get(address(cast, *about)).status_code == 404


def test_trainers_and_admins_begin_and_write_and_liaisons_only_read(cast: StateCast) -> None:
    meeting = begun(cast)
    for persona in ("vr_liaison", "mh_liaison", "supervisor"):
        with cast.entered(persona) as by, refused(NotPermitted):
            actions.begin(cast.state, quarter=meeting.quarter, held_on=meeting.held_on, by=by)
        with cast.entered(persona) as by, refused(NotPermitted):
            actions.write_note(meeting, text="No.", owner=None, due_on=None, key=uuid4(), by=by)
        with cast.entered(persona) as by, refused(NotPermitted):
            actions.show_names(meeting, shows=True, version=meeting.version, by=by)
    assert "Write down" not in page(cast, "vr_liaison", "meeting-notes", meeting.quarter)
    assert "Turn names" not in page(cast, "vr_liaison", "meeting-page", meeting.quarter)


def test_the_database_shows_an_owner_her_action_and_nothing_else_of_a_meeting(cast: StateCast) -> None:
    meeting = begun(cast)
    mine = action(cast, meeting, "Visit the other team.")
    action(cast, meeting, "Call the employers.", owner="other_supervisor")
    with cast.entered("supervisor"):
        assert list(MeetingNote.objects.all()) == [mine]
        assert not SupervisorsMeeting.objects.exists()
        assert MeetingNote.objects.filter(pk=mine.pk).update(text="Changed") == 0
    shown = page(cast, "supervisor", "meeting-list")
    assert "Visit the other team." in shown
    assert "Call the employers." not in shown


# --- beginning ------------------------------------------------------------------------------------------------
def test_a_meeting_is_begun_once_and_only_about_a_quarter_that_has_ended(cast: StateCast) -> None:
    first, again = begun(cast), begun(cast)
    assert first.pk == again.pk
    running = Quarter.of(cast.state.today())
    with cast.entered("trainer") as by, refused(Unacceptable, "has not ended"):
        actions.begin(cast.state, quarter=running, held_on=running.ends_on, by=by)
    with cast.entered("trainer") as by, refused(Unacceptable, "Choose a day"):
        actions.begin(cast.state, quarter=first.quarter, held_on=first.quarter.ends_on, by=by)


def test_the_list_begins_the_meeting_on_the_quarter_that_ended_last(cast: StateCast) -> None:
    today = cast.state.today()
    client = cast.seen_by("trainer")
    assert "Begin the one on" in client.get(address(cast, "meeting-list")).content.decode()
    typed = {"held_on": f"{today.month}/{today.day}/{today.year}"}
    answer = client.post(address(cast, "meeting-begin"), typed)
    assert answer.headers["Location"] == address(cast, "meeting-page", quarters.last_quarter(cast))
    assert "Begin the one on" not in client.get(address(cast, "meeting-list")).content.decode()


# --- names ----------------------------------------------------------------------------------------------------
def test_with_names_off_nothing_on_the_pack_says_who_is_who(cast: StateCast) -> None:
    for team in TEAMS:
        report(cast, team)
    meeting = begun(cast)
    north, agency = cast.teams["north_one"], cast.agencies["north"]
    action(cast, meeting, f"{north.name.upper()} visits {agency.name}.")
    for name in ("meeting-page", "meeting-notes"):
        text = re.sub(r'value="[^"]*"', "", page(cast, "trainer", name, meeting.quarter))
        for row in (*cast.teams.values(), *cast.agencies.values()):
            assert row.name.casefold() not in text.casefold()
            assert f"/{row.slug}/" not in text
        assert re.search(r"Program [A-D] visits an agency\.", text)


def test_with_names_on_each_program_stands_under_its_name(cast: StateCast) -> None:
    report(cast)
    meeting = begun(cast)
    client = cast.seen_by("trainer")
    typed = {"shows_names": "yes", "version": meeting.version}
    assert client.post(address(cast, "meeting-names", meeting.quarter), typed).status_code == 302
    text = page(cast, "trainer", "meeting-page", meeting.quarter)
    assert cast.teams["north_one"].name in text
    assert "Program A" not in text
    assert address(cast, "meeting-sheet", meeting.quarter, "north-one") in text


def test_two_who_switch_names_at_once_are_told(cast: StateCast) -> None:
    meeting = begun(cast)
    with cast.entered("trainer") as by:
        actions.show_names(meeting, shows=True, version=1, by=by)
        actions.show_names(meeting, shows=True, version=1, by=by)
    with cast.entered("admin") as by, refused(StaleVersion):
        actions.show_names(meeting, shows=False, version=1, by=by)


def test_letters_differ_from_meeting_to_meeting_and_go_on_after_z(cast: StateCast) -> None:
    for back in (0, 1):
        for team in TEAMS:
            report(cast, team, back)
    last = quarters.last_quarter(cast)
    assert [letter(place) for place in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]
    for quarter in (last, last - 1):
        begun(cast, quarter)
        text = page(cast, "trainer", "meeting-sheets", quarter)
        assert sorted(re.findall(r"Program [A-D]<", text)) == [f"Program {each}<" for each in "ABCD"]


def test_a_longer_name_is_hidden_before_the_shorter_one_in_it() -> None:
    instead = {"North Team": "Program A", "North Team Two": "Program B"}
    assert without_names("north team two asks North Team.", instead) == "Program B asks Program A."
    assert without_names("Northern ideas", {"North": "Program A"}) == "Northern ideas"


# --- what is shown --------------------------------------------------------------------------------------------
def test_the_pack_shows_accepted_figures_with_their_mark_and_nothing_of_a_draft(cast: StateCast) -> None:
    report(cast, employed=18)
    report(cast, back=1)
    waiting = quarters.expected(cast, "south_one")
    quarters.enter(cast, waiting, "other_supervisor", employed=21)
    quarters.submit(cast, waiting, "other_supervisor")
    text = page(cast, "trainer", "meeting-page", begun(cast).quarter)
    assert "18 of 40 people" in text
    assert "provisional" in text
    assert "21 of 40 people" not in text
    assert "There are accepted figures for 0 of 4 quarters" in text
    assert 'id="program-4"' in text
    assert 'href="#program-2"' in text


def test_a_sheet_is_of_one_program_under_its_name(cast: StateCast) -> None:
    for team in TEAMS:
        report(cast, team)
    quarter = begun(cast).quarter
    text = page(cast, "trainer", "meeting-sheet", quarter, "north-one")
    assert cast.teams["north_one"].name in text
    assert cast.teams["south_one"].name not in text
    assert cast.seen_by("trainer").get(address(cast, "meeting-sheet", quarter, "nowhere")).status_code == 404


def test_the_pages_ask_as_many_questions_for_many_programs_as_for_one(cast: StateCast) -> None:
    report(cast)
    meeting = begun(cast)
    action(cast, meeting, "One.")
    strategy(cast, "north_one", "We visit employers.")
    names = ("meeting-page", "meeting-notes", "meeting-sheets")
    small = {name: asked(cast, name, meeting.quarter) for name in names}
    for team in ("north_two", "south_one"):
        report(cast, team)
        strategy(cast, team, "We call employers.")
        action(cast, meeting, "Two.", owner=TEAMS[team])
    report(cast, back=1)
    assert {name: asked(cast, name, meeting.quarter) for name in names} == small


def test_the_pack_is_read_in_four_questions(cast: StateCast, django_assert_num_queries: object) -> None:
    for team in TEAMS:
        report(cast, team)
    meeting = begun(cast)
    with cast.entered("vr_liaison") as by, django_assert_num_queries(4):  # type: ignore[operator]
        found = pack(meeting, cast.state, by)
    assert [each.name for each in found.sections] == [f"Program {each}" for each in "ABCD"]
    assert found.has_provisional
    assert found.sharing == "shared, small counts hidden"


def test_who_is_supervisor_and_trainer_reads_a_sheet_as_trainer(cast: StateCast) -> None:
    for team in TEAMS:
        report(cast, team)
    quarter = begun(cast).quarter
    with tenancy.as_system(cast.state.pk):
        Membership.objects.create(
            state=cast.state, person=cast.people["supervisor"], role=Role.STATE_TRAINER, started_on=STARTED
        )
    text = page(cast, "supervisor", "meeting-sheet", quarter, "north-one")
    assert "18 of 40 people" in text


def asked(cast: StateCast, name: str, quarter: Quarter) -> int:
    client = cast.seen_by("trainer")
    client.get(address(cast, name, quarter))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(cast, name, quarter)).status_code == 200
    return len(queries)


# --- notes and actions ----------------------------------------------------------------------------------------
def test_what_is_not_done_is_asked_about_in_the_next_meeting(cast: StateCast) -> None:
    last = quarters.last_quarter(cast)
    before, now = begun(cast, last - 1), begun(cast, last)
    note = action(cast, before, "Invite the VR counselors.")
    action(cast, now, "Share the employer list.")
    assert "Share the employer list." not in page(cast, "trainer", "meeting-notes", before.quarter)
    text = page(cast, "trainer", "meeting-notes", now.quarter)
    assert "Invite the VR counselors." in text
    assert f"from the meeting on {before.quarter.months}" in text
    client = cast.seen_by("trainer")
    done = address(cast, "note-done", now.quarter, note.pk)
    assert client.post(done, {"version": note.version}).status_code == 302
    assert "Invite the VR counselors." not in page(cast, "trainer", "meeting-notes", now.quarter)
    assert "done on" in page(cast, "trainer", "meeting-notes", before.quarter)


def test_a_note_without_an_owner_is_no_action_and_is_never_done(cast: StateCast) -> None:
    meeting = begun(cast)
    with cast.entered("trainer") as by:
        note = actions.write_note(
            meeting, text="We talked of jobs.", owner=None, due_on=None, key=uuid4(), by=by
        )
    assert "We talked of jobs." in page(cast, "trainer", "meeting-notes", meeting.quarter)
    with cast.entered("trainer") as by, refused(WrongStatus):
        actions.finish(note, version=note.version, by=by)


def test_half_an_action_and_details_of_a_person_served_are_refused_on_the_form(cast: StateCast) -> None:
    meeting = begun(cast)
    client, notes = cast.seen_by("trainer"), address(cast, "meeting-notes", meeting.quarter)
    owner = str(cast.people["supervisor"].pk)
    for typed, told in (
        ({"text": "Visit.", "owner": owner}, "has an owner and a date"),
        ({"text": "Visit.", "due_on": "1/1/2001", "owner": owner}, "from the meeting on"),
        ({"text": "client Maria works", "owner": ""}, "without details of a person served"),
        ({"text": " ", "owner": ""}, "Error"),
    ):
        answer = client.post(notes, {"due_on": "", "key": str(uuid4()), **typed})
        assert answer.status_code == 422
        assert told in answer.content.decode()
    with tenancy.as_system(cast.state.pk):
        assert not MeetingNote.objects.exists()


def test_a_form_sent_twice_writes_one_note_and_done_twice_is_done(cast: StateCast) -> None:
    meeting = begun(cast)
    client, notes = cast.seen_by("trainer"), address(cast, "meeting-notes", meeting.quarter)
    typed = {"text": "Visit.", "owner": "", "due_on": "", "key": str(uuid4())}
    assert [client.post(notes, typed).status_code for _ in range(2)] == [302, 302]
    note = action(cast, meeting, "Call.")
    with cast.entered("trainer") as by:
        actions.finish(note, version=1, by=by)
        actions.finish(note, version=1, by=by)
    with tenancy.as_system(cast.state.pk):
        assert MeetingNote.objects.count() == 2


def test_nobody_of_another_state_takes_anything_on(cast: StateCast) -> None:
    meeting = begun(cast)
    stranger = Person.objects.create(name="Stranger", email="stranger@elsewhere.example")
    typed = {"text": "Visit.", "owner": str(stranger.pk), "due_on": "", "key": str(uuid4())}
    answer = cast.seen_by("trainer").post(address(cast, "meeting-notes", meeting.quarter), typed)
    assert answer.status_code == 422
    assert "Stranger" not in answer.content.decode()


def test_what_somebody_took_on_waits_on_her_first_page(cast: StateCast) -> None:
    action(cast, begun(cast), "Call the employers.")
    for persona, texts in (("supervisor", ["Do what you took on"]), ("sibling_supervisor", [])):
        with cast.entered(persona) as by:
            assert [each.text for each in todos(cast.state, by)] == texts


# --- strategies -----------------------------------------------------------------------------------------------
def test_a_strategy_is_read_elsewhere_only_with_consent_and_under_the_name(cast: StateCast) -> None:
    told = strategy(cast, "south_one", "We meet employers on Tuesdays.", consented=False)
    north = ("team-trend", cast.teams["north_one"].slug)
    assert "Tuesdays" not in page(cast, "supervisor", *north)
    with cast.entered("supervisor"):
        assert not Strategy.objects.exists()
    client = cast.seen_by("other_supervisor")
    consent = address(cast, "strategy-consent", "south-one", told.pk)
    assert client.post(consent, {"version": told.version, "consented": "yes"}).status_code == 302
    text = page(cast, "supervisor", *north)
    assert "Tuesdays" in text
    assert cast.teams["south_one"].name in text
    assert client.post(consent, {"version": told.version + 1, "consented": "no"}).status_code == 302
    assert "Tuesdays" not in page(cast, "supervisor", *north)


def test_five_of_the_chosen_measure_are_told_newest_first(cast: StateCast) -> None:
    for number in range(7):
        strategy(cast, "north_one", f"Idea {number}.")
    with cast.entered("other_supervisor") as by:
        found = [each.strategy.text for each in told_on("employment", by)]
        assert told_on("education", by) == ()
    assert found == [f"Idea {number}." for number in (6, 5, 4, 3, 2)]


def test_who_leads_the_meeting_writes_a_strategy_down_and_never_consents_for_a_team(cast: StateCast) -> None:
    found = strategy(cast, "north_one", "Told in the meeting.", consented=False, persona="trainer")
    with cast.entered("trainer") as by, refused(NotPermitted):
        actions.consent(found, consented=True, version=found.version, by=by)
    with refused(NotPermitted):
        strategy(cast, "north_one", "Told.", persona="trainer")
    with refused(NotPermitted):
        strategy(cast, "south_one", "Not ours.", persona="supervisor")
    assert "Told in the meeting." in page(cast, "supervisor", "strategy-list", "north-one")
    assert cast.seen_by("trainer").get(address(cast, "strategy-list", "north-one")).status_code == 404


def test_a_trainer_writes_it_down_on_the_page_that_names_programs(cast: StateCast) -> None:
    report(cast)
    meeting = begun(cast)
    sheets = address(cast, "meeting-sheets", meeting.quarter)
    typed = {"team": str(cast.teams["north_one"].pk), "measure": "education", "text": "We visit schools."}
    assert cast.seen_by("trainer").post(sheets, {**typed, "key": str(uuid4())}).status_code == 302
    assert cast.seen_by("vr_liaison").post(sheets, {**typed, "key": str(uuid4())}).status_code == 403
    assert "We visit schools." in page(cast, "vr_liaison", "meeting-sheets", meeting.quarter)


def test_a_supervisor_writes_her_own_down_with_consent(cast: StateCast) -> None:
    own = address(cast, "strategy-list", "north-one")
    typed = {"measure": "employment", "text": "We visit.", "consented": "on", "key": str(uuid4())}
    assert cast.seen_by("supervisor").post(own, typed).status_code == 302
    with cast.entered("other_specialist"):
        assert Strategy.objects.get().team_name == cast.teams["north_one"].name
    answer = cast.seen_by("supervisor").post(own, {**typed, "text": "DOB 1/2/1990", "key": str(uuid4())})
    assert answer.status_code == 422
