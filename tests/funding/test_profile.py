"""How money for IPS works in a state: dated, stated by its admin, and counted with."""

from datetime import timedelta

import pytest
from django.urls import reverse

from agencies.models import StatePolicy
from agencies.refusals import NotPermitted, Unacceptable
from funding.actions.profile import state_profile
from funding.coverage import Limits
from funding.in_force import stated_on
from funding.policy import Profile, as_data, profile
from tests.cast import StateCast, refused

pytestmark = pytest.mark.django_db
STATED = Profile(
    vr_model="partner",
    managed_care="Each plan pays a monthly bundle.",
    obligations=("IPS is offered all the time.", "Who pays changes nothing of that."),
    limits=Limits(closes_after_days=120),
)


def test_what_is_stored_says_the_same_and_nothing_that_was_not_said() -> None:
    assert profile(as_data(STATED)) == STATED
    assert as_data(Profile()) == {}
    assert as_data(STATED)["limits"] == {"closes_after_days": 120}


def test_the_last_statement_by_then_holds(cast: StateCast) -> None:
    today = cast.state.today()
    with cast.entered("admin") as by:
        state_profile(cast.state, stated=STATED, effective_from=today, source="Manual, 2026", by=by)
        later = today + timedelta(days=30)
        state_profile(cast.state, stated=Profile(), effective_from=later, source="", by=by)
        assert stated_on(cast.state.pk, today) == STATED
        assert stated_on(cast.state.pk, later) == Profile()
        assert stated_on(cast.state.pk, today - timedelta(days=1)) == Profile()


def test_only_who_decides_policy_states_it(cast: StateCast) -> None:
    today = cast.state.today()
    for persona in ("trainer", "vr_liaison", "leader"):
        with cast.entered(persona) as by, refused(NotPermitted):
            state_profile(cast.state, stated=STATED, effective_from=today, source="", by=by)
    with cast.entered("admin") as by, refused(Unacceptable, match="may hold"):
        named = Profile(served="Jane Doe, 123-45-6789")
        state_profile(cast.state, stated=named, effective_from=today, source="", by=by)
    assert not StatePolicy.objects.in_state(cast.state.pk).filter(subject="funding").exists()


def test_the_page_says_it_to_everybody_who_reads_policy(cast: StateCast) -> None:
    with cast.entered("admin") as by:
        today = cast.state.today()
        state_profile(cast.state, stated=STATED, effective_from=today, source="Manual, 2026", by=by)
    here = reverse("funding:profile-page", args=[cast.state.slug])
    for persona in ("vr_liaison", "supervisor", "specialist"):
        page = cast.seen_by(persona).get(here).content.decode()
        assert "IPS is offered all the time." in page
        assert "Core partner and payer" in page
        assert "State it anew" not in page
    assert "State it anew" in cast.seen_by("admin").get(here).content.decode()
