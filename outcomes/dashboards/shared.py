"""Outcomes of all programs as they were published: what one program may know of another.

Read from published figures alone. Places stand in the order of their names, never of their figures.
Source: trust reference 2.4, T-peer and T-stakeholder.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from agencies.models import State
from agencies.permissions import Actor
from agencies.tenancy import BREADTH
from ips_portal.quarters import Quarter
from ips_portal.spreadsheets import Cell, Table
from outcomes.models import Publication, PublishedFigure
from outcomes.models.publications import PEERS
from outcomes.suppression.rules import Rules

SHOWN = 4  # quarters beside each other
YEAR = 4  # quarters counted together
COUNTS = {
    "served": "People served",
    "employed": "Worked",
    "in_education": "In school or training",
    "job_starts": "Job starts",
}
RATES = {"employed": "Employment rate", "in_education": "Education rate"}
NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class Figure:
    """A number as it was published, with the threshold it was published under."""

    value: int | None
    percent: int | None
    threshold: int


Figures = Mapping[tuple[Quarter, str, int], Figure]  # of one place, by quarter, measure and length


@dataclass(frozen=True)
class Told:
    """A cell: what stands in it, and the column it stands under. `reason` belongs to the text of what is not shown."""

    under: str
    short: str
    reason: str = ""

    @property
    def is_hidden(self) -> bool:
        return bool(self.reason)

    @property
    def text(self) -> str:
        """In full, as files and screen readers say it. Source: trust reference 2.4, rules 8 and 11."""
        return f"{self.short} {self.reason}".rstrip()


@dataclass(frozen=True)
class PlaceLine:
    name: str
    inside: str  # the agency of a team
    rates: tuple[Told, ...]
    counts: tuple[Told, ...]
    is_own: bool = False


@dataclass(frozen=True)
class SharedPage:
    quarter: Quarter
    publication: Publication | None  # of this quarter
    quarters: tuple[Quarter, ...]
    measure: str
    sees_places: bool
    state: PlaceLine
    lines: tuple[PlaceLine, ...]

    @property
    def label(self) -> str:
        return RATES[self.measure]

    @property
    def choices(self) -> Mapping[str, str]:
        return RATES

    @property
    def meaning(self) -> str:
        return Rules(**self.publication.rules).meaning if self.publication else ""


def shared_page(tenant: State, actor: Actor, quarter: Quarter, measure: str) -> SharedPage:
    """Two queries, whatever the number of programs."""
    quarters = quarter.last(SHOWN)
    latest = Publication.objects.visible_to(actor).filter(quarter__in=quarters).now_standing()
    publications = {each.pk: each for each in latest}
    found = PublishedFigure.objects.visible_to(actor).filter(publication__in=list(publications))
    own_teams: set[tuple[str, str]] = set()
    by_place: dict[tuple[str, str], dict[tuple[Quarter, str, int], Figure]] = {}
    for row in found:
        told_in = publications[row.publication_id]
        key = (told_in.quarter, row.measure, row.length)
        figure = Figure(row.value, row.percent, told_in.rules["threshold"])
        by_place.setdefault((row.agency_name, row.team_name), {})[key] = figure
        if row.team_id in actor.team_ids:
            own_teams.add((row.agency_name, row.team_name))
    told_quarters = {each.quarter for each in publications.values()}
    whole = by_place.pop(("", ""), {})
    own = next((each for each in publications.values() if each.quarter == quarter), None)
    sees_places = BREADTH[actor.role] in PEERS
    length = 1 if sees_places else YEAR
    columns = {each: "no figure" if each in told_quarters else "not published" for each in quarters}
    return SharedPage(
        quarter=quarter,
        publication=own,
        quarters=quarters,
        measure=measure,
        sees_places=sees_places,
        state=line((tenant.name, ""), whole, columns, measure, length),
        lines=tuple(
            replace(line(name, by_place[name], columns, measure, 1), is_own=name in own_teams)
            for name in in_order(by_place)
        ),
    )


def newest_told(actor: Actor, quarter: Quarter | None = None) -> Publication | None:
    """What stands published of this quarter, or of the last one that was published."""
    found = Publication.objects.visible_to(actor).now_standing()
    return (found.filter(quarter=quarter) if quarter else found).first()


def in_order(places: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """By name, an agency before its teams; an agency of one team is that team."""
    names = sorted(places, key=lambda place: (place[0].casefold(), place[1].casefold()))
    teams = [agency for agency, team in names if team]
    return [(agency, team) for agency, team in names if team or teams.count(agency) != 1]


def line(
    name: tuple[str, str], figures: Figures, quarters: Mapping[Quarter, str], measure: str, length: int
) -> PlaceLine:
    """`quarters` says of each what stands where there is nothing."""
    agency, team = name
    last = max(quarters)
    rates = [
        told(str(each), figures.get((each, measure, length)), as_percent=True, absent=absent)
        for each, absent in (quarters.items() if length == 1 else ())
    ]
    rates.append(told("Four quarters", figures.get((last, measure, YEAR)), as_percent=True))
    counts = [told(label, figures.get((last, key, length))) for key, label in COUNTS.items()]
    return PlaceLine(team or agency, agency if team else "", tuple(rates), tuple(counts))


def told(under: str, row: Figure | None, *, as_percent: bool = False, absent: str = "no figure") -> Told:
    if row is None:
        return Told(under, absent)
    value = row.percent if as_percent else row.value
    if value is None:
        return Told(under, NOT_SHOWN, f"(fewer than {row.threshold} people)")
    return Told(under, f"{value}%" if as_percent else f"{value:,}")


def shared_table(tenant: State, actor: Actor, page: SharedPage) -> Table:
    """The page as a file: the same cells, hidden ones in the same words."""
    lines = [page.state, *page.lines]
    now = tenant.now()
    return Table(
        about=(
            ("State", tenant.name),
            ("Quarter", f"{page.quarter.months} ({page.quarter})"),
            ("Rate", f"{page.label}: of the people served; four quarters together count person-quarters"),
            ("Not shown", page.meaning),
            ("Published", f"{page.publication.made_at:%B %-d, %Y}" if page.publication else "not yet"),
            ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
        ),
        columns=(
            *("Program", tenant.terms["agency"].capitalize()),
            *(f"{page.label}, {each.under}" for each in page.state.rates),
            *(each.under for each in page.state.counts),
        ),
        rows=tuple([each.name, each.inside, *cells(each)] for each in lines),
    )


def cells(each: PlaceLine) -> list[Cell]:
    return [told.text for told in (*each.rates, *each.counts)]
