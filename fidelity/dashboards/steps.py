"""The steps of all plans in use in one list: what is past its date, what is open, what is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from agencies.models import Agency, State, Team
from agencies.permissions import Actor
from fidelity.dashboards.plan import CHIPS
from fidelity.in_force import scale_of
from fidelity.models import ActionPlan, PlanRow
from fidelity.models.plans import OPEN
from fidelity.scales import Item
from ips_portal.spreadsheets import Table

SHOWN = {"overdue": "Past their date", "open": "Still open", "done": "Done"}


@dataclass(frozen=True)
class StepLine:
    row: PlanRow
    item: Item
    days_late: int

    @property
    def chip(self) -> str:
        return "action" if self.days_late else CHIPS[PlanRow.Status(self.row.status)]

    @property
    def status(self) -> str:
        return "Past its date" if self.days_late else self.row.get_status_display()

    @property
    def review(self) -> str:
        return str(self.row.plan.review.public_id)


def listed(actor: Actor) -> QuerySet[PlanRow]:
    """Of plans in use; what was dropped, or goes on in a later plan, is no step any more."""
    rows: QuerySet[PlanRow] = (
        PlanRow.objects.visible_to(actor)
        .filter(status__in=[*OPEN, PlanRow.Status.DONE])
        .exclude(plan__status=ActionPlan.Status.DRAFT)
    )
    return rows


def overdue(rows: QuerySet[PlanRow], today: date) -> QuerySet[PlanRow]:
    """By the state's day: a step is late from the day after its date."""
    return rows.filter(status__in=OPEN, target_on__lt=today)


def narrowed(rows: QuerySet[PlanRow], chosen: Mapping[str, Any], today: date) -> QuerySet[PlanRow]:
    """What is still to do comes first, the longest due on top."""
    match chosen.get("show"):
        case "overdue":
            rows = overdue(rows, today)
        case "open":
            rows = rows.filter(status__in=OPEN)
        case "done":
            rows = rows.filter(status=PlanRow.Status.DONE)
    lookups = {"agency": "team__agency__slug", "team": "team__slug", "item": "item_code"}
    wanted = {lookup: chosen[name] for name, lookup in lookups.items() if chosen.get(name)}
    return (
        rows.filter(**wanted)
        .select_related("team__agency", "plan__review__scale")
        .defer("plan__review__scale__data")
        .alias(is_done=ExpressionWrapper(Q(status=PlanRow.Status.DONE), BooleanField()))
        .order_by("is_done", F("target_on").asc(nulls_last=True), "team__name", "position", "pk")
    )


def lines(rows: Iterable[PlanRow], today: date) -> list[StepLine]:
    return [
        StepLine(
            row,
            scale_of(row.plan.review).item(row.item_code),
            (today - row.target_on).days if row.target_on and row.is_overdue(today) else 0,
        )
        for row in rows
    ]


def teams_of(actor: Actor) -> list[Team]:
    """Those with a plan in use."""
    planned = ActionPlan.objects.visible_to(actor).exclude(status=ActionPlan.Status.DRAFT)
    rows = Team.objects.visible_to(actor).filter(pk__in=planned.values("team")).order_by("name", "pk")
    return list(rows.select_related("agency"))


def agencies_of(teams: Iterable[Team]) -> list[Agency]:
    return sorted({team.agency for team in teams}, key=lambda agency: agency.name)


def step_table(found: Iterable[StepLine], tenant: State, actor: Actor, now: datetime) -> Table:
    return Table(
        about=(
            ("State", tenant.name),
            ("Steps", "of action plans in use; late by the state's day"),
            ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
        ),
        columns=(
            tenant.terms["agency"].capitalize(),
            *("Team", "Item", "Rating", "Goal", "Steps", "First step", "Responsible", "Target date"),
            *("Days late", "Evidence asked for", "Status", "Done on", "Where it stands"),
        ),
        rows=tuple(
            (
                line.row.team.agency.name,
                line.row.team.name,
                f"{line.item.seq}. {line.item.name}",
                line.row.rating,
                line.row.goal,
                line.row.steps,
                line.row.first_step or None,
                line.row.responsible or None,
                line.row.target_on.isoformat() if line.row.target_on else None,
                line.days_late or None,
                line.row.evidence or None,
                line.row.get_status_display(),
                line.row.done_on.isoformat() if line.row.done_on else None,
                line.row.note or None,
            )
            for line in found
        ),
        made=now,
    )
