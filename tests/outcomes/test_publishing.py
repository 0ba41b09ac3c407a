"""What is shown of a whole state: worked out in the accepting transaction, and checked against the rows each night."""

from decimal import Decimal

import pandas as pd
import pytest

from agencies import tenancy
from outcomes import publishing
from outcomes.actions import deciding, entering
from outcomes.actions.entering import Cell
from outcomes.benchmarks import by_state
from outcomes.figures import Figure
from outcomes.models import CORE, Revision, StateRate
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def rate(cast: StateCast, measure: str = "employment") -> StateRate | None:
    with tenancy.as_system(cast.state.pk):
        return StateRate.objects.filter(measure=measure, quarter=quarters.last_quarter(cast)).first()


def accepted(cast: StateCast, team: str, persona: str, **values: int) -> None:
    report = quarters.expected(cast, team)
    quarters.enter(cast, report, persona, **values)
    quarters.submit(cast, report, persona)
    quarters.accept(cast, report)


def test_an_accepted_figure_is_in_the_states_rate_at_once(cast: StateCast) -> None:
    assert rate(cast) is None
    accepted(cast, "north_one", "supervisor")
    found = rate(cast)
    assert found is not None
    assert (found.numerator, found.denominator, found.teams) == (18, 40, 1)


def test_people_are_pooled_and_teams_are_weighed_alike_each_by_its_name(cast: StateCast) -> None:
    accepted(cast, "north_one", "supervisor")  # 18 of 40
    accepted(cast, "south_one", "other_supervisor", served=20, employed=12, new_enrollees=3)
    found = rate(cast)
    assert found is not None
    assert found.pooled == 0.5
    assert (found.mean, found.median) == (Decimal("0.525"), Decimal("0.525"))
    assert (found.lower_quartile, found.upper_quartile) == (Decimal("0.4875"), Decimal("0.5625"))


def test_a_team_that_did_not_collect_a_figure_is_left_out_of_both_sides(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    with cast.entered("supervisor") as by:
        for key in ("in_school", "in_education"):
            cell = Cell(Figure(why="No record is kept."), Figure(quarters.ORDINARY[key]))
            entering.save_cells(report, cells={key: cell}, by=by)
    quarters.submit(cast, report)
    quarters.accept(cast, report)
    assert rate(cast, "education") is None
    assert rate(cast) is not None


def test_the_nightly_check_finds_and_mends_a_rate_that_is_off(cast: StateCast) -> None:
    accepted(cast, "north_one", "supervisor")
    assert publishing.check(cast.state) == []
    with tenancy.as_system(cast.state.pk):
        StateRate.objects.filter(measure="employment").update(numerator=19)
        StateRate.objects.filter(measure="education").delete()
    quarter = quarters.last_quarter(cast)
    found = publishing.check(cast.state)
    assert found == [
        publishing.Difference(quarter, "education"),
        publishing.Difference(quarter, "employment"),
    ]
    assert publishing.check(cast.state) == []


def test_agencies_do_not_read_the_exact_rates_of_the_state(cast: StateCast) -> None:
    accepted(cast, "north_one", "supervisor")
    for persona in ("supervisor", "leader", "stakeholder", "payer"):
        with cast.entered(persona):
            assert not StateRate.objects.exists()


def test_a_correction_changes_the_rate_once_it_is_accepted(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    quarters.accept(cast, report)
    with cast.entered("admin") as by:
        deciding.reopen(report, reason="One person was counted twice.", by=by)
    with cast.entered("supervisor") as by:
        entering.save_cells(report, cells={"employed": Cell(Figure(17), Figure(18))}, by=by)
    quarters.submit(cast, report)
    before = rate(cast)
    assert before is not None
    assert before.numerator == 18
    quarters.accept(cast, report)
    after = rate(cast)
    assert after is not None
    assert after.numerator == 17


def test_the_database_and_the_worker_come_to_the_same_rates(cast: StateCast) -> None:
    """The rates of requests are worked out in SQL, those of comparisons by pandas: one rule, two ways."""
    accepted(cast, "north_one", "supervisor")
    accepted(cast, "north_two", "sibling_supervisor", served=31, employed=9, new_enrollees=4, job_starts=5)
    accepted(cast, "south_one", "other_supervisor", served=20, employed=12, new_enrollees=3, job_starts=8)
    with tenancy.as_system(cast.state.pk):
        stored = {row.measure: row for row in StateRate.objects.all()}
        rows = [
            {"state_id": row.state_id, "agency_id": row.team.agency_id, "team_id": row.team_id}
            | {"quarter": row.report.quarter.index}
            | {key: getattr(row, key) for key in CORE}
            for row in Revision.objects.select_related("team", "report")
        ]
    frame = pd.DataFrame(rows)
    frame["specialist_fte"] = frame["specialist_fte"].astype(float)
    expected = frame[["state_id", "agency_id", "team_id", "quarter"]]
    found = by_state(frame, expected).set_index("measure")
    for measure, row in stored.items():
        other = found.loc[measure]
        assert row.teams == other["n"]
        assert row.pooled == pytest.approx(other["weighted"])
        mine = (row.mean, row.lower_quartile, row.median, row.upper_quartile)
        theirs = (other["mean"], other["q1"], other["median"], other["q3"])
        assert [float(value) for value in mine] == pytest.approx(theirs, abs=1e-6)
    assert len(stored) == 6
