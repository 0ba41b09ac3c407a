"""A team fills in its figures: cell by cell as they are typed, or the whole report at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import StaleVersion, Unacceptable, WrongStatus
from outcomes.checks import WORDING, still_about
from outcomes.expecting import closed_words
from outcomes.figures import Figure, Figures, nothing_to_report
from outcomes.in_force import measures_of, policy_of
from outcomes.measures import Measure
from outcomes.models import NOTE_LIMIT, QuarterlyReport, Revision


@dataclass(frozen=True)
class Cell:
    """One figure as typed, and as it stood when the page was opened."""

    figure: Figure
    was: Figure


@dataclass(frozen=True)
class Words:
    """What goes with the figures. Notes on warnings that are not sent stay; an empty one goes."""

    explained: Mapping[str, str]
    note: str
    vacancy: str


@transaction.atomic(savepoint=False)
def save_cells(
    report: QuarterlyReport,
    *,
    cells: Mapping[str, Cell],
    by: Actor,
    words: Words | None = None,
    version: int | None = None,
) -> Revision:
    """Saves the cells that differ from what the page showed. Two windows meet cell by cell, and nothing is lost.

    A cell somebody else has changed meanwhile to something else is refused with both values. Who names the `version`
    of the figures they had read is refused as soon as anything else was saved, unless they change nothing.
    """
    require(by, "edit", Resource.OUTCOME_DRAFT, report.place)
    lock(report)
    check_with_team(report)
    revision = current_revision(report)
    figures = revision.figures
    changed = {key: cell for key, cell in cells.items() if cell.figure != cell.was}
    check_known(report, changed)
    if version not in (None, revision.version) and (changed or with_words(figures, words) != figures):
        raise StaleVersion(
            "The figures were changed after you read them. Nothing was overwritten: read them again.",
            current={"version": revision.version, **{key: as_json(figures[key]) for key in changed}},
        )
    clashes = {
        key: figures[key] for key, cell in changed.items() if figures[key] not in (cell.was, cell.figure)
    }
    if clashes:
        raise StaleVersion(
            "Somebody else has entered these figures in the meantime. Nothing was overwritten: choose which to keep.",
            current={key: as_json(figure) for key, figure in clashes.items()},
        )
    for key, cell in changed.items():
        figures = figures.with_figure(key, cell.figure)
    figures = replace(figures, explained=still_about(figures.explained, changed))
    return keep(report, revision, with_words(figures, words), by=by)


@transaction.atomic(savepoint=False)
def report_nothing(report: QuarterlyReport, *, by: Actor) -> Revision:
    """Nobody was served: every count becomes a confirmed zero, in one step that can be changed again."""
    require(by, "edit", Resource.OUTCOME_DRAFT, report.place)
    lock(report)
    check_with_team(report)
    revision = current_revision(report)
    zeros = nothing_to_report(expected_measures(report), keep=revision.figures)
    return keep(report, revision, zeros, by=by)


@transaction.atomic(savepoint=False)
def discard(report: QuarterlyReport, *, by: Actor) -> None:
    """Throws a draft away that was never submitted."""
    require(by, "delete", Resource.OUTCOME_DRAFT, report.place)
    lock(report)
    check_with_team(report)
    gone, _ = report.revisions.filter(is_draft=True).delete()
    if not gone:
        raise WrongStatus("There is no draft. Nothing was changed.")
    before = report.revisions.order_by("-number").first()
    QuarterlyReport.objects.filter(pk=report.pk).update(
        current=before.number if before else 0,
        percent=100 if before else 0,
        status=report.status if before else report.Status.EXPECTED,
        version=F("version") + 1,
    )
    report.refresh_from_db()


def lock(report: QuarterlyReport) -> None:
    """Reads the report as it is now and keeps it so until the end of the transaction.

    Once it is accepted the team may read it and no longer hold it; it does not change under them either.
    """
    try:
        report.refresh_from_db(from_queryset=QuarterlyReport.objects.select_for_update(of=("self",)))
    except QuarterlyReport.DoesNotExist:
        report.refresh_from_db()


def check_with_team(report: QuarterlyReport) -> None:
    """Figures are changed only while they are the team's. The refusal says what to do instead."""
    if report.is_with_team:
        return
    match report.Status(report.status):
        case report.Status.SUBMITTED:
            day = when(report, report.submitted_at)
            hint = (
                f"It was submitted on {day} by {report.submitted_by}. Take it back first to change a figure."
            )
        case report.Status.ACCEPTED:
            hint = f"It was accepted on {when(report, report.accepted_at)}. Ask the state to reopen it, and say why."
        case _:
            hint = "It is locked. Ask your state administrator to reopen it, and say why."
    raise WrongStatus(f"{hint} Nothing was changed.")


def when(report: QuarterlyReport, moment: Any) -> str:
    return f"{timezone.localtime(moment):%B %-d}" if moment else "an earlier day"


def expected_measures(report: QuarterlyReport) -> tuple[Measure, ...]:
    return measures_of(policy_of(report.state_id, report.quarter))


def check_known(report: QuarterlyReport, cells: Mapping[str, Cell]) -> None:
    known = {measure.key for measure in expected_measures(report)}
    for key in cells:
        if key not in known:
            raise Unacceptable(f"unknown or read-only field: {key[:40]}", field=key)


def current_revision(report: QuarterlyReport) -> Revision:
    """The draft being worked on. After a return or a reopening it begins with what was submitted before."""
    last: Revision | None = report.revisions.order_by("-number").first()
    if last is not None and last.is_draft:
        return last
    revision = Revision(
        state_id=report.state_id,
        report=report,
        team_id=report.team_id,
        number=last.number + 1 if last else 1,
        version=last.version
        if last
        else 1,  # so that what was read before it was begun is still what was read
        definition=policy_of(report.state_id, report.quarter).definition(),
    )
    if last is not None:
        revision.put(last.figures)
    revision.save(force_insert=True)
    return revision


def draft_of(report: QuarterlyReport) -> Revision:
    """What the team would go on from, without beginning it."""
    last: Revision | None = report.revisions.order_by("-number").first()
    return last or Revision(state_id=report.state_id, report=report, team_id=report.team_id, number=1)


def check_opened(report: QuarterlyReport) -> None:
    """Figures are of a quarter that is nearly over, in which the team ran."""
    if closed := closed_words(report.team.name, report.quarter, report.team.ended_on):
        raise WrongStatus(closed)
    if not report.quarter.is_open(report.state.today()):
        raise WrongStatus(
            f"{report.quarter.months} is not open yet. "
            f"A draft can be begun from {report.quarter.opens_on:%B %-d, %Y} on."
        )


def with_words(figures: Figures, words: Words | None) -> Figures:
    if words is None:
        return figures
    for text in (words.note, words.vacancy, *words.explained.values()):
        if len(text) > NOTE_LIMIT:
            raise Unacceptable(
                f"A note has {len(text):,} characters; the limit is {NOTE_LIMIT:,}. Shorten it.", field="note"
            )
    explained = {rule: text for rule, text in {**figures.explained, **words.explained}.items() if text}
    kept = figures.explained.get(WORDING)
    others = {rule: text for rule, text in explained.items() if rule != WORDING}
    was = {rule: text for rule, text in figures.explained.items() if rule != WORDING}
    has_new_words = (words.note, words.vacancy, others) != (figures.note, figures.vacancy, was)
    if kept and has_new_words and explained.get(WORDING) == kept:
        del explained[WORDING]  # it answered other words
    return replace(figures, explained=MappingProxyType(explained), note=words.note, vacancy=words.vacancy)


def keep(report: QuarterlyReport, revision: Revision, figures: Figures, *, by: Actor) -> Revision:
    """Stores the draft, and on the report how far it is."""
    revision.put(figures)
    revision.saved_at, revision.version = timezone.now(), revision.version + 1
    revision.save()
    begun = report.status == report.Status.EXPECTED
    QuarterlyReport.objects.filter(pk=report.pk).update(
        percent=figures.percent(expected_measures(report)),
        current=revision.number,
        status=report.Status.DRAFT if begun else report.status,
        begun_by=report.begun_by_id or by.person_id,
    )
    report.refresh_from_db()
    return revision


def as_json(figure: Figure) -> dict[str, Any]:
    return {"value": None if figure.value is None else str(figure.value), "not_collected": figure.why}
