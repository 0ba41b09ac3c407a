"""Files of past reviews in the gates' world: of each corner one that is looked at, and one that is over."""

from typing import Any

from django.utils import timezone

from agencies import tenancy
from fidelity.models import ReviewImport
from fidelity.past.staging import stage
from ips_portal.uploads.sheets import Row, Sheet
from tests.fidelity.past import EDITIONS, HEAD, row


def table(corner: Any, first: str = "3/14/2021") -> list[list[str]]:
    """A file with one review of the corner's team."""
    return [HEAD, row(corner.cast.teams[corner.key].name, first=first)]


def files(corner: Any) -> dict[str, ReviewImport]:
    """By what has become of them. The one that is over brought nothing, so that no other page changes."""
    sheet = Sheet(tuple(Row(number, tuple(cells)) for number, cells in enumerate(table(corner), start=1)))
    staged = stage(sheet, EDITIONS.items).as_json()
    over = {"status": "done", "finished_at": timezone.now(), "counts": {"good": 0}}
    with tenancy.entered(corner.cast.actor("admin")) as admin:
        return {
            name: ReviewImport.objects.create(
                state=corner.cast.state,
                uploaded_by_id=admin.person_id,
                file_name=f"{corner.secret('past')}.csv",
                sha256=f"{name}{corner.key}".ljust(64, "0"),
                **fields,
            )
            for name, fields in (("previewed", {"staged": staged}), ("done", over))
        }
