"""History tab of a record, and the log across records."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Model, Q
from django.http import HttpResponse
from django.shortcuts import render

from agencies import audit
from agencies.access import TenantRequest, door
from agencies.forms.history import LogFilter
from agencies.models import Change, Person, State
from agencies.permissions import Actor, Place, Resource, Scope, may, scope_of
from agencies.refusals import NotPermitted
from agencies.tenancy import Reach, TenantModel
from agencies.views.pages import Crumbs, address, page_of


def history_of(
    request: TenantRequest,
    record: Model,
    *,
    resource: Resource,
    place: Place,
    heading: str,
    crumbs: Crumbs,
    tabs: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    """The page of a record's history, open to whoever may view all of it; row-level security picks the rows."""
    if may(request.actor, "view", resource, place).names_only:
        raise NotPermitted(
            f"As {request.actor.role.label} you see the name and public profile, not the history."
        )
    page = page_of(request, audit.changes_of(record).filter(state_id=request.tenant.pk))
    context = {
        "heading": heading,
        "crumbs": [*crumbs, ("History", "")],
        "tabs": tabs or [],
        "page": page,
        "entries": audit.sentences(page.object_list),
    }
    return render(request, "agencies/history.html", context)


@door(Resource.AUDIT_LOG, GET="view")
def audit_log(request: TenantRequest, state: str) -> HttpResponse:
    form = LogFilter(request.GET or None, people=_people(request), tables=audit.nouns())
    form.is_valid()
    data = getattr(form, "cleaned_data", {})
    page = page_of(request, _filtered(_log(request.actor), data, request.tenant))
    named_only = scope_of(request.actor.role, "view", Resource.AUDIT_LOG) is Scope.NAME_ONLY
    context = {
        "form": form,
        "active": any(data.values()),
        "page": page,
        "entries": audit.sentences(page.object_list, named=True, values=not named_only),
        "crumbs": [(str(request.tenant), address(request, "homes:state-home", state)), ("Audit log", "")],
    }
    return render(request, "agencies/audit_log.html", context)


def _log(actor: Actor) -> Any:
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


def _within(actor: Actor, agency_ids: frozenset[int]) -> Q:
    """Rows of the own agency and teams, table by table, and what the person did."""
    seeing = replace(actor, agency_ids=agency_ids, seen_agency_ids=agency_ids, seen_team_ids=actor.team_ids)
    wanted = Q(person_id=actor.person_id)
    for model in apps.get_models():
        if issubclass(model, TenantModel) and model.reach not in (Reach.SHARED, Reach.STATE):
            rows = model._default_manager.visible_to(seeing).values("pk")  # type: ignore[attr-defined]  # TenantQuerySet
            wanted |= Q(table_name=model._meta.db_table, row_id__in=rows)
    return wanted


def _filtered(changes: Any, data: dict[str, Any], tenant: State) -> Any:
    zone = ZoneInfo(tenant.zone)
    if person := data.get("person"):
        changes = changes.filter(person_id=person.pk)
    if table := data.get("kind"):
        changes = changes.filter(table_name=table)
    if first := data.get("first"):
        changes = changes.filter(at__gte=datetime.combine(first, time.min, zone).astimezone(UTC))
    if last := data.get("last"):
        changes = changes.filter(
            at__lt=datetime.combine(last + timedelta(days=1), time.min, zone).astimezone(UTC)
        )
    return changes


def _people(request: TenantRequest) -> Any:
    return Person.objects.filter(
        pk__in=_log(request.actor).exclude(person_id=None).order_by().values("person_id")
    ).order_by("name")
