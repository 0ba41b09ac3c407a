"""The columns of a file of past reviews: those of every file, and the items of the scales it may speak of."""

from collections.abc import Iterable, Mapping, Sequence

from fidelity.scales import Item
from ips_portal.importing import columns
from ips_portal.importing.columns import Layout, Names, laid_out, plain, written
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


def heading_of(code: str) -> str:
    """As the portal writes it: the code alone, unless a column of every file is called so."""
    return f"Item {code}" if plain(code) in written(NAMED).spelt else code


def named(items: Iterable[Item]) -> Names:
    """An item's heading is its code, with or without its name, letter by letter or as no other item's is written.

    A column of every file keeps its name, whatever code a state gave to an item.
    """
    general = written(NAMED).spelt
    exact: dict[str, str] = {}
    alike: dict[str, set[str]] = {}
    for item in items:
        for name in (item.code, f"{item.code} {item.name}", f"Item {item.code}"):
            if plain(name) not in general:
                exact[" ".join(name.split())] = of_item(item.code)
                alike.setdefault(plain(name), set()).add(of_item(item.code))
    alone = {name: key for name, keys in alike.items() if len(keys) == 1 for key in keys}
    return Names({**alone, **general}, exact)


def layout(heading: Sequence[str], items: Iterable[Item]) -> Layout:
    """`items` are those of every scale the state may use. Raises BadHeadings.

    Which items must be there depends on the scale of each row, and is said at the row.
    """
    found: Mapping[str, Item] = {item.code: item for item in items}
    labels = LABELS | {of_item(code): code for code in found}
    return laid_out(heading, names=named(found.values()), labels=labels, needed=NEEDED)
