"""What a program takes home from the supervisors' meeting holds its own figures, and of another only its name."""

import pytest
from django.urls import reverse

from outcomes import packs
from outcomes.actions import meetings
from outcomes.models import SupervisorsMeeting
from tests.cast import StateCast
from tests.outcomes import quarters
from tests.outcomes.programs import three_agencies
from tests.outcomes.sending import send

OF_NORTH_ONE = ("45%", "18 of 40", "40 people")
OF_EAST = ("16%", "7 of 44", "44 people")
OF_THE_STATE = ("205", "81 of", "median")


@pytest.fixture
def cast(db: None) -> StateCast:
    return three_agencies()


@pytest.fixture
def meeting(cast: StateCast) -> SupervisorsMeeting:
    with cast.entered("admin") as admin:
        return meetings.begin(
            cast.state, quarter=quarters.last_quarter(cast), held_on=cast.state.today(), by=admin
        )


def text_of_sheet(cast: StateCast, meeting: SupervisorsMeeting, team: str) -> str:
    url = reverse("outcomes:meeting-sheet", args=["meridian", meeting.quarter, team])
    return cast.seen_by("trainer").get(url).content.decode().split("<main")[1]


@pytest.mark.parametrize(
    ("team", "own", "others"),
    [("east-one", OF_EAST[:2], OF_NORTH_ONE), ("north-one", OF_NORTH_ONE[:2], OF_EAST)],
)
def test_a_sheet_holds_no_figure_of_another_program_or_of_the_state(
    cast: StateCast, meeting: SupervisorsMeeting, team: str, own: tuple[str, ...], others: tuple[str, ...]
) -> None:
    text = text_of_sheet(cast, meeting, team)
    assert all(each in text for each in own)
    assert not any(each in text for each in others + OF_THE_STATE)
    told = str(send(cast, "trainer", "GET", f"outcomes/meetings/{meeting.quarter.slug}/team/{team}/")[1])
    assert not any(each in told for each in others)


def test_a_pair_is_a_name_and_a_measure(cast: StateCast, meeting: SupervisorsMeeting) -> None:
    assert "Meridian North Team One" not in text_of_sheet(cast, meeting, "east-one")
    with cast.entered("admin") as by:
        meetings.show_names(meeting, shows=True, version=meeting.version, by=by)
    text = text_of_sheet(cast, meeting, "east-one")
    assert 'Ask <b>Meridian North Team One</b> how they do it.</p><p class="note">Employment rate</p>' in text


def test_the_page_of_a_program_in_the_paper_holds_no_figure_of_another(
    cast: StateCast, meeting: SupervisorsMeeting
) -> None:
    with cast.entered("admin") as by:
        meetings.show_names(meeting, shows=True, version=meeting.version, by=by)
        programs = {each["name"]: each for each in packs.pack_content(meeting.pk)["programs"]}
    assert programs["East Team"]["asks"] == [["Meridian North Team One", "Employment rate"]]
    assert not any(each in str(programs["East Team"]) for each in OF_NORTH_ONE + OF_THE_STATE)
    assert not any(each in str(programs["Meridian North Team One"]) for each in OF_EAST + OF_THE_STATE)
