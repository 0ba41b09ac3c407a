"""Who is concerned by a review, and telling them: the same for every notice about one."""

from collections.abc import Iterable

from django.db.models import Q

from agencies import tenancy
from agencies.models import Membership, Person, State
from agencies.permissions import Role
from fidelity.dashboards.listing import visit
from fidelity.models import Review
from fidelity.reviewers import of_state
from ips_portal.notices.actions import tell
from ips_portal.notices.register import Notice, record_in


def status_of(state: State, key: str) -> str | None:
    rows = Review.objects.in_state(state.pk).filter(public_id=record_in(key))
    found: str | None = rows.values_list("status", flat=True).first()
    return found


def reviewers_of(review: Review) -> list[Person]:
    return [row.person for row in review.reviewers.select_related("person").order_by("-is_lead", "id")]


def lead_of(review: Review) -> str:
    return str(next(iter(reviewers_of(review)), ""))


def those_who_lead(review: Review) -> list[Person]:
    """Leaders of the team's agencies, and its supervisors."""
    with tenancy.as_system(review.state_id):
        rows = Membership.objects.in_state(review.state_id).open_on(review.state.today())
        leads = Q(role=Role.AGENCY_LEADER, agency__in=review.team.agency_ids)
        supervises = Q(role=Role.SUPERVISOR, teams__team=review.team_id)
        return people(rows.filter(leads | supervises))


def second_people(review: Review) -> list[Person]:
    """Who may issue the report: those who approve reports for the state, but for who reviewed."""
    return persons(of_state(review, but=[person.pk for person in reviewers_of(review)]))


def people(rows: Iterable[Membership]) -> list[Person]:
    return persons(row.person_id for row in rows)


def persons(ids: Iterable[int]) -> list[Person]:
    return list(Person.objects.filter(pk__in=list(ids)).order_by("pk"))


def concerned(review: Review) -> list[Person]:
    return list({person.pk: person for person in [*reviewers_of(review), *those_who_lead(review)]}.values())


def still_here(review: Review, people: Iterable[Person]) -> list[Person]:
    """Nobody is told of a team after their own part in the state has ended."""
    found = list(people)
    with tenancy.as_system(review.state_id):
        rows = Membership.objects.in_state(review.state_id).open_on(review.state.today())
        here = set(rows.filter(person__in=found).values_list("person_id", flat=True))
    return [person for person in found if person.pk in here]


def others(by: int, people: Iterable[Person]) -> list[Person]:
    return [person for person in people if person.pk != by]


def visit_facts(review: Review) -> dict[str, str]:
    return {
        "review": f"{review.state.terms['review'][:1].upper()}{review.state.terms['review'][1:]}",
        "team": review.team.name,
        "dates": visit(review),
    }


def tell_of(
    notice: Notice, review: Review, mark: str, to: Iterable[Person], facts: dict[str, str], page: str = ""
) -> int:
    return tell(
        notice.key,
        state=review.state,
        to=still_here(review, to),
        key=f"{notice.key}:{review.public_id}:{mark}",
        link=f"/{review.state.slug}/reviews/{review.public_id}/{page}",
        facts=facts,
    )
