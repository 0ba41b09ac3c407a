"""Opens a team or an agency to a membership for a time. Fidelity and funding call these; no page does."""

from datetime import date

from django.db.models import Q

from agencies.models import Assignment, Membership, Team
from agencies.permissions import Actor


def assign(
    membership: Membership,
    *,
    team: Team,
    purpose: str,
    starts_on: date,
    ends_on: date | None = None,
    by: Actor,
) -> Assignment:
    """The caller has asked for the right to do what the assignment is for."""
    return Assignment.objects.create(
        state_id=by.state_id,
        membership=membership,
        person_id=membership.person_id,
        team=team,
        purpose=purpose,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def lasts_until(membership: Membership, *, team: Team, purpose: str, day: date, by: Actor) -> bool:
    """Whether one that began by now, or will have, is still open on that day."""
    rows = Assignment.objects.in_state(by.state_id).filter(
        Q(ends_on=None) | Q(ends_on__gte=day), membership=membership, team=team, purpose=purpose
    )
    return rows.filter(starts_on__lte=team.state.today()).exists()


def end_open(membership_id: int, *, team_id: int, purpose: str, on: date, by: Actor) -> None:
    """Assignments of this purpose last until `on` at the latest, its day included."""
    Assignment.objects.in_state(by.state_id).filter(
        Q(ends_on=None) | Q(ends_on__gt=on), membership=membership_id, team_id=team_id, purpose=purpose
    ).update(ends_on=on)
