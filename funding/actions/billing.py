"""A state decides its billing rules, from a day on."""

from datetime import date

from django.db import transaction

from agencies.models import State, StatePolicy
from agencies.permissions import Actor, Place, Resource, require
from agencies.refusals import StaleVersion, Unacceptable
from fidelity.actions.policies import check_day, one_at_a_time
from fidelity.lines import Faulty
from funding.dashboards.billing import Effect, as_json, effect
from funding.guidance import read
from funding.in_force import BILLING

MOST_TOLD = 20
READ_AGAIN = (
    "These rules would take the place of others by now than when you read what they change. Nothing is saved yet: read "
    "what they would change, then decide."
)


@transaction.atomic(savepoint=False)
def consider(state: State, *, effective_from: date, text: str, by: Actor) -> Effect:
    """What these rules would change. Nobody else of the state decides before the transaction ends.

    Raises NotPermitted, Unacceptable.
    """
    require(by, "edit", Resource.POLICY, Place(state.pk))
    one_at_a_time(state)
    return drafted(state, effective_from, text)


@transaction.atomic(savepoint=False)
def decide(state: State, *, effective_from: date, text: str, seen: str, by: Actor) -> StatePolicy:
    """From that day on, in place of rules that begin on the same day. The same rules sent again are decided once.

    `seen` is the mark of what was read. Raises NotPermitted, StaleVersion, Unacceptable.
    """
    require(by, "edit", Resource.POLICY, Place(state.pk))
    one_at_a_time(state)
    found = drafted(state, effective_from, text)
    if found.replaced and found.replaced.row.data == found.document:
        return found.replaced.row
    if seen != found.mark:
        raise StaleVersion(READ_AGAIN, current=as_json(found))
    row, _ = StatePolicy.objects.update_or_create(
        state=state,
        subject=BILLING,
        effective_from=effective_from,
        defaults={
            "name": found.rules.name,
            "data": found.document,
            "source": found.rules.source.source,
        },
    )
    return row


def drafted(state: State, effective_from: date, text: str) -> Effect:
    """Raises Unacceptable with every fault of the text by its line."""
    check_day(state, effective_from, BILLING)
    try:
        document, rules = read(text, effective_from)
    except Faulty as faulty:
        told = [str(each) for each in faulty.faults[:MOST_TOLD]]
        if more := len(faulty.faults) - len(told):
            told.append(f"And {more} more.")
        raise Unacceptable(" ".join(told), fields={"text": told}) from None
    return effect(state, document=document, rules=rules, effective_from=effective_from)
