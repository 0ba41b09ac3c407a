"""What somebody had read when they wrote: a mark of a record's values, so that nobody writes over what they never saw.

A keyed hash, because some who may write a record's public fields see no other.
"""

import json
from typing import Any

from django.utils.crypto import salted_hmac

from agencies.models import Agency, Membership, Team
from agencies.refusals import StaleVersion


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
    """Every column, so that a new one is not forgotten here, and what a record is linked to."""
    columns = [getattr(record, field.attname) for field in record._meta.concrete_fields]
    match record:
        case Team():
            partners = sorted(link.agency_id for link in record.partners.all())
            populations = sorted(link.population_id for link in record.populations.all())
            return [*columns, partners, populations]
        case Membership():
            return [*columns, sorted(link.team_id for link in record.teams.all())]
    return columns
