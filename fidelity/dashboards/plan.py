"""The action plan as a page: rows by section, how far it is, and who may write what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from agencies.models import State
from agencies.permissions import Actor, Resource, may
from fidelity import reports
from fidelity.dashboards.listing import PlanProgress, progress
from fidelity.dashboards.moved import path_after
from fidelity.in_force import scale_of
from fidelity.models import ActionPlan, PlanEntry, PlanRow
from fidelity.models.plans import GONE
from fidelity.path import Path
from fidelity.scales import Item, Scale
from fidelity.signatures import approver_of, may_approve, may_sign, signatures

CHIPS = {
    PlanRow.Status.NOT_STARTED: "plain",
    PlanRow.Status.IN_PROGRESS: "info",
    PlanRow.Status.DONE: "ok",
    PlanRow.Status.DROPPED: "plain",
    PlanRow.Status.CARRIED: "plain",
}
SIGN_CHIPS = {
    ActionPlan.SignOff.UNSIGNED: "plain",
    ActionPlan.SignOff.SIGNED: "info",
    ActionPlan.SignOff.APPROVED: "ok",
    ActionPlan.SignOff.RETURNED: "watch",
}
TALK_SHOWN = 3  # entries of a step that stand open; earlier ones unfold
SHOWN = {"open": "Still open", "overdue": "Past their date"}


@dataclass(frozen=True)
class EntryLine:
    """What somebody said about a step, or signed, on a day of the state's calendar."""

    kind: str
    by: str
    on: date
    text: str


@dataclass(frozen=True)
class SignOff:
    """Where the signatures stand; `lines` are the last one of each kind that still holds, and the last return."""

    status: str
    is_signed: bool
    chip: str
    approver: str
    lines: tuple[EntryLine, ...]
    may_sign: bool
    may_approve: bool


@dataclass(frozen=True)
class RowView:
    row: PlanRow
    item: Item
    chip: str
    status: str
    is_overdue: bool
    missing: tuple[str, ...]
    talk: tuple[EntryLine, ...] = ()

    @property
    def latest(self) -> tuple[EntryLine, ...]:
        return self.talk[:TALK_SHOWN]

    @property
    def earlier(self) -> tuple[EntryLine, ...]:
        return self.talk[TALK_SHOWN:]

    @property
    def steps(self) -> list[str]:
        return [step.strip() for step in self.row.steps.splitlines() if step.strip()]

    @property
    def next_anchor(self) -> str:
        return self.item.anchor(self.row.goal)

    @property
    def is_gone(self) -> bool:
        return self.row.status in GONE


@dataclass(frozen=True)
class PlanPage:
    plan: ActionPlan
    progress: PlanProgress
    sections: tuple[tuple[str, tuple[RowView, ...]], ...]
    dropped: tuple[RowView, ...]
    carried: tuple[RowView, ...]
    next_plan: ActionPlan | None
    addable: tuple[Item, ...]
    shown: str
    may_fill: bool
    may_talk: bool
    may_use: bool
    sign_off: SignOff
    path: Path | None
    is_late: bool
    shown_rows: int

    @property
    def goes_on(self) -> bool:
        return self.progress.goes_on

    @property
    def status(self) -> str:
        return "Goes on in the next plan" if self.goes_on else self.plan.get_status_display()

    @property
    def chip(self) -> str:
        if self.goes_on:
            return "plain"
        if self.plan.status == ActionPlan.Status.DRAFT:
            return "watch" if self.is_late else "info"
        return "ok" if self.plan.status == ActionPlan.Status.COMPLETED else "info"

    @property
    def is_draft(self) -> bool:
        return self.plan.status == ActionPlan.Status.DRAFT

    @property
    def incomplete(self) -> int:
        return sum(bool(row.missing) for _, rows in self.sections for row in rows if not row.is_gone)


def plan_page(
    plan: ActionPlan, tenant: State, actor: Actor, *, fills: bool, shown: str = "", keep: Collection[int] = ()
) -> PlanPage:
    """`fills` says whether the actor writes answers; `keep` are rows shown whatever the filter, gone or not."""
    today, scale = tenant.today(), scale_of(plan.review)
    entries = list(plan.entries.select_related("written_by"))
    rows = [row_view(row, scale, today, talk(entries, row, tenant)) for row in plan.rows.all()]
    wanted = [row for row in rows if row.row.pk in keep or (not row.is_gone and is_shown(row, shown))]
    edits = bool(may(actor, "edit", Resource.ACTION_PLAN, plan.place))
    in_draft = plan.status == ActionPlan.Status.DRAFT and not plan.goes_on
    adds = edits and fills and not plan.goes_on
    carried = tuple(row for row in rows if row.row.status == PlanRow.Status.CARRIED)
    planned = {row.row.item_code for row in rows if row.row.status != PlanRow.Status.DROPPED}
    return PlanPage(
        plan=plan,
        progress=progress(plan, today),
        sections=tuple(
            (section.name, found)
            for section in scale.sections
            if (found := tuple(row for row in wanted if row.item in section.items))
        ),
        dropped=tuple(row for row in rows if row.row.status == PlanRow.Status.DROPPED),
        carried=carried,
        next_plan=next_plan(plan, actor) if carried else None,
        addable=tuple(item for item in scale.items if item.code not in planned) if adds else (),
        shown=shown,
        may_fill=edits and fills,
        may_talk=edits,
        may_use=in_draft and bool(may(actor, "submit", Resource.ACTION_PLAN, plan.place)),
        sign_off=sign_off(plan, entries, tenant, actor),
        path=path_after(reports.last_snapshot(plan.review_id), scale),
        is_late=bool(in_draft and plan.due_on and plan.due_on < today),
        shown_rows=len(wanted),
    )


def next_plan(plan: ActionPlan, actor: Actor) -> ActionPlan | None:
    """The first that was drafted after a later review of the same kind of eyes: it took on what was open here."""
    later = ActionPlan.objects.visible_to(actor).filter(team_id=plan.team_id, pk__gt=plan.pk)
    found: ActionPlan | None = (
        later.filter(review__kind=plan.review.kind, review__starts_on__gt=plan.review.ends_on)
        .select_related("review")
        .order_by("pk")
        .first()
    )
    return found


def is_shown(row: RowView, shown: str) -> bool:
    if shown == "overdue":
        return row.is_overdue
    return shown != "open" or row.row.status in (PlanRow.Status.NOT_STARTED, PlanRow.Status.IN_PROGRESS)


def talk(entries: list[PlanEntry], row: PlanRow, tenant: State) -> tuple[EntryLine, ...]:
    return tuple(entry_line(entry, tenant) for entry in entries if entry.row_id == row.pk)


def entry_line(entry: PlanEntry, tenant: State) -> EntryLine:
    on = entry.written_on(tenant)
    return EntryLine(entry.get_kind_display(), entry.written_by.name, on, entry.text)


def sign_off(plan: ActionPlan, entries: list[PlanEntry], tenant: State, actor: Actor) -> SignOff:
    status, approver = ActionPlan.SignOff(plan.sign_off), approver_of(plan)
    signable = status in (ActionPlan.SignOff.UNSIGNED, ActionPlan.SignOff.RETURNED)
    signable = signable and plan.status != ActionPlan.Status.DRAFT and not plan.goes_on
    waits = status == ActionPlan.SignOff.SIGNED and approver is not None and not plan.goes_on
    return SignOff(
        status=f"Waits for approval by {approver.name}" if waits and approver else status.label,
        is_signed=status in (ActionPlan.SignOff.SIGNED, ActionPlan.SignOff.APPROVED),
        chip=SIGN_CHIPS[status],
        approver=approver.name if approver else "",
        lines=tuple(entry_line(entry, tenant) for entry in signatures(plan, entries)),
        may_sign=signable and bool(may_sign(plan, actor)),
        may_approve=waits and bool(may_approve(plan, actor)),
    )


def row_view(row: PlanRow, scale: Scale, today: date, said: tuple[EntryLine, ...] = ()) -> RowView:
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
        talk=said,
    )
