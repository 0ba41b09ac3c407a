"""A funding plan in the browser's eyes: what each role sees of it, and what it may do there."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import tenancy
from funding.actions import cells, notes, plans
from funding.grid import Cell, Method, Status
from funding.models import FundingPlan, PlanCell, PlanColumn
from tests.cast import Cast, StateCast
from tests.funding.plans import begin, column, element

pytestmark = pytest.mark.django_db

SEES = ("admin", "trainer", "vr_liaison", "mh_liaison", "department_liaison", "payer", "leader")
WORKPLACE = "Coaching at the workplace"


def address(plan: FundingPlan, name: str, *more: object) -> str:
    return reverse(f"funding:{name}", args=[plan.state.slug, plan.public_id, *more])


@pytest.mark.parametrize("persona", SEES)
@pytest.mark.parametrize("name", ["plan-page", "plan-gaps", "version-list", "plan-history"])
def test_whoever_sees_plans_reads_every_page(
    cast: StateCast, plan: FundingPlan, persona: str, name: str
) -> None:
    answer = cast.seen_by(persona).get(address(plan, name))
    assert answer.status_code == 200
    assert str(plan) in answer.content.decode()


@pytest.mark.parametrize("persona", ["supervisor", "specialist", "stakeholder", "reviewer", "operator"])
def test_the_plan_of_the_state_is_hidden_from_others(
    cast: StateCast, plan: FundingPlan, persona: str
) -> None:
    assert cast.seen_by(persona).get(address(plan, "plan-page")).status_code == 404


def test_a_cell_nobody_filled_in_is_not_known_and_not_a_no(cast: StateCast, plan: FundingPlan) -> None:
    page = cast.seen_by("leader").get(address(plan, "plan-page")).content.decode()
    with tenancy.as_system(plan.state_id):
        assert page.count(">Not known</a>") == plan.elements.count() * plan.columns.count()


@pytest.mark.parametrize(
    ("persona", "own"),
    [
        ("vr_liaison", "Milestone payments"),
        ("mh_liaison", "State general funds"),
        ("department_liaison", "State Plan 1905(a)"),
        ("payer", "Health plan"),
    ],
)
def test_each_liaison_fills_in_its_own_column_alone(
    cast: StateCast, plan: FundingPlan, persona: str, own: str
) -> None:
    browser = cast.seen_by(persona)
    row = element(plan, WORKPLACE)
    with tenancy.as_system(plan.state_id):
        names = list(PlanColumn.objects.filter(plan=plan).values_list("name", flat=True))
    for name in names:
        target = address(plan, "column-fill", column(plan, name).pk)
        assert browser.get(target).status_code == 200
        sent = filled(browser.get(target).content.decode()) if name == own else {}
        sent |= {f"{row.pk}-status": "pays", f"{row.pk}-method": "hourly"}
        assert browser.post(target, sent).status_code == (302 if name == own else 403)
    with tenancy.as_system(plan.state_id):
        cell = PlanCell.objects.select_related("column").get(element=row)
    assert (cell.column.name, cell.status, cell.method) == (own, Status.PAYS, Method.HOURLY)


def filled(page: str) -> dict[str, str]:
    """What the form of a column sends as it stands."""
    hidden = re.findall(r'<input type="hidden" name="(\d+-version)" value="(\d+)"', page)
    number = [name.partition("-")[0] for name, _ in hidden]
    return dict(hidden) | {f"{each}-status": "unknown" for each in number}


def test_two_liaisons_of_one_department_lose_nothing(cast: StateCast, plan: FundingPlan) -> None:
    payer, row = column(plan, "Milestone payments"), element(plan, WORKPLACE)
    browser = cast.seen_by("vr_liaison")
    target = address(plan, "column-fill", payer.pk)
    sent = filled(browser.get(target).content.decode())
    with cast.entered("admin") as admin:
        cells.fill(plan, row, payer, cell=Cell(Status.NO, condition="Never on site"), version=0, by=admin)
    sent |= {f"{row.pk}-status": "partly", f"{row.pk}-condition": "Ninety days"}
    answer = browser.post(target, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Stands now: Does not pay" in page
    assert 'value="Ninety days"' in page
    again = sent | {f"{row.pk}-version": "1"}
    assert browser.post(target, again).status_code == 302
    with tenancy.as_system(plan.state_id):
        assert PlanCell.objects.get(element=row).condition == "Ninety days"


def test_the_table_asks_the_database_as_often_for_sixty_services(cast: StateCast, plan: FundingPlan) -> None:
    browser = cast.seen_by("vr_liaison")

    def asked() -> int:
        with CaptureQueriesContext(connection) as context:
            assert browser.get(address(plan, "plan-page")).status_code == 200
        return len(context)

    before = asked()
    with cast.entered("admin") as admin:
        for number in range(60 - plan.elements.count()):
            plans.save_element(plan, plans.Service("benefits", f"Counseling {number}"), by=admin)
        for number in range(12 - plan.columns.count()):
            plans.save_column(plan, plans.Source("other", f"County {number}"), by=admin)
        for row in plan.elements.all():
            for payer in plan.columns.all():
                payer.plan = plan
                cells.fill(plan, row, payer, cell=Cell(Status.PAYS, Method.HOURLY), version=0, by=admin)
    assert asked() == before
    page = browser.get(address(plan, "plan-page"))
    assert page.content.decode().count(">Pays</a>") == 60 * 12
    assert len(page.content) < 120_000


def test_nobody_of_another_state_finds_the_plan(both: Cast) -> None:
    plan = begin(both.meridian)
    for persona in SEES:
        assert both.bayou.seen_by(persona).get(address(plan, "plan-page")).status_code == 404
        elsewhere = reverse("funding:plan-page", args=[both.bayou.state.slug, plan.public_id])
        assert both.bayou.seen_by(persona).get(elsewhere).status_code == 404


def test_an_answer_that_cannot_be_saved_is_said_beside_its_question(
    cast: StateCast, plan: FundingPlan
) -> None:
    row, payer = element(plan, WORKPLACE), column(plan, "Milestone payments")
    with cast.entered("mh_liaison") as by:
        for text in ("For how long?", "For whom?"):
            asked = notes.write(row, payer, text=text, is_question=True, key=uuid4(), by=by)
    browser = cast.seen_by("vr_liaison")
    for typed in ("", "Jane Doe, 123-45-6789"):
        answer = browser.post(address(plan, "note-answer", asked.pk), {"text": typed})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert page.count("The answer was not saved") == 1
        assert page.count(f">{typed}</textarea>") == (1 if typed else 2)
