"""What was changed on a review, its report and its plan."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from django.db.models import QuerySet

from agencies import audit
from agencies.models import Change
from agencies.permissions import Actor, Resource, Scope, may, scope_of
from fidelity.dashboards.answers import seen_window
from fidelity.in_force import scale_of
from fidelity.models import ActionPlan, CorrectedItem, PlanRow, Review

REVIEW_TABLES = ("fidelity_review", "fidelity_reviewer")
ANSWER_TABLES = ("fidelity_answerwindow", "fidelity_draftcomment")
MODERATION_TABLES = ("fidelity_moderation",)
CORRECTION_TABLES = ("fidelity_correction", "fidelity_correcteditem")


def changes_of_review(review: Review, actor: Actor) -> "QuerySet[Change]":
    """Who sees the review sees its history; while the report is in draft, that of the texts is for its readers."""
    changes = audit.changes_of(review)
    if plan := ActionPlan.objects.visible_to(actor).filter(review=review).first():
        begun = Change.objects.filter(table_name="fidelity_actionplan", row_id=plan.pk, kind="insert")
        rows = audit.changes_of(plan).exclude(
            table_name="fidelity_planrow", kind="insert", transaction__in=begun.values("transaction")
        )
        changes = changes | rows
    corrected = CorrectedItem.objects.in_state(actor.state_id).filter(correction__review=review)
    changes = changes | Change.objects.filter(
        table_name="fidelity_correcteditem", row_id__in=corrected.values("pk")
    )
    visit = ("fidelity_visit",) if sees_drafts(review, actor) else ()
    corrections = (*MODERATION_TABLES, *CORRECTION_TABLES) if sees_drafts(review, actor) else ()
    answers = ANSWER_TABLES if seen_window(review, actor) else ()
    if review.status != Review.Status.ISSUED and not review.draft_is_open_to(actor):
        changes = changes.filter(table_name__in=(*REVIEW_TABLES, *visit, *answers))
    hidden = {"fidelity_visit", *ANSWER_TABLES, *MODERATION_TABLES, *CORRECTION_TABLES}
    hidden = hidden.difference(visit, answers, corrections)
    changes = changes.exclude(table_name__in=hidden)
    return changes.filter(state_id=actor.state_id).exclude(table_name="fidelity_itemreport", kind="insert")


def sentences(review: Review, actor: Actor, rows: Iterable[Change]) -> list[audit.Sentence]:
    """Why ratings were opened again may say what was rated, so it is read by those who may read the draft."""
    rows = list(rows)
    told = audit.sentences(rows, about=planned_items(review, rows))
    if review.status in (Review.Status.ISSUED, Review.Status.CANCELLED) or sees_drafts(review, actor):
        return collapsed(told)
    return collapsed([replace(entry, reason="") for entry in told])


def planned_items(review: Review, rows: Iterable[Change]) -> dict[int, str]:
    """Which item of the plan a change is about, by the id of the change."""
    changed = {row.pk: row.row_id for row in rows if row.table_name == "fidelity_planrow"}
    codes = dict(PlanRow.objects.filter(pk__in=changed.values()).values_list("pk", "item_code"))
    items = {code: scale_of(review).item(code) for code in codes.values()}
    return {
        change: f"{items[codes[row]].seq}. {items[codes[row]].name}"
        for change, row in changed.items()
        if row in codes
    }


def sees_drafts(review: Review, actor: Actor) -> bool:
    """Its reviewers, as long as they may, and who reads every draft of the state.

    Never the agency about a review from outside, also where a reviewer has come to work for it since.
    """
    if not may(actor, "view", Resource.DRAFT_REPORT, review.place):
        return False
    scope = scope_of(actor.role, "view", Resource.DRAFT_REPORT)
    return scope is Scope.STATE or review.is_reviewed_by(actor)


def collapsed(entries: list[audit.Sentence]) -> list[audit.Sentence]:
    """One save of a report changes many items; it is told once, with how many."""
    told = []
    for _, run in groupby(entries, key=lambda entry: (entry.who, entry.text, entry.reason)):
        first, *more = run
        words = f"{first.text.rstrip('.')} ({len(more) + 1} times)."
        told.append(replace(first, text=words) if more else first)
    return told
