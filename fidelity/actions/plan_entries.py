"""What people say about one step of a plan: how far it is, a comment, or what help was given. Kept as written."""

from uuid import UUID

from django.db import transaction

from agencies.permissions import AGENCY_ROLES, Actor, Resource, Role, require
from agencies.refusals import NotPermitted, Unacceptable
from fidelity.actions import planning
from fidelity.models import NOTE_LIMIT, PlanEntry, PlanRow

SAID = (PlanEntry.Kind.PROGRESS, PlanEntry.Kind.COMMENT, PlanEntry.Kind.HELP)


def kinds_for(by: Actor) -> tuple[PlanEntry.Kind, ...]:
    """Those who do the work say how far it is, trainers what help they gave; whoever edits the plan comments."""
    if by.role in AGENCY_ROLES:
        return SAID[:2]
    return SAID[1:] if by.role in (Role.STATE_ADMIN, Role.STATE_TRAINER) else SAID[1:2]


@transaction.atomic(savepoint=False)
def say(row: PlanRow, *, kind: str, text: str, key: UUID, by: Actor) -> PlanEntry:
    """Once for each form that is sent. Raises NotPermitted, WrongStatus, Unacceptable."""
    plan = row.plan
    require(by, "edit", Resource.ACTION_PLAN, plan.place)
    planning.lock(plan)
    again: PlanEntry | None = plan.entries.filter(form_key=key, written_by_id=by.person_id).first()
    if again:
        return again
    planning.check_in_plan(plan, row)
    if kind not in SAID:
        raise Unacceptable("Choose progress, comment or help.", field="kind")
    if kind not in kinds_for(by):
        raise NotPermitted(
            "The agency says how far its steps are, and the state's trainers what help they gave."
        )
    if not text.strip():
        raise Unacceptable("Write what you have to say.", field="text")
    if len(text) > NOTE_LIMIT:
        raise Unacceptable(f"This text is longer than {NOTE_LIMIT:,} characters. Shorten it.", field="text")
    entry: PlanEntry = PlanEntry.objects.create(
        state_id=row.state_id,
        plan=plan,
        row=row,
        team_id=row.team_id,
        kind=kind,
        text=text.strip(),
        written_by_id=by.person_id,
        form_key=key,
    )
    return entry
