"""States that share with each other read what they give together; no other does. Source: trust reference 2.4."""

from decimal import Decimal

import pytest

from agencies import tenancy
from agencies.models import StatePolicy
from ips_portal.quarters import Quarter
from outcomes.actions import nation
from outcomes.models import NationalRate, SharedRate
from tests.cast import STARTED, StateCast, make_state

RATES = {"Meridian": "0.40", "Bayou": "0.44", "Hudson": "0.51", "Prairie": "0.38", "Delta": "0.45"}


def sharing(name: str, rate: str, *, shares: bool = True) -> StateCast:
    cast = make_state(name)
    with tenancy.as_system(cast.state.pk):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.OUTCOMES,
            name="Together",
            effective_from=STARTED,
            data={"sharing": {"across_states": shares}},
        )
        SharedRate.objects.create(
            state=cast.state,
            quarter=Quarter.last_ended(cast.state.today()),
            measure="employment",
            value=Decimal(rate),
        )
    return cast


@pytest.fixture
def states(db: None) -> list[StateCast]:
    return [sharing(name, rate) for name, rate in RATES.items()]


def told(cast: StateCast) -> list[tuple[Decimal, int]]:
    with cast.entered("supervisor") as by:
        return list(NationalRate.objects.visible_to(by).values_list("mean", "states"))


def test_five_states_read_their_mean_and_no_name(states: list[StateCast]) -> None:
    nation.tell_all()
    assert told(states[0]) == told(states[4]) == [(Decimal("0.44"), 5)]
    page = states[0].seen_by("supervisor").get("/meridian/outcomes/team/north-one/").content.decode()
    assert "States that share: 44%" in page
    assert "Hudson" not in page


def test_four_states_are_too_few(states: list[StateCast]) -> None:
    with tenancy.as_system(states[4].state.pk):
        SharedRate.objects.all().delete()
    nation.tell_all()
    assert told(states[0]) == []


def test_a_state_that_does_not_share_is_neither_counted_nor_told(states: list[StateCast]) -> None:
    alone = sharing("Cascade", "0.90", shares=False)
    nation.tell_all()
    assert told(alone) == []
    assert told(states[0]) == [(Decimal("0.44"), 5)]


def test_a_state_that_shares_no_more_is_no_longer_told(states: list[StateCast]) -> None:
    sharing("Cascade", "0.50")
    nation.tell_all()
    assert told(states[0]) == [(Decimal("0.45"), 6)]
    with tenancy.as_system(states[0].state.pk):
        StatePolicy.objects.filter(state=states[0].state).update(data={})
    nation.tell_all()
    assert told(states[0]) == []
    assert told(states[1]) == [(Decimal("0.46"), 5)]
