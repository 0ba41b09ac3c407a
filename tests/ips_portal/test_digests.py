"""What can wait comes in one mail on the day its person chose, once, and without what is done."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from agencies import tenancy
from agencies.models import Membership
from ips_portal.notices import delivery, register
from ips_portal.notices.actions import digests, preferences, tell
from ips_portal.notices.models import Message
from ips_portal.notices.pacing import Chosen, Pace
from tests.cast import Cast, StateCast
from tests.ips_portal.post import (
    at,
    caught,
    deliver_all,
    kept_in_files,
    messages,
    open_office,
    pass_time,
    plan_in_use,
    report_ready,
)

Status = Message.Status
pytestmark = pytest.mark.django_db
WEDNESDAY, SUNDAY, MONDAY, TUESDAY = 2, 6, 7, 8  # MONDAY is that of the second week


@pytest.fixture
def cast() -> Iterator[Cast]:
    with kept_in_files() as cast:
        yield cast


@pytest.fixture
def north(cast: Cast) -> StateCast:
    return cast.meridian


@pytest.fixture
def stays_open() -> Iterator[Callable[[str], None]]:
    """A notice that matters until its record is closed."""
    closed: set[str] = set()
    notice = replace(
        register.named("plan-in-use"), still=lambda state, key, person: register.record_in(key) not in closed
    )
    before = register._notices[notice.key]
    register._notices[notice.key] = notice
    yield closed.add
    register._notices[notice.key] = before


def choose(state: StateCast, pace: Chosen, persona: str = "trainer") -> None:
    with state.entered(persona) as by:
        preferences.choose(state.state, pace=pace, by=by)


def told(state: StateCast, moment: datetime, key: str = "one") -> None:
    with time_machine.travel(moment, tick=False):
        plan_in_use(state, key=key)


def run(state: StateCast, moment: datetime) -> list[int]:
    """As the timetable does at this moment: who is rung for, and what then leaves."""
    with time_machine.travel(moment, tick=False):
        people = digests.waiting_on(state.state)
        for person_id in people:
            digests.make_digest(state.state, person_id)
    deliver_all(state)
    return people


def subjects() -> list[str]:
    return sorted(mail.subject for mail in caught())


# --- its day ---
def test_a_week_becomes_one_mail_on_monday_at_seven_by_the_states_clock(north: StateCast) -> None:
    told(north, at(north, WEDNESDAY, 10), "one")
    told(north, at(north, SUNDAY, 23), "two")
    assert run(north, at(north, SUNDAY, 12)) == run(north, at(north, MONDAY, 6, 59)) == []
    assert caught() == []

    assert run(north, at(north, MONDAY, 7)) == [north.people["trainer"].pk]

    (mail,) = caught()
    assert (mail.to, mail.subject) == ("trainer@meridian.example", "News from Meridian IPS")
    assert mail.text.count("has put its action plan in use") == 2
    assert {message.status for message in messages(north)} == {Status.SENT}
    assert {message.link for message in messages(north)} == {""}


def test_the_same_moment_comes_later_further_west(cast: Cast) -> None:
    cast.bayou.state.zone = "America/Denver"
    cast.bayou.state.save(update_fields=["zone"])
    told(cast.meridian, at(cast.meridian, SUNDAY, 10))
    told(cast.bayou, at(cast.bayou, SUNDAY, 10))
    seven = at(cast.meridian, MONDAY, 7)
    assert run(cast.meridian, seven)
    assert run(cast.bayou, seven) == []
    assert run(cast.bayou, seven + timedelta(hours=1))


def test_a_monday_without_a_worker_is_made_good_on_tuesday_with_the_same_content(north: StateCast) -> None:
    told(north, at(north, SUNDAY, 10), "one")
    told(north, at(north, MONDAY, 10), "two")
    assert run(north, at(north, TUESDAY, 9))
    (mail,) = caught()
    assert mail.text.count("action plan in use\n") == 1
    assert len(messages(north, status=Status.COLLECTED)) == 1


def test_a_day_is_enough_for_who_wants_it_daily(north: StateCast) -> None:
    choose(north, Chosen.DAILY)
    told(north, at(north, WEDNESDAY, 10))
    assert run(north, at(north, WEDNESDAY, 23)) == []
    assert run(north, at(north, WEDNESDAY + 1, 7))
    assert subjects() == ["News from Meridian IPS"]


def test_who_wants_everything_at_once_gets_a_mail_of_its_own(north: StateCast) -> None:
    choose(north, Chosen.AT_ONCE)
    plan_in_use(north)
    deliver_all(north)
    assert subjects() == ["North Team One has put its action plan in use"]


def test_who_wants_only_what_waits_gets_that_and_nothing_else(north: StateCast) -> None:
    choose(north, Chosen.OFF)
    report_ready(north)
    told(north, at(north, WEDNESDAY, 10))
    run(north, at(north, MONDAY, 7))
    assert {mail.subject for mail in caught()} == {"Fidelity report is ready: North Team One"}
    (kept,) = messages(north, notice="plan-in-use")
    assert (kept.status, kept.link) == (Status.NOT_SENT, "")


def test_a_choice_made_meanwhile_holds_for_what_was_collected(north: StateCast) -> None:
    told(north, at(north, WEDNESDAY, 10))
    choose(north, Chosen.OFF)
    run(north, at(north, MONDAY, 7))
    assert caught() == []
    assert [message.status for message in messages(north)] == [Status.NOT_SENT]


def test_what_somebody_waits_for_never_waits(north: StateCast) -> None:
    assert {notice.key for notice in register.registered() if notice.pace is Pace.AT_ONCE} == {
        *("invited", "role-changed", "membership-ended", "report-ready", "report-to-issue"),
        *("review-scheduled", "review-changed", "review-cancelled", "consensus-open", "plan-due"),
        *("draft-to-correct", "draft-answered"),
        *("correction-to-write", "correction-to-issue", "report-corrected"),
        *("moderation-asked", "report-moderated", "moderation-returned"),
        *("plan-to-sign", "plan-to-approve"),
        *("quarter-due", "quarter-returned", "quarter-reopened", "sharing-asked"),
        *("funding-to-sign", "funding-question", "funding-answered"),
    }
    report_ready(north)
    deliver_all(north)
    assert len(caught()) == 2


# --- nothing twice ---
def test_no_digest_is_made_twice(north: StateCast) -> None:
    told(north, at(north, WEDNESDAY, 10))
    for _ in range(3):
        run(north, at(north, MONDAY, 7))
    assert len(caught()) == len(messages(north, notice="digest")) == 1


def test_a_latecomer_of_the_same_moment_waits_for_the_next_digest(north: StateCast) -> None:
    """A message that was being written while its digest was made."""
    told(north, at(north, WEDNESDAY, 10), "one")
    run(north, at(north, MONDAY, 7))
    told(north, at(north, SUNDAY, 10), "two")
    run(north, at(north, MONDAY, 8))
    assert len(caught()) == 1
    run(north, at(north, MONDAY + 7, 7))
    assert len(caught()) == 2


def test_a_digest_lost_with_its_worker_is_sent_once_by_the_next(north: StateCast) -> None:
    """Lost before the commit, the transaction takes back the digest and what was put into it."""
    told(north, at(north, WEDNESDAY, 10))
    with pytest.raises(SystemExit), transaction.atomic():
        with time_machine.travel(at(north, MONDAY, 7), tick=False):
            assert digests.make_digest(north.state, north.people["trainer"].pk)
        raise SystemExit
    assert [message.status for message in messages(north)] == [Status.COLLECTED]
    run(north, at(north, MONDAY, 8))
    assert len(caught()) == 1


def test_a_digest_waits_for_a_mail_server_that_is_away(north: StateCast) -> None:
    told(north, at(north, WEDNESDAY, 10))
    with time_machine.travel(at(north, MONDAY, 7), tick=False):
        digests.make_digest(north.state, north.people["trainer"].pk)
    pass_time(north, created_at=timezone.now())
    with open_office() as office:
        with override_settings(EMAIL_PORT=1):
            deliver_all(north)
        assert {each.status for each in messages(north)} == {Status.WAITING, Status.COLLECTED}
        pass_time(north)
        deliver_all(north)
        deliver_all(north)
        assert len(office.letters()) == 1
    assert {each.status for each in messages(north)} == {Status.SENT}


# --- nothing for what is done ---
def test_what_was_done_before_the_day_is_left_out(
    north: StateCast, stays_open: Callable[[str], None]
) -> None:
    told(north, at(north, WEDNESDAY, 10), "one")
    told(north, at(north, WEDNESDAY, 11), "two")
    stays_open("one")
    run(north, at(north, MONDAY, 7))
    assert [mail.text.count("action plan in use\n") for mail in caught()] == [1]
    (left,) = messages(north, key="plan-in-use:one")
    assert (left.status, left.failure, left.link) == (Status.NOT_SENT, delivery.DONE, "")


def test_where_all_is_done_there_is_no_digest(north: StateCast, stays_open: Callable[[str], None]) -> None:
    told(north, at(north, WEDNESDAY, 10), "one")
    stays_open("one")
    run(north, at(north, MONDAY, 7))
    assert caught() == messages(north, notice="digest") == []


def test_what_is_done_between_the_digest_and_its_mail_is_left_out_too(
    north: StateCast, stays_open: Callable[[str], None]
) -> None:
    told(north, at(north, WEDNESDAY, 10), "one")
    with time_machine.travel(at(north, MONDAY, 7), tick=False):
        digests.make_digest(north.state, north.people["trainer"].pk)
    stays_open("one")
    deliver_all(north)
    assert caught() == []
    assert {message.status for message in messages(north)} == {Status.NOT_SENT}


def test_who_has_left_is_told_nothing_more(north: StateCast) -> None:
    told(north, at(north, WEDNESDAY, 10))
    with tenancy.as_system(north.state.pk):
        Membership.objects.filter(person=north.people["trainer"]).update(ended_on=north.state.today())
    assert digests.make_digest(north.state, north.people["trainer"].pk) is None
    assert [message.status for message in messages(north)] == [Status.NOT_SENT]


def test_a_notice_that_no_app_names_any_more_holds_nothing_up(north: StateCast) -> None:
    told(north, at(north, WEDNESDAY, 10), "one")
    told(north, at(north, WEDNESDAY, 10), "two")
    with tenancy.as_system(north.state.pk):
        Message.objects.filter(key="plan-in-use:one").update(notice="forgotten")
    run(north, at(north, MONDAY, 7))
    assert [mail.text.count("action plan in use\n") for mail in caught()] == [1]


def test_each_state_has_a_digest_of_its_own(cast: Cast) -> None:
    for state in cast.states:
        tell(
            "plan-in-use",
            state=state.state,
            to=[cast.meridian.people["trainer"]],
            key="plan-in-use:x",
            link="/",
            facts={"team": f"{state.state.name} team", "by": "Somebody"},
        )
    assert [len(messages(state, status=Status.COLLECTED)) for state in cast.states] == [1, 1]
    with tenancy.as_system(cast.bayou.state.pk):
        assert {message.state_id for message in Message.objects.all()} == {cast.bayou.state.pk}
