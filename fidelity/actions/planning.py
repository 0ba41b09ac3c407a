"""The action plan after a report: drafted, filled by the agency, put in use, and followed."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from agencies.permissions import Actor, Resource, Role, require
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity import drafting, notices
from fidelity.in_force import policy_on, scale_of
from fidelity.models import NOTE_LIMIT, ActionPlan, PlanRow, Review
from fidelity.models.plans import GONE, OPEN
from fidelity.policy import plan_items
from fidelity.scales import UnknownItem

STATE_ROLES = (Role.STATE_ADMIN, Role.STATE_TRAINER)
FARTHEST_TARGET = timedelta(days=5 * 366)
COMMITTED = ("steps", "first_step", "evidence", "responsible", "target_on", "goal")  # what is signed off
SIGNED = (ActionPlan.SignOff.SIGNED, ActionPlan.SignOff.APPROVED)
NEEDED = {"steps": "its steps", "responsible": "who is responsible", "target_on": "until when"}
TEAM_ROLES = (Role.AGENCY_LEADER, Role.SUPERVISOR)


@dataclass(frozen=True)
class RowValues:
    """What people write in one row of a plan."""

    steps: str
    first_step: str
    evidence: str
    responsible: str
    target_on: date | None
    goal: int
    status: str
    note: str


def draft_plan(review: Review, snapshot: dict[str, Any], *, by: Actor) -> ActionPlan:
    """A plan follows every report. Its first rows are the items the policy names, else all rated 3 or lower.

    An item that was planned before goes on with the words and the people it had.
    """
    policy = policy_on(review.state_id, review.ends_on)
    ratings = {item["code"]: item["rating"] for section in snapshot["sections"] for item in section["items"]}
    lead = review.reviewers.get(is_lead=True)
    plan = ActionPlan.objects.create(
        state_id=review.state_id,
        review=review,
        team_id=review.team_id,
        author_id=lead.person_id,
        due_on=review.issued_on + timedelta(days=policy.action_plan.due_days) if review.issued_on else None,
    )
    rows = drafting.plan_rows(
        scale_of(review),
        ratings,
        plan_items(policy, ratings),
        issued_on=review.issued_on or review.state.today(),
    )
    before = carry(plan, {row.code for row in rows})
    PlanRow.objects.bulk_create(
        drafted(plan, row, position, before.get(row.code)) for position, row in enumerate(rows, start=1)
    )
    return plan


def carry(plan: ActionPlan, codes: set[str]) -> dict[str, PlanRow]:
    """What earlier plans of the same kind of eyes said last about these items. Rows still open go on in `plan`."""
    before = (
        PlanRow.objects.in_state(plan.state_id)
        .filter(
            team_id=plan.team_id, item_code__in=codes, plan__review__in=Review.objects.before(plan.review)
        )
        .filter(plan__review__kind=plan.review.kind)
        .exclude(status=PlanRow.Status.DROPPED)
    )
    still_open = before.filter(status__in=OPEN)
    earlier = ActionPlan.objects.filter(pk__in=still_open.values("plan_id"))
    plans = list(earlier.select_for_update(of=("self",)).order_by("pk"))
    rows = {row.item_code: row for row in before.select_related("plan__review").order_by("plan_id")}
    still_open.update(status=PlanRow.Status.CARRIED, version=F("version") + 1)
    for each in plans:
        touch(each)
        settle(each)
    return rows


def drafted(
    plan: ActionPlan, row: drafting.DraftRow, position: int, before: PlanRow | None = None
) -> PlanRow:
    words = {"steps": "\n".join(row.steps)}
    if before is not None:
        words = {name: getattr(before, name) for name in ("steps", "first_step", "evidence", "responsible")}
    return PlanRow(
        state_id=plan.state_id,
        plan=plan,
        team_id=plan.team_id,
        item_code=row.code,
        position=position,
        rating=row.rating,
        goal=row.goal,
        target_on=row.target_on,
        planned_since=(before.planned_since or before.plan.review.ends_on) if before else None,
        **words,
    )


@transaction.atomic(savepoint=False)
def add_row(plan: ActionPlan, *, item_code: str, by: Actor) -> PlanRow:
    """Adds an item of the scale that is not planned yet, with drafted steps."""
    require(by, "edit", Resource.ACTION_PLAN, plan.place)
    lock(plan)
    check_planned_by(plan, by)
    check_own(plan)
    try:
        item = scale_of(plan.review).item(item_code)
    except UnknownItem as error:
        raise Unacceptable(str(error), field="item_code") from None
    rows = PlanRow.objects.filter(plan=plan)
    check_addable(rows.filter(item_code=item_code), item.name)
    ratings = plan_ratings(plan)
    draft, *_ = drafting.plan_rows(scale_of(plan.review), ratings, [item_code], issued_on=plan.state.today())
    last = rows.order_by("-position").first()
    row = drafted(plan, draft, last.position + 1 if last else 1)
    row.save()
    ask_again(plan, by=by)
    touch(plan)
    settle(plan)
    return row


def check_addable(rows: QuerySet[PlanRow], name: str) -> None:
    """`rows` are those the plan has had of the item. One that was dropped may come back."""
    found = set(rows.order_by().values_list("status", flat=True))
    if PlanRow.Status.CARRIED in found:
        raise Unacceptable(
            f"{name} goes on in the plan of the next review. Work on it there.", field="item_code"
        )
    if found - {PlanRow.Status.DROPPED}:
        raise Unacceptable(f"{name} is in the plan already.", field="item_code")


@transaction.atomic(savepoint=False)
def change_row(row: PlanRow, *, values: RowValues, version: int, by: Actor) -> PlanRow:
    """Saves one row. Once the plan is in use its answers are the agency's; others have `plan_entries.say`."""
    plan = row.plan
    require(by, "edit", Resource.ACTION_PLAN, plan.place)
    lock(plan)
    check_in_plan(plan, row)
    check_row(row, values, by)
    done_on = (row.done_on or plan.state.today()) if values.status == PlanRow.Status.DONE else None
    before = row_values(row)
    saved = PlanRow.objects.filter(pk=row.pk, version=version).update(
        **vars(values), done_on=done_on, version=version + 1
    )
    row.refresh_from_db()
    if saved:
        if any(getattr(before, name) != getattr(values, name) for name in COMMITTED):
            ask_again(plan, by=by)
        touch(plan)
        settle(plan)
    elif row_values(row) != values:
        raise StaleVersion(
            "This row was saved in the meantime. What you sent is not saved: compare the two, then save again.",
            current={"version": row.version, **vars(row_values(row))},
        )
    return row


@transaction.atomic(savepoint=False)
def drop_row(row: PlanRow, *, by: Actor) -> None:
    """A row as it was drafted goes; one that anybody has written in stays as dropped."""
    plan = row.plan
    require(by, "edit", Resource.ACTION_PLAN, plan.place)
    lock(plan)
    check_planned_by(plan, by)
    check_in_plan(plan, row, typed=False)
    row.refresh_from_db()  # somebody may have begun it since it was read
    ask_again(plan, by=by)
    touch(plan)
    if is_untouched(row):
        row.delete()
    else:
        PlanRow.objects.filter(pk=row.pk).update(status=PlanRow.Status.DROPPED, version=row.version + 1)
    settle(plan)


def is_untouched(row: PlanRow) -> bool:
    return row.version == 1 and not row.planned_since and not row.entries.exists()


@transaction.atomic(savepoint=False)
def put_in_use(plan: ActionPlan, *, version: int, by: Actor) -> ActionPlan:
    """The agency commits to the plan, as it was read in `version`: every row says who and until when."""
    require(by, "submit", Resource.ACTION_PLAN, plan.place)
    lock(plan)
    check_usable(plan)
    if plan.version != version:
        raise StaleVersion(
            "The plan was changed after you opened this page. Read it once more, then put it in use.",
            current={"version": plan.version},
        )
    rows = [row for row in plan.rows.all() if row.status not in GONE]
    if not rows:
        raise Unacceptable("The plan has no rows. Add at least one item.")
    open_rows = [row for row in rows if not (row.responsible and row.target_on and row.steps)]
    if open_rows:
        names = ", ".join(scale_of(plan.review).item(row.item_code).name for row in open_rows)
        raise Unacceptable(
            f"Each row needs steps, a responsible person and a target date. Missing in: {names}."
        )
    plan.status = ActionPlan.Status.ACTIVE
    plan.save(update_fields=["status"])
    touch(plan)
    settle(plan)
    notices.plan_in_use(plan, by=by.name)
    notices.plan_to_sign(plan, but=by.person_id)
    return plan


def check_usable(plan: ActionPlan) -> None:
    if plan.status != ActionPlan.Status.DRAFT:
        raise WrongStatus(f"This plan is {plan.get_status_display().lower()} already. Nothing was changed.")
    check_own(plan)


def check_own(plan: ActionPlan) -> None:
    """A plan that goes on as a whole in a later one is read, and worked on there."""
    if plan.goes_on:
        raise WrongStatus(
            "Everything goes on in the plan of the next review. Work on it there. Nothing was changed."
        )


def ask_again(plan: ActionPlan, *, by: Actor) -> None:
    """Called under the lock. Who signed or approved other steps than these is asked anew."""
    if plan.sign_off not in SIGNED:
        return
    plan.sign_off = ActionPlan.SignOff.UNSIGNED
    plan.save(update_fields=["sign_off"])
    notices.plan_to_sign(plan, but=by.person_id)


def lock(plan: ActionPlan) -> None:
    """Reads the plan as it is now and keeps it so until the end of the transaction."""
    plan.refresh_from_db(from_queryset=ActionPlan.objects.select_for_update(of=("self",)))


def writes_answers(plan: ActionPlan, by: Actor) -> bool:
    """Who fills in rows: the agency at any time, the state's people while it is a draft. Others comment.

    Source: trust reference 2.2 rule 9.
    """
    in_draft = plan.status == ActionPlan.Status.DRAFT
    return by.role in TEAM_ROLES or (in_draft and by.role in STATE_ROLES)


def check_planned_by(plan: ActionPlan, by: Actor) -> None:
    """Rows come and go by the author while it is a draft, and by the agency at any time."""
    if not writes_answers(plan, by):
        raise NotPermitted(
            "The agency decides what is in its plan. You may comment on a step. Nothing was changed."
        )


def check_in_plan(plan: ActionPlan, row: PlanRow, *, typed: bool = True) -> None:
    """`typed` says whether somebody had written something, and is told how to keep it."""
    status = plan.rows.filter(pk=row.pk).values_list("status", flat=True).first()
    if status == PlanRow.Status.CARRIED:
        because, keep = "This item goes on in the plan of the next review.", "write it there"
    elif status in (None, PlanRow.Status.DROPPED):
        because, keep = "Somebody took this item out of the plan in the meantime.", "add the item again"
    else:
        return
    lost = f"What you typed was not saved; to keep it, {keep}." if typed else "Nothing was changed."
    raise WrongStatus(f"{because} {lost}")


def check_row(row: PlanRow, values: RowValues, by: Actor) -> None:
    if not writes_answers(row.plan, by):
        raise NotPermitted("The answers of a plan are the agency's. You may comment on a step.")
    if not row.rating <= values.goal <= 5:
        raise Unacceptable(f"Choose a goal from {row.rating} to 5.", field="goal")
    for field in ("steps", "note"):
        if len(getattr(values, field)) > NOTE_LIMIT:
            raise Unacceptable(
                f"This text is longer than {NOTE_LIMIT:,} characters. Shorten it.", field=field
            )
    if values.status == PlanRow.Status.DONE and not values.note.strip():
        raise Unacceptable("Add what was done before closing this row.", field="note")
    check_target(row, values)
    check_committed(row, values)


def check_target(row: PlanRow, values: RowValues) -> None:
    """A new target lies ahead; one that has passed meanwhile stays as it is, and shows as overdue."""
    target, today = values.target_on, row.plan.state.today()
    if target is None or target == row.target_on or values.status == PlanRow.Status.DONE:
        return
    if target < today:
        raise Unacceptable(f"{target:%B %-d, %Y} has passed. Choose a day from today on.", field="target_on")
    if target > today + FARTHEST_TARGET:
        raise Unacceptable(
            f"Check the year: {target:%B %-d, %Y} is more than five years away.", field="target_on"
        )


def check_committed(row: PlanRow, values: RowValues) -> None:
    """What every row said when the plan was put in use it goes on saying. Added rows are filled in over time."""
    if row.plan.status == ActionPlan.Status.DRAFT:
        return
    for field, word in NEEDED.items():
        if getattr(row, field) and not getattr(values, field):
            raise Unacceptable(
                f"The plan is in use, so each row says {word}. Nothing was saved.", field=field
            )


def settle(plan: ActionPlan) -> None:
    """A plan in use is completed when its rows are done, and in use again when one is reopened or added.

    Dropped rows do not count, and a plan of nothing but dropped rows is not completed by that.
    """
    if plan.status == ActionPlan.Status.DRAFT:
        return
    kept = set(plan.rows.exclude(status=PlanRow.Status.DROPPED).order_by().values_list("status", flat=True))
    closed = kept and kept <= {PlanRow.Status.DONE, PlanRow.Status.CARRIED}
    plan.status = ActionPlan.Status.COMPLETED if closed else ActionPlan.Status.ACTIVE
    ActionPlan.objects.filter(pk=plan.pk).exclude(status=plan.status).update(status=plan.status)


def touch(plan: ActionPlan) -> None:
    ActionPlan.objects.filter(pk=plan.pk).update(version=F("version") + 1, updated_at=timezone.now())
    plan.refresh_from_db()


def row_values(row: PlanRow) -> RowValues:
    return RowValues(**{field.name: getattr(row, field.name) for field in fields(RowValues)})


def plan_ratings(plan: ActionPlan) -> dict[str, int]:
    """The ratings of the issued report the plan follows."""
    snapshot = plan.review.editions.order_by("-number").values_list("snapshot", flat=True)[0]
    return {item["code"]: item["rating"] for section in snapshot["sections"] for item in section["items"]}
