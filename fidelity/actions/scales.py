"""A state adds a scale of its own. An edition never changes: reviews are rated by it for as long as they are kept."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from agencies.models import Person, State
from agencies.permissions import Actor, Place, Resource, require
from agencies.refusals import Unacceptable
from fidelity.actions.policies import marks_outside, one_at_a_time, totals_and_marks
from fidelity.actions.scheduling import settle_scales
from fidelity.histories import dated_policies
from fidelity.lines import Faulty
from fidelity.models import ScaleVersion
from fidelity.policy import FidelityPolicy
from fidelity.scales import Scale, shipped
from fidelity.scales.written import read


@transaction.atomic(savepoint=False)
def add_scale(state: State, *, text: str, by: Actor) -> ScaleVersion:
    """The scale written in YAML; one that is there already is answered as it is. Raises Unacceptable.

    It is used when the state's rules name its key, from the day it begins. Meanwhile nobody decides other rules.
    """
    require(by, "edit", Resource.POLICY, Place(state.pk))
    try:
        document, scale = read(text)
    except Faulty as faulty:
        raise Unacceptable(str(faulty), field="text") from None
    check_key(scale.key)
    one_at_a_time(state)
    check_marks(state, scale)
    row, _ = ScaleVersion.objects.get_or_create(
        state=state,
        key=scale.key,
        sha256=scale.content_hash,
        defaults={
            "name": scale.name,
            "effective_from": scale.effective_from,
            "data": document,
            "added_by": Person(pk=by.person_id),
            "added_at": state.now(),
        },
    )
    settle_scales(state, date.fromisoformat(scale.effective_from))
    return row


def check_marks(state: State, scale: Scale) -> None:
    """The marks of all rules that name its key while it holds are for its totals as well, unless it is there."""
    if ScaleVersion.objects.filter(state=state, key=scale.key, sha256=scale.content_hash).exists():
        return
    for began, policy in in_force_since(state, date.fromisoformat(scale.effective_from)):
        if policy.scale_version == scale.key and (wrong := misfit(scale, policy)):
            raise Unacceptable(
                f"The rules from {began:%B %-d, %Y}, name {scale.key}, and this edition does not fit them: {wrong} "
                "Give it another key, and name that in your rules with marks that fit it.",
                field="text",
            )


def in_force_since(state: State, day: date) -> Iterator[tuple[date, FidelityPolicy]]:
    """Newest first, down to the rules that hold on that day."""
    for began, policy in dated_policies(state.pk):
        yield began, policy
        if began <= day:
            return


def misfit(scale: Scale, policy: FidelityPolicy) -> str:
    """Marks are for one part; whether a total is of that part or of a scale without parts, they may fit it."""
    if marks_outside(scale, policy.thresholds):
        return totals_and_marks(scale, policy.thresholds)
    others = {leads for _, leads in policy.own_ends if leads}
    if scale.leads and others and scale.leads not in others:
        return f"its leading part is {scale.part}, and the marks are for another."
    return ""


def check_key(key: str) -> None:
    if key in {each.key for each in shipped()}:
        raise Unacceptable(
            f"The key {key} belongs to a scale that comes with the portal. Give yours another, such as our-{key}.",
            field="text",
        )
