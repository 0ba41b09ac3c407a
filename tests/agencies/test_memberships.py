"""Somebody with several memberships in a state: which one a page takes, and how another one is chosen."""

import pytest
from django.db import connection
from django.test import Client

from agencies import tenancy
from agencies.models import Assignment, Membership, State
from agencies.permissions import Role
from tests.cast import STARTED, StateCast


def also(cast: StateCast, persona: str, role: Role) -> Membership:
    with tenancy.as_system(cast.state.pk):
        return Membership.objects.create(
            state=cast.state, person=cast.people[persona], role=role, started_on=STARTED
        )


@pytest.mark.parametrize("page", ["", "people/", "teams/", "reviews/"])
def test_a_leader_on_a_committee_works_as_leader(meridian: StateCast, page: str) -> None:
    also(meridian, "leader", Role.STAKEHOLDER)
    answer = meridian.seen_by("leader").get(f"/meridian/{page}")
    assert answer.context["request"].actor.role == Role.AGENCY_LEADER


def test_who_chose_a_membership_can_choose_another(meridian: StateCast) -> None:
    committee = also(meridian, "leader", Role.STAKEHOLDER)
    own = meridian.memberships["leader"]
    answer = meridian.seen_by("leader").get(f"/meridian/teams/?as={committee.pk}")
    offered = {each["url"]: each["current"] for each in answer.context["memberships"]}
    assert offered == {f"/meridian/?as={own.pk}": False, f"/meridian/?as={committee.pk}": True}


def test_a_membership_of_somebody_else_cannot_be_chosen(meridian: StateCast) -> None:
    other = meridian.memberships["admin"]
    assert meridian.seen_by("leader").get(f"/meridian/teams/?as={other.pk}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "reviews/new/?team=%00&kind=self",
        "teams/new/?agency=%C2%B2",
        "teams/new/?agency=99999999999999999999999",
        "teams/?agency=%00",
        "people/?q=%00&agency=%00",
        "audit-log/?person=99999999999999999999999&kind=%00",
        "reports/?team=%00",
        "policy/scale/?on=1/1/1950",
        "people/99999999999999999999999/",
        "who-can-see-what/?role=%00",
    ],
)
def test_an_address_nobody_types_is_no_fault_of_the_portal(meridian: StateCast, address: str) -> None:
    client = meridian.seen_by("admin")
    client.raise_request_exception = False
    assert client.get(f"/meridian/{address}").status_code < 500


def test_options_of_the_whole_server_are_answered(db: None) -> None:
    answer = Client(raise_request_exception=False).generic("OPTIONS", "/", PATH_INFO="*")
    assert answer.status_code == 404


def test_a_right_that_begins_at_midnight_is_there_at_midnight(meridian: StateCast) -> None:
    """Also in a transaction that began the day before: what the portal dates today opens what it says at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('second', now() AT TIME ZONE 'UTC') + interval '1 second'")
        (midnight,) = cursor.fetchone() or (
            None,
        )  # of a clock that ends its day while this transaction lasts
        State.objects.filter(pk=meridian.state.pk).update(zone=f"AAA+{midnight:%H:%M:%S}")
        with tenancy.as_system(meridian.state.pk):
            Assignment.objects.create(
                state=meridian.state,
                membership=meridian.memberships["reviewer"],
                person=meridian.people["reviewer"],
                team=meridian.teams["north_one"],
                purpose=Assignment.Purpose.REVIEWER,
                starts_on=midnight.date(),
            )
        cursor.execute("SELECT pg_sleep(1)")
    assert meridian.actor("reviewer").assigned_team_ids == {meridian.teams["north_one"].pk}
