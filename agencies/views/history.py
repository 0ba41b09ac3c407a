"""History tab of a record, and the log across records."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from agencies import audit, logbook
from agencies.access import TenantRequest, door
from agencies.forms.history import LogFilter
from agencies.models import Change, Person
from agencies.permissions import Place, Resource
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
    logbook.require_history(request.actor, resource, place)
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
    log = logbook.log_of(request.actor)
    form = LogFilter(request.GET or None, people=_people(log), tables=audit.nouns())
    form.is_valid()
    data = getattr(form, "cleaned_data", {})
    person = data.get("person")
    changes = logbook.narrowed(
        log,
        request.tenant,
        person_id=person.pk if person else None,
        table=data.get("kind", ""),
        first=data.get("first"),
        last=data.get("last"),
    )
    page = page_of(request, changes)
    context = {
        "form": form,
        "active": any(data.values()),
        "page": page,
        "entries": audit.sentences(
            page.object_list,
            named=True,
            values=not logbook.knows_names_only(request.actor),
            candid=logbook.reads_drafts(request.actor),
        ),
        "crumbs": [(str(request.tenant), address(request, "homes:state-home", state)), ("Audit log", "")],
    }
    return render(request, "agencies/audit_log.html", context)


def _people(log: "QuerySet[Change]") -> "QuerySet[Person]":
    acted = log.exclude(person=None).order_by().values("person_id")
    return Person.objects.filter(pk__in=acted).order_by("name")
