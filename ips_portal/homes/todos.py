"""What waits for one person, computed from the records. Nothing is stored, so nothing can be stale."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from agencies.models import State
from agencies.permissions import Actor, Resource, Role, scope_of
from fidelity.dashboards.steps import listed as listed_steps
from fidelity.dashboards.steps import overdue
from fidelity.models import ActionPlan, PlanRow
from fidelity.signatures import waiting_for
from ips_portal.homes.paying import plans_of_funding
from ips_portal.homes.reviewing import (
    LEADS_TEAMS,
    drafts_to_check,
    drafts_to_read,
    own_reviews,
    reports_to_correct,
    reports_to_issue,
)
from ips_portal.homes.todo import ToDo
from outcomes.dashboards.awaited import withheld_quarters
from outcomes.dashboards.listing import due_now
from outcomes.models import AgreementAnswer, MeetingNote, QuarterlyReport, SharingAgreement

URGENCY = ("action", "watch", "info")


def todos(tenant: State, actor: Actor) -> list[ToDo]:
    today = tenant.today()
    found = [
        *own_reviews(tenant, actor, today),
        *drafts_to_check(tenant, actor),
        *drafts_to_read(tenant, actor, today),
        *reports_to_issue(tenant, actor),
        *reports_to_correct(tenant, actor),
        *plans(tenant, actor, today),
        *plans_to_approve(tenant, actor),
        *steps_past(tenant, actor, today),
        *quarters(tenant, actor),
        *quarters_to_accept(tenant, actor),
        *taken_on(tenant, actor, today),
        *sharing_to_answer(tenant, actor, today),
        *quarters_withheld(tenant, actor),
        *plans_of_funding(tenant, actor),
    ]
    return sorted(found, key=lambda each: (URGENCY.index(each.kind), each.due_on or date.max))


def plans(tenant: State, actor: Actor, today: date) -> list[ToDo]:
    """Plans to put in use or to sign, and rows past their date, for those who lead teams."""
    if actor.role not in LEADS_TEAMS:
        return []
    mine = (
        ActionPlan.objects.visible_to(actor)
        .of_their_own()
        .filter(team_id__in=actor.team_ids)
        .select_related("team", "review")
    )
    late = overdue(PlanRow.objects.filter(plan=OuterRef("pk")), today)
    draft, in_use = Q(status=ActionPlan.Status.DRAFT), Q(status=ActionPlan.Status.ACTIVE)
    waits = Q(is_overdue=True)
    if actor.role is Role.AGENCY_LEADER:
        waits |= Q(sign_off__in=[ActionPlan.SignOff.UNSIGNED, ActionPlan.SignOff.RETURNED])
    waiting = mine.annotate(is_overdue=Exists(late)).filter(draft | in_use & waits)
    return [each for plan in waiting for each in plan_todos(tenant, actor, plan, today)]


def plan_todos(tenant: State, actor: Actor, plan: ActionPlan, today: date) -> Iterator[ToDo]:
    url = reverse("fidelity:plan-page", args=[tenant.slug, plan.review.public_id])
    team = str(plan.team)
    if plan.status == ActionPlan.Status.DRAFT:
        late = plan.due_on is not None and plan.due_on < today
        yield ToDo(
            "Fill in the action plan and put it in use",
            team,
            url,
            kind="watch" if late else "info",
            chip="Late" if late else "Plan",
            due_on=plan.due_on,
        )
        return
    if plan.is_overdue:  # type: ignore[attr-defined]  # annotated
        steps = reverse("fidelity:step-list", args=[tenant.slug])
        late_here = f"{steps}?show=overdue&team={plan.team.slug}"
        yield ToDo(
            "Action plan steps are past their date", team, late_here, kind="action", chip="Needs action"
        )
    returned = plan.sign_off == ActionPlan.SignOff.RETURNED
    if actor.role is Role.AGENCY_LEADER and (returned or plan.sign_off == ActionPlan.SignOff.UNSIGNED):
        yield ToDo(
            "Change the returned action plan and sign it off" if returned else "Sign the action plan off",
            team,
            url,
            kind="watch" if returned else "info",
            chip="Returned" if returned else "Waits for you",
        )


def plans_to_approve(tenant: State, actor: Actor) -> list[ToDo]:
    """Signed plans that wait for this person, by the policy of the state."""
    if scope_of(actor.role, "approve", Resource.ACTION_PLAN) is None:
        return []
    return [
        ToDo(
            "Approve the action plan or return it",
            str(plan.team),
            reverse("fidelity:plan-page", args=[tenant.slug, plan.review.public_id]),
            chip="Waits for you",
        )
        for plan in waiting_for(actor, tenant)
    ]


def steps_past(tenant: State, actor: Actor, today: date) -> list[ToDo]:
    """One line for the whole state, for those who help its teams."""
    if actor.role not in (Role.STATE_ADMIN, Role.STATE_TRAINER):
        return []
    late = overdue(listed_steps(actor), today).count()
    if not late:
        return []
    number = "1 step is past its date" if late == 1 else f"{late} steps are past their date"
    url = f"{reverse('fidelity:step-list', args=[tenant.slug])}?show=overdue"
    return [ToDo("See which teams need help with their plans", number, url, chip="Overdue")]


def quarters(tenant: State, actor: Actor) -> list[ToDo]:
    """Quarters that wait for the figures of this person's teams."""
    if scope_of(actor.role, "submit", Resource.OUTCOME_DRAFT) is None:
        return []
    return [
        ToDo(
            f"Report {due.report.quarter.months}",
            str(due.report.team),
            reverse("outcomes:figures-edit", args=[tenant.slug, due.report.team.slug, due.report.quarter]),
            kind="action" if due.is_overdue else "watch" if due.report.returned else "info",
            chip=due.standing.word,
            due_on=due.report.due_on,
        )
        for due in due_now(tenant, actor)
        if due.report.quarter.has_ended(tenant.today())
    ]


def quarters_to_accept(tenant: State, actor: Actor) -> list[ToDo]:
    """One line for all submitted reports, whatever their number."""
    if scope_of(actor.role, "approve", Resource.OUTCOME_SUBMITTED) is None:
        return []
    waiting = (
        QuarterlyReport.objects.visible_to(actor)
        .filter(status=QuarterlyReport.Status.SUBMITTED)
        .exclude(submitted_by=actor.person_id)
        .count()
    )
    if not waiting:
        return []
    number = "1 quarterly report waits" if waiting == 1 else f"{waiting} quarterly reports wait"
    url = reverse("outcomes:report-list", args=[tenant.slug])
    return [
        ToDo(
            "Accept or return what teams have submitted", f"{number} for the state", url, chip="Second person"
        )
    ]


def taken_on(tenant: State, actor: Actor, today: date) -> list[ToDo]:
    """What this person took on in a supervisors' meeting. What it says stands on the page behind the link."""
    if scope_of(actor.role, "view", Resource.OUTCOME_ACCEPTED) is None:
        return []
    rows = MeetingNote.objects.visible_to(actor).filter(owner_id=actor.person_id, done_at=None)
    url = reverse("outcomes:meeting-list", args=[tenant.slug])
    return [
        ToDo(
            "Do what you took on",
            "Supervisors' meeting",
            url,
            kind="watch" if row.is_overdue(today) else "info",
            chip="Past its date" if row.is_overdue(today) else "Agreed",
            due_on=row.due_on,
        )
        for row in rows
    ]


def sharing_to_answer(tenant: State, actor: Actor, today: date) -> list[ToDo]:
    """An agreement on sharing in full that waits for the leader's agency."""
    if actor.role is not Role.AGENCY_LEADER:
        return []
    rows = AgreementAnswer.objects.visible_to(actor).filter(
        agency__in=actor.agency_ids,
        status=AgreementAnswer.Status.WAITING,
        agreement__in=SharingAgreement.objects.visible_to(actor).to_come(today),
    )
    url = reverse("outcomes:sharing-page", args=[tenant.slug])
    return [
        ToDo("Answer for your agency: share in full?", str(row.agreement), url, chip="Waits for you")
        for row in rows.select_related("agreement")
    ]


def quarters_withheld(tenant: State, actor: Actor) -> list[ToDo]:
    """Quarters that cannot be told without giving a small count away, for who decides the state's rules."""
    if scope_of(actor.role, "edit", Resource.POLICY) is None:
        return []
    url = reverse("outcomes:shared-outcomes", args=[tenant.slug])
    return [
        ToDo(
            "See why a quarter is not published",
            quarter.months,
            f"{url}?quarter={quarter.slug}",
            kind="watch",
            chip="Not published",
        )
        for quarter in withheld_quarters(actor)
    ]
