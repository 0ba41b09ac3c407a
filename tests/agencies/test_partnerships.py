"""Agencies that run a team together share the team, and nothing else; what they share ends with the partnership."""

import pytest

from agencies.actions import invitations, organizations, people
from agencies.actions.organizations import TeamProfile
from agencies.actions.seats import Seat
from agencies.models import Agency, Invitation, Membership, Team
from agencies.permissions import Role
from tests.cast import StateCast


def run_together(cast: StateCast, *partners: str) -> Team:
    """North's first team with these partner agencies."""
    team = Team.objects.get(pk=cast.teams["north_one"].pk)
    profile = TeamProfile(team.name, team.stage, team.implementation_started_on)
    with cast.entered("admin") as by:
        organizations.change_team(
            team, profile=profile, partners=[cast.agencies[key] for key in partners], by=by
        )
    return team


@pytest.fixture
def team(meridian: StateCast) -> Team:
    with meridian.entered("admin"):
        return run_together(meridian, "south")


def test_a_partners_specialist_sees_the_team_while_the_partnership_lasts(
    meridian: StateCast, team: Team
) -> None:
    with meridian.entered("admin") as by:
        seat = Seat(Role.SPECIALIST, meridian.agencies["south"], (team,))
        member = Membership.objects.select_related("person", "state").get(
            pk=meridian.memberships["other_specialist"].pk
        )
        people.change_seat(member, seat=seat, reason="Works here now.", by=by)
    assert meridian.actor("other_specialist").seen_team_ids == {team.pk}
    with meridian.entered("admin"):
        run_together(meridian)
    assert meridian.actor("other_specialist").seen_team_ids == set()


def test_a_partners_leader_does_not_see_whom_the_other_agency_invites(
    meridian: StateCast, team: Team
) -> None:
    with meridian.entered("admin") as by:
        invitations.invite(
            meridian.state,
            email="hidden@elsewhere.example",
            name="Hidden",
            seat=Seat(Role.AGENCY_LEADER, meridian.agencies["north"]),
            by=by,
        )
    for persona, sees in (("leader", True), ("other_leader", False)):
        page = meridian.seen_by(persona).get("/meridian/people/invitations/").content.decode()
        assert ("hidden@elsewhere.example" in page) is sees


def test_a_partners_leader_does_not_see_the_other_agencys_contracts(meridian: StateCast, team: Team) -> None:
    for persona, sees in (("leader", True), ("payer", True), ("other_leader", False)):
        page = meridian.seen_by(persona).get("/meridian/payers/").content.decode()
        assert ("Meridian North Center" in page) is sees


def test_the_database_alone_keeps_each_agencys_people_to_itself(meridian: StateCast, team: Team) -> None:
    """No application in front: rows of the lead agency's people are neither read nor changed by a partner."""
    with meridian.entered("admin") as by:
        invitations.invite(
            meridian.state,
            email="hidden@elsewhere.example",
            name="Hidden",
            seat=Seat(Role.SUPERVISOR, meridian.agencies["north"], (team,)),
            by=by,
        )
    north = {"agency": meridian.agencies["north"]}
    for persona, reads in (("leader", True), ("other_leader", False)):
        with meridian.entered(persona):
            assert Invitation.objects.filter(**north).exists() is reads
            assert Membership.objects.filter(**north).exists() is reads
            supervisors = Membership.objects.filter(**north, role=Role.SUPERVISOR)
            assert bool(supervisors.update(ended_on=None)) is reads
            assert Agency.objects.filter(pk=north["agency"].pk).exists()  # its name is seen by both
            assert bool(Agency.objects.filter(pk=north["agency"].pk).update(city="Elsewhere")) is reads
