"""Supervisors' meetings and strategies over the API: open to the same people, refused in the same words."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from outcomes.models import MeetingNote, Strategy, SupervisorsMeeting
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters
from tests.outcomes.sending import send
from tests.outcomes.test_meetings import LEADS, OTHERS, action, begun, report, strategy

MEETINGS = "outcomes/meetings/"


@pytest.fixture
def cast(db: None) -> StateCast:
    cast = make_cast().meridian
    for team in ("north_one", "north_two", "south_one"):
        report(cast, team)
    return cast


def at(meeting: SupervisorsMeeting, more: str = "") -> str:
    return f"{MEETINGS}{meeting.quarter.slug}/{more}"


def note(text: str = "We talked of employers.", **more: Any) -> dict[str, Any]:
    return {"text": text, "key": str(uuid4())} | more


def told(text: str = "We visit employers.", **more: Any) -> dict[str, Any]:
    return {"measure": "employment", "text": text, "key": str(uuid4())} | more


# --- meetings -------------------------------------------------------------------------------------------------
def test_a_meeting_is_begun_once_and_shown_without_names(cast: StateCast) -> None:
    held_on = quarters.last_quarter(cast).ends_on + timedelta(days=40)
    for _ in range(2):
        status, made = send(cast, "trainer", "POST", f"{MEETINGS}begin/", {"held_on": f"{held_on}"})
        assert (status, made["shows_names"], made["held_on"]) == (201, False, f"{held_on}")
    assert send(cast, "admin", "GET", MEETINGS)[1]["count"] == 1
    status, page = send(cast, "vr_liaison", "GET", f"{MEETINGS}{made['quarter']}/")
    assert status == 200
    assert {each["name"] for each in page["programs"]} == {f"Program {letter}" for letter in "ABCD"}
    assert {each["slug"] for each in page["programs"]} == {""}
    rates = [each["measures"][0]["cells"][-1]["value"] for each in page["programs"]]
    assert sorted(rates) == [
        "",
        "45%",
        "45%",
        "45%",
    ]  # in the order of letters, which no name and no number gives away
    status, refused = send(cast, "trainer", "POST", f"{MEETINGS}begin/", {"held_on": "2020-01-01"})
    assert (status, list(refused["fields"])) == (422, ["held_on"])


def test_names_are_turned_on_and_a_sheet_is_of_one_program(cast: StateCast) -> None:
    meeting = begun(cast)
    change = {"shows_names": True, "version": 1}
    assert send(cast, "trainer", "PUT", at(meeting, "names/"), change)[1]["version"] == 2
    status, clash = send(cast, "admin", "PUT", at(meeting, "names/"), {"shows_names": False, "version": 1})
    assert (status, clash["current"]) == (409, {"version": 2})
    assert send(cast, "trainer", "GET", at(meeting))[1]["programs"][0]["slug"] == "north-one"
    sheet = send(cast, "trainer", "GET", at(meeting, "team/north-two/"))[1]
    assert (sheet["name"], sheet["agency"]) == ("Meridian North Team Two", "Meridian North Center")
    assert send(cast, "trainer", "GET", at(meeting, "team/nowhere/"))[0] == 404


@pytest.mark.parametrize("persona", OTHERS)
def test_nobody_else_opens_a_meeting(cast: StateCast, persona: str) -> None:
    meeting = begun(cast)
    for path in (at(meeting), at(meeting, "notes/"), at(meeting, "programs/")):
        assert send(cast, persona, "GET", path)[0] == 404
    assert send(cast, persona, "GET", MEETINGS)[1].get("count", 0) == 0


@pytest.mark.parametrize("persona", LEADS)
def test_liaisons_read_and_only_trainers_and_admins_write(cast: StateCast, persona: str) -> None:
    meeting = begun(cast)
    writes = persona in ("admin", "trainer")
    page = send(cast, persona, "GET", at(meeting, "notes/"))[1]
    assert bool(page["people"]) is writes
    assert send(cast, persona, "POST", at(meeting, "notes/"), note())[0] == (201 if writes else 403)


# --- notes and actions ----------------------------------------------------------------------------------------
def test_a_note_sent_twice_is_one_and_an_action_is_done_once(cast: StateCast) -> None:
    meeting = begun(cast)
    due_on, owner = f"{meeting.held_on + timedelta(days=30)}", cast.people["supervisor"].pk
    body = note(owner=owner, due_on=due_on)
    for _ in range(2):
        status, page = send(cast, "trainer", "POST", at(meeting, "notes/"), body)
        assert (status, len(page["open"])) == (201, 1)
    (mine,) = send(cast, "supervisor", "GET", f"{MEETINGS}actions/")[1]["results"]
    assert (mine["text"], mine["due_on"]) == ("We talked of employers.", due_on)
    done = at(meeting, f"notes/{mine['id']}/done/")
    assert send(cast, "supervisor", "POST", done, {"version": 1})[0] == 404
    for _ in range(2):
        status, page = send(cast, "trainer", "POST", done, {"version": 1})
        assert (status, page["open"], page["notes"][0]["version"]) == (200, [], 2)
    assert send(cast, "supervisor", "GET", f"{MEETINGS}actions/")[1]["results"] == []


def test_an_open_action_of_an_earlier_meeting_is_done_in_a_later_one(cast: StateCast) -> None:
    earlier, meeting = begun(cast, quarters.last_quarter(cast) - 1), begun(cast)
    kept = action(cast, earlier, "Ask the bank.")
    (waiting,) = send(cast, "trainer", "GET", at(meeting, "notes/"))[1]["open"]
    assert (waiting["quarter"], waiting["owner"]["name"]) == (
        earlier.quarter.slug,
        cast.people["supervisor"].name,
    )
    assert send(cast, "trainer", "POST", at(meeting, f"notes/{kept.pk}/done/"), {"version": 1})[0] == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "Call 555-123-4567 about Mr Smith."}, "text"),
        ({"owner": 999_999_999, "due_on": "2026-01-01"}, "owner"),
        ({"due_on": "2026-01-01"}, "owner"),
        ({"text": "x" * 2001}, "text"),
    ],
)
def test_what_no_form_would_take_is_refused_at_its_field(
    cast: StateCast, body: dict[str, Any], field: str
) -> None:
    meeting = begun(cast)
    status, refused = send(cast, "trainer", "POST", at(meeting, "notes/"), note() | body)
    assert (status, list(refused["fields"])) == (422, [field])
    with cast.entered("trainer"):
        assert not MeetingNote.objects.exists()


def test_names_in_a_note_are_letters_where_names_are_off(cast: StateCast) -> None:
    meeting = begun(cast)
    body = note("Meridian North Team One visits employers.")
    page = send(cast, "trainer", "POST", at(meeting, "notes/"), body)[1]
    assert page["notes"][0]["text"].startswith("Program ")


def test_the_pack_is_asked_for_as_paper(cast: StateCast) -> None:
    status, paper = send(cast, "trainer", "POST", at(begun(cast), "pdf/"))
    assert (status, paper["kind"]) == (202, "meeting-pack")


# --- strategies -----------------------------------------------------------------------------------------------
def test_a_supervisor_writes_one_down_opens_it_and_takes_it_back(cast: StateCast) -> None:
    own = "outcomes/team/north-one/strategies/"
    body = told(consented=True)
    for _ in range(2):
        status, page = send(cast, "supervisor", "POST", own, body)
        assert (status, len(page["strategies"])) == (201, 1)
    (row,) = send(cast, "other_supervisor", "GET", "outcomes/strategies/?measure=employment")[1]["results"]
    assert (row["team_name"], row["text"]) == ("Meridian North Team One", "We visit employers.")
    consent = f"{own}{page['strategies'][0]['id']}/consent/"
    assert send(cast, "supervisor", "POST", consent, {"consented": False, "version": 1})[1]["version"] == 2
    assert send(cast, "supervisor", "POST", consent, {"consented": True, "version": 1})[0] == 409
    assert send(cast, "other_supervisor", "GET", "outcomes/strategies/")[1]["results"] == []
    assert send(cast, "other_supervisor", "GET", own)[0] == 404


def test_who_leads_writes_it_down_for_a_program_and_never_consents(cast: StateCast) -> None:
    meeting = begun(cast)
    status, page = send(cast, "trainer", "POST", at(meeting, "programs/"), told(team="south-one"))
    assert status == 201
    (sheet,) = [each for each in page["programs"] if each["strategies"]]
    assert (sheet["team"]["slug"], sheet["strategies"][0]["consented"]) == ("south-one", False)
    status, refused = send(cast, "trainer", "POST", at(meeting, "programs/"), told(team="nowhere"))
    assert (status, refused["fields"]) == (422, {"team": ["nowhere is not one of the choices."]})
    body = told(team="south-one", consented=True)
    assert list(send(cast, "trainer", "POST", at(meeting, "programs/"), body)[1]["fields"]) == ["consented"]


def test_a_strategy_that_was_not_told_is_its_teams_and_the_leads_alone(cast: StateCast) -> None:
    strategy(cast, "north_one", "A secret.", consented=False)
    assert send(cast, "other_supervisor", "GET", "outcomes/strategies/")[1]["count"] == 0
    assert send(cast, "trainer", "GET", "outcomes/strategies/")[1]["count"] == 0
    with cast.entered("supervisor"):
        assert Strategy.objects.count() == 1
