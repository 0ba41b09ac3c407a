"""A state loads the official text of the anchors that it has permission for, and takes it out again."""

from django.db import transaction

from agencies.models import State
from agencies.permissions import Actor, Place, Resource, require
from agencies.refusals import Unacceptable
from fidelity.models import NOTE_LIMIT, ScaleVersion, ScaleWording
from fidelity.scales import Scale
from fidelity.wording import Wording, WordingError, check


@transaction.atomic(savepoint=False)
def load_wording(state: State, version: ScaleVersion, *, wording: Wording, by: Actor) -> int:
    """Replaces the whole official text of a scale edition; an empty one takes it out. Returns how many anchors.

    Issued reports keep the words they were issued with.
    """
    require(by, "edit", Resource.POLICY, Place(state.pk))
    try:
        check(wording, Scale.parse(version.data))
    except WordingError as error:
        raise Unacceptable(str(error), field="wording") from None
    if any(len(text) > NOTE_LIMIT for text in wording.values()):
        raise Unacceptable(f"An anchor has at most {NOTE_LIMIT:,} characters.", field="wording")
    stored = {(row.item_code, row.level): row for row in ScaleWording.objects.filter(scale=version)}
    for place, row in stored.items():
        if place not in wording:
            row.delete()
        elif row.text != wording[place]:
            row.text = wording[place]
            row.save(update_fields=["text"])
    ScaleWording.objects.bulk_create(
        ScaleWording(state=state, scale=version, item_code=code, level=level, text=text)
        for (code, level), text in wording.items()
        if (code, level) not in stored
    )
    return len(wording)
