"""No hidden figure can be worked out from all that stands published. Source: trust reference 2.4 and T12."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ips_portal.quarters import Quarter
from outcomes.policy import OutcomesPolicyError, state_policy
from outcomes.suppression.attack import Attack, Reader
from outcomes.suppression.cells import STATE, Cell, Key, Level, Period, Place, Reported, cells_of
from outcomes.suppression.choosing import Publication, audit, publish
from outcomes.suppression.practice import attacked, published, small_state
from outcomes.suppression.rules import Rules, rules_of

ROOT = Path(__file__).resolve().parents[2]
QUARTER = Quarter(2026, 1)
PERIOD = Period(QUARTER)
RULES = Rules()
SIZES = {"north": (40, 18), "south": (60, 25), "east": (50, 22), "west": (70, 30)}


def reported(team: str, served: int, employed: int, agency: str = "", **more: int) -> Reported:
    return Reported(team, agency or team, QUARTER, {"served": served, "employed": employed, **more})


def state(**changed: tuple[int, int]) -> list[Reported]:
    """Four agencies of one team each."""
    return [reported(team, *counts) for team, counts in {**SIZES, **changed}.items()]


def cell(publication: Publication, place: Place, measure: str, period: Period = PERIOD) -> Cell:
    return next(each for each in publication.cells if each.key == Key(place, measure, period))


def shown(publication: Publication, measure: str, period: Period = PERIOD) -> dict[str, int]:
    return {
        each.key.place.name: each.value
        for each in publication.cells
        if each.key.measure == measure and each.key.period == period and publication.is_shown(each)
    }


def test_where_every_count_is_large_all_of_it_is_shown() -> None:
    publication = publish(state(), [PERIOD], RULES)
    assert all(publication.is_shown(each) for each in publication.cells if each.is_published)
    assert audit(publication, RULES) == []


@pytest.mark.parametrize("count", range(1, 11))
def test_no_count_of_one_to_ten_is_shown(count: int) -> None:
    publication = publish(state(north=(40, count)), [PERIOD], RULES)
    assert "north" not in shown(publication, "employed")
    assert audit(publication, RULES) == []


def test_the_few_who_do_not_work_are_hidden_like_the_few_who_do() -> None:
    publication = publish(state(north=(40, 35)), [PERIOD], RULES)
    assert "north" not in shown(publication, "employed")
    assert audit(publication, RULES) == []


def test_nobody_and_everybody_are_shown_only_of_a_group_of_eleven() -> None:
    publication = publish(state(north=(40, 0), south=(11, 11), east=(10, 0), west=(10, 10)), [PERIOD], RULES)
    assert {"north", "south"} >= set(shown(publication, "employed"))
    assert not {"east", "west"} & (set(shown(publication, "employed")) | set(shown(publication, "served")))
    assert audit(publication, RULES) == []


def test_whoever_knows_one_hidden_figure_of_a_total_cannot_work_out_the_other() -> None:
    publication = publish(state(north=(40, 7)), [PERIOD], RULES)
    hidden = set(SIZES) - set(shown(publication, "employed"))
    assert len(hidden) >= 3 or STATE.name not in shown(publication, "employed")


def test_three_hidden_under_a_total_of_three_are_all_one_and_so_the_total_goes() -> None:
    few = [reported(name, 40, 1) for name in ("north", "south", "east")]
    publication = publish(few, [PERIOD], RULES)
    assert shown(publication, "employed") == {}
    assert audit(publication, RULES) == []


def test_the_attacker_finds_what_primary_suppression_alone_gives_away() -> None:
    publication = publish(state(north=(40, 7)), [PERIOD], RULES, only_primary=True)
    leaks = [leak for leak in audit(publication, RULES) if leak.cell.key.place == Place(Level.TEAM, "north")]
    assert leaks == [] or leaks[0].low == leaks[0].high == 7
    assert any(leak.low == leak.high == 7 for leak in audit(publication, RULES))


def test_the_attacker_counts_from_nothing_but_what_is_published() -> None:
    reports = state(north=(40, 7))
    attack = Attack(Reader("south", frozenset({"south"})), reports, RULES)
    form = reports[0].form("employed")
    served, total = reports[0].form("served"), cells_of(reports, [PERIOD])
    attack.read({served: 40})
    assert attack.range_of(form) == (0, 40)
    every = next(each for each in total if each.key == Key(STATE, "employed", PERIOD))
    attack.read({served: 40, every.form: every.value, reports[2].form("employed"): 22})
    assert attack.range_of(form) == (0, 37)  # 84 in all, 25 own, 22 shown


def test_the_difference_of_two_years_gives_no_quarter_away() -> None:
    """Rolling sums: four quarters, then the next four. The quarter that came differs from the one that went."""
    reports, publication = small_state(seed=4, quarters=5), None
    for quarter in (Quarter(2025, 4), Quarter(2026, 1)):
        so_far = [report for report in reports if report.quarter <= quarter]
        before = publication.standing() if publication else None
        publication = publish(so_far, [Period(quarter), Period(quarter, 4)], RULES, before)
    assert publication
    assert audit(publication, RULES) == []


def test_what_was_hidden_stays_hidden_and_what_was_shown_stays_shown() -> None:
    first = publish(state(north=(40, 7)), [PERIOD], RULES)
    corrected = [*state()[1:], replace(reported("north", 40, 19), version=2)]
    second = publish(corrected, [PERIOD], RULES, first.standing())
    before, after = shown(first, "employed"), shown(second, "employed")
    assert set(after) <= set(before)
    assert all(after[name] == count for name, count in before.items() if name not in ("", "north"))
    assert audit(second, RULES) == []


def test_a_correction_does_not_give_itself_away_by_the_change_of_the_total() -> None:
    first = publish(state(north=(40, 18)), [PERIOD], RULES)
    corrected = [*state()[1:], replace(reported("north", 40, 4), version=2)]
    second = publish(corrected, [PERIOD], RULES, first.standing())
    assert "north" not in shown(second, "employed")
    assert audit(second, RULES) == []
    assert second.facts.items() >= first.facts.items()


def test_the_same_figures_give_the_same_publication() -> None:
    assert published(3, RULES).hidden == published(3, RULES).hidden


def test_attacker_cannot_pin_a_cell() -> None:
    """25 small states, each quarter published when it was over; every agency and every team attacks."""
    tried = list(attacked(range(25), RULES))
    assert [each.leaks for each in tried if each.leaks] == []
    assert all(each.hidden < 1 for each in tried)


def test_the_same_states_leak_where_only_the_small_counts_are_hidden() -> None:
    assert all(tried.leaks for tried in attacked(range(3), RULES, only_primary=True))


def test_a_total_for_stakeholders_has_enough_agencies_and_none_with_nearly_all() -> None:
    even: Mapping[str, int] = {"a": 40, "b": 30, "c": 30}
    assert RULES.stakeholders_may_see(100, even)
    assert not RULES.stakeholders_may_see(100, {"a": 50, "b": 50})
    assert RULES.stakeholders_may_see(100, {"a": 80, "b": 10, "c": 10})
    assert not RULES.stakeholders_may_see(100, {"a": 81, "b": 10, "c": 9})
    assert not RULES.stakeholders_may_see(10, {"a": 4, "b": 3, "c": 3})


def test_what_a_state_says_of_sharing_becomes_its_rules() -> None:
    assert rules_of(state_policy({}).sharing) == RULES == Rules(11, 11, 3, 80, 3, 5)
    stricter = state_policy({"sharing": {"threshold": 20, "narrowest_range": 7}}).sharing
    assert rules_of(stricter) == replace(RULES, threshold=20, stakeholder_threshold=20, narrowest_range=7)
    with pytest.raises(OutcomesPolicyError, match=r"narrowest_range: expected 5 to 20, found 4\."):
        state_policy({"sharing": {"narrowest_range": 4}})


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--states", "1", "--seed", "3"], 0, "0 found out"),
        (["--states", "1", "--seed", "3", "--only-primary"], 1, "found out"),
        (["--states", "0"], 1, "at least one state"),
    ],
)
def test_the_command_says_what_was_found_and_ends_with_one_on_a_leak(
    arguments: list[str], status: int, words: str
) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "attack", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == status
    assert words in done.stdout + done.stderr
