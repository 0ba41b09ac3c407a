"""What a schedule of payments cannot say: each fault beside a schedule that lacks it."""

from datetime import date
from decimal import Decimal

import pytest

from funding.money import Fault, Payment, Schedule, Trigger, faults

START = Payment("Job start", Trigger.JOB_START, Decimal("1000.00"))
HELD = Payment("45 days", Trigger.DAYS_WORKED, Decimal("800.00"), days=45, requires="Job start")
MONTH = Payment("Monthly rate", Trigger.PERSON_MONTH, Decimal("300.00"), repeatable=True)


def paid(*payments: Payment, **said: object) -> Schedule:
    values = {
        "payer": "Vocational Rehabilitation",
        "name": "Milestones",
        "starts_on": date(2026, 7, 1),
    } | said
    return Schedule(payments=payments, **values)  # type: ignore[arg-type]


def start(**said: object) -> Payment:
    values = {"name": "Job start", "trigger": Trigger.JOB_START, "amount": Decimal("1000.00")} | said
    return Payment(**values)  # type: ignore[arg-type]


def held(**said: object) -> Payment:
    values = {"name": "Held", "trigger": Trigger.DAYS_WORKED, "amount": Decimal(800), "days": 45} | said
    return Payment(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sound",
    [
        paid(START, HELD),
        paid(START, HELD, held(name="90 days", days=90, requires="45 days")),
        paid(
            MONTH, Payment("Add-on", Trigger.PERSON_MONTH, Decimal(90), repeatable=True, requires=MONTH.name)
        ),
        paid(start(amount=Decimal("0.00"))),
        paid(start(amount=Decimal("1250"))),
        paid(start(amount=Decimal("9999999999.99"))),
        paid(held(), held(name="Held again", requires="Held")),  # both after 45 days
        paid(START, ends_on=date(2026, 7, 1)),
    ],
)
def test_a_sound_schedule_has_no_faults(sound: Schedule) -> None:
    assert faults(sound) == []


@pytest.mark.parametrize(
    ("wrong", "row", "field", "words"),
    [
        (paid(start(requires="Job start")), 0, "requires", "requires itself"),
        (paid(START, held(requires="First day")), 1, "requires", "no payment of this schedule"),
        (paid(held(days=30, requires="90"), held(name="90", days=90)), 0, "requires", "comes later"),
        (paid(start(requires="Held"), held()), 0, "requires", "comes later"),
        (paid(MONTH, start(requires=MONTH.name)), 1, "requires", "counted differently"),
        (paid(start(amount=Decimal("-0.01"))), 0, "amount", "not less than nothing"),
        (paid(start(amount=Decimal("10.005"))), 0, "amount", "two digits at most"),
        (paid(start(amount=Decimal("1E-999"))), 0, "amount", "two digits at most"),
        (paid(start(amount=Decimal("10000000000"))), 0, "amount", "more than can be kept"),
        (paid(start(amount=Decimal("NaN"))), 0, "amount", "in digits"),
        (paid(start(amount=Decimal("Infinity"))), 0, "amount", "in digits"),
        (paid(START, start(name="job START")), 1, "name", "another name"),
        (paid(start(name=" ")), 0, "name", "Name the payment"),
        (paid(held(days=None)), 0, "days", "how many days worked"),
        (paid(held(days=0)), 0, "days", "how many days worked"),
        (paid(start(days=30)), 0, "days", "Only a payment for days worked"),
        (paid(Payment("Hour", Trigger.HOUR, Decimal(60))), 0, "repeatable", "by the hour or by the month"),
        (paid(), None, "payments", "at least one"),
        (paid(*(start(name=str(each)) for each in range(31))), None, "payments", "up to 30"),
        (paid(START, ends_on=date(2026, 6, 30)), None, "ends_on", "ends before it starts"),
        (paid(START, name=" "), None, "name", "Name the schedule"),
    ],
)
def test_a_fault_is_told_beside_what_it_is_about(
    wrong: Schedule, row: int | None, field: str, words: str
) -> None:
    (found,) = faults(wrong)
    assert (found.row, found.field) == (row, field)
    assert words in found.reason


def test_a_circle_is_told_beside_each_of_its_payments_with_the_whole_chain() -> None:
    circle = paid(
        start(name="A", requires="C"),
        held(name="B", requires="A"),
        held(name="C", requires="B"),
        start(requires="A"),
    )
    assert faults(circle) == [
        Fault(row, "requires", f"{chain}: none of them could ever be paid. Take one of these away.")
        for row, chain in enumerate(
            (
                "“A” requires “C” requires “B” requires “A”",
                "“B” requires “A” requires “C” requires “B”",
                "“C” requires “B” requires “A” requires “C”",
            )
        )
    ]


def test_all_faults_are_told_at_once() -> None:
    wrong = paid(start(amount=Decimal(-1), requires="Job start"), held(days=None, amount=Decimal("1.234")))
    assert [(found.row, found.field) for found in faults(wrong)] == [
        (0, "amount"),
        (0, "requires"),
        (1, "amount"),
        (1, "days"),
    ]
