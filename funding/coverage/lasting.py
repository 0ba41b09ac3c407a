"""For how long: money that ends, cells nobody has checked, and planned money that is waited for."""

from collections.abc import Iterator
from datetime import date

from fidelity.lifecycle.months import months_after, said, written
from fidelity.paper.wording import count, listed
from funding.coverage.reading import OURS, SLIDES, TIPS, Entered, Gap, Reading, elements_of, keys, phase_of
from funding.grid import Cell, Column, Status
from funding.wording import all_called, called, quoted

BEFORE_IT_ENDS = (
    "Say before the last day who goes on, and put it into the plan as planned money with its date. A federal grant "
    "gave seven states five years to build programs; what stays is what was moved to lasting money in time."
)
AFTERWARD = "Enter the new dates if the money goes on; if it does not, say who pays now."


def money_that_ends(reading: Reading) -> Iterator[Gap]:
    """G8, one per column and date. Source: seed 001, a grant of five years; the months are a proposal."""
    horizon = months_after(reading.today, reading.limits.expiring_months)
    for column in reading.grid.columns:
        ending: dict[date, list[Entered]] = {}
        for entered in reading.entered:
            day = last_day(entered) if entered.column == column else None
            if day is not None and day <= horizon:
                ending.setdefault(day, []).append(entered)
        for day, paid in sorted(ending.items()):
            elements = elements_of(paid)
            over = day < reading.today
            ends = "ended" if over else "ends"
            yield Gap(
                "G8",
                phase_of(elements),
                keys(elements),
                (column.key,),
                f"Money of {called(column)} {ends} on {written(day)}. It is for {quoted(elements)}.",
                AFTERWARD if over else BEFORE_IT_ENDS,
                f"{SLIDES}; {OURS}",
            )


def last_day(entered: Entered) -> date | None:
    """Of money that pays, or did until it ended: its own last day or that of its source."""
    if entered.cell.status not in (Status.PAYS, Status.PARTLY):
        return None
    return min((day for day in (entered.cell.valid_to, entered.column.ends_on) if day), default=None)


def not_verified(reading: Reading) -> Iterator[Gap]:
    """G9, one per element. Source: domain reference 4.5; the months are a proposal."""
    months = reading.limits.stale_months
    for element in reading.grid.elements:
        unknown, unchecked, stale = [], [], []
        for column, cell in reading.grid.row(element):
            if cell.status is Status.UNKNOWN:
                unknown.append(column)
            elif cell.checked_on is None:
                unchecked.append(column)
            elif is_stale(cell.checked_on, reading.today, months):
                stale.append(column)
        columns = [column for column in reading.grid.columns if column in (*unknown, *unchecked, *stale)]
        if not columns:
            continue
        parts = [
            f"Not known: {of(unknown)}." if unknown else "",
            f"Never checked: {of(unchecked)}." if unchecked else "",
            f"Last checked more than {said(months)} ago: {of(stale)}." if stale else "",
        ]
        yield Gap(
            "G9",
            element.phase,
            (element.key,),
            keys(columns),
            f"Who pays for {quoted([element])} is not sure. {' '.join(filter(None, parts))}",
            "Ask those who keep these columns, and enter the day they said it and where it is written. “Does not pay” "
            "is an answer, too.",
            OURS,
        )


def of(columns: list[Column]) -> str:
    return f"{count(len(columns), 'payer', 'payers')}, {all_called(columns)}"


def is_stale(checked_on: date, today: date, months: int) -> bool:
    return checked_on < today and months_after(checked_on, months) < today


def waiting_for_a_change(reading: Reading) -> Iterator[Gap]:
    """G12, one per planned cell. Source: seed 000, a plan amendment took two years, and who paid until then."""
    for entered in reading.entered:
        missing = missing_of(entered, reading) if entered.cell.status is Status.PLANNED else []
        if missing:
            yield Gap(
                "G12",
                entered.element.phase,
                (entered.element.key,),
                (entered.column.key,),
                f"{called(entered.column)} plans to pay for {quoted([entered.element])}, but {listed(missing)}.",
                "Write down when the money is expected and who pays until then. One state's change of its Medicaid "
                "plan took more than two years, and county boards paid in the meantime.",
                TIPS,
            )


def missing_of(entered: Entered, reading: Reading) -> list[str]:
    return [*late(entered.cell, reading.today), *unbridged(entered, reading)]


def late(cell: Cell, today: date) -> Iterator[str]:
    if cell.expected_on is None:
        yield "no date is given"
    elif cell.expected_on < today:
        yield f"it was expected by {written(cell.expected_on)}"


def unbridged(entered: Entered, reading: Reading) -> Iterator[str]:
    """Planned money bridges nothing, not even with a bridge of its own."""
    bridge = reading.in_plan(entered.cell.bridge)
    if bridge is None:
        yield "nobody is named who pays until then"
    elif not reading.grid.cell(entered.element.key, bridge.key).pays_on(reading.today):
        yield f"{called(bridge)}, which is to pay until then, does not pay for it today"
