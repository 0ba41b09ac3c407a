"""Nobody writes over what they have not seen: agencies, teams and seats carry a mark of what was read."""

from typing import Any

import pytest

from agencies.models import Agency, Membership, Team
from tests.cast import StateCast

API = "/api/v1/meridian"


def patch(cast: StateCast, path: str, **sent: Any) -> Any:
    return cast.seen_by("admin").patch(f"{API}/{path}", sent, content_type="application/json")


def version(cast: StateCast, path: str) -> str:
    return str(cast.seen_by("admin").get(f"{API}/{path}").json()["version"])


def test_of_two_programs_that_read_the_same_the_second_is_told(meridian: StateCast) -> None:
    path = "agencies/north-center/"
    read = version(meridian, path)
    assert patch(meridian, path, version=read, contact_phone="555-0100").status_code == 200
    refused = patch(meridian, path, version=read, contact_name="Ana Reyes")
    assert refused.status_code == 409
    again = refused.json()["current"]["version"]
    assert patch(meridian, path, version=again, contact_name="Ana Reyes").status_code == 200
    with meridian.entered("admin"):
        agency = Agency.objects.get(slug="north-center")
    assert (agency.contact_name, agency.contact_phone) == ("Ana Reyes", "555-0100")


def test_a_partner_taken_off_meanwhile_does_not_come_back(meridian: StateCast) -> None:
    path = "teams/north-one/"
    patch(meridian, path, version=version(meridian, path), partners=["south-center"])
    stale = version(meridian, path)
    assert patch(meridian, path, version=stale, partners=[]).status_code == 200
    assert patch(meridian, path, version=stale, partners=["south-center"]).status_code == 409
    with meridian.entered("admin"):
        assert not Team.objects.get(slug="north-one").partners.exists()


def test_a_role_taken_away_meanwhile_is_not_given_back(meridian: StateCast) -> None:
    member = meridian.memberships["supervisor"]
    path = f"people/{member.pk}/"
    stale, admin = version(meridian, path), meridian.seen_by("admin")
    seat = {"role": "ES", "agency": "north-center", "teams": ["north-one"], "reason": "No longer leads."}
    assert admin.put(f"{API}/{path}", seat | {"version": stale}, "application/json").status_code == 200
    back = seat | {"role": "SU", "version": stale}
    assert admin.put(f"{API}/{path}", back, "application/json").status_code == 409
    with meridian.entered("admin"):
        assert Membership.objects.get(pk=member.pk).role == "ES"


@pytest.mark.parametrize("page", ["agencies/north-center/edit/", "teams/north-one/edit/"])
def test_a_page_opened_before_a_change_says_so_and_keeps_what_was_typed(
    meridian: StateCast, page: str
) -> None:
    client = meridian.seen_by("admin")
    form = client.get(f"/meridian/{page}").context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, [])}
    assert client.post(f"/meridian/{page}", sent | {"name": "Renamed First"}).status_code == 302
    late = client.post(f"/meridian/{page}", sent | {"name": "Renamed Second"})
    assert late.status_code == 422
    assert "was changed after you opened this" in late.content.decode()
    assert 'value="Renamed Second"' in late.content.decode()
    again = sent | {"name": "Renamed Second", "seen_as": late.context["form"]["seen_as"].value()}
    assert client.post(f"/meridian/{page}", again).status_code == 302


def test_who_sees_names_only_reads_the_mark_too_and_it_tells_nothing(meridian: StateCast) -> None:
    told = meridian.seen_by("leader").get(f"{API}/agencies/north-center/").json()
    assert told["version"] == version(meridian, "agencies/north-center/")
    assert len(told["version"]) == 16
