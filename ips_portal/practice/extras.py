"""What opens single agencies and teams to people whose role alone does not."""

from datetime import date, timedelta
from typing import Any

from agencies.models import Assignment, Membership
from agencies.permissions import Role
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land


def extras(land: Land, crew: Crew) -> None:
    """The vocational rehabilitation liaison works on the first agency's plans; a payer has named a third party."""
    since = max(land.ago(8), land.state.started_on)
    _assign(
        land, crew.first(Role.VR_LIAISON), since, Assignment.Purpose.FUNDING, agency=land.sites[0].team.agency
    )
    third = crew.by_role[Role.REVIEWER][1]
    watched = land.sites[4 if len(land.sites) > 4 else 0].team
    _assign(
        land,
        third,
        land.today - timedelta(days=45),
        Assignment.Purpose.THIRD_PARTY,
        team=watched,
        ends_on=land.today + timedelta(days=45),
    )


def _assign(
    land: Land, membership: Membership, starts_on: date, purpose: Assignment.Purpose, **where: Any
) -> None:
    land.rows.add(
        Assignment(
            state=land.state,
            membership=membership,
            person=membership.person,
            purpose=purpose,
            starts_on=starts_on,
            **where,
        )
    )
