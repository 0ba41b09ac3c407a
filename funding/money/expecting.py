"""Revenue, cost and gap of a quarter, as a state's rates and a team's figures would have them: an estimate, no claim.

Everything is a range. What nobody counts lies between nothing and all, and is said; what has no limit is left out, and
is said too. Each line is rounded once, to the cent, half up; a sum is the sum of its lines.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from funding.money.faults import faults, named
from funding.money.values import (
    ALL,
    ANY,
    MONTHS,
    Figures,
    Grant,
    Payment,
    Schedule,
    Span,
    Trigger,
    least,
    said,
)
from ips_portal.quarters import Quarter

CENT = Decimal("0.01")
NO_MONEY = Decimal("0.00")
GRANTS = "Grants"
MISSING = {
    Trigger.JOB_START: "how many jobs start",
    Trigger.DAYS_WORKED: "how many jobs start",
    Trigger.HOUR: "how many hours of service are given",
}
PEOPLE = "how many people are served"
STEADY = (
    "Each quarter is taken to be like the one before: days worked and closures that come due are those of as many job "
    "starts as this quarter has."
)


@dataclass(frozen=True)
class Line:
    """What one payment or one grant comes to. `count` is how often it is paid; None for a grant."""

    source: str
    name: str
    trigger: str
    count: Span | None
    amount: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Left:
    """What is in no sum, and why."""

    source: str
    name: str
    why: str


@dataclass(frozen=True)
class Expected:
    """Dollars of one quarter. `gap` is cost less revenue; below zero money is left. None where cost is not known."""

    lines: tuple[Line, ...]
    left_out: tuple[Left, ...]
    assumptions: tuple[str, ...]
    low: Decimal
    high: Decimal
    cost: tuple[Decimal, Decimal] | None

    @property
    def gap(self) -> tuple[Decimal, Decimal] | None:
        return (self.cost[0] - self.high, self.cost[1] - self.low) if self.cost else None


def expected(
    schedules: Iterable[Schedule], grants: Iterable[Grant], figures: Figures, quarter: Quarter
) -> Expected:
    """The same schedule or grant given twice counts once.

    Raises ValueError for a schedule with faults, and for two versions of one that hold on the same day.
    """
    once = [*dict.fromkeys(schedules)]
    check(once)
    lines: list[Line] = []
    left_out: list[Left] = []
    assumed: list[str] = []
    for schedule in once:
        days = shared_days(schedule.starts_on, schedule.ends_on, quarter)
        if not days:
            left_out.append(Left(schedule.key, "All payments", f"Not in force in {quarter.months}."))
            continue
        assumed += partly(schedule, days, quarter)
        for payment, count in counts(schedule, figures, Decimal(days) / length(quarter)):
            if count.high is None:
                left_out.append(Left(schedule.key, payment.name, f"Nobody has said {missing(payment)}."))
                continue
            assumed += assumptions(schedule, payment, figures)
            lines.append(line(schedule, payment, count))
    for grant in dict.fromkeys(grants):
        if not shared_days(grant.starts_on, grant.ends_on, quarter):
            left_out.append(Left(GRANTS, grant.name, f"No day of it lies in {quarter.months}."))
            continue
        lines.append(granted(grant, figures, quarter))
        assumed.append("A grant is spread evenly over its days.")
        if grant.name not in figures.granted:
            assumed.append(f"{grant.name}: how much of it is for this team is not known; from none to all.")
    return Expected(
        lines=tuple(lines),
        left_out=tuple(left_out),
        assumptions=tuple(dict.fromkeys(assumed)),
        low=sum((each.low for each in lines), NO_MONEY),
        high=sum((each.high for each in lines), NO_MONEY),
        cost=cost(figures),
    )


def check(schedules: Sequence[Schedule]) -> None:
    for place, schedule in enumerate(schedules):
        if found := faults(schedule):
            raise ValueError(f"{schedule.key}: {found[0].reason}")
        for other in schedules[:place]:
            if other.key == schedule.key and overlap(other, schedule):
                raise ValueError(f"{schedule.key}: two versions hold on the same day.")


def overlap(one: Schedule, other: Schedule) -> bool:
    ends = date.max
    return one.starts_on <= (other.ends_on or ends) and other.starts_on <= (one.ends_on or ends)


def length(quarter: Quarter) -> int:
    return (quarter.ends_on - quarter.starts_on).days + 1


def shared_days(starts_on: date, ends_on: date | None, quarter: Quarter) -> int:
    """How many days of the quarter lie between the two, both among them."""
    last = min(ends_on or quarter.ends_on, quarter.ends_on)
    return max(0, (last - max(starts_on, quarter.starts_on)).days + 1)


def granted(grant: Grant, figures: Figures, quarter: Quarter) -> Line:
    """The quarter's days of a grant's days, of the team's share of its amount."""
    days = shared_days(grant.starts_on, grant.ends_on, quarter)
    part = grant.amount * days / ((grant.ends_on - grant.starts_on).days + 1)
    share = figures.granted.get(grant.name, ALL)
    low, high = (cents(part * (end or Decimal(0))) for end in (share.low, share.high))
    return Line(GRANTS, grant.name, "Its days in the quarter", None, grant.amount, low, high)


def cents(dollars: Decimal) -> Decimal:
    return dollars.quantize(CENT, ROUND_HALF_UP)


def line(schedule: Schedule, payment: Payment, count: Span) -> Line:
    return Line(
        source=schedule.key,
        name=payment.name,
        trigger=said(payment.trigger, payment.days),
        count=count,
        amount=payment.amount,
        low=cents(count.low * payment.amount),
        high=cents((count.high or Decimal(0)) * payment.amount),
    )


def counts(schedule: Schedule, figures: Figures, weight: Decimal) -> Iterator[tuple[Payment, Span]]:
    """How often each payment is made in the quarter, and never more often than the one it requires."""
    by_name = named(schedule)
    share = figures.paid_for.get(schedule.key, ALL)
    found: dict[str, Span] = {}

    def count(payment: Payment) -> Span:
        if payment.name not in found:
            own = occasions(payment, figures).times(Span(weight, weight))
            if is_shared(payment, figures):
                own = own.times(share)
            if payment.pays_only_if:
                own = own.from_none()
            found[payment.name] = own.at_most(count(by_name[payment.requires])) if payment.requires else own
        return found[payment.name]

    for payment in schedule.payments:
        yield payment, count(payment)


def is_shared(payment: Payment, figures: Figures) -> bool:
    """Does the payer pay for a part of them? Cases that were counted as closed are its own."""
    return payment.trigger is not Trigger.CLOSURE or figures.closures is None


def occasions(payment: Payment, figures: Figures) -> Span:
    """How often it would be due in a quarter, if the payer paid for everybody."""
    served = figures.served or ANY
    match payment.trigger:
        case Trigger.PLAN:
            return (figures.new_people or ANY).at_most(served) if figures.new_people else served.from_none()
        case Trigger.CLOSURE:
            return figures.closures.at_most(served) if figures.closures else served.from_none()
        case Trigger.PERSON_MONTH:
            return served.times(figures.months or MONTHS)
        case Trigger.HOUR:
            return figures.hours or ANY
        case Trigger.JOB_START:
            return starts(payment, figures)
        case Trigger.DAYS_WORKED:
            return lasting(payment, figures)


def starts(payment: Payment, figures: Figures) -> Span:
    """Jobs, or people with a first one where a person is paid for once."""
    jobs = figures.job_starts or ANY
    if payment.repeatable:
        return jobs
    people = least((jobs, figures.served or ANY))
    return figures.first_jobs.at_most(people) if figures.first_jobs else people.from_none()


def lasting(payment: Payment, figures: Figures) -> Span:
    """Job starts that last so long; of people paid for once, no more than begin."""
    share = figures.lasting(payment.days or 0)
    due = (figures.job_starts or ANY).times(share)
    if payment.repeatable:
        return due
    people = starts(payment, figures)
    return Span(people.times(share).low, least((people, due)).high)


def missing(payment: Payment) -> str:
    return MISSING.get(payment.trigger, PEOPLE)


def cost(figures: Figures) -> tuple[Decimal, Decimal] | None:
    """A quarter of a year's cost of the positions."""
    if figures.fte is None or figures.cost_per_fte is None:
        return None
    year = figures.fte.times(figures.cost_per_fte)
    return (cents(year.low / 4), cents(year.high / 4)) if year.high is not None else None


def partly(schedule: Schedule, days: int, quarter: Quarter) -> Iterator[str]:
    if days < length(quarter):
        yield (
            f"{schedule.key} is in force on {days} of the quarter's {length(quarter)} days, and pays for that part of "
            "what happens in it."
        )


def assumptions(schedule: Schedule, payment: Payment, figures: Figures) -> Iterator[str]:
    """What is taken to be so where nobody counts it."""
    if schedule.key not in figures.paid_for and is_shared(payment, figures):
        yield f"{schedule.key}: for how many of the people it pays is not known; from none of them to all."
    if payment.pays_only_if:
        yield (
            f"{schedule.key}, {payment.name}: how often its condition holds is not counted; from never to always. It "
            f"pays only if: {payment.pays_only_if.rstrip('.')}."
        )
    if payment.requires:
        yield f"{schedule.key}, {payment.name}: paid no more often than {payment.requires}, which it requires."
    yield from OF_TRIGGER.get(payment.trigger, nothing)(payment, figures)


def nothing(payment: Payment, figures: Figures) -> Iterator[str]:
    yield from ()


def of_plans(payment: Payment, figures: Figures) -> Iterator[str]:
    if figures.new_people is None:
        yield "How many people are new is not known; from none of the people served to all."
    else:
        yield "Each new person has a career profile and a plan in the quarter."


def of_closures(payment: Payment, figures: Figures) -> Iterator[str]:
    if figures.closures is None:
        yield "How many cases close with a job is not known; from none of the people served to all."


def of_hours(payment: Payment, figures: Figures) -> Iterator[str]:
    yield "An hour is billed to one payer: each pays its share of the hours of service, and no share of another's."


def of_months(payment: Payment, figures: Figures) -> Iterator[str]:
    if figures.months is None:
        yield "In how many months of the quarter a person is served is not known; from one to all three."


def of_starts(payment: Payment, figures: Figures) -> Iterator[str]:
    if not payment.repeatable and figures.first_jobs is None:
        yield (
            "How many people start the first job a payer pays for is not known; from nobody to one person for each "
            "job start. Nobody is counted twice where a payment is made once for a person."
        )


def of_days(payment: Payment, figures: Figures) -> Iterator[str]:
    yield STEADY
    yield from of_starts(payment, figures)
    if payment.days not in figures.held:
        known = figures.lasting(payment.days or 0)
        yield (
            f"How many jobs last {payment.days} days is not collected; from {in_percent(known.low)} to "
            f"{in_percent(known.high)} of job starts."
        )


def in_percent(share: Decimal | None) -> str:
    return f"{(100 * (share or Decimal(0))).quantize(Decimal('0.1'), ROUND_HALF_UP).normalize():f}%"


OF_TRIGGER: Mapping[Trigger, Callable[[Payment, Figures], Iterator[str]]] = {
    Trigger.PLAN: of_plans,
    Trigger.CLOSURE: of_closures,
    Trigger.PERSON_MONTH: of_months,
    Trigger.HOUR: of_hours,
    Trigger.JOB_START: of_starts,
    Trigger.DAYS_WORKED: of_days,
}
