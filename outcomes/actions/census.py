"""A leader or a supervisor of an agency enters what the whole agency says of a quarter, once for all its teams."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.permissions import Actor, Resource, Role, require
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from outcomes.census import KEYS, problems
from outcomes.dashboards.census import largest, people_in_ips
from outcomes.figures import Figure, Figures
from outcomes.models import AgencyQuarter, QuarterlyReport

ENTERS = (Role.AGENCY_LEADER, Role.SUPERVISOR)
Status = QuarterlyReport.Status


@transaction.atomic(savepoint=False)
def enter(
    report: QuarterlyReport, *, figures: Mapping[str, Figure], version: int, by: Actor
) -> AgencyQuarter:
    """`report` is one of the agency's teams; `version` that of the row that was read, 1 before there is one.

    Raises NotPermitted, WrongStatus, Unacceptable, StaleVersion.
    """
    require(by, "edit", Resource.OUTCOME_DRAFT, report.place)
    if not enters(report, by):
        raise NotPermitted("Only a leader or a supervisor of the agency enters its figures.")
    check_open(report)
    told = Figures(figures)
    for key, words in problems(told, largest(people_in_ips(report, by))):
        raise Unacceptable(words, field=key)
    values: dict[str, Any] = {key: told.value(key) for key in KEYS}
    values["absent"] = {key: told[key].why for key in KEYS if told[key].why}
    found, _ = AgencyQuarter.objects.get_or_create(
        state=report.state,
        agency=report.team.agency,
        quarter=report.quarter,
        defaults={"saved_by_id": by.person_id},
    )
    changed = AgencyQuarter.objects.filter(pk=found.pk, version=version).update(
        **values, saved_by=by.person_id, saved_at=timezone.now(), version=F("version") + 1
    )
    found.refresh_from_db()
    if not changed and any(getattr(found, name) != value for name, value in values.items()):
        raise StaleVersion(
            "Somebody else has saved these figures after you opened them. Nothing was overwritten: yours are below as "
            "you typed them, and the stored ones beside them. Save again to replace those.",
            current={"version": found.version, **{key: getattr(found, key) for key in KEYS}},
        )
    return found


def enters(report: QuarterlyReport, by: Actor) -> bool:
    """A partner agency of the team has figures of its own."""
    return by.role in ENTERS and report.team.agency_id in by.agency_ids


def check_open(report: QuarterlyReport) -> None:
    if is_final(report):
        raise WrongStatus(
            "The reports of the agency's teams are locked, and so are its own figures. Ask your state administrator "
            "to reopen a report of the quarter, and say why. Nothing was changed."
        )


def is_final(report: QuarterlyReport) -> bool:
    """With the last report of its teams; one that never came does not keep it open."""
    rows = QuarterlyReport.objects.in_state(report.state_id).of_quarter(report.quarter)
    statuses = set(rows.filter(team__agency=report.team.agency_id).values_list("status", flat=True))
    return Status.LOCKED in statuses and statuses <= {Status.LOCKED, Status.EXPECTED}
