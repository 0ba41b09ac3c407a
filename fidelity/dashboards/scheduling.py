"""What the pages of scheduling show: whom one may book, and who may review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agencies.models import Membership, Team
from agencies.permissions import Actor, Resource, Role, may
from fidelity.in_force import policy_on
from fidelity.models import Review
from fidelity.reviewers import candidates, conflicts

OWN_KINDS = (Review.Kind.SELF, Review.Kind.GUIDED_SELF)
ALL_KINDS = (Review.Kind.EXTERNAL, Review.Kind.GUIDED_SELF, Review.Kind.SELF)


@dataclass(frozen=True)
class Crew:
    """Who may review a team in a review of a kind, and who may not, with the reason."""

    able: tuple[Membership, ...]
    barred: tuple[str, ...]
    least: int

    def own(self, actor: Actor) -> Membership | None:
        return next((each for each in self.able if each.pk == actor.membership_id), None)


def kinds_for(actor: Actor) -> Sequence[str]:
    """Leaders and supervisors book self-reviews of their own teams only."""
    return OWN_KINDS if actor.role in (Role.AGENCY_LEADER, Role.SUPERVISOR) else ALL_KINDS


def bookable_teams(actor: Actor, today: date) -> list[Team]:
    teams = (
        Team.objects.visible_to(actor).open_on(today).select_related("agency").prefetch_related("partners")
    )
    return [team for team in teams if may(actor, "create", Resource.REVIEW, team.place)]


def crew(team: Team, kind: str, today: date) -> Crew:
    people = candidates(team, kind, today)
    found = (
        conflicts(team, [each.person_id for each in people], today) if kind == Review.Kind.EXTERNAL else {}
    )
    named = {each.person_id: str(each.person) for each in people}
    return Crew(
        able=tuple(each for each in people if each.person_id not in found),
        barred=tuple(found[person_id].text(name) for person_id, name in named.items() if person_id in found),
        least=policy_on(team.state_id, today).min_reviewers if kind == Review.Kind.EXTERNAL else 1,
    )
