"""The draft of a corner was returned once, and agreed to before its agency got it; or waits where a gate asks."""

from typing import TYPE_CHECKING

from fidelity import reports
from fidelity.actions import moderating, reporting
from fidelity.models import Review

if TYPE_CHECKING:
    from tests.architecture.world import Corner, World

LEAD, MODERATOR = "trainer", "second_trainer"
# Doors of a draft: agencies are not told that it is read.
OF_MODERATION = ("fidelity:moderation", "fidelity-api:moderation")
# Doors of whoever moderates, which is never who led.
OF_MODERATORS = (
    "fidelity:moderation-read",
    "fidelity-api:moderation-agree",
    "fidelity-api:moderation-return",
)


def read(corner: "Corner") -> None:
    text = corner.secret("moderation")
    ask(corner)
    with corner.cast.entered(MODERATOR) as by:
        draft = drafted(corner)
        remarks = {"ST1": text}
        moderating.send_back(draft, version=draft.text.version, reason=text, remarks=remarks, by=by)
    ask(corner, answer=text)
    with corner.cast.entered(MODERATOR) as by:
        draft = drafted(corner)
        moderating.agree(draft, version=draft.text.version, note=text, by=by)


def ask(corner: "Corner", answer: str = "") -> None:
    with corner.cast.entered(LEAD) as by:
        moderating.ask(drafted(corner), answer=answer, by=by)


def drafted(corner: "Corner") -> Review:
    found: Review = reports.reviews().get(pk=corner.draft.pk)
    return found


# --- what a gate asks for, in the own corner -----------------------------------------------------------------
def changed(world: "World") -> None:
    """Nobody agrees to it as it is now."""
    text = world.own.secret("draftreport")
    with world.own.cast.entered(LEAD) as by:
        draft = drafted(world.own)
        texts = dict.fromkeys(("method", "strengths", "next_steps"), text) | {"overview": f"{text} anew"}
        reporting.save_report(draft, **texts, items={}, version=draft.text.version, by=by)


def waiting(world: "World") -> None:
    changed(world)
    ask(world.own)
