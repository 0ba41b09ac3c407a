"""Which changes a person may read across records, as the permission table says for the audit log."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Q, QuerySet

from agencies import audit
from agencies.models import Change, State
from agencies.permissions import Actor, Place, Resource, Scope, may, scope_of
from agencies.refusals import NotPermitted
from agencies.tenancy import Reach, TenantModel


def require_history(actor: Actor, resource: Resource, place: Place) -> None:
    """A record's history is open to whoever may view all of it. Raises NotPermitted."""
    if may(actor, "view", resource, place).names_only:
        raise NotPermitted(f"As {actor.role.label} you see the name and public profile, not the history.")


def knows_names_only(actor: Actor) -> bool:
    return scope_of(actor.role, "view", Resource.AUDIT_LOG) is Scope.NAME_ONLY


def reads_drafts(actor: Actor) -> bool:
    """Why ratings were opened again may say what was rated: in the log for those who read every draft."""
    return scope_of(actor.role, "view", Resource.DRAFT_REPORT) is Scope.STATE


def log_of(actor: Actor) -> "QuerySet[Change]":
    """The changes the table lets this role read: all, those of the own agency or team, or one's own deeds."""
    changes = Change.objects.filter(state_id=actor.state_id)
    match scope_of(actor.role, "view", Resource.AUDIT_LOG):
        case Scope.STATE | Scope.NAME_ONLY:
            return changes
        case Scope.AGENCY:
            return changes.filter(_within(actor, actor.agency_ids))
        case Scope.TEAM:
            return changes.filter(_within(actor, frozenset()))
    return changes.filter(person_id=actor.person_id)


def narrowed(
    changes: "QuerySet[Change]",
    tenant: State,
    *,
    person_id: int | None = None,
    table: str = "",
    first: date | None = None,
    last: date | None = None,
) -> "QuerySet[Change]":
    """Days are those of the state."""
    zone = ZoneInfo(tenant.zone)
    if person_id:
        changes = changes.filter(person_id=person_id)
    if table:
        changes = changes.filter(table_name=table)
    if first:
        changes = changes.filter(at__gte=datetime.combine(first, time.min, zone).astimezone(UTC))
    if last:
        after = last + timedelta(days=1)
        changes = changes.filter(at__lt=datetime.combine(after, time.min, zone).astimezone(UTC))
    return changes


def tables_called(noun: str) -> list[str]:
    return [table for table, name in audit.nouns().items() if name == noun]


def _within(actor: Actor, agency_ids: frozenset[int]) -> Q:
    """Rows of the own agency and teams, table by table, and what the person did."""
    seeing = replace(actor, agency_ids=agency_ids, seen_agency_ids=agency_ids, seen_team_ids=actor.team_ids)
    wanted = Q(person_id=actor.person_id)
    for model in apps.get_models():
        if issubclass(model, TenantModel) and model.reach not in (Reach.SHARED, Reach.STATE):
            rows = model._default_manager.visible_to(seeing).values("pk")  # type: ignore[attr-defined]  # TenantQuerySet
            wanted |= Q(table_name=model._meta.db_table, row_id__in=rows)
    return wanted
