"""What holds for any figures at all, and how often a team that reports in good order is asked for a note."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outcomes.checks import Case, Earlier, Level, blocks, catalogue, check, check_batch, open_warnings
from outcomes.checks.examples import QUARTER, figures
from outcomes.figures import Figure, Figures, Number
from outcomes.measures import edition

MEASURES = edition().measures
COUNTS = st.integers(0, 60) | st.integers(-5, 20000) | st.integers()
FINE = st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(0, 90, places=2)
FIGURES = st.builds(Figure, st.none() | COUNTS | FINE, st.sampled_from(["", "No record."]))
REPORTS = st.builds(
    Figures,
    st.dictionaries(st.sampled_from([measure.key for measure in MEASURES]), FIGURES),
    vacancy=st.text(max_size=3),
)
EARLIER = st.lists(
    st.builds(Earlier, st.integers(-1, 9).map(lambda back: QUARTER - back), REPORTS), max_size=9
)
CASES = st.builds(
    Case,
    REPORTS,
    st.just(QUARTER),
    st.just(MEASURES),
    EARLIER.map(tuple),
    st.none() | st.dates(),
    st.none() | st.dates(),
)
QUARTERS = 9
TEAMS = 400


NO_NUMBER = Figures({"served": Figure(Decimal("sNaN"))})  # the one that cannot even be compared


@given(CASES)
@example(Case(Figures({"served": Figure(40)}), QUARTER, MEASURES, (Earlier(QUARTER - 1, NO_NUMBER),)))
def test_any_figures_are_answered(case: Case) -> None:
    for finding in check(case):
        assert finding.text
        assert finding.level in Level


@given(st.lists(CASES, max_size=6))
def test_any_file_is_answered(cases: list[Case]) -> None:
    assert len(check_batch(cases)) <= 1


@given(CASES)
def test_only_an_error_stops_a_report(case: Case) -> None:
    findings = check(case)
    everything = {rule.id: "It is right." for rule in catalogue()}
    assert blocks(findings) == any(finding.level is Level.ERROR for finding in findings)
    assert open_warnings(findings, everything) == ()


@given(CASES)
def test_a_rule_warns_once_because_notes_are_kept_by_rule(case: Case) -> None:
    warned = [finding.rule for finding in check(case) if finding.wants_a_note]
    assert len(warned) == len(set(warned))


@given(CASES, st.randoms(use_true_random=False))
def test_the_order_of_figures_and_quarters_does_not_matter(case: Case, chance: Random) -> None:
    keys, earlier = list(case.figures), list({entry.quarter: entry for entry in case.earlier}.values())
    plain = replace(case, earlier=tuple(earlier))
    chance.shuffle(keys)
    chance.shuffle(earlier)
    mixed = replace(case.figures, by_measure={key: case.figures[key] for key in keys})
    assert check(replace(case, figures=mixed, earlier=tuple(earlier))) == check(plain)


@given(CASES)
def test_what_was_not_collected_is_compared_with_nothing(case: Case) -> None:
    silent = {key: Figure(why="No record.") for key in edition().by_key}
    told = {finding.rule for finding in check(replace(case, figures=Figures(silent), today=None))}
    assert told == {"V31"}


def team(chance: Random, size: int) -> list[dict[str, Number]]:
    """Quarters of one made-up team, newest last. The rates are assumptions. Source: trust reference 2.4."""
    fte = Decimal(round(size / chance.uniform(14, 22) * 4)) / 4 or Decimal("0.25")
    rate, found = chance.gauss(0.45, 0.08), list[dict[str, Number]]()
    here = size
    for _ in range(QUARTERS):
        new = sum(chance.random() < 0.2 for _ in range(size))
        served = here + new
        employed = sum(chance.random() < rate for _ in range(served))
        working = min(employed, sum(chance.random() < 0.07 for _ in range(served)))
        unemployed = min(
            served - employed, sum(chance.random() < 0.05 + 0.12 * (here > size) for _ in range(served))
        )
        education = sum(chance.random() < 0.08 for _ in range(served))
        starts = sum(chance.random() < 0.18 for _ in range(served)) if employed else 0
        here = served - working - unemployed
        found.append(
            {"served": served, "employed": employed, "in_school": education // 2, "in_education": education}
            | {"job_starts": starts, "transitioned_working": working, "transitioned_unemployed": unemployed}
            | {"specialist_fte": fte, "new_enrollees": new}
        )  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("smallest", "largest"), [(4, 12), (12, 30), (30, 84)], ids=["tiny", "small", "usual"]
)
def test_at_most_one_report_in_three_asks_for_a_note(smallest: int, largest: int) -> None:
    chance = Random(20261126)  # noqa: S311 - made-up teams, the same ones each time
    asked, rules = 0, Counter[str]()
    measures = edition().chosen(("new_enrollees",))
    for _ in range(TEAMS):
        *before, now = team(chance, chance.randint(smallest, largest))
        earlier = tuple(
            Earlier(QUARTER - back, figures(entry)) for back, entry in enumerate(reversed(before), 1)
        )
        findings = check(Case(figures(now), QUARTER, measures, earlier))
        assert not blocks(findings), findings
        warned = open_warnings(findings, {})
        asked += bool(warned)
        rules.update(finding.rule for finding in warned)
    assert asked / TEAMS <= 1 / 3, rules
