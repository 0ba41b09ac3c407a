"""What a cell takes, who fills it in, and what happens to the slower of two."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from agencies import tenancy
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from funding.actions import cells, plans
from funding.actions.cells import Quick
from funding.grid import Cell, Entry, Method, Status
from funding.models import FundingPlan, PlanCell, PlanColumn, PlanElement
from tests.cast import StateCast, refused
from tests.funding.plans import column, element

pytestmark = pytest.mark.django_db
WORKPLACE = "Coaching at the workplace"
PAID = Cell(Status.PAYS, Method.MILESTONE, entry=Entry.ENROLLED, limit_days=90)


@pytest.fixture
def row(plan: FundingPlan) -> PlanElement:
    return element(plan, WORKPLACE)


@pytest.fixture
def payer(plan: FundingPlan) -> PlanColumn:
    return column(plan, "Milestone payments")


def test_everything_a_cell_says_is_kept(
    cast: StateCast, plan: FundingPlan, row: PlanElement, payer: PlanColumn
) -> None:
    bridge = column(plan, "Grant")
    said = Cell(
        Status.PLANNED,
        Method.HOURLY,
        condition="Once the amendment is approved",
        service_code="H2023",
        evidence_url="https://example.org/amendment",
        expected_on=date(2028, 7, 1),
        bridge=bridge.pk,
    )
    with cast.entered("vr_liaison") as by:
        stored = cells.fill(plan, row, payer, cell=said, version=0, by=by)
        assert cells.as_cell(stored) == replace(said, checked_on=cast.state.today())
        assert (stored.version, stored.saved_by_id) == (1, by.person_id)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Cell(Status.PARTLY), "condition"),
        (Cell(Status.PAYS, expected_on=date(2028, 1, 1)), "status"),
        (Cell(Status.PAYS, valid_from=date(2028, 2, 1), valid_to=date(2028, 1, 1)), "valid_to"),
        (Cell(Status.PLANNED, bridge=999_999_999), "bridge"),
        (Cell(Status.PAYS, condition="x" * 501), "condition"),
        (Cell(Status.PAYS, condition="Jane Doe, 123-45-6789"), "condition"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    cast: StateCast, plan: FundingPlan, row: PlanElement, payer: PlanColumn, said: Cell, field: str
) -> None:
    with cast.entered("vr_liaison") as by:
        with refused(Unacceptable) as refusal:
            cells.fill(plan, row, payer, cell=said, version=0, by=by)
        assert refusal.value.field == field
        assert not PlanCell.objects.exists()
        cells.fill(plan, row, payer, cell=PAID, version=0, by=by)


def test_a_payer_does_not_bridge_its_own_planned_money(
    cast: StateCast, plan: FundingPlan, row: PlanElement, payer: PlanColumn
) -> None:
    with cast.entered("vr_liaison") as by, refused(Unacceptable, match="another payer"):
        cells.fill(plan, row, payer, cell=Cell(Status.PLANNED, bridge=payer.pk), version=0, by=by)


def test_the_second_of_two_is_shown_what_the_first_saved(
    cast: StateCast, plan: FundingPlan, row: PlanElement, payer: PlanColumn
) -> None:
    with cast.entered("vr_liaison") as by:
        cells.fill(plan, row, payer, cell=PAID, version=0, by=by)
    with cast.entered("admin") as by:
        for version in (0, 7):
            with refused(StaleVersion) as refusal:
                cells.fill(plan, row, payer, cell=Cell(Status.NO), version=version, by=by)
            assert (refusal.value.current["status"], refusal.value.current["version"]) == ("pays", 1)
        assert PlanCell.objects.get(element=row).status == Status.PAYS
        cells.fill(plan, row, payer, cell=Cell(Status.NO), version=1, by=by)
        assert PlanCell.objects.get(element=row).version == 2


def test_a_column_is_saved_whole_or_not_at_all(cast: StateCast, plan: FundingPlan, payer: PlanColumn) -> None:
    rows = {each.pk: Quick(Status.PAYS, Method.HOURLY, "", 0) for each in plans_elements(plan)}
    last = max(rows)
    with cast.entered("vr_liaison") as by:
        with refused(Unacceptable) as refusal:
            bad = rows | {last: Quick(Status.PARTLY, Method.HOURLY, "", 0)}
            cells.fill_column(plan, payer, rows=bad, by=by)
        assert [*refusal.value.fields] == [f"{last}-condition"]
        assert not PlanCell.objects.exists()
        assert cells.fill_column(plan, payer, rows=rows, by=by) == len(rows)
        again = {key: replace(quick, version=1) for key, quick in rows.items()}
        assert cells.fill_column(plan, payer, rows=again, by=by) == 0


def test_the_page_of_a_column_leaves_the_rest_of_a_cell_alone(
    cast: StateCast, plan: FundingPlan, row: PlanElement, payer: PlanColumn
) -> None:
    with cast.entered("vr_liaison") as by:
        cells.fill(plan, row, payer, cell=PAID, version=0, by=by)
        quick = Quick(Status.PARTLY, Method.MILESTONE, "On site only", 1)
        cells.fill_column(plan, payer, rows={row.pk: quick}, by=by)
        stored = PlanCell.objects.get(element=row)
    assert (stored.condition, stored.limit_days, stored.entry) == ("On site only", 90, Entry.ENROLLED)


def test_a_column_takes_services_of_its_own_plan_that_are_in_use(
    cast: StateCast, plan: FundingPlan, row: PlanElement, payer: PlanColumn
) -> None:
    quick = Quick(Status.PAYS, Method.MILESTONE, "", 0)
    with cast.entered("admin") as admin:
        other = plans.begin(cast.state, region="North", by=admin)
        gone = element(plan, "Work clothes")
        plans.take_out(gone, by=admin)
        strange = element(other, "Work clothes")
    with cast.entered("vr_liaison") as by:
        for each in (strange, gone):
            with refused(Unacceptable, match="one of this plan"):
                cells.fill_column(plan, payer, rows={row.pk: quick, each.pk: quick}, by=by)
        assert not PlanCell.objects.exists()


def test_nothing_is_filled_in_once_the_plan_is_closed(
    cast: StateCast, plan: FundingPlan, row: PlanElement, payer: PlanColumn
) -> None:
    with cast.entered("admin") as admin:
        plans.close(plan, by=admin)
    payer.plan = plan
    with cast.entered("vr_liaison") as by, refused(WrongStatus, match="closed"):
        cells.fill(plan, row, payer, cell=PAID, version=0, by=by)


def test_the_database_too_keeps_a_liaison_to_the_own_column(
    cast: StateCast, plan: FundingPlan, row: PlanElement
) -> None:
    """Around the action, as a mistake in it would go."""
    for name, taken in (("Milestone payments", True), ("State Plan 1905(a)", False)):
        payer = column(plan, name)
        with cast.entered("vr_liaison") as by:
            if taken:
                cells.save(plan, row.pk, payer, cells.values_of(PAID), 0, by)
                continue
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                cells.save(plan, row.pk, payer, cells.values_of(PAID), 0, by)
            tenancy.retell()
            with refused(NotPermitted):
                cells.fill(plan, row, payer, cell=PAID, version=0, by=by)


def plans_elements(plan: FundingPlan) -> list[PlanElement]:
    with tenancy.as_system(plan.state_id):
        return list(PlanElement.objects.filter(plan=plan))
