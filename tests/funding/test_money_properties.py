"""What holds for every schedule and every team's figures."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from funding.money import Figures, Grant, Payment, Schedule, Span, Trigger, expected, faults
from funding.money.values import UNITS
from ips_portal.quarters import Quarter

QUARTERS = st.builds(Quarter, st.integers(2025, 2027), st.integers(1, 4))
DOLLARS = st.decimals(0, 10_000, places=2)
SMALL = st.decimals(0, 500, places=2)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
NAMES = [f"Payment {number}" for number in range(6)]


@st.composite
def spans(draw: st.DrawFn, most: st.SearchStrategy[Decimal] = SMALL) -> Span:
    return Span(*sorted((draw(most), draw(most))))


SHARES = spans(st.decimals(0, 1, places=2))
FIGURES = st.builds(
    Figures,
    served=st.none() | spans(),
    new_people=st.none() | spans(),
    job_starts=st.none() | spans(),
    first_jobs=st.none() | spans(),
    held=st.dictionaries(st.sampled_from([30, 45, 60, 90]), SHARES),
    closures=st.none() | spans(),
    months=st.none() | spans(st.decimals(0, 3, places=1)),
    hours=st.none() | spans(),
    fte=st.none() | spans(),
    cost_per_fte=st.none() | spans(DOLLARS),
    paid_for=st.dictionaries(st.sampled_from(["vr: 0", "vr: 1", "vr: 2"]), SHARES),
)


@st.composite
def payments(draw: st.DrawFn, before: tuple[str, ...] = ()) -> Payment:
    trigger = draw(st.sampled_from(Trigger))
    return Payment(
        name=NAMES[len(before)],
        trigger=trigger,
        amount=draw(DOLLARS),
        days=draw(st.sampled_from([30, 45, 60, 90])) if trigger is Trigger.DAYS_WORKED else None,
        repeatable=trigger in UNITS or draw(st.booleans()),
        requires=draw(st.sampled_from([None, *before])),
        pays_only_if=draw(st.sampled_from(["", "It was the first job"])),
    )


@st.composite
def schedules(draw: st.DrawFn, number: int = 0) -> Schedule:
    made: tuple[Payment, ...] = ()
    for _ in range(draw(st.integers(1, 5))):
        new = draw(payments(tuple(each.name for each in made)))
        if faults(Schedule("vr", "x", date.min, None, (*made, new))):
            new = replace(new, requires=None)
        made = (*made, new)
    starts = draw(DAYS)
    ends = draw(st.none() | st.integers(0, 900).map(lambda days: starts + timedelta(days=days)))
    return Schedule("vr", str(number), starts, ends, made)


GRANTS = st.builds(
    lambda name, first, days, amount: Grant(name, first, first + timedelta(days=days), amount),
    st.text(min_size=1, max_size=5),
    DAYS,
    st.integers(0, 900),
    DOLLARS,
)
SETS = st.tuples(schedules(0), schedules(1), schedules(2))


@given(SETS, st.lists(GRANTS, max_size=3), FIGURES, QUARTERS)
def test_every_case_has_an_answer_that_is_a_range_and_sums_up(
    paid: tuple[Schedule, ...], grants: list[Grant], figures: Figures, quarter: Quarter
) -> None:
    found = expected(paid, grants, figures, quarter)
    assert all(0 <= line.low <= line.high for line in found.lines)
    assert (found.low, found.high) == (
        sum(line.low for line in found.lines),
        sum(line.high for line in found.lines),
    )
    assert all(each == round(each, 2) for line in found.lines for each in (line.low, line.high))
    if found.gap and found.cost:
        assert found.gap[0] <= found.gap[1]
        assert found.gap == (found.cost[0] - found.high, found.cost[1] - found.low)
    assert len(found.assumptions) == len({*found.assumptions})
    told = [(line.source, line.name) for line in found.lines]
    assert len(told) - len({*told}) <= len(grants)  # only grants may share a name


@given(SETS, st.lists(GRANTS, max_size=3), FIGURES, QUARTERS)
def test_the_same_twice_is_the_same(
    paid: tuple[Schedule, ...], grants: list[Grant], figures: Figures, quarter: Quarter
) -> None:
    assert expected([*paid, *paid], [*grants, *grants], figures, quarter) == expected(
        paid, grants, figures, quarter
    )


@given(schedules(), FIGURES, QUARTERS)
def test_no_payment_is_made_more_often_than_the_one_it_requires(
    paid: Schedule, figures: Figures, quarter: Quarter
) -> None:
    counts = {line.name: line.count for line in expected([paid], [], figures, quarter).lines}
    for payment in paid.payments:
        own, prior = counts.get(payment.name), counts.get(payment.requires or "")
        if own and prior:
            assert own.low <= prior.low
            assert (own.high or 0) <= (prior.high or 0)


@given(schedules(), st.data(), FIGURES, QUARTERS)
def test_another_payment_never_lowers_what_is_expected(
    paid: Schedule, data: st.DataObject, figures: Figures, quarter: Quarter
) -> None:
    more = data.draw(payments(tuple(each.name for each in paid.payments)))
    richer = replace(paid, payments=(*paid.payments, more))
    if faults(richer):
        richer = replace(paid, payments=(*paid.payments, replace(more, requires=None)))
    before, after = (expected([each], [], figures, quarter) for each in (paid, richer))
    assert before.low <= after.low
    assert before.high <= after.high


@given(st.integers(1, 5), st.permutations(range(5)))
def test_a_circle_is_always_found(length: int, order: list[int]) -> None:
    ring = [NAMES[number] for number in order[:length]]
    paid = tuple(
        Payment(name, Trigger.JOB_START, Decimal(1), requires=ring[(place + 1) % length])
        for place, name in enumerate(ring)
    )
    found = faults(Schedule("vr", "x", date.min, None, paid))
    assert [(each.row, each.field) for each in found] == [(row, "requires") for row in range(length)]


@given(st.lists(GRANTS, min_size=1, max_size=1), QUARTERS)
def test_a_grant_is_never_spent_twice(grants: list[Grant], quarter: Quarter) -> None:
    years = [Quarter(2024, 1) + step for step in range(40)]
    spent = sum(expected([], grants, Figures(), each).high for each in years)
    assert abs(spent - grants[0].amount) <= Decimal("0.10")
