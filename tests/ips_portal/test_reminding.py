"""Reminders before and after a date: each step once, missed ones never made up for, nothing for what is done."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ips_portal.notices import register, reminding
from ips_portal.notices.actions import remind
from tests.cast import StateCast
from tests.ips_portal.post import kept_in_files, messages

LADDER = (-14, -3, 1, 7)
DUE = date(2026, 11, 30)
DAYS = st.integers(-400, 400)


# --- the ladder ---
@pytest.mark.parametrize(
    ("days", "steps"),
    [
        (-15, ()),
        (-14, (-14,)),
        (-4, (-14,)),
        (-3, (-14, -3)),
        (0, (-14, -3)),
        (1, (-14, -3, 1)),
        (90, LADDER),
    ],
)
def test_a_step_is_due_from_its_day_on(days: int, steps: tuple[int, ...]) -> None:
    assert reminding.due(LADDER, DUE, DUE + timedelta(days=days)) == steps


def test_a_ladder_may_be_written_in_any_order_and_names_each_step_once() -> None:
    assert reminding.due((7, -3, 7, -14), DUE, DUE + timedelta(days=7)) == (-14, -3, 7)


def test_no_ladder_is_no_reminder() -> None:
    assert reminding.due((), DUE, DUE + timedelta(days=900)) == ()


@given(st.lists(DAYS, max_size=8), DAYS, DAYS)
def test_steps_only_ever_grow_with_the_days(ladder: list[int], first: int, second: int) -> None:
    earlier, later = sorted((first, second))
    before = reminding.due(ladder, DUE, DUE + timedelta(days=earlier))
    after = reminding.due(ladder, DUE, DUE + timedelta(days=later))
    assert after[: len(before)] == before
    assert list(after) == sorted(set(after))


# --- telling ---
@pytest.fixture
def north(db: None) -> Iterator[StateCast]:
    with kept_in_files() as cast:
        yield cast.meridian


@pytest.fixture
def done() -> Iterator[set[tuple[str, int]]]:
    """(record, person) for whom there is nothing left to do."""
    finished: set[tuple[str, int]] = set()
    notice = register.named("plan-in-use")
    register._notices[notice.key] = replace(
        notice, still=lambda state, key, person: (register.record_in(key), person.pk) not in finished
    )
    yield finished
    register._notices[notice.key] = notice


def remind_on(
    state: StateCast, days: int, *personas: str, record: str = "north-one", due_on: date = DUE
) -> int:
    return remind(
        "plan-in-use",
        state=state.state,
        to=[state.people[persona] for persona in personas or ("leader",)],
        record=record,
        due_on=due_on,
        ladder=LADDER,
        today=due_on + timedelta(days=days),
        link="/meridian/",
        facts={"team": "North Team One", "by": "Somebody"},
    )


def test_each_step_is_told_once_to_each_person(north: StateCast) -> None:
    told = [remind_on(north, days, "leader", "supervisor") for days in range(-20, 20)]
    assert {days: new for days, new in zip(range(-20, 20), told, strict=True) if new} == dict.fromkeys(
        LADDER, 2
    )


def test_of_several_missed_steps_only_the_latest_is_told(north: StateCast) -> None:
    assert remind_on(north, 5) == 1
    assert [message.key for message in messages(north)] == [f"plan-in-use:north-one:{DUE}:1"]
    assert remind_on(north, 6) == 0


def test_who_comes_later_is_reminded_of_the_step_that_holds_now(north: StateCast) -> None:
    remind_on(north, -3, "leader")
    assert remind_on(north, -2, "leader", "supervisor") == 1


def test_a_date_that_is_moved_begins_its_ladder_anew(north: StateCast) -> None:
    assert remind_on(north, -3) == 1
    assert remind_on(north, -14, due_on=DUE + timedelta(days=60)) == 1


def test_each_record_has_its_own_reminders(north: StateCast) -> None:
    assert remind_on(north, -3, record="north-one") == remind_on(north, -3, record="north-two") == 1


def test_nobody_is_reminded_of_what_is_done(north: StateCast, done: set[tuple[str, int]]) -> None:
    done.add(("north-one", north.people["leader"].pk))
    assert remind_on(north, -3, "leader", "supervisor") == 1
    assert [message.address for message in messages(north)] == ["supervisor@meridian.example"]
