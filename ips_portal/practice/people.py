"""The people of a practice state: every role, each with a place, and invitations on their way."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from agencies.models import Agency, Invitation, Membership, MembershipTeam, Person, Team
from agencies.permissions import Role
from ips_portal.practice import names
from ips_portal.practice.places import Land, Site
from ips_portal.practice.rows import Rows

VACANT = 0.1  # of positions; and three in ten specialists move on in a year (domain reference 8.2)
MOVED_ON = 0.3


class Registry:
    """Gives each new person an invented name that nobody else has, and the one password hash."""

    def __init__(self, rows: Rows, hashed: str, luck: str = "") -> None:
        rng = random.Random(f"practice:names{luck}")  # noqa: S311 - repeatable
        self.names: Iterator[str] = names.people(rng)
        self._rows, self._hashed = rows, hashed

    def person(self, land: Land, joined: date) -> Person:
        name = next(self.names)
        return self._rows.add(
            Person(
                name=name,
                email=names.address(name, land.world.slug),
                password=self._hashed,
                joined_at=land.at(joined, 9),
            )
        )


@dataclass
class Crew:
    """Who fills which role."""

    by_role: dict[Role, list[Membership]] = field(default_factory=dict)
    leaders: dict[str, Membership] = field(default_factory=dict)  # by agency slug
    supervisors: dict[str, Membership] = field(default_factory=dict)  # by team slug

    def first(self, role: Role) -> Membership:
        return self.by_role[role][0]


def hire(land: Land, registry: Registry) -> Crew:
    """State roles first, so that the sign-in shown for each role is the one with the lowest number."""
    crew = Crew()
    _state_office(land, registry, crew)
    for agency in land.agencies:
        _leader(land, registry, crew, agency)
    for site in land.sites:
        _team(land, registry, crew, site)
    _reviewing_leader(land, crew)
    return crew


def _join(land: Land, crew: Crew, person: Person, role: Role, started: date, **where: Any) -> Membership:
    membership = Membership(
        state=land.state,
        person=person,
        role=role.value,
        started_on=max(started, land.state.started_on),
        **where,
    )
    crew.by_role.setdefault(role, []).append(membership)
    return land.rows.add(membership)


def _state_office(land: Land, registry: Registry, crew: Crew) -> None:
    def add(role: Role, **where: Any) -> None:
        started = max(land.ago(land.rng.uniform(42, 70) * land.world.stretch), land.state.started_on)
        _join(land, crew, registry.person(land, started), role, started, **where)

    add(Role.STATE_ADMIN)
    add(Role.STATE_ADMIN)
    for _ in range(land.world.trainers):
        add(Role.STATE_TRAINER)
    add(Role.VR_LIAISON)
    add(Role.MH_LIAISON)
    for department in land.world.departments[: 2 if len(land.sites) > 5 else 1]:
        add(Role.DEPARTMENT_LIAISON, department=department)
    for payer in land.payers:
        add(Role.PAYER, payer=payer)
    for role, count in ((Role.STAKEHOLDER, 2), (Role.REVIEWER, 2)):
        for _ in range(count):
            add(role)
    if land.world.has_operator:
        add(Role.OPERATOR)


def _leader(land: Land, registry: Registry, crew: Crew, agency: Agency) -> None:
    started = land.ago(land.rng.uniform(12, 90))
    ended = agency.ended_on
    person = registry.person(land, started)
    crew.leaders[agency.slug] = _join(
        land, crew, person, Role.AGENCY_LEADER, started, agency=agency, ended_on=ended
    )


def _team(land: Land, registry: Registry, crew: Crew, site: Site) -> None:
    team, rng = site.team, land.rng
    began = team.implementation_started_on or land.ago(1)
    since = max(began - timedelta(days=60), land.ago(60 * land.world.stretch))
    supervisor = _member(land, registry, crew, Role.SUPERVISOR, team, since)
    crew.supervisors[team.slug] = supervisor
    for position in range(site.positions):
        if position and rng.random() < VACANT:
            continue
        arrived = since + (land.today - since) * rng.random()
        if rng.random() < MOVED_ON and arrived > since + timedelta(days=90):
            _member(land, registry, crew, Role.SPECIALIST, team, since, ended=arrived - timedelta(days=20))
        _member(land, registry, crew, Role.SPECIALIST, team, arrived)


def _member(
    land: Land, registry: Registry, crew: Crew, role: Role, team: Team, since: date, ended: date | None = None
) -> Membership:
    last = min((day for day in (ended, team.ended_on) if day), default=None)
    started = min(since, last) if last else since
    membership = _join(
        land, crew, registry.person(land, started), role, started, agency=team.agency, ended_on=last
    )
    land.rows.add(MembershipTeam(state=land.state, membership=membership, team=team))
    return membership


def _reviewing_leader(land: Land, crew: Crew) -> None:
    """A leader with a second part: reviewer of other agencies' teams."""
    leader = crew.leaders[land.agencies[len(land.world.teams) - 1].slug]
    _join(land, crew, leader.person, Role.REVIEWER, max(leader.started_on, land.ago(10)))


def visitor(land: Land, crew: Crew, person: Person) -> None:
    """Somebody of another state who reviews here too."""
    _join(land, crew, person, Role.REVIEWER, land.ago(9))


def invite(land: Land, crew: Crew, registry: Registry) -> None:
    """One invitation that waits, one that ran out, one that was taken up, one that was withdrawn."""
    shown = land.sites[0].team
    admin, leader = crew.first(Role.STATE_ADMIN), crew.leaders[shown.agency.slug]
    waiting = next(registry.names)
    late = next(registry.names)
    gone = next(registry.names)
    _invitation(land, waiting, Role.SPECIALIST, leader, sent=2, agency=shown.agency, team=shown)
    _invitation(land, late, Role.AGENCY_LEADER, admin, sent=16, agency=land.agencies[1])
    _invitation(land, gone, Role.STAKEHOLDER, admin, sent=40, withdrawn_at=land.at(land.ago(1), 15))
    newest = max(crew.by_role[Role.SPECIALIST], key=lambda member: (member.started_on, member.person.name))
    sent = (land.today - newest.started_on).days + 5
    taken = {"accepted_at": land.at(newest.started_on, 10), "accepted_by": newest.person}
    _invitation(land, newest.person.name, Role.SPECIALIST, admin, sent=sent, agency=newest.agency, **taken)


def _invitation(land: Land, name: str, role: Role, by: Membership, *, sent: int, **rest: Any) -> None:
    token = f"practice:{land.world.slug}:{name}"
    land.rows.add(
        Invitation(
            state=land.state,
            email=names.address(name, land.world.slug),
            name=name,
            role=role.value,
            token_sha256=sha256(token.encode()).hexdigest(),
            invited_by=by.person,
            sent_at=land.at(land.today - timedelta(days=sent), 11),
            **rest,
        )
    )
