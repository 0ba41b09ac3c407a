"""Rates of teams, agencies, states and the nation: worked by hand, and true in whatever order the rows come."""

from typing import Any

import pandas as pd
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from ips_portal.quarters import Quarter
from outcomes import benchmarks
from outcomes.averages import AVERAGES, coverage, rolling_basis
from outcomes.benchmarks import (
    ROLLING_QUARTERS,
    by_agency,
    by_state,
    by_team,
    correlation,
    nation,
    penetration,
)

Q1, Q2, Q3, Q4, Q5 = (Quarter(2026, 1).index + step for step in range(5))
ZEROS = dict.fromkeys(benchmarks.CORE, 0)
COUNTS = [column for column in benchmarks.CORE if column != "specialist_fte"]


def row(team: int, quarter: int = Q1, *, agency: int = 10, state: int = 1, **figures: float | None) -> Any:
    where = {"state_id": state, "agency_id": agency, "team_id": team, "quarter": quarter}
    return where | ZEROS | {"served": 10, "specialist_fte": 1.0} | figures


def accepted(*rows: Any) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return frame.astype(dict.fromkeys(COUNTS, "Int64") | {"specialist_fte": "Float64"})


def due(*places: tuple[int, int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["state_id", "agency_id", "team_id", "quarter"])


NOBODY = due()


def figure(found: pd.DataFrame, measure: str = "employment", **where: int) -> Any:
    chosen = found[found["measure"] == measure]
    for column, value in where.items():
        chosen = chosen[chosen[column] == value]
    assert len(chosen) == 1
    return chosen.iloc[0]


FOUR = accepted(
    row(1, served=40, employed=20, in_education=4, job_starts=6, specialist_fte=2.5),
    row(2, served=20, employed=4, in_education=1, job_starts=3, specialist_fte=1.25),
    row(3, agency=11, served=10, employed=6, transitioned_working=2, transitioned_unemployed=3),
    row(
        4,
        agency=11,
        served=30,
        employed=9,
        transitioned_working=1,
        transitioned_unemployed=1,
        specialist_fte=2,
    ),
)


def test_a_states_rate_is_told_weighted_and_unweighted() -> None:
    found = figure(by_state(FOUR, due((1, 10, 5, Q1))))
    assert (found["numerator"], found["denominator"], found["weighted"]) == (39, 100, 0.39)
    assert found["mean"] == pytest.approx((0.5 + 0.2 + 0.6 + 0.3) / 4)
    assert found["median"] == pytest.approx(0.4)
    assert (found["q1"], found["q3"]) == (pytest.approx(0.275), pytest.approx(0.525))
    assert (found["n"], found["reported"], found["expected"], found["completeness"]) == (4, 4, 5, 0.8)


def test_every_average_has_words_that_say_which_it_is() -> None:
    assert set(AVERAGES) <= set(benchmarks.RESULT)
    assert len(set(AVERAGES.values())) == len(AVERAGES)


def test_what_a_figure_rests_on_is_said_in_words() -> None:
    assert coverage(22, 22, 24) == "22 of 24 teams reported"
    assert coverage(1, 2, 3) == "2 of 3 teams reported, 1 is in this figure"
    assert rolling_basis(3) == "person-quarters, 3 of 4 quarters"


@pytest.mark.parametrize(
    ("measure", "numerator", "denominator"),
    [
        ("education", 5, 100),
        ("job_starts_per_fte", 9, 6.75),
        ("end_caseload_per_fte", 93, 6.75),
        ("served_per_fte", 100, 6.75),
        ("transition", 7, 100),
        ("working_transitions", 3, 7),
        ("successful_closure", 3, 7),
    ],
)
def test_each_rate_is_its_own_sum_over_its_own_sum(
    measure: str, numerator: float, denominator: float
) -> None:
    found = figure(by_state(FOUR, NOBODY), measure)
    assert (found["numerator"], found["denominator"]) == (numerator, denominator)
    assert found["weighted"] == numerator / denominator


def test_an_agency_is_compared_by_its_own_teams() -> None:
    found = figure(by_agency(FOUR, NOBODY), agency_id=11)
    assert (found["numerator"], found["denominator"], found["n"]) == (15, 40, 2)


def test_a_teams_averages_are_all_its_own_rate() -> None:
    found = figure(by_team(FOUR, NOBODY), team_id=3)
    assert {found[average] for average in AVERAGES} == {0.6}
    assert found["n"] == 1


def test_what_was_not_collected_is_left_out_above_and_below_and_counted() -> None:
    rows = accepted(
        row(1, served=40, employed=20), row(2, served=60, employed=None), row(3, served=10, employed=5)
    )
    found = figure(by_state(rows, NOBODY))
    assert (found["numerator"], found["denominator"], found["n"]) == (25, 50, 2)
    assert (found["not_collected"], found["reported"], found["completeness"]) == (1, 3, 1)


def test_one_missing_part_of_a_sum_is_no_zero() -> None:
    rows = accepted(row(1, transitioned_working=2, transitioned_unemployed=None))
    found = figure(by_team(rows, NOBODY), "end_caseload_per_fte")
    assert pd.isna(found["numerator"])
    assert found["not_collected"] == 1


def test_nobody_to_divide_by_is_no_rate_and_is_counted() -> None:
    rows = accepted(row(1, job_starts=2, specialist_fte=0), row(2, job_starts=3, specialist_fte=1.5))
    found = figure(by_state(rows, NOBODY), "job_starts_per_fte")
    assert (found["weighted"], found["n"], found["undefined"]) == (2, 1, 1)


def test_a_quarter_without_a_report_is_a_gap_and_no_zero() -> None:
    rows = accepted(row(1, Q1, employed=5), row(1, Q3, employed=0))
    found = by_team(rows, due((1, 10, 1, Q1), (1, 10, 1, Q2), (1, 10, 1, Q3)))
    gap, zero = figure(found, quarter=Q2), figure(found, quarter=Q3)
    assert gap[["numerator", "denominator", *AVERAGES]].isna().all()
    assert (gap["n"], gap["reported"], gap["expected"], gap["completeness"]) == (0, 0, 1, 0)
    assert (zero["weighted"], zero["n"]) == (0, 1)


def test_before_anybody_has_reported_all_is_gap() -> None:
    found = by_state(FOUR.head(0), due((1, 10, 1, Q1), (1, 10, 2, Q1)), window=ROLLING_QUARTERS)
    gap = figure(found)
    assert pd.isna(gap["weighted"])
    assert (gap["n"], gap["reported"], gap["expected"], gap["quarters"]) == (0, 0, 2, 0)
    assert by_team(FOUR.head(0), NOBODY).empty


def test_a_state_without_a_known_population_has_no_penetration() -> None:
    nothing = pd.DataFrame(columns=["state_id", "quarter", "people", "source"])
    found = penetration(FOUR, NOBODY, nothing)
    assert list(found["numerator"]) == [100]
    assert found["weighted"].isna().all()


def test_rolling_uses_what_was_reported_of_four_calendar_quarters_and_says_how_many() -> None:
    rows = accepted(
        row(1, Q1, served=100, employed=100),
        row(1, Q2, served=20, employed=5),
        row(1, Q4, served=40, employed=20),
        row(1, Q5, served=40, employed=None),
    )
    found = by_team(rows, due((1, 10, 1, Q3)), window=ROLLING_QUARTERS)
    last = figure(found, quarter=Q5)
    assert (last["numerator"], last["denominator"], last["quarters"], last["window"]) == (25, 60, 2, 4)
    assert (last["reported"], last["expected"], last["not_collected"]) == (3, 4, 1)
    assert figure(found, quarter=Q1)["quarters"] == 1
    assert found["quarter"].max() == Q5


def test_a_states_rolling_quartiles_are_of_its_teams_rolling_rates() -> None:
    rows = accepted(
        row(1, Q1, served=10, employed=1),
        row(1, Q2, served=30, employed=15),
        row(2, Q2, served=10, employed=8),
    )
    found = figure(by_state(rows, NOBODY, window=ROLLING_QUARTERS), quarter=Q2)
    assert (found["weighted"], found["mean"], found["n"]) == (24 / 50, pytest.approx(0.6), 2)


def test_the_nation_is_the_states_that_share() -> None:
    rows = accepted(
        row(1, employed=5), row(2, state=2, served=30, employed=5), row(3, state=3, served=90, employed=90)
    )
    found = figure(nation(rows, NOBODY, {1, 2}))
    assert (found["numerator"], found["denominator"], found["n"], found["states"]) == (10, 40, 2, 2)


def test_a_nation_of_no_state_is_empty() -> None:
    assert nation(FOUR, NOBODY, ()).empty


def test_penetration_takes_the_population_that_held_then() -> None:
    rows = accepted(
        row(1, Q1, served=50), row(1, Q2, served=60), row(2, Q2, served=None), row(1, Q4, served=90)
    )
    eligible = pd.DataFrame(
        {"state_id": [1, 1], "quarter": [Q2, Q4], "people": [3000, 4500], "source": ["A", "B"]}
    )
    found = penetration(rows, due((1, 10, 3, Q2)), eligible).set_index("quarter")
    assert pd.isna(found.loc[Q1, "weighted"])
    assert (found.loc[Q2, "weighted"], found.loc[Q4, "weighted"]) == (0.02, 0.02)
    assert (found.loc[Q2, "n"], found.loc[Q2, "reported"], found.loc[Q2, "expected"]) == (1, 2, 3)
    assert list(found["source"])[1:] == ["A", "B"]


def test_success_of_vocational_rehabilitation_is_there_where_it_is_collected() -> None:
    assert "vr_success" not in set(by_state(FOUR, NOBODY)["measure"])
    found = figure(by_state(FOUR.assign(closed_successful_vr=1, vr_closures=2), NOBODY), "vr_success")
    assert (found["numerator"], found["denominator"]) == (4, 8)


def test_a_frame_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match="lack employed"):
        by_state(FOUR.drop(columns="employed"), NOBODY)
    with pytest.raises(ValueError, match="two accepted reports"):
        by_state(pd.concat([FOUR, FOUR]), NOBODY)


def test_an_association_of_few_teams_is_not_told() -> None:
    totals = [float(total) for total in range(80, 90)]
    pairs = pd.DataFrame({"fidelity_total": totals, "employment_rate": [total / 200 for total in totals]})
    assert correlation(pairs).r == pytest.approx(1)
    assert correlation(pairs.head(9)) == benchmarks.Association(None, 9)
    assert correlation(pairs.assign(employment_rate=0.4)) == benchmarks.Association(None, 10)
    assert correlation(pairs.assign(employment_rate=[None, *pairs["employment_rate"][1:]])).n == 9


@st.composite
def states(draw: st.DrawFn) -> list[Any]:
    """Reports of up to six teams over six quarters, with gaps, zeros and figures that were not collected."""
    places = draw(st.sets(st.tuples(st.integers(1, 6), st.integers(Q1, Q1 + 5)), min_size=1, max_size=20))
    found = []
    for team, quarter in sorted(places):
        served = draw(st.none() | st.integers(0, 200))
        employed = draw(st.none() | st.integers(0, served or 0))
        fte = draw(st.none() | st.integers(0, 900))
        figures = {"employed": employed, "specialist_fte": None if fte is None else fte / 100}
        found.append(row(team, quarter, agency=team % 2, state=team % 3, served=served, **figures))
    return found


@settings(deadline=None, max_examples=40)
@given(states(), st.randoms(use_true_random=False), st.sampled_from([1, ROLLING_QUARTERS]))
def test_the_order_of_the_rows_does_not_matter(rows: list[Any], chance: Any, window: int) -> None:
    first = by_state(accepted(*rows), NOBODY, window=window)
    chance.shuffle(rows)
    pd.testing.assert_frame_equal(first, by_state(accepted(*rows), NOBODY, window=window), check_exact=True)


@settings(deadline=None, max_examples=40)
@given(states())
def test_weighted_is_sum_over_sum_and_no_quartile_leaves_the_range(rows: list[Any]) -> None:
    found = by_state(accepted(*rows), NOBODY).set_index(["measure", "state_id", "quarter"])
    for state, quarter in {(row["state_id"], row["quarter"]) for row in rows}:
        mine = [row for row in rows if (row["state_id"], row["quarter"]) == (state, quarter)]
        used = [
            (row["employed"], row["served"]) for row in mine if row["employed"] is not None and row["served"]
        ]
        one = found.loc[("employment", state, quarter)]
        assert one["n"] == len(used)
        if used:
            assert one["weighted"] == sum(above for above, _ in used) / sum(below for _, below in used)
            rates = sorted(above / below for above, below in used)
            assert rates[0] <= one["q1"] <= one["median"] <= one["q3"] <= rates[-1]
            assert rates[0] <= one["mean"] <= rates[-1]
        else:
            assert one[["numerator", *AVERAGES]].isna().all()


IN_SQL = """
WITH rate AS (
    SELECT above, below, above::float8 / below::float8 AS own
    FROM unnest(%s::int[], %s::numeric[]) AS figures (above, below)
    WHERE above IS NOT NULL AND below > 0
)
SELECT
    sum(above)::float8 / sum(below)::float8,
    percentile_cont(0.25) WITHIN GROUP (ORDER BY own),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY own),
    percentile_cont(0.75) WITHIN GROUP (ORDER BY own),
    avg(own)
FROM rate
"""


@pytest.mark.django_db
@pytest.mark.parametrize("count", range(1, 13))
def test_the_database_says_the_same_to_the_last_digit(count: int) -> None:
    starts = [1, 2, 5, 11, None, 4, 20, 0, 7, 3, 6, 13][:count]
    ftes = [0.1, 0.2, 0.7, 1.35, 2.0, 1.15, 3.3, 0.9, 0.0, 2.45, 1.05, 4.4][:count]
    rows = [
        row(team, job_starts=above, specialist_fte=below)
        for team, (above, below) in enumerate(zip(starts, ftes, strict=True))
    ]
    found = figure(by_state(accepted(*rows), NOBODY), "job_starts_per_fte")
    with connection.cursor() as cursor:
        cursor.execute(IN_SQL, [starts, [str(fte) for fte in ftes]])
        *exact, mean = cursor.fetchone()
    assert [found[average] for average in ("weighted", "q1", "median", "q3")] == exact
    assert found["mean"] == pytest.approx(mean, rel=1e-14)  # the database adds up in the order of its rows
