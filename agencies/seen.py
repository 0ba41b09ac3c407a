"""What somebody had read when they wrote: a mark of a record's values, so that nobody writes over what they never saw.

A keyed hash, because some who may write a record's public fields see no other.
"""

import json
from typing import Any

from django.utils.crypto import salted_hmac

from agencies.models import Agency, Membership, Team
from agencies.refusals import StaleVersion

CONTACT = ("contact_name", "contact_email", "contact_phone", "website")
AGENCY = ("name", "code", "city", "region", "started_on", *CONTACT)
TEAM = ("name", "stage", "implementation_started_on", "agency_id")
SEAT = ("role", "agency_id", "payer_id", "department")


def mark(record: Agency | Team | Membership) -> str:
    text = json.dumps(_values(record), default=str)
    return salted_hmac("agencies.seen", text, algorithm="sha256").hexdigest()[:16]


def check(record: Agency | Team | Membership, seen: str | None) -> None:
    """`record` as it is now, locked. None: the portal itself writes, or a record nobody has read before."""
    if seen is not None and seen != (now := mark(record)):
        raise StaleVersion(
            f"{record} was changed after you opened this. Nothing of yours is saved yet: look at it once more, then "
            "save again.",
            current={"version": now},
        )


def _values(record: Agency | Team | Membership) -> list[Any]:
    match record:
        case Agency():
            return [getattr(record, name) for name in AGENCY]
        case Team():
            partners = sorted(link.agency_id for link in record.partners.all())
            populations = sorted(link.population_id for link in record.populations.all())
            return [*(getattr(record, name) for name in TEAM), partners, populations]
    return [*(getattr(record, name) for name in SEAT), sorted(link.team_id for link in record.teams.all())]
