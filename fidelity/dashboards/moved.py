"""From one review to the next: what is still open of the last plan, how its items moved, and the path ahead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.permissions import Actor, Resource, may
from fidelity.histories import rated
from fidelity.in_force import scale_of
from fidelity.models import ActionPlan, PlanRow, Review
from fidelity.paper.wording import change
from fidelity.path import Path, path_to_next_band
from fidelity.scales import Item, Scale
from fidelity.snapshots import labels_of


@dataclass(frozen=True)
class PlannedItem:
    """One item of the plan before this review. `now` is empty until the review is issued."""

    row: PlanRow
    item: Item
    is_overdue: bool
    now: int | None

    @property
    def moved(self) -> str:
        return change(self.now, self.row.rating)


@dataclass(frozen=True)
class LastPlan:
    plan: ActionPlan
    items: tuple[PlannedItem, ...]

    @property
    def still_open(self) -> tuple[PlannedItem, ...]:
        return tuple(each for each in self.items if each.row.is_open)

    @property
    def carried(self) -> tuple[PlannedItem, ...]:
        return tuple(each for each in self.items if each.row.status == PlanRow.Status.CARRIED)


def last_plan(
    review: Review, actor: Actor, today: date, snapshot: Mapping[str, Any] | None = None
) -> LastPlan | None:
    """What the reviewers open with: the plan after the team's last issued review of this kind.

    Ratings come from an issued report alone, so a review in hand says nothing of them.
    """
    if not may(actor, "view", Resource.ACTION_PLAN, review.place):
        return None
    before = Review.objects.before(review).filter(kind=review.kind)
    plans = ActionPlan.objects.visible_to(actor).filter(review__in=before, team_id=review.team_id)
    plan = (
        plans.exclude(status=ActionPlan.Status.DRAFT)
        .select_related("review__scale")
        .defer("review__scale__data")
        .order_by("-review__ends_on", "-pk")
        .first()
    )
    if plan is None:
        return None
    scale, now = scale_of(plan.review), rated(snapshot["sections"]) if snapshot else {}
    rows = plan.rows.exclude(status=PlanRow.Status.DROPPED)
    return LastPlan(
        plan,
        tuple(
            PlannedItem(row, scale.item(row.item_code), row.is_overdue(today), now.get(row.item_code))
            for row in rows
        ),
    )


def path_after(snapshot: Mapping[str, Any], scale: Scale) -> Path | None:
    """From what the issued report says, under the state's names of the bands at that time."""
    return path_to_next_band(scale, rated(snapshot["sections"]), labels_of(snapshot["scale"]))
