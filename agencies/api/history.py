"""The history of one record, and the log across records."""

from typing import Any

from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import audit, logbook
from agencies.api.endpoint import Endpoint, opens
from agencies.api.shapes import Entry
from agencies.models import Change
from agencies.permissions import Place, Resource
from ips_portal.api.fields import Number
from ips_portal.api.shapes import Answer, Pages, day, paged, search


class RecordHistory(Endpoint):
    """History is open to whoever may view all of the record; row-level security picks the rows."""

    query = Pages
    gives = {"GET": Answer(paged(Entry))}

    def changes_of(self, record: Model, place: Place) -> Response:
        logbook.require_history(self.actor, self.door.resource, place)
        return self.entries(audit.changes_of(record).filter(state_id=self.tenant.pk))

    def entries(self, changes: "QuerySet[Change]", **how: Any) -> Response:
        return self.answer_page(changes, lambda rows: audit.sentences(rows, **how))


class LogFilter(Pages):
    person = Number(required=False, default=None, help_text="The number of a person: what they did.")
    kind = search("A kind of record, as in the history: agency, team, membership ...")
    first = day("From this day on.")
    last = day("Up to and with this day.")


class AuditLog(RecordHistory):
    """What was changed across records, as far as your role may read it."""

    door = opens(Resource.AUDIT_LOG, GET="view")
    query = LogFilter

    def get(self, request: Request, state: str) -> Response:
        changes = logbook.log_of(self.actor)
        chosen = self.chosen
        if chosen["kind"]:
            changes = changes.filter(table_name__in=logbook.tables_called(chosen["kind"]))
        changes = logbook.narrowed(
            changes, self.tenant, person_id=chosen["person"], first=chosen["first"], last=chosen["last"]
        )
        values, candid = not logbook.knows_names_only(self.actor), logbook.reads_drafts(self.actor)
        return self.entries(changes, named=True, values=values, candid=candid)
