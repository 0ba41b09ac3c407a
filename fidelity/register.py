"""Who reviews, and what they have learned and done: trainings taken, reviews shadowed, co-led and led.

Source: domain reference 10, rows 51 and 63.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from agencies import tenancy
from agencies.models import Membership, Person, State
from agencies.permissions import Resource, roles_that_may
from fidelity.models import Review, Reviewer, ReviewerTraining
from fidelity.models.reviews import HOME_ROLES

REVIEWING = frozenset(roles_that_may("edit", Resource.RATINGS)) - frozenset(HOME_ROLES)


@dataclass(frozen=True)
class RegisterLine:
    person: Person
    where: str  # the role, or that the person has left
    records: tuple[ReviewerTraining, ...]  # newest first
    led: int
    co_led: int
    last_on: date | None  # of the last external review that was issued

    @property
    def trained_on(self) -> date | None:
        found = [each.held_on for each in self.records if each.kind == ReviewerTraining.Kind.TRAINING]
        return max(found, default=None)

    @property
    def shadowed(self) -> int:
        return sum(each.kind == ReviewerTraining.Kind.SHADOWED for each in self.records)


def register(state: State) -> tuple[RegisterLine, ...]:
    """Everybody who may review in the state or has done so, by name. Four queries, whatever their number."""
    seats = (
        Membership.objects.in_state(state.pk)
        .open_on(state.today())
        .filter(role__in=REVIEWING)
        .select_related("person", "agency")
    )
    where = {each.person_id: each.role_label for each in seats}
    records: dict[int, list[ReviewerTraining]] = defaultdict(list)
    for row in ReviewerTraining.objects.in_state(state.pk):
        records[row.person_id].append(row)
    done = (
        Reviewer.objects.in_state(state.pk)
        .rating()
        .filter(review__kind=Review.Kind.EXTERNAL, review__status=Review.Status.ISSUED)
    )
    last: dict[int, date] = {}
    led, co_led = Counter[int](), Counter[int]()
    for person_id, is_lead, ended_on in done.values_list("person_id", "is_lead", "review__ends_on"):
        (led if is_lead else co_led)[person_id] += 1
        last[person_id] = max(ended_on, last.get(person_id, ended_on))
    people = Person.objects.in_bulk({*where, *records, *last})
    return tuple(
        RegisterLine(
            person=person,
            where=where.get(person.pk, "reviews no more"),
            records=tuple(records[person.pk]),
            led=led[person.pk],
            co_led=co_led[person.pk],
            last_on=last.get(person.pk),
        )
        for person in sorted(people.values(), key=lambda each: (each.name.casefold(), each.pk))
    )


def trained(state_id: int, people: Collection[int]) -> set[int]:
    """Those of them with a training on record; asked also by a payer, who sees no register."""
    rows = ReviewerTraining.objects.in_state(state_id).filter(
        kind=ReviewerTraining.Kind.TRAINING, person_id__in=people
    )
    with tenancy.as_system(state_id):
        return set(rows.values_list("person_id", flat=True))
