"""The measures as data, what a state chooses of them, and the definition of a job that goes with a report."""

import pytest

from ips_portal.quarters import Quarter
from outcomes.figures import Figure, Figures, Standing, nothing_to_report
from outcomes.measures import MeasuresError, edition, parse
from outcomes.policy import OutcomesPolicyError, state_policy

CORE = {"served", "employed", "in_school", "in_education", "job_starts", "transitioned_working"}
CORE |= {"transitioned_unemployed", "specialist_fte"}


def test_the_core_is_what_the_learning_community_collects() -> None:
    assert {measure.key for measure in edition().core} == CORE


def test_every_measure_says_what_it_counts_and_who_says_so() -> None:
    for measure in edition().measures:
        assert measure.definition.endswith(".")
        assert measure.source
        assert measure.within in ("", *edition().by_key)


def test_a_state_chooses_the_optional_measures() -> None:
    chosen = edition().chosen(("avg_hourly_wage",))
    assert {measure.key for measure in chosen} == CORE | {"avg_hourly_wage"}


def test_wrong_data_is_answered_with_its_place() -> None:
    data = {
        "key": "x",
        "name": "x",
        "effective_from": "2026-01-01",
        "groups": [{"key": "a", "name": "A"}],
        "measures": [{"key": "served", "group": "b"}],
    }
    with pytest.raises(MeasuresError, match=r"measures.measures\[0\].group"):
        parse(data)


def test_a_number_is_reported_zero_not_collected_or_open() -> None:
    figures = Figures().with_figure("served", Figure(12)).with_figure("employed", Figure(0))
    figures = figures.with_figure("in_school", Figure(why="No school record is kept."))
    found = [figures[key].standing for key in ("served", "employed", "in_school", "job_starts")]
    assert found == [Standing.REPORTED, Standing.ZERO, Standing.NOT_COLLECTED, Standing.OPEN]


def test_nothing_to_report_confirms_every_zero_and_keeps_the_staff() -> None:
    measures = edition().chosen(("avg_hourly_wage",))
    figures = nothing_to_report(measures, keep=Figures().with_figure("specialist_fte", Figure(2)))
    assert figures["served"].standing is Standing.ZERO
    assert figures["avg_hourly_wage"].standing is Standing.NOT_COLLECTED
    assert figures.value("specialist_fte") == 2
    assert figures.percent(measures) == 100


def test_a_state_without_rules_of_its_own_has_the_national_ones() -> None:
    policy = state_policy({})
    third = Quarter(2026, 3)
    assert (policy.due_on(third).isoformat(), policy.locks_on(third).isoformat()) == (
        "2026-10-30",
        "2026-11-14",
    )
    assert policy.sharing.peers == "suppressed"
    assert policy.stated == frozenset()


def test_a_state_sets_what_counts_as_a_competitive_job() -> None:
    policy = state_policy({"job": {"set_aside_contract_counts": True}})
    assert policy.job.set_aside_contract_counts
    assert policy.job.seasonal_counts  # still the national default
    assert any("set aside" in line for line in policy.job.words)
    assert policy.definition()["job"]["set_aside_contract_counts"] is True


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ({"due_day": 30}, "Did you mean “due_days”"),
        ({"sharing": {"threshold": 5}}, "expected 11 to 100, found 5"),
        ({"optional": ["wages"]}, "“wages” is not one of"),
        ({"reminders": [0]}, "not 0"),
        ({"job": {"minimum_days": True}}, "expected a whole number"),
    ],
)
def test_a_wrong_policy_is_answered_with_its_place(data: dict[str, object], answer: str) -> None:
    with pytest.raises(OutcomesPolicyError, match=answer):
        state_policy(data)
