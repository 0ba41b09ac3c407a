"""What the doors of a draft answer otherwise than the bare table: to its agency, to who led, and to who moderated."""

from tests.architecture import oracle
from tests.architecture.moderations import MODERATOR
from tests.architecture.oracle import Who
from tests.architecture.routes import Address
from tests.architecture.visits import DRAFT
from tests.architecture.world import LEAD


def drafts(who: Who, address: Address, method: str) -> str | None:
    statewide = oracle.scope(who, "view", DRAFT) == "s"
    return None if statewide or who.persona in address.where.people else "hidden"


def handed_over(who: Who, address: Address, method: str) -> str | None:
    """Every draft of this world is with its agency."""
    return None if who.role in ("AL", "SU") else drafts(who, address, method)


def never_who_led(who: Who, address: Address, method: str) -> str | None:
    return "refused" if who.persona == LEAD and address.variant == "draft_report" else None


def never_who_led_or_read(who: Who, address: Address, method: str) -> str | None:
    read_it = who.persona == MODERATOR and address.variant == "draft_report"
    return "refused" if read_it else never_who_led(who, address, method)
