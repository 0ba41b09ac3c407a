"""The words a state's leads put beside the numbers of a quarter, for the people they answer to."""

from math import ceil

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import StaleVersion, Unacceptable
from ips_portal.client_details import client_details
from outcomes.models import BRIEF_LIMIT, StateQuarter

LINE = 112  # ordinary letters of the closest setting of the paper
WIDE = frozenset("mwMW@%—…")
IDEOGRAPHS = "\u2e80"  # from here on letters are as wide as they are high
LINES = 39  # lines of the words that leave room for everything else on one page


@transaction.atomic(savepoint=False)
def write_brief(period: StateQuarter, *, text: str, is_checked: bool, version: int, by: Actor) -> None:
    """Whoever may take a quarter's accepted figures out of the portal says what goes with them.

    What looks like a person served is refused until `is_checked`: the writer has looked again and stands by it.
    Raises NotPermitted, Unacceptable, StaleVersion.
    """
    require(by, "export", Resource.OUTCOME_ACCEPTED, period.place)
    if len(text) > BRIEF_LIMIT:
        raise Unacceptable(
            f"The text has {len(text):,} characters; the limit is {BRIEF_LIMIT:,}. Shorten it.", field="text"
        )
    if lines_of(text) > LINES:
        raise Unacceptable(
            f"The text takes {lines_of(text)} lines and the page has room for {LINES}. Shorten it or join lines.",
            field="text",
        )
    found = client_details(text)
    if found and not is_checked:
        raise Unacceptable(
            f"This looks like {' and '.join(found)}. A brief never says anything about one person. Take it out, or "
            "tick the box below if it is about nobody who is served.",
            field="text",
        )
    changed = StateQuarter.objects.filter(pk=period.pk, version=version).update(
        brief=text, brief_by=by.person_id, brief_at=timezone.now(), version=F("version") + 1
    )
    period.refresh_from_db()
    if not changed and period.brief != text:
        raise StaleVersion(
            "Somebody else has changed this text after you opened it. Nothing was overwritten: yours is below as you "
            "typed it, and the stored one beside it. Bring them together and save again.",
            current={"version": period.version, "text": period.brief},
        )


def lines_of(text: str) -> int:
    """How many lines the words take on the paper; an empty line between paragraphs is half of one."""
    taken = sum(ceil(sum(map(width, line)) / LINE) if line.strip() else 0.5 for line in text.split("\n"))
    return ceil(taken)


def width(letter: str) -> float:
    if letter >= IDEOGRAPHS:
        return 2
    if letter in WIDE:
        return 2
    return 1.35 if letter.isupper() else 1
