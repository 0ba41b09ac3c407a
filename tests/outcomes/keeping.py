"""What North's first team keeps between quarters, for tests: weeks, months, goals, and the addresses of their pages."""

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from agencies import tenancy
from agencies.models import Membership, MembershipTeam, StatePolicy
from agencies.permissions import Role
from outcomes.actions import between
from outcomes.dashboards.between import monday_of, months
from outcomes.models import OnTeam, WeekOfContacts
from tests.cast import STARTED, StateCast, make_cast, make_person
from tests.outcomes import quarters

FLAGS = ("weekly_contacts", "monthly_tallies", "specialist_goals")


def keeping_cast() -> StateCast:
    """Meridian's people, in a state that offers all of it."""
    cast = make_cast().meridian
    switch(cast)
    return cast


def switch(cast: StateCast, **flags: bool) -> None:
    stated = dict.fromkeys(FLAGS, True) | flags
    with tenancy.as_system(cast.state.pk):
        StatePolicy.objects.update_or_create(
            state=cast.state,
            subject=StatePolicy.Subject.OUTCOMES,
            effective_from=STARTED,
            defaults={"name": "Rules", "data": {"between": stated}},
        )


def seat(cast: StateCast, persona: str = "specialist", team: str = "north_one") -> OnTeam:
    with tenancy.as_system(cast.state.pk):
        found: OnTeam = OnTeam.objects.placed().get(
            membership=cast.memberships[persona], team=cast.teams[team]
        )
    return found


def monday(cast: StateCast, back: int = 0) -> date:
    return monday_of(cast.state.today()) - timedelta(weeks=back)


def last_month(cast: StateCast) -> date:
    return months(quarters.last_quarter(cast))[-1]


def save(cast: StateCast, persona: str = "specialist", seen: str = "0", **values: Any) -> WeekOfContacts:
    given = {"monday": monday(cast, 1), "contacts": 5, "looking": 8} | values
    with cast.entered(persona) as by:
        return between.save_week(seat(cast), seen=seen, by=by, **given)


def tally(cast: StateCast, month: date, persona: str = "specialist", who: str = "", **values: int) -> None:
    with cast.entered(persona) as by:
        between.save_month(seat(cast, who or "specialist"), month=month, values=values, seen="0", by=by)


def furnish(cast: StateCast) -> None:
    save(cast)
    tally(cast, last_month(cast), served=20, job_starts=3)
    with cast.entered("supervisor") as by:
        quarter = quarters.last_quarter(cast)
        team = cast.teams["north_one"]
        between.set_goals(team, quarter=quarter, values={"job_starts": 9}, seen="0.0.0", by=by)
        goals = {"contacts": 7}
        between.set_goals(team, quarter=quarter, values=goals, seen="0.0.0", by=by, on_team=seat(cast))


def colleague(cast: StateCast, name: str) -> None:
    """Another specialist of the first team, known to the cast by a persona of that name."""
    with tenancy.as_system(cast.state.pk):
        person = make_person(f"Meridian {name.title()}", f"{name}@meridian.example")
        membership = Membership.objects.create(
            state=cast.state,
            person=person,
            role=Role.SPECIALIST,
            agency=cast.agencies["north"],
            started_on=STARTED,
        )
        MembershipTeam.objects.create(state=cast.state, membership=membership, team=cast.teams["north_one"])
    cast.people[name], cast.memberships[name] = person, membership


def left(cast: StateCast, persona: str = "specialist") -> None:
    """Today is the first day without the person."""
    with tenancy.as_system(cast.state.pk):
        Membership.objects.filter(pk=cast.memberships[persona].pk).update(ended_on=cast.state.today())


def at(cast: StateCast, name: str, *args: Any) -> str:
    return reverse(f"outcomes:{name}", args=[cast.state.slug, *args])


def week_at(cast: StateCast, day: date, persona: str = "specialist", team: str = "north-one") -> str:
    return at(cast, "between-week", team, cast.people[persona].pk, day)


def text_of(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()
