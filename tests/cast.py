"""A cast that everyone knows: two states, each with two agencies of two teams, and a person in every role.

`make_cast()` writes it through the ordinary models inside each state's context, so it works for the app role and for
the owner. North is the home of leader, supervisor and specialist; South is the other agency of the same state.
Every name carries the name of its state, agency or team, so that a leak is found by searching an answer's text.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client

from agencies import tenancy
from agencies.models import (
    Agency,
    Membership,
    MembershipTeam,
    Payer,
    PayerContract,
    Person,
    Population,
    State,
    Team,
    TeamPopulation,
)
from agencies.permissions import Actor, Role
from agencies.refusals import Refusal

PASSWORD = "a long enough password"
STARTED = date(2020, 1, 6)

# persona -> role and where: an agency's key, a team's key, or nothing
PERSONAS: dict[str, tuple[Role, str]] = {
    "admin": (Role.STATE_ADMIN, ""),
    "trainer": (Role.STATE_TRAINER, ""),
    "second_trainer": (Role.STATE_TRAINER, ""),
    "vr_liaison": (Role.VR_LIAISON, ""),
    "mh_liaison": (Role.MH_LIAISON, ""),
    "department_liaison": (Role.DEPARTMENT_LIAISON, ""),
    "payer": (Role.PAYER, ""),
    "leader": (Role.AGENCY_LEADER, "north"),
    "other_leader": (Role.AGENCY_LEADER, "south"),
    "supervisor": (Role.SUPERVISOR, "north_one"),
    "sibling_supervisor": (Role.SUPERVISOR, "north_two"),
    "other_supervisor": (Role.SUPERVISOR, "south_one"),
    "specialist": (Role.SPECIALIST, "north_one"),
    "other_specialist": (Role.SPECIALIST, "south_one"),
    "stakeholder": (Role.STAKEHOLDER, ""),
    "reviewer": (Role.REVIEWER, ""),
    "operator": (Role.OPERATOR, ""),
}


@dataclass
class StateCast:
    """One state with everybody in it, by key."""

    state: State
    agencies: dict[str, Agency] = field(default_factory=dict)  # north, south
    teams: dict[str, Team] = field(default_factory=dict)  # north_one, north_two, south_one, south_two
    people: dict[str, Person] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)
    payer: Payer | None = None
    populations: list[Population] = field(default_factory=list)

    def actor(self, persona: str) -> Actor:
        """Read afresh, as every request does."""
        return tenancy.actor_of(self.memberships[persona])

    def entered(self, persona: str) -> AbstractContextManager[Actor]:
        """The block runs with the persona's eyes: `with meridian.entered("leader") as by: ...`"""
        return tenancy.entered(self.actor(persona))

    def seen_by(self, persona: str) -> Client:
        """A browser in which the persona is signed in."""
        client = Client()
        client.force_login(self.people[persona], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client


@dataclass
class Cast:
    meridian: StateCast
    bayou: StateCast

    @property
    def states(self) -> tuple[StateCast, StateCast]:
        return self.meridian, self.bayou


@contextmanager
def refused(
    kind: type[Refusal] | tuple[type[Refusal], ...], match: str | None = None
) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The action refuses, and what it wrote before is undone, as the request's transaction would be."""
    before = transaction.savepoint()
    with pytest.raises(kind, match=match) as refusal:
        yield refusal
    transaction.set_rollback(False)
    transaction.savepoint_rollback(before)
    tenancy.retell()


def make_cast() -> Cast:
    return Cast(make_state("Meridian"), make_state("Bayou"))


@cache
def known_password() -> str:
    """One hash for all: hashing is slow on purpose."""
    return make_password(PASSWORD)


def make_person(name: str, email: str) -> Person:
    person = _person(name, email)
    person.save()
    return person


def _person(name: str, email: str) -> Person:
    return Person(name=name, email=email.lower(), password=known_password())


def make_state(name: str) -> StateCast:
    slug = name.lower()
    state = State(
        slug=slug,
        name=name,
        program_name=f"{name} IPS",
        zone="America/Chicago",
        contact_name=f"{name} program office",
        contact_email=f"office@{slug}.example",
    )
    state.started_on = state.today()
    state.save()
    cast = StateCast(state)
    with tenancy.as_system(state.pk):
        _make_agencies(cast)
        _make_members(cast)
    return cast


def _make_agencies(cast: StateCast) -> None:
    """A statement for each kind of row: thousands of tests begin here."""
    state = cast.state
    cast.populations = Population.objects.bulk_create(
        Population(state=state, name=name) for name in ("Adults", "Young adults")
    )
    cast.agencies = {
        key: Agency(
            state=state,
            slug=f"{key}-center",
            name=f"{state.name} {key.title()} Center",
            city="Springfield",
            region=f"{key.title()} region",
        )
        for key in ("north", "south")
    }
    Agency.objects.bulk_create(cast.agencies.values())
    cast.teams = {
        f"{key}_{number}": Team(
            state=state,
            agency=agency,
            slug=f"{key}-{number}",
            name=f"{state.name} {key.title()} Team {number.title()}",
            stage=Team.Stage.IMPLEMENTING,
            implementation_started_on=STARTED,
        )
        for key, agency in cast.agencies.items()
        for number in ("one", "two")
    }
    Team.objects.bulk_create(cast.teams.values())
    TeamPopulation.objects.bulk_create(
        TeamPopulation(state=state, team=team, population=cast.populations[0]) for team in cast.teams.values()
    )
    cast.payer = Payer.objects.create(state=state, name=f"{state.name} Health Plan")
    PayerContract.objects.create(
        state=state, payer=cast.payer, agency=cast.agencies["north"], starts_on=STARTED
    )


def _make_members(cast: StateCast) -> None:
    state = cast.state
    cast.people = {
        persona: _person(
            f"{state.name} {persona.replace('_', ' ').title()}", f"{persona}@{state.slug}.example"
        )
        for persona in PERSONAS
    }
    Person.objects.bulk_create(cast.people.values())
    cast.memberships = {
        persona: _membership(cast, persona, role, where) for persona, (role, where) in PERSONAS.items()
    }
    Membership.objects.bulk_create(cast.memberships.values())
    MembershipTeam.objects.bulk_create(
        MembershipTeam(state=state, membership=cast.memberships[persona], team=cast.teams[where])
        for persona, (_, where) in PERSONAS.items()
        if where in cast.teams
    )


def _membership(cast: StateCast, persona: str, role: Role, where: str) -> Membership:
    team = cast.teams.get(where)
    return Membership(
        state=cast.state,
        person=cast.people[persona],
        role=role,
        agency=team.agency if team else cast.agencies.get(where),
        payer=cast.payer if role is Role.PAYER else None,
        department="Medicaid" if role is Role.DEPARTMENT_LIAISON else "",
        started_on=STARTED,
    )
