"""How often a person wants what can wait is theirs to say and theirs to see; pages and API take the same."""

from html import unescape

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from agencies import tenancy
from agencies.models import Change
from agencies.tenancy import BREADTH
from ips_portal.notices import register
from ips_portal.notices.models import Preference, chosen
from ips_portal.notices.pacing import Chosen
from tests.cast import Cast, StateCast, make_cast

PAGE, API = "/meridian/notices/mine/", "/api/v1/meridian/notices/mine/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def north(cast: Cast) -> StateCast:
    return cast.meridian


def choice(state: StateCast, persona: str) -> Chosen:
    with state.entered(persona) as actor:
        return chosen(state.state.pk, actor.person_id)


def put(browser: Client, body: object) -> tuple[int, dict[str, object]]:
    answer = browser.put(API, body, content_type="application/json")
    return answer.status_code, answer.json()


@pytest.mark.parametrize("persona", ["admin", "leader", "specialist", "stakeholder", "reviewer", "payer"])
def test_everybody_chooses_for_themselves(north: StateCast, persona: str) -> None:
    browser = north.seen_by(persona)
    assert choice(north, persona) is Chosen.WEEKLY
    assert browser.post(PAGE, {"pace": "daily"}).status_code == 302
    assert choice(north, persona) is Chosen.DAILY
    assert browser.post(PAGE, {"pace": "off"}).status_code == 302
    assert choice(north, persona) is Chosen.OFF
    with tenancy.as_system(north.state.pk):
        assert Preference.objects.count() == 1


def test_the_page_shows_what_holds_and_what_cannot_be_turned_off(north: StateCast) -> None:
    browser = north.seen_by("leader")
    browser.post(PAGE, {"pace": "daily"})
    page = browser.get(PAGE).text
    assert 'value="daily"' in page.partition("checked")[0].rpartition("<input")[2]
    always, can_wait = page.partition("What always comes at once")[2].split("What can wait")
    assert "Somebody invites you" in always
    assert "Somebody you invited has joined" in can_wait
    assert "<strong>once a day</strong>" in browser.get("/meridian/notices/").text
    assert f'href="{PAGE}"' in browser.get("/account/").text


@pytest.mark.parametrize("pace", ["", "hourly", "AT_ONCE"])
def test_a_pace_that_does_not_exist_is_not_taken(north: StateCast, pace: str) -> None:
    browser = north.seen_by("leader")
    assert browser.post(PAGE, {"pace": pace}).status_code == 422
    assert put(browser, {"pace": pace})[0] == 422
    assert choice(north, "leader") is Chosen.WEEKLY


def test_the_api_says_and_takes_the_same(north: StateCast) -> None:
    browser = north.seen_by("leader")
    assert browser.get(API).json() == {"pace": "weekly"}
    assert put(browser, {"pace": "at_once"}) == (200, {"pace": "at_once"})
    assert choice(north, "leader") is Chosen.AT_ONCE


def test_the_register_is_whole_in_the_api(north: StateCast) -> None:
    rows = north.seen_by("stakeholder").get("/api/v1/meridian/notices/").json()["results"]
    assert {row["key"] for row in rows} == {notice.key for notice in register.registered()}
    (invited,) = (row for row in rows if row["key"] == "invited")
    assert invited["pace"] == "at once"
    assert invited["subject"] == "Your invitation to Meridian IPS"
    assert "[invited by] invites you to Meridian IPS, as [role] ([where])." in invited["text"]


def test_the_page_of_the_register_shows_words_pace_and_reason(north: StateCast) -> None:
    page = unescape(north.seen_by("stakeholder").get("/meridian/notices/").text)
    for notice in register.registered():
        assert notice.event in page
        assert notice.to_whom in page
    assert "[lead] has finished writing about the [review] of [team]" in page
    assert "At once" in page
    assert "In your digest" in page


def test_a_choice_in_one_state_says_nothing_in_another(cast: Cast) -> None:
    cast.meridian.seen_by("leader").post(PAGE, {"pace": "off"})
    with tenancy.as_system(cast.bayou.state.pk):
        assert Preference.objects.count() == 0
    assert cast.meridian.seen_by("leader").get("/bayou/notices/mine/").status_code == 404


# --- the second wall ---
def test_a_choice_is_read_by_its_person_and_the_portal_only(north: StateCast) -> None:
    north.seen_by("leader").post(PAGE, {"pace": "off"})
    for persona in north.memberships:
        with north.entered(persona) as actor:
            seen = Preference.objects.count()
            told = Change.objects.filter(table_name="notices_preference").count()
        assert (seen, told) == ((1, 1) if persona == "leader" else (0, 0)), BREADTH[actor.role]
    with tenancy.as_system(north.state.pk):
        assert Preference.objects.count() == 1


@pytest.mark.parametrize("persona", ["admin", "specialist"])
def test_a_choice_is_written_by_its_person_only(north: StateCast, persona: str) -> None:
    with north.entered(persona):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Preference.objects.create(state=north.state, person=north.people["leader"], pace="off")
    north.seen_by("leader").post(PAGE, {"pace": "daily"})
    with north.entered(persona):
        assert Preference.objects.update(pace="off") == 0
    with tenancy.as_system(north.state.pk):
        assert Preference.objects.update(pace="off") == 0, "not even by the portal"
    assert choice(north, "leader") is Chosen.DAILY
