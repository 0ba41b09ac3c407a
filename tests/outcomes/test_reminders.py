"""Reminders of a quarter: each step of the state's ladder once, to its supervisors, and none for what is submitted."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from agencies import tenancy
from ips_portal.notices.models import Message
from outcomes import notices
from outcomes.models import QuarterlyReport
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def reminded(cast: StateCast, report: QuarterlyReport, days: int) -> list[str]:
    """Whom the timetable reminds of North's first team, so many days after the due date."""
    day = report.due_on + timedelta(days=days)
    with time_machine.travel(
        datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo(cast.state.zone)), tick=False
    ):
        with tenancy.as_system(cast.state.pk):
            before = set(Message.objects.values_list("pk", flat=True))
            notices.remind_of_due(cast.state)
            new = Message.objects.exclude(pk__in=before).filter(key__contains=f":{report.pk}:")
            return sorted(new.values_list("address", flat=True))


def test_each_step_of_the_ladder_is_told_once(cast: StateCast) -> None:
    report = quarters.expected(cast)
    assert reminded(cast, report, -20) == []
    assert reminded(cast, report, -14) == ["supervisor@meridian.example"]
    assert reminded(cast, report, -13) == []
    assert reminded(cast, report, -3) == ["supervisor@meridian.example"]
    assert reminded(cast, report, 1) == ["supervisor@meridian.example"]


def test_a_submitted_quarter_is_not_reminded_of(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    assert reminded(cast, report, 1) == []


def test_a_mail_that_waited_is_not_sent_for_what_is_done_meanwhile(cast: StateCast) -> None:
    report = quarters.expected(cast)
    key = f"{notices.DUE.key}:{report.pk}:x"
    with tenancy.as_system(cast.state.pk):
        assert notices.still_with_team(cast.state, key, None)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    with tenancy.as_system(cast.state.pk):
        assert not notices.still_with_team(cast.state, key, None)
        assert notices.still_submitted(cast.state, f"{notices.SUBMITTED.key}:{report.pk}:1", None)
