"""The action plan: who fills it in, who only writes notes, what putting it in use asks for, and two at once."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections

from agencies import tenancy
from agencies.refusals import NotPermitted, Refusal, StaleVersion, Unacceptable, WrongStatus
from fidelity import reports
from fidelity.actions import planning
from fidelity.models import ActionPlan, PlanRow, Review
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews

FILLED = {"responsible": "The supervisor", "steps": "Meet weekly.\nWrite it down."}


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def planned(cast: StateCast, score: int = 3) -> ActionPlan:
    return plan_after(cast, reviews.issued(cast, score=score, years_ago=0))


def plan_after(cast: StateCast, review: Review) -> ActionPlan:
    with reviews.acting(cast, "admin"):
        found: ActionPlan = reports.plans().get(review=review)
        return found


def row_of(plan: ActionPlan, code: str = "ST1") -> PlanRow:
    found: PlanRow = plan.rows.get(item_code=code)
    return found


def change(
    cast: StateCast, plan: ActionPlan, by: str = "supervisor", code: str = "ST1", **values: Any
) -> PlanRow:
    with reviews.acting(cast, by) as actor:
        row = row_of(reports.plans().get(pk=plan.pk), code)
        version = values.pop("version", row.version)
        return planning.change_row(
            row, values=replace(planning.row_values(row), **values), version=version, by=actor
        )


def fill(cast: StateCast, plan: ActionPlan) -> None:
    with reviews.acting(cast, "supervisor"):
        PlanRow.objects.filter(plan=plan).update(**FILLED)


def use(cast: StateCast, plan: ActionPlan, by: str = "supervisor") -> ActionPlan:
    with reviews.acting(cast, by) as actor:
        found = reports.plans().get(pk=plan.pk)
        return planning.put_in_use(found, version=found.version, by=actor)


def test_a_plan_is_drafted_from_every_item_rated_three_or_lower(cast: StateCast) -> None:
    low = planned(cast, score=3)
    with reviews.acting(cast, "leader"):
        assert low.rows.count() == 25
        row = row_of(low)
        assert (row.rating, row.goal, row.status) == (3, 4, "not_started")
        assert row.steps
        assert row.target_on


@pytest.mark.parametrize(("field", "value"), [("steps", ""), ("responsible", ""), ("target_on", None)])
def test_a_plan_in_use_goes_on_saying_what_it_committed_to(cast: StateCast, field: str, value: Any) -> None:
    plan = planned(cast)
    fill(cast, plan)
    use(cast, plan)
    with pytest.raises(Unacceptable) as refused:
        change(cast, plan, **{field: value})
    assert refused.value.field == field


def test_a_target_that_passed_stays_and_a_new_one_lies_ahead(cast: StateCast) -> None:
    plan, today = planned(cast), cast.state.today()
    with reviews.acting(cast, "supervisor"):
        PlanRow.objects.filter(plan=plan).update(target_on=today - timedelta(days=9))
    change(cast, plan, note="Not yet.")
    with pytest.raises(Unacceptable):
        change(cast, plan, target_on=today - timedelta(days=1))
    assert change(cast, plan, target_on=today).target_on == today


def test_the_database_takes_no_row_of_one_team_in_the_plan_of_another(cast: StateCast) -> None:
    plan = planned(cast)
    with pytest.raises(IntegrityError), reviews.acting(cast, "other_leader"):
        PlanRow.objects.create(
            state=cast.state,
            plan=plan,
            team=cast.teams["south_one"],
            item_code="SV6",
            position=99,
            rating=3,
            goal=4,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_plan_follows_a_good_report_too(cast: StateCast) -> None:
    high = planned(cast, score=5)
    with reviews.acting(cast, "leader"):
        assert high.rows.count() == 0


@pytest.mark.parametrize("by", ["leader", "supervisor", "trainer", "admin"])
def test_a_draft_is_filled_in_by_the_agency_and_begun_by_the_state(cast: StateCast, by: str) -> None:
    assert change(cast, planned(cast), by=by, **FILLED).responsible == "The supervisor"


@pytest.mark.parametrize("by", ["specialist", "other_leader", "payer", "reviewer", "vr_liaison"])
def test_others_change_nothing(cast: StateCast, by: str) -> None:
    plan = planned(cast)
    with reviews.acting(cast, "leader"):
        row = row_of(reports.plans().get(pk=plan.pk))
        place = row.plan.place
    with pytest.raises(NotPermitted), reviews.acting(cast, by) as actor:
        assert place.team_id
        planning.change_row(
            row, values=replace(planning.row_values(row), note="Mine."), version=row.version, by=actor
        )


def test_a_plan_is_put_in_use_by_the_agency_when_every_row_is_complete(cast: StateCast) -> None:
    plan = planned(cast)
    with pytest.raises(Unacceptable, match="responsible person"):
        use(cast, plan)
    fill(cast, plan)
    with pytest.raises(NotPermitted):
        use(cast, plan, by="trainer")
    assert use(cast, plan, by="leader").status == "active"
    with pytest.raises(WrongStatus):
        use(cast, plan)


def test_an_empty_plan_is_not_put_in_use(cast: StateCast) -> None:
    with pytest.raises(Unacceptable, match="no rows"):
        use(cast, planned(cast, score=5))


def test_once_in_use_the_answers_are_the_agencys_alone(cast: StateCast) -> None:
    plan = planned(cast)
    fill(cast, plan)
    use(cast, plan)
    with pytest.raises(NotPermitted, match="answers of a plan are the agency's"):
        change(cast, plan, by="trainer", note="We talked about it.")
    assert change(cast, plan, by="supervisor", steps="Do it this way.").steps == "Do it this way."


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"goal": 2}, "goal"),
        ({"goal": 6}, "goal"),
        ({"note": "x" * 10_001}, "note"),
        ({"status": "done"}, "note"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    cast: StateCast, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Unacceptable) as found:
        change(cast, planned(cast), **values)
    assert found.value.field == field


def test_the_second_of_two_windows_is_told_what_is_stored(cast: StateCast) -> None:
    plan = planned(cast)
    change(cast, plan, note="Mine.")
    with pytest.raises(StaleVersion) as found:
        change(cast, plan, note="Yours.", version=1)
    assert found.value.current["note"] == "Mine."


def test_a_repeated_save_is_answered_like_the_first(cast: StateCast) -> None:
    plan = planned(cast)
    change(cast, plan, note="Mine.")
    assert change(cast, plan, note="Mine.", version=1).version == 2


def test_items_are_added_once_and_dropped(cast: StateCast) -> None:
    plan = planned(cast, score=5)
    with reviews.acting(cast, "supervisor") as actor:
        assert planning.add_row(reports.plans().get(pk=plan.pk), item_code="SV6", by=actor).goal == 5
    for code in ("SV6", "XX9"):
        with pytest.raises(Unacceptable), reviews.acting(cast, "supervisor") as actor:
            planning.add_row(reports.plans().get(pk=plan.pk), item_code=code, by=actor)
    with reviews.acting(cast, "supervisor") as actor:
        planning.drop_row(row_of(reports.plans().get(pk=plan.pk), "SV6"), by=actor)
        assert not plan.rows.exists()


def test_a_row_with_work_in_it_stays_as_dropped(cast: StateCast) -> None:
    plan = planned(cast)
    change(cast, plan, status="in_progress", note="Begun.")
    with reviews.acting(cast, "leader") as actor:
        planning.drop_row(row_of(reports.plans().get(pk=plan.pk)), by=actor)
        assert row_of(plan).status == "dropped"


def test_a_plan_is_completed_with_its_last_row_and_in_use_again_when_one_is_reopened(cast: StateCast) -> None:
    plan = planned(cast)
    fill(cast, plan)
    use(cast, plan)
    with reviews.acting(cast, "supervisor"):
        rest = PlanRow.objects.filter(plan=plan).exclude(item_code="ST1")
        rest.update(status="done", done_on=cast.state.today(), note="Done.")
    row = change(cast, plan, status="done", note="Done.")
    assert (row.done_on, plan_after(cast, plan.review).status) == (cast.state.today(), "completed")
    change(cast, plan, status="in_progress")
    assert plan_after(cast, plan.review).status == "active"


def test_a_plan_is_completed_by_dropping_what_is_left_and_opened_by_what_is_added(cast: StateCast) -> None:
    plan = planned(cast)
    with reviews.acting(cast, "supervisor"):
        ActionPlan.objects.filter(pk=plan.pk).update(status="active")
        rest = PlanRow.objects.filter(plan=plan).exclude(item_code="ST1")
        rest.update(status="done", done_on=cast.state.today(), note="Done.")
    with reviews.acting(cast, "supervisor") as by:
        planning.drop_row(row_of(reports.plans().get(pk=plan.pk)), by=by)
    assert plan_after(cast, plan.review).status == "completed"
    with reviews.acting(cast, "supervisor") as by:
        planning.add_row(reports.plans().get(pk=plan.pk), item_code="ST1", by=by)
    assert plan_after(cast, plan.review).status == "active"


def test_a_plan_whose_rows_are_all_dropped_is_not_completed(cast: StateCast) -> None:
    plan = planned(cast)
    with reviews.acting(cast, "supervisor") as by:
        PlanRow.objects.filter(plan=plan).exclude(item_code="ST1").update(status="dropped")
        ActionPlan.objects.filter(pk=plan.pk).update(status="active")
        planning.drop_row(row_of(reports.plans().get(pk=plan.pk)), by=by)
    assert plan_after(cast, plan.review).status == "active"


def test_a_row_is_overdue_only_while_it_is_open(cast: StateCast) -> None:
    today = date(2026, 11, 1)
    row = PlanRow(status="in_progress", target_on=today - timedelta(days=1))
    assert row.is_overdue(today)
    assert not PlanRow(status="done", target_on=row.target_on).is_overdue(today)
    assert not PlanRow(status="in_progress", target_on=today).is_overdue(today)


def test_two_saves_of_one_row_at_once_keep_one_and_tell_the_other(transactional_db: None) -> None:
    cast = make_cast().meridian
    plan = planned(cast)
    start, answers = threading.Barrier(2), []

    def press(note: str) -> None:
        try:
            start.wait(10)
            answers.append(change(cast, plan, note=note, version=1).note)
        except (Refusal, DatabaseError) as refusal:
            answers.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[note]) for note in ("One.", "Two.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    connections.close_all()
    assert "StaleVersion" in answers
    with tenancy.as_system(cast.state.pk):
        assert row_of(plan).version == 2
