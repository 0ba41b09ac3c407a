"""A team hands its quarter in, or takes it back before the state has accepted it."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import StaleVersion, Unacceptable, WrongStatus
from outcomes import notices
from outcomes.actions.entering import Words, check_with_team, current_revision, keep, lock, when, with_words
from outcomes.actions.repeating import check_same
from outcomes.checks import Case, Finding, Level, check, open_warnings
from outcomes.history import case_of
from outcomes.in_force import policy_of
from outcomes.models import QuarterlyReport, Revision

TAKE_BACK = "Take the report back and open it again to change it."


class Blocked(Unacceptable):
    """The figures do not pass. `findings` are what stands in the way."""

    def __init__(self, message: str, findings: Iterable[Finding]) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
        for finding in self.findings:
            self.fields.setdefault(finding.rule, []).append(finding.text)


@transaction.atomic(savepoint=False)
def submit(
    report: QuarterlyReport, *, version: int, key: UUID, by: Actor, words: Words | None = None
) -> QuarterlyReport:
    """Hands the figures in as they were read in `version`. The same form sent twice is answered twice with the same.

    A key that comes back with other words is refused: it is not the same form.
    Raises Blocked with the findings that stand in the way, WrongStatus, StaleVersion.
    """
    require(by, "submit", Resource.OUTCOME_DRAFT, report.place)
    lock(report)
    earlier = report.revisions.filter(submit_key=key, is_draft=False).first()
    if earlier is not None:
        as_sent = earlier.figures if words is None else with_words(earlier.figures, words)
        check_same(is_same=earlier.is_operating and as_sent == earlier.figures, then=TAKE_BACK)
        return report
    if report.status == report.Status.SUBMITTED:
        raise WrongStatus(f"{submitted_by(report)} Nothing was changed.")
    check_with_team(report)
    check_ended(report)
    revision = current_revision(report)
    if revision.version != version:
        raise StaleVersion(
            "The figures were changed after you opened this page. Check them once more, then submit.",
            current={"version": revision.version},
        )
    if words is not None:
        revision = keep(report, revision, with_words(revision.figures, words), by=by)
    warned = passing(case_of(report, revision)) if revision.is_operating else 0
    hand_in(report, revision, warned, key, by)
    return report


def hand_in(report: QuarterlyReport, revision: Revision, warned: int, key: UUID, by: Actor) -> None:
    now = timezone.now()
    first = report.submitted_at is None
    Revision.objects.filter(pk=revision.pk, is_draft=True).update(
        is_draft=False, submit_key=key, definition=policy_of(report.state_id, report.quarter).definition()
    )
    QuarterlyReport.objects.filter(pk=report.pk).update(
        status=report.Status.SUBMITTED,
        current=revision.number,
        percent=100,
        is_operating=revision.is_operating,
        is_late=report.state.today() > report.due_on if first else report.is_late,
        open_warnings=warned,
        submitted_at=now,
        submitted_by=by.person_id,
        returned={},
        version=F("version") + 1,
    )
    report.refresh_from_db()
    notices.submitted(report, by=by)


def passing(case: Case) -> int:
    """How many warnings the team has explained. Raises Blocked while an error or an open warning stands."""
    findings = check(case)
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    if errors:
        raise Blocked(f"{counted(len(errors), 'figure')} cannot be right. Nothing was submitted.", errors)
    unexplained = open_warnings(findings, case.figures.explained)
    if unexplained:
        text = (
            f"{counted(len(unexplained), 'warning')} {'needs' if len(unexplained) == 1 else 'need'} a note."
        )
        raise Blocked(
            f"{text} Correct the figure, or say why it is right. Nothing was submitted.", unexplained
        )
    return sum(finding.level is Level.WARNING for finding in findings)


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@transaction.atomic(savepoint=False)
def say_not_operating(report: QuarterlyReport, *, reason: str, key: UUID, by: Actor) -> QuarterlyReport:
    """The team did not run in this quarter: no figures, and no gap in the state's completeness either."""
    require(by, "submit", Resource.OUTCOME_DRAFT, report.place)
    lock(report)
    earlier = report.revisions.filter(submit_key=key, is_draft=False).first()
    if earlier is not None:
        is_same = not earlier.is_operating and earlier.note == reason.strip()
        check_same(is_same=is_same, then=TAKE_BACK)
        return report
    check_with_team(report)
    check_ended(report)
    if not reason.strip():
        raise Unacceptable("Say why the team did not operate; the state reads it.", field="reason")
    revision = current_revision(report)
    figures = Revision().figures
    revision.put(figures)
    revision.is_operating, revision.note = False, reason.strip()
    revision.save()
    hand_in(report, revision, 0, key, by)
    return report


@transaction.atomic(savepoint=False)
def take_back(report: QuarterlyReport, *, by: Actor) -> QuarterlyReport:
    """Before acceptance the team may go on working; what was submitted becomes the base of a new draft."""
    require(by, "reopen", Resource.OUTCOME_SUBMITTED, report.place)
    taken = QuarterlyReport.objects.filter(pk=report.pk, status=report.Status.SUBMITTED).update(
        status=report.Status.DRAFT, version=F("version") + 1
    )
    report.refresh_from_db()
    if not taken:
        raise WrongStatus(
            f"This report is {report.get_status_display().lower()} by now. Nothing was changed."
        )
    return report


def check_ended(report: QuarterlyReport) -> None:
    if not report.quarter.has_ended(report.state.today()):
        next_day = (report.quarter + 1).starts_on
        raise WrongStatus(
            f"{report.quarter.months} has not ended. It can be submitted from {next_day:%B %-d, %Y} on; "
            "what you have entered is kept."
        )


def submitted_by(report: QuarterlyReport) -> str:
    moment = timezone.localtime(report.submitted_at)
    hour = f"{moment:%-I:%M %p} {moment:%Z}"
    return f"Already submitted by {report.submitted_by} on {when(report, report.submitted_at)} at {hour}."
