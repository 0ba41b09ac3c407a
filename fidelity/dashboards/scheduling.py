"""What the pages of scheduling show: whom one may book, and who may review."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from agencies.models import Membership, Team
from agencies.permissions import Actor, Resource, Role, may
from fidelity.in_force import policy_on
from fidelity.models import Review
from fidelity.register import trained
from fidelity.reviewers import candidates, conflicts

OWN_KINDS = (Review.Kind.SELF, Review.Kind.GUIDED_SELF)
ALL_KINDS = (Review.Kind.EXTERNAL, Review.Kind.GUIDED_SELF, Review.Kind.SELF)


@dataclass(frozen=True)
class Crew:
    """Who may review a team in a review of a kind, and who may not, with the reason."""

    able: tuple[Membership, ...]
    barred: tuple[str, ...]
    least: int
    trained: frozenset[int]  # people with a reviewer training on record

    @property
    def names_of_trained(self) -> list[str]:
        return sorted({str(each.person) for each in self.able if each.person_id in self.trained})

    def lacks_training(self, chosen: Iterable[Membership]) -> bool:
        return not any(each.person_id in self.trained for each in chosen)

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
    everybody, is_external = [each.person_id for each in people], kind == Review.Kind.EXTERNAL
    found = conflicts(team, everybody, today) if is_external else {}
    learned = trained(team.state_id, everybody) if is_external else set()
    named = {each.person_id: str(each.person) for each in people}
    able = tuple(each for each in people if each.person_id not in found)
    return Crew(
        able=able,
        barred=tuple(found[person_id].text(name) for person_id, name in named.items() if person_id in found),
        least=policy_on(team.state_id, today).min_reviewers if is_external else 1,
        trained=frozenset(learned),
    )
