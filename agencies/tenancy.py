"""The two walls between tenants: scoped querysets, and row-level security switched by a context in each transaction.

A request, task, command or test runs inside `entered(actor)`. That opens a transaction (the context is local to it)
and tells PostgreSQL whose eyes to use. A query without a context is an error, never an empty page that looks true.
Migrations wrap each tenant table with `Enclose`, see `agencies/enclosure.py`.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.db.models import Q
from psycopg.pq import TransactionStatus

from agencies.permissions import Actor, Place, Role


class Reach(StrEnum):
    """Which rows of a table a context may see, inside its state."""

    SHARED = "shared"  # everybody of the state
    STATE = "state"  # those who see the whole state
    AGENCY = "agency"  # own agencies, assigned agencies
    TEAM = "team"  # own teams, partner teams, assigned teams
    PERSON = "person"  # the person it is about, and whoever manages people there
    AUTHOR = "author"  # its author, until it is locked


class Breadth(StrEnum):
    """How far a role sees; the value of the setting app.reach."""

    STATE = "state"
    AGENCY = "agency"
    TEAM = "team"
    ASSIGNED = "assigned"
    NAMES = "names"
    NONE = "none"


BREADTH = {
    Role.STATE_ADMIN: Breadth.STATE,
    Role.STATE_TRAINER: Breadth.STATE,
    Role.VR_LIAISON: Breadth.STATE,
    Role.MH_LIAISON: Breadth.STATE,
    Role.DEPARTMENT_LIAISON: Breadth.STATE,
    Role.PAYER: Breadth.ASSIGNED,
    Role.AGENCY_LEADER: Breadth.AGENCY,
    Role.SUPERVISOR: Breadth.AGENCY,
    Role.SPECIALIST: Breadth.TEAM,
    Role.STAKEHOLDER: Breadth.NAMES,
    Role.REVIEWER: Breadth.ASSIGNED,
    Role.OPERATOR: Breadth.NAMES,
}


@dataclass(frozen=True)
class Context:
    """What PostgreSQL is told. Zero means deliberately nobody and no tenant."""

    state_id: int = 0
    agency_ids: frozenset[int] = frozenset()  # whose names and teams are seen
    own_agency_ids: frozenset[int] = frozenset()  # whose people are managed
    team_ids: frozenset[int] = frozenset()
    person_id: int = 0
    membership_id: int = 0
    breadth: Breadth = Breadth.NONE
    reason: str = ""

    @classmethod
    def of(cls, actor: Actor) -> Self:
        return cls(
            state_id=actor.state_id,
            agency_ids=actor.seen_agency_ids,
            own_agency_ids=actor.agency_ids,
            team_ids=actor.seen_team_ids,
            person_id=actor.person_id,
            membership_id=actor.membership_id,
            breadth=BREADTH[actor.role],
        )

    def settings(self) -> dict[str, str]:
        return {
            "app.state_id": str(self.state_id),
            "app.agency_ids": _array(self.agency_ids),
            "app.own_agency_ids": _array(self.own_agency_ids),
            "app.team_ids": _array(self.team_ids),
            "app.person_id": str(self.person_id),
            "app.membership_id": str(self.membership_id),
            "app.reach": self.breadth.value,
            "app.reason": self.reason,
        }


NOBODY = Context()
_current: ContextVar[Context | None] = ContextVar("tenant_context", default=None)


def _array(ids: Collection[int]) -> str:
    return "{" + ",".join(map(str, sorted(ids))) + "}"


def _tell(context: Context) -> None:
    settings = context.settings()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join("set_config(%s, %s, true)" for _ in settings),
            [text for pair in settings.items() for text in pair],
        )


@contextmanager
def _inside(context: Context) -> Iterator[None]:
    outer = _current.get()
    token = _current.set(context)
    try:
        if connection.in_atomic_block:
            _tell(context)
            yield
        else:
            with transaction.atomic():
                _tell(context)
                yield
    finally:
        _current.reset(token)
        if _transaction_lives():
            _tell(outer or NOBODY)


def _transaction_lives() -> bool:
    """Inside a transaction that still takes statements: not after an error of the database, nor a refusal."""
    if not connection.in_atomic_block or connection.needs_rollback or connection.connection is None:
        return False
    return bool(connection.connection.info.transaction_status == TransactionStatus.INTRANS)


@contextmanager
def entered(actor: Actor) -> Iterator[Actor]:
    """Runs the block with the eyes of `actor`; nested calls restore the outer context."""
    with _inside(Context.of(actor)):
        yield actor


@contextmanager
def as_nobody(person_id: int = 0) -> Iterator[None]:
    """Deliberately no tenant: the front door, sign-in, invitations."""
    with _inside(Context(person_id=person_id)):
        yield


@contextmanager
def whole_transaction(person_id: int, *, told: bool = True) -> Iterator[None]:
    """A request's one transaction, entered as nobody. What PostgreSQL was told ends with it and is not taken back.

    Where `told` is false, PostgreSQL is told nothing until `switch`: any tenant's row before is an error.
    """
    inner = connection.in_atomic_block
    with transaction.atomic():
        if inner:
            with as_nobody(person_id):
                yield
            return
        context = Context(person_id=person_id)
        token = _current.set(context)
        try:
            if told:
                _tell(context)
            yield
        finally:
            _current.reset(token)


@contextmanager
def as_system(state_id: int, person_id: int = 0) -> Iterator[None]:
    """The portal itself at work in one state: sweeps, timetables, publishing.

    `person_id` names who set it in motion, where a person without a membership did (accepting an invitation).
    """
    with _inside(Context(state_id=state_id, person_id=person_id, breadth=Breadth.STATE)):
        yield


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Writes `reason` beside every change of the block in the history."""
    with _inside(replace(_current.get() or NOBODY, reason=reason.strip())):
        yield


def switch(actor: Actor) -> None:
    """Changes the membership a request runs under. Only `agencies.access` does so, before anything was written."""
    _current.set(Context.of(actor))
    _tell(Context.of(actor))


def retell() -> None:
    """Tells PostgreSQL the context once more, after a refusal broke off a block that had changed it."""
    _tell(_current.get() or NOBODY)


def seat_in(state: str, person_id: int) -> models.Func:
    """For a query of states: a row for each open membership of the person there, as `actors` reads them."""
    seats = models.Func(models.Value(person_id), models.F(state), function="agencies_actors")
    return models.Func(seats, function="to_jsonb", output_field=models.JSONField(), set_returning=True)


def actors_of(person_id: int, state_id: int) -> list[Actor]:
    """The person's open memberships in the state, narrowest first. Read afresh for each request and each job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(agencies_actors(%s, %s))", [person_id, state_id])
        return actors(json.loads(seat) for (seat,) in cursor.fetchall())


def actors(seats: Iterable[dict[str, Any]]) -> list[Actor]:
    return sorted(map(_actor, seats), key=_narrowness)


def actor_of(membership: Any) -> Actor:
    """The actor behind one membership row, or LookupError when it has ended meanwhile."""
    return _actor_with(membership.person_id, membership.state_id, membership.pk)


def refreshed(actor: Actor) -> Actor:
    """The same membership with what it reaches now, for instance after it opened a team."""
    return _actor_with(actor.person_id, actor.state_id, actor.membership_id)


def _actor_with(person_id: int, state_id: int, membership_id: int) -> Actor:
    for actor in actors_of(person_id, state_id):
        if actor.membership_id == membership_id:
            return actor
    raise LookupError("This membership has ended.")


def _actor(seat: dict[str, Any]) -> Actor:
    return Actor(
        state_id=seat["state_id"],
        role=Role(seat["role"]),
        person_id=seat["person_id"],
        membership_id=seat["membership_id"],
        agency_ids=frozenset(seat["agency_ids"]),
        team_ids=frozenset(seat["team_ids"]),
        assigned_agency_ids=frozenset(seat["assigned_agency_ids"]),
        assigned_team_ids=frozenset(seat["assigned_team_ids"]),
        seen_agency_ids=frozenset(seat["seen_agency_ids"]),
        seen_team_ids=frozenset(seat["seen_team_ids"]),
        name=seat["name"],
        where=seat["place"] or "",
        department=seat["department"],
    )


_WIDTH = [Breadth.TEAM, Breadth.ASSIGNED, Breadth.AGENCY, Breadth.NAMES, Breadth.STATE]


def _narrowness(actor: Actor) -> tuple[int, int, int]:
    return _WIDTH.index(BREADTH[actor.role]), list(Role).index(actor.role), actor.membership_id


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A key to a row of the same state. The database checks it as (state_id, x_id): see `Enclose`."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)


FEW = 100  # ids that are told one by one


def among(column: str, ids: Collection[int]) -> Q:
    """Many ids go as one array that is hashed once; compared one by one they cost more than the rows they find."""
    if len(ids) <= FEW:
        return Q(**{f"{column}__in": ids})
    many = models.Func(
        models.F(column),
        models.Value(_array(ids)),
        template="(%(expressions)s::bigint[])) IS TRUE)",
        arg_joiner=" IN (SELECT unnest(",
        output_field=models.BooleanField(),
    )
    return Q(many)


class TenantQuerySet(models.QuerySet[Any]):
    def in_state(self, state_id: int) -> Self:
        return self.filter(state_id=state_id)

    def visible_to(self, actor: Actor) -> Self:
        """The first wall. Says in the query what row-level security says again in the database."""
        return self.in_state(actor.state_id).filter(self.model.reach_filter(actor))


class TenantModel(models.Model):
    """A row of one state. Each model names its own queryset, at least `objects = TenantQuerySet.as_manager()`."""

    reach: Reach = Reach.SHARED
    agency_path = "agency_id"  # where the filter of Reach.AGENCY looks
    team_path = "team_id"

    state = models.ForeignKey("agencies.State", models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def place(self) -> Place:
        return Place(self.state_id)

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        breadth = BREADTH[actor.role]
        if cls.reach is Reach.SHARED or breadth is Breadth.STATE:
            return Q()
        match cls.reach:
            case Reach.AGENCY:
                return among(cls.agency_path, actor.seen_agency_ids)
            case Reach.TEAM:
                return among(cls.team_path, actor.seen_team_ids)
            case Reach.STATE:
                return Q(pk__in=[])
        raise ImproperlyConfigured(f"{cls.__name__} needs its own reach_filter.")


def refuse_unbound_role() -> None:
    """Ends the start of a serving process whose database role row-level security would not bind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper OR rolbypassrls, EXISTS (SELECT 1 FROM pg_tables WHERE tableowner = rolname"
            " AND schemaname = 'public') FROM pg_roles WHERE rolname = current_user"
        )
        name, bypasses, owns = cursor.fetchone()
    if bypasses or owns:
        raise ImproperlyConfigured(
            f"The database role {name} can read every state's rows (superuser, BYPASSRLS or owner of the tables). "
            "Set DATABASE_URL to the app role and OWNER_DATABASE_URL to the owner."
        )
