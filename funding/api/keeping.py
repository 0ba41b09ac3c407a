"""Who keeps a record, as programs send it."""

from typing import Any

from agencies.api.shapes import one
from agencies.models import Payer
from ips_portal.api.shapes import Values

OPTIONAL: dict[str, Any] = {"required": False, "allow_null": True, "default": None}


def with_body(sent: Values) -> Values:
    """With the payer in place of its number. Raises Unacceptable where the state has no such payer."""
    number = sent["body"]
    return sent | {"body": one(Payer.objects.all(), number, field="body", by="pk") if number else None}
