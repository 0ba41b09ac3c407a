"""What payers pay is written down by the state and by whoever keeps it, whole or not at all, version by version."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from agencies import audit, tenancy
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable
from funding.actions import money
from funding.models import PaymentSchedule, SchedulePayment
from funding.money import Payment
from funding.rates import payments_of, stored, versions_of
from tests.cast import Cast, StateCast, refused
from tests.funding.rates import BEGINS, CLOSED, HELD, HOURS, MILESTONES, START, begun

pytestmark = pytest.mark.django_db
LATER = date(2026, 7, 1)


def test_everything_a_schedule_says_is_kept(cast: StateCast) -> None:
    row = begun(cast)
    with cast.entered("vr_liaison") as by:
        (only,) = stored(by)
        assert (only.row.pk, only.until, only.row.kept_by) == (row.pk, None, "Vocational Rehabilitation")
        assert payments_of(only.row) == (START, HELD, CLOSED)
        assert only.schedule.key == "Vocational Rehabilitation: Milestones"


def test_a_schedule_is_begun_by_the_state_and_changed_by_whoever_keeps_it(cast: StateCast) -> None:
    for persona in ("vr_liaison", "payer", "leader"):
        with cast.entered(persona) as by, refused(NotPermitted):
            money.begin(cast.state, MILESTONES, by=by)
    row = begun(cast)
    for persona in ("mh_liaison", "department_liaison", "payer", "leader"):
        with cast.entered(persona) as by:
            with refused(NotPermitted):
                money.change(row, MILESTONES, version=1, by=by)
            with refused(NotPermitted):
                money.follow(row, replace(MILESTONES, starts_on=LATER), by=by)
    with cast.entered("vr_liaison") as by:
        dearer = replace(START, amount=Decimal("1300.00"))
        money.change(row, replace(MILESTONES, payments=(dearer,)), version=1, by=by)
        assert payments_of(PaymentSchedule.objects.get()) == (dearer,)
        with refused(NotPermitted):
            money.change(row, replace(MILESTONES, keeper="MH"), version=2, by=by)


def test_the_next_version_ends_the_one_before_which_stays_readable(cast: StateCast) -> None:
    row = begun(cast)
    with cast.entered("vr_liaison") as by:
        dearer = replace(START, amount=Decimal("1300.00"))
        other = replace(MILESTONES, starts_on=LATER, name="Ignored", keeper="", payments=(dearer,))
        new = money.follow(row, other, by=by)
        now, before = versions_of(new)
        assert (now.row.name, now.row.keeper, now.until) == ("Milestones", "VR", None)
        assert (before.row.pk, before.until) == (row.pk, date(2026, 6, 30))
        assert (payments_of(now.row), payments_of(before.row)) == ((dearer,), (START, HELD, CLOSED))
        assert [each.holds_on(LATER) for each in (now, before)] == [True, False]
        with refused(Unacceptable, match="begins on that day already"):
            money.follow(row, other, by=by)


def test_a_new_name_is_that_of_all_versions(cast: StateCast) -> None:
    row = begun(cast)
    begun(cast, HOURS, payer="vr")
    with cast.entered("admin") as by:
        money.follow(row, replace(MILESTONES, starts_on=LATER), by=by)
        with refused(Unacceptable, match="another schedule of that name"):
            money.change(row, replace(MILESTONES, name="Hours"), version=1, by=by)
        changed = money.change(row, replace(MILESTONES, name="Fee schedule", keeper=""), version=1, by=by)
        assert {(each.row.name, each.row.keeper) for each in versions_of(changed)} == {("Fee schedule", "")}
        with refused(Unacceptable, match="has a schedule of that name"):
            money.begin(cast.state, replace(HOURS, payer="vr"), by=by)


@pytest.mark.parametrize(
    ("payments", "field"),
    [
        ((replace(START, amount=Decimal("-1")),), "payments.0.amount"),
        ((replace(START, amount=Decimal("1.001")),), "payments.0.amount"),
        ((replace(START, requires="Job start"),), "payments.0.requires"),
        ((HELD,), "payments.0.requires"),
        ((START, replace(HELD, name="A" * 121)), "payments.1.name"),
        ((replace(CLOSED, requires=None, pays_only_if="Jane Doe, 123-45-6789"),), "payments.0.pays_only_if"),
        ((), "payments"),
    ],
)
def test_a_fault_is_refused_at_its_field_and_nothing_is_saved(
    cast: StateCast, payments: tuple[Payment, ...], field: str
) -> None:
    with cast.entered("admin") as by:
        with refused(Unacceptable) as refusal:
            money.begin(cast.state, replace(MILESTONES, payments=payments), by=by)
        assert [*refusal.value.fields] == [field]
        assert not PaymentSchedule.objects.exists()
    row = begun(cast)
    with cast.entered("vr_liaison") as by:
        with refused(Unacceptable):
            money.change(row, replace(MILESTONES, payments=payments), version=1, by=by)
        assert payments_of(PaymentSchedule.objects.get()) == (START, HELD, CLOSED)


def test_a_circle_is_refused_beside_each_of_its_payments(cast: StateCast) -> None:
    first, second = replace(HELD, name="A", requires="B"), replace(HELD, name="B", requires="A")
    with cast.entered("admin") as by, refused(Unacceptable) as refusal:
        money.begin(cast.state, replace(MILESTONES, payments=(first, second)), by=by)
    assert [*refusal.value.fields] == ["payments.0.requires", "payments.1.requires"]


def test_the_second_of_two_is_shown_what_the_first_saved(cast: StateCast) -> None:
    row = begun(cast)
    with cast.entered("vr_liaison") as by:
        money.change(row, replace(MILESTONES, source="Manual"), version=1, by=by)
    with cast.entered("admin") as by:
        with refused(StaleVersion) as refusal:
            money.change(row, replace(MILESTONES, payments=(START,)), version=1, by=by)
        assert (refusal.value.current["written_in"], refusal.value.current["version"]) == ("Manual", 2)
        assert len(refusal.value.current["payments"]) == 3
        assert SchedulePayment.objects.count() == 3


def test_payments_that_stay_are_changed_and_the_others_come_and_go(cast: StateCast) -> None:
    row = begun(cast)
    with cast.entered("vr_liaison") as by:
        before = {each.name: each.pk for each in row.payments.all()}
        ninety = replace(HELD, name="90 days", days=90, requires="Job START")
        then = (replace(START, name="Job START"), ninety, replace(CLOSED, requires="90 days"))
        money.change(row, replace(MILESTONES, payments=then), version=1, by=by)
        assert payments_of(PaymentSchedule.objects.get()) == then
        after = {each.name: each.pk for each in SchedulePayment.objects.all()}
        assert (after["Job START"], after["Closure"]) == (before["Job start"], before["Closure"])
        told = [each.text for each in audit.sentences(audit.changes_of(row))]
        assert "Added the payment “90 days”: $900.50." in told
        assert any("45 days" in text and "out" in text for text in told)


def test_the_database_too_keeps_a_department_to_its_own_schedule(cast: StateCast) -> None:
    """Around the action, as a mistake in it would go."""
    row = begun(cast)
    raw = {"state_id": cast.state.pk, "position": 9, "trigger": "job_start", "amount": 5, "schedule": row}
    for persona, taken in (("vr_liaison", True), ("mh_liaison", False), ("leader", False)):
        with cast.entered(persona) as by:
            assert PaymentSchedule.objects.filter(pk=row.pk).update(source=persona) == taken
            if taken:
                SchedulePayment.objects.create(name=persona, **raw)
                continue
            assert not SchedulePayment.objects.filter(schedule=row).update(amount=1)
            assert SchedulePayment.objects.filter(name="vr_liaison").delete()[0] == 0
            for write in (
                lambda persona=persona: SchedulePayment.objects.create(name=persona, **raw),
                lambda by=by: money.added(cast.state.pk, replace(MILESTONES, starts_on=LATER), by),
            ):
                with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                    write()
                tenancy.retell()


@pytest.mark.parametrize(
    "wrong",
    [{"amount": -1}, {"trigger": "days_worked"}, {"days": 30}, {"name": ""}, {"name": "Job start"}],
)
def test_the_database_too_refuses_what_cannot_be(cast: StateCast, wrong: dict[str, object]) -> None:
    row = begun(cast)
    values = {"position": 9, "name": "Raw", "trigger": "job_start", "amount": 5} | wrong
    with cast.entered("vr_liaison"), pytest.raises(IntegrityError), transaction.atomic():
        SchedulePayment.objects.create(state_id=cast.state.pk, schedule=row, **values)


def test_the_database_too_refuses_a_payment_that_requires_itself(cast: StateCast) -> None:
    row = begun(cast)
    with cast.entered("vr_liaison"), pytest.raises(IntegrityError, match="itself"), transaction.atomic():
        first = row.payments.first()
        SchedulePayment.objects.filter(pk=first.pk).update(requires=first)


def test_nobody_sees_the_rates_of_another_state_nor_who_sees_no_plan_of_the_state(both: Cast) -> None:
    begun(both.meridian)
    begun(both.bayou, HOURS)
    for persona in ("admin", "trainer", "vr_liaison", "mh_liaison", "department_liaison", "payer", "leader"):
        with both.meridian.entered(persona) as by:
            assert [each.row.name for each in stored(by)] == ["Milestones"]
    for persona in ("supervisor", "specialist", "stakeholder", "reviewer"):
        with both.meridian.entered(persona) as by:
            assert stored(by) == []
            assert not PaymentSchedule.objects.exists()
            assert not SchedulePayment.objects.exists()


def test_a_lasting_schedule_ends_on_its_own_last_day_too(cast: StateCast) -> None:
    begun(cast, ends_on=date(2026, 3, 31))
    with cast.entered("admin") as by:
        (only,) = stored(by)
        assert (only.until, only.holds_on(BEGINS), only.holds_on(date(2026, 4, 1))) == (
            date(2026, 3, 31),
            True,
            False,
        )
