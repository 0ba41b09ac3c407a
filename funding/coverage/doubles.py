"""One service paid twice, and whether the links between cells say why it is not.

Source: domain reference 4.3. Braiding: two different services at the same time, each billed to its payer. Sequencing:
payers follow one another for one service. The same service, person and time to two payers is always an error.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from fidelity.lifecycle.months import written
from fidelity.paper.wording import listed
from funding.coverage.reading import MISSOURI, SLIDES, Entered, Gap, Reading, keys
from funding.grid import Cell, Grid, Link, LinkKind
from funding.wording import all_called, called, quoted


@dataclass(frozen=True)
class LinkFault:
    link: Link
    reason: str


def paid_twice(reading: Reading) -> Iterator[Gap]:
    """G10, one per element. Source: seed 004, Q2; seed 001, several payers are normal and must be explained.

    Two payers who follow one another by the calendar do not both pay today, so they need no note to be explained.
    """
    noted = {frozenset((link.first, link.second)) for link in reading.grid.links if link.note.strip()}
    for element in reading.grid.elements:
        paying = [each for each in reading.funding[element.key] if each.cell.pays_on(reading.today)]
        doubled = {
            each.column.key
            for pair in combinations(paying, 2)
            if may_be_same(*pair) and places(*pair) not in noted
            for each in pair
        }
        left = [each for each in paying if each.column.key in doubled]
        if not left:
            continue
        columns = [each.column for each in left]
        codes = listed([f"{called(each.column)} has {coded(each.cell)}" for each in left])
        yield Gap(
            "G10",
            element.phase,
            (element.key,),
            keys(columns),
            f"{quoted([element])} is paid by {all_called(columns)} at the same time, and nothing says that these are "
            f"different services: {codes}.",
            "Several payers are normal where each pays for something else, such as a job start and help with symptoms "
            "at that job. Give each its service code, or link the two and note what differs or how one hands over to "
            "the other. The same service for the same person and time is never billed twice.",
            f"{MISSOURI}; {SLIDES}",
        )


def may_be_same(one: Entered, other: Entered) -> bool:
    """Where a code is not said, nobody has said that they differ."""
    first, second = code(one.cell), code(other.cell)
    return not first or not second or first == second


def places(one: Entered, other: Entered) -> frozenset[tuple[int, int]]:
    return frozenset((each.element.key, each.column.key) for each in (one, other))


def code(cell: Cell) -> str:
    return cell.service_code.strip().casefold()


def coded(cell: Cell) -> str:
    return f"the service code {cell.service_code.strip()}" if code(cell) else "no service code"


def link_faults(grid: Grid) -> tuple[LinkFault, ...]:
    """What keeps a link from explaining its two cells, in the order of the links."""
    return tuple(LinkFault(link, reason) for link in grid.links for reason in faults_of(link, grid))


def faults_of(link: Link, grid: Grid) -> Iterator[str]:
    ends = [entered_at(place, grid) for place in (link.first, link.second)]
    first, second = ends
    if first is None or second is None:
        yield "A link leads to a service or a payer that is no longer in the plan."
    elif link.first == link.second:
        yield f"{called(first.column)} is linked with itself at {quoted([first.element])}."
    elif link.kind is LinkKind.BRAIDING:
        yield from braiding_faults(first, second)
    else:
        yield from sequencing_faults(link, first, second)


def entered_at(place: tuple[int, int], grid: Grid) -> Entered | None:
    element = next((element for element in grid.elements if element.key == place[0]), None)
    column = next((column for column in grid.columns if column.key == place[1]), None)
    return Entered(element, column, grid.cell(*place)) if element and column else None


def braiding_faults(first: Entered, second: Entered) -> Iterator[str]:
    if first.column == second.column:
        yield (
            "Braiding joins two payers, but "
            f"{quoted([first.element, second.element])} are both paid by {called(first.column)}."
        )
    blank = [each.column for each in (first, second) if not code(each.cell)]
    if blank:
        yield (
            "Braiding joins two services with different service codes, but no service code is said by "
            f"{all_called(dict.fromkeys(blank))}."
        )
    elif code(first.cell) == code(second.cell):
        yield (
            f"Braiding joins two different services, but {called(first.column)} and {called(second.column)} have "
            f"the same service code, {first.cell.service_code.strip()}."
        )


def sequencing_faults(link: Link, first: Entered, second: Entered) -> Iterator[str]:
    both = f"{called(first.column)} and {called(second.column)}"
    if first.element != second.element:
        yield (
            f"Payers follow one another for one service, but {both} are linked for "
            f"{quoted([first.element, second.element])}."
        )
    if overlap(first.cell, second.cell) and not hands_over(first.cell, second.cell):
        yield (
            f"Payers follow one another, but the times of {both} overlap: {period(first.cell)}, and "
            f"{period(second.cell)}, and neither of them alone stops so many days after the job start."
        )
    if not link.note.strip():
        yield f"It is not said when or how {quoted([first.element])} is handed over between {both}."


def overlap(one: Cell, other: Cell) -> bool:
    starts = max(cell.valid_from or date.min for cell in (one, other))
    return starts <= min(cell.valid_to or date.max for cell in (one, other))


def hands_over(one: Cell, other: Cell) -> bool:
    """Does one alone stop so many days after the job start? Then the other follows for each person, on any date.

    Source: domain reference 4.4, where a case closes at 90 days while IPS goes on for about a year.
    """
    return (one.limit_days is None) != (other.limit_days is None)


def period(cell: Cell) -> str:
    start = f"from {written(cell.valid_from)}" if cell.valid_from else "from the beginning"
    return f"{start} {f'to {written(cell.valid_to)}' if cell.valid_to else 'without an end'}"
