"""A text that a state keeps for its reports; retired where a gate asks."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from agencies import tenancy
from fidelity.actions import bank
from fidelity.models import BankText

if TYPE_CHECKING:
    from tests.architecture.world import Corner, World

# Doors of the bank. Who writes no report has nothing to look for there.
OF_BANK = (
    *("fidelity:text-list", "fidelity:text-edit", "fidelity:text-retire", "fidelity:text-restore"),
    *("fidelity-api:texts", "fidelity-api:text", "fidelity-api:text-retire", "fidelity-api:text-restore"),
)
TYPED = {"part": "strengths", "text": "Everybody on the team knows the numbers of last quarter."}
SENT: dict[str, Any] = {
    "part": "recommendation",
    "scale": "ips25-2008",
    "item": "ST1",
    "lowest": 1,
    "highest": 3,
    "text": "Read the list name by name in supervision, once a month.",
}


def keep(corner: "Corner") -> None:
    """One for each state, whichever corner asks."""
    state = corner.cast.state
    with corner.cast.entered("admin") as admin:
        found: BankText | None = BankText.objects.in_state(state.pk).first()
        text = f"Written down once in {state.name}."
        kept = bank.Kept("recommendation", text, "ips25-2008", "ST1", highest=3)
        corner.text = found or bank.add(state, kept=kept, key=uuid4(), by=admin)


def retired(world: "World") -> None:
    with world.own.cast.entered("admin") as admin:
        row = stored(world)
        bank.retire(row, version=row.version, by=admin)


def version(world: "World") -> int:
    with tenancy.as_system(world.own.cast.state.pk):
        return int(stored(world).version)


def stored(world: "World") -> BankText:
    return BankText.objects.select_related("state").get(pk=world.own.text.pk)
