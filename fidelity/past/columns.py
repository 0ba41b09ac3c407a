"""The columns of a file of past reviews: those of every file, and the items of the scales it may speak of."""

from collections.abc import Iterable, Mapping, Sequence

from fidelity.scales import Item
from ips_portal.importing import columns
from ips_portal.importing.columns import Layout, laid_out, written
from ips_portal.uploads.sheets import Row

TEAM, AGENCY, SCALE, KIND, PLACE = "team", "agency", "scale", "kind", "place"
FIRST, LAST, REPORTED, TOTAL = "first", "last", "reported", "total"
NAMED = {
    AGENCY: ("Agency", "Agency name", "Provider"),
    TEAM: ("Team", "Team name", "IPS team", "Program"),
    SCALE: ("Scale", "Scale version", "Fidelity scale"),
    KIND: ("Kind", "Kind of review", "Review type", "Type"),
    PLACE: ("Place", "Mode"),
    FIRST: ("First day", "Date", "Review date", "Date of visit", "Visit date"),
    LAST: ("Last day", "End date", "Last day of visit"),
    REPORTED: ("Report date", "Date of report", "Reported on"),
    TOTAL: ("Total", "Total score"),
}
LABELS = {key: names[0] for key, names in NAMED.items()}
NEEDED = (TEAM, SCALE, KIND, FIRST)


def of_item(code: str) -> str:
    """The key of an item's column. Codes are the state's own to choose, so they are kept apart from the rest."""
    return f"item {code}"


def heading_row(rows: Sequence[Row]) -> int:
    """Which row names the columns: the first with a team and a scale, or else the first of all."""
    return columns.heading_row(rows, NAMED[TEAM], NAMED[SCALE])


def named(items: Iterable[Item]) -> dict[str, str]:
    """Every way to write a heading -> the key of its column; an item's is its code, with or without its name."""
    by_code: dict[str, tuple[str, ...]] = {
        of_item(item.code): (item.code, f"{item.code} {item.name}") for item in items
    }
    return written(by_code | NAMED)


def layout(heading: Sequence[str], items: Iterable[Item]) -> Layout:
    """`items` are those of every scale the state may use. Raises BadHeadings.

    Which items must be there depends on the scale of each row, and is said at the row.
    """
    found: Mapping[str, Item] = {item.code: item for item in items}
    labels = LABELS | {of_item(code): code for code in found}
    return laid_out(heading, names=named(found.values()), labels=labels, needed=NEEDED)
