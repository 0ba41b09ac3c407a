"""Fills a database with a whole nation of practice states: the same rows for the same day and seed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from agencies.models import Change, Team
from agencies.permissions import Role
from fidelity.models import ScaleVersion
from ips_portal.practice import places, seeding
from ips_portal.practice.nation.copying import CopiedRows, Keys, copy
from ips_portal.practice.nation.timelines import evenly
from ips_portal.practice.nation.worlds import Scope, worlds
from ips_portal.practice.people import Registry
from ips_portal.practice.places import NATIONAL
from ips_portal.practice.timelines import timeline
from ips_portal.practice.traces import changes
from ips_portal.practice.worlds import World
from outcomes import publishing

SALT = "practice makes the same rows"
FEWEST, MOST = 2, 1000  # teams of a state


class NotPlanted(Exception):
    """Why, and what to do. Nothing was changed."""


@dataclass(frozen=True)
class Planted:
    made: tuple[str, ...]
    present: tuple[str, ...]
    counts: dict[str, int]
    admin: str = ""  # whom the first state's admin signs in as


def plant(
    *,
    states: int,
    teams: int,
    today: date,
    reviews: int | None = None,
    quarters: int = 40,
    seed: int = 1,
    first: int = 1,
    password: str = seeding.EVERYBODYS,
) -> Planted:
    """Makes so many `teams` in all `states` together, numbered from `first` on.

    Each team has so many issued `reviews`, or as many as its state's rule asks for in so many `quarters` back.
    Runs as the owner of the tables. All or nothing; a nation that stands stays untouched.
    """
    scope = Scope(states, teams, quarters, reviews, first, seed)
    _check(scope)
    planted = _plant(scope, today, password)
    if planted.made:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # planned without statistics, a page of history takes half a minute
    return planted


def _check(scope: Scope) -> None:
    if scope.states < 1 or not FEWEST * scope.states <= scope.teams <= MOST * scope.states:
        raise NotPlanted(
            f"{scope.teams} teams do not fit into {scope.states} states: each has {FEWEST} to {MOST}. "
            "Nothing was changed."
        )
    if (
        not 1 <= scope.quarters <= 80
        or not 1 <= (1 if scope.reviews is None else scope.reviews) <= scope.quarters
    ):
        raise NotPlanted(
            "Choose 1 to 80 quarters, and no more reviews of a team than quarters. Nothing was changed."
        )


@transaction.atomic
def _plant(scope: Scope, today: date, password: str) -> Planted:
    this = _loading()
    if present := _standing(scope):
        return Planted((), present, {})
    national = ScaleVersion.objects.filter(state=None, key=NATIONAL).latest("effective_from", "pk")
    keys, hashed, counts = Keys(), make_password(password, salt=SALT), Counter[str]()
    admins = []
    made = worlds(scope)
    for world in made:
        rows = CopiedRows(keys)
        admins.append(_settle(world, rows, today, national, hashed, scope.reviews))
        counts.update(rows.store())
        told = changes(rows, today)
        for change in told:
            change.pk, change.transaction = keys.next(Change), this
        copy(told)
        counts["changes in history"] += len(told)
    for state in seeding.standing(scope.slugs):
        publishing.check(state)
    return Planted(tuple(world.name for world in made), (), dict(counts), admins[0])


def _standing(scope: Scope) -> tuple[str, ...]:
    """The names of its states, where just this nation is there already."""
    present = seeding.standing(scope.slugs)
    if not present:
        return ()
    teams = Team.objects.filter(state__in=present).count()
    if (len(present), teams) != (scope.states, scope.teams):
        raise NotPlanted(
            f"Another nation stands here: {len(present)} of these {scope.states} states, with {teams} teams. "
            "Rows are never removed, so plant this one in an empty database. Nothing was changed."
        )
    return tuple(state.name for state in present)


def _loading() -> int:
    """Turns the trigger of the history off, whose rows are written by name. Returns the transaction's number."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.history = 'off'")
        cursor.execute("SELECT row_security_active('agencies_team'), pg_current_xact_id()::text::bigint")
        bound, number = cursor.fetchone()
    if bound:
        raise NotPlanted(
            "PostgreSQL copies rows in for a role that sees all of them, and this one is bound by row-level security. "
            "Make OWNER_DATABASE_URL name the owner, made with docs/roles.sql. Nothing was changed."
        )
    return int(number)


def _settle(
    world: World, rows: CopiedRows, today: date, national: ScaleVersion, hashed: str, reviews: int | None
) -> str:
    """One state in memory; returns its admin's address."""
    land = places.settle(world, today, rows, national)
    lines = [evenly(land, site, reviews) if reviews else timeline(land, site) for site in land.sites]
    crew = seeding.populate(land, Registry(rows, hashed, f":{world.slug}{world.luck}"), lines)
    return str(crew.first(Role.STATE_ADMIN).person.email)
