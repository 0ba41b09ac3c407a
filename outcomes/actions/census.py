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
            "The quarter is locked, and so are the agency's own figures. Ask your state administrator to reopen a "
            "report of one of its teams, and say why. Nothing was changed."
        )


def is_final(report: QuarterlyReport) -> bool:
    """From the day the quarter is final on, or once its teams' reports are all locked before.

    A draft that was never submitted does not keep it open; a report that is being corrected does.
    """
    rows = QuarterlyReport.objects.in_state(report.state_id).of_quarter(report.quarter)
    own = list(rows.filter(team__agency=report.team.agency_id))
    if any(each.reopened_reason for each in own) or all(each.in_force is None for each in own):
        return False
    is_due = all(each.locks_on <= report.state.today() for each in own)
    return is_due or {each.status for each in own} <= {Status.LOCKED, Status.EXPECTED}
