"""The action plan as a page: rows by section, how far it is, and who may write what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from agencies.models import State
from agencies.permissions import Actor, Resource, may
from fidelity.dashboards.listing import PlanProgress, progress
from fidelity.in_force import policy_on, scale_of
from fidelity.models import ActionPlan, PlanRow
from fidelity.scales import Item, Scale

CHIPS = {
    PlanRow.Status.NOT_STARTED: "plain",
    PlanRow.Status.IN_PROGRESS: "info",
    PlanRow.Status.DONE: "ok",
    PlanRow.Status.DROPPED: "plain",
}
SHOWN = {"open": "Still open", "overdue": "Past their date"}


@dataclass(frozen=True)
class RowView:
    row: PlanRow
    item: Item
    chip: str
    status: str
    is_overdue: bool
    missing: tuple[str, ...]

    @property
    def steps(self) -> list[str]:
        return [step.strip() for step in self.row.steps.splitlines() if step.strip()]

    @property
    def next_anchor(self) -> str:
        return self.item.anchor(self.row.goal)

    @property
    def is_dropped(self) -> bool:
        return self.row.status == PlanRow.Status.DROPPED


@dataclass(frozen=True)
class PlanPage:
    plan: ActionPlan
    progress: PlanProgress
    sections: tuple[tuple[str, tuple[RowView, ...]], ...]
    dropped: tuple[RowView, ...]
    addable: tuple[Item, ...]
    shown: str
    may_fill: bool
    may_note: bool
    may_use: bool
    approver: str
    is_late: bool
    shown_rows: int

    @property
    def chip(self) -> str:
        if self.plan.status == ActionPlan.Status.DRAFT:
            return "watch" if self.is_late else "info"
        return "ok" if self.plan.status == ActionPlan.Status.COMPLETED else "info"

    @property
    def is_draft(self) -> bool:
        return self.plan.status == ActionPlan.Status.DRAFT

    @property
    def incomplete(self) -> int:
        return sum(bool(row.missing) for _, rows in self.sections for row in rows)


def plan_page(
    plan: ActionPlan, tenant: State, actor: Actor, *, fills: bool, shown: str = "", keep: Collection[int] = ()
) -> PlanPage:
    """`fills` says whether the actor writes answers; `keep` are rows shown whatever the filter."""
    today, scale = tenant.today(), scale_of(plan.review)
    rows = [row_view(row, scale, today) for row in plan.rows.all()]
    kept = [row for row in rows if not row.is_dropped]
    wanted = [row for row in kept if row.row.pk in keep or is_shown(row, shown)]
    edits = bool(may(actor, "edit", Resource.ACTION_PLAN, plan.place))
    in_draft = plan.status == ActionPlan.Status.DRAFT
    planned = {row.row.item_code for row in kept}
    return PlanPage(
        plan=plan,
        progress=progress(plan, today, [row.row for row in rows]),
        sections=tuple(
            (section.name, found)
            for section in scale.sections
            if (found := tuple(row for row in wanted if row.item in section.items))
        ),
        dropped=tuple(row for row in rows if row.is_dropped),
        addable=tuple(item for item in scale.items if item.code not in planned) if edits and fills else (),
        shown=shown,
        may_fill=edits and fills,
        may_note=edits and not fills,
        may_use=in_draft and bool(may(actor, "submit", Resource.ACTION_PLAN, plan.place)),
        approver=policy_on(plan.state_id, plan.review.ends_on).action_plan.approver or "",
        is_late=bool(in_draft and plan.due_on and plan.due_on < today),
        shown_rows=len(wanted),
    )


def is_shown(row: RowView, shown: str) -> bool:
    if shown == "overdue":
        return row.is_overdue
    return shown != "open" or row.row.status in (PlanRow.Status.NOT_STARTED, PlanRow.Status.IN_PROGRESS)


def row_view(row: PlanRow, scale: Scale, today: date) -> RowView:
    status = PlanRow.Status(row.status)
    late = row.is_overdue(today)
    needed = (
        ("steps", row.steps),
        ("a responsible person", row.responsible),
        ("a target date", row.target_on),
    )
    return RowView(
        row=row,
        item=scale.item(row.item_code),
        chip="action" if late else CHIPS[status],
        status=status.label,
        is_overdue=late,
        missing=tuple(name for name, value in needed if not value),
    )
