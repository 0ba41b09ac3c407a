"""The visit of a practice review: what was asked for and planned, and what was counted so far."""

from dataclasses import replace

from agencies.models import Person
from fidelity.models import Review, Visit
from fidelity.visits import Count, VisitValues, Wanted, blank_visit
from ips_portal.practice.places import Land

PEOPLE = {"leaders": 2, "supervisors": 1, "specialists": 2, "clinicians": 4, "counselors": 1, "served": 5}
OBSERVED = {"unit_meetings": 1, "team_meetings": 1, "employer_visits": 1, "records": 10}
TALLY = {
    "SV3-1": Count(10, 8, 2),
    "SV3-2": Count(10, 9, 1),
    "SV3-3": Count(10, 8, 2),
    "SV3-4": Count(10, 5, 3),
    "SV3-5": Count(10, 4, 4),
    "SV4-1": Count(10, 7, 3),
    "SV12-1": Count(10, 5, 2),
    "SV12-2": Count(10, 6, 1),
    "SV12-3": Count(10, 6, 1),
    "SV12-4": Count(10, 6, 1),
    "SV12-5": Count(10, 6, 1),
    "SV12-6": Count(10, 2, 1),
}
NUMBERS = {
    "ST1": ((18, 100), (21, 100)),
    "ST2": ((76, 80),),
    "SV4": ((412, 10),),
    "SV6": ((16, 8, 4, 7), (14, 4, 4, 6)),
    "SV8": ((11, 14),),
    "SV9": ((12, 14),),
    "SV10": ((13, 14),),
    "SV13": ((25, 40), (22, 40)),
}


def prepare(land: Land, review: Review, by: Person, *, received: int) -> None:
    """Agenda and data request, of which so much has come."""
    proposed = blank_visit(land.scale, review.starts_on)
    asked = tuple(Wanted(row.text, place < received) for place, row in enumerate(proposed.asked))
    keep(land, review, by, replace(proposed, asked=asked))


def count(land: Land, review: Review, by: Person) -> None:
    """A visit whose first day is over."""
    proposed = blank_visit(land.scale, review.starts_on)
    asked = tuple(Wanted(row.text, True) for row in proposed.asked)
    counted = replace(proposed, asked=asked, people=PEOPLE | OBSERVED, tally=TALLY, numbers=NUMBERS)
    keep(land, review, by, counted)


def keep(land: Land, review: Review, by: Person, values: VisitValues) -> None:
    visit = Visit(state=land.state, review=review, team=review.team, saved_by=by, version=2)
    visit.put(values)
    visit.saved_at = land.at(min(review.starts_on, land.today), 8)
    land.rows.add(visit)
