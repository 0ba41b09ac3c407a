"""How money for IPS works in a state: dated, stated by its admin, and counted with."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from agencies.models import StatePolicy
from agencies.refusals import NotPermitted, Unacceptable
from funding.actions import cells
from funding.actions.profile import state_profile
from funding.coverage import Limits
from funding.forms.profile import stored
from funding.grid import Cell, Method, Status
from funding.in_force import stated_on
from funding.models import FundingPlan
from funding.policy import Profile, Reference, as_data, profile
from tests.cast import StateCast, refused
from tests.funding.plans import column, element

pytestmark = pytest.mark.django_db
STATED = Profile(
    vr_model="partner",
    managed_care="Each plan pays a monthly bundle.",
    vr_provider="After accreditation.",
    references=(
        Reference("Benefits tool", "https://benefits.example/"),
        Reference("Revised Statutes 28:200"),
    ),
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


def sent(stated: Profile, day: date, **more: Any) -> dict[str, Any]:
    return stored(stated) | {"effective_from": f"{day:%m/%d/%Y}", "source": "Manual", "looked": ""} | more


def state_it(cast: StateCast, stated: Profile, **more: Any) -> Any:
    data = sent(stated, cast.state.today(), **more)
    return cast.seen_by("admin").post(reverse("funding:profile-edit", args=[cast.state.slug]), data)


def test_other_numbers_are_stated_once_their_gaps_were_read(cast: StateCast, plan: FundingPlan) -> None:
    with cast.entered("vr_liaison") as by:
        service, payer = element(plan, "Work clothes"), column(plan, "Milestone payments")
        cells.fill(plan, service, payer, cell=Cell(Status.PAYS, Method.MILESTONE), version=0, by=by)
    other = Profile(limits=Limits(share_percent=1))
    first = state_it(cast, other)
    assert first.status_code == 200
    assert "Nothing is saved yet" in first.text
    with cast.entered("admin"):
        assert not StatePolicy.objects.in_state(cast.state.pk).filter(subject="funding").exists()
    looked = first.context["effect"].mark
    assert state_it(cast, Profile(limits=Limits(share_percent=2)), looked=looked).status_code == 200
    assert state_it(cast, other, looked=looked).status_code == 302
    with cast.entered("admin"):
        assert stated_on(cast.state.pk, cast.state.today()) == other


def test_numbers_that_change_no_gap_are_stated_at_once(cast: StateCast, plan: FundingPlan) -> None:
    assert state_it(cast, Profile(limits=Limits(share_percent=1))).status_code == 302


def test_words_change_no_gap_and_are_stated_at_once(cast: StateCast, plan: FundingPlan) -> None:
    words = Profile(served="Everybody who wants to work")
    assert state_it(cast, words).status_code == 302
    with cast.entered("admin"):
        assert stated_on(cast.state.pk, cast.state.today()) == words


def test_statutes_and_tools_stand_on_the_page_as_links_or_citations(cast: StateCast) -> None:
    assert state_it(cast, STATED).status_code == 302
    page = cast.seen_by("specialist").get(reverse("funding:profile-page", args=[cast.state.slug])).text
    assert '<a href="https://benefits.example/" rel="noreferrer">Benefits tool</a>' in page
    assert "<li>Revised Statutes 28:200</li>" in page


@pytest.mark.parametrize("address", ["javascript://alert(1)", "https://", "ftp://files.example/a"])
def test_what_is_no_address_is_refused_and_stays_typed(cast: StateCast, address: str) -> None:
    answer = state_it(cast, Profile(), references=f"Tool {address}")
    assert answer.status_code == 422
    assert "is no address of a page" in answer.text
    assert f"Tool {address}" in answer.text


def test_a_day_that_cannot_be_is_said_before_anything_is_read(cast: StateCast, plan: FundingPlan) -> None:
    answer = state_it(cast, Profile(limits=Limits(share_percent=1)), effective_from="1/2/2020")
    assert answer.status_code == 422
    assert "Nothing is saved yet" not in answer.text
