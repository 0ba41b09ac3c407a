"""The columns of a file of quarters: those every file has, and the figures that are asked for."""

from collections.abc import Iterable, Sequence

from ips_portal.importing import columns
from ips_portal.importing.columns import Layout, Names, laid_out, plain, written
from ips_portal.uploads.sheets import Row
from outcomes.measures import Measure

TEAM, QUARTER, AGENCY, NOTE, VACANCY = "team", "quarter", "agency", "note", "vacancy"
NAMED = {
    TEAM: ("Team", "Team name", "IPS team", "Program"),
    QUARTER: ("Quarter", "Reporting quarter", "Period", "Reporting period"),
    AGENCY: ("Agency", "Agency name", "Provider"),
    NOTE: ("Note", "Notes", "Explanation", "Explanations", "Comment", "Comments"),
    VACANCY: ("Vacancy", "Vacancy note"),
}
LABELS = {key: names[0] for key, names in NAMED.items()}


def heading_row(rows: Sequence[Row]) -> int:
    """Which row names the columns: the first with a team and a quarter, or else the first of all."""
    return columns.heading_row(rows, NAMED[TEAM], NAMED[QUARTER])


def named(measures: Iterable[Measure]) -> Names:
    """Every way to write a heading -> the key of its column."""
    return written(NAMED | {measure.key: (measure.key, measure.label) for measure in measures})


def find(heading: Sequence[str], key: str) -> int | None:
    """The column of a team or a quarter, before it is known which figures belong in the file."""
    names = {plain(name) for name in NAMED[key]}
    return next((index for index, cell in enumerate(heading) if plain(cell) in names), None)


def layout(heading: Sequence[str], measures: Sequence[Measure], known: Sequence[Measure] = ()) -> Layout:
    """`measures` are asked for in the file's quarters, the core ones must be there; `known` are all that exist.

    Raises BadHeadings.
    """
    return laid_out(
        heading,
        names=named([*known, *measures]),
        labels=LABELS | {measure.key: measure.label for measure in measures},
        needed=[TEAM, QUARTER, *(measure.key for measure in measures if measure.is_core)],
    )
