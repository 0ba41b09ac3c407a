from typing import Any

import pytest

from agencies import tenancy
from agencies.actions import people
from agencies.actions.seats import Seat
from agencies.models import Change, Membership, MembershipTeam
from agencies.permissions import Resource, Role, may
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from tests.cast import Cast, StateCast, make_person, refused

Heard = list[tuple[str, dict[str, Any]]]


def test_change_seat_holds_at_once_and_keeps_why(meridian: StateCast, heard: Heard) -> None:
    north, two = meridian.agencies["north"], meridian.teams["north_two"]
    specialist = meridian.memberships["specialist"]
    with meridian.entered("leader") as by:
        people.change_seat(specialist, seat=Seat(Role.SUPERVISOR, north, (two,)), reason="promoted", by=by)
        told = Change.objects.filter(
            table_name="agencies_membership", row_id=specialist.pk, kind="update"
        ).get()
    assert meridian.actor("specialist").team_ids == {two.pk}
    assert (told.reason, told.values) == ("promoted", {"role": ["ES", "SU"]})
    assert heard[0][0] == "role_changed"


def test_change_seat_needs_a_reason(meridian: StateCast) -> None:
    with meridian.entered("admin") as by, refused(Unacceptable, match="Say why") as refusal:
        people.change_seat(meridian.memberships["trainer"], seat=Seat(Role.STATE_TRAINER), reason=" ", by=by)
    assert refusal.value.field == "reason"


def test_change_seat_to_another_agency_keeps_where_the_person_was(meridian: StateCast) -> None:
    south = meridian.agencies["south"]
    before = meridian.memberships["leader"]
    with meridian.entered("admin") as by:
        after = people.change_seat(before, seat=Seat(Role.AGENCY_LEADER, south), reason="moved", by=by)
        before.refresh_from_db()
    assert after.pk != before.pk
    assert (before.agency_id, before.ended_on) == (meridian.agencies["north"].pk, meridian.state.today())


@pytest.mark.parametrize(
    ("persona", "target", "role"),
    [
        ("leader", "specialist", Role.AGENCY_LEADER),  # above what a leader gives
        ("leader", "other_specialist", Role.SPECIALIST),  # another agency
        ("supervisor", "specialist", Role.SPECIALIST),  # a supervisor invites, and changes nobody
        ("trainer", "specialist", Role.SUPERVISOR),
        ("specialist", "specialist", Role.SUPERVISOR),
    ],
)
def test_change_seat_refuses_a_right_above_or_beside_the_own(
    meridian: StateCast, persona: str, target: str, role: Role
) -> None:
    membership = meridian.memberships[target]
    seat = Seat(role, membership.agency, (meridian.teams["north_one"],))
    with meridian.entered(persona) as by, refused((NotPermitted, Unacceptable)):
        people.change_seat(membership, seat=seat, reason="wish", by=by)
    with meridian.entered("admin"):
        membership.refresh_from_db()
        assert membership.role == Role.SPECIALIST


def test_change_seat_of_oneself_is_refused(meridian: StateCast) -> None:
    with meridian.entered("admin") as by, refused(NotPermitted, match="your own role"):
        people.change_seat(meridian.memberships["admin"], seat=Seat(Role.STATE_TRAINER), reason="x", by=by)


def test_change_seat_refuses_a_foreign_state(cast: Cast) -> None:
    with cast.bayou.entered("admin") as by, refused(NotPermitted):
        people.change_seat(
            cast.meridian.memberships["trainer"], seat=Seat(Role.STAKEHOLDER), reason="x", by=by
        )


@pytest.mark.parametrize(
    ("seat", "field"),
    [
        (Seat(Role.AGENCY_LEADER), "agency"),
        (Seat(Role.PAYER), "payer"),
        (Seat(Role.DEPARTMENT_LIAISON), "department"),
        (Seat(Role.STATE_TRAINER, department="Medicaid"), "department"),
    ],
)
def test_change_seat_names_the_place_that_is_missing_or_too_many(
    meridian: StateCast, seat: Seat, field: str
) -> None:
    with meridian.entered("admin") as by, refused(Unacceptable) as refusal:
        people.change_seat(meridian.memberships["trainer"], seat=seat, reason="x", by=by)
    assert refusal.value.field == field


def test_change_seat_refuses_a_team_of_another_agency(meridian: StateCast) -> None:
    seat = Seat(Role.SPECIALIST, meridian.agencies["north"], (meridian.teams["south_one"],))
    with meridian.entered("admin") as by, refused(Unacceptable, match="not a team of"):
        people.change_seat(meridian.memberships["specialist"], seat=seat, reason="x", by=by)


def test_remove_ends_every_right_at_the_next_look(meridian: StateCast, heard: Heard) -> None:
    with meridian.entered("leader") as by:
        people.remove(meridian.memberships["specialist"], reason="left the agency", by=by)
    with pytest.raises(LookupError):
        meridian.actor("specialist")
    assert [event for event, _ in heard] == ["membership_ended"]
    assert meridian.seen_by("specialist").get("/meridian/").status_code == 404


def test_remove_twice_says_so(meridian: StateCast) -> None:
    with meridian.entered("admin") as by:
        people.remove(meridian.memberships["specialist"], reason="left", by=by)
        with refused(WrongStatus, match="left on"):
            people.remove(meridian.memberships["specialist"], reason="left", by=by)


@pytest.mark.parametrize(
    ("persona", "target"),
    [
        ("leader", "other_specialist"),
        ("supervisor", "specialist"),
        ("trainer", "specialist"),
        ("leader", "leader"),
    ],
)
def test_remove_refuses_who_may_not(meridian: StateCast, persona: str, target: str) -> None:
    with meridian.entered(persona) as by, refused(NotPermitted):
        people.remove(meridian.memberships[target], reason="x", by=by)


def test_remove_keeps_the_last_state_admin(meridian: StateCast) -> None:
    admin = meridian.memberships["admin"]
    with meridian.entered("admin") as by, refused(Unacceptable, match="Name another state admin first"):
        people.remove(admin, reason="retiring", by=by)
    with tenancy.as_system(meridian.state.pk):
        Membership.objects.create(
            state=meridian.state,
            person=make_person("Meridian Second Admin", "second@meridian.example"),
            role=Role.STATE_ADMIN,
            started_on=admin.started_on,
        )
    with meridian.entered("admin") as by:
        people.remove(admin, reason="retiring", by=by)
    with pytest.raises(LookupError):
        meridian.actor("admin")


def test_nobody_writes_their_own_membership_past_the_action(meridian: StateCast) -> None:
    """The second wall holds even where code forgot to ask."""
    with meridian.entered("specialist") as by:
        raised = Membership.objects.filter(pk=by.membership_id).update(role=Role.STATE_ADMIN)
        joined = MembershipTeam.objects.filter(membership_id=by.membership_id).count()
    assert (raised, joined) == (0, 1)
    assert not may(meridian.actor("specialist"), "edit", Resource.STATE)


def test_rename_keeps_what_was_typed_without_spaces(meridian: StateCast) -> None:
    assert people.rename(meridian.people["leader"], name="  Ana Reyes ").name == "Ana Reyes"
    with refused(Unacceptable):
        people.rename(meridian.people["leader"], name="  ")
