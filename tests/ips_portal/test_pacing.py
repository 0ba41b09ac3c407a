"""When a digest is due, by the clock of the state."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ips_portal.notices.pacing import DIGEST_AT, Chosen, Pace, comes, last_digest

CHICAGO = ZoneInfo("America/Chicago")
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("now", "weekly", "daily"),
    [
        ("2026-11-23T06:59", "2026-11-16", "2026-11-22"),  # a Monday
        ("2026-11-23T07:00", "2026-11-23", "2026-11-23"),
        ("2026-11-26T12:00", "2026-11-23", "2026-11-26"),
        ("2026-11-29T23:59", "2026-11-23", "2026-11-29"),
        ("2026-03-09T07:00", "2026-03-09", "2026-03-09"),  # the day after the clocks went forward
    ],
)
def test_the_last_digest_was_due_on(now: str, weekly: str, daily: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=CHICAGO)
    for chosen, day in ((Chosen.WEEKLY, weekly), (Chosen.DAILY, daily)):
        assert last_digest(chosen, moment).isoformat()[:16] == f"{day}T07:00"


@given(MOMENTS, st.sampled_from(Chosen))
def test_it_is_never_ahead_and_never_further_back_than_a_week(moment: datetime, chosen: Chosen) -> None:
    now = moment.astimezone(CHICAGO)
    due = last_digest(chosen, now)
    assert due.time() == DIGEST_AT
    assert due <= now
    assert now - due < timedelta(days=7 if chosen is Chosen.WEEKLY else 1, hours=2)
    assert chosen is not Chosen.WEEKLY or due.strftime("%A") == "Monday"


@pytest.mark.parametrize("chosen", Chosen)
def test_no_choice_holds_up_what_somebody_waits_for(chosen: Chosen) -> None:
    assert comes(Pace.AT_ONCE, chosen) is Chosen.AT_ONCE
    assert comes(Pace.DIGEST, chosen) is chosen
