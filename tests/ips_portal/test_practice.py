"""What practice rows are drawn from: totals, ratings that add up, days of visits, sentences. No database."""

import random
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from agencies.actions.sentences import check_sentence
from fidelity.actions import bank
from fidelity.models import NOTE_LIMIT, BankText
from fidelity.policy import shipped_policy
from fidelity.scales import load
from ips_portal.practice import check, live, names, sheets, texts
from ips_portal.practice.rhythm import Course, interval, total, visit_day, visits
from ips_portal.practice.worlds import WORLDS

SCALE = load("ips25-2008")
WORDS = {"person_served": "member", "people_served": "members", "agency": "provider"} | {
    "specialist": "IPS specialist",
    "specialists": "IPS specialists",
}


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable on purpose


@pytest.mark.parametrize("wanted", range(45, 125, 4))
def test_ratings_add_up_to_the_total_they_are_drawn_for(wanted: int) -> None:
    rng = chance(wanted)
    rated = sheets.ratings(rng, wanted, sheets.leanings(rng))
    assert tuple(rated) == SCALE.codes
    assert sum(rated.values()) == wanted
    assert set(rated.values()) <= {1, 2, 3, 4, 5}


def test_the_means_of_a_sustaining_team_add_up_as_published() -> None:
    assert round(sheets.SUSTAINED, 1) == 107.1


def test_every_item_and_rating_has_a_sentence_with_its_number_filled_in() -> None:
    rng = chance(1)
    for item in SCALE.items:
        for rating in range(1, 6):
            for _ in range(6):
                text = sheets.found(rng, item, rating, WORDS) + sheets.advice(rng, item, rating, WORDS)
                assert "{" not in text
                assert not re.search(r"\b0%|client", text), (item.code, rating, text)


def test_every_text_for_reports_is_one_a_state_may_keep() -> None:
    for kept in (*texts.KEPT, texts.RETIRED):
        check_sentence(kept.text, most=NOTE_LIMIT, advice=bank.ADVICE)
        bank.check_ratings(kept)
        assert bool(kept.item_code) is (kept.part in BankText.OF_ITEMS)
        assert not kept.item_code or SCALE.item(kept.item_code)


def test_a_number_in_a_sentence_fits_the_rating_beside_it() -> None:
    """A reader who compares the note with the anchor finds no contradiction."""
    for item in SCALE.items:
        if item.kind != "range":
            continue
        entry = sheets.bank()[0][item.code]
        for rating in range(1, 6):
            for value in entry.values[rating]:
                earned = [
                    r for r in range(1, 6) if item.floors[r - 1] is not None and item.floors[r - 1] <= value
                ]
                best = max(earned) if item.floors[0] == 0 else min(earned)
                assert best == rating, (item.code, rating, value)


def test_a_visit_of_two_days_stays_inside_a_working_week_and_out_of_the_holidays() -> None:
    for offset in range(3 * 366):
        day = date(2025, 1, 1) + timedelta(days=offset)
        visit = visit_day(day)
        assert visit.weekday() < 4, day
        assert abs((visit - day).days) <= 21, day
        for holiday in ((12, 25), (1, 1), (12, 31)):
            assert holiday not in ((visit.month, visit.day), (visit.month, visit.day + 1)), day


def test_reviews_follow_the_rhythm_of_the_policy() -> None:
    policy = shipped_policy("national")
    found = visits(chance(3), policy, Course(quality=0.5), until=60)
    assert 6 <= found[0].month < 7
    for before, after in pairwise(found):
        expected = 12 if before.total >= policy.thresholds.good else 6
        assert expected <= after.month - before.month < expected + 1
    assert found[-1].month > 60 >= found[-2].month


def test_a_rule_without_an_interval_leaves_it_to_the_program() -> None:
    policy = shipped_policy("new_york_pros")
    drawn = [interval(chance(seed), policy, 103) for seed in range(30)]
    assert min(drawn) >= 9
    assert max(drawn) <= 14


def test_totals_rise_with_the_age_of_a_team() -> None:
    def mean(month: float) -> float:
        return sum(total(chance(seed), month, 0) for seed in range(300)) / 300

    assert mean(6) < mean(12) < mean(18) < mean(36)


def test_towns_and_names_are_enough_and_never_twice() -> None:
    for world in WORLDS:
        assert len(set(names.towns(world.slug))) >= len(world.teams) + world.closed_agency
    drawn = names.people(chance(1))
    first = [next(drawn) for _ in range(1000)]
    assert len(set(first)) == 1000
    assert len({names.address(name, "meridian") for name in first}) == 1000


@pytest.mark.parametrize("day", range(7))
def test_the_main_job_is_done_before_the_team_looks_at_itself(day: int) -> None:
    """Whatever weekday the practice states are made on, or a booking of the check would be refused."""
    today = date(2026, 11, 23) + timedelta(days=day)
    last_day_of_the_visit = today - check.DAYS_AGO + timedelta(days=1)
    assert last_day_of_the_visit < live.self_review_begins(today)
