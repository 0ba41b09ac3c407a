"""The state accepts, returns, locks and reopens what teams have submitted. Who submitted never accepts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies import tenancy
from agencies.models import State
from agencies.permissions import Actor, Resource, require
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from agencies.tenancy import because
from outcomes import notices, publishing
from outcomes.actions.entering import expected_measures, lock, when
from outcomes.in_force import policy_on
from outcomes.models import NOTE_LIMIT, QuarterlyReport

WHOLE = ""  # the report as a whole, among the cells of a return


@dataclass(frozen=True)
class Bulk:
    accepted: tuple[QuarterlyReport, ...]
    left: tuple[tuple[QuarterlyReport, str], ...]  # and why


@transaction.atomic(savepoint=False)
def accept(report: QuarterlyReport, *, version: int, by: Actor) -> QuarterlyReport:
    """The figures count from now on, provisionally until they lock."""
    if put_in_force(report, version, by):
        publishing.refresh(report.state_id, report.quarter)
    return report


def put_in_force(report: QuarterlyReport, version: int, by: Actor) -> bool:
    """Whether anything changed: the rates of the quarter are then to be worked out anew."""
    require(by, "approve", Resource.OUTCOME_SUBMITTED, report.place)
    publishing.hold(report.state_id, report.quarter)
    lock(report)
    if report.status == report.Status.ACCEPTED and report.accepted_by_id == by.person_id:
        return False  # the same click once more
    check_submitted(report, version)
    check_second_person(report, by)
    QuarterlyReport.objects.filter(pk=report.pk).update(
        status=report.Status.ACCEPTED,
        in_force=F("current"),
        accepted_at=timezone.now(),
        accepted_by=by.person_id,
        reopened_reason="",
        version=F("version") + 1,
    )
    report.refresh_from_db()
    return True


@transaction.atomic(savepoint=False)
def accept_clean(reports: Iterable[QuarterlyReport], *, by: Actor) -> Bulk:
    """Accepts those that came without a warning; the others are left for a person to read.

    Each stands in a savepoint of its own, so that one refusal does not undo the others.
    """
    accepted, left = [], []
    for report in reports:
        if report.open_warnings:
            left.append((report, "it has warnings to read"))
            continue
        try:
            with transaction.atomic():
                put_in_force(report, report.version, by)
        except (NotPermitted, WrongStatus, StaleVersion) as refusal:
            tenancy.retell()
            left.append((report, refusal.message))
        else:
            accepted.append(report)
    for state_id, quarter in sorted({(report.state_id, report.quarter) for report in accepted}):
        publishing.refresh(state_id, quarter)
    return Bulk(tuple(accepted), tuple(left))


@transaction.atomic(savepoint=False)
def give_back(
    report: QuarterlyReport, *, cells: Mapping[str, str], version: int, by: Actor
) -> QuarterlyReport:
    """Back to the team, with what to look at marked at the very cell."""
    require(by, "approve", Resource.OUTCOME_SUBMITTED, report.place)
    lock(report)
    check_submitted(report, version)
    marked = {key: text.strip() for key, text in cells.items() if text.strip()}
    if not marked:
        raise Unacceptable("Say what the team should look at: at a figure, or for the report as a whole.")
    if unknown := marked.keys() - {WHOLE} - {measure.key for measure in expected_measures(report)}:
        raise Unacceptable(f"unknown or read-only field: {min(unknown)[:40]}", field=min(unknown)[:40])
    if any(len(text) > NOTE_LIMIT for text in marked.values()):
        raise Unacceptable(f"A comment is longer than {NOTE_LIMIT:,} characters. Shorten it.")
    move(report, report.Status.RETURNED, returned=marked)
    notices.returned(report, by=by)
    return report


@transaction.atomic(savepoint=False)
def reopen(report: QuarterlyReport, *, reason: str, by: Actor) -> QuarterlyReport:
    """An accepted or locked quarter is corrected as a new revision; what was accepted stands until then."""
    require(by, "reopen", report.reopens_as, report.place)
    lock(report)
    if report.status not in (report.Status.ACCEPTED, report.Status.LOCKED):
        raise WrongStatus(
            f"Only an accepted quarter is reopened; this one is {report.get_status_display().lower()}. "
            "Nothing was changed."
        )
    if not reason.strip():
        raise Unacceptable(
            "Say why it is reopened; the team and the history keep the reason.", field="reason"
        )
    with because(reason):
        move(report, report.Status.REOPENED, reopened_reason=reason.strip()[:NOTE_LIMIT], locked_at=None)
    notices.reopened(report, by=by)
    return report


@transaction.atomic(savepoint=False)
def lock_now(report: QuarterlyReport, *, by: Actor) -> QuarterlyReport:
    """Final before the state's date."""
    require(by, "lock", Resource.OUTCOME_ACCEPTED, report.place)
    lock(report)
    if report.status != report.Status.ACCEPTED:
        raise WrongStatus(
            f"Only an accepted quarter is locked; this one is {report.get_status_display().lower()}. "
            "Nothing was changed."
        )
    move(report, report.Status.LOCKED, locked_at=timezone.now())
    return report


@transaction.atomic(savepoint=False)
def lock_due(state: State, today: date) -> int:
    """What the timetable does each day: accepted figures become final on the state's date."""
    with tenancy.as_system(state.pk):
        return (
            QuarterlyReport.objects.in_state(state.pk)
            .filter(status=QuarterlyReport.Status.ACCEPTED, locks_on__lte=today)
            .update(status=QuarterlyReport.Status.LOCKED, locked_at=timezone.now(), version=F("version") + 1)
        )


def move(report: QuarterlyReport, status: QuarterlyReport.Status, **changed: object) -> None:
    QuarterlyReport.objects.filter(pk=report.pk).update(status=status, version=F("version") + 1, **changed)
    report.refresh_from_db()


def check_submitted(report: QuarterlyReport, version: int) -> None:
    if report.status == report.Status.ACCEPTED:
        day = when(report, report.accepted_at)
        raise WrongStatus(f"{report.accepted_by} accepted this report on {day}. Nothing was changed.")
    if report.status != report.Status.SUBMITTED:
        raise WrongStatus(
            f"The team has this report again: it is {report.get_status_display().lower()}. Nothing was changed."
        )
    if report.version != version:
        raise StaleVersion(
            "The team has submitted other figures since you opened this page. Read them, then decide.",
            current={"version": report.version},
        )


def check_second_person(report: QuarterlyReport, by: Actor) -> None:
    """Source: trust reference 2.2, rule 4."""
    exception = policy_on(report.state_id, report.state.today()).same_person_may_accept_on(
        report.state.today()
    )
    if report.submitted_by_id == by.person_id and not exception:
        raise NotPermitted("You submitted this report, so someone else must accept it. Nothing was changed.")


def check_waiting(report: QuarterlyReport) -> None:
    check_submitted(report, report.version)
