"""The issued report of a corner was corrected once; another correction is opened where a gate asks for it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from agencies import tenancy
from fidelity import reports
from fidelity.actions import correcting, opening
from fidelity.actions.correcting import ItemWords
from fidelity.models import Review

if TYPE_CHECKING:
    from tests.architecture.world import Corner, World

LEAD = "trainer"
CORRECTED = "SV1"
OF_EDITIONS = ("fidelity:edition-pdf", "fidelity-api:edition-pdf")
# Doors of a draft: agencies are not told that there is one.
OF_CORRECTIONS = (
    "fidelity:correction",
    "fidelity-api:correction",
    "fidelity-api:correction-hand-over",
)


def begin(corner: "Corner", item: str = "ST1", *, with_texts: bool = False) -> None:
    with corner.cast.entered("admin") as by:
        opening.begin(
            issued(corner),
            items=[item],
            with_texts=with_texts,
            writer=corner.cast.memberships[LEAD],
            until=corner.cast.state.today() + timedelta(days=7),
            reason=corner.secret("correction" if item != CORRECTED else "final"),
            by=by,
        )


def write(corner: "Corner", item: str = "ST1", kind: str = "correction") -> None:
    text = corner.secret(kind)
    with corner.cast.entered(LEAD) as by:
        words = {item: ItemWords(4, text, text)}
        correcting.save_correction(issued(corner), items=words, version=version(corner), by=by)


def hand_over(corner: "Corner") -> None:
    with corner.cast.entered(LEAD) as by:
        correcting.hand_over(issued(corner), by=by)


def correct(corner: "Corner") -> None:
    """What the second edition says is seen by whoever saw the first."""
    begin(corner, CORRECTED)
    write(corner, CORRECTED, "final")
    hand_over(corner)
    read = version(corner)
    with corner.cast.entered("admin") as by:
        correcting.issue(issued(corner), version=read, by=by)


def issued(corner: "Corner") -> Review:
    found: Review = reports.reviews().get(pk=corner.issued.pk)
    return found


def version(corner: "Corner") -> int:
    with tenancy.as_system(corner.cast.state.pk):
        return int(corner.issued.corrections.latest("pk").version)


# --- what a gate asks for, in the own corner -----------------------------------------------------------------
def opened(world: "World") -> None:
    begin(world.own, with_texts=True)


def written(world: "World") -> None:
    opened(world)
    write(world.own)


def handed_over(world: "World") -> None:
    written(world)
    hand_over(world.own)
