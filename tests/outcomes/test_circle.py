"""Agencies that share in full cannot work out one that does not. Source: trust reference 2.4, T-peer-exact."""

from dataclasses import replace

import pytest

from ips_portal.quarters import Quarter
from outcomes.suppression.attack import Reader
from outcomes.suppression.cells import Period, Reported
from outcomes.suppression.choosing import Publication, audit, publish, told_in_full, told_with
from outcomes.suppression.practice import attacked, circle_of, published
from outcomes.suppression.rules import Rules

QUARTER = Quarter(2026, 1)
PERIOD = Period(QUARTER)
RULES = Rules()
SIZES = {"north": (40, 18), "south": (60, 25), "east": (50, 22), "west": (70, 7)}
CIRCLE = frozenset({"north", "south", "east"})  # west stays out, with a small count


def state(quarter: Quarter = QUARTER, **changed: tuple[int, int]) -> list[Reported]:
    return [
        Reported(name, name, quarter, {"served": served, "employed": employed})
        for name, (served, employed) in {**SIZES, **changed}.items()
    ]


def shown(publication: Publication, measure: str) -> set[str]:
    return {
        each.key.place.name
        for each in publication.cells
        if each.key.measure == measure and publication.is_shown(each)
    }


def told_anyway(publication: Publication, circle: frozenset[str]) -> Publication:
    """The circle tells each other in full what was published without a thought of it."""
    told = told_with(publication.told, told_in_full(publication.reports, QUARTER, circle))
    return replace(publication, told=told)


def test_the_total_goes_that_would_give_the_one_away_who_stays_out() -> None:
    publication = publish(state(), [PERIOD], RULES, circle=CIRCLE)
    assert "" not in shown(publication, "employed")
    assert audit(publication, RULES) == []


def test_the_attacker_finds_the_one_where_the_total_stands_beside_exact_figures() -> None:
    careless = told_anyway(publish(state(), [PERIOD], RULES, only_primary=True), CIRCLE)
    leaks = [leak for leak in audit(careless, RULES) if leak.cell.key.place.name == "west"]
    assert (leaks[0].low, leaks[0].high) == (7, 7)


def test_totals_stay_where_nobody_stays_out_or_who_does_has_nothing_to_hide() -> None:
    everybody = publish(state(), [PERIOD], RULES, circle=SIZES)
    alone = publish(state(), [PERIOD], RULES)
    assert shown(everybody, "employed") == shown(alone, "employed")
    large = publish(state(west=(70, 30)), [PERIOD], RULES, circle=CIRCLE)
    assert "" in shown(large, "employed")
    assert audit(everybody, RULES) == audit(large, RULES) == []


def test_a_circle_tells_one_quarter_and_nothing_before_it() -> None:
    before = [replace(report, quarter=QUARTER - 1) for report in state()]
    told = told_in_full([*before, *state()], QUARTER, CIRCLE)
    assert set(told) == CIRCLE
    assert told["north"] == {(name, QUARTER, 1) for name in CIRCLE}


def test_nobody_forgets_what_was_told_before_leaving() -> None:
    first = told_in_full(state(), QUARTER, CIRCLE)
    then = told_in_full(state(QUARTER + 1), QUARTER + 1, CIRCLE - {"east"})
    known = told_with(first, then)
    assert known["east"] == first["east"]
    assert known["north"] == first["north"] | then["north"]
    reader = Reader("agency north", frozenset({"north"}), told=known["north"])
    leaves = {leaf.team: reader.knows(leaf) for report in state() for leaf in report.leaves()}
    assert leaves == {"north": True, "south": True, "east": True, "west": False}


def test_whoever_leaves_the_circle_is_hidden_from_the_next_quarter_on() -> None:
    first = publish(state(), [PERIOD], RULES, circle=CIRCLE)
    reports = [*state(), *state(QUARTER + 1, east=(50, 4))]
    second = publish(reports, [Period(QUARTER + 1)], RULES, first.standing(), circle=CIRCLE - {"east"})
    assert "east" not in shown(second, "employed")
    assert audit(second, RULES) == []
    assert second.standing().told["east"] == first.told["east"]


def test_a_circle_cannot_pin_a_cell_of_the_agency_outside() -> None:
    """8 small states, four quarters each, all agencies but one in the circle; then another one stays out."""
    tried = list(attacked(range(8), RULES, in_full=True))
    assert [each.leaks for each in tried if each.leaks] == []
    assert all(each.hidden < 1 for each in tried)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_states_leak_where_the_suppression_knows_nothing_of_the_circle(seed: int) -> None:
    last = published(seed, RULES)
    quarter = max(report.quarter for report in last.reports)
    told = told_in_full(last.reports, quarter, circle_of(seed))
    assert audit(replace(last, told=told), RULES)
