"""What a quarter may bring in and cost, as its page shows it: from a state's own rates, and figures that are given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agencies.permissions import Actor
from funding.models import FundingSource
from funding.money import Expected, Figures, Grant, Left, Line, Span, expected
from funding.rates import Version, in_quarter, stored, with_payments
from ips_portal.quarters import Quarter

QUARTERS = 4  # that an answer is of
ESTIMATE = (
    "This is an estimate from the state's own rates and the figures below. It is no claim, no payment and no promise "
    "of one, and nothing of it is stored."
)
ALIKE = "The same figures are taken for each of the quarters; amounts and grants are those in force in it."


@dataclass(frozen=True)
class Series:
    """All versions of one schedule; `key` stays the same when another version comes."""

    key: int
    name: str
    payer: str
    versions: tuple[Version, ...]

    @property
    def days_worked(self) -> set[int]:
        return {
            payment.days
            for version in self.versions
            for payment in version.row.payments.all()
            if payment.days
        }


@dataclass(frozen=True)
class LineTold:
    line: Line
    count: str
    amount: str
    sum: str


@dataclass(frozen=True)
class QuarterTold:
    quarter: Quarter
    revenue: str
    cost: str
    gap: str
    lines: tuple[LineTold, ...]
    left_out: tuple[Left, ...]


@dataclass(frozen=True)
class Answer:
    quarters: tuple[QuarterTold, ...]
    assumptions: tuple[str, ...]


def schedules(actor: Actor) -> list[Series]:
    """Two queries, however many there are."""
    by_name: dict[tuple[str, str], list[Version]] = {}
    for version in with_payments(stored(actor)):
        by_name.setdefault((version.row.payer, version.row.name), []).append(version)
    return [
        Series(
            key=min(version.row.pk for version in versions),
            name=versions[0].schedule.key,
            payer=payer,
            versions=tuple(versions),
        )
        for (payer, _), versions in by_name.items()
    ]


def grants(actor: Actor) -> dict[int, Grant]:
    """Funding sources with an amount and both days, by id: only these can be spread over quarters."""
    rows = FundingSource.objects.visible_to(actor).filter(
        removed_at=None, amount__isnull=False, starts_on__isnull=False, ends_on__isnull=False
    )
    return {row.pk: Grant(row.name, row.starts_on, row.ends_on, row.amount) for row in rows}


def answer(
    chosen: Sequence[Series], given: Sequence[Grant], figures: Figures, first: Quarter, assumed: Iterable[str]
) -> Answer:
    quarters = [first + step for step in range(QUARTERS)]
    found = []
    for quarter in quarters:
        paid = [version.schedule for series in chosen for version in at_work(series, quarter)]
        found.append((quarter, expected(paid, given, figures, quarter)))
    told = [*assumed, ALIKE, *(words for _, each in found for words in each.assumptions)]
    return Answer(tuple(of(quarter, each) for quarter, each in found), tuple(dict.fromkeys(told)))


def at_work(series: Series, quarter: Quarter) -> Sequence[Version]:
    """Its versions of the quarter; its newest, which is then told as not in force, where it has none."""
    return in_quarter(series.versions, quarter) or series.versions[:1]


def of(quarter: Quarter, found: Expected) -> QuarterTold:
    return QuarterTold(
        quarter=quarter,
        revenue=from_to(found.low, found.high),
        cost=from_to(*found.cost) if found.cost else "Not known",
        gap=gap_in_words(found.gap),
        lines=tuple(line_told(line) for line in found.lines),
        left_out=found.left_out,
    )


def line_told(line: Line) -> LineTold:
    count = times(line.count) if line.count else "Spread over its days"
    return LineTold(line, count, dollars(line.amount), from_to(line.low, line.high))


def times(count: Span) -> str:
    low, high = (f"{value or 0:,.1f}".removesuffix(".0") for value in (count.low, count.high))
    return low if low == high else f"{low} to {high}"


def dollars(amount: Decimal) -> str:
    return f"-${-amount:,.2f}" if amount < 0 else f"${amount:,.2f}"


def from_to(low: Decimal, high: Decimal) -> str:
    return dollars(low) if low == high else f"{dollars(low)} to {dollars(high)}"


def gap_in_words(gap: tuple[Decimal, Decimal] | None) -> str:
    """Cost less revenue, said as what is not covered or left over."""
    if gap is None:
        return "Not known without specialists and what a position costs."
    low, high = gap
    if low == high == 0:
        return "Revenue meets cost."
    if low >= 0:
        return f"{from_to(low, high)} not covered."
    if high <= 0:
        return f"{from_to(-high, -low)} left over."
    return f"From {dollars(-low)} left over to {dollars(high)} not covered."
