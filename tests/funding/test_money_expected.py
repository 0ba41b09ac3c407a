"""What a quarter may bring in and cost, each rule by a worked example that can be done by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from funding.money import Expected, Figures, Grant, Line, Payment, Schedule, Span, Trigger, expected
from ips_portal.quarters import Quarter

QUARTER = Quarter(2026, 3)  # 92 days
PAYER, NAME = "Vocational Rehabilitation", "Milestones"
KEY = f"{PAYER}: {NAME}"


def span(low: Any, high: Any = None) -> Span:
    return Span(Decimal(str(low)), Decimal(str(low if high is None else high)))


EVERYBODY = {KEY: span(1)}
WHOLE = {name: span(1) for name in ("Federal grant", "Third", "Grant")}


def payment(trigger: Trigger, amount: Any = 100, **said: Any) -> Payment:
    return Payment(**{"name": trigger.value, "trigger": trigger, "amount": Decimal(str(amount)), **said})


def schedule(*payments: Payment, starts_on: date = date(2025, 1, 1), ends_on: date | None = None) -> Schedule:
    return Schedule(PAYER, NAME, starts_on, ends_on, payments)


def team(**said: Any) -> Figures:
    known = {"served": span(40), "job_starts": span(10), "paid_for": EVERYBODY, "granted": WHOLE}
    return Figures(**known | said)


def result(*payments: Payment, grants: tuple[Grant, ...] = (), **said: Any) -> Expected:
    return expected([schedule(*payments)] if payments else [], grants, team(**said), QUARTER)


def only(*payments: Payment, **said: Any) -> Line:
    return result(*payments, **said).lines[-1]


def money(line: Line | Expected) -> tuple[str, str]:
    return str(line.low), str(line.high)


def test_a_repeatable_job_start_is_paid_for_each_job() -> None:
    line = only(payment(Trigger.JOB_START, "1250.50", repeatable=True), job_starts=span(8, 11))
    assert money(line) == ("10004.00", "13755.50")


def test_a_job_start_paid_once_is_paid_for_people_and_never_for_more_than_are_known() -> None:
    once = payment(Trigger.JOB_START)
    assert money(only(once)) == ("0.00", "1000.00")
    assert money(only(once, first_jobs=span(6, 7))) == ("600.00", "700.00")
    assert money(only(once, first_jobs=span(6, 20))) == ("600.00", "1000.00")  # ten jobs start
    assert money(only(once, job_starts=span(60), served=span(40))) == ("0.00", "4000.00")  # forty people
    assert any("first job a payer pays for is not known" in each for each in result(once).assumptions)
    assert not any("first job" in each for each in result(once, first_jobs=span(6)).assumptions)


def test_days_worked_that_are_not_collected_lie_between_none_and_all() -> None:
    after = payment(Trigger.DAYS_WORKED, days=45, repeatable=True)
    found = result(after)
    assert money(found.lines[0]) == ("0.00", "1000.00")
    assert "How many jobs last 45 days is not collected; from 0% to 100% of job starts." in found.assumptions
    assert money(only(after, held={45: span("0.6", "0.75")})) == ("600.00", "750.00")
    assert not any("not collected" in each for each in result(after, held={45: span("0.6")}).assumptions)


def test_fewer_jobs_last_longer_so_one_number_bounds_the_others() -> None:
    known = {90: span("0.5", "0.6")}
    assert money(only(payment(Trigger.DAYS_WORKED, days=45, repeatable=True), held=known)) == (
        "500.00",
        "1000.00",
    )
    assert money(only(payment(Trigger.DAYS_WORKED, days=120, repeatable=True), held=known)) == (
        "0.00",
        "600.00",
    )


def test_a_payment_is_never_made_more_often_than_the_one_it_requires() -> None:
    start = payment(Trigger.JOB_START)
    closed = payment(Trigger.CLOSURE, requires=start.name)
    assert money(only(start, closed, first_jobs=span(4, 6), closures=span(9))) == ("400.00", "600.00")
    assert money(only(closed, start, first_jobs=span(4, 6), closures=span(2))) == (
        "400.00",
        "600.00",
    )  # any order
    first = expected([schedule(closed, start)], [], team(first_jobs=span(4, 6), closures=span(2)), QUARTER)
    assert money(first.lines[0]) == ("200.00", "200.00")


def test_a_condition_may_hold_never_or_always() -> None:
    found = result(payment(Trigger.CLOSURE, pays_only_if="One job sufficed."), closures=span(5))
    assert money(found.lines[0]) == ("0.00", "500.00")
    assert any("It pays only if: One job sufficed." in each for each in found.assumptions)


def test_a_payer_pays_for_the_share_it_covers_and_an_unknown_share_is_anything() -> None:
    start = payment(Trigger.JOB_START, repeatable=True)
    assert money(only(start, paid_for={KEY: span("0.5", "0.8")})) == ("500.00", "800.00")
    found = result(start, paid_for={})
    assert money(found.lines[0]) == ("0.00", "1000.00")
    assert any("from none of them to all" in each for each in found.assumptions)


def test_cases_that_a_payer_closed_are_its_own_and_no_share_of_them() -> None:
    closed = payment(Trigger.CLOSURE)
    half = {KEY: span("0.5")}
    assert money(only(closed, closures=span(4), paid_for=half)) == ("400.00", "400.00")
    assert money(only(closed, paid_for=half)) == ("0.00", "2000.00")  # half of forty people
    assert not any(
        "is not known" in each for each in result(closed, closures=span(4), paid_for={}).assumptions
    )


def test_an_hour_is_paid_by_one_payer() -> None:
    hour = payment(Trigger.HOUR, "60.00", repeatable=True)
    found = result(hour, hours=span(100), paid_for={KEY: span("0.25")})
    assert money(found.lines[0]) == ("1500.00", "1500.00")
    assert any("An hour is billed to one payer" in each for each in found.assumptions)


def test_a_month_is_paid_for_each_person_served_in_it() -> None:
    month = payment(Trigger.PERSON_MONTH, "300.00", repeatable=True)
    assert money(only(month)) == ("12000.00", "36000.00")  # forty people, one to three months
    assert money(only(month, months=span("2.5"))) == ("30000.00", "30000.00")


def test_plans_are_those_of_new_people_and_hours_are_as_said() -> None:
    assert money(only(payment(Trigger.PLAN, repeatable=True), new_people=span(5, 8))) == ("500.00", "800.00")
    assert money(only(payment(Trigger.PLAN, repeatable=True))) == ("0.00", "4000.00")
    hour = payment(Trigger.HOUR, "61.25", repeatable=True)
    assert money(only(hour, hours=span(100, 120))) == ("6125.00", "7350.00")
    (left,) = result(hour).left_out
    assert (left.name, left.why) == ("hour", "Nobody has said how many hours of service are given.")


def test_what_has_no_limit_is_left_out_and_told() -> None:
    found = result(payment(Trigger.JOB_START, repeatable=True), job_starts=None)
    assert (found.lines, money(found)) == ((), ("0.00", "0.00"))
    assert found.left_out[0].why == "Nobody has said how many jobs start."


def test_a_version_pays_for_the_days_it_is_in_force() -> None:
    start = payment(Trigger.JOB_START, repeatable=True)
    old = schedule(start, ends_on=date(2026, 7, 31))
    new = schedule(replace(start, amount=Decimal(200)), starts_on=date(2026, 8, 1))
    found = expected([old, new], [], team(job_starts=span(92)), QUARTER)
    assert [money(each) for each in found.lines] == [("3100.00", "3100.00"), ("12200.00", "12200.00")]
    assert sum("of the quarter's 92 days" in each for each in found.assumptions) == 2
    later = expected([replace(new, starts_on=date(2026, 10, 1))], [], team(), QUARTER)
    assert later.left_out[0].why == "Not in force in July-September 2026."


def test_two_versions_of_one_day_and_schedules_with_faults_are_refused() -> None:
    start = payment(Trigger.JOB_START, repeatable=True)
    with pytest.raises(ValueError, match="two versions"):
        expected([schedule(start), schedule(start, starts_on=date(2026, 1, 1))], [], team(), QUARTER)
    with pytest.raises(ValueError, match="requires itself"):
        expected([schedule(replace(start, requires=start.name))], [], team(), QUARTER)


def test_a_grant_is_spread_over_its_days() -> None:
    year = Grant("Federal grant", date(2026, 1, 1), date(2026, 12, 31), Decimal("36500.00"))
    assert money(result(grants=(year,))) == ("9200.00", "9200.00")  # 92 of 365 days
    third = Grant("Third", date(2026, 9, 30), date(2026, 10, 2), Decimal("100.00"))
    assert money(result(grants=(third,))) == ("33.33", "33.33")
    over = replace(year, ends_on=date(2026, 6, 30))
    found = result(grants=(over,))
    assert (money(found), found.left_out[0].name) == (("0.00", "0.00"), "Federal grant")


def test_a_team_has_a_share_of_a_grant_and_an_unknown_share_is_anything() -> None:
    grant = Grant("Federal grant", date(2026, 7, 1), date(2026, 9, 30), Decimal("900.00"))
    share = {"Federal grant": span("0.1", "0.2")}
    assert money(result(grants=(grant,), granted=share)) == ("90.00", "180.00")
    found = result(grants=(grant,), granted={})
    assert money(found) == ("0.00", "900.00")
    assert any("how much of it is for this team is not known" in each for each in found.assumptions)


def test_the_same_given_twice_counts_once() -> None:
    grant = Grant("Grant", date(2026, 7, 1), date(2026, 9, 30), Decimal(900))
    paid = schedule(payment(Trigger.JOB_START, repeatable=True))
    assert money(expected([paid, paid], [grant, grant], team(), QUARTER)) == ("1900.00", "1900.00")


def test_the_gap_is_cost_less_revenue_and_may_be_money_left() -> None:
    found = result(
        payment(Trigger.JOB_START, repeatable=True),
        fte=span(2),
        cost_per_fte=span(1990, 2010),
        job_starts=span(9, 11),
    )
    assert found.cost == (Decimal("995.00"), Decimal("1005.00"))
    assert found.gap == (Decimal("-105.00"), Decimal("105.00"))
    assert result(payment(Trigger.JOB_START), fte=span(2)).gap is None


def test_a_line_is_rounded_once_half_up() -> None:
    hour = payment(Trigger.HOUR, "0.05", repeatable=True)
    assert money(only(hour, hours=span("0.1", "0.3"))) == ("0.01", "0.02")  # half a cent; one and a half


@pytest.mark.parametrize("ends", [(-1, 2), (3, 2)])
def test_no_range_is_upside_down_or_below_zero(ends: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="Not a range"):
        span(*ends)
