"""A state adds a scale of its own. An edition never changes: reviews are rated by it for as long as they are kept."""

from django.db import transaction

from agencies.models import Person, State
from agencies.permissions import Actor, Place, Resource, require
from agencies.refusals import Unacceptable
from fidelity.models import ScaleVersion
from fidelity.scales import shipped
from fidelity.scales.written import Faulty, read


@transaction.atomic(savepoint=False)
def add_scale(state: State, *, text: str, by: Actor) -> ScaleVersion:
    """The scale written in YAML; one that is there already is answered as it is. Raises Unacceptable.

    It is used when the state's rules name its key, from the day it begins.
    """
    require(by, "edit", Resource.POLICY, Place(state.pk))
    try:
        document, scale = read(text)
    except Faulty as faulty:
        raise Unacceptable(str(faulty), field="text") from None
    check_key(scale.key)
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
    return row


def check_key(key: str) -> None:
    if key in {each.key for each in shipped()}:
        raise Unacceptable(
            f"The key {key} belongs to a scale that comes with the portal. Give yours another, such as our-{key}.",
            field="text",
        )
