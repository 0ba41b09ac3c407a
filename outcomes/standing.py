"""All that a state ever published, as the suppression has to reckon with it. For workers, who read as the portal.

Exact counts come from the revisions, which never change; what was told comes from the published figures.
Source: trust reference 2.4.
"""

from collections.abc import Iterable, Mapping, Sequence

from ips_portal.quarters import Quarter
from outcomes.models import Publication, PublishedFigure, Revision
from outcomes.suppression.cells import (
    FOUR_QUARTERS,
    STATE,
    Cell,
    Form,
    Key,
    Level,
    Period,
    Place,
    Reported,
    cells_of,
)
from outcomes.suppression.choosing import Standing, Told, told_in_full, told_with
from outcomes.suppression.rules import Rules

# The four rates that programs compare are made of these. Source: domain reference 3.4 and trust reference 2.4.
PUBLISHED = ("served", "employed", "in_education", "job_starts")
Basis = list[list[int]]  # revision and agency of each report


def periods_of(quarter: Quarter) -> tuple[Period, Period]:
    return Period(quarter), Period(quarter, FOUR_QUARTERS)


def basis_of(state_id: int, quarter: Quarter) -> Basis:
    """The figures in force that a publication of this quarter is made of: its own, and those of the year it ends."""
    rows = (
        Revision.objects.in_state(state_id)
        .in_force()
        .filter(report__quarter__in=quarter.last(FOUR_QUARTERS))
        .order_by("pk")
    )
    return [[row, agency] for row, agency in rows.values_list("pk", "team__agency_id")]


def reported(basis: Basis) -> list[Reported]:
    rows = Revision.objects.select_related("report").in_bulk([pk for pk, _ in basis])
    return [one_reported(rows[pk], agency) for pk, agency in basis]


def one_reported(row: Revision, agency: int) -> Reported:
    counts = {key: value for key in PUBLISHED if (value := getattr(row, key)) is not None}
    return Reported(str(row.team_id), str(agency), row.report.quarter, counts, row.number)


def standing_of(publications: Sequence[Publication]) -> Standing:
    """What these publications told, in their order."""
    reports: dict[tuple[str, Quarter, int], Reported] = {}
    facts: dict[Form, int] = {}
    hidden: set[Key] = set()
    rests: list[Cell] = []
    told = told_by(publications)
    in_full: Told = {}
    for publication in publications:
        behind = reported(publication.made_of)
        circle = [str(agency) for agency in publication.circle]
        in_full = told_with(in_full, told_in_full(behind, publication.quarter, circle))
        reports |= {report.known_as: report for report in behind}
        rules = Rules(**publication.rules)
        values = told.get(publication.pk, {})
        for cell in cells_of(behind, periods_of(publication.quarter)):
            if is_kept_back(cell, values, rules):
                rests.append(cell)
                hidden |= {cell.key} if cell.is_published else set()
            elif cell.is_published and cell.key in values:
                facts[cell.form] = cell.value
    return Standing(tuple(reports.values()), facts, frozenset(hidden), tuple(rests), in_full)


def is_kept_back(cell: Cell, values: Mapping[Key, int | None], rules: Rules) -> bool:
    """Told as not shown; or what is left of a whole, where that is itself too small to be known."""
    if cell.is_published:
        return cell.key in values and values[cell.key] is None
    return rules.is_sensitive(cell.value, cell.group)


def told_by(publications: Iterable[Publication]) -> dict[int, dict[Key, int | None]]:
    quarters = {publication.pk: publication.quarter for publication in publications}
    found: dict[int, dict[Key, int | None]] = {}
    for row in PublishedFigure.objects.filter(publication__in=list(quarters)):
        key = Key(place_of(row), row.measure, Period(quarters[row.publication_id], row.length))
        found.setdefault(row.publication_id, {})[key] = row.value
    return found


def place_of(row: PublishedFigure) -> Place:
    if row.team_id:
        return Place(Level.TEAM, str(row.team_id))
    return Place(Level.AGENCY, str(row.agency_id)) if row.agency_id else STATE
