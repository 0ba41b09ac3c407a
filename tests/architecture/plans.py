"""After a report of the gates' world: its plan, what is said of it, and what is decided about the team."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from agencies import tenancy
from fidelity.actions import deciding, plan_entries, reporting
from fidelity.models import ActionPlan, Decision, PlanRow


def issue(corner: Any) -> None:
    with tenancy.entered(corner.cast.actor("admin")) as admin:
        reporting.issue(corner.issued, version=corner.issued.text.version, by=admin)
        corner.plan = ActionPlan.objects.get(review=corner.issued)
        corner.row = PlanRow.objects.filter(plan=corner.plan).first()


def decision(corner: Any) -> None:
    """One that leaves the team as it is: the next review has a date."""
    today = corner.cast.state.today()
    with tenancy.entered(corner.cast.actor("admin")) as admin:
        deciding.decide(
            corner.cast.teams[corner.key],
            kind=Decision.Kind.EARLIER_REVIEW,
            decided_on=today,
            until=today + timedelta(days=20),
            reason=corner.secret("decision"),
            key=uuid4(),
            by=admin,
        )


def fill(corner: Any) -> None:
    text = corner.secret("plan")
    PlanRow.objects.filter(plan=corner.plan).update(
        steps=text, responsible=text, note=text, target_on=corner.cast.state.today()
    )
    corner.row.refresh_from_db()


def say(corner: Any, by: str) -> None:
    """By the state's trainer, whose name every reader of a report knows."""
    with tenancy.entered(corner.cast.actor(by)) as actor:
        plan_entries.say(corner.row, kind="comment", text=corner.secret("plan"), key=uuid4(), by=actor)
