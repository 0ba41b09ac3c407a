"""What the papers of a funding plan say, in plain words. Pure: a grid and a day in, values for a template out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fidelity.lifecycle.months import written
from fidelity.paper.wording import count, listed
from funding.comparing import NOT_SAID, OF_CELL, linked, said
from funding.grid import Authorization, Cell, Column, Element, Entry, Grid, Method, Phase, Presence, Status
from funding.wording import ENTRIES, METHODS, called

PAID = (Status.PAYS, Status.PARTLY)
IN_TABLE = {OF_CELL["status"], OF_CELL["method"], OF_CELL["checked_on"]}
ALL = "Everything in this phase"
Fact = tuple[str, str]


@dataclass(frozen=True)
class Terms:
    """What one payer says alike of services of one phase."""

    phase: str
    payer: str
    services: str
    says: tuple[str, ...]


@dataclass(frozen=True)
class Paid:
    payer: str
    services: str
    how: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A phase as a handout tells it. `unsaid` is what nobody pays for as far as is known, but somebody has not said."""

    phase: str
    paid: tuple[Paid, ...]
    planned: tuple[str, ...]
    nobody: str
    unsaid: str


@dataclass(frozen=True)
class Share:
    """One source of a party, and what it pays for."""

    called: str
    ends_on: str
    terms: tuple[Terms, ...]


@dataclass(frozen=True)
class Party:
    name: str
    shares: tuple[Share, ...]


def facts(cell: Cell, grid: Grid) -> list[Fact]:
    """What a cell says, but for what nobody has said."""
    told = [(label, said(name, getattr(cell, name), grid)) for name, label in OF_CELL.items()]
    return [(label, value) for label, value in told if value not in ("", NOT_SAID)]


def says_more(cell: Cell, grid: Grid) -> bool:
    """More than the table shows."""
    return any(label not in IN_TABLE for label, _ in facts(cell, grid))


def lines(cell: Cell, grid: Grid) -> tuple[str, ...]:
    """Whether and how it pays in one line, then the rest, each with its name."""
    told = dict(facts(cell, grid))
    status, method = told.pop(OF_CELL["status"]), told.pop(OF_CELL["method"], "")
    first = f"{status}, {method.lower()}" if method else status
    return first, *(f"{label}: {value}" for label, value in told.items())


def all_terms(grid: Grid) -> list[Terms]:
    """Of every cell that says more than the table, in the plan's order."""
    return [
        found
        for phase in phases(grid)
        for column in grid.columns
        for found in terms_of(grid, phase, column, lambda cell: says_more(cell, grid))
    ]


def phases(grid: Grid) -> list[Phase]:
    """Those that have services."""
    return [phase for phase in grid.phases if phase.key in grid.by_phase]


def terms_of(grid: Grid, phase: Phase, column: Column, wanted: Callable[[Cell], bool]) -> list[Terms]:
    groups: dict[tuple[str, ...], list[Element]] = {}
    for element in grid.by_phase[phase.key]:
        cell = grid.cell(element.key, column.key)
        if wanted(cell):
            groups.setdefault(lines(cell, grid), []).append(element)
    return [
        Terms(phase.name, called(column), services(grid, phase, rows), told) for told, rows in groups.items()
    ]


def services(grid: Grid, phase: Phase, rows: Iterable[Element]) -> str:
    names, every = [row.name for row in rows], grid.by_phase[phase.key]
    return ALL if len(names) == len(every) > 1 else "; ".join(names)


# --- The handout ----------------------------------------------------------------------------------------------
def steps(grid: Grid, today: date) -> list[Step]:
    return [step(grid, phase, today) for phase in phases(grid)]


def step(grid: Grid, phase: Phase, today: date) -> Step:
    nobody, unsaid = list[Element](), list[Element]()
    for element in grid.by_phase[phase.key]:
        cells = [cell for _, cell in grid.row(element)]
        if any(cell.pays_on(today) for cell in cells):
            continue
        known = all(cell.status is not Status.UNKNOWN for cell in cells)
        (nobody if known and cells else unsaid).append(element)
    return Step(
        phase.name,
        tuple(found for column in grid.columns for found in paid(grid, phase, column, today)),
        tuple(found for column in grid.columns for found in planned(grid, phase, column)),
        services(grid, phase, nobody),
        services(grid, phase, unsaid),
    )


def paid(grid: Grid, phase: Phase, column: Column, today: date) -> list[Paid]:
    groups: dict[tuple[str, tuple[str, ...]], list[Element]] = {}
    for element in grid.by_phase[phase.key]:
        cell = grid.cell(element.key, column.key)
        if cell.pays_on(today):
            groups.setdefault((how(cell), plainly(cell, column)), []).append(element)
    return [
        Paid(called(column), services(grid, phase, rows), way, terms) for (way, terms), rows in groups.items()
    ]


def how(cell: Cell) -> str:
    word = "" if cell.method is Method.NOT_SAID else dict(METHODS)[cell.method].lower()
    return ", ".join(part for part in ("partly" if cell.status is Status.PARTLY else "", word) if part)


def plainly(cell: Cell, column: Column) -> tuple[str, ...]:
    """On which conditions, as one says it."""
    told = [cell.condition.strip()]
    if cell.entry is not Entry.NOT_SAID:
        told.append(dict(ENTRIES)[cell.entry])
    if cell.limit_days is not None:
        told.append(f"Until {count(cell.limit_days, 'day', 'days')} after the job start")
    if cell.limit_times is not None:
        times = "Once" if cell.limit_times == 1 else f"{cell.limit_times} times"
        told.append(f"{times} for one person")
    told.append(cell.limit.strip())
    if cell.presence is Presence.NEEDED:
        told.append("The person must be there")
    if cell.authorization is Authorization.PRIOR:
        told.append("Ask for authorization before the service")
    if cell.authorization is Authorization.EACH_CASE:
        told.append("Authorized case by case")
    ends = min((day for day in (cell.valid_to, column.ends_on) if day), default=None)
    if ends:
        told.append(f"Until {written(ends)}")
    return tuple(each.rstrip(".") for each in told if each)


def planned(grid: Grid, phase: Phase, column: Column) -> list[str]:
    rows = [
        element
        for element in grid.by_phase[phase.key]
        if grid.cell(element.key, column.key).status is Status.PLANNED
    ]
    return [f"{called(column)}: {services(grid, phase, rows)}"] if rows else []


# --- The appendix to an agreement -----------------------------------------------------------------------------
def shares_of(grid: Grid, parties: Mapping[str, str]) -> list[Party]:
    """Each department with its columns."""
    return [
        Party(name, tuple(share(grid, column) for column in grid.columns if column.department == name))
        for name in dict.fromkeys(parties.values())
    ]


def others(grid: Grid, parties: Mapping[str, str]) -> list[Share]:
    """Columns in the plan whose keepers sign nothing."""
    return [share(grid, column) for column in grid.columns if column.department not in {*parties.values()}]


def share(grid: Grid, column: Column) -> Share:
    pays = (*PAID, Status.PLANNED)
    found = [
        told
        for phase in phases(grid)
        for told in terms_of(grid, phase, column, lambda cell: cell.status in pays)
    ]
    return Share(called(column), written(column.ends_on) if column.ends_on else "", tuple(found))


def hand_overs(grid: Grid) -> list[str]:
    """What passes from one payer to another: links, and who pays until planned money comes."""
    links = [linked(link, grid) for link in grid.links]
    told = [
        f"{each.kind}: {each.first}, and {each.second}.{f' {each.note}' if each.note else ''}"
        for each in links
    ]
    bridged: dict[tuple[str, str, date | None], list[str]] = {}
    names = {column.key: called(column) for column in grid.columns}
    for element in grid.elements:
        for column, cell in grid.row(element):
            if cell.status is Status.PLANNED and cell.bridge in names:
                key = (called(column), names[cell.bridge], cell.expected_on)
                bridged.setdefault(key, []).append(f"“{element.name}”")
    return told + [
        f"{later} is to pay for {listed(rows)}{f' from {written(on)}' if on else ''}; until then {until} pays."
        for (later, until, on), rows in bridged.items()
    ]
