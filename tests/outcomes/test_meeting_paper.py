"""The pack of a supervisors' meeting on paper says what the screen says, and no more names than the screen."""

import pytest
from django.urls import reverse

from ips_portal import pdf
from outcomes import packs, printing
from outcomes.actions import meetings
from outcomes.dashboards.meetings import pack
from outcomes.models import SupervisorsMeeting
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters
from tests.outcomes.test_state_paper import text_of
from tests.pdfua import verify

SUPERVISORS = {"north_one": "supervisor", "north_two": "sibling_supervisor", "south_one": "other_supervisor"}


@pytest.fixture
def cast(db: None) -> StateCast:
    found = make_cast().meridian
    for team, persona in SUPERVISORS.items():
        report = quarters.expected(found, team)
        quarters.enter(found, report, persona)
        quarters.accept(found, quarters.submit(found, report, persona))
    return found


@pytest.fixture
def meeting(cast: StateCast) -> SupervisorsMeeting:
    with cast.entered("admin") as admin:
        return meetings.begin(
            cast.state, quarter=quarters.last_quarter(cast), held_on=cast.state.today(), by=admin
        )


def test_paper_and_screen_say_the_same_and_name_nobody(cast: StateCast, meeting: SupervisorsMeeting) -> None:
    with cast.entered("vr_liaison") as by:
        content = packs.pack_content(meeting.pk)
        shown = pack(meeting, cast.state, by)
    made = printing.pack_pdf(content)
    text = text_of(made)
    assert [each["name"] for each in content["programs"]] == [each.name for each in shown.sections]
    for section in shown.sections:
        for row in section.rows:
            assert all(cell.value in text for cell in row.cells)
    assert "18 of 40 people" in text
    assert not any(team.name in text or team.agency.name in text for team in cast.teams.values())
    assert verify(made) == []
    assert pdf.pages(made) >= 2 + len(shown.sections)


def test_with_names_on_the_paper_names_programs(cast: StateCast, meeting: SupervisorsMeeting) -> None:
    with cast.entered("admin") as admin:
        meetings.show_names(meeting, shows=True, version=meeting.version, by=admin)
        content = packs.pack_content(meeting.pk)
    assert {each["name"] for each in content["programs"]} == {team.name for team in cast.teams.values()}


@pytest.mark.parametrize(
    ("persona", "status"), [("trainer", 302), ("mh_liaison", 302), ("leader", 404), ("payer", 404)]
)
def test_who_leads_the_state_asks_for_it(
    cast: StateCast, meeting: SupervisorsMeeting, persona: str, status: int
) -> None:
    address = reverse("outcomes:meeting-pdf", args=["meridian", meeting.quarter])
    assert cast.seen_by(persona).post(address).status_code == status
