"""What two practice teams keep between quarters: weeks of contacts, tallies by month and goals.

The months of the last quarter add up to what the team reported of it, so that both stand side by side and agree.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from agencies.models import Membership, MembershipTeam, Person, Team
from agencies.permissions import Role
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land
from ips_portal.practice.rhythm import office_day
from ips_portal.quarters import Quarter
from outcomes.dashboards.between import monday_of, mondays, months
from outcomes.models import ADDED_UP, MonthTally, Revision, TeamGoal, WeekOfContacts

TEAMS = 2
CONTACTS = (3, 4, 5, 6, 6, 6, 7, 7, 8, 9)  # around the six a week that the scale asks for
SKIPPED = 0.08  # weeks nobody wrote down: leave, or forgotten
UNREVIEWED = 0.12
PEOPLE = ("served", "employed", "in_education")


@dataclass(frozen=True)
class Kept:
    """A team that keeps all of it, with those who work there now."""

    land: Land
    team: Team
    supervisor: Person
    specialists: tuple[Membership, ...]
    rng: random.Random


def keep(land: Land, crew: Crew) -> None:
    """Only in a state that offers it."""
    if "between" not in land.world.outcomes:
        return
    rng = random.Random(f"practice:between:{land.world.slug}{land.world.luck}")  # noqa: S311 - repeatable
    now = Quarter.of(land.today)
    for site in land.sites[:TEAMS]:
        supervisor = crew.supervisors[site.team.slug].person
        kept = Kept(land, site.team, supervisor, specialists(land, site.team), rng)
        reported = latest(land, site.team, now - 1)
        for quarter in (now - 1, now):
            for week in weeks(kept, quarter):
                land.rows.add(week)
            for goal in goals(kept, quarter, reported):
                land.rows.add(goal)
            if reported is not None:
                for tally in tallies(kept, quarter, reported):
                    land.rows.add(tally)


def specialists(land: Land, team: Team) -> tuple[Membership, ...]:
    return tuple(
        row.membership
        for row in land.rows.of(MembershipTeam)
        if row.team is team and row.membership.role == Role.SPECIALIST and row.membership.ended_on is None
    )


def latest(land: Land, team: Team, quarter: Quarter) -> Revision | None:
    """What the team last wrote down of the quarter or of one before."""
    found = [
        row
        for row in land.rows.of(Revision)
        if row.team is team and row.served and row.report.quarter <= quarter
    ]
    return max(found, key=lambda row: (row.report.quarter, row.number), default=None)


def weeks(kept: Kept, quarter: Quarter) -> Iterator[WeekOfContacts]:
    this_week = monday_of(kept.land.today)
    for monday in reversed(mondays(quarter, kept.land.today)):
        for member in kept.specialists:
            if member.started_on > monday or kept.rng.random() < SKIPPED:
                continue
            row = WeekOfContacts(
                state=kept.land.state,
                team=kept.team,
                person=member.person,
                monday=monday,
                contacts=kept.rng.choice(CONTACTS) if monday < this_week else kept.rng.randint(1, 4),
                looking=kept.rng.randint(4, 9),
                saved_at=kept.land.at(min(monday + timedelta(days=4), kept.land.today), 8),
            )
            review(kept, row)
            yield row


def review(kept: Kept, row: WeekOfContacts) -> None:
    """On the Monday or Tuesday after, in group supervision."""
    day = office_day(row.monday + timedelta(days=kept.rng.choice((7, 7, 8))))
    if day < kept.land.today and kept.rng.random() > UNREVIEWED:
        row.reviewed_on, row.reviewed_by, row.version = day, kept.supervisor, 2


def tallies(kept: Kept, quarter: Quarter, reported: Revision) -> Iterator[MonthTally]:
    """Months that have ended. Each specialist's people are the same in all three, jobs come one by one."""
    count = len(kept.specialists)
    people = {key: shares(kept.rng, getattr(reported, key) or 0, count, even=True) for key in PEOPLE}
    added = {key: shares(kept.rng, getattr(reported, key) or 0, count * 3) for key in ADDED_UP}
    for place, member in enumerate(kept.specialists):
        for after, month in enumerate(months(quarter)):
            ended = last_of(month)
            if ended < kept.land.today and member.started_on <= ended:
                yield MonthTally(
                    state=kept.land.state,
                    team=kept.team,
                    person=member.person,
                    month=month,
                    saved_at=kept.land.at(min(ended + timedelta(days=2), kept.land.today), 7),
                    **{key: parts[place] for key, parts in people.items()},
                    **{key: parts[place * 3 + after] for key, parts in added.items()},
                )


def goals(kept: Kept, quarter: Quarter, reported: Revision | None) -> Iterator[TeamGoal]:
    """For the team a little more than it had; for each specialist the standard of the scale."""
    at = kept.land.at(min(quarter.starts_on + timedelta(days=6), kept.land.today), 10)
    wanted: list[tuple[Person | None, str, int]] = [
        (member.person, TeamGoal.Measure.CONTACTS, 6) for member in kept.specialists
    ]
    if reported is not None:
        wanted.append((None, TeamGoal.Measure.JOB_STARTS, (reported.job_starts or 0) + 1))
        wanted.append((None, TeamGoal.Measure.EMPLOYED, (reported.employed or 0) + 2))
    for person, measure, value in wanted:
        yield TeamGoal(
            state=kept.land.state,
            team=kept.team,
            person=person,
            quarter=quarter,  # type: ignore[misc]  # the column takes the value itself
            measure=measure,
            value=value,
            saved_at=at,
        )


def shares(rng: random.Random, total: int, parts: int, *, even: bool = False) -> list[int]:
    """Whole numbers that add up to the total: as even as can be, or as luck has it."""
    if even:
        return [total // parts + (place < total % parts) for place in range(parts)] if parts else []
    found = [0] * parts
    for _ in range(total if parts else 0):
        found[rng.randrange(parts)] += 1
    return found


def last_of(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
