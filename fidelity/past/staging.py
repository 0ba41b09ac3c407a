"""A file of past reviews as it is kept until it is imported."""

from collections.abc import Collection

from fidelity.past.columns import heading_row, layout, named
from fidelity.scales import Item
from ips_portal.importing.clients import client_column
from ips_portal.importing.staging import NOTHING, HoldsClientDetails, Staged, staged
from ips_portal.uploads.sheets import Sheet, Unreadable

REVIEWS = 1000  # in one file: each becomes a frozen report


def stage(sheet: Sheet, items: Collection[Item]) -> Staged:
    """Raises HoldsClientDetails first, then BadHeadings and Unreadable."""
    if not sheet.rows:
        raise Unreadable(NOTHING)
    heading = heading_row(sheet.rows)
    rows = (*sheet.rows, *sheet.hidden)
    if letter := client_column(rows, heading, named(items), has_old_dates=True):
        raise HoldsClientDetails(letter)
    found = staged(sheet, heading, layout(sheet.rows[heading].cells, items))
    if len(found.rows) > REVIEWS:
        raise Unreadable(
            f"The file has {len(found.rows):,} rows; {REVIEWS:,} reviews are imported at once. Split it, and upload "
            "one part after the other."
        )
    return found
