"""Who may do what: the table in permissions.csv, and the one question everything asks of it.

`may(actor, action, resource, place)` answers yes or no with the reason; `require(...)` raises the no.
Pure: values in, values out. Where a record lies is a `Place`; who asks is an `Actor`.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from agencies.refusals import NotPermitted

TABLE = Path(__file__).with_name("permissions.csv")


class Role(StrEnum):
    """Codes of the table. The order settles ties between a person's memberships."""

    STATE_ADMIN = "SA"
    STATE_TRAINER = "ST"
    VR_LIAISON = "VR"
    MH_LIAISON = "MH"
    DEPARTMENT_LIAISON = "DL"
    PAYER = "MC"
    AGENCY_LEADER = "AL"
    SUPERVISOR = "SU"
    SPECIALIST = "ES"
    STAKEHOLDER = "RO"
    REVIEWER = "XR"
    OPERATOR = "OP"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.STATE_ADMIN: "State admin",
    Role.STATE_TRAINER: "State trainer",
    Role.VR_LIAISON: "Vocational Rehabilitation liaison",
    Role.MH_LIAISON: "Mental health liaison",
    Role.DEPARTMENT_LIAISON: "Department liaison",
    Role.PAYER: "Payer or approver",
    Role.AGENCY_LEADER: "Agency leader",
    Role.SUPERVISOR: "IPS supervisor",
    Role.SPECIALIST: "IPS specialist",
    Role.STAKEHOLDER: "Read-only stakeholder",
    Role.REVIEWER: "Reviewer from elsewhere",
    Role.OPERATOR: "Portal operator",
}


class Resource(StrEnum):
    STATE = "State (tenant) and its settings"
    POLICY = "State policy and scale"
    AGENCY = "Agency"
    TEAM = "Team"
    MEMBERSHIP = "Membership and invitation"
    REVIEW = "Fidelity review: schedule"
    RATINGS = "Fidelity review: one reviewer's own ratings (draft)"
    CONSENSUS = "Fidelity review: consensus sheet"
    DRAFT_REPORT = "Fidelity report: draft"
    FINAL_REPORT = "Fidelity review: final report"
    ACTION_PLAN = "Action plan and items"
    STANDING = "Lifecycle decision and standing"
    OUTCOME_DRAFT = "Quarterly outcome: draft"
    OUTCOME_SUBMITTED = "Quarterly outcome: submitted"
    OUTCOME_ACCEPTED = "Quarterly outcome: accepted"
    OUTCOME_LOCKED = "Quarterly outcome: locked"
    SHARED_OUTCOMES = "Shared (transparent) outcome view"
    BENCHMARKS = "Benchmarks (national set / state set)"
    FUNDING_PLAN = "Funding plan"
    GENERATED_FILE = "Report / PDF / generated file"
    AUDIT_LOG = "Audit log"
    API_TOKEN = "API token"  # noqa: S105  # a resource, not a secret


ACTIONS = ("view", "create", "edit", "submit", "approve", "lock", "reopen", "export", "delete")


class Scope(StrEnum):
    PLATFORM = "p"
    STATE = "s"
    AGENCY = "a"
    TEAM = "t"
    ASSIGNED = "r"
    OWN = "o"
    NAME_ONLY = "n"


SCOPE_LABELS = {
    Scope.PLATFORM: "on the platform",
    Scope.STATE: "in the whole state",
    Scope.AGENCY: "in the own agency",
    Scope.TEAM: "in the own teams",
    Scope.ASSIGNED: "where assigned",
    Scope.OWN: "own records",
    Scope.NAME_ONLY: "name and public profile",
}


@dataclass(frozen=True)
class Place:
    """Where a record lies. `people` are those who made it or whom it is about, `desks` the departments that
    keep it, where it is departments and not assignments that open it."""

    state_id: int
    agency_ids: frozenset[int] = frozenset()
    team_id: int | None = None
    people: frozenset[int] = frozenset()
    desks: frozenset[str] | None = None


@dataclass(frozen=True)
class Actor:
    """One person under one membership: role, and the ids that membership reaches (see `tenancy.actors_of`)."""

    state_id: int
    role: Role
    person_id: int
    membership_id: int
    agency_ids: frozenset[int] = field(default_factory=frozenset)  # own agency
    team_ids: frozenset[int] = field(default_factory=frozenset)  # own teams
    assigned_agency_ids: frozenset[int] = field(default_factory=frozenset)
    assigned_team_ids: frozenset[int] = field(default_factory=frozenset)
    seen_agency_ids: frozenset[int] = field(default_factory=frozenset)  # what row-level security lets through
    seen_team_ids: frozenset[int] = field(default_factory=frozenset)
    name: str = ""
    where: str = ""
    department: str = ""

    @property
    def desk(self) -> str:
        """The department or payer a liaison speaks for; empty for everybody else."""
        match self.role:
            case Role.VR_LIAISON | Role.MH_LIAISON:
                return self.role.value
            case Role.DEPARTMENT_LIAISON:
                return f"{self.role.value} {self.department.casefold()}"
            case Role.PAYER:
                return f"{self.role.value} {self.where.casefold()}"
        return ""


@dataclass(frozen=True)
class Decision:
    allowed: bool
    reason: str = ""
    names_only: bool = False

    def __bool__(self) -> bool:
        return self.allowed


@cache
def table() -> dict[tuple[str, str, str], Scope]:
    """(resource, role, action) -> scope, for every granted cell."""
    with TABLE.open(newline="", encoding="utf-8") as lines:
        return {
            (row["resource"], row["role"], row["action"]): Scope(row["scope"])
            for row in csv.DictReader(lines)
            if row["scope"] != "deny"
        }


def scope_of(role: Role, action: str, resource: Resource) -> Scope | None:
    return table().get((resource, role, action))


def roles_that_may(action: str, resource: Resource) -> list[Role]:
    return [role for role in Role if scope_of(role, action, resource)]


def covers(scope: Scope, actor: Actor, place: Place) -> bool:
    """Does the scope reach the place? Name-only scopes reach what the state scope reaches."""
    if scope is Scope.PLATFORM:
        return True
    if place.state_id != actor.state_id:
        return False
    match scope:
        case Scope.STATE | Scope.NAME_ONLY:
            return True
        case Scope.AGENCY:
            return bool(place.agency_ids & actor.agency_ids) or place.team_id in actor.team_ids
        case Scope.TEAM:
            return place.team_id in actor.team_ids
        case Scope.ASSIGNED:
            if place.desks is not None:
                return actor.desk in place.desks
            return place.team_id in actor.assigned_team_ids or bool(
                place.agency_ids & actor.assigned_agency_ids
            )
        case Scope.OWN:
            return actor.person_id in place.people


def may(actor: Actor, action: str, resource: Resource, place: Place | None = None) -> Decision:
    """Yes, or no with a reason. Without a place: could this role do it anywhere at all?"""
    scope = scope_of(actor.role, action, resource)
    if scope is None:
        return Decision(False, _needs_role(actor, action, resource))
    names_only = scope is Scope.NAME_ONLY
    if place is None:
        return Decision(True, names_only=names_only)
    reaches = covers(scope, actor, place)
    if names_only and action != "view":  # name-only editing stays inside what the role may view
        reaches = bool(may(actor, "view", resource, place))
    if reaches:
        return Decision(True, names_only=names_only)
    return Decision(
        False,
        f"As {actor.role.label} you may {action} this {SCOPE_LABELS[scope]} only, and this record lies outside.",
    )


def _needs_role(actor: Actor, action: str, resource: Resource) -> str:
    able = [role.label for role in roles_that_may(action, resource)]
    who = _listed(able) if able else "nobody"
    return (
        f"You are signed in as {actor.role.label}. The right to {action} “{resource}” belongs to {who}. "
        "Nothing was changed."
    )


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def require(actor: Actor, action: str, resource: Resource, place: Place) -> Decision:
    """Raises NotPermitted with the reason, or returns the yes."""
    decision = may(actor, action, resource, place)
    if not decision:
        raise NotPermitted(decision.reason)
    return decision


# Nobody grants a right above their own. Source: the trust reference, threat T7 and section 2.2 rule 4.
GRANTABLE: dict[Role, tuple[Role, ...]] = {
    Role.OPERATOR: (Role.STATE_ADMIN,),
    Role.STATE_ADMIN: tuple(role for role in Role if role is not Role.OPERATOR),
    Role.STATE_TRAINER: (Role.AGENCY_LEADER, Role.SUPERVISOR, Role.SPECIALIST, Role.REVIEWER),
    Role.AGENCY_LEADER: (Role.SUPERVISOR, Role.SPECIALIST),
    Role.SUPERVISOR: (Role.SPECIALIST,),
}


AGENCY_ROLES = (Role.AGENCY_LEADER, Role.SUPERVISOR, Role.SPECIALIST)  # they hold their seat in an agency


def moves_teams(actor: Actor) -> bool:
    """May this actor choose lead and partner agencies? That decides who sees a team's reviews."""
    return scope_of(actor.role, "edit", Resource.TEAM) is Scope.STATE


def grantable(actor: Actor) -> tuple[Role, ...]:
    return GRANTABLE.get(actor.role, ())


def may_grant(actor: Actor, role: str) -> bool:
    """May the actor give this role, and so change or take it?"""
    return Role(role) in grantable(actor)
