"""Two payers of one service say how they share it; people ask and answer about a cell."""

from datetime import date
from uuid import uuid4

import pytest

from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from funding.actions import cells, linking, notes
from funding.coverage import Limits, gaps
from funding.dashboards.plan import read
from funding.grid import Cell, Method, Status
from funding.models import CellLink, FundingPlan, PlanCell
from tests.cast import StateCast, refused
from tests.funding.plans import column, element

pytestmark = pytest.mark.django_db
SERVICE = "Talking about how the job goes"
NOTE = "Milestones are for the job, Medicaid is for symptoms."


def paid(cast: StateCast, plan: FundingPlan, payer: str, **said: object) -> PlanCell:
    row, source = element(plan, SERVICE), column(plan, payer)
    with cast.entered("admin") as admin:
        stored = PlanCell.objects.filter(element=row, column=source).first()
        cell = Cell(Status.PAYS, Method.HOURLY, **said)  # type: ignore[arg-type]
        done = cells.fill(plan, row, source, cell=cell, version=stored.version if stored else 0, by=admin)
    done.plan, done.column = plan, source
    return done


def doubles(cast: StateCast, plan: FundingPlan) -> int:
    with cast.entered("admin"):
        found = gaps(read(plan).grid, cast.state.today(), Limits())
        return sum(gap.code == "G10" for gap in found)


def test_a_braiding_note_explains_two_payers_of_one_service(cast: StateCast, plan: FundingPlan) -> None:
    first = paid(cast, plan, "Milestone payments", service_code="A")
    second = paid(cast, plan, "State Plan 1905(a)", service_code="A")
    assert doubles(cast, plan) == 1
    with cast.entered("vr_liaison") as by:
        with refused(Unacceptable, match="the same service code"):
            linking.link(first, second, kind="braiding", note=NOTE, by=by)
        with refused(Unacceptable, match="Say what"):
            linking.link(first, second, kind="braiding", note=" ", by=by)
    second = paid(cast, plan, "State Plan 1905(a)", service_code="B")
    with cast.entered("vr_liaison") as by:
        linking.link(first, second, kind="braiding", note=NOTE, by=by)
        with refused(Unacceptable, match="already"):
            linking.link(first, second, kind="braiding", note=NOTE, by=by)
    assert doubles(cast, plan) == 0


def test_payers_that_follow_one_another_do_not_overlap(cast: StateCast, plan: FundingPlan) -> None:
    first = paid(cast, plan, "Milestone payments", valid_to=date(2027, 6, 30))
    second = paid(cast, plan, "State general funds", valid_from=date(2027, 6, 1))
    with cast.entered("vr_liaison") as by, refused(Unacceptable, match="overlap"):
        linking.link(first, second, kind="sequencing", note=NOTE, by=by)
    second = paid(cast, plan, "State general funds", valid_from=date(2027, 7, 1))
    with cast.entered("vr_liaison") as by:
        linking.link(first, second, kind="sequencing", note=NOTE, by=by)


def test_a_link_is_taken_off_by_either_of_its_keepers(cast: StateCast, plan: FundingPlan) -> None:
    first = paid(cast, plan, "Milestone payments", service_code="A")
    second = paid(cast, plan, "State Plan 1905(a)", service_code="B")
    with cast.entered("department_liaison") as by, refused(NotPermitted):
        linking.link(first, second, kind="braiding", note=NOTE, by=by)
    with cast.entered("vr_liaison") as by:
        link = linking.link(first, second, kind="braiding", note=NOTE, by=by)
    for persona in ("mh_liaison", "payer", "leader"):
        with cast.entered(persona) as by, refused(NotPermitted):
            linking.take_off(link, by=by)
    with cast.entered("department_liaison") as by:
        linking.take_off(link, by=by)
        assert not CellLink.objects.exists()


def test_a_question_waits_for_whoever_keeps_the_column(cast: StateCast, plan: FundingPlan) -> None:
    row, payer = element(plan, SERVICE), column(plan, "Milestone payments")
    key = uuid4()
    with cast.entered("mh_liaison") as by:
        asked = notes.write(row, payer, text="For how long?", is_question=True, key=key, by=by)
        again = notes.write(row, payer, text="For how long?", is_question=True, key=key, by=by)
        assert again.pk == asked.pk
        with refused(NotPermitted):
            notes.answer(asked, text="Ninety days.", by=by)
    with cast.entered("leader") as by, refused(NotPermitted):  # it is the state's plan
        notes.write(row, payer, text="For how long?", is_question=True, key=uuid4(), by=by)
    with cast.entered("vr_liaison") as by:
        with refused(Unacceptable):
            notes.answer(asked, text=" ", by=by)
        notes.answer(asked, text="Ninety days.", by=by)
        with refused(WrongStatus, match="answered already"):
            notes.answer(asked, text="A year.", by=by)
