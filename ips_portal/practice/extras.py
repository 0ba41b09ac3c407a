"""What opens single agencies and teams to people whose role alone does not, and what reviewers have learned."""

from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from agencies.models import Assignment, Membership
from agencies.permissions import Role
from fidelity.models import ReviewerTraining
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land


def extras(land: Land, crew: Crew) -> None:
    """The vocational rehabilitation liaison works on the first agency's plans; a payer has named a third party."""
    since = max(land.ago(8), land.state.started_on)
    _assign(
        land, crew.first(Role.VR_LIAISON), since, Assignment.Purpose.FUNDING, agency=land.sites[0].team.agency
    )
    trainings(land, crew)
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


def trainings(land: Land, crew: Crew) -> None:
    """All trainers and reviewers took the training of the state, but for the one who came last."""
    reviewing = [*crew.by_role[Role.STATE_TRAINER], *crew.by_role[Role.REVIEWER]]
    by = crew.first(Role.STATE_ADMIN).person
    learned = max(land.ago(10), land.state.started_on)
    for membership in reviewing[:-1]:
        for kind, held_on, words in (
            (ReviewerTraining.Kind.TRAINING, learned, "Two days of reviewer training"),
            (ReviewerTraining.Kind.SHADOWED, learned + timedelta(days=30), f"With {land.sites[0].team.name}"),
        ):
            land.rows.add(
                ReviewerTraining(
                    state=land.state,
                    person=membership.person,
                    kind=kind,
                    held_on=min(held_on, land.today),
                    words=words,
                    recorded_by=by,
                    recorded_at=land.at(min(held_on, land.today), 16),
                    form_key=uuid5(NAMESPACE_OID, f"{land.state.slug} {membership.person.email} {kind}"),
                )
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
